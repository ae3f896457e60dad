//! `keys rotate`: a new version of the master key, and the key of every sealed contact and second factor wrapped with it. Runs beside a server.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::config::Config;
use crate::server::{Ground, StartError};
use crate::usecases::{Rotation, left_to_wrap};

/// How many keys are wrapped in one transaction: few enough that requests hardly wait.
const BATCH: i64 = 200;

/// Rotates, or goes on with a rotation that was stopped, and says how it went.
///
/// # Errors
/// What keeps it from beginning; `StartError::Config` when something does not open, so that the exit code is 1.
pub fn rotate(config: &Config) -> Result<(), StartError> {
    let ground = Ground::open(config)?;
    let mut rotation = Rotation::begin(&ground.db, &ground.vault)?;
    let left = ground.db.read(|conn| left_to_wrap(conn, &ground.vault))?;
    super::say(&format!(
        "Version {} of the master key seals from now on; {left} sealed contacts and second factors follow.",
        rotation.version()
    ));
    let bar = ProgressBar::new(u64::try_from(left).unwrap_or(0));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} keys, {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    while rotation.step(BATCH)? {
        bar.set_position(u64::try_from(rotation.done()).unwrap_or(0));
    }
    bar.finish_and_clear();
    for account in rotation.damaged() {
        super::say(&format!("account {account}: the key of the sealed contact or second factor does not open"));
    }
    super::say(&format!(
        "{} keys of contacts and second factors were wrapped with version {}. Copy {} to where its copies are, and keep the older versions in it.",
        rotation.done(),
        rotation.version(),
        config.key_file().display()
    ));
    match rotation.damaged().len() {
        0 => Ok(()),
        n => Err(StartError::Config(format!("what is sealed for {n} accounts does not open"))),
    }
}
