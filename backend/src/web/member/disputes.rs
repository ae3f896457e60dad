//! `/disputes`: problems that the member reported, or that a company reported about an introduction of theirs.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::dispute::Side;
use domain::errors::Errors;
use domain::standing::CompanyStanding;
use domain::{DisputeId, IntroductionId, OpeningId};
use frontend::Private;
use frontend::pages::{Dispute as DisputePage, Disputes, Report};
use frontend::view::{HiddenField, Link};
use store::Conn;
use store::members::Member;

use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases::{self, DisputeInput};
use crate::web::admin::paging::cut;
use crate::web::dispute_words::{MEMBER, kinds, line, page};
use crate::web::form::{Form, field_errors};
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/disputes", list)
        // Before the reports by id, so that `new` is not taken for one.
        .get("/disputes/new", ask)
        .post("/disputes/new", open)
        .get("/disputes/{id}", show)
        .post("/disputes/{id}/answer", answer);
}

async fn list(shell: Shell, who: Guarded<OwnMembership>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let member = who.member.id.clone();
    let list = shell
        .app
        .read(move |conn, _| {
            let all = store::disputes::of_member(conn, &member)?;
            let (rows, next) = cut(all, query.text("cursor"), |of| of.id.to_string());
            Ok(Disputes {
                of_company: false,
                rows: rows.iter().map(|of| line(conn, of, MEMBER)).collect::<Result<_, _>>()?,
                next_href: next.map(|id| format!("/disputes?cursor={id}")),
            })
        })
        .await?;
    shell.page(&list)
}

/// What the form is about, read from the address or from the form itself.
fn input(form: &Form, names: [&str; 3]) -> DisputeInput {
    let [introduction, opening, company] = names.map(|name| form.filled(name));
    DisputeInput {
        kind: form.text("kind").to_owned(),
        text: form.text("text").to_owned(),
        introduction_id: introduction,
        opening_id: opening,
        company,
    }
}

async fn ask(shell: Shell, who: Guarded<OwnMembership>, req: HttpRequest) -> WebResult {
    let input = input(&Form::read(req.query_string())?, ["introduction", "opening", "company"]);
    let member = who.into_inner().member;
    let form = shell.app.read(move |conn, _| form(conn, &member, &input, None)).await?;
    shell.page(&form)
}

/// The form, with what was typed.
fn form(conn: &mut Conn, member: &Member, input: &DisputeInput, errors: Option<&Errors>) -> Result<Report, AppError> {
    let (about, back, field) = about(conn, member, input)?;
    Ok(Report {
        about,
        back,
        action: "/disputes/new".to_owned(),
        told: field.name == "introduction_id",
        hidden: vec![field],
        kinds: kinds(Side::Member),
        kind: input.kind.clone(),
        text: Private::from(input.text.as_str()),
        errors: errors.map(|errors| field_errors(errors, str::to_owned)).unwrap_or_default(),
    })
}

/// What it is about, the page it stands on, and the field that names it.
fn about(conn: &mut Conn, member: &Member, input: &DisputeInput) -> Result<(String, Link, HiddenField), AppError> {
    let hidden = |name: &str, value: &str| HiddenField { name: name.to_owned(), value: Private::from(value) };
    let of_opening =
        |opening: &store::openings::Opening| format!("{}, “{}”", opening.company_name, words::public_title(opening));
    if let Some(id) = &input.introduction_id {
        let id = IntroductionId::parse(id).ok_or(AppError::NotFound)?;
        let of = store::introductions::find_of_member(conn, &member.id, &id)?;
        let opening = store::openings::find(conn, &of.opening)?;
        let back = Link::new("/permissions", "Permissions");
        return Ok((of_opening(&opening), back, hidden("introduction_id", id.as_str())));
    }
    if let Some(id) = &input.opening_id {
        let opening = store::openings::find(conn, &OpeningId::parse(id).ok_or(AppError::NotFound)?)?;
        opening.published_at.ok_or(AppError::NotFound)?;
        let back = Link::new(format!("/openings/{}", opening.id), words::public_title(&opening));
        return Ok((of_opening(&opening), back, hidden("opening_id", opening.id.as_str())));
    }
    let slug = input.company.as_deref().ok_or(AppError::NotFound)?;
    let company = store::companies::by_slug(conn, slug)?;
    if company.standing == CompanyStanding::Pending {
        return Err(AppError::NotFound);
    }
    let back = Link::new(format!("/companies/{slug}"), company.name.as_str());
    Ok((company.name, back, hidden("company", slug)))
}

async fn open(shell: Shell, who: Guarded<OwnMembership>, sent: Form) -> WebResult {
    let member = who.into_inner().member;
    let input = input(&sent, ["introduction_id", "opening_id", "company"]);
    let (reporter, report) = (member.clone(), input.clone());
    let made = shell.app.write(move |conn, app| usecases::open_dispute_as_member(conn, app, &reporter, &report)).await;
    match made {
        Ok(of) => {
            shell.done(&format!("/disputes/{}", of.id), "Sent. The admins read it, and you are told what they decide.")
        }
        Err(AppError::Invalid(errors)) => {
            let form = shell.app.read(move |conn, _| form(conn, &member, &input, Some(&errors))).await?;
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(error) => Err(error),
    }
}

fn one(conn: &mut Conn, app: &App, member: &Member, id: &DisputeId) -> Result<DisputePage, AppError> {
    let of = store::disputes::find_of_member(conn, &member.id, id)?;
    let text = store::disputes::text_of(conn, &app.vault, &of, Side::Member)?;
    page(conn, &of, MEMBER, text.map(|text| Private::from(text.as_str())), true)
}

async fn show(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let id = DisputeId::parse(&id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    let page = shell.app.read(move |conn, app| one(conn, app, &member, &id)).await?;
    shell.page(&page)
}

async fn answer(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>, sent: Form) -> WebResult {
    let id = DisputeId::parse(&id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    let (of, by, text) = (id.clone(), member.clone(), sent.text("text").to_owned());
    let answered =
        shell.app.write(move |conn, app| usecases::answer_dispute_as_member(conn, app, &by, &of, &text)).await;
    match answered {
        Ok(of) => shell.done(&format!("/disputes/{}", of.id), "Sent. The admins read both sides before they decide."),
        Err(AppError::Invalid(errors)) => {
            let mut page = shell.app.read(move |conn, app| one(conn, app, &member, &id)).await?;
            page.answer = Private::from(sent.text("text"));
            page.errors = field_errors(&errors, str::to_owned);
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}
