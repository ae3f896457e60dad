//! The secret with which a monitoring system asks for the metrics.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use sha2::{Digest, Sha256};

/// The fewest characters it may have.
const AT_LEAST: usize = 16;

/// The secret.
#[derive(Clone, PartialEq, Eq)]
pub struct MetricsToken(String);

impl std::fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MetricsToken(..)")
    }
}

impl MetricsToken {
    /// Reads a setting; nothing for an empty one.
    ///
    /// # Errors
    /// A sentence that says what is wrong and does not quote it.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        let text = text.trim();
        match text.len() {
            0 => Ok(None),
            AT_LEAST.. if text.chars().all(|c| c.is_ascii_graphic()) => Ok(Some(Self(text.to_owned()))),
            _ => Err(format!("the metrics token needs at least {AT_LEAST} letters, digits or signs, and no spaces")),
        }
    }

    /// True for the secret itself. How long it takes says nothing about where a guess goes wrong.
    #[must_use]
    pub fn is(&self, shown: &str) -> bool {
        let [own, shown] = [self.0.as_str(), shown].map(|text| Sha256::digest(text.as_bytes()));
        verify_slices_are_equal(&own, &shown).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ones_are_refused_and_none_is_shown() {
        assert_eq!(MetricsToken::parse(" "), Ok(None));
        for text in ["short", "123456789012345", "with a space in the middle"] {
            let why = MetricsToken::parse(text).unwrap_err();
            assert!(!why.contains(text), "{why}");
        }
        let token = MetricsToken::parse("1234567890123456").unwrap().unwrap();
        assert!(token.is("1234567890123456"));
        assert!(!token.is("1234567890123457") && !token.is("") && !token.is("12345678901234561"));
        assert!(!format!("{token:?}").contains("1234"));
    }
}
