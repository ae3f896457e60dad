//! One look of an admin, two reveals.

use store::contacts::{AdminReveal, reveal};
use store::{StoreError, Vault};

fn twice(vault: &Vault, witness: AdminReveal<'_>) -> Result<(), StoreError> {
    reveal(vault, witness)?;
    reveal(vault, witness)?;
    Ok(())
}

fn main() {}
