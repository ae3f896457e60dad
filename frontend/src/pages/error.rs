use serde::Serialize;

use crate::view::{HiddenField, Link};
use crate::{Page, Private};

/// What is shown instead of a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ErrorPage {
    /// The HTTP status.
    pub status: i64,
    /// The heading.
    pub heading: String,
    /// What happened, as a sentence.
    pub what: String,
    /// What to do now, as a sentence.
    pub todo: String,
    /// The reference to name when asking for help.
    pub request_id: String,
    /// What has to be done first; opens beside this page, so that what was typed stays.
    pub first: Option<Link>,
    /// What was typed, where sending it again later helps.
    pub again: Option<SendAgain>,
}

/// A form that was not taken, kept whole so that one press sends it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SendAgain {
    /// Where it goes.
    pub action: Private,
    /// What was in it.
    pub fields: Vec<HiddenField>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error";

    fn title(&self) -> String {
        self.heading.clone()
    }
}
