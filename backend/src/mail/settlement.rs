//! What becomes of a mail after a try: the table of docs/OPERATIONS.md, as one pure function.

use chrono::{DateTime, Duration, Utc};
use domain::mail::{Bucket, MailClass, MailState, Stream, backoff};
use store::outbox::Claimed;

use super::reply::{Fault, Outcome, Phase, classify};

/// How long a mail waits when nobody can say whether it arrived and nobody waits for it.
const AMBIGUOUS_WAIT: Duration = Duration::minutes(15);
/// The word of a mail to whose body no answer came.
const AMBIGUOUS: &str = "ambiguous";

/// The next state of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settlement {
    /// State.
    pub(super) state: MailState,
    /// The reply's codes, or a word.
    pub(super) code: Option<String>,
    /// What stood in the way.
    pub(super) class: Option<MailClass>,
    /// How far the conversation was.
    pub(super) phase: &'static str,
    /// When it is due again.
    pub(super) due_at: Option<DateTime<Utc>>,
    /// Nothing was tried, so no attempt is counted.
    pub(super) uncounted: bool,
    /// The host of the address, when the mail waits for it.
    pub(super) bucket: Option<Bucket>,
}

impl Settlement {
    fn new(state: MailState, code: Option<String>) -> Self {
        Self { state, code, class: None, phase: "none", due_at: None, uncounted: false, bucket: None }
    }

    /// A state that needs no further try.
    pub(super) fn last(state: MailState, word: &str) -> Self {
        Self::new(state, Some(word.to_owned()))
    }

    /// Back to the queue after a fault of ours; tried again later, at the latest when its time runs out.
    pub(super) fn back(mail: &Claimed, word: &str, now: DateTime<Utc>) -> Self {
        Self::new(MailState::Queued, Some(word.to_owned())).due(now + backoff(mail.attempts), mail)
    }

    /// Back to the queue as if it had never been taken, until `due`.
    pub(super) fn untried(mail: &Claimed, word: &str, due: DateTime<Utc>) -> Self {
        Self { uncounted: true, ..Self::new(MailState::Queued, Some(word.to_owned())) }.due(due, mail)
    }

    /// Back until a host takes more.
    pub(super) fn paced(mail: &Claimed, bucket: Bucket, due: DateTime<Utc>) -> Self {
        Self { bucket: Some(bucket), ..Self::untried(mail, "paced", due) }
    }

    /// Due again, at the latest when its time runs out: the worker that takes it then says so.
    fn due(self, due: DateTime<Utc>, mail: &Claimed) -> Self {
        Self { due_at: Some(due.min(mail.expires_at)), ..self }
    }

    /// What follows from a try. `spread`, from 0 to 1, is where in its wait the mail comes back, so that mails which
    /// failed together do not come back together.
    pub(super) fn after(outcome: Outcome, mail: &Claimed, spread: f64, now: DateTime<Utc>) -> Self {
        let soft = now + share(backoff(mail.attempts), spread);
        match outcome {
            Outcome::Sent => Self { phase: Phase::Body.as_str(), ..Self::new(MailState::Accepted, None) },
            Outcome::Ambiguous => Self::doubtful(mail, now),
            // A server closes what rests; a fresh connection is worth trying at once.
            Outcome::Infra(Fault::Stale) => Self::untried(mail, Fault::Stale.as_str(), now),
            Outcome::Infra(Fault::NoLogin) => {
                let class = Some(MailClass::Config);
                Self { class, phase: Phase::Auth.as_str(), ..Self::untried(mail, Fault::NoLogin.as_str(), now) }
            }
            // In the middle of an envelope: surely not sent. It counts, since this mail may be what breaks it.
            Outcome::Infra(fault @ (Fault::Dropped | Fault::Protocol)) => {
                let back = Self::new(MailState::Deferred, Some(fault.as_str().to_owned()));
                Self { class: Some(MailClass::Infra), ..back }.due(soft, mail)
            }
            Outcome::Infra(fault) => Self { class: Some(MailClass::Infra), ..Self::untried(mail, fault.as_str(), now) },
            Outcome::Refused { phase, code, enhanced, .. } => {
                let codes = match enhanced {
                    Some(enhanced) => format!("{code} {enhanced}"),
                    None => code.to_string(),
                };
                let class = classify(phase, code, enhanced);
                let made = match class {
                    MailClass::Config | MailClass::Infra => Self::untried(mail, &codes, now),
                    MailClass::Throttle | MailClass::Soft | MailClass::Full => {
                        Self::new(MailState::Deferred, Some(codes)).due(soft, mail)
                    }
                    MailClass::Hard | MailClass::Policy | MailClass::Unknown | MailClass::Ambiguous => {
                        Self::last(MailState::Dead, &codes)
                    }
                };
                Self { class: Some(class), phase: phase.as_str(), ..made }
            }
        }
    }

