//! How fast mail leaves: over the wire alone, and with everything a mail goes through, from the row in the outbox to the
//! row that says it was taken.

mod bytes;
mod seed;
mod sink;
mod whole;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use serde::Serialize;

use sink::Sink;

/// Measures the mailer against a server on this machine that takes everything.
#[derive(Debug, Parser)]
#[command(name = "bench-mail")]
pub struct Options {
    /// Connections to measure with.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 8, 16])]
    connections: Vec<u16>,
    /// Alerts of each measurement with everything.
    #[arg(long, default_value_t = 6_000)]
    mails: usize,
    /// Alerts that wait while sign-in links are asked for; 0 leaves that out.
    #[arg(long, default_value_t = 50_000)]
    queue: usize,
    /// Rounds; each runs all engines one after the other, and the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of each measurement over the wire alone.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Writes the figures here too.
    #[arg(long)]
    json: Option<PathBuf>,
    /// A few mails, nothing counts: that it runs.
    #[arg(long)]
    smoke: bool,
    /// Is the mail server; prints its port.
    #[arg(long, hide = true)]
    sink: bool,
}

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    engine: &'static str,
    connections: u16,
    stages: &'static str,
    per_s: f64,
}

/// Everything.
#[derive(Debug, Default, Serialize)]
struct Figures {
    rows: Vec<Row>,
    sign_in_p50_ms: Option<f64>,
    sign_in_p99_ms: Option<f64>,
    queue: usize,
    rss_bytes: Vec<u64>,
}

/// Runs it.
///
/// # Panics
/// When this machine does not let it: no port, no folder.
#[must_use]
pub fn run() -> ExitCode {
    let mut options = Options::parse();
    if options.sink {
        sink::serve();
    }
    if options.smoke {
        (options.connections, options.mails, options.queue) = (vec![4], 60, 200);
        (options.rounds, options.seconds) = (1, 0.2);
    }
    let sink = Sink::start();
    let mut figures = Figures { queue: options.queue, ..Figures::default() };
    bytes::run(&options, &sink, &mut figures.rows);
    whole::run(&options, &sink, &mut figures);
    print(&figures);
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&figures).expect("figures are JSON");
        std::fs::write(path, text).expect("the figures are written");
    }
    if options.smoke || judge(&figures) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The figure of an engine with these stages.
fn figure(rows: &[Row], engine: &str, stages: &str, connections: u16) -> Option<f64> {
    rows.iter()
        .find(|row| row.engine == engine && row.stages == stages && row.connections == connections)
        .map(|row| row.per_s)
}

fn best(rows: &[Row], stages: &str) -> f64 {
    rows.iter()
        .filter(|row| row.engine == "rosterline" && row.stages == stages)
        .map(|row| row.per_s)
        .fold(0.0, f64::max)
}

fn print(figures: &Figures) {
    println!("| engine | stages | connections | mails/s |\n| --- | --- | --- | --- |");
    for row in &figures.rows {
        println!("| {} | {} | {} | {:.0} |", row.engine, row.stages, row.connections, row.per_s);
    }
    if let (Some(p50), Some(p99)) = (figures.sign_in_p50_ms, figures.sign_in_p99_ms) {
        println!("\nsign-in mail while {} alerts queue: p50 {p50:.0} ms, p99 {p99:.0} ms", figures.queue);
    }
    let megabytes: Vec<String> = figures.rss_bytes.iter().map(|b| format!("{:.0}", *b as f64 / 1e6)).collect();
    println!("memory while they are sent, MB: {}", megabytes.join(", "));
}

/// The bars; prints each.
fn judge(figures: &Figures) -> bool {
    let rows = &figures.rows;
    let connections: Vec<u16> = rows.iter().filter(|r| r.engine == "lettre_pool").map(|r| r.connections).collect();
    let ratio = connections
        .iter()
        .filter_map(|c| Some(figure(rows, "rosterline", "bytes", *c)? / figure(rows, "lettre_pool", "bytes", *c)?))
        .fold(f64::INFINITY, f64::min);
    let growth = match figures.rss_bytes.as_slice() {
        [first, .., last] => *last as f64 / *first as f64,
        _ => 1.0,
    };
    let mut good = true;
    for (what, value, bar, at_least) in [
        ("with RSA, mails/s", best(rows, whole::SIGNED), 1_000.0, true),
        ("without signing, mails/s", best(rows, whole::UNSIGNED), 5_000.0, true),
        ("bytes alone, times lettre's pool", ratio, 40.0, true),
        ("sign-in p99, ms", figures.sign_in_p99_ms.unwrap_or(0.0), 1_000.0, false),
        ("memory at the end, times the beginning", growth, 1.25, false),
    ] {
        let met = if at_least { value >= bar } else { value <= bar };
        println!("{} {what}: {value:.1} (bar {bar})", if met { "met:    " } else { "NOT MET:" });
        good &= met;
    }
    good
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
