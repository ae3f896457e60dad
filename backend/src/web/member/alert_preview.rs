//! `/alerts/preview`: what the next digest would show. Looking changes nothing.

use chrono::{DateTime, Utc};
use domain::alert::Tz;
use frontend::mail::AlertCard;
use frontend::pages::{AlertPreview, PreviewCard};
use frontend::view::{Fact, Link};
use store::Conn;
use store::alerts::Card;
use store::members::Member;

use super::alert_times::zone_of;
use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::mail::{Shown, card_view};
use crate::usecases::{self, DigestPreview};
use crate::web::WebResult;
use crate::web::shell::Shell;

/// Cards in a list of those that are left out.
const OTHERS: usize = 50;

/// Routes; before those of a single alert.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/alerts/preview", show);
}

async fn show(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let member = who.into_inner().member;
    let page = shell.app.read(move |conn, app| page(conn, app, &member)).await?;
    shell.page(&page)
}

fn page(conn: &mut Conn, app: &App, member: &Member) -> Result<AlertPreview, AppError> {
    let found = usecases::preview_digest(conn, app, member)?;
    let mut shown = Vec::new();
    for one in &found.judged.shown {
        shown.push(card(conn, app, member, one)?);
    }
    let mut others = Vec::new();
    let waiting = found.judged.waiting.iter().map(|(card, why)| (card, why.text()));
    let dropped = found.judged.dropped.iter().map(|(card, why)| (card, why.text()));
    for (card, why) in waiting.chain(dropped).take(OTHERS) {
        others.push(Fact::new(title(conn, card)?, why));
    }
    let mut on_the_way = Vec::new();
    for card in &found.on_the_way {
        on_the_way.push(Link::new(format!("/openings/{}", card.opening), title(conn, card)?));
    }
    Ok(AlertPreview { due: due(&found, member.permissions.alerts_email, zone_of(member)), shown, others, on_the_way })
}

fn due(found: &DigestPreview, alerts_email: bool, zone: Tz) -> String {
    let at = |due: DateTime<Utc>| due.with_timezone(&zone).format("%A %-d %B at %H:%M").to_string();
    match (alerts_email, found.due_at) {
        (false, _) => "Alerts by e-mail are off, so no digest is due.".to_owned(),
        (true, None) => "Nothing waits, so no digest is due.".to_owned(),
        (true, Some(due)) => {
            format!("Due on {}, as things stand now. All of it is looked at again before it leaves.", at(due))
        }
    }
}

fn card(conn: &mut Conn, app: &App, member: &Member, shown: &Shown) -> Result<PreviewCard, AppError> {
    let AlertCard { title, company, kind, place, pay, changed, .. } = card_view(conn, app, member, shown, &[])?;
    Ok(PreviewCard {
        href: format!("/openings/{}", shown.card.opening),
        title,
        line: format!("{company}, {kind}, {place}, {pay}"),
        changed: changed.join(" "),
        alerts: shown.names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", "),
        why_href: format!("/openings/{}/why", shown.card.opening),
    })
}

/// As an admin last approved it.
fn title(conn: &mut Conn, card: &Card) -> Result<String, AppError> {
    let opening = match store::openings::find(conn, &card.opening) {
        Err(store::StoreError::NotFound) => return Ok("An opening that was taken out".to_owned()),
        found => found?,
    };
    Ok(opening.approved_terms.unwrap_or(opening.terms).title)
}
