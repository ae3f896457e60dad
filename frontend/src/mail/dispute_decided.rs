use serde::Serialize;

use crate::Mail;

/// Tells both sides what an admin decided on a report.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DisputeDecidedMail {
    /// The opening's title, or the company's name.
    pub about: String,
    /// What was decided, as a sentence without its full stop.
    pub outcome: String,
    /// In the admin's words.
    pub words: String,
    /// The report, behind sign-in.
    pub link: String,
}

impl Mail for DisputeDecidedMail {
    const NAME: &'static str = "dispute_decided";
}
