//! The pure core of Rosterline: words, rules and state machines.
//!
//! This crate must never know: a database, HTTP, mail, templates, files, the environment, randomness
//! or the clock. Every function that depends on time takes it as a parameter, and no function can fail
//! for a cause outside its arguments.

pub mod access;
pub mod alert;
pub mod candidate;
pub mod certification;
pub mod contact;
pub mod dispute;
pub mod eligibility;
pub mod errors;
pub mod facts;
pub mod ids;
pub mod input;
pub mod introduction;
pub mod kind;
pub mod limits;
pub mod mail;
pub mod markup;
pub mod matching;
pub mod merkle;
pub mod message;
pub mod opening;
pub mod opening_changes;
pub mod outreach;
pub mod pay;
pub mod permission;
pub mod place;
pub mod profile;
pub mod reach;
pub mod score;
pub mod second_factor;
pub mod specialty;
pub mod spotted;
pub mod standing;
mod words;

pub use ids::{
    AccountId, AlertId, CompanyId, DisputeId, IntroductionId, LedgerId, MailId, MatchId, MemberId, MessageId,
    OpeningId, OutreachId, SeatId, SeatInvitationId, SessionId, TextId,
};
pub use kind::Kind;
