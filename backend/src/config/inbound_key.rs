//! The secret with which a mail server hands over mail that came back.

use super::MetricsToken;

/// The secret: as the one of the metrics, and not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundKey(MetricsToken);

impl InboundKey {
    /// Reads a setting; nothing for an empty one.
    ///
    /// # Errors
    /// A sentence that says what is wrong and does not quote it.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        let read = MetricsToken::parse(text).map_err(|why| why.replace("metrics token", "key for inbound mail"))?;
        Ok(read.map(Self))
    }

    /// True for the secret itself. How long it takes says nothing about where a guess goes wrong.
    #[must_use]
    pub fn is(&self, shown: &str) -> bool {
        self.0.is(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_and_compared_whole() {
        assert_eq!(InboundKey::parse(""), Ok(None));
        assert!(InboundKey::parse("short").unwrap_err().contains("inbound"));
        let key = InboundKey::parse("1234567890123456").unwrap().unwrap();
        assert!(key.is("1234567890123456") && !key.is("1234567890123457") && !key.is(""));
    }
}
