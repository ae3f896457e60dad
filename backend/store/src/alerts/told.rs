//! Cards: what was or will be told to whom, one row for a member and a revision of an opening.

use chrono::{DateTime, Utc};
use diesel::dsl::{count, max};
use diesel::prelude::*;
use domain::alert::{Cadence, CardState, Cause, DropReason};
use domain::mail::{MailKind, MailState};
use domain::{AlertId, MailId, MemberId, OpeningId};

use super::{joined, list};
use crate::error::read;
use crate::schema::{alert_matches as am, outbox as o};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A card: a revision of an opening for a member, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Opening.
    pub opening: OpeningId,
    /// Revision.
    pub revision: i32,
    /// The alerts that found it, fastest first.
    pub alerts: Vec<AlertId>,
    /// The mail it goes into.
    pub cadence: Cadence,
    /// How it came.
    pub cause: Cause,
    /// When that mail is due.
    pub due_at: DateTime<Utc>,
    /// Where it stands.
    pub state: CardState,
    /// Why it was left out.
    pub dropped: Option<DropReason>,
    /// The mail it is or was in.
    pub mail: Option<MailId>,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = am)]
struct Row {
    opening_id: String,
    opening_revision: i32,
    alert_ids: String,
    cadence: String,
    cause: String,
    due_at: Time,
    state: String,
    drop_reason: Option<String>,
    mail_id: Option<String>,
    at: Time,
    sent_at: Option<Time>,
}

impl Row {
    fn card(self) -> Result<Card, StoreError> {
        Ok(Card {
            opening: read(OpeningId::parse(&self.opening_id), "opening id")?,
            revision: self.opening_revision,
            alerts: list(&self.alert_ids, AlertId::parse)?,
            cadence: read(Cadence::parse(&self.cadence), "cadence")?,
            cause: read(Cause::parse(&self.cause), "cause")?,
            due_at: utc(self.due_at),
            state: read(CardState::parse(&self.state), "card state")?,
            dropped: self.drop_reason.as_deref().and_then(DropReason::parse),
            mail: self.mail_id.as_deref().map(|id| read(MailId::parse(id), "mail id")).transpose()?,
            at: utc(self.at),
            sent_at: self.sent_at.map(utc),
        })
    }
}

fn cards_of(rows: Vec<Row>) -> Result<Vec<Card>, StoreError> {
    rows.into_iter().map(Row::card).collect()
}

/// The row of a member and a revision.
macro_rules! row {
    ($member:expr, $opening:expr, $revision:expr) => {
        am::table.filter(
            am::member_id
                .eq($member.as_str())
                .and(am::opening_id.eq($opening.as_str()))
                .and(am::opening_revision.eq($revision)),
        )
    };
}

/// A card to be written.
pub struct NewCard<'a> {
    /// Whose.
    pub member: &'a MemberId,
    /// Opening.
    pub opening: &'a OpeningId,
    /// Revision.
    pub revision: i32,
    /// The alerts that found it, fastest first.
    pub alerts: &'a [AlertId],
    /// The mail it goes into.
    pub cadence: Cadence,
    /// How it came.
    pub cause: Cause,
    /// When that mail is due.
    pub due_at: DateTime<Utc>,
}

/// Writes a card, waiting, unless the member has heard of the revision or is about to; `false` then. One that was left
/// out and never sent may come back, and what waits since the member changed something comes sooner when the opening is
/// published.
///
/// # Errors
/// Database errors only.
pub fn add_card(conn: &mut Conn, new: &NewCard<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = row!(new.member, new.opening, new.revision);
    let values = (
        am::alert_ids.eq(joined(new.alerts.iter().map(AlertId::as_str))),
        am::cadence.eq(new.cadence.as_str()),
        am::cause.eq(new.cause.as_str()),
        am::due_at.eq(at(new.due_at)),
        am::state.eq(CardState::Pending.as_str()),
        am::at.eq(at(now)),
    );
    let there: Option<Row> = row.select(Row::as_select()).first(conn).optional()?;
    let Some(there) = there.map(Row::card).transpose()? else {
        diesel::insert_into(am::table)
            .values((
                am::member_id.eq(new.member.as_str()),
                am::opening_id.eq(new.opening.as_str()),
                am::opening_revision.eq(new.revision),
                values,
            ))
            .execute(conn)?;
        return Ok(true);
    };
    let may = match there.state {
        CardState::Pending => there.cause == Cause::Edited && new.cause != Cause::Edited,
        CardState::Dropped => there.sent_at.is_none() && there.dropped.is_none_or(DropReason::may_come_back),
        CardState::Taken | CardState::Sent => false,
    };
    if may {
        let none = (am::drop_reason.eq(None::<&str>), am::mail_id.eq(None::<&str>));
        diesel::update(row).set((values, none)).execute(conn)?;
    }
    Ok(may)
}

