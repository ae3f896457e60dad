//! Structured logs: one JSON object a line, without personal data by construction, since no event of ours carries any
//! and the libraries that could are kept quiet.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Starts the log on standard error with a filter such as `info` or `rosterline=debug`. From then on a panic is a line
/// of it that says where and not over what: the words of a panic may quote what somebody typed.
pub fn start(filter: &str) {
    start_on(filter, std::io::stderr);
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "panic");
    }));
}

/// Starts the log on another writer. The first log of a process stays.
pub fn start_on(filter: &str, writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) {
    // lettre would write whole mails at debug, tantivy is chatty at info.
    let filter = format!("{filter},lettre=off,tantivy=warn,actix_server=warn,reqwest=warn,hyper=warn,rustls=warn");
    let filter = EnvFilter::try_new(&filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let done =
        tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter).with_writer(writer).try_init();
    if done.is_err() {
        tracing::debug!("a log is running already");
    }
}
