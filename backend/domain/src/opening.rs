//! Openings: what a company offers, its states and when it is live.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::introduction::VoidCause;
use crate::kind::Kind;
use crate::pay::Pay;
use crate::place::{Market, State};
use crate::profile::ProviderClass;
use crate::specialty::Specialty;
use crate::spotted::{Spotted, spot_in_texts};
use crate::words::words;

/// How long a company's word that an opening is still open counts.
pub const CONFIRMATION_PERIOD: Duration = Duration::days(14);

words! {
    /// Where an opening stands.
    OpeningStatus {
        /// Being written.
        Draft = "draft",
        /// Waiting for an admin.
        Submitted = "submitted",
        /// Sent back with a reason; may be edited and submitted again.
        Returned = "returned",
        /// Refused for good.
        Rejected = "rejected",
        /// Approved; live while confirmed and not expired.
        Approved = "approved",
        /// Closed by the company.
        Closed = "closed",
    }
}

words! {
    /// What can be done to an opening.
    OpeningAction {
        /// Change its text or terms.
        Edit = "edit",
        /// Send for review.
        Submit = "submit",
        /// Approve (admin).
        Approve = "approve",
        /// Send back with a reason (admin).
        Return = "return",
        /// Refuse (admin).
        Reject = "reject",
        /// Say that it is still open.
        Confirm = "confirm",
        /// Close.
        Close = "close",
    }
}

/// The state an action leads to; `None` when the action is not legal there.
///
/// An edit of an approved opening goes back to review: nothing an admin has not read is ever public.
#[must_use]
pub const fn next_status(from: OpeningStatus, action: OpeningAction) -> Option<OpeningStatus> {
    use OpeningAction as A;
    use OpeningStatus as S;
    match (from, action) {
        (S::Draft, A::Edit) => Some(S::Draft),
        (S::Returned, A::Edit) => Some(S::Returned),
        (S::Submitted | S::Approved, A::Edit) | (S::Draft | S::Returned, A::Submit) => Some(S::Submitted),
        (S::Submitted, A::Approve) | (S::Approved, A::Confirm) => Some(S::Approved),
        (S::Submitted, A::Return) => Some(S::Returned),
        (S::Submitted, A::Reject) => Some(S::Rejected),
        (S::Draft | S::Submitted | S::Returned | S::Approved, A::Close) => Some(S::Closed),
        _ => None,
    }
}

/// What licence the work needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceRule {
    /// A current licence in the state the work is in; remote work without named states takes any state's.
    StateOfWork,
    /// As `StateOfWork`, and for remote work one of these states.
    OneOf(Vec<State>),
    /// None needed (some chart review).
    NotNeeded,
}

/// What the opening itself asks about certification, on top of the state's rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CertificationAsk {
    /// Key of a scheme that is demanded.
    pub required: Option<String>,
    /// Takes physicians on the way (`in_progress`).
    pub takes_candidates: bool,
    /// Pays for the way there.
    pub sponsors: bool,
}

/// Other demands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Requires {
    /// Board certified in a specialty of the opening.
    pub board_certified: bool,
    /// Least years in practice.
    pub min_years: u8,
    /// All of these languages, lower case.
    pub languages: Vec<String>,
    /// One of these classes; empty means any.
    pub provider_classes: Vec<ProviderClass>,
}

/// What a company says about the work; everything but its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Kind of work.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// Paragraphs of plain text.
    pub description: String,
    /// Any of these; empty means any specialty.
    pub specialties: Vec<Specialty>,
    /// Any of these places.
    pub markets: Vec<Market>,
    /// Can be done from anywhere.
    pub remote: bool,
    /// Licence needed.
    pub licence: LicenceRule,
    /// Certification asked.
    pub certification: CertificationAsk,
    /// An IME that concerns workers' compensation.
    pub comp_related: bool,
    /// Pay.
    pub pay: Pay,
    /// How much work, in words.
    pub volume: String,
    /// How many physicians are wanted.
    pub seats: u16,
    /// Other demands.
    pub requires: Requires,
    /// The last day it is open.
    pub closes_on: NaiveDate,
    /// Shown to search engines.
    pub public_listing: bool,
}

