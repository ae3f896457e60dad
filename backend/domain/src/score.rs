//! The soft score of an eligible pair: an integer made of named parts, so that ties are stable and the
//! order can be explained.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::candidate::{Candidate, Offer};
use crate::eligibility::{Fit, whole_miles};
use crate::pay::PayVerdict;

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScorePart {
    /// `specialty`, `distance`, `pay` or `recency`.
    pub name: String,
    /// Points.
    pub points: i32,
}

/// Points of an eligible pair; higher is better.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Sum of the parts.
    pub total: i32,
    /// The parts.
    pub parts: Vec<ScorePart>,
}

/// Scores an eligible pair: main specialty 300, nearness up to 200, pay over the minimum up to 150 (0 when
/// no pay is stated, so such openings come last among equals), recency of the profile up to 100.
#[must_use]
pub fn score(offer: &Offer, who: &Candidate, fit: &Fit, now: DateTime<Utc>) -> Score {
    let primary = who.profile.primary().is_some_and(|p| offer.terms.specialties.contains(&p));
    let distance = nearness((!fit.spot.is_remote()).then(|| whole_miles(fit.miles)));
    let pay = surplus(offer.terms.pay.against(offer.terms.kind, &who.profile.min_pay));
    let recency = recency((now.date_naive() - who.confirmed_at.date_naive()).num_days());
    let parts: Vec<ScorePart> = [
        ("specialty", if primary { MAIN_SPECIALTY } else { 0 }),
        ("distance", distance),
        ("pay", pay),
        ("recency", recency),
    ]
    .into_iter()
    .map(|(name, points)| ScorePart { name: name.to_owned(), points })
    .collect();
    Score { total: parts.iter().map(|p| p.points).sum(), parts }
}

/// Points for a main specialty that the opening names.
pub const MAIN_SPECIALTY: i32 = 300;

/// Points for nearness, from whole miles; remote work (nothing) counts as 100 miles.
#[must_use]
#[inline]
pub fn nearness(miles: Option<i64>) -> i32 {
    miles.map_or(100, |m| 200 - i32::try_from(m.clamp(0, 200)).unwrap_or(200))
}

/// Points for pay: 50 when it is stated and not below the minimum, one more for each $10 over it, at most 150.
#[must_use]
#[inline]
pub fn surplus(verdict: PayVerdict) -> i32 {
    match verdict {
        PayVerdict::Reaches(surplus) => 50 + i32::try_from((surplus / 1000).clamp(0, 100)).unwrap_or(100),
        PayVerdict::NoMinimum | PayVerdict::OtherUnit => 50,
        PayVerdict::Below | PayVerdict::NotStated => 0,
    }
}

/// Points for a profile confirmed so many days ago: 100 at first, one less every four days.
#[must_use]
#[inline]
pub fn recency(days: i64) -> i32 {
    100 - i32::try_from(days.clamp(0, 400) / 4).unwrap_or(100)
}
