use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::lattice::{BAY_AREA, GROUPS, SOUTHERN, STATES};
use super::*;
use crate::kind::Kind;
use crate::opening::{CertificationAsk, LicenceRule, Requires, Terms};
use crate::pay::{Pay, PayBasis};
use crate::place::{Market, State};
use crate::profile::{Base, HeldSpecialty, Licence, LicenceKind, Profile};
use crate::specialty::Specialty;

/// What the noise is drawn from in these tests: well mixed and the same at every run (splitmix64).
fn seed(of: u64) -> Seed {
    let mut seed = [0; 32];
    for (n, word) in (1_u64..).zip(seed.as_chunks_mut::<8>().0) {
        let mut z = of.wrapping_mul(4).wrapping_add(n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        *word = (z ^ (z >> 31)).to_be_bytes();
    }
    seed
}

/// A seed for each name.
fn named(name: &str) -> Seed {
    seed(name.bytes().fold(5381, |sum, b| sum.wrapping_mul(33).wrapping_add(u64::from(b))))
}

/// The exact chance of a draw.
fn chance(n: i64) -> f64 {
    let a = (-0.5_f64).exp();
    (1.0 - a) / (1.0 + a) * a.powi(i32::try_from(n.abs()).unwrap())
}

fn market(slug: &str) -> Market {
    Market::parse(slug).unwrap()
}

fn specialty(slug: &str) -> Specialty {
    Specialty::parse(slug).unwrap()
}

fn physician(main: &str, bases: &[&str], interests: &[Kind]) -> Profile {
    Profile {
        specialties: vec![HeldSpecialty { specialty: specialty(main), primary: true, board_certified: false }],
        bases: bases.iter().map(|b| Base { market: market(b), radius_miles: 50 }).collect(),
        interests: interests.iter().copied().collect(),
        ..Profile::empty()
    }
}

fn terms() -> Terms {
    Terms {
        kind: Kind::Qme,
        title: "Evaluations".to_owned(),
        description: String::new(),
        specialties: Vec::new(),
        markets: Vec::new(),
        remote: false,
        licence: LicenceRule::StateOfWork,
        certification: CertificationAsk::default(),
        comp_related: true,
        pay: Pay {
            basis: PayBasis::NotStated,
            min_cents: None,
            max_cents: None,
            share_bps: None,
            extra_page_cents: None,
            included_pages: None,
        },
        volume: String::new(),
        seats: 1,
        requires: Requires::default(),
        closes_on: "2026-12-14".parse().unwrap(),
        public_listing: true,
    }
}

fn keys(profile: &Profile, lattice: Lattice) -> Vec<String> {
    Cell::of_profile(profile, lattice).into_iter().map(Cell::key).collect()
}

#[test]
fn bands_have_exactly_their_five_labels_and_nothing_below_eleven_stands_apart() {
    let labels: Vec<&str> = Band::ALL.iter().map(|b| b.as_str()).collect();
    assert_eq!(labels, ["fewer than 11", "11-25", "26-50", "51-100", "more than 100"]);
    for (noised, label) in [
        (i64::MIN, "fewer than 11"),
        (-3, "fewer than 11"),
        (0, "fewer than 11"),
        (10, "fewer than 11"),
        (11, "11-25"),
        (25, "11-25"),
        (26, "26-50"),
        (50, "26-50"),
        (51, "51-100"),
        (100, "51-100"),
        (101, "more than 100"),
        (i64::MAX, "more than 100"),
    ] {
        assert_eq!(Band::of(noised).as_str(), label, "{noised}");
    }
}

#[test]
fn the_lattice_is_closed_and_its_lists_hold() {
    assert_eq!([Lattice::Fine, Lattice::Merged, Lattice::Hidden].map(|l| Cell::all(l).len()), [128, 32, 0]);
    for lattice in [Lattice::Fine, Lattice::Merged] {
        let all = Cell::all(lattice);
        let keys: BTreeSet<String> = all.iter().map(|c| c.key()).collect();
        let labels: BTreeSet<String> = all.iter().map(|c| c.label()).collect();
        assert_eq!((keys.len(), labels.len()), (all.len(), all.len()), "{lattice}");
    }
    // Every name in the lists is one of the closed lists, and stands in one place only.
    let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, slugs)| slugs.iter().copied()).collect();
    let placed: Vec<&str> = SOUTHERN.into_iter().chain(BAY_AREA).collect();
    let codes: Vec<&str> = STATES.iter().flat_map(|(_, codes)| codes.split(' ')).collect();
    assert!(grouped.iter().all(|s| Specialty::parse(s).is_some()), "{grouped:?}");
    assert!(placed.iter().all(|m| Market::parse(m).is_some_and(|m| m.state() == State::california())), "{placed:?}");
    assert!(codes.iter().all(|c| State::parse(c).is_some_and(|s| s != State::california())), "{codes:?}");
    for names in [grouped, placed, codes] {
        let once: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(once.len(), names.len(), "{names:?}");
    }
    let rest: Vec<&str> =
        Specialty::all().filter(|s| SpecialtyGroup::of(*s) == SpecialtyGroup::Other).map(Specialty::slug).collect();
    assert_eq!(
        rest,
        [
            "emergency-medicine",
            "medical-toxicology",
            "nuclear-medicine",
            "pathology",
            "pediatrics",
            "radiology",
            "radiation-oncology"
        ]
    );
}

