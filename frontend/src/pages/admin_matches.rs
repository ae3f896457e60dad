use serde::Serialize;

use crate::{Page, view::Tag};

/// `/admin/matches`. Posts to `/admin/matches/{id}/release`, `…/hold`, `…/drop`, and `opening_id` to `/admin/matches/release-all`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminMatches {
    /// Matches that wait, by opening.
    pub groups: Vec<MatchGroup>,
}

impl Page for AdminMatches {
    const TEMPLATE: &'static str = "admin_matches";

    fn title(&self) -> String {
        "Matches to release".to_owned()
    }
}

/// The waiting matches of one opening.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MatchGroup {
    /// The opening's id.
    pub opening_id: String,
    /// The opening's title.
    pub title: String,
    /// `/admin/openings/{id}`.
    pub href: String,
    /// The company.
    pub company: String,
    /// The matches.
    pub rows: Vec<AdminMatchRow>,
}

/// One match, without contact.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminMatchRow {
    /// The match's id.
    pub id: String,
    /// A short name such as "Member 3f2a".
    pub member: String,
    /// `/admin/members/{id}`.
    pub member_href: String,
    /// For example `warn` "Held".
    pub state: Tag,
    /// Whether it is held already.
    pub held: bool,
    /// Why it matched.
    pub reasons: Vec<String>,
}
