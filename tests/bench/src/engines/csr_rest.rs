//! The yardstick's own judgement of the cases that the packed number leaves open.

use chrono::{Datelike, NaiveDate};
use domain::CompanyId;
use domain::candidate::Offer;
use domain::certification::{Rulebook, StateDemand};
use domain::eligibility::{Spot, spots};
use domain::opening::LicenceRule;
use domain::pay::PayVerdict;
use domain::profile::ProviderClass;
use uuid::Uuid;

use super::csr_facts::{Company, Facts, Set};
use crate::generate::now;
use crate::pack::{self, PayAsk};

/// What an opening asks beyond keys and packed number; made once, outside every timing.
#[derive(Debug, Clone)]
pub struct Rest {
    today: u32,
    company: Company,
    /// Flags of the packed number that ask for a look at the columns.
    look: u64,
    years: u64,
    /// Bit 0: physicians, bit 1: other providers.
    classes: u64,
    /// One of these flags.
    flags: u64,
    /// The first pay bits of those that are not reached, and how many follow; where the bits stand.
    unreached: (u64, u64, u32),
    /// Certified in one of these specialties, one bit each.
    board: Option<u64>,
    kind: u32,
    pub(super) pay: Option<PayAsk>,
    languages: Vec<u64>,
    spots: Vec<SpotRest>,
}

/// What is asked at one place.
#[derive(Debug, Clone)]
struct SpotRest {
    /// One bit for each state of which one licence is needed, twice when two rules apply.
    licences: Vec<u64>,
    /// Hash of each certification and the least status.
    demanded: Vec<(u64, u32)>,
}

impl Rest {
    /// Of this opening.
    #[must_use]
    pub fn of(rules: &Rulebook, offer: &Offer) -> Self {
        let terms = &offer.terms;
        let named = terms.specialties.iter().fold(0, |mask, s| mask | 1 << s.number());
        let board = terms.requires.board_certified.then_some(if named == 0 { u64::MAX } else { named });
        let pay = PayAsk::of(terms);
        let look = board.map_or(0, |_| pack::BOARD_SOME) | pay.map_or(0, |_| pack::ODD_PAY) | pack::BLOCKS;
        Self {
            today: today(),
            company: words(&offer.company),
            look,
            years: u64::from(terms.requires.min_years) << pack::YEARS,
            classes: classes(&terms.requires.provider_classes),
            flags: if board.is_some() { pack::BOARD_ALL | pack::BOARD_SOME } else { 0 },
            unreached: unreached(pay),
            board,
            kind: pack::kind(terms.kind),
            pay,
            languages: terms.requires.languages.iter().map(|l| fnv(l) >> 32).collect(),
            spots: spots(terms).into_iter().map(|spot| SpotRest::of(rules, offer, spot)).collect(),
        }
    }

    /// Ready for the members of one spot's lists; `implied` when the keys say all about it.
    pub(super) fn at<'a>(&'a self, facts: &'a Facts, spot: u16, implied: bool) -> At<'a> {
        At {
            rest: self,
            facts,
            spot: &self.spots[usize::from(spot)],
            // A day beyond every expiry: nobody is sure.
            sure_after: if implied && self.languages.is_empty() { u64::from(self.today) } else { u64::MAX },
            implied,
            blockers: facts.blockers(&self.company),
        }
    }

    /// The verdict on a minimum that is not in the packed number.
    #[inline]
    pub(super) fn odd_pay(&self, facts: &Facts, pid: u32, ask: PayAsk) -> PayVerdict {
        let mut verdict = PayVerdict::NoMinimum;
        for fact in facts.pays(self.kind, pid) {
            let least = (fact & ((1 << 48) - 1)) as i64;
            if fact >> 48 & 0xf == ask.basis {
                return if ask.best < least { PayVerdict::Below } else { PayVerdict::Reaches(ask.best - least) };
            }
            verdict = PayVerdict::OtherUnit;
        }
        verdict
    }
}

