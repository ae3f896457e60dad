//! Introductions: a member's yes for one opening. Every move writes the ledger in the same transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::contact::ContactField;
use domain::introduction::{IntroductionEvent, IntroductionState, Stage, VoidCause, next_state, state_at};
use domain::{AccountId, CompanyId, IntroductionId, LedgerId, MemberId, OpeningId};

use crate::changes::stand_in_line;
use crate::companies::Seat;
use crate::contacts::ContactGrant;
use crate::error::read;
use crate::ledger::{self, Entry, LedgerKind, join_fields, split_fields};
use crate::schema::{introductions as i, members as m};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// An introduction without contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// Its id.
    pub id: IntroductionId,
    /// Who said yes.
    pub member: MemberId,
    /// To which opening.
    pub opening: OpeningId,
    /// In which revision.
    pub revision: i32,
    /// To whom.
    pub company: CompanyId,
    /// What may be seen.
    pub fields: Vec<ContactField>,
    /// State as stored; see `state_at`.
    pub stored_state: IntroductionState,
    /// Why, when the rules ended it.
    pub void_cause: Option<VoidCause>,
    /// How far the company is.
    pub stage: Stage,
    /// When the yes was given.
    pub created_at: DateTime<Utc>,
    /// When it runs out.
    pub expires_at: DateTime<Utc>,
}

impl Introduction {
    /// The state as it counts now.
    #[must_use]
    pub fn state_at(&self, now: DateTime<Utc>) -> IntroductionState {
        state_at(self.stored_state, self.expires_at, now)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = i)]
struct Row {
    id: String,
    member_id: String,
    opening_id: String,
    opening_revision: i32,
    company_id: String,
    fields: String,
    state: String,
    void_cause: Option<String>,
    stage: String,
    created_at: Time,
    expires_at: Time,
}

impl Row {
    fn introduction(self) -> Result<Introduction, StoreError> {
        Ok(Introduction {
            id: read(IntroductionId::parse(&self.id), "introduction id")?,
            member: read(MemberId::parse(&self.member_id), "member id")?,
            opening: read(OpeningId::parse(&self.opening_id), "opening id")?,
            revision: self.opening_revision,
            company: read(CompanyId::parse(&self.company_id), "company id")?,
            fields: split_fields(&self.fields)?,
            stored_state: read(IntroductionState::parse(&self.state), "introduction state")?,
            void_cause: self.void_cause.map(|c| read(VoidCause::parse(&c), "void cause")).transpose()?,
            stage: read(Stage::parse(&self.stage), "stage")?,
            created_at: utc(self.created_at),
            expires_at: utc(self.expires_at),
        })
    }
}

/// The text the member agreed to.
pub struct AgreedText<'a> {
    /// Its version.
    pub version: &'a str,
    /// SHA-256 of the words shown, in hex.
    pub sha256: &'a str,
}

/// Records a yes and its ledger entry.
///
/// # Errors
/// `Taken` when one is active for this opening already.
pub fn create(
    conn: &mut Conn,
    new: &Introduction,
    text: &AgreedText<'_>,
    ledger_id: LedgerId,
) -> Result<(), StoreError> {
    // Before any row is locked: who waits in line must not hold what the one in front may need.
    stand_in_line(conn)?;
    diesel::insert_into(i::table)
        .values((
            i::id.eq(new.id.as_str()),
            i::member_id.eq(new.member.as_str()),
            i::opening_id.eq(new.opening.as_str()),
            i::opening_revision.eq(new.revision),
            i::company_id.eq(new.company.as_str()),
            i::fields.eq(join_fields(&new.fields)),
            i::text_version.eq(text.version),
            i::text_sha256.eq(text.sha256),
            i::state.eq(IntroductionState::Active.as_str()),
            i::stage.eq(new.stage.as_str()),
            i::created_at.eq(at(new.created_at)),
            i::expires_at.eq(at(new.expires_at)),
        ))
        .execute(conn)?;
    ledger::append(conn, &entry(new, LedgerKind::Introduction, ledger_id, new.created_at))
}

