//! Two figures a self-hoster feels, measured on this machine: how long from the start of the process to the first
//! answer on an empty data folder, and how long from an approval to the first alert in the mail server's hands with
//! the made-up community of 2,000 members. Prints Markdown.
//!
//! `cargo bench-start [RUNS]` (an alias in `.cargo/config.toml`; build the server in release first).

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use domain::matching::ReviewPolicy;
use harness::smtp_peer::Peer;
use rosterline::{clock::Clock, config::Config, demo, server, usecases};

fn main() {
    let runs: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(10);
    let mut starts: Vec<f64> = (0..runs).map(|_| first_answer()).collect();
    starts.sort_by(f64::total_cmp);
    println!("| figure | min | median | max | runs |\n| --- | --- | --- | --- | --- |");
    println!("| start to first 200, empty SQLite folder (ms) | {} | {runs} |", row(&starts));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let mut mails: Vec<f64> = (0..runs.min(5)).map(|_| runtime.block_on(first_mail())).collect();
    mails.sort_by(f64::total_cmp);
    println!("| approval to first alert at the SMTP peer, 2,040 members (ms) | {} | {} |", row(&mails), mails.len());
}

fn row(sorted: &[f64]) -> String {
    format!("{:.0} | {:.0} | {:.0}", sorted[0], sorted[sorted.len() / 2], sorted[sorted.len() - 1])
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the server binary beside this one and asks until it answers.
fn first_answer() -> f64 {
    let binary: PathBuf = std::env::current_exe().expect("this program").with_file_name("rosterline");
    assert!(Path::new(&binary).exists(), "build the server first: cargo build --release");
    let dir = tempfile::tempdir().expect("a folder");
    let addr = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
    let begun = Instant::now();
    let server = Command::new(binary)
        .args(["--bind", &addr.to_string(), "--data-dir"])
        .arg(dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let _server = Server(server);
    while !answers(addr) {
        assert!(begun.elapsed() < Duration::from_secs(30), "no answer in 30 s");
        std::thread::yield_now();
    }
    begun.elapsed().as_secs_f64() * 1000.0
}

fn answers(addr: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(addr) else { return false };
    let asked = stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let mut head = [0; 12];
    asked.is_ok() && stream.read_exact(&mut head).is_ok() && &head == b"HTTP/1.1 200"
}

/// Fills the community, puts an opening before the admin, and times from the approval to the first alert.
async fn first_mail() -> f64 {
    let dir = tempfile::tempdir().expect("a folder");
    let peer = Peer::start().await;
    let mut config = Config::new(dir.path().to_path_buf());
    config.bind = "127.0.0.1:0".to_owned();
    config.smtp_url = Some(peer.url());
    config.mail_from = "Rosterline <alerts@example.test>".to_owned();
    config.postal_address = Some("1 Example Street, Fresno, CA 93701".to_owned());
    config.match_review = ReviewPolicy::None;
    config.alert_hold_seconds = 0;
    config.quiet_hours = None;
    let running = server::start(config, Clock::system()).await.expect("it starts");
    let app = running.app().clone();
    let admin = app
        .write(|conn, app| {
            let rules = store::facts::rulebook(conn)?;
            Ok(demo::fill(conn, &app.vault, &rules, app.now())?.admin)
        })
        .await
        .expect("the community");
    app.settle().await.expect("the index follows");
    let opening = app
        .read(|conn, _| Ok(store::openings::by_status(conn, domain::opening::OpeningStatus::Submitted, 50)?))
        .await
        .expect("openings that wait")
        .into_iter()
        .max_by_key(|o| (o.terms.kind == domain::Kind::ChartReview, o.terms.remote))
        .expect("one waits");
    let session = app
        .write(move |conn, app| {
            let link = usecases::new_link(conn, &app.vault, &app.public_url, &admin, app.now())?;
            let token = link.rsplit('/').next().unwrap_or_default().to_owned();
            let opened = usecases::confirm_sign_in(conn, app, &token, None)?.expect("no code is needed");
            Ok(store::accounts::session_by_id(conn, &opened.id, app.now())?)
        })
        .await
        .expect("an admin");
    let begun = Instant::now();
    app.write(move |conn, app| {
        let admin = rosterline::auth::SignedAdmin {
            session: session.clone(),
            sees_contacts: false,
            fresh: domain::access::Freshness::JustNow,
        };
        usecases::review_opening(
            conn,
            app,
            &admin,
            &opening.id,
            domain::opening::OpeningAction::Approve,
            usecases::Ruling::default(),
        )
    })
    .await
    .expect("approved");
    // The first mail may be the company's news of the approval; an alert carries a list header.
    let mut count = 1;
    let took = loop {
        let mails = peer.wait_for(count).await;
        if mails.iter().any(|m| m.letter().header("List-Unsubscribe").is_some()) {
            break begun.elapsed().as_secs_f64() * 1000.0;
        }
        count = mails.len() + 1;
    };
    running.stop().await;
    took
}
