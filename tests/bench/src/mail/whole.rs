//! Everything a mail goes through: claimed, rendered, inlined, judged by the gate, composed, perhaps signed, sent, and
//! written down, on SQLite with every commit on the disk.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::MailId;
use domain::mail::MailKind;
use rosterline::App;
use rosterline::clock::Clock;
use rosterline::config::Config;
use rosterline::mail::dkim_key::{self, KeyKind};
use rosterline::server::{self, Ground};
use rosterline::{AppError, mail};
use store::outbox::{self, NewMail};
use tokio_util::sync::CancellationToken;

use super::sink::Sink;
use super::{Figures, Options, Row, median, seed};

/// Without a key.
pub(super) const UNSIGNED: &str = "gate+render+inline";
/// With RSA-2048.
pub(super) const SIGNED: &str = "gate+render+inline+rsa";
/// Sign-in links asked for while alerts queue.
const LINKS: usize = 200;
/// Between two of them.
const EVERY: Duration = Duration::from_millis(50);

pub(super) fn run(options: &Options, sink: &Sink, figures: &mut Figures) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let dir = tempfile::tempdir().expect("a folder");
    let key = dir.path().join("rsa.pem");
    dkim_key::create(&key, KeyKind::Rsa).expect("a key");
    let data = dir.path().join("data");
    let config = |connections: u16, signed: bool| {
        let mut config = Config::new(data.clone());
        config.smtp_url = Some(format!("smtp://127.0.0.1:{}?tls=none", sink.port));
        config.smtp_connections = connections;
        config.mail_from = "Rosterline <no-reply@board.example>".to_owned();
        config.postal_address = Some("Rosterline, 1 Main Street, Fresno, CA 93721".to_owned());
        config.public_url = Some("https://board.example".to_owned());
        config.quiet_hours = None;
        config.dkim_key_file = signed.then(|| key.clone());
        config
    };
    let ground = Ground::open(&config(1, false)).expect("the database opens");
    let most = options.mails.max(options.queue);
    let begun = Instant::now();
    seed::fill(&ground, most, Clock::system().now());
    eprintln!("{most} members with an alert each, in {:.0} s", begun.elapsed().as_secs_f64());
    drop(ground);
    let file = data.join("rosterline.db");
    for connections in &options.connections {
        let (mut plain, mut signed) = (Vec::new(), Vec::new());
        for _ in 0..options.rounds {
            for (with_key, rates) in [(false, &mut plain), (true, &mut signed)] {
                seed::again(&file, options.mails);
                let rate = runtime.block_on(sent(config(*connections, with_key), sink, options.mails));
                rates.push(rate);
            }
        }
        for (stages, rates) in [(UNSIGNED, plain), (SIGNED, signed)] {
            let per_s = median(rates);
            figures.rows.push(Row { engine: "rosterline", connections: *connections, stages, per_s });
        }
    }
    if options.queue > 0 {
        seed::again(&file, options.queue);
        let connections = options.connections.iter().copied().max().unwrap_or(4).min(4);
        runtime.block_on(among_alerts(config(connections, true), sink, options.queue, figures));
    }
}

fn open(config: Config) -> App {
    server::open(config, Clock::system(), None).expect("the product opens")
}

/// Mails a second, from the first worker to the last yes.
async fn sent(config: Config, sink: &Sink, mails: usize) -> f64 {
    let app = tokio::task::block_in_place(|| open(config));
    let (stop, before, begun) = (CancellationToken::new(), sink.taken(), Instant::now());
    let workers = tokio::spawn(mail::run(app.clone(), stop.clone()));
    let wanted = before + mails as u64;
    while sink.taken() < wanted {
        assert!(begun.elapsed() < Duration::from_secs(600), "{} of {mails} came", sink.taken() - before);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let rate = mails as f64 / begun.elapsed().as_secs_f64();
    // What was taken is also written.
    app.settle().await.expect("the database answers");
    stop.cancel();
    workers.await.expect("the workers end in order");
    rate
}

/// Sign-in links one after the other while alerts queue; how long each took from its commit to the yes that was
/// written, and how much memory all of it takes.
async fn among_alerts(config: Config, sink: &Sink, alerts: usize, figures: &mut Figures) {
    let app = tokio::task::block_in_place(|| open(config));
    let stop = CancellationToken::new();
    let before = sink.taken();
    let workers = tokio::spawn(mail::run(app.clone(), stop.clone()));
    let wait_for = async |part: usize| {
        while sink.taken() < before + (alerts / 10 * part) as u64 {
            tokio::time::sleep(EVERY).await;
        }
    };
    wait_for(1).await;
    figures.rss_bytes.push(memory());
    let mut links = Vec::new();
    for n in 0..LINKS {
        let link = MailId::parse(&seed::id(9, n)).expect("an id");
        let kept = link.clone();
        app.write(move |conn, app| ask(conn, app, n, &kept)).await.expect("it is queued");
        links.push(link);
        tokio::time::sleep(EVERY).await;
    }
    let left = alerts as u64 - (sink.taken() - before);
    eprintln!("{left} of {alerts} alerts were left when the last link was asked for");
    for part in [4, 7, 10] {
        wait_for(part).await;
        figures.rss_bytes.push(memory());
    }
    app.settle().await.expect("the database answers");
    stop.cancel();
    workers.await.expect("the workers end in order");
    let mut waits = app.read(move |conn, _| Ok(waits(conn, &links)?)).await.expect("the database answers");
    waits.sort_by(f64::total_cmp);
    figures.sign_in_p50_ms = Some(waits[waits.len() / 2]);
    figures.sign_in_p99_ms = Some(waits[waits.len() * 99 / 100]);
}

fn ask(conn: &mut store::Conn, app: &App, n: usize, link: &MailId) -> Result<(), AppError> {
    let payload = format!("{{\"token_id\":\"{link}\"}}");
    let new = NewMail {
        id: link,
        kind: MailKind::SignIn,
        account: &seed::account(n),
        payload: &payload,
        dedupe_key: &payload,
        permission_epoch: None,
        due_at: app.now(),
    };
    outbox::add(conn, &new, app.now())?;
    Ok(())
}

/// Milliseconds from the row to the yes, both as the product wrote them.
fn waits(conn: &mut store::Conn, links: &[MailId]) -> Result<Vec<f64>, store::StoreError> {
    let each = links.iter().map(|link| {
        let events = outbox::events_of(conn, link)?;
        let asked = outbox::find(conn, link)?.created_at;
        let taken = events.iter().find(|event| event.to == "accepted").expect("it was taken").at();
        Ok((taken - asked).as_seconds_f64() * 1_000.0)
    });
    each.collect()
}

/// What this process holds.
fn memory() -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line about memory");
    let kilobytes: u64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number");
    kilobytes * 1024
}
