//! The soft score of an eligible pair: an integer made of named parts, so that ties are stable and the
//! order can be explained.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::candidate::{Candidate, Offer};
use crate::eligibility::Fit;
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
    let distance = if fit.spot.is_remote() { 100 } else { 200 - clamp(fit.miles, 200) };
    let pay = match offer.terms.pay.against(offer.terms.kind, &who.profile.min_pay) {
        PayVerdict::Reaches(surplus) => 50 + clamp_cents(surplus),
        PayVerdict::NoMinimum | PayVerdict::OtherUnit => 50,
        PayVerdict::Below | PayVerdict::NotStated => 0,
    };
    let days = (now - who.confirmed_at).num_days().clamp(0, 400);
    let recency = 100 - i32::try_from(days / 4).unwrap_or(100);
    let parts: Vec<ScorePart> =
        [("specialty", if primary { 300 } else { 0 }), ("distance", distance), ("pay", pay), ("recency", recency)]
            .into_iter()
            .map(|(name, points)| ScorePart { name: name.to_owned(), points })
            .collect();
    Score { total: parts.iter().map(|p| p.points).sum(), parts }
}

#[expect(clippy::as_conversions, reason = "clamped to a small range first")]
fn clamp(miles: f64, most: i32) -> i32 {
    miles.clamp(0.0, f64::from(most)).round() as i32
}

/// One point for each $10 over the minimum, at most 100.
fn clamp_cents(surplus: i64) -> i32 {
    i32::try_from((surplus / 1000).clamp(0, 100)).unwrap_or(100)
}
