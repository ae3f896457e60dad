//! A grant that is kept until after its transaction.

use store::contacts::ContactGrant;
use store::{Conn, Db, StoreError};

fn redeem(_: &mut Conn) -> Result<ContactGrant<'_>, StoreError> {
    Err(StoreError::NotFound)
}

fn outlive(db: &Db) -> Result<ContactGrant<'static>, StoreError> {
    db.write(|conn| redeem(conn))
}

fn main() {}
