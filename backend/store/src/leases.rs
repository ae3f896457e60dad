//! What one node does for all: whoever has the lease.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::schema::leases as l;
use crate::time::at;
use crate::{Conn, StoreError};

/// Takes or renews a lease that the migrations made; `false` while another owner has it.
///
/// # Errors
/// Database errors only.
pub fn take(
    conn: &mut Conn,
    name: &str,
    owner: &str,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    // Of two nodes that write this at once, the second waits for the first and then finds the lease taken.
    let free = l::owner.eq(owner).or(l::until.le(at(now)));
    let mine = diesel::update(l::table.filter(l::name.eq(name).and(free)))
        .set((l::owner.eq(owner), l::until.eq(at(until))))
        .execute(conn)?;
    Ok(mine == 1)
}
