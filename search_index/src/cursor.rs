//! Cursors: the sort key of the last item of a page, as opaque text that is safe in a URL.

use std::cmp::Reverse;

use crate::error::SearchError;
use crate::openings_query::Sort;

/// Longer text is no cursor of ours.
const MAX_CHARS: usize = 1000;

/// Where an opening stands in a sorted list; compares as the list runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// Highest first: score, pay, or days to closing counted backwards.
    pub(crate) place: Place,
    /// Last tie-break.
    pub(crate) id: String,
}

/// The part of a position that needs no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) rank: Reverse<i64>,
    /// Microseconds since 1970, newest first.
    pub(crate) published: Reverse<i64>,
}

impl Position {
    /// Writes the cursor.
    pub(crate) fn cursor(&self, sort: Sort) -> String {
        let place = &self.place;
        let text = format!("{}|{}|{}|{}", sort.as_str(), place.rank.0, place.published.0, self.id);
        text.bytes().map(|b| format!("{b:02x}")).collect()
    }

    /// Reads a cursor made for this sort.
    pub(crate) fn parse(cursor: &str, sort: Sort) -> Result<Self, SearchError> {
        let text = unhex(cursor).ok_or(SearchError::BadCursor)?;
        let mut parts = text.splitn(4, '|');
        let mut part = || parts.next().ok_or(SearchError::BadCursor);
        if part()? != sort.as_str() {
            return Err(SearchError::BadCursor);
        }
        let rank = part()?.parse().map_err(|_| SearchError::BadCursor)?;
        let published = part()?.parse().map_err(|_| SearchError::BadCursor)?;
        Ok(Self { place: Place { rank: Reverse(rank), published: Reverse(published) }, id: part()?.to_owned() })
    }
}

fn unhex(text: &str) -> Option<String> {
    if text.len() > MAX_CHARS || !text.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Option<Vec<u8>> = text
        .as_bytes()
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect();
    String::from_utf8(bytes?).ok()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_for_its_own_sort_only() {
        let position =
            Position { place: Place { rank: Reverse(i64::MIN), published: Reverse(-5) }, id: "a|b é".to_owned() };
        let text = position.cursor(Sort::Pay);
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_eq!(Position::parse(&text, Sort::Pay).unwrap(), position);
        for bad in ["", "0", "zz", "ff", "é", &text[2..], &text.to_uppercase()] {
            assert!(matches!(Position::parse(bad, Sort::Pay), Err(SearchError::BadCursor)), "{bad}");
        }
        assert!(Position::parse(&text, Sort::Best).is_err());
        assert!(Position::parse(&"61".repeat(100_000), Sort::Best).is_err());
    }
}
