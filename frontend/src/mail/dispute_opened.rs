use serde::Serialize;

use crate::Mail;

/// Tells the other side of an introduction that a problem was reported; not what was written.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DisputeOpenedMail {
    /// The opening's title, or the company's name.
    pub about: String,
    /// The report, behind sign-in.
    pub link: String,
}

impl Mail for DisputeOpenedMail {
    const NAME: &'static str = "dispute_opened";
}
