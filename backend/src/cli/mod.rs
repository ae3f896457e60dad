//! The command line. The only place that prints.

mod check;
mod demo;
mod logging;
mod serve;

use domain::contact::EmailAddress;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{AdminCommand, Args, Command};
use crate::error::AppError;
use crate::server::{self, StartError};
use crate::usecases;

/// Runs a command; the error is for the person at the terminal.
///
/// # Errors
/// Whatever keeps the command from being carried out.
pub fn run(args: &Args) -> Result<(), StartError> {
    let config = args.config();
    logging::start(&config.log);
    match args.command.clone().unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(config),
        Command::Demo => demo::demo(config),
        Command::Migrate => {
            std::fs::create_dir_all(&config.data_dir)
                .map_err(|e| StartError::DataDir(config.data_dir.display().to_string(), e))?;
            store::migrate(&config.database())?;
            say("The schema is up to date.");
            Ok(())
        }
        Command::Reindex => {
            let app = server::open(config, Clock::system(), None)?;
            app.index.rebuild(&app.db, app.now())?;
            say(&format!(
                "The index was built anew: {} members can be matched, {} openings are live.",
                app.index.profiles().count(),
                app.index.openings().count()
            ));
            Ok(())
        }
        Command::Check => check::check(config),
        Command::Admin(AdminCommand::Add { email }) => {
            let app = server::open(config, Clock::system(), None)?;
            let link = app.db.write::<_, AppError>(|conn| {
                let id = usecases::add_admin(conn, &app, &email)?;
                usecases::new_link(conn, &app, &id)
            })?;
            say(&format!("Sign in within 15 minutes: {link}"));
            Ok(())
        }
        Command::SignInLink { email } => {
            let app = server::open(config, Clock::system(), None)?;
            say(&format!("Sign in within 15 minutes: {}", link(&app, &email)?));
            Ok(())
        }
    }
}

fn link(app: &App, email: &EmailAddress) -> Result<String, AppError> {
    app.db.write(|conn| {
        let id = store::contacts::account_of(conn, &app.vault, email)?
            .ok_or(AppError::Conflict("No account has this address."))?;
        usecases::new_link(conn, app, &id)
    })
}

#[expect(clippy::print_stdout, reason = "this is the command line's voice")]
fn say(line: &str) {
    println!("{line}");
}
