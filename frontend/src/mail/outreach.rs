use serde::Serialize;

use crate::{Mail, Private};

/// What the community team writes to a member about one opening.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OutreachMail {
    /// What the team writes, paragraph by paragraph.
    pub paragraphs: Vec<String>,
    /// The opening's title.
    pub title: String,
    /// The company's name.
    pub company: String,
    /// For example "QME".
    pub kind: String,
    /// For example "Bakersfield, CA", or exactly "remote".
    pub place: String,
    /// For example "$1,200–1,500 per evaluation", or "Pay not stated".
    pub pay: String,
    /// The public page of the opening.
    pub link: String,
    /// The page that stops this mail; needs no sign-in.
    pub stop_link: Private,
    /// The member's permissions, behind sign-in.
    pub permissions_link: String,
    /// The operator's postal address.
    pub postal_address: String,
}

impl Mail for OutreachMail {
    const NAME: &'static str = "outreach";
}
