//! What changed in an opening since it was approved, field by field in words.

use domain::certification::Rulebook;
use domain::opening::Terms;
use domain::pay::dollars;
use domain::profile::ProviderClass;
use frontend::pages::DiffRow;

use super::super::words::{day, licence, specialties};

/// The rows that differ, in the order of the form.
pub(super) fn changes(rules: &Rulebook, before: &Terms, after: &Terms) -> Vec<DiffRow> {
    told(rules, before)
        .into_iter()
        .zip(told(rules, after))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| DiffRow { field: field.to_owned(), before, after })
        .collect()
}

fn yes_no(on: bool) -> String {
    if on { "Yes" } else { "No" }.to_owned()
}

fn or_none(text: String) -> String {
    if text.is_empty() { "None".to_owned() } else { text }
}

/// Every field of the terms, whatever it holds.
fn told(rules: &Rulebook, t: &Terms) -> Vec<(&'static str, String)> {
    let extra = t.pay.extra_page_cents.map(|c| format!("{} a page", dollars(c)));
    let included = t.pay.included_pages.map(|n| n.to_string());
    let markets: Vec<String> = t.markets.iter().map(|m| m.label()).collect();
    let required = t.certification.required.as_deref().map(|key| rules.name(key).to_owned());
    vec![
        ("Kind", t.kind.label().to_owned()),
        ("Title", t.title.clone()),
        ("Text", t.description.clone()),
        ("Workers’ compensation", yes_no(t.comp_related)),
        ("Volume", or_none(t.volume.clone())),
        ("Physicians wanted", t.seats.to_string()),
        ("Specialties", specialties(t)),
        ("Markets", or_none(markets.join("; "))),
        ("Remote", yes_no(t.remote)),
        ("Licence", licence(t)),
        ("Certification asked", or_none(required.unwrap_or_default())),
        ("Takes physicians on the way", yes_no(t.certification.takes_candidates)),
        ("Pays for the way", yes_no(t.certification.sponsors)),
        ("Pay", format!("{} {}", t.pay.label(), t.pay.unit()).trim().to_owned()),
        ("Further pages", or_none(extra.unwrap_or_default())),
        ("Pages included", or_none(included.unwrap_or_default())),
        ("Board certification", yes_no(t.requires.board_certified)),
        ("Least years in practice", t.requires.min_years.to_string()),
        ("Languages", or_none(t.requires.languages.join(", "))),
        ("Provider classes", classes(t)),
        ("Closes", day(t.closes_on)),
        ("Shown to visitors", yes_no(t.public_listing)),
    ]
}

fn classes(t: &Terms) -> String {
    let names: Vec<&str> = t
        .requires
        .provider_classes
        .iter()
        .map(|class| match class {
            ProviderClass::MdDo => "physicians",
            ProviderClass::NonMd => "other providers",
        })
        .collect();
    if names.is_empty() { "Any".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use domain::input::OpeningInput;
    use domain::input::opening::PayInput;

    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let rules = Rulebook::shipped();
        let input = OpeningInput {
            kind: "chart_review".to_owned(),
            title: "Reviews".to_owned(),
            description: "Read.".to_owned(),
            remote: true,
            pay: PayInput { basis: "hourly".to_owned(), min_cents: Some(20_000), ..PayInput::default() },
            closes_on: "2026-12-14".to_owned(),
            ..OpeningInput::default()
        };
        let before = input.parse(&rules, "2026-11-23".parse().unwrap()).unwrap();
        assert!(changes(&rules, &before, &before).is_empty());
        let after = Terms {
            pay: domain::pay::Pay { min_cents: Some(25_050), ..before.pay.clone() },
            remote: false,
            ..before.clone()
        };
        let told: Vec<(String, String, String)> =
            changes(&rules, &before, &after).into_iter().map(|d| (d.field, d.before, d.after)).collect();
        let row = |f: &str, b: &str, a: &str| (f.to_owned(), b.to_owned(), a.to_owned());
        assert_eq!(told, [row("Remote", "Yes", "No"), row("Pay", "$200 per hour", "$250.50 per hour")]);
    }
}
