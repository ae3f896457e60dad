//! A grant that is used when its connection is gone.

use store::contacts::{ContactGrant, disclose};
use store::{Conn, StoreError, Vault};

fn redeem(_: &mut Conn) -> Result<ContactGrant<'_>, StoreError> {
    Err(StoreError::NotFound)
}

fn outlive(vault: &Vault, open: fn() -> Conn) -> Result<(), StoreError> {
    let grant = {
        let mut conn = open();
        redeem(&mut conn)?
    };
    disclose(vault, grant)?;
    Ok(())
}

fn main() {}
