use std::fmt;

use serde::Serialize;

/// A text that belongs to a person (an address, a name, a link with a token).
///
/// It renders like a plain string, yet its `Debug` shows nothing, so that a view model can be
/// logged or put into a test message without giving the value away.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Private(pub String);

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(..)")
    }
}

impl From<String> for Private {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<&str> for Private {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}
