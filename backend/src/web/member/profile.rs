//! `/profile`: the answers as they stand, by section.

use chrono::{Duration, NaiveDate};
use domain::certification::Rulebook;
use domain::contact::{Contact, ContactField};
use domain::pay::{PayBasis, dollars};
use domain::profile::{CertificationStatus, LicenceKind, Profile as Criteria, ProviderClass, is_current};
use domain::standing::MemberStanding;
use frontend::Private;
use frontend::pages::{Profile, ProfileSection};
use frontend::view::{Fact, Link, PrivateFact, Tag};
use store::Conn;
use store::contacts::OwnContact;
use store::members::Member;

use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// How long before its end a licence or certification is warned about.
const WARN_WITHIN: Duration = Duration::days(60);
const NOT_GIVEN: &str = "Not given";

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/profile", show);
}

async fn show(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let member = who.into_inner().member;
    let page = shell.app.read(move |conn, app| page_of(conn, app, &member)).await?;
    shell.page(&page)
}

fn page_of(conn: &mut Conn, app: &App, member: &Member) -> Result<Profile, AppError> {
    let criteria = store::profiles::get(conn, &member.id)?;
    let rules = store::facts::rulebook(conn)?;
    let contact = store::contacts::own(conn, &app.vault, &OwnContact::of_signed_in(member.account.clone()))?;
    let today = app.now().date_naive();
    let saved = member.profile_saved_at.is_some();
    Ok(Profile {
        status: status(member.standing),
        warnings: warnings(member, &criteria, &rules, today),
        todo: if saved { todo(&criteria, &contact) } else { Vec::new() },
        sections: if saved { sections(&criteria, &rules) } else { Vec::new() },
        contact: contact_facts(&contact),
    })
}

fn status(standing: MemberStanding) -> Tag {
    match standing {
        MemberStanding::Pending => Tag::new("warn", "Waiting for approval"),
        MemberStanding::Active => Tag::new("ok", "Approved"),
        MemberStanding::Paused => Tag::new("warn", "Paused"),
        MemberStanding::Suspended => Tag::new("bad", "Suspended"),
        MemberStanding::Rejected => Tag::new("bad", "Not approved"),
    }
}

fn warnings(member: &Member, criteria: &Criteria, rules: &Rulebook, today: NaiveDate) -> Vec<String> {
    let mut all: Vec<String> = member.standing_reason.iter().map(|why| format!("An admin wrote: {why}")).collect();
    let mut judge = |what: String, end: Option<NaiveDate>| match end {
        Some(end) if !is_current(Some(end), today) => {
            all.push(format!("{what} does not count since {}.", words::day(end)));
        }
        Some(end) if end <= today + WARN_WITHIN => all.push(format!("{what} ends on {}.", words::day(end))),
        _ => {}
    };
    for licence in &criteria.licences {
        judge(format!("Your {} licence", licence.state.name()), licence.expires_on);
    }
    for held in &criteria.certifications {
        judge(format!("Your certification {}", rules.name(&held.key)), held.expires_on);
    }
    all
}

fn todo(criteria: &Criteria, contact: &Contact) -> Vec<Link> {
    let nowhere = criteria.bases.is_empty() && criteria.markets.is_empty() && !criteria.remote;
    [
        (criteria.specialties.is_empty(), "/profile/edit#specialties", "Your specialties"),
        (criteria.licences.is_empty(), "/profile/edit#licences", "Your licences"),
        (criteria.interests.is_empty(), "/profile/edit#interests", "The kinds of work you want"),
        (nowhere, "/profile/edit#places", "Where you take work"),
        (contact.phone.is_none(), "/profile/contact", "A phone number, in case you want to share one"),
    ]
    .into_iter()
    .filter(|(missing, _, _)| *missing)
    .map(|(_, href, label)| Link::new(href, label))
    .collect()
}

fn section(heading: &str, anchor: &str, rows: Vec<Fact>) -> ProfileSection {
    ProfileSection { heading: heading.to_owned(), change_href: format!("/profile/edit#{anchor}"), rows }
}

fn or_not_given(text: String) -> String {
    if text.is_empty() { NOT_GIVEN.to_owned() } else { text }
}

fn sections(c: &Criteria, rules: &Rulebook) -> Vec<ProfileSection> {
    let years = c.years.map_or_else(|| NOT_GIVEN.to_owned(), |y| y.to_string());
    let you = vec![
        Fact::new("You are", class_name(c.provider_class)),
        Fact::new("Years in practice", years),
        Fact::new("Languages", or_not_given(language_names(&c.languages))),
    ];
    let mut all = vec![
        section("You", "who", you),
        section("Specialties", "specialties", specialties(c)),
        section("Licences", "licences", licences(c)),
        section("Certifications", "certifications", certifications(c, rules)),
        section("Work you want", "interests", work(c)),
        section("Places", "places", places(c)),
    ];
    let note = words::paragraphs(&c.provider_note).join(" ");
    all.push(section("A note", "note", vec![Fact::new("For admins only", or_not_given(note))]));
    all
}

