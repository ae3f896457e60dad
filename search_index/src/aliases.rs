//! Other names people search by: of kinds, specialties and places.

use std::collections::BTreeSet;

use domain::Kind;
use domain::place::{Market, State};
use domain::specialty::Specialty;

/// Short and spoken names that the list of specialties has not.
const SPOKEN: &[(&str, &[&str])] = &[
    ("family-medicine", &["FM", "family doctor"]),
    ("gastroenterology", &["gastroenterologist"]),
    ("obstetrics-gynecology", &["obstetrician", "gynecologist"]),
    ("orthopaedic-surgery", &["orthopedist"]),
    ("otolaryngology", &["otolaryngologist", "ear nose and throat"]),
    ("physical-medicine-rehabilitation", &["rehab"]),
];

/// Every name of a specialty; the first is the one people read.
pub(crate) fn of_specialty(specialty: Specialty) -> Vec<String> {
    let mut names = vec![specialty.name().to_owned()];
    names.extend(specialty.row().synonyms.iter().cloned());
    names.push(specialty.slug().replace('-', " "));
    if let Some(field) = specialty.name().strip_suffix(" Surgery") {
        names.push(format!("{field} surgeon"));
    }
    let spoken = SPOKEN.iter().filter(|(slug, _)| *slug == specialty.slug());
    names.extend(spoken.flat_map(|(_, spoken)| spoken.iter().map(|name| (*name).to_owned())));
    names
}

/// Every name of a market; the first is the one people read.
pub(crate) fn of_market(market: Market) -> Vec<String> {
    let mut names = vec![market.label()];
    names.extend(market.aliases());
    names
}

/// Name and code of a state.
pub(crate) fn of_state(state: State) -> Vec<String> {
    vec![state.name().to_owned(), state.code().to_owned()]
}

/// Every name of a kind of work.
pub(crate) fn of_kind(kind: Kind) -> Vec<String> {
    let spoken: &[&str] = match kind {
        Kind::Qme => &["Qualified Medical Evaluator"],
        Kind::Ime => &["independent medical examination"],
        Kind::ChartReview => &["record review", "file review", "peer review"],
    };
    let own = [kind.short(), kind.label()];
    own.into_iter().chain(spoken.iter().copied()).map(str::to_owned).collect()
}

/// Every other name an opening is found by.
pub(crate) fn of_opening(kind: Kind, specialties: &[Specialty], markets: &[Market], remote: bool) -> Vec<String> {
    let mut names = of_kind(kind);
    if remote {
        names.push("remote".to_owned());
    }
    names.extend(specialties.iter().flat_map(|s| of_specialty(*s)));
    names.extend(markets.iter().flat_map(|m| of_market(*m)));
    let states: BTreeSet<State> = markets.iter().map(|m| m.state()).collect();
    names.extend(states.into_iter().flat_map(of_state));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spoken_name_belongs_to_a_specialty() {
        for (slug, _) in SPOKEN {
            assert!(Specialty::parse(slug).is_some(), "{slug}");
        }
    }
}
