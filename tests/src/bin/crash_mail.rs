//! Kills mail nodes: three processes with four connections each, on SQLite, or on PostgreSQL with a URL.
//!
//! `cargo crash-mail [--rounds N] [--pg URL] [--seed N]`. Ends with 1 when a mail was lost, or came twice more often than
//! there were open connections, or differed.

use harness::{crash_mail, mail_node};

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    if args.first().is_some_and(|first| first == "--node") {
        runtime.block_on(mail_node::serve(&mail_node::Seat::read(&args)));
        return std::process::ExitCode::SUCCESS;
    }
    let value = |name: &str| args.iter().skip_while(|arg| *arg != name).nth(1).cloned();
    let number = |name: &str, otherwise: u64| value(name).map_or(otherwise, |n| n.parse().expect("a number"));
    let rounds = usize::try_from(number("--rounds", 200)).expect("a number");
    let dir = tempfile::tempdir().expect("a folder");
    let this = std::env::current_exe().expect("this program has a path").display().to_string();
    let plan = crash_mail::Plan { rounds, stock: 1_500, seed: number("--seed", 1).max(1) };
    let play = crash_mail::play(&this, value("--pg"), plan, dir.path());
    let seen = runtime.block_on(play);
    println!("{seen:?}");
    if seen.is_good() { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
