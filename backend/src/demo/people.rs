//! Made-up people: census names, and contacts that reach nobody.
//!
//! Addresses end in `example.test` (RFC 6761, 6.2), phone numbers are 555-0100 to 555-0199, which are kept free
//! for fiction, and NPIs begin with 29999.

use domain::contact::{Contact, CvLink, EmailAddress, Npi, PersonName, Phone};
use domain::facts::{NAMES, shipped_rows};
use domain::profile::LicenceKind;

use crate::demo::dice::{Dice, Weighted};
use crate::error::AppError;

/// Area codes of places where members live; the number behind them is fiction.
const AREA_CODES: &[&str] = &[
    "213", "310", "323", "415", "510", "559", "619", "661", "714", "818", "909", "916", "202", "206", "212", "214",
    "303", "305", "312", "404", "503", "602", "612", "617", "713", "702",
];

/// What people are made from.
pub(super) struct People {
    first: Weighted<String>,
    last: Weighted<String>,
    /// Counts everyone, so that no two addresses are equal.
    count: u32,
}

impl People {
    pub(super) fn new() -> Self {
        let rows = shipped_rows(NAMES);
        let of = |kind: &str| {
            Weighted::new(rows.iter().filter_map(|row| {
                let cell = |at: usize| row.get(at).map_or("", |(_, value)| value.as_str());
                // Percents with three decimals; without the point they are integer weights.
                let weight = cell(2).replace('.', "").parse().ok()?;
                cell(0).starts_with(kind).then(|| (capital(cell(1)), weight))
            }))
        };
        Self { first: of("first"), last: of("last"), count: 0 }
    }

    /// A physician, with the degree in the name.
    pub(super) fn physician(&mut self, dice: &mut Dice, kind: LicenceKind) -> Result<Contact, AppError> {
        let (first, last) = self.name(dice);
        let contact = self.physician_named(&first, &last, kind)?;
        // Some keep their number, NPI or CV to themselves.
        Ok(Contact {
            phone: contact.phone.filter(|_| dice.chance(88)),
            npi: contact.npi.filter(|_| dice.chance(96)),
            cv: contact.cv.filter(|_| dice.chance(45)),
            ..contact
        })
    }

    /// A physician with this name, every field given.
    pub(super) fn physician_named(&mut self, first: &str, last: &str, kind: LicenceKind) -> Result<Contact, AppError> {
        let degree = if kind == LicenceKind::Do { "DO" } else { "MD" };
        let (person, number) = self.staff_named(first, last)?;
        let cv = format!("https://cv.example.test/{}-{}-{number}", first.to_lowercase(), last.to_lowercase());
        Ok(Contact {
            name: made(PersonName::parse(&format!("{first} {last}, {degree}")))?,
            phone: Some(made(phone(number))?),
            npi: Some(made(npi(number))?),
            cv: Some(made(CvLink::parse(&cv))?),
            ..person
        })
    }

    /// Someone who works for a company or the community: name and address only.
    pub(super) fn staff(&mut self, dice: &mut Dice) -> Result<Contact, AppError> {
        let (first, last) = self.name(dice);
        Ok(self.staff_named(&first, &last)?.0)
    }

    /// The same with this name, and the person's number.
    pub(super) fn staff_named(&mut self, first: &str, last: &str) -> Result<(Contact, u32), AppError> {
        self.count += 1;
        let number = self.count;
        let address = format!("{first}.{last}.{number}@example.test");
        let contact = Contact {
            name: made(PersonName::parse(&format!("{first} {last}")))?,
            email: made(EmailAddress::parse(&address))?,
            phone: None,
            npi: None,
            cv: None,
            licences: Vec::new(),
        };
        Ok((contact, number))
    }

    fn name(&self, dice: &mut Dice) -> (String, String) {
        (self.first.draw(dice), self.last.draw(dice))
    }
}

/// `MCDONALD` becomes `McDonald`, `SMITH` becomes `Smith`.
fn capital(name: &str) -> String {
    let title = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or_else(String::new, |first| format!("{first}{}", letters.as_str().to_lowercase()))
    };
    match name.strip_prefix("MC") {
        Some(rest) if rest.len() > 2 => format!("Mc{}", title(rest)),
        _ => title(name),
    }
}

fn phone(number: u32) -> Option<Phone> {
    let area = usize::try_from(number).ok()? % AREA_CODES.len();
    Phone::parse(&format!("({}) 555-01{:02}", AREA_CODES.get(area)?, number % 100))
}

/// Nine digits decide the tenth: exactly one passes the check.
fn npi(number: u32) -> Option<Npi> {
    (0..10).find_map(|check| Npi::parse(&format!("29999{:04}{check}", number % 10_000)))
}

/// A value of a made-up person; every name of the list makes one, as the test of the fill shows.
fn made<T>(value: Option<T>) -> Result<T, AppError> {
    value.ok_or_else(|| AppError::internal("a made-up contact is malformed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_reach_nobody() {
        let (mut people, mut dice) = (People::new(), Dice::new(3));
        for _ in 0..500 {
            let one = people.physician(&mut dice, LicenceKind::Md).unwrap();
            assert!(one.email.reveal().ends_with("@example.test"));
            assert!(one.name.reveal().ends_with(", MD"));
            assert!(one.phone.is_none_or(|p| p.reveal().contains(" 555-01")));
            assert!(one.npi.is_none_or(|n| n.reveal().starts_with("29999")));
        }
    }

    #[test]
    fn names_read_as_people_write_them() {
        for (from, to) in [("SMITH", "Smith"), ("MCDONALD", "McDonald"), ("MACK", "Mack")] {
            assert_eq!(capital(from), to);
        }
    }
}