/// Puts a waiting card into a mail; `false` when it does not wait any more.
///
/// # Errors
/// Database errors only.
pub fn take(
    conn: &mut Conn,
    member: &MemberId,
    opening: &OpeningId,
    revision: i32,
    mail: &MailId,
) -> Result<bool, StoreError> {
    let row = row!(member, opening, revision).filter(am::state.eq(CardState::Pending.as_str()));
    let taken = (am::mail_id.eq(Some(mail.as_str())), am::state.eq(CardState::Taken.as_str()));
    Ok(diesel::update(row).set(taken).execute(conn)? == 1)
}

/// The cards of a mail that were not left out.
///
/// # Errors
/// Database errors only.
pub fn cards(conn: &mut Conn, mail: &MailId) -> Result<Vec<Card>, StoreError> {
    let rows = am::table
        .filter(am::mail_id.eq(mail.as_str()).and(am::state.ne(CardState::Dropped.as_str())))
        .order(am::opening_id)
        .select(Row::as_select())
        .load(conn)?;
    cards_of(rows)
}

/// The cards of a member that wait, oldest first.
///
/// # Errors
/// Database errors only.
pub fn waiting_of(conn: &mut Conn, member: &MemberId) -> Result<Vec<Card>, StoreError> {
    let rows = am::table
        .filter(am::member_id.eq(member.as_str()).and(am::state.eq(CardState::Pending.as_str())))
        .order((am::at, am::opening_id))
        .select(Row::as_select())
        .load(conn)?;
    cards_of(rows)
}

/// The cards of a member that wait or are in a mail that has not left.
///
/// # Errors
/// Database errors only.
pub fn open_of(conn: &mut Conn, member: &MemberId) -> Result<Vec<Card>, StoreError> {
    let open = [CardState::Pending, CardState::Taken].map(CardState::as_str);
    let rows = am::table
        .filter(am::member_id.eq(member.as_str()).and(am::state.eq_any(open)))
        .order((am::at, am::opening_id))
        .select(Row::as_select())
        .load(conn)?;
    cards_of(rows)
}

/// Every card of a member and an opening, newest revision first.
///
/// # Errors
/// Database errors only.
pub fn of_pair(conn: &mut Conn, member: &MemberId, opening: &OpeningId) -> Result<Vec<Card>, StoreError> {
    let rows = am::table
        .filter(am::member_id.eq(member.as_str()).and(am::opening_id.eq(opening.as_str())))
        .order(am::opening_revision.desc())
        .select(Row::as_select())
        .load(conn)?;
    cards_of(rows)
}

/// The openings of a mail, whatever became of their cards.
///
/// # Errors
/// Database errors only.
pub fn in_mail(conn: &mut Conn, mail: &MailId) -> Result<Vec<Card>, StoreError> {
    let rows =
        am::table.filter(am::mail_id.eq(mail.as_str())).order(am::opening_id).select(Row::as_select()).load(conn)?;
    cards_of(rows)
}

/// Leaves a card out, with its reason.
///
/// # Errors
/// Database errors only.
pub fn drop_card(conn: &mut Conn, member: &MemberId, card: &Card, why: DropReason) -> Result<(), StoreError> {
    diesel::update(row!(member, card.opening, card.revision))
        .set((am::state.eq(CardState::Dropped.as_str()), am::drop_reason.eq(Some(why.as_str()))))
        .execute(conn)?;
    Ok(())
}

