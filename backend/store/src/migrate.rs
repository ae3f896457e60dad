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
