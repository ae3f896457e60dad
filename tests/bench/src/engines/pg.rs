//! PostgreSQL with the same keys: arrays under GIN, and a covering b-tree on one row for each key.

use std::collections::HashMap;
use std::io::Write;

use postgres::types::{ToSql, Type};
use postgres::{Client, NoTls, Statement};
use search_index::ProfileDoc;

use super::decide::{Decider, Seen};
use super::{Answer, Engine, Mode};
use crate::pack::PackTests;
use crate::workload::Question;

const TABLES: &str = "DROP TABLE IF EXISTS mk, prof; \
                      CREATE UNLOGGED TABLE mk (key bigint NOT NULL, pid int NOT NULL, pack bigint NOT NULL); \
                      CREATE UNLOGGED TABLE prof (pid int NOT NULL, pack bigint NOT NULL, keys bigint[] NOT NULL);";
const INDEXES: &str = "CREATE INDEX ON mk (key, pid) INCLUDE (pack); \
                       CREATE INDEX ON prof USING gin (keys) WITH (fastupdate = off);";
/// One question, one thread, and a plan for each question, as everywhere.
const SETTINGS: &str = "SET max_parallel_workers_per_gather = 0; SET jit = off; SET plan_cache_mode = force_custom_plan; \
                        SET maintenance_work_mem = '1GB'; SET work_mem = '256MB';";
/// How many bytes go into one message of a copy.
const CHUNK: usize = 1 << 18;

/// Connects, with the settings of a fair race.
///
/// # Panics
/// When there is no server.
#[must_use]
pub fn connect(url: &str) -> Client {
    let mut client = Client::connect(url, NoTls).expect("a PostgreSQL at the URL of --pg");
    client.batch_execute(SETTINGS).expect("the settings");
    client
}

/// Fills both tables; returns their bytes on disk with their indexes: covering, GIN.
///
/// # Panics
/// When the server refuses.
#[must_use]
pub fn fill(url: &str, docs: &[ProfileDoc]) -> (u64, u64) {
    let mut client = connect(url);
    client.batch_execute(TABLES).expect("the tables");
    copy(&mut client, "COPY mk FROM STDIN (FORMAT binary)", docs, |row, pid, doc| {
        for key in &doc.keys {
            row.extend(3i16.to_be_bytes());
            put(row, &key.to_be_bytes());
            put(row, &pid.to_be_bytes());
            put(row, &doc.pack.to_be_bytes());
        }
    });
    copy(&mut client, "COPY prof FROM STDIN (FORMAT binary)", docs, |row, pid, doc| {
        row.extend(3i16.to_be_bytes());
        put(row, &pid.to_be_bytes());
        put(row, &doc.pack.to_be_bytes());
        let count = doc.keys.len() as u32;
        row.extend((20 + 12 * count).to_be_bytes());
        for word in [1, 0, Type::INT8.oid(), count, 1] {
            row.extend(word.to_be_bytes());
        }
        doc.keys.iter().for_each(|key| put(row, &key.to_be_bytes()));
    });
    client.batch_execute(INDEXES).expect("the indexes");
    for table in ["mk", "prof"] {
        client.batch_execute(&format!("VACUUM (ANALYZE, FREEZE) {table}")).expect("a vacuum");
    }
    let sizes = "SELECT pg_total_relation_size('mk'), pg_total_relation_size('prof')";
    let row = client.query_one(sizes, &[]).expect("the sizes");
    (row.get::<_, i64>(0) as u64, row.get::<_, i64>(1) as u64)
}

fn copy(client: &mut Client, sql: &str, docs: &[ProfileDoc], rows: impl Fn(&mut Vec<u8>, u32, &ProfileDoc)) {
    let mut writer = client.copy_in(sql).expect("a copy begins");
    let mut bytes = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    for (pid, doc) in (0..).zip(docs).filter(|(_, doc)| !doc.keys.is_empty()) {
        rows(&mut bytes, pid, doc);
        if bytes.len() > CHUNK {
            writer.write_all(&bytes).expect("rows are sent");
            bytes.clear();
        }
    }
    bytes.extend((-1i16).to_be_bytes());
    writer.write_all(&bytes).expect("rows are sent");
    writer.finish().expect("the copy ends");
}

fn put(row: &mut Vec<u8>, value: &[u8]) {
    row.extend((value.len() as u32).to_be_bytes());
    row.extend(value);
}

/// Which table is asked, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One row for each key, `SELECT DISTINCT`.
    Distinct,
    /// One row for each key, members that come twice taken out here.
    App,
    /// Arrays under GIN.
    Gin,
}

/// One way to ask the server.
pub struct Pg<'a> {
    client: Client,
    statements: HashMap<String, Statement>,
    decider: Decider<'a>,
    form: Form,
    seen: Seen,
}

impl<'a> Pg<'a> {
    /// Asks a filled server about `n` members.
    #[must_use]
    pub fn open(url: &str, form: Form, decider: Decider<'a>, n: usize) -> Self {
        Self { client: connect(url), statements: HashMap::new(), decider, form, seen: Seen::new(n) }
    }

    fn statement(&mut self, sql: String, values: usize) -> Statement {
        if let Some(known) = self.statements.get(&sql) {
            return known.clone();
        }
        let types: Vec<Type> = [Type::INT8_ARRAY].into_iter().chain(vec![Type::INT8; values]).collect();
        let made = self.client.prepare_typed(&sql, &types).expect("a query PostgreSQL knows");
        self.statements.insert(sql, made.clone());
        made
    }
}

impl Engine for Pg<'_> {
    fn name(&self) -> &'static str {
        match self.form {
            Form::Distinct => "pg_distinct",
            Form::App => "pg_app",
            Form::Gin => "pg_gin",
        }
    }

    fn answer(&mut self, question: &Question, _: Mode) -> Answer {
        let ask = &question.ask;
        let tests = PackTests::of(&question.offer);
        let and = tests.and(|n| format!("${}", n + 2));
        let sql = match self.form {
            Form::Gin => format!("SELECT pid FROM prof WHERE keys && $1{and}"),
            Form::Distinct if ask.is_overlapping() => format!("SELECT DISTINCT pid FROM mk WHERE key = ANY($1){and}"),
            Form::Distinct | Form::App => format!("SELECT pid FROM mk WHERE key = ANY($1){and}"),
        };
        let statement = self.statement(sql, tests.values.len());
        let keys: Vec<i64> = ask.lists().iter().map(|l| l.key as i64).collect();
        let values: Vec<&(dyn ToSql + Sync)> =
            std::iter::once(&keys as _).chain(tests.values.iter().map(|v| v as _)).collect();
        let rows = self.client.query(&statement, &values).expect("PostgreSQL answers");
        let case = self.decider.case(ask);
        let in_client = ask.is_overlapping() && self.form == Form::App;
        let mut all = Vec::with_capacity(rows.len());
        let mut came = Vec::new();
        for row in &rows {
            let pid = row.get::<_, i32>(0) as u32;
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
