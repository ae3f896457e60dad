//! Every value of every table, whatever it is called: for a search for what must not be there.

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};

use crate::{Conn, StoreError};

/// How many blocks of a table of PostgreSQL are read at once.
const BLOCKS: i64 = 256;

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'a> {
    /// Table.
    pub table: &'a str,
    /// Column.
    pub column: &'a str,
    /// The row as the database names it: `rowid` or `ctid`; empty where it has no name.
    pub row: &'a str,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
    /// Blocks on PostgreSQL; on SQLite 0 for a table without row ids.
    #[diesel(sql_type = BigInt)]
    size: i64,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Binary)]
    value: Vec<u8>,
}

/// Shows every value as text; bytes as they are on SQLite, as hex on PostgreSQL.
///
/// # Errors
/// Database errors only.
pub fn each_value(conn: &mut Conn, visit: &mut dyn FnMut(Spot<'_>, &[u8])) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(conn) => each_of_sqlite(conn, visit),
        Conn::Pg(conn) => each_of_postgres(conn, visit),
    }
}

fn each_of_sqlite(conn: &mut SqliteConnection, visit: &mut dyn FnMut(Spot<'_>, &[u8])) -> Result<(), StoreError> {
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT m.name AS of, c.name AS name, CAST(m.sql NOT LIKE '%WITHOUT ROWID%' AS BIGINT) AS size \
         FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid",
    )
    .load(conn)?;
    for column in columns {
        let (of, name) = (quoted(&column.of), quoted(&column.name));
        let place = if column.size == 0 { "''" } else { "rowid" };
        let all = format!(
            "SELECT CAST({place} AS TEXT) AS place, CAST({name} AS BLOB) AS value FROM {of} WHERE {name} IS NOT NULL"
        );
        // One by one as SQLite finds them: no table has to fit into memory.
        for row in diesel::sql_query(all).load_iter::<Value, DefaultLoadingMode>(conn)? {
            column.show(&row?, visit);
        }
    }
    Ok(())
}

fn each_of_postgres(conn: &mut PgConnection, visit: &mut dyn FnMut(Spot<'_>, &[u8])) -> Result<(), StoreError> {
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT c.table_name::text AS of, c.column_name::text AS name, \
         (pg_relation_size(quote_ident(c.table_name)::regclass) / current_setting('block_size')::bigint)::bigint AS size \
         FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) \
         WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
         ORDER BY c.table_name, c.ordinal_position",
    )
    .load(conn)?;
    for column in columns {
        let (of, name) = (quoted(&column.of), quoted(&column.name));
        let mut block = 0;
        while block < column.size {
            let next = block + BLOCKS;
            let page = format!(
                "SELECT ctid::text AS place, convert_to({name}::text, 'UTF8') AS value FROM {of} \
                 WHERE {name} IS NOT NULL AND ctid >= '({block},0)'::tid AND ctid < '({next},0)'::tid"
            );
            let rows: Vec<Value> = diesel::sql_query(page).load(conn)?;
            rows.iter().for_each(|row| column.show(row, visit));
            block = next;
        }
    }
    Ok(())
}

impl Column {
    fn show(&self, row: &Value, visit: &mut dyn FnMut(Spot<'_>, &[u8])) {
        visit(Spot { table: &self.of, column: &self.name, row: &row.place }, &row.value);
    }
}

/// A name as both databases quote it. Names come from the database's own list.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
