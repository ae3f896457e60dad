use serde::Serialize;

use super::Thread;
use crate::{
    Page,
    view::{FieldError, Tag},
};

/// `/introductions/{id}`: one yes of the member, and what was written under it. Posts `text` to `…/messages`; removing starts at `…/messages/remove`, taking back at `…/revoke`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Introduction {
    /// The introduction's id.
    pub id: String,
    /// The company.
    pub company: String,
    /// The opening's title.
    pub title: String,
    /// `/openings/{id}`.
    pub opening_href: String,
    /// For example `ok` "Live".
    pub state: Tag,
    /// For example "name and degree, e-mail".
    pub fields: String,
    /// How far the company says it is.
    pub stage: String,
    /// The day it began.
    pub since: String,
    /// When it ends or ended.
    pub ends: String,
    /// Whether it can be taken back.
    pub can_take_back: bool,
    /// Whether the member blocks the company.
    pub blocked: bool,
    /// Whether there is something to remove.
    pub can_remove: bool,
    /// What was written.
    #[serde(flatten)]
    pub thread: Thread,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for Introduction {
    const TEMPLATE: &'static str = "introduction";

    fn title(&self) -> String {
        format!("{}: your introduction", self.company)
    }
}
