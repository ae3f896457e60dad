//! `demo`: a made-up community on a fresh data folder; mail is caught and shown.

use std::path::PathBuf;

use store::Conn;

use crate::app::blocking;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo;
use crate::error::AppError;
use crate::server::{self, StartError};
use crate::usecases;

use super::serve::{runtime, until_told};

/// Fills a fresh data folder and serves it.
///
/// # Errors
/// Whatever keeps it from starting.
pub fn demo(config: Config) -> Result<(), StartError> {
    let config = settings(config)?;
    runtime(async move {
        let bind = config.bind.clone();
        let listener = std::net::TcpListener::bind(&bind).map_err(|e| StartError::Bind(bind.clone(), e))?;
        let addr = listener.local_addr().map_err(|e| StartError::Bind(bind.clone(), e))?;
        super::say(
            "Making up a community of 2,000 physicians and 40 companies; every person and address is fictional.",
        );
        let (app, links) = blocking(move || Ok(fill(config, addr))).await??;
        let running = server::serve(app, listener, addr, &bind)?;
        for (who, link) in ["member", "company", "admin"].iter().zip(links) {
            super::say(&format!("{who}: {link}"));
        }
        super::say(&format!(
            "Open {} and read caught mail at {}",
            running.app().url("/"),
            running.app().url("/dev/mailbox")
        ));
        super::say("Second factors are off in the demo. Stop with Ctrl-C.");
        until_told(running).await;
        Ok(())
    })
}

fn settings(mut config: Config) -> Result<Config, StartError> {
    // Never on top of somebody's data.
    let parent: PathBuf = config.data_dir.join("demo");
    if parent.exists() {
        std::fs::remove_dir_all(&parent).map_err(|e| StartError::DataDir(parent.display().to_string(), e))?;
    }
    config.smtp_url = Some(format!("folder:{}", parent.join("mail").display()));
    config.data_dir = parent;
    config.database_url = None;
    config.master_key_file = None;
    config.mail_from = "Rosterline demo <rosterline@example.test>".to_owned();
    config.postal_address.get_or_insert_with(|| "Rosterline demo, 1 Example Street, Fresno, CA 93701".to_owned());
    config.alert_hold_seconds = 0;
    config.quiet_hours = None;
    config.require_totp = false;
    config.match_review = domain::matching::ReviewPolicy::None;
    config.demo = true;
    Ok(config)
}

fn fill(config: Config, addr: std::net::SocketAddr) -> Result<(crate::App, [String; 3]), StartError> {
    let app = server::open(config, Clock::system(), Some(addr))?;
    let links = app.db.write::<_, AppError>(|conn| {
        let rules = store::facts::rulebook(conn)?;
        let people = demo::fill(conn, &app.vault, &rules, app.now())?;
        let link = |conn: &mut Conn, id| usecases::new_link(conn, &app.vault, &app.public_url, id, app.now());
        Ok([link(conn, &people.member)?, link(conn, &people.company)?, link(conn, &people.admin)?])
    })?;
    app.index.rebuild(&app.db, app.now(), &|_, _| {})?;
    Ok((app, links))
}
