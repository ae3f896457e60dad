//! `/alerts/times`: when mail may come, and whom not to hear of.

use actix_web::http::StatusCode;
use chrono::NaiveDate;
use domain::alert::{Mute, Quiet, QuietHours, TZ_VARIANTS, Tz, time_of_day, zone};
use domain::input::MailTimesInput;
use domain::place::Market;
use frontend::pages::MailTimes;
use frontend::view::{Choice, FieldError};
use store::members::Member;
use store::{Conn, companies, member_mail};

use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases;
use crate::web::form::{Form, field_errors};
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// The zones most members live in, offered first.
const FIRST: [&str; 8] = [
    "America/Los_Angeles",
    "America/Denver",
    "America/Phoenix",
    "America/Chicago",
    "America/New_York",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
];

/// Routes; before those of a single alert.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/alerts/times", show).post("/alerts/times", save).post("/alerts/mutes", mute);
}

/// A member's zone; UTC for one that is not known any more.
pub(super) fn zone_of(member: &Member) -> Tz {
    zone(&member.time_zone).unwrap_or(Tz::UTC)
}

async fn show(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let member = who.into_inner().member;
    let page = shell.app.read(move |conn, app| page(conn, app, &member, None, Vec::new())).await?;
    shell.page(&page)
}

async fn save(shell: Shell, who: Guarded<OwnMembership>, form: Form) -> WebResult {
    let member = who.into_inner().member;
    let (input, mut wrong) = read(&form);
    if wrong.is_empty() {
        let owner = member.clone();
        match shell.app.write(move |conn, app| usecases::set_mail_times(conn, app, &owner, &input)).await {
            Ok(_) => return shell.done("/alerts/times", "Saved. What waits is planned anew."),
            Err(AppError::Invalid(errors)) => wrong = field_errors(&errors, field),
            Err(error) => return Err(error),
        }
    } else if let Err(errors) = input.parse(shell.app.now()) {
        // The other faults are named with those of the form itself.
        wrong.extend(field_errors(&errors, field).into_iter().filter(|e| e.field != "quiet_from"));
    }
    let page = shell.app.read(move |conn, app| page(conn, app, &member, Some(&form), wrong)).await?;
    shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The form's field behind a field of the API.
fn field(path: &str) -> String {
    if path == "quiet_hours" { "quiet_from".to_owned() } else { path.to_owned() }
}

fn read(form: &Form) -> (MailTimesInput, Vec<FieldError>) {
    let mut wrong = Vec::new();
    let time = |name: &str| time_of_day(form.text(name));
    let quiet_hours = match form.text("quiet") {
        "off" => "off".to_owned(),
        "own" => match (time("quiet_from"), time("quiet_to")) {
            (Some(from), Some(to)) => QuietHours { from, to }.word(),
            _ => {
                wrong.push(FieldError::new("quiet_from", "Give both times, for example 21:00 and 07:00."));
                String::new()
            }
        },
        _ => String::new(),
    };
    let daily_cap = form.filled("daily_cap").map(|text| text.parse::<i64>().unwrap_or(0));
    let vacation_until = form.filled("vacation_until").and_then(|text| {
        let day = text.parse::<NaiveDate>().ok();
        if day.is_none() {
            wrong.push(FieldError::new("vacation_until", "Give a day, for example 2026-12-24."));
        }
        day
    });
    let time_zone = form.text("time_zone").to_owned();
    (MailTimesInput { time_zone, quiet_hours, daily_cap, vacation_until }, wrong)
}

/// Mutes, with `on`, or unmutes a company or a market.
async fn mute(shell: Shell, who: Guarded<OwnMembership>, form: Form) -> WebResult {
    let member = who.into_inner().member;
    let (on, company, market) = (form.on("on"), form.filled("company"), form.filled("market"));
    let name = shell
        .app
        .write(move |conn, app| {
            let (mute, name) = what(conn, company.as_deref(), market.as_deref())?;
            usecases::set_mute(conn, app, &member, &mute, on)?;
            Ok(name)
        })
        .await?;
    let done = if on { "muted: no mail about it, and it is still matched" } else { "no longer muted" };
    shell.done("/alerts/times", &format!("{name} is {done}."))
}

fn what(conn: &mut Conn, company: Option<&str>, market: Option<&str>) -> Result<(Mute, String), AppError> {
    match (company, market.map(Market::parse)) {
        (Some(slug), _) => {
            let company = companies::by_slug(conn, slug)?;
            Ok((Mute::Company(company.id), company.name))
        }
        (None, Some(Some(market))) => Ok((Mute::Market(market), market.label())),
        (None, _) => Err(AppError::Malformed("Choose a market from the list.")),
    }
}

fn page(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    form: Option<&Form>,
    errors: Vec<FieldError>,
) -> Result<MailTimes, AppError> {
    let kept = member_mail::of(conn, &member.id)?.times;
    let (quiet, hours) = match kept.quiet {
        Quiet::Server => ("server", app.config.quiet_hours),
        Quiet::Off => ("off", app.config.quiet_hours),
        Quiet::Own(hours) => ("own", Some(hours)),
    };
    let typed = |name: &str, kept: String| form.map_or(kept, |form| form.text(name).to_owned());
    let (mut companies, mut markets) = (Vec::new(), Vec::new());
    for mute in member_mail::mutes(conn, &member.id)? {
        match mute {
            Mute::Company(id) => {
                let company = companies::find(conn, &id)?;
                companies.push(Choice::new(company.slug, company.name));
            }
            Mute::Market(market) => markets.push(Choice::new(market.slug(), market.label())),
        }
    }
    let local = app.now().with_timezone(&zone_of(member));
    Ok(MailTimes {
        time_zone: typed("time_zone", member.time_zone.clone()),
        zone_options: zones(),
        local_now: format!("As kept, it is {} there now", local.format("%A %H:%M")),
        quiet: typed("quiet", quiet.to_owned()),
        quiet_options: quiet_options(app.config.quiet_hours),
        quiet_from: typed("quiet_from", hours.map_or_else(String::new, |h| h.from.format("%H:%M").to_string())),
        quiet_to: typed("quiet_to", hours.map_or_else(String::new, |h| h.to.format("%H:%M").to_string())),
        daily_cap: typed("daily_cap", kept.daily_cap.to_string()),
        vacation_until: typed("vacation_until", kept.vacation_until.map(|d| d.to_string()).unwrap_or_default()),
        companies,
        muted_markets: markets,
        market_options: words::market_choices(),
        errors,
    })
}

fn quiet_options(server: Option<QuietHours>) -> Vec<Choice> {
    let usual = server.map_or_else(
        || "As usual here: no quiet hours".to_owned(),
        |h| format!("As usual here: {} to {}", h.from.format("%H:%M"), h.to.format("%H:%M")),
    );
    vec![
        Choice::new("server", usual),
        Choice::new("own", "My own hours, below"),
        Choice::new("off", "None: mail may come at any hour"),
    ]
}

fn zones() -> Vec<Choice> {
    let option = |name: &str| Choice::new(name, name.replace('_', " "));
    let first = FIRST.iter().map(|name| option(name).in_group("United States"));
    let others = TZ_VARIANTS.iter().map(|zone| zone.name()).filter(|name| !FIRST.contains(name));
    first.chain(others.map(|name| option(name).in_group("All zones"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_read_as_the_api_takes_it() {
        let form = |text: &str| read(&Form::read(text).unwrap());
        let (input, wrong) = form(
            "time_zone=America/Denver&quiet=own&quiet_from=22:00&quiet_to=06:30&daily_cap=5&vacation_until=2026-12-24",
        );
        assert!(wrong.is_empty());
        assert_eq!((input.quiet_hours.as_str(), input.daily_cap), ("22:00-06:30", Some(5)));
        assert_eq!(input.vacation_until, "2026-12-24".parse().ok());
        let (_, wrong) = form("quiet=own&quiet_from=22&vacation_until=soon");
        let fields: Vec<&str> = wrong.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["quiet_from", "vacation_until"]);
        let (input, _) = form("time_zone=x&quiet=server&quiet_from=22:00&daily_cap=many");
        assert_eq!((input.quiet_hours.as_str(), input.daily_cap), ("", Some(0)));
    }

    #[test]
    fn every_zone_is_offered_once() {
        let all = zones();
        assert_eq!(all.len(), TZ_VARIANTS.len());
        assert!(all.iter().all(|c| zone(&c.value).is_some()));
    }
}
