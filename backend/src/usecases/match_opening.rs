//! Finds who fits an opening that was just approved: the index proposes, the check decides, the rows are read again.

use std::collections::HashSet;
use std::sync::Arc;

use domain::alert::Cause;
use domain::candidate::Candidate;
use domain::certification::Rulebook;
use domain::eligibility::{Verdict, check, whole_miles};
use domain::matching::{MatchState, ReviewPolicy};
use domain::score::score;
use domain::{MatchId, OpeningId};
use search_index::{Arrival, Ask};
use store::matches::Match;
use store::members::Member;
use store::openings::Opening;
use store::{Conn, StoreError};

use super::tell_member::tell_member;
use crate::app::App;
use crate::error::AppError;
use crate::index::may_be_matched;
use crate::jobs::Work;
use crate::random;

/// Members who are read, judged and told in one transaction.
const CHUNK: usize = 500;

/// Writes a match for everyone who fits, in the state the review policy says, and an alert for those released who
/// asked for one. Runs as a job, some hundred members in a transaction, so that others are never kept waiting for
/// long; a second run finds every match there and changes nothing.
///
/// # Errors
/// Database or index errors; an opening that is gone or not live any more is no error.
pub async fn match_opening(app: &App, id: &OpeningId, work: &Work) -> Result<(), AppError> {
    let of = id.clone();
    let found = app
        .read(move |conn, app| {
            let Some(opening) = live_opening(conn, app, &of)? else { return Ok(None) };
            let rules = store::facts::rulebook(conn)?;
            let ask = Ask::of(&rules, &opening.offer(), app.now());
            let mut pids = app.index.profiles().eligible(&ask)?;
            pids.sort_unstable();
            let arrival = Arrival::of(&opening.terms, &opening.company_name);
            let fired: HashSet<i64> = app.index.alerts().fires(&arrival).into_iter().map(i64::from).collect();
            Ok(Some((opening.revision, pids, Arc::new(fired))))
        })
        .await?;
    let Some((revision, pids, fired)) = found else { return Ok(()) };
    for part in pids.chunks(CHUNK) {
        let (id, work, fired) = (id.clone(), work.clone(), Arc::clone(&fired));
        let numbers: Vec<i64> = part.iter().map(|pid| i64::from(*pid)).collect();
        let go_on = app
            .write(move |conn, app| {
                work.still_mine(conn, app.now())?;
                match live_opening(conn, app, &id)? {
                    Some(opening) if opening.revision == revision => {
                        match_members(conn, app, &opening, &numbers, &fired)
                    }
                    _ => Ok(false),
                }
            })
            .await?;
        if !go_on {
            break;
        }
    }
    Ok(())
}

fn live_opening(conn: &mut Conn, app: &App, id: &OpeningId) -> Result<Option<Opening>, AppError> {
    match store::openings::find(conn, id) {
        Ok(opening) if opening.liveness.is_live(app.now()) => Ok(Some(opening)),
        Ok(_) | Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Judges these members by their rows; always true.
fn match_members(
    conn: &mut Conn,
    app: &App,
    opening: &Opening,
    numbers: &[i64],
    fired: &HashSet<i64>,
) -> Result<bool, AppError> {
    let rules = store::facts::rulebook(conn)?;
    let state = first_state(conn, app, opening)?;
    let members = store::members::by_numbers(conn, numbers)?;
    let candidates = store::profiles::candidates(conn, &members)?;
    for (member, who) in members.iter().zip(&candidates) {
        // The switch may have gone off since the index was read.
        if !may_be_matched(member) {
            continue;
        }
        let is_new = judge(conn, app, &rules, opening, member, who, state)?;
        let counts = is_new || promote(conn, opening, member, state)?;
        // The index says whose alerts to look at; which one fires is read from the rows.
        if counts && state == MatchState::Released && fired.contains(&member.number) {
            tell_member(conn, app, opening, member, Cause::Published)?;
        }
    }
    Ok(true)
}

/// A member who saved or signed in between the approval and this job was judged by `match_member`, which shows and does
/// not tell. Such a match gets the state it would have had; one that is older than the approval stays as it is. `true`
/// when it was promoted.
fn promote(conn: &mut Conn, opening: &Opening, member: &Member, state: MatchState) -> Result<bool, AppError> {
    let there = match store::matches::of_pair(conn, &member.id, &opening.id, opening.revision) {
        Ok(there) => there,
        Err(StoreError::NotFound) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let since_approval = opening.liveness.confirmed_at.is_some_and(|approved| there.matched_at >= approved);
    if there.state != MatchState::Proposed || !since_approval {
        return Ok(false);
    }
    store::matches::set_state(conn, &there.id, state)?;
    Ok(true)
}

/// The state the review policy gives a new match of this opening.
pub(super) fn first_state(conn: &mut Conn, app: &App, opening: &Opening) -> Result<MatchState, AppError> {
    let policy: ReviewPolicy =
        store::companies::find(conn, &opening.company)?.review_policy.unwrap_or(app.config.match_review);
    let published = opening.published_at.unwrap_or_else(|| app.now());
    let before = store::openings::approved_before(conn, &opening.company, published)?;
    Ok(policy.first_state(u32::try_from(before).unwrap_or(u32::MAX)))
}

/// Judges one pair and stores the match when it fits; `true` when it is new.
pub(super) fn judge(
    conn: &mut Conn,
    app: &App,
    rules: &Rulebook,
    opening: &Opening,
    member: &Member,
    who: &Candidate,
    state: MatchState,
) -> Result<bool, AppError> {
    let now = app.now();
    let offer = opening.offer();
    let Verdict::Eligible(fit) = check(rules, &offer, who, now) else { return Ok(false) };
    let points = score(&offer, who, &fit, now);
    let found = Match {
        id: random::id(MatchId::from_uuid),
        member: member.id.clone(),
        opening: opening.id.clone(),
        revision: opening.revision,
        state,
        score: points.total,
        reasons: fit.reasons,
        place: fit.spot.label(),
        miles: i32::try_from(whole_miles(fit.miles)).unwrap_or(i32::MAX),
        matched_at: now,
        declined_at: None,
    };
    Ok(store::matches::add(conn, &found)?)
}
