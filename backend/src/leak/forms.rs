//! The spellings in which a value can stand in a file.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use store::Zeroizing;

type Form = (&'static str, Zeroizing<Vec<u8>>);

/// Every spelling of a value, folded to lower-case ASCII as the search compares them.
pub(super) fn forms(value: &str) -> Vec<Form> {
    let mut all = Vec::new();
    for base in bases(value) {
        let base = base.as_str();
        let mut add = |form, text: String| all.push((form, Zeroizing::new(text.to_ascii_lowercase().into_bytes())));
        add("as it is", base.to_owned());
        add("backwards", base.chars().rev().collect());
        add("URL-encoded", url(base, "%20"));
        add("URL-encoded", url(base, "+"));
        add("HTML-encoded", html(base, &|c| named(c, "&#39;")));
        add("HTML-encoded", html(base, &|c| named(c, "&#x27;")));
        add("HTML-encoded", html(base, &|c| special(c).then(|| format!("&#{};", u32::from(c)))));
        add("HTML-encoded", html(base, &|c| special(c).then(|| format!("&#x{:x};", u32::from(c)))));
        add("JSON-encoded", json(base, false));
        add("JSON-encoded", json(base, true));
        add("hex-encoded", base.bytes().map(|b| format!("{b:02x}")).collect());
        for shift in 0..3 {
            add("base64-encoded", inner(&STANDARD_NO_PAD, base, shift));
            add("base64-encoded", inner(&URL_SAFE_NO_PAD, base, shift));
        }
    }
    all.retain(|(_, bytes)| bytes.len() >= super::SHORTEST);
    all.sort_by(|(_, a), (_, b)| a.as_slice().cmp(b.as_slice()));
    all.dedup_by(|(_, a), (_, b)| a.as_slice() == b.as_slice());
    all
}

/// As it is, in lower and in upper case, and a phone number without its separators.
fn bases(value: &str) -> Vec<Zeroizing<String>> {
    let mut bases = vec![value.to_owned(), value.to_lowercase(), value.to_uppercase()];
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= 7 && value.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c)) {
        bases.push(digits);
    }
    bases.sort();
    bases.dedup();
    bases.into_iter().map(Zeroizing::new).collect()
}

fn url(text: &str, space: &str) -> String {
    let byte = |b: u8| match b {
        b' ' => space.to_owned(),
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn html(text: &str, escape: &dyn Fn(char) -> Option<String>) -> String {
    text.chars().map(|c| escape(c).unwrap_or_else(|| c.to_string())).collect()
}

fn named(c: char, apostrophe: &str) -> Option<String> {
    let name = match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => apostrophe,
        // As handlebars does it.
        '`' => "&#x60;",
        '=' => "&#x3D;",
        _ => return None,
    };
    Some(name.to_owned())
}

const fn special(c: char) -> bool {
    !c.is_ascii_alphanumeric() && c != ' '
}

/// What stands between the quotes; letters beyond ASCII as they are or as escapes.
fn json(text: &str, ascii: bool) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inner = quoted.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or_default();
    if !ascii {
        return inner.to_owned();
    }
    let mut out = String::new();
    for c in inner.chars() {
        match c {
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
        }
    }
    out
}

/// The letters of base64 that depend on the value alone, when so many bytes of its group stand before it.
fn inner(engine: &impl Engine, text: &str, shift: usize) -> String {
    let bytes: Vec<u8> = std::iter::repeat_n(0, shift).chain(text.bytes()).collect();
    let (begin, end) = ((shift * 8).div_ceil(6), bytes.len() * 8 / 6);
    engine.encode(&bytes).get(begin..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leak::Canary;
    use crate::leak::matcher::Matcher;

    fn finds(value: &str, text: &str) -> bool {
        let value = Zeroizing::new(value.to_owned());
        let matcher = Matcher::new(&[Canary { label: "it".to_owned(), value, by_words: true }]);
        let mut found = false;
        matcher.each_hit(text.as_bytes(), &mut |_, _, _| found = true);
        found
    }

    #[test]
    fn every_spelling_is_found_and_another_value_is_not() {
        let email = "Jane.O'Canary+x@clinic.example";
        let base64 = |before: &str| STANDARD_NO_PAD.encode(format!("{before}{email}, and more"));
        for text in [
            email.to_owned(),
            email.to_lowercase(),
            email.to_uppercase(),
            "to=Jane.O%27Canary%2Bx%40clinic.example&".to_owned(),
            "Jane.O&#39;Canary+x@clinic.example".to_owned(),
            "Jane.O&#x27;Canary&#x2b;x&#x40;clinic&#x2e;example".replace("Jane.", "Jane&#x2e;"),
            base64(""),
            base64("a"),
            base64("ab"),
            email.bytes().map(|b| format!("{b:02X}")).collect(),
            email.chars().rev().collect(),
        ] {
            assert!(finds(email, &format!("before {text} after")), "{text}");
        }
        assert!(!finds(email, "before jane.o'canary@clinic.example after"));
        assert!(finds("Zoë Ünal", "{\"n\":\"Zo\\u00eb \\u00dcnal\"}"));
        assert!(finds("(661) 555-0143", "tel 6615550143."));
        assert!(!finds("(661) 555-0143", "66155501430"), "a longer number is another number");
    }
}
