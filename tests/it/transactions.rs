//! Transactions that are in each other's way.

use std::sync::{
    Arc, Barrier,
    atomic::{AtomicU32, Ordering},
};

use domain::limits::Act;
use harness::{database::Database, pg};
use store::{Db, StoreError, Vault};

/// Two transactions of PostgreSQL that wait for each other: it ends one of them (40P01), which is run again, and both are
/// there in the end. SQLite has one writer, so there is nothing to wait for.
#[test]
fn of_two_that_wait_for_each_other_one_is_run_again() {
    let Some(Database::Postgres(url)) = Database::postgres() else { return };
    let db = Db::open(&url, 4).expect("a database");
    let dir = tempfile::tempdir().expect("a folder");
    let vault = Vault::open(&dir.path().join("master.key")).expect("a key");
    let now = "2026-03-02T18:00:00Z".parse().expect("a time");
    let (runs, meet) = (AtomicU32::new(0), Arc::new(Barrier::new(2)));
    let both = |first: &str, second: &str| {
        let mut met = false;
        db.write::<_, StoreError>(|conn| {
            runs.fetch_add(1, Ordering::Relaxed);
            store::limits::take(conn, &vault, Act::Write, first, now)?;
            if !met {
                met = true;
                meet.wait();
            }
            store::limits::take(conn, &vault, Act::Write, second, now)
        })
    };
    std::thread::scope(|scope| {
        let ends = [scope.spawn(|| both("a", "b")), scope.spawn(|| both("b", "a"))];
        for end in ends {
            end.join().expect("no panic").expect("both are committed");
        }
    });
    // More often than once when it comes back before the other has taken what it waited for.
    assert!(runs.into_inner() >= 3, "one of them was run again");
    assert_eq!(pg::query(&url, "SELECT taken FROM act_counts").trim(), "2\n2");
}

/// A transaction that is always in the way of others is given up, and says that waiting may help.
#[test]
fn what_never_comes_through_is_busy() {
    let Some(Database::Postgres(url)) = Database::postgres() else { return };
    let db = Db::open(&url, 2).expect("a database");
    let mut runs = 0;
    let ended = db.write::<(), StoreError>(|_| {
        runs += 1;
        Err(StoreError::Busy)
    });
    assert!(matches!(ended, Err(StoreError::Busy)));
    assert_eq!(runs, 4);
    let mut runs = 0;
    let ended = db.write::<(), StoreError>(|_| {
        runs += 1;
        Err(StoreError::NotFound)
    });
    assert!(matches!(ended, Err(StoreError::NotFound)) && runs == 1, "only what may come through is tried again");
}
