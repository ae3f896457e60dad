//! Mail that comes back, and what only looks like it.

use harness::{app::TestApp, on_both, smtp_peer::Mail};

use super::*;

const KEY: &str = "a-key-of-the-mail-server";

async fn start(database: harness::database::Database) -> TestApp {
    let with_key = |config: &mut rosterline::config::Config| {
        config.inbound_key = rosterline::config::InboundKey::parse(KEY).expect("a key");
        config.bounce_address = domain::contact::EmailAddress::parse("bounce@rosterline.example");
    };
    TestApp::builder(database).config(with_key).start().await
}

/// Hands a mail over as a mail server does; the status.
async fn hand_over(app: &TestApp, key: Option<&str>, raw: Vec<u8>) -> u16 {
    let request = reqwest::Client::new().post(format!("{}/mail/inbound", app.base_url())).body(raw);
    let request = key.map_or_else(
        || request.try_clone().expect("a request"),
        |key| request.try_clone().expect("a request").header("x-inbound-key", key),
    );
    request.send().await.expect("an answer").status().as_u16()
}

fn report(kind: &str, fields: &str, to: &str, original: &[u8]) -> Vec<u8> {
    let mut raw = format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: <{to}>\r\nSubject: Undelivered\r\nContent-Type: multipart/report;\r\n \
         report-type={kind}; boundary=\"r\"\r\n\r\n--r\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--r\r\n\
         Content-Type: message/{kind}\r\n\r\n{fields}\r\n--r\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    .into_bytes();
    raw.extend_from_slice(original);
    raw.extend_from_slice(b"\r\n--r--\r\n");
    raw
}

fn dsn(status: &str, to: &str, original: &[u8]) -> Vec<u8> {
    let fields = format!(
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {JANE}\r\nAction: failed\r\nStatus: {status}\r\n"
    );
    report("delivery-status", &fields, to, original)
}

async fn is_suppressed(app: &TestApp) -> bool {
    let found = app.running().app().read(|conn, app| {
        let address = domain::contact::EmailAddress::parse(JANE).expect("an address");
        let mark = store::contacts::EmailMark::of(&app.vault, &address);
        Ok(!store::suppressions::of(conn, &mark)?.is_empty())
    });
    found.await.expect("an answer")
}

async fn told(app: &TestApp) -> (Company, Mail) {
    let (_member, company) = (jane(app, instant()).await, kern(app).await);
    publish(app, &company, "The first").await;
    let mail = alerts(app, JANE).pop().expect("an alert");
    (company, mail)
}

on_both! {
    /// Without the key, forged, about nobody, too large, packed, or an out-of-office: nothing is suppressed, nothing is
    /// sent, and the server goes on.
    async fn mail_16_forged_reports_do_nothing(database) {
        let app = start(database).await;
        let (_company, mail) = told(&app).await;
        let sent = app.mail.mails().len();
        let good = dsn("5.1.1", "no-reply@rosterline.example", &mail.raw);
        assert_eq!(hand_over(&app, None, good.clone()).await, 403);
        assert_eq!(hand_over(&app, Some("another-key-of-this-length"), good.clone()).await, 403);
        let raw = String::from_utf8_lossy(&mail.raw).into_owned();
        let message_id = mail.letter().header("Message-ID").expect("one").to_owned();
        let forged = [
            dsn("5.1.1", "no-reply@rosterline.example", b"Subject: nothing\r\n\r\n"),
            dsn("5.1.1", "no-reply@rosterline.example", raw.replace(&message_id, "<abc@rosterline.example>").as_bytes()),
            dsn("5.1.1", "bounce+00000000000000000000000000000000aaaaaaaaaaaaaaaa@rosterline.example", b"\r\n"),
            dsn("4.4.7", "no-reply@rosterline.example", &mail.raw),
            dsn("5.7.1", "no-reply@rosterline.example", &mail.raw),
            report("delivery-status", "Action: delivered\r\nStatus: 2.0.0\r\n", "x@y.example", &mail.raw),
            [b"Auto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\n".as_slice(), &mail.raw].concat(),
            dsn("5.1.1", "x@y.example", "Content-Type: message/rfc822\r\n\r\n".repeat(30_000).as_bytes()),
            Vec::new(),
            vec![0xff; 1024 * 1024],
        ];
        for raw in forged {
            let start = String::from_utf8_lossy(&raw[..raw.len().min(300)]).into_owned();
            assert_eq!(hand_over(&app, Some(KEY), raw).await, 204, "{start}");
        }
        assert_eq!(hand_over(&app, Some(KEY), vec![b'x'; 10 * 1024 * 1024]).await, 413);
        // A loop of reports about reports.
        for _ in 0..20 {
            let inner = dsn("5.1.1", "x@y.example", b"Subject: a report\r\n\r\n");
            assert_eq!(hand_over(&app, Some(KEY), dsn("5.1.1", "x@y.example", &inner)).await, 204);
        }
        app.settle().await;
        assert!(!is_suppressed(&app).await);
        assert_eq!(app.mail.mails().len(), sent, "nobody was answered");
        app.visitor().send(reqwest::Method::GET, "/healthz", None).await.with_status(200);
    }
}

