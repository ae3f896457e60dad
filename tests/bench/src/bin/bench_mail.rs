//! How fast mail leaves, beside lettre's own pool. `cargo bench-mail --help`.

fn main() -> std::process::ExitCode {
    bench::mail::run()
}
