//! One file per mail: its view model; the folder of the same name in `templates/mail` holds its
//! subject, text part and HTML part.
//!
//! No mail names the member it goes to or is about. Links with a token are [`crate::Private`].

mod alert;
mod company_approved;
mod confirm_address;
mod contact_looked;
mod dispute_decided;
mod dispute_opened;
mod email_changed;
mod introduction_ended;
mod introduction_received;
mod member_approved;
mod new_address;
mod new_message;
mod opening_reviewed;
mod outreach;
mod seat_invited;
mod second_factor;
mod sharing_ended;
mod sign_in;
mod still_wanted;

pub use alert::{AlertCard, AlertMail};
pub use company_approved::CompanyApprovedMail;
pub use confirm_address::ConfirmAddressMail;
pub use contact_looked::ContactLookedMail;
pub use dispute_decided::DisputeDecidedMail;
pub use dispute_opened::DisputeOpenedMail;
pub use email_changed::EmailChangedMail;
pub use introduction_ended::IntroductionEndedMail;
pub use introduction_received::IntroductionReceivedMail;
pub use member_approved::MemberApprovedMail;
pub use new_address::NewAddressMail;
pub use new_message::NewMessageMail;
pub use opening_reviewed::{OpeningReviewedMail, Outcome};
pub use outreach::OutreachMail;
pub use seat_invited::SeatInvitedMail;
pub use second_factor::SecondFactorMail;
pub use sharing_ended::SharingEndedMail;
pub use sign_in::SignInMail;
pub use still_wanted::StillWantedMail;
