//! The command line. The only place that prints.

mod admin;
mod check;
mod demo;
mod dkim;
mod keys;
pub mod leakcheck;
mod ledger;
pub mod logging;
mod reindex;
pub mod routes;
mod serve;

use domain::AccountId;
use domain::contact::EmailAddress;
use store::Conn;

use crate::clock::Clock;
use crate::config::{AdminCommand, Args, Command, Config, DkimCommand, KeysCommand};
use crate::error::AppError;
use crate::server::{Ground, StartError};
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
        Command::Reindex => reindex::reindex(config),
        Command::Check => check::check(config),
        Command::Routes => {
            routes::routes();
            Ok(())
        }
        Command::Admin(AdminCommand::Add { email }) => operator_link(&config, |conn, ground| {
            usecases::add_admin(conn, &ground.vault, &email, Clock::system().now())
        }),
        Command::Admin(AdminCommand::Remove { email }) => admin::remove(&config, &email),
        Command::Admin(AdminCommand::AllowContacts { email }) => admin::contacts(&config, &email, true),
        Command::Admin(AdminCommand::DenyContacts { email }) => admin::contacts(&config, &email, false),
        Command::ResetSecondFactor { email } => admin::reset_second_factor(&config, &email),
        Command::AllowMail { email } => admin::allow_mail(&config, &email),
        Command::Dkim(DkimCommand::Key { file, ed25519 }) => dkim::key(&config, &file, ed25519),
        Command::Keys(KeysCommand::Rotate) => keys::rotate(&config),
        Command::Leakcheck { canaries, also } => leakcheck::leakcheck(&config, canaries.as_deref(), &also),
        Command::Ledger(command) => ledger::run(&command),
        Command::SignInLink { email } => operator_link(&config, |conn, ground| account_of(conn, ground, &email)),
    }
}

/// The account of an address.
fn account_of(conn: &mut Conn, ground: &Ground, email: &EmailAddress) -> Result<AccountId, AppError> {
    let known = store::contacts::account_of(conn, &ground.vault, email)?;
    known.ok_or(AppError::Conflict("No account has this address."))
}

/// Prints a one-time link for the account that `whose` finds or makes. Works beside a running server.
fn operator_link(
    config: &Config,
    mut whose: impl FnMut(&mut Conn, &Ground) -> Result<AccountId, AppError>,
) -> Result<(), StartError> {
    let ground = Ground::open(config)?;
    let link = ground.db.write::<_, AppError>(|conn| {
        let id = whose(conn, &ground)?;
        usecases::new_link(conn, &ground.vault, &config.reached_at(None), &id, Clock::system().now())
    })?;
    say(&format!("Sign in within 15 minutes: {link}"));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this is the command line's voice")]
fn say(line: &str) {
    println!("{line}");
}