/// A provider class as people read it.
pub(super) const fn class_name(class: ProviderClass) -> &'static str {
    match class {
        ProviderClass::MdDo => "Physician (MD or DO)",
        ProviderClass::NonMd => "Chiropractor, psychologist, podiatrist or another provider",
    }
}

/// A kind of licence as people read it.
pub(super) const fn licence_kind_name(kind: LicenceKind) -> &'static str {
    match kind {
        LicenceKind::Md => "MD",
        LicenceKind::Do => "DO",
        LicenceKind::Other => "Other",
    }
}

/// How far a certification is, as people read it.
pub(super) const fn status_name(status: CertificationStatus) -> &'static str {
    match status {
        CertificationStatus::Interested => "Interested",
        CertificationStatus::InProgress => "In progress",
        CertificationStatus::Appointed => "Appointed",
    }
}

/// Languages as people write them, for example `English, Spanish`.
pub(super) fn language_names(languages: &[String]) -> String {
    let name = |word: &String| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    languages.iter().map(name).collect::<Vec<String>>().join(", ")
}

/// The rows, or one that says that nothing was given.
fn given(rows: Vec<Fact>, label: &str) -> Vec<Fact> {
    if rows.is_empty() { vec![Fact::new(label, NOT_GIVEN)] } else { rows }
}

fn specialties(c: &Criteria) -> Vec<Fact> {
    let row = |s: &domain::profile::HeldSpecialty| {
        let label = if s.primary { "Main specialty" } else { "Specialty" };
        Fact { note: s.board_certified.then(|| "Board certified".to_owned()), ..Fact::new(label, s.specialty.name()) }
    };
    given(c.specialties.iter().map(row).collect(), "Specialty")
}

fn until(end: Option<NaiveDate>) -> Option<String> {
    end.map(|end| format!("until {}", words::day(end)))
}

fn licences(c: &Criteria) -> Vec<Fact> {
    let row = |l: &domain::profile::Licence| Fact {
        note: until(l.expires_on),
        ..Fact::new(l.state.name(), licence_kind_name(l.kind))
    };
    given(c.licences.iter().map(row).collect(), "Licence")
}

fn certifications(c: &Criteria, rules: &Rulebook) -> Vec<Fact> {
    let row = |held: &domain::profile::HeldCertification| Fact {
        note: until(held.expires_on),
        ..Fact::new(rules.name(&held.key), status_name(held.status))
    };
    given(c.certifications.iter().map(row).collect(), "Certification")
}

fn work(c: &Criteria) -> Vec<Fact> {
    let kinds: Vec<&str> = c.interests.iter().map(|k| k.label()).collect();
    let mut rows = vec![Fact::new("Kinds of work", or_not_given(kinds.join(", ")))];
    rows.extend(c.min_pay.iter().map(|m| {
        let amount = match m.basis {
            PayBasis::FeeShare => format!("{}.{:02}% of the fee", m.cents / 100, m.cents % 100),
            basis => format!("{} {}", dollars(m.cents), basis_name(basis)),
        };
        Fact::new(format!("Least pay, {}", m.kind.short()), amount)
    }));
    rows
}

/// What an amount counts, as people read it.
pub(super) const fn basis_name(basis: PayBasis) -> &'static str {
    match basis {
        PayBasis::PerCase => "per case",
        PayBasis::PerPage => "per page",
        PayBasis::Hourly => "per hour",
        PayBasis::FeeShare => "share of the state fee",
        PayBasis::NotStated => "",
    }
}

fn places(c: &Criteria) -> Vec<Fact> {
    let bases = c
        .bases
        .iter()
        .map(|b| Fact::new("Travels from", format!("{}, up to {} miles", b.market.label(), b.radius_miles)));
    let markets: Vec<String> = c.markets.iter().map(|m| m.label()).collect();
    let mut rows: Vec<Fact> = given(bases.collect(), "Travels from");
    rows.push(Fact::new("Markets", or_not_given(markets.join(" · "))));
    rows.push(Fact::new("Remote work", if c.remote { "Yes" } else { "No" }));
    rows
}

fn contact_facts(contact: &Contact) -> Vec<PrivateFact> {
    ContactField::ALL
        .iter()
        .map(|field| PrivateFact {
            label: field.label().to_owned(),
            value: Private::from(contact.field(*field).unwrap_or_default()),
            href: None,
        })
        .collect()
}
