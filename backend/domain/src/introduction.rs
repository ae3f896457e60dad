//! A member's yes for one opening, and how it ends.

use chrono::{DateTime, Duration, Utc};

use crate::words::words;

/// Life of an introduction when the member names none.
pub const DEFAULT_LIFE: Duration = Duration::days(30);
/// The longest life.
pub const MAX_LIFE: Duration = Duration::days(180);
/// How long nothing can be shared after the member's e-mail address changed: time for whoever had the old one to say
/// that it was not them.
pub const EMAIL_HOLD: Duration = Duration::hours(72);
/// Version of the text the review page shows. A new version never widens an old yes.
pub const TEXT_VERSION: &str = "introduction/1";

words! {
    /// Where an introduction stands. The three last are final.
    IntroductionState {
        /// The company may see the chosen fields.
        Active = "active",
        /// Taken back by the member.
        Revoked = "revoked",
        /// Ended by the rules: see `VoidCause`.
        Void = "void",
        /// Its time ran out.
        Expired = "expired",
    }
}

words! {
    /// What ends an introduction besides the member and time.
    VoidCause {
        /// A material field of the opening changed.
        MaterialEdit = "material_edit",
        /// The opening closed.
        OpeningClosed = "opening_closed",
        /// The opening passed its closing day or its confirmation.
        OpeningExpired = "opening_expired",
        /// The company was suspended or banned.
        CompanySuspended = "company_suspended",
        /// The member was suspended or left.
        MemberLeft = "member_left",
        /// The member's e-mail changed in the last 72 hours.
        EmailChanged = "email_changed",
        /// An admin ended it after a report.
        AdminEnded = "admin_ended",
    }
}

/// What can happen to an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntroductionEvent {
    /// The member takes it back.
    Revoke,
    /// The rules end it.
    Void(VoidCause),
    /// Its time ran out.
    Expire,
}

/// The state an event leads to; `None` when it is over already.
#[must_use]
pub const fn next_state(from: IntroductionState, event: IntroductionEvent) -> Option<IntroductionState> {
    match (from, event) {
        (IntroductionState::Active, IntroductionEvent::Revoke) => Some(IntroductionState::Revoked),
        (IntroductionState::Active, IntroductionEvent::Void(_)) => Some(IntroductionState::Void),
        (IntroductionState::Active, IntroductionEvent::Expire) => Some(IntroductionState::Expired),
        _ => None,
    }
}

/// The state as it counts now: an active introduction past its end is expired, whatever the row says.
#[must_use]
pub fn state_at(stored: IntroductionState, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> IntroductionState {
    if stored == IntroductionState::Active && now >= expires_at { IntroductionState::Expired } else { stored }
}

/// The end of a new introduction: the wish, at least an hour ahead and at most `MAX_LIFE`; without a wish `DEFAULT_LIFE`.
///
/// # Errors
/// A sentence for the person when the wish lies outside.
pub fn end_of(wish: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    match wish {
        None => Ok(now + DEFAULT_LIFE),
        Some(end) if end < now + Duration::hours(1) => Err("Choose an end at least one hour from now."),
        Some(end) if end > now + MAX_LIFE => Err("Choose an end at most 180 days from now."),
        Some(end) => Ok(end),
    }
}

words! {
    /// How far a company is with an introduction.
    Stage {
        /// Nothing done yet.
        New = "new",
        /// Wrote or rang.
        Contacted = "contacted",
        /// Spoke.
        Call = "call",
        /// Contract sent.
        Contract = "contract",
        /// On the roster.
        Rostered = "rostered",
        /// First case given.
        FirstCase = "first_case",
        /// Went no further.
        Declined = "declined",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use IntroductionState as S;

    #[test]
    fn an_end_is_final() {
        let events =
            [IntroductionEvent::Revoke, IntroductionEvent::Void(VoidCause::OpeningClosed), IntroductionEvent::Expire];
        for (event, to) in events.into_iter().zip([S::Revoked, S::Void, S::Expired]) {
            assert_eq!(next_state(S::Active, event), Some(to));
            for over in [S::Revoked, S::Void, S::Expired] {
                assert_eq!(next_state(over, event), None, "{over}");
            }
        }
    }

    #[test]
    fn expiry_counts_on_read_and_life_is_bounded() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(state_at(S::Active, now, now), S::Expired);
        assert_eq!(state_at(S::Active, now + Duration::seconds(1), now), S::Active);
        assert_eq!(state_at(S::Revoked, now, now), S::Revoked);
        assert_eq!(end_of(None, now).unwrap(), now + Duration::days(30));
        assert!(end_of(Some(now + Duration::days(180)), now).is_ok());
        assert!(end_of(Some(now + Duration::days(180) + Duration::seconds(1)), now).is_err());
        assert!(end_of(Some(now), now).is_err());
    }
}