/// Lets a card wait for a later mail.
///
/// # Errors
/// Database errors only.
pub fn defer(
    conn: &mut Conn,
    member: &MemberId,
    card: &Card,
    cadence: Cadence,
    cause: Cause,
    due_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(row!(member, card.opening, card.revision))
        .set((
            am::state.eq(CardState::Pending.as_str()),
            am::mail_id.eq(None::<&str>),
            am::cadence.eq(cadence.as_str()),
            am::cause.eq(cause.as_str()),
            am::due_at.eq(at(due_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Leaves out every card of a member that was not sent.
///
/// # Errors
/// Database errors only.
pub fn drop_open(conn: &mut Conn, member: &MemberId, why: DropReason) -> Result<(), StoreError> {
    let open = [CardState::Pending, CardState::Taken].map(CardState::as_str);
    diesel::update(am::table.filter(am::member_id.eq(member.as_str()).and(am::state.eq_any(open))))
        .set((am::state.eq(CardState::Dropped.as_str()), am::drop_reason.eq(Some(why.as_str()))))
        .execute(conn)?;
    Ok(())
}

/// Marks the cards of a mail as sent.
///
/// # Errors
/// Database errors only.
pub fn sent(conn: &mut Conn, mail: &MailId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let taken = am::state.eq(CardState::Taken.as_str());
    diesel::update(am::table.filter(am::mail_id.eq(mail.as_str()).and(taken)))
        .set((am::state.eq(CardState::Sent.as_str()), am::sent_at.eq(Some(at(now)))))
        .execute(conn)?;
    Ok(())
}

/// The newest revision below one that a member was told of.
///
/// # Errors
/// Database errors only.
pub fn last_told(
    conn: &mut Conn,
    member: &MemberId,
    opening: &OpeningId,
    below: i32,
) -> Result<Option<i32>, StoreError> {
    let told = am::state.eq(CardState::Sent.as_str()).and(am::opening_revision.lt(below));
    Ok(am::table
        .filter(am::member_id.eq(member.as_str()).and(am::opening_id.eq(opening.as_str())).and(told))
        .select(max(am::opening_revision))
        .first(conn)?)
}

/// How many instant mails to a member are planned for or were sent in a stretch of time.
///
/// # Errors
/// Database errors only.
pub fn count_planned(
    conn: &mut Conn,
    member: &MemberId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<i64, StoreError> {
    let instant = am::member_id.eq(member.as_str()).and(am::cadence.eq(Cadence::Instant.as_str()));
    let planned = am::state.eq(CardState::Taken.as_str()).and(am::due_at.ge(at(from))).and(am::due_at.lt(at(to)));
    let sent = am::state.eq(CardState::Sent.as_str()).and(am::sent_at.ge(at(from))).and(am::sent_at.lt(at(to)));
    // The columns that may be empty make the whole so.
    let either = planned.assume_not_null().or(sent.assume_not_null());
    Ok(am::table.filter(instant.and(either)).select(count(am::mail_id).aggregate_distinct()).first(conn)?)
}

/// How many instant mails to a member were sent in a stretch of time.
///
/// # Errors
/// Database errors only.
pub fn count_sent(
    conn: &mut Conn,
    member: &MemberId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<i64, StoreError> {
    Ok(am::table
        .filter(am::member_id.eq(member.as_str()).and(am::cadence.eq(Cadence::Instant.as_str())))
        .filter(am::state.eq(CardState::Sent.as_str()).and(am::sent_at.ge(at(from))).and(am::sent_at.lt(at(to))))
        .select(count(am::mail_id).aggregate_distinct())
        .first(conn)?)
}

/// The members with a card whose digest is due.
///
/// # Errors
/// Database errors only.
pub fn due(conn: &mut Conn, now: DateTime<Utc>, most: i64) -> Result<Vec<MemberId>, StoreError> {
    let ids: Vec<String> = am::table
        .filter(am::state.eq(CardState::Pending.as_str()).and(am::due_at.le(at(now))))
        .select(am::member_id)
        .distinct()
        .limit(most)
        .load(conn)?;
    ids.iter().map(|id| read(MemberId::parse(id), "member id")).collect()
}

/// True when a digest is due.
///
/// # Errors
/// Database errors only.
pub fn any_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(!due(conn, now, 1)?.is_empty())
}

/// Lets the cards wait again whose mail grew too old before a mail server took it.
///
/// # Errors
/// Database errors only.
pub fn take_back_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let expired = o::table
        .filter(o::kind.eq(MailKind::Alert.as_str()).and(o::state.eq(MailState::Expired.as_str())))
        .select(o::id);
    let ids: Vec<String> = am::table
        .filter(am::state.eq(CardState::Taken.as_str()).and(am::mail_id.assume_not_null().eq_any(expired)))
        .select(am::mail_id.assume_not_null())
        .distinct()
        .limit(500)
        .load(conn)?;
    let taken = am::state.eq(CardState::Taken.as_str());
    Ok(diesel::update(am::table.filter(am::mail_id.eq_any(ids).and(taken)))
        .set((
            am::state.eq(CardState::Pending.as_str()),
            am::cadence.eq(Cadence::Daily.as_str()),
            am::mail_id.eq(None::<&str>),
            am::due_at.eq(at(now)),
        ))
        .execute(conn)?)
}
