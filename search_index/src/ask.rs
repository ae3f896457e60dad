//! An opening as the profiles index is asked for it: the lists of keys it can be met by, and what is left to check.

use chrono::{DateTime, Utc};
use domain::Kind;
use domain::candidate::Offer;
use domain::certification::{Rulebook, StateDemand};
use domain::eligibility::{Rule, Spot, spots};
use domain::opening::{LicenceRule, Terms};
use domain::place::{Market, State};

use crate::facts::{Facts, NEVER, certification_hash};
use crate::keys::{ANY_SPECIALTY, Class, Place, key, lane};
use crate::rest::Rest;

/// What an opening asks, made once for a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Each member stands in at most one of the lists of one specialty and spot.
    pub(crate) lists: Vec<List>,
    pub(crate) spots: Vec<SpotAsk>,
    pub(crate) rest: Rest,
    /// A member may stand in several lists.
    pub(crate) overlapping: bool,
}

/// The members with one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    /// The key.
    pub key: u64,
    /// Which of the opening's places it stands for.
    pub spot: u16,
}

/// What is asked at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SpotAsk {
    /// Nothing for remote work.
    pub(crate) market: Option<Market>,
    /// The state the work counts to.
    pub(crate) state: Option<State>,
    pub(crate) licence: LicenceAsk,
    /// Also a licence of one of these states, one bit each.
    pub(crate) named: Option<u64>,
    pub(crate) demanded: Vec<Demand>,
    /// The keys say all of this, unless a credential has run out.
    pub(crate) implied: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LicenceAsk {
    Nothing,
    Any,
    Of(State),
}

/// A certification that is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Demand {
    pub(crate) hash: u64,
    /// Being on the way is enough.
    pub(crate) takes_candidates: bool,
}

impl Ask {
    /// What the opening asks on this day; nobody fits one that is not live.
    #[must_use]
    pub fn of(rules: &Rulebook, offer: &Offer, now: DateTime<Utc>) -> Self {
        Self::build(rules, offer, now, None)
    }

    /// The same without one rule, to find who fails by that rule alone. For `Active`, which no key can be made
    /// without, it is the same as `of`.
    #[must_use]
    pub fn without(rule: Rule, rules: &Rulebook, offer: &Offer, now: DateTime<Utc>) -> Self {
        Self::build(rules, offer, now, Some(rule))
    }

    fn build(rules: &Rulebook, offer: &Offer, now: DateTime<Utc>, skip: Option<Rule>) -> Self {
        let terms = &offer.terms;
        // Nobody without the specialty is board certified in it, so that rule alone can then stop nobody.
        let any = skip == Some(Rule::Specialty) && !terms.requires.board_certified;
        let specialties: Vec<u64> = if terms.specialties.is_empty() || any {
            vec![ANY_SPECIALTY]
        } else {
            terms.specialties.iter().map(|s| u64::from(s.number())).collect()
        };
        let mut ask = Self {
            lists: Vec::new(),
            spots: Vec::new(),
            rest: Rest::of(offer, now.date_naive(), skip),
            overlapping: false,
        };
        if offer.liveness.is_live(now) {
            for spot in spots(terms) {
                ask.add_spot(rules, terms, spot, skip, &specialties);
            }
        }
        ask.lists.sort_unstable_by_key(|l| (l.key, l.spot));
        ask.lists.dedup();
        let wide = matches!(skip, Some(Rule::Place | Rule::Kind));
        ask.overlapping = wide || specialties.len() > 1 || ask.spots.len() > 1;
        ask
    }

    fn add_spot(&mut self, rules: &Rulebook, terms: &Terms, spot: Spot, skip: Option<Rule>, specialties: &[u64]) {
        let Ok(number) = u16::try_from(self.spots.len()) else { return };
        let Some(mut at) = SpotAsk::of(rules, terms, spot, skip) else { return };
        let kinds: Vec<Kind> = if skip == Some(Rule::Kind) { Kind::ALL.to_vec() } else { vec![terms.kind] };
        let places = at.places(spot, skip);
        // A place or kind of another sort says nothing about what is asked here.
        at.implied &= !matches!(skip, Some(Rule::Place | Rule::Kind));
        for (place, state) in places {
            for kind in &kinds {
                for class in at.classes(lane(*kind, state)) {
                    let lists = specialties.iter().map(|s| List { key: key(*kind, *class, *s, place), spot: number });
                    self.lists.extend(lists);
                }
            }
        }
        self.spots.push(at);
    }

    /// The lists; none when nobody can fit.
    #[must_use]
    pub fn lists(&self) -> &[List] {
        &self.lists
    }

    /// True when a member may stand in several of the lists.
    #[must_use]
    pub const fn is_overlapping(&self) -> bool {
        self.overlapping
    }

    /// False when the packed number of a member alone says that they do not fit.
    #[must_use]
    #[inline]
    pub fn admits(&self, pack: u64) -> bool {
        self.rest.admits(pack)
    }

    /// True when the packed number of an admitted member says all there is to say, where the keys imply the rest.
    #[must_use]
    #[inline]
    pub fn is_sure(&self, pack: u64) -> bool {
        self.rest.is_sure(pack)
    }

    /// True when the keys of this spot's lists say all about licence, certification and place.
    #[must_use]
    #[inline]
    pub fn is_implied(&self, spot: u16) -> bool {
        self.spots.get(usize::from(spot)).is_some_and(|s| s.implied)
    }

