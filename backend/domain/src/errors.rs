//! Errors of input: which field, which code, and what to do about it in words.

use serde::Serialize;

/// One thing wrong with one field. `field` is the path the API uses, for example `pay.min_cents`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Path of the field.
    pub field: String,
    /// A stable code: `required`, `unknown`, `too_long`, `out_of_range`, `conflict`, `malformed`.
    pub code: &'static str,
    /// A sentence that says what to do.
    pub message: String,
}

/// Collects every error of an input, so that a person sees all of them at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    /// Notes one error.
    pub fn add(&mut self, field: impl Into<String>, code: &'static str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), code, message: message.into() });
    }

    /// The value when nothing was noted, else the errors.
    pub fn finish<T>(self, value: T) -> Result<T, Errors> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// True when nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors in the order they were found.
    #[must_use]
    pub fn list(&self) -> &[FieldError] {
        &self.0
    }

    /// A single error as a whole answer.
    #[must_use]
    pub fn one(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, code, message);
        errors
    }
}
