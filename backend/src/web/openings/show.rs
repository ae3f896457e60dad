//! `/openings/{id}`: one opening, whether the reader can take it and what to do about it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use domain::OpeningId;
use domain::certification::{CA_QME, Rulebook};
use domain::eligibility::{Verdict, check};
use domain::introduction::IntroductionState;
use domain::matching::MatchState;
use domain::opening::Terms;
use domain::profile::ProviderClass;
use domain::standing::MemberStanding;
use frontend::pages::{OpeningAction, OpeningPage};
use frontend::view::{Check, Link};
use store::members::Member;
use store::openings::Opening;
use store::{Conn, StoreError};

use super::list::{similar, way_back};
use super::search::encode;
use crate::app::App;
use crate::auth::{Routes, SignedIn};
use crate::error::AppError;
use crate::web::form::Form;
use crate::web::shell::Shell;
use crate::web::{WebResult, words};

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/openings/{id}", show);
}

/// An opening that is over can still be read, with status 410; one that no admin has ever approved is not there.
async fn show(shell: Shell, id: Path<String>, req: HttpRequest) -> WebResult {
    let id = OpeningId::parse(&id).ok_or(AppError::NotFound)?;
    let from = Form::read(req.query_string())?.text("from").to_owned();
    let reader = shell.signed.clone();
    let (page, live, listed) = shell
        .app
        .read(move |conn, app| {
            let opening = public(conn, &id)?;
            let live = opening.liveness.is_live(app.now());
            Ok((page_of(conn, app, &opening, &reader, &from)?, live, opening.terms.public_listing))
        })
        .await?;
    let status = if live { StatusCode::OK } else { StatusCode::GONE };
    let mut answer = shell.page_with(status, &page)?;
    if !(live && listed) {
        answer.headers_mut().insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    }
    Ok(answer)
}

/// The opening as an admin last approved it: newer words of the company wait for a review and are not shown.
///
/// # Errors
/// `NotFound` when it was never approved, `Gone` when its company is not in good standing.
pub(in crate::web) fn public(conn: &mut Conn, id: &OpeningId) -> Result<Opening, AppError> {
    let mut opening = store::openings::find(conn, id)?;
    opening.terms = opening.approved_terms.clone().ok_or(AppError::NotFound)?;
    if !opening.liveness.company_good {
        return Err(AppError::Gone("This opening is no longer here."));
    }
    Ok(opening)
}

fn page_of(
    conn: &mut Conn,
    app: &App,
    opening: &Opening,
    reader: &SignedIn,
    from: &str,
) -> Result<OpeningPage, AppError> {
    let now = app.now();
    let rules = store::facts::rulebook(conn)?;
    let (back_href, back_label) = way_back(from);
    let live = opening.liveness.is_live(now);
    let (verdict, action, decline_action) = match reader {
        SignedIn::Member(m) => of_member(conn, app, &rules, opening, &m.member)?,
        SignedIn::Seat(s) if s.company.id == opening.company => {
            (None, OpeningAction::Own { href: format!("/company/openings/{}", opening.id) }, None)
        }
        _ => (None, of_others(opening, reader, now), None),
    };
    let terms = &opening.terms;
    Ok(OpeningPage {
        id: opening.id.as_str().to_owned(),
        title: terms.title.clone(),
        kind: words::kind_class(terms.kind).to_owned(),
        kind_label: terms.kind.label().to_owned(),
        company: opening.company_name.clone(),
        company_href: format!("/companies/{}", opening.company_slug),
        company_verified: opening.liveness.company_good,
        place: words::place(terms),
        confirmed: if live { words::confirmed(opening, now) } else { "No longer open".to_owned() },
        closes: live.then(|| format!("Closes {}", words::day(terms.closes_on))),
        fit: verdict.as_ref().map(words::fit_tag),
        facts: words::facts(terms),
        description: terms.description.clone(),
        checks: verdict.as_ref().map(|v| v.reasons().iter().map(words::check).collect()).unwrap_or_default(),
        asks: asks(terms, &rules),
        action,
        decline_action,
        why_href: matches!(reader, SignedIn::Member(_)).then(|| format!("/openings/{}/why", opening.id)),
        report_href: matches!(reader, SignedIn::Member(_)).then(|| format!("/disputes/new?opening={}", opening.id)),
        back_href,
        back_label: back_label.to_owned(),
        similar: similar(conn, app, opening)?,
    })
}

fn closed(opening: &Opening, now: DateTime<Utc>) -> Option<OpeningAction> {
    opening.liveness.why_not(now).map(|why| OpeningAction::Closed {
        // While an edit waits for review the reader is not told more than that.
        text: if opening.liveness.status == domain::opening::OpeningStatus::Submitted {
            "The company has changed it, and an admin has not read the change yet.".to_owned()
        } else {
            why.to_owned()
        },
    })
}

