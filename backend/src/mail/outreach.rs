//! What the community team writes to a member about an opening: who may get it, the mail, and the last look before it
//! leaves. Who writes it never learns who gets it.

use chrono::{DateTime, Duration, Utc};
use domain::certification::Rulebook;
use domain::eligibility::check;
use domain::mail::{MailKind, MailState};
use domain::matching::MatchState;
use domain::outreach::OutreachStop;
use domain::standing::MemberStanding;
use domain::{MailId, MemberId, OutreachId};
use frontend::mail::OutreachMail;
use serde::{Deserialize, Serialize};
use store::mail_tokens::{self, NewToken, Purpose};
use store::members::Member;
use store::openings::Opening;
use store::outbox::{self, Claimed, NewMail};
use store::outreach::Outreach;
use store::{
    Conn, StoreError, TokenPurpose, digests, facts, matches, member_mail, members, openings, outreach, profiles,
};

use super::address::{self, Standing};
use super::cards;
use super::gate::Word;
use super::plan::Planner;
use super::queue::write;
use super::render::{Draft, payload, plain};
use crate::app::App;
use crate::error::AppError;

/// How long the link that stops these mails works.
const STOP_LIFE: Duration = Duration::days(400);

/// Which outreach, to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Share {
    outreach: OutreachId,
    member: MemberId,
}

/// Why a member gets nothing about a revision of an opening now, but for what they had lately; `None` when they may. One
/// judgement for the number an admin sees before, for the queue, and for the gate.
///
/// # Errors
/// Database errors only.
pub(crate) fn against(
    conn: &mut Conn,
    rules: &Rulebook,
    opening: &Opening,
    revision: i32,
    member: &Member,
    now: DateTime<Utc>,
) -> Result<Option<OutreachStop>, AppError> {
    if member.standing != MemberStanding::Active {
        return Ok(Some(OutreachStop::Member));
    }
    if !member.permissions.admin_outreach {
        return Ok(Some(OutreachStop::Permission));
    }
    if opening.revision != revision {
        return Ok(Some(OutreachStop::Revision));
    }
    if !opening.liveness.is_live(now) {
        return Ok(Some(OutreachStop::NotLive));
    }
    let found = found(matches::of_pair(conn, &member.id, &opening.id, revision))?;
    let stands = |state| matches!(state, MatchState::Proposed | MatchState::Released);
    if !found.is_some_and(|f| stands(f.state) && f.declined_at.is_none()) {
        return Ok(Some(OutreachStop::Match));
    }
    let who = profiles::candidates(conn, std::slice::from_ref(member))?.pop();
    if !who.is_some_and(|who| check(rules, &opening.offer(), &who, now).is_eligible()) {
        return Ok(Some(OutreachStop::NotEligible));
    }
    let mail = member_mail::of(conn, &member.id)?;
    Ok(match address::standing(conn, &member.account, &mail)? {
        Standing::Good => None,
        Standing::Unconfirmed => Some(OutreachStop::Unconfirmed),
        Standing::Suppressed => Some(OutreachStop::Suppressed),
    })
}

/// Queues the mail of a member, for an hour in which the member wants mail.
///
/// # Errors
/// Database errors only.
pub(crate) fn queue(conn: &mut Conn, app: &App, of: &Outreach, member: &Member) -> Result<MailId, AppError> {
    let (now, id) = (app.now(), crate::random::id(MailId::from_uuid));
    let kind = MailKind::Outreach;
    let new = NewMail {
        id: &id,
        kind,
        account: &member.account,
        payload: &write(&Share { outreach: of.id.clone(), member: member.id.clone() })?,
        dedupe_key: &format!("{kind}:{}:{}", member.account, of.id),
        // The gate reads the switch itself.
        permission_epoch: None,
        due_at: not_before(conn, app, member, now)?,
    };
    if !outbox::add(conn, &new, now)? {
        return Err(AppError::internal("a mail of an outreach is there already for a new share"));
    }
    let token = app.vault.token(TokenPurpose::StopOutreach, id.as_str());
    let token = NewToken {
        purpose: Purpose::StopOutreach,
        token: &token,
        member: &member.id,
        mail: &id,
        note: None,
        expires_at: now + STOP_LIFE,
    };
    mail_tokens::add(conn, &token, now)?;
    Ok(id)
}

