//! An opening as the API takes it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::certification::Rulebook;
use crate::errors::Errors;
use crate::input::lists::{bounded, languages, list};
use crate::input::{one_line, paragraphs};
use crate::kind::Kind;
use crate::opening::{CertificationAsk, LicenceRule, Requires, Terms};
use crate::pay::{Pay, PayBasis};
use crate::place::{Market, State};
use crate::profile::ProviderClass;
use crate::specialty::Specialty;

/// The longest title and description, in characters.
const TITLE_MAX: usize = 120;
const DESCRIPTION_MAX: usize = 6000;
/// Openings close at the latest this many days ahead.
const CLOSES_WITHIN_DAYS: i64 = 366;

/// `licence_states`: a list of states, or the word `none`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LicenceInput {
    /// Two-letter codes; empty means the state of the work.
    States(Vec<String>),
    /// `none`.
    Word(String),
}

impl Default for LicenceInput {
    fn default() -> Self {
        Self::States(Vec::new())
    }
}

/// The `certification` object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CertificationInput {
    /// Key of a scheme, or null.
    pub required: Option<String>,
    /// Takes physicians on the way.
    pub takes_candidates: bool,
    /// Pays for the way.
    pub sponsors: bool,
}

/// The `pay` object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PayInput {
    /// `per_case`, `per_page`, `hourly`, `fee_share` or `not_stated`.
    pub basis: String,
    /// Cents.
    pub min_cents: Option<i64>,
    /// Cents.
    pub max_cents: Option<i64>,
    /// Basis points.
    pub share_bps: Option<i32>,
    /// Cents.
    pub extra_page_cents: Option<i64>,
    /// Pages.
    pub included_pages: Option<i32>,
}

impl Default for PayInput {
    fn default() -> Self {
        Self {
            basis: PayBasis::NotStated.as_str().to_owned(),
            min_cents: None,
            max_cents: None,
            share_bps: None,
            extra_page_cents: None,
            included_pages: None,
        }
    }
}

/// The `requires` object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequiresInput {
    /// Board certified in a specialty of the opening.
    pub board_certified: bool,
    /// Years.
    pub min_years: Option<i32>,
    /// Languages.
    pub languages: Vec<String>,
    /// Classes.
    pub provider_classes: Vec<String>,
}

/// An opening as a company writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OpeningInput {
    /// `qme`, `ime` or `chart_review`.
    pub kind: String,
    /// One line.
    pub title: String,
    /// Paragraphs.
    pub description: String,
    /// Slugs; empty means any.
    pub specialties: Vec<String>,
    /// Slugs.
    pub markets: Vec<String>,
    /// Can be done from anywhere.
    pub remote: bool,
    /// States or `none`.
    pub licence_states: LicenceInput,
    /// Certification asked.
    pub certification: CertificationInput,
    /// Concerns workers' compensation.
    pub comp_related: bool,
    /// Pay.
    pub pay: PayInput,
    /// How much work, in words.
    pub volume: String,
    /// How many physicians.
    pub seats: Option<i32>,
    /// Other demands.
    pub requires: RequiresInput,
    /// The last day it is open, `YYYY-MM-DD`.
    pub closes_on: String,
    /// Shown to search engines.
    pub public_listing: bool,
}

impl OpeningInput {
    /// Parses the whole input and reports every error at once.
    ///
    /// # Errors
    /// Each wrong field by its API path.
    pub fn parse(&self, rules: &Rulebook, today: NaiveDate) -> Result<Terms, Errors> {
        let mut e = Errors::default();
        let kind = Kind::parse(&self.kind);
        if kind.is_none() {
            e.add("kind", "unknown", "Choose qme, ime or chart_review.");
        }
        let kind = kind.unwrap_or(Kind::ChartReview);
        let terms = Terms {
            kind,
            title: one_line(&mut e, "title", &self.title, true, TITLE_MAX),
            description: paragraphs(&mut e, "description", &self.description, true, DESCRIPTION_MAX),
            specialties: list(&mut e, "specialties", &self.specialties, 12, Specialty::parse),
            markets: list(&mut e, "markets", &self.markets, 20, Market::parse),
            remote: self.remote,
            licence: self.licence(&mut e, kind),
            certification: self.certification(&mut e, rules),
            comp_related: self.comp_related,
            pay: self.pay(&mut e),
            volume: one_line(&mut e, "volume", &self.volume, false, 120),
            seats: bounded(&mut e, "seats", self.seats.unwrap_or(1), 1, 500),
            requires: self.requires(&mut e),
            closes_on: self.closes_on(&mut e, today),
            public_listing: self.public_listing,
        };
        if terms.markets.is_empty() && !terms.remote && e.list().iter().all(|x| !x.field.starts_with("markets")) {
            e.add("markets", "required", "Choose at least one market, or switch remote on.");
        }
        if kind == Kind::Qme && terms.markets.iter().any(|m| m.state() != State::california()) {
            e.add("markets", "conflict", "QME evaluations take place in California; choose Californian markets.");
        }
        e.finish(terms)
    }

