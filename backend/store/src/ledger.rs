//! The disclosure ledger: appended to in the transaction of what it records, never changed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::contact::ContactField;
use domain::{CompanyId, IntroductionId, LedgerId, MemberId, OpeningId, SeatId};

use crate::error::read;
use crate::schema::ledger as l;
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// What an entry records; the kinds of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerKind {
    /// A yes.
    Introduction,
    /// A company person saw the contact.
    View,
    /// Taken back.
    Revocation,
    /// Ended by the rules.
    Void,
    /// Ran out.
    Expiry,
    /// An admin saw the contact.
    AdminLook,
}

impl LedgerKind {
    /// Its spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Introduction => "introduction",
            Self::View => "view",
            Self::Revocation => "revocation",
            Self::Void => "void",
            Self::Expiry => "expiry",
            Self::AdminLook => "admin_look",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Introduction, Self::View, Self::Revocation, Self::Void, Self::Expiry, Self::AdminLook]
            .into_iter()
            .find(|k| k.as_str() == word)
    }
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: LedgerId,
    /// What.
    pub kind: LedgerKind,
    /// Whose contact.
    pub member: MemberId,
    /// Under which introduction.
    pub introduction: Option<IntroductionId>,
    /// For which opening.
    pub opening: Option<OpeningId>,
    /// To which company.
    pub company: Option<CompanyId>,
    /// Through which seat.
    pub seat: Option<SeatId>,
    /// Which fields.
    pub fields: Vec<ContactField>,
    /// A word more, for example the cause of a void.
    pub detail: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Appends an entry.
///
/// # Errors
/// Database errors only.
pub fn append(conn: &mut Conn, entry: &Entry) -> Result<(), StoreError> {
    diesel::insert_into(l::table)
        .values((
            l::id.eq(entry.id.as_str()),
            l::kind.eq(entry.kind.as_str()),
            l::member_id.eq(entry.member.as_str()),
            l::introduction_id.eq(entry.introduction.as_ref().map(IntroductionId::as_str)),
            l::opening_id.eq(entry.opening.as_ref().map(OpeningId::as_str)),
            l::company_id.eq(entry.company.as_ref().map(CompanyId::as_str)),
            l::seat_id.eq(entry.seat.as_ref().map(SeatId::as_str)),
            l::fields.eq(join_fields(&entry.fields)),
            l::detail.eq(entry.detail.as_deref()),
            l::at.eq(at(entry.at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Fields as a column holds them.
pub(crate) fn join_fields(fields: &[ContactField]) -> String {
    fields.iter().map(|f| f.as_str()).collect::<Vec<_>>().join("|")
}

/// Fields from a column.
pub(crate) fn split_fields(text: &str) -> Result<Vec<ContactField>, StoreError> {
    text.split('|').filter(|w| !w.is_empty()).map(|w| read(ContactField::parse(w), "contact field")).collect()
}

type Row = (
    i64,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    Option<String>,
    Time,
);

/// A member's entries with their place in the ledger, newest first, before a place.
///
/// # Errors
/// Database errors only.
pub fn of_member(
    conn: &mut Conn,
    member: &MemberId,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<(i64, Entry)>, StoreError> {
    let rows: Vec<Row> = l::table
        .filter(l::member_id.eq(member.as_str()).and(l::seq.lt(before.unwrap_or(i64::MAX))))
        .order(l::seq.desc())
        .limit(most)
        .select((
            l::seq,
            l::id,
            l::kind,
            l::member_id,
            l::introduction_id,
            l::opening_id,
            l::company_id,
            l::seat_id,
            l::fields,
            l::detail,
            l::at,
        ))
        .load(conn)?;
    rows.into_iter().map(entry).collect()
}

fn entry(
    (seq, id, kind, member, introduction, opening, company, seat, fields, detail, at): Row,
) -> Result<(i64, Entry), StoreError> {
    let entry = Entry {
        id: read(LedgerId::parse(&id), "ledger id")?,
        kind: read(LedgerKind::parse(&kind), "ledger kind")?,
        member: read(MemberId::parse(&member), "member id")?,
        introduction: introduction.as_deref().and_then(IntroductionId::parse),
        opening: opening.as_deref().and_then(OpeningId::parse),
        company: company.as_deref().and_then(CompanyId::parse),
        seat: seat.as_deref().and_then(SeatId::parse),
        fields: split_fields(&fields)?,
        detail,
        at: utc(at),
    };
    Ok((seq, entry))
}

/// True when somebody has looked under an introduction.
///
/// # Errors
/// Database errors only.
pub fn was_viewed(conn: &mut Conn, introduction: &IntroductionId) -> Result<bool, StoreError> {
    let count: i64 = l::table
        .filter(l::introduction_id.eq(introduction.as_str()).and(l::kind.eq(LedgerKind::View.as_str())))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}
