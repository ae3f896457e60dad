//! Text that would break a mail apart, in what mails are made of.

use chrono::Duration;
use harness::{
    app::TestApp,
    client::Reply,
    factory,
    journeys::{self, text},
    on_both,
    smtp_peer::Mail,
};
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";
const OLIVE: &str = "olive@kern.example";

/// What stands for what; each is taken literally, white space folded, or refused.
fn values() -> Vec<(&'static str, String)> {
    let mut values: Vec<(&'static str, String)> = [
        ("carriage return and line feed", "Exams\r\nBcc: eve@evil.example\r\n\r\nbody"),
        ("line feed", "Exams\nBcc: eve@evil.example"),
        ("carriage return", "Exams\rBcc: eve@evil.example"),
        ("zero", "Exams\u{0}more"),
        ("escape", "Exams\u{1b}[31mred"),
        ("loop of a template", "{{#each this}}{{this}}{{/each}}"),
        ("raw of a template", "{{{link}}} {{> layouts/mail}} {{lookup this 'x'}}"),
        ("end of a mail", ".\r\n.\r\nMAIL FROM:<eve@evil.example>"),
        ("dots", "..\n.\n.dot"),
        ("end of the headers", "Exams\r\n\r\n--rosterline-x--"),
        ("separator of lines", "Exams\u{2028}Bcc: eve@evil.example"),
        ("turned direction", "Exams \u{202e}elpmaxe.live"),
        ("isolated direction", "Exams \u{2067}live\u{2069}"),
        ("emoji", "Exams 🩺👩\u{200d}⚕\u{fe0f} São Paulo"),
        ("encoded word", "=?utf-8?q?=0D=0ABcc:_eve=40evil.example?="),
        ("percent", "Exams %0d%0aBcc: eve@evil.example"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec();
    values.push(("a long line", "x".repeat(2_000)));
    values.push(("a long line of words", "word ".repeat(400)));
    values
}

fn folded(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether it was taken; a refusal names the field.
fn taken(reply: Reply, field: &str, name: &str) -> bool {
    if (200..300).contains(&reply.status) {
        return true;
    }
    assert_eq!(reply.wrong_fields(), [field], "{name}");
    false
}

/// One mail as it must be, whatever stands in it: one of each header, one recipient, two parts.
fn whole(mail: &Mail, to: &str, name: &str) {
    let letter = mail.letter();
    for header in ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"] {
        let count = letter.headers.iter().filter(|(one, _)| one.eq_ignore_ascii_case(header)).count();
        assert_eq!(count, 1, "{name}: {header}");
    }
    let strange =
        letter.headers.iter().any(|(one, _)| ["bcc", "cc", "reply-to"].contains(&one.to_lowercase().as_str()));
    assert!(!strange, "{name}: {:?}", letter.headers);
    assert_eq!(letter.header("To"), Some(to), "{name}");
    assert_eq!(mail.to, [to], "{name}");
    assert!(letter.text.is_some() && letter.html.is_some(), "{name}");
    let raw = String::from_utf8(mail.raw.clone()).expect("ASCII");
    assert!(
        raw.is_ascii() && raw.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])),
        "{name}"
    );
}

/// The mails that came to somebody since there were so many; each is whole.
fn since(app: &TestApp, to: &str, before: usize, name: &str) -> Vec<Mail> {
    let mails: Vec<Mail> = app.mail.mails_to(to).into_iter().skip(before).collect();
    mails.iter().for_each(|mail| whole(mail, to, name));
    mails
}

/// That exactly one mail says this, folded as subjects are.
fn told_once(mails: &[Mail], words: &str, name: &str) {
    let says = |mail: &&Mail| {
        let letter = mail.letter();
        [letter.subject(), letter.text.as_deref().unwrap_or_default()].iter().any(|text| folded(text).contains(words))
    };
    assert_eq!(mails.iter().filter(says).count(), 1, "{name}: {words:?} in {mails:?}");
}

