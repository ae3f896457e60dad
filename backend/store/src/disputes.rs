//! Disputes: who reported what about whom, and what was decided. The texts are sealed; see `texts`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::dispute::{DisputeKind, Outcome, Side};
use domain::{AccountId, CompanyId, DisputeId, IntroductionId, MemberId, OpeningId, TextId};
use zeroize::Zeroizing;

use crate::error::read;
use crate::schema::disputes as d;
use crate::texts;
use crate::time::{Time, at, utc};
use crate::vault::Vault;
use crate::{Conn, StoreError};

/// A dispute without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Its id.
    pub id: DisputeId,
    /// Who reported.
    pub side: Side,
    /// What about.
    pub kind: DisputeKind,
    /// The physician.
    pub member: MemberId,
    /// The company.
    pub company: CompanyId,
    /// The opening, when one is named.
    pub opening: Option<OpeningId>,
    /// The introduction, when it is about one: then the other side is told, and may answer.
    pub introduction: Option<IntroductionId>,
    /// When it was reported.
    pub opened_at: DateTime<Utc>,
    /// When the other side answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// The decision.
    pub decided: Option<Decided>,
    report: TextId,
    answer: Option<TextId>,
}

/// What an admin decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What.
    pub outcome: Outcome,
    /// In the admin's words; both sides read them.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Dispute {
    /// True while the other side may still answer.
    #[must_use]
    pub const fn can_be_answered(&self) -> bool {
        self.introduction.is_some() && self.answered_at.is_none() && self.decided.is_none()
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = d)]
struct Row {
    id: String,
    side: String,
    kind: String,
    member_id: String,
    company_id: String,
    opening_id: Option<String>,
    introduction_id: Option<String>,
    report_id: String,
    answer_id: Option<String>,
    outcome: Option<String>,
    words: Option<String>,
    opened_at: Time,
    answered_at: Option<Time>,
    decided_at: Option<Time>,
}

impl Row {
    fn dispute(self) -> Result<Dispute, StoreError> {
        let decided = match (self.outcome, self.decided_at) {
            (Some(outcome), Some(at)) => Some(Decided {
                outcome: read(Outcome::parse(&outcome), "outcome")?,
                words: self.words.unwrap_or_default(),
                at: utc(at),
            }),
            _ => None,
        };
        Ok(Dispute {
            id: read(DisputeId::parse(&self.id), "dispute id")?,
            side: read(Side::parse(&self.side), "side")?,
            kind: read(DisputeKind::parse(&self.kind), "kind of dispute")?,
            member: read(MemberId::parse(&self.member_id), "member id")?,
            company: read(CompanyId::parse(&self.company_id), "company id")?,
            opening: self.opening_id.map(|id| read(OpeningId::parse(&id), "opening id")).transpose()?,
            introduction: self
                .introduction_id
                .map(|id| read(IntroductionId::parse(&id), "introduction id"))
                .transpose()?,
            opened_at: utc(self.opened_at),
            answered_at: self.answered_at.map(utc),
            decided,
            report: read(TextId::parse(&self.report_id), "text id")?,
            answer: self.answer_id.map(|id| read(TextId::parse(&id), "text id")).transpose()?,
        })
    }
}

/// A report that comes in.
pub struct NewDispute<'a> {
    /// Its id.
    pub id: &'a DisputeId,
    /// Who reports.
    pub side: Side,
    /// What about.
    pub kind: DisputeKind,
    /// The physician, and their account, with which the texts go.
    pub member: (&'a MemberId, &'a AccountId),
    /// The company.
    pub company: &'a CompanyId,
    /// The opening.
    pub opening: Option<&'a OpeningId>,
    /// The introduction.
    pub introduction: Option<&'a IntroductionId>,
    /// The text's id, and the text.
    pub text: (&'a TextId, &'a str),
}

