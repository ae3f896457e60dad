//! What leaves, judged by programs that are not ours: Python's mail library, dkimpy and SpamAssassin.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::mail::MailKind;
use harness::{
    app::TestApp,
    database::Database,
    factory, journeys, long_story, on_both,
    settings::{find_command, not_run},
};
use rosterline::mail::compose::Sender;
use rosterline::mail::dkim_key::{self, KeyKind};

/// Headers that mails of ours have, and no others.
const HEADERS: [&str; 13] = [
    "dkim-signature",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
    "mime-version",
    "content-type",
];

/// Signs with both kinds of key.
fn keys(dir: &Path) -> [PathBuf; 2] {
    let files = [dir.join("rsa.pem"), dir.join("ed.pem")];
    let kinds = [(KeyKind::Rsa, "rosterline"), (KeyKind::Ed25519, "rosterline-ed25519")];
    for (file, (kind, selector)) in files.iter().zip(kinds) {
        let record = dkim_key::create(file, kind).expect("a key");
        let name = format!("{selector}._domainkey.rosterline.example");
        std::fs::write(dir.join(format!("{name}.txt")), record).expect("a record");
    }
    files
}

/// Runs tests/mail_check.py over the mails of a folder; says so where its parts are missing. SpamAssassin judges only
/// what somebody would write.
fn check(dir: &Path, spam: bool) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = here.join(".venv/bin/python3");
    if !python.exists() {
        return not_run("dkimpy", "tests/.venv is not there; tests/run makes it");
    }
    let mut run = Command::new(python);
    run.arg(here.join("mail_check.py")).arg(dir);
    match find_command("spamassassin") {
        Some(program) if spam => drop(run.arg("--spamassassin").arg(program)),
        None if spam => not_run("SpamAssassin", "it is not installed"),
        _ => {}
    }
    let done = run.output().expect("Python starts");
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}");
}

fn keep(dir: &Path, name: &str, raw: &[u8]) {
    std::fs::write(dir.join(format!("{name}.eml")), raw).expect("a mail");
}

/// The mails of a story, by the kind their rows say; of one kind only the first, since SpamAssassin takes seconds.
async fn by_kind(app: &TestApp) -> BTreeMap<String, Vec<u8>> {
    let rows = app.running().app().read(|conn, app| {
        use diesel::prelude::*;
        use store::schema::outbox::dsl;
        let sender = Sender::parse(&app.config.mail_from).expect("a sender");
        let rows: Vec<(String, String)> = dsl::outbox
            .filter(dsl::state.eq("accepted"))
            .select((dsl::id, dsl::kind))
            .load(conn)
            .map_err(store::StoreError::from)?;
        let named = |(id, kind): (String, String)| {
            let id = domain::MailId::parse(&id).expect("a mail id");
            (sender.message_id(&app.vault, &id), kind)
        };
        Ok(rows.into_iter().map(named).collect::<BTreeMap<_, _>>())
    });
    let kinds = rows.await.expect("the database answers");
    let mut found = BTreeMap::new();
    for mail in app.mail.mails() {
        let id = mail.letter().header("Message-ID").expect("an id").to_owned();
        let kind = kinds.get(&id).unwrap_or_else(|| panic!("{id} is of no row"));
        found.entry(kind.clone()).or_insert(mail.raw);
    }
    found
}

/// Every kind of mail, signed by both keys: sound to Python's mail library, verified by dkimpy, and no spam.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_18_every_mail_is_sound_to_other_programs() {
    let dir = tempfile::tempdir().expect("a folder");
    let [rsa, ed] = keys(dir.path());
    let app = TestApp::builder(Database::Sqlite)
        .config(move |config| (config.dkim_key_file, config.dkim_ed25519_key_file) = (Some(rsa), Some(ed)))
        .start()
        .await;
    let story = long_story::play(&app).await;
    long_story::silence(&app, &story).await;
    let mails = by_kind(&app).await;
    let never: Vec<_> = MailKind::ALL.iter().filter(|kind| !mails.contains_key(kind.as_str())).collect();
    assert!(never.is_empty(), "tests/src/long_story.rs does not come to these mails: {never:?}");
    for (kind, raw) in &mails {
        keep(dir.path(), kind, raw);
    }
    check(dir.path(), true);
}

on_both! {
    /// Names and texts that try to make a header, run from right to left, hold emoji or are as long as they may be: no
    /// header comes of them, every line is folded as it must be, and the signatures hold.
    async fn mail_18_no_text_makes_a_header(database) {
        let dir = tempfile::tempdir().expect("a folder");
        let [rsa, ed] = keys(dir.path());
        let app = TestApp::builder(database)
            .config(move |config| (config.dkim_key_file, config.dkim_ed25519_key_file) = (Some(rsa), Some(ed)))
            .start()
            .await;
        let member = journeys::alerted_member(&app, "Jane Rivera", "jane@clinic.example", &factory::california_qme()).await;
        let alerts = member.api.get("/me/alerts").await.items();
        let alert = journeys::text(&alerts[0]["id"]);
        let odd = "Ünïcode 🩺 \u{202e}kcab\u{202c} =?utf-8?q?Bcc=3A?= \"x\" <a@b.example>";
        let named = serde_json::json!({ "name": odd });
        let said = member.api.put(&format!("/me/alerts/{alert}"), &named).await;
        assert!(said.status < 500, "{}", said.text());
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        for (n, name) in ["Evil\r\nBcc: x@evil.example", "שלום 🩺 Évaluations", &"Long ".repeat(60)].iter().enumerate() {
            let changed = company.api.patch("/company", &serde_json::json!({ "name": name })).await;
            assert!(changed.status < 500, "{n}: {}", changed.text());
            for title in ["QME\r\nX-Evil: yes", "פאנל 🩺 \u{202e}lenap\u{202c} QME", &"A panel of evaluators ".repeat(20)] {
                let draft = factory::bakersfield_opening().set("/title", title);
                let made = company.api.post("/company/openings", &draft.json()).await;
                assert!(made.status == 201 || made.status == 422, "{}", made.text());
                if made.status == 201 {
                    let id = journeys::text(&made.json()["id"]);
                    company.api.act(&format!("/company/openings/{id}/submit")).await;
                    app.settle().await;
                    let admin = app.admin().await;
                    let body = serde_json::json!({ "accept_spotted": true, "reason": "For the test." });
                    admin.post(&format!("/admin/openings/{id}/approve"), &body).await;
                    app.settle().await;
                }
            }
            app.forget_counts().await;
        }
        let mails = app.mail.mails();
        assert!(mails.len() > 5, "{}", mails.len());
        for (n, mail) in mails.iter().enumerate() {
            let letter = mail.letter();
            for (name, _) in &letter.headers {
                assert!(HEADERS.contains(&name.to_ascii_lowercase().as_str()), "{name}: {:?}", letter.headers);
            }
            assert!(mail.raw.split(|b| *b == b'\n').all(|line| line.len() <= 998));
            assert!(!letter.subject().contains(['\r', '\n']));
            keep(dir.path(), &n.to_string(), &mail.raw);
        }
        check(dir.path(), false);
    }
}
