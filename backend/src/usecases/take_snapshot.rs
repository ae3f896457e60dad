//! Once a month: how many physicians may be counted where, told as bands.

use domain::reach::{MEMBER_FOR, PERIOD, Tally};
use store::StoreError;
use store::reach::Snapshot;

use crate::app::{App, blocking};
use crate::error::AppError;

/// Members read at once.
const PAGE: i64 = 500;

/// Takes the next snapshot when it is due: at once when there is none, else a period after the last. Counts live in
/// memory for the time of this call; what is stored and shown are bands of noised counts.
///
/// # Errors
/// Database errors only.
pub async fn take_snapshot(app: &App) -> Result<(), AppError> {
    let node = app.clone();
    blocking(move || {
        let now = node.now();
        let last = node.db.read::<_, AppError>(|conn| Ok(store::reach::latest(conn)?))?;
        if last.is_some_and(|last| now < last.taken_at + PERIOD) {
            return Ok(());
        }
        let tally = count(&node, now)?;
        let number = last.map_or(1, |last| last.number + 1);
        // The moment is part of the name: a snapshot taken again after an old backup was restored must not repeat the
        // noise over other counts.
        let name = format!("{number}@{}", now.timestamp_micros());
        let published = tally.publish(|of| node.vault.noise_seed(&name, of));
        let snapshot = Snapshot { number, lattice: published.lattice, taken_at: now };
        match node.db.write(|conn| store::reach::put(conn, &snapshot, &published.bands)) {
            // Another node was faster, and its snapshot is as good.
            Ok(()) | Err(StoreError::Taken) => Ok(()),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

fn count(app: &App, now: chrono::DateTime<chrono::Utc>) -> Result<Tally, AppError> {
    app.db.read(|conn| {
        let (mut tally, mut after) = (Tally::default(), 0);
        while let Some((last, page)) = store::reach::countable(conn, after, now - MEMBER_FOR, PAGE)? {
            page.iter().for_each(|who| tally.add(&who.profile));
            after = last;
        }
        Ok(tally)
    })
}