#[test]
fn every_market_lies_in_one_area() {
    for (slug, area) in [
        ("los-angeles", "southern_california"),
        ("state-ca", "southern_california"),
        ("bakersfield", "central_valley"),
        ("sacramento", "central_valley"),
        ("san-jose", "bay_area"),
        ("las-vegas-nv", "west"),
        ("chicago-il", "midwest"),
        ("dallas-tx", "south"),
        ("new-york-ny", "northeast"),
    ] {
        assert_eq!(Area::of_market(market(slug)).as_str(), area, "{slug}");
    }
    let named = |code| Area::of_state(State::parse(code).unwrap()).as_str();
    assert_eq!(
        ["CA", "AK", "GU", "PR", "DC", "OH"].map(named),
        ["southern_california", "west", "west", "south", "south", "midwest"]
    );
    let used: BTreeSet<Area> = Market::all().map(Area::of_market).collect();
    assert_eq!(used.len(), 7, "every area but remote has markets: {used:?}");
}

#[test]
fn an_opening_has_exactly_one_cell() {
    let base = Terms {
        specialties: vec![specialty("psychology"), specialty("neurology")],
        markets: vec![market("fresno"), market("los-angeles")],
        ..terms()
    };
    let cell = |change: &dyn Fn(&mut Terms), lattice| {
        let mut terms = base.clone();
        change(&mut terms);
        Cell::of(&Aim::from(&terms), lattice).key()
    };
    let fine = |change: &dyn Fn(&mut Terms)| cell(change, Lattice::Fine);
    assert_eq!(fine(&|_| ()), "mental_health/central_valley/qme");
    assert_eq!(cell(&|_| (), Lattice::Merged), "mental_health/california/qme");
    assert_eq!(fine(&|t| t.kind = Kind::Ime), "mental_health/central_valley/ime_or_review");
    assert_eq!(fine(&|t| t.kind = Kind::ChartReview), "mental_health/central_valley/ime_or_review");
    assert_eq!(fine(&|t| t.specialties.reverse()), "neurology/central_valley/qme");
    assert_eq!(fine(&|t| t.specialties.clear()), "internal_medicine/central_valley/qme");
    assert_eq!(fine(&|t| t.markets.reverse()), "mental_health/southern_california/qme");
    let remote = |licence: LicenceRule| {
        fine(&|t| {
            t.markets.clear();
            t.remote = true;
            t.licence = licence.clone();
        })
    };
    assert_eq!(remote(LicenceRule::NotNeeded), "mental_health/remote/qme");
    assert_eq!(remote(LicenceRule::StateOfWork), "mental_health/remote/qme");
    let named = LicenceRule::OneOf(vec![State::parse("NV").unwrap(), State::california()]);
    assert_eq!(remote(named), "mental_health/west/qme");
    // Pay, text, years, languages, certification: nothing else decides.
    let same = fine(&|t| {
        t.requires.min_years = 40;
        t.requires.languages = vec!["latin".to_owned()];
        t.requires.board_certified = true;
        t.certification.required = Some("ca-qme".to_owned());
        t.seats = 1;
    });
    assert_eq!(same, "mental_health/central_valley/qme");
}

