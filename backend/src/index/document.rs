//! An opening as the index of openings takes it.

use chrono::{DateTime, Utc};
use domain::certification::Rulebook;
use domain::markup::plain;
use search_index::{Ask, OpeningDoc};
use store::openings::Opening;

pub(super) fn document(rules: &Rulebook, opening: &Opening, now: DateTime<Utc>) -> OpeningDoc {
    let terms = &opening.terms;
    let pay_cents = match terms.pay.basis {
        domain::pay::PayBasis::FeeShare => None,
        _ => terms.pay.best(),
    };
    let ask = Ask::of(rules, &opening.offer(), now);
    OpeningDoc {
        id: opening.id.as_str().to_owned(),
        title: terms.title.clone(),
        description: plain(&terms.description),
        company_name: opening.company_name.clone(),
        company_slug: opening.company_slug.clone(),
        kind: terms.kind,
        specialties: terms.specialties.clone(),
        markets: terms.markets.clone(),
        remote: terms.remote,
        takes_candidates: terms.certification.takes_candidates,
        pay_cents,
        published_at: opening.published_at.unwrap_or(opening.created_at),
        closes_on: terms.closes_on,
        keys: ask.keys(),
        rest: ask.words(),
        live: opening.liveness.is_live(now),
        live_until: opening.liveness.live_until().unwrap_or(now),
    }
}
