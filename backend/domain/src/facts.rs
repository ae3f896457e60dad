//! Reading of the embedded reference tables, and how far a figure may be believed.

use serde::de::DeserializeOwned;

/// The tables kept as facts in the database, by name, as shipped: `(table, csv)`.
/// Admins edit the rows there; what is shipped is only the first state.
pub const SHIPPED: &[(&str, &str)] = &[
    ("certifications", include_str!("../data/certifications.csv")),
    ("fees", include_str!("../data/med_legal_fees.csv")),
    ("fee_modifiers", include_str!("../data/med_legal_modifiers.csv")),
    ("qme_rules", include_str!("../data/qme_rules.csv")),
];

/// Census names for made-up people (`data/names_census1990.csv`).
pub const NAMES: &str = include_str!("../data/names_census1990.csv");

/// Parses an embedded table; its tests prove that every row is well formed.
#[expect(clippy::expect_used, reason = "embedded at compile time and parsed by a test; there is nothing to recover to")]
pub(crate) fn rows<T: DeserializeOwned>(csv: &str) -> Vec<T> {
    csv::Reader::from_reader(csv.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("an embedded reference table is well formed")
}

/// Splits a pipe list into its parts.
pub(crate) fn pipe_list(text: &str) -> Vec<String> {
    text.split('|').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

/// Every row of a shipped table as `(first column, columns)`, for seeding.
#[must_use]
pub fn shipped_rows(csv: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let Ok(head) = reader.headers().cloned() else {
        return Vec::new();
    };
    reader
        .records()
        .filter_map(Result::ok)
        .map(|r| head.iter().map(str::to_owned).zip(r.iter().map(str::to_owned)).collect())
        .collect()
}

/// Whether a row with this confidence mark may be shown to members as fact: only `high` and `medium`
/// marks count (`high (value)` is high); low, memory-unverified and unverified rows wait for an admin.
#[must_use]
pub fn may_be_shown(confidence: &str) -> bool {
    matches!(confidence.split_whitespace().next(), Some("high" | "medium"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_tables_parse_with_their_known_row_counts() {
        let count = |name: &str| SHIPPED.iter().find(|(n, _)| *n == name).map_or(0, |(_, csv)| shipped_rows(csv).len());
        assert_eq!(count("certifications"), 28);
        assert_eq!(count("fees"), 7);
        assert_eq!(count("fee_modifiers"), 7);
        assert_eq!(count("qme_rules"), 46);
    }

    #[test]
    fn only_sourced_rows_may_be_shown() {
        for (mark, shown) in [
            ("high", true),
            ("high (value)", true),
            ("medium", true),
            ("low", false),
            ("memory-unverified", false),
            ("unverified", false),
            ("", false),
        ] {
            assert_eq!(may_be_shown(mark), shown, "{mark}");
        }
    }
}
