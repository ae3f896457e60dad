//! Made-up people whose every value is unmistakable, and the search for such values in whatever spelling they may have
//! slipped out. By hand, so that the tests do not check the product with the product's own search.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::encoding::percent_encode;
use crate::factory;

/// Shorter forms are met by chance.
const SHORTEST: usize = 6;

/// Somebody, with values that nobody and nothing else has.
#[derive(Clone, Debug)]
pub struct Canary {
    /// Name and degree.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Phone number as the product writes it.
    pub phone: String,
    /// NPI.
    pub npi: String,
    /// Link to a CV.
    pub cv: String,
    /// What only the member and admins may read: a note of the profile.
    pub note: String,
    /// The least pay, in cents.
    pub least_pay: i64,
    surname: &'static str,
}

/// Surnames that are part of no other word.
const SURNAMES: [&str; 12] = [
    "Vexlington",
    "Quorbright",
    "Zymandale",
    "Oxtherby",
    "Jaxwortham",
    "Wyndlequist",
    "Thrumpeld",
    "Kravenwick",
    "Yldersham",
    "Fjordelle",
    "Bystrowan",
    "Hquintal",
];

impl Canary {
    /// The `n`-th of them, from 0.
    ///
    /// # Panics
    /// When there are not so many.
    pub fn new(n: usize) -> Canary {
        let surname = *SURNAMES.get(n).expect("there are more names");
        let lower = surname.to_lowercase();
        let number = 4100 + 37 * n;
        Canary {
            name: format!("Éloïse {surname}"),
            email: format!("eloise.{lower}{number}@mx-{lower}.example"),
            phone: format!("(661) 555-{number}"),
            npi: factory::npi(u32::try_from(60_000 + 731 * n).expect("small")),
            cv: format!("https://cv-{lower}.example/eloise"),
            note: format!("zqnote{number}: mornings, no stairs"),
            least_pay: i64::try_from(100_901 + 1_013 * n).expect("small"),
            surname,
        }
    }

    /// As `PUT /me/contact` takes it.
    pub fn contact(&self) -> Value {
        json!({ "name": self.name, "email": self.email, "phone": self.phone, "npi": self.npi, "cv": self.cv, "licences": [self.licence()] })
    }

    /// A licence of this person's alone, made of the NPI's digits.
    pub fn licence(&self) -> String {
        format!("CA L{}", self.npi.chars().rev().collect::<String>())
    }

    /// What identifies this person; the surname stands for the name, the parts of the address for the whole.
    pub fn values(&self) -> Vec<String> {
        let (local, domain) = self.email.split_once('@').expect("an address");
        let host = self.cv.trim_start_matches("https://").trim_end_matches("/eloise");
        let digits: String = self.phone.chars().filter(char::is_ascii_digit).collect();
        let dashed = format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]);
        let values = [self.surname, local, domain, host, &self.phone, &dashed, &digits, &self.npi];
        let licence = self.licence().split_off(3);
        values.into_iter().map(str::to_owned).chain([licence]).collect()
    }

    /// What nobody but this member and admins may read, besides what identifies.
    pub fn criteria(&self) -> Vec<String> {
        let (dollars, cents) = (self.least_pay / 100, self.least_pay % 100);
        let grouped = format!("{},{:03}", dollars / 1000, dollars % 1000);
        let note = self.note.split(':').next().unwrap_or_default().to_owned();
        vec![note, self.least_pay.to_string(), format!("{grouped}.{cents:02}")]
    }
}

/// A search for many values in every spelling.
pub struct Finder {
    /// Form in lower case, and the value it is of.
    forms: Vec<(Vec<u8>, String)>,
    /// Where forms begin with these bytes.
    starts: BTreeMap<[u8; 4], Vec<usize>>,
}

