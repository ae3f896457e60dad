//! `check`: does the index say what the database says, do the switches follow from their log, do the keys open
//! what is sealed?

use std::collections::{BTreeMap, BTreeSet};

use domain::permission::fold;
use search_index::ProfileDoc;
use store::Conn;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::AppError;
use crate::index::may_be_matched;
use crate::server::{self, StartError};
use crate::usecases;

/// How many members are read at once.
const PAGE: i64 = 500;

/// Looks at everything and reports every fault.
///
/// # Errors
/// `StartError::Config` with the number of faults, so that the exit code is 1.
pub fn check(config: Config) -> Result<(), StartError> {
    let app = server::open(config, Clock::system(), None)?;
    while app.index.catch_up(&app.db, app.now())? {}
    let faults = app.db.read::<_, AppError>(|conn| faults(conn, &app))?;
    for fault in &faults {
        super::say(fault);
    }
    if faults.is_empty() {
        super::say("Index, permissions, sealed contacts, second factors and texts are sound.");
        return Ok(());
    }
    Err(StartError::Config(format!("{} faults found", faults.len())))
}

fn faults(conn: &mut Conn, app: &App) -> Result<Vec<String>, AppError> {
    let mut faults = Vec::new();
    let mut expected: BTreeMap<u32, u64> = BTreeMap::new();
    let mut after = String::new();
    loop {
        let members = store::members::after_id(conn, &after, PAGE)?;
        let Some(last) = members.last() else { break };
        let candidates = store::profiles::candidates_after(conn, &after, &members)?;
        after = last.id.as_str().to_owned();
        for (member, who) in members.iter().zip(&candidates) {
            let log = store::permissions::log(conn, &member.id)?;
            if fold(log.into_iter().map(|r| r.event)) != member.permissions {
                faults.push(format!("member {}: the switches do not follow from their log", member.id));
            }
            let doc = ProfileDoc::of(who);
            if may_be_matched(member) && !doc.keys.is_empty() {
                expected.extend(u32::try_from(member.number).map(|pid| (pid, doc.fingerprint())));
            }
        }
    }
    faults.extend(contact_faults(conn, app)?);
    faults.extend(second_factor_faults(conn, app)?);
    faults.extend(text_faults(conn, app)?);
    faults.extend(profile_faults(&expected, &app.index.profiles().fingerprints()?));
    faults.extend(opening_faults(conn, app)?);
    faults.extend(usecases::audit_ledger(conn, app)?);
    for number in store::changes::members_gone(conn, 0)? {
        if u32::try_from(number).is_ok_and(|pid| app.index.holds(pid).unwrap_or(true)) {
            faults.push(format!("the files of the index still hold member number {number}, who left"));
        }
    }
    Ok(faults)
}

/// Contacts that do not open with the keys there are, or do not belong to the row they stand in.
fn contact_faults(conn: &mut Conn, app: &App) -> Result<Vec<String>, AppError> {
    let (mut faults, mut after) = (Vec::new(), String::new());
    loop {
        let step = store::contacts::verify(conn, &app.vault, &after, PAGE)?;
        let fault = |id| format!("account {id}: the sealed contact does not open, or is not this account's");
        faults.extend(step.damaged.iter().map(fault));
        let Some(next) = step.next else { return Ok(faults) };
        after = next;
    }
}

/// Second factors that do not open with the keys there are, or are not of the account they stand at.
fn second_factor_faults(conn: &mut Conn, app: &App) -> Result<Vec<String>, AppError> {
    let (mut faults, mut after) = (Vec::new(), String::new());
    loop {
        let step = store::second_factors::verify(conn, &app.vault, &after, PAGE)?;
        let fault = |id| format!("account {id}: the second factor does not open, or is not this account's");
        faults.extend(step.damaged.iter().map(fault));
        let Some(next) = step.next else { return Ok(faults) };
        after = next;
    }
}

/// Sealed texts that do not open with the keys there are.
fn text_faults(conn: &mut Conn, app: &App) -> Result<Vec<String>, AppError> {
    let (mut faults, mut after) = (Vec::new(), String::new());
    loop {
        let step = store::texts::verify(conn, &app.vault, &after, PAGE)?;
        let fault = |id| format!("account {id}: a sealed text does not open");
        faults.extend(step.damaged.iter().map(fault));
        let Some(next) = step.next else { return Ok(faults) };
        after = next;
    }
}

/// What the index of profiles says otherwise than the rows.
fn profile_faults(expected: &BTreeMap<u32, u64>, found: &BTreeMap<u32, u64>) -> Vec<String> {
    let missing = expected.keys().filter(|pid| !found.contains_key(*pid));
    let missing = missing.map(|pid| format!("member number {pid} is missing from the index"));
    let wrong = found.iter().filter_map(|(pid, sum)| match expected.get(pid) {
        None => Some(format!("member number {pid} is in the index and may not be matched")),
        Some(right) if right != sum => Some(format!("member number {pid} is in the index as they were once")),
        Some(_) => None,
    });
    missing.chain(wrong).collect()
}

fn opening_faults(conn: &mut Conn, app: &App) -> Result<Vec<String>, AppError> {
    let now = app.now();
    let live: BTreeSet<String> = store::openings::live(conn, now)?.iter().map(|o| o.id.to_string()).collect();
    let indexed: BTreeSet<String> = app.index.openings().ids()?.into_iter().collect();
    let missing = live.difference(&indexed).map(|id| format!("opening {id} is missing from the index"));
    let mut faults: Vec<String> = missing.collect();
    // One whose time has run out stays until the next tidy-up; no search finds it.
    if app.index.openings().live(now) > live.len() {
        faults.push("the index shows openings that are not live".to_owned());
    }
    Ok(faults)
}
