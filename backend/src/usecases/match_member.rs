//! Judges one member against the live openings, since the member changed or signed in.

use std::collections::{BTreeSet, HashMap};

use domain::MemberId;
use domain::alert::Cause;
use domain::eligibility::{Verdict, check, whole_miles};
use domain::matching::MatchState;
use domain::score::score;
use search_index::Seek;
use store::members::Member;
use store::openings::Opening;
use store::{Conn, StoreError};

use super::match_opening::{first_state, judge};
use super::tell_member::tell_with;
use crate::app::App;
use crate::error::AppError;
use crate::index::may_be_told;
use crate::mail::Planner;

/// The most matches of one member that are looked at.
const MOST: i64 = 10_000;

/// Adds matches that now fit, renews the reasons of those that still do, drops those that no longer do and brings
/// back those that were dropped for that reason alone. Edits never make a burst of mail: what is found here is shown,
/// and what the member has not heard of yet comes in the next digest; only an approval tells at once.
///
/// # Errors
/// Database errors only; a member who is gone is no error.
pub fn match_member(conn: &mut Conn, app: &App, id: &MemberId) -> Result<(), AppError> {
    let now = app.now();
    let member = match store::members::find(conn, id) {
        Ok(member) => member,
        Err(StoreError::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let rules = store::facts::rulebook(conn)?;
    let Some(who) = store::profiles::candidates(conn, std::slice::from_ref(&member))?.pop() else { return Ok(()) };
    let known = store::matches::all_of_member(conn, id, MOST)?;
    // What fits by the index, and what once fitted and may not any more.
    let mut ids: BTreeSet<String> = app.index.openings().fitting(&Seek::of(&who, now)).into_iter().collect();
    ids.extend(known.iter().map(|m| m.opening.as_str().to_owned()));
    let ids: Vec<String> = ids.into_iter().collect();
    let mut live = store::openings::find_many(conn, &ids)?;
    live.retain(|opening| opening.liveness.is_live(now));
    let known: HashMap<_, _> = known.into_iter().map(|m| ((m.opening.clone(), m.revision), m)).collect();
    let planner = if may_be_told(&member) { Some(Planner::of(conn, app, &member)?) } else { None };
    for opening in &live {
        let offer = opening.offer();
        let Some(there) = known.get(&(opening.id.clone(), opening.revision)) else {
            let state = match first_state(conn, app, opening)? {
                MatchState::Released => MatchState::Proposed,
                other => other,
            };
            if judge(conn, app, &rules, opening, &member, &who, state)? && state == MatchState::Proposed {
                tell(conn, app, planner.as_ref(), opening, &member)?;
            }
            continue;
        };
        // A no of the member's or a drop of an admin's is kept; a drop that the profile made carries a reason unmet.
        let dropped_by_hand = there.state == MatchState::Dropped && there.reasons.iter().all(|r| r.met);
        if there.declined_at.is_some() || dropped_by_hand {
            continue;
        }
        match (check(&rules, &offer, &who, now), there.state) {
            (Verdict::Eligible(fit), state) => {
                let points = score(&offer, &who, &fit, now).total;
                let miles = i32::try_from(whole_miles(fit.miles)).unwrap_or(i32::MAX);
                store::matches::set_fit(conn, &there.id, points, &fit.reasons, &fit.spot.label(), miles)?;
                if state == MatchState::Dropped {
                    store::matches::set_state(conn, &there.id, MatchState::Proposed)?;
                }
                if state != MatchState::Held {
                    tell(conn, app, planner.as_ref(), opening, &member)?;
                }
            }
            (Verdict::Not(reasons), state) => {
                store::matches::set_fit(conn, &there.id, 0, &reasons, &there.place, there.miles)?;
                if state != MatchState::Dropped {
                    store::matches::set_state(conn, &there.id, MatchState::Dropped)?;
                }
            }
        }
    }
    Ok(())
}

fn tell(
    conn: &mut Conn,
    app: &App,
    planner: Option<&Planner>,
    opening: &Opening,
    member: &Member,
) -> Result<(), AppError> {
    if let Some(planner) = planner {
        tell_with(conn, app, planner, opening, member, Cause::Edited)?;
    }
    Ok(())
}
