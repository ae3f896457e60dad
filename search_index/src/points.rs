//! The score of a member in an index, equal to `domain::score` of the same pair.

use std::sync::LazyLock;

use domain::eligibility::whole_miles;
use domain::place::Market;
use domain::score;

use crate::ask::Ask;
use crate::facts::{Facts, more, pack, soft};
use crate::profile_segment::DocFacts;

/// How near each market is to one of them: whole miles, and the least radius that reaches it.
struct Near(Vec<(u16, u16)>);

/// One for each market, by its number.
static NEAR: LazyLock<Vec<Near>> = LazyLock::new(|| Market::all().map(Near::of).collect());

impl Near {
    fn of(market: Market) -> Self {
        let short = |miles: f64| u16::try_from(whole_miles(miles)).unwrap_or(u16::MAX);
        Self(Market::all().map(|m| market.miles_to(m)).map(|miles| (short(miles), short(miles.ceil()))).collect())
    }

    /// Whole miles from a base, when it reaches the market.
    #[inline]
    fn miles_from(&self, market: u64, radius: u64) -> Option<u16> {
        let (whole, least) = self.0.get(usize::try_from(market).ok()?)?;
        (u64::from(*least) <= radius).then_some(*whole)
    }
}

/// What the members of one opening are scored by.
pub(crate) struct Points<'a> {
    ask: &'a Ask,
    /// For each spot; nothing for remote work.
    near: Vec<Option<&'static Near>>,
}

/// A member found, before the score.
pub(crate) struct Found<'a> {
    /// `pack` of the member.
    pub(crate) pack: u64,
    /// `soft` of the member.
    pub(crate) soft: u64,
    /// Where the rare cases are looked up.
    pub(crate) facts: DocFacts<'a>,
}

impl<'a> Points<'a> {
    pub(crate) fn of(ask: &'a Ask) -> Self {
        Self { ask, near: ask.spots.iter().map(|s| NEAR.get(usize::from(s.market?.number()))).collect() }
    }

    /// Whole miles to this spot, from the nearest base that reaches it: 0 for a market that is only listed,
    /// nothing for remote work.
    #[inline]
    pub(crate) fn miles(&self, who: &Found<'_>, spot: u16) -> Option<i64> {
        let near = (*self.near.get(usize::from(spot))?)?;
        let mut nearest = u16::MAX;
        for shift in soft::BASES {
            let base = who.soft >> shift & soft::NO_BASE;
            // The place of no base is beyond the last market, so it reaches nothing.
            let miles = near.miles_from(base >> soft::RADIUS_BITS, base & ((1 << soft::RADIUS_BITS) - 1));
            nearest = nearest.min(miles.unwrap_or(u16::MAX));
        }
        if who.pack & pack::MORE_BASES != 0 {
            let more = who.facts.more().filter(|f| f >> more::TAG == more::BASE);
            let more = more.filter_map(|f| near.miles_from(f >> 16 & 0xffff, f & 0xffff)).min();
            nearest = nearest.min(more.unwrap_or(u16::MAX));
        }
        Some(if nearest == u16::MAX { 0 } else { i64::from(nearest) })
    }

    /// Points of an eligible member, judged at a spot with these miles.
    #[inline]
    pub(crate) fn total(&self, who: &Found<'_>, miles: Option<i64>) -> i32 {
        let rest = &self.ask.rest;
        let primary = if rest.names(who.soft & soft::NO_SPECIALTY) { score::MAIN_SPECIALTY } else { 0 };
        let confirmed = who.soft >> soft::CONFIRMED & 0xffff;
        let days = rest.today.saturating_sub(confirmed).min(1000);
        let pay = rest.pay_points(who.pack, || rest.verdict(&who.facts));
        primary + score::nearness(miles) + pay + score::recency(i64::try_from(days).unwrap_or(1000))
    }
}
