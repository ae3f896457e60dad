//! What is due by time alone. Reads judge time themselves, so a late tidy never shows what is over; it only makes
//! the rows, the ledger and the index say the same.

use chrono::{DateTime, Duration, Utc};
use domain::introduction::{IntroductionEvent, VoidCause};

use super::ask_again::ask_again;
use super::change_email::forget_old;
use super::end_introduction::{end, void_of_opening};
use super::leave::finish_erasures;
use super::take_snapshot::take_snapshot;
use crate::app::{App, blocking};
use crate::error::AppError;

/// Key under which the last run is remembered.
const LAST: &str = "tidied_at";
/// How far back the first run looks.
const FIRST_LOOK: Duration = Duration::days(30);
/// How long jobs that are done are kept.
const KEEP_JOBS: Duration = Duration::days(7);

/// How long it is known which periods have their digest: longer than any clock is set back.
const KEEP_PERIODS: Duration = Duration::days(60);

/// How long counts of acts are kept: longer than any window is.
const KEEP_COUNTS: Duration = Duration::days(2);

/// Expires introductions, voids those of openings that lapsed, takes those openings out of the index, asks who is silent
/// whether alerts are still wanted, ends pauses, forgets invitations nobody took up, old jobs, tokens, addresses, counts and keys of requests, and takes
/// the month's snapshot of the reach bands.
///
/// # Errors
/// Database or index errors.
pub async fn tidy(app: &App) -> Result<(), AppError> {
    let now = app.now();
    let node = app.clone();
    let lapsed = blocking(move || {
        node.db.write::<_, AppError>(|conn| {
            let app = &node;
            for of in store::introductions::run_out(conn, now)? {
                end(conn, app, &of, IntroductionEvent::Expire)?;
            }
            let from = store::facts::remembered(conn, LAST)?
                .and_then(|t| t.parse::<DateTime<Utc>>().ok())
                .unwrap_or(now - FIRST_LOOK);
            let lapsed = store::openings::lapsed_between(conn, from, now)?;
            for opening in &lapsed {
                void_of_opening(conn, app, &opening.id, VoidCause::OpeningExpired)?;
            }
            ask_again(conn, app)?;
            store::alerts::end_pauses(conn, now)?;
            store::alerts::take_back_expired(conn, now)?;
            store::digests::forget(conn, now - KEEP_PERIODS)?;
            store::mail_tokens::forget(conn, now)?;
            forget_old(conn, app, now)?;
            store::seat_invitations::forget(conn, now)?;
            store::jobs::forget_done(conn, now - KEEP_JOBS)?;
            store::limits::forget(conn, now - KEEP_COUNTS)?;
            store::outbox::forget_events(conn, now - store::outbox::EVENTS_KEPT)?;
            store::suppressions::forget(conn, now - store::suppressions::STRIKES_KEPT)?;
            store::request_keys::forget(conn, now - store::request_keys::KEPT)?;
            store::facts::remember(conn, LAST, &now.to_rfc3339())?;
            Ok(lapsed)
        })
    })
    .await?;
    let node = app.clone();
    let gone = lapsed.into_iter().map(|o| o.id.as_str().to_owned()).collect();
    blocking(move || node.index.drop_openings(gone)).await?;
    let node = app.clone();
    blocking(move || finish_erasures(&node.db, &node.config.data_dir, now)).await?;
    take_snapshot(app).await
}
