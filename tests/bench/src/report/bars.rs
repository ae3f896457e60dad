//! What the index must reach, at a million members.

use std::fmt::Write;

use super::{Figures, Row, rows};

/// One figure against its bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What is compared.
    pub what: String,
    /// Measured.
    pub value: f64,
    /// The bar.
    pub bar: f64,
    /// True when the figure may not be above the bar, false when it may not be below.
    pub at_most: bool,
}

impl Bar {
    /// May not be above.
    #[must_use]
    pub fn at_most(what: impl Into<String>, value: f64, bar: f64) -> Self {
        Self { what: what.into(), value, bar, at_most: true }
    }

    /// May not be below.
    #[must_use]
    pub fn at_least(what: impl Into<String>, value: f64, bar: f64) -> Self {
        Self { what: what.into(), value, bar, at_most: false }
    }

    /// Whether the figure passes.
    #[must_use]
    pub fn is_met(&self) -> bool {
        if self.at_most { self.value <= self.bar } else { self.value >= self.bar }
    }
}

/// As a Markdown table.
#[must_use]
pub fn table(bars: &[Bar]) -> String {
    let mut text = "| bar | measured | asked | |\n| --- | --- | --- | --- |\n".to_owned();
    for bar in bars {
        let (sign, verdict) = (if bar.at_most { "<=" } else { ">=" }, if bar.is_met() { "PASS" } else { "MISS" });
        let digits = if bar.value >= 1000.0 { 0 } else { 2 };
        writeln!(text, "| {} | {:.digits$} | {sign} {} | {verdict} |", bar.what, bar.value, bar.bar)
            .expect("text can be written");
    }
    text
}

/// Class, and what index/csr may be in it at p50.
const OF_CSR: [(&str, f64); 3] = [("narrow", 2.5), ("medium", 2.5), ("broad", 1.5)];

/// Those of the match section.
#[must_use]
pub fn of_match(figures: &Figures) -> Vec<Bar> {
    let rows = rows(figures);
    let find = |class: &str, engine: &str, mode: &str| {
        rows.iter().find(|r| r.class == class && r.engine == engine && r.mode == mode)
    };
    let mut bars = Vec::new();
    for (class, of_csr) in OF_CSR {
        let Some(index) = find(class, "index", "ids") else { continue };
        let mut against = |engine: &str, p50: Bar2, p95: Option<Bar2>| {
            let Some(other) = find(class, engine, "ids") else { return };
            bars.push(p50.of(class, "p50", index, other, |r| r.p50_us));
            bars.extend(p95.map(|bar| bar.of(class, "p95", index, other, |r| r.p95_us)));
        };
        against("csr", Bar2::IndexBy(of_csr), Some(Bar2::IndexBy(2.5)));
        against("sqlite", Bar2::ByIndex(4.0), Some(Bar2::ByIndex(2.2)));
        against("pg_covering", Bar2::ByIndex(5.0), None);
        against("pg_gin", Bar2::ByIndex(20.0), None);
        if let Some(top) = find(class, "index", "top100") {
            bars.push(Bar::at_most(format!("{class} p50: index top100 / index ids"), top.p50_us / index.p50_us, 3.0));
        }
        bars.push(Bar::at_most(format!("{class}: candidates per hit"), index.candidates_per_hit, 3.0));
    }
    let sizes = &figures.sizes;
    let bytes = sizes.disk_bytes as f64;
    bars.push(Bar::at_most("index bytes per member", bytes / f64::from(sizes.members), 100.0));
    bars.push(Bar::at_most("index bytes per matchable member", bytes / sizes.matchable.max(1) as f64, 100.0));
    bars
}

/// A ratio, whichever way round.
enum Bar2 {
    /// Index / other, at most.
    IndexBy(f64),
    /// Other / index, at least.
    ByIndex(f64),
}

impl Bar2 {
    fn of(self, class: &str, share: &str, index: &Row, other: &Row, us: impl Fn(&Row) -> f64) -> Bar {
        let name = &other.engine;
        match self {
            Self::IndexBy(bar) => {
                Bar::at_most(format!("{class} {share}: index ids / {name} ids"), us(index) / us(other), bar)
            }
            Self::ByIndex(bar) => {
                Bar::at_least(format!("{class} {share}: {name} ids / index ids"), us(other) / us(index), bar)
            }
        }
    }
}
