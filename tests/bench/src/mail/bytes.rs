//! Ready bytes over so many connections: ours beside lettre's own pool, in turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use lettre::Address;
use rosterline::config::MailRoute;
use rosterline::mail::reply::Outcome;
use rosterline::mail::smtp::{Line, Relay};

use super::sink::Sink;
use super::{Options, Row, median};

/// The stages measured here.
const STAGES: &str = "bytes";
/// Of a message: what an alert with eight cards has.
const BYTES: usize = 8_000;

pub(super) fn run(options: &Options, sink: &Sink, rows: &mut Vec<Row>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let message = Arc::new(message());
    let time = Duration::from_secs_f64(options.seconds);
    for connections in &options.connections {
        let (mut ours, mut pool) = (Vec::new(), Vec::new());
        for _ in 0..options.rounds {
            ours.push(runtime.block_on(over_lines(sink, *connections, &message, time)));
            pool.extend(runtime.block_on(over_pool(sink, *connections, &message, time)));
        }
        rows.push(Row { engine: "rosterline", connections: *connections, stages: STAGES, per_s: median(ours) });
        if !pool.is_empty() {
            rows.push(Row { engine: "lettre_pool", connections: *connections, stages: STAGES, per_s: median(pool) });
        }
    }
}

fn message() -> Vec<u8> {
    let mut text = "From: a@board.example\r\nTo: b@clinic.example\r\nSubject: An alert\r\n\r\n".to_owned();
    while text.len() < BYTES {
        text.push_str("An opening that fits your profile, and what it asks for in the words of its company.\r\n");
    }
    text.into_bytes()
}

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

async fn over_lines(sink: &Sink, connections: u16, message: &Arc<Vec<u8>>, time: Duration) -> f64 {
    let (sent, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let url = format!("smtp://127.0.0.1:{}?tls=none", sink.port);
    let Ok(MailRoute::Smtp(server)) = MailRoute::parse(Some(&url)) else { panic!("{url}") };
    let (from, to) = (address("a@board.example"), address("b@clinic.example"));
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let mut line = Line::new(Relay::new(&server).expect("a relay"));
            let (sent, over, message) = (sent.clone(), over.clone(), message.clone());
            let (from, to) = (from.clone(), to.clone());
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    line.ready().await.expect("the server is there");
                    assert_eq!(line.send(&from, &to, &message).await, Outcome::Sent);
                    sent.fetch_add(1, Ordering::Relaxed);
                }
                line.close().await;
            })
        })
        .collect();
    counted(workers, &sent, &over, time).await
}

/// How many in the time, once everybody is connected.
async fn counted(
    workers: Vec<tokio::task::JoinHandle<()>>,
    sent: &AtomicU64,
    over: &AtomicBool,
    time: Duration,
) -> f64 {
    tokio::time::sleep(time / 10).await;
    let (from, begun) = (sent.load(Ordering::Relaxed), Instant::now());
    tokio::time::sleep(time).await;
    let rate = (sent.load(Ordering::Relaxed) - from) as f64 / begun.elapsed().as_secs_f64();
    over.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.await.expect("a worker ends in order");
    }
    rate
}

#[cfg(not(feature = "pool"))]
async fn over_pool(_: &Sink, _: u16, _: &Arc<Vec<u8>>, _: Duration) -> Option<f64> {
    None
}

/// As many senders as connections, over one transport whose pool keeps as many.
#[cfg(feature = "pool")]
async fn over_pool(sink: &Sink, connections: u16, message: &Arc<Vec<u8>>, time: Duration) -> Option<f64> {
    use lettre::address::Envelope;
    use lettre::transport::smtp::PoolConfig;
    use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

    let (sent, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(sink.port)
        .pool_config(PoolConfig::new().max_size(connections.into()))
        .build();
    let envelope = Envelope::new(Some(address("a@board.example")), vec![address("b@clinic.example")]).expect("one");
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let (sent, over, message) = (sent.clone(), over.clone(), message.clone());
            let (transport, envelope) = (transport.clone(), envelope.clone());
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    transport.send_raw(&envelope, &message).await.expect("it is taken");
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    Some(counted(workers, &sent, &over, time).await)
}
