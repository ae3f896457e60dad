//! A grant made by hand, without an introduction and without a line in the ledger.

use domain::{AccountId, IntroductionId};
use store::Conn;
use store::contacts::ContactGrant;

fn forge(conn: &mut Conn, introduction: IntroductionId, account: AccountId) -> ContactGrant<'_> {
    ContactGrant { conn, introduction, account, fields: Vec::new() }
}

fn main() {}
