//! What the index knows of a member beside the keys: two packed numbers that decide nearly every case, and
//! short lists for the rest.
//!
//! Nothing here is a name, an address or a text. Every list is of numbers; a language, a certification and a
//! company stand as hashes of theirs. A hash that two words share could only propose one member too many, which
//! the check of the row then refuses; a blocked company is compared by its whole id.

use chrono::{Datelike, NaiveDate};
use domain::candidate::Candidate;
use domain::pay::{MinPay, PayBasis};
use domain::profile::{CertificationStatus, Profile, ProviderClass};
use domain::{CompanyId, Kind};

use crate::keys::profile_keys;
use crate::lists::{Fnv, kind_number};

/// No day.
pub(crate) const NEVER: u64 = 0xffff;
/// The first day a day number counts from, as days of the common era: 2000-01-01.
const FIRST_DAY: i32 = 730_120;

/// Bits of `pack`: the first day on which a licence or certification no longer counts (16), years (8), then flags
/// and the least pay of each kind (11 each).
pub(crate) mod pack {
    pub(crate) const YEARS: u32 = 16;
    pub(crate) const NON_MD: u32 = 24;
    pub(crate) const BOARD_ALL: u64 = 1 << 25;
    pub(crate) const BOARD_SOME: u64 = 1 << 26;
    pub(crate) const BLOCKS: u64 = 1 << 27;
    /// A minimum does not fit its bits: it stands in `more`.
    pub(crate) const ODD_PAY: u64 = 1 << 28;
    /// Bases beyond the two in `soft` stand in `more`.
    pub(crate) const MORE_BASES: u64 = 1 << 29;
    pub(crate) const PAY: u32 = 30;
    pub(crate) const PAY_BITS: u32 = 11;
    /// Of the pay bits, those of the amount; above them the basis.
    pub(crate) const AMOUNT_BITS: u32 = 9;
}

/// Bits of `soft`: main specialty (8), day of the last confirmation (16), two bases (market 9, radius 10).
pub(crate) mod soft {
    pub(crate) const CONFIRMED: u32 = 8;
    pub(crate) const BASES: [u32; 2] = [24, 43];
    pub(crate) const BASE_BITS: u32 = 19;
    pub(crate) const RADIUS_BITS: u32 = 10;
    pub(crate) const NO_SPECIALTY: u64 = 0xff;
    pub(crate) const NO_BASE: u64 = (1 << BASE_BITS) - 1;
}

/// Tags of `more`, from bit 60.
pub(crate) mod more {
    /// Least pay: kind (4), basis (4), cents (48).
    pub(crate) const PAY: u64 = 1;
    /// Board certified in a specialty.
    pub(crate) const BOARD: u64 = 2;
    /// A base: market, radius (16 each).
    pub(crate) const BASE: u64 = 3;
    pub(crate) const TAG: u32 = 60;
}

/// A member as the profiles index holds one. Make it with [`ProfileDoc::of`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileDoc {
    /// Eligibility keys; without any the member is not in the index.
    pub keys: Vec<u64>,
    /// What nearly every check needs.
    pub pack: u64,
    /// What a score needs.
    pub soft: u64,
    /// State (from bit 16) and day of expiry of each licence.
    pub licences: Vec<u64>,
    /// Hash of the key (from bit 18), status (2) and day of expiry of each certification.
    pub certifications: Vec<u64>,
    /// Hashes of languages.
    pub languages: Vec<u64>,
    /// Ids of blocked companies, two numbers each.
    pub blocked: Vec<u64>,
    /// What does not fit the packed numbers.
    pub more: Vec<u64>,
}

/// The lists of a member, wherever they are kept.
pub(crate) trait Facts {
    fn licences(&self) -> impl Iterator<Item = u64>;
    fn certifications(&self) -> impl Iterator<Item = u64>;
    fn languages(&self) -> impl Iterator<Item = u64>;
    fn blocks(&self, company: [u64; 2]) -> bool;
    fn more(&self) -> impl Iterator<Item = u64>;
}

impl Facts for ProfileDoc {
    fn licences(&self) -> impl Iterator<Item = u64> {
        self.licences.iter().copied()
    }

    fn certifications(&self) -> impl Iterator<Item = u64> {
        self.certifications.iter().copied()
    }

    fn languages(&self) -> impl Iterator<Item = u64> {
        self.languages.iter().copied()
    }

    fn blocks(&self, company: [u64; 2]) -> bool {
        self.blocked.as_chunks().0.contains(&company)
    }

    fn more(&self) -> impl Iterator<Item = u64> {
        self.more.iter().copied()
    }
}

impl ProfileDoc {
    /// The document of a member whose permissions allow a match.
    #[must_use]
    pub fn of(who: &Candidate) -> Self {
        let mut doc = Self { keys: profile_keys(who, None), ..Self::default() };
        if doc.keys.is_empty() {
            return doc;
        }
        let profile = &who.profile;
        doc.licences =
            profile.licences.iter().map(|l| u64::from(l.state.number()) << 16 | expiry(l.expires_on)).collect();
        doc.certifications = profile
            .certifications
            .iter()
            .map(|c| certification_hash(&c.key) << 18 | status(c.status) << 16 | expiry(c.expires_on))
            .collect();
        doc.languages = profile.languages.iter().map(|l| language_hash(l)).collect();
        doc.blocked = who.blocked.iter().flat_map(company_words).collect();
        doc.pack = first_expiry(&doc) | u64::from(profile.years.unwrap_or(0)) << pack::YEARS;
        if profile.provider_class == ProviderClass::NonMd {
            doc.pack |= 1 << pack::NON_MD;
        }
        if !doc.blocked.is_empty() {
            doc.pack |= pack::BLOCKS;
        }
        doc.put_board(profile);
        doc.put_pay(&profile.min_pay);
        doc.put_soft(who);
        doc
    }

