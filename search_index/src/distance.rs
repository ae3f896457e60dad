//! Distances from the places a reader measures from.

use domain::place::Market;

/// After every distance on earth.
const REMOTE: i64 = 1_000_000;
/// After remote work too: an opening that names no place.
const NOWHERE: i64 = 2_000_000;

/// Whole miles from the nearest of the places to every market, by the market's number.
pub(crate) struct Miles(Vec<u16>);

impl Miles {
    /// Nothing without a place to measure from.
    pub(crate) fn from(places: &[Market]) -> Option<Self> {
        let nearest = |market: Market| places.iter().map(|p| p.miles_to(market)).min_by(f64::total_cmp);
        Market::all().map(|market| nearest(market).map(whole)).collect::<Option<_>>().map(Self)
    }

    /// How far the work is: the nearest of its markets in miles, remote work after all of them.
    pub(crate) fn to(&self, markets: &[u16], remote: bool) -> i64 {
        let nearest = markets.iter().filter_map(|m| self.0.get(usize::from(*m))).min();
        match nearest {
            Some(miles) => i64::from(*miles),
            None if remote => REMOTE,
            None => NOWHERE,
        }
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from a float keeps within the limits, and no distance on earth reaches them"
)]
fn whole(miles: f64) -> u16 {
    miles.round() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_counts_and_remote_work_comes_last() {
        let market = |slug| Market::parse(slug).unwrap();
        let (la, bakersfield, san_diego) = (market("los-angeles"), market("bakersfield"), market("san-diego"));
        assert!(Miles::from(&[]).is_none());
        let miles = Miles::from(&[bakersfield, san_diego]).unwrap();
        let to = |markets: &[Market]| miles.to(&markets.iter().map(|m| m.number()).collect::<Vec<_>>(), true);
        assert_eq!(to(&[bakersfield]), 0);
        assert_eq!(to(&[la]), i64::from(whole(bakersfield.miles_to(la).min(san_diego.miles_to(la)))));
        assert_eq!(to(&[la, san_diego]), 0);
        assert!(to(&[market("new-york-ny")]) < to(&[]));
        assert!(to(&[]) < miles.to(&[], false));
    }
}
