use serde::Serialize;

use crate::{
    Page,
    view::{Fact, FieldError},
};

/// `/admin/openings/{id}/outreach`: write to the members whom an opening fits, and what became of it. Posts `text` to the same path.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminOutreach {
    /// The opening's id.
    pub id: String,
    /// The opening's title.
    pub title: String,
    /// How many members would get a mail now.
    pub reachable: i64,
    /// Why nothing can be written, as a sentence; empty when it can.
    pub closed: String,
    /// As typed.
    pub text: String,
    /// What was written before, newest first.
    pub past: Vec<OutreachLine>,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for AdminOutreach {
    const TEMPLATE: &'static str = "admin_outreach";

    fn title(&self) -> String {
        format!("Outreach about {}", self.title)
    }
}

/// One outreach in numbers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OutreachLine {
    /// When it was ordered.
    pub at: String,
    /// What was written.
    pub text: String,
    /// For example "Sent" and "Dropped: did not fit any more".
    pub numbers: Vec<Fact>,
}
