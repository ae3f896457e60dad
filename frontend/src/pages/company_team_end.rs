use serde::Serialize;

use crate::{Page, Private};

/// `/company/team/{id}/end`: confirm ending a seat or an invitation. Posts to the same path.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CompanyTeamEnd {
    /// The seat's or the invitation's id.
    pub id: String,
    /// The person's name.
    pub name: Private,
    /// Whether they have not signed in yet.
    pub invited: bool,
}

impl Page for CompanyTeamEnd {
    const TEMPLATE: &'static str = "company_team_end";

    fn title(&self) -> String {
        if self.invited { "Take an invitation back" } else { "End a seat" }.to_owned()
    }
}
