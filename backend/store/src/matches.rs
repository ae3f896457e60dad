//! Matches with their reasons.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::eligibility::Reason;
use domain::introduction::IntroductionState;
use domain::matching::MatchState;
use domain::opening::{CONFIRMATION_PERIOD, OpeningStatus};
use domain::standing::MemberStanding;
use domain::{MatchId, MemberId, OpeningId};

use crate::error::read;
use crate::schema::{introductions as i, matches as m, members as mb, openings as o};
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A stored match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Its id.
    pub id: MatchId,
    /// Who.
    pub member: MemberId,
    /// Which opening.
    pub opening: OpeningId,
    /// In which revision.
    pub revision: i32,
    /// State.
    pub state: MatchState,
    /// Points.
    pub score: i32,
    /// All nine reasons.
    pub reasons: Vec<Reason>,
    /// The place that fits, in words.
    pub place: String,
    /// Miles from the nearest base.
    pub miles: i32,
    /// When it was found.
    pub matched_at: DateTime<Utc>,
    /// When the member said no.
    pub declined_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = m)]
struct Row {
    id: String,
    member_id: String,
    opening_id: String,
    opening_revision: i32,
    state: String,
    score: i32,
    reasons: String,
    place: String,
    miles: i32,
    matched_at: Time,
    declined_at: Option<Time>,
}

impl Row {
    fn found(self) -> Result<Match, StoreError> {
        Ok(Match {
            id: read(MatchId::parse(&self.id), "match id")?,
            member: read(MemberId::parse(&self.member_id), "member id")?,
            opening: read(OpeningId::parse(&self.opening_id), "opening id")?,
            revision: self.opening_revision,
            state: read(MatchState::parse(&self.state), "match state")?,
            score: self.score,
            reasons: serde_json::from_str(&self.reasons).map_err(|_| StoreError::Corrupt("match reasons"))?,
            place: self.place,
            miles: self.miles,
            matched_at: utc(self.matched_at),
            declined_at: self.declined_at.map(utc),
        })
    }
}

/// Stores a match unless this member has one for this revision; `true` when it is new.
///
/// # Errors
/// Database errors only.
pub fn add(conn: &mut Conn, found: &Match) -> Result<bool, StoreError> {
    let there: i64 = m::table
        .filter(
            m::member_id
                .eq(found.member.as_str())
                .and(m::opening_id.eq(found.opening.as_str()))
                .and(m::opening_revision.eq(found.revision)),
        )
        .count()
        .get_result(conn)?;
    if there > 0 {
        return Ok(false);
    }
    let reasons = serde_json::to_string(&found.reasons).map_err(|_| StoreError::Corrupt("match reasons"))?;
    diesel::insert_into(m::table)
        .values((
            m::id.eq(found.id.as_str()),
            m::member_id.eq(found.member.as_str()),
            m::opening_id.eq(found.opening.as_str()),
            m::opening_revision.eq(found.revision),
            m::state.eq(found.state.as_str()),
            m::score.eq(found.score),
            m::reasons.eq(reasons),
            m::place.eq(&found.place),
            m::miles.eq(found.miles),
            m::matched_at.eq(at(found.matched_at)),
        ))
        .execute(conn)?;
    Ok(true)
}

/// Finds a match.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, id: &MatchId) -> Result<Match, StoreError> {
    m::table.filter(m::id.eq(id.as_str())).select(Row::as_select()).first(conn)?.found()
}

/// The match of a member and a revision of an opening.
///
/// # Errors
/// `NotFound`.
pub fn of_pair(conn: &mut Conn, member: &MemberId, opening: &OpeningId, revision: i32) -> Result<Match, StoreError> {
    m::table
        .filter(
            m::member_id
                .eq(member.as_str())
                .and(m::opening_id.eq(opening.as_str()))
                .and(m::opening_revision.eq(revision)),
        )
        .select(Row::as_select())
        .first(conn)?
        .found()
}

/// The states a member is shown: a held match waits for an admin, a dropped one is out.
const SHOWN: [&str; 2] = [MatchState::Proposed.as_str(), MatchState::Released.as_str()];

/// What a member sees: matches of current revisions that are neither held nor dropped, best first. With `declined` those
/// the member said no to instead.
///
/// # Errors
/// Database errors only.
pub fn of_member(conn: &mut Conn, member: &MemberId, declined: bool, most: i64) -> Result<Vec<Match>, StoreError> {
    let mut query = m::table
        .inner_join(o::table.on(o::id.eq(m::opening_id).and(o::revision.eq(m::opening_revision))))
        .filter(m::member_id.eq(member.as_str()))
        .order((m::score.desc(), m::matched_at.desc(), m::id))
        .limit(most)
        .select(Row::as_select())
        .into_boxed();
    query = if declined {
        query.filter(m::declined_at.is_not_null())
    } else {
        query.filter(m::declined_at.is_null().and(m::state.eq_any(SHOWN)))
    };
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Row::found).collect()
}

