//! Profiles: the member's criteria in their tables.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::candidate::Candidate;
use domain::pay::{MinPay, PayBasis};
use domain::place::{Market, State};
use domain::profile::{
    Base, CertificationStatus, HeldCertification, HeldSpecialty, Licence, LicenceKind, Profile, ProviderClass,
};
use domain::specialty::Specialty;
use domain::{CompanyId, Kind, MemberId};

use crate::changes::{self, Changed};
use crate::error::read;
use crate::members::Member;
use crate::schema::{
    member_blocks as mb, members as m, profile_bases as pb, profile_certifications as pc, profile_interests as pi,
    profile_licences as pl, profile_markets as pm, profile_min_pay as pp, profile_specialties as ps, profiles as p,
};
use crate::time::at;
use crate::{Conn, StoreError};

/// The rows of a table that `Which` names.
macro_rules! rows_of {
    ($table:ident, $which:expr) => {{
        let all = $table::table.into_boxed();
        match $which {
            Which::Ids(ids) => all.filter($table::member_id.eq_any(ids)),
            Which::Between(after, to) => all.filter($table::member_id.gt(after).and($table::member_id.le(to))),
        }
    }};
}

/// Replaces a member's whole profile.
///
/// # Errors
/// Database errors only.
pub fn put(conn: &mut Conn, member: &MemberId, profile: &Profile, now: DateTime<Utc>) -> Result<(), StoreError> {
    let id = member.as_str();
    // The child rows go with their parent.
    diesel::delete(p::table.filter(p::member_id.eq(id))).execute(conn)?;
    diesel::insert_into(p::table)
        .values((
            p::member_id.eq(id),
            p::provider_class.eq(profile.provider_class.as_str()),
            p::remote.eq(profile.remote),
            p::languages.eq(profile.languages.join("|")),
            p::years.eq(profile.years.map(i16::from)),
            p::provider_note.eq(&profile.provider_note),
        ))
        .execute(conn)?;
    put_credentials(conn, id, profile)?;
    put_wishes(conn, id, profile)?;
    diesel::update(m::table.filter(m::id.eq(id))).set(m::profile_saved_at.eq(Some(at(now)))).execute(conn)?;
    changes::append(conn, &Changed::Member(member.clone()), now)
}

fn place_in(list: usize) -> i16 {
    i16::try_from(list).unwrap_or(i16::MAX)
}

