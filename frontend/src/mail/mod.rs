//! One file per mail: its view model; the folder of the same name in `templates/mail` holds its
//! subject, text part and HTML part.
//!
//! No mail names the member it goes to or is about. Links with a token are [`crate::Private`].

mod alert;
mod company_approved;
mod contact_looked;
mod introduction_ended;
mod introduction_received;
mod member_approved;
mod opening_reviewed;
mod sign_in;

pub use alert::{AlertCard, AlertMail};
pub use company_approved::CompanyApprovedMail;
pub use contact_looked::ContactLookedMail;
pub use introduction_ended::IntroductionEndedMail;
pub use introduction_received::IntroductionReceivedMail;
pub use member_approved::MemberApprovedMail;
pub use opening_reviewed::{OpeningReviewedMail, Outcome};
pub use sign_in::SignInMail;
