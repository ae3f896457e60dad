//! The form of a profile: from what is kept to named fields, and from named fields to what the API takes.

use std::collections::BTreeMap;

use domain::Kind;
use domain::errors::Errors;
use domain::input::ProfileInput;
use domain::input::profile::{BaseInput, CertificationInput, LicenceInput, MinPayInput, SpecialtyInput};
use domain::pay::{PayBasis, dollars};
use domain::place::Market;
use domain::profile::Profile;
use frontend::view::FieldError;

use super::profile::language_names;
use crate::web::form::{Form, cents, field_errors};

/// The most numbered lines of one kind that are read.
const LINES_AT_MOST: usize = 60;

/// A form that was read.
pub(super) struct Typed {
    /// As the API takes it.
    pub(super) input: ProfileInput,
    /// What could not even be read as that.
    pub(super) errors: Vec<FieldError>,
    names: BTreeMap<&'static str, Vec<String>>,
}

impl Typed {
    /// The domain's errors under the names of the form's fields.
    pub(super) fn faults(&self, errors: &Errors) -> Vec<FieldError> {
        field_errors(errors, |path| self.field(path))
    }

    /// The form's field behind a path of the API such as `licences[1].expires_on`.
    fn field(&self, path: &str) -> String {
        let (list, rest) = path.split_once('[').unwrap_or((path, ""));
        let (at, part) = rest.split_once(']').unwrap_or(("0", ""));
        let at: usize = at.parse().unwrap_or(0);
        let line =
            self.names.get(list).and_then(|names| names.get(at).or_else(|| names.first())).map_or("1", String::as_str);
        match (list, part.trim_start_matches('.')) {
            ("specialties", _) => format!("specialty_{line}"),
            ("licences", "kind") => format!("licence_kind_{line}"),
            ("licences", "expires_on") => format!("licence_expires_{line}"),
            ("licences", _) => format!("licence_state_{line}"),
            ("certifications", "status") => format!("cert_status_{line}"),
            ("certifications", "expires_on") => format!("cert_expires_{line}"),
            ("certifications", _) => format!("cert_key_{line}"),
            ("bases", "radius_miles") => format!("base_radius_{line}"),
            ("bases", _) => format!("base_market_{line}"),
            ("markets", _) if self.names.contains_key("markets") => line.to_owned(),
            ("markets", _) => "market".to_owned(),
            ("min_pay", "basis") => format!("min_pay_basis_{line}"),
            ("min_pay", _) => format!("min_pay_{line}"),
            ("interests", _) => "interest".to_owned(),
            (other, _) => other.to_owned(),
        }
    }

    fn note(&mut self, list: &'static str, name: impl Into<String>) {
        self.names.entry(list).or_default().push(name.into());
    }

    fn wrong(&mut self, field: String, message: &str) {
        self.errors.push(FieldError::new(field, message));
    }
}

/// Reads a form. What it has no fields for (steps of a certification, a least share of a fee) is kept as it was.
pub(super) fn read(form: &Form, kept: &Profile) -> Typed {
    let mut typed = Typed { input: ProfileInput::default(), errors: Vec::new(), names: BTreeMap::new() };
    match form.text("provider_class") {
        "" => typed.wrong("provider_class".to_owned(), "Choose what you are."),
        class => class.clone_into(&mut typed.input.provider_class),
    }
    read_specialties(form, &mut typed);
    read_licences(form, &mut typed);
    read_certifications(form, kept, &mut typed);
    read_places(form, &mut typed);
    read_min_pay(form, kept, &mut typed);
    typed.input.interests = form.list("interest");
    typed.input.languages =
        form.text("languages").split(',').map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
    match (form.text("years"), form.text("years").parse::<i32>()) {
        ("", _) => {}
        (_, Ok(years)) => typed.input.years = Some(years),
        (_, Err(_)) => typed.wrong("years".to_owned(), "Give the years as a number."),
    }
    form.text("provider_note").clone_into(&mut typed.input.provider_note);
    typed
}

