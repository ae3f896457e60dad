//! `/admin/mail-dns`: what the records of the mail domain should say, and what pasted ones say instead.

use frontend::pages::{AdminMailDns, DnsFinding, DnsRecord};
use frontend::view::Tag;

use super::super::WebResult;
use super::super::form::Form;
use super::super::shell::Shell;
use crate::auth::{Guarded, Moderate, Routes};
use crate::config::MailRoute;
use crate::error::AppError;
use crate::mail::dns::{self, Expected};

/// The most that is read of what was pasted, in characters.
const PASTED: usize = 20_000;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes.get("/admin/mail-dns", show).post("/admin/mail-dns", check);
}

async fn show(shell: Shell, _: Guarded<Moderate>) -> WebResult {
    let expected = expected(&shell)?;
    shell.page(&page(&expected, String::new()))
}

async fn check(shell: Shell, _: Guarded<Moderate>, form: Form) -> WebResult {
    let expected = expected(&shell)?;
    let pasted: String = form.text("records").chars().take(PASTED).collect();
    shell.page(&page(&expected, pasted))
}

fn expected(shell: &Shell) -> Result<Expected, AppError> {
    let host = match &shell.app.mail_route {
        MailRoute::Smtp(server) => Some(server.host.clone()),
        MailRoute::Held | MailRoute::Folder(_) => None,
    };
    Expected::of(&shell.app.config, host.as_deref()).map_err(AppError::internal)
}

fn page(expected: &Expected, pasted: String) -> AdminMailDns {
    let found = if pasted.is_empty() { Vec::new() } else { dns::check(expected, &pasted) };
    let records = expected.records().into_iter().map(|record| DnsRecord {
        label: record.label.to_owned(),
        name: record.name,
        value: record.value,
        note: record.note.to_owned(),
    });
    AdminMailDns {
        domain: expected.domain().to_owned(),
        records: records.collect(),
        signs: expected.signs(),
        pasted,
        findings: found
            .into_iter()
            .map(|finding| DnsFinding {
                label: finding.label.to_owned(),
                state: if finding.good { Tag::new("ok", "Good") } else { Tag::new("bad", "Not good") },
                text: finding.text,
            })
            .collect(),
    }
}
