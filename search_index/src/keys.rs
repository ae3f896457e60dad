//! Eligibility keys: a number for each (kind, specialty, place) a member accepts or an opening offers.
//!
//! A pair that `domain::eligibility::check` finds eligible shares at least one key. The reverse does not
//! hold: keys leave out dates, certification, pay and the rest, so that they change only when criteria do.

use domain::Kind;
use domain::candidate::{Candidate, Offer};
use domain::eligibility::{Spot, spots};
use domain::place::State;
use domain::specialty::Specialty;
use domain::standing::MemberStanding;

use crate::lists::kind_number;

/// Counts up when a part is added to the key or its layout changes. From the highest bit: version (8),
/// kind (8), specialty (16), tag of the place (16), number of the place (16).
const VERSION: u64 = 1;

/// Stands for an opening that takes any specialty; the list never grows this long.
const ANY_SPECIALTY: u64 = 0xffff;

/// The keys of a member's profile, sorted; none unless the standing is active.
///
/// A licence counts here whether or not it has expired, so that no key depends on the day. The caller
/// passes on only the keys of members whose permissions allow a match: no flag, no key.
#[must_use]
pub fn profile_keys(who: &Candidate) -> Vec<u64> {
    if who.standing != MemberStanding::Active {
        return Vec::new();
    }
    let profile = &who.profile;
    let mut places: Vec<u64> = profile.reach().into_iter().map(market_place).collect();
    if profile.remote {
        places.push(remote_place(None));
        places.extend(profile.licences.iter().map(|l| remote_place(Some(l.state))));
    }
    let specialties: Vec<u64> =
        profile.specialties.iter().map(|h| specialty_number(h.specialty)).chain([ANY_SPECIALTY]).collect();
    let mut keys = Vec::new();
    for kind in &profile.interests {
        combine(&mut keys, *kind, &specialties, &places);
    }
    sorted(keys)
}

/// The keys of an opening, sorted: one for each specialty it names (or any) and each place it can be done.
#[must_use]
pub fn opening_keys(offer: &Offer) -> Vec<u64> {
    let terms = &offer.terms;
    let places: Vec<u64> = spots(terms)
        .into_iter()
        .map(|spot| match spot {
            Spot::Market(market) => market_place(market),
            Spot::Remote(state) => remote_place(state),
        })
        .collect();
    let specialties = if terms.specialties.is_empty() {
        vec![ANY_SPECIALTY]
    } else {
        terms.specialties.iter().map(|s| specialty_number(*s)).collect()
    };
    let mut keys = Vec::new();
    combine(&mut keys, terms.kind, &specialties, &places);
    sorted(keys)
}

fn combine(keys: &mut Vec<u64>, kind: Kind, specialties: &[u64], places: &[u64]) {
    for specialty in specialties {
        let head = (VERSION << 56) | (kind_number(kind) << 48) | (specialty << 32);
        keys.extend(places.iter().map(|place| head | place));
    }
}

fn sorted(mut keys: Vec<u64>) -> Vec<u64> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn specialty_number(specialty: Specialty) -> u64 {
    u64::from(specialty.number())
}

fn market_place(market: domain::place::Market) -> u64 {
    u64::from(market.number())
}

/// Remote work, counted to a state when the opening names one.
fn remote_place(state: Option<State>) -> u64 {
    match state {
        None => 1 << 16,
        Some(state) => (2 << 16) | u64::from(state.number()),
    }
}
