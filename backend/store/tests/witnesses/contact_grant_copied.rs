//! A copy would be a second look that the ledger does not know of.

use store::contacts::ContactGrant;

fn copy<'tx>(grant: &ContactGrant<'tx>) -> ContactGrant<'tx> {
    ContactGrant::clone(grant)
}

fn main() {}
