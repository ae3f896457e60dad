//! A contact inside of something that becomes JSON.

use domain::contact::Contact;
use serde::Serialize;

#[derive(Serialize)]
struct Answer {
    contact: Contact,
}

fn main() {}
