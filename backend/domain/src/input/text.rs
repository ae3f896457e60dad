//! Text from people: lengths counted in characters, control characters refused.

use crate::errors::Errors;

/// One line: white space folded. Notes `required`, `too_long` or `malformed`.
pub fn one_line(errors: &mut Errors, field: &str, text: &str, required: bool, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    check(errors, field, &line, required, most);
    line
}

/// Several lines: line ends normalised, trailing blanks cut. Notes the same errors.
pub fn paragraphs(errors: &mut Errors, field: &str, text: &str, required: bool, most: usize) -> String {
    let text = text.replace("\r\n", "\n");
    let text = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned();
    check(errors, field, &text, required, most);
    text
}

fn check(errors: &mut Errors, field: &str, text: &str, required: bool, most: usize) {
    let count = text.chars().count();
    if required && count == 0 {
        errors.add(field, "required", "Fill this in.");
    } else if count > most {
        errors.add(field, "too_long", format!("Shorten this to {most} characters; it has {count}."));
    } else if text.chars().any(|c| is_unseen(c) && c != '\n' && c != '\t') {
        errors.add(field, "malformed", "Remove the control characters.");
    }
}

/// True for what nobody sees and what changes what others see: control characters, marks that turn the direction of
/// the text around them, separators of lines and invisible signs. The joiners that emoji and some scripts need are not.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_it_looks_like() {
        for (text, ok) in [
            ("Two days a month, “8 to 12” — at most", true),
            ("tabs\tand\r\nlines", true),
            ("👩\u{200d}⚕\u{fe0f} São Paulo ד״ר", true),
            ("a\rb", false),
            ("a\0b", false),
            ("evil\u{202e}txt.exe", false),
            ("jane\u{200b}@clinic.example", false),
        ] {
            let mut e = Errors::default();
            paragraphs(&mut e, "text", text, false, 100);
            assert_eq!(e.is_empty(), ok, "{text:?}");
        }
    }
}