/// Keeps a report.
///
/// # Errors
/// `Taken` when this side has reported this introduction already and nothing is decided yet.
pub fn create(conn: &mut Conn, vault: &Vault, new: &NewDispute<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let ((member, account), (text_id, text)) = (new.member, new.text);
    texts::keep(conn, vault, text_id, account, text, now)?;
    diesel::insert_into(d::table)
        .values((
            d::id.eq(new.id.as_str()),
            d::side.eq(new.side.as_str()),
            d::kind.eq(new.kind.as_str()),
            d::member_id.eq(member.as_str()),
            d::company_id.eq(new.company.as_str()),
            d::opening_id.eq(new.opening.map(OpeningId::as_str)),
            d::introduction_id.eq(new.introduction.map(IntroductionId::as_str)),
            d::report_id.eq(text_id.as_str()),
            d::opened_at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Keeps the other side's answer; `false` when there is one, or it is decided.
///
/// # Errors
/// Database errors only.
pub fn answer(
    conn: &mut Conn,
    vault: &Vault,
    of: &Dispute,
    concerns: &AccountId,
    (id, text): (&TextId, &str),
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    texts::keep(conn, vault, id, concerns, text, now)?;
    let open = d::id.eq(of.id.as_str()).and(d::answer_id.is_null()).and(d::outcome.is_null());
    let values = (d::answer_id.eq(Some(id.as_str())), d::answered_at.eq(Some(at(now))));
    Ok(diesel::update(d::table.filter(open)).set(values).execute(conn)? == 1)
}

/// Keeps the decision; `false` when there is one.
///
/// # Errors
/// Database errors only.
pub fn decide(
    conn: &mut Conn,
    id: &DisputeId,
    outcome: Outcome,
    words: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let open = d::id.eq(id.as_str()).and(d::outcome.is_null());
    let values = (d::outcome.eq(Some(outcome.as_str())), d::words.eq(Some(words)), d::decided_at.eq(Some(at(now))));
    Ok(diesel::update(d::table.filter(open)).set(values).execute(conn)? == 1)
}

/// What one side wrote; nothing when it has not.
///
/// # Errors
/// `Sealed` when the master key does not fit.
pub fn text_of(
    conn: &mut Conn,
    vault: &Vault,
    of: &Dispute,
    side: Side,
) -> Result<Option<Zeroizing<String>>, StoreError> {
    let id = if side == of.side { Some(&of.report) } else { of.answer.as_ref() };
    id.map(|id| texts::open(conn, vault, id)).transpose()
}

/// Finds a dispute, for an admin.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, id: &DisputeId) -> Result<Dispute, StoreError> {
    d::table.filter(d::id.eq(id.as_str())).select(Row::as_select()).first(conn)?.dispute()
}

/// Finds a dispute that a member may see: reported by them, or about an introduction of theirs.
///
/// # Errors
/// `NotFound`.
pub fn find_of_member(conn: &mut Conn, member: &MemberId, id: &DisputeId) -> Result<Dispute, StoreError> {
    d::table
        .filter(d::id.eq(id.as_str()).and(d::member_id.eq(member.as_str())))
        .select(Row::as_select())
        .first(conn)?
        .dispute()
}

/// Finds a dispute that a company may see: about an introduction it was given.
///
/// # Errors
/// `NotFound`.
pub fn find_of_company(conn: &mut Conn, company: &CompanyId, id: &DisputeId) -> Result<Dispute, StoreError> {
    let seen = d::company_id.eq(company.as_str()).and(d::introduction_id.is_not_null());
    d::table.filter(d::id.eq(id.as_str()).and(seen)).select(Row::as_select()).first(conn)?.dispute()
}

/// The disputes a member may see, newest first.
///
/// # Errors
/// Database errors only.
pub fn of_member(conn: &mut Conn, member: &MemberId) -> Result<Vec<Dispute>, StoreError> {
    load(
        d::table
            .filter(d::member_id.eq(member.as_str()))
            .order((d::opened_at.desc(), d::id))
            .select(Row::as_select())
            .load(conn)?,
    )
}

/// The disputes a company may see, newest first.
///
/// # Errors
/// Database errors only.
pub fn of_company(conn: &mut Conn, company: &CompanyId) -> Result<Vec<Dispute>, StoreError> {
    load(
        d::table
            .filter(d::company_id.eq(company.as_str()).and(d::introduction_id.is_not_null()))
            .order((d::opened_at.desc(), d::id))
            .select(Row::as_select())
            .load(conn)?,
    )
}

/// What waits for a decision, longest first.
///
/// # Errors
/// Database errors only.
pub fn waiting(conn: &mut Conn, most: i64) -> Result<Vec<Dispute>, StoreError> {
    let open = d::table.filter(d::outcome.is_null());
    load(open.order((d::opened_at, d::id)).limit(most).select(Row::as_select()).load(conn)?)
}

/// How many wait for a decision.
///
/// # Errors
/// Database errors only.
pub fn count_waiting(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(d::table.filter(d::outcome.is_null()).count().get_result(conn)?)
}

fn load(rows: Vec<Row>) -> Result<Vec<Dispute>, StoreError> {
    rows.into_iter().map(Row::dispute).collect()
}
