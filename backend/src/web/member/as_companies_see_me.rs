//! `/permissions/as-companies-see-me`: before any yes nothing, and for each yes what the company's own page shows.

use frontend::pages::{AsCompaniesSeeMe, ShownTo};
use frontend::view::Link;
use store::Conn;
use store::members::Member;

use crate::app::App;
use crate::auth::{Guarded, OwnMembership, Routes};
use crate::error::AppError;
use crate::usecases;
use crate::web::company::{contact_facts, stage_label};
use crate::web::shell::{Shell, not_kept};
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/permissions/as-companies-see-me", show);
}

async fn show(shell: Shell, who: Guarded<OwnMembership>) -> WebResult {
    let member = who.into_inner().member;
    let page = shell.app.write(move |conn, app| page(conn, app, &member)).await?;
    not_kept(shell.page(&page)?)
}

fn page(conn: &mut Conn, app: &App, member: &Member) -> Result<AsCompaniesSeeMe, AppError> {
    let mut shown = Vec::new();
    for of in store::introductions::of_member(conn, &member.id)? {
        if of.state_at(app.now()) != domain::introduction::IntroductionState::Active {
            continue;
        }
        let Some((of, seen)) = usecases::see_as_company(conn, app, member, &of.id)? else { continue };
        let opening = store::openings::find(conn, &of.opening)?;
        shown.push(ShownTo {
            id: of.id.to_string(),
            opening: Link::new(format!("/openings/{}", of.opening), words::public_title(&opening)),
            company: opening.company_name,
            ends: words::moment(of.expires_at),
            stage: stage_label(of.stage).to_owned(),
            fields: contact_facts(&seen),
        });
    }
    Ok(AsCompaniesSeeMe { shown })
}
