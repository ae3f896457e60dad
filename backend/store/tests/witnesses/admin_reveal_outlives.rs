//! An admin's look that is kept until after its transaction.

use chrono::{DateTime, Utc};
use store::admins::{Look, Wish, look};
use store::contacts::AdminReveal;
use store::{Db, StoreError};

fn outlive(db: &Db, mut wish: impl FnMut() -> Look<'static>, now: DateTime<Utc>) -> Result<AdminReveal<'static>, StoreError> {
    db.write(|conn| match look(conn, wish(), now)? {
        Wish::Noted(witness) => Ok(witness),
        Wish::NotGiven | Wish::NotAllowed => Err(StoreError::NotFound),
    })
}

fn main() {}
