//! The database beside the product: as somebody with the product's own rights on it would see and change it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use diesel::connection::SimpleConnection;
use rosterline::AppError;
use store::StoreError;

use crate::app::TestApp;

/// Runs SQL.
///
/// # Panics
/// When the database refuses it.
pub async fn run(app: &TestApp, sql: &str) {
    let sql = sql.to_owned();
    let write = app
        .running()
        .app()
        .write(move |conn, _| conn.batch_execute(&sql).map_err(|error| AppError::from(StoreError::from(error))));
    write.await.expect("SQL that runs");
}

/// Every value of every table: how many there are in each column, and a hash over them that does not follow their
/// order. Two states are equal when nothing was written in between.
pub async fn state(app: &TestApp) -> BTreeMap<String, (u64, u64)> {
    let read = app.running().app().read(|conn, _| {
        let mut state: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        store::scan::each_value(conn, &mut |spot, value| {
            let mut hash = DefaultHasher::new();
            value.hash(&mut hash);
            let (count, sum) = state.entry(format!("{}.{}", spot.table, spot.column)).or_default();
            (*count, *sum) = (*count + 1, sum.wrapping_add(hash.finish()));
        })?;
        Ok(state)
    });
    read.await.expect("the database answers")
}

/// Every value of every table, as text or bytes, each once.
pub async fn values(app: &TestApp) -> Vec<Vec<u8>> {
    let read = app.running().app().read(|conn, _| {
        let mut values: Vec<Vec<u8>> = Vec::new();
        store::scan::each_value(conn, &mut |_, value| values.push(value.to_vec()))?;
        values.sort();
        values.dedup();
        Ok(values)
    });
    read.await.expect("the database answers")
}
