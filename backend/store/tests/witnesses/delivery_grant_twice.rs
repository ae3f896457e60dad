//! One passing, two mails.

use store::contacts::{DeliveryGrant, address};
use store::{StoreError, Vault};

fn twice(vault: &Vault, grant: DeliveryGrant<'_>) -> Result<(), StoreError> {
    address(vault, grant)?;
    address(vault, grant)?;
    Ok(())
}

fn main() {}
