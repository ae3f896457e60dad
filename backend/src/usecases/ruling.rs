//! An admin's reason, and the word that a text with contact in it may be public all the same.

use domain::errors::Errors;
use domain::input::paragraphs;
use domain::spotted::Spotted;

use crate::error::AppError;

/// The longest reason, in characters.
const REASON: usize = 1_000;

/// What an admin says beside a decision.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ruling<'a> {
    /// Why.
    pub reason: Option<&'a str>,
    /// The admin has read what the texts seem to hold, and lets it pass.
    pub accept_spotted: bool,
}

impl<'a> Ruling<'a> {
    /// Only a reason.
    #[must_use]
    pub const fn because(reason: Option<&'a str>) -> Self {
        Self { reason, accept_spotted: false }
    }

    /// The reason, when it says anything.
    ///
    /// # Errors
    /// `Invalid` when it is too long or holds what nobody can see.
    pub(super) fn reason(&self) -> Result<Option<String>, AppError> {
        let mut e = Errors::default();
        let reason = paragraphs(&mut e, "reason", self.reason.unwrap_or_default(), false, REASON);
        Ok(e.finish(Some(reason).filter(|reason| !reason.is_empty()))?)
    }

    /// Holds back what seems to hold contact until an admin says on purpose, with a reason, that it may pass.
    ///
    /// # Errors
    /// `ContactInText` with what was spotted; `Invalid` when the reason is missing.
    pub(super) fn holds(&self, spotted: Vec<Spotted>) -> Result<(), AppError> {
        match (spotted.is_empty(), self.accept_spotted, self.reason()?) {
            (true, ..) | (false, true, Some(_)) => Ok(()),
            (false, true, None) => {
                Err(AppError::field("reason", "required", "Say why it may pass; it is kept in the audit record."))
            }
            (false, false, _) => Err(AppError::ContactInText(spotted)),
        }
    }

    /// The word of the audit record for a decision that let something pass.
    pub(super) fn audited(&self, action: &str, spotted: bool) -> String {
        if spotted && self.accept_spotted { format!("{action}_although") } else { action.to_owned() }
    }
}
