//! A profile as the API takes it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::certification::Rulebook;
use crate::errors::Errors;
use crate::input::lists::{bounded, languages, list};
use crate::input::paragraphs;
use crate::kind::Kind;
use crate::pay::{MinPay, PayBasis};
use crate::place::{Market, State};
use crate::profile::{
    Base, CertificationStatus, HeldCertification, HeldSpecialty, Licence, LicenceKind, Profile, ProviderClass,
};
use crate::specialty::Specialty;

/// One specialty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpecialtyInput {
    /// Slug.
    pub slug: String,
    /// The main one; when none is marked, the first is.
    pub primary: bool,
    /// Board certified.
    pub board_certified: bool,
}

/// One licence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LicenceInput {
    /// Two-letter code.
    pub state: String,
    /// `md`, `do` or `other`, in any case.
    pub kind: String,
    /// `YYYY-MM-DD`, or null.
    pub expires_on: Option<String>,
}

/// One certification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CertificationInput {
    /// Key of a scheme.
    pub key: String,
    /// `interested`, `in_progress` or `appointed`.
    pub status: String,
    /// `YYYY-MM-DD`, or null.
    pub expires_on: Option<String>,
    /// Steps done, with their day or null.
    pub steps: BTreeMap<String, Option<String>>,
}

/// One base.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BaseInput {
    /// Slug.
    pub market: String,
    /// Miles, 0 to 1000.
    pub radius_miles: i32,
}

/// One minimum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MinPayInput {
    /// Kind of work.
    pub kind: String,
    /// Unit.
    pub basis: String,
    /// Cents (basis points for `fee_share`).
    pub cents: i64,
}

/// A whole profile; `PUT` replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileInput {
    /// `md_do` or `non_md`.
    pub provider_class: String,
    /// Specialties.
    pub specialties: Vec<SpecialtyInput>,
    /// Licences.
    pub licences: Vec<LicenceInput>,
    /// Certifications.
    pub certifications: Vec<CertificationInput>,
    /// Kinds of work.
    pub interests: Vec<String>,
    /// Bases.
    pub bases: Vec<BaseInput>,
    /// Market slugs.
    pub markets: Vec<String>,
    /// Takes remote work.
    pub remote: bool,
    /// Minimum pay.
    pub min_pay: Vec<MinPayInput>,
    /// Languages.
    pub languages: Vec<String>,
    /// Years in practice.
    pub years: Option<i32>,
    /// A note of the member's own.
    pub provider_note: String,
}

impl Default for ProfileInput {
    fn default() -> Self {
        Self {
            provider_class: ProviderClass::MdDo.as_str().to_owned(),
            specialties: Vec::new(),
            licences: Vec::new(),
            certifications: Vec::new(),
            interests: Vec::new(),
            bases: Vec::new(),
            markets: Vec::new(),
            remote: false,
            min_pay: Vec::new(),
            languages: Vec::new(),
            years: None,
            provider_note: String::new(),
        }
    }
}

impl ProfileInput {
    /// Parses the whole input and reports every error at once.
    ///
    /// # Errors
    /// Each wrong field by its API path.
    pub fn parse(&self, rules: &Rulebook) -> Result<Profile, Errors> {
        let mut e = Errors::default();
        let class = ProviderClass::parse(&self.provider_class);
        if class.is_none() {
            e.add("provider_class", "unknown", "Choose md_do or non_md.");
        }
        let profile = Profile {
            provider_class: class.unwrap_or(ProviderClass::MdDo),
            specialties: self.specialties(&mut e),
            licences: self.licences(&mut e),
            certifications: self.certifications(&mut e, rules),
            interests: list(&mut e, "interests", &self.interests, 3, Kind::parse).into_iter().collect::<BTreeSet<_>>(),
            bases: self.bases(&mut e),
            markets: list(&mut e, "markets", &self.markets, 60, Market::parse),
            remote: self.remote,
            min_pay: self.min_pay(&mut e),
            languages: languages(&mut e, "languages", &self.languages),
            years: self.years.map(|y| bounded(&mut e, "years", y, 0, 70)),
            provider_note: paragraphs(&mut e, "provider_note", &self.provider_note, false, 2000),
        };
        e.finish(profile)
    }

    fn specialties(&self, e: &mut Errors) -> Vec<HeldSpecialty> {
        let slugs: Vec<String> = self.specialties.iter().map(|s| s.slug.clone()).collect();
        let found = list(e, "specialties", &slugs, 10, Specialty::parse);
        let marked = self.specialties.iter().filter(|s| s.primary).count();
        if marked > 1 {
            e.add("specialties", "conflict", "Mark one specialty as your main one.");
        }
        found
            .into_iter()
            .enumerate()
            .map(|(i, specialty)| {
                let said = self.specialties.iter().find(|s| s.slug == specialty.slug());
                HeldSpecialty {
                    specialty,
                    primary: if marked == 0 { i == 0 } else { said.is_some_and(|s| s.primary) },
                    board_certified: said.is_some_and(|s| s.board_certified),
                }
            })
            .collect()
    }

