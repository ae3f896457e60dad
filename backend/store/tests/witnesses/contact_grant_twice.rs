//! One look, two disclosures.

use store::contacts::{ContactGrant, disclose};
use store::{StoreError, Vault};

fn twice(vault: &Vault, grant: ContactGrant<'_>) -> Result<(), StoreError> {
    disclose(vault, grant)?;
    disclose(vault, grant)?;
    Ok(())
}

fn main() {}
