use serde::Serialize;

use crate::{
    Page,
    view::{Fact, OpeningRow},
};

/// `/companies/{slug}`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CompanyPublic {
    /// The company's name.
    pub name: String,
    /// Its web address.
    pub website: Option<String>,
    /// What it says about itself, with its marks.
    pub about: String,
    /// How and when it was verified, as a sentence.
    pub verified: Option<String>,
    /// Further facts.
    pub facts: Vec<Fact>,
    /// Its live openings.
    pub openings: Vec<OpeningRow>,
    /// Where a member can block it (POST), when not blocked yet.
    pub block_action: Option<String>,
    /// Where a member reports a problem with it.
    pub report_href: Option<String>,
    /// Whether the member has blocked it.
    pub blocked: bool,
    /// For members: the slug to mute, when it is not muted.
    pub mute: Option<String>,
    /// Whether the member has muted it.
    pub muted: bool,
}

impl Page for CompanyPublic {
    const TEMPLATE: &'static str = "company_public";

    fn title(&self) -> String {
        self.name.clone()
    }
}
