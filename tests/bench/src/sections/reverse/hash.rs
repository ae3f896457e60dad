//! The yardstick: key -> openings in plain memory. What nearly every check needs stands in the list itself, so a walk
//! reads memory in order; what is rare stands aside. Nothing is decoded, locked, or checked for deletion or time.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use domain::candidate::{Candidate, Offer};
use domain::certification::{Rulebook, StateDemand};
use domain::eligibility::{Spot, spots};
use domain::opening::{LicenceRule, Requires};
use domain::pay::PayBasis;
use domain::profile::{CertificationStatus, ProviderClass, is_current};
use search_index::{Ask, profile_keys};

use crate::engines::lists::Mix;
use crate::generate::now;
use crate::pack;

/// Bits of `pack`: years (8), classes (2), board, kind (2), basis (3), company (16), best figure (32).
const CLASSES: u32 = 8;
const BOARD: u64 = 1 << 10;
const KIND: u32 = 11;
const BASIS: u32 = 13;
const COMPANY: u32 = 16;
const BEST: u32 = 32;
const ANY_SPECIALTY: u64 = 0xffff;

/// One opening in one list.
#[derive(Clone, Copy)]
struct Entry {
    pack: u64,
    opening: u32,
    /// Place in `mores`; 0 for none.
    more: u32,
}

/// What few openings ask, at one place.
struct More {
    /// One bit each.
    languages: u64,
    /// One bit for each state of which one licence is needed, twice when two rules apply.
    licences: Vec<u64>,
    /// Number of each certification and the least status.
    demanded: Vec<(u32, CertificationStatus)>,
}

/// Words as numbers.
type Numbers = HashMap<String, u32>;

/// The lists.
pub(super) struct Hash {
    lists: HashMap<u64, Vec<Entry>, BuildHasherDefault<Mix>>,
    mores: Vec<More>,
    ids: Vec<String>,
    companies: Numbers,
    languages: Numbers,
    certifications: Numbers,
    seen: Vec<u64>,
}

/// A member, made once outside the time.
pub(super) struct Seeker {
    keys: Vec<u64>,
    years: u64,
    class: u64,
    /// One bit for each specialty.
    certified: u64,
    /// By kind and basis.
    least: [[u64; 8]; 4],
    blocked: Vec<u64>,
    languages: u64,
    licensed: u64,
    certifications: Vec<(u32, CertificationStatus)>,
}

impl Hash {
    pub(super) fn of(rules: &Rulebook, offers: &[Offer]) -> Self {
        let mut hash = Self {
            lists: HashMap::default(),
            mores: vec![More { languages: 0, licences: Vec::new(), demanded: Vec::new() }],
            ids: offers.iter().map(|offer| offer.opening.as_str().to_owned()).collect(),
            companies: Numbers::new(),
            languages: Numbers::new(),
            certifications: Numbers::new(),
            seen: vec![0; offers.len() / 64 + 1],
        };
        for (opening, offer) in (0..).zip(offers) {
            hash.add(rules, opening, offer);
        }
        hash.lists.values_mut().for_each(Vec::shrink_to_fit);
        hash
    }

    fn add(&mut self, rules: &Rulebook, opening: u32, offer: &Offer) {
        let ask = Ask::of(rules, offer, now());
        let pack = self.pack(offer);
        let mores: Vec<u32> = (0..)
            .zip(spots(&offer.terms))
            .map(|(n, spot)| {
                if ask.is_implied(n) && offer.terms.requires.languages.is_empty() {
                    return 0;
                }
                let more = self.more(rules, offer, spot);
                self.mores.push(more);
                self.mores.len() as u32 - 1
            })
            .collect();
        for list in ask.lists() {
            let entry = Entry { pack, opening, more: mores[usize::from(list.spot)] };
            self.lists.entry(list.key).or_default().push(entry);
        }
    }

    fn pack(&mut self, offer: &Offer) -> u64 {
        let terms = &offer.terms;
        let Requires { min_years, board_certified, ref provider_classes, .. } = terms.requires;
        let class = |c: &ProviderClass| if *c == ProviderClass::NonMd { 2 } else { 1 };
        let classes: u64 = match provider_classes.iter().map(class).fold(0, |all, bit| all | bit) {
            0 => 3,
            some => some,
        };
        let (basis, best) = terms.pay.best().map_or((7, 0), |cents| (basis(terms.pay.basis), cents as u64));
        u64::from(min_years)
            | classes << CLASSES
            | if board_certified { BOARD } else { 0 }
            | u64::from(pack::kind(terms.kind)) << KIND
            | basis << BASIS
            | u64::from(number(&mut self.companies, offer.company.as_str())) << COMPANY
            | best << BEST
    }