#[test]
fn a_member_counts_in_at_most_two_cells() {
    let all = [Kind::Qme, Kind::Ime, Kind::ChartReview];
    let mut surgeon = physician("spine-surgery", &["san-diego", "fresno", "reno-nv"], &all);
    surgeon.specialties.push(HeldSpecialty {
        specialty: specialty("neurology"),
        primary: false,
        board_certified: true,
    });
    surgeon.markets = vec![market("las-vegas-nv"), market("san-jose")];
    let both = ["orthopaedics/southern_california/qme", "orthopaedics/southern_california/ime_or_review"];
    assert_eq!(keys(&surgeon, Lattice::Fine), both);
    assert_eq!(keys(&surgeon, Lattice::Merged), both.map(|k| k.replace("southern_", "")));
    surgeon.interests = BTreeSet::from([Kind::ChartReview]);
    assert_eq!(keys(&surgeon, Lattice::Fine), [both[1]]);
    surgeon.bases.clear();
    assert_eq!(keys(&surgeon, Lattice::Fine), ["orthopaedics/west/ime_or_review"]);
    surgeon.markets.clear();
    surgeon.licences = vec![Licence { state: State::parse("OH").unwrap(), kind: LicenceKind::Md, expires_on: None }];
    assert_eq!(keys(&surgeon, Lattice::Fine), ["orthopaedics/midwest/ime_or_review"]);
    surgeon.remote = true;
    assert_eq!(keys(&surgeon, Lattice::Fine), ["orthopaedics/remote/ime_or_review"]);
    assert_eq!(keys(&surgeon, Lattice::Merged), ["orthopaedics/elsewhere/ime_or_review"]);
    surgeon.interests.clear();
    assert!(keys(&surgeon, Lattice::Fine).is_empty());
    assert!(keys(&Profile::empty(), Lattice::Fine).is_empty());
}

#[test]
fn the_size_of_the_community_decides_the_lattice() {
    let tally = |members: i64| {
        let mut tally = Tally::default();
        let one = physician("urology", &["fresno"], &[Kind::Ime]);
        (0..members).for_each(|_| tally.add(&one));
        tally.publish(named)
    };
    for (members, lattice) in
        [(0, Lattice::Hidden), (40, Lattice::Hidden), (500, Lattice::Merged), (1500, Lattice::Fine)]
    {
        let published = tally(members);
        assert_eq!(published.lattice, lattice, "{members}");
        let cells: Vec<Cell> = published.bands.iter().map(|(cell, _)| *cell).collect();
        assert_eq!(cells, Cell::all(lattice), "every cell has a band, the empty ones too");
        let shown: BTreeMap<String, Band> = published.bands.iter().map(|(c, b)| (c.key(), *b)).collect();
        let (full, rest): (Vec<_>, Vec<_>) = shown.iter().partition(|(_, band)| **band == Band::MoreThan100);
        assert_eq!(full.len(), usize::from(lattice != Lattice::Hidden), "{full:?}");
        assert!(rest.iter().all(|(_, band)| **band <= Band::From11), "{rest:?}");
    }
}

#[test]
fn the_same_snapshot_shows_the_same_and_the_next_one_is_drawn_anew() {
    let mut tally = Tally::default();
    let profiles = ["fresno", "san-jose", "los-angeles"].map(|m| physician("urology", &[m], &[Kind::Ime, Kind::Qme]));
    (0..24).for_each(|_| profiles.iter().for_each(|p| tally.add(p)));
    (0..500).for_each(|_| tally.add(&Profile::empty()));
    let of = |snapshot: u64| tally.publish(|name| named(&format!("{snapshot}|{name}"))).bands;
    assert_eq!(of(1), of(1));
    let different = (2..40).filter(|n| of(*n) != of(1)).count();
    assert!(different > 20, "only {different} of 38 snapshots of counts near an edge differ");
}

