use serde::Serialize;

use crate::{
    Page,
    view::{Check, Fact, Link, OpeningRow, Tag},
};

/// `/openings/{id}`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OpeningPage {
    /// The opening's id.
    pub id: String,
    /// The title.
    pub title: String,
    /// `qme`, `ime` or `chart_review`.
    pub kind: String,
    /// For example "QME evaluation".
    pub kind_label: String,
    /// The company's name.
    pub company: String,
    /// `/companies/{slug}`.
    pub company_href: String,
    /// Whether the company was verified.
    pub company_verified: bool,
    /// For example "Bakersfield, CA", or "Remote".
    pub place: String,
    /// For example "Confirmed open 2 days ago".
    pub confirmed: String,
    /// For example "Closes 14 December 2026"; none when it is over.
    pub closes: Option<String>,
    /// How it fits the reader.
    pub fit: Option<Tag>,
    /// Pay, basis, volume, place and so on.
    pub facts: Vec<Fact>,
    /// The text as the company wrote it, with its marks.
    pub description: String,
    /// "Can I take this?", rule by rule; empty for who has no profile.
    pub checks: Vec<Check>,
    /// What the opening asks, for readers without a profile.
    pub asks: Vec<Check>,
    /// What the reader can do.
    pub action: OpeningAction,
    /// `/matches/{id}/decline` when the reader has a match.
    pub decline_action: Option<String>,
    /// For members: `/openings/{id}/why`.
    pub why_href: Option<String>,
    /// Where a member reports a problem with it.
    pub report_href: Option<String>,
    /// The list the reader came from.
    pub back_href: String,
    /// For example "Back to the openings".
    pub back_label: String,
    /// Openings like this one.
    pub similar: Vec<OpeningRow>,
}

impl Page for OpeningPage {
    const TEMPLATE: &'static str = "opening";

    fn title(&self) -> String {
        format!("{}, {}", self.title, self.place)
    }
}

/// What the reader of an opening can do about it.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum OpeningAction {
    /// Nothing (an admin, or a seat of another company).
    #[default]
    Nothing,
    /// Join or sign in.
    Visitor {
        /// `/join`.
        join_href: String,
        /// `/sign-in` with the way back.
        sign_in_href: String,
    },
    /// Say yes.
    CanShare {
        /// `/consent/{opening_id}`.
        href: String,
    },
    /// Already said yes.
    Shared {
        /// For example "Shared on 21 Nov 2026 until 14 Dec 2026".
        text: String,
    },
    /// Does not fit.
    NotEligible {
        /// The rule that stops it, as a sentence.
        rule: String,
    },
    /// The reader's own company's opening.
    Own {
        /// `/company/openings/{id}`.
        href: String,
    },
    /// Not open now.
    Closed {
        /// Why, as a sentence.
        text: String,
    },
    /// A member who can't say yes now (not approved yet, paused).
    Waiting {
        /// Why, as a sentence.
        text: String,
        /// Where to change it.
        link: Option<Link>,
    },
}