    fn put_board(&mut self, profile: &Profile) {
        let certified = profile.specialties.iter().filter(|h| h.board_certified);
        let count = certified.clone().count();
        if count > 0 && count == profile.specialties.len() {
            self.pack |= pack::BOARD_ALL;
        } else if count > 0 {
            self.pack |= pack::BOARD_SOME;
            self.more.extend(certified.map(|h| more::BOARD << more::TAG | u64::from(h.specialty.number())));
        }
    }

    fn put_pay(&mut self, all: &[MinPay]) {
        let mut bits = 0;
        for min in all {
            let shift = pay_shift(min.kind);
            match pay_bits(min) {
                Some(field) if bits >> shift & ((1 << pack::PAY_BITS) - 1) == 0 => bits |= field << shift,
                _ => {
                    self.pack |= pack::ODD_PAY;
                    self.more.extend(all.iter().filter_map(odd_pay));
                    return;
                }
            }
        }
        self.pack |= bits;
    }

    fn put_soft(&mut self, who: &Candidate) {
        let primary = who.profile.primary().map_or(soft::NO_SPECIALTY, |s| u64::from(s.number()));
        self.soft = primary | day(who.confirmed_at.date_naive()) << soft::CONFIRMED;
        let mut slots = [soft::NO_BASE; 2];
        let mut free = slots.iter_mut();
        for base in &who.profile.bases {
            let (market, radius) = (u64::from(base.market.number()), u64::from(base.radius_miles));
            let slot = if radius < 1 << soft::RADIUS_BITS { free.next() } else { None };
            match slot {
                Some(slot) => *slot = market << soft::RADIUS_BITS | radius,
                None => {
                    self.pack |= pack::MORE_BASES;
                    self.more.push(more::BASE << more::TAG | market << 16 | radius);
                }
            }
        }
        for (slot, shift) in slots.iter().zip(soft::BASES) {
            self.soft |= slot << shift;
        }
    }
}

fn first_expiry(doc: &ProfileDoc) -> u64 {
    doc.licences.iter().chain(&doc.certifications).map(|fact| fact & NEVER).min().unwrap_or(NEVER)
}

/// A day as a number; days out of range stand at the ends of it, which only makes an expiry looked at earlier.
pub(crate) fn day(day: NaiveDate) -> u64 {
    u64::try_from((day.num_days_from_ce() - FIRST_DAY).max(0)).unwrap_or(0).min(NEVER - 1)
}

fn expiry(on: Option<NaiveDate>) -> u64 {
    on.map_or(NEVER, day)
}

const fn status(status: CertificationStatus) -> u64 {
    match status {
        CertificationStatus::Interested => 0,
        CertificationStatus::InProgress => 1,
        CertificationStatus::Appointed => 2,
    }
}

/// The number of a basis; none when no pay is stated.
pub(crate) const fn basis_number(basis: PayBasis) -> Option<u64> {
    match basis {
        PayBasis::PerCase => Some(0),
        PayBasis::PerPage => Some(1),
        PayBasis::Hourly => Some(2),
        PayBasis::FeeShare => Some(3),
        PayBasis::NotStated => None,
    }
}

/// One step of the amount in the pay bits: cents, for a share basis points.
pub(crate) const fn pay_step(basis: PayBasis) -> i64 {
    match basis {
        PayBasis::PerCase => 2500,
        PayBasis::PerPage => 25,
        PayBasis::Hourly => 500,
        PayBasis::FeeShare | PayBasis::NotStated => 100,
    }
}

/// Where the pay bits of a kind begin.
pub(crate) fn pay_shift(kind: Kind) -> u32 {
    pack::PAY + pack::PAY_BITS * u32::try_from(kind_number(kind)).unwrap_or(0)
}

/// The pay bits of a minimum, when they can say it exactly.
fn pay_bits(min: &MinPay) -> Option<u64> {
    let step = pay_step(min.basis);
    let amount = u64::try_from(min.cents / step).ok()?;
    let exact = min.cents % step == 0 && (1..1 << pack::AMOUNT_BITS).contains(&amount);
    exact.then_some(basis_number(min.basis)? << pack::AMOUNT_BITS | amount)
}

fn odd_pay(min: &MinPay) -> Option<u64> {
    let cents = u64::try_from(min.cents.max(0)).unwrap_or(0).min((1 << 48) - 1);
    Some(more::PAY << more::TAG | kind_number(min.kind) << 52 | basis_number(min.basis)? << 48 | cents)
}

/// 40 bits.
pub(crate) fn certification_hash(key: &str) -> u64 {
    Fnv::of(key) >> 24
}

/// 32 bits.
pub(crate) fn language_hash(language: &str) -> u64 {
    Fnv::of(language) >> 32
}

/// A company's id as two numbers.
pub(crate) fn company_words(company: &CompanyId) -> [u64; 2] {
    let hex = |c: char| c.to_digit(16);
    let bits = company.as_str().chars().filter_map(hex).fold(0u128, |sum, digit| sum << 4 | u128::from(digit));
    let low = u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(0);
    [u64::try_from(bits >> 64).unwrap_or(0), low]
}
