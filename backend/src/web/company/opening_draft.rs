//! An opening between its form and its terms: reading what was typed, naming faults by the form's fields, and
//! writing terms back as they would have been typed.

use domain::errors::Errors;
use domain::input::OpeningInput;
use domain::input::opening::{CertificationInput, LicenceInput, PayInput, RequiresInput};
use domain::opening::{LicenceRule, Terms};
use frontend::view::FieldError;

use super::super::form::{Form, cents, field_errors};
use crate::error::AppError;

/// The highest numbers in the names of the repeated fields; the lists of the API are as long.
const SPECIALTIES: usize = 12;
const MARKETS: usize = 20;

/// What was typed, read as far as it can be.
pub(super) struct Draft {
    /// As the use case takes it.
    pub(super) input: OpeningInput,
    faults: Vec<FieldError>,
    specialties: Vec<usize>,
    markets: Vec<usize>,
}

impl Draft {
    /// Reads the form.
    pub(super) fn read(form: &Form) -> Self {
        let (specialties, specialty_slots) = slots(form, "specialty_", SPECIALTIES);
        let (markets, market_slots) = slots(form, "market_", MARKETS);
        let mut faults = Vec::new();
        let any = form.on("any_specialty");
        if !any && specialties.is_empty() {
            faults.push(FieldError::new("specialty_1", "Choose a specialty, or say that any will do."));
        }
        for (field, sentence) in [
            ("kind", "Choose the kind of work."),
            ("pay_basis", "Choose how pay is counted."),
            ("closes_on", "Choose the day it closes."),
        ] {
            if form.text(field).is_empty() {
                faults.push(FieldError::new(field, sentence));
            }
        }
        let input = OpeningInput {
            kind: form.text("kind").to_owned(),
            title: form.text("title").to_owned(),
            description: form.text("description").to_owned(),
            specialties: if any { Vec::new() } else { specialties },
            markets,
            remote: form.on("remote"),
            licence_states: licence(form, &mut faults),
            certification: CertificationInput {
                required: form.filled("certification_required"),
                takes_candidates: form.on("takes_candidates"),
                sponsors: form.on("sponsors"),
            },
            comp_related: form.on("comp_related"),
            pay: pay(form, &mut faults),
            volume: form.text("volume").to_owned(),
            seats: number(form, "seats", &mut faults),
            requires: RequiresInput {
                board_certified: form.on("board_certified"),
                min_years: number(form, "min_years", &mut faults),
                languages: commas(form.text("languages")),
                provider_classes: form.list("provider_class"),
            },
            closes_on: form.text("closes_on").to_owned(),
            public_listing: form.on("public_listing"),
        };
        Self { input, faults, specialties: specialty_slots, markets: market_slots }
    }

    /// True when every field could be read; the use case still judges what they say.
    pub(super) fn is_readable(&self) -> bool {
        self.faults.is_empty()
    }

    /// Every fault by the name of its form field: those of the form itself, then those of the domain at other fields.
    pub(super) fn faults(&self, errors: &Errors) -> Vec<FieldError> {
        let mut all = self.faults.clone();
        let theirs = field_errors(errors, |path| self.field_of(path));
        all.extend(theirs.into_iter().filter(|e| self.faults.iter().all(|own| own.field != e.field)));
        all
    }

    /// The form's field behind a path of the API.
    fn field_of(&self, path: &str) -> String {
        let (name, index) = match path.strip_suffix(']').and_then(|p| p.rsplit_once('[')) {
            Some((name, index)) => (name, index.parse::<usize>().ok()),
            None => (path, None),
        };
        let slot = |slots: &[usize]| index.and_then(|i| slots.get(i).copied()).unwrap_or(1);
        let field = match name {
            "specialties" => return format!("specialty_{}", slot(&self.specialties)),
            "markets" => return format!("market_{}", slot(&self.markets)),
            // Without an index it is about the choice, not about one state.
            "licence_states" if index.is_none() => "licence_mode",
            "certification.required" => "certification_required",
            "pay.basis" => "pay_basis",
            "pay.min_cents" => "pay_min",
            "pay.max_cents" => "pay_max",
            "pay.share_bps" => "share_percent",
            "pay.extra_page_cents" => "extra_page",
            "pay.included_pages" => "included_pages",
            "requires.min_years" => "min_years",
            "requires.languages" => "languages",
            "requires.provider_classes" => "provider_class",
            other => other,
        };
        field.to_owned()
    }
}

