//! Cursors: the sort key of the last item of a page, as opaque text that is safe in a URL.
//!
//! A sort key depends on the opening and the search alone, and the next page begins behind it, wherever that
//! now is. So walking the pages never shows an opening twice and never passes over one that was there all the
//! time, whatever is added, changed or taken out meanwhile; only an opening whose own sort key changed may
//! come again or be missed. Whether a misspelt search was put right is decided on the first page and carried.

use std::cmp::Reverse;

use crate::error::SearchError;
use crate::openings_query::Sort;

/// Longer text is no cursor of ours: a search is cut at 400 characters.
const MAX_CHARS: usize = 4000;
/// Between the parts; in none of them but the id, which is the last.
const SEPARATOR: char = '\n';

/// Where an opening stands in a sorted list; compares as the list runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// Its place without the id.
    pub(crate) place: Place,
    /// Last tie-break.
    pub(crate) id: String,
}

/// The part of a position that needs no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Highest first: score, pay, or days to closing or miles counted backwards.
    pub(crate) rank: Reverse<i64>,
    /// Microseconds since 1970, newest first.
    pub(crate) published: Reverse<i64>,
}

/// What a cursor carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The last item of the page before.
    pub(crate) after: Position,
    /// What the search was corrected to, in one line.
    pub(crate) corrected: Option<String>,
}

impl Cursor {
    /// Writes the cursor.
    pub(crate) fn write(&self, sort: Sort) -> String {
        let (place, corrected) = (self.after.place, self.corrected.as_deref().unwrap_or_default());
        let text = format!(
            "{}{SEPARATOR}{}{SEPARATOR}{}{SEPARATOR}{corrected}{SEPARATOR}{}",
            sort.as_str(),
            place.rank.0,
            place.published.0,
            self.after.id
        );
        text.bytes().map(|b| format!("{b:02x}")).collect()
    }

    /// Reads a cursor made for this sort.
    pub(crate) fn parse(cursor: &str, sort: Sort) -> Result<Self, SearchError> {
        let text = unhex(cursor).ok_or(SearchError::BadCursor)?;
        let mut parts = text.splitn(5, SEPARATOR);
        let mut part = || parts.next().ok_or(SearchError::BadCursor);
        if part()? != sort.as_str() {
            return Err(SearchError::BadCursor);
        }
        let rank = part()?.parse().map_err(|_| SearchError::BadCursor)?;
        let published = part()?.parse().map_err(|_| SearchError::BadCursor)?;
        let corrected = Some(part()?.to_owned()).filter(|text| !text.is_empty());
        let place = Place { rank: Reverse(rank), published: Reverse(published) };
        Ok(Self { after: Position { place, id: part()?.to_owned() }, corrected })
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
        for corrected in [None, Some("orthopedic | é".to_owned())] {
            let place = Place { rank: Reverse(i64::MIN), published: Reverse(-5) };
            let cursor = Cursor { after: Position { place, id: "a|b\né".to_owned() }, corrected };
            let text = cursor.write(Sort::Pay);
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric()));
            assert_eq!(Cursor::parse(&text, Sort::Pay).unwrap(), cursor);
            for bad in ["", "0", "zz", "ff", "é", &text[2..], &text.to_uppercase()] {
                assert!(matches!(Cursor::parse(bad, Sort::Pay), Err(SearchError::BadCursor)), "{bad}");
            }
            assert!(Cursor::parse(&text, Sort::Best).is_err());
        }
        assert!(Cursor::parse(&"61".repeat(100_000), Sort::Best).is_err());
    }
}
