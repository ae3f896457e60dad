//! One connection to a mail server and everything such a server does to it.

use harness::smtp_peer::{Peer, Play, Security};
use rosterline::{
    config::MailRoute,
    mail::{
        compose::{Sender, recipient},
        reply::{Fault, Outcome, Phase},
        smtp::{Line, Relay},
    },
};

/// A line to this peer; `query` is what follows the question mark of the URL.
fn line(peer: &Peer, scheme: &str, login: &str, query: &str) -> Line {
    let url = format!("{scheme}://{login}localhost:{}?{query}", peer.addr.port());
    let MailRoute::Smtp(server) = MailRoute::parse(Some(&url)).expect("a URL") else {
        panic!("{url} is no mail server");
    };
    Line::new(Relay::new(&server).expect("a relay"))
}

fn plain(peer: &Peer) -> Line {
    line(peer, "smtp", "", "tls=none")
}

async fn send(line: &mut Line, to: &str) -> Outcome {
    let sender = Sender::parse("Rosterline <no-reply@rosterline.example>").expect("a sender");
    let address = domain::contact::EmailAddress::parse(to).expect("an address");
    let to = recipient(&address).expect("an address");
    if let Err(outcome) = line.ready().await {
        return outcome;
    }
    line.send(sender.address(), &to, b"Subject: hi\r\n\r\n.dot\r\n").await
}

fn code(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused { phase, code, enhanced, permanent } => {
            let enhanced = enhanced.map(|e| format!(" {e}")).unwrap_or_default();
            assert_eq!(permanent, code >= 500);
            format!("{} {code}{enhanced}", phase.as_str())
        }
        other => panic!("{other:?} is no refusal"),
    }
}

fn connections(peer: &Peer) -> usize {
    peer.transcript().iter().filter(|l| l.starts_with("S: 220") && !l.contains("go ahead")).count()
}

#[tokio::test]
async fn a_message_arrives_as_it_was_made() {
    let peer = Peer::start().await;
    let mut line = plain(&peer);
    for n in 1..=3 {
        assert_eq!(send(&mut line, "jane@clinic.example").await, Outcome::Sent);
        let mails = peer.wait_for(n).await;
        assert_eq!(mails[n - 1].raw, b"Subject: hi\r\n\r\n.dot\r\n");
        assert_eq!(mails[n - 1].from, "no-reply@rosterline.example");
        assert_eq!(mails[n - 1].to, ["jane@clinic.example"]);
    }
    line.close().await;
    assert_eq!(connections(&peer), 1, "{:?}", peer.transcript());
    assert!(peer.transcript().contains(&"C: QUIT".to_owned()));
}

#[tokio::test]
async fn a_refusal_leaves_the_connection_in_step() {
    let peer = Peer::builder()
        .play(Play::RefuseRcpt("550 5.1.1 <jane@clinic.example> unknown"))
        .play(Play::RefuseRcpt("450 4.2.1 busy"))
        .play(Play::RefuseData("554 5.7.1 spam"))
        .start()
        .await;
    let mut line = plain(&peer);
    for want in ["rcpt 550 5.1.1", "rcpt 450 4.2.1", "body 554 5.7.1"] {
        assert_eq!(code(send(&mut line, "jane@clinic.example").await), want);
    }
    assert_eq!(send(&mut line, "jane@clinic.example").await, Outcome::Sent);
    assert_eq!(peer.wait_for(1).await.len(), 1);
    assert_eq!(connections(&peer), 1, "{:?}", peer.transcript());
}

/// This peer takes DATA even after it has refused MAIL.
#[tokio::test]
async fn nothing_not_even_an_empty_mail_is_left_with_a_server_that_refused_the_sender() {
    let play = Play::RefuseMail("550 5.7.1 not you");
    let peer = Peer::builder().play(play).start().await;
    let mut line = plain(&peer);
    let outcome = send(&mut line, "jane@clinic.example").await;
    assert_eq!(code(outcome), "mail 550 5.7.1");
    assert_eq!(send(&mut line, "jane@clinic.example").await, Outcome::Sent);
    let mails = peer.wait_for(1).await;
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].raw.is_empty());
}

#[tokio::test]
async fn without_an_answer_to_the_dot_nobody_knows() {
    for play in [Play::DropInData, Play::DropAfterDot, Play::RefuseData("354 what")] {
        let peer = Peer::builder().play(play.clone()).start().await;
        let mut line = plain(&peer);
        let outcome = send(&mut line, "jane@clinic.example").await;
        assert_eq!(outcome, Outcome::Ambiguous, "{play:?}");
        // The doubtful connection is gone; the next mail has its own answer.
        assert_eq!(send(&mut line, "jane@clinic.example").await, Outcome::Sent);
        assert_eq!(connections(&peer), 2, "{:?}", peer.transcript());
    }
}

