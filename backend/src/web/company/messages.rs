//! `/company/contacts/{id}/messages`: what a company and a physician wrote to each other. A page of its own: the contact's
//! page is a look at the contact, which stands in the physician's ledger.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::IntroductionId;
use domain::dispute::Side;
use frontend::Private;
use frontend::pages::CompanyMessages;
use store::conversations::Message;

use super::super::WebResult;
use super::super::form::{Form, field_errors};
use super::super::shell::Shell;
use super::super::thread_words::{Names, PAGE, READ, before, state, thread};
use super::super::words::day;
use crate::auth::{Guarded, Routes, SeeContact, SignedSeat};
use crate::error::AppError;
use crate::usecases::{self, Conversation};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/company/contacts/{id}/messages", show).post("/company/contacts/{id}/messages", write);
}

fn path(id: &IntroductionId) -> String {
    format!("/company/contacts/{id}/messages")
}

async fn read(
    shell: &Shell,
    seat: SignedSeat,
    id: IntroductionId,
    before: Option<i32>,
) -> Result<Conversation, AppError> {
    shell.app.read(move |conn, app| usecases::read_messages_as_company(conn, app, &seat, &id, before, READ)).await
}

async fn show(shell: Shell, who: Guarded<SeeContact>, id: Path<String>, req: HttpRequest) -> WebResult {
    let id = IntroductionId::parse(&id).ok_or(AppError::NotFound)?;
    let query = Form::read(req.query_string())?;
    let seat = who.into_inner();
    let found = read(&shell, seat.clone(), id, before(query.text("before"))).await?;
    usecases::note_read(&shell.app, &found, PAGE).await?;
    shell.page(&page(&found, &seat))
}

fn page(read: &Conversation, seat: &SignedSeat) -> CompanyMessages {
    let (of, opening) = (&read.introduction, &read.opening);
    let own = |message: &Message| match message.seat.as_ref() == Some(&seat.seat.id) {
        true => "You".to_owned(),
        false => "Your company".to_owned(),
    };
    let names = Names { reader: Side::Company, other: "The physician", own: &own };
    let mut thread = thread(read, &names, path(&of.id), &path(&of.id));
    thread.write_to = "Write to the physician".to_owned();
    thread.hint =
        "Up to 2,000 characters, plain. Addresses, numbers and links are not sent: the physician answers here"
            .to_owned();
    CompanyMessages {
        id: of.id.to_string(),
        opening: opening.terms.title.clone(),
        opening_href: format!("/company/openings/{}", of.opening),
        state: state(read, of.stored_state),
        since: day(of.created_at.date_naive()),
        contact_href: read.live.then(|| format!("/company/contacts/{}", of.id)),
        thread,
        errors: Vec::new(),
    }
}

async fn write(shell: Shell, who: Guarded<SeeContact>, id: Path<String>, form: Form) -> WebResult {
    let id = IntroductionId::parse(&id).ok_or(AppError::NotFound)?;
    let seat = who.into_inner();
    let (of, by, text) = (id.clone(), seat.clone(), form.text("text").to_owned());
    match shell.app.write(move |conn, app| usecases::write_message_as_company(conn, app, &by, &of, &text)).await {
        Ok(_) => shell.done(&path(&id), "Sent."),
        Err(AppError::Invalid(errors)) => {
            let mut page = page(&read(&shell, seat.clone(), id, None).await?, &seat);
            page.thread.text = Private::from(form.text("text"));
            page.errors = field_errors(&errors, str::to_owned);
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}
