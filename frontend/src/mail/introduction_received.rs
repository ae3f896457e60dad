use serde::Serialize;

use crate::Mail;

/// Tells a company that a physician has said yes; names nobody, the contact is read on the site.
#[derive(Debug, Clone, Default, Serialize)]
pub struct IntroductionReceivedMail {
    /// The company's name.
    pub company: String,
    /// The opening's title.
    pub opening: String,
    /// The page of the introduction, behind sign-in.
    pub link: String,
}

impl Mail for IntroductionReceivedMail {
    const NAME: &'static str = "introduction_received";
}
