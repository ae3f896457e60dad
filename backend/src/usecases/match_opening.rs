//! Finds who fits an opening that was just approved: the index proposes, the check decides, the rows are read again.

use domain::candidate::Candidate;
use domain::certification::Rulebook;
use domain::eligibility::{Verdict, check, whole_miles};
use domain::matching::{MatchState, ReviewPolicy};
use domain::score::score;
use domain::{MatchId, OpeningId};
use store::matches::Match;
use store::members::Member;
use store::openings::Opening;
use store::{Conn, StoreError};

use super::tell_member::tell_member;
use crate::app::App;
use crate::error::AppError;
use crate::random;

/// Writes a match for everyone who fits, in the state the review policy says, and an alert for those released who
/// asked for one. Runs as a job; a second run finds every match there and changes nothing.
///
/// # Errors
/// Database or index errors; an opening that is gone or not live any more is no error.
pub fn match_opening(conn: &mut Conn, app: &App, id: &OpeningId) -> Result<(), AppError> {
    let opening = match store::openings::find(conn, id) {
        Ok(opening) if opening.liveness.is_live(app.now()) => opening,
        Ok(_) | Err(StoreError::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let rules = store::facts::rulebook(conn)?;
    let state = first_state(conn, app, &opening)?;
    let numbers = app.index.candidates(&opening.offer())?;
    let members = store::members::by_numbers(conn, &numbers)?;
    let candidates = store::profiles::candidates(conn, &members)?;
    let mut found: u64 = 0;
    for (member, who) in members.iter().zip(&candidates) {
        if judge(conn, app, &rules, &opening, member, who, state)? {
            found += 1;
        } else {
            promote(conn, app, &opening, member, state)?;
        }
    }
    metrics::counter!("rosterline_matches_total").increment(found);
    Ok(())
}

/// A member who saved or signed in between the approval and this job was judged by `match_member`, which shows and does
/// not tell. Such a match gets the state it would have had; one that is older than the approval stays as it is.
fn promote(conn: &mut Conn, app: &App, opening: &Opening, member: &Member, state: MatchState) -> Result<(), AppError> {
    let there = match store::matches::of_pair(conn, &member.id, &opening.id, opening.revision) {
        Ok(there) => there,
        Err(StoreError::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let since_approval = opening.liveness.confirmed_at.is_some_and(|approved| there.matched_at >= approved);
    if there.state != MatchState::Proposed || !since_approval {
        return Ok(());
    }
    store::matches::set_state(conn, &there.id, state)?;
    if state == MatchState::Released {
        tell_member(conn, app, opening, member)?;
    }
    Ok(())
}

/// The state the review policy gives a new match of this opening.
pub(super) fn first_state(conn: &mut Conn, app: &App, opening: &Opening) -> Result<MatchState, AppError> {
    let policy: ReviewPolicy =
        store::companies::find(conn, &opening.company)?.review_policy.unwrap_or(app.config.match_review);
    let published = opening.published_at.unwrap_or_else(|| app.now());
    let before = store::openings::approved_before(conn, &opening.company, published)?;
    Ok(policy.first_state(u32::try_from(before).unwrap_or(u32::MAX)))
}

/// Judges one pair and stores the match when it fits; `true` when it is new. A released one is told.
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
    if !store::matches::add(conn, &found)? {
        return Ok(false);
    }
    if state == MatchState::Released {
        tell_member(conn, app, opening, member)?;
    }
    Ok(true)
}
