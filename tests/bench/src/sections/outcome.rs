//! What a section found, ready to be printed and written to the file.

use std::fmt::Write;

use serde_json::Value;

use super::compare::Differences;
use crate::measure::Times;
use crate::report::bars::{self, Bar};

/// Of one section.
pub struct Outcome {
    /// Its key in the file.
    pub key: &'static str,
    /// Markdown under a heading of its own, without the bars.
    pub text: String,
    /// For the file.
    pub figures: Value,
    /// Figures against their bars; none when nothing was timed.
    pub bars: Vec<Bar>,
    /// Answers that were not alike.
    pub differences: Differences,
}

impl Outcome {
    /// Begins with a heading.
    #[must_use]
    pub fn new(key: &'static str, heading: &str) -> Self {
        Self {
            key,
            text: format!("## {heading}\n"),
            figures: serde_json::json!({}),
            bars: Vec::new(),
            differences: Differences::default(),
        }
    }

    /// Adds a line of Markdown.
    pub fn line(&mut self, line: impl AsRef<str>) {
        writeln!(self.text, "{}", line.as_ref()).expect("text can be written");
    }

    /// Adds a figure to the file.
    pub fn figure(&mut self, key: &str, value: impl Into<Value>) {
        self.figures[key] = value.into();
    }

    /// Adds the times of one thing to the file.
    pub fn times(&mut self, key: &str, times: &Times) {
        let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| times.us(share));
        self.figure(key, serde_json::json!({ "p50_us": p50, "p95_us": p95, "p99_us": p99, "count": times.len() }));
    }

    /// True when nothing may be timed any more.
    #[must_use]
    pub const fn is_faulty(&self) -> bool {
        self.differences.count > 0
    }

    /// Prints it.
    pub fn print(&self) {
        println!("{}", self.text);
        if !self.bars.is_empty() {
            println!("{}", bars::table(&self.bars));
        }
    }
}

/// `p50/p95/p99` in microseconds.
#[must_use]
pub fn us(times: &Times) -> String {
    let cell = |share| match times.us(share) {
        t if t < 10.0 => format!("{t:.1}"),
        t => format!("{t:.0}"),
    };
    [0.5, 0.95, 0.99].map(cell).join("/")
}

/// The same in milliseconds.
#[must_use]
pub fn ms(times: &Times) -> String {
    [0.5, 0.95, 0.99].map(|share| format!("{:.1}", times.us(share) / 1e3)).join("/")
}
