//! `/alerts`: saved wishes for mail.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::{DateTime, Duration, Utc};
use domain::alert::{Cadence, Rhythm, Tz, WEEKDAYS, weekday_word};
use domain::place::{Market, State};
use domain::specialty::Specialty;
use domain::{AlertId, Kind};
use frontend::pages::{AlertLine, Alerts, MORE_ALERT_MARKETS};
use frontend::view::{Choice, FieldError, Slot, Tick};
use store::alerts::Alert;
use store::members::Member;

pub(super) use super::alert_form::cadence_name;
use super::alert_form::{
    MARKETS_AT_MOST, Typed, fields_of, input_of, read, rhythm_in_words, some_of, summary, weekday_name,
};
use super::alert_times::zone_of;
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases::{self, AlertState};
use crate::web::form::Form;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// Days of a pause that is chosen from a list.
const PAUSES: [i64; 3] = [7, 30, 90];

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/alerts", show)
        .post("/alerts", add)
        .post("/alerts/confirm-address", confirm_address)
        .post("/alerts/mail-again", mail_again)
        .get("/alerts/{id}", edit)
        .post("/alerts/{id}", save)
        .post("/alerts/{id}/cadence", set_cadence)
        .post("/alerts/{id}/pause", pause)
        .post("/alerts/{id}/resume", resume)
        .post("/alerts/{id}/delete", delete);
}

/// The list, and the form for another one; a search of the openings fills it in.
async fn show(shell: Shell, who: Guarded<OwnMembership>, req: HttpRequest) -> WebResult {
    let form = Form::read(req.query_string())?;
    let page = list_page(&shell.app, &who.member, &form, Vec::new()).await?;
    shell.page(&page)
}

