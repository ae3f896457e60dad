//! A passing that is kept for a mail after its transaction.

use store::contacts::DeliveryGrant;
use store::outbox::{Claimed, pass_gate};
use store::{Db, StoreError};

fn outlive(db: &Db, mail: &Claimed) -> Result<Option<DeliveryGrant<'static>>, StoreError> {
    db.write(|conn| pass_gate(conn, mail))
}

fn main() {}
