//! `/admin/openings/{id}/outreach`: an admin writes about an opening to the members whom it fits. Numbers, never who.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::OpeningId;
use domain::outreach::OutreachText;
use frontend::pages::{AdminOutreach, AdminOutreachConfirm, OutreachLine};
use frontend::view::Fact;
use store::Conn;
use store::outreach::{Outreach, Tally};

use super::super::WebResult;
use super::super::form::{Form, field_errors};
use super::super::shell::Shell;
use super::super::words::moment;
use crate::app::App;
use crate::auth::{Guarded, Moderate, Routes, SignedAdmin};
use crate::error::AppError;
use crate::usecases;

/// How many outreaches of an opening the page shows.
const SHOWN: i64 = 20;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/openings/{id}/outreach", show).post("/admin/openings/{id}/outreach", order);
}

fn path(id: &OpeningId) -> String {
    format!("/admin/openings/{id}/outreach")
}

async fn show(shell: Shell, _: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let page = shell.app.read(move |conn, app| page(conn, app, &id)).await?;
    shell.page(&page)
}

fn page(conn: &mut Conn, app: &App, id: &OpeningId) -> Result<AdminOutreach, AppError> {
    let (opening, count) = usecases::count_reachable(conn, app, id)?;
    let mut past = Vec::new();
    for of in store::outreach::list(conn, Some(id), SHOWN)? {
        let tally = store::outreach::tally(conn, &of.id)?;
        past.push(line(of, &tally));
    }
    let closed = match usecases::may_begin(app, count) {
        Ok(0) => "Nobody whom this opening fits lets admins write to them now.".to_owned(),
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    Ok(AdminOutreach {
        id: id.to_string(),
        title: opening.terms.title,
        reachable: i64::try_from(count.unwrap_or(0)).unwrap_or(i64::MAX),
        closed,
        text: String::new(),
        past,
        errors: Vec::new(),
    })
}

fn line(of: Outreach, tally: &Tally) -> OutreachLine {
    let mut numbers = vec![
        Fact::new("Meant for", tally.recipients.to_string()),
        Fact::new("Sent", tally.sent.to_string()),
        Fact::new("Waiting", tally.waiting.to_string()),
    ];
    if tally.failed > 0 {
        numbers.push(Fact::new("Given up", tally.failed.to_string()));
    }
    numbers.extend(
        tally.dropped.iter().map(|(why, count)| Fact::new(format!("Left out: {}", why.label()), count.to_string())),
    );
    OutreachLine { at: moment(of.at), text: of.text, numbers }
}

/// First the page that says to how many; with `confirmed` the outreach.
async fn order(shell: Shell, who: Guarded<Moderate>, id: Path<String>, form: Form) -> WebResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let (admin, confirmed, text) = (who.into_inner(), form.on("confirmed"), form.text("text").to_owned());
    let of = id.clone();
    let done = if confirmed { send(&shell, admin, of, text).await } else { check(&shell, of, text).await };
    match done {
        Err(AppError::Invalid(errors)) => {
            let mut page = shell.app.read(move |conn, app| page(conn, app, &id)).await?;
            page.text = form.text("text").to_owned();
            page.errors = field_errors(&errors, str::to_owned);
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        done => done,
    }
}

async fn check(shell: &Shell, id: OpeningId, text: String) -> WebResult {
    let confirm = shell
        .app
        .read(move |conn, app| {
            let (opening, count) = usecases::count_reachable(conn, app, &id)?;
            let count = usecases::may_begin(app, count)?;
            let text = OutreachText::parse(&text)?;
            Ok(AdminOutreachConfirm {
                id: id.to_string(),
                title: opening.terms.title,
                reachable: i64::try_from(count).unwrap_or(i64::MAX),
                text: text.as_str().to_owned(),
            })
        })
        .await?;
    shell.page(&confirm)
}

async fn send(shell: &Shell, admin: SignedAdmin, id: OpeningId, text: String) -> WebResult {
    let path = path(&id);
    let (_, count) = shell.app.write(move |conn, app| usecases::reach_out(conn, app, &admin, &id, &text)).await?;
    let members = if count == 1 { "1 member".to_owned() } else { format!("{count} members") };
    shell.done(&path, &format!("On its way to {members}; each is looked at once more when the mail leaves."))
}