fn entry(of: &Introduction, kind: LedgerKind, id: LedgerId, now: DateTime<Utc>) -> Entry {
    Entry {
        id,
        kind,
        member: of.member.clone(),
        introduction: Some(of.id.clone()),
        opening: Some(of.opening.clone()),
        company: Some(of.company.clone()),
        seat: None,
        fields: of.fields.clone(),
        detail: None,
        at: now,
    }
}

/// Ends an introduction and records it; `false` when it was over already.
///
/// # Errors
/// Database errors only.
pub fn end(
    conn: &mut Conn,
    of: &Introduction,
    event: IntroductionEvent,
    ledger_id: LedgerId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Some(to) = next_state(of.stored_state, event) else {
        return Ok(false);
    };
    let (kind, cause) = match event {
        IntroductionEvent::Revoke => (LedgerKind::Revocation, None),
        IntroductionEvent::Void(cause) => (LedgerKind::Void, Some(cause)),
        IntroductionEvent::Expire => (LedgerKind::Expiry, None),
    };
    stand_in_line(conn)?;
    let done =
        diesel::update(i::table.filter(i::id.eq(of.id.as_str()).and(i::state.eq(IntroductionState::Active.as_str()))))
            .set((
                i::state.eq(to.as_str()),
                i::void_cause.eq(cause.map(VoidCause::as_str)),
                i::ended_at.eq(Some(at(now))),
            ))
            .execute(conn)?;
    if done == 0 {
        return Ok(false);
    }
    let mut entry = entry(of, kind, ledger_id, now);
    entry.detail = cause.map(|c| c.as_str().to_owned());
    ledger::append(conn, &entry)?;
    Ok(true)
}

/// What a look at an introduction comes to.
pub enum Redeemed<'tx> {
    /// Live: the look is in the ledger, and the grant gives the contact once.
    Live(ContactGrant<'tx>),
    /// Over.
    Over(IntroductionState),
}

/// Keeps an introduction from ending before the caller's transaction does; `false` when its row says that it is over.
///
/// # Errors
/// Database errors only.
pub fn hold(conn: &mut Conn, id: &IntroductionId) -> Result<bool, StoreError> {
    let active = i::state.eq(IntroductionState::Active.as_str());
    // A write that changes nothing is a lock on both databases.
    Ok(diesel::update(i::table.filter(i::id.eq(id.as_str()).and(active))).set(active).execute(conn)? == 1)
}

/// Redeems a look: reads the row again in this transaction, writes the view into the ledger and gives the grant.
///
/// # Errors
/// Database errors only; whose it is was decided by `find_of_company`.
pub fn redeem<'tx>(
    conn: &'tx mut Conn,
    of: &Introduction,
    seat: &Seat,
    ledger_id: LedgerId,
    now: DateTime<Utc>,
) -> Result<Redeemed<'tx>, StoreError> {
    let fresh = find_of_company(conn, &seat.company, &of.id)?;
    let state = fresh.state_at(now);
    if state != IntroductionState::Active {
        return Ok(Redeemed::Over(state));
    }
    let account: String = m::table.filter(m::id.eq(fresh.member.as_str())).select(m::account_id).first(conn)?;
    let mut view = entry(&fresh, LedgerKind::View, ledger_id, now);
    view.seat = Some(seat.id.clone());
    ledger::append(conn, &view)?;
    Ok(Redeemed::Live(ContactGrant {
        conn,
        introduction: fresh.id,
        account: read(AccountId::parse(&account), "account id")?,
        fields: fresh.fields,
    }))
}

/// The grant for the member's own look at what the company gets; the caller records it as theirs. Nothing goes into the
/// ledger, whose views are those of companies.
///
/// # Errors
/// Database errors only; whose it is was decided by `find_of_member`.
pub fn redeem_own<'tx>(
    conn: &'tx mut Conn,
    of: &Introduction,
    now: DateTime<Utc>,
) -> Result<Redeemed<'tx>, StoreError> {
    let fresh = find_of_member(conn, &of.member, &of.id)?;
    let state = fresh.state_at(now);
    if state != IntroductionState::Active {
        return Ok(Redeemed::Over(state));
    }
    let account: String = m::table.filter(m::id.eq(fresh.member.as_str())).select(m::account_id).first(conn)?;
    let account = read(AccountId::parse(&account), "account id")?;
    Ok(Redeemed::Live(ContactGrant { conn, introduction: fresh.id, account, fields: fresh.fields }))
}

