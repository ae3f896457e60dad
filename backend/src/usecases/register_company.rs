//! A company registers; an admin approves it later.

use domain::contact::{Contact, EmailAddress, PersonName};
use domain::errors::Errors;
use domain::input::{one_line, paragraphs};
use domain::limits::Act;
use domain::spotted::{in_words, spot_in_texts};
use domain::standing::{CompanyStanding, Role, SeatRole};
use domain::{AccountId, CompanyId, SeatId};
use serde::Deserialize;
use store::Conn;
use store::companies::{Company, NewCompany, Seat};

use super::sign_in::mail_link_later;
use crate::app::App;
use crate::client::Client;
use crate::errand;
use crate::error::AppError;
use crate::random;

/// What a company gives to register.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompanyInput {
    /// Name.
    pub name: String,
    /// Site, https.
    pub website: String,
    /// Name of the owner of the account.
    pub owner_name: String,
    /// Address of the owner.
    pub owner_email: String,
    /// A few words.
    pub about: String,
}

/// Takes a company in as `pending` with its owner's seat and mails a sign-in link. A known address gets a sign-in
/// link instead and the same answer, in the same way as in `join`.
///
/// # Errors
/// `Invalid` with every wrong field; `TooMany`.
pub fn register_company(conn: &mut Conn, app: &App, client: Client, input: &CompanyInput) -> Result<(), AppError> {
    let now = app.now();
    errand::take_from(conn, app, Act::Register, client)?;
    let mut e = Errors::default();
    let name = one_line(&mut e, "name", &input.name, true, 100);
    let website = website(&mut e, &input.website);
    let about = paragraphs(&mut e, "about", &input.about, false, 2000);
    let owner = PersonName::parse(&input.owner_name);
    if owner.is_none() {
        e.add("owner_name", "required", "Give the name of the person who will own the account.");
    }
    let email = EmailAddress::parse(&input.owner_email);
    if email.is_none() {
        e.add("owner_email", "malformed", "Give an e-mail address, for example name@company.example.");
    }
    let (Some(owner), Some(email), true) = (owner, email, e.is_empty()) else { return Err(e.into()) };
    let slug = store::companies::free_slug(conn, &slug_of(&name))?;
    let (company, account) = (random::id(CompanyId::from_uuid), random::id(AccountId::from_uuid));
    let new = NewCompany { id: &company, slug: &slug, name: &name, website: &website, about: &about };
    let contact = Contact { name: owner, email, phone: None, npi: None, cv: None, licences: Vec::new() };
    let id = random::id(SeatId::from_uuid);
    let seat = Seat { id, account: account.clone(), company: company.clone(), role: SeatRole::Owner };
    store::unless_taken(conn, |conn| {
        store::companies::create(conn, &new, now)?;
        store::accounts::create(conn, &account, Role::Company, now)?;
        store::contacts::put(conn, &app.vault, &account, &contact, now)?;
        store::companies::add_seat(conn, &seat, now)
    })?;
    mail_link_later(conn, app, &contact.email, None)
}

/// What a company may change of its record; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompanyChange {
    /// Name.
    pub name: Option<String>,
    /// Site, https.
    pub website: Option<String>,
    /// A few words.
    pub about: Option<String>,
}

/// Changes a company's record. What an approved company says is public at once, so contact in it is not taken; what an
/// admin let pass may stay as it is.
///
/// # Errors
/// `Invalid` with every wrong field.
pub fn change_company(conn: &mut Conn, company: &Company, change: &CompanyChange) -> Result<Company, AppError> {
    let mut e = Errors::default();
    let name = one_line(&mut e, "name", change.name.as_deref().unwrap_or(&company.name), true, 100);
    let site = website(&mut e, change.website.as_deref().unwrap_or(&company.website));
    let about = paragraphs(&mut e, "about", change.about.as_deref().unwrap_or(&company.about), false, 2000);
    if company.standing == CompanyStanding::Approved {
        for (field, before, after) in [("name", &company.name, &name), ("about", &company.about, &about)] {
            let spotted = if before == after { Vec::new() } else { spot_in_texts([after.as_str()]) };
            if !spotted.is_empty() {
                let text = format!("Leave contact out; this seems to hold {}.", in_words(&spotted));
                e.add(field, "contact_in_text", text);
            }
        }
    }
    e.finish(())?;
    store::companies::update(conn, &company.id, &name, &site, &about)?;
    Ok(store::companies::find(conn, &company.id)?)
}

/// An https address of a site; http is taken as https, and a bare host is completed.
fn website(e: &mut Errors, text: &str) -> String {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let ok = host.contains('.')
        && rest.len() <= 200
        && host.split('.').all(|l| !l.is_empty() && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
        && !rest.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'`\\".contains(c));
    if text.is_empty() {
        e.add("website", "required", "Give the address of your site.");
    } else if !ok {
        e.add("website", "malformed", "Give an address such as https://company.example.");
    }
    format!("https://{rest}")
}

/// Letters and digits of the name, joined by hyphens.
fn slug_of(name: &str) -> String {
    let words: Vec<String> = name
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect();
    let slug: String = words.join("-").chars().take(60).collect();
    let slug = slug.trim_matches('-').to_owned();
    if slug.is_empty() { "company".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_and_sites_are_tidy() {
        assert_eq!(slug_of("Harbor Med-Legal Group, Inc."), "harbor-med-legal-group-inc");
        assert_eq!(slug_of("¡¡"), "company");
        for (text, ok) in [
            ("https://a.example/x", true),
            ("a.example", true),
            ("http://a.example", true),
            ("", false),
            ("javascript:alert(1)", false),
            ("https://a b.example", false),
            ("https://localhost", false),
        ] {
            let mut e = Errors::default();
            let site = website(&mut e, text);
            assert_eq!(e.is_empty(), ok, "{text}");
            assert!(site.starts_with("https://"));
        }
    }
}
