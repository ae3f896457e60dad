//! Which database a story runs on, and the macro that runs it on both.

use std::path::Path;

use crate::{pg, settings};

/// A new, empty database for one test.
#[derive(Clone, Debug)]
pub enum Database {
    /// The file in the data folder that the product makes when nothing is set.
    Sqlite,
    /// The URL of a database in the throw-away cluster.
    Postgres(String),
}

impl Database {
    /// `None` where there is no PostgreSQL, which is said aloud, and is a failure in CI.
    pub fn postgres() -> Option<Database> {
        match pg::available() {
            Ok(()) => Some(Database::Postgres(pg::fresh_database())),
            Err(why) => {
                settings::not_run("PostgreSQL", &why);
                None
            }
        }
    }

    /// Another new one of the same kind.
    #[must_use]
    pub fn another(&self) -> Database {
        match self {
            Database::Sqlite => Database::Sqlite,
            Database::Postgres(_) => Database::Postgres(pg::fresh_database()),
        }
    }

    /// The value of `DATABASE_URL`; nothing means the default.
    pub fn url(&self) -> Option<String> {
        match self {
            Database::Sqlite => None,
            Database::Postgres(url) => Some(url.clone()),
        }
    }

    /// Where the default database of this data folder lies.
    pub fn sqlite_file(data_dir: &Path) -> std::path::PathBuf {
        data_dir.join("rosterline.db")
    }
}

/// Makes two tests of one story: `name::on_sqlite` and `name::on_postgres`.
///
/// ```text
/// on_both! {
///     /// What the story tells.
///     async fn stranger_cannot_see_contact(database) {
///         let app = TestApp::start(database).await;
///     }
/// }
/// ```
#[macro_export]
macro_rules! on_both {
    ($(#[doc = $doc:expr])* async fn $name:ident($database:ident) $story:block) => {
        $(#[doc = $doc])*
        mod $name {
            use super::*;

            async fn story($database: $crate::database::Database) $story

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                story($crate::database::Database::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(database) = $crate::database::Database::postgres() {
                    story(database).await;
                }
            }
        }
    };
}