on_both! {
    /// T28: the name of a company in the mails to its people.
    async fn t28_a_companys_name_breaks_no_mail(database) {
        let app = TestApp::start(database).await;
        let mut accepted = 0;
        for (n, (name, value)) in values().into_iter().enumerate() {
            let email = format!("olive{n}@kern.example");
            let reply = app.visitor().post("/companies", &factory::company(&value, &email).json()).await;
            if !taken(reply, "name", name) {
                continue;
            }
            accepted += 1;
            app.settle().await;
            let admin = app.admin().await;
            let id = journeys::waiting(&admin, "company").await;
            let before = app.mail.mails_to(&email).len();
            let body = json!({ "accept_spotted": true, "reason": "For the test." });
            admin.post(&format!("/admin/companies/{id}/approve"), &body).await.ok();
            app.settle().await;
            let mails = since(&app, &email, before, name);
            assert_eq!(mails.len(), 1, "{name}");
            told_once(&mails, &folded(&value), name);
        }
        assert!(accepted >= 8, "{accepted}");
    }
}

on_both! {
    /// T28: title and text of an opening, and an admin's reason, in the mails to the company and to a member.
    async fn t28_an_opening_breaks_no_mail(database) {
        let app = TestApp::start(database).await;
        journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let mut company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        let mut accepted = 0;
        for (name, value) in values() {
            // Only so many mails of an alert go out on one day.
            app.advance(Duration::days(1)).await;
            company.api = company.api.refreshed().await;
            let admin = app.admin().await;
            let draft = |field: &str| factory::bakersfield_opening().set(field, value.as_str()).json();
            taken(company.api.post("/company/openings", &draft("/description")).await, "description", name);
            taken(company.api.post("/company/openings", &draft("/volume")).await, "volume", name);
            let reply = company.api.post("/company/openings", &draft("/title")).await;
            let reason = json!({ "reason": value });
            if !taken(reply.clone(), "title", name) {
                let other = journeys::submitted_opening(&company, &factory::bakersfield_opening()).await;
                taken(admin.post(&format!("/admin/openings/{other}/return"), &reason).await, "reason", name);
                continue;
            }
            accepted += 1;
            let id = text(&reply.ok()["id"]);
            company.api.act(&format!("/company/openings/{id}/submit")).await.ok();
            app.settle().await;
            let before = [OLIVE, JANE].map(|to| app.mail.mails_to(to).len());
            if taken(admin.post(&format!("/admin/openings/{id}/return"), &reason).await, "reason", name) {
                company.api.act(&format!("/company/openings/{id}/submit")).await.ok();
                app.settle().await;
                let mails = since(&app, OLIVE, before[0], name);
                assert_eq!(mails.len(), 1, "{name}");
                told_once(&mails, &folded(&value), name);
            }
            let body = json!({ "accept_spotted": true, "reason": "For the test." });
            admin.post(&format!("/admin/openings/{id}/approve"), &body).await.ok();
            app.settle().await;
            let mails = since(&app, JANE, before[1], name);
            assert_eq!(mails.len(), 1, "{name}");
            told_once(&mails, &folded(&value), name);
            company.api.act(&format!("/company/openings/{id}/close")).await.ok();
        }
        assert!(accepted >= 8, "{accepted}");
    }
}

on_both! {
    /// T28: the name of an alert in the mail it makes.
    async fn t28_an_alerts_name_breaks_no_mail(database) {
        let app = TestApp::start(database).await;
        let mut member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let mut company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        let first = text(&member.api.get("/me/alerts").await.items()[0]["id"]);
        let mut accepted = 0;
        for (name, value) in values() {
            app.advance(Duration::days(1)).await;
            (member.api, company.api) = (member.api.refreshed().await, company.api.refreshed().await);
            let body: Value = json!({ "name": value });
            if !taken(member.api.put(&format!("/me/alerts/{first}"), &body).await, "name", name) {
                continue;
            }
            accepted += 1;
            let before = app.mail.mails_to(JANE).len();
            journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
            let mails = since(&app, JANE, before, name);
            assert_eq!(mails.len(), 1, "{name}");
            told_once(&mails, &folded(&value), name);
        }
        assert!(accepted >= 8, "{accepted}");
    }
}
