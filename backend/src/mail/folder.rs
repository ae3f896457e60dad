//! Mail as files, for those who try things out.

use std::path::Path;

use chrono::{DateTime, Utc};
use domain::MailId;
use tokio::fs;

use super::reply::{Fault, Outcome};

/// Writes `<created>-<mail id>.eml`; whoever looks sees the whole file or none.
pub(super) async fn put(dir: &Path, id: &MailId, created_at: DateTime<Utc>, message: &[u8]) -> Outcome {
    match write(dir, id, created_at, message).await {
        Ok(()) => Outcome::Sent,
        Err(_) => Outcome::Infra(Fault::Folder),
    }
}

async fn write(dir: &Path, id: &MailId, created_at: DateTime<Utc>, message: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(dir).await?;
    let name = file_name(id, created_at);
    let unfinished = dir.join(format!(".{name}.part"));
    fs::write(&unfinished, message).await?;
    fs::rename(&unfinished, dir.join(name)).await
}

/// The name's time is UTC with milliseconds, so that names sort as the mails were written.
pub(super) fn file_name(id: &MailId, created_at: DateTime<Utc>) -> String {
    format!("{}-{id}.eml", created_at.format("%Y%m%dT%H%M%S%3fZ"))
}
