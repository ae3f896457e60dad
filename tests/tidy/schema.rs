//! The migrations make what `schema.rs` says, and unmake it.

use std::collections::BTreeSet;

use diesel::{
    Connection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use harness::{pg, settings::not_run};

use crate::repository::{folders, none, read};

/// `table.column`, and whether it may be empty.
const SQLITE_COLUMNS: &str = "SELECT m.name || '.' || c.name || CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 \
    THEN ' null' ELSE '' END AS line FROM sqlite_master m, pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1";
const POSTGRES_COLUMNS: &str = "SELECT table_name || '.' || column_name || CASE is_nullable \
    WHEN 'YES' THEN ' null' ELSE '' END FROM information_schema.columns \
    WHERE table_schema = 'public' ORDER BY 1";

/// Everything the migrations make, as the database itself words it.
const SQLITE_ALL: &str = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line \
    FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1";
const POSTGRES_ALL: &str = "SELECT line FROM (\
    SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || \
        coalesce(column_default, '') AS line FROM information_schema.columns WHERE table_schema = 'public' \
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
    UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
    UNION ALL SELECT tgrelid::regclass || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace\
    ) all_lines ORDER BY 1";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[test]
fn up_down_up_leaves_the_same_schema_on_sqlite() {
    let mut database = SqliteConnection::establish(":memory:").unwrap();
    round_trip("sqlite", |sql| {
        database.batch_execute(sql).unwrap();
        lines(&mut database, SQLITE_ALL)
    });
}

#[test]
fn up_down_up_leaves_the_same_schema_on_postgres() {
    if let Err(why) = pg::available() {
        return not_run("PostgreSQL", &why);
    }
    let url = pg::fresh_database();
    round_trip("postgres", |sql| {
        pg::query(&url, sql);
        pg::query(&url, POSTGRES_ALL).lines().map(str::to_owned).collect()
    });
}

#[test]
fn schema_file_tells_what_is_in_sqlite() {
    let mut database = SqliteConnection::establish(":memory:").unwrap();
    for (up, _) in migrations("sqlite") {
        database.batch_execute(&up).unwrap();
    }
    agree("SQLite", lines(&mut database, SQLITE_COLUMNS));
}

#[test]
fn schema_file_tells_what_is_in_postgres() {
    if let Err(why) = pg::available() {
        return not_run("PostgreSQL", &why);
    }
    let url = pg::fresh_database();
    for (up, _) in migrations("postgres") {
        pg::query(&url, &up);
    }
    let columns = pg::query(&url, POSTGRES_COLUMNS);
    agree("PostgreSQL", columns.lines().map(str::to_owned).collect());
}

/// The text of each `up.sql` and `down.sql`, oldest first.
fn migrations(database: &str) -> Vec<(String, String)> {
    let names = folders(&format!("migrations/{database}"));
    let file = |name: &str, file: &str| read(&format!("migrations/{database}/{name}/{file}"));
    names.iter().map(|name| (file(name, "up.sql"), file(name, "down.sql"))).collect()
}

/// Runs SQL and looks at what there is, for each migration: up, down, up.
fn round_trip(database: &str, mut run: impl FnMut(&str) -> Vec<String>) {
    let mut before = run("SELECT 1");
    for (at, (up, down)) in migrations(database).into_iter().enumerate() {
        let after = run(&up);
        // Both databases have the same list; what concerns only the other one says so.
        let is_for_the_other = up.lines().all(|line| line.starts_with("--") || line == "SELECT 1;");
        assert_eq!(
            before == after,
            is_for_the_other,
            "migration {at} of {database} does nothing, or more than it says"
        );
        assert_eq!(before, run(&down), "down.sql of migration {at} of {database} leaves something");
        assert_eq!(after, run(&up), "up.sql of migration {at} of {database} is not the same twice");
        before = after;
    }
}

fn agree(database: &str, found: Vec<String>) {
    let found: BTreeSet<String> = found.into_iter().collect();
    let told = told_columns(&read("backend/store/src/schema.rs"));
    let missing = told.difference(&found).map(|column| format!("{column}: only in schema.rs"));
    let untold = found.difference(&told).map(|column| format!("{column}: only in {database}"));
    none("schema.rs and the database disagree", missing.chain(untold).collect());
}

/// The columns of every `table!` block.
fn told_columns(schema: &str) -> BTreeSet<String> {
    let mut table = String::new();
    let mut columns = BTreeSet::new();
    for line in schema.lines().map(str::trim) {
        if let Some((name, rest)) = line.split_once(" (")
            && rest.ends_with(") {")
        {
            table = name.to_owned();
        } else if let Some((name, kind)) = line.split_once(" -> ") {
            let null = if kind.starts_with("Nullable<") { " null" } else { "" };
            columns.insert(format!("{table}.{}{null}", name.trim_start_matches("r#")));
        }
    }
    columns
}

fn lines(database: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let rows: Vec<Line> = sql_query(sql).load(database).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}