on_both! {
    /// A report that holds the mail itself, or that came to its return address, counts: no more mail goes there.
    async fn mail_16_a_report_of_our_own_mail_counts(database) {
        let app = start(database).await;
        let (company, mail) = told(&app).await;
        assert!(mail.from.starts_with("bounce+") && mail.from.ends_with("@rosterline.example"), "{}", mail.from);
        assert_eq!(hand_over(&app, Some(KEY), dsn("5.1.1", &mail.from, b"Subject: cut off\r\n\r\n")).await, 204);
        assert!(is_suppressed(&app).await);
        publish(&app, &company, "The second").await;
        app.advance(chrono::Duration::days(2)).await;
        assert_eq!(alerts(&app, JANE).len(), 1);
        let audit = app.admin().await.get("/admin/audit").await.items();
        let line = audit.iter().find(|line| line["action"] == "mail.report").expect("a line");
        assert_eq!(line["detail"], "hard_bounce");
    }
}

on_both! {
    /// A complaint (RFC 5965) ends all mail to the address.
    async fn mail_16_a_complaint_counts(database) {
        let app = start(database).await;
        let (company, mail) = told(&app).await;
        let fields = "Feedback-Type: abuse\r\nUser-Agent: Test/1.0\r\nVersion: 1\r\n";
        assert_eq!(hand_over(&app, Some(KEY), report("feedback-report", fields, "x@y.example", &mail.raw)).await, 204);
        assert!(is_suppressed(&app).await);
        publish(&app, &company, "The second").await;
        assert_eq!(alerts(&app, JANE).len(), 1);
    }
}

on_both! {
    /// Whoever has put it right asks for mail again on the page of the alerts: a link goes out, and alerts wait until it was
    /// used. A report that came before is no reason to hold it back again; the operator can lift it too.
    async fn mail_16_the_owner_asks_for_mail_again(database) {
        let app = start(database).await;
        let (company, mail) = told(&app).await;
        let mut browser = app.browser();
        browser.sign_in(&app.operator_link(JANE).await).await;
        assert!(!browser.get("/alerts").await.html.contains("/alerts/mail-again"));
        assert_eq!(hand_over(&app, Some(KEY), dsn("5.1.1", &mail.from, b"Subject: cut off\r\n\r\n")).await, 204);
        let page = browser.get("/alerts").await;
        assert!(page.text().contains("Mail to your address came back"), "{}", page.text());
        let before = app.mail.mails_to(JANE).len();
        let page = browser.send_and_follow(&page.form("/alerts/mail-again")).await;
        assert!(page.text().contains("Mail goes to your address again."), "{}", page.text());
        assert!(page.text().contains("Your e-mail address is not confirmed"), "{}", page.text());
        assert!(!is_suppressed(&app).await);
        app.settle().await;
        let link = app.mail.wait_for_link_to(JANE, before, "/mail/confirm/").await;
        let company = Company { api: app.sign_in(OWNER).await, ..company };
        publish(&app, &company, "Meanwhile").await;
        assert_eq!(alerts(&app, JANE).len(), 1, "it waits");
        let path = harness::client::path_of(&link).to_owned();
        let asks = browser.get(&path).await;
        browser.send(&asks.form(&path)).await;
        at(&app, "2026-03-03T07:21:00").await;
        assert_eq!(alerts(&app, JANE).len(), 2);
        assert!(last_text(&app).contains("Meanwhile"), "{}", last_text(&app));

        let lift = || app.running().app().write(|conn, app| {
            let email = domain::contact::EmailAddress::parse(OWNER).expect("an address");
            let owner = store::contacts::account_of(conn, &app.vault, &email)?.expect("the owner");
            rosterline::usecases::allow_mail(conn, &owner, app.now())
        });
        assert_eq!(lift().await.expect_err("nothing to lift").code(), "conflict");
        let approved = app.mail.mails_to(OWNER).pop().expect("a mail");
        assert_eq!(hand_over(&app, Some(KEY), dsn("5.1.1", &approved.from, b"Subject: cut off\r\n\r\n")).await, 204);
        lift().await.expect("lifted");
        app.sign_in(OWNER).await.get("/company").await.ok();
        let acts = app.admin().await.get("/admin/audit").await.items();
        let roles: Vec<_> = acts.iter().filter(|act| act["action"] == "mail.allow").map(|act| &act["role"]).collect();
        assert_eq!(roles, ["operator", "member"]);
    }
}
