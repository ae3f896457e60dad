//! `/company/team`: who acts for the company; owners invite and end.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::standing::{CompanyStanding, SeatRole};
use domain::{SeatId, SeatInvitationId};
use frontend::Private;
use frontend::pages::{CompanyTeam, CompanyTeamEnd, TeamMember};
use frontend::view::Choice;
use store::Conn;

use super::super::WebResult;
use super::super::form::{Form, field_errors};
use super::super::shell::Shell;
use super::super::words::day;
use crate::app::App;
use crate::auth::{Guarded, ManageAccess, ManageCompany, Routes, SeeCompany, SignedSeat};
use crate::error::AppError;
use crate::usecases::{self, SeatInput};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/company/team", show)
        .post("/company/team", invite)
        .get("/company/team/{id}/end", ask)
        .post("/company/team/{id}/end", end);
}

async fn show(shell: Shell, who: Guarded<SeeCompany>) -> WebResult {
    let seat = who.into_inner();
    let page = shell.app.read(move |conn, app| page(conn, app, &seat)).await?;
    shell.page(&page)
}

/// The page with an empty form.
fn page(conn: &mut Conn, app: &App, reader: &SignedSeat) -> Result<CompanyTeam, AppError> {
    let manages = reader.seat.role == SeatRole::Owner;
    let mut people = Vec::new();
    for (seat, since) in store::companies::seats_since(conn, &reader.company.id)? {
        let name = store::contacts::seat_names(conn, &app.vault, std::slice::from_ref(&seat.account))?.pop();
        let own = seat.id == reader.seat.id;
        people.push(TeamMember {
            name: Private::from(name.unwrap_or_default().as_str()),
            role: role_label(seat.role).to_owned(),
            when: day(since.date_naive()),
            own,
            end_href: (manages && !own).then(|| format!("/company/team/{}/end", seat.id)),
        });
    }
    let invited = store::seat_invitations::of_company(conn, &app.vault, &reader.company.id, app.now())?;
    let invited = invited.iter().map(|of| TeamMember {
        name: Private::from(of.name.as_str()),
        role: role_label(of.role).to_owned(),
        when: day(of.expires_at.date_naive()),
        own: false,
        end_href: manages.then(|| format!("/company/team/{}/end", of.id)),
    });
    let approved = reader.company.standing == CompanyStanding::Approved;
    Ok(CompanyTeam {
        company: reader.company.name.clone(),
        people,
        invited: invited.collect(),
        can_manage: manages,
        shut: (!approved).then(|| "People can be invited while the company is approved.".to_owned()),
        role_options: SeatRole::ALL.iter().rev().map(|role| choice(*role)).collect(),
        role: SeatRole::Recruiter.as_str().to_owned(),
        ..CompanyTeam::default()
    })
}

async fn invite(shell: Shell, who: Guarded<ManageAccess>, form: Form) -> WebResult {
    let seat = who.into_inner();
    let input = SeatInput {
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        role: form.text("role").to_owned(),
    };
    let owner = seat.clone();
    match shell.app.write(move |conn, app| usecases::invite_seat(conn, app, &owner, &input)).await {
        Ok(_) => {
            shell.done("/company/team", "Invited. A mail says where to sign in; the invitation stands for 7 days.")
        }
        Err(AppError::Invalid(errors)) => {
            let page = shell.app.read(move |conn, app| page(conn, app, &seat)).await?;
            let page = CompanyTeam {
                name: Private::from(form.text("name")),
                email: Private::from(form.text("email")),
                role: form.text("role").to_owned(),
                errors: field_errors(&errors, str::to_owned),
                ..page
            };
            shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

async fn ask(shell: Shell, who: Guarded<ManageCompany>, id: Path<String>) -> WebResult {
    let owner = who.into_inner();
    let page = shell
        .app
        .read(move |conn, app| {
            let seats = store::companies::seats(conn, &owner.company.id)?;
            if let Some(seat) = seats.into_iter().find(|seat| seat.id.as_str() == id.as_str()) {
                let name = store::contacts::seat_names(conn, &app.vault, std::slice::from_ref(&seat.account))?.pop();
                let name = Private::from(name.unwrap_or_default().as_str());
                return Ok(CompanyTeamEnd { id: seat.id.to_string(), name, invited: false });
            }
            let invited = store::seat_invitations::of_company(conn, &app.vault, &owner.company.id, app.now())?;
            let of = invited.into_iter().find(|of| of.id.as_str() == id.as_str()).ok_or(AppError::NotFound)?;
            Ok(CompanyTeamEnd { id: of.id.to_string(), name: Private::from(of.name.as_str()), invited: true })
        })
        .await?;
    shell.page(&page)
}

async fn end(shell: Shell, who: Guarded<ManageAccess>, id: Path<String>) -> WebResult {
    let owner = who.into_inner();
    let line = shell
        .app
        .write(move |conn, app| {
            if let Some(seat) = SeatId::parse(&id)
                && store::companies::seats(conn, &owner.company.id)?.iter().any(|of| of.id == seat)
            {
                usecases::end_seat(conn, app, &owner, &seat)?;
                return Ok("The seat is ended, and the person is signed out everywhere.");
            }
            let id = SeatInvitationId::parse(&id).ok_or(AppError::NotFound)?;
            usecases::withdraw_seat(conn, app, &owner, &id)?;
            Ok("The invitation is taken back.")
        })
        .await?;
    shell.done("/company/team", line)
}

const fn role_label(role: SeatRole) -> &'static str {
    match role {
        SeatRole::Owner => "Owner",
        SeatRole::Recruiter => "Recruiter",
        SeatRole::Viewer => "Viewer",
    }
}

fn choice(role: SeatRole) -> Choice {
    let hint = match role {
        SeatRole::Owner => "Everything, the team and the profile included",
        SeatRole::Recruiter => "Writes openings and opens contacts",
        SeatRole::Viewer => "Reads openings and their state; opens no contact",
    };
    Choice { hint: Some(hint.to_owned()), ..Choice::new(role.as_str(), role_label(role)) }
}
