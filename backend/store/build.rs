//! Embedded migrations do not rebuild by themselves when a file is added.
fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
