//! `/permissions`: who can see what, the three switches, and the newest entries of the record.

use chrono::{DateTime, Utc};
use domain::dispute::Side;
use domain::introduction::IntroductionState;
use domain::permission::Permissions as Switches;
use domain::standing::MemberStanding;
use frontend::pages::{IntroductionLine, Permissions};
use frontend::view::Link;
use store::Conn;
use store::alerts::Alert;
use store::conversations::Reader;
use store::introductions::Introduction;
use store::members::Member;
use store::permissions::Recorded;

use super::alerts::cadence_name;
use super::record::{Names, fields};
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases::{self, LEDGER_AT_MOST};
use crate::web::dispute_words::{MEMBER, line};
use crate::web::form::Form;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// How many entries of the record, and how many reports, the page shows.
const NEWEST: usize = 5;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/permissions", show).post("/permissions", save);
}

async fn show(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let member = who.into_inner().member;
    let page = shell.app.read(move |conn, app| page_of(conn, app, &member)).await?;
    shell.page(&page)
}

/// A switch that was not sent stays as it is.
async fn save(shell: Shell, who: Guarded<OwnMembership>, form: Form) -> WebResult {
    let member = who.into_inner().member;
    let before = member.permissions;
    let switch = |name: &str, before: bool| match form.text(name) {
        "on" => Ok(true),
        "off" => Ok(false),
        "" => Ok(before),
        _ => Err(AppError::Malformed("Choose on or off.")),
    };
    let wanted = Switches {
        alerts_email: switch("alerts_email", before.alerts_email)?,
        admin_outreach: switch("admin_outreach", before.admin_outreach)?,
        anonymous_counts: switch("anonymous_counts", before.anonymous_counts)?,
    };
    shell.app.write(move |conn, app| usecases::set_permissions(conn, app, &member, wanted, "page")).await?;
    shell.done("/permissions", &said(before, wanted))
}

/// What the save did, switch by switch.
fn said(before: Switches, now: Switches) -> String {
    let switches = [
        ("E-mail alerts", before.alerts_email, now.alerts_email),
        ("Outreach by admins", before.admin_outreach, now.admin_outreach),
        ("Anonymous counting", before.anonymous_counts, now.anonymous_counts),
    ];
    let moved: Vec<String> = switches
        .into_iter()
        .filter(|(_, before, now)| before != now)
        .map(|(name, _, now)| format!("{name}: {}.", if now { "on" } else { "off" }))
        .collect();
    if moved.is_empty() { "Nothing was changed.".to_owned() } else { format!("Saved. {}", moved.join(" ")) }
}

fn page_of(conn: &mut Conn, app: &App, member: &Member) -> Result<Permissions, AppError> {
    let now = app.now();
    let all = store::introductions::of_member(conn, &member.id)?;
    let (live, over): (Vec<_>, Vec<_>) = all.into_iter().partition(|i| i.state_at(now) == IntroductionState::Active);
    let introductions = live.iter().map(|of| introduction_line(conn, of)).collect::<Result<Vec<_>, _>>()?;
    let earlier = earlier(conn, member, &over)?;
    let mut companies: Vec<&str> = live.iter().map(|i| i.company.as_str()).collect();
    companies.sort_unstable();
    companies.dedup();
    let mut entries: Vec<_> =
        store::ledger::of_member(conn, &member.id, None, LEDGER_AT_MOST)?.into_iter().map(|(_, entry)| entry).collect();
    let total = entries.len();
    entries.truncate(NEWEST);
    let names = Names::load(conn, app, &entries)?;
    let reports = store::disputes::of_member(conn, &member.id)?;
    let alerts = store::alerts::of_member(conn, &member.id)?;
    let log = store::permissions::log(conn, &member.id)?;
    let (alerts_summary, alerts_note) = alerts_in_words(member.permissions.alerts_email, &alerts, now);
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(Permissions {
        sharing: number(companies.len()),
        alerts_summary,
        alerts_note,
        alerts_email: member.permissions.alerts_email,
        admin_outreach: member.permissions.admin_outreach,
        anonymous_counts: member.permissions.anonymous_counts,
        last_changed: log.last().map(last_changed),
        introductions,
        earlier,
        ledger: entries.iter().map(|e| names.line(e)).collect(),
        ledger_total: number(total),
        reports: reports.iter().take(NEWEST).map(|of| line(conn, of, MEMBER)).collect::<Result<_, _>>()?,
        paused: member.standing == MemberStanding::Paused,
    })
}

/// Those that are over and under which something stands written.
fn earlier(conn: &mut Conn, member: &Member, over: &[Introduction]) -> Result<Vec<Link>, AppError> {
    let written = store::conversations::of_member(conn, &member.id)?;
    let mut links = Vec::new();
    for of in over.iter().filter(|of| written.contains(&of.id)) {
        let opening = store::openings::find(conn, &of.opening)?;
        let label = format!("{}, “{}”", opening.company_name, words::public_title(&opening));
        links.push(Link::new(format!("/introductions/{}", of.id), label));
    }
    Ok(links)
}

fn introduction_line(conn: &mut Conn, of: &Introduction) -> Result<IntroductionLine, AppError> {
    let opening = store::openings::find(conn, &of.opening)?;
    let deaf_since = store::members::blocks_since(conn, &of.member, &of.company)?;
    let reader = Reader { side: Side::Member, deaf_since };
    Ok(IntroductionLine {
        news: store::conversations::unread(conn, &of.id, reader)?,
        id: of.id.as_str().to_owned(),
        company: opening.company_name.clone(),
        opening: words::public_title(&opening).to_owned(),
        opening_href: format!("/openings/{}", of.opening),
        fields: fields(&of.fields),
        since: words::day(of.created_at.date_naive()),
        ends: words::moment(of.expires_at),
    })
}

fn alerts_in_words(on: bool, alerts: &[Alert], now: DateTime<Utc>) -> (String, String) {
    let writing: Vec<&Alert> = alerts.iter().filter(|a| !a.paused && !a.rests(now)).collect();
    match (on, writing.as_slice()) {
        (false, _) => ("Off".to_owned(), "no mail about openings".to_owned()),
        (true, []) => ("On".to_owned(), "but no alert is saved or all are paused, so nothing is sent".to_owned()),
        (true, [one]) => (cadence_name(one.rhythm.cadence).to_owned(), "1 alert by e-mail".to_owned()),
        (true, many) => ("On".to_owned(), format!("{} alerts by e-mail", many.len())),
    }
}

fn last_changed(last: &Recorded) -> String {
    let how = match last.method.as_str() {
        "page" => "by you on this page",
        "api" => "by you through a program",
        "mail_link" => "by the link in a mail",
        "silence" => "since nobody answered whether alerts were still wanted",
        _ => "by you",
    };
    format!("Last changed on {}, {how}", words::day(last.at.date_naive()))
}
