//! Contact details in a company's words. Openings are where physicians answer; an address or a number in the text
//! would lead them around the permission they give, so an admin is shown each one before it is public.

use crate::markup::plain;
use crate::words::words;

words! {
    /// What the text seems to hold.
    Spotted {
        /// An e-mail address, plainly or written out.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// A web address.
        Link = "link",
        /// A request to answer elsewhere.
        Invitation = "invitation",
    }
}

impl Spotted {
    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Email => "an e-mail address",
            Self::Phone => "a telephone number",
            Self::Link => "a web address",
            Self::Invitation => "a request to answer elsewhere",
        }
    }
}

/// Endings that make a bare name a web address; common words such as `no.` and amounts never match.
const DOMAINS: &[&str] = &["com", "org", "net", "edu", "gov", "us", "info", "biz", "health", "care", "med", "io", "co"];

/// Phrases that ask for an answer outside of the site.
const INVITATIONS: &[&str] = &[
    "call me",
    "call us",
    "text me",
    "text us",
    "email me",
    "email us",
    "e-mail me",
    "e-mail us",
    "whatsapp",
    "reach me at",
    "reach us at",
    "contact me at",
    "contact us at",
    "send your cv to",
    "send cv to",
    "dm me",
    "telegram",
];

/// What the text seems to hold, each sort once. It rather asks once too often: an admin decides.
#[must_use]
pub fn spot_contact(text: &str) -> Vec<Spotted> {
    let lower = text.to_lowercase();
    let found = [
        (Spotted::Email, has_email(&lower)),
        (Spotted::Phone, has_phone(&lower)),
        (Spotted::Link, has_link(&lower)),
        (Spotted::Invitation, INVITATIONS.iter().any(|phrase| lower.contains(phrase))),
    ];
    found.into_iter().filter(|(_, is_there)| *is_there).map(|(sort, _)| sort).collect()
}

/// What a company's texts seem to hold, as they were typed, as they are read, and without marks that stayed: marks
/// and entities may hide an address from each.
#[must_use]
pub fn spot_in_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<Spotted> {
    let bare = |text: &str| plain(text).replace(['*', '_', '`', '~'], "");
    let all: Vec<String> = texts.into_iter().flat_map(|text| [text.to_owned(), plain(text), bare(text)]).collect();
    spot_contact(&all.join("\n"))
}

/// Several in a sentence: `an e-mail address and a web address`; empty for none.
#[must_use]
pub fn in_words(spotted: &[Spotted]) -> String {
    spotted.iter().map(|one| one.label()).collect::<Vec<_>>().join(" and ")
}

/// `name@host`, `name (at) host (dot) com`, `name [at] host`.
fn has_email(lower: &str) -> bool {
    let plain = lower.split_whitespace().any(|word| {
        word.split_once('@').is_some_and(|(name, host)| ends_in_word(name) && host.starts_with(char::is_alphanumeric))
    });
    let hidden = ["(at)", "[at]", "{at}", " at symbol ", "(dot)", "[dot]", "{dot}", " dot com", " dot org", " dot net"];
    plain || hidden.iter().any(|mark| lower.contains(mark))
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(char::is_alphanumeric)
}

/// Ten digits in North American groups, or eleven with the country's 1, with at most two signs between two digits.
fn has_phone(lower: &str) -> bool {
    let mut digits = 0;
    let mut gap = 0;
    for c in lower.chars().chain([' ', ' ', ' ']) {
        match c {
            '0'..='9' => {
                digits += 1;
                gap = 0;
            }
            // A comma or a dollar sign is an amount's.
            ' ' | '-' | '.' | '(' | ')' | '/' | '+' | '\u{a0}' | '\u{2010}'..='\u{2013}' if digits > 0 && gap < 2 => {
                gap += 1
            }
            _ => {
                if (10..=11).contains(&digits) {
                    return true;
                }
                (digits, gap) = (0, 0);
            }
        }
    }
    (10..=11).contains(&digits)
}

/// `https:`, `www.`, or a bare name with a known ending.
fn has_link(lower: &str) -> bool {
    if ["http:", "https:", "www."].iter().any(|mark| lower.contains(mark)) {
        return true;
    }
    lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '<' | '>' | '"')).any(|word| {
        let host = word.split('/').next().unwrap_or_default().trim_end_matches(['.', '!', '?', ':']);
        let Some((name, ending)) = host.rsplit_once('.') else { return false };
        !host.contains('@') && ends_in_word(name) && name.chars().any(char::is_alphabetic) && DOMAINS.contains(&ending)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_marks_nor_entities_hide_an_address() {
        use Spotted as S;
        for (text, want) in [
            ("jane&#64;clinic.example", vec![S::Email]),
            ("661&#45;555**-**0143", vec![S::Phone]),
            ("[apply here](https://forms.example)", vec![S::Link]),
            ("kern**-**evaluations.c*o*m", vec![S::Link]),
            ("**Wha**tsApp", vec![S::Invitation]),
            ("Two *days* a month, $1,500.", vec![]),
        ] {
            assert_eq!(spot_in_texts([text, "Plain."]), want, "{text}");
        }
        assert_eq!(in_words(&[S::Email, S::Link]), "an e-mail address and a web address");
    }

    #[test]
    fn contact_is_spotted_and_plain_words_are_not() {
        use Spotted as S;
        for (text, want) in [
            ("Write to olive@kern.example today", vec![S::Email]),
            ("olive (at) kern (dot) com", vec![S::Email]),
            ("Call us: (661) 555-0134.", vec![S::Phone, S::Invitation]),
            ("661.555.0134", vec![S::Phone]),
            ("+1 661 555 0134", vec![S::Phone]),
            ("See kern-evaluations.com/jobs.", vec![S::Link]),
            ("https://example.org", vec![S::Link]),
            ("WhatsApp welcome", vec![S::Invitation]),
            ("Send your CV to the desk", vec![S::Invitation]),
            ("8 to 12 evaluations a month, $1,500-2,015 each, 200 pages included, $3 a page.", vec![]),
            ("Under 8 CCR 46.3 and LC 4628; 2,000 pages at $2.50. Dr. Rivera, e.g. in Los Angeles.", vec![]),
            ("Paid within 30 days. No. 12, 1450 Main St, 93301. 2026-11-23 to 2027-01-31.", vec![]),
            ("Meet at the office (at least twice).", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(spot_contact(text), want, "{text}");
        }
    }
}
