//! Caught mail, for the demonstration: the `.eml` files of the folder, listed and read.

use std::path::Path;

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::MailId;
use mail_parser::{Message, MessageParser};

/// How many mails a list shows.
const LISTED: usize = 200;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaughtSummary {
    /// The file's name, which is also its key.
    pub name: String,
    /// Address it goes to.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// One mail, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caught {
    /// Subject.
    pub subject: String,
    /// Headers as they stand in the file, unfolded, in their order.
    pub headers: Vec<(String, String)>,
    /// Text part.
    pub text: String,
    /// HTML part.
    pub html: String,
    /// The addresses in the text part, each once.
    pub links: Vec<String>,
}

/// The mails of a folder, newest first; none when there is no such folder.
#[must_use]
pub fn caught(dir: &Path) -> Vec<CaughtSummary> {
    let Ok(files) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut names: Vec<String> = files
        .flatten()
        .filter_map(|file| file.file_name().into_string().ok())
        .filter(|name| written_at(name).is_some())
        .collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    names.truncate(LISTED);
    names.into_iter().filter_map(|name| summary(dir, name)).collect()
}

fn summary(dir: &Path, name: String) -> Option<CaughtSummary> {
    let at = written_at(&name)?;
    let bytes = std::fs::read(dir.join(&name)).ok()?;
    let message = MessageParser::default().parse(&bytes)?;
    let to = message.to().and_then(|to| to.first()?.address());
    Some(CaughtSummary { to: to.unwrap_or_default().to_owned(), subject: subject(&message), at, name })
}

/// Reads one mail; `None` for a name that is not one of the folder's mails.
#[must_use]
pub fn read(dir: &Path, name: &str) -> Option<Caught> {
    written_at(name)?;
    let bytes = std::fs::read(dir.join(name)).ok()?;
    let message = MessageParser::default().parse(&bytes)?;
    let headers = message.headers_raw().map(|(name, value)| (name.to_owned(), unfold(value))).collect();
    let text = message.body_text(0).unwrap_or_default().into_owned();
    Some(Caught {
        subject: subject(&message),
        headers,
        links: links(&text),
        html: message.body_html(0).unwrap_or_default().into_owned(),
        text,
    })
}

fn subject(message: &Message<'_>) -> String {
    message.subject().unwrap_or_default().to_owned()
}

fn unfold(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The time in a name of the form the folder writes. Nothing else is ever opened, so that no name leads elsewhere.
fn written_at(name: &str) -> Option<DateTime<Utc>> {
    let (time, id) = name.strip_suffix(".eml")?.split_once('-')?;
    let at = NaiveDateTime::parse_from_str(time, "%Y%m%dT%H%M%S%3fZ").ok()?.and_utc();
    let id = MailId::parse(id)?;
    (super::folder::file_name(&id, at) == name).then_some(at)
}

fn links(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || "<>\"'()[]".contains(c)) {
        let link = word.trim_end_matches(['.', ',', ';']);
        let is_link = link.starts_with("http://") || link.starts_with("https://");
        if is_link && !found.iter().any(|f| f == link) {
            found.push(link.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c11";

    #[test]
    fn only_names_of_the_folders_own_form_are_read() {
        let good = format!("20260302T180000123Z-{ID}.eml");
        let at = written_at(&good).unwrap();
        assert_eq!(at.to_rfc3339(), "2026-03-02T18:00:00.123+00:00");
        for bad in [
            String::new(),
            "../../etc/passwd".to_owned(),
            format!("../20260302T180000123Z-{ID}.eml"),
            format!("20260302T180000123Z-../{ID}.eml"),
            format!("20260302T180000123Z-{ID}.eml/"),
            format!("20260302T180000123Z-{ID}.EML"),
            format!("20260302T180000123Z-{}.eml", ID.to_uppercase()),
            format!("20260302T180000123Z-{}.eml", ID.replace('-', "")),
            format!("20261302T180000123Z-{ID}.eml"),
            format!("20260302T180000Z-{ID}.eml"),
            format!(".20260302T180000123Z-{ID}.eml.part"),
        ] {
            assert_eq!(written_at(&bad), None, "{bad}");
        }
    }

    #[test]
    fn links_are_found_once_each() {
        let text = "See https://a.example/x?y=1.\r\n<https://b.example/z> https://a.example/x?y=1, ftp://c.example";
        assert_eq!(links(text), ["https://a.example/x?y=1", "https://b.example/z"]);
    }
}
