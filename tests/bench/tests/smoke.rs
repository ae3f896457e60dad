//! The benchmark's own comparison of answers, and a few kills, as part of the suite. Nothing is timed here.

use std::process::Command;

fn run(program: &str, args: &[&str]) {
    let done = Command::new(program).args(args).output().expect("the program starts");
    let said = String::from_utf8_lossy(&done.stdout);
    let complained = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}\n{complained}");
}

#[test]
fn every_engine_gives_the_same_answers() {
    run(env!("CARGO_BIN_EXE_bench-match"), &["--smoke"]);
}

#[test]
fn a_killed_writer_leaves_what_it_committed() {
    run(env!("CARGO_BIN_EXE_crash-test"), &["--rounds", "5"]);
}
