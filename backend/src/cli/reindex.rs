//! `reindex`: builds the search indexes anew from the database.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::clock::Clock;
use crate::config::Config;
use crate::server::{self, StartError};

/// Builds all indexes and says what they hold. On a terminal a bar shows how far it has come.
///
/// # Errors
/// When the folder is another process's or the database cannot be read; the old indexes stay in force then.
pub fn reindex(config: Config) -> Result<(), StartError> {
    let app = server::open(config, Clock::system(), None)?;
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} members, {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    app.index.rebuild(&app.db, app.now(), &|done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let index = &app.index;
    super::say(&format!(
        "The index was built anew: {} members can be matched, {} openings are live, {} alerts are saved.",
        index.profiles().count(),
        index.openings().live(app.now()),
        index.alerts().count()
    ));
    Ok(())
}
