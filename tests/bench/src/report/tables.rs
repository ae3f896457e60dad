//! Markdown.

use super::{Figures, bars, rows};
use crate::engines::Mode;

/// Prints the match section.
pub fn print(figures: &Figures) {
    let sizes = &figures.sizes;
    println!("## Opening to members\n");
    println!(
        "{} members, {} of them matchable with {} keys; index: {} segment(s), {:.1} MB, {:.1} s to build \
         ({:.0} documents/s), {:.0} MB of memory in a process that only answers.\n",
        sizes.members,
        sizes.matchable,
        sizes.keys,
        sizes.segments,
        sizes.disk_bytes as f64 / 1e6,
        sizes.build_s,
        sizes.matchable as f64 / sizes.build_s,
        sizes.rss_bytes as f64 / 1e6
    );
    for (name, bytes, seconds) in &sizes.others {
        println!("- {name}: {:.0} MB, filled in {seconds:.0} s", *bytes as f64 / 1e6);
    }
    println!("\n| class | questions | members who fit, mean | candidates per hit | `Ask::of` p50/p95 us |");
    println!("| --- | --- | --- | --- | --- |");
    for (class, sums) in &figures.work.0 {
        let compile = figures.compile.iter().find(|(c, _)| c == class);
        let (p50, p95) = compile.map_or((0.0, 0.0), |(_, t)| (t.us(0.5), t.us(0.95)));
        let mean = sums.hits / sums.questions.max(1);
        let walked = sums.candidates_per_hit();
        println!("| {} | {} | {mean} | {walked:.2} | {p50:.1}/{p95:.1} |", class.name(), sums.questions);
    }
    if figures.board.is_empty() {
        return;
    }
    println!("\n| us p50/p95/p99 | narrow | medium | broad |\n| --- | --- | --- | --- |");
    let rows = rows(figures);
    let mut engines: Vec<(&str, &str)> = rows.iter().map(|r| (r.engine.as_str(), r.mode)).collect();
    engines.sort_by_key(|(engine, mode)| (Mode::ALL.iter().position(|m| m.name() == *mode), *engine));
    engines.dedup();
    for (engine, mode) in engines.iter().filter(|(e, _)| *e != "sqlite" && *e != "pg_covering") {
        let cell = |class: &str| {
            let row = rows.iter().find(|r| r.class == class && r.engine == *engine && r.mode == *mode);
            row.map_or("–".to_owned(), |r| format!("{}/{}/{}", us(r.p50_us), us(r.p95_us), us(r.p99_us)))
        };
        println!("| {engine} {mode} | {} | {} | {} |", cell("narrow"), cell("medium"), cell("broad"));
    }
    println!("\n{}", bars::table(&bars::of_match(figures)));
}

fn us(time: f64) -> String {
    match time {
        t if t < 10.0 => format!("{t:.1}"),
        t => format!("{t:.0}"),
    }
}
