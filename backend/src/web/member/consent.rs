//! `/consent/{opening_id}`: choose what to share, read exactly what the company gets, then share.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use domain::OpeningId;
use domain::access::Freshness;
use domain::candidate::Candidate;
use domain::contact::{Contact, ContactField};
use domain::eligibility::check;
use domain::introduction::{DEFAULT_LIFE, IntroductionState, TEXT_VERSION, end_of};
use domain::standing::SeatRole;
use frontend::Private;
use frontend::pages::{Consent, ConsentField, ConsentReview};
use frontend::view::{Choice, FieldError};
use store::Conn;
use store::contacts::OwnContact;
use store::members::Member;
use store::openings::Opening;

use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes, ShareContact};
use crate::error::AppError;
use crate::usecases::{self, IntroduceInput, agreed_text};
use crate::web::form::{Form, field_errors};
use crate::web::openings::public_opening;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// The ends that are offered, in days.
const ENDS: [i64; 5] = [7, 14, 30, 90, 180];

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/consent/{opening_id}", choose).post("/consent/{opening_id}", share);
}

/// What both pages show.
struct Scene {
    opening: Opening,
    contact: Contact,
    seats: Vec<String>,
    now: DateTime<Utc>,
}

/// Whether the two pages may be shown at all.
enum Entrance {
    Open(Box<Scene>),
    /// Why not; the page of the opening says more.
    Shut(&'static str),
}

async fn choose(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let again = (who.fresh < Freshness::Recent).then(|| format!("/account/confirm?next=/consent/{id}"));
    match enter(&shell.app, who.into_inner().member, id.clone()).await? {
        Entrance::Shut(why) => shell.done(&format!("/openings/{id}"), why),
        Entrance::Open(scene) => shell.page(&scene.choice(&[ContactField::Name], "30", again, Vec::new())),
    }
}

/// The first press shows the review, the second, from there, shares.
async fn share(shell: Shell, who: Guarded<ShareContact>, id: Path<String>, form: Form) -> WebResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    let scene = match enter(&shell.app, member.clone(), id.clone()).await? {
        Entrance::Shut(why) => return shell.done(&format!("/openings/{id}"), why),
        Entrance::Open(scene) => scene,
    };
    if form.text("opening_revision") != scene.opening.revision.to_string() {
        return Err(AppError::Conflict(
            "The company changed this opening meanwhile; read it again. Nothing was shared.",
        ));
    }
    let fields = scene.chosen(&form);
    let end = end(form.text("expires_at"), scene.now);
    let mut errors = Vec::new();
    if fields.is_empty() {
        errors.push(FieldError::new("field", "Choose at least one field to share."));
    }
    if let Err(why) = end {
        errors.push(FieldError::new("expires_at", why));
    }
    let Ok(end) = end else { return scene.again(&shell, &form, &fields, errors) };
    if !errors.is_empty() {
        return scene.again(&shell, &form, &fields, errors);
    }
    if form.text("confirmed") != "1" {
        return shell.page(&scene.review(&fields, end));
    }
    if form.text("text_version") != TEXT_VERSION {
        return Err(AppError::Conflict(
            "The words you agree to have changed meanwhile; read them again. Nothing was shared.",
        ));
    }
    let input = IntroduceInput {
        opening_id: id.as_str().to_owned(),
        opening_revision: scene.opening.revision,
        fields: fields.iter().map(|f| f.as_str().to_owned()).collect(),
        expires_at: Some(stamp(end)),
    };
    match shell.app.write(move |conn, app| usecases::introduce(conn, app, &member, &input)).await {
        Ok(_) => shell.done(
            "/permissions",
            &format!("Shared with {} for this opening, until {}.", scene.opening.company_name, words::moment(end)),
        ),
        Err(AppError::Invalid(faults)) => {
            let name = |path: &str| if path.starts_with("fields") { "field".to_owned() } else { path.to_owned() };
            scene.again(&shell, &form, &fields, field_errors(&faults, name))
        }
        Err(error) => Err(error),
    }
}

async fn enter(app: &App, member: Member, id: OpeningId) -> Result<Entrance, AppError> {
    app.read(move |conn, app| scene_of(conn, app, &member, &id)).await
}

