//! The story in a real browser, and the pages as people with aids meet them.

mod hostile;
mod mails;

use harness::{
    app::{ADMIN, TestApp},
    browser::{self, Browser, axe, fits_width},
    client::path_of,
    database::Database,
    factory, journeys, settings,
};
use thirtyfour::prelude::*;

const PHONE: (u32, u32) = (390, 844);
const DESK: (u32, u32) = (1280, 900);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_is_posted_approved_shared_and_taken_back() {
    let Some(browser) = started() else { return };
    let app = TestApp::start(Database::Sqlite).await;
    let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
    journeys::fill_in(&member, "Jane Rivera", &factory::california_qme()).await;
    let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;

    let link = app.operator_link(&company.email).await;
    browser
        .with_page(DESK, async |page| {
            sign_in(page, &app, &link).await?;
            post_opening(page, &app).await
        })
        .await;
    app.settle().await;

    let admin = app.admin().await;
    let opening = journeys::waiting(&admin, "opening").await;
    let link = app.operator_link(ADMIN).await;
    browser
        .with_page(DESK, async |page| {
            sign_in(page, &app, &link).await?;
            open(page, &app, &format!("/admin/openings/{opening}")).await?;
            press(page, &format!("/admin/openings/{opening}/approve")).await
        })
        .await;
    app.settle().await;

    let link = app.operator_link(&member.email).await;
    browser
        .with_page(PHONE, async |page| {
            sign_in(page, &app, &link).await?;
            consent(page, &app, &opening).await
        })
        .await;
    app.settle().await;

    let shared = company.api.get("/company/introductions").await.items();
    let shared = journeys::text(&shared.first().expect("an introduction")["id"]);
    let contact = format!("/company/contacts/{shared}");
    let link = app.operator_link(&company.email).await;
    let seen = browser
        .with_page(DESK, async |page| {
            sign_in(page, &app, &link).await?;
            open(page, &app, &contact).await?;
            body(page).await
        })
        .await;
    assert!(seen.contains("Jane Rivera") && seen.contains("jane@clinic.example"), "{seen}");
    assert!(!seen.contains("661-555-0143"), "the phone was not chosen");

    let link = app.operator_link(&member.email).await;
    browser
        .with_page(PHONE, async |page| {
            sign_in(page, &app, &link).await?;
            open(page, &app, &format!("/introductions/{shared}/revoke")).await?;
            press(page, &format!("/introductions/{shared}/revoke")).await
        })
        .await;
    company.api.get(&format!("/company/introductions/{shared}")).await.problem(410);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_have_no_barriers_on_phone_and_desk() {
    let Some(browser) = started() else { return };
    let app = TestApp::start(Database::Sqlite).await;
    let profile = factory::california_qme();
    let member = journeys::alerted_member(&app, "Jane Rivera", "jane@clinic.example", &profile).await;
    let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
    let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
    let opening_page = format!("/openings/{}", opening.id);
    let consent_page = format!("/consent/{}", opening.id);
    let report_page = format!("/disputes/new?opening={}", opening.id);
    let visits: [(Option<&str>, Vec<&str>); 4] = [
        (
            None,
            vec!["/", "/openings", &opening_page, "/how-it-works", "/for-companies", "/join", "/sign-in", "/privacy"],
        ),
        (
            Some(&member.email),
            vec![
                "/matches",
                "/alerts",
                "/permissions",
                "/permissions/as-companies-see-me",
                "/disputes",
                &report_page,
                "/ledger",
                "/profile",
                "/profile/edit",
                "/account",
                &consent_page,
            ],
        ),
        (Some(&company.email), vec!["/company", "/company/openings/new", "/company/contacts", "/company/disputes"]),
        (
            Some(ADMIN),
            vec!["/admin", "/admin/queue", "/admin/matches", "/admin/members", "/admin/companies", "/admin/mail"],
        ),
    ];
    let mut faults = Vec::new();
    for (who, paths) in visits {
        for size in [PHONE, DESK] {
            let link = match who {
                Some(email) => Some(app.operator_link(email).await),
                None => None,
            };
            let found = browser.with_page(size, async |page| {
                if let Some(link) = &link {
                    sign_in(page, &app, link).await?;
                }
                let mut found = Vec::new();
                for path in &paths {
                    open(page, &app, path).await?;
                    let barriers = axe(page).await?;
                    found.extend(barriers.into_iter().map(|barrier| format!("{path} at {}: {barrier}", size.0)));
                    if !fits_width(page).await? {
                        found.push(format!("{path} at {}: wider than the window", size.0));
                    }
                    if page.find_all(By::Tag("h1")).await?.len() != 1 {
                        found.push(format!("{path}: not exactly one h1"));
                    }
                }
                Ok(found)
            });
            faults.extend(found.await);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn started() -> Option<Browser> {
    match browser::available() {
        Ok(()) => Some(Browser::start()),
        Err(why) => {
            settings::not_run("Chromium", &why);
            None
        }
    }
}

async fn open(page: &WebDriver, app: &TestApp, path: &str) -> WebDriverResult<()> {
    page.goto(format!("{}{}", app.base_url(), path_of(path))).await
}

/// Opens the one-time link and presses its button.
async fn sign_in(page: &WebDriver, app: &TestApp, link: &str) -> WebDriverResult<()> {
    open(page, app, link).await?;
    press(page, path_of(link)).await
}

async fn post_opening(page: &WebDriver, app: &TestApp) -> WebDriverResult<()> {
    open(page, app, "/company/openings/new").await?;
    choose(page, "kind", "qme").await?;
    fill(page, "title", "Orthopaedic QME evaluations in Bakersfield").await?;
    fill(page, "description", "Two days a month in an office near the courthouse. Records are sorted.").await?;
    choose(page, "specialty_1", "orthopaedic-surgery").await?;
    choose(page, "market_1", "bakersfield").await?;
    choose(page, "certification_required", "ca-qme").await?;
    choose(page, "pay_basis", "per_case").await?;
    fill(page, "pay_min", "1500").await?;
    fill(page, "closes_on", "2026-06-30").await?;
    press(page, "/company/openings/new").await?;
    // The page of the draft has the form that sends it for review, unless saving already did.
    let send = page.find_all(By::Css("form[action$='/submit'] button")).await?;
    match send.first() {
        Some(button) => leave_by(page, button).await,
        None => Ok(()),
    }
}

/// Two pages: what to share, then exactly what they get.
async fn consent(page: &WebDriver, app: &TestApp, opening: &str) -> WebDriverResult<()> {
    let path = format!("/consent/{opening}");
    open(page, app, &path).await?;
    for field in ["name", "email", "phone", "npi", "cv"] {
        let boxes = page.find_all(By::Css(format!("input[name='field'][value='{field}']"))).await?;
        for one in boxes {
            if one.is_selected().await? != ["name", "email"].contains(&field) {
                one.click().await?;
            }
        }
    }
    press(page, &path).await?;
    assert!(body(page).await?.contains("jane@clinic.example"), "the review shows what they get");
    press(page, &path).await
}

/// Sets a field the way its kind asks for; dates are set as a value, since typing one depends on
/// the language of the browser.
async fn fill(page: &WebDriver, name: &str, value: &str) -> WebDriverResult<()> {
    let field = page.find(By::Css(format!("main [name='{name}']"))).await?;
    if field.attr("type").await?.as_deref() == Some("date") {
        let script = "arguments[0].value = arguments[1];";
        page.execute(script, vec![field.to_json()?, value.into()]).await?;
        return Ok(());
    }
    field.clear().await?;
    field.send_keys(value).await
}

/// Picks from a list, or presses the radio button of that value.
async fn choose(page: &WebDriver, name: &str, value: &str) -> WebDriverResult<()> {
    let places =
        [format!("select[name='{name}'] option[value='{value}']"), format!("input[name='{name}'][value='{value}']")];
    page.find(By::Css(places.join(", "))).await?.click().await
}

/// Presses the first button of the form that goes to this path.
async fn press(page: &WebDriver, action: &str) -> WebDriverResult<()> {
    let button = page.find(By::Css(format!("form[action='{action}'] button"))).await?;
    leave_by(page, &button).await
}

/// Clicks, and waits until the old page is gone.
async fn leave_by(page: &WebDriver, button: &WebElement) -> WebDriverResult<()> {
    let old = page.find(By::Tag("html")).await?;
    button.click().await?;
    old.wait_until().stale().await
}

async fn body(page: &WebDriver) -> WebDriverResult<String> {
    page.find(By::Tag("body")).await?.text().await
}
