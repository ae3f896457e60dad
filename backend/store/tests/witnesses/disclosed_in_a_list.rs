//! A list for a company that holds what was disclosed for one introduction.

use serde::Serialize;
use store::contacts::Disclosed;

#[derive(Serialize)]
struct ListedIntroduction {
    id: String,
    contact: Disclosed,
}

fn main() {}
