//! Use cases: one action of a person or of time in each file. They decide who may, apply the domain's rule and
//! write inside one transaction that the caller opens; what follows is a job or an outbox row in it.

mod audit_ledger;
mod block_company;
mod decline_match;
mod disclose_contact;
mod end_introduction;
mod end_session;
mod export_ledger;
mod give_receipt;
mod introduce;
mod invite_member;
mod join;
mod keep_checkpoint;
mod leave;
mod look_at_contact;
mod look_at_reach;
mod manage_alerts;
mod manage_mail;
mod match_member;
mod match_opening;
mod pause_membership;
mod prove_again;
mod register_company;
mod release_matches;
mod review_company;
mod review_match;
mod review_member;
mod review_opening;
mod rotate_keys;
mod ruling;
mod save_contact;
mod save_profile;
mod set_permissions;
mod set_second_factor;
mod set_stage;
mod sign_in;
mod simulate_match;
mod stop_alerts;
mod take_code;
mod take_snapshot;
mod tell_member;
mod tidy;
mod unlock_reach;
mod verify_ledger;
mod widen_matches;
mod write_opening;

pub use audit_ledger::audit_ledger;
pub use block_company::block_company;
pub use decline_match::decline_match;
pub use disclose_contact::{Look, disclose_contact};
pub use end_introduction::{revoke_introduction, void_of_company, void_of_opening};
pub use end_session::end_session;
pub use export_ledger::{export_ledger, older_trees};
pub use give_receipt::give_receipt;
pub use introduce::{IntroduceInput, agreed_text, introduce};
pub use invite_member::{Invitation, invite_member};
pub use join::{JoinInput, join};
pub use keep_checkpoint::{compare_checkpoints, keep_checkpoint};
pub use leave::{finish_erasures, leave, replay_erasures};
pub use look_at_contact::{let_admin_look, look_at_contact};
pub use look_at_reach::{Asking, Reach, look_at_reach};
pub use manage_alerts::{AlertInput, delete_alert, save_alert};
pub use manage_mail::{discard_mail, retry_mail};
pub use match_member::match_member;
pub use match_opening::match_opening;
pub use pause_membership::pause_membership;
pub use prove_again::{mail_own_link, prove_again};
pub use register_company::{CompanyChange, CompanyInput, change_company, register_company};
pub use release_matches::release_matches;
pub use review_company::review_company;
pub use review_match::review_match;
pub use review_member::review_member;
pub use review_opening::review_opening;
pub use rotate_keys::{Rotation, left_to_wrap};
pub use ruling::Ruling;
pub use save_contact::{ContactInput, save_contact};
pub use save_profile::save_profile;
pub use set_permissions::set_permissions;
pub use set_second_factor::{
    RecoveryCodes, begin_second_factor, confirm_second_factor, key_uri, may_do_without, remove_second_factor,
    renew_recovery_codes, reset_second_factor, waiting_secret,
};
pub use set_stage::set_stage;
pub use sign_in::{
    Opened, add_admin, confirm_sign_in, mail_link, needs_code, new_link, refresh_session, request_sign_in, sign_out,
    try_link,
};
pub use simulate_match::simulate_match;
pub use stop_alerts::{StopOutcome, stop_alerts, stop_token_is_known};
pub use take_code::Refused;
pub use take_snapshot::take_snapshot;
pub use tell_member::{fires, tell_member};
pub use tidy::tidy;
pub use unlock_reach::unlock_reach;
pub use verify_ledger::{LEDGER_AT_MOST, LedgerReport, verify_ledger};
pub use widen_matches::{Change, Outlook, Widening, widen_matches};
pub use write_opening::{clone_opening, close_opening, confirm_opening, draft_opening, edit_opening, submit_opening};
