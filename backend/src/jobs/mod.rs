//! Jobs: what follows a commit. A job is a row of the transaction that caused it; the runner does it after.

mod pulse;
mod runner;
mod work;

use domain::{MemberId, OpeningId, OutreachId};
use serde::{Deserialize, Serialize};
use store::Conn;
use store::contacts::EmailMark;

use crate::app::App;
use crate::error::AppError;

pub use pulse::Pulse;
pub use runner::run;
pub use work::Work;

/// Everything that runs as a job, with the ids it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Find who fits an opening that was just approved.
    MatchOpening {
        /// Which.
        opening: OpeningId,
    },
    /// Judge one member against every live opening, since the member changed.
    MatchMember {
        /// Who.
        member: MemberId,
    },
    /// Mail a sign-in link to whoever has an address, if anyone does.
    MailLink {
        /// The address, as a keyed hash.
        to: EmailMark,
        /// Page to go to afterwards, a path of this site.
        next: Option<String>,
    },
    /// Write the mails of an outreach.
    SendOutreach {
        /// Which.
        outreach: OutreachId,
    },
}

impl Job {
    /// Its word in the table and in metrics.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::MatchOpening { .. } => "match_opening",
            Self::MatchMember { .. } => "match_member",
            Self::MailLink { .. } => "mail_link",
            Self::SendOutreach { .. } => "send_outreach",
        }
    }
}

/// Adds a job to the caller's transaction.
///
/// # Errors
/// Database errors only.
pub fn add(conn: &mut Conn, app: &App, job: &Job) -> Result<(), AppError> {
    add_at(conn, app, job, app.now())
}

/// Adds a job to be run at a time.
///
/// # Errors
/// Database errors only.
pub fn add_at(conn: &mut Conn, app: &App, job: &Job, at: chrono::DateTime<chrono::Utc>) -> Result<(), AppError> {
    let payload = serde_json::to_string(job).map_err(AppError::internal)?;
    Ok(store::jobs::add(conn, job.kind(), &payload, at, app.now())?)
}
