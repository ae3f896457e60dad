//! `/company/disputes`: problems that were reported about the company's introductions. What the physician wrote is for
//! admins, and so is what the company wrote.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::access::Action;
use domain::dispute::Side;
use domain::{CompanyId, DisputeId, IntroductionId};
use frontend::Private;
use frontend::pages::{Dispute as DisputePage, Disputes, Report};
use frontend::view::{FieldError, Link};
use store::Conn;

use super::super::WebResult;
use super::super::admin::paging::cut;
use super::super::dispute_words::{COMPANY, kinds, line, page};
use super::super::form::{Form, field_errors};
use super::super::shell::Shell;
use super::may;
use crate::auth::{Guarded, Routes, SeeCompany, SeeContact};
use crate::error::AppError;
use crate::usecases::{self, DisputeInput};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/company/contacts/{id}/report", ask)
        .post("/company/contacts/{id}/report", open)
        .get("/company/disputes", list)
        .get("/company/disputes/{id}", show)
        .post("/company/disputes/{id}/answer", answer);
}

async fn list(shell: Shell, who: Guarded<SeeCompany>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let company = who.company.id.clone();
    let list = shell
        .app
        .read(move |conn, _| {
            let all = store::disputes::of_company(conn, &company)?;
            let (rows, next) = cut(all, query.text("cursor"), |of| of.id.to_string());
            Ok(Disputes {
                of_company: true,
                rows: rows.iter().map(|of| line(conn, of, COMPANY)).collect::<Result<_, _>>()?,
                next_href: next.map(|id| format!("/company/disputes?cursor={id}")),
            })
        })
        .await?;
    shell.page(&list)
}

fn form(
    conn: &mut Conn,
    company: &CompanyId,
    id: &IntroductionId,
    sent: &Form,
    errors: Vec<FieldError>,
) -> Result<Report, AppError> {
    let of = store::introductions::find_of_company(conn, company, id)?;
    let title = store::openings::find(conn, &of.opening)?.terms.title;
    Ok(Report {
        about: format!("a contact for “{title}”"),
        back: Link::new("/company/contacts", "All contacts"),
        action: format!("/company/contacts/{id}/report"),
        hidden: Vec::new(),
        kinds: kinds(Side::Company),
        kind: sent.text("kind").to_owned(),
        text: Private::from(sent.text("text")),
        told: true,
        errors,
    })
}

async fn ask(shell: Shell, who: Guarded<SeeContact>, id: Path<String>) -> WebResult {
    let id = IntroductionId::parse(&id).ok_or(AppError::NotFound)?;
    let company = who.company.id.clone();
    let form = shell.app.read(move |conn, _| form(conn, &company, &id, &Form::default(), Vec::new())).await?;
    shell.page(&form)
}

async fn open(shell: Shell, who: Guarded<SeeContact>, id: Path<String>, sent: Form) -> WebResult {
    let id = IntroductionId::parse(&id).ok_or(AppError::NotFound)?;
    let seat = who.into_inner();
    let company = seat.company.id.clone();
    let input = DisputeInput {
        kind: sent.text("kind").to_owned(),
        text: sent.text("text").to_owned(),
        introduction_id: Some(id.to_string()),
        ..DisputeInput::default()
    };
    match shell.app.write(move |conn, app| usecases::open_dispute_as_company(conn, app, &seat, &input)).await {
        Ok(of) => shell.done(
            &format!("/company/disputes/{}", of.id),
            "Sent. The admins read it, and you are told what they decide.",
        ),
        Err(AppError::Invalid(errors)) => {
            let errors = field_errors(&errors, str::to_owned);
            let form = shell.app.read(move |conn, _| form(conn, &company, &id, &sent, errors)).await?;
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(error) => Err(error),
    }
}

async fn one(shell: &Shell, company: CompanyId, id: DisputeId) -> Result<DisputePage, AppError> {
    let may_answer = may(shell, Action::SeeContact);
    shell
        .app
        .read(move |conn, _| {
            let of = store::disputes::find_of_company(conn, &company, &id)?;
            page(conn, &of, COMPANY, None, may_answer)
        })
        .await
}

async fn show(shell: Shell, who: Guarded<SeeCompany>, id: Path<String>) -> WebResult {
    let id = DisputeId::parse(&id).ok_or(AppError::NotFound)?;
    let page = one(&shell, who.company.id.clone(), id).await?;
    shell.page(&page)
}

async fn answer(shell: Shell, who: Guarded<SeeContact>, id: Path<String>, sent: Form) -> WebResult {
    let id = DisputeId::parse(&id).ok_or(AppError::NotFound)?;
    let seat = who.into_inner();
    let company = seat.company.id.clone();
    let (of, text) = (id.clone(), sent.text("text").to_owned());
    let answered =
        shell.app.write(move |conn, app| usecases::answer_dispute_as_company(conn, app, &seat, &of, &text)).await;
    match answered {
        Ok(of) => {
            shell.done(&format!("/company/disputes/{}", of.id), "Sent. The admins read both sides before they decide.")
        }
        Err(AppError::Invalid(errors)) => {
            let mut page = one(&shell, company, id).await?;
            page.answer = Private::from(sent.text("text"));
            page.errors = field_errors(&errors, str::to_owned);
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}
