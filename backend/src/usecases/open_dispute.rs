//! A member or a company reports a problem. About an introduction the other side is told that something was reported, and
//! may answer; what was written is read by admins alone.

use domain::dispute::{DisputeKind, Side};
use domain::errors::Errors;
use domain::input::paragraphs;
use domain::limits::Act;
use domain::standing::CompanyStanding;
use domain::{AccountId, CompanyId, DisputeId, IntroductionId, OpeningId, TextId};
use serde::Deserialize;
use store::disputes::{Dispute, NewDispute};
use store::members::Member;
use store::{Conn, StoreError};

use crate::app::App;
use crate::auth::SignedSeat;
use crate::error::AppError;
use crate::{errand, mail, random};

/// Letters of a report or an answer, at least and at most.
const LENGTH: (usize, usize) = (10, 2_000);

/// A report as the API takes it. One of the three says what it is about; companies report introductions only.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DisputeInput {
    /// See `DisputeKind`.
    pub kind: String,
    /// What happened.
    pub text: String,
    /// An introduction.
    pub introduction_id: Option<String>,
    /// An opening.
    pub opening_id: Option<String>,
    /// The slug of a company.
    pub company: Option<String>,
}

/// What a report is about.
struct About {
    company: CompanyId,
    opening: Option<OpeningId>,
    introduction: Option<IntroductionId>,
}

/// A member reports an introduction of theirs, an opening that was public, or a company that was approved.
///
/// # Errors
/// `NotFound` when it is about nothing the member can see; `Invalid`; `Conflict` when it was reported; `TooMany`.
pub fn open_dispute_as_member(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    input: &DisputeInput,
) -> Result<Dispute, AppError> {
    let about = about(conn, member, input)?;
    create(conn, app, Side::Member, member, &member.account, &about, input)
}

/// A company reports an introduction it was given.
///
/// # Errors
/// As `open_dispute_as_member`.
pub fn open_dispute_as_company(
    conn: &mut Conn,
    app: &App,
    seat: &SignedSeat,
    input: &DisputeInput,
) -> Result<Dispute, AppError> {
    let id = input.introduction_id.as_deref().filter(|_| input.opening_id.is_none() && input.company.is_none());
    let Some(id) = id else {
        return Err(AppError::field(
            "introduction_id",
            "required",
            "Say which introduction it is about, and nothing else.",
        ));
    };
    let id = IntroductionId::parse(id).ok_or(AppError::NotFound)?;
    let of = store::introductions::find_of_company(conn, &seat.company.id, &id)?;
    let member = match store::members::find(conn, &of.member) {
        Err(StoreError::NotFound) => return Err(AppError::Gone("The physician has left; there is nothing to decide.")),
        found => found?,
    };
    let about = About { company: of.company, opening: Some(of.opening), introduction: Some(id) };
    create(conn, app, Side::Company, &member, &seat.session.account.id, &about, input)
}

fn about(conn: &mut Conn, member: &Member, input: &DisputeInput) -> Result<About, AppError> {
    match (&input.introduction_id, &input.opening_id, &input.company) {
        (Some(id), None, None) => {
            let id = IntroductionId::parse(id).ok_or(AppError::NotFound)?;
            let of = store::introductions::find_of_member(conn, &member.id, &id)?;
            Ok(About { company: of.company, opening: Some(of.opening), introduction: Some(id) })
        }
        (None, Some(id), None) => {
            let opening = store::openings::find(conn, &OpeningId::parse(id).ok_or(AppError::NotFound)?)?;
            // What was never public does not exist.
            opening.published_at.ok_or(AppError::NotFound)?;
            Ok(About { company: opening.company, opening: Some(opening.id), introduction: None })
        }
        (None, None, Some(slug)) => {
            let company = store::companies::by_slug(conn, slug)?;
            if company.standing == CompanyStanding::Pending {
                return Err(AppError::NotFound);
            }
            Ok(About { company: company.id, opening: None, introduction: None })
        }
        _ => Err(AppError::field(
            "introduction_id",
            "required",
            "Say which introduction, opening or company it is about; one of them.",
        )),
    }
}

fn create(
    conn: &mut Conn,
    app: &App,
    side: Side,
    member: &Member,
    by: &AccountId,
    about: &About,
    input: &DisputeInput,
) -> Result<Dispute, AppError> {
    let mut e = Errors::default();
    let kind = DisputeKind::parse(&input.kind).filter(|kind| kind.is_for(side));
    if kind.is_none() {
        e.add("kind", "unknown", "Choose what it is about.");
    }
    let text = text(&mut e, &input.text);
    let (Some(kind), true) = (kind, e.is_empty()) else { return Err(e.into()) };
    errand::take(conn, app, Act::Report, by.as_str())?;
    let (id, text_id) = (random::id(DisputeId::from_uuid), random::id(TextId::from_uuid));
    let new = NewDispute {
        id: &id,
        side,
        kind,
        member: (&member.id, &member.account),
        company: &about.company,
        opening: about.opening.as_ref(),
        introduction: about.introduction.as_ref(),
        text: (&text_id, &text),
    };
    match store::disputes::create(conn, &app.vault, &new, app.now()) {
        Err(StoreError::Taken) => {
            return Err(AppError::Conflict("You have reported this already; an admin is looking at it."));
        }
        done => done?,
    }
    let dispute = store::disputes::find(conn, &id)?;
    mail::notices::dispute_opened(conn, app, &dispute, member)?;
    Ok(dispute)
}

/// What somebody wrote, when it says anything.
pub(super) fn text(e: &mut Errors, text: &str) -> String {
    let text = paragraphs(e, "text", text, true, LENGTH.1);
    let count = text.chars().count();
    if (1..LENGTH.0).contains(&count) {
        e.add("text", "too_short", "Say a little more: what happened, and when.");
    }
    text
}
