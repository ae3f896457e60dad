//! The few text encodings the harness reads and writes: percent signs in URLs and forms, base64
//! in SMTP logins, quoted-printable in mails. By hand, so that the tests do not check the product
//! with the product's own libraries.

/// `%XX` for every byte that is not unreserved in RFC 3986; fit for a query value, a form value
/// and the host part of a PostgreSQL URL.
pub fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// An `application/x-www-form-urlencoded` body.
pub fn form_body<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    fields
        .into_iter()
        .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// Standard base64; line breaks and padding are skipped. `None` when a foreign character occurs.
pub fn base64_decode(text: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for &byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' | b'\r' | b'\n' | b' ' => continue,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

/// RFC 2045 quoted-printable, soft line breaks removed. Broken escapes are kept as they are.
pub fn quoted_printable_decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'=' {
            out.push(byte);
        } else if let Some(tail) = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")) {
            rest = tail;
        } else if let Some((value, tail)) = hex_pair(rest) {
            out.push(value);
            rest = tail;
        } else {
            out.push(b'=');
        }
    }
    out
}

/// RFC 2047 encoded words in a header value, other text unchanged.
pub fn encoded_words_decode(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let Some((decoded, end)) = encoded_word(&rest[start..]) else {
            out.push_str(&rest[..start + 2]);
            rest = &rest[start + 2..];
            after_word = false;
            continue;
        };
        // White space between two encoded words belongs to the encoding.
        if !(after_word && rest[..start].trim().is_empty()) {
            out.push_str(&rest[..start]);
        }
        out.push_str(&decoded);
        rest = &rest[start + end..];
        after_word = true;
    }
    out + rest
}

/// The text of one `=?charset?q|b?...?=` at the start, and its length.
fn encoded_word(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix("=?")?;
    let mut parts = inner.splitn(3, '?');
    let (charset, kind, tail) = (parts.next()?, parts.next()?, parts.next()?);
    let body = &tail[..tail.find("?=")?];
    let bytes = match kind {
        "b" | "B" => base64_decode(body.as_bytes())?,
        "q" | "Q" => quoted_printable_decode(body.replace('_', " ").as_bytes()),
        _ => return None,
    };
    let length = 2 + charset.len() + 1 + kind.len() + 1 + body.len() + 2;
    Some((String::from_utf8_lossy(&bytes).into_owned(), length))
}

fn hex_pair(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (pair, tail) = bytes.split_at_checked(2)?;
    let text = std::str::from_utf8(pair).ok()?;
    Some((u8::from_str_radix(text, 16).ok()?, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_keeps_only_unreserved_characters() {
        assert_eq!(percent_encode("/tmp/a b~1"), "%2Ftmp%2Fa%20b~1");
        assert_eq!(form_body([("a", "x&y"), ("é", "")]), "a=x%26y&%C3%A9=");
    }

    #[test]
    fn base64_is_read_with_and_without_padding() {
        for text in ["AGphbmUAc2VjcmV0", "AGphbmUAc2Vj\r\ncmV0"] {
            assert_eq!(base64_decode(text.as_bytes()).unwrap(), b"\0jane\0secret");
        }
        assert_eq!(base64_decode(b"YQ==").unwrap(), b"a");
        assert_eq!(base64_decode(b"a*b"), None);
    }

    #[test]
    fn quoted_printable_is_read() {
        let cases: [(&str, &str); 4] =
            [("a=3Db", "a=b"), ("long=\r\nline", "longline"), ("caf=C3=A9", "café"), ("1 = 2", "1 = 2")];
        for (input, expect) in cases {
            assert_eq!(quoted_printable_decode(input.as_bytes()), expect.as_bytes());
        }
    }

    #[test]
    fn encoded_words_are_read() {
        let cases = [
            ("plain", "plain"),
            ("=?utf-8?Q?Caf=C3=A9_open?=", "Café open"),
            ("=?utf-8?b?Q2Fmw6k=?= =?utf-8?b?IQ==?= now", "Café! now"),
            ("a =? b", "a =? b"),
        ];
        for (input, expect) in cases {
            assert_eq!(encoded_words_decode(input), expect);
        }
    }
}
