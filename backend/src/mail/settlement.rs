//! What becomes of a mail after a try.

use chrono::{DateTime, Duration, Utc};
use domain::mail::{MailState, Stream, backoff};
use store::outbox::Claimed;

use super::reply::{Class, Fault, Outcome, classify};

/// How long a fault of our own settings makes a mail wait.
const CONFIG_WAIT: Duration = Duration::minutes(5);
/// How long a mail waits when nobody can say whether it arrived.
const AMBIGUOUS_WAIT: Duration = Duration::minutes(15);
/// The word of such a mail in the outbox.
pub(super) const AMBIGUOUS: &str = "ambiguous";

/// The next state of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settlement {
    /// State.
    pub(super) state: MailState,
    /// The reply's codes, or a word.
    pub(super) code: Option<String>,
    /// When it is due again.
    pub(super) due_at: Option<DateTime<Utc>>,
}

impl Settlement {
    /// A state that needs no further try.
    pub(super) fn last(state: MailState, word: &str) -> Self {
        Self { state, code: Some(word.to_owned()), due_at: None }
    }

    /// Back to the queue, surely unsent.
    pub(super) fn back(mail: &Claimed, word: &str, now: DateTime<Utc>) -> Self {
        let due = now + backoff(mail.attempts);
        again(mail, MailState::Queued, word.to_owned(), due)
    }

    /// What follows from a try. `doubted` says that an earlier try of this mail was ambiguous.
    pub(super) fn after(outcome: Outcome, mail: &Claimed, doubted: bool, now: DateTime<Utc>) -> Self {
        match outcome {
            Outcome::Sent => Self { state: MailState::Accepted, code: None, due_at: None },
            // A mail nobody can vouch for goes out once more, never for ever.
            Outcome::Ambiguous if doubted => Self::last(MailState::Dead, AMBIGUOUS),
            Outcome::Ambiguous => {
                let wait = match mail.kind.stream() {
                    Stream::Security => Duration::zero(),
                    _ => AMBIGUOUS_WAIT,
                };
                again(mail, MailState::Ambiguous, AMBIGUOUS.to_owned(), now + wait)
            }
            Outcome::Infra(Fault::Stale) => again(mail, MailState::Queued, Fault::Stale.as_str().into(), now),
            Outcome::Infra(Fault::NoLogin) => {
                let word = Fault::NoLogin.as_str().to_owned();
                again(mail, MailState::Deferred, word, now + CONFIG_WAIT)
            }
            Outcome::Infra(fault) => Self::back(mail, fault.as_str(), now),
            Outcome::Refused { phase, code, enhanced, .. } => {
                let codes = match enhanced {
                    Some(enhanced) => format!("{code} {enhanced}"),
                    None => code.to_string(),
                };
                let soft = now + backoff(mail.attempts);
                match classify(phase, code, enhanced) {
                    Class::Config => again(mail, MailState::Deferred, codes, now + CONFIG_WAIT),
                    Class::Throttle | Class::Soft => again(mail, MailState::Deferred, codes, soft),
                    Class::Hard | Class::Policy | Class::Unknown => Self::last(MailState::Dead, &codes),
                }
            }
        }
    }
}

/// Due again, at the latest when its time runs out: the worker that takes it then says so.
fn again(mail: &Claimed, state: MailState, code: String, due: DateTime<Utc>) -> Settlement {
    Settlement { state, code: Some(code), due_at: Some(due.min(mail.expires_at)) }
}

#[cfg(test)]
mod tests {
    use domain::mail::MailKind;
    use domain::{AccountId, MailId};

    use super::*;
    use crate::mail::reply::{Enhanced, Phase};

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::minutes(minutes)
    }

    fn mail(kind: MailKind, attempts: i32) -> Claimed {
        let id = "0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c11";
        Claimed {
            id: MailId::parse(id).unwrap(),
            kind,
            account: AccountId::parse(id).unwrap(),
            payload: "{}".to_owned(),
            permission_epoch: None,
            attempts,
            lease_epoch: 1,
            created_at: at(0),
            expires_at: at(0) + kind.life(),
        }
    }

    fn refused(phase: Phase, code: u16, text: &str) -> Outcome {
        Outcome::Refused { phase, code, enhanced: Enhanced::parse(text), permanent: code >= 500 }
    }

    #[test]
    fn each_outcome_has_its_next_step() {
        use MailState as S;
        let (alert, link) = (MailKind::Alert, MailKind::SignIn);
        for (kind, attempts, doubted, outcome, state, code, minutes) in [
            (alert, 1, false, Outcome::Sent, S::Accepted, None, None),
            (alert, 1, false, Outcome::Ambiguous, S::Ambiguous, Some("ambiguous"), Some(15)),
            (link, 1, false, Outcome::Ambiguous, S::Ambiguous, Some("ambiguous"), Some(0)),
            (alert, 2, true, Outcome::Ambiguous, S::Dead, Some("ambiguous"), None),
            (alert, 1, false, Outcome::Infra(Fault::Connect), S::Queued, Some("connect"), Some(1)),
            (alert, 4, false, Outcome::Infra(Fault::Timeout), S::Queued, Some("timeout"), Some(15)),
            (link, 9, false, Outcome::Infra(Fault::Connect), S::Queued, Some("connect"), Some(15)),
            (alert, 2, false, Outcome::Infra(Fault::Stale), S::Queued, Some("stale"), Some(0)),
            (alert, 1, false, refused(Phase::Rcpt, 550, "5.1.1 x"), S::Dead, Some("550 5.1.1"), None),
            (alert, 1, false, refused(Phase::Body, 554, "5.7.1 x"), S::Dead, Some("554 5.7.1"), None),
            (alert, 2, false, refused(Phase::Rcpt, 450, "x"), S::Deferred, Some("450"), Some(2)),
            (alert, 3, false, refused(Phase::Mail, 421, "4.3.2 x"), S::Deferred, Some("421 4.3.2"), Some(5)),
            (alert, 1, false, refused(Phase::Mail, 550, "5.7.1 x"), S::Deferred, Some("550 5.7.1"), Some(5)),
            (alert, 1, false, refused(Phase::Auth, 535, "5.7.8 x"), S::Deferred, Some("535 5.7.8"), Some(5)),
        ] {
            let made = Settlement::after(outcome, &mail(kind, attempts), doubted, at(0));
            let want = Settlement { state, code: code.map(str::to_owned), due_at: minutes.map(at) };
            assert_eq!(made, want, "{outcome:?}");
        }
    }
}
