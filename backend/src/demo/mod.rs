//! A made-up community for trying things out: members, companies, openings and what passed between them.
//!
//! Everything is drawn from one fixed seed, so that two fills at the same moment are alike; only the sealing of
//! contacts is random. Nobody in it can be reached: see `people`.

mod companies;
mod company_list;
mod diary;
mod dice;
mod introductions;
mod leading;
mod matches;
mod members;
mod openings;
mod people;
mod plan;
mod pools;
mod profiles;
mod scene;
mod script;
mod terms;
mod territories;
#[cfg(test)]
mod tests;
mod words;

use chrono::{DateTime, Duration, Utc};
use domain::AccountId;
use domain::certification::Rulebook;
use domain::standing::Role;
use store::{Conn, Vault, accounts, contacts};

use crate::demo::company_list::House;
use crate::demo::diary::Diary;
use crate::demo::dice::Dice;
use crate::demo::people::People;
use crate::demo::pools::Pools;
use crate::demo::scene::Scene;
use crate::error::AppError;

/// Decides everything that is drawn.
const SEED: u64 = 0x0526_F5A7_E211_1E00;

/// The accounts whose sign-in links a demonstration prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Community {
    /// An orthopaedic surgeon and QME in Los Angeles, with matches, an introduction and a ledger.
    pub member: AccountId,
    /// The owner of an approved company with live openings, a draft and two introductions.
    pub company: AccountId,
    /// The community's admin, with a full queue.
    pub admin: AccountId,
}

/// Fills an empty database. The caller owns the transaction; no job and no mail is queued, since all of this
/// lies in the past.
///
/// # Errors
/// `Conflict` when the database already holds one of these people; else database errors.
pub fn fill(conn: &mut Conn, vault: &Vault, rules: &Rulebook, now: DateTime<Utc>) -> Result<Community, AppError> {
    let mut scene = Scene {
        conn,
        vault,
        rules,
        now,
        dice: Dice::new(SEED),
        people: People::new(),
        pools: Pools::new(),
        diary: Diary::default(),
    };
    let admin = add_admin(&mut scene)?;
    let mut members = members::add(&mut scene)?;
    let companies = companies::add(&mut scene)?;
    members::block(&mut scene, &mut members, &companies)?;
    let live = openings::add(&mut scene, &companies)?;
    companies::suspend(&mut scene, &companies)?;
    let found = matches::add(&mut scene, &members, &live)?;
    introductions::add(&mut scene, &found, &companies)?;
    scene.diary.write(scene.conn, &admin)?;
    let member = members.iter().find(|m| m.leading);
    let company = companies.iter().find(|c| c.house == House::Leading);
    match (member, company) {
        (Some(member), Some(company)) => {
            Ok(Community { member: member.account.clone(), company: company.owner.clone(), admin })
        }
        _ => Err(AppError::internal("the made-up community has no one to lead it")),
    }
}

fn add_admin(scene: &mut Scene<'_>) -> Result<AccountId, AppError> {
    let account = scene.dice.id(AccountId::from_uuid);
    // Before the first member joined.
    let since = scene.now - Duration::days(600);
    let (contact, _) = scene.people.staff_named("Marcus", "Ode")?;
    accounts::create(scene.conn, &account, Role::Admin, since)?;
    contacts::put(scene.conn, scene.vault, &account, &contact, since)?;
    Ok(account)
}
