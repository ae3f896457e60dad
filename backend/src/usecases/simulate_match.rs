//! An admin asks who would match an opening, and which rule stops the others.

use domain::eligibility::{Reason, Verdict, check};
use domain::score::score;
use domain::{MemberId, OpeningId};
use store::Conn;

use crate::app::App;
use crate::error::AppError;

/// How many members are read at once.
const PAGE: i64 = 500;

/// One member's answer; ids only.
pub struct Simulated {
    /// Who.
    pub member: MemberId,
    /// Points, when eligible.
    pub score: Option<i32>,
    /// All nine reasons.
    pub reasons: Vec<Reason>,
}

/// Judges every member as if the opening were live: eligible ones first, best first, then those with the fewest
/// rules missed.
///
/// # Errors
/// `NotFound`.
pub fn simulate_match(conn: &mut Conn, app: &App, id: &OpeningId) -> Result<Vec<Simulated>, AppError> {
    let now = app.now();
    let opening = store::openings::find(conn, id)?;
    let rules = store::facts::rulebook(conn)?;
    let mut offer = opening.offer();
    // The question is who would match once it is approved.
    if offer.liveness.status != domain::opening::OpeningStatus::Approved {
        offer.liveness.status = domain::opening::OpeningStatus::Approved;
        offer.liveness.confirmed_at = Some(now);
    }
    let mut all = Vec::new();
    let mut number = 0;
    loop {
        let members = store::members::after_number(conn, number, PAGE)?;
        let Some(last) = members.last() else { break };
        number = last.number;
        for who in store::profiles::candidates(conn, &members)? {
            let verdict = check(&rules, &offer, &who, now);
            let points = match &verdict {
                Verdict::Eligible(fit) => Some(score(&offer, &who, fit, now).total),
                Verdict::Not(_) => None,
            };
            all.push(Simulated { member: who.member, score: points, reasons: verdict.reasons().to_vec() });
        }
    }
    all.sort_by_key(|s| (s.reasons.iter().filter(|r| !r.met).count(), -s.score.unwrap_or(0), s.member.clone()));
    Ok(all)
}
