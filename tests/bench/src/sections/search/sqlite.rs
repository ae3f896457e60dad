//! SQLite's FTS5: ranked by BM25, five facets.

use std::path::Path;

use rusqlite::Connection;

use super::corpus::Corpus;
use super::{Page, Searcher};

const TABLES: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; \
                      PRAGMA mmap_size = 8000000000; \
                      CREATE TABLE o (n INTEGER PRIMARY KEY, id TEXT, kind, spec, st, mk, pay); \
                      CREATE VIRTUAL TABLE f USING fts5(title, aliases, company, body, tokenize = 'porter unicode61');";
const WORD: &str = "SELECT o.id FROM f JOIN o ON o.n = f.rowid WHERE f MATCH ?";
/// The hits once, for the page and all counts.
const PAGE: &str = "WITH m AS MATERIALIZED (SELECT o.*, f.rank AS r FROM f JOIN o ON o.n = f.rowid WHERE f MATCH ?) \
                    SELECT * FROM (SELECT 0, id, 0 FROM m ORDER BY r LIMIT 20) \
                    UNION ALL SELECT 1, kind, count(*) FROM m GROUP BY kind \
                    UNION ALL SELECT 2, spec, count(*) FROM m GROUP BY spec \
                    UNION ALL SELECT 3, st, count(*) FROM m GROUP BY st \
                    UNION ALL SELECT 4, mk, count(*) FROM m GROUP BY mk \
                    UNION ALL SELECT 5, pay, count(*) FROM m GROUP BY pay";

/// A filled file.
pub(super) struct Sqlite(Connection);

impl Sqlite {
    pub(super) fn fill(file: &Path, corpus: &Corpus) -> Self {
        let mut conn = Connection::open(file).expect("a file for SQLite");
        conn.execute_batch(TABLES).expect("the tables");
        let filling = conn.transaction().expect("a transaction");
        {
            let mut facets = filling.prepare("INSERT INTO o VALUES (?, ?, ?, ?, ?, ?, ?)").expect("an insert");
            let mut texts = filling
                .prepare("INSERT INTO f (rowid, title, aliases, company, body) VALUES (?, ?, ?, ?, ?)")
                .expect("an insert");
            for (n, row) in (0..).zip(corpus.rows()) {
                let [kind, specialty, state, market, pay] = row.facets;
                facets.execute((n, row.id, kind, specialty, state, market, pay)).expect("a row goes in");
                let notice = row.notice;
                let text = (n, &notice.title, &row.aliases, &notice.company, &notice.description);
                texts.execute(text).expect("a row goes in");
            }
        }
        filling.commit().expect("the rows are committed");
        let tidy = "INSERT INTO f (f) VALUES ('optimize'); PRAGMA wal_checkpoint(TRUNCATE); ANALYZE;";
        conn.execute_batch(tidy).expect("the file is tidied");
        Self(conn)
    }
}

impl Searcher for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn with_word(&mut self, word: &str) -> Vec<String> {
        let mut statement = self.0.prepare_cached(WORD).expect("a query SQLite knows");
        let ids = statement.query_map([word], |row| row.get(0)).expect("SQLite answers");
        ids.map(|id| id.expect("SQLite answers")).collect()
    }

    fn page(&mut self, text: &str) -> Page {
        // Each word in quotes, since signs mean something to FTS5.
        let quoted: Vec<String> = text.split_whitespace().map(|w| format!("\"{}\"", w.replace('"', ""))).collect();
        let mut statement = self.0.prepare_cached(PAGE).expect("a query SQLite knows");
        let mut rows = statement.query([quoted.join(" ")]).expect("SQLite answers");
        let mut page = Page { ids: Vec::new(), facets: 0 };
        while let Some(row) = rows.next().expect("SQLite answers") {
            if row.get_unwrap::<_, i64>(0) == 0 {
                page.ids.push(row.get_unwrap(1));
            } else {
                page.facets += 1;
            }
        }
        page
    }
}
