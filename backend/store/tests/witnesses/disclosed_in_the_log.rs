//! What was disclosed, written into a log.

use store::contacts::Disclosed;

fn log(seen: &Disclosed) -> String {
    format!("{seen:?}")
}

fn main() {}
