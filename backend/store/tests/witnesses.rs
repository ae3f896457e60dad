//! What must not compile: every way around the witnesses that let a contact out.

#[test]
fn no_contact_without_its_witness() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/witnesses/*.rs");
}
