//! Lists and numbers from people.

use crate::errors::Errors;

/// Parses each word of a list, refusing unknown and double ones.
pub(crate) fn list<T: PartialEq>(
    e: &mut Errors,
    field: &str,
    words: &[String],
    most: usize,
    parse: impl Fn(&str) -> Option<T>,
) -> Vec<T> {
    let mut values = Vec::new();
    for (i, word) in words.iter().enumerate() {
        match parse(word) {
            Some(v) if !values.contains(&v) => values.push(v),
            Some(_) => e.add(format!("{field}[{i}]"), "conflict", format!("{word:?} is named twice.")),
            None => e.add(format!("{field}[{i}]"), "unknown", format!("{word:?} is not in the list.")),
        }
    }
    if words.len() > most {
        e.add(field, "too_long", format!("Name at most {most}."));
    }
    values
}

/// Languages: lower case, letters and spaces, at most 12.
pub(crate) fn languages(e: &mut Errors, field: &str, words: &[String]) -> Vec<String> {
    list(e, field, words, 12, |w| {
        let word = w.trim().to_lowercase();
        let ok =
            (2..=40).contains(&word.chars().count()) && word.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
        ok.then_some(word)
    })
}

/// An integer inside its bounds, in its narrow type.
pub(crate) fn bounded<T: TryFrom<i32> + Default>(e: &mut Errors, field: &str, value: i32, least: i32, most: i32) -> T {
    if !(least..=most).contains(&value) {
        e.add(field, "out_of_range", format!("Give a number from {least} to {most}."));
    }
    T::try_from(value).unwrap_or_default()
}
