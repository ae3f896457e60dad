//! A member's criteria, without contact.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::pay::MinPay;
use crate::place::{Market, State};
use crate::specialty::Specialty;
use crate::words::words;

words! {
    /// Which board a provider belongs to; the classes of `data/specialties.csv`.
    ProviderClass {
        /// Physician, MD or DO.
        MdDo = "md_do",
        /// Chiropractor, psychologist, podiatrist, dentist, optometrist or acupuncturist.
        NonMd = "non_md",
    }
}

words! {
    /// Kind of licence; California DO licences come from a board of their own.
    LicenceKind {
        /// Doctor of Medicine.
        Md = "md",
        /// Doctor of Osteopathic Medicine.
        Do = "do",
        /// Any other health-care licence.
        Other = "other",
    }
}

words! {
    /// How far a member is with a certification.
    CertificationStatus {
        /// Wants it; does not count as on the way.
        Interested = "interested",
        /// On the way: passes where an opening takes candidates.
        InProgress = "in_progress",
        /// Holds it.
        Appointed = "appointed",
    }
}

/// A specialty the member practises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSpecialty {
    /// Which one.
    #[serde(rename = "slug")]
    pub specialty: Specialty,
    /// The main one.
    pub primary: bool,
    /// Board certified in it.
    pub board_certified: bool,
}

/// A state licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Where it holds.
    pub state: State,
    /// Which board.
    pub kind: LicenceKind,
    /// The first day it no longer counts.
    pub expires_on: Option<NaiveDate>,
}

/// A certification held or aimed at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCertification {
    /// Key of the scheme in the certification table.
    pub key: String,
    /// How far.
    pub status: CertificationStatus,
    /// The first day it no longer counts.
    pub expires_on: Option<NaiveDate>,
    /// Steps done on the way, by name, with their day.
    #[serde(default)]
    pub steps: BTreeMap<String, Option<NaiveDate>>,
}

/// A place the member travels from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// Where.
    pub market: Market,
    /// How far, in miles, the edge included.
    pub radius_miles: u16,
}

/// A member's criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Board class.
    pub provider_class: ProviderClass,
    /// At least one; exactly one is primary.
    pub specialties: Vec<HeldSpecialty>,
    /// State licences.
    pub licences: Vec<Licence>,
    /// Certifications.
    pub certifications: Vec<HeldCertification>,
    /// Kinds of work wanted.
    pub interests: BTreeSet<Kind>,
    /// Places to travel from.
    pub bases: Vec<Base>,
    /// Markets listed one by one.
    pub markets: Vec<Market>,
    /// Takes remote work.
    pub remote: bool,
    /// Least pay by kind.
    pub min_pay: Vec<MinPay>,
    /// Languages, lower case.
    pub languages: Vec<String>,
    /// Years in practice.
    pub years: Option<u8>,
    /// A note of the member's own; never shown to companies, never indexed.
    pub provider_note: String,
}

/// The same for licences and certifications: something that ends on a day does not count from that day on.
#[must_use]
pub fn is_current(expires_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    expires_on.is_none_or(|end| today < end)
}

impl Profile {
    /// A profile that says nothing yet: it fits no opening.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            provider_class: ProviderClass::MdDo,
            specialties: Vec::new(),
            licences: Vec::new(),
            certifications: Vec::new(),
            interests: BTreeSet::new(),
            bases: Vec::new(),
            markets: Vec::new(),
            remote: false,
            min_pay: Vec::new(),
            languages: Vec::new(),
            years: None,
            provider_note: String::new(),
        }
    }

    /// A current licence in this state.
    #[must_use]
    pub fn licensed_in(&self, state: State, today: NaiveDate) -> bool {
        self.licences.iter().any(|l| l.state == state && is_current(l.expires_on, today))
    }

    /// How far, in miles, the nearest base that reaches this market lies; 0 for a listed market without one.
    #[must_use]
    pub fn reaches(&self, market: Market) -> Option<f64> {
        let by_base = self
            .bases
            .iter()
            .map(|b| (b.market.miles_to(market), f64::from(b.radius_miles)))
            .filter(|(miles, radius)| miles <= radius)
            .map(|(miles, _)| miles)
            .min_by(f64::total_cmp);
        by_base.or_else(|| self.markets.contains(&market).then_some(0.0))
    }

    /// Every market reachable: listed, or inside the radius of a base. Computed when a profile is saved.
    #[must_use]
    pub fn reach(&self) -> BTreeSet<Market> {
        Market::all().filter(|m| self.reaches(*m).is_some()).collect()
    }

    /// The main specialty.
    #[must_use]
    pub fn primary(&self) -> Option<Specialty> {
        self.specialties.iter().find(|s| s.primary).or_else(|| self.specialties.first()).map(|s| s.specialty)
    }
}
