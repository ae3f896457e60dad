//! A rendered mail and its headers as the bytes of a message. The same mail gives the same bytes at every try.

use chrono::{DateTime, Utc};
use domain::MailId;
use domain::contact::EmailAddress;
use domain::mail::MailKind;
use frontend::RenderedMail;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use store::{TokenPurpose, Vault};

use crate::error::AppError;

/// Characters of the local part of a Message-ID.
const MESSAGE_ID_CHARS: usize = 26;

/// Who every mail is from.
#[derive(Clone)]
pub struct Sender {
    mailbox: Mailbox,
}

impl Sender {
    /// Reads `Name <address>` or an address.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mailbox =
            text.parse().map_err(|_| "the sender of mail must be `Name <address>` or an address".to_owned())?;
        Ok(Self { mailbox })
    }

    /// The bare address, which is also the envelope's.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.mailbox.email
    }

    /// The Message-ID of a mail, the same at every try; nobody without the key can tell the mail's id from it.
    #[must_use]
    pub fn message_id(&self, vault: &Vault, mail: &MailId) -> String {
        format!("<{}@{}>", message_id_local(vault, mail), self.address().domain())
    }
}

/// What stands before the host in the Message-ID of a mail.
pub(super) fn message_id_local(vault: &Vault, mail: &MailId) -> String {
    let token = vault.token(TokenPurpose::MessageId, mail.as_str());
    let local: String = token.chars().filter(char::is_ascii_alphanumeric).take(MESSAGE_ID_CHARS).collect();
    local.to_ascii_lowercase()
}

/// What stands in the headers besides the subject.
pub struct Head<'a> {
    /// The mail's id: the boundary is made from it.
    pub id: &'a MailId,
    /// From `Sender::message_id`.
    pub message_id: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// The link that stops mails of this kind, for alerts and outreach.
    pub stop_link: Option<&'a str>,
    /// Which mail: it says of what list it is, when it can be stopped.
    pub kind: MailKind,
}

/// Reads an address as the envelope and the header need it.
///
/// # Errors
/// Internal, without the address, when it is none.
pub fn recipient(to: &EmailAddress) -> Result<Address, AppError> {
    to.reveal().parse().map_err(|_| AppError::internal("an address cannot be used in a mail"))
}

/// The message: ASCII, CRLF, text part first.
///
/// # Errors
/// Internal, when the parts do not make a message.
pub fn compose(sender: &Sender, to: &Address, head: &Head<'_>, mail: &RenderedMail) -> Result<Vec<u8>, AppError> {
    let mut builder = Message::builder()
        .from(sender.mailbox.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(mail.subject.as_str())
        .date(head.created_at.into())
        .message_id(Some(head.message_id.clone()))
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned())?);
    if let Some(link) = head.stop_link {
        let list = head.kind.list();
        let feedback = format!("{}:{list}:rosterline", head.kind);
        let list = format!("<{list}.{}>", sender.address().domain());
        builder = builder
            .raw_header(header("List-Id", list)?)
            .raw_header(header("Feedback-ID", feedback)?)
            .raw_header(header("List-Unsubscribe", format!("<{link}>"))?)
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())?);
    }
    let parts = MultiPart::alternative()
        .boundary(format!("rosterline-{}", head.id))
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.text))
        .singlepart(part(ContentType::TEXT_HTML, &mail.html));
    let message = builder.multipart(parts).map_err(AppError::internal)?;
    Ok(message.formatted())
}

/// Quoted-printable whatever the text, so that no relay has a reason to touch a line.
fn part(kind: ContentType, text: &str) -> SinglePart {
    SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(text.to_owned())
}

fn header(name: &'static str, value: String) -> Result<HeaderValue, AppError> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(AppError::internal)?;
    Ok(HeaderValue::new(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c11";

    fn made(text: &str, html: &str, subject: &str, stop_link: Option<&str>) -> String {
        let id = MailId::parse(ID).unwrap();
        let sender = Sender::parse("Rosterline <no-reply@rosterline.example>").unwrap();
        let head = Head {
            id: &id,
            message_id: "<abc@rosterline.example>".to_owned(),
            created_at: "2026-03-02T18:00:00Z".parse().unwrap(),
            stop_link,
            kind: MailKind::Alert,
        };
        let to = recipient(&EmailAddress::parse("jane@clinic.example").unwrap()).unwrap();
        let mail = RenderedMail { subject: subject.to_owned(), text: text.to_owned(), html: html.to_owned() };
        let once = compose(&sender, &to, &head, &mail).unwrap();
        assert_eq!(once, compose(&sender, &to, &head, &mail).unwrap());
        String::from_utf8(once).unwrap()
    }

    #[test]
    fn a_mail_is_these_bytes() {
        let made = made("Hello\n.dot\n", "<p>Hello</p>\n", "Your sign-in link", None);
        let want = "From: Rosterline <no-reply@rosterline.example>
To: jane@clinic.example
Subject: Your sign-in link
Date: Mon, 02 Mar 2026 18:00:00 +0000
Message-ID: <abc@rosterline.example>
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary=\"rosterline-0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c11\"

--rosterline-0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c11
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hello
.dot

--rosterline-0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c11
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Hello</p>

--rosterline-0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c11--
";
        assert_eq!(made, want.replace('\n', "\r\n"));
    }

    #[test]
    fn an_alert_can_be_stopped_by_one_click() {
        let link = format!("https://board.example/mail/stop/{}", "x".repeat(200));
        let made = made("t", "h", "QME opening in Fresno, CA", Some(&link));
        let head = made.split("\r\n\r\n").next().unwrap();
        let tail = head.split("Auto-Submitted: auto-generated\r\n").nth(1);
        let want = format!(
            "List-Id: <alerts.rosterline.example>\r\nFeedback-ID: alert:alerts:rosterline\r\nList-Unsubscribe: <{link}>\r\n\
             List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
        );
        assert!(tail.is_some_and(|t| t.replace("\r\n ", " ").starts_with(&want)), "{head}");
    }

    #[test]
    fn every_line_is_short_ascii_and_ends_as_it_must() {
        let long = "Krankenhaus — São Paulo ".repeat(400);
        let html = format!("<p>{long}</p>");
        let made = made(&format!("{long}\r\n.\nlast"), &html, &long, None);
        assert!(made.is_ascii());
        assert!(made.split("\r\n").all(|line| line.len() < 998 && !line.contains(['\r', '\n'])));
        assert_eq!(made.matches("\r\n\r\n").count(), 3, "one head, two parts");
    }

    #[test]
    fn a_bad_sender_is_told_in_words() {
        for bad in ["", "Rosterline", "Rosterline <>", "a@b@c"] {
            assert!(Sender::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Sender::parse("a@b.example").unwrap().address().domain(), "b.example");
    }
}
