//! `/introductions/{id}`: one yes of the member, and what member and company wrote to each other under it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::IntroductionId;
use domain::dispute::Side;
use domain::errors::Errors;
use domain::spotted::in_words;
use frontend::Private;
use frontend::pages::{Introduction, MessageConfirm, MessagesRemove};
use store::members::Member;

use super::record::fields;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases::{self, Conversation, MessageInput, Written};
use crate::web::company::stage_label;
use crate::web::form::{Form, field_errors};
use crate::web::shell::Shell;
use crate::web::thread_words::{Names, PAGE, READ, before, state, thread};
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/introductions/{id}", show)
        .post("/introductions/{id}/messages", write)
        .get("/introductions/{id}/messages/remove", ask_to_remove)
        .post("/introductions/{id}/messages/remove", remove);
}

fn parse(id: &str) -> Result<IntroductionId, AppError> {
    IntroductionId::parse(id).ok_or(AppError::NotFound)
}

fn path(id: &IntroductionId) -> String {
    format!("/introductions/{id}")
}

async fn read(
    shell: &Shell,
    member: Member,
    id: IntroductionId,
    before: Option<i32>,
) -> Result<Conversation, AppError> {
    shell.app.read(move |conn, app| usecases::read_messages_as_member(conn, app, &member, &id, before, READ)).await
}

async fn show(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>, req: HttpRequest) -> WebResult {
    let id = parse(&id)?;
    let query = Form::read(req.query_string())?;
    let found = read(&shell, who.into_inner().member, id, before(query.text("before"))).await?;
    usecases::note_read(&shell.app, &found, PAGE).await?;
    shell.page(&page(&found))
}

fn page(read: &Conversation) -> Introduction {
    let (of, opening) = (&read.introduction, &read.opening);
    let company = opening.company_name.as_str();
    let names = Names { reader: Side::Member, other: company, own: &|_| "You".to_owned() };
    let mut thread = thread(read, &names, format!("{}/messages", path(&of.id)), &path(&of.id));
    thread.write_to = format!("Write to {company}");
    thread.hint =
        "Up to 2,000 characters, plain. They see the text and not who you are, unless you tell or shared it".to_owned();
    if read.blocked_since.is_some() && thread.can_write {
        thread.can_write = false;
        thread.closed = "Nothing can be written while you block the company.".to_owned();
    }
    Introduction {
        id: of.id.to_string(),
        company: company.to_owned(),
        title: words::public_title(opening).to_owned(),
        opening_href: format!("/openings/{}", of.opening),
        state: state(read, of.stored_state),
        fields: fields(&of.fields),
        stage: stage_label(of.stage).to_owned(),
        since: words::day(of.created_at.date_naive()),
        ends: words::moment(of.expires_at),
        can_take_back: read.live,
        blocked: read.blocked_since.is_some(),
        can_remove: read.about.messages > 0,
        thread,
        errors: Vec::new(),
    }
}

async fn write(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>, form: Form) -> WebResult {
    let (id, member) = (parse(&id)?, who.into_inner().member);
    let input = MessageInput { text: form.text("text").to_owned(), confirmed: form.on("confirmed") };
    let (of, by) = (id.clone(), member.clone());
    let written =
        shell.app.write(move |conn, app| usecases::write_message_as_member(conn, app, &by, &of, &input)).await;
    match written {
        Ok(Written::Sent(_)) => shell.done(&path(&id), "Sent."),
        Ok(Written::Asks(spotted)) => {
            let found = read(&shell, member, id.clone(), None).await?;
            shell.page(&MessageConfirm {
                id: id.to_string(),
                company: found.opening.company_name,
                spotted: in_words(&spotted),
                text: Private::from(form.text("text")),
            })
        }
        Err(AppError::Invalid(errors)) => again(&shell, member, id, &form, &errors).await,
        Err(error) => Err(error),
    }
}

/// The page with what was typed and what is wrong with it.
async fn again(shell: &Shell, member: Member, id: IntroductionId, form: &Form, errors: &Errors) -> WebResult {
    let mut page = page(&read(shell, member, id, None).await?);
    page.thread.text = Private::from(form.text("text"));
    page.errors = field_errors(errors, str::to_owned);
    shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn ask_to_remove(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let id = parse(&id)?;
    let found = read(&shell, who.into_inner().member, id.clone(), None).await?;
    if found.about.messages == 0 {
        return shell.done(&path(&id), "There is nothing to remove.");
    }
    shell.page(&MessagesRemove { id: id.to_string(), company: found.opening.company_name, count: found.about.messages })
}

async fn remove(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let (id, member) = (parse(&id)?, who.into_inner().member);
    let of = id.clone();
    let removed = shell.app.write(move |conn, app| usecases::remove_messages(conn, app, &member, &of)).await?;
    shell.done(&path(&id), if removed { "Removed, for both sides." } else { "There is nothing to remove." })
}