/// The classes asked for; any when none is named.
fn classes(asked: &[ProviderClass]) -> u64 {
    let bit = |class: &ProviderClass| if *class == ProviderClass::NonMd { 2 } else { 1 };
    match asked.iter().map(bit).fold(0, |all, bit| all | bit) {
        0 => 3,
        some => some,
    }
}

fn unreached(pay: Option<PayAsk>) -> (u64, u64, u32) {
    // Above every value of the bits, so that nothing is in the range.
    let Some(pay) = pay else { return (1 << pack::PAY_BITS, 0, 0) };
    let most = (1 << pack::AMOUNT_BITS) - 1;
    let reached = ((pay.best / pay.step).max(0) as u64).min(most);
    ((pay.basis << pack::AMOUNT_BITS) + reached + 1, most - reached, pay.shift)
}

/// A question at one place.
pub(super) struct At<'a> {
    rest: &'a Rest,
    facts: &'a Facts,
    spot: &'a SpotRest,
    sure_after: u64,
    implied: bool,
    blockers: &'a Set,
}

impl At<'_> {
    /// As `Ask::admits`, with all that can be worked out before.
    #[inline]
    pub(super) fn admits(&self, p: u64) -> bool {
        let rest = self.rest;
        let (first, count, shift) = rest.unreached;
        let pay = (p >> shift & ((1 << pack::PAY_BITS) - 1)).wrapping_sub(first) >= count;
        let class = rest.classes >> (p >> pack::NON_MD & 1) & 1 == 1;
        let board = (rest.flags == 0) | (p & rest.flags != 0);
        pay & class & board & (p & (0xff << pack::YEARS) >= rest.years)
    }

    /// True when the packed number of an admitted member leaves nothing open.
    #[inline]
    pub(super) fn is_sure(&self, p: u64) -> bool {
        (p & 0xffff > self.sure_after) & (p & self.rest.look == 0)
    }

    /// Whether an admitted member fits of whom something is open.
    #[inline]
    pub(super) fn fits(&self, p: u64, pid: u32) -> bool {
        let (rest, facts) = (self.rest, self.facts);
        if p & pack::BLOCKS != 0 && self.blockers.contains(&pid) {
            return false;
        }
        let bit = |bits: &[u64]| bits.get(pid as usize / 64).is_some_and(|word| word >> (pid % 64) & 1 == 1);
        if !rest.languages.iter().all(|l| bit(facts.speakers(*l))) {
            return false;
        }
        if p & pack::ODD_PAY != 0 && rest.pay.is_some_and(|ask| rest.odd_pay(facts, pid, ask) == PayVerdict::Below) {
            return false;
        }
        if let Some(named) = rest.board
            && p & pack::BOARD_ALL == 0
            && facts.boards(pid) & named == 0
        {
            return false;
        }
        let is_current = p & 0xffff > u64::from(rest.today);
        (self.implied && is_current) || self.spot.holds(facts, rest.today, pid)
    }
}

impl SpotRest {
    fn of(rules: &Rulebook, offer: &Offer, spot: Spot) -> Self {
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
        let least = if terms.certification.takes_candidates { 1 } else { 2 };
        Self {
            licences: of_place.into_iter().chain(named).collect(),
            demanded: keys.iter().map(|key| (fnv(key) >> 24, least)).collect(),
        }
    }

    fn holds(&self, facts: &Facts, today: u32, pid: u32) -> bool {
        let held = |(hash, least): &(u64, u32)| {
            facts.certification(*hash).is_some_and(|number| facts.is_certified(today, pid, number, *least))
        };
        self.licences.iter().all(|states| facts.is_licensed(today, pid, *states)) && self.demanded.iter().all(held)
    }
}

/// Days since 2000, as documents count them.
#[must_use]
pub fn today() -> u32 {
    let from = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day of the calendar");
    (now().date_naive().num_days_from_ce() - from.num_days_from_ce()) as u32
}

fn words(company: &CompanyId) -> Company {
    Uuid::try_parse(company.as_str()).expect("an id is a UUID").as_u64_pair()
}

/// FNV-1a, as documents hash words.
fn fnv(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
