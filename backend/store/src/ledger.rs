//! The disclosure ledger: appended to in the transaction of what it records, never changed. Every entry is a leaf of a
//! Merkle tree (`docs/LEDGER.md`); an entry leaves only with its member, and its leaf stays.

mod audit;
mod commitment;
pub mod tree;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::contact::ContactField;
use domain::merkle::{Growing, TreeHash};
use domain::{CompanyId, IntroductionId, LedgerId, MemberId, OpeningId, SeatId};
use serde::{Deserialize, Serialize};

use crate::changes::stand_in_line;
use crate::error::read;
use crate::schema::{ledger as l, ledger_erasures as x};
use crate::time::{Time, at, utc};
use crate::vault::random;
use crate::{Conn, StoreError};

pub use audit::{Erasure, Leaf, erasures, leaves};
pub use commitment::{Committed, VERSION};

/// What an entry records; the kinds of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// An entry with what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The entry.
    pub entry: Entry,
    /// Place of its leaf in the tree.
    pub leaf: u64,
    /// Which of the member's entries it is, from 1.
    pub number: u64,
    /// The salt of its leaf.
    pub salt: TreeHash,
}

impl Placed {
    /// What its leaf commits to.
    #[must_use]
    pub fn committed(&self) -> Committed {
        Committed::of(&self.entry, self.leaf, self.number)
    }

    /// The hash its leaf must have.
    ///
    /// # Errors
    /// Never: see `Committed::leaf_hash`.
    pub fn leaf_hash(&self) -> Result<TreeHash, StoreError> {
        self.committed().leaf_hash(&self.salt)
    }
}

/// Appends an entry and its leaf, at the end of both the table and the tree.
///
/// # Errors
/// Database errors only.
pub fn append(conn: &mut Conn, entry: &Entry) -> Result<(), StoreError> {
    stand_in_line(conn)?;
    let leaf = tree::size(conn)?;
    let last: Option<i64> =
        l::table.filter(l::member_id.eq(entry.member.as_str())).select(diesel::dsl::max(l::number)).first(conn)?;
    let number = last.unwrap_or(0) + 1;
    let salt = random::<32>()?;
    let words = Committed::of(entry, leaf, tree::place(number)?);
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
            l::position.eq(tree::column(leaf)?),
            l::number.eq(number),
            l::salt.eq(salt.to_vec()),
        ))
        .execute(conn)?;
    tree::push(conn, leaf, words.leaf_hash(&salt)?)
}

/// Erases the entries of a member who is gone; the database refuses it for one who is still there. Their leaves stay
/// and say nothing without their salts, and a leaf of its own says which they are, so that an entry that is missing for
/// any other cause shows. Says how many entries went.
///
/// # Errors
/// Database errors only.
pub fn erase(conn: &mut Conn, member: &MemberId, now: DateTime<Utc>) -> Result<usize, StoreError> {
    stand_in_line(conn)?;
    let of_member = l::table.filter(l::member_id.eq(member.as_str()));
    let positions: Vec<i64> = of_member.order(l::position).select(l::position).load(conn)?;
    if positions.is_empty() {
        return Ok(0);
    }
    diesel::delete(of_member).execute(conn)?;
    let erased: Vec<u64> = positions.into_iter().map(tree::place).collect::<Result<_, _>>()?;
    let erasure = Erasure { leaf: tree::size(conn)?, salt: random::<32>()?, erased, at: now };
    diesel::insert_into(x::table)
        .values((
            x::position.eq(tree::column(erasure.leaf)?),
            x::salt.eq(erasure.salt.to_vec()),
            x::leaves.eq(erasure.leaves_column()),
            x::at.eq(at(now)),
        ))
        .execute(conn)?;
    tree::push(conn, erasure.leaf, erasure.leaf_hash()?)?;
    Ok(erasure.erased.len())
}

/// Hashes the entries of a database of before the tree, which the migration has given their places and salts. Does
/// nothing when there is a tree. The caller opened a transaction.
///
/// # Errors
/// `Corrupt` when an entry cannot be read.
pub(crate) fn plant(conn: &mut Conn) -> Result<(), StoreError> {
    stand_in_line(conn)?;
    if tree::size(conn)? > 0 {
        return Ok(());
    }
    let mut growing = Growing::default();
    loop {
        let page = audit::leaves(conn, growing.size(), 500)?;
        if page.is_empty() {
            return Ok(());
        }
        for leaf in page {
            let placed = read(leaf.entry.filter(|placed| placed.leaf == growing.size()), "ledger entry")?;
            tree::keep(conn, &growing.push(placed.leaf_hash()?))?;
        }
    }
}