    /// Judges an admitted member of this spot's list by everything the index knows.
    pub(crate) fn holds(&self, pack: u64, facts: &impl Facts, spot: u16) -> bool {
        self.rest.holds(pack, facts)
            && self.spots.get(usize::from(spot)).is_some_and(|s| s.holds(facts, self.rest.today))
    }

    /// As `holds`, and looks at licences and certifications only where the key does not say all.
    pub(crate) fn fits(&self, pack: u64, facts: &impl Facts, spot: u16) -> bool {
        let is_current = pack & NEVER > self.rest.today;
        self.rest.holds(pack, facts)
            && self
                .spots
                .get(usize::from(spot))
                .is_some_and(|s| (s.implied && is_current) || s.holds(facts, self.rest.today))
    }

    /// As `holds`, for a document in memory.
    #[must_use]
    pub fn is_met_by(&self, doc: &crate::ProfileDoc, spot: u16) -> bool {
        self.holds(doc.pack, doc, spot)
    }
}

impl SpotAsk {
    /// Nothing when the place can be met by nobody.
    fn of(rules: &Rulebook, terms: &Terms, spot: Spot, skip: Option<Rule>) -> Option<Self> {
        let state = spot.state();
        let mut licence = match (&terms.licence, state) {
            (LicenceRule::NotNeeded, _) => LicenceAsk::Nothing,
            (_, None) => LicenceAsk::Any,
            (_, Some(state)) => LicenceAsk::Of(state),
        };
        let mut named = match (&terms.licence, spot) {
            (LicenceRule::OneOf(states), Spot::Market(m)) if !states.contains(&m.state()) => {
                Some(states.iter().fold(0u64, |mask, s| mask | 1 << s.number()))
            }
            _ => None,
        };
        if skip == Some(Rule::Licence) {
            (licence, named) = (LicenceAsk::Nothing, None);
        }
        if named == Some(0) {
            return None;
        }
        let mut keys = match rules.demand(terms.kind, terms.comp_related, state) {
            StateDemand::Keys(keys) => keys,
            StateDemand::Nothing | StateDemand::Unknown => Vec::new(),
        };
        keys.extend(terms.certification.required.iter().filter(|k| !keys.contains(k)).cloned().collect::<Vec<_>>());
        if skip == Some(Rule::Certification) {
            keys.clear();
        }
        let takes_candidates = terms.certification.takes_candidates;
        let demanded: Vec<Demand> =
            keys.iter().map(|k| Demand { hash: certification_hash(k), takes_candidates }).collect();
        let lane = lane(terms.kind, state);
        let implied = named.is_none() && keys.iter().all(|k| lane == Some(k.as_str()));
        let market = match spot {
            Spot::Market(m) => Some(m),
            Spot::Remote(_) => None,
        };
        Some(Self { market, state, licence, named, demanded, implied })
    }

    /// The places in the keys of members who can do it, with the state that decides the lane.
    fn places(&mut self, spot: Spot, skip: Option<Rule>) -> Vec<(Place, Option<State>)> {
        if skip == Some(Rule::Place) {
            let on_site = Market::all().flat_map(|m| [true, false].map(|l| (Place::market(m, l), Some(m.state()))));
            return on_site.chain([true, false].map(|l| (Place::remote(l), None))).collect();
        }
        let licences: &[bool] = if self.licence == LicenceAsk::Nothing { &[true, false] } else { &[true] };
        match spot {
            Spot::Market(m) => licences.iter().map(|l| (Place::market(m, *l), Some(m.state()))).collect(),
            Spot::Remote(Some(state)) if self.licence != LicenceAsk::Nothing => {
                vec![(Place::remote_in(state), Some(state))]
            }
            Spot::Remote(state) => {
                // Without the licence rule the members of a remote place are not told apart by its state's lane.
                self.implied &= state.is_none() || self.demanded.is_empty();
                licences.iter().map(|l| (Place::remote(*l), None)).collect()
            }
        }
    }

    fn classes(&self, lane: Option<&str>) -> &'static [Class] {
        let Some(lane) = lane else { return &[Class::None] };
        let hash = certification_hash(lane);
        match self.demanded.iter().find(|d| d.hash == hash) {
            Some(d) if d.takes_candidates => &[Class::OnTheWay, Class::Held],
            Some(_) => &[Class::Held],
            None => Class::ALL,
        }
    }

    /// Licences and certifications, by their dates.
    fn holds(&self, facts: &impl Facts, today: u64) -> bool {
        let is_current = |fact: u64| today < fact & 0xffff;
        let licensed = match self.licence {
            LicenceAsk::Nothing => true,
            LicenceAsk::Any => facts.licences().any(is_current),
            LicenceAsk::Of(state) => facts.licences().any(|l| is_current(l) && l >> 16 == u64::from(state.number())),
        };
        let named = self.named.is_none_or(|mask| facts.licences().any(|l| is_current(l) && mask >> (l >> 16) & 1 == 1));
        licensed && named && self.demanded.iter().all(|d| d.is_met(facts.certifications().filter(|c| is_current(*c))))
    }
}

impl Demand {
    /// Whether one of these current certifications meets it.
    pub(crate) fn is_met(self, mut held: impl Iterator<Item = u64>) -> bool {
        let least = if self.takes_candidates { 1 } else { 2 };
        held.any(|c| c >> 18 == self.hash && (c >> 16 & 3) >= least)
    }
}
