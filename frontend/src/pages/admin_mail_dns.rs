use serde::Serialize;

use crate::{Page, view::Tag};

/// `/admin/mail-dns`: what the records of the mail domain should say. Posts `records` to itself, text that an operator
/// copied from a look-up; this server asks nobody.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminMailDns {
    /// The domain that mail is from.
    pub domain: String,
    /// What should stand there.
    pub records: Vec<DnsRecord>,
    /// Whether mails are signed here.
    pub signs: bool,
    /// What was pasted.
    pub pasted: String,
    /// What was found in it.
    pub findings: Vec<DnsFinding>,
}

impl Page for AdminMailDns {
    const TEMPLATE: &'static str = "admin_mail_dns";

    fn title(&self) -> String {
        "Mail: DNS".to_owned()
    }
}

/// One record.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DnsRecord {
    /// What it is for.
    pub label: String,
    /// The name it stands under.
    pub name: String,
    /// What it should say.
    pub value: String,
    /// A sentence about it.
    pub note: String,
}

/// What was found of one record.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DnsFinding {
    /// Which.
    pub label: String,
    /// Good or not.
    pub state: Tag,
    /// A sentence.
    pub text: String,
}
