//! An address for a mail that passed no gate.

use domain::AccountId;
use store::Conn;
use store::contacts::DeliveryGrant;

fn forge(conn: &mut Conn, account: AccountId) -> DeliveryGrant<'_> {
    DeliveryGrant { conn, account }
}

fn main() {}
