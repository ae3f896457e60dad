//! `/admin/matches`: matches that wait for an admin's word. Ids and reasons, no contact.

use actix_web::web::Path;
use domain::eligibility::Note;
use domain::matching::{MatchState, ReviewWord};
use domain::{MatchId, OpeningId};
use frontend::pages::{AdminMatchRow, AdminMatches, MatchGroup};
use frontend::view::Tag;
use store::matches::Match;
use store::openings::Opening;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::rule_name;
use super::labels::member;
use crate::auth::{Guarded, Moderate, Routes, SignedAdmin};
use crate::error::AppError;
use crate::usecases;

/// The most matches the page shows; what is decided makes room for the next.
const AT_MOST: i64 = 300;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/admin/matches", show)
        .post("/admin/matches/release-all", release_all)
        .post("/admin/matches/{id}/release", release)
        .post("/admin/matches/{id}/hold", hold)
        .post("/admin/matches/{id}/drop", drop_out);
}

async fn show(shell: Shell, _: Guarded<Moderate>) -> WebResult {
    let (held, openings, waiting) = shell
        .app
        .read(|conn, _| {
            let held = store::matches::in_state(conn, MatchState::Held, None, AT_MOST)?;
            let waiting = store::matches::waiting(conn)?;
            let ids: Vec<String> = waiting.iter().map(|(id, ..)| id.to_string()).collect();
            Ok((held, store::openings::find_many(conn, &ids)?, waiting))
        })
        .await?;
    let mut groups = Vec::new();
    for opening in &openings {
        let rows: Vec<AdminMatchRow> = held.iter().filter(|m| m.opening == opening.id).map(row).collect();
        let all = waiting.iter().find(|(id, ..)| *id == opening.id).map_or(0, |(_, n, _)| *n);
        if !rows.is_empty() {
            groups.push(group(opening, rows, all));
        }
    }
    shell.page(&AdminMatches { groups })
}

fn group(opening: &Opening, rows: Vec<AdminMatchRow>, all: i64) -> MatchGroup {
    let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let more = if all > shown { format!("; the best {shown} of {all} are listed") } else { String::new() };
    MatchGroup {
        opening_id: opening.id.to_string(),
        title: opening.terms.title.clone(),
        href: format!("/admin/openings/{}", opening.id),
        company: format!("{}{more}", opening.company_name),
        rows,
    }
}

fn row(found: &Match) -> AdminMatchRow {
    AdminMatchRow {
        id: found.id.to_string(),
        member: member(&found.member),
        member_href: format!("/admin/members/{}", found.member),
        state: Tag::new("warn", "Held"),
        held: found.state == MatchState::Held,
        reasons: why(found),
    }
}

/// Every match meets all nine rules; what is worth reading is where it fits, how well, and what is not certain.
fn why(found: &Match) -> Vec<String> {
    let place = match found.miles {
        0 => found.place.clone(),
        miles => format!("{}, {miles} miles", found.place),
    };
    let mut all = vec![place, format!("{} points", found.score)];
    all.extend(found.reasons.iter().filter_map(|r| match r.note {
        Note::Plain => None,
        Note::OnTheWay => Some(format!("{}: on the way", rule_name(r.rule))),
        Note::Unknown => Some(format!("{}: not known", rule_name(r.rule))),
    }));
    all
}

async fn review(shell: &Shell, admin: SignedAdmin, id: &str, word: ReviewWord) -> Result<(), AppError> {
    let id = MatchId::parse(id).ok_or(AppError::NotFound)?;
    shell.app.write(move |conn, app| usecases::review_match(conn, app, &admin, &id, word)).await
}

async fn release(shell: Shell, who: Guarded<Moderate>, id: Path<String>) -> WebResult {
    review(&shell, who.into_inner(), &id, ReviewWord::Release).await?;
    shell.done("/admin/matches", "Released. The member is told when they asked to be.")
}

async fn hold(shell: Shell, who: Guarded<Moderate>, id: Path<String>) -> WebResult {
    review(&shell, who.into_inner(), &id, ReviewWord::Hold).await?;
    shell.done("/admin/matches", "Held.")
}

async fn drop_out(shell: Shell, who: Guarded<Moderate>, id: Path<String>) -> WebResult {
    review(&shell, who.into_inner(), &id, ReviewWord::Drop).await?;
    shell.done("/admin/matches", "Dropped. The member is not told.")
}

async fn release_all(shell: Shell, who: Guarded<Moderate>, form: Form) -> WebResult {
    let id = OpeningId::parse(form.text("opening_id")).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    let (released, left) = shell.app.write(move |conn, app| usecases::release_matches(conn, app, &admin, &id)).await?;
    let rest = if left > 0 { format!(" {left} more wait; release them in the same way.") } else { String::new() };
    shell.done("/admin/matches", &format!("Matches released: {released}.{rest}"))
}