impl Terms {
    /// What seems to be contact in the words of the opening.
    #[must_use]
    pub fn spotted(&self) -> Vec<Spotted> {
        spot_in_texts([self.title.as_str(), &self.description, &self.volume])
    }

    /// True when a material field differs: kind, specialties, markets, certification or licence rule, pay
    /// (and what decides them: remote, comp_related). The company cannot change. A material change makes a
    /// new revision, which voids introductions and may be alerted once more.
    #[must_use]
    pub fn differs_materially(&self, other: &Self) -> bool {
        self.kind != other.kind
            || self.specialties != other.specialties
            || self.markets != other.markets
            || self.remote != other.remote
            || self.licence != other.licence
            || self.certification != other.certification
            || self.comp_related != other.comp_related
            || self.pay != other.pay
    }
}

/// What decides whether an opening is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Liveness {
    /// Its state.
    pub status: OpeningStatus,
    /// The last day it is open.
    pub closes_on: NaiveDate,
    /// When the company last said it is open; approval counts as the first word.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The company is approved.
    pub company_good: bool,
}

impl Liveness {
    /// The one predicate for live: approved, not past its closing day, confirmed within the period, company
    /// in good standing.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.why_not(now).is_none()
    }

    /// When it stops being live by itself: at the end of its closing day (UTC) or of the confirmation period,
    /// whichever comes first. `None` when it is not live at any time as it stands.
    #[must_use]
    pub fn live_until(&self) -> Option<DateTime<Utc>> {
        if !self.company_good || self.status != OpeningStatus::Approved {
            return None;
        }
        // A day or a period past the end of the calendar never comes.
        let next_day = self.closes_on.succ_opt().and_then(|day| day.and_hms_opt(0, 0, 0));
        let closed = next_day.map_or(DateTime::<Utc>::MAX_UTC, |at| at.and_utc());
        let unconfirmed = self.confirmed_at?.checked_add_signed(CONFIRMATION_PERIOD);
        Some(closed.min(unconfirmed.unwrap_or(DateTime::<Utc>::MAX_UTC)))
    }

    /// What ends the introductions given for it; `None` while they stand. An opening that is back in review after
    /// an edit is hidden, and what was agreed stands: only a material edit ends that, by its new revision.
    #[must_use]
    pub fn ended(&self, now: DateTime<Utc>) -> Option<VoidCause> {
        let unconfirmed = self.confirmed_at.is_none_or(|at| now >= at + CONFIRMATION_PERIOD);
        match self.status {
            _ if !self.company_good => Some(VoidCause::CompanySuspended),
            OpeningStatus::Closed | OpeningStatus::Rejected => Some(VoidCause::OpeningClosed),
            _ if now.date_naive() > self.closes_on => Some(VoidCause::OpeningExpired),
            OpeningStatus::Approved if unconfirmed => Some(VoidCause::OpeningExpired),
            _ => None,
        }
    }

    /// Why it is not live, in words for a person; `None` when it is.
    #[must_use]
    pub fn why_not(&self, now: DateTime<Utc>) -> Option<&'static str> {
        if !self.company_good {
            return Some("The company is not in good standing.");
        }
        match self.status {
            OpeningStatus::Closed => return Some("The company has closed it."),
            OpeningStatus::Approved => {}
            _ => return Some("It has not been approved."),
        }
        if now.date_naive() > self.closes_on {
            return Some("Its closing day has passed.");
        }
        match self.confirmed_at {
            Some(at) if now < at + CONFIRMATION_PERIOD => None,
            _ => Some("The company has not confirmed lately that it is still open."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OpeningAction as A;
    use OpeningStatus as S;

    #[test]
    fn only_the_listed_transitions_are_legal() {
        let legal = [
            (S::Draft, A::Edit, S::Draft),
            (S::Draft, A::Submit, S::Submitted),
            (S::Draft, A::Close, S::Closed),
            (S::Submitted, A::Edit, S::Submitted),
            (S::Submitted, A::Approve, S::Approved),
            (S::Submitted, A::Return, S::Returned),
            (S::Submitted, A::Reject, S::Rejected),
            (S::Submitted, A::Close, S::Closed),
            (S::Returned, A::Edit, S::Returned),
            (S::Returned, A::Submit, S::Submitted),
            (S::Returned, A::Close, S::Closed),
            (S::Approved, A::Edit, S::Submitted),
            (S::Approved, A::Confirm, S::Approved),
            (S::Approved, A::Close, S::Closed),
        ];
        for from in S::ALL {
            for action in A::ALL {
                let want = legal.iter().find(|(f, a, _)| f == from && a == action).map(|(_, _, to)| *to);
                assert_eq!(next_status(*from, *action), want, "{from} {action}");
            }
        }
    }

    #[test]
    fn live_ends_with_the_closing_day_and_the_confirmation_period() {
        let at = |s: &str| s.parse::<DateTime<Utc>>().unwrap();
        let base = Liveness {
            status: S::Approved,
            closes_on: "2026-12-14".parse().unwrap(),
            confirmed_at: Some(at("2026-12-01T09:00:00Z")),
            company_good: true,
        };
        assert!(base.is_live(at("2026-12-14T23:59:59Z")));
        assert!(!base.is_live(at("2026-12-15T00:00:00Z")));
        assert!(!base.is_live(at("2026-12-15T09:00:00Z")));
        let longer = Liveness { closes_on: "2027-06-01".parse().unwrap(), ..base };
        assert!(longer.is_live(at("2026-12-15T08:59:59Z")));
        assert!(!longer.is_live(at("2026-12-15T09:00:00Z")));
        assert!(!Liveness { company_good: false, ..longer }.is_live(at("2026-12-02T00:00:00Z")));
        assert!(!Liveness { status: S::Submitted, ..longer }.is_live(at("2026-12-02T00:00:00Z")));
        assert!(!Liveness { confirmed_at: None, ..longer }.is_live(at("2026-12-02T00:00:00Z")));
    }

    #[test]
    fn live_until_is_the_first_moment_it_is_not_live() {
        let at = |s: &str| s.parse::<DateTime<Utc>>().unwrap();
        let moments = ["2026-12-01T00:00:00Z", "2026-12-01T09:00:00Z", "2026-12-10T23:59:59.999999Z"];
        for status in S::ALL {
            for company_good in [true, false] {
                for confirmed_at in moments.map(|m| Some(at(m))).into_iter().chain([None]) {
                    for closes_on in ["2026-11-30", "2026-12-14", "2026-12-15", "2027-06-01", "+262142-12-31"] {
                        let closes_on = closes_on.parse().unwrap();
                        let case = Liveness { status: *status, closes_on, confirmed_at, company_good };
                        let until = case.live_until();
                        let can_be = company_good && *status == S::Approved && confirmed_at.is_some();
                        assert_eq!(until.is_some(), can_be, "{case:?}");
                        let edges =
                            until.into_iter().flat_map(|t| [-1i64, 0, 1].map(|us| t + Duration::microseconds(us)));
                        for t in edges.chain(moments.map(at)).chain([at("2026-12-15T00:00:00Z")]) {
                            assert_eq!(case.is_live(t), until.is_some_and(|until| t < until), "{case:?} {t}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_ends_an_opening_ends_its_introductions_and_a_review_does_not() {
        let now: DateTime<Utc> = "2026-12-02T00:00:00Z".parse().unwrap();
        let live = Liveness {
            status: S::Approved,
            closes_on: "2026-12-14".parse().unwrap(),
            confirmed_at: Some(now),
            company_good: true,
        };
        let late = now + Duration::days(13);
        for (case, at, cause) in [
            (live, now, None),
            (Liveness { status: S::Submitted, ..live }, now, None),
            (Liveness { status: S::Returned, ..live }, now, None),
            (Liveness { status: S::Closed, ..live }, now, Some(VoidCause::OpeningClosed)),
            (Liveness { status: S::Rejected, ..live }, now, Some(VoidCause::OpeningClosed)),
            (Liveness { company_good: false, ..live }, now, Some(VoidCause::CompanySuspended)),
            (live, late, Some(VoidCause::OpeningExpired)),
            (Liveness { status: S::Submitted, ..live }, late, Some(VoidCause::OpeningExpired)),
            (Liveness { confirmed_at: None, ..live }, now, Some(VoidCause::OpeningExpired)),
        ] {
            assert_eq!(case.ended(at), cause, "{case:?}");
        }
    }
}
