//! Data for stories: made-up, whole and ordinary, so that a story names only what matters to it.

use serde_json::{Value, json};

/// A JSON document a story changes in a few places.
#[derive(Clone, Debug)]
pub struct Draft(Value);

impl Draft {
    /// Puts a value at a JSON pointer such as `/pay/min_cents`; its object must be there.
    pub fn set(mut self, pointer: &str, value: impl Into<Value>) -> Draft {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = self.0.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent:?}"));
        match parent {
            Value::Array(list) => list[key.parse::<usize>().expect("an index")] = value.into(),
            other => other[key] = value.into(),
        }
        self
    }

    /// Takes a key out.
    pub fn without(mut self, key: &str) -> Draft {
        self.0.as_object_mut().expect("an object").remove(key);
        self
    }

    /// The document.
    pub fn json(&self) -> Value {
        self.0.clone()
    }
}

/// An orthopaedic surgeon of Bakersfield with an appointment as QME, who wants every kind of work.
pub fn california_qme() -> Draft {
    Draft(json!({
        "provider_class": "md_do",
        "specialties": [{ "slug": "orthopaedic-surgery", "primary": true, "board_certified": true }],
        "licences": [{ "state": "CA", "kind": "md", "expires_on": "2027-12-31" }],
        "certifications": [{ "key": "ca-qme", "status": "appointed", "expires_on": "2027-12-31", "steps": {} }],
        "interests": ["qme", "ime", "chart_review"],
        "bases": [{ "market": "bakersfield", "radius_miles": 60 }],
        "markets": ["los-angeles"],
        "remote": true,
        "min_pay": [{ "kind": "qme", "basis": "per_case", "cents": 100_000 }],
        "languages": ["english", "spanish"],
        "years": 14,
        "provider_note": ""
    }))
}

/// A QME opening in Bakersfield that the physician above fits in every respect.
pub fn bakersfield_opening() -> Draft {
    Draft(json!({
        "kind": "qme",
        "title": "Orthopaedic QME evaluations in Bakersfield",
        "description": "Two days a month in an office near the courthouse. Records are sorted and \
                        paged, reports are typed for you, and no-shows are paid.",
        "specialties": ["orthopaedic-surgery"],
        "markets": ["bakersfield"],
        "remote": false,
        "licence_states": [],
        "certification": { "required": "ca-qme", "takes_candidates": false, "sponsors": false },
        "comp_related": true,
        "pay": { "basis": "per_case", "min_cents": 150_000, "max_cents": 201_500,
                 "share_bps": null, "extra_page_cents": 300, "included_pages": 200 },
        "volume": "8 to 12 evaluations a month",
        "seats": 2,
        "requires": { "board_certified": false, "min_years": null, "languages": [], "provider_classes": [] },
        "closes_on": "2026-06-30",
        "public_listing": true
    }))
}

/// What a physician of this name tells about how to be reached.
pub fn contact(name: &str, email: &str) -> Draft {
    Draft(json!({
        "name": name,
        "email": email,
        "phone": "661-555-0143",
        "npi": npi_of(email),
        "cv": "https://cv.example/jane"
    }))
}

/// A company that asks for an account.
pub fn company(name: &str, owner_email: &str) -> Draft {
    Draft(json!({
        "name": name,
        "website": "https://evaluations.example",
        "owner_name": "Olive Owner",
        "owner_email": owner_email
    }))
}

/// The made-up NPI of the person with this address: always the same one, and another for another.
pub fn npi_of(email: &str) -> String {
    npi(email.bytes().fold(7, |sum, byte| (sum * 31 + u32::from(byte)) % 100_000))
}

/// A made-up NPI with a right check digit; numbers that begin with 2 and 9s go to no physician.
pub fn npi(n: u32) -> String {
    let start = format!("2999{n:05}");
    // The issuer prefix 80840 adds 24 to the Luhn sum.
    let sum: u32 = start.chars().rev().enumerate().fold(24, |sum, (at, digit)| {
        let digit = digit.to_digit(10).expect("a digit");
        let doubled = if at % 2 == 0 { digit * 2 } else { digit };
        sum + doubled / 10 + doubled % 10
    });
    format!("{start}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_right() {
        for (n, expect) in [(90137, "2999901376"), (90274, "2999902747"), (90411, "2999904115")] {
            assert_eq!(npi(n), expect);
        }
    }

    #[test]
    fn drafts_are_changed_in_place() {
        let draft = bakersfield_opening().set("/pay/min_cents", 1).set("/markets/0", "fresno").without("volume");
        let json = draft.json();
        assert_eq!((json["pay"]["min_cents"].as_i64(), json["markets"][0].as_str()), (Some(1), Some("fresno")));
        assert!(json.get("volume").is_none());
    }
}
