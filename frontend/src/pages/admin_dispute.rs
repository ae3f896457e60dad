use serde::Serialize;

use crate::{
    Page, Private,
    view::{Fact, FieldError, Link, Tag},
};

/// `/admin/disputes/{id}`: both sides and the record. Posts `words` to `…/suspend`, `…/ban`, `…/end` or `…/dismiss`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminDispute {
    /// The dispute's id.
    pub id: String,
    /// For example "How somebody behaved".
    pub kind: String,
    /// For example `warn` "Waits for a decision".
    pub state: Tag,
    /// The company, `/admin/companies/{id}`.
    pub company: Link,
    /// The physician, `/admin/members/{id}`, without a name.
    pub member: Link,
    /// The opening, `/admin/openings/{id}`.
    pub opening: Option<Link>,
    /// Who reported and when, how the introduction stands.
    pub facts: Vec<Fact>,
    /// "The physician" or "The company".
    pub by: String,
    /// What they wrote.
    pub report: Private,
    /// The other side.
    pub other: String,
    /// What the other side wrote.
    pub answer: Option<Private>,
    /// Whether the other side can still write.
    pub awaits_answer: bool,
    /// The entries of the introduction, oldest first.
    pub ledger: Vec<DisputeEntry>,
    /// What was decided, as a sentence without its full stop.
    pub outcome: Option<String>,
    /// In the admin's words; as typed before.
    pub words: String,
    /// Whether suspending is offered.
    pub can_suspend: bool,
    /// Whether banning is offered.
    pub can_ban: bool,
    /// Whether there is an introduction in force.
    pub can_end: bool,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for AdminDispute {
    const TEMPLATE: &'static str = "admin_dispute";

    fn title(&self) -> String {
        format!("Report about {}", self.company.label)
    }
}

/// An entry of the ledger without anything that names a person.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DisputeEntry {
    /// When, for people.
    pub at: String,
    /// When, for machines (RFC 3339).
    pub at_iso: String,
    /// What.
    pub kind: String,
    /// Through which seat.
    pub who: String,
    /// Which fields.
    pub fields: String,
}
