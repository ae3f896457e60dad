//! Words an alert asks for: a small AND, OR and NOT over words of an opening.
//!
//! `spine knee` asks for both words, `spine OR neck` for one of them, `-pediatric` for an opening without the
//! word. `OR` binds nearer than the gap between words: `spine OR neck pain` asks for pain, and for spine or neck.

use std::fmt;

/// The longest text, in characters.
const TEXT_MAX: usize = 200;
/// The most words in it.
const WORDS_MAX: usize = 12;
/// The longest word in bytes; longer ones are in no index.
const WORD_BYTES_MAX: usize = 40;
/// Words that stand in nearly every opening and tell nothing.
const LITTLE: &[&str] =
    &["a", "an", "around", "at", "by", "for", "from", "in", "near", "of", "on", "the", "to", "with"];
/// What may stand inside a word: `x-ray`, `PM&R`, `worker's`, `OB/GYN`, `L.A.`
const INNER: &[char] = &['-', '&', '\'', '\u{2019}', '/', '.'];
/// A minus as people and phones write it.
const MINUS: &[char] = &['-', '\u{2013}', '\u{2212}'];

/// Words an opening must have and must not have; without any, every opening passes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(Vec<Clause>);

/// One demand; all of an alert's must be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    /// One of these words is there.
    OneOf(Vec<String>),
    /// This word is not.
    Without(String),
}

/// Why a text is not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordsError {
    /// The text has so many characters.
    TextTooLong(usize),
    /// It has so many words.
    TooManyWords(usize),
    /// A word is longer than any that can be found.
    WordTooLong,
    /// Something has neither a letter nor a digit.
    NoLetters,
    /// There are brackets.
    Brackets,
    /// `OR` does not stand between two words that are asked for.
    LonelyOr,
    /// A minus or `NOT` has no word after it.
    LonelyMinus,
    /// This word stands in nearly every opening.
    LittleWord(&'static str),
    /// A word is asked for and refused.
    Contradiction,
}

impl WordsError {
    /// The stable code of a field error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TextTooLong(_) | Self::TooManyWords(_) | Self::WordTooLong => "too_long",
            Self::Contradiction => "conflict",
            _ => "malformed",
        }
    }
}

impl fmt::Display for WordsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TextTooLong(count) => write!(f, "Shorten this to {TEXT_MAX} characters; it has {count}."),
            Self::TooManyWords(count) => write!(f, "Name at most {WORDS_MAX} words; these are {count}."),
            Self::WordTooLong => write!(f, "Shorten each word to {WORD_BYTES_MAX} letters."),
            Self::NoLetters => f.write_str("Write words of letters and digits."),
            Self::Brackets => f.write_str("Leave the brackets out: OR joins the words beside it."),
            Self::LonelyOr => f.write_str("OR stands between two words, and neither has a minus."),
            Self::LonelyMinus => f.write_str("A minus stands right before the word that must not be there."),
            Self::LittleWord(word) => write!(f, "Leave “{word}” out: it stands in nearly every opening."),
            Self::Contradiction => f.write_str("A word is asked for and refused at once, so nothing can fit."),
        }
    }
}

impl Words {
    /// Reads a text; an empty one asks for nothing. `OR`, `AND` and `NOT` count in any case, quotation marks and
    /// commas separate words.
    ///
    /// # Errors
    /// What to do about a text that is not understood.
    pub fn parse(text: &str) -> Result<Self, WordsError> {
        let text = text.trim();
        let count = text.chars().count();
        if count > TEXT_MAX {
            return Err(WordsError::TextTooLong(count));
        }
        let mut reading = Reading::default();
        for piece in pieces(text)? {
            reading.take(piece)?;
        }
        reading.finish()
    }

    /// True when nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The demands in the order they were written.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.0
    }

    /// Judges an opening by the words it has.
    pub fn fires(&self, has: impl Fn(&str) -> bool) -> bool {
        self.0.iter().all(|clause| match clause {
            Clause::OneOf(words) => words.iter().any(|w| has(w)),
            Clause::Without(word) => !has(word),
        })
    }
}

