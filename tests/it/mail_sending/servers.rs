//! Servers that end connections, answer late or not at all.

use std::time::Duration as Wait;

use chrono::Duration;
use domain::mail::{Bucket, MailKind, MailState};
use harness::{
    app::{ADMIN, TestApp},
    crowd,
    database::Database,
    on_both,
    smtp_peer::{Door, Gate, Peer, Play},
};
use rosterline::config::SmtpWaits;

use super::{addresses, each_once, id_of, until_taken};

on_both! {
    /// 421 after five mails on a connection, in the middle of a run: all arrive once, and a new connection is made for
    /// every five. A host that asks for less is slowed down, and nobody else.
    async fn mail_01_a_server_that_ends_connections_gets_all_mail_once(database) {
        let peer = Peer::builder().per_connection(5, "421 4.7.0 too many mails on this connection");
        let app = TestApp::builder(database).smtp(peer).start().await;
        let hosts = [addresses("gmail.com", 30), addresses("clinic.example", 30)].concat();
        let people = crowd::join(&app, 1, hosts).await;
        crowd::queue(&app, 2, MailKind::MemberApproved, &people).await;
        app.settle().await;
        until_taken(&app, 60, 180).await;
        assert_eq!(each_once(&app), 60);
        let made = app.mail.connections();
        assert!((12..=60).contains(&made), "{made} connections for 60 mails, five on each");
    }
}

on_both! {
    /// Only the host that asked for less waits.
    async fn mail_01_only_the_host_that_asks_for_less_is_slowed(database) {
        let app = TestApp::start(database).await;
        app.mail.refuse("@gmail.com", "450 4.7.28 unusual rate", 1);
        let gmail = crowd::join(&app, 1, addresses("gmail.com", 12)).await;
        let others = crowd::join(&app, 2, addresses("clinic.example", 40)).await;
        crowd::queue(&app, 3, MailKind::MemberApproved, &gmail[..1]).await;
        app.settle().await;
        let pace = &app.running().app().post.pace;
        assert_eq!(pace.rate(Bucket::Gmail, app.now()), Some(30.0), "half of what is assumed");
        assert_eq!(pace.rate(Bucket::Other, app.now()), None);

        crowd::queue(&app, 4, MailKind::MemberApproved, &[&gmail[1..], &others[..]].concat()).await;
        app.settle().await;
        assert_eq!(app.mail.mails().iter().filter(|mail| mail.to[0].ends_with("@clinic.example")).count(), 40);
        let early = app.mail.mails().iter().filter(|mail| mail.to[0].ends_with("@gmail.com")).count();
        assert!(early <= 1, "{early} went to the host that asked for less, at once");
        until_taken(&app, 52, 30).await;
        assert_eq!(each_once(&app), 52);
        app.advance(Duration::hours(2)).await;
        assert_eq!(app.running().app().post.pace.rate(Bucket::Gmail, app.now()), None, "it has all of it again");
    }
}

on_both! {
    /// The server takes a mail and never says so: it goes out once more, a quarter of an hour later, the same to the last
    /// byte. One that the server hung up on before the body is simply sent again.
    async fn mail_02_a_mail_nobody_can_vouch_for_goes_out_once_more(database) {
        let app = TestApp::start(database).await;
        let people = crowd::join(&app, 1, addresses("clinic.example", 3)).await;

        app.mail.play_next(Play::DropAfterDot);
        let taken = crowd::queue(&app, 2, MailKind::MemberApproved, &people[..1]).await;
        app.settle().await;
        let stands = crowd::stands(&app, &taken[0]).await;
        assert_eq!((stands.state, stands.attempts), (MailState::Ambiguous, 1));
        app.advance(Duration::minutes(14)).await;
        assert_eq!(app.mail.mails().len(), 1, "not before its time");
        app.advance(Duration::minutes(1)).await;
        let mails = app.mail.mails();
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[0].raw, mails[1].raw, "the same to the last byte");
        assert_eq!(crowd::stands(&app, &taken[0]).await.state, MailState::Accepted);

        app.mail.play_next(Play::DropAtData);
        let dropped = crowd::queue(&app, 3, MailKind::MemberApproved, &people[1..2]).await;
        app.settle().await;
        assert_eq!(crowd::stands(&app, &dropped[0]).await.state, MailState::Deferred);
        app.advance(Duration::minutes(1)).await;
        assert_eq!(crowd::stands(&app, &dropped[0]).await.state, MailState::Accepted);
        assert_eq!(app.mail.mails_to("p1@clinic.example").len(), 1);

        // Twice in doubt is for an admin to decide.
        app.mail.play_next(Play::DropAfterDot);
        let doubted = crowd::queue(&app, 4, MailKind::MemberApproved, &people[2..]).await;
        app.settle().await;
        app.mail.play_next(Play::DropInData);
        app.advance(Duration::minutes(15)).await;
        assert_eq!(crowd::stands(&app, &doubted[0]).await.state, MailState::Dead);
        app.advance(Duration::hours(5)).await;
        assert_eq!(app.mail.mails_to("p2@clinic.example").len(), 1);
        app.admin().await.act(&format!("/admin/mail/{}/retry", doubted[0])).await.ok();
        app.settle().await;
        let copies = app.mail.mails_to("p2@clinic.example");
        assert_eq!((copies.len(), &copies[0].raw), (2, &copies[1].raw));
    }
}

