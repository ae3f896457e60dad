use serde::Serialize;

use crate::{
    Page,
    view::{Check, Link, OpeningRow},
};

/// `/matches`: openings that fit. Declining posts to the `decline_action`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Matches {
    /// `new` or `answered`.
    pub tab: String,
    /// How many wait for an answer.
    pub new_count: i64,
    /// How many were answered.
    pub answered_count: i64,
    /// This tab's rows.
    pub rows: Vec<MatchRow>,
    /// What would let more openings fit, as sentences that lead to where it is changed.
    pub widen: Vec<Link>,
    /// Whether everything is paused.
    pub paused: bool,
    /// Whether the member waits for approval.
    pub pending: bool,
    /// Whether mail alerts are on.
    pub alerts_on: bool,
    /// The next (older) page.
    pub next_href: Option<String>,
}

impl Page for Matches {
    const TEMPLATE: &'static str = "matches";

    fn title(&self) -> String {
        if self.tab == "answered" { "Answered matches" } else { "Your matches" }.to_owned()
    }
}

/// One match.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MatchRow {
    /// The opening.
    pub opening: OpeningRow,
    /// Why it fits.
    pub reasons: Vec<Check>,
    /// The one thing that is missing.
    pub missing: Option<String>,
    /// What was answered, for example "You said no on 3 Nov".
    pub answer: Option<String>,
    /// `/consent/{opening_id}` when it can be answered with yes.
    pub share_href: Option<String>,
    /// `/matches/{id}/decline` when it can be answered with no.
    pub decline_action: Option<String>,
}
