//! `/admin/members`: members by standing and by the beginning of their id, and new invitation codes.

use actix_web::HttpRequest;
use domain::MemberId;
use domain::profile::Profile;
use domain::standing::MemberStanding;
use frontend::Private;
use frontend::pages::{AdminMembers, AdminRow, NewInvitation};
use store::members::Member;
use store::{Conn, StoreError};

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::day;
use super::labels::{member, member_standing, options};
use crate::auth::{Guarded, Moderate, Routes};
use crate::error::AppError;
use crate::usecases;

/// Rows of a page.
const ROWS: usize = 50;
/// How many members are read at once while looking for a page's rows.
const BATCH: i64 = 500;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/members", list).post("/admin/invitations", invite);
}

async fn list(shell: Shell, _: Guarded<Moderate>, req: HttpRequest) -> WebResult {
    let wish = Wish::read(&Form::read(req.query_string())?);
    let page = shell.app.read(move |conn, _| page(conn, &wish)).await?;
    shell.page(&page)
}

async fn invite(shell: Shell, who: Guarded<Moderate>) -> WebResult {
    let admin = who.into_inner();
    let made = shell.app.write(move |conn, app| usecases::invite_member(conn, app, &admin)).await?;
    let mut page = shell.app.read(|conn, _| page(conn, &Wish::default())).await?;
    // Shown in the answer itself and never again: it may stand in no address and in no cookie.
    page.invitation = Some(NewInvitation { code: Private::from(made.code), until: day(made.expires_at.date_naive()) });
    shell.page(&page)
}

/// What the admin looks for.
#[derive(Default)]
struct Wish {
    q: String,
    standing: Option<MemberStanding>,
    after: Option<MemberId>,
}

impl Wish {
    fn read(query: &Form) -> Self {
        Self {
            q: query.text("q").to_lowercase(),
            standing: MemberStanding::parse(query.text("status")),
            after: MemberId::parse(query.text("cursor")),
        }
    }

    fn fits(&self, member: &Member) -> bool {
        self.standing.is_none_or(|s| s == member.standing) && member.id.as_str().starts_with(&self.q)
    }
}

fn page(conn: &mut Conn, wish: &Wish) -> Result<AdminMembers, AppError> {
    let (found, more) = find(conn, wish)?;
    let people = store::profiles::candidates(conn, &found)?;
    let next = found.last().filter(|_| more).map(|m| {
        let status = wish.standing.map_or("", MemberStanding::as_str);
        let pairs = [("q", wish.q.as_str()), ("status", status), ("cursor", m.id.as_str())];
        serde_urlencoded::to_string(pairs).map(|query| format!("/admin/members?{query}"))
    });
    Ok(AdminMembers {
        q: wish.q.clone(),
        status: wish.standing.map_or_else(String::new, |s| s.to_string()),
        status_options: options(MemberStanding::ALL, MemberStanding::as_str, member_standing),
        rows: found.iter().zip(&people).map(|(m, who)| row(m, &who.profile)).collect(),
        next_href: next.transpose().map_err(AppError::internal)?,
        invitation: None,
    })
}

/// The rows of a page in the order of joining, and whether there are more.
fn find(conn: &mut Conn, wish: &Wish) -> Result<(Vec<Member>, bool), AppError> {
    let mut number = match &wish.after {
        None => 0,
        Some(id) => match store::members::find(conn, id) {
            Ok(member) => member.number,
            // Gone meanwhile; the list begins anew.
            Err(StoreError::NotFound) => 0,
            Err(error) => return Err(error.into()),
        },
    };
    let mut found = Vec::new();
    loop {
        let batch = store::members::after_number(conn, number, BATCH)?;
        let Some(last) = batch.last() else { return Ok((found, false)) };
        number = last.number;
        for member in batch.into_iter().filter(|m| wish.fits(m)) {
            if found.len() == ROWS {
                return Ok((found, true));
            }
            found.push(member);
        }
    }
}

fn row(of: &Member, profile: &Profile) -> AdminRow {
    let mut states: Vec<&str> = profile.licences.iter().map(|l| l.state.code()).collect();
    states.dedup();
    let specialty = profile.primary().map(|s| s.name());
    let facts: Vec<&str> = specialty.into_iter().chain(states).collect();
    AdminRow {
        href: format!("/admin/members/{}", of.id),
        label: member(&of.id),
        status: member_standing(of.standing),
        facts: if facts.is_empty() { "Profile empty".to_owned() } else { facts.join(", ") },
        since: day(of.joined_at.date_naive()),
    }
}
