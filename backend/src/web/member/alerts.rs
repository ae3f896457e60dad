//! `/alerts`: saved wishes for mail.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{self, Path, ServiceConfig};
use domain::alert::Cadence;
use domain::place::Market;
use domain::{AlertId, Kind};
use frontend::pages::{AlertLine, Alerts};
use frontend::view::{Choice, FieldError, Tick};
use store::alerts::Alert;
use store::members::Member;

use crate::app::App;
use crate::auth::{Guarded, OwnMembership};
use crate::error::AppError;
use crate::usecases::{self, AlertInput};
use crate::web::form::{Form, field_errors};
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/alerts", web::get().to(show))
        .route("/alerts", web::post().to(add))
        .route("/alerts/{id}/cadence", web::post().to(set_cadence))
        .route("/alerts/{id}/pause", web::post().to(pause))
        .route("/alerts/{id}/resume", web::post().to(resume))
        .route("/alerts/{id}/delete", web::post().to(delete));
}

/// The list, and the form for another one; a search of the openings fills it in.
async fn show(shell: Shell, who: Guarded<OwnMembership>, req: HttpRequest) -> WebResult {
    let form = Form::read(req.query_string())?;
    let page = page_of(&shell.app, &who.member, &form, Vec::new()).await?;
    shell.page(&page)
}

async fn add(shell: Shell, who: Guarded<OwnMembership>, form: Form) -> WebResult {
    let member = who.into_inner().member;
    let input = AlertInput {
        name: form.text("name").to_owned(),
        kinds: form.list("kind"),
        markets: form.list("market"),
        cadence: form.text("cadence").to_owned(),
        paused: false,
    };
    let owner = member.clone();
    match shell.app.write(move |conn, app| usecases::save_alert(conn, app, &member, None, &input)).await {
        Ok(alert) => shell.done("/alerts", &format!("“{}” is saved.", alert.name)),
        Err(AppError::Invalid(errors)) => {
            let errors = field_errors(&errors, |path| {
                let list = path.split('[').next().unwrap_or(path);
                list.trim_end_matches('s').to_owned()
            });
            let page = page_of(&shell.app, &owner, &form, errors).await?;
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

async fn set_cadence(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>, form: Form) -> WebResult {
    let cadence = Cadence::parse(form.text("cadence")).ok_or(AppError::Malformed("Choose how often from the list."))?;
    let name = change(&shell, who, &id, move |alert| alert.cadence = cadence).await?;
    shell.done("/alerts", &format!("“{name}” now writes {}.", cadence_name(cadence).to_lowercase()))
}

async fn pause(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let name = change(&shell, who, &id, |alert| alert.paused = true).await?;
    shell.done("/alerts", &format!("“{name}” is paused."))
}

async fn resume(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let name = change(&shell, who, &id, |alert| alert.paused = false).await?;
    shell.done("/alerts", &format!("“{name}” is on again."))
}

async fn delete(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let id = AlertId::parse(&id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    shell.app.write(move |conn, _| usecases::delete_alert(conn, &member, &id)).await?;
    shell.done("/alerts", "The alert is deleted.")
}

/// Changes one alert of the member and gives its name.
async fn change(
    shell: &Shell,
    who: Guarded<OwnMembership>,
    id: &str,
    change: impl FnOnce(&mut Alert) + Send + 'static,
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

fn input_of(alert: &Alert) -> AlertInput {
    AlertInput {
        name: alert.name.clone(),
        kinds: alert.kinds.iter().map(|k| k.as_str().to_owned()).collect(),
        markets: alert.markets.iter().map(|m| m.slug().to_owned()).collect(),
        cadence: alert.cadence.as_str().to_owned(),
        paused: alert.paused,
    }
}

async fn page_of(app: &App, member: &Member, form: &Form, errors: Vec<FieldError>) -> Result<Alerts, AppError> {
    let id = member.id.clone();
    let alerts = app.read(move |conn, _| Ok(store::alerts::of_member(conn, &id)?)).await?;
    let wanted = form.list("kind");
    Ok(Alerts {
        alerts_email: member.permissions.alerts_email,
        list: alerts.iter().map(line).collect(),
        name: form.text("name").to_owned(),
        cadence: form.filled("cadence").unwrap_or_else(|| Cadence::Instant.as_str().to_owned()),
        cadence_options: Cadence::ALL.iter().map(|c| Choice::new(c.as_str(), cadence_name(*c))).collect(),
        kinds: Kind::ALL
            .iter()
            .map(|kind| Tick {
                value: kind.as_str().to_owned(),
                label: kind.label().to_owned(),
                hint: None,
                checked: wanted.iter().any(|w| w == kind.as_str()),
            })
            .collect(),
        market: form.text("market").to_owned(),
        market_options: words::market_choices(),
        errors,
    })
}

fn line(alert: &Alert) -> AlertLine {
    AlertLine {
        id: alert.id.as_str().to_owned(),
        name: alert.name.clone(),
        criteria: criteria(&alert.kinds, &alert.markets),
        cadence: alert.cadence.as_str().to_owned(),
        paused: alert.paused,
        last_sent: None,
    }
}

/// What an alert looks for, in words. It never widens the profile: an opening must fit in any case.
fn criteria(kinds: &[Kind], markets: &[Market]) -> String {
    let kinds: Vec<&str> = kinds.iter().map(|k| k.label()).collect();
    let markets: Vec<String> = markets.iter().map(|m| m.label()).collect();
    match (kinds.is_empty(), markets.is_empty()) {
        (true, true) => "Everything that fits your profile".to_owned(),
        (false, true) => format!("{} that fits your profile", kinds.join(" or ")),
        (true, false) => format!("Work in {} that fits your profile", markets.join(" or ")),
        (false, false) => format!("{} in {} that fits your profile", kinds.join(" or "), markets.join(" or ")),
    }
}

/// How often, as people read it.
pub(super) const fn cadence_name(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Instant => "At once",
        Cadence::Daily => "Once a day",
        Cadence::Weekly => "Once a week",
    }
}
