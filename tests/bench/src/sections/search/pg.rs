//! PostgreSQL's full text search: a weighted tsvector under GIN, ranked, five facets by grouping sets.

use std::io::Write;

use postgres::types::Type;
use postgres::{Client, Statement};

use super::corpus::Corpus;
use super::{Page, Searcher};
use crate::engines::pg::connect;

const TABLE: &str = "DROP TABLE IF EXISTS ot; \
                     CREATE UNLOGGED TABLE ot (id text PRIMARY KEY, title text, aliases text, company text, body text, \
                     kind int, spec int, st int, mk int, pay int, v tsvector GENERATED ALWAYS AS ( \
                     setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', aliases), 'B') || \
                     setweight(to_tsvector('english', company), 'C') || setweight(to_tsvector('english', body), 'D')) STORED)";
const COPY: &str = "COPY ot (id, title, aliases, company, body, kind, spec, st, mk, pay) FROM STDIN";
const WORD: &str = "SELECT id FROM ot WHERE v @@ plainto_tsquery('english', $1)";
/// The hits once, for the page and all counts.
const PAGE: &str = "WITH m AS MATERIALIZED (SELECT id, ts_rank(v, q) AS r, kind, spec, st, mk, pay \
                    FROM ot, plainto_tsquery('english', $1) q WHERE v @@ q) \
                    SELECT 0, NULL::int, NULL::int, NULL::int, NULL::int, NULL::int, id, 0::bigint \
                    FROM (SELECT id FROM m ORDER BY r DESC LIMIT 20) z UNION ALL \
                    SELECT 1, kind, spec, st, mk, pay, NULL, count(*) FROM m \
                    GROUP BY GROUPING SETS ((kind), (spec), (st), (mk), (pay))";

/// A filled table.
pub(super) struct Pg {
    client: Client,
    word: Statement,
    page: Statement,
}

impl Pg {
    /// Fills it; also says how many bytes it has on disk.
    pub(super) fn fill(url: &str, corpus: &Corpus) -> (Self, u64) {
        let mut client = connect(url);
        client.batch_execute(TABLE).expect("the table");
        let mut copy = client.copy_in(COPY).expect("a copy begins");
        for row in corpus.rows() {
            let [kind, specialty, state, market, pay] = row.facets;
            let notice = row.notice;
            writeln!(
                copy,
                "{}\t{}\t{}\t{}\t{}\t{kind}\t{specialty}\t{state}\t{market}\t{pay}",
                row.id, notice.title, row.aliases, notice.company, notice.description
            )
            .expect("a row goes in");
        }
        copy.finish().expect("the rows are in");
        client.batch_execute("CREATE INDEX ON ot USING gin (v) WITH (fastupdate = off)").expect("the index");
        client.batch_execute("VACUUM (ANALYZE, FREEZE) ot").expect("a vacuum");
        let size = client.query_one("SELECT pg_total_relation_size('ot')", &[]).expect("the size");
        let bytes = size.get::<_, i64>(0) as u64;
        let word = client.prepare_typed(WORD, &[Type::TEXT]).expect("a query PostgreSQL knows");
        let page = client.prepare_typed(PAGE, &[Type::TEXT]).expect("a query PostgreSQL knows");
        (Self { client, word, page }, bytes)
    }
}

impl Drop for Pg {
    fn drop(&mut self) {
        self.client.batch_execute("DROP TABLE IF EXISTS ot").ok();
    }
}

impl Searcher for Pg {
    fn name(&self) -> &'static str {
        "pg"
    }

    fn with_word(&mut self, word: &str) -> Vec<String> {
        let rows = self.client.query(&self.word, &[&word]).expect("PostgreSQL answers");
        rows.iter().map(|row| row.get(0)).collect()
    }

    fn page(&mut self, text: &str) -> Page {
        let rows = self.client.query(&self.page, &[&text]).expect("PostgreSQL answers");
        let is_id = |row: &&postgres::Row| row.get::<_, i32>(0) == 0;
        let ids: Vec<String> = rows.iter().filter(is_id).map(|row| row.get(6)).collect();
        Page { facets: rows.len() - ids.len(), ids }
    }
}
