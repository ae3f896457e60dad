//! Comma-separated values (RFC 4180) that a spreadsheet shows and never runs.

/// What a spreadsheet takes for the beginning of a formula, or drops before it (ASVS 1.2.10), in both widths.
const FORMULA: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

/// One line with its end.
pub(crate) fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    cells.into_iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}

fn cell(value: &str) -> String {
    // What looks guarded already gets a guard of its own, so that taking one away gives every value back.
    let guard = if value.trim_start_matches('\'').starts_with(FORMULA) { "'" } else { "" };
    format!("\"{guard}{}\"", value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (value, want) in [
            ("plain", "\"plain\""),
            ("a \"b\", c\r\nd", "\"a \"\"b\"\", c\r\nd\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("\0=1", "\"'\0=1\""),
            ("＝1", "\"'＝1\""),
            ("＠x", "\"'＠x\""),
            ("'=1", "\"''=1\""),
            ("'t Hooft", "\"'t Hooft\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(value), want);
        }
        assert_eq!(line(["a", "b"]), "\"a\",\"b\"\r\n");
    }
}
