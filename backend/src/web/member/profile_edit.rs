//! `/profile/edit`: the whole profile as one form.

use actix_web::http::StatusCode;
use domain::Kind;
use domain::certification::{Rulebook, Scheme};
use domain::pay::PayBasis;
use domain::place::{Market, State};
use domain::profile::{CertificationStatus, LicenceKind, ProviderClass};
use frontend::pages::{
    BaseLine, CertificationLine, LicenceLine, MAX_BASES, MAX_CERTIFICATIONS, MAX_LICENCES, MAX_MORE_MARKETS,
    MAX_SPECIALTIES, MinPayLine, ProfileEdit, SpecialtyLine,
};
use frontend::view::{Choice, FieldError, Slot, Tick};

use super::profile::{basis_name, class_name, licence_kind_name, status_name};
use super::profile_form::{fields_of, numbers, read};
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases;
use crate::web::form::Form;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/profile/edit", show).post("/profile/edit", save);
}

async fn show(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let id = who.member.id.clone();
    let (profile, rules) =
        shell.app.read(move |conn, _| Ok((store::profiles::get(conn, &id)?, store::facts::rulebook(conn)?))).await?;
    shell.page(&page_of(&fields_of(&profile), &rules, Vec::new()))
}

async fn save(shell: Shell, who: Guarded<OwnMembership>, form: Form) -> WebResult {
    let member = who.into_inner().member;
    let typed = form.clone();
    let (wrong, rules) = shell
        .app
        .write(move |conn, app| {
            let rules = store::facts::rulebook(conn)?;
            let typed = read(&typed, &store::profiles::get(conn, &member.id)?);
            let mut wrong = typed.errors.clone();
            // With a fault of the form itself nothing is saved, yet the other faults are named with it.
            let faults = if wrong.is_empty() {
                usecases::save_profile(conn, app, &member, &typed.input).map(|_| ())
            } else {
                typed.input.parse(&rules).map(|_| ()).map_err(AppError::from)
            };
            match faults {
                Ok(()) => {}
                Err(AppError::Invalid(errors)) => wrong.extend(typed.faults(&errors)),
                Err(error) => return Err(error),
            }
            Ok((wrong, rules))
        })
        .await?;
    if wrong.is_empty() {
        return shell.done("/profile", "Your profile is saved. What fits you is being looked for now.");
    }
    shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&form, &rules, wrong))
}

/// The numbers of the lines to show: at least so many, and always one that is free.
fn lines(form: &Form, prefix: &str, least: usize) -> impl Iterator<Item = i64> + use<> {
    let filled = numbers(form, prefix).into_iter().filter(|n| form.filled(&format!("{prefix}{n}")).is_some()).max();
    let count = filled.map_or(least, |last| least.max(last + 1));
    (1..).take(count)
}

