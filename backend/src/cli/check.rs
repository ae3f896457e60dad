//! `check`: does the index say what the database says, do the switches follow from their log, do the keys open
//! what is sealed?

use std::collections::BTreeSet;

use domain::permission::fold;
use store::Conn;
use store::contacts::OwnContact;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::AppError;
use crate::server::{self, StartError};

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
        super::say("Index, permissions and sealed contacts are sound.");
        return Ok(());
    }
    Err(StartError::Config(format!("{} faults found", faults.len())))
}

fn faults(conn: &mut Conn, app: &App) -> Result<Vec<String>, AppError> {
    let mut faults = Vec::new();
    let mut expected = BTreeSet::new();
    let mut number = 0;
    loop {
        let members = store::members::after_number(conn, number, PAGE)?;
        let Some(last) = members.last() else { break };
        number = last.number;
        for member in &members {
            let log = store::permissions::log(conn, &member.id)?;
            if fold(log.into_iter().map(|r| r.event)) != member.permissions {
                faults.push(format!("member {}: the switches do not follow from their log", member.id));
            }
            let owner = OwnContact::of_signed_in(member.account.clone());
            if store::contacts::own(conn, &app.vault, &owner).is_err() {
                faults.push(format!("member {}: the sealed contact does not open", member.id));
            }
        }
        expected.extend(crate::index::indexed(conn, &members)?);
    }
    let found: BTreeSet<u64> = app.index.profiles().ids().map_err(AppError::internal)?.into_iter().collect();
    faults.extend(expected.difference(&found).map(|n| format!("member number {n} is missing from the index")));
    faults
        .extend(found.difference(&expected).map(|n| format!("member number {n} is in the index without a permission")));
    let live: BTreeSet<String> = store::openings::live(conn, app.now())?.iter().map(|o| o.id.to_string()).collect();
    let indexed: BTreeSet<String> = app.index.openings().ids().map_err(AppError::internal)?.into_iter().collect();
    faults.extend(live.difference(&indexed).map(|id| format!("opening {id} is missing from the index")));
    Ok(faults)
}
