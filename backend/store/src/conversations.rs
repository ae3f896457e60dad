//! What a member and a company write to each other under an introduction. The texts are sealed and concern the member; see
//! `texts`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use domain::dispute::Side;
use domain::message::{MessageText, notice_due};
use domain::{AccountId, IntroductionId, MemberId, MessageId, SeatId, TextId};
use zeroize::Zeroizing;

use crate::error::read;
use crate::schema::{conversations as c, messages as m};
use crate::texts;
use crate::time::{Time, at, utc};
use crate::vault::Vault;
use crate::{Conn, StoreError};

/// A message without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Under which introduction.
    pub introduction: IntroductionId,
    /// Its place in the conversation, from 1.
    pub position: i32,
    /// Which side wrote it.
    pub side: Side,
    /// Which seat, for the company.
    pub seat: Option<SeatId>,
    /// When.
    pub at: DateTime<Utc>,
    /// When the other side read it.
    pub read_at: Option<DateTime<Utc>>,
    text: TextId,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = m)]
struct Row {
    id: String,
    introduction_id: String,
    position: i32,
    side: String,
    seat_id: Option<String>,
    text_id: String,
    at: Time,
    read_at: Option<Time>,
}

impl Row {
    fn message(self) -> Result<Message, StoreError> {
        Ok(Message {
            id: read(MessageId::parse(&self.id), "message id")?,
            introduction: read(IntroductionId::parse(&self.introduction_id), "introduction id")?,
            position: self.position,
            side: read(Side::parse(&self.side), "side")?,
            seat: self.seat_id.map(|id| read(SeatId::parse(&id), "seat id")).transpose()?,
            at: utc(self.at),
            read_at: self.read_at.map(utc),
            text: read(TextId::parse(&self.text_id), "text id")?,
        })
    }
}

/// Who reads, and what of it they do not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Which side.
    pub side: Side,
    /// What the other side wrote from then on is not shown.
    pub deaf_since: Option<DateTime<Utc>>,
}

/// A message to be kept.
pub struct NewMessage<'a> {
    /// Its id.
    pub id: &'a MessageId,
    /// Under which introduction.
    pub introduction: &'a IntroductionId,
    /// The member, and the account that the text goes with.
    pub member: (&'a MemberId, &'a AccountId),
    /// Which side writes.
    pub side: Side,
    /// Which seat, for the company.
    pub seat: Option<&'a SeatId>,
    /// The text and its id.
    pub text: (&'a TextId, &'a MessageText),
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = Integer)]
    written: i32,
}

/// Keeps a message at the end of its conversation, which begins with the first. Nobody else writes in the conversation
/// before the caller's transaction ends.
///
/// # Errors
/// Database errors only.
pub fn write(conn: &mut Conn, vault: &Vault, new: &NewMessage<'_>, now: DateTime<Utc>) -> Result<Message, StoreError> {
    let ((member, account), (text_id, text)) = (new.member, new.text);
    let key = new.introduction.as_str();
    let place: Place = diesel::sql_query(
        "INSERT INTO conversations (introduction_id, member_id, written) VALUES ($1, $2, 1) \
         ON CONFLICT (introduction_id) DO UPDATE SET written = conversations.written + 1 RETURNING written",
    )
    .bind::<Text, _>(key)
    .bind::<Text, _>(member.as_str())
    .get_result(conn)?;
    texts::keep(conn, vault, text_id, account, text.reveal(), now)?;
    diesel::insert_into(m::table)
        .values((
            m::id.eq(new.id.as_str()),
            m::introduction_id.eq(key),
            m::position.eq(place.written),
            m::side.eq(new.side.as_str()),
            m::seat_id.eq(new.seat.map(SeatId::as_str)),
            m::text_id.eq(text_id.as_str()),
            m::at.eq(at(now)),
        ))
        .execute(conn)?;
    m::table.filter(m::id.eq(new.id.as_str())).select(Row::as_select()).first(conn)?.message()
}

/// Messages as a reader sees them, newest first: those before a place, or the newest.
///
/// # Errors
/// Database errors only.
pub fn page(
    conn: &mut Conn,
    of: &IntroductionId,
    reader: Reader,
    before: Option<i32>,
    most: i64,
) -> Result<Vec<Message>, StoreError> {
    let mut query = m::table
        .filter(m::introduction_id.eq(of.as_str()).and(m::position.lt(before.unwrap_or(i32::MAX))))
        .order(m::position.desc())
        .limit(most)
        .select(Row::as_select())
        .into_boxed();
    if let Some(since) = reader.deaf_since {
        query = query.filter(m::side.eq(reader.side.as_str()).or(m::at.lt(at(since))));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Row::message).collect()
}