/// The numbers that follow a prefix among the names, in order.
pub(super) fn numbers(form: &Form, prefix: &str) -> Vec<usize> {
    let mut all: Vec<usize> = form
        .starting_with(prefix)
        .filter_map(|(name, _)| name.strip_prefix(prefix)?.parse().ok())
        .filter(|n| (1..=LINES_AT_MOST).contains(n))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn read_specialties(form: &Form, typed: &mut Typed) {
    for n in numbers(form, "specialty_") {
        let Some(slug) = form.filled(&format!("specialty_{n}")) else { continue };
        let board_certified = form.on(&format!("specialty_{n}_board"));
        let primary = typed.input.specialties.is_empty();
        typed.input.specialties.push(SpecialtyInput { slug, primary, board_certified });
        typed.note("specialties", n.to_string());
    }
}

fn read_licences(form: &Form, typed: &mut Typed) {
    for n in numbers(form, "licence_state_") {
        let expires_on = form.filled(&format!("licence_expires_{n}"));
        match form.filled(&format!("licence_state_{n}")) {
            Some(state) => {
                let kind = form.text(&format!("licence_kind_{n}")).to_owned();
                typed.input.licences.push(LicenceInput { state, kind, expires_on });
                typed.note("licences", n.to_string());
            }
            None if expires_on.is_some() => {
                typed.wrong(format!("licence_state_{n}"), "Choose the state of this licence.")
            }
            None => {}
        }
    }
}

fn read_certifications(form: &Form, kept: &Profile, typed: &mut Typed) {
    let before = ProfileInput::from(kept).certifications;
    for n in numbers(form, "cert_key_") {
        let expires_on = form.filled(&format!("cert_expires_{n}"));
        match form.filled(&format!("cert_key_{n}")) {
            Some(key) => {
                let status = form.text(&format!("cert_status_{n}")).to_owned();
                let steps = before.iter().find(|c| c.key == key).map(|c| c.steps.clone()).unwrap_or_default();
                typed.input.certifications.push(CertificationInput { key, status, expires_on, steps });
                typed.note("certifications", n.to_string());
            }
            None if expires_on.is_some() => {
                typed.wrong(format!("cert_key_{n}"), "Choose the certification that ends then.")
            }
            None => {}
        }
    }
}

fn read_places(form: &Form, typed: &mut Typed) {
    typed.input.remote = form.on("remote");
    for n in numbers(form, "base_market_") {
        let Some(market) = form.filled(&format!("base_market_{n}")) else { continue };
        let radius_miles = form.text(&format!("base_radius_{n}")).parse().unwrap_or_else(|_| {
            typed.wrong(format!("base_radius_{n}"), "Give how far you travel from there, in miles.");
            0
        });
        typed.input.bases.push(BaseInput { market, radius_miles });
        typed.note("bases", n.to_string());
    }
    for slug in form.list("market") {
        typed.input.markets.push(slug);
        typed.note("markets", "market");
    }
    for n in numbers(form, "market_") {
        // A market that is ticked and chosen once more is one wish.
        match form.filled(&format!("market_{n}")) {
            Some(slug) if !typed.input.markets.contains(&slug) => {
                typed.input.markets.push(slug);
                typed.note("markets", format!("market_{n}"));
            }
            _ => {}
        }
    }
}

fn read_min_pay(form: &Form, kept: &Profile, typed: &mut Typed) {
    let lines: Vec<String> = form
        .starting_with("min_pay_")
        .filter_map(|(name, _)| name.strip_prefix("min_pay_"))
        .filter(|line| !line.starts_with("basis_"))
        .map(str::to_owned)
        .collect();
    for line in lines {
        let Some(kind) = kind_of(&line) else { continue };
        match cents(form.text(&format!("min_pay_{line}"))) {
            Ok(None) => {}
            Ok(Some(cents)) => {
                let basis = form.text(&format!("min_pay_basis_{line}")).to_owned();
                typed.input.min_pay.push(MinPayInput { kind: kind.as_str().to_owned(), basis, cents });
                typed.note("min_pay", line);
            }
            Err(()) => typed.wrong(format!("min_pay_{line}"), "Give an amount in dollars, for example 1200."),
        }
    }
    for share in ProfileInput::from(kept).min_pay.into_iter().filter(|m| m.basis == PayBasis::FeeShare.as_str()) {
        typed.note("min_pay", share.kind.clone());
        typed.input.min_pay.push(share);
    }
}

/// The kind of a line of least pay: `qme`, or `qme_2` for a second one.
fn kind_of(line: &str) -> Option<Kind> {
    Kind::parse(line).or_else(|| {
        let (kind, n) = line.rsplit_once('_')?;
        n.parse::<u8>().ok().and_then(|_| Kind::parse(kind))
    })
}

/// The form as it would have been posted to give this profile.
pub(super) fn fields_of(profile: &Profile) -> Form {
    let input = ProfileInput::from(profile);
    let mut fields: Vec<(String, String)> = vec![
        ("provider_class".to_owned(), input.provider_class),
        ("languages".to_owned(), language_names(&input.languages)),
        ("years".to_owned(), input.years.map(|y| y.to_string()).unwrap_or_default()),
        ("provider_note".to_owned(), input.provider_note),
    ];
    let mut put = |name: String, value: String| fields.push((name, value));
    let tick = |on: bool| if on { "1".to_owned() } else { String::new() };
    // The first line is the main specialty.
    let (main, others): (Vec<_>, Vec<_>) = input.specialties.into_iter().partition(|s| s.primary);
    for (n, s) in (1..).zip(main.into_iter().chain(others)) {
        put(format!("specialty_{n}"), s.slug);
        put(format!("specialty_{n}_board"), tick(s.board_certified));
    }
    for (n, l) in (1..).zip(input.licences) {
        put(format!("licence_state_{n}"), l.state);
        put(format!("licence_kind_{n}"), l.kind);
        put(format!("licence_expires_{n}"), l.expires_on.unwrap_or_default());
    }
    for (n, c) in (1..).zip(input.certifications) {
        put(format!("cert_key_{n}"), c.key);
        put(format!("cert_status_{n}"), c.status);
        put(format!("cert_expires_{n}"), c.expires_on.unwrap_or_default());
    }
    for (n, b) in (1..).zip(input.bases) {
        put(format!("base_market_{n}"), b.market);
        put(format!("base_radius_{n}"), b.radius_miles.to_string());
    }
    let (popular, more): (Vec<Market>, Vec<Market>) = profile.markets.iter().partition(|m| m.popular());
    for m in popular {
        put("market".to_owned(), m.slug().to_owned());
    }
    for (n, m) in (1..).zip(more) {
        put(format!("market_{n}"), m.slug().to_owned());
    }
    put("remote".to_owned(), tick(input.remote));
    for kind in input.interests {
        put("interest".to_owned(), kind);
    }
    for kind in Kind::ALL {
        let of_kind = profile.min_pay.iter().filter(|m| m.kind == *kind && m.basis != PayBasis::FeeShare);
        for (n, m) in (1..).zip(of_kind) {
            let line = if n == 1 { kind.as_str().to_owned() } else { format!("{kind}_{n}") };
            put(format!("min_pay_{line}"), dollars(m.cents).trim_start_matches('$').to_owned());
            put(format!("min_pay_basis_{line}"), m.basis.as_str().to_owned());
        }
    }
    Form::from_pairs(fields)
}

#[cfg(test)]
mod tests {
    use domain::certification::Rulebook;

    use super::*;

    fn profile() -> Profile {
        let json = r#"{
            "provider_class": "md_do",
            "specialties": [{ "slug": "neurology" }, { "slug": "orthopaedic-surgery", "primary": true, "board_certified": true }],
            "licences": [{ "state": "CA", "kind": "md", "expires_on": "2027-12-31" }, { "state": "NV", "kind": "do" }],
            "certifications": [{ "key": "ca-qme", "status": "in_progress", "steps": { "exam": "2026-10-01" } }],
            "interests": ["qme", "chart_review"],
            "bases": [{ "market": "bakersfield", "radius_miles": 60 }],
            "markets": ["los-angeles", "reno-nv"],
            "remote": true,
            "min_pay": [
                { "kind": "qme", "basis": "per_case", "cents": 120050 },
                { "kind": "qme", "basis": "hourly", "cents": 30000 },
                { "kind": "qme", "basis": "fee_share", "cents": 6000 }
            ],
            "languages": ["english", "spanish"],
            "years": 14,
            "provider_note": "Mondays only"
        }"#;
        serde_json::from_str::<ProfileInput>(json).unwrap().parse(&Rulebook::shipped()).unwrap()
    }

    #[test]
    fn a_profile_comes_back_from_its_form_whole() {
        let mut kept = profile();
        let typed = read(&fields_of(&kept), &kept);
        assert!(typed.errors.is_empty());
        kept.specialties.reverse();
        kept.min_pay.sort_by_key(|m| m.cents);
        let mut again = typed.input.parse(&Rulebook::shipped()).unwrap();
        again.min_pay.sort_by_key(|m| m.cents);
        assert_eq!(again, kept);
    }

    #[test]
    fn faults_stand_at_the_field_that_was_typed_into() {
        let text = "provider_class=md_do&specialty_2=neurology&specialty_4=nothing&licence_state_3=CA\
                    &licence_kind_3=md&licence_expires_3=soon&base_market_2=bakersfield&base_radius_2=5000\
                    &market=los-angeles&market_4=atlantis&cert_key_1=ca-qme&cert_status_1=perhaps&years=900\
                    &min_pay_ime=5&min_pay_basis_ime=monthly&languages=english,1";
        let typed = read(&Form::read(text).unwrap(), &Profile::empty());
        assert!(typed.errors.is_empty());
        let faults = typed.faults(&typed.input.parse(&Rulebook::shipped()).unwrap_err());
        let mut fields: Vec<&str> = faults.iter().map(|f| f.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(
            fields,
            [
                "base_radius_2",
                "cert_status_1",
                "languages",
                "licence_expires_3",
                "market_4",
                "min_pay_basis_ime",
                "specialty_4",
                "years"
            ]
        );
    }

    #[test]
    fn what_is_no_number_is_named_at_once() {
        let text = "specialty_1=neurology&base_market_1=bakersfield&base_radius_1=far&years=many&min_pay_qme=lots\
                    &licence_state_1=&licence_expires_1=2027-01-01";
        let typed = read(&Form::read(text).unwrap(), &Profile::empty());
        let fields: Vec<&str> = typed.errors.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["provider_class", "licence_state_1", "base_radius_1", "min_pay_qme", "years"]);
    }
}
