//! Mail that came back: what a delivery report (RFC 3464) or a complaint (RFC 5965) says of one of our mails.
//!
//! Whoever can post here could try to silence others, so what a report says of an address counts for nothing: it must hold
//! the pair of a mail's id and a Message-ID that only we can have made. Only the outermost parts are looked at, by their
//! headers, so that no nesting and no packing costs more than reading once what was sent.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use domain::MailId;
use domain::mail::MailClass;
use mail_parser::{Message, MessageParser, MimeHeaders};
use store::{TokenPurpose, Vault};

/// The most parts of a report that are looked at; a report has three.
const PARTS: usize = 8;
/// The most bytes of the fields of a report that are looked at.
const FIELDS: usize = 16 * 1024;
/// Letters of the mark in a return address.
const MARK: usize = 16;

/// What a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// The mail did not arrive, for this.
    Returned(MailClass),
    /// Its reader called it unwanted.
    Complaint,
}

/// A report about a mail of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Which.
    pub mail: MailId,
    /// What it says.
    pub said: Said,
}

/// Reads a report; nothing for any other mail, and for a report of a mail that is not proven to be ours.
#[must_use]
pub fn read(vault: &Vault, raw: &[u8]) -> Option<Report> {
    let head = MessageParser::new().parse_headers(raw)?;
    let kind = head.content_type()?;
    let is = |name: &str| kind.attribute("report-type").is_some_and(|t| t.eq_ignore_ascii_case(name));
    if !kind.ctype().eq_ignore_ascii_case("multipart") || !kind.subtype()?.eq_ignore_ascii_case("report") {
        return None;
    }
    let parts = parts(raw, kind.attribute("boundary")?);
    let said = if is("delivery-status") {
        returned(&fields(&parts, "delivery-status")?)?
    } else if is("feedback-report") {
        complaint(&fields(&parts, "feedback-report")?)?
    } else {
        return None;
    };
    let proven = parts.iter().find_map(|part| of_original(vault, part));
    proven.or_else(|| of_return_address(vault, &head)).map(|mail| Report { mail, said })
}

/// The outermost parts, each with its headers and its body.
fn parts<'a>(raw: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mark = format!("\n--{boundary}");
    let mark = mark.as_bytes();
    let mut parts = Vec::new();
    let mut from = None;
    let mut at = 0;
    // One more than is wanted: where the last one ends.
    while parts.len() < PARTS
        && let Some(next) = raw.get(at..).and_then(|rest| find(rest, mark)).map(|n| n + at)
    {
        if let Some(part) = from.and_then(|from: usize| raw.get(from..next)) {
            parts.push(part);
        }
        at = next + mark.len();
        from = raw.get(at..).and_then(|rest| find(rest, b"\n")).map(|n| at + n + 1);
    }
    parts
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    // The first letter is rare enough: it ends a line.
    let (first, _) = wanted.split_first()?;
    let mut at = 0;
    while let Some(next) = text.get(at..)?.iter().position(|b| b == first).map(|n| n + at) {
        if text.get(next..)?.starts_with(wanted) {
            return Some(next);
        }
        at = next + 1;
    }
    None
}

/// Headers and body of a part.
fn cut(part: &[u8]) -> Option<(Message<'_>, &[u8])> {
    let head = MessageParser::new().parse_headers(part)?;
    let (at, skip) = match (find(part, b"\n\r\n"), find(part, b"\n\n")) {
        (Some(crlf), Some(lf)) if lf < crlf => (lf, 2),
        (Some(crlf), _) => (crlf, 3),
        (None, Some(lf)) => (lf, 2),
        (None, None) => return None,
    };
    Some((head, part.get(at + skip..)?))
}

/// The fields of the part of this type, in lower case, groups of them apart.
fn fields(parts: &[&[u8]], subtype: &str) -> Option<String> {
    let (_, body) = parts.iter().filter_map(|part| cut(part)).find(|(head, _)| is_message(head, subtype))?;
    let text = body.get(..body.len().min(FIELDS))?;
    Some(String::from_utf8_lossy(text).replace('\r', "").to_ascii_lowercase())
}

