//! A message as it stands on the wire.

/// Dots doubled and the final dot added, as one text: written at once, so that no packet waits for another.
/// `None` when the message is not ASCII, which `compose` never makes.
#[must_use]
pub fn wire(message: &[u8]) -> Option<String> {
    if !message.is_ascii() {
        return None;
    }
    let text = std::str::from_utf8(message).ok()?;
    let mut out = String::with_capacity(text.len() + 64);
    // Split at LF, so that a lone one cannot hide a line that is only a dot.
    for line in text.split_inclusive('\n') {
        if line.starts_with('.') {
            out.push('.');
        }
        out.push_str(line);
    }
    if !out.ends_with("\r\n") {
        out.push_str("\r\n");
    }
    out.push_str(".\r\n");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_the_end_is_a_lone_dot() {
        for (message, on_wire) in [
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".a\r\n", "..a\r\n.\r\n"),
            ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"),
            ("a\r\n..b.c\r\n", "a\r\n...b.c\r\n.\r\n"),
            ("a\n.\nb\r\n", "a\n..\nb\r\n.\r\n"),
            ("", "\r\n.\r\n"),
        ] {
            assert_eq!(wire(message.as_bytes()).as_deref(), Some(on_wire), "{message:?}");
        }
        assert_eq!(wire("é".as_bytes()), None);
    }
}
