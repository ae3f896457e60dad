//! Contact values: parsed once, redacted in `Debug`, without `Display` and without serde, so that they
//! cannot slip into a log, an error or a response.

use crate::input::is_unseen;

/// The longest address accepted (RFC 5321, 4.5.3.1.3: 256 octets of path less the angle brackets).
const EMAIL_MAX: usize = 254;

macro_rules! redacted {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

/// An e-mail address in its canonical form: trimmed, lower-case domain and local part.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);
redacted!(EmailAddress);

impl EmailAddress {
    /// Accepts `local@domain` with a dot in the domain, printable ASCII without spaces or quotes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let (local, domain) = text.rsplit_once('@')?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
        let domain_ok = domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            });
        (local_ok && domain_ok && text.len() <= EMAIL_MAX).then_some(Self(text))
    }

    /// The address itself. Every caller is a place where contact leaves: keep them few.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The mailbox it leads to, as far as the spelling tells: without a tag after `+` (RFC 5233), and at Gmail without
    /// dots. Two addresses of one mailbox are one person's; mail goes to the address as it was given.
    #[must_use]
    pub fn mailbox(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let local = local.split_once('+').map_or(local, |(own, _)| if own.is_empty() { local } else { own });
        if domain == "gmail.com" || domain == "googlemail.com" {
            format!("{}@gmail.com", local.replace('.', ""))
        } else {
            format!("{local}@{domain}")
        }
    }

    /// What stands behind the @.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// A US phone number: ten digits, kept as digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);
redacted!(Phone);

impl Phone {
    /// Accepts ten digits, or eleven with a leading 1, with the usual separators.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !text.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c)) {
            return None;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let ten = match digits.len() {
            10 => digits,
            11 => digits.strip_prefix('1')?.to_owned(),
            _ => return None,
        };
        Some(Self(ten))
    }

    /// The number as `(555) 010-0000`.
    #[must_use]
    pub fn reveal(&self) -> String {
        let (area, rest) = self.0.split_at_checked(3).unwrap_or(("", &self.0));
        let (exchange, line) = rest.split_at_checked(3).unwrap_or(("", rest));
        format!("({area}) {exchange}-{line}")
    }
}

/// A National Provider Identifier with a right check digit.
#[derive(Clone, PartialEq, Eq)]
pub struct Npi(String);
redacted!(Npi);

impl Npi {
    /// Ten digits, the first 1 or 2, and Luhn over `80840` plus the number (CMS NPI check digit).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let shape = text.len() == 10
            && text.bytes().all(|b| b.is_ascii_digit())
            && (text.starts_with('1') || text.starts_with('2'));
        (shape && luhn_ok(&format!("80840{text}"))).then(|| Self(text.to_owned()))
    }

    /// The ten digits.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn luhn_ok(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b.wrapping_sub(b'0'));
            if i % 2 == 0 {
                d
            } else if d > 4 {
                d * 2 - 9
            } else {
                d * 2
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// A person's name as it is shared: one line, 2 to 120 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);
redacted!(PersonName);

impl PersonName {
    /// Trims and folds white space; refuses control characters and angle brackets.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let ok = (2..=120).contains(&name.chars().count())
            && name.chars().any(char::is_alphabetic)
            && !name.chars().any(|c| is_unseen(c) || c == '<' || c == '>');
        ok.then_some(Self(name))
    }

    /// The name itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// An https link to a CV.
#[derive(Clone, PartialEq, Eq)]
pub struct CvLink(String);
redacted!(CvLink);

impl CvLink {
    /// Accepts `https://host/...` up to 500 characters without spaces.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let host = text.strip_prefix("https://")?.split('/').next()?;
        let ok = host.contains('.')
            && text.len() <= 500
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'`".contains(c));
        ok.then(|| Self(text.to_owned()))
    }

    /// The link itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The number of a licence, with the state that gave it.
#[derive(Clone, PartialEq, Eq)]
pub struct LicenceNumber(String);
redacted!(LicenceNumber);

impl LicenceNumber {
    /// Accepts a state and a number such as `CA A-12345`: two letters, then 4 to 20 letters and digits. Signs and spaces
    /// within the number do not count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let (state, number) = text.split_once(|c: char| c.is_whitespace() || c == ':')?;
        let number: String = number.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '/')).collect();
        let ok = state.len() == 2
            && state.chars().all(|c| c.is_ascii_alphabetic())
            && (4..=20).contains(&number.len())
            && number.chars().all(|c| c.is_ascii_alphanumeric())
            && number.chars().any(|c| c.is_ascii_digit());
        ok.then(|| Self(format!("{state} {number}")))
    }

    /// State and number.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Everything that identifies a member. It lives sealed in one table and leaves only through a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Name and degree.
    pub name: PersonName,
    /// Address that sign-in and alerts go to.
    pub email: EmailAddress,
    /// Mobile phone.
    pub phone: Option<Phone>,
    /// National Provider Identifier.
    pub npi: Option<Npi>,
    /// Link to a CV.
    pub cv: Option<CvLink>,
    /// Numbers of licences. No company gets them; they keep one physician from joining twice.
    pub licences: Vec<LicenceNumber>,
}

