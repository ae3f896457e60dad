//! `/matches`: openings that fit, judged again now, and those that were answered.

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use domain::candidate::Candidate;
use domain::certification::Rulebook;
use domain::eligibility::{Note, Reason, Rule, check};
use domain::introduction::IntroductionState;
use domain::standing::MemberStanding;
use domain::{MatchId, OpeningId};
use frontend::pages::{MatchRow, Matches};
use frontend::view::Link;
use store::Conn;
use store::introductions::Introduction;
use store::matches::Match;
use store::members::Member;
use store::openings::Opening;

use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases::{self, Change};
use crate::web::form::Form;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// The most matches that are looked at.
const MOST: i64 = 1000;
/// Matches on one page.
const PAGE: usize = 25;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/matches", show).post("/matches/{id}/decline", decline);
}

async fn show(shell: Shell, who: Guarded<OwnMembership>, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let tab = if query.text("tab") == "answered" { "answered" } else { "new" };
    let skip: usize = query.text("skip").parse().unwrap_or(0);
    let member = who.into_inner().member;
    let page = shell.app.read(move |conn, app| page_of(conn, app, &member, tab, skip)).await?;
    shell.page(&page)
}

async fn decline(shell: Shell, who: Guarded<OwnMembership>, id: Path<String>) -> WebResult {
    let id = MatchId::parse(&id).ok_or(AppError::NotFound)?;
    let member = who.into_inner().member;
    shell.app.write(move |conn, app| usecases::decline_match(conn, app, &member, &id)).await?;
    shell.done("/matches", "Noted. To the company your no looks like silence.")
}

fn page_of(conn: &mut Conn, app: &App, member: &Member, tab: &str, skip: usize) -> Result<Matches, AppError> {
    let book = Book::load(conn, app, member)?;
    let open = store::matches::of_member(conn, &member.id, false, MOST)?;
    let declined = store::matches::of_member(conn, &member.id, true, MOST)?;
    let (answered_yes, open): (Vec<Match>, Vec<Match>) = open.into_iter().partition(|m| book.yes(m).is_some());
    let openings = openings_of(conn, open.iter().chain(&declined).chain(&answered_yes))?;
    let mut new: Vec<MatchRow> = open.iter().filter_map(|m| book.new_row(m, openings.get(&m.opening)?)).collect();
    let mut answered: Vec<MatchRow> = answered_yes
        .iter()
        .chain(&declined)
        .filter_map(|m| Some(book.answered_row(m, openings.get(&m.opening)?)))
        .collect();
    let count = |rows: &Vec<MatchRow>| i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let (new_count, answered_count) = (count(&new), count(&answered));
    let all = if tab == "answered" { &mut answered } else { &mut new };
    let more = all.len() > skip.saturating_add(PAGE);
    let rows: Vec<MatchRow> = all.drain(..).skip(skip).take(PAGE).collect();
    Ok(Matches {
        tab: tab.to_owned(),
        new_count,
        answered_count,
        widen: if tab == "new" { widen(conn, app, member, rows.is_empty())? } else { Vec::new() },
        rows,
        paused: member.standing == MemberStanding::Paused,
        pending: member.standing == MemberStanding::Pending,
        alerts_on: member.permissions.alerts_email,
        next_href: more.then(|| format!("/matches?tab={tab}&skip={}", skip + PAGE)),
    })
}

fn openings_of<'a>(
    conn: &mut Conn,
    matches: impl Iterator<Item = &'a Match>,
) -> Result<HashMap<OpeningId, Opening>, AppError> {
    let ids: Vec<String> = matches.map(|m| m.opening.as_str().to_owned()).collect();
    let mut all = HashMap::new();
    // Both databases bound the number of parameters.
    for part in ids.chunks(500) {
        all.extend(store::openings::find_many(conn, part)?.into_iter().map(|o| (o.id.clone(), o)));
    }
    Ok(all)
}

/// What every row is judged by.
struct Book {
    rules: Rulebook,
    who: Option<Candidate>,
    introductions: Vec<Introduction>,
    now: DateTime<Utc>,
}

