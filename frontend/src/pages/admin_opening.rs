use serde::Serialize;

use crate::{
    Page,
    view::{Check, Fact, FieldError, Link, Tag},
};

/// `/admin/openings/{id}`. Posts to `…/approve` (with `accept_spotted` and `although` when contact was spotted), and `reason` to `…/return` or `…/reject`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminOpening {
    /// The opening's id.
    pub id: String,
    /// The title.
    pub title: String,
    /// For example `warn` "Waiting for review".
    pub state: Tag,
    /// The company, `/admin/companies/{id}`.
    pub company: Link,
    /// The company's record, as a sentence.
    pub company_note: String,
    /// The facts.
    pub facts: Vec<Fact>,
    /// The text as the company wrote it, with its marks.
    pub description: String,
    /// The rule check.
    pub rules: Vec<Check>,
    /// What changed since it was approved last; empty the first time.
    pub diff: Vec<DiffRow>,
    /// Whether it was never approved before.
    pub first_time: bool,
    /// Openings that look alike.
    pub duplicates: Vec<Link>,
    /// How many members would match if it were live now.
    pub would_match: String,
    /// How many each rule alone stops, by the rule's name.
    pub nearly: Vec<Fact>,
    /// `/admin/openings/{id}/outreach` while it is live.
    pub outreach_href: Option<String>,
    /// Whether it waits for a decision.
    pub can_decide: bool,
    /// What the text seems to hold, for example "an e-mail address"; empty when it holds no contact.
    pub spotted: String,
    /// Whether the box was ticked that it may be public all the same.
    pub accepts: bool,
    /// Why it may, as typed.
    pub although: String,
    /// As typed.
    pub reason: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for AdminOpening {
    const TEMPLATE: &'static str = "admin_opening";

    fn title(&self) -> String {
        format!("Review: {}", self.title)
    }
}

/// One changed field.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DiffRow {
    /// Its name, in words.
    pub field: String,
    /// As approved.
    pub before: String,
    /// As it is now.
    pub after: String,
}
