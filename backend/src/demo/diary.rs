//! What admins did, written into the audit in the order of time.

use chrono::{DateTime, Utc};
use domain::AccountId;
use store::{Conn, audit};

use crate::error::AppError;

/// An act of the community's admin.
struct Act {
    at: DateTime<Utc>,
    action: &'static str,
    object: &'static str,
    id: String,
    detail: Option<&'static str>,
}

/// Acts gathered while the community is made; their order in time is known only at the end.
#[derive(Default)]
pub(super) struct Diary(Vec<Act>);

impl Diary {
    /// Notes an act; the action is the object and a verb, for example `opening.approve`.
    pub(super) fn note(&mut self, at: DateTime<Utc>, action: &'static str, id: &str, detail: Option<&'static str>) {
        let object = action.split('.').next().unwrap_or(action);
        self.0.push(Act { at, action, object, id: id.to_owned(), detail });
    }

    /// Writes everything, oldest first.
    pub(super) fn write(mut self, conn: &mut Conn, admin: &AccountId) -> Result<(), AppError> {
        self.0.sort_by_key(|act| act.at);
        for act in &self.0 {
            let recorded = audit::Act {
                actor: Some(admin),
                role: "admin",
                action: act.action,
                object: act.object,
                id: &act.id,
                detail: act.detail,
            };
            audit::record(conn, &recorded, act.at)?;
        }
        Ok(())
    }
}
