//! `/admin/members/{id}`: one member without any contact, and the decision on them.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::MemberId;
use domain::certification::Rulebook;
use domain::profile::{CertificationStatus, Profile, ProviderClass};
use domain::standing::MemberStanding;
use frontend::pages::AdminMember;
use frontend::view::{Check, CheckState, Fact, FieldError};
use store::Conn;
use store::members::Member;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use super::super::words::day;
use super::labels::{member, member_standing, reason};
use crate::auth::{Guarded, Moderate, Routes, ShutOut, SignedAdmin};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/admin/members/{id}", show)
        .post("/admin/members/{id}/approve", approve)
        .post("/admin/members/{id}/reject", reject)
        .post("/admin/members/{id}/suspend", suspend);
}

async fn show(shell: Shell, who: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = MemberId::parse(&id).ok_or(AppError::NotFound)?;
    let admin = who.into_inner();
    let page = shell.app.read(move |conn, _| page(conn, &admin, &id)).await?;
    shell.page(&page)
}

fn page(conn: &mut Conn, admin: &SignedAdmin, id: &MemberId) -> Result<AdminMember, AppError> {
    let of = store::members::find(conn, id)?;
    let profile = store::profiles::get(conn, id)?;
    let rules = store::facts::rulebook(conn)?;
    let has_npi = store::contacts::has_npi(conn, &of.account)?;
    use MemberStanding as S;
    Ok(AdminMember {
        id: id.to_string(),
        label: member(id),
        status: member_standing(of.standing),
        joined: joined(&of),
        npi: npi(has_npi, &of),
        facts: facts(&of, &profile, &rules),
        contact_href: (admin.sees_contacts && of.permissions.admin_outreach)
            .then(|| format!("/admin/members/{id}/contact")),
        contact_note: if of.permissions.admin_outreach {
            "The operator of this site took your sight of contacts away.".to_owned()
        } else {
            "The member has not allowed admins to reach out, so no admin can look.".to_owned()
        },
        can_approve: matches!(of.standing, S::Pending | S::Rejected | S::Suspended),
        can_reject: of.standing == S::Pending,
        can_suspend: matches!(of.standing, S::Pending | S::Active | S::Paused),
        reason: String::new(),
        errors: Vec::new(),
    })
}

fn joined(of: &Member) -> String {
    let how = match of.joined_by.as_str() {
        "invitation" => "with an invitation code",
        "npi" => "with an NPI",
        _ => "through an import",
    };
    format!("Joined {} {how}", day(of.joined_at.date_naive()))
}

/// The result of the check, never the number.
fn npi(given: bool, of: &Member) -> Check {
    let (state, title, text) = if given {
        (CheckState::Yes, "Given", "Its check digit is right and no other member has it.")
    } else if of.joined_by == "invitation" {
        (CheckState::Unknown, "Not given", "Nothing to check; the invitation vouches for the member.")
    } else {
        (CheckState::Unknown, "Not given", "Nothing to check.")
    };
    Check { state, title: title.to_owned(), text: text.to_owned() }
}

fn facts(of: &Member, profile: &Profile, rules: &Rulebook) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut put = |label: &str, values: Vec<String>| {
        if !values.is_empty() {
            facts.push(Fact::new(label, values.join("; ")));
        }
    };
    put("Reason of the last decision", of.standing_reason.iter().cloned().collect());
    put("Profile saved", of.profile_saved_at.map(|at| day(at.date_naive())).into_iter().collect());
    if of.profile_saved_at.is_some() {
        let class = match profile.provider_class {
            ProviderClass::MdDo => "Physician (MD, DO)",
            ProviderClass::NonMd => "Other provider",
        };
        put("Provider class", vec![class.to_owned()]);
    }
    let board = |certified: bool| if certified { ", board certified" } else { "" };
    put(
        "Specialties",
        profile.specialties.iter().map(|s| format!("{}{}", s.specialty.name(), board(s.board_certified))).collect(),
    );
    put("Licences", profile.licences.iter().map(|l| until(l.state.name(), l.expires_on)).collect());
    let certification = |c: &domain::profile::HeldCertification| {
        let how = match c.status {
            CertificationStatus::Interested => "interested",
            CertificationStatus::InProgress => "on the way",
            CertificationStatus::Appointed => "held",
        };
        until(&format!("{}, {how}", rules.name(&c.key)), c.expires_on)
    };
    put("Certifications", profile.certifications.iter().map(certification).collect());
    put("Wants", profile.interests.iter().map(|k| k.label().to_owned()).collect());
    put(
        "Travels from",
        profile.bases.iter().map(|b| format!("{}, {} miles", b.market.label(), b.radius_miles)).collect(),
    );
    put("Markets", profile.markets.iter().map(|m| m.label()).collect());
    put("Remote work", profile.remote.then(|| "Yes".to_owned()).into_iter().collect());
    put("Languages", profile.languages.clone());
    put("Years in practice", profile.years.map(|y| y.to_string()).into_iter().collect());
    let p = of.permissions;
    let on = [
        (p.alerts_email, "alerts by mail"),
        (p.admin_outreach, "admins may write"),
        (p.anonymous_counts, "counted anonymously"),
    ];
    let on: Vec<&str> = on.iter().filter(|(on, _)| *on).map(|(_, label)| *label).collect();
    put("Permissions given", vec![if on.is_empty() { "none".to_owned() } else { on.join(", ") }]);
    facts
}

fn until(what: &str, end: Option<chrono::NaiveDate>) -> String {
    end.map_or_else(|| what.to_owned(), |end| format!("{what}, until {}", day(end)))
}

async fn approve(shell: Shell, who: Guarded<Moderate>, id: Path<String>) -> WebResult {
    let id = MemberId::parse(&id).ok_or(AppError::NotFound)?;
    decide(&shell, who.into_inner(), id, MemberStanding::Active, None).await
}

async fn reject(shell: Shell, who: Guarded<Moderate>, id: Path<String>, form: Form) -> WebResult {
    stop(&shell, who.into_inner(), &id, MemberStanding::Rejected, &form).await
}

async fn suspend(shell: Shell, who: Result<Guarded<ShutOut>, AppError>, id: Path<String>, form: Form) -> WebResult {
    stop(&shell, who?.into_inner(), &id, MemberStanding::Suspended, &form).await
}

async fn stop(shell: &Shell, admin: SignedAdmin, id: &str, to: MemberStanding, form: &Form) -> WebResult {
    let id = MemberId::parse(id).ok_or(AppError::NotFound)?;
    match reason(form) {
        Ok(why) => decide(shell, admin, id, to, Some(why)).await,
        Err(errors) => show_again(shell, admin, id, form, errors).await,
    }
}

async fn decide(shell: &Shell, admin: SignedAdmin, id: MemberId, to: MemberStanding, why: Option<String>) -> WebResult {
    let path = format!("/admin/members/{id}");
    shell.app.write(move |conn, app| usecases::review_member(conn, app, &admin, &id, to, why.as_deref())).await?;
    let line = match to {
        MemberStanding::Active => "Approved. The member is told by mail.",
        MemberStanding::Suspended => "Suspended. Alerts and introductions have ended.",
        _ => "Not approved.",
    };
    shell.done(&path, line)
}

async fn show_again(
    shell: &Shell,
    admin: SignedAdmin,
    id: MemberId,
    form: &Form,
    errors: Vec<FieldError>,
) -> WebResult {
    let mut page = shell.app.read(move |conn, _| page(conn, &admin, &id)).await?;
    page.reason = form.text("reason").to_owned();
    page.errors = errors;
    shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