on_both! {
    /// What somebody waits for is sent again at once.
    async fn mail_02_a_sign_in_link_does_not_wait(database) {
        let app = TestApp::start(database).await;
        let people = crowd::join(&app, 1, addresses("clinic.example", 1)).await;
        app.mail.play_next(Play::DropAfterDot);
        crowd::queue(&app, 2, MailKind::SignIn, &people).await;
        app.settle().await;
        let mails = app.mail.mails();
        assert_eq!((mails.len(), id_of(&mails[0])), (2, id_of(&mails[1])));
    }
}

/// Waits short enough for a test.
fn short(step: u64, finish: u64) -> SmtpWaits {
    let wait = Wait::from_millis;
    SmtpWaits { connect: wait(1_000), hello: wait(finish), step: wait(step), finish: wait(finish) }
}

on_both! {
    /// Every reply is late, and one comes after its time-out: that connection is never used again, so no mail is booked by
    /// the answer to another.
    async fn mail_05_no_mail_is_booked_by_the_answer_to_another(database) {
        let gate = Gate::closed();
        let peer = Peer::builder().play(Play::Hold(gate.clone()));
        let waits = short(2_000, 600);
        let app = TestApp::builder(database).smtp(peer).config(move |config| config.smtp_waits = waits).start().await;
        let people = crowd::join(&app, 1, addresses("clinic.example", 8)).await;
        let held = crowd::queue(&app, 2, MailKind::MemberApproved, &people[..1]).await;
        app.settle().await;
        assert_eq!(crowd::stands(&app, &held[0]).await.state, MailState::Ambiguous);
        gate.open();
        for _ in 0..3 {
            app.mail.play_next(Play::RefuseData("554 5.6.0 not this one"));
        }
        let refused = crowd::queue(&app, 3, MailKind::MemberApproved, &people[1..4]).await;
        app.settle().await;
        for mail in &refused {
            let stands = crowd::stands(&app, mail).await;
            assert_eq!((stands.state, stands.last_code.as_deref()), (MailState::Dead, Some("554 5.6.0")));
        }
        for _ in 0..4 {
            app.mail.play_next(Play::Slow(Wait::from_millis(150)));
        }
        let slow = crowd::queue(&app, 4, MailKind::MemberApproved, &people[4..]).await;
        app.settle().await;
        for mail in &slow {
            assert_eq!(crowd::stands(&app, mail).await.state, MailState::Accepted, "slow is not dead");
        }
        // As many mails stand as accepted as have got their own yes.
        let taken = crowd::count(&app, MailState::Accepted).await;
        assert_eq!(app.mail.mails().len(), usize::try_from(taken).unwrap() + 1, "and the one in doubt");
        app.leaves_jobs();
    }
}

on_both! {
    /// A server that never greets: no mail loses a try, hardly any connection is made, and what somebody waits for goes
    /// first when it is back.
    async fn mail_06_a_silent_server_costs_no_mail_a_try(database) {
        out_of_reach(database, Door::Silent).await;
    }
}

on_both! {
    /// The same of one that hangs up at once.
    async fn mail_06_a_server_that_hangs_up_costs_no_mail_a_try(database) {
        out_of_reach(database, Door::Slams).await;
    }
}

async fn out_of_reach(database: Database, door: Door) {
    let waits = short(1_000, 300);
    let app = TestApp::builder(database).config(move |config| config.smtp_waits = waits).start().await;
    let people = crowd::join(&app, 1, addresses("clinic.example", 60)).await;
    app.mail.set_door(door);
    let mails = crowd::queue(&app, 2, MailKind::MemberApproved, &people).await;
    app.settle().await;
    app.advance(Duration::minutes(10)).await;
    app.advance(Duration::minutes(10)).await;
    let link = crowd::queue(&app, 3, MailKind::SignIn, &people[59..]).await;
    app.settle().await;
    let tried = app.mail.connections();
    assert!((1..=8).contains(&tried), "{tried} connections for a server out of reach");
    for mail in mails.iter().chain(&link) {
        let stands = crowd::stands(&app, mail).await;
        assert_eq!((stands.state, stands.attempts), (MailState::Queued, 0), "{:?}", stands.last_code);
    }
    let metrics = app.admin().await.send(reqwest::Method::GET, "/metrics", None).await.text();
    assert!(metrics.contains("rosterline_mail_server_unreachable 1"), "{metrics}");
    app.mail.set_door(Door::Open);
    app.advance(Duration::minutes(5)).await;
    assert_eq!(each_once(&app), 61);
    let subjects: Vec<String> = app.mail.mails().iter().take(4).map(|m| m.letter().subject().to_owned()).collect();
    assert!(subjects.iter().any(|subject| subject.contains("sign-in")), "the link is among the first: {subjects:?}");
    // Nothing of it remains for the next person.
    app.mailed_link(ADMIN).await;
}
