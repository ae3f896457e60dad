//! Which mail an address gets that was suppressed.

use domain::mail::{Stream, SuppressionReason as Reason, SuppressionScope as Scope};
use store::outbox::Claimed;
use store::suppressions::{self, Suppression};
use store::{Conn, contacts};

use crate::error::AppError;

/// Why a mail must not go to the address of its account; `None` when it may.
///
/// # Errors
/// Database errors only.
pub(super) fn holds_back(conn: &mut Conn, mail: &Claimed) -> Result<Option<&'static str>, AppError> {
    let Some(mark) = contacts::mark_of(conn, &mail.account)? else {
        return Ok(None);
    };
    let stream = mail.kind.stream();
    let found = suppressions::of(conn, &mark)?.into_iter().find(|found| holds(found, stream));
    Ok(found.map(|found| word(found.reason)))
}

/// What somebody needs to get in goes on, unless the address does not exist or its reader calls our mail abuse.
fn holds(found: &Suppression, stream: Stream) -> bool {
    match (stream, found.scope) {
        (Stream::Security, _) => found.reason.is_final(),
        (_, Scope::All) => true,
        (stream, Scope::Alerts) => stream.is_bulk(),
    }
}

const fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::HardBounce => "hard_bounce",
        Reason::SoftBounce => "soft_bounce",
        Reason::Complaint => "complaint",
        Reason::Unsubscribe => "unsubscribe",
        Reason::Manual => "manual",
        Reason::Invalid => "invalid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suppression_holds_back_what_it_is_for() {
        use Stream as S;
        for (scope, reason, held) in [
            (Scope::All, Reason::HardBounce, &[S::Security, S::Introduction, S::Admin, S::Outreach, S::Alert][..]),
            (Scope::All, Reason::Complaint, &[S::Security, S::Introduction, S::Admin, S::Outreach, S::Alert]),
            (Scope::All, Reason::SoftBounce, &[S::Introduction, S::Admin, S::Outreach, S::Alert]),
            (Scope::All, Reason::Manual, &[S::Introduction, S::Admin, S::Outreach, S::Alert]),
            (Scope::Alerts, Reason::Unsubscribe, &[S::Outreach, S::Alert]),
            (Scope::Alerts, Reason::Complaint, &[S::Security, S::Outreach, S::Alert]),
        ] {
            let found = Suppression { scope, reason, source: String::new(), at: chrono::DateTime::UNIX_EPOCH };
            let got: Vec<Stream> = S::ALL.iter().copied().filter(|stream| holds(&found, *stream)).collect();
            assert_eq!(got, held, "{scope} {reason}");
        }
    }
}
