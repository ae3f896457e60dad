//! The database beside the product: as someone with its password would reach it.

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use harness::{app::TestApp, database::Database};

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Runs SQL with the product's own rights; the error is the database's own words.
pub fn run(app: &TestApp, database: &Database, sql: &str) -> Result<(), String> {
    let done = match database {
        Database::Sqlite => sqlite(app).batch_execute(sql),
        Database::Postgres(url) => PgConnection::establish(url).expect("PostgreSQL").batch_execute(sql),
    };
    done.map_err(|error| error.to_string())
}

/// A number that a query gives in a column of this name.
pub fn number(app: &TestApp, database: &Database, sql: &str) -> i64 {
    let query = sql_query(format!("SELECT CAST(({sql}) AS BIGINT) AS number"));
    let found: Number = match database {
        Database::Sqlite => query.get_result(&mut sqlite(app)),
        Database::Postgres(url) => query.get_result(&mut PgConnection::establish(url).expect("PostgreSQL")),
    }
    .expect("a number");
    found.number
}

/// Takes the triggers away, as only an owner of the database can.
pub fn disarm(app: &TestApp, database: &Database) {
    let sql = match database {
        Database::Sqlite => {
            "DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete; DROP TRIGGER ledger_nodes_no_update; \
             DROP TRIGGER ledger_nodes_no_delete"
        }
        Database::Postgres(_) => "ALTER TABLE ledger DISABLE TRIGGER ALL; ALTER TABLE ledger_nodes DISABLE TRIGGER ALL",
    };
    run(app, database, sql).expect("no triggers");
}

/// Bytes as the database writes them.
pub fn bytes(database: &Database, hash: &[u8]) -> String {
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    match database {
        Database::Sqlite => format!("x'{hex}'"),
        Database::Postgres(_) => format!("'\\x{hex}'::bytea"),
    }
}

fn sqlite(app: &TestApp) -> SqliteConnection {
    let file = Database::sqlite_file(app.data_dir());
    let mut conn = SqliteConnection::establish(&file.display().to_string()).expect("the file");
    conn.batch_execute("PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON;").expect("settings");
    conn
}
