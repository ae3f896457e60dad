//! Openings and their revisions.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::candidate::Offer;
use domain::opening::{CONFIRMATION_PERIOD, Liveness, OpeningStatus, Terms};
use domain::standing::CompanyStanding;
use domain::{AccountId, CompanyId, OpeningId};

use crate::changes::{self, Changed};
use crate::error::read;
use crate::schema::{companies as c, opening_revisions as r, openings as o};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// An opening with what decides whether it is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: OpeningId,
    /// Whose.
    pub company: CompanyId,
    /// Company's slug.
    pub company_slug: String,
    /// Company's name.
    pub company_name: String,
    /// Grows with each material change; from 1.
    pub revision: i32,
    /// What decides whether it is live.
    pub liveness: Liveness,
    /// Terms as they stand.
    pub terms: Terms,
    /// Terms as an admin last approved them.
    pub approved_terms: Option<Terms>,
    /// An admin's reason for a return or rejection.
    pub decision_reason: Option<String>,
    /// First written.
    pub created_at: DateTime<Utc>,
    /// Last written.
    pub updated_at: DateTime<Utc>,
    /// Sent for review.
    pub submitted_at: Option<DateTime<Utc>>,
    /// First approved.
    pub published_at: Option<DateTime<Utc>>,
}

impl Opening {
    /// As a check sees it.
    #[must_use]
    pub fn offer(&self) -> Offer {
        Offer {
            opening: self.id.clone(),
            revision: self.revision,
            company: self.company.clone(),
            liveness: self.liveness,
            terms: self.terms.clone(),
        }
    }
}

#[derive(Queryable)]
struct Row {
    id: String,
    company_id: String,
    revision: i32,
    status: String,
    terms: String,
    approved_terms: Option<String>,
    closes_on: NaiveDate,
    decision_reason: Option<String>,
    created_at: Time,
    updated_at: Time,
    submitted_at: Option<Time>,
    published_at: Option<Time>,
    confirmed_at: Option<Time>,
    company_slug: String,
    company_name: String,
    company_standing: String,
}

impl Row {
    fn opening(self) -> Result<Opening, StoreError> {
        let standing = read(CompanyStanding::parse(&self.company_standing), "company standing")?;
        Ok(Opening {
            id: read(OpeningId::parse(&self.id), "opening id")?,
            company: read(CompanyId::parse(&self.company_id), "company id")?,
            company_slug: self.company_slug,
            company_name: self.company_name,
            revision: self.revision,
            liveness: Liveness {
                status: read(OpeningStatus::parse(&self.status), "opening status")?,
                closes_on: self.closes_on,
                confirmed_at: self.confirmed_at.map(utc),
                company_good: standing == CompanyStanding::Approved,
            },
            terms: restore(&self.terms)?,
            approved_terms: self.approved_terms.as_deref().map(restore).transpose()?,
            decision_reason: self.decision_reason,
            created_at: utc(self.created_at),
            updated_at: utc(self.updated_at),
            submitted_at: self.submitted_at.map(utc),
            published_at: self.published_at.map(utc),
        })
    }
}

fn restore(text: &str) -> Result<Terms, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt("opening terms"))
}

fn keep(terms: &Terms) -> Result<String, StoreError> {
    serde_json::to_string(terms).map_err(|_| StoreError::Corrupt("opening terms"))
}

#[diesel::dsl::auto_type]
fn joined() -> _ {
    o::table.inner_join(c::table.on(c::id.eq(o::company_id))).select((
        o::id,
        o::company_id,
        o::revision,
        o::status,
        o::terms,
        o::approved_terms,
        o::closes_on,
        o::decision_reason,
        o::created_at,
        o::updated_at,
        o::submitted_at,
        o::published_at,
        o::confirmed_at,
        c::slug,
        c::name,
        c::standing,
    ))
}