    fn licences(&self, e: &mut Errors) -> Vec<Licence> {
        too_many(e, "licences", self.licences.len(), 60);
        let mut all = Vec::new();
        for (i, l) in self.licences.iter().enumerate() {
            let at = |name: &str| format!("licences[{i}].{name}");
            let state = State::parse(&l.state);
            if state.is_none() {
                e.add(at("state"), "unknown", "Give a two-letter state code.");
            }
            let word = l.kind.to_lowercase();
            let kind = if word.is_empty() { Some(LicenceKind::Md) } else { LicenceKind::parse(&word) };
            if kind.is_none() {
                e.add(at("kind"), "unknown", "Choose md, do or other.");
            }
            let expires_on = day(e, &at("expires_on"), l.expires_on.as_deref());
            if let (Some(state), Some(kind)) = (state, kind) {
                all.push(Licence { state, kind, expires_on });
            }
        }
        all
    }

    fn certifications(&self, e: &mut Errors, rules: &Rulebook) -> Vec<HeldCertification> {
        too_many(e, "certifications", self.certifications.len(), 30);
        let mut all: Vec<HeldCertification> = Vec::new();
        for (i, c) in self.certifications.iter().enumerate() {
            let at = |name: &str| format!("certifications[{i}].{name}");
            if rules.scheme(&c.key).is_none() {
                e.add(at("key"), "unknown", format!("There is no certification {:?}.", c.key));
            }
            if all.iter().any(|x| x.key == c.key) {
                e.add(at("key"), "conflict", "Name each certification once.");
            }
            let status = CertificationStatus::parse(&c.status);
            if status.is_none() {
                e.add(at("status"), "unknown", "Choose interested, in_progress or appointed.");
            }
            too_many(e, &at("steps"), c.steps.len(), 20);
            let steps = c
                .steps
                .iter()
                .map(|(step, on)| {
                    if step.is_empty()
                        || step.len() > 40
                        || !step.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                    {
                        e.add(at("steps"), "malformed", "A step is a short word of letters, digits and underscores.");
                    }
                    (step.clone(), day(e, &at("steps"), on.as_deref()))
                })
                .collect();
            let expires_on = day(e, &at("expires_on"), c.expires_on.as_deref());
            if let Some(status) = status {
                all.push(HeldCertification { key: c.key.clone(), status, expires_on, steps });
            }
        }
        all
    }

    fn bases(&self, e: &mut Errors) -> Vec<Base> {
        let slugs: Vec<String> = self.bases.iter().map(|b| b.market.clone()).collect();
        let markets = list(e, "bases", &slugs, 5, Market::parse);
        markets
            .into_iter()
            .map(|market| {
                let i = slugs.iter().position(|s| s == market.slug()).unwrap_or_default();
                let miles = self.bases.get(i).map_or(0, |b| b.radius_miles);
                Base { market, radius_miles: bounded(e, &format!("bases[{i}].radius_miles"), miles, 0, 1000) }
            })
            .collect()
    }

    fn min_pay(&self, e: &mut Errors) -> Vec<MinPay> {
        let mut all: Vec<MinPay> = Vec::new();
        for (i, m) in self.min_pay.iter().enumerate() {
            let at = |name: &str| format!("min_pay[{i}].{name}");
            let (kind, basis) = (Kind::parse(&m.kind), PayBasis::parse(&m.basis));
            if kind.is_none() {
                e.add(at("kind"), "unknown", "Choose qme, ime or chart_review.");
            }
            if basis.is_none_or(|b| b == PayBasis::NotStated) {
                e.add(at("basis"), "unknown", "Choose per_case, per_page, hourly or fee_share.");
            }
            if !(0..=100_000_000).contains(&m.cents) {
                e.add(at("cents"), "out_of_range", "Give an amount from $0 to $1,000,000.");
            }
            if let (Some(kind), Some(basis)) = (kind, basis) {
                if all.iter().any(|x| x.kind == kind && x.basis == basis) {
                    e.add(at("kind"), "conflict", "Give one minimum for each kind and unit.");
                }
                all.push(MinPay { kind, basis, cents: m.cents });
            }
        }
        all
    }
}

fn too_many(e: &mut Errors, field: &str, count: usize, most: usize) {
    if count > most {
        e.add(field, "too_long", format!("Name at most {most}."));
    }
}

fn day(e: &mut Errors, field: &str, text: Option<&str>) -> Option<NaiveDate> {
    let text = text.filter(|t| !t.is_empty())?;
    let parsed = text.parse().ok();
    if parsed.is_none() {
        e.add(field, "malformed", "Give the day as YYYY-MM-DD.");
    }
    parsed
}
