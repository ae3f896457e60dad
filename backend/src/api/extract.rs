//! What API handlers take: JSON bodies whose every error names its field, and query parameters none of which is
//! passed over in silence.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use domain::errors::Errors;
use serde::de::DeserializeOwned;

use crate::auth::Says;
use crate::error::AppError;

/// A JSON body. Unknown fields are refused by the types themselves.
pub struct Json<T>(pub T);

impl<T> Says for Json<T> {}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = req
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.split(';').next())
            .is_some_and(|v| v.trim().eq_ignore_ascii_case("application/json"));
        let body = Bytes::from_request(req, payload);
        Box::pin(async move {
            let body = body.await.map_err(|_| AppError::TooLarge)?;
            if !is_json {
                return Err(AppError::MediaType);
            }
            read_json(&body).map(Self)
        })
    }
}

/// Reads a JSON body.
///
/// # Errors
/// `Malformed`, or `Invalid` with the field.
pub fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, AppError> {
    // Serde would read a list as a structure by position.
    if body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
        return Err(AppError::field("body", "malformed", "Expected an object."));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => wrong_field(&path, &inner.to_string()),
            _ => AppError::Malformed("The body is not valid JSON."),
        }
    })?;
    json.end().map_err(|_| AppError::Malformed("There is something after the JSON body."))?;
    Ok(value)
}

/// Serde's words name unknown and missing fields; everything else is told by the path. Its text may quote the value
/// sent, so only the part that speaks of the type is passed on.
fn wrong_field(path: &str, text: &str) -> AppError {
    let quoted = |after: &str| text.split_once(after).and_then(|(_, rest)| rest.split('`').next());
    let join = |name: &str| {
        if path == "." || path.is_empty() || path == name || path.ends_with(&format!(".{name}")) {
            name_of(path, name)
        } else {
            format!("{path}.{name}")
        }
    };
    if let Some(name) = quoted("unknown field `") {
        return AppError::Invalid(Errors::one(join(name), "unknown", "There is no such field."));
    }
    if let Some(name) = quoted("missing field `") {
        return AppError::Invalid(Errors::one(join(name), "required", "Fill this in."));
    }
    let expected =
        text.rsplit_once("expected ").map_or("another type", |(_, e)| e.split(" at line").next().unwrap_or(e));
    AppError::Invalid(Errors::one(
        if path == "." { "body" } else { path },
        "malformed",
        format!("Expected {expected}."),
    ))
}

fn name_of(path: &str, name: &str) -> String {
    if path == "." || path.is_empty() { name.to_owned() } else { path.to_owned() }
}

/// Query parameters. `finish` refuses those nobody asked for.
pub struct Params {
    pairs: Vec<(String, String)>,
    known: Vec<&'static str>,
    errors: Errors,
}

impl Params {
    /// The values of one parameter: repeated, or joined by commas.
    pub fn list(&mut self, name: &'static str) -> Vec<String> {
        self.known.push(name);
        self.pairs
            .iter()
            .filter(|(n, _)| n == name)
            .flat_map(|(_, v)| v.split(','))
            .map(str::trim)
            .filter(|v| !v.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// One value as text; empty counts as absent.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim().to_owned()).filter(|v| !v.is_empty())
    }

    /// One value, parsed; a wrong one is noted.
    pub fn parsed<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>, hint: &str) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(&text);
        if value.is_none() {
            self.errors.add(name, "unknown", hint);
        }
        value
    }

    /// Values, parsed; wrong ones are noted.
    pub fn parsed_list<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>, hint: &str) -> Vec<T> {
        let texts = self.list(name);
        let values: Vec<T> = texts.iter().filter_map(|t| parse(t)).collect();
        if values.len() != texts.len() {
            self.errors.add(name, "unknown", hint);
        }
        values
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.parsed(name, |t| t.parse().ok(), "Give true or false.")
    }

    /// `limit`: 1 to 100, 20 when absent.
    pub fn limit(&mut self) -> usize {
        self.parsed("limit", |t| t.parse().ok().filter(|n| (1..=100).contains(n)), "Give a number from 1 to 100.")
            .unwrap_or(20)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// `Invalid` with every wrong and every unknown parameter.
    pub fn finish(mut self) -> Result<(), AppError> {
        for (name, _) in &self.pairs {
            if !self.known.contains(&name.as_str()) {
                self.errors.add(name.clone(), "unknown", "There is no such parameter.");
            }
        }
        Ok(self.errors.finish(())?)
    }
}

impl Says for Params {}

impl FromRequest for Params {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = serde_urlencoded::from_str(req.query_string())
            .map_err(|_| AppError::Malformed("The query string could not be read."));
        std::future::ready(pairs.map(|pairs| Self { pairs, known: Vec::new(), errors: Errors::default() }))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "tests")]
    use domain::input::OpeningInput;

    use super::*;

    fn error_of(body: &str) -> (String, &'static str) {
        match read_json::<OpeningInput>(body.as_bytes()) {
            Err(AppError::Invalid(e)) => e.list().first().map(|f| (f.field.clone(), f.code)).unwrap_or_default(),
            Err(other) => (other.code().to_owned(), ""),
            Ok(_) => panic!("accepted"),
        }
    }

    #[test]
    fn every_error_names_its_field() {
        for (body, field, code) in [
            (r#"{"extra": 1}"#, "extra", "unknown"),
            (r#"{"pay": {"salary": 1}}"#, "pay.salary", "unknown"),
            (r#"{"remote": "yes"}"#, "remote", "malformed"),
            (r#"{"pay": {"min_cents": "12"}}"#, "pay.min_cents", "malformed"),
            (r#"{"specialties": [1]}"#, "specialties[0]", "malformed"),
            (r"[]", "body", "malformed"),
            (r#"{"kind": "#, "malformed", ""),
            (r"{} {}", "malformed", ""),
        ] {
            assert_eq!(error_of(body), (field.to_owned(), code), "{body}");
        }
    }
}