impl Finder {
    /// For these values.
    pub fn new(values: impl IntoIterator<Item = String>) -> Finder {
        let mut forms: Vec<(Vec<u8>, String)> = Vec::new();
        for value in values {
            for form in spellings(&value) {
                forms.push((form.to_lowercase().into_bytes(), value.clone()));
            }
        }
        forms.retain(|(form, _)| form.len() >= SHORTEST);
        forms.sort();
        forms.dedup_by(|a, b| a.0 == b.0);
        let mut starts: BTreeMap<[u8; 4], Vec<usize>> = BTreeMap::new();
        for (at, (form, _)) in forms.iter().enumerate() {
            starts.entry([form[0], form[1], form[2], form[3]]).or_default().push(at);
        }
        Finder { forms, starts }
    }

    /// The values that stand in these bytes, with what stands around them, each once.
    pub fn find(&self, bytes: &[u8]) -> Vec<String> {
        let bytes = lower(bytes);
        let mut found: BTreeMap<&str, String> = BTreeMap::new();
        for (at, four) in bytes.windows(4).enumerate() {
            let Some(candidates) = self.starts.get(four) else { continue };
            for (form, value) in candidates.iter().map(|at| &self.forms[*at]) {
                if bytes[at..].starts_with(form) && !found.contains_key(value.as_str()) {
                    let around = &bytes[at.saturating_sub(60)..(at + form.len() + 60).min(bytes.len())];
                    found.insert(value, String::from_utf8_lossy(around).into_owned());
                }
            }
        }
        found.into_iter().map(|(value, around)| format!("{value}: …{around}…")).collect()
    }
}

/// ASCII letters in lower case, and so are the two letters of the names that are not ASCII.
fn lower(bytes: &[u8]) -> Vec<u8> {
    bytes.to_ascii_lowercase()
}

/// As it is, in a URL, in HTML, in JSON, in hex, in base64 at each of the three places, and backwards.
fn spellings(value: &str) -> Vec<String> {
    let html: String = value
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == ' ' { c.to_string() } else { format!("&#x{:x};", u32::from(c)) })
        .collect();
    let json: String = value
        .chars()
        .flat_map(|c| if c.is_ascii() { vec![c] } else { format!("\\u{:04x}", u32::from(c)).chars().collect() })
        .collect();
    let hex = |text: &str| -> String { text.bytes().map(|byte| format!("{byte:02x}")).collect() };
    let mut all = vec![value.to_owned(), percent_encode(value), html, json, value.chars().rev().collect()];
    for text in [value.to_owned(), value.to_lowercase()] {
        all.push(hex(&text));
        all.extend((0..3).map(|before| base64_inside(text.as_bytes(), before)));
    }
    all
}

/// The letters of base64 that depend on the value alone when so many bytes stand before it.
fn base64_inside(bytes: &[u8], before: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<bool> = std::iter::repeat_n(0_u8, before)
        .chain(bytes.iter().copied())
        .flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1 == 1))
        .collect();
    let groups = bits.chunks_exact(6).map(|six| six.iter().fold(0_usize, |sum, bit| sum * 2 + usize::from(*bit)));
    groups.skip((before * 8).div_ceil(6)).map(|at| char::from(LETTERS[at])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_found_and_another_person_is_not() {
        let (one, other) = (Canary::new(0), Canary::new(1));
        let finder = Finder::new(one.values());
        for text in [
            one.email.to_uppercase(),
            "to=eloise.vexlington4100%40mx-vexlington.example&".to_owned(),
            "call (661) 555-4100 now".to_owned(),
            "6615554100".to_owned(),
            "ZG9jIFZleGxpbmd0b24=".to_owned(),
            "56657848696e67746f6e 5665786c696e67746f6e".to_owned(),
            "notgnilxev".to_owned(),
        ] {
            assert!(!finder.find(text.as_bytes()).is_empty(), "{text}");
        }
        let strange = format!("{} {} {} {}", other.name, other.email, other.phone, other.npi);
        assert_eq!(finder.find(strange.as_bytes()), Vec::<String>::new());
    }

    #[test]
    fn what_is_asked_for_is_shown_with_what_stands_around() {
        let finder = Finder::new(["abcdefgh".to_owned()]);
        assert_eq!(finder.find(b"say ABCDEFGH twice: abcdefgh"), ["abcdefgh: …say abcdefgh twice: abcdefgh…"]);
    }
}
