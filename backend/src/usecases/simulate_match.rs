//! An admin asks who would match an opening, who nearly, and which rule stops whom.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use domain::candidate::Offer;
use domain::certification::Rulebook;
use domain::eligibility::{Reason, Rule, Verdict, check};
use domain::opening::OpeningStatus;
use domain::score::score;
use domain::{MemberId, OpeningId};
use search_index::Ask;
use store::Conn;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;
use crate::index::may_be_matched;

/// How many are listed of those who match, and of those who nearly do.
const LISTED: usize = 100;
/// How many members are read at once.
const PAGE: i64 = 500;

/// The whole answer; ids only.
pub struct Simulation {
    /// How many would match and be told if they asked for it: what sending would find at this moment.
    pub eligible: usize,
    /// How many are stopped by this rule alone.
    pub nearly: Vec<(Rule, usize)>,
    /// Those who match, best first, then those with the fewest rules missed. The best of each sort when there are
    /// many; everyone in a small community.
    pub members: Vec<Simulated>,
}

/// One member's answer.
pub struct Simulated {
    /// Who.
    pub member: MemberId,
    /// False without a permission that allows a match: such a member is shown what fits at sign-in, and told nothing.
    pub may_be_matched: bool,
    /// Points, when eligible.
    pub score: Option<i32>,
    /// All nine reasons.
    pub reasons: Vec<Reason>,
}

/// Judges as if the opening were live, by the same search as sending.
///
/// # Errors
/// `NotFound`, also for a draft, which is its company's own until it is sent for review; index errors.
pub fn simulate_match(conn: &mut Conn, app: &App, id: &OpeningId) -> Result<Simulation, AppError> {
    let now = app.now();
    let opening = store::openings::find(conn, id)?;
    if opening.liveness.status == OpeningStatus::Draft {
        return Err(AppError::NotFound);
    }
    let rules = store::facts::rulebook(conn)?;
    let mut offer = opening.offer();
    // The question is who would match once it is approved.
    if offer.liveness.status != OpeningStatus::Approved {
        offer.liveness.status = OpeningStatus::Approved;
        offer.liveness.confirmed_at = Some(now);
    }
    let profiles = app.index.profiles();
    let ask = Ask::of(&rules, &offer, now);
    let eligible: HashSet<u32> = profiles.eligible(&ask)?.into_iter().collect();
    let mut listed: Vec<u32> = profiles.best(&ask, LISTED)?.into_iter().map(|s| s.pid).collect();
    let mut nearly = Vec::new();
    let mut near: Vec<Vec<u32>> = Vec::new();
    for rule in Rule::ALL.iter().filter(|rule| **rule != Rule::Active) {
        let mut stopped = profiles.eligible(&Ask::without(*rule, &rules, &offer, now))?;
        stopped.retain(|pid| !eligible.contains(pid));
        stopped.sort_unstable();
        nearly.push((*rule, stopped.len()));
        near.push(stopped);
    }
    // Some of every rule.
    let longest = near.iter().map(Vec::len).max().unwrap_or(0);
    let in_turn = (0..longest).flat_map(|n| near.iter().filter_map(move |stopped| stopped.get(n).copied()));
    listed.extend(in_turn.take(LISTED));
    let members = judge_listed(conn, &rules, &offer, &listed, now)?;
    Ok(Simulation { eligible: eligible.len(), nearly, members })
}

fn judge_listed(
    conn: &mut Conn,
    rules: &Rulebook,
    offer: &Offer,
    pids: &[u32],
    now: DateTime<Utc>,
) -> Result<Vec<Simulated>, AppError> {
    let numbers: Vec<i64> = pids.iter().map(|pid| i64::from(*pid)).collect();
    let mut members: BTreeMap<i64, Member> =
        store::members::by_numbers(conn, &numbers)?.into_iter().map(|m| (m.number, m)).collect();
    // A small community is listed whole, those without a permission included.
    if members.len() < LISTED {
        let others = store::members::after_number(conn, 0, PAGE)?;
        let others = others.into_iter().filter(|m| !members.contains_key(&m.number)).take(LISTED - members.len());
        let others: Vec<Member> = others.collect();
        members.extend(others.into_iter().map(|m| (m.number, m)));
    }
    let members: Vec<Member> = members.into_values().collect();
    let mut all = Vec::with_capacity(members.len());
    for (member, who) in members.iter().zip(store::profiles::candidates(conn, &members)?) {
        let verdict = check(rules, offer, &who, now);
        let points = match &verdict {
            Verdict::Eligible(fit) => Some(score(offer, &who, fit, now).total),
            Verdict::Not(_) => None,
        };
        all.push(Simulated {
            member: who.member,
            may_be_matched: may_be_matched(member),
            score: points,
            reasons: verdict.reasons().to_vec(),
        });
    }
    all.sort_by_key(|s| {
        let missed = s.reasons.iter().filter(|r| !r.met).count();
        (missed, !s.may_be_matched, -s.score.unwrap_or(0), s.member.clone())
    });
    Ok(all)
}
