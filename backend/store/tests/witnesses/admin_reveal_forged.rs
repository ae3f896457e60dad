//! An admin's look without permission, reason and line in the ledger.

use domain::AccountId;
use store::Conn;
use store::contacts::AdminReveal;

fn forge(conn: &mut Conn, account: AccountId) -> AdminReveal<'_> {
    AdminReveal { conn, account }
}

fn main() {}
