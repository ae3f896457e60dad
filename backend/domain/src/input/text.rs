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
    } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        errors.add(field, "malformed", "Remove the control characters.");
    }
}