fn scene_of(conn: &mut Conn, app: &App, member: &Member, id: &OpeningId) -> Result<Entrance, AppError> {
    let now = app.now();
    let opening = public_opening(conn, id)?;
    if !opening.liveness.is_live(now) {
        return Err(AppError::Gone("This opening is no longer open; nothing was shared."));
    }
    let shared = store::introductions::of_member(conn, &member.id)?
        .iter()
        .any(|i| i.opening == *id && i.state_at(now) == IntroductionState::Active);
    if shared {
        return Ok(Entrance::Shut("You have already said yes to this opening."));
    }
    let rules = store::facts::rulebook(conn)?;
    let who: Option<Candidate> = store::profiles::candidates(conn, std::slice::from_ref(member))?.pop();
    if !who.is_some_and(|who| check(&rules, &opening.offer(), &who, now).is_eligible()) {
        return Ok(Entrance::Shut("You cannot say yes to this one now; below you see which rule stops it."));
    }
    let accounts: Vec<_> = store::companies::seats(conn, &opening.company)?
        .into_iter()
        .filter(|seat| matches!(seat.role, SeatRole::Owner | SeatRole::Recruiter))
        .map(|seat| seat.account)
        .collect();
    let seats = store::contacts::seat_names(conn, &app.vault, &accounts)?;
    let contact = store::contacts::own(conn, &app.vault, &OwnContact::of_signed_in(member.account.clone()))?;
    Ok(Entrance::Open(Box::new(Scene { opening, contact, seats, now })))
}

impl Scene {
    /// The chosen fields that have a value, in the order of the fields.
    fn chosen(&self, form: &Form) -> Vec<ContactField> {
        let wanted = form.list("field");
        let is_wanted = |f: &ContactField| wanted.iter().any(|w| w == f.as_str());
        ContactField::ALL.iter().copied().filter(|f| is_wanted(f) && self.contact.field(*f).is_some()).collect()
    }

    fn field(&self, field: ContactField, checked: bool) -> ConsentField {
        ConsentField {
            key: field.as_str().to_owned(),
            label: field.label().to_owned(),
            value: Private::from(self.contact.field(field).unwrap_or_default()),
            checked,
        }
    }

    fn choice(
        &self,
        chosen: &[ContactField],
        end: &str,
        sign_in_href: Option<String>,
        errors: Vec<FieldError>,
    ) -> Consent {
        Consent {
            opening_id: self.opening.id.as_str().to_owned(),
            opening_revision: i64::from(self.opening.revision),
            title: self.opening.terms.title.clone(),
            opening_href: format!("/openings/{}", self.opening.id),
            company: self.opening.company_name.clone(),
            seats: self.seats.clone(),
            fields: ContactField::ALL.iter().map(|f| self.field(*f, chosen.contains(f))).collect(),
            expires_at: end.to_owned(),
            expires_options: ends(self.now),
            sign_in_href,
            errors,
        }
    }

    fn again(&self, shell: &Shell, form: &Form, chosen: &[ContactField], errors: Vec<FieldError>) -> WebResult {
        let page = self.choice(chosen, form.text("expires_at"), None, errors);
        shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
    }

    fn review(&self, chosen: &[ContactField], end: DateTime<Utc>) -> ConsentReview {
        let labels: Vec<&str> = chosen.iter().map(|f| f.label()).collect();
        ConsentReview {
            opening_id: self.opening.id.as_str().to_owned(),
            opening_revision: i64::from(self.opening.revision),
            title: self.opening.terms.title.clone(),
            company: self.opening.company_name.clone(),
            seats: self.seats.clone(),
            fields: chosen.iter().map(|f| self.field(*f, true)).collect(),
            expires_at: stamp(end),
            ends: words::moment(end),
            statement: agreed_text(&self.opening.company_name, &self.opening.terms.title, &labels, end),
            text_version: TEXT_VERSION.to_owned(),
        }
    }
}

fn ends(now: DateTime<Utc>) -> Vec<Choice> {
    let last = |days: i64| words::day((now + Duration::days(days)).date_naive());
    ENDS.iter().map(|days| Choice::new(days.to_string(), format!("{} ({days} days)", last(*days)))).collect()
}

/// The end that was sent: one of the offered numbers of days, or the moment that the review page fixed.
fn end(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    if text.is_empty() {
        return end_of(Some(now + DEFAULT_LIFE), now);
    }
    let days = text.parse::<i64>().ok().filter(|days| ENDS.contains(days)).map(|days| now + Duration::days(days));
    match days.or_else(|| text.parse::<DateTime<Utc>>().ok()) {
        Some(at) => end_of(Some(at), now),
        None => Err("Choose an end from the list."),
    }
}

/// A moment as the form carries it. Whole seconds, so that what was read is what is kept.
fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_days_or_the_moment_of_the_review() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        for (text, want) in [
            ("", Some("2026-12-23T12:00:00Z")),
            ("7", Some("2026-11-30T12:00:00Z")),
            ("180", Some("2027-05-22T12:00:00Z")),
            ("2026-12-01T08:30:00Z", Some("2026-12-01T08:30:00Z")),
            ("181", None),
            ("365", None),
            ("2027-11-23T12:00:00Z", None),
            ("2026-11-23T12:00:00Z", None),
            ("soon", None),
        ] {
            assert_eq!(end(text, now).ok().map(stamp).as_deref(), want, "{text:?}");
        }
    }
}