/// Reads back as the same words.
impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, clause) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            match clause {
                Clause::OneOf(words) => f.write_str(&words.join(" OR "))?,
                Clause::Without(word) => write!(f, "-{word}")?,
            }
        }
        Ok(())
    }
}

/// A part of the text between gaps.
enum Piece<'a> {
    Word(&'a str),
    Refused(&'a str),
    Or,
    Not,
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, WordsError> {
    if text.contains(['(', ')', '[', ']']) {
        return Err(WordsError::Brackets);
    }
    let is_gap = |c: char| !c.is_alphanumeric() && !INNER.contains(&c) && !MINUS.contains(&c);
    let mut all = Vec::new();
    for part in text.split(is_gap).filter(|p| !p.is_empty()) {
        let refused = part.starts_with(MINUS);
        let word = part.trim_matches(|c: char| !c.is_alphanumeric());
        match word.to_ascii_lowercase().as_str() {
            // A sign alone joins words, as in `PM & R`.
            "" if !refused => {}
            "" => return Err(WordsError::LonelyMinus),
            "or" if !refused => all.push(Piece::Or),
            "and" if !refused => {}
            "not" if !refused => all.push(Piece::Not),
            small => {
                if let Some(little) = LITTLE.iter().find(|l| **l == small) {
                    return Err(WordsError::LittleWord(little));
                }
                if word.len() > WORD_BYTES_MAX {
                    return Err(WordsError::WordTooLong);
                }
                all.push(if refused { Piece::Refused(word) } else { Piece::Word(word) });
            }
        }
    }
    if all.is_empty() && !text.is_empty() { Err(WordsError::NoLetters) } else { Ok(all) }
}

/// What is read so far, and what the next piece is joined to.
#[derive(Default)]
struct Reading {
    clauses: Vec<Clause>,
    count: usize,
    after_or: bool,
    after_not: bool,
}

impl Reading {
    fn take(&mut self, piece: Piece<'_>) -> Result<(), WordsError> {
        match piece {
            Piece::Or if self.after_not => Err(WordsError::LonelyMinus),
            Piece::Or if self.after_or => Err(WordsError::LonelyOr),
            Piece::Or => {
                self.after_or = true;
                if matches!(self.clauses.last(), Some(Clause::OneOf(_))) { Ok(()) } else { Err(WordsError::LonelyOr) }
            }
            Piece::Not | Piece::Refused(_) if self.after_or => Err(WordsError::LonelyOr),
            Piece::Not | Piece::Refused(_) if self.after_not => Err(WordsError::LonelyMinus),
            Piece::Not => {
                self.after_not = true;
                Ok(())
            }
            Piece::Refused(word) => {
                self.refuse(word);
                Ok(())
            }
            Piece::Word(word) if std::mem::take(&mut self.after_not) => {
                self.refuse(word);
                Ok(())
            }
            Piece::Word(word) => {
                self.ask(word);
                Ok(())
            }
        }
    }

    fn refuse(&mut self, word: &str) {
        self.count += 1;
        self.clauses.push(Clause::Without(word.to_owned()));
    }

    fn ask(&mut self, word: &str) {
        self.count += 1;
        let joined = std::mem::take(&mut self.after_or);
        match self.clauses.last_mut() {
            Some(Clause::OneOf(words)) if joined => words.push(word.to_owned()),
            _ => self.clauses.push(Clause::OneOf(vec![word.to_owned()])),
        }
    }

    fn finish(self) -> Result<Words, WordsError> {
        if self.after_or {
            return Err(WordsError::LonelyOr);
        }
        if self.after_not {
            return Err(WordsError::LonelyMinus);
        }
        if self.count > WORDS_MAX {
            return Err(WordsError::TooManyWords(self.count));
        }
        let is_refused = |word: &String| {
            self.clauses.iter().any(|c| matches!(c, Clause::Without(other) if other.eq_ignore_ascii_case(word)))
        };
        let never = |c: &Clause| matches!(c, Clause::OneOf(words) if words.iter().all(is_refused));
        if self.clauses.iter().any(never) {
            return Err(WordsError::Contradiction);
        }
        Ok(Words(self.clauses))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fires(words: &str, text: &str) -> bool {
        Words::parse(words).unwrap().fires(|w| text.split(' ').any(|t| t == w))
    }

    #[test]
    fn words_are_joined_by_and_or_and_not() {
        for (words, text, want) in [
            ("", "anything", true),
            ("spine knee", "spine and knee", true),
            ("spine knee", "spine", false),
            ("spine AND knee", "spine", false),
            ("spine OR neck", "neck", true),
            ("spine or neck", "hand", false),
            ("spine OR neck pain", "spine", false),
            ("spine OR neck pain", "pain neck", true),
            ("pain spine OR neck OR back", "pain back", true),
            ("-pediatric", "spine", true),
            ("-pediatric", "pediatric spine", false),
            ("spine -pediatric", "spine", true),
            ("not pediatric spine", "spine", true),
            ("NOT pediatric spine", "pediatric spine", false),
            ("spine OR knee -child", "knee child", false),
        ] {
            assert_eq!(fires(words, text), want, "{words:?} on {text:?}");
        }
    }

    #[test]
    fn a_text_is_printed_as_it_was_written() {
        for text in ["", "spine", "Spine OR neck pain", "-pediatric", "spine -child knee OR hip", "x-ray PM&R worker's"]
        {
            assert_eq!(Words::parse(text).unwrap().to_string(), text);
        }
        for (text, want) in [
            ("  spine,  neck; ", "spine neck"),
            ("\"low back\"", "low back"),
            ("spine or neck and hip", "spine OR neck hip"),
            ("not child", "-child"),
            ("\u{2013}child \u{2212}teen --baby", "-child -teen -baby"),
            ("PM & R", "PM R"),
        ] {
            assert_eq!(Words::parse(text).unwrap().to_string(), want, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_says_why() {
        use WordsError as E;
        let long = "x ".repeat(101);
        let wide = "w".repeat(41);
        let many: String = (0..13).map(|n| format!("w{n} ")).collect();
        for (text, why, code) in [
            (long.as_str(), E::TextTooLong(201), "too_long"),
            (&many, E::TooManyWords(13), "too_long"),
            (&wide, E::WordTooLong, "too_long"),
            ("!!!", E::NoLetters, "malformed"),
            ("&", E::NoLetters, "malformed"),
            ("and", E::NoLetters, "malformed"),
            ("(spine OR neck) pain", E::Brackets, "malformed"),
            ("OR spine", E::LonelyOr, "malformed"),
            ("spine OR", E::LonelyOr, "malformed"),
            ("spine OR OR neck", E::LonelyOr, "malformed"),
            ("spine OR -neck", E::LonelyOr, "malformed"),
            ("-spine OR neck", E::LonelyOr, "malformed"),
            ("spine OR not neck", E::LonelyOr, "malformed"),
            ("spine - neck", E::LonelyMinus, "malformed"),
            ("spine not", E::LonelyMinus, "malformed"),
            ("not OR spine", E::LonelyMinus, "malformed"),
            ("not -spine", E::LonelyMinus, "malformed"),
            ("of", E::LittleWord("of"), "malformed"),
            ("spine in The north", E::LittleWord("in"), "malformed"),
            ("spine -Spine", E::Contradiction, "conflict"),
            ("spine OR neck -neck -spine", E::Contradiction, "conflict"),
        ] {
            let error = Words::parse(text).unwrap_err();
            assert_eq!((error, error.code()), (why, code), "{text:?}");
            assert!(error.to_string().ends_with('.'));
        }
        assert!(Words::parse("spine OR neck -neck").is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn what_is_understood_reads_back_the_same(text in "([-\u{2013}]?(spine|Neck|x-ray|or|AND|not|of|[a-z]{1,3}|\\PC)[ ,]?){0,9}") {
            if let Ok(words) = Words::parse(&text) {
                prop_assert_eq!(Words::parse(&words.to_string()), Ok(words));
            }
        }
    }
}
