//! Eligibility keys: a number for each (kind, certification, specialty, place and licence) that a member brings
//! and an opening asks for.
//!
//! A member has exactly one key for each kind, specialty and place: how far they are with the certification that
//! the state asks for that kind, and whether they are licensed there, are part of it. So an opening is a union of
//! a few lists that do not overlap for one specialty and place, and nothing about licences or the usual
//! certifications is left to check, but for credentials that have run out.

use std::sync::LazyLock;

use chrono::NaiveDate;
use domain::Kind;
use domain::candidate::Candidate;
use domain::certification::{CA_QME, Rulebook, StateDemand};
use domain::place::{Market, State};
use domain::profile::{CertificationStatus, Profile, is_current};
use domain::standing::MemberStanding;

use crate::lists::kind_number;

/// Counts up when a part is added to the key or its layout changes. From the highest bit: version (8), kind (4),
/// class (4), specialty (16), place (32).
const VERSION: u64 = 2;

/// Stands for any specialty; the list never grows this long.
pub(crate) const ANY_SPECIALTY: u64 = 0xffff;

/// How far a member is with the certification that belongs to a kind of work in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Not at all, or there is no such certification.
    None,
    /// On the way.
    OnTheWay,
    /// Appointed.
    Held,
}

impl Class {
    pub(crate) const ALL: &'static [Self] = &[Self::None, Self::OnTheWay, Self::Held];

    const fn number(self) -> u64 {
        match self {
            Self::None => 0,
            Self::OnTheWay => 1,
            Self::Held => 2,
        }
    }
}

/// A place together with what licence is held for it: from the highest bit a tag (16) and a number (16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(u64);

impl Place {
    /// On site, with or without a licence of its state.
    pub(crate) fn market(market: Market, licensed: bool) -> Self {
        Self(u64::from(!licensed) << 16 | u64::from(market.number()))
    }

    /// From anywhere, with or without any licence.
    pub(crate) const fn remote(licensed: bool) -> Self {
        Self(if licensed { 2 << 16 } else { 3 << 16 })
    }

    /// From anywhere, with a licence of this state.
    pub(crate) fn remote_in(state: State) -> Self {
        Self(4 << 16 | u64::from(state.number()))
    }

    /// The place in a key.
    pub(crate) const fn of_key(key: u64) -> Self {
        Self(key & 0xffff_ffff)
    }

    pub(crate) const fn is_on_site(self) -> bool {
        self.0 >> 16 < 2
    }

    pub(crate) const fn number(self) -> u64 {
        self.0
    }
}

/// The key of these parts.
pub(crate) fn key(kind: Kind, class: Class, specialty: u64, place: Place) -> u64 {
    VERSION << 56 | kind_number(kind) << 52 | class.number() << 48 | specialty << 32 | place.0
}

/// The certification whose class is part of the keys of a kind of work in a state. It follows the table as
/// shipped: what admins change there later is checked beside the key, so a key never depends on it.
pub(crate) fn lane(kind: Kind, state: Option<State>) -> Option<&'static str> {
    static OF_STATE: LazyLock<Vec<Option<String>>> = LazyLock::new(|| {
        let rules = Rulebook::shipped();
        State::all()
            .map(|s| match rules.demand(Kind::Ime, true, Some(s)) {
                StateDemand::Keys(keys) => keys.into_iter().next(),
                StateDemand::Nothing | StateDemand::Unknown => None,
            })
            .collect()
    });
    match kind {
        Kind::Qme => Some(CA_QME),
        Kind::Ime => OF_STATE.get(usize::from(state?.number())).and_then(Option::as_deref),
        Kind::ChartReview => None,
    }
}

/// The keys of a member, sorted; none unless the standing is active.
///
/// With a day, only what is current on it counts. Without one every licence and certification counts, so that no
/// key depends on the day: the dates stand in a column and are looked at where one has passed. The caller passes
/// on only the keys of members whose permissions allow a match: no flag, no key.
#[must_use]
pub fn profile_keys(who: &Candidate, on: Option<NaiveDate>) -> Vec<u64> {
    if who.standing != MemberStanding::Active {
        return Vec::new();
    }
    let profile = &who.profile;
    let counts = |expires_on: Option<NaiveDate>| on.is_none_or(|day| is_current(expires_on, day));
    let licensed: Vec<State> = {
        let mut all: Vec<State> = profile.licences.iter().filter(|l| counts(l.expires_on)).map(|l| l.state).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let mut places: Vec<(Place, Option<State>)> = profile
        .reach()
        .into_iter()
        .map(|m| (Place::market(m, licensed.contains(&m.state())), Some(m.state())))
        .collect();
    if profile.remote {
        places.push((Place::remote(!licensed.is_empty()), None));
        places.extend(licensed.iter().map(|s| (Place::remote_in(*s), Some(*s))));
    }
    let specialties = || profile.specialties.iter().map(|h| u64::from(h.specialty.number())).chain([ANY_SPECIALTY]);
    let mut keys = Vec::with_capacity(profile.interests.len() * places.len() * (profile.specialties.len() + 1));
    for kind in &profile.interests {
        for (place, state) in &places {
            let class = class(profile, lane(*kind, *state), counts);
            keys.extend(specialties().map(|s| key(*kind, class, s, *place)));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn class(profile: &Profile, lane: Option<&str>, counts: impl Fn(Option<NaiveDate>) -> bool) -> Class {
    let Some(lane) = lane else { return Class::None };
    let held = profile.certifications.iter().filter(|c| c.key == lane && counts(c.expires_on));
    match held.map(|c| c.status).max() {
        Some(CertificationStatus::Appointed) => Class::Held,
        Some(CertificationStatus::InProgress) => Class::OnTheWay,
        Some(CertificationStatus::Interested) | None => Class::None,
    }
}
