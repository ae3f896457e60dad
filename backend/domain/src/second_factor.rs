//! The second factor: codes of an authenticator app (RFC 6238), and codes for a lost phone.

use chrono::Duration;

use crate::words::words;

/// Codes for a lost phone that an account gets.
pub const RECOVERY_CODES: usize = 10;
/// Wrong codes that an account may give within `MISSES_WITHIN`.
pub const MISSES_AT_MOST: usize = 5;
/// How long a wrong code counts.
pub const MISSES_WITHIN: Duration = Duration::minutes(15);

/// Digits of a code of the app.
const DIGITS: usize = 6;
/// Letters of a recovery code, without the dash between them.
const LETTERS: usize = 10;

words! {
    /// What happened to the second factor of an account; its owner is told.
    SecondFactorChange {
        /// It was set up, or set up anew.
        SetUp = "set_up",
        /// The recovery codes were replaced.
        NewCodes = "new_codes",
        /// It was taken off by somebody who was signed in.
        TakenOff = "taken_off",
        /// The operator took it off, since phone and codes were lost.
        Reset = "reset",
    }
}

/// A code as somebody gave it. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub enum Code {
    /// Six digits of the app.
    App(String),
    /// A recovery code in its canonical form.
    Recovery(String),
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(redacted)")
    }
}

impl Code {
    /// Reads a code as people type it: spaces, dashes and case do not matter. Whatever has the form of neither sort is
    /// no guess, and nobody is locked out for a slip.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        if plain.len() == DIGITS && plain.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self::App(plain));
        }
        let letters = plain.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'9').contains(&b));
        (plain.len() == LETTERS && letters).then_some(Self::Recovery(plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let app = |text: &str| Some(Code::App(text.to_owned()));
        let recovery = |text: &str| Some(Code::Recovery(text.to_owned()));
        for (text, want) in [
            ("123456", app("123456")),
            (" 123 456 ", app("123456")),
            ("123-456", app("123456")),
            ("abcde-fgh23", recovery("ABCDEFGH23")),
            ("ABCDE FGH23", recovery("ABCDEFGH23")),
            ("", None),
            ("12345", None),
            ("1234567", None),
            ("١٢٣٤٥٦", None),
            ("abcde-fgh01", None),
            ("abcde-fghjk-mnp", None),
        ] {
            assert_eq!(Code::parse(text), want, "{text}");
        }
        assert_eq!(format!("{:?}", Code::parse("123456")), "Some(Code(redacted))");
    }
}
