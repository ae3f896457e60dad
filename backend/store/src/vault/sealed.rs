//! The sorts of things that are sealed, and what each is bound to.

/// Of the sealed document. It stays when the data key is wrapped anew.
const FORMAT: i32 = 1;

/// What is sealed. The label is part of what is authenticated, so that nothing opens in the place of another sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sealed {
    /// A contact; its row is the account's.
    Contact,
    /// The secret of a second factor; its row is the account's.
    SecondFactor,
    /// What somebody wrote; its row is its own.
    Text,
}

impl Sealed {
    /// The label, and the name of the document beside its key.
    const fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::Contact => ("contact/v1", "contact"),
            Self::SecondFactor => ("second-factor/v1", "secret"),
            Self::Text => ("text/v1", "text"),
        }
    }

    /// What the wrapped key of a row is bound to.
    pub(super) fn key_aad(self, row: &str, version: i32) -> String {
        format!("{}|key|{version}|{row}", self.labels().0)
    }

    /// What the sealed document of a row is bound to.
    pub(super) fn document_aad(self, row: &str) -> String {
        let (label, document) = self.labels();
        format!("{label}|{document}|{FORMAT}|{row}")
    }
}
