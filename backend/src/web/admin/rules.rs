//! What the rules say of an opening itself, before anyone is matched to it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::Kind;
use domain::certification::{CA_QME, Rulebook, StateDemand};
use domain::eligibility::spots;
use domain::opening::{LicenceRule, Terms};
use domain::pay::PayBasis;
use domain::place::State;
use domain::spotted::in_words;
use frontend::view::{Check, CheckState, Tag};
use store::openings::Opening;

use super::super::words::day;

/// 8 CCR 46.3: when a QME may examine remotely.
const REMOTE_QME: &str = "A QME may examine remotely only when no hands-on examination is needed; the dispute is about the cause of the injury, the end of temporary disability or work restrictions; worker, claims administrator and QME agree in writing; it fits medical ethics and the AMA Guides; and the QME attests to it (8 CCR 46.3).";

/// Every check of an opening, for the admin who decides on it.
pub(in crate::web) fn checks(rules: &Rulebook, opening: &Opening, now: DateTime<Utc>) -> Vec<Check> {
    let terms = &opening.terms;
    let mut all = vec![company(opening)];
    all.extend(certification(rules, terms));
    all.extend(remote(terms));
    all.extend(licence(terms));
    all.push(pay(terms));
    all.push(closing(terms, now));
    all.extend(contact_in_text(terms));
    all
}

/// What the rules say of terms to the company that writes them: everything that is not simply met.
pub(in crate::web) fn notes(rules: &Rulebook, terms: &Terms) -> Vec<String> {
    let all = certification(rules, terms)
        .into_iter()
        .chain(remote(terms))
        .chain(licence(terms))
        .chain(contact_in_text(terms));
    all.filter(|c| c.state != CheckState::Yes).map(|c| c.text).collect()
}

/// The checks in one tag: the first that fails, else whether something wants a look.
pub(in crate::web) fn tag(checks: &[Check]) -> Tag {
    if let Some(failed) = checks.iter().find(|c| c.state == CheckState::No) {
        return Tag::new("bad", failed.title.clone());
    }
    match checks.iter().find(|c| c.state != CheckState::Yes) {
        Some(c) => Tag::new("warn", c.title.clone()),
        None => Tag::new("ok", "All met"),
    }
}

fn check(state: CheckState, title: &str, text: impl Into<String>) -> Check {
    Check { state, title: title.to_owned(), text: text.into() }
}

fn company(opening: &Opening) -> Check {
    if opening.liveness.company_good {
        check(CheckState::Yes, "Company approved", "The company is in good standing.")
    } else {
        check(
            CheckState::No,
            "Company not approved",
            "Decide on the company first; until then the opening cannot be approved.",
        )
    }
}

/// What each state the work is in asks of the physician and of the company.
fn certification(rules: &Rulebook, terms: &Terms) -> Vec<Check> {
    if terms.kind == Kind::Qme {
        let text = "Only appointed QMEs are matched (LC 139.2), and physicians on the way when the opening takes them.";
        return vec![check(CheckState::Yes, "QME appointment", text)];
    }
    if terms.kind != Kind::Ime || !terms.comp_related {
        return Vec::new();
    }
    let states: BTreeSet<Option<State>> = spots(terms).into_iter().map(|s| s.state()).collect();
    states.into_iter().flat_map(|state| comp_ime(rules, terms, state)).collect()
}

/// A compensation-related IME in one state, or remote work without one.
fn comp_ime(rules: &Rulebook, terms: &Terms, state: Option<State>) -> Vec<Check> {
    let Some(state) = state else {
        let text = "Remote work on compensation claims names no state, so no state’s rules can be applied. Ask for the states.";
        return vec![check(CheckState::Unknown, "State not named", text)];
    };
    if state == State::california() {
        return vec![california(terms)];
    }
    let name = state.name();
    let physician = match rules.demand(terms.kind, terms.comp_related, Some(state)) {
        StateDemand::Keys(keys) => {
            let names: Vec<&str> = keys.iter().map(|k| rules.name(k)).collect();
            let text = format!("{name} asks for {}; only physicians who hold it are matched.", names.join(" and "));
            check(CheckState::Yes, "State certification", text)
        }
        StateDemand::Nothing => check(
            CheckState::Yes,
            "State certification",
            format!("We know of no certification that {name} demands for this."),
        ),
        StateDemand::Unknown => {
            let text = format!("We hold no data on certification rules for {name}; ask the company what applies.");
            check(CheckState::Unknown, "State rules not known", text)
        }
    };
    let entity = rules
        .schemes()
        .iter()
        .filter(|s| s.state == state.code() && s.applies_to == "workers_comp_ime" && s.holder == "company")
        .filter(|s| matches!(s.mode.as_str(), "exclusive" | "required"))
        .map(|s| {
            check(
                CheckState::Unknown,
                "Company registration",
                format!("{name} binds the company itself: {}. Ask for its number.", s.name),
            )
        });
    std::iter::once(physician).chain(entity).collect()
}

/// Rule `comp-ime-needs-qme`.
fn california(terms: &Terms) -> Check {
    if terms.certification.required.as_deref() == Some(CA_QME) {
        return check(
            CheckState::Yes,
            "QME appointment",
            "It concerns workers’ compensation in California and asks for the QME appointment.",
        );
    }
    let text = "An examination for workers’ compensation in California needs a QME. Only QMEs are matched in any case; post it as a QME opening, so that it says so.";
    check(CheckState::No, "Must be QME only", text)
}

