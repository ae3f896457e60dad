//! Fills the product's tables with the made-up members, in one transaction.

use std::path::Path;

use chrono::{DateTime, Utc};
use domain::profile::Profile;
use domain::standing::MemberStanding;
use rusqlite::{CachedStatement, Connection, ToSql, Transaction};
use uuid::Uuid;

use crate::generate::{Generator, Member, in_parallel, now};

/// Members made at once.
const CHUNK: u32 = 20_000;
/// For filling only; the product opens the file with its own.
const SETTINGS: &str = "PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; PRAGMA foreign_keys = OFF;";

/// Fills a file that has its tables.
///
/// # Panics
/// When it cannot be written.
pub(super) fn fill(file: &Path, made: &Generator, n: u32) {
    let mut conn = Connection::open(file).expect("the product's file");
    conn.execute_batch(SETTINGS).expect("the settings");
    conn.set_prepared_statement_cache_capacity(64);
    let filling = conn.transaction().expect("a transaction");
    for (number, company) in made.world().companies.iter().enumerate() {
        let (slug, at) = (format!("company-{number}"), time(now()));
        row(
            &filling,
            "companies (id, slug, name, website, about, standing, created_at)",
            &[&company.as_str(), &slug, &slug, &"", &"", &"approved", &at],
        );
    }
    for from in (0..n).step_by(CHUNK as usize) {
        let members = in_parallel(CHUNK.min(n - from), |pid| made.member(from + pid));
        for (pid, member) in (from..).zip(&members) {
            put(&filling, pid, member);
        }
    }
    filling.commit().expect("the rows are committed");
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE;").expect("the file is tidied");
}

/// Ids are random in the product, so members who joined together do not stand together.
fn id(pid: u32, stream: u64) -> String {
    let mix = |n: u64| {
        let n = (n ^ n >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (n ^ n >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    };
    let high = mix(u64::from(pid) << 8 | stream);
    Uuid::from_u64_pair(high, mix(high ^ u64::from(pid))).to_string()
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

fn put(to: &Transaction<'_>, pid: u32, member: &Member) {
    let who = &member.candidate;
    let (id, account, at) = (id(pid, 1), id(pid, 2), time(who.confirmed_at));
    let approved = (who.standing == MemberStanding::Active).then_some(&at);
    row(to, "accounts (id, role, created_at)", &[&account, &"member", &at]);
    row(
        to,
        "members (number, id, account_id, standing, joined_by, joined_at, approved_at, time_zone, permission_epoch, \
         alerts_email, admin_outreach, anonymous_counts, profile_saved_at)",
        &[
            &pid,
            &id,
            &account,
            &who.standing.as_str(),
            &"import",
            &at,
            &approved,
            &"America/Los_Angeles",
            &1,
            &member.permitted,
            &false,
            &false,
            &at,
        ],
    );
    put_profile(to, &id, &who.profile);
    for company in &who.blocked {
        row(to, "member_blocks (member_id, company_id, at)", &[&id, &company.as_str(), &at]);
    }
}

fn put_profile(to: &Transaction<'_>, id: &str, profile: &Profile) {
    row(
        to,
        "profiles (member_id, provider_class, remote, languages, years, provider_note)",
        &[&id, &profile.provider_class.as_str(), &profile.remote, &profile.languages.join("|"), &profile.years, &""],
    );
    for (n, s) in profile.specialties.iter().enumerate() {
        row(
            to,
            "profile_specialties (member_id, specialty, position, is_primary, board_certified)",
            &[&id, &s.specialty.slug(), &(n as u32), &s.primary, &s.board_certified],
        );
    }
    for (n, l) in profile.licences.iter().enumerate() {
        let expires = l.expires_on.map(|day| day.to_string());
        row(
            to,
            "profile_licences (member_id, position, state, kind, expires_on)",
            &[&id, &(n as u32), &l.state.code(), &l.kind.as_str(), &expires],
        );
    }
    for c in &profile.certifications {
        let expires = c.expires_on.map(|day| day.to_string());
        row(
            to,
            "profile_certifications (member_id, certification, status, expires_on, steps)",
            &[&id, &c.key, &c.status.as_str(), &expires, &"{}"],
        );
    }
    // A market stands once for each member; of two bases there the wider one says all.
    let mut bases: Vec<_> = profile.bases.iter().enumerate().collect();
    bases.sort_by_key(|(n, base)| (base.market.number(), std::cmp::Reverse(base.radius_miles), *n));
    bases.dedup_by_key(|(_, base)| base.market.number());
    for (n, base) in bases {
        row(
            to,
            "profile_bases (member_id, market, position, radius_miles)",
            &[&id, &base.market.slug(), &(n as u32), &base.radius_miles],
        );
    }
    for (n, market) in profile.markets.iter().enumerate() {
        row(to, "profile_markets (member_id, market, position)", &[&id, &market.slug(), &(n as u32)]);
    }
    for kind in &profile.interests {
        row(to, "profile_interests (member_id, kind)", &[&id, &kind.as_str()]);
    }
    for min in &profile.min_pay {
        row(
            to,
            "profile_min_pay (member_id, kind, basis, cents)",
            &[&id, &min.kind.as_str(), &min.basis.as_str(), &min.cents],
        );
    }
}

/// One row; its statement is kept by its text.
fn row(to: &Transaction<'_>, columns: &'static str, values: &[&dyn ToSql]) {
    let places = vec!["?"; values.len()].join(",");
    let sql = format!("INSERT INTO {columns} VALUES ({places})");
    let mut insert: CachedStatement<'_> = to.prepare_cached(&sql).expect("an insert SQLite knows");
    insert.execute(values).expect("a row goes in");
}
