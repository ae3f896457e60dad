//! Connections: SQLite by default, PostgreSQL by URL, one type for both.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{self, CustomizeConnection, ManageConnection, Pool, R2D2Connection};

use crate::StoreError;

/// How often a transaction is run when others are in its way.
const RUNS_AT_MOST: u32 = 4;

/// A connection to either database. Queries are written once against it.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// True for a PostgreSQL URL; everything else is a SQLite file.
fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// Opens one connection outside the pools.
pub(crate) fn establish(url: &str) -> ConnectionResult<Conn> {
    if is_postgres(url) {
        PgConnection::establish(url).map(Conn::Pg)
    } else {
        SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap_or(url)).map(Conn::Sqlite)
    }
}

/// An error of a transaction that may say: nothing is wrong, others were in the way.
pub trait MayBeBusy {
    /// True when the same again may well succeed.
    fn is_busy(&self) -> bool;
}

/// Does something inside the caller's transaction that may meet what is taken. When it does, all of it is undone, the
/// transaction goes on, and the answer is `None`.
///
/// # Errors
/// What the closure returns besides `Taken`.
pub fn unless_taken<T>(
    conn: &mut Conn,
    f: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    conn.batch_execute("SAVEPOINT unless_taken")?;
    match f(conn) {
        Ok(value) => {
            conn.batch_execute("RELEASE SAVEPOINT unless_taken")?;
            Ok(Some(value))
        }
        Err(StoreError::Taken) => {
            conn.batch_execute("ROLLBACK TO SAVEPOINT unless_taken; RELEASE SAVEPOINT unless_taken")?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

struct Manager {
    url: String,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        Ok(establish(&self.url)?)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        conn.ping().map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        // A panic may leave a transaction open; such a connection must not return to the pool.
        std::thread::panicking() || conn.is_broken()
    }
}

#[derive(Debug)]
struct Setup {
    read_only: bool,
}

impl CustomizeConnection<Conn, r2d2::Error> for Setup {
    fn on_acquire(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        // busy_timeout stands first, so that it already holds for the rest. secure_delete overwrites what is
        // deleted; synchronous=FULL because a consent that was acknowledged must survive a power cut.
        let sql = match conn {
            Conn::Sqlite(_) if self.read_only => {
                "PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA query_only=ON; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
            }
            Conn::Sqlite(_) => {
                "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
            }
            Conn::Pg(_) => "SET TIME ZONE 'UTC'; SET statement_timeout='30s';",
        };
        conn.batch_execute(sql).map_err(r2d2::Error::QueryError)
    }
}

/// The database. On SQLite one writer and several readers; on PostgreSQL one pool under both names.
#[derive(Clone)]
pub struct Db {
    read: Pool<Manager>,
    write: Pool<Manager>,
    one_writer: bool,
}

impl Db {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// When it cannot be reached or a migration fails.
    pub fn open(url: &str, connections: u32) -> Result<Self, StoreError> {
        crate::migrate::run(url)?;
        let pool = |size, read_only| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .test_on_check_out(is_postgres(url))
                .connection_timeout(Duration::from_secs(5))
                .connection_customizer(Box::new(Setup { read_only }))
                .build(Manager { url: url.to_owned() })
        };
        if is_postgres(url) {
            let both = pool(connections, false)?;
            Ok(Self { read: both.clone(), write: both, one_writer: false })
        } else {
            Ok(Self { write: pool(1, false)?, read: pool(connections, true)?, one_writer: true })
        }
    }

    /// True when there is one writer at a time, so that gathering what is to be written saves time.
    #[must_use]
    pub const fn has_one_writer(&self) -> bool {
        self.one_writer
    }

    /// Reads on a connection that refuses writes (on SQLite).
    ///
    /// # Errors
    /// What the closure returns, or `Busy` when no connection is free.
    pub fn read<T, E: From<StoreError>>(&self, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        f(&mut *self.read.get().map_err(StoreError::from)?)
    }

    /// Runs one transaction: commits on `Ok`, rolls back on `Err`. `BEGIN IMMEDIATE` on SQLite, since a read that
    /// turns into a write would fail there without waiting. On PostgreSQL the closure is run again, a few times at
    /// most, when another transaction was in its way; nothing of the run before stands then.
    ///
    /// # Errors
    /// What the closure returns, or a store error from the transaction itself.
    pub fn write<T, E: From<StoreError> + MayBeBusy>(
        &self,
        mut f: impl FnMut(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.write.get().map_err(StoreError::from)?;
        let sql = |conn: &mut Conn, text: &str| conn.batch_execute(text).map_err(StoreError::from);
        let (begin, runs) = match &*conn {
            // One writer, which has waited for its turn already.
            Conn::Sqlite(_) => ("BEGIN IMMEDIATE", 1),
            Conn::Pg(_) => ("BEGIN", RUNS_AT_MOST),
        };
        let mut run = 1;
        loop {
            sql(&mut conn, begin)?;
            match f(&mut conn) {
                Ok(value) => {
                    // Never again after this: what a broken connection left behind is not known.
                    if let Err(error) = sql(&mut conn, "COMMIT") {
                        // SQLite keeps the transaction open after a failed commit.
                        let _ = conn.batch_execute("ROLLBACK");
                        return Err(error.into());
                    }
                    return Ok(value);
                }
                Err(error) => {
                    sql(&mut conn, "ROLLBACK")?;
                    if run >= runs || !error.is_busy() {
                        return Err(error);
                    }
                    run += 1;
                }
            }
        }
    }
}
