use serde::Serialize;

use crate::Mail;

/// Tells a physician that an admin has approved the membership.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MemberApprovedMail {
    /// Where to sign in.
    pub link: String,
}

impl Mail for MemberApprovedMail {
    const NAME: &'static str = "member_approved";
}
