//! The database: schema, connections, queries, sealed contacts.
//!
//! This crate must never know HTTP, mail, templates, the index, the environment or the clock. Functions take a
//! connection and return domain values and typed errors; the use case owns the transaction.

pub mod accounts;
pub mod admins;
pub mod alerts;
pub mod audit;
pub mod changes;
pub mod companies;
mod conn;
pub mod contacts;
pub mod conversations;
pub mod digests;
pub mod disputes;
pub mod email_changes;
pub mod erasures;
mod error;
pub mod facts;
pub mod introductions;
pub mod invitations;
pub mod jobs;
pub mod leases;
pub mod ledger;
pub mod limits;
pub mod mail_streams;
pub mod mail_tokens;
pub mod matches;
pub mod member_mail;
pub mod members;
mod migrate;
pub mod openings;
pub mod outbox;
pub mod outreach;
pub mod permissions;
pub mod profiles;
pub mod reach;
pub mod request_keys;
pub mod scan;
pub mod schema;
pub mod seat_invitations;
pub mod second_factors;
pub mod suppressions;
pub mod texts;
mod time;
mod vault;
pub mod whereabouts;

pub use conn::{Conn, Db, MayBeBusy, unless_taken};
pub use diesel::result::Error as DatabaseError;
pub use error::StoreError;
pub use migrate::{names as migration_names, revert_all, run as migrate};
pub use time::{Time, utc};
pub use vault::{KeyFileError, RotationLock, TokenPurpose, Vault};
pub use zeroize::Zeroizing;
