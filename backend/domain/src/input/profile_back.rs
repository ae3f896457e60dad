//! A profile back in the shape of the API, for answers and for forms that are filled in.

use chrono::NaiveDate;

use crate::input::ProfileInput;
use crate::input::profile::{BaseInput, CertificationInput, LicenceInput, MinPayInput, SpecialtyInput};
use crate::profile::Profile;

impl From<&Profile> for ProfileInput {
    fn from(p: &Profile) -> Self {
        let day = |d: Option<NaiveDate>| d.map(|d| d.to_string());
        Self {
            provider_class: p.provider_class.as_str().to_owned(),
            specialties: p
                .specialties
                .iter()
                .map(|s| SpecialtyInput {
                    slug: s.specialty.slug().to_owned(),
                    primary: s.primary,
                    board_certified: s.board_certified,
                })
                .collect(),
            licences: p
                .licences
                .iter()
                .map(|l| LicenceInput {
                    state: l.state.code().to_owned(),
                    kind: l.kind.as_str().to_owned(),
                    expires_on: day(l.expires_on),
                })
                .collect(),
            certifications: p
                .certifications
                .iter()
                .map(|c| CertificationInput {
                    key: c.key.clone(),
                    status: c.status.as_str().to_owned(),
                    expires_on: day(c.expires_on),
                    steps: c.steps.iter().map(|(step, on)| (step.clone(), day(*on))).collect(),
                })
                .collect(),
            interests: p.interests.iter().map(|k| k.as_str().to_owned()).collect(),
            bases: p
                .bases
                .iter()
                .map(|b| BaseInput { market: b.market.slug().to_owned(), radius_miles: i32::from(b.radius_miles) })
                .collect(),
            markets: p.markets.iter().map(|m| m.slug().to_owned()).collect(),
            remote: p.remote,
            min_pay: p
                .min_pay
                .iter()
                .map(|m| MinPayInput {
                    kind: m.kind.as_str().to_owned(),
                    basis: m.basis.as_str().to_owned(),
                    cents: m.cents,
                })
                .collect(),
            languages: p.languages.clone(),
            years: p.years.map(i32::from),
            provider_note: p.provider_note.clone(),
        }
    }
}