    fn licence(&self, e: &mut Errors, kind: Kind) -> LicenceRule {
        match &self.licence_states {
            LicenceInput::Word(w) if w == "none" && kind == Kind::ChartReview => LicenceRule::NotNeeded,
            LicenceInput::Word(w) if w == "none" => {
                e.add(
                    "licence_states",
                    "conflict",
                    "An examination needs a licence; only chart review can do without.",
                );
                LicenceRule::StateOfWork
            }
            LicenceInput::Word(_) => {
                e.add("licence_states", "malformed", "Give a list of state codes, or the word none.");
                LicenceRule::StateOfWork
            }
            LicenceInput::States(codes) => {
                let states = list(e, "licence_states", codes, 56, State::parse);
                if states.is_empty() { LicenceRule::StateOfWork } else { LicenceRule::OneOf(states) }
            }
        }
    }

    fn certification(&self, e: &mut Errors, rules: &Rulebook) -> CertificationAsk {
        let c = &self.certification;
        if let Some(key) = &c.required
            && rules.scheme(key).is_none()
        {
            e.add("certification.required", "unknown", format!("There is no certification {key:?}."));
        }
        CertificationAsk { required: c.required.clone(), takes_candidates: c.takes_candidates, sponsors: c.sponsors }
    }

    fn pay(&self, e: &mut Errors) -> Pay {
        let p = &self.pay;
        let basis = PayBasis::parse(&p.basis);
        if basis.is_none() {
            e.add("pay.basis", "unknown", "Choose per_case, per_page, hourly, fee_share or not_stated.");
        }
        let basis = basis.unwrap_or(PayBasis::NotStated);
        cents(e, "pay.min_cents", p.min_cents);
        cents(e, "pay.max_cents", p.max_cents);
        cents(e, "pay.extra_page_cents", p.extra_page_cents);
        if let (Some(min), Some(max)) = (p.min_cents, p.max_cents)
            && min > max
        {
            e.add("pay.max_cents", "conflict", "The upper end is below the lower end.");
        }
        match basis {
            PayBasis::PerCase | PayBasis::PerPage | PayBasis::Hourly if p.min_cents.or(p.max_cents).is_none() => {
                e.add("pay.min_cents", "required", "Give the amount.");
            }
            PayBasis::FeeShare if p.share_bps.is_none_or(|b| !(1..=10_000).contains(&b)) => {
                e.add("pay.share_bps", "out_of_range", "Give the share in basis points, 1 to 10000.");
            }
            PayBasis::NotStated if p.min_cents.or(p.max_cents).is_some() || p.share_bps.is_some() => {
                e.add("pay.basis", "conflict", "An amount needs its basis.");
            }
            _ => {}
        }
        if p.included_pages.is_some_and(|n| !(0..=100_000).contains(&n)) {
            e.add("pay.included_pages", "out_of_range", "Give 0 to 100000 pages.");
        }
        Pay {
            basis,
            min_cents: p.min_cents,
            max_cents: p.max_cents,
            share_bps: p.share_bps,
            extra_page_cents: p.extra_page_cents,
            included_pages: p.included_pages,
        }
    }

    fn requires(&self, e: &mut Errors) -> Requires {
        let r = &self.requires;
        Requires {
            board_certified: r.board_certified,
            min_years: bounded(e, "requires.min_years", r.min_years.unwrap_or(0), 0, 60),
            languages: languages(e, "requires.languages", &r.languages),
            provider_classes: list(e, "requires.provider_classes", &r.provider_classes, 8, ProviderClass::parse),
        }
    }

    fn closes_on(&self, e: &mut Errors, today: NaiveDate) -> NaiveDate {
        let Ok(day) = self.closes_on.parse::<NaiveDate>() else {
            e.add("closes_on", "malformed", "Give the closing day as YYYY-MM-DD.");
            return today;
        };
        if day < today || (day - today).num_days() > CLOSES_WITHIN_DAYS {
            e.add("closes_on", "out_of_range", "Choose a day from today to a year ahead.");
        }
        day
    }
}

fn cents(e: &mut Errors, field: &str, value: Option<i64>) {
    if value.is_some_and(|c| !(1..=100_000_000).contains(&c)) {
        e.add(field, "out_of_range", "Give an amount from $0.01 to $1,000,000.");
    }
}
