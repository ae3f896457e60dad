//! Whoever owns an account hears of every change of its second factor.

use chrono::Duration;
use domain::contact::EmailAddress;
use harness::{
    app::TestApp,
    authenticator::{Authenticator, enrol},
    journeys, on_both,
    smtp_peer::{Mail, Peer},
};
use rosterline::usecases;
use serde_json::json;

use super::JANE;

const SUBJECTS: [&str; 4] = [
    "Your second step was set up",
    "Your recovery codes were replaced",
    "Your second step was switched off",
    "Your second step was taken off",
];

/// The mails about the second step so far.
fn told(peer: &Peer) -> Vec<Mail> {
    let mails = peer.mails_to(JANE).into_iter();
    mails.filter(|mail| SUBJECTS.contains(&mail.letter().subject())).collect()
}

on_both! {
    /// Set up, new codes, off, and taken off by the operator: one mail each, to the address on file, without any code.
    /// Nothing else sends one: not a key that waits for its first code, not a wrong code.
    async fn every_change_is_mailed_to_the_owner(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", JANE).await;
        let begun = member.api.act("/session/second-factor").await.with_status(201).json();
        let phone = Authenticator::of(&journeys::text(&begun["secret"]));
        let wrong = json!({ "totp": phone.wrong(app.now()) });
        member.api.post("/session/second-factor/confirm", &wrong).await.problem(422);
        app.settle().await;
        assert!(told(&app.mail).is_empty());

        let (phone, mut codes) = enrol(&app, &member.api).await;
        app.settle().await;
        assert_eq!(told(&app.mail).len(), 1);
        let renewed = member.api.act("/session/second-factor/recovery-codes").await.ok();
        codes.extend(renewed["recovery_codes"].as_array().expect("codes").iter().map(journeys::text));
        member.api.delete("/session/second-factor").await.with_status(204);
        app.advance(Duration::minutes(1)).await;
        enrol(&app, &member.api).await;
        let reset = app.running().app().write(|conn, app| {
            let email = EmailAddress::parse(JANE).expect("an address");
            let account = store::contacts::account_of(conn, &app.vault, &email)?.expect("an account");
            usecases::reset_second_factor(conn, &account, app.now())
        });
        reset.await.expect("taken off");
        app.settle().await;

        let told = told(&app.mail);
        let mut subjects: Vec<String> = told.iter().map(|mail| mail.letter().subject().to_owned()).collect();
        subjects.sort();
        assert_eq!(subjects, [SUBJECTS[1], SUBJECTS[0], SUBJECTS[0], SUBJECTS[2], SUBJECTS[3]]);
        codes.push(phone.secret);
        for mail in &told {
            let letter = mail.letter();
            let text = letter.text.clone().expect("a text part");
            assert!(text.contains("On 2 March 2026, 18:0") && text.contains("127.0.0.1"), "{text}");
            assert_eq!(letter.links().iter().filter(|link| !link.ends_with("/account")).count(), 0, "{text}");
            let raw = String::from_utf8_lossy(&mail.raw).into_owned();
            assert!(codes.iter().all(|code| !raw.contains(code) && !text.contains(code)));
        }
    }
}