/// Fields as a column holds them.
pub(crate) fn join_fields(fields: &[ContactField]) -> String {
    fields.iter().map(|f| f.as_str()).collect::<Vec<_>>().join("|")
}

/// Fields from a column.
pub(crate) fn split_fields(text: &str) -> Result<Vec<ContactField>, StoreError> {
    text.split('|').filter(|w| !w.is_empty()).map(|w| read(ContactField::parse(w), "contact field")).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = l)]
struct Row {
    seq: i64,
    id: String,
    kind: String,
    member_id: String,
    introduction_id: Option<String>,
    opening_id: Option<String>,
    company_id: Option<String>,
    seat_id: Option<String>,
    fields: String,
    detail: Option<String>,
    at: Time,
    position: i64,
    number: i64,
    salt: Vec<u8>,
}

impl Row {
    fn entry(self) -> Result<(i64, Entry), StoreError> {
        // An id that cannot be read is not one that is absent.
        fn id<T>(text: Option<String>, parse: fn(&str) -> Option<T>) -> Result<Option<T>, StoreError> {
            text.map(|text| read(parse(&text), "id in the ledger")).transpose()
        }
        let entry = Entry {
            id: read(LedgerId::parse(&self.id), "ledger id")?,
            kind: read(LedgerKind::parse(&self.kind), "ledger kind")?,
            member: read(MemberId::parse(&self.member_id), "member id")?,
            introduction: id(self.introduction_id, IntroductionId::parse)?,
            opening: id(self.opening_id, OpeningId::parse)?,
            company: id(self.company_id, CompanyId::parse)?,
            seat: id(self.seat_id, SeatId::parse)?,
            fields: split_fields(&self.fields)?,
            detail: self.detail,
            at: utc(self.at),
        };
        Ok((self.seq, entry))
    }

    fn placed(self) -> Result<Placed, StoreError> {
        let (leaf, number) = (tree::place(self.position)?, tree::place(self.number)?);
        let salt = tree::digest(self.salt.clone())?;
        Ok(Placed { entry: self.entry()?.1, leaf, number, salt })
    }
}

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
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::entry).collect()
}

/// The entries of an introduction, oldest first.
///
/// # Errors
/// Database errors only.
pub fn of_introduction(conn: &mut Conn, introduction: &IntroductionId) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = l::table
        .filter(l::introduction_id.eq(introduction.as_str()))
        .order(l::seq)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(|row| Ok(row.entry()?.1)).collect()
}

/// A member's entries with what proves them, oldest first.
///
/// # Errors
/// `Corrupt` when an entry cannot be read.
pub fn placed_of_member(conn: &mut Conn, member: &MemberId) -> Result<Vec<Placed>, StoreError> {
    let rows: Vec<Row> =
        l::table.filter(l::member_id.eq(member.as_str())).order(l::position).select(Row::as_select()).load(conn)?;
    rows.into_iter().map(Row::placed).collect()
}

/// One entry of a member.
///
/// # Errors
/// `NotFound`; `Corrupt` when it cannot be read.
pub fn find_of_member(conn: &mut Conn, member: &MemberId, id: &LedgerId) -> Result<Entry, StoreError> {
    let row: Row = l::table
        .filter(l::member_id.eq(member.as_str()).and(l::id.eq(id.as_str())))
        .select(Row::as_select())
        .first(conn)?;
    Ok(row.entry()?.1)
}

/// The entry with which an introduction began.
///
/// # Errors
/// `NotFound`; `Corrupt` when it cannot be read.
pub fn beginning_of(conn: &mut Conn, introduction: &IntroductionId) -> Result<Placed, StoreError> {
    let row: Row = l::table
        .filter(l::introduction_id.eq(introduction.as_str()).and(l::kind.eq(LedgerKind::Introduction.as_str())))
        .order(l::position)
        .select(Row::as_select())
        .first(conn)?;
    row.placed()
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
