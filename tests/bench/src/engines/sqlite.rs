//! SQLite with the same keys: one covering table, the packed number beside each key.

use std::path::Path;

use rusqlite::{Connection, params_from_iter};

use super::decide::{Decider, Seen};
use super::lists::Lists;
use super::{Answer, Engine, Mode};
use crate::pack::PackTests;
use crate::workload::Question;

/// Everything fits in memory after the first question, as the index does.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1000000; \
                        PRAGMA mmap_size = 8000000000;";
const TABLE: &str = "CREATE TABLE mk (key INTEGER, pid INTEGER, pack INTEGER, PRIMARY KEY (key, pid)) WITHOUT ROWID;";

/// Fills the file; the connection is for whoever asks.
///
/// # Panics
/// When the file cannot be written.
pub fn fill(path: &Path, lists: &Lists, pack: &[u64]) {
    let mut conn = Connection::open(path).expect("a file for SQLite");
    conn.execute_batch(SETTINGS).expect("the settings");
    conn.execute_batch(TABLE).expect("the table");
    let mut runs: Vec<(u64, &[u32])> = lists.iter().collect();
    runs.sort_unstable_by_key(|(key, _)| *key);
    let filling = conn.transaction().expect("a transaction");
    {
        let mut insert = filling.prepare("INSERT INTO mk VALUES (?, ?, ?)").expect("an insert");
        for (key, pids) in runs {
            for pid in pids {
                insert.execute((key as i64, pid, pack[*pid as usize] as i64)).expect("a row goes in");
            }
        }
    }
    filling.commit().expect("the rows are committed");
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE;").expect("the file is tidied");
}

/// Who takes out members that stand in several lists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dedupe {
    /// `SELECT DISTINCT`.
    Sql,
    /// A bit for each member here.
    Client,
}

/// One way to ask the file.
pub struct Sqlite<'a> {
    conn: Connection,
    decider: Decider<'a>,
    dedupe: Dedupe,
    seen: Seen,
}

impl<'a> Sqlite<'a> {
    /// Opens a filled file of `n` members.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn open(path: &Path, dedupe: Dedupe, decider: Decider<'a>, n: usize) -> Self {
        let conn = Connection::open(path).expect("a file for SQLite");
        conn.execute_batch(SETTINGS).expect("the settings");
        conn.set_prepared_statement_cache_capacity(4096);
        Self { conn, decider, dedupe, seen: Seen::new(n) }
    }
}

impl Engine for Sqlite<'_> {
    fn name(&self) -> &'static str {
        match self.dedupe {
            Dedupe::Sql => "sqlite_distinct",
            Dedupe::Client => "sqlite_app",
        }
    }

    fn answer(&mut self, question: &Question, _: Mode) -> Answer {
        let ask = &question.ask;
        let lists = ask.lists();
        let tests = PackTests::of(&question.offer);
        let in_sql = ask.is_overlapping() && self.dedupe == Dedupe::Sql;
        let in_client = ask.is_overlapping() && self.dedupe == Dedupe::Client;
        let keys = vec!["?"; lists.len()].join(",");
        let distinct = if in_sql { "DISTINCT " } else { "" };
        let sql = format!("SELECT {distinct}pid FROM mk WHERE key IN ({keys}){}", tests.and(|_| "?".to_owned()));
        let values = lists.iter().map(|l| l.key as i64).chain(tests.values.iter().copied());
        let mut statement = self.conn.prepare_cached(&sql).expect("a query SQLite knows");
        let mut rows = statement.query(params_from_iter(values)).expect("SQLite answers");
        let case = self.decider.case(ask);
        let (mut all, mut came) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next().expect("SQLite answers") {
            let pid: u32 = row.get_unwrap(0);
            if in_client {
                if !self.seen.first(pid) {
                    continue;
                }
                came.push(pid);
            }
            if self.decider.fits(&case, pid) {
                all.push(pid);
            }
        }
        self.seen.clear(&came);
        Answer::Ids(all)
    }
}