/// The first moment from now on that is in no quiet hours and no vacation.
fn not_before(conn: &mut Conn, app: &App, member: &Member, now: DateTime<Utc>) -> Result<DateTime<Utc>, AppError> {
    let planner = Planner::of(conn, app, member)?;
    Ok(planner.clock.loud(planner.back_from_vacation(now).unwrap_or(now)))
}

/// Renders it.
///
/// # Errors
/// `NotFound` when the outreach or its opening is gone; when the template fails.
pub(super) fn draft(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Draft, AppError> {
    let share: Share = payload(mail)?;
    let of = outreach::find(conn, &share.outreach)?;
    let opening = openings::find(conn, &of.opening)?;
    let place = match found(matches::of_pair(conn, &share.member, &of.opening, of.revision))? {
        Some(found) => cards::place(&found.place),
        None => String::new(),
    };
    let token = app.vault.token(TokenPurpose::StopOutreach, mail.id.as_str());
    let stop_link = app.url(&format!("/mail/stop/{token}"));
    let terms = opening.terms;
    let view = OutreachMail {
        paragraphs: of.text.split("\n\n").map(str::to_owned).collect(),
        title: terms.title,
        company: opening.company_name,
        kind: terms.kind.short().to_owned(),
        place,
        pay: cards::pay(&terms.pay),
        link: app.url(&format!("/openings/{}", of.opening)),
        stop_link: stop_link.as_str().into(),
        permissions_link: app.url("/permissions"),
        postal_address: app.config.postal_address.clone().unwrap_or_default(),
    };
    let mut draft = plain(app, &view)?;
    draft.stop_link = Some(stop_link);
    Ok(draft)
}

/// Its part of the gate; `None` when it may leave. The member's row is held first, so that a switch that goes off waits for
/// the mail's own word, or is heard here.
///
/// # Errors
/// Database errors only.
pub(super) fn pass(conn: &mut Conn, app: &App, mail: &Claimed) -> Result<Option<Word>, AppError> {
    let (share, now): (Share, _) = (payload(mail)?, app.now());
    let stop = |why: OutreachStop| Ok(Some(Word::Stop(state_of(why), why.as_str())));
    let Some(member) = found(members::hold(conn, &share.member))? else { return stop(OutreachStop::Member) };
    if !outbox::renew(conn, mail, now)? {
        return Ok(Some(Word::Stop(MailState::Cancelled, "lease")));
    }
    let Some(of) = found(outreach::find(conn, &share.outreach))? else { return stop(OutreachStop::Gone) };
    let Some(opening) = found(openings::find(conn, &of.opening))? else { return stop(OutreachStop::Gone) };
    let rules = facts::rulebook(conn)?;
    if let Some(why) = against(conn, &rules, &opening, of.revision, &member, now)? {
        return stop(why);
    }
    let loud = not_before(conn, app, &member, now)?;
    if loud >= mail.expires_at {
        return stop(OutreachStop::Quiet);
    }
    if loud > now {
        digests::postpone(conn, mail, loud)?;
        return Ok(Some(Word::Stop(MailState::Queued, OutreachStop::Quiet.as_str())));
    }
    if !outreach::take_slot(conn, &member.id, &mail.id, now)? {
        return stop(OutreachStop::Cap);
    }
    Ok(None)
}

const fn state_of(why: OutreachStop) -> MailState {
    match why {
        OutreachStop::Suppressed => MailState::Suppressed,
        OutreachStop::Quiet => MailState::Expired,
        _ => MailState::Skipped,
    }
}

fn found<T>(result: Result<T, StoreError>) -> Result<Option<T>, AppError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
