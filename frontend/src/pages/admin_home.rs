use serde::Serialize;

use crate::{Page, view::Fact};

/// `/admin`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminHome {
    /// One or two sentences on index, mail and record chain.
    pub health: String,
    /// What waits.
    pub queue: Vec<QueueTile>,
    /// The state of the mail.
    pub mail: Vec<Fact>,
    /// What is wrong with the mail, as a sentence.
    pub mail_problem: Option<String>,
    /// Live numbers.
    pub numbers: Vec<Fact>,
}

impl Page for AdminHome {
    const TEMPLATE: &'static str = "admin_home";

    fn title(&self) -> String {
        "What waits".to_owned()
    }
}

/// One kind of waiting items.
#[derive(Debug, Clone, Default, Serialize)]
pub struct QueueTile {
    /// Where they are.
    pub href: String,
    /// How many.
    pub count: i64,
    /// Of what, for example "openings to review".
    pub label: String,
    /// The age of the oldest, for example "3 hours".
    pub oldest: Option<String>,
}
