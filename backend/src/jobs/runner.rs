//! The runner: keeps the index up with the change log, does due jobs, and tidies by time.

use std::time::Duration as Wait;

use store::jobs::Job as Row;
use tokio_util::sync::CancellationToken;

use super::{Job, Work};
use crate::app::{App, blocking};
use crate::error::AppError;
use crate::usecases;

/// Jobs claimed at once.
const CLAIM: i32 = 10;
/// Attempts before a job is given up for an admin to see.
const ATTEMPTS: i32 = 8;
/// Without a wake the database is asked this often: another node may have added work.
const POLL: Wait = Wait::from_secs(1);

/// Runs until stopped; the job in hand is finished first.
pub async fn run(app: App, stop: CancellationToken) {
    let owner = format!("jobs-{}", crate::random::id(|id| id.to_string()));
    let mut ear = app.pulse.ear();
    let mut is_first = true;
    while !stop.is_cancelled() {
        let worked = match pass(&app, &owner, &mut is_first).await {
            Ok(worked) => worked,
            Err(error) => {
                tracing::error!(code = error.code(), cause = ?error, "the job runner failed; it tries again");
                false
            }
        };
        app.pulse.passed();
        if !worked {
            tokio::select! {
                () = stop.cancelled() => {}
                () = ear.woken() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

/// One pass; `true` when there was anything to do.
async fn pass(app: &App, owner: &str, is_first: &mut bool) -> Result<bool, AppError> {
    let now = app.now();
    if app.pulse.is_tidy_due(now) {
        usecases::tidy(app).await?;
        watch_ledger(app, *is_first).await;
        *is_first = false;
        app.pulse.tidied_at(now);
    }
    let (owner, claimer, node) = (owner.to_owned(), owner.to_owned(), owner.to_owned());
    // Not through `App::write`: a claim that finds nothing must not wake the others.
    let quiet = app.clone();
    let rows = blocking(move || {
        let now = quiet.now();
        if quiet.db.read::<_, AppError>(|conn| Ok(store::jobs::open_and_dead(conn, now)?.0))? == 0 {
            return Ok(Vec::new());
        }
        quiet.db.write::<_, AppError>(|conn| Ok(store::jobs::claim(conn, &claimer, CLAIM, now)?))
    })
    .await?;
    let made = usecases::make_digests(app, &node).await?;
    // After the claim, so that the index knows all that was committed before any of these jobs was written.
    let mut worked = catch_up(app).await? || made;
    for row in rows {
        worked = true;
        one(app, &owner, row).await?;
    }
    Ok(worked)
}

/// Keeps a checkpoint when the ledger grew; at the start every one kept is compared first. The work goes on without: a
/// full disk must not hold mails back.
async fn watch_ledger(app: &App, first: bool) {
    let compared = if first { usecases::compare_checkpoints(app).await } else { Ok(()) };
    let kept = usecases::keep_checkpoint(app).await;
    for error in [compared, kept].into_iter().filter_map(Result::err) {
        tracing::error!(code = error.code(), cause = ?error, "the ledger could not be compared or signed");
    }
}

async fn catch_up(app: &App) -> Result<bool, AppError> {
    let mut any = false;
    loop {
        let node = app.clone();
        if !blocking(move || node.index.catch_up(&node.db, node.now())).await? {
            return Ok(any);
        }
        any = true;
    }
}

/// Does one job. A short one is one transaction with its mark as done, a long one several that may be repeated, so a
/// crash in between repeats nothing or nothing that counts.
async fn one(app: &App, owner: &str, row: Row) -> Result<(), AppError> {
    let id = row.id;
    let (kind, attempts) = (row.kind.clone(), row.attempts);
    let done = carry_out(app, owner, row).await;
    let outcome = if done.is_ok() { "done" } else { "failed" };
    metrics::counter!("rosterline_jobs_total", "kind" => kind.clone(), "outcome" => outcome).increment(1);
    let Err(error) = done else { return Ok(()) };
    tracing::warn!(job = id, kind, attempts, code = error.code(), cause = ?error, "a job failed");
    app.write(move |conn, app| {
        let again = (attempts < ATTEMPTS).then(|| app.now() + domain::mail::backoff(attempts));
        Ok(store::jobs::failed(conn, id, error.code(), again, app.now())?)
    })
    .await
}

async fn carry_out(app: &App, owner: &str, row: Row) -> Result<(), AppError> {
    let job: Job = serde_json::from_str(&row.payload).map_err(AppError::internal)?;
    let work = Work::new(row.id, owner);
    match job {
        Job::MatchOpening { opening } => {
            usecases::match_opening(app, &opening, &work).await?;
            app.write(move |conn, app| work.done(conn, app.now())).await
        }
        Job::SendOutreach { outreach } => {
            usecases::send_outreach(app, &outreach, &work).await?;
            app.write(move |conn, app| work.done(conn, app.now())).await
        }
        Job::MatchMember { member } => {
            app.write(move |conn, app| {
                usecases::match_member(conn, app, &member)?;
                work.done(conn, app.now())
            })
            .await
        }
        Job::MailLink { to, next } => {
            app.write(move |conn, app| {
                usecases::mail_link(conn, app, &to, next.as_deref())?;
                work.done(conn, app.now())
            })
            .await
        }
    }
}
