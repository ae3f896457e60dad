use serde::Serialize;

use crate::{Page, view::Tag};

/// `/admin/queue`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminQueue {
    /// The kinds as links.
    pub tabs: Vec<QueueTab>,
    /// What waits, oldest first.
    pub items: Vec<QueueItem>,
}

impl Page for AdminQueue {
    const TEMPLATE: &'static str = "admin_queue";

    fn title(&self) -> String {
        "Queue".to_owned()
    }
}

/// One kind of the queue as a link.
#[derive(Debug, Clone, Default, Serialize)]
pub struct QueueTab {
    /// The queue of this kind.
    pub href: String,
    /// Its words, with the count.
    pub label: String,
    /// Whether it is shown now.
    pub current: bool,
}

/// One waiting item.
#[derive(Debug, Clone, Default, Serialize)]
pub struct QueueItem {
    /// `member`, `company`, `opening`, `dispute` or `match`.
    pub kind: String,
    /// Its words.
    pub kind_label: String,
    /// What it is; never an address.
    pub title: String,
    /// Where it is decided.
    pub href: String,
    /// For how long.
    pub waiting: String,
    /// For example `bad` "Must be QME only".
    pub note: Option<Tag>,
}
