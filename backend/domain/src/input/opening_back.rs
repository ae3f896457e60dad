//! An opening's terms back in the shape of the API, for answers and for forms that are filled in.

use crate::input::OpeningInput;
use crate::input::opening::{CertificationInput, LicenceInput, PayInput, RequiresInput};
use crate::opening::{LicenceRule, Terms};

impl From<&Terms> for OpeningInput {
    fn from(t: &Terms) -> Self {
        let slugs = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
        Self {
            kind: t.kind.as_str().to_owned(),
            title: t.title.clone(),
            description: t.description.clone(),
            specialties: slugs(t.specialties.iter().map(|s| s.slug()).collect()),
            markets: slugs(t.markets.iter().map(|m| m.slug()).collect()),
            remote: t.remote,
            licence_states: match &t.licence {
                LicenceRule::StateOfWork => LicenceInput::States(Vec::new()),
                LicenceRule::OneOf(states) => LicenceInput::States(slugs(states.iter().map(|s| s.code()).collect())),
                LicenceRule::NotNeeded => LicenceInput::Word("none".to_owned()),
            },
            certification: CertificationInput {
                required: t.certification.required.clone(),
                takes_candidates: t.certification.takes_candidates,
                sponsors: t.certification.sponsors,
            },
            comp_related: t.comp_related,
            pay: PayInput {
                basis: t.pay.basis.as_str().to_owned(),
                min_cents: t.pay.min_cents,
                max_cents: t.pay.max_cents,
                share_bps: t.pay.share_bps,
                extra_page_cents: t.pay.extra_page_cents,
                included_pages: t.pay.included_pages,
            },
            volume: t.volume.clone(),
            seats: Some(i32::from(t.seats)),
            requires: RequiresInput {
                board_certified: t.requires.board_certified,
                min_years: Some(i32::from(t.requires.min_years)),
                languages: t.requires.languages.clone(),
                provider_classes: slugs(t.requires.provider_classes.iter().map(|c| c.as_str()).collect()),
            },
            closes_on: t.closes_on.to_string(),
            public_listing: t.public_listing,
        }
    }
}
