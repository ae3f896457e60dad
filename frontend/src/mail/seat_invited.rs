use serde::Serialize;

use crate::Mail;

/// Tells somebody that they may act for a company.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SeatInvitedMail {
    /// The company's name.
    pub company: String,
    /// Where to sign in.
    pub link: String,
}

impl Mail for SeatInvitedMail {
    const NAME: &'static str = "seat_invited";
}
