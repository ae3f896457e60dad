//! Which server a database stands on.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::{Conn, StoreError};

#[derive(QueryableByName)]
struct Mark {
    #[diesel(sql_type = Text)]
    mark: String,
}

/// What tells this database on its PostgreSQL server from a copy of it: the cluster's own number and the database's.
/// A dump that was read in elsewhere has another one; a byte-wise copy of the cluster has the same.
///
/// # Errors
/// Database errors only; on SQLite, which is a file, there is nothing to ask.
pub fn of_server(conn: &mut Conn) -> Result<String, StoreError> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(String::new());
    }
    // A server may keep its number to itself.
    let sql = "SELECT CASE WHEN has_function_privilege('pg_control_system()', 'execute') \
               THEN (SELECT system_identifier::text FROM pg_control_system()) ELSE '' END || '|' || oid::text AS mark \
               FROM pg_database WHERE datname = current_database()";
    Ok(diesel::sql_query(sql).get_result::<Mark>(conn)?.mark)
}
