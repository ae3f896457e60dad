//! An admin looks at a member's contact: both permissions, the ledger, the audit record and the notice to the member
//! in one transaction, and only then the contact.

use domain::contact::ContactField;
use domain::errors::Errors;
use domain::input::is_unseen;
use domain::spotted::spot_contact;
use domain::{AccountId, LedgerId, MemberId};
use store::Conn;
use store::admins::{Look, Wish};
use store::audit::Act;

use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;
use crate::{mail, random};

/// Letters of a reason, at least and at most.
const REASON: (usize, usize) = (3, 500);

/// Gives everything in a member's contact.
///
/// # Errors
/// `Invalid` for a wrong reason; `NotFound`; `Forbidden` when the operator took this admin's sight of contacts away,
/// or the member does not let admins reach out. Nothing is recorded then.
pub fn look_at_contact(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    id: &MemberId,
    reason: &str,
) -> Result<Vec<(ContactField, String)>, AppError> {
    let reason = read_reason(reason)?;
    let now = app.now();
    let member = store::members::find(conn, id)?;
    let look = Look { admin: admin.account(), member: id, reason: &reason, id: random::id(LedgerId::from_uuid) };
    let entry = look.id.clone();
    let contact = match store::admins::look(conn, look, now)? {
        Wish::Noted(witness) => store::contacts::reveal(&app.vault, witness)?,
        Wish::NotGiven => {
            return Err(AppError::Forbidden("The operator of this site took your sight of contacts away."));
        }
        Wish::NotAllowed => {
            return Err(AppError::Forbidden("This member has not allowed admins to reach out. Nothing was shown."));
        }
    };
    let act = Act {
        actor: Some(admin.account()),
        role: "admin",
        action: "member.contact_look",
        object: "member",
        id: id.as_str(),
        detail: Some(&reason),
    };
    store::audit::record(conn, &act, now)?;
    mail::queue::contact_looked(conn, app, &member.account, id, &entry)?;
    // Nothing of it leaves unless all of this is committed.
    Ok(contact)
}

/// The reason stands in the ledger, the audit record and a mail, so it may hold no contact itself.
fn read_reason(text: &str) -> Result<String, AppError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut e = Errors::default();
    let length = text.chars().count();
    if length == 0 {
        e.add("reason", "required", "Say why; the member reads it.");
    } else if !(REASON.0..=REASON.1).contains(&length) {
        e.add("reason", "out_of_range", "Say why in 3 to 500 letters; the member reads it.");
    } else if !spot_contact(&text).is_empty() || text.chars().any(is_unseen) {
        e.add("reason", "malformed", "Leave addresses and numbers out of the reason; the member reads it in a mail.");
    }
    Ok(e.finish(text)?)
}

/// The operator gives or takes an admin's sight of contacts; `false` when it was so already.
///
/// # Errors
/// `Conflict` when the account is no admin's.
pub fn let_admin_look(
    conn: &mut Conn,
    admin: &AccountId,
    yes: bool,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool, AppError> {
    if store::accounts::find(conn, admin)?.role != domain::standing::Role::Admin {
        return Err(AppError::Conflict("This address belongs to no admin."));
    }
    let changed = store::admins::set_sees_contacts(conn, admin, yes, now)?;
    if changed {
        let action = if yes { "admin.allow_contacts" } else { "admin.deny_contacts" };
        let act = Act { actor: None, role: "operator", action, object: "account", id: admin.as_str(), detail: None };
        store::audit::record(conn, &act, now)?;
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_enough_and_holds_no_contact() {
        let long = "a ".repeat(251);
        for (text, want) in [
            ("Asked us to call back about the panel in Fresno.", None),
            ("  two\n\nlines   of text ", None),
            ("", Some("required")),
            ("ok", Some("out_of_range")),
            (long.as_str(), Some("out_of_range")),
            ("Call 661-555-0143 about the opening", Some("malformed")),
            ("Write to jane@clinic.example at once", Some("malformed")),
        ] {
            let got = match read_reason(text) {
                Err(AppError::Invalid(e)) => e.list().first().map(|e| e.code),
                other => other.err().map(|e| e.code()),
            };
            assert_eq!(got, want, "{text}");
        }
    }
}
