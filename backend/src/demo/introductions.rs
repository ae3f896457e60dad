//! Yes and no: introductions with their ledger, and declined matches.

use std::collections::BTreeSet;

use chrono::Duration;
use domain::MatchId;
use domain::matching::MatchState;
use store::matches;

use crate::demo::companies::Company;
use crate::demo::company_list::House;
use crate::demo::matches::Found;
use crate::demo::scene::Scene;
use crate::demo::script::{Course, Script};
use crate::error::AppError;

/// How many members say yes, and how many matches are declined besides the leading member's one.
const YES: usize = 84;
const NO: usize = 210;

/// Adds introductions and declines among the matches.
pub(super) fn add(scene: &mut Scene<'_>, found: &[Found<'_>], companies: &[Company]) -> Result<(), AppError> {
    let mut free: Vec<&Found<'_>> = found.iter().filter(|f| f.stored.state == MatchState::Released).collect();
    scene.dice.shuffle(&mut free);
    // A yes needs a day or more behind it, so that something can have come of it.
    let settled: Vec<&Found<'_>> =
        free.iter().copied().filter(|f| f.stored.matched_at < scene.now - Duration::hours(30)).collect();
    let mut script = Script::new(companies);
    let mut taken = lead(scene, &mut script, &settled);
    for one in settled.iter().filter(|f| is_other(f)) {
        if taken.len() >= YES {
            break;
        }
        if taken.insert(one.stored.id.clone()) {
            let course = match scene.dice.between(0, 99) {
                0..=29 => Course::Waiting,
                30..=74 => Course::Seen,
                75..=89 => Course::Revoked,
                _ => Course::RunOut,
            };
            script.plan(scene, one, course);
        }
    }
    script.play(scene)?;
    let mut left = free.iter().filter(|f| !taken.contains(&f.stored.id));
    let of_leading = left.clone().find(|f| f.who.leading);
    for one in left.by_ref().filter(|f| is_other(f)).take(NO).chain(of_leading) {
        let at = scene.since(one.stored.matched_at);
        matches::decline(scene.conn, &one.stored.member, &one.stored.id, at)?;
    }
    Ok(())
}

/// Neither the leading member's nor the leading company's: those are told by hand.
fn is_other(found: &Found<'_>) -> bool {
    !found.who.leading && found.posted.house != House::Leading
}

/// The leading member says yes to the leading company's first opening and is seen there, and has taken an
/// earlier yes back; another member says yes to the leading company and waits. Gives the matches used.
fn lead(scene: &mut Scene<'_>, script: &mut Script<'_>, settled: &[&Found<'_>]) -> BTreeSet<MatchId> {
    let of_leading = |f: &Found<'_>| f.posted.house == House::Leading;
    let first = settled.iter().filter(|f| f.who.leading && of_leading(f)).min_by_key(|f| f.posted.place);
    let earlier = settled.iter().find(|f| f.who.leading && !of_leading(f));
    let other = settled.iter().find(|f| !f.who.leading && of_leading(f));
    let told = [(first, Course::Seen), (earlier, Course::Revoked), (other, Course::Waiting)];
    let mut taken = BTreeSet::new();
    for (found, course) in told {
        if let Some(found) = found {
            script.plan(scene, found, course);
            taken.insert(found.stored.id.clone());
        }
    }
    taken
}