crate::words::words! {
    /// A field a member can choose to share for one opening.
    ContactField {
        /// Name and degree.
        Name = "name",
        /// E-mail address.
        Email = "email",
        /// Phone number.
        Phone = "phone",
        /// National Provider Identifier.
        Npi = "npi",
        /// Link to the CV.
        Cv = "cv",
    }
}

impl ContactField {
    /// The name people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "Name and degree",
            Self::Email => "E-mail",
            Self::Phone => "Phone",
            Self::Npi => "NPI",
            Self::Cv => "CV",
        }
    }
}

impl Contact {
    /// The value of one field as text, when the member has given one.
    #[must_use]
    pub fn field(&self, field: ContactField) -> Option<String> {
        match field {
            ContactField::Name => Some(self.name.reveal().to_owned()),
            ContactField::Email => Some(self.email.reveal().to_owned()),
            ContactField::Phone => self.phone.as_ref().map(Phone::reveal),
            ContactField::Npi => self.npi.as_ref().map(|n| n.reveal().to_owned()),
            ContactField::Cv => self.cv.as_ref().map(|c| c.reveal().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_number_has_a_state_and_one_spelling() {
        for (text, want) in [
            ("CA A12345", Some("CA A12345")),
            (" ca:  a-123 45 ", Some("CA A12345")),
            ("TX M.1234", Some("TX M1234")),
            ("A12345", None),
            ("CAL A12345", None),
            ("CA 123", None),
            ("CA ABCDE", None),
            ("CA A12345;", None),
            ("", None),
        ] {
            assert_eq!(LicenceNumber::parse(text).as_ref().map(LicenceNumber::reveal), want, "{text}");
        }
        assert_eq!(format!("{:?}", LicenceNumber::parse("CA A12345")), "Some(LicenceNumber(redacted))");
    }

    #[test]
    fn addresses_of_one_mailbox_have_one_mailbox() {
        for (address, mailbox) in [
            ("jane@clinic.example", "jane@clinic.example"),
            (" Jane.Rivera@Clinic.Example ", "jane.rivera@clinic.example"),
            ("jane.rivera+work@clinic.example", "jane.rivera@clinic.example"),
            ("jane+a+b@clinic.example", "jane@clinic.example"),
            ("+tag@clinic.example", "+tag@clinic.example"),
            ("Jane.Rivera+x@GoogleMail.com", "janerivera@gmail.com"),
            ("j.a.n.e@gmail.com", "jane@gmail.com"),
            ("j.a.n.e@notgmail.com", "j.a.n.e@notgmail.com"),
        ] {
            assert_eq!(EmailAddress::parse(address).expect("an address").mailbox(), mailbox);
        }
    }
}
