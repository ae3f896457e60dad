//! The bits of the packed numbers of a `ProfileDoc`, for engines that cannot call `Ask::admits`: SQL tests them as
//! numbers, and the in-memory yardstick has a score of its own. Written down once more on purpose: when the index
//! changes its layout without this file, the comparison of answers before any timing fails.

use domain::Kind;
use domain::candidate::Offer;
use domain::opening::Terms;
use domain::pay::PayBasis;
use domain::profile::ProviderClass;

/// Years in practice.
pub const YEARS: u32 = 16;
/// Set for other providers than physicians.
pub const NON_MD: u32 = 24;
/// Board certified in all specialties.
pub const BOARD_ALL: u64 = 1 << 25;
/// Board certified in some specialties.
pub const BOARD_SOME: u64 = 1 << 26;
/// Some company is blocked.
pub const BLOCKS: u64 = 1 << 27;
/// A minimum stands in `more`.
pub const ODD_PAY: u64 = 1 << 28;
/// Bases stand in `more`.
pub const MORE_BASES: u64 = 1 << 29;
/// Pay of a kind.
pub const PAY_BITS: u32 = 11;
/// Of these, the amount.
pub const AMOUNT_BITS: u32 = 9;

/// Bits of `soft`.
pub mod soft {
    /// Day of the last confirmation.
    pub const CONFIRMED: u32 = 8;
    /// Two bases.
    pub const BASES: [u32; 2] = [24, 43];
    /// Size of one.
    pub const BASE_BITS: u32 = 19;
    /// Of these, the radius.
    pub const RADIUS_BITS: u32 = 10;
}

/// Tags of `more`, from bit 60.
pub mod more {
    /// Least pay.
    pub const PAY: u64 = 1;
    /// Board certified in a specialty.
    pub const BOARD: u64 = 2;
    /// A base.
    pub const BASE: u64 = 3;
}

/// Number of a kind.
#[must_use]
pub const fn kind(kind: Kind) -> u32 {
    match kind {
        Kind::Qme => 0,
        Kind::Ime => 1,
        Kind::ChartReview => 2,
    }
}

/// What an opening's pay is compared with.
#[derive(Debug, Clone, Copy)]
pub struct PayAsk {
    /// Where the bits of its kind begin.
    pub shift: u32,
    /// Number of its basis.
    pub basis: u64,
    /// Cents in a step of the amount.
    pub step: i64,
    /// What it pays at best.
    pub best: i64,
}

impl PayAsk {
    /// Of these terms; nothing when no pay is stated.
    #[must_use]
    pub fn of(terms: &Terms) -> Option<Self> {
        let (basis, step) = match terms.pay.basis {
            PayBasis::PerCase => (0, 2500),
            PayBasis::PerPage => (1, 25),
            PayBasis::Hourly => (2, 500),
            PayBasis::FeeShare => (3, 100),
            PayBasis::NotStated => return None,
        };
        Some(Self { shift: 30 + PAY_BITS * kind(terms.kind), basis, step, best: terms.pay.best()? })
    }
}

/// The tests of the packed number as SQL, and their values; the same words in SQLite and PostgreSQL. They say exactly
/// what `Ask::admits` says.
#[derive(Debug, Default)]
pub struct PackTests {
    /// One expression each; `{}` stands for the next value.
    pub sql: Vec<String>,
    /// Values.
    pub values: Vec<i64>,
}

impl PackTests {
    /// For this opening; what it does not ask is not tested.
    #[must_use]
    pub fn of(offer: &Offer) -> Self {
        let (terms, asks) = (&offer.terms, &offer.terms.requires);
        let mut tests = Self::default();
        if asks.min_years > 0 {
            tests.add(format!("((pack >> {YEARS}) & 255) >= {{}}"), &[i64::from(asks.min_years)]);
        }
        match asks.provider_classes.as_slice() {
            [ProviderClass::MdDo] => tests.add(format!("((pack >> {NON_MD}) & 1) = 0"), &[]),
            [ProviderClass::NonMd] => tests.add(format!("((pack >> {NON_MD}) & 1) = 1"), &[]),
            _ => {}
        }
        if asks.board_certified {
            tests.add(format!("(pack & {}) <> 0", BOARD_ALL | BOARD_SOME), &[]);
        }
        if let Some(pay) = PayAsk::of(terms) {
            // Those of the same basis whose amount is above what the opening reaches.
            let basis = (pay.basis << AMOUNT_BITS) as i64;
            let most = (1 << AMOUNT_BITS) - 1;
            let reached = (pay.best / pay.step).clamp(0, most);
            if reached < most {
                let test = format!("((pack >> {}) & 2047) NOT BETWEEN {{}} AND {{}}", pay.shift);
                tests.add(test, &[basis + reached + 1, basis + most]);
            }
        }
        tests
    }

    fn add(&mut self, sql: String, values: &[i64]) {
        self.sql.push(sql);
        self.values.extend(values);
    }

    /// ` AND ...` with places for the values made by `place` from their number, counted from 0.
    #[must_use]
    pub fn and(&self, place: impl Fn(usize) -> String) -> String {
        let mut next = 0;
        let mut all = String::new();
        for test in &self.sql {
            let mut parts = test.split("{}");
            all.push_str(" AND ");
            all.push_str(parts.next().unwrap_or_default());
            for part in parts {
                all.push_str(&place(next));
                all.push_str(part);
                next += 1;
            }
        }
        all
    }
}
