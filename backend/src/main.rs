//! The binary `rosterline`.

use std::process::ExitCode;

use clap::Parser;
use rosterline::cli;
use rosterline::config::Args;

#[expect(clippy::print_stderr, reason = "the last word to the person at the terminal")]
fn main() -> ExitCode {
    match cli::run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rosterline: {error}");
            ExitCode::FAILURE
        }
    }
}