proptest! {
    #[test]
    fn noise_comes_from_the_seed_alone(bytes in any::<[u8; 32]>()) {
        prop_assert_eq!(noise(&bytes), noise(&bytes));
        // Whoever swaps the two halves gets the opposite: neither direction is favoured.
        let mut swapped = bytes;
        swapped[..8].copy_from_slice(&bytes[8..16]);
        swapped[8..16].copy_from_slice(&bytes[..8]);
        prop_assert_eq!(noise(&swapped), -noise(&bytes));
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn noise_has_its_distribution(start in any::<u32>()) {
        const DRAWS: u64 = 40_000;
        let mut seen: BTreeMap<i64, f64> = BTreeMap::new();
        for n in 0..DRAWS {
            *seen.entry(noise(&seed((u64::from(start) << 20) + n))).or_default() += 1.0;
        }
        let draws = 40_000.0_f64;
        for n in -12..=12 {
            let share = seen.get(&n).copied().unwrap_or(0.0) / draws;
            let spread = (chance(n) * (1.0 - chance(n)) / draws).sqrt();
            prop_assert!((share - chance(n)).abs() < 6.0 * spread, "{n}: {share} instead of {}", chance(n));
        }
    }
}

#[test]
fn extreme_seeds_end() {
    let with = |up: u64, down: u64| {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&up.to_be_bytes());
        seed[8..16].copy_from_slice(&down.to_be_bytes());
        noise(&seed)
    };
    assert_eq!(with(u64::MAX, u64::MAX), 0);
    assert_eq!(with(0, u64::MAX), -with(u64::MAX, 0));
    assert!((80..100).contains(&with(0, u64::MAX)));
}

/// The chance of each band for a true count.
fn bands(count: i64) -> [f64; 5] {
    let mut chances = [0.0; 5];
    for n in -80..=80 {
        chances[Band::ALL.iter().position(|b| *b == Band::of(count + n)).unwrap()] += chance(n);
    }
    chances
}

/// Whoever knows every other member and plants as many as they like learns at most this much about one more from one
/// snapshot: the greatest advantage (right minus wrong "is a member") over all counts of the two cells of a member,
/// and what the switch of the lattice can add to it.
#[test]
fn no_single_snapshot_gives_more_than_a_quarter_away() {
    let advantage = |with: f64, without: f64| (with - without).max(0.0);
    let one = |count: i64| -> f64 { bands(count + 1).iter().zip(bands(count)).map(|(w, o)| advantage(*w, o)).sum() };
    let single = (0..130).map(one).fold(0.0, f64::max);
    assert!((single - 0.2449).abs() < 0.0001, "{single}");
    let mut double = 0.0_f64;
    for a in 0..110 {
        for b in 0..=a {
            let (with, without) = ((bands(a + 1), bands(b + 1)), (bands(a), bands(b)));
            let both = (0..5).flat_map(|i| (0..5).map(move |j| (i, j)));
            double = double.max(both.map(|(i, j)| advantage(with.0[i] * with.1[j], without.0[i] * without.1[j])).sum());
        }
    }
    assert!(double < 0.2450, "two cells tell {double}");
    // Where both cells say "in" or both "out", a weak third voice changes nothing; where they differ, it decides.
    let mut size = vec![1.0];
    for _ in 0..200 {
        let mut next = vec![0.0; size.len() + 60];
        for (at, p) in size.iter().enumerate() {
            (-30..=30).for_each(|n: i64| next[at + usize::try_from(n + 30).unwrap()] += p * chance(n));
        }
        size = next;
    }
    let switch = size.iter().fold(0.0, |most: f64, p| most.max(*p));
    let differ: f64 = 2.0 * 0.622_459 * 0.377_541;
    assert!(differ.mul_add(switch, double) < 0.25, "{double} and {switch}");
}
