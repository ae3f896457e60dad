//! Embedded migrations, two folders of equal names.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::StoreError;
use crate::conn::{Conn, establish};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// Nodes that start at once migrate one after the other.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_lock(726573)";

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Migration(error.to_string())
}

/// Brings the schema up to date.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub fn run(url: &str) -> Result<(), StoreError> {
    match establish(url)? {
        Conn::Pg(mut c) => {
            c.batch_execute(MIGRATION_LOCK)?;
            c.run_pending_migrations(POSTGRES).map_err(failed)?;
            in_rust(Conn::Pg(c), "BEGIN")
        }
        Conn::Sqlite(mut c) => {
            c.batch_execute("PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL;")?;
            c.run_pending_migrations(SQLITE).map_err(failed)?;
            in_rust(Conn::Sqlite(c), "BEGIN IMMEDIATE")
        }
    }
}

/// What the migrations leave to be done by code: SQLite has no SHA-256.
fn in_rust(mut conn: Conn, begin: &str) -> Result<(), StoreError> {
    conn.batch_execute(begin)?;
    // On an error the connection is dropped, and what it had not committed with it.
    crate::ledger::plant(&mut conn)?;
    Ok(conn.batch_execute("COMMIT")?)
}

/// Undoes every migration (for tests of the down files).
///
/// # Errors
/// When a down file fails.
pub fn revert_all(url: &str) -> Result<(), StoreError> {
    match establish(url)? {
        Conn::Pg(mut c) => c.revert_all_migrations(POSTGRES).map(|_| ()).map_err(failed),
        Conn::Sqlite(mut c) => c.revert_all_migrations(SQLITE).map(|_| ()).map_err(failed),
    }
}

/// Names of the embedded migrations: `(sqlite, postgres)`.
///
/// # Errors
/// When an embedded folder cannot be read.
pub fn names() -> Result<(Vec<String>, Vec<String>), StoreError> {
    let sqlite: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = SQLITE.migrations().map_err(failed)?;
    let postgres: Vec<Box<dyn Migration<diesel::pg::Pg>>> = POSTGRES.migrations().map_err(failed)?;
    Ok((sqlite.iter().map(|m| m.name().to_string()).collect(), postgres.iter().map(|m| m.name().to_string()).collect()))
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;

    use super::*;

    const CLUSTERED: &str = "2026-11-23-190000_clustered";
    const ROWS: &str = "INSERT INTO accounts (id, role, created_at) VALUES ('a', 'member', '2026-01-01');
        INSERT INTO members (id, account_id, standing, joined_by, joined_at, time_zone, permission_epoch, alerts_email,
            admin_outreach, anonymous_counts) VALUES ('m', 'a', 'active', 'application', '2026-01-01', 'UTC', 0, 0, 0, 0);
        INSERT INTO profiles VALUES ('m', 'md_do', 0, '', NULL, 'a note');
        INSERT INTO profile_interests VALUES ('m', 'qme');
        INSERT INTO profile_bases VALUES ('m', 'los-angeles-ca', 0, 25);";

    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }

    fn count(conn: &mut SqliteConnection, of: &str) -> i64 {
        let counted: Count = diesel::sql_query(format!("SELECT COUNT(*) AS n FROM {of}")).get_result(conn).unwrap();
        counted.n
    }

    #[test]
    fn clustering_and_undoing_it_keeps_every_row_and_reference() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.db");
        let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        conn.batch_execute("PRAGMA foreign_keys = ON").unwrap();
        let all: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = SQLITE.migrations().unwrap();
        for _ in all.iter().filter(|m| m.name().to_string().as_str() < CLUSTERED) {
            conn.run_next_migration(SQLITE).unwrap();
        }
        conn.batch_execute(ROWS).unwrap();
        let tables = ["profiles", "profile_interests", "profile_bases"];
        let migration = all.iter().find(|m| m.name().to_string() == CLUSTERED).unwrap();
        conn.run_migration(migration).unwrap();
        assert_eq!(tables.map(|t| count(&mut conn, t)), [1, 1, 1]);
        conn.revert_migration(migration).unwrap();
        assert_eq!(tables.map(|t| count(&mut conn, t)), [1, 1, 1]);
        conn.run_migration(migration).unwrap();
        assert_eq!(count(&mut conn, "pragma_foreign_key_check"), 0);
        conn.batch_execute("DELETE FROM members").unwrap();
        assert_eq!(tables.map(|t| count(&mut conn, t)), [0, 0, 0], "they go with their member");
    }
}
