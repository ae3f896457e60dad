//! Words that several pages of admins share.

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::MemberId;
use domain::errors::Errors;
use domain::input::paragraphs;
use domain::spotted::in_words;
use domain::standing::{CompanyStanding, MemberStanding};
use frontend::view::{Choice, FieldError, Tag};

use super::super::form::{Form, field_errors};
use crate::error::AppError;

/// How many characters of a member's id name them on a page.
const SHORT: usize = 8;
/// The longest reason, in characters.
const REASON: usize = 1_000;

/// `Member 3f2c1a64`: the beginning of the id, never the person's name.
pub(super) fn member(id: &MemberId) -> String {
    format!("Member {}", id.as_str().chars().take(SHORT).collect::<String>())
}

/// How long something waits: `20 minutes`, `3 hours`, `2 days`.
pub(super) fn waiting(since: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let count = |n: i64, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    let minutes = (now - since).num_minutes().max(0);
    match minutes {
        0..120 => count(minutes, "minute"),
        120..2_880 => count(minutes / 60, "hour"),
        _ => count(minutes / 1_440, "day"),
    }
}

/// `ok` for what is in force, `warn` for what waits, `bad` for what was stopped.
pub(super) fn member_standing(standing: MemberStanding) -> Tag {
    match standing {
        MemberStanding::Pending => Tag::new("warn", "Waiting for approval"),
        MemberStanding::Active => Tag::new("ok", "Active"),
        MemberStanding::Paused => Tag::new("", "Paused"),
        MemberStanding::Suspended => Tag::new("bad", "Suspended"),
        MemberStanding::Rejected => Tag::new("bad", "Not approved"),
    }
}

/// As `member_standing`.
pub(super) fn company_standing(standing: CompanyStanding) -> Tag {
    match standing {
        CompanyStanding::Pending => Tag::new("warn", "Waiting for approval"),
        CompanyStanding::Approved => Tag::new("ok", "Approved"),
        CompanyStanding::Suspended => Tag::new("bad", "Suspended"),
        CompanyStanding::Banned => Tag::new("bad", "Banned"),
    }
}

/// Words of a list as the options of a select, each with the label of its tag.
pub(super) fn options<W: Copy>(all: &[W], word: impl Fn(W) -> &'static str, tag: impl Fn(W) -> Tag) -> Vec<Choice> {
    all.iter().map(|w| Choice::new(word(*w), tag(*w).label)).collect()
}

/// The field in which an admin says why a text with contact in it may be public.
pub(super) const ALTHOUGH: &str = "although";

/// What a page says, and with which status, when a decision was not carried out for a cause that the page can mend.
///
/// # Errors
/// Every other cause.
pub(super) fn wrong(error: AppError, approves: bool) -> Result<(StatusCode, Vec<FieldError>), AppError> {
    match error {
        AppError::Invalid(errors) => {
            let at = |field: &str| if approves && field == "reason" { ALTHOUGH } else { field }.to_owned();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, field_errors(&errors, at)))
        }
        AppError::ContactInText(spotted) => {
            let text =
                format!("Nothing was approved: the text seems to hold {}. Tick this if it may.", in_words(&spotted));
            Ok((StatusCode::CONFLICT, vec![FieldError::new("accept_spotted", text)]))
        }
        other => Err(other),
    }
}

/// The reason of a decision that needs one.
///
/// # Errors
/// What is wrong with it, at the field `reason`.
pub(super) fn reason(form: &Form) -> Result<String, Vec<FieldError>> {
    let mut e = Errors::default();
    let text = paragraphs(&mut e, "reason", form.text("reason"), false, REASON);
    if text.is_empty() {
        e.add("reason", "required", "Say why; it is kept in the audit record.");
    }
    e.finish(text).map_err(|e| field_errors(&e, str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_one_unit() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        for (since, want) in [
            ("2026-11-23T12:05:00Z", "0 minutes"),
            ("2026-11-23T11:59:00Z", "1 minute"),
            ("2026-11-23T10:01:00Z", "119 minutes"),
            ("2026-11-23T09:00:00Z", "3 hours"),
            ("2026-11-21T12:01:00Z", "47 hours"),
            ("2026-11-21T12:00:00Z", "2 days"),
        ] {
            assert_eq!(waiting(since.parse().unwrap(), now), want, "{since}");
        }
    }
}
