//! What changed since the indexes were last written, read from the change log.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::MemberId;
use domain::alert::Wish;
use search_index::{AlertChange, OpeningChange, ProfileChange, ProfileDoc};
use store::alerts::Alert;
use store::changes::Changed;
use store::{Conn, StoreError};

use super::document::document;
use super::{may_be_matched, may_be_told};
use crate::error::AppError;

/// How many changes go into one commit.
const BATCH: i64 = 1000;

/// Changes as the indexes take them.
#[derive(Default)]
pub(super) struct Batch {
    /// The place in the log this reaches to.
    pub(super) seq: i64,
    pub(super) profiles: Vec<ProfileChange>,
    pub(super) openings: Vec<OpeningChange>,
    pub(super) alerts: Vec<AlertChange>,
    /// Members who left: nothing of them may stay in any file.
    pub(super) erased: Vec<u32>,
}

/// The next changes after a place in the log; nothing when there are none.
pub(super) fn next_batch(conn: &mut Conn, after: i64, now: DateTime<Utc>) -> Result<Option<Batch>, AppError> {
    let changes = store::changes::after(conn, after, BATCH)?;
    let Some(last) = changes.last() else { return Ok(None) };
    let mut batch = Batch { seq: last.seq, ..Batch::default() };
    // Only the state now counts, so each thing is read once, however often it changed.
    let rules = store::facts::rulebook(conn)?;
    let mut seen = HashSet::new();
    let mut members: Vec<MemberId> = Vec::new();
    for change in changes {
        match change.what {
            Changed::Member(id) => {
                if seen.insert(id.as_str().to_owned()) {
                    members.push(id);
                }
            }
            Changed::Opening(id) if seen.insert(id.as_str().to_owned()) => match store::openings::find(conn, &id) {
                Ok(opening) => batch.openings.push(OpeningChange::Put(Box::new(document(&rules, &opening, now)))),
                Err(StoreError::NotFound) => batch.openings.push(OpeningChange::Delete { id: id.as_str().to_owned() }),
                Err(error) => return Err(error.into()),
            },
            Changed::Opening(_) => {}
            Changed::MemberGone(number) => batch.erased.extend(u32::try_from(number).ok()),
        }
    }
    batch.add_members(conn, &members)?;
    for pid in &batch.erased {
        batch.profiles.push(ProfileChange::Delete { pid: *pid });
        batch.alerts.push(AlertChange::Delete { pid: *pid });
    }
    Ok(Some(batch))
}

impl Batch {
    /// Those who left have no row any more; their own entry names them.
    fn add_members(&mut self, conn: &mut Conn, ids: &[MemberId]) -> Result<(), AppError> {
        let members = store::members::by_ids(conn, ids)?;
        let candidates = store::profiles::candidates(conn, &members)?;
        let mut wishes = store::alerts::of_members(conn, ids)?;
        for (member, who) in members.iter().zip(&candidates) {
            let Ok(pid) = u32::try_from(member.number) else { continue };
            self.profiles.push(if may_be_matched(member) {
                ProfileChange::Put { pid, doc: Box::new(ProfileDoc::of(who)) }
            } else {
                ProfileChange::Delete { pid }
            });
            self.alerts.push(if may_be_told(member) {
                AlertChange::Put { pid, wishes: in_force(wishes.remove(&member.id).unwrap_or_default()) }
            } else {
                AlertChange::Delete { pid }
            });
        }
        Ok(())
    }
}

/// What the alerts ask that are not paused.
pub(super) fn in_force(alerts: Vec<Alert>) -> Vec<Wish> {
    alerts.into_iter().filter(|alert| !alert.paused).map(|alert| alert.wish).collect()
}

/// The numbers of those who left after a place in the change log.
pub(super) fn erased(conn: &mut Conn, after: i64) -> Result<Vec<u32>, AppError> {
    let numbers = store::changes::members_gone(conn, after)?;
    Ok(numbers.into_iter().filter_map(|number| u32::try_from(number).ok()).collect())
}

/// Members among the changes after a place in the log who may not be matched any more, each with its place there;
/// and the place the reading reached.
pub(super) fn revoked(conn: &mut Conn, after: i64) -> Result<(Vec<(u32, i64)>, i64), AppError> {
    let changes = store::changes::after(conn, after, BATCH)?;
    let reached = changes.last().map_or(after, |last| last.seq);
    let mut revoked = Vec::new();
    let mut ids = Vec::new();
    for change in &changes {
        match &change.what {
            Changed::Member(id) => ids.push(id.clone()),
            Changed::MemberGone(number) => revoked.extend(u32::try_from(*number).ok().map(|pid| (pid, change.seq))),
            Changed::Opening(_) => {}
        }
    }
    if ids.is_empty() {
        return Ok((revoked, reached));
    }
    let members = store::members::by_ids(conn, &ids)?;
    let gone = members.iter().filter(|member| !may_be_matched(member));
    revoked.extend(gone.filter_map(|member| Some((u32::try_from(member.number).ok()?, reached))));
    Ok((revoked, reached))
}
