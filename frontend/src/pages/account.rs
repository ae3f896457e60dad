use serde::Serialize;

use crate::Page;

/// `/account`. Posts to `/account/sessions/{id}/end`, `/account/pause`, `/account/resume`, `/account/blocks/{slug}/remove`; deleting starts at `/account/delete`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Account {
    /// Whether pausing, export, blocks and deleting are offered.
    pub is_member: bool,
    /// Whether everything is paused.
    pub paused: bool,
    /// Whether the second step is on.
    pub second_step: bool,
    /// Recovery codes left.
    pub codes_left: i64,
    /// For an admin: whether the operator lets them look at contacts, as a sentence.
    pub contacts: Option<String>,
    /// Where the reader is signed in.
    pub sessions: Vec<SessionLine>,
    /// Companies the member has blocked.
    pub blocks: Vec<BlockLine>,
    /// The member's data as a file.
    pub export_href: Option<String>,
    /// `/account/delete`.
    pub delete_href: Option<String>,
}

impl Page for Account {
    const TEMPLATE: &'static str = "account";

    fn title(&self) -> String {
        "Your account".to_owned()
    }
}

/// One session.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SessionLine {
    /// Its id.
    pub id: String,
    /// For example "Firefox on Windows".
    pub label: String,
    /// When it began.
    pub since: String,
    /// When it was used last.
    pub last_seen: String,
    /// Whether it is the one in use.
    pub current: bool,
}

/// A company the member has blocked.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BlockLine {
    /// The company's slug.
    pub slug: String,
    /// The company's name.
    pub name: String,
}
