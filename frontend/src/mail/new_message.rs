use serde::Serialize;

use crate::Mail;

/// Tells one side of an introduction that the other wrote something; nothing of the text, and nobody's name.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewMessageMail {
    /// The opening's title.
    pub opening: String,
    /// The conversation, behind sign-in.
    pub link: String,
}

impl Mail for NewMessageMail {
    const NAME: &'static str = "new_message";
}
