//! What the community team writes to members about an opening: to how many, and what became of it. An admin never learns to
//! whom.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};
use domain::mail::MailState;
use domain::outreach::{ONE_IN, OutreachStop};
use domain::{AccountId, MailId, MemberId, OpeningId, OutreachId};

use crate::error::read;
use crate::schema::{outbox as o, outreach_recipients as r, outreach_slots as s, outreaches as t};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A text about one revision of an opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outreach {
    /// Its id.
    pub id: OutreachId,
    /// About which opening.
    pub opening: OpeningId,
    /// In which revision.
    pub revision: i32,
    /// What is written.
    pub text: String,
    /// When it was ordered.
    pub at: DateTime<Utc>,
    /// When everybody who could be written to had a mail, or a reason for none.
    pub done_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    id: String,
    opening_id: String,
    opening_revision: i32,
    text: String,
    at: Time,
    done_at: Option<Time>,
}

impl Row {
    fn outreach(self) -> Result<Outreach, StoreError> {
        Ok(Outreach {
            id: read(OutreachId::parse(&self.id), "outreach id")?,
            opening: read(OpeningId::parse(&self.opening_id), "opening id")?,
            revision: self.opening_revision,
            text: self.text,
            at: utc(self.at),
            done_at: self.done_at.map(utc),
        })
    }
}

