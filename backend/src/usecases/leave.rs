//! A member leaves for good, and stays away when an old copy of the database is put back.

mod journal;

use std::path::Path;

use chrono::{DateTime, Utc};
use domain::LedgerId;
use domain::introduction::{IntroductionEvent, VoidCause};
use store::changes::Changed;
use store::erasures::{self, Erased};
use store::members::Member;
use store::{Conn, Db, StoreError};

use super::end_introduction::void_of_member;
use crate::app::{App, blocking};
use crate::error::AppError;
use crate::random;
use journal::Journal;

/// Erases the member with everything that hangs on them: contact, profile, permissions, alerts, matches, queued mail,
/// sessions, and the entries of the ledger, of which the leaves stay and say nothing. Companies with a live introduction
/// are told to delete what they read. Then the traces in the database's own log are wiped, and the ids go into the
/// journal.
///
/// # Errors
/// Database errors only.
pub async fn leave(app: &App, member: Member) -> Result<(), AppError> {
    app.write(move |conn, app| {
        void_of_member(conn, app, &member.id, VoidCause::MemberLeft)?;
        erase(conn, &member, app.now())
    })
    .await?;
    let node = app.clone();
    let finished = blocking(move || finish_erasures(&node.db, &node.config.data_dir, node.now())).await;
    if let Err(error) = finished {
        // The commit stands, and its row says what is left to do at the next tidy-up or start.
        tracing::warn!(code = error.code(), cause = ?error, "the traces of an erasure are wiped later");
    }
    Ok(())
}

fn erase(conn: &mut Conn, member: &Member, now: DateTime<Utc>) -> Result<(), AppError> {
    store::changes::append(conn, &Changed::MemberGone(member.number), now)?;
    store::accounts::delete(conn, &member.account)?;
    store::ledger::erase(conn, &member.id, now)?;
    let erased = Erased { account: member.account.clone(), member: member.id.clone(), at: now };
    Ok(erasures::record(conn, &erased)?)
}

/// Writes erasures that the journal does not have yet into it, and wipes what the database's own log still holds of
/// them. Does nothing when there is nothing to do; may be repeated.
///
/// # Errors
/// Database errors, and when the journal cannot be written.
pub fn finish_erasures(db: &Db, data_dir: &Path, now: DateTime<Utc>) -> Result<(), AppError> {
    let (all, unwiped) = db.read::<_, StoreError>(|conn| Ok((erasures::all(conn)?, erasures::any_unwiped(conn)?)))?;
    if !all.is_empty() {
        Journal::of(data_dir).add(&all).map_err(AppError::internal)?;
    }
    if unwiped && db.read(erasures::truncate_log)? {
        db.write(|conn| erasures::mark_wiped(conn, now))?;
    }
    Ok(())
}

/// Erases again whoever the journal says has left and the database has: it is an old copy that was put back. Before
/// anything else sees them. Nobody is told a second time.
///
/// # Errors
/// Database errors, and when the journal or a stale index cannot be used.
pub fn replay_erasures(db: &Db, data_dir: &Path, now: DateTime<Utc>) -> Result<(), AppError> {
    let known = db.read(erasures::all)?;
    let journal = Journal::of(data_dir).read().map_err(AppError::internal)?;
    let mut revived = 0_usize;
    for erased in journal.into_iter().filter(|e| known.iter().all(|k| k.account != e.account)) {
        revived += usize::from(db.write(|conn| erase_again(conn, &erased, now))?);
    }
    if revived > 0 {
        tracing::warn!(accounts = revived, "an older copy of the database was put back; who had left is erased again");
        // An index that is ahead of an older database would not hear of what is written from now on.
        let index = data_dir.join("search_index");
        if index.exists() {
            std::fs::remove_dir_all(index).map_err(AppError::internal)?;
        }
    }
    finish_erasures(db, data_dir, now)
}

/// `true` when the account was there.
fn erase_again(conn: &mut Conn, erased: &Erased, now: DateTime<Utc>) -> Result<bool, AppError> {
    let member = match store::members::by_account(conn, &erased.account) {
        Err(StoreError::NotFound) => {
            erasures::record(conn, erased)?;
            return Ok(false);
        }
        found => found?,
    };
    for of in store::introductions::of_member(conn, &member.id)? {
        let id = random::id(LedgerId::from_uuid);
        store::introductions::end(conn, &of, IntroductionEvent::Void(VoidCause::MemberLeft), id, now)?;
    }
    erase(conn, &member, now)?;
    Ok(true)
}