fn remote(terms: &Terms) -> Option<Check> {
    (terms.kind == Kind::Qme && terms.remote).then(|| check(CheckState::Near, "Remote QME evaluation", REMOTE_QME))
}

/// Named states come on top of the state of the work, which companies easily overlook.
fn licence(terms: &Terms) -> Option<Check> {
    let LicenceRule::OneOf(named) = &terms.licence else { return None };
    let others: BTreeSet<State> = terms.markets.iter().map(|m| m.state()).filter(|s| !named.contains(s)).collect();
    if others.is_empty() {
        return None;
    }
    let names = |states: &mut dyn Iterator<Item = &'static str>| states.collect::<Vec<_>>().join(" or ");
    let text = format!(
        "Work on site in {} needs a licence there as well as one in {}.",
        names(&mut others.iter().map(|s| s.name())),
        names(&mut named.iter().map(|s| s.name())),
    );
    Some(check(CheckState::Near, "Two licences", text))
}

fn pay(terms: &Terms) -> Check {
    match terms.pay.basis {
        PayBasis::NotStated => {
            check(CheckState::Near, "Pay not stated", "It is shown last in every list, and says so.")
        }
        _ => check(CheckState::Yes, "Pay stated", format!("{} {}", terms.pay.label(), terms.pay.unit())),
    }
}

fn closing(terms: &Terms, now: DateTime<Utc>) -> Check {
    let left = (terms.closes_on - now.date_naive()).num_days();
    let on = day(terms.closes_on);
    match left {
        i64::MIN..0 => {
            check(CheckState::No, "Closing day passed", format!("It closed on {on}; approving it would show nothing."))
        }
        0..3 => check(CheckState::Near, "Closes soon", format!("It closes on {on}; alerts may come too late.")),
        _ => check(CheckState::Yes, "Closing day", format!("It closes on {on}, in {left} days.")),
    }
}

/// Contact belongs into no opening: it would go around the site and its ledger.
fn contact_in_text(terms: &Terms) -> Option<Check> {
    let found = terms.spotted();
    (!found.is_empty()).then(|| {
        check(
            CheckState::Near,
            "Contact in the text",
            format!("The text seems to hold {}. Contact goes through the site alone.", in_words(&found)),
        )
    })
}

#[cfg(test)]
mod tests {
    use domain::input::OpeningInput;
    use domain::input::opening::PayInput;

    use super::*;

    fn terms(kind: &str, market: &str, change: impl Fn(&mut OpeningInput)) -> Terms {
        let mut input = OpeningInput {
            kind: kind.to_owned(),
            title: "Examinations".to_owned(),
            description: "Examine and report.".to_owned(),
            markets: vec![market.to_owned()],
            comp_related: true,
            pay: PayInput { basis: "hourly".to_owned(), min_cents: Some(40_000), ..PayInput::default() },
            closes_on: "2026-12-14".to_owned(),
            ..OpeningInput::default()
        };
        change(&mut input);
        input.parse(&Rulebook::shipped(), "2026-11-23".parse().unwrap()).unwrap()
    }

    #[test]
    fn the_rules_are_told_before_anyone_is_matched() {
        let rules = Rulebook::shipped();
        let found = |terms: &Terms| {
            let all: Vec<Check> = certification(&rules, terms)
                .into_iter()
                .chain(remote(terms))
                .chain(licence(terms))
                .chain(contact_in_text(terms))
                .collect();
            all.iter().map(|c| c.title.clone()).collect::<Vec<_>>()
        };
        let none = |_: &mut OpeningInput| {};
        for (terms, want) in [
            (terms("ime", "bakersfield", none), vec!["Must be QME only"]),
            (
                terms("ime", "bakersfield", |i| i.certification.required = Some(CA_QME.to_owned())),
                vec!["QME appointment"],
            ),
            (terms("ime", "bakersfield", |i| i.comp_related = false), vec![]),
            (terms("qme", "bakersfield", none), vec!["QME appointment"]),
            (terms("qme", "bakersfield", |i| i.remote = true), vec!["QME appointment", "Remote QME evaluation"]),
            (terms("ime", "new-york-ny", none), vec!["State certification", "Company registration"]),
            (terms("ime", "las-vegas-nv", none), vec!["State certification"]),
            (
                terms("chart_review", "bakersfield", |i| i.description = "Ring 661 555 0143 x".to_owned()),
                vec!["Contact in the text"],
            ),
            (
                terms("chart_review", "bakersfield", |i| {
                    i.description = "200 pages, $1,200 and 30 days, 2026-2027".to_owned()
                }),
                vec![],
            ),
        ] {
            assert_eq!(found(&terms), want, "{} {:?}", terms.kind, terms.markets);
        }
    }

    #[test]
    fn the_tag_names_the_worst() {
        let list = |states: &[CheckState]| {
            states.iter().zip(["a", "b", "c"]).map(|(s, t)| check(*s, t, "")).collect::<Vec<_>>()
        };
        use CheckState::{Near, No, Unknown, Yes};
        assert_eq!(tag(&list(&[Yes, Near, No])), Tag::new("bad", "c"));
        assert_eq!(tag(&list(&[Yes, Unknown, Near])), Tag::new("warn", "b"));
        assert_eq!(tag(&list(&[Yes, Yes])), Tag::new("ok", "All met"));
    }
}
