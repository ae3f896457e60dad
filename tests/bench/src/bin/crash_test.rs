//! Kills a writer of the profiles index at random moments and looks at what it left. `cargo crash-test --help`.

fn main() -> std::process::ExitCode {
    bench::crash::run()
}
