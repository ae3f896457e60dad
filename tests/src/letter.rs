//! A received mail taken apart the way a mail program does it.

use crate::encoding::{base64_decode, encoded_words_decode, quoted_printable_decode};

/// Headers and readable parts of one mail.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// Name and unfolded, decoded value, in the order of the mail.
    pub headers: Vec<(String, String)>,
    /// The `text/plain` part.
    pub text: Option<String>,
    /// The `text/html` part.
    pub html: Option<String>,
}

impl Letter {
    /// Takes a whole message apart; a missing part stays `None`.
    pub fn parse(raw: &[u8]) -> Letter {
        let (headers, body) = split_head(raw);
        let mut letter = Letter { headers, ..Letter::default() };
        let head = letter.headers.clone();
        letter.collect(&head, body);
        letter
    }

    /// The value of the first header of this name (any case).
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The subject; empty when the mail has none.
    pub fn subject(&self) -> &str {
        self.header("Subject").unwrap_or_default()
    }

    /// Every `http` address: first those of the text part, then the link targets of the html part.
    pub fn links(&self) -> Vec<String> {
        let mut links = text_links(self.text.as_deref().unwrap_or_default());
        links.extend(html_links(self.html.as_deref().unwrap_or_default()));
        links
    }

    /// The first link that contains `part`; fails the test when there is none.
    pub fn link_with(&self, part: &str) -> String {
        let links = self.links();
        let found = links.iter().find(|link| link.contains(part));
        found.unwrap_or_else(|| panic!("no link with {part} in {:?}: {links:?}", self.subject())).clone()
    }

    /// The address between the angle brackets of `List-Unsubscribe` that begins with http.
    pub fn unsubscribe_link(&self) -> Option<String> {
        let value = self.header("List-Unsubscribe")?;
        let links = value.split(',').map(|one| one.trim().trim_matches(['<', '>']));
        links.into_iter().find(|one| one.starts_with("http")).map(str::to_owned)
    }

    fn collect(&mut self, headers: &[(String, String)], body: &[u8]) {
        let kind = find(headers, "Content-Type").unwrap_or("text/plain").to_owned();
        let lower = kind.to_ascii_lowercase();
        if lower.starts_with("multipart/") {
            for part in parts(body, &boundary(&kind)) {
                let (head, body) = split_head(part);
                self.collect(&head, body);
            }
            return;
        }
        let text = decode(find(headers, "Content-Transfer-Encoding").unwrap_or("7bit"), body);
        if lower.starts_with("text/html") {
            self.html.get_or_insert(text);
        } else if lower.starts_with("text/plain") {
            self.text.get_or_insert(text);
        }
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name));
    header.map(|(_, value)| value.as_str())
}

fn decode(encoding: &str, body: &[u8]) -> String {
    let bytes = match encoding.trim().to_ascii_lowercase().as_str() {
        "base64" => base64_decode(body).expect("base64 part"),
        "quoted-printable" => quoted_printable_decode(body),
        _ => body.to_vec(),
    };
    String::from_utf8(bytes).expect("a part in UTF-8")
}

/// Unfolded headers, and what follows the first empty line.
fn split_head(raw: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let (head, body) = match raw.windows(4).position(|four| four == b"\r\n\r\n") {
        Some(at) => (&raw[..at], &raw[at + 4..]),
        None => (raw, &raw[raw.len()..]),
    };
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in String::from_utf8_lossy(head).split("\r\n") {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim_start());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    for (_, value) in &mut headers {
        *value = encoded_words_decode(value);
    }
    (headers, body)
}

fn boundary(content_type: &str) -> String {
    let at = content_type.to_ascii_lowercase().find("boundary=").expect("a boundary");
    let value = &content_type[at + "boundary=".len()..];
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default().to_owned(),
        None => value.split(';').next().unwrap_or_default().trim().to_owned(),
    }
}

fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mark = format!("--{boundary}");
    let mark = mark.as_bytes();
    let starts: Vec<usize> =
        (0..body.len()).filter(|&at| body[at..].starts_with(mark) && (at == 0 || body[at - 1] == b'\n')).collect();
    let pairs = starts.iter().zip(starts.iter().skip(1));
    pairs
        .map(|(&from, &to)| {
            let part = &body[from + mark.len()..to];
            let part = part.strip_prefix(b"\r\n").unwrap_or(part);
            part.strip_suffix(b"\r\n").unwrap_or(part)
        })
        .collect()
}

fn text_links(text: &str) -> Vec<String> {
    let starts = text.match_indices("http").map(|(at, _)| &text[at..]);
    starts
        .filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"))
        .map(|rest| {
            let end = rest.find(|c: char| c.is_whitespace() || "<>\"'()[]".contains(c));
            rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';']).to_owned()
        })
        .collect()
}

fn html_links(html: &str) -> Vec<String> {
    let targets = html.match_indices("href=\"").map(|(at, mark)| &html[at + mark.len()..]);
    targets
        .filter_map(|rest| rest.split('"').next())
        .filter(|target| target.starts_with("http"))
        .map(|target| target.replace("&amp;", "&").replace("&#x3D;", "="))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &[u8] = b"From: Rosterline <no-reply@example.org>\r\n\
Subject: =?utf-8?Q?Caf=C3=A9?=\r\n\
List-Unsubscribe: <mailto:stop@example.org>,\r\n <https://example.org/mail/stop/abc>\r\n\
Content-Type: multipart/alternative;\r\n boundary=\"b1\"\r\n\r\n\
--b1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
See https://example.org/a?x=3D1.\r\nBye=\r\n!\r\n\
--b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
PGEgaHJlZj0iaHR0cHM6Ly9leGFt\r\ncGxlLm9yZy9iP3g9MSZhbXA7eT0yIj5iPC9hPg==\r\n\
--b1--\r\n";

    #[test]
    fn a_mail_of_two_parts_is_taken_apart() {
        let letter = Letter::parse(SAMPLE);
        assert_eq!(letter.subject(), "Café");
        assert_eq!(letter.text.as_deref(), Some("See https://example.org/a?x=1.\r\nBye!"));
        assert_eq!(letter.links(), ["https://example.org/a?x=1", "https://example.org/b?x=1&y=2"]);
        assert_eq!(letter.unsubscribe_link().unwrap(), "https://example.org/mail/stop/abc");
        assert_eq!(letter.link_with("/b"), "https://example.org/b?x=1&y=2");
    }

    #[test]
    fn a_mail_of_one_part_needs_no_mime_headers() {
        let letter = Letter::parse(b"Subject: Hello\r\n\r\nfirst\r\nsecond\r\n");
        assert_eq!(letter.text.as_deref(), Some("first\r\nsecond\r\n"));
        assert_eq!(letter.html, None);
        assert_eq!(letter.unsubscribe_link(), None);
    }
}
