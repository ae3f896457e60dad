//! What a browser's form sends: names with one or more values.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use domain::errors::Errors;
use frontend::Private;
use frontend::view::{FieldError, HiddenField};

use crate::auth::Says;
use crate::error::AppError;

/// The most names a form may have.
const FIELDS_AT_MOST: usize = 500;

/// A posted form, or a query string read the same way.
#[derive(Debug, Clone, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads an urlencoded text.
    ///
    /// # Errors
    /// `Malformed` when it is not one.
    pub fn read(text: &str) -> Result<Self, AppError> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(text).map_err(|_| AppError::Malformed("The form could not be read."))?;
        if pairs.len() > FIELDS_AT_MOST {
            return Err(AppError::TooLarge);
        }
        Ok(Self(pairs))
    }

    /// A form that holds these names and values, as if they had been posted.
    #[must_use]
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of a name, trimmed; empty when it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// The first value, when it is not empty.
    #[must_use]
    pub fn filled(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|t| !t.is_empty()).map(str::to_owned)
    }

    /// Every value of a name that is not empty.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.trim().to_owned()).collect()
    }

    /// True for a ticked box or a switch that is on.
    #[must_use]
    pub fn on(&self, name: &str) -> bool {
        matches!(self.text(name), "1" | "on" | "true")
    }

    /// Everything as it was sent, for a form that sends it again.
    #[must_use]
    pub fn hidden(&self) -> Vec<HiddenField> {
        self.0
            .iter()
            .map(|(name, value)| HiddenField { name: name.clone(), value: Private::from(value.as_str()) })
            .collect()
    }

    /// Every value of names that share a beginning, with their names.
    pub fn starting_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        self.0.iter().filter(move |(n, _)| n.starts_with(prefix)).map(|(n, v)| (n.as_str(), v.trim()))
    }
}

impl Says for Form {}

impl FromRequest for Form {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Bytes::from_request(req, payload);
        let req = req.clone();
        Box::pin(async move {
            let body = body.await.map_err(|_| AppError::TooLarge)?;
            let text = std::str::from_utf8(&body).map_err(|_| AppError::Malformed("The form is not UTF-8 text."))?;
            let form = Self::read(text)?;
            // A page that says "later" gives back what was typed.
            req.extensions_mut().insert(form.clone());
            Ok(form)
        })
    }
}

/// Errors of the domain as a page shows them. `rename` turns a path of the API into the name of the form's field.
#[must_use]
pub fn field_errors(errors: &Errors, rename: impl Fn(&str) -> String) -> Vec<FieldError> {
    errors.list().iter().map(|e| FieldError::new(rename(&e.field), e.message.clone())).collect()
}

/// The text when it is a path of this site and nothing that a browser could read as another one.
#[must_use]
pub fn local_path(text: &str) -> Option<&str> {
    let ok = text.starts_with('/')
        && !text.starts_with("//")
        && text.len() <= 300
        && !text.chars().any(|c| c.is_control() || c == '\\');
    ok.then_some(text)
}

/// Dollars as people type them, in cents: `1,200`, `$1200.50`. Nothing for an empty field.
///
/// # Errors
/// `()` when it is not an amount.
pub fn cents(text: &str) -> Result<Option<i64>, ()> {
    let text = text.trim().trim_start_matches('$').replace(',', "");
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || part.len() > 2 || !(part.is_empty() || digits(part)) {
        return Err(());
    }
    let whole: i64 = whole.parse().map_err(|_| ())?;
    let part: i64 = format!("{part:0<2}").parse().map_err(|_| ())?;
    whole.checked_mul(100).and_then(|w| w.checked_add(part)).map(Some).ok_or(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_to() {
        for (text, ok) in [
            ("/matches?tab=answered", true),
            ("/", true),
            ("", false),
            ("//other.example", false),
            ("https://other.example", false),
            ("/\\other.example", false),
            ("/a\r\nX: y", false),
        ] {
            assert_eq!(local_path(text).is_some(), ok, "{text:?}");
        }
    }

    #[test]
    fn dollars_are_read_as_people_type_them() {
        for (text, want) in [
            ("", Ok(None)),
            ("1200", Ok(Some(120_000))),
            ("$1,200.5", Ok(Some(120_050))),
            ("0.05", Ok(Some(5))),
            ("12.345", Err(())),
            ("abc", Err(())),
            ("-5", Err(())),
            (".", Err(())),
            ("9999999999999999999", Err(())),
        ] {
            assert_eq!(cents(text), want, "{text}");
        }
    }
}
