//! Entries of the ledger in words: who did what, when, with which fields.

use std::collections::{HashMap, HashSet};

use chrono::SecondsFormat;
use domain::contact::ContactField;
use domain::introduction::VoidCause;
use domain::{CompanyId, IntroductionId, OpeningId, SeatId};
use frontend::pages::LedgerRow;
use frontend::view::{Link, RecordLine};
use store::ledger::{Entry, LedgerKind};
use store::{Conn, StoreError};

use crate::app::App;
use crate::error::AppError;
use crate::web::words;

/// The names that the ids of entries stand for.
#[derive(Default)]
pub(super) struct Names {
    openings: HashMap<OpeningId, String>,
    companies: HashMap<CompanyId, String>,
    seats: HashMap<SeatId, String>,
}

impl Names {
    /// Looks up every opening, company and person that these entries name.
    ///
    /// # Errors
    /// Database errors only; what is gone has no name.
    pub(super) fn load(conn: &mut Conn, app: &App, entries: &[Entry]) -> Result<Self, AppError> {
        let mut names = Self::default();
        let openings: HashSet<String> =
            entries.iter().filter_map(|e| e.opening.as_ref()).map(|id| id.as_str().to_owned()).collect();
        let openings: Vec<String> = openings.into_iter().collect();
        for part in openings.chunks(500) {
            for opening in store::openings::find_many(conn, part)? {
                let title = words::public_title(&opening).to_owned();
                names.openings.insert(opening.id, title);
            }
        }
        let companies: HashSet<&CompanyId> = entries.iter().filter_map(|e| e.company.as_ref()).collect();
        let seen_by: HashSet<&SeatId> = entries.iter().filter_map(|e| e.seat.as_ref()).collect();
        for id in companies {
            match store::companies::find(conn, id) {
                Ok(company) => names.companies.insert(company.id, company.name),
                Err(StoreError::NotFound) => continue,
                Err(error) => return Err(error.into()),
            };
            names.load_seats(conn, app, id, &seen_by)?;
        }
        Ok(names)
    }

    fn load_seats(
        &mut self,
        conn: &mut Conn,
        app: &App,
        company: &CompanyId,
        wanted: &HashSet<&SeatId>,
    ) -> Result<(), AppError> {
        for seat in store::companies::seats(conn, company)?.into_iter().filter(|s| wanted.contains(&s.id)) {
            match store::contacts::seat_names(conn, &app.vault, std::slice::from_ref(&seat.account)) {
                Ok(mut found) => self.seats.extend(found.pop().map(|name| (seat.id, name))),
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The company of an entry.
    pub(super) fn company(&self, entry: &Entry) -> &str {
        entry.company.as_ref().and_then(|id| self.companies.get(id)).map_or("a company that is gone", String::as_str)
    }

    /// The opening of an entry.
    pub(super) fn opening(&self, entry: &Entry) -> Option<&str> {
        entry.opening.as_ref().and_then(|id| self.openings.get(id)).map(String::as_str)
    }

    /// Who did it.
    pub(super) fn who(&self, entry: &Entry) -> String {
        match entry.kind {
            LedgerKind::Introduction | LedgerKind::Revocation => "You".to_owned(),
            LedgerKind::View => {
                let person = entry.seat.as_ref().and_then(|id| self.seats.get(id));
                person.map_or_else(
                    || format!("Someone at {}", self.company(entry)),
                    |name| format!("{name}, {}", self.company(entry)),
                )
            }
            LedgerKind::Void => "The rules".to_owned(),
            LedgerKind::Expiry => "Time".to_owned(),
            LedgerKind::AdminLook => "A community admin".to_owned(),
        }
    }

    /// A row of the ledger's table.
    pub(super) fn row(&self, entry: &Entry) -> LedgerRow {
        let opening = entry.opening.as_ref().zip(self.opening(entry));
        LedgerRow {
            kind: entry.kind.as_str().to_owned(),
            kind_label: label(entry),
            at: words::moment(entry.at),
            at_iso: entry.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            who: self.who(entry),
            opening: opening.map(|(id, title)| Link::new(format!("/openings/{id}"), title)),
            fields: fields(&entry.fields),
            receipt_href: receipt_href(entry),
            report_href: yes_of(entry).map(|id| format!("/disputes/new?introduction={id}")),
        }
    }

    /// The same as one sentence.
    pub(super) fn line(&self, entry: &Entry) -> RecordLine {
        let (company, fields) = (self.company(entry), fields(&entry.fields));
        let about = self.opening(entry).map(|title| format!(" for “{title}”")).unwrap_or_default();
        let text = match entry.kind {
            LedgerKind::Introduction => format!("You allowed {company} to see {fields}{about}"),
            LedgerKind::View => format!("{} looked at {fields}{about}", self.who(entry)),
            LedgerKind::Revocation => format!("You took your contact back from {company}{about}"),
            LedgerKind::Void => format!("{company} may no longer look{about}: {}", cause(entry)),
            LedgerKind::Expiry => format!("The time of {company} ran out{about}"),
            LedgerKind::AdminLook => format!("A community admin looked at {fields}: {}", why(entry)),
        };
        RecordLine {
            kind: entry.kind.as_str().to_owned(),
            text,
            at: words::moment(entry.at),
            at_iso: entry.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        }
    }
}

/// Fields in words, for example `name and degree, e-mail`.
pub(super) fn fields(fields: &[ContactField]) -> String {
    fields.iter().map(|f| field_name(*f)).collect::<Vec<_>>().join(", ")
}

/// A field inside a sentence.
const fn field_name(field: ContactField) -> &'static str {
    match field {
        ContactField::Name => "name and degree",
        ContactField::Email => "e-mail",
        ContactField::Phone => "phone",
        ContactField::Npi => "NPI",
        ContactField::Cv => "CV",
    }
}

/// The introduction that an entry begins.
fn yes_of(entry: &Entry) -> Option<&IntroductionId> {
    entry.introduction.as_ref().filter(|_| entry.kind == LedgerKind::Introduction)
}

/// Where the receipt of a yes is.
fn receipt_href(entry: &Entry) -> Option<String> {
    yes_of(entry).map(|id| format!("/api/v1/me/introductions/{id}/receipt"))
}

fn label(entry: &Entry) -> String {
    match entry.kind {
        LedgerKind::Introduction => "You said yes".to_owned(),
        LedgerKind::View => "Looked at".to_owned(),
        LedgerKind::Revocation => "You took it back".to_owned(),
        LedgerKind::Void => format!("Ended: {}", cause(entry)),
        LedgerKind::Expiry => "Ran out".to_owned(),
        LedgerKind::AdminLook => format!("Admin looked: {}", why(entry)),
    }
}

/// The reason of an admin's look, in the admin's words.
fn why(entry: &Entry) -> &str {
    entry.detail.as_deref().unwrap_or("no reason was noted")
}

fn cause(entry: &Entry) -> &'static str {
    match entry.detail.as_deref().and_then(VoidCause::parse) {
        Some(VoidCause::MaterialEdit) => "the opening changed",
        Some(VoidCause::OpeningClosed) => "the opening closed",
        Some(VoidCause::OpeningExpired) => "the opening is over",
        Some(VoidCause::CompanySuspended) => "the company was suspended",
        Some(VoidCause::MemberLeft) => "your membership ended",
        Some(VoidCause::EmailChanged) => "your e-mail address changed",
        Some(VoidCause::AdminEnded) => "an admin ended it after a report",
        None => "by the rules",
    }
}