impl Book {
    fn load(conn: &mut Conn, app: &App, member: &Member) -> Result<Self, AppError> {
        Ok(Self {
            rules: store::facts::rulebook(conn)?,
            who: store::profiles::candidates(conn, std::slice::from_ref(member))?.pop(),
            introductions: store::introductions::of_member(conn, &member.id)?,
            now: app.now(),
        })
    }

    /// The newest yes to this revision.
    fn yes(&self, found: &Match) -> Option<&Introduction> {
        self.introductions.iter().find(|i| i.opening == found.opening && i.revision == found.revision)
    }

    /// The row of a match that waits for an answer. It is judged again: what is no longer live, or what a change of
    /// the profile has ruled out since, is not shown.
    fn new_row(&self, found: &Match, opening: &Opening) -> Option<MatchRow> {
        if !opening.liveness.is_live(self.now) {
            return None;
        }
        let verdict = check(&self.rules, &opening.offer(), self.who.as_ref()?, self.now);
        let fits_when_active = verdict.reasons().iter().all(|r| r.met || r.rule == Rule::Active);
        fits_when_active.then(|| MatchRow {
            opening: words::row(opening, self.now, Some(&verdict)),
            reasons: verdict.reasons().iter().map(words::check).collect(),
            missing: missing(verdict.reasons()),
            answer: None,
            share_href: verdict.is_eligible().then(|| format!("/consent/{}", opening.id)),
            decline_action: Some(format!("/matches/{}/decline", found.id)),
        })
    }

    fn answered_row(&self, found: &Match, opening: &Opening) -> MatchRow {
        let mut row = words::row(opening, self.now, None);
        words::public_title(opening).clone_into(&mut row.title);
        let day = |at: DateTime<Utc>| words::day(at.date_naive());
        let answer = match (self.yes(found), found.declined_at) {
            (_, Some(at)) => format!("You said no on {}.", day(at)),
            (Some(yes), None) => match yes.state_at(self.now) {
                IntroductionState::Active => {
                    format!("You said yes on {}; it ends on {}.", day(yes.created_at), day(yes.expires_at))
                }
                IntroductionState::Revoked => format!("You said yes on {} and took it back.", day(yes.created_at)),
                IntroductionState::Void => {
                    format!("You said yes on {}; the opening has changed or ended since.", day(yes.created_at))
                }
                IntroductionState::Expired => {
                    format!("You said yes on {}; it ran out on {}.", day(yes.created_at), day(yes.expires_at))
                }
            },
            (None, None) => String::new(),
        };
        MatchRow { opening: row, answer: Some(answer).filter(|a| !a.is_empty()), ..MatchRow::default() }
    }
}

/// What is met only by being on the way.
fn missing(reasons: &[Reason]) -> Option<String> {
    reasons.iter().find(|r| r.note == Note::OnTheWay).map(|r| r.text.clone())
}

/// What would let more fit, by count; with nothing to count and an empty list, where to begin.
fn widen(conn: &mut Conn, app: &App, member: &Member, is_empty: bool) -> Result<Vec<Link>, AppError> {
    if member.profile_saved_at.is_none() {
        return Ok(vec![Link::new("/profile/edit", "Fill in your profile; nothing is matched before")]);
    }
    let found = usecases::widen_matches(conn, app, member)?.widen;
    if !found.is_empty() || !is_empty {
        return Ok(found.iter().map(|w| Link::new(place_of(&w.change), w.text())).collect());
    }
    Ok(vec![
        Link::new("/profile/edit#places", "More markets, a wider radius, or remote work"),
        Link::new("/profile/edit#interests", "More kinds of work, or a lower least pay"),
        Link::new("/profile/edit#licences", "Another licence, or a new end of one"),
    ])
}

/// Where the member changes it.
const fn place_of(change: &Change) -> &'static str {
    match change {
        Change::Certification(..) => "/profile/edit#certifications",
        Change::Licence(_) => "/profile/edit#licences",
        Change::Remote | Change::Distance(_) => "/profile/edit#places",
        Change::Kind(_) | Change::Pay(_) => "/profile/edit#interests",
    }
}