/// The text of a message. Who may read it was decided by whoever found the introduction.
///
/// # Errors
/// `Sealed` when the master key does not fit.
pub fn text_of(conn: &mut Conn, vault: &Vault, of: &Message) -> Result<Zeroizing<String>, StoreError> {
    texts::open(conn, vault, &of.text)
}

/// Notes that a side has read what the other wrote, as far as these messages go.
///
/// # Errors
/// Database errors only.
pub fn mark_read(conn: &mut Conn, reader: Side, read: &[Message], now: DateTime<Utc>) -> Result<(), StoreError> {
    let ids: Vec<&str> = read.iter().filter(|one| is_new(one, reader)).map(|one| one.id.as_str()).collect();
    let unread = m::table.filter(m::id.eq_any(ids).and(m::read_at.is_null()));
    diesel::update(unread).set(m::read_at.eq(Some(at(now)))).execute(conn)?;
    Ok(())
}

/// True for what the other side wrote and this side has not read.
#[must_use]
pub fn is_new(of: &Message, reader: Side) -> bool {
    of.side != reader && of.read_at.is_none()
}

/// How many messages a side has not read.
///
/// # Errors
/// Database errors only.
pub fn unread(conn: &mut Conn, of: &IntroductionId, reader: Reader) -> Result<i64, StoreError> {
    let others = m::introduction_id.eq(of.as_str()).and(m::side.ne(reader.side.as_str()));
    let mut query = m::table.filter(others.and(m::read_at.is_null())).into_boxed();
    if let Some(since) = reader.deaf_since {
        query = query.filter(m::at.lt(at(since)));
    }
    Ok(query.count().get_result(conn)?)
}

/// What is known of a conversation besides its messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct About {
    /// How many messages there are.
    pub messages: i64,
    /// When the member last removed what had been written.
    pub removed_at: Option<DateTime<Utc>>,
}

/// What is known of the conversation of an introduction; nothing was written when there is none.
///
/// # Errors
/// Database errors only.
pub fn about(conn: &mut Conn, of: &IntroductionId) -> Result<About, StoreError> {
    let key = of.as_str();
    let removed: Option<Option<Time>> =
        c::table.filter(c::introduction_id.eq(key)).select(c::removed_at).first(conn).optional()?;
    let messages = m::table.filter(m::introduction_id.eq(key)).count().get_result(conn)?;
    Ok(About { messages, removed_at: removed.flatten().map(utc) })
}

/// Removes what both sides wrote so far, for good; `false` when there was nothing.
///
/// # Errors
/// Database errors only.
pub fn remove(conn: &mut Conn, of: &IntroductionId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let mine = m::table.filter(m::introduction_id.eq(of.as_str()));
    let ids: Vec<String> = mine.select(m::text_id).load(conn)?;
    if ids.is_empty() {
        return Ok(false);
    }
    // The messages go with their texts.
    texts::forget(conn, &ids)?;
    let row = c::table.filter(c::introduction_id.eq(of.as_str()));
    diesel::update(row).set(c::removed_at.eq(Some(at(now)))).execute(conn)?;
    Ok(true)
}

/// When a side is to be told by mail that there is something new, and notes that it will be; `None` when a mail waits
/// already.
///
/// # Errors
/// `NotFound` when nothing was ever written.
pub fn plan_notice(
    conn: &mut Conn,
    of: &IntroductionId,
    to: Side,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = c::table.filter(c::introduction_id.eq(of.as_str()));
    let (member, company): (Option<Time>, Option<Time>) =
        row.select((c::member_notice_at, c::company_notice_at)).first(conn)?;
    let last = match to {
        Side::Member => member,
        Side::Company => company,
    };
    let Some(due) = notice_due(last.map(utc), now) else { return Ok(None) };
    let told = Some(at(due));
    match to {
        Side::Member => diesel::update(row).set(c::member_notice_at.eq(told)).execute(conn)?,
        Side::Company => diesel::update(row).set(c::company_notice_at.eq(told)).execute(conn)?,
    };
    Ok(Some(due))
}

/// The introductions of a member under which something was written and not removed.
///
/// # Errors
/// Database errors only.
pub fn of_member(conn: &mut Conn, member: &MemberId) -> Result<Vec<IntroductionId>, StoreError> {
    let ids: Vec<String> = c::table
        .inner_join(m::table.on(m::introduction_id.eq(c::introduction_id)))
        .filter(c::member_id.eq(member.as_str()))
        .select(c::introduction_id)
        .distinct()
        .load(conn)?;
    ids.iter().map(|id| read(IntroductionId::parse(id), "introduction id")).collect()
}