fn put_credentials(conn: &mut Conn, id: &str, profile: &Profile) -> Result<(), StoreError> {
    for (i, s) in profile.specialties.iter().enumerate() {
        diesel::insert_into(ps::table)
            .values((
                ps::member_id.eq(id),
                ps::specialty.eq(s.specialty.slug()),
                ps::position.eq(place_in(i)),
                ps::is_primary.eq(s.primary),
                ps::board_certified.eq(s.board_certified),
            ))
            .execute(conn)?;
    }
    for (i, l) in profile.licences.iter().enumerate() {
        diesel::insert_into(pl::table)
            .values((
                pl::member_id.eq(id),
                pl::position.eq(place_in(i)),
                pl::state.eq(l.state.code()),
                pl::kind.eq(l.kind.as_str()),
                pl::expires_on.eq(l.expires_on),
            ))
            .execute(conn)?;
    }
    for c in &profile.certifications {
        let steps = serde_json::to_string(&c.steps).map_err(|_| StoreError::Corrupt("certification steps"))?;
        diesel::insert_into(pc::table)
            .values((
                pc::member_id.eq(id),
                pc::certification.eq(&c.key),
                pc::status.eq(c.status.as_str()),
                pc::expires_on.eq(c.expires_on),
                pc::steps.eq(steps),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn put_wishes(conn: &mut Conn, id: &str, profile: &Profile) -> Result<(), StoreError> {
    for (i, b) in profile.bases.iter().enumerate() {
        diesel::insert_into(pb::table)
            .values((
                pb::member_id.eq(id),
                pb::market.eq(b.market.slug()),
                pb::position.eq(place_in(i)),
                pb::radius_miles.eq(i32::from(b.radius_miles)),
            ))
            .execute(conn)?;
    }
    for (i, market) in profile.markets.iter().enumerate() {
        diesel::insert_into(pm::table)
            .values((pm::member_id.eq(id), pm::market.eq(market.slug()), pm::position.eq(place_in(i))))
            .execute(conn)?;
    }
    for kind in &profile.interests {
        diesel::insert_into(pi::table).values((pi::member_id.eq(id), pi::kind.eq(kind.as_str()))).execute(conn)?;
    }
    for min in &profile.min_pay {
        diesel::insert_into(pp::table)
            .values((
                pp::member_id.eq(id),
                pp::kind.eq(min.kind.as_str()),
                pp::basis.eq(min.basis.as_str()),
                pp::cents.eq(min.cents),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// A member's profile; empty when none was saved.
///
/// # Errors
/// `Corrupt` when a stored word is not in its list.
pub fn get(conn: &mut Conn, member: &MemberId) -> Result<Profile, StoreError> {
    let mut all = get_many(conn, Which::Ids(&[member.as_str()]))?;
    Ok(all.remove(member.as_str()).unwrap_or_else(Profile::empty))
}

/// These members as a check sees them, in the order given.
///
/// # Errors
/// As `get`.
pub fn candidates(conn: &mut Conn, members: &[Member]) -> Result<Vec<Candidate>, StoreError> {
    let mut all = Vec::with_capacity(members.len());
    for part in members.chunks(500) {
        let ids: Vec<&str> = part.iter().map(|m| m.id.as_str()).collect();
        all.extend(candidates_of(conn, part, Which::Ids(&ids))?);
    }
    Ok(all)
}

/// A page of members as a check sees them, from `members::after_id` with the same id to start from: read by ranges of
/// ids, which both databases do in the order of the tables.
///
/// # Errors
/// As `get`.
pub fn candidates_after(conn: &mut Conn, id: &str, page: &[Member]) -> Result<Vec<Candidate>, StoreError> {
    let Some(last) = page.last() else { return Ok(Vec::new()) };
    candidates_of(conn, page, Which::Between(id, last.id.as_str()))
}

fn candidates_of(conn: &mut Conn, members: &[Member], which: Which<'_>) -> Result<Vec<Candidate>, StoreError> {
    let mut profiles = get_many(conn, which)?;
    let blocked: Vec<(String, String)> = rows_of!(mb, which).select((mb::member_id, mb::company_id)).load(conn)?;
    let mut blocks: HashMap<String, BTreeSet<CompanyId>> = HashMap::new();
    for (member, company) in blocked {
        blocks.entry(member).or_default().insert(read(CompanyId::parse(&company), "company id")?);
    }
    let candidates = members.iter().map(|m| Candidate {
        member: m.id.clone(),
        standing: m.standing,
        profile: profiles.remove(m.id.as_str()).unwrap_or_else(Profile::empty),
        blocked: blocks.remove(m.id.as_str()).unwrap_or_default(),
        confirmed_at: m.profile_saved_at.unwrap_or(m.joined_at),
    });
    Ok(candidates.collect())
}

/// Whose rows are read.
#[derive(Clone, Copy)]
enum Which<'a> {
    /// At most 500.
    Ids(&'a [&'a str]),
    /// After the first up to the second.
    Between(&'a str, &'a str),
}

type ProfileRow = (String, String, bool, String, Option<i16>, String);

/// Loads profiles with one query for each table.
fn get_many(conn: &mut Conn, which: Which<'_>) -> Result<HashMap<String, Profile>, StoreError> {
    let rows: Vec<ProfileRow> = rows_of!(p, which)
        .select((p::member_id, p::provider_class, p::remote, p::languages, p::years, p::provider_note))
        .load(conn)?;
    let mut all = HashMap::with_capacity(rows.len());
    for (id, class, remote, languages, years, provider_note) in rows {
        let profile = Profile {
            provider_class: read(ProviderClass::parse(&class), "provider class")?,
            remote,
            languages: languages.split('|').filter(|l| !l.is_empty()).map(str::to_owned).collect(),
            years: years.and_then(|y| u8::try_from(y).ok()),
            provider_note,
            ..Profile::empty()
        };
        all.insert(id, profile);
    }
    load_credentials(conn, which, &mut all)?;
    load_wishes(conn, which, &mut all)?;
    Ok(all)
}

fn load_credentials(conn: &mut Conn, which: Which<'_>, all: &mut HashMap<String, Profile>) -> Result<(), StoreError> {
    let rows: Vec<(String, String, bool, bool)> = rows_of!(ps, which)
        .order(ps::position)
        .select((ps::member_id, ps::specialty, ps::is_primary, ps::board_certified))
        .load(conn)?;
    for (id, slug, primary, board_certified) in rows {
        let specialty = read(Specialty::parse(&slug), "specialty")?;
        if let Some(p) = all.get_mut(&id) {
            p.specialties.push(HeldSpecialty { specialty, primary, board_certified });
        }
    }
    let rows: Vec<(String, String, String, Option<NaiveDate>)> = rows_of!(pl, which)
        .order(pl::position)
        .select((pl::member_id, pl::state, pl::kind, pl::expires_on))
        .load(conn)?;
    for (id, state, kind, expires_on) in rows {
        let (state, kind) = (read(State::parse(&state), "state")?, read(LicenceKind::parse(&kind), "licence kind")?);
        if let Some(p) = all.get_mut(&id) {
            p.licences.push(Licence { state, kind, expires_on });
        }
    }
    let rows: Vec<(String, String, String, Option<NaiveDate>, String)> = rows_of!(pc, which)
        .order(pc::certification)
        .select((pc::member_id, pc::certification, pc::status, pc::expires_on, pc::steps))
        .load(conn)?;
    for (id, key, status, expires_on, steps) in rows {
        let status = read(CertificationStatus::parse(&status), "certification status")?;
        let steps: BTreeMap<String, Option<NaiveDate>> =
            serde_json::from_str(&steps).map_err(|_| StoreError::Corrupt("certification steps"))?;
        if let Some(p) = all.get_mut(&id) {
            p.certifications.push(HeldCertification { key, status, expires_on, steps });
        }
    }
    Ok(())
}

fn load_wishes(conn: &mut Conn, which: Which<'_>, all: &mut HashMap<String, Profile>) -> Result<(), StoreError> {
    let rows: Vec<(String, String, i32)> =
        rows_of!(pb, which).order(pb::position).select((pb::member_id, pb::market, pb::radius_miles)).load(conn)?;
    for (id, market, miles) in rows {
        let market = read(Market::parse(&market), "market")?;
        if let Some(p) = all.get_mut(&id) {
            p.bases.push(Base { market, radius_miles: read(u16::try_from(miles).ok(), "radius")? });
        }
    }
    let rows: Vec<(String, String)> =
        rows_of!(pm, which).order(pm::position).select((pm::member_id, pm::market)).load(conn)?;
    for (id, market) in rows {
        let market = read(Market::parse(&market), "market")?;
        if let Some(p) = all.get_mut(&id) {
            p.markets.push(market);
        }
    }
    let rows: Vec<(String, String)> = rows_of!(pi, which).select((pi::member_id, pi::kind)).load(conn)?;
    for (id, kind) in rows {
        let kind = read(Kind::parse(&kind), "kind")?;
        if let Some(p) = all.get_mut(&id) {
            p.interests.insert(kind);
        }
    }
    let rows: Vec<(String, String, String, i64)> = rows_of!(pp, which)
        .order((pp::kind, pp::basis))
        .select((pp::member_id, pp::kind, pp::basis, pp::cents))
        .load(conn)?;
    for (id, kind, basis, cents) in rows {
        let (kind, basis) = (read(Kind::parse(&kind), "kind")?, read(PayBasis::parse(&basis), "pay basis")?);
        if let Some(p) = all.get_mut(&id) {
            p.min_pay.push(MinPay { kind, basis, cents });
        }
    }
    Ok(())
}
