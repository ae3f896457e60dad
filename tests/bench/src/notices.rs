//! What an opening says in words, and the document the index of openings makes of it.

use domain::candidate::Offer;
use domain::certification::Rulebook;
use domain::pay::PayBasis;
use search_index::{Ask, OpeningDoc};

use crate::generate::now;

/// The words of an opening.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    /// One line.
    pub title: String,
    /// Paragraphs.
    pub description: String,
    /// Name of the company.
    pub company: String,
}

/// As the product makes it of an opening and its company.
///
/// # Panics
/// When the opening is not live.
#[must_use]
pub fn document(rules: &Rulebook, offer: &Offer, notice: &Notice) -> OpeningDoc {
    let (terms, ask) = (&offer.terms, Ask::of(rules, offer, now()));
    let pay_cents = if terms.pay.basis == PayBasis::FeeShare { None } else { terms.pay.best() };
    OpeningDoc {
        id: offer.opening.as_str().to_owned(),
        title: notice.title.clone(),
        description: notice.description.clone(),
        company_name: notice.company.clone(),
        company_slug: notice.company.to_lowercase(),
        kind: terms.kind,
        specialties: terms.specialties.clone(),
        markets: terms.markets.clone(),
        remote: terms.remote,
        takes_candidates: terms.certification.takes_candidates,
        pay_cents,
        published_at: offer.liveness.confirmed_at.unwrap_or_else(now),
        closes_on: offer.liveness.closes_on,
        live: offer.liveness.is_live(now()),
        live_until: offer.liveness.live_until().expect("a made-up opening is live"),
        keys: ask.keys(),
        rest: ask.words(),
    }
}