    fn more(&mut self, rules: &Rulebook, offer: &Offer, spot: Spot) -> More {
        let terms = &offer.terms;
        let of_place = match (&terms.licence, spot.state()) {
            (LicenceRule::NotNeeded, _) => None,
            (_, Some(state)) => Some(1 << state.number()),
            (_, None) => Some(u64::MAX),
        };
        let named = match (&terms.licence, spot) {
            (LicenceRule::OneOf(states), Spot::Market(_)) => {
                Some(states.iter().fold(0, |mask, s| mask | 1 << s.number()))
            }
            _ => None,
        };
        let mut keys = match rules.demand(terms.kind, terms.comp_related, spot.state()) {
            StateDemand::Keys(keys) => keys,
            StateDemand::Nothing | StateDemand::Unknown => Vec::new(),
        };
        keys.extend(terms.certification.required.clone());
        let enough = if terms.certification.takes_candidates {
            CertificationStatus::InProgress
        } else {
            CertificationStatus::Appointed
        };
        let languages = &terms.requires.languages;
        More {
            languages: languages.iter().fold(0, |mask, l| mask | 1 << number(&mut self.languages, l)),
            licences: of_place.into_iter().chain(named).collect(),
            demanded: keys.iter().map(|key| (number(&mut self.certifications, key), enough)).collect(),
        }
    }

    /// The member in the numbers of these lists.
    pub(super) fn seeker(&self, who: &Candidate) -> Seeker {
        let (profile, today) = (&who.profile, now().date_naive());
        let mut least = [[0; 8]; 4];
        for min in &profile.min_pay {
            let of = &mut least[pack::kind(min.kind) as usize][basis(min.basis) as usize];
            *of = (min.cents as u64).max(*of);
        }
        let licences = profile.licences.iter().filter(|l| is_current(l.expires_on, today));
        let held = profile.certifications.iter().filter(|c| is_current(c.expires_on, today));
        let languages = profile.languages.iter().filter_map(|l| self.languages.get(l));
        let board = profile.specialties.iter().filter(|s| s.board_certified);
        Seeker {
            keys: profile_keys(who, Some(today)),
            years: profile.years.unwrap_or(0).into(),
            class: if profile.provider_class == ProviderClass::NonMd { 2 } else { 1 },
            certified: board.fold(0, |mask, s| mask | 1 << s.specialty.number()),
            least,
            blocked: who.blocked.iter().filter_map(|c| self.companies.get(c.as_str())).map(|n| (*n).into()).collect(),
            languages: languages.fold(0, |mask, n| mask | 1 << n),
            licensed: licences.fold(0, |mask, l| mask | 1 << l.state.number()),
            certifications: held.filter_map(|c| Some((*self.certifications.get(&c.key)?, c.status))).collect(),
        }
    }

    /// How many fit.
    pub(super) fn count(&mut self, seeker: &Seeker) -> usize {
        let mut count = 0;
        self.walk(seeker, |_, _| count += 1);
        count
    }

    /// The ids of those that fit, as text, which is what the index gives.
    pub(super) fn ids(&mut self, seeker: &Seeker) -> Vec<String> {
        let mut all = Vec::new();
        self.walk(seeker, |ids, opening| all.push(ids[opening as usize].clone()));
        all
    }

    fn walk(&mut self, seeker: &Seeker, mut visit: impl FnMut(&[String], u32)) {
        let Self { lists, mores, ids, seen, .. } = self;
        seen.fill(0);
        for key in &seeker.keys {
            let Some(list) = lists.get(key) else { continue };
            let specialty = key >> 32 & 0xffff;
            let certified = match specialty {
                ANY_SPECIALTY => seeker.certified != 0,
                named => seeker.certified >> named & 1 == 1,
            };
            for entry in list {
                if !seeker.fits(entry.pack, certified)
                    || (entry.more != 0 && !seeker.brings(&mores[entry.more as usize]))
                {
                    continue;
                }
                let (word, bit) = (entry.opening as usize / 64, 1 << (entry.opening % 64));
                if seen[word] & bit == 0 {
                    seen[word] |= bit;
                    visit(ids, entry.opening);
                }
            }
        }
    }
}

impl Seeker {
    #[inline]
    fn fits(&self, p: u64, certified: bool) -> bool {
        let least = self.least[(p >> KIND & 3) as usize][(p >> BASIS & 7) as usize];
        (self.years >= p & 0xff)
            & (p >> CLASSES & self.class != 0)
            & (certified | (p & BOARD == 0))
            & (p >> BEST >= least)
            && (self.blocked.is_empty() || !self.blocked.contains(&(p >> COMPANY & 0xffff)))
    }

    fn brings(&self, more: &More) -> bool {
        let held = |(key, least): &(u32, CertificationStatus)| {
            self.certifications.iter().any(|(k, status)| k == key && status >= least)
        };
        self.languages & more.languages == more.languages
            && more.licences.iter().all(|states| self.licensed & states != 0)
            && more.demanded.iter().all(held)
    }
}

/// The number of a word; the next one for a new word.
fn number(numbers: &mut Numbers, word: &str) -> u32 {
    let next = numbers.len() as u32;
    *numbers.entry(word.to_owned()).or_insert(next)
}

/// Nobody states a least pay of the basis 7.
const fn basis(basis: PayBasis) -> u64 {
    match basis {
        PayBasis::NotStated => 7,
        other => other as u64,
    }
}