fn of_others(opening: &Opening, reader: &SignedIn, now: DateTime<Utc>) -> OpeningAction {
    if let Some(closed) = closed(opening, now) {
        return closed;
    }
    match reader {
        SignedIn::Visitor => OpeningAction::Visitor {
            join_href: "/join".to_owned(),
            sign_in_href: format!("/sign-in?{}", encode(&[("next", &format!("/openings/{}", opening.id))])),
        },
        _ => OpeningAction::Nothing,
    }
}

type ForMember = (Option<Verdict>, OpeningAction, Option<String>);

fn of_member(
    conn: &mut Conn,
    app: &App,
    rules: &Rulebook,
    opening: &Opening,
    member: &Member,
) -> Result<ForMember, AppError> {
    let now = app.now();
    if let Some(closed) = closed(opening, now) {
        return Ok((None, closed, None));
    }
    let who = store::profiles::candidates(conn, std::slice::from_ref(member))?.pop();
    let verdict = who.map(|who| check(rules, &opening.offer(), &who, now));
    let shared = store::introductions::of_member(conn, &member.id)?
        .into_iter()
        .find(|i| i.opening == opening.id && i.state_at(now) == IntroductionState::Active);
    if let Some(yes) = shared {
        let text =
            format!("Shared on {} until {}.", words::day(yes.created_at.date_naive()), words::moment(yes.expires_at));
        return Ok((verdict, OpeningAction::Shared { text }, None));
    }
    let missed = verdict.as_ref().and_then(|v| v.reasons().iter().find(|r| !r.met)).map(|r| r.text.clone());
    let action = match (waiting(member.standing), missed) {
        (Some(waiting), _) => waiting,
        (None, None) => OpeningAction::CanShare { href: format!("/consent/{}", opening.id) },
        (None, Some(rule)) => OpeningAction::NotEligible { rule },
    };
    let decline = match store::matches::of_pair(conn, &member.id, &opening.id, opening.revision) {
        Ok(found) if found.declined_at.is_none() && found.state != MatchState::Dropped => {
            Some(format!("/matches/{}/decline", found.id))
        }
        Ok(_) | Err(StoreError::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    Ok((verdict, action, decline))
}

/// Why a member cannot say yes to anything now.
fn waiting(standing: MemberStanding) -> Option<OpeningAction> {
    let (text, link) = match standing {
        MemberStanding::Active => return None,
        MemberStanding::Pending => (
            "An admin has not approved your membership yet.",
            Some(Link::new("/profile", "Fill in your profile meanwhile")),
        ),
        MemberStanding::Paused => ("You have paused everything.", Some(Link::new("/account", "Resume on Account"))),
        MemberStanding::Suspended | MemberStanding::Rejected => ("Your membership is not active.", None),
    };
    Some(OpeningAction::Waiting { text: text.to_owned(), link })
}

/// What the opening asks of anyone, for readers without a profile.
fn asks(terms: &Terms, rules: &Rulebook) -> Vec<Check> {
    let ask = |title: &str, text: String| Check { title: title.to_owned(), text, ..Check::default() };
    let mut all = vec![ask("Specialty", words::specialties(terms)), ask("Licence", words::licence(terms))];
    let mut keys: Vec<&str> = Vec::new();
    if terms.kind == domain::Kind::Qme {
        keys.push(CA_QME);
    }
    keys.extend(terms.certification.required.as_deref().filter(|k| *k != CA_QME));
    if !keys.is_empty() {
        let names = keys.iter().map(|k| rules.name(k)).collect::<Vec<_>>().join(" and ");
        let way = if terms.certification.takes_candidates { "; physicians on the way may answer too" } else { "" };
        all.push(ask("Certification", format!("{names}{way}")));
    } else if terms.comp_related {
        all.push(ask("Certification", "What the state asks for workers’ compensation evaluations".to_owned()));
    }
    let requires = &terms.requires;
    let mut other = Vec::new();
    if requires.board_certified {
        other.push("board certification".to_owned());
    }
    if requires.min_years > 0 {
        other.push(format!("{} years in practice", requires.min_years));
    }
    other.extend(requires.languages.iter().map(|l| format!("the language {l}")));
    other.extend(requires.provider_classes.iter().map(|class| match class {
        ProviderClass::MdDo => "a physician (MD or DO)".to_owned(),
        ProviderClass::NonMd => "a provider other than MD or DO".to_owned(),
    }));
    if !other.is_empty() {
        all.push(ask("Other requirements", other.join(", ")));
    }
    all
}
