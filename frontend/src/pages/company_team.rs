use serde::Serialize;

use crate::{
    Page, Private,
    view::{Choice, FieldError},
};

/// `/company/team`: who acts for the company. Posts `name`, `email`, `role` to invite somebody.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CompanyTeam {
    /// The company's name.
    pub company: String,
    /// The people, oldest first.
    pub people: Vec<TeamMember>,
    /// Who was invited and has not signed in yet.
    pub invited: Vec<TeamMember>,
    /// Whether the reader may invite and end.
    pub can_manage: bool,
    /// Why nobody can be invited now, as a sentence.
    pub shut: Option<String>,
    /// As typed.
    pub name: Private,
    /// As typed.
    pub email: Private,
    /// The roles.
    pub role_options: Vec<Choice>,
    /// The chosen role.
    pub role: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for CompanyTeam {
    const TEMPLATE: &'static str = "company_team";

    fn title(&self) -> String {
        format!("{}: team", self.company)
    }
}

/// Somebody who acts for the company, or will.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TeamMember {
    /// Their name.
    pub name: Private,
    /// For example "Recruiter".
    pub role: String,
    /// Since when, or until when an invitation stands.
    pub when: String,
    /// Whether it is the reader.
    pub own: bool,
    /// Where the seat or the invitation is ended.
    pub end_href: Option<String>,
}
