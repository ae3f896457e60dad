//! The peer itself, spoken to by hand over TCP and TLS.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName},
};

use crate::smtp_peer::{Gate, Peer, Play, Security};

const MAIL: [&str; 4] = ["MAIL FROM:<a@x.example>", "RCPT TO:<b@y.example>", "DATA", "Subject: hi\r\n\r\n..dot\r\n."];

struct Talker<S>(BufStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Talker<S> {
    /// The whole reply, or nothing when the peer has closed.
    async fn reply(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await.unwrap_or(0) == 0 {
                return reply;
            }
            reply.push_str(&line);
            if line.get(3..4) != Some("-") {
                return reply;
            }
        }
    }

    async fn say(&mut self, line: &str) -> String {
        self.0.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
        self.reply().await
    }

    /// The first three characters of each reply to the four commands of a mail.
    async fn mail(&mut self) -> Vec<String> {
        let mut codes = Vec::new();
        for command in MAIL {
            codes.push(self.say(command).await.chars().take(3).collect());
        }
        codes
    }
}

async fn connect(peer: &Peer) -> Talker<TcpStream> {
    Talker(BufStream::new(TcpStream::connect(peer.addr).await.unwrap()))
}

async fn secure(peer: &Peer, stream: TcpStream) -> Talker<TlsStream<TcpStream>> {
    use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(peer.cert_pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    Talker(BufStream::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()))
}

#[tokio::test]
async fn a_mail_is_taken_and_kept() {
    let peer = Peer::start().await;
    let mut talker = connect(&peer).await;
    assert!(talker.reply().await.starts_with("220"));
    let offer = talker.say("EHLO me").await;
    assert!(offer.contains("PIPELINING") && !offer.contains("STARTTLS"), "{offer}");
    assert_eq!(talker.mail().await, ["250", "250", "354", "250"]);
    let mails = peer.wait_for(1).await;
    assert_eq!(mails[0].from, "a@x.example");
    assert!(mails[0].is_to("B@y.example") && !mails[0].tls);
    assert_eq!(mails[0].raw, b"Subject: hi\r\n\r\n.dot\r\n");
    assert_eq!(mails[0].letter().subject(), "hi");
    assert!(peer.transcript().contains(&"C: MAIL FROM:<a@x.example>".to_owned()));
}

#[tokio::test]
async fn commands_sent_at_once_are_answered_in_order() {
    let peer = Peer::start().await;
    let mut talker = connect(&peer).await;
    talker.reply().await;
    talker.say("EHLO me").await;
    assert!(talker.say(&MAIL[..3].join("\r\n")).await.starts_with("250 2.1.0"));
    assert!(talker.reply().await.starts_with("250 2.1.5"));
    assert!(talker.reply().await.starts_with("354"));
    assert!(talker.say(MAIL[3]).await.starts_with("250"));
    peer.wait_for_mail_to("b@y.example", 1).await;
}

#[tokio::test]
async fn refusals_are_played_once_each_and_in_order() {
    let plays = [
        (Play::RefuseMail("421 4.3.0 later"), ["421", "250", "354", "250"]),
        (Play::RefuseRcpt("550 5.1.1 unknown"), ["250", "550", "503", "502"]),
        (Play::RefuseData("452 4.3.1 full"), ["250", "250", "354", "452"]),
        (Play::Accept, ["250", "250", "354", "250"]),
    ];
    let peer = Peer::start().await;
    for (play, _) in &plays[..3] {
        peer.play_next(play.clone());
    }
    for (play, codes) in plays {
        let mut talker = connect(&peer).await;
        talker.reply().await;
        let mut got = Vec::new();
        for command in MAIL {
            got.push(talker.say(command).await.chars().take(3).collect::<String>());
            if got.last().is_some_and(|code| code == "502") {
                break;
            }
        }
        assert_eq!(got, codes, "{play:?}");
    }
}

#[tokio::test]
async fn a_second_mail_on_a_connection_takes_the_next_play() {
    let peer = Peer::builder().play(Play::Accept).play(Play::RefuseRcpt("450 4.2.1 busy")).start().await;
    let mut talker = connect(&peer).await;
    talker.reply().await;
    talker.say("EHLO me").await;
    assert_eq!(talker.mail().await, ["250", "250", "354", "250"]);
    assert!(talker.say(MAIL[0]).await.starts_with("250"));
    assert!(talker.say(MAIL[1]).await.starts_with("450"));
    assert_eq!(peer.mails().len(), 1);
}

#[tokio::test]
async fn the_peer_closes_where_the_play_says_so() {
    let peer = Peer::builder()
        .play(Play::Greet("421 4.3.2 shutting down"))
        .play(Play::DropInData)
        .play(Play::DropAfterDot)
        .start()
        .await;
    assert_eq!(connect(&peer).await.reply().await, "421 4.3.2 shutting down\r\n");
    for kept in [0, 1] {
        let mut talker = connect(&peer).await;
        talker.reply().await;
        assert_eq!(talker.mail().await[3], "");
        assert_eq!(peer.mails().len(), kept);
    }
}

#[tokio::test]
async fn a_held_reply_comes_when_the_gate_opens() {
    let gate = Gate::closed();
    let peer = Peer::builder().play(Play::Hold(gate.clone())).start().await;
    let mut talker = connect(&peer).await;
    talker.reply().await;
    let sending = tokio::spawn(async move { talker.mail().await });
    peer.wait_for(1).await;
    assert!(!sending.is_finished());
    gate.open();
    assert_eq!(sending.await.unwrap()[3], "250");
}

#[tokio::test]
async fn starttls_and_implicit_tls_carry_mail() {
    for security in [Security::StartTls, Security::Implicit] {
        let peer = Peer::builder().security(security).start().await;
        let stream = TcpStream::connect(peer.addr).await.unwrap();
        let mut talker = if security == Security::StartTls {
            let mut plain = Talker(BufStream::new(stream));
            plain.reply().await;
            assert!(plain.say("EHLO me").await.contains("STARTTLS"));
            assert!(plain.say("STARTTLS").await.starts_with("220"));
            secure(&peer, plain.0.into_inner()).await
        } else {
            let mut talker = secure(&peer, stream).await;
            assert!(talker.reply().await.starts_with("220"));
            talker
        };
        assert!(!talker.say("EHLO me").await.contains("STARTTLS"));
        assert_eq!(talker.mail().await[3], "250", "{security:?}");
        assert!(peer.wait_for(1).await[0].tls);
    }
}

#[tokio::test]
async fn a_login_is_demanded_when_one_is_set() {
    let peer = Peer::builder().login("jane", "secret").start().await;
    assert_eq!(peer.url(), format!("smtp://jane:secret@{}?tls=none", peer.addr));
    let mut talker = connect(&peer).await;
    talker.reply().await;
    assert!(talker.say(MAIL[0]).await.starts_with("530"));
    assert!(talker.say("AUTH PLAIN AGphbmUAd3Jvbmc=").await.starts_with("535"));
    assert!(talker.say("AUTH PLAIN").await.starts_with("334"));
    assert!(talker.say("AGphbmUAc2VjcmV0").await.starts_with("235"));
    assert_eq!(talker.mail().await[3], "250");
    assert_eq!(peer.mails()[0].user.as_deref(), Some("jane"));
}

#[tokio::test]
#[should_panic(expected = "for 1 mails; 0 came")]
async fn waiting_in_vain_fails_loudly() {
    let peer = Peer::builder().patience(Duration::from_millis(20)).start().await;
    peer.wait_for(1).await;
}
