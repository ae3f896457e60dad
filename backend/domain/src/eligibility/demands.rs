//! What an opening asks, rule by rule, in words about the opening alone: the same for every reader, whoever fits.

use crate::certification::{Rulebook, StateDemand};
use crate::eligibility::{Rule, Spot, spots, words_of};
use crate::opening::{LicenceRule, Terms};
use crate::pay::PayBasis;

/// The rules that an opening's own terms decide, with what it asks.
#[must_use]
pub fn demands(rules: &Rulebook, terms: &Terms) -> Vec<(Rule, String)> {
    let spots = spots(terms);
    let mut all = vec![
        (Rule::Kind, format!("They want {} work.", terms.kind.label())),
        (Rule::Specialty, specialty(terms)),
        (Rule::Licence, licence(terms, &spots)),
        (Rule::Certification, certification(rules, terms, &spots)),
        (Rule::Place, place(&spots)),
        (Rule::Pay, pay(terms)),
    ];
    let missing = words_of(&terms.requires);
    if !missing.is_empty() {
        all.push((Rule::Other, format!("They also bring {}.", missing.join(", "))));
    }
    all
}

fn specialty(terms: &Terms) -> String {
    let names: Vec<&str> = terms.specialties.iter().map(|s| s.name()).collect();
    if names.is_empty() { "Any specialty.".to_owned() } else { format!("They practise {}.", names.join(" or ")) }
}

fn licence(terms: &Terms, spots: &[Spot]) -> String {
    if terms.licence == LicenceRule::NotNeeded {
        return "No licence is needed.".to_owned();
    }
    let mut states: Vec<&str> = spots.iter().filter_map(|s| s.state()).map(|s| s.name()).collect();
    states.dedup();
    let mut text = match states.as_slice() {
        [] => "They hold a current US licence.".to_owned(),
        states => format!("They hold a current licence where the work is: {}.", states.join(" or ")),
    };
    if let (LicenceRule::OneOf(named), true) = (&terms.licence, !terms.markets.is_empty()) {
        let names: Vec<&str> = named.iter().map(|s| s.name()).collect();
        text.push_str(&format!(" On site also one of {}.", names.join(", ")));
    }
    text
}

fn certification(rules: &Rulebook, terms: &Terms, spots: &[Spot]) -> String {
    let mut names: Vec<&str> = Vec::new();
    let demanded: Vec<String> = spots
        .iter()
        .flat_map(|s| match rules.demand(terms.kind, terms.comp_related, s.state()) {
            StateDemand::Keys(keys) => keys,
            StateDemand::Nothing | StateDemand::Unknown => Vec::new(),
        })
        .chain(terms.certification.required.clone())
        .collect();
    for key in &demanded {
        let name = rules.name(key);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match (names.as_slice(), terms.certification.takes_candidates) {
        ([], _) => "No certification is demanded.".to_owned(),
        (names, true) => format!("They hold, or are on the way to: {}.", names.join(", ")),
        (names, false) => format!("They hold: {}. Physicians on the way to it are left out.", names.join(", ")),
    }
}

fn place(spots: &[Spot]) -> String {
    let on_site: Vec<String> = spots.iter().filter(|s| !s.is_remote()).map(|s| s.label()).collect();
    let remote = spots.iter().any(|s| s.is_remote());
    match (on_site.as_slice(), remote) {
        ([], true) => "They take remote work.".to_owned(),
        ([], false) => "It names no place, so nobody can be found.".to_owned(),
        (places, true) => format!("They travel to {}, or take remote work.", places.join(" or ")),
        (places, false) => format!("They travel to {}.", places.join(" or ")),
    }
}

fn pay(terms: &Terms) -> String {
    let pay = &terms.pay;
    match pay.basis {
        PayBasis::NotStated => {
            "The pay is not stated; it keeps nobody out, and such openings are listed last.".to_owned()
        }
        _ => format!("Their least pay is not above {} {}.", pay.label(), pay.unit()).replace(" .", "."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::tests::offer;

    #[test]
    fn demands_speak_of_the_opening_alone() {
        let rules = Rulebook::shipped();
        let mut terms = offer().terms;
        let text = |terms: &Terms, rule: Rule| {
            demands(&rules, terms).into_iter().find(|(r, _)| *r == rule).map(|(_, text)| text).unwrap_or_default()
        };
        assert!(text(&terms, Rule::Licence).contains("California"));
        assert!(text(&terms, Rule::Certification).contains("Qualified Medical Evaluator"));
        terms.certification.takes_candidates = false;
        assert!(text(&terms, Rule::Certification).contains("left out"));
        terms.requires.min_years = 5;
        assert_eq!(text(&terms, Rule::Other), "They also bring 5 years in practice.");
        terms.markets.clear();
        terms.remote = false;
        assert!(text(&terms, Rule::Place).contains("nobody"));
        terms.pay.basis = PayBasis::NotStated;
        assert!(text(&terms, Rule::Pay).contains("not stated"));
    }
}
