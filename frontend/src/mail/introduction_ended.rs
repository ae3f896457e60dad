use serde::Serialize;

use crate::Mail;

/// Tells a company that an introduction is over and the contact must be deleted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct IntroductionEndedMail {
    /// The opening's title.
    pub opening: String,
    /// Why, as a sentence.
    pub reason: String,
    /// The list of introductions, behind sign-in.
    pub link: String,
}

impl Mail for IntroductionEndedMail {
    const NAME: &'static str = "introduction_ended";
}