#[tokio::test]
async fn a_server_that_is_not_ready_says_nothing_about_the_mail() {
    let peer =
        Peer::builder().play(Play::Greet("421 4.3.2 shutting down")).play(Play::Greet("554 5.3.2 never")).start().await;
    let mut line = plain(&peer);
    let outcome = send(&mut line, "jane@clinic.example").await;
    assert_eq!(outcome, Outcome::Infra(Fault::Greeting));
    assert_eq!(code(send(&mut line, "jane@clinic.example").await), "hello 554 5.3.2");
    assert_eq!(send(&mut line, "jane@clinic.example").await, Outcome::Sent);
}

#[tokio::test]
async fn a_connection_that_ended_while_it_rested_is_not_the_mails_fault() {
    let peer = Peer::builder()
        .play(Play::Accept)
        .play(Play::Greet("421 4.4.2 idle too long"))
        .play(Play::Greet("421 4.7.0 too much"))
        .start()
        .await;
    let mut line = plain(&peer);
    assert_eq!(send(&mut line, "jane@clinic.example").await, Outcome::Sent);
    let outcome = send(&mut line, "jane@clinic.example").await;
    assert_eq!(outcome, Outcome::Infra(Fault::Stale));
    // On a fresh connection it is the server's word.
    let outcome = send(&mut line, "jane@clinic.example").await;
    assert_eq!(outcome, Outcome::Infra(Fault::Greeting));
    assert_eq!(send(&mut line, "jane@clinic.example").await, Outcome::Sent);
}

#[tokio::test]
async fn nothing_listens() {
    let peer = Peer::start().await;
    let mut line = plain(&peer);
    drop(peer);
    let outcome = send(&mut line, "jane@clinic.example").await;
    assert!(matches!(outcome, Outcome::Infra(Fault::Connect | Fault::Dropped)), "{outcome:?}");
}

#[tokio::test]
async fn mail_goes_over_tls_that_the_client_trusts_or_not_at_all() {
    let dir = tempfile::tempdir().expect("a folder");
    for (security, scheme, query) in [
        (Security::StartTls, "smtp", "tls=required"),
        (Security::StartTls, "smtp", "tls=opportunistic"),
        (Security::Implicit, "smtps", ""),
    ] {
        let peer = Peer::builder().security(security).login("user", "pass").start().await;
        let file = dir.path().join(format!("{}.pem", peer.addr.port()));
        std::fs::write(&file, &peer.cert_pem).expect("a file");
        let trusting = format!("{query}&ca={}", file.display());
        let mut line_with_ca = line(&peer, scheme, "user:pass@", &trusting);
        let outcome = send(&mut line_with_ca, "jane@clinic.example").await;
        assert_eq!(outcome, Outcome::Sent, "{:?}", peer.transcript());
        let mail = peer.wait_for(1).await.remove(0);
        assert!(mail.tls);
        assert_eq!(mail.user.as_deref(), Some("user"));

        let mut stranger = line(&peer, scheme, "user:pass@", query);
        let outcome = send(&mut stranger, "jane@clinic.example").await;
        assert!(matches!(outcome, Outcome::Infra(_)), "{outcome:?}");
        assert_eq!(peer.mails().len(), 1, "nothing goes to a server nobody vouches for");
    }
}

#[tokio::test]
async fn a_password_never_goes_in_clear_by_accident() {
    for query in ["tls=required", "tls=opportunistic"] {
        let peer = Peer::builder().login("user", "pass").start().await;
        let mut line = line(&peer, "smtp", "user:pass@", query);
        let outcome = send(&mut line, "jane@clinic.example").await;
        assert_eq!(outcome, Outcome::Infra(Fault::Tls));
        assert!(!peer.transcript().iter().any(|l| l.contains("AUTH PLAIN ")));
    }
}

#[tokio::test]
async fn a_wrong_password_is_a_fault_of_the_settings() {
    let peer = Peer::builder().login("user", "pass").start().await;
    let mut wrong = line(&peer, "smtp", "user:no@", "tls=none");
    let outcome = send(&mut wrong, "jane@clinic.example").await;
    assert_eq!(code(outcome), "auth 535 5.7.8");
    let mut right = line(&peer, "smtp", "user:pass@", "tls=none");
    assert_eq!(send(&mut right, "jane@clinic.example").await, Outcome::Sent);
    assert!(matches!(
        send(&mut plain(&peer), "jane@clinic.example").await,
        Outcome::Refused { phase: Phase::Mail, code: 530, .. }
    ));
}