/// Finds an introduction of a member.
///
/// # Errors
/// `NotFound`.
pub fn find_of_member(conn: &mut Conn, member: &MemberId, id: &IntroductionId) -> Result<Introduction, StoreError> {
    i::table
        .filter(i::id.eq(id.as_str()).and(i::member_id.eq(member.as_str())))
        .select(Row::as_select())
        .first(conn)?
        .introduction()
}

/// Finds an introduction given to a company.
///
/// # Errors
/// `NotFound`.
pub fn find_of_company(conn: &mut Conn, company: &CompanyId, id: &IntroductionId) -> Result<Introduction, StoreError> {
    i::table
        .filter(i::id.eq(id.as_str()).and(i::company_id.eq(company.as_str())))
        .select(Row::as_select())
        .first(conn)?
        .introduction()
}

/// A member's introductions, newest first.
///
/// # Errors
/// Database errors only.
pub fn of_member(conn: &mut Conn, member: &MemberId) -> Result<Vec<Introduction>, StoreError> {
    load(
        i::table
            .filter(i::member_id.eq(member.as_str()))
            .order(i::created_at.desc())
            .select(Row::as_select())
            .load(conn)?,
    )
}

/// A company's introductions, newest first.
///
/// # Errors
/// Database errors only.
pub fn of_company(conn: &mut Conn, company: &CompanyId) -> Result<Vec<Introduction>, StoreError> {
    load(
        i::table
            .filter(i::company_id.eq(company.as_str()))
            .order(i::created_at.desc())
            .select(Row::as_select())
            .load(conn)?,
    )
}

/// The active introductions of an opening.
///
/// # Errors
/// Database errors only.
pub fn active_of_opening(conn: &mut Conn, opening: &OpeningId) -> Result<Vec<Introduction>, StoreError> {
    let active = IntroductionState::Active.as_str();
    load(
        i::table
            .filter(i::opening_id.eq(opening.as_str()).and(i::state.eq(active)))
            .select(Row::as_select())
            .load(conn)?,
    )
}

/// The active introductions of a company.
///
/// # Errors
/// Database errors only.
pub fn active_of_company(conn: &mut Conn, company: &CompanyId) -> Result<Vec<Introduction>, StoreError> {
    let active = IntroductionState::Active.as_str();
    load(
        i::table
            .filter(i::company_id.eq(company.as_str()).and(i::state.eq(active)))
            .select(Row::as_select())
            .load(conn)?,
    )
}

/// The introductions whose rows still say active though their time ran out.
///
/// # Errors
/// Database errors only.
pub fn run_out(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<Introduction>, StoreError> {
    let active = IntroductionState::Active.as_str();
    load(
        i::table
            .filter(i::state.eq(active).and(i::expires_at.le(at(now))))
            .limit(500)
            .select(Row::as_select())
            .load(conn)?,
    )
}

/// The version and the hash (SHA-256, hex) of the words a member agreed to.
///
/// # Errors
/// `NotFound`.
pub fn agreed_text(conn: &mut Conn, id: &IntroductionId) -> Result<(String, String), StoreError> {
    Ok(i::table.filter(i::id.eq(id.as_str())).select((i::text_version, i::text_sha256)).first(conn)?)
}

fn load(rows: Vec<Row>) -> Result<Vec<Introduction>, StoreError> {
    rows.into_iter().map(Row::introduction).collect()
}

/// Sets how far the company is.
///
/// # Errors
/// Database errors only.
pub fn set_stage(conn: &mut Conn, id: &IntroductionId, stage: Stage) -> Result<(), StoreError> {
    diesel::update(i::table.filter(i::id.eq(id.as_str()))).set(i::stage.eq(stage.as_str())).execute(conn)?;
    Ok(())
}
