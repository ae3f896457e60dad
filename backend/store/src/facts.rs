//! Facts: dated reference rows seeded from the shipped tables and editable by admins; and what the instance
//! remembers of itself.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::certification::{Rulebook, Scheme};
use domain::facts::{SHIPPED, shipped_rows};
use serde_json::{Map, Value};

use crate::schema::{facts as f, instance as i};
use crate::time::at;
use crate::{Conn, StoreError};

/// A row of a fact table: column names and values, as shipped or as edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Key of the row.
    pub key: String,
    /// Columns.
    pub columns: Map<String, Value>,
    /// Confidence mark.
    pub confidence: String,
}

/// Seeds the tables that are empty.
///
/// # Errors
/// Database errors only.
pub fn seed(conn: &mut Conn, now: DateTime<Utc>) -> Result<(), StoreError> {
    for (table, csv) in SHIPPED {
        let there: i64 = f::table.filter(f::table_name.eq(*table)).count().get_result(conn)?;
        if there > 0 {
            continue;
        }
        for (position, row) in (0..).zip(shipped_rows(csv)) {
            let key = row.first().map(|(_, v)| v.clone()).unwrap_or_default();
            let confidence = row.iter().find(|(k, _)| k == "confidence").map(|(_, v)| v.clone()).unwrap_or_default();
            let columns: Map<String, Value> = row.into_iter().map(|(k, v)| (k, Value::String(v))).collect();
            diesel::insert_into(f::table)
                .values((
                    f::table_name.eq(*table),
                    f::row_key.eq(key),
                    f::position.eq(position),
                    f::cells.eq(Value::Object(columns).to_string()),
                    f::confidence.eq(confidence),
                    f::updated_at.eq(at(now)),
                ))
                .execute(conn)?;
        }
    }
    Ok(())
}

/// The rows of a table in their order; with `shown_only` only those that may be shown as fact.
///
/// # Errors
/// `Corrupt` when a row cannot be read.
pub fn rows(conn: &mut Conn, table: &str, shown_only: bool) -> Result<Vec<Fact>, StoreError> {
    let rows: Vec<(String, String, String)> = f::table
        .filter(f::table_name.eq(table))
        .order(f::position)
        .select((f::row_key, f::cells, f::confidence))
        .load(conn)?;
    rows.into_iter()
        .filter(|(_, _, confidence)| !shown_only || domain::facts::may_be_shown(confidence))
        .map(|(key, columns, confidence)| {
            let columns = serde_json::from_str(&columns).map_err(|_| StoreError::Corrupt("fact row"))?;
            Ok(Fact { key, columns, confidence })
        })
        .collect()
}

/// The certification table in force.
///
/// # Errors
/// `Corrupt` when a row cannot be read.
pub fn rulebook(conn: &mut Conn) -> Result<Rulebook, StoreError> {
    let schemes = rows(conn, "certifications", true)?
        .into_iter()
        .map(|fact| serde_json::from_value::<Scheme>(Value::Object(fact.columns)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| StoreError::Corrupt("certification row"))?;
    Ok(Rulebook::new(schemes))
}

/// What the instance remembers under a key.
///
/// # Errors
/// Database errors only.
pub fn remembered(conn: &mut Conn, key: &str) -> Result<Option<String>, StoreError> {
    Ok(i::table.filter(i::key.eq(key)).select(i::value).first(conn).optional()?)
}

/// Remembers a value under a key.
///
/// # Errors
/// Database errors only.
pub fn remember(conn: &mut Conn, key: &str, value: &str) -> Result<(), StoreError> {
    diesel::delete(i::table.filter(i::key.eq(key))).execute(conn)?;
    diesel::insert_into(i::table).values((i::key.eq(key), i::value.eq(value))).execute(conn)?;
    Ok(())
}
