//! Cuts text into words: runs of letters and digits, with the few spellings such runs would tear apart.
//!
//! One way of cutting for the index, for searches and for snippets, so that they always agree.

use std::borrow::Cow;
use std::ops::Range;

/// Names of two parts that are one word however they are joined.
const JOINED: &[(&str, &str, &str)] = &[("pm", "r", "pmr"), ("ob", "gyn", "obgyn")];
/// What may stand between the two parts; longer ones first.
const JOINTS: &[&str] = &[" &amp; ", "&amp;", " & ", " and ", " / ", "&", "/", "-", " "];

/// A word as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut<'a> {
    /// Where it stands, in bytes; a possessive ending is part of it.
    pub(crate) range: Range<usize>,
    /// Its letters and digits, not yet folded.
    pub(crate) word: Cow<'a, str>,
}

/// The words of a text in their order.
pub(crate) fn cut(text: &str) -> impl Iterator<Item = Cut<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let found = next(text, from)?;
        from = found.range.end;
        Some(found)
    })
}

fn next(text: &str, from: usize) -> Option<Cut<'_>> {
    let first = run(text, from)?;
    let mut found = initials(text, &first)
        .unwrap_or_else(|| Cut { word: Cow::Borrowed(text.get(first.clone()).unwrap_or_default()), range: first });
    if let Some((end, word)) = joined(text, &found) {
        found = Cut { range: found.range.start..end, word: Cow::Borrowed(word) };
    }
    found.range.end = possessive(text, found.range.end);
    Some(found)
}

/// The next run of letters and digits.
fn run(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let start = from + rest.find(char::is_alphanumeric)?;
    Some(start..end_of_run(text, start))
}

fn end_of_run(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    rest.find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |length| start + length)
}

/// `L.A.` and `M.D.` are one word; a single letter alone is none of these.
fn initials<'a>(text: &'a str, first: &Range<usize>) -> Option<Cut<'a>> {
    let is_letter = |range: &Range<usize>| {
        let mut chars = text.get(range.clone()).unwrap_or_default().chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    };
    if !is_letter(first) || text.get(first.end..first.end + 1) != Some(".") {
        return None;
    }
    let mut letters = vec![first.clone()];
    while let Some(last) = letters.last() {
        let after_dot = last.end + 1;
        if text.get(last.end..after_dot) != Some(".") {
            break;
        }
        match run(text, after_dot).filter(|next| next.start == after_dot && is_letter(next)) {
            Some(next) => letters.push(next),
            None => break,
        }
    }
    let end = letters.last().filter(|_| letters.len() > 1)?.end;
    let word = letters.iter().filter_map(|l| text.get(l.clone())).collect();
    Some(Cut { range: first.start..end, word: Cow::Owned(word) })
}

/// Where a name of two parts ends, when this is its first, and its one spelling.
fn joined(text: &str, first: &Cut<'_>) -> Option<(usize, &'static str)> {
    let (_, second, word) = JOINED.iter().find(|(part, _, _)| first.word.eq_ignore_ascii_case(part))?;
    // Initials may end with a dot of their own.
    let rest = text.get(first.range.end..)?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    JOINTS.iter().find_map(|joint| {
        let tail = strip_prefix_any_case(rest, joint)?;
        let start = text.len() - tail.len();
        let range = start..end_of_run(text, start);
        text.get(range.clone())?.eq_ignore_ascii_case(second).then_some((range.end, *word))
    })
}

fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

/// Past `'s`, which belongs to the word and tells nothing.
fn possessive(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let ending = rest.strip_prefix(['\'', '\u{2019}']).and_then(|r| r.strip_prefix(['s', 'S']));
    match ending {
        Some(tail) if !tail.starts_with(char::is_alphanumeric) => text.len() - tail.len(),
        _ => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        cut(text).map(|c| c.word.into_owned()).collect()
    }

    #[test]
    fn words_are_runs_and_a_few_joined_spellings() {
        for (text, want) in [
            ("Hello, happy reader!", vec!["Hello", "happy", "reader"]),
            ("L5-S1 x-ray", vec!["L5", "S1", "x", "ray"]),
            ("PM&R", vec!["pmr"]),
            ("pm & r; PM&amp;R, P.M.&R., PM and R", vec!["pmr", "pmr", "pmr", "pmr"]),
            ("5 pm and run", vec!["5", "pm", "and", "run"]),
            ("OB/GYN ob-gyn Ob Gyn OBGYN", vec!["obgyn", "obgyn", "obgyn", "OBGYN"]),
            ("ob/gynaecology", vec!["ob", "gynaecology"]),
            ("L.A. and M.D.s", vec!["LA", "and", "MDs"]),
            ("U.S.A. a.b.c.d.e.f", vec!["USA", "abcdef"]),
            ("3.5 v.2", vec!["3", "5", "v", "2"]),
            ("the worker's comp, workers\u{2019} comp", vec!["the", "worker", "comp", "workers", "comp"]),
            ("don't it'sy", vec!["don", "t", "it", "sy"]),
            ("", vec![]),
            ("… — !", vec![]),
            ("Ångström 東京", vec!["Ångström", "東京"]),
        ] {
            assert_eq!(words(text), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn cuts_stand_one_after_the_other(text in "(pm|ob|&amp;|[ &/.'’s-]|L\\.|r|gyn|\\PC){0,40}") {
            let mut at = 0;
            for piece in cut(&text) {
                prop_assert!(at <= piece.range.start && piece.range.start < piece.range.end);
                prop_assert!(text.get(piece.range.clone()).is_some());
                prop_assert!(piece.word.chars().all(char::is_alphanumeric) && !piece.word.is_empty());
                at = piece.range.end;
            }
        }
    }
}