fn is_message(head: &Message<'_>, subtype: &str) -> bool {
    head.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("message") && kind.subtype().is_some_and(|s| s.eq_ignore_ascii_case(subtype))
    })
}

fn field<'a>(group: &'a str, name: &str) -> Option<&'a str> {
    group.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim))
}

/// The first recipient who did not get it; a mail of ours has one.
fn returned(fields: &str) -> Option<Said> {
    let failed = fields.split("\n\n").find(|group| field(group, "action") == Some("failed"))?;
    let status = field(failed, "status")?.split_whitespace().next()?;
    class(status).map(Said::Returned)
}

/// As an answer of a mail server with this code is taken.
fn class(status: &str) -> Option<MailClass> {
    let mut digits = status.split('.').map(str::parse::<u16>);
    let (Some(Ok(5)), Some(Ok(subject)), Some(Ok(detail))) = (digits.next(), digits.next(), digits.next()) else {
        return None;
    };
    Some(match (subject, detail) {
        (1, 1 | 2 | 3 | 6 | 10) => MailClass::Hard,
        (2, 2) => MailClass::Full,
        // What was refused for its kind says nothing about the address.
        (7, _) => return None,
        _ => MailClass::Unknown,
    })
}

fn complaint(fields: &str) -> Option<Said> {
    (field(fields, "feedback-type") == Some("abuse")).then_some(Said::Complaint)
}

/// The mail that is returned, by its own headers: its boundary names it, and its Message-ID proves it.
fn of_original(vault: &Vault, part: &[u8]) -> Option<MailId> {
    let (head, body) = cut(part)?;
    let kind = head.content_type()?;
    let original = ["rfc822", "rfc822-headers", "global", "global-headers"];
    if !kind.subtype().is_some_and(|s| original.iter().any(|o| s.eq_ignore_ascii_case(o))) {
        return None;
    }
    let original = MessageParser::new().parse_headers(body)?;
    let named = original.content_type()?.attribute("boundary")?.strip_prefix("rosterline-")?;
    let mail = MailId::parse(named)?;
    let shown = original.message_id()?.split('@').next()?;
    let own = super::compose::message_id_local(vault, &mail);
    verify_slices_are_equal(own.as_bytes(), shown.as_bytes()).is_ok().then_some(mail)
}

/// A mail by the address that reports about it go to: `name+<id><mark>@host`.
fn of_return_address(vault: &Vault, head: &Message<'_>) -> Option<MailId> {
    let names = ["Delivered-To", "X-Original-To", "To"];
    let raw = |name: &str| head.header_raw(name).map(str::to_owned);
    names.iter().filter_map(|name| raw(name)).find_map(|value| of_address(vault, &value))
}

fn of_address(vault: &Vault, text: &str) -> Option<MailId> {
    let (before, _) = text.split_once('@')?;
    let (_, token) = before.rsplit_once('+')?;
    let (id, mark) = token.split_at_checked(32)?;
    let mail = MailId::parse(&hyphened(id)?)?;
    let own = mark_of(vault, &mail);
    verify_slices_are_equal(own.as_bytes(), mark.to_ascii_lowercase().as_bytes()).is_ok().then_some(mail)
}

/// The part of a return address after the plus sign: which mail, and a mark that only we can have made.
#[must_use]
pub fn return_token(vault: &Vault, mail: &MailId) -> String {
    format!("{}{}", mail.as_str().replace('-', ""), mark_of(vault, mail))
}

fn mark_of(vault: &Vault, mail: &MailId) -> String {
    let token = vault.token(TokenPurpose::Return, mail.as_str());
    token.chars().filter(char::is_ascii_alphanumeric).take(MARK).collect::<String>().to_ascii_lowercase()
}

fn hyphened(id: &str) -> Option<String> {
    let part = |from: usize, to: usize| id.get(from..to);
    Some(format!("{}-{}-{}-{}-{}", part(0, 8)?, part(8, 12)?, part(12, 16)?, part(16, 20)?, part(20, 32)?))
}

#[cfg(test)]
#[path = "inbound_tests.rs"]
mod tests;
