use serde::Serialize;

use crate::Mail;

/// Tells the owner that the company may post openings.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CompanyApprovedMail {
    /// The company's name.
    pub company: String,
    /// Where to sign in.
    pub link: String,
}

impl Mail for CompanyApprovedMail {
    const NAME: &'static str = "company_approved";
}
