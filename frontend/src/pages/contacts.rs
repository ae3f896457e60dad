use serde::Serialize;

use crate::{Page, view::Tag};

/// `/company/contacts`: introductions, without any contact.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Contacts {
    /// The introductions.
    pub rows: Vec<ContactLine>,
    /// The next (older) page.
    pub next_href: Option<String>,
}

impl Page for Contacts {
    const TEMPLATE: &'static str = "contacts";

    fn title(&self) -> String {
        "Contacts shared with you".to_owned()
    }
}

/// One introduction, without contact.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ContactLine {
    /// `/company/contacts/{id}` while it can be opened.
    pub href: Option<String>,
    /// The opening's title.
    pub opening: String,
    /// `/company/openings/{id}`.
    pub opening_href: String,
    /// For example `ok` "Open" or "Ended".
    pub state: Tag,
    /// The pipeline stage, in words.
    pub stage: String,
    /// When it began.
    pub since: String,
    /// When it ends or ended.
    pub ends: String,
    /// `/company/contacts/{id}/messages`.
    pub messages_href: String,
    /// How many messages of the physician are new.
    pub news: i64,
}