fn page_of(form: &Form, rules: &Rulebook, errors: Vec<FieldError>) -> ProfileEdit {
    let text = |name: String| form.text(&name).to_owned();
    ProfileEdit {
        provider_class: text("provider_class".to_owned()),
        provider_class_options: choices(ProviderClass::ALL, |c| (c.as_str(), class_name(c))),
        specialties: lines(form, "specialty_", MAX_SPECIALTIES)
            .map(|n| SpecialtyLine {
                n,
                specialty: text(format!("specialty_{n}")),
                board: form.on(&format!("specialty_{n}_board")),
            })
            .collect(),
        specialty_options: words::specialty_choices(),
        licences: lines(form, "licence_state_", MAX_LICENCES)
            .map(|n| LicenceLine {
                n,
                state: text(format!("licence_state_{n}")),
                kind: text(format!("licence_kind_{n}")),
                expires: text(format!("licence_expires_{n}")),
            })
            .collect(),
        state_options: words::state_choices(),
        licence_kind_options: choices(LicenceKind::ALL, |k| (k.as_str(), licence_kind_name(k))),
        certifications: lines(form, "cert_key_", MAX_CERTIFICATIONS)
            .map(|n| CertificationLine {
                n,
                key: text(format!("cert_key_{n}")),
                status: text(format!("cert_status_{n}")),
                expires: text(format!("cert_expires_{n}")),
            })
            .collect(),
        certification_options: certification_choices(rules),
        certification_status_options: choices(CertificationStatus::ALL, |s| (s.as_str(), status_name(s))),
        interests: interests(form),
        bases: lines(form, "base_market_", MAX_BASES)
            .map(|n| BaseLine { n, market: text(format!("base_market_{n}")), radius: text(format!("base_radius_{n}")) })
            .collect(),
        market_options: words::market_choices(),
        popular_markets: popular_markets(form),
        more_markets: lines(form, "market_", MAX_MORE_MARKETS)
            .map(|n| Slot { n, value: text(format!("market_{n}")) })
            .collect(),
        remote: form.on("remote"),
        min_pay: min_pay(form),
        pay_basis_options: choices(&[PayBasis::PerCase, PayBasis::PerPage, PayBasis::Hourly], |b| {
            (b.as_str(), basis_name(b))
        }),
        languages: text("languages".to_owned()),
        years: text("years".to_owned()),
        provider_note: text("provider_note".to_owned()),
        errors,
    }
}

fn choices<T: Copy>(all: &[T], words: impl Fn(T) -> (&'static str, &'static str)) -> Vec<Choice> {
    all.iter()
        .map(|one| {
            let (value, label) = words(*one);
            Choice::new(value, label)
        })
        .collect()
}

/// What a person can hold, under the names of the states.
fn certification_choices(rules: &Rulebook) -> Vec<Choice> {
    let state = |s: &Scheme| State::parse(&s.state).map_or("United States", State::name);
    let mut schemes: Vec<&Scheme> = rules.schemes().iter().filter(|s| s.holder == "physician").collect();
    schemes.sort_by_key(|s| (state(s), s.name.as_str()));
    schemes.into_iter().map(|s| Choice::new(s.key.as_str(), s.name.as_str()).in_group(state(s))).collect()
}

fn interests(form: &Form) -> Vec<Tick> {
    let wanted = form.list("interest");
    let hint = |kind: Kind| match kind {
        Kind::Qme => "In California workers’ compensation, as a Qualified Medical Evaluator",
        Kind::Ime => "For insurers, employers and courts",
        Kind::ChartReview => "Records only, often remote",
    };
    Kind::ALL
        .iter()
        .map(|kind| Tick {
            value: kind.as_str().to_owned(),
            label: kind.label().to_owned(),
            hint: Some(hint(*kind).to_owned()),
            checked: wanted.iter().any(|w| w == kind.as_str()),
        })
        .collect()
}

fn popular_markets(form: &Form) -> Vec<Tick> {
    let wanted = form.list("market");
    Market::all()
        .filter(|m| m.popular())
        .map(|m| Tick {
            value: m.slug().to_owned(),
            label: m.label(),
            hint: None,
            checked: wanted.iter().any(|w| w == m.slug()),
        })
        .collect()
}

/// A line for each kind, and further ones where least pay is kept in several units.
fn min_pay(form: &Form) -> Vec<MinPayLine> {
    let line = |kind: Kind, name: String, label: String| MinPayLine {
        amount: form.text(&format!("min_pay_{name}")).to_owned(),
        basis: form.filled(&format!("min_pay_basis_{name}")).unwrap_or_else(|| usual_basis(kind).as_str().to_owned()),
        kind: name,
        label,
    };
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.push(line(*kind, kind.as_str().to_owned(), kind.label().to_owned()));
        for n in numbers(form, &format!("min_pay_{kind}_")) {
            all.push(line(*kind, format!("{kind}_{n}"), format!("{}, in another unit", kind.label())));
        }
    }
    all
}

const fn usual_basis(kind: Kind) -> PayBasis {
    match kind {
        Kind::Qme | Kind::Ime => PayBasis::PerCase,
        Kind::ChartReview => PayBasis::Hourly,
    }
}
