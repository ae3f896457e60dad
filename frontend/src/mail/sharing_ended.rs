use serde::Serialize;

use crate::Mail;

/// Tells a member that a company can no longer look, when neither of the two ended it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SharingEndedMail {
    /// The company's name.
    pub company: String,
    /// The opening's title.
    pub opening: String,
    /// Why, as a sentence.
    pub reason: String,
    /// The ledger, behind sign-in.
    pub link: String,
}

impl Mail for SharingEndedMail {
    const NAME: &'static str = "sharing_ended";
}
