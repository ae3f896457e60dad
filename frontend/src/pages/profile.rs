use serde::Serialize;

use crate::{
    Page,
    view::{Fact, Link, PrivateFact, Tag},
};

/// `/profile`: the profile in check-your-answers layout.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Profile {
    /// For example `ok` "Approved" or `warn` "Waiting for approval".
    pub status: Tag,
    /// For example "Your California licence ends on 31 May".
    pub warnings: Vec<String>,
    /// What is still missing.
    pub todo: Vec<Link>,
    /// The answers by section.
    pub sections: Vec<ProfileSection>,
    /// The member's own contact details.
    pub contact: Vec<PrivateFact>,
}

impl Page for Profile {
    const TEMPLATE: &'static str = "profile";

    fn title(&self) -> String {
        "Your profile".to_owned()
    }
}

/// One section of the profile.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ProfileSection {
    /// Its heading.
    pub heading: String,
    /// Where to change it, `/profile/edit#…`.
    pub change_href: String,
    /// The answers; an unanswered one says "Not given".
    pub rows: Vec<Fact>,
}