/// Adds a draft with revision 1.
///
/// # Errors
/// Database errors only.
pub fn create(
    conn: &mut Conn,
    id: &OpeningId,
    company: &CompanyId,
    terms: &Terms,
    by: &AccountId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let text = keep(terms)?;
    diesel::insert_into(o::table)
        .values((
            o::id.eq(id.as_str()),
            o::company_id.eq(company.as_str()),
            o::revision.eq(1),
            o::status.eq(OpeningStatus::Draft.as_str()),
            o::kind.eq(terms.kind.as_str()),
            o::title.eq(&terms.title),
            o::terms.eq(&text),
            o::closes_on.eq(terms.closes_on),
            o::created_at.eq(at(now)),
            o::updated_at.eq(at(now)),
        ))
        .execute(conn)?;
    add_revision(conn, id, 1, &text, by, now)
}

fn add_revision(
    conn: &mut Conn,
    id: &OpeningId,
    revision: i32,
    terms: &str,
    by: &AccountId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(r::table)
        .values((
            r::opening_id.eq(id.as_str()),
            r::revision.eq(revision),
            r::terms.eq(terms),
            r::by_account.eq(Some(by.as_str())),
            r::at.eq(at(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Finds an opening.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, id: &OpeningId) -> Result<Opening, StoreError> {
    joined().filter(o::id.eq(id.as_str())).first::<Row>(conn)?.opening()
}

/// Finds an opening of one company; a stranger's is `NotFound`.
///
/// # Errors
/// `NotFound`.
pub fn find_of(conn: &mut Conn, company: &CompanyId, id: &OpeningId) -> Result<Opening, StoreError> {
    joined().filter(o::id.eq(id.as_str()).and(o::company_id.eq(company.as_str()))).first::<Row>(conn)?.opening()
}

/// These openings, in the order given; unknown ids are left out.
///
/// # Errors
/// Database errors only.
pub fn find_many(conn: &mut Conn, ids: &[String]) -> Result<Vec<Opening>, StoreError> {
    let rows: Vec<Row> = joined().filter(o::id.eq_any(ids)).load(conn)?;
    let mut found = rows.into_iter().map(Row::opening).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|f| ids.iter().position(|id| id == f.id.as_str()));
    Ok(found)
}

/// The openings of a company, newest first.
///
/// # Errors
/// Database errors only.
pub fn of_company(conn: &mut Conn, company: &CompanyId) -> Result<Vec<Opening>, StoreError> {
    let rows: Vec<Row> = joined().filter(o::company_id.eq(company.as_str())).order(o::created_at.desc()).load(conn)?;
    rows.into_iter().map(Row::opening).collect()
}

/// Openings of a status, longest waiting first.
///
/// # Errors
/// Database errors only.
pub fn by_status(conn: &mut Conn, status: OpeningStatus, most: i64) -> Result<Vec<Opening>, StoreError> {
    let rows: Vec<Row> = joined()
        .filter(o::status.eq(status.as_str()))
        .order((o::submitted_at, o::created_at))
        .limit(most)
        .load(conn)?;
    rows.into_iter().map(Row::opening).collect()
}

/// Every live opening.
///
/// # Errors
/// Database errors only.
pub fn live(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<Opening>, StoreError> {
    let rows: Vec<Row> = joined()
        .filter(o::status.eq(OpeningStatus::Approved.as_str()).and(o::closes_on.ge(now.date_naive())))
        .order(o::published_at.desc())
        .load(conn)?;
    let all = rows.into_iter().map(Row::opening).collect::<Result<Vec<_>, _>>()?;
    // The database narrows; the one predicate decides.
    Ok(all.into_iter().filter(|o| o.liveness.is_live(now)).collect())
}

/// Every approved opening whose live time ended between two moments, by closing day or by confirmation.
///
/// # Errors
/// Database errors only.
pub fn lapsed_between(conn: &mut Conn, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Opening>, StoreError> {
    let rows: Vec<Row> = joined()
        .filter(o::status.eq(OpeningStatus::Approved.as_str()))
        .filter(
            (o::closes_on.ge(from.date_naive() - chrono::Duration::days(1)).and(o::closes_on.le(to.date_naive()))).or(
                o::confirmed_at
                    .ge(at(from - CONFIRMATION_PERIOD))
                    .and(o::confirmed_at.le(at(to - CONFIRMATION_PERIOD))),
            ),
        )
        .load(conn)?;
    let all = rows.into_iter().map(Row::opening).collect::<Result<Vec<_>, _>>()?;
    Ok(all.into_iter().filter(|o| !o.liveness.is_live(to)).collect())
}

/// How many openings of a company were approved before a moment.
///
/// # Errors
/// Database errors only.
pub fn approved_before(conn: &mut Conn, company: &CompanyId, moment: DateTime<Utc>) -> Result<i64, StoreError> {
    Ok(o::table
        .filter(o::company_id.eq(company.as_str()).and(o::published_at.lt(at(moment))))
        .count()
        .get_result(conn)?)
}

/// Writes new terms. With `material` the revision grows and is kept in the history. Gives the revision.
///
/// # Errors
/// `NotFound`.
pub fn set_terms(
    conn: &mut Conn,
    id: &OpeningId,
    terms: &Terms,
    material: bool,
    by: &AccountId,
    now: DateTime<Utc>,
) -> Result<i32, StoreError> {
    let text = keep(terms)?;
    let before: i32 = o::table.filter(o::id.eq(id.as_str())).select(o::revision).first(conn)?;
    let revision = if material { before + 1 } else { before };
    diesel::update(o::table.filter(o::id.eq(id.as_str())))
        .set((
            o::terms.eq(&text),
            o::kind.eq(terms.kind.as_str()),
            o::title.eq(&terms.title),
            o::closes_on.eq(terms.closes_on),
            o::revision.eq(revision),
            o::updated_at.eq(at(now)),
        ))
        .execute(conn)?;
    if material {
        add_revision(conn, id, revision, &text, by, now)?;
    } else {
        // The history has each revision as it was last, which is as people read it.
        let kept = r::table.filter(r::opening_id.eq(id.as_str()).and(r::revision.eq(revision)));
        diesel::update(kept).set(r::terms.eq(&text)).execute(conn)?;
    }
    changes::append(conn, &Changed::Opening(id.clone()), now)?;
    Ok(revision)
}

/// The terms of a revision, as they were last.
///
/// # Errors
/// `NotFound`.
pub fn terms_of(conn: &mut Conn, id: &OpeningId, revision: i32) -> Result<Terms, StoreError> {
    let kept = r::table.filter(r::opening_id.eq(id.as_str()).and(r::revision.eq(revision)));
    let text: String = kept.select(r::terms).first(conn)?;
    restore(&text)
}

/// Moves an opening to a status, with the marks that belong to it.
///
/// # Errors
/// `NotFound`.
pub fn set_status(
    conn: &mut Conn,
    id: &OpeningId,
    status: OpeningStatus,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = o::table.filter(o::id.eq(id.as_str()));
    let done = diesel::update(row)
        .set((o::status.eq(status.as_str()), o::decision_reason.eq(reason), o::updated_at.eq(at(now))))
        .execute(conn)?;
    if done == 0 {
        return Err(StoreError::NotFound);
    }
    match status {
        OpeningStatus::Submitted => {
            diesel::update(row).set(o::submitted_at.eq(Some(at(now)))).execute(conn)?;
        }
        OpeningStatus::Approved => {
            diesel::update(row)
                .set((o::confirmed_at.eq(Some(at(now))), o::approved_terms.eq(o::terms.nullable())))
                .execute(conn)?;
            diesel::update(row.filter(o::published_at.is_null()))
                .set(o::published_at.eq(Some(at(now))))
                .execute(conn)?;
        }
        OpeningStatus::Closed => {
            diesel::update(row).set(o::closed_at.eq(Some(at(now)))).execute(conn)?;
        }
        OpeningStatus::Draft | OpeningStatus::Returned | OpeningStatus::Rejected => {}
    }
    changes::append(conn, &Changed::Opening(id.clone()), now)
}

/// Notes that the company says it is still open.
///
/// # Errors
/// Database errors only.
pub fn confirm(conn: &mut Conn, id: &OpeningId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(o::table.filter(o::id.eq(id.as_str()))).set(o::confirmed_at.eq(Some(at(now)))).execute(conn)?;
    changes::append(conn, &Changed::Opening(id.clone()), now)
}

/// How many openings have a status.
///
/// # Errors
/// Database errors only.
pub fn count(conn: &mut Conn, status: OpeningStatus) -> Result<i64, StoreError> {
    Ok(o::table.filter(o::status.eq(status.as_str())).count().get_result(conn)?)
}
