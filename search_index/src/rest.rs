//! What of an opening's demands no key can hold: pay, years, board certification, provider class, languages, and
//! blocked companies.

use chrono::NaiveDate;
use domain::candidate::Offer;
use domain::eligibility::Rule;
use domain::pay::PayVerdict;
use domain::profile::ProviderClass;
use domain::score;

use crate::facts::{Facts, NEVER, basis_number, company_words, day, language_hash, more, pack, pay_shift, pay_step};
use crate::lists::kind_number;

/// The demands, ready to be compared with packed numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rest {
    pub(crate) today: u64,
    pub(crate) min_years: u64,
    /// Bit 0: physicians, bit 1: other providers.
    pub(crate) classes: u64,
    pub(crate) board: bool,
    pub(crate) kind: u64,
    pub(crate) pay: Option<PayAsk>,
    pub(crate) languages: Vec<u64>,
    pub(crate) company: Option<[u64; 2]>,
    /// One bit for each specialty named; there are fewer than 64.
    specialties: u64,
    /// Flags in `pack` that ask for a look at the lists.
    look: u64,
    /// The first pay bits that the opening does not reach, and how many follow.
    unreached: (u64, u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PayAsk {
    shift: u32,
    pub(crate) basis: u64,
    step: i64,
    pub(crate) best: i64,
}

impl Rest {
    pub(crate) fn of(offer: &Offer, today: NaiveDate, skip: Option<Rule>) -> Self {
        let terms = &offer.terms;
        let ask = &terms.requires;
        let other = skip != Some(Rule::Other);
        let class = |c: &ProviderClass| if *c == ProviderClass::NonMd { 2 } else { 1 };
        let classes = ask.provider_classes.iter().map(class).fold(0, |sum, bit| sum | bit);
        let pay = pay_ask(offer).filter(|_| skip != Some(Rule::Pay));
        let board = other && ask.board_certified;
        let company = (skip != Some(Rule::Blocked)).then(|| company_words(&offer.company));
        let flag = |on: bool, bit: u64| if on { bit } else { 0 };
        Self {
            today: day(today),
            min_years: if other { u64::from(ask.min_years) } else { 0 },
            classes: if other && classes != 0 { classes } else { 3 },
            board,
            kind: kind_number(terms.kind),
            pay,
            languages: if other { ask.languages.iter().map(|l| language_hash(l)).collect() } else { Vec::new() },
            company,
            specialties: terms.specialties.iter().fold(0, |mask, s| mask | bit(u64::from(s.number()))),
            unreached: unreached(pay),
            look: flag(board, pack::BOARD_SOME)
                | flag(pay.is_some(), pack::ODD_PAY)
                | flag(company.is_some(), pack::BLOCKS),
        }
    }

    /// False when the packed number alone says no. Without branches: for the processor the answer is as good as random.
    #[inline]
    pub(crate) fn admits(&self, p: u64) -> bool {
        let (first, count) = self.unreached;
        let shift = self.pay.map_or(0, |ask| ask.shift);
        let pay = (p >> shift & ((1 << pack::PAY_BITS) - 1)).wrapping_sub(first) >= count;
        let class = self.classes >> (p >> pack::NON_MD & 1) & 1 == 1;
        let board = !self.board | (p & (pack::BOARD_ALL | pack::BOARD_SOME) != 0);
        let years = p & (0xff << pack::YEARS) >= self.min_years << pack::YEARS;
        pay & class & board & years
    }

    /// True when an admitted number leaves nothing open.
    #[inline]
    pub(crate) fn is_sure(&self, p: u64) -> bool {
        (p & NEVER > self.sure_after()) & (p & self.look == 0)
    }

    /// The day after which every credential must end for a number to be sure; no day is late enough when languages are
    /// asked for, which no number holds.
    #[inline]
    pub(crate) const fn sure_after(&self) -> u64 {
        if self.languages.is_empty() { self.today } else { u64::MAX }
    }

    /// Flags in `pack` that leave something open.
    #[inline]
    pub(crate) const fn look(&self) -> u64 {
        self.look
    }

    /// Judges an admitted member by the lists, as far as the packed number leaves something open.
    pub(crate) fn holds(&self, p: u64, facts: &impl Facts) -> bool {
        if p & self.look & pack::BLOCKS != 0 && self.company.is_some_and(|company| facts.blocks(company)) {
            return false;
        }
        if p & self.look & pack::ODD_PAY != 0 && matches!(self.odd_pay(facts), PayVerdict::Below) {
            return false;
        }
        (!self.board || self.is_certified(p, facts))
            && self.languages.iter().all(|l| facts.languages().any(|held| held == *l))
    }

    /// Board certified in a specialty that counts for the opening.
    fn is_certified(&self, p: u64, facts: &impl Facts) -> bool {
        // All of a member's specialties are certified: one of them brought the member here.
        p & pack::BOARD_ALL != 0
            || facts
                .more()
                .filter(|fact| fact >> more::TAG == more::BOARD)
                .any(|fact| self.specialties == 0 || self.names(fact & 0xffff))
    }

    fn odd_pay(&self, facts: &impl Facts) -> PayVerdict {
        let Some(ask) = self.pay else { return PayVerdict::NotStated };
        let mut verdict = PayVerdict::NoMinimum;
        for fact in facts.more().filter(|f| f >> more::TAG == more::PAY && f >> 52 & 0xff == self.kind) {
            let least = i64::try_from(fact & ((1 << 48) - 1)).unwrap_or(i64::MAX);
            if fact >> 48 & 0xf == ask.basis {
                return if ask.best < least { PayVerdict::Below } else { PayVerdict::Reaches(ask.best - least) };
            }
            verdict = PayVerdict::OtherUnit;
        }
        verdict
    }

    /// Points for pay, as `domain::score` gives them to an eligible member.
    #[inline]
    pub(crate) fn pay_points(&self, p: u64, facts: impl FnOnce() -> PayVerdict) -> i32 {
        let Some(ask) = self.pay else { return score::surplus(PayVerdict::NotStated) };
        let field = ask.field(p);
        score::surplus(if p & pack::ODD_PAY != 0 {
            facts()
        } else if field == 0 {
            PayVerdict::NoMinimum
        } else if field >> pack::AMOUNT_BITS == ask.basis {
            let least = i64::try_from(field & AMOUNT).unwrap_or(0) * ask.step;
            PayVerdict::Reaches(ask.best - least)
        } else {
            PayVerdict::OtherUnit
        })
    }

    /// The verdict for a member whose minimums stand in the lists.
    pub(crate) fn verdict(&self, facts: &impl Facts) -> PayVerdict {
        self.odd_pay(facts)
    }

    /// True for a specialty that the opening names.
    #[inline]
    pub(crate) const fn names(&self, specialty: u64) -> bool {
        self.specialties & bit(specialty) != 0
    }
}

/// One bit for a number of a list; numbers beyond are none of the list's.
const fn bit(number: u64) -> u64 {
    if number < 64 { 1 << number } else { 0 }
}

const AMOUNT: u64 = (1 << pack::AMOUNT_BITS) - 1;

impl PayAsk {
    #[inline]
    const fn field(self, p: u64) -> u64 {
        p >> self.shift & ((1 << pack::PAY_BITS) - 1)
    }
}

fn pay_ask(offer: &Offer) -> Option<PayAsk> {
    let pay = &offer.terms.pay;
    let (basis, best, step) = (basis_number(pay.basis)?, pay.best()?, pay_step(pay.basis));
    Some(PayAsk { shift: pay_shift(offer.terms.kind), basis, step, best })
}

/// The pay bits of the same basis above what the opening reaches are one range; without pay it is empty.
fn unreached(ask: Option<PayAsk>) -> (u64, u64) {
    let Some(ask) = ask else { return (0, 0) };
    let reached = u64::try_from(ask.best / ask.step).unwrap_or(0).min(AMOUNT);
    ((ask.basis << pack::AMOUNT_BITS) + reached + 1, AMOUNT - reached)
}
