//! A member says yes to one opening: the only way contact ever leaves to a company.

use chrono::{DateTime, Utc};
use domain::candidate::Candidate;
use domain::contact::ContactField;
use domain::eligibility::check;
use domain::errors::Errors;
use domain::introduction::{IntroductionEvent, IntroductionState, Stage, TEXT_VERSION, end_of};
use domain::limits::Act;
use domain::{IntroductionId, LedgerId, OpeningId};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::contacts::OwnContact;
use store::introductions::{AgreedText, Introduction};
use store::members::Member;
use store::openings::Opening;
use store::{Conn, StoreError};

use super::change_email::held_until;
use super::end_introduction::end;
use crate::app::App;
use crate::error::AppError;
use crate::{errand, mail, random};

/// A yes as the API takes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IntroduceInput {
    /// To which opening.
    pub opening_id: String,
    /// The revision the member has read.
    pub opening_revision: i32,
    /// Which fields: `name`, `email`, `phone`, `npi`, `cv`. These and no others are shared.
    pub fields: Vec<String>,
    /// Until when, RFC 3339; 30 days when left out, at most 180.
    pub expires_at: Option<String>,
}

/// Records a yes: introduction, ledger entry and the mail that tells the company to look, in one transaction.
///
/// # Errors
/// `NotFound` for an opening that was never public, `Gone` for one that is over; `Conflict` when it changed meanwhile,
/// when the member does not fit, or when the company has a yes already; `Invalid` for wrong fields;
/// `TooMany`.
pub fn introduce(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    input: &IntroduceInput,
) -> Result<Introduction, AppError> {
    let now = app.now();
    let id = OpeningId::parse(&input.opening_id)
        .ok_or_else(|| AppError::field("opening_id", "malformed", "Give the id of an opening."))?;
    let opening = store::openings::find(conn, &id)?;
    // What was never public does not exist, whatever else is wrong with the request.
    if opening.published_at.is_none() {
        return Err(AppError::NotFound);
    }
    let (fields, expires_at) = parse(conn, app, member, input, now)?;
    if !opening.liveness.is_live(now) {
        return Err(AppError::Gone("This opening is no longer open; nothing was shared."));
    }
    if opening.revision != input.opening_revision {
        return Err(AppError::Conflict(
            "The company changed this opening meanwhile; read it again. Nothing was shared.",
        ));
    }
    if held_until(conn, &member.id, now)?.is_some() {
        return Err(AppError::Conflict(
            "Your e-mail address changed in the last 72 hours; until they are over nothing can be shared. Nothing was \
             shared.",
        ));
    }
    must_fit(conn, app, member, &opening)?;
    errand::take(conn, app, Act::Introduce, member.id.as_str())?;
    // One that ran out still stands as active in its row; it must not keep the member from saying yes again.
    for of in store::introductions::of_member(conn, &member.id)? {
        if of.opening == id && of.state_at(now) == IntroductionState::Expired {
            end(conn, app, &of, IntroductionEvent::Expire)?;
        }
    }
    let yes = Introduction {
        id: random::id(IntroductionId::from_uuid),
        member: member.id.clone(),
        opening: id,
        revision: opening.revision,
        company: opening.company.clone(),
        fields,
        stored_state: IntroductionState::Active,
        void_cause: None,
        stage: Stage::New,
        created_at: now,
        expires_at,
    };
    let names: Vec<&str> = yes.fields.iter().map(|f| f.label()).collect();
    let text = agreed_text(&opening.company_name, &opening.terms.title, &names, expires_at).join("\n");
    let sha256: String = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    let agreed = AgreedText { version: TEXT_VERSION, sha256: &sha256 };
    match store::introductions::create(conn, &yes, &agreed, random::id(LedgerId::from_uuid)) {
        Ok(()) => {}
        Err(StoreError::Taken) => {
            return Err(AppError::Conflict("You have already said yes to this opening; see your permissions."));
        }
        Err(error) => return Err(error.into()),
    }
    for seat in store::companies::seats(conn, &yes.company)? {
        mail::queue::introduction_received(conn, app, &seat.account, &yes.id)?;
    }
    Ok(yes)
}

/// The words the review page shows and whose hash is kept with the yes.
#[must_use]
pub fn agreed_text(company: &str, opening: &str, fields: &[&str], ends: DateTime<Utc>) -> Vec<String> {
    vec![
        format!("I allow {company} to see {} for the opening “{opening}”, and for nothing else.", fields.join(", ")),
        format!(
            "This ends on {} UTC, or earlier when I take it back or the opening ends or changes.",
            ends.format("%e %B %Y, %H:%M").to_string().trim()
        ),
        "Every view is written to my ledger. What has already been read cannot be unread.".to_owned(),
    ]
}

fn must_fit(conn: &mut Conn, app: &App, member: &Member, opening: &Opening) -> Result<(), AppError> {
    let rules = store::facts::rulebook(conn)?;
    let who: Option<Candidate> = store::profiles::candidates(conn, std::slice::from_ref(member))?.pop();
    let fits = who.is_some_and(|who| check(&rules, &opening.offer(), &who, app.now()).is_eligible());
    if fits {
        Ok(())
    } else {
        Err(AppError::Conflict("Your profile does not meet every rule of this opening; its page names which."))
    }
}

fn parse(
    conn: &mut Conn,
    app: &App,
    member: &Member,
    input: &IntroduceInput,
    now: DateTime<Utc>,
) -> Result<(Vec<ContactField>, DateTime<Utc>), AppError> {
    let mut e = Errors::default();
    let contact = store::contacts::own(conn, &app.vault, &OwnContact::of_signed_in(member.account.clone()))?;
    let mut fields = Vec::new();
    for (i, word) in input.fields.iter().enumerate() {
        match ContactField::parse(word) {
            Some(f) if contact.field(f).is_none() => {
                e.add(
                    format!("fields[{i}]"),
                    "conflict",
                    format!("Your contact has no {}; add it first or leave it out.", f.label()),
                );
            }
            Some(f) if !fields.contains(&f) => fields.push(f),
            Some(_) => {}
            None => e.add(format!("fields[{i}]"), "unknown", "Choose name, email, phone, npi or cv."),
        }
    }
    if input.fields.is_empty() {
        e.add("fields", "required", "Choose at least one field to share.");
    }
    fields.sort_unstable();
    let wish = input.expires_at.as_deref().filter(|t| !t.is_empty()).map(str::parse::<DateTime<Utc>>);
    let end = match wish {
        None => end_of(None, now),
        Some(Ok(at)) => end_of(Some(at), now),
        Some(Err(_)) => Err("Give the end as an RFC 3339 time."),
    };
    match end {
        Ok(end) => Ok(e.finish((fields, end))?),
        Err(why) => {
            e.add("expires_at", "out_of_range", why);
            Err(e.into())
        }
    }
}