/// Matches in a state, oldest first; of one opening or of all.
///
/// # Errors
/// Database errors only.
pub fn in_state(
    conn: &mut Conn,
    state: MatchState,
    opening: Option<&OpeningId>,
    most: i64,
) -> Result<Vec<Match>, StoreError> {
    let mut query = m::table
        .filter(m::state.eq(state.as_str()))
        .order((m::opening_id, m::score.desc(), m::id))
        .limit(most)
        .select(Row::as_select())
        .into_boxed();
    if let Some(opening) = opening {
        query = query.filter(m::opening_id.eq(opening.as_str()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Row::found).collect()
}

/// The active members whom a revision of an opening fits, whose match nobody held or took out, and who let admins write to
/// them; by id.
///
/// # Errors
/// Database errors only.
pub fn open_to_outreach(conn: &mut Conn, opening: &OpeningId, revision: i32) -> Result<Vec<MemberId>, StoreError> {
    let ids: Vec<String> = m::table
        .inner_join(mb::table.on(mb::id.eq(m::member_id)))
        .filter(
            m::opening_id
                .eq(opening.as_str())
                .and(m::opening_revision.eq(revision))
                .and(m::state.eq_any(SHOWN))
                .and(m::declined_at.is_null())
                .and(mb::admin_outreach.eq(true))
                .and(mb::standing.eq(MemberStanding::Active.as_str())),
        )
        .order(m::member_id)
        .select(m::member_id)
        .load(conn)?;
    ids.iter().map(|id| read(MemberId::parse(id), "member id")).collect()
}

/// How many matches wait, and since when, by opening.
///
/// # Errors
/// Database errors only.
pub fn waiting(conn: &mut Conn) -> Result<Vec<(OpeningId, i64, DateTime<Utc>)>, StoreError> {
    let rows: Vec<(String, i64, Option<Time>)> = m::table
        .filter(m::state.eq(MatchState::Held.as_str()))
        .group_by(m::opening_id)
        .select((m::opening_id, diesel::dsl::count_star(), diesel::dsl::min(m::matched_at)))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, n, since)| Ok((read(OpeningId::parse(&id), "opening id")?, n, utc(read(since, "match time")?))))
        .collect()
}

/// Moves a match to a state.
///
/// # Errors
/// `NotFound`.
pub fn set_state(conn: &mut Conn, id: &MatchId, state: MatchState) -> Result<(), StoreError> {
    let done = diesel::update(m::table.filter(m::id.eq(id.as_str()))).set(m::state.eq(state.as_str())).execute(conn)?;
    if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Renews the reasons of a match that still fits.
///
/// # Errors
/// Database errors only.
pub fn set_fit(
    conn: &mut Conn,
    id: &MatchId,
    score: i32,
    reasons: &[Reason],
    place: &str,
    miles: i32,
) -> Result<(), StoreError> {
    let reasons = serde_json::to_string(reasons).map_err(|_| StoreError::Corrupt("match reasons"))?;
    diesel::update(m::table.filter(m::id.eq(id.as_str())))
        .set((m::score.eq(score), m::reasons.eq(reasons), m::place.eq(place), m::miles.eq(miles)))
        .execute(conn)?;
    Ok(())
}

/// Notes a member's no.
///
/// # Errors
/// `NotFound` when it is not the member's.
pub fn decline(conn: &mut Conn, member: &MemberId, id: &MatchId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let done = diesel::update(m::table.filter(m::id.eq(id.as_str()).and(m::member_id.eq(member.as_str()))))
        .set((m::declined_at.eq(Some(at(now))), m::state.eq(MatchState::Dropped.as_str())))
        .execute(conn)?;
    if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Every match of a member, whatever its state.
///
/// # Errors
/// Database errors only.
pub fn all_of_member(conn: &mut Conn, member: &MemberId, most: i64) -> Result<Vec<Match>, StoreError> {
    let rows: Vec<Row> = m::table
        .filter(m::member_id.eq(member.as_str()))
        .order(m::matched_at.desc())
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::found).collect()
}

/// How many matches are in a state.
///
/// # Errors
/// Database errors only.
pub fn count(conn: &mut Conn, state: MatchState) -> Result<i64, StoreError> {
    Ok(m::table.filter(m::state.eq(state.as_str())).count().get_result(conn)?)
}

/// How many matches wait for a member's answer: current revisions of live openings, without a no, and without a yes in
/// force.
/// The badge of the navigation and nothing more: what is shown or sent asks `Liveness::is_live` of the row itself.
///
/// # Errors
/// Database errors only.
pub fn count_open(conn: &mut Conn, member: &MemberId, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let said_yes = i::table
        .filter(
            i::member_id
                .eq(member.as_str())
                .and(i::state.eq(IntroductionState::Active.as_str()))
                .and(i::expires_at.gt(at(now))),
        )
        .select(i::opening_id);
    Ok(m::table
        .inner_join(o::table.on(o::id.eq(m::opening_id).and(o::revision.eq(m::opening_revision))))
        .filter(
            m::member_id
                .eq(member.as_str())
                .and(m::declined_at.is_null())
                .and(m::state.eq_any(SHOWN))
                .and(o::status.eq(OpeningStatus::Approved.as_str()))
                .and(o::closes_on.ge(now.date_naive()))
                .and(o::confirmed_at.gt(at(now - CONFIRMATION_PERIOD)))
                .and(m::opening_id.ne_all(said_yes)),
        )
        .count()
        .get_result(conn)?)
}
