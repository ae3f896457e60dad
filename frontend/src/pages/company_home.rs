use serde::Serialize;

use crate::{Page, view::Tag};

/// `/company`. The only number about members is a band.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CompanyHome {
    /// The company's name.
    pub name: String,
    /// For example `ok` "Verified" or `warn` "Waiting for approval".
    pub status: Tag,
    /// What is missing, as a sentence.
    pub status_note: Option<String>,
    /// Whether the reader may post openings.
    pub can_post: bool,
    /// What needs somebody.
    pub todo: Vec<Todo>,
    /// Why some openings show no band.
    pub band_note: Option<String>,
    /// The company's openings.
    pub openings: Vec<CompanyOpeningLine>,
    /// Introductions nobody has opened yet.
    pub introductions: Vec<WaitingIntroduction>,
}

impl Page for CompanyHome {
    const TEMPLATE: &'static str = "company_home";

    fn title(&self) -> String {
        format!("{}: your openings", self.name)
    }
}

/// Something that needs somebody.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Todo {
    /// What, as a sentence.
    pub title: String,
    /// Why and until when.
    pub text: String,
    /// The words of the button.
    pub button: String,
    /// Where the button posts.
    pub action: Option<String>,
    /// Where the button leads when it does not post.
    pub href: Option<String>,
}

/// One opening of the company.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CompanyOpeningLine {
    /// `/company/openings/{id}`.
    pub href: String,
    /// The title.
    pub title: String,
    /// For example `ok` "Open".
    pub state: Tag,
    /// For example "Posted 3 Nov, closes 14 Dec".
    pub dates: String,
    /// For example "26-50", "fewer than 11" or "Not shown yet".
    pub band: String,
    /// Where to edit it.
    pub edit_href: Option<String>,
    /// Where "Still open" posts.
    pub confirm_action: Option<String>,
    /// Where "Send for review" posts.
    pub submit_action: Option<String>,
}

/// An introduction nobody of the company has opened yet.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WaitingIntroduction {
    /// `/company/contacts/{id}`.
    pub href: String,
    /// The opening's title.
    pub opening: String,
    /// When it ends.
    pub ends: String,
}
