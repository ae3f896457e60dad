//! An address for a mail that passed no gate, made out of the passing of another one.

use domain::AccountId;
use store::Conn;
use store::contacts::DeliveryGrant;

fn forge<'tx>(conn: &'tx mut Conn, account: AccountId, other: DeliveryGrant<'tx>) -> DeliveryGrant<'tx> {
    DeliveryGrant { conn, account, ..other }
}

fn main() {}
