use serde::Serialize;

use crate::Mail;

/// Tells a company what became of an opening it sent for review.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OpeningReviewedMail {
    /// The opening's title.
    pub title: String,
    /// What the admin decided.
    pub outcome: Outcome,
    /// The admin's reason; empty for an approval without one.
    pub reason: String,
    /// The company's page of the opening.
    pub link: String,
}

/// The end of a review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is live now.
    #[default]
    Approved,
    /// It needs a change and can be sent again.
    Returned,
    /// It can't be posted.
    Rejected,
}

impl Mail for OpeningReviewedMail {
    const NAME: &'static str = "opening_reviewed";
}