async fn add(shell: Shell, who: Guarded<OwnMembership>, form: Form) -> WebResult {
    let member = who.into_inner().member;
    match keep(&shell.app, &member, None, read(&form, false, zone_of(&member))).await? {
        Ok(alert) => shell.done("/alerts", &format!("“{}” is saved.", alert.name)),
        Err(wrong) => {
            let page = list_page(&shell.app, &member, &form, wrong).await?;
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

async fn edit(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let alert = find(&shell.app, &who.member, &id).await?;
    shell.page(&edit_page(&who.member, &alert, &fields_of(&alert, zone_of(&who.member)), Vec::new()))
}

async fn save(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>, form: Form) -> WebResult {
    let member = who.into_inner().member;
    let before = find(&shell.app, &member, &id).await?;
    match keep(&shell.app, &member, Some(&before.id), read(&form, before.paused, zone_of(&member))).await? {
        Ok(alert) => shell.done("/alerts", &format!("“{}” is saved.", alert.name)),
        Err(wrong) => shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &edit_page(&member, &before, &form, wrong)),
    }
}

/// Saves what was typed, or names every fault of it.
async fn keep(
    app: &App,
    member: &Member,
    id: Option<&AlertId>,
    typed: Typed,
) -> Result<Result<Alert, Vec<FieldError>>, AppError> {
    if !typed.errors.is_empty() {
        // With a fault of the form itself nothing is saved, yet the other faults are named with it.
        let others = typed.input.parse().err().map(|errors| typed.faults(&errors));
        return Ok(Err(typed.errors.into_iter().chain(others.into_iter().flatten()).collect()));
    }
    let (owner, id, input) = (member.clone(), id.cloned(), typed.input.clone());
    match app.write(move |conn, app| usecases::save_alert(conn, app, &owner, id.as_ref(), &input)).await {
        Ok(alert) => Ok(Ok(alert)),
        Err(AppError::Invalid(errors)) => Ok(Err(typed.faults(&errors))),
        Err(error) => Err(error),
    }
}

async fn find(app: &App, member: &Member, id: &str) -> Result<Alert, AppError> {
    let id = AlertId::parse(id).ok_or(AppError::NotFound)?;
    let member = member.id.clone();
    app.read(move |conn, _| Ok(store::alerts::find(conn, &member, &id)?)).await
}

async fn set_cadence(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>, form: Form) -> WebResult {
    let cadence = Cadence::parse(form.text("cadence")).ok_or(AppError::Malformed("Choose how often from the list."))?;
    let name = change(&shell, who, &id, move |alert| alert.rhythm.cadence = cadence).await?;
    shell.done("/alerts", &format!("“{name}” now writes {}.", cadence_name(cadence).to_lowercase()))
}

/// For some days, or until the member says otherwise.
async fn pause(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>, form: Form) -> WebResult {
    let days = match form.text("days") {
        "" => None,
        text => Some(text.parse::<i64>().ok().filter(|days| PAUSES.contains(days))),
    };
    let Some(days) = days.map_or(Some(None), |days| days.map(Some)) else {
        return Err(AppError::Malformed("Choose how long from the list."));
    };
    let until = days.map(|days| shell.app.now() + Duration::days(days));
    let change_it = move |alert: &mut Alert| match until {
        Some(until) => alert.pause_until = Some(until),
        None => alert.paused = true,
    };
    let name = change(&shell, who, &id, change_it).await?;
    let end = days.map_or_else(String::new, |days| format!(" for {days} days; what it finds meanwhile is kept"));
    shell.done("/alerts", &format!("“{name}” is paused{end}."))
}

async fn resume(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let name = change(&shell, who, &id, |alert| (alert.paused, alert.pause_until) = (false, None)).await?;
    shell.done("/alerts", &format!("“{name}” is on again."))
}

async fn confirm_address(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let member = who.into_inner().member;
    shell.app.write(move |conn, app| usecases::ask_to_confirm(conn, app, &member)).await?;
    shell.done("/alerts", "The mail with the link is on its way. Another can be sent in ten minutes.")
}

/// Lifts what holds mail to the member's address back.
async fn mail_again(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let member = who.into_inner().member;
    shell.app.write(move |conn, app| usecases::ask_for_mail_again(conn, app, &member)).await?;
    shell.done("/alerts", "Mail goes to your address again. Open the link in the mail we sent; alerts wait for that.")
}

async fn delete(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let id = AlertId::parse(&id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    shell.app.write(move |conn, app| usecases::delete_alert(conn, app, &member, &id)).await?;
    shell.done("/alerts", "The alert is deleted.")
}

/// Changes one alert of the member and gives its name.
async fn change(
    shell: &Shell,
    who: Guarded<OwnMembership>,
    id: &str,
    change: impl Fn(&mut Alert) + Send + 'static,
) -> Result<String, AppError> {
    let id = AlertId::parse(id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    shell
        .app
        .write(move |conn, app| {
            let mut alert = store::alerts::find(conn, &member.id, &id)?;
            change(&mut alert);
            Ok(usecases::save_alert(conn, app, &member, Some(&id), &input_of(&alert))?.name)
        })
        .await
}

async fn list_page(app: &App, member: &Member, form: &Form, errors: Vec<FieldError>) -> Result<Alerts, AppError> {
    let (owner, zone) = (member.clone(), zone_of(member));
    let (alerts, state) = app
        .read(move |conn, app| {
            Ok((store::alerts::of_member(conn, &owner.id)?, usecases::alert_state(conn, app, &owner)?))
        })
        .await?;
    let now = app.now();
    Ok(Alerts {
        list: alerts.iter().map(|alert| line(alert, zone, now)).collect(),
        unconfirmed: state.unconfirmed && member.permissions.alerts_email,
        held: held(&state),
        suppressed: state.suppressed,
        next: state.next.map(|at| format!("The next digest is due on {}.", local_moment(at, zone))),
        ..form_page(member, form, errors)
    })
}

fn held(state: &AlertState) -> Option<String> {
    if state.suppressed {
        return Some("Mail to your address came back, or was reported as unwanted, so none is sent, not even sign-in links unless the mailbox was only full. When that is put right, have mail sent again; or change your address under Contact.".to_owned());
    }
    let back = state.vacation_until?;
    Some(format!(
        "You are on vacation: no mail before {}. What is still open then comes in one mail.",
        words::day(back)
    ))
}

/// `Monday 30 November at 07:12`, by the member's clock.
fn local_moment(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%A %-d %B at %H:%M").to_string()
}

fn edit_page(member: &Member, alert: &Alert, form: &Form, errors: Vec<FieldError>) -> Alerts {
    Alerts { editing: Some(alert.id.as_str().to_owned()), ..form_page(member, form, errors) }
}

/// The page with nothing but its form.
fn form_page(member: &Member, form: &Form, errors: Vec<FieldError>) -> Alerts {
    let is_wrong = |field: &str| errors.iter().any(|e| e.field == field);
    let text = |name: &str| form.text(name).to_owned();
    let specialties = ticks(form, "specialty", Specialty::all().map(|s| (s.slug(), s.name().to_owned())));
    let mut states = ticks(form, "state", State::all().map(|s| (s.code(), s.name().to_owned())));
    states.sort_by(|a, b| a.label.cmp(&b.label));
    let usual = Rhythm::of(Cadence::Instant);
    Alerts {
        alerts_email: member.permissions.alerts_email,
        held: None,
        suppressed: false,
        unconfirmed: false,
        next: None,
        editing: None,
        list: Vec::new(),
        name: text("name"),
        cadence: form.filled("cadence").unwrap_or_else(|| Cadence::Instant.as_str().to_owned()),
        cadence_options: Cadence::ALL.iter().map(|c| Choice::new(c.as_str(), cadence_name(*c))).collect(),
        weekday: form.filled("weekday").unwrap_or_else(|| weekday_word(usual.weekday).to_owned()),
        weekday_options: WEEKDAYS.iter().map(|(day, word)| Choice::new(*word, weekday_name(*day))).collect(),
        time: form.filled("time").unwrap_or_else(|| usual.at.format("%H:%M").to_string()),
        pause_until: text("pause_until"),
        pause_options: pause_options(),
        kinds: ticks(form, "kind", Kind::ALL.iter().map(|k| (k.as_str(), k.label().to_owned()))),
        specialties_named: named(&specialties),
        specialties,
        specialties_open: is_wrong("specialty"),
        markets: ticks(form, "market", Market::all().filter(|m| m.popular()).map(|m| (m.slug(), m.label()))),
        more_markets: more_markets(form),
        market_options: words::market_choices(),
        states_named: named(&states),
        states,
        states_open: is_wrong("state"),
        remote_too: form.filled("remote_too").unwrap_or_else(|| "yes".to_owned()),
        remote_options: vec![
            Choice::new("yes", "Also work that can be done from anywhere"),
            Choice::new("no", "Only work at a place"),
        ],
        min_pay: text("min_pay"),
        // A search of the openings calls its words so.
        words: form.filled("words").unwrap_or_else(|| text("q")),
        errors,
    }
}

fn pause_options() -> Vec<Choice> {
    let days = PAUSES.iter().map(|days| Choice::new(days.to_string(), format!("for {days} days")));
    days.chain([Choice::new("", "until I resume it")]).collect()
}

fn ticks(form: &Form, name: &str, all: impl Iterator<Item = (&'static str, String)>) -> Vec<Tick> {
    let wanted = form.list(name);
    all.map(|(value, label)| Tick {
        value: value.to_owned(),
        label,
        hint: None,
        checked: wanted.iter().any(|w| w == value),
    })
    .collect()
}

/// The ticked ones, for a reader who does not open the list.
fn named(ticks: &[Tick]) -> String {
    some_of(ticks.iter().filter(|t| t.checked).map(|t| &t.label))
}

/// A select for every market that is no tick, under the number it was sent with, and free ones after them.
fn more_markets(form: &Form) -> Vec<Slot> {
    let mut values: Vec<String> = (1..=MARKETS_AT_MOST).map(|n| form.text(&format!("market_{n}")).to_owned()).collect();
    // A search of the openings names its market without a number.
    let is_tick = |slug: &String| Market::parse(slug).is_some_and(Market::popular);
    let mut unnumbered = form.list("market").into_iter().filter(|slug| !is_tick(slug));
    for value in values.iter_mut().filter(|value| value.is_empty()) {
        *value = unnumbered.next().unwrap_or_default();
    }
    let filled = values.iter().rposition(|value| !value.is_empty()).map_or(0, |last| last + 1);
    Slot::fill(values, (filled + 1).clamp(MORE_ALERT_MARKETS, MARKETS_AT_MOST))
}

fn line(alert: &Alert, zone: Tz, now: DateTime<Utc>) -> AlertLine {
    let until = alert.pause_until.filter(|until| now < *until && !alert.paused);
    AlertLine {
        id: alert.id.as_str().to_owned(),
        name: alert.name.clone(),
        criteria: summary(&alert.wish),
        cadence: alert.rhythm.cadence.as_str().to_owned(),
        rhythm: rhythm_in_words(alert.rhythm),
        paused: alert.paused || until.is_some(),
        paused_until: until
            .map(|until| format!("until {}", words::day(until.with_timezone(&zone).date_naive())))
            .unwrap_or_default(),
        last_sent: None,
    }
}
