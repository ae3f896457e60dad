use serde::Serialize;

use crate::{
    Page, Private,
    view::{Choice, FieldError},
};

/// `/consent/{opening_id}`: choose what to share. Posts the hidden `opening_revision`, `field` (repeated: `name`, `email`, `phone`, `npi`, `cv`) and `expires_at`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Consent {
    /// The opening's id.
    pub opening_id: String,
    /// The revision that is agreed to.
    pub opening_revision: i64,
    /// The opening's title.
    pub title: String,
    /// `/openings/{id}`.
    pub opening_href: String,
    /// The company.
    pub company: String,
    /// The people of the company who will be able to see it.
    pub seats: Vec<String>,
    /// What can be shared.
    pub fields: Vec<ConsentField>,
    /// The chosen end.
    pub expires_at: String,
    /// Possible ends.
    pub expires_options: Vec<Choice>,
    /// Where to sign in again, when the sign-in is too old to share.
    pub sign_in_href: Option<String>,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for Consent {
    const TEMPLATE: &'static str = "consent";

    fn title(&self) -> String {
        format!("Share your contact for {}", self.title)
    }
}

/// One thing that can be shared.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConsentField {
    /// `name`, `email`, `phone`, `npi` or `cv`.
    pub key: String,
    /// Its words.
    pub label: String,
    /// The member's own value; empty when there is none.
    pub value: Private,
    /// Whether it is chosen.
    pub checked: bool,
}