/// Keeps an outreach that an admin orders.
///
/// # Errors
/// Database errors only.
pub fn create(conn: &mut Conn, new: &Outreach, admin: &AccountId) -> Result<(), StoreError> {
    diesel::insert_into(t::table)
        .values((
            t::id.eq(new.id.as_str()),
            t::opening_id.eq(new.opening.as_str()),
            t::opening_revision.eq(new.revision),
            t::admin_account.eq(admin.as_str()),
            t::text.eq(&new.text),
            t::at.eq(at(new.at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Finds an outreach.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, id: &OutreachId) -> Result<Outreach, StoreError> {
    t::table.filter(t::id.eq(id.as_str())).select(Row::as_select()).first(conn)?.outreach()
}

/// Outreaches, newest first; of one opening or of all.
///
/// # Errors
/// Database errors only.
pub fn list(conn: &mut Conn, opening: Option<&OpeningId>, most: i64) -> Result<Vec<Outreach>, StoreError> {
    let mut query = t::table.order((t::at.desc(), t::id)).limit(most).select(Row::as_select()).into_boxed();
    if let Some(opening) = opening {
        query = query.filter(t::opening_id.eq(opening.as_str()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Row::outreach).collect()
}

/// Notes that everybody has a mail, or a reason for none.
///
/// # Errors
/// Database errors only.
pub fn done(conn: &mut Conn, id: &OutreachId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let open = t::table.filter(t::id.eq(id.as_str()).and(t::done_at.is_null()));
    diesel::update(open).set(t::done_at.eq(Some(at(now)))).execute(conn)?;
    Ok(())
}

/// What a member gets of an outreach at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    /// A mail.
    Mail(MailId),
    /// Nothing, and why.
    Nothing(OutreachStop),
}

/// True when a member has a share of an outreach, whatever became of it.
///
/// # Errors
/// Database errors only.
pub fn has_share(conn: &mut Conn, id: &OutreachId, member: &MemberId) -> Result<bool, StoreError> {
    let one = r::outreach_id.eq(id.as_str()).and(r::member_id.eq(member.as_str()));
    let there: i64 = r::table.filter(one).count().get_result(conn)?;
    Ok(there > 0)
}

/// Notes a member's share.
///
/// # Errors
/// `Taken` when the member has one.
pub fn share(conn: &mut Conn, id: &OutreachId, member: &MemberId, share: &Share) -> Result<(), StoreError> {
    let (mail, reason) = match share {
        Share::Mail(mail) => (Some(mail.as_str()), None),
        Share::Nothing(stop) => (None, Some(stop.as_str())),
    };
    diesel::insert_into(r::table)
        .values((
            r::outreach_id.eq(id.as_str()),
            r::member_id.eq(member.as_str()),
            r::mail_id.eq(mail),
            r::reason.eq(reason),
        ))
        .execute(conn)?;
    Ok(())
}

/// True when a mail of an outreach may have gone to a member lately.
///
/// # Errors
/// Database errors only.
pub fn had_one(conn: &mut Conn, member: &MemberId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let lately = s::member_id.eq(member.as_str()).and(s::at.gt(at(now - ONE_IN)));
    let there: i64 = s::table.filter(lately).count().get_result(conn)?;
    Ok(there > 0)
}

#[derive(QueryableByName)]
struct Slot {
    #[diesel(sql_type = Text)]
    mail_id: String,
}

/// Takes the one mail of seven days for this mail; `false` when another one has it. One statement, so that two workers
/// cannot both have it; the same mail may take it again.
///
/// # Errors
/// Database errors only.
pub fn take_slot(conn: &mut Conn, member: &MemberId, mail: &MailId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let taken: Option<Slot> = diesel::sql_query(
        "INSERT INTO outreach_slots (member_id, mail_id, at) VALUES ($1, $2, $3) \
         ON CONFLICT (member_id) DO UPDATE SET mail_id = excluded.mail_id, at = excluded.at \
         WHERE outreach_slots.at <= $4 OR outreach_slots.mail_id = excluded.mail_id RETURNING mail_id",
    )
    .bind::<Text, _>(member.as_str())
    .bind::<Text, _>(mail.as_str())
    .bind::<Timestamp, _>(at(now))
    .bind::<Timestamp, _>(at(now - ONE_IN))
    .get_result(conn)
    .optional()?;
    Ok(taken.is_some_and(|slot| slot.mail_id == mail.as_str()))
}

/// What became of an outreach, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Everybody it was meant for.
    pub recipients: i64,
    /// Mails that wait or are being sent.
    pub waiting: i64,
    /// Mails that a mail server took, or may have taken.
    pub sent: i64,
    /// Mails that were given up, called back or out of date.
    pub failed: i64,
    /// No mail, by reason.
    pub dropped: Vec<(OutreachStop, i64)>,
}

/// Counts what became of an outreach.
///
/// # Errors
/// Database errors only.
pub fn tally(conn: &mut Conn, id: &OutreachId) -> Result<Tally, StoreError> {
    let of = r::outreach_id.eq(id.as_str());
    let without: Vec<(Option<String>, i64)> = r::table
        .filter(of.and(r::mail_id.is_null()))
        .group_by(r::reason)
        .select((r::reason, diesel::dsl::count_star()))
        .load(conn)?;
    let with: Vec<(String, Option<String>, i64)> = r::table
        .inner_join(o::table.on(r::mail_id.eq(o::id.nullable())))
        .filter(of)
        .group_by((o::state, o::last_code))
        .select((o::state, o::last_code, diesel::dsl::count_star()))
        .load(conn)?;
    let mut tally = Tally { recipients: r::table.filter(of).count().get_result(conn)?, ..Tally::default() };
    let mut dropped: Vec<(OutreachStop, i64)> = Vec::new();
    let mut drop_for = |stop: OutreachStop, count: i64| match dropped.iter_mut().find(|(known, _)| *known == stop) {
        Some((_, sum)) => *sum += count,
        None => dropped.push((stop, count)),
    };
    for (reason, count) in without {
        drop_for(read(reason.as_deref().and_then(OutreachStop::parse), "reason of an outreach")?, count);
    }
    for (state, code, count) in with {
        let stop = code.as_deref().and_then(OutreachStop::parse);
        match (read(MailState::parse(&state), "mail state")?, stop) {
            (MailState::Accepted | MailState::Ambiguous, _) => tally.sent += count,
            (MailState::Queued | MailState::Claimed | MailState::Deferred, _) => tally.waiting += count,
            (MailState::Suppressed, _) => drop_for(OutreachStop::Suppressed, count),
            (_, Some(stop)) => drop_for(stop, count),
            _ => tally.failed += count,
        }
    }
    dropped.sort_unstable();
    tally.dropped = dropped;
    Ok(tally)
}

/// A mail of an outreach to one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// About which opening.
    pub opening: OpeningId,
    /// What was written.
    pub text: String,
    /// When a mail server took it.
    pub at: DateTime<Utc>,
}

/// The mails of outreaches that went to a member, newest first.
///
/// # Errors
/// Database errors only.
pub fn received(conn: &mut Conn, member: &MemberId, most: i64) -> Result<Vec<Received>, StoreError> {
    let rows: Vec<(String, String, Option<Time>)> = r::table
        .inner_join(t::table.on(t::id.eq(r::outreach_id)))
        .inner_join(o::table.on(r::mail_id.eq(o::id.nullable())))
        .filter(r::member_id.eq(member.as_str()).and(o::accepted_at.is_not_null()))
        .order((o::accepted_at.desc(), t::id))
        .limit(most)
        .select((t::opening_id, t::text, o::accepted_at))
        .load(conn)?;
    rows.into_iter()
        .map(|(opening, text, taken)| {
            let opening = read(OpeningId::parse(&opening), "opening id")?;
            Ok(Received { opening, text, at: utc(read(taken, "time of a mail")?) })
        })
        .collect()
}