    /// The body was on its way and no answer came. It goes out once more under the same Message-ID: at once when
    /// somebody waits for it, later otherwise. A second time it is for an admin to decide.
    fn doubtful(mail: &Claimed, now: DateTime<Utc>) -> Self {
        let made = if mail.last_code.as_deref() == Some(AMBIGUOUS) {
            Self::last(MailState::Dead, AMBIGUOUS)
        } else {
            let wait = match mail.kind.stream() {
                Stream::Security | Stream::Introduction => Duration::zero(),
                Stream::Admin | Stream::Outreach | Stream::Alert => AMBIGUOUS_WAIT,
            };
            Self::new(MailState::Ambiguous, Some(AMBIGUOUS.to_owned())).due(now + wait, mail)
        };
        Self { class: Some(MailClass::Ambiguous), phase: Phase::Body.as_str(), ..made }
    }
}

/// A part of a wait, at least one millisecond.
#[expect(clippy::as_conversions, reason = "a wait of hours in milliseconds is exact in a float")]
fn share(wait: Duration, part: f64) -> Duration {
    Duration::milliseconds((wait.num_milliseconds() as f64 * part) as i64 + 1)
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

    fn mail(kind: MailKind, attempts: i32, last_code: Option<&str>) -> Claimed {
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
            last_code: last_code.map(str::to_owned),
            last_class: None,
        }
    }

    fn refused(phase: Phase, code: u16, text: &str) -> Outcome {
        Outcome::Refused { phase, code, enhanced: Enhanced::parse(text), permanent: code >= 500 }
    }

    #[test]
    fn each_outcome_has_its_next_step() {
        use MailClass as C;
        use MailState as S;
        let (alert, link, told) = (MailKind::Alert, MailKind::SignIn, MailKind::IntroductionReceived);
        let doubt = Some("ambiguous");
        // kind, attempts, word of the try before, outcome; state, code, class, minutes, counted
        for (kind, attempts, before, outcome, state, code, class, minutes, counted) in [
            (alert, 1, None, Outcome::Sent, S::Accepted, None, None, None, true),
            (alert, 1, None, Outcome::Ambiguous, S::Ambiguous, doubt, Some(C::Ambiguous), Some(15), true),
            (link, 1, None, Outcome::Ambiguous, S::Ambiguous, doubt, Some(C::Ambiguous), Some(0), true),
            (told, 1, None, Outcome::Ambiguous, S::Ambiguous, doubt, Some(C::Ambiguous), Some(0), true),
            (alert, 2, doubt, Outcome::Ambiguous, S::Dead, doubt, Some(C::Ambiguous), None, true),
            (alert, 2, Some("crash"), Outcome::Ambiguous, S::Ambiguous, doubt, Some(C::Ambiguous), Some(15), true),
            (
                alert,
                1,
                None,
                Outcome::Infra(Fault::Connect),
                S::Queued,
                Some("connect"),
                Some(C::Infra),
                Some(0),
                false,
            ),
            (link, 9, None, Outcome::Infra(Fault::Timeout), S::Queued, Some("timeout"), Some(C::Infra), Some(0), false),
            (
                alert,
                3,
                None,
                Outcome::Infra(Fault::Dropped),
                S::Deferred,
                Some("dropped"),
                Some(C::Infra),
                Some(5),
                true,
            ),
            (alert, 2, None, Outcome::Infra(Fault::Stale), S::Queued, Some("stale"), None, Some(0), false),
            (
                alert,
                2,
                None,
                Outcome::Infra(Fault::NoLogin),
                S::Queued,
                Some("no_login"),
                Some(C::Config),
                Some(0),
                false,
            ),
            (
                alert,
                1,
                None,
                refused(Phase::Rcpt, 550, "5.1.1 x"),
                S::Dead,
                Some("550 5.1.1"),
                Some(C::Hard),
                None,
                true,
            ),
            (
                alert,
                1,
                None,
                refused(Phase::Body, 554, "5.7.1 x"),
                S::Dead,
                Some("554 5.7.1"),
                Some(C::Policy),
                None,
                true,
            ),
            (alert, 1, None, refused(Phase::Body, 554, "x"), S::Dead, Some("554"), Some(C::Unknown), None, true),
            (alert, 2, None, refused(Phase::Rcpt, 450, "x"), S::Deferred, Some("450"), Some(C::Soft), Some(2), true),
            (
                alert,
                2,
                None,
                refused(Phase::Rcpt, 452, "4.2.2 x"),
                S::Deferred,
                Some("452 4.2.2"),
                Some(C::Full),
                Some(2),
                true,
            ),
            (
                alert,
                3,
                None,
                refused(Phase::Mail, 421, "4.3.2 x"),
                S::Deferred,
                Some("421 4.3.2"),
                Some(C::Throttle),
                Some(5),
                true,
            ),
            (
                alert,
                8,
                None,
                refused(Phase::Body, 451, "4.7.1 x"),
                S::Deferred,
                Some("451 4.7.1"),
                Some(C::Throttle),
                Some(120),
                true,
            ),
            (link, 4, None, refused(Phase::Rcpt, 450, "x"), S::Deferred, Some("450"), Some(C::Soft), Some(15), true),
            (
                alert,
                1,
                None,
                refused(Phase::Mail, 550, "5.7.1 x"),
                S::Queued,
                Some("550 5.7.1"),
                Some(C::Config),
                Some(0),
                false,
            ),
            (
                alert,
                1,
                None,
                refused(Phase::Auth, 535, "5.7.8 x"),
                S::Queued,
                Some("535 5.7.8"),
                Some(C::Config),
                Some(0),
                false,
            ),
        ] {
            let made = Settlement::after(outcome, &mail(kind, attempts, before), 1.0, at(0));
            assert_eq!((made.state, made.code.as_deref(), made.class), (state, code, class), "{outcome:?}");
            assert_eq!(made.uncounted, !counted, "{outcome:?}");
            let due = made.due_at.map(|due| (due - at(0)).num_minutes());
            assert_eq!(due, minutes, "{outcome:?}");
        }
    }

    #[test]
    fn mails_that_failed_together_do_not_come_back_together() {
        let due =
            |spread| Settlement::after(refused(Phase::Rcpt, 450, "x"), &mail(MailKind::Alert, 4, None), spread, at(0));
        let wait = |spread: f64| (due(spread).due_at.unwrap() - at(0)).num_seconds();
        assert_eq!([0.0, 0.1, 0.5, 0.999].map(wait), [0, 90, 450, 899]);
    }

    #[test]
    fn nothing_is_due_after_its_time() {
        let late = Settlement::after(refused(Phase::Rcpt, 450, "x"), &mail(MailKind::SignIn, 7, None), 1.0, at(0));
        assert_eq!(late.due_at, Some(at(15)));
        assert_eq!(Settlement::paced(&mail(MailKind::SignIn, 1, None), Bucket::Gmail, at(60)).due_at, Some(at(15)));
    }
}
