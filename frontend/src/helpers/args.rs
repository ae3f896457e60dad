use handlebars::{Context, Helper, RenderError, RenderErrorReason, html_escape};
use serde_json::Value;

/// The named values a helper was called with; a value that the view model lacks is an error.
pub(super) struct Args<'a, 'rc> {
    helper: &'a Helper<'rc>,
    context: &'a Context,
}

impl<'a, 'rc> Args<'a, 'rc> {
    pub(super) fn new(helper: &'a Helper<'rc>, context: &'a Context) -> Self {
        Self { helper, context }
    }

    /// A named value, or `None` when the template does not name it.
    pub(super) fn value(&self, name: &str) -> Result<Option<&Value>, RenderError> {
        match self.helper.hash_get(name) {
            None => Ok(None),
            Some(found) if found.is_value_missing() => Err(self.fault(name)),
            Some(found) => Ok(Some(found.value())),
        }
    }

    /// A named value as text; null and absent are the empty text.
    pub(super) fn text(&self, name: &str) -> Result<String, RenderError> {
        Ok(self.value(name)?.map(plain).unwrap_or_default())
    }

    /// A named value that the template must give.
    pub(super) fn required(&self, name: &str) -> Result<String, RenderError> {
        match self.value(name)? {
            Some(value) => Ok(plain(value)),
            None => Err(self.fault(name)),
        }
    }

    /// A named value as a condition.
    pub(super) fn flag(&self, name: &str) -> Result<bool, RenderError> {
        Ok(self.value(name)?.is_some_and(|value| value.as_bool().unwrap_or(false)))
    }

    /// A named list that the template must give.
    pub(super) fn list(&self, name: &str) -> Result<&[Value], RenderError> {
        match self.value(name)?.and_then(Value::as_array) {
            Some(list) => Ok(list),
            None => Err(self.fault(name)),
        }
    }

    /// The message of the page's first error at this field.
    pub(super) fn error_at(&self, field: &str) -> Option<&str> {
        let errors = self.context.data().get("errors")?.as_array()?;
        let error = errors.iter().find(|error| member(error, "field") == field)?;
        error.get("message")?.as_str()
    }

    fn fault(&self, name: &str) -> RenderError {
        RenderErrorReason::Other(format!("helper {} lacks a usable value for {name}", self.helper.name())).into()
    }
}

/// A text member of a JSON object; absent is the empty text.
pub(super) fn member<'v>(object: &'v Value, name: &str) -> &'v str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A JSON scalar as people read it.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// Escapes text for element content and for attribute values in double quotes.
pub(super) fn esc(text: &str) -> String {
    html_escape(text)
}
