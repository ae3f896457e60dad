//! What profiles and openings are drawn from: specialties and places with their weights.

use domain::place::{Market, State};
use domain::profile::ProviderClass;
use domain::specialty::Specialty;

use crate::demo::dice::{Dice, Weighted};

/// How much more often than in the country a specialty of medical-legal work is met in such a community, in
/// hundredths.
const BOOSTS: &[(&str, u64)] = &[
    ("orthopaedic-surgery", 600),
    ("physical-medicine-rehabilitation", 800),
    ("psychiatry", 250),
    ("neurology", 400),
    ("pain-medicine", 700),
    ("occupational-medicine", 600),
    ("internal-medicine", 120),
];

/// Occupational medicine has no count of its own in the list; this is about its size.
const UNCOUNTED: &[(&str, u32)] = &[("occupational-medicine", 6000)];

/// Who companies look for, in hundredths of all openings; a few rare ones are there to be searched for.
const WANTED: &[(&str, u64)] = &[
    ("orthopaedic-surgery", 29),
    ("psychiatry", 13),
    ("physical-medicine-rehabilitation", 12),
    ("neurology", 9),
    ("pain-medicine", 9),
    ("internal-medicine", 8),
    ("occupational-medicine", 6),
    ("cardiology", 3),
    ("rheumatology", 2),
    ("ophthalmology", 2),
    ("otolaryngology", 2),
    ("neurological-surgery", 2),
    ("pulmonary-disease", 1),
    ("dermatology", 1),
    ("urology", 1),
];

/// Specialties that companies accept beside the one they look for.
const COMPANIONS: &[(&str, &str)] = &[
    ("orthopaedic-surgery", "physical-medicine-rehabilitation"),
    ("orthopaedic-surgery", "hand-surgery"),
    ("orthopaedic-surgery", "sports-medicine"),
    ("orthopaedic-surgery", "spine-surgery"),
    ("physical-medicine-rehabilitation", "pain-medicine"),
    ("physical-medicine-rehabilitation", "occupational-medicine"),
    ("pain-medicine", "anesthesiology"),
    ("pain-medicine", "physical-medicine-rehabilitation"),
    ("psychiatry", "child-adolescent-psychiatry"),
    ("neurology", "physical-medicine-rehabilitation"),
    ("internal-medicine", "cardiology"),
    ("internal-medicine", "family-medicine"),
    ("occupational-medicine", "family-medicine"),
    ("cardiology", "internal-medicine"),
];

/// The lists, made once.
pub(super) struct Pools {
    /// What members practise.
    pub(super) practised: Weighted<Specialty>,
    /// What companies look for.
    pub(super) wanted: Weighted<Specialty>,
    /// Markets of California.
    pub(super) california: Weighted<Market>,
    /// Markets of all other states.
    pub(super) elsewhere: Weighted<Market>,
    /// States by inhabitants.
    pub(super) states: Weighted<State>,
    medical_legal: Vec<Specialty>,
    companions: Vec<(Specialty, Specialty)>,
}

impl Pools {
    pub(super) fn new() -> Self {
        let places = |in_california: bool| {
            by_inhabitants(
                Market::all()
                    .filter(|m| !m.is_statewide())
                    .filter(|m| (m.state() == State::california()) == in_california),
            )
        };
        let known = |slug: &str| Specialty::parse(slug);
        Self {
            practised: Weighted::new(
                Specialty::all().filter(|s| s.row().provider_class == ProviderClass::MdDo).map(|s| (s, weight(s))),
            ),
            wanted: Weighted::new(WANTED.iter().filter_map(|(slug, weight)| Some((known(slug)?, *weight)))),
            california: places(true),
            elsewhere: places(false),
            states: Weighted::new(State::all().map(|s| (s, u64::from(s.population() / 1000)))),
            medical_legal: BOOSTS.iter().filter_map(|(slug, _)| known(slug)).collect(),
            companions: COMPANIONS.iter().filter_map(|(of, with)| Some((known(of)?, known(with)?))).collect(),
        }
    }

    /// True for the specialties most medical-legal work is in.
    pub(super) fn is_medical_legal(&self, specialty: Specialty) -> bool {
        self.medical_legal.contains(&specialty)
    }

    /// Another specialty that often goes with this one.
    pub(super) fn companion(&self, dice: &mut Dice, of: Specialty) -> Option<Specialty> {
        let with: Vec<Specialty> = self.companions.iter().filter(|(s, _)| *s == of).map(|(_, with)| *with).collect();
        (!with.is_empty()).then(|| *dice.pick(&with))
    }

    /// Up to this many other markets of the same state within so many miles, none twice.
    pub(super) fn near(&self, dice: &mut Dice, of: Market, miles: f64, most: usize) -> Vec<Market> {
        let mut around: Vec<Market> = Market::all()
            .filter(|m| *m != of && m.state() == of.state() && !m.is_statewide())
            .filter(|m| m.population() > 100_000 && m.miles_to(of) <= miles)
            .collect();
        dice.shuffle(&mut around);
        around.truncate(most);
        around
    }
}

/// The markets a company works in.
pub(super) struct Territory {
    markets: Vec<Market>,
    by_inhabitants: Weighted<Market>,
}

impl Territory {
    /// From state codes and slugs; none means everywhere.
    pub(super) fn of(names: &[&str]) -> Self {
        let markets: Vec<Market> = Market::all()
            .filter(|m| !m.is_statewide())
            .filter(|m| names.is_empty() || names.contains(&m.slug()) || names.contains(&m.state().code()))
            .collect();
        Self { by_inhabitants: by_inhabitants(markets.iter().copied()), markets }
    }

    /// One market, and up to three others of its state near it.
    pub(super) fn draw(&self, dice: &mut Dice, pools: &Pools) -> Vec<Market> {
        let first = self.by_inhabitants.draw(dice);
        let more = usize::try_from(dice.between(0, 3)).unwrap_or(0);
        let mut near = pools.near(dice, first, 160.0, usize::MAX);
        near.retain(|m| self.markets.contains(m));
        let mut all = vec![first];
        all.extend(near.into_iter().take(more));
        all
    }
}

fn by_inhabitants(markets: impl Iterator<Item = Market>) -> Weighted<Market> {
    Weighted::new(markets.map(|m| (m, u64::from(m.population() / 1000))))
}

fn weight(specialty: Specialty) -> u64 {
    let of = |slug: &str| slug == specialty.slug();
    let counted =
        specialty.row().us_active.or_else(|| UNCOUNTED.iter().find(|(slug, _)| of(slug)).map(|(_, count)| *count));
    let boost = BOOSTS.iter().find(|(slug, _)| of(slug)).map_or(100, |(_, boost)| *boost);
    u64::from(counted.unwrap_or(0)) * boost / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slug_of_the_tables_is_in_the_list() {
        let slugs = BOOSTS.iter().map(|(s, _)| s);
        let slugs = slugs
            .chain(UNCOUNTED.iter().map(|(s, _)| s))
            .chain(WANTED.iter().map(|(s, _)| s))
            .chain(COMPANIONS.iter().flat_map(|(a, b)| [a, b]));
        for slug in slugs {
            assert!(Specialty::parse(slug).is_some(), "{slug}");
        }
        assert_eq!(WANTED.iter().map(|(_, w)| w).sum::<u64>(), 100);
    }
}