/// The filled ones of numbered fields, with the number of each.
fn slots(form: &Form, prefix: &str, most: usize) -> (Vec<String>, Vec<usize>) {
    (1..=most).filter_map(|n| form.filled(&format!("{prefix}{n}")).map(|value| (value, n))).unzip()
}

fn commas(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

fn licence(form: &Form, faults: &mut Vec<FieldError>) -> LicenceInput {
    match form.text("licence_mode") {
        "none" => LicenceInput::Word("none".to_owned()),
        "named" => {
            let states: Vec<String> = commas(form.text("licence_states")).iter().map(|s| s.to_uppercase()).collect();
            if states.is_empty() {
                faults.push(FieldError::new(
                    "licence_states",
                    "Name at least one state, for example CA, or choose the state of the work.",
                ));
            }
            LicenceInput::States(states)
        }
        "" | "state_of_work" => LicenceInput::default(),
        _ => {
            faults.push(FieldError::new("licence_mode", "Choose what licence the work needs."));
            LicenceInput::default()
        }
    }
}

fn pay(form: &Form, faults: &mut Vec<FieldError>) -> PayInput {
    let mut dollars = |field: &str| {
        cents(form.text(field)).unwrap_or_else(|()| {
            faults.push(FieldError::new(field, "Give an amount in dollars, for example 1200 or 1.80."));
            None
        })
    };
    let (min_cents, max_cents, extra_page_cents) = (dollars("pay_min"), dollars("pay_max"), dollars("extra_page"));
    let basis = form.text("pay_basis").to_owned();
    // A percent has a hundred basis points as a dollar has a hundred cents.
    let share = cents(form.text("share_percent")).ok().flatten().and_then(|bps| i32::try_from(bps).ok());
    let in_range = share.is_some_and(|bps| (1..=10_000).contains(&bps));
    if !in_range && (basis == "fee_share" || !form.text("share_percent").is_empty()) {
        faults.push(FieldError::new("share_percent", "Give the share in percent, up to 100, for example 60."));
    }
    PayInput {
        basis,
        min_cents,
        max_cents,
        share_bps: share,
        extra_page_cents,
        included_pages: number(form, "included_pages", faults),
    }
}

fn number(form: &Form, field: &str, faults: &mut Vec<FieldError>) -> Option<i32> {
    let text = form.filled(field)?;
    let value = text.replace(',', "").parse().ok();
    if value.is_none() {
        faults.push(FieldError::new(field, "Give a whole number."));
    }
    value
}

/// Terms as a form that was filled in with them.
///
/// # Errors
/// Never for terms that came from the store.
pub(super) fn typed(terms: &Terms) -> Result<Form, AppError> {
    let input = OpeningInput::from(terms);
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| pairs.push((name.to_owned(), value));
    put("kind", input.kind);
    put("title", input.title);
    put("description", input.description);
    for (prefix, values) in [("specialty_", &input.specialties), ("market_", &input.markets)] {
        for (n, value) in (1..).zip(values) {
            put(&format!("{prefix}{n}"), value.clone());
        }
    }
    let (mode, states) = match &terms.licence {
        LicenceRule::StateOfWork => ("state_of_work", String::new()),
        LicenceRule::OneOf(states) => ("named", states.iter().map(|s| s.code()).collect::<Vec<_>>().join(", ")),
        LicenceRule::NotNeeded => ("none", String::new()),
    };
    put("licence_mode", mode.to_owned());
    put("licence_states", states);
    put("certification_required", input.certification.required.unwrap_or_default());
    let whole = |n: Option<i32>| n.map_or_else(String::new, |n| n.to_string());
    put("pay_basis", input.pay.basis);
    put("pay_min", decimal(input.pay.min_cents));
    put("pay_max", decimal(input.pay.max_cents));
    put("share_percent", decimal(input.pay.share_bps.map(i64::from)));
    put("extra_page", decimal(input.pay.extra_page_cents));
    put("included_pages", whole(input.pay.included_pages));
    put("volume", input.volume);
    put("seats", whole(input.seats));
    put("min_years", whole(input.requires.min_years.filter(|y| *y > 0)));
    put("languages", input.requires.languages.join(", "));
    for class in input.requires.provider_classes {
        put("provider_class", class);
    }
    put("closes_on", input.closes_on);
    for (name, on) in [
        ("any_specialty", terms.specialties.is_empty()),
        ("remote", terms.remote),
        ("takes_candidates", terms.certification.takes_candidates),
        ("sponsors", terms.certification.sponsors),
        ("comp_related", terms.comp_related),
        ("board_certified", terms.requires.board_certified),
        ("public_listing", terms.public_listing),
    ] {
        if on {
            put(name, "1".to_owned());
        }
    }
    from_pairs(&pairs)
}

/// A form with these fields.
///
/// # Errors
/// When there are too many of them.
pub(super) fn from_pairs<N: serde::Serialize, V: serde::Serialize>(pairs: &[(N, V)]) -> Result<Form, AppError> {
    Form::read(&serde_urlencoded::to_string(pairs).map_err(AppError::internal)?)
}

/// Hundredths as people type them: `1200`, `1.80`.
fn decimal(hundredths: Option<i64>) -> String {
    match hundredths.map(|n| (n / 100, n % 100)) {
        None => String::new(),
        Some((whole, 0)) => whole.to_string(),
        Some((whole, rest)) => format!("{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use domain::certification::Rulebook;

    use super::*;

    fn filled() -> OpeningInput {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        OpeningInput {
            kind: "ime".to_owned(),
            title: "IMEs in Nevada & Arizona".to_owned(),
            description: "Examine.\n\nWrite + sign.".to_owned(),
            specialties: words(&["neurology", "psychiatry"]),
            markets: words(&["las-vegas-nv", "bakersfield"]),
            remote: true,
            licence_states: LicenceInput::States(words(&["NV", "AZ"])),
            certification: CertificationInput {
                required: Some("us-cime".to_owned()),
                takes_candidates: true,
                sponsors: false,
            },
            comp_related: true,
            pay: PayInput {
                basis: "per_case".to_owned(),
                min_cents: Some(120_050),
                max_cents: Some(150_000),
                share_bps: None,
                extra_page_cents: Some(180),
                included_pages: Some(200),
            },
            volume: "2–4 a month".to_owned(),
            seats: Some(3),
            requires: RequiresInput {
                board_certified: true,
                min_years: Some(5),
                languages: words(&["spanish"]),
                provider_classes: words(&["md_do"]),
            },
            closes_on: "2026-12-14".to_owned(),
            public_listing: true,
        }
    }

    #[test]
    fn terms_survive_the_form_unchanged() {
        let today = "2026-11-23".parse().unwrap();
        let rules = Rulebook::shipped();
        let terms = filled().parse(&rules, today).unwrap();
        let draft = Draft::read(&typed(&terms).unwrap());
        assert_eq!(draft.faults, []);
        assert_eq!(draft.input.parse(&rules, today).unwrap(), terms);
    }

    #[test]
    fn faults_stand_at_the_fields_they_are_about() {
        let form = from_pairs(&[
            ("kind", "qme"),
            ("title", "x"),
            ("description", "y"),
            ("specialty_2", "no-such"),
            ("market_3", "las-vegas-nv"),
            ("licence_mode", "named"),
            ("pay_basis", "fee_share"),
            ("pay_min", "twelve"),
            ("share_percent", "160"),
            ("seats", "2.5"),
            ("closes_on", "soon"),
        ])
        .unwrap();
        let draft = Draft::read(&form);
        let errors = draft.input.parse(&Rulebook::shipped(), "2026-11-23".parse().unwrap()).unwrap_err();
        let faults = draft.faults(&errors);
        let mut fields: Vec<&str> = faults.iter().map(|f| f.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(
            fields,
            ["closes_on", "licence_states", "market_1", "pay_min", "seats", "share_percent", "specialty_2"]
        );
    }
}
