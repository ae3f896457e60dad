use serde::Serialize;

use crate::{
    Page,
    view::{Fact, FieldError, Link, Tag},
};

/// `/admin/companies/{id}`. Posts to `…/approve` (with `accept_spotted` and `although` when contact was spotted) and `…/unlock-reach`, and `reason` to `…/suspend` or `…/ban`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AdminCompany {
    /// The company's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// For example `warn` "Waiting for approval".
    pub status: Tag,
    /// Its web address.
    pub website: Option<String>,
    /// What it says about itself, with its marks.
    pub about: String,
    /// Further facts.
    pub facts: Vec<Fact>,
    /// Its openings, `/admin/openings/{id}`.
    pub openings: Vec<Link>,
    /// Since when its reach bands are locked.
    pub reach_locked: Option<String>,
    /// Whether approving is offered.
    pub can_approve: bool,
    /// Whether suspending is offered.
    pub can_suspend: bool,
    /// Whether banning is offered.
    pub can_ban: bool,
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

impl Page for AdminCompany {
    const TEMPLATE: &'static str = "admin_company";

    fn title(&self) -> String {
        format!("Company: {}", self.name)
    }
}
