use serde::Serialize;

use crate::{
    Page,
    view::{Link, PrivateFact},
};

/// `/permissions/as-companies-see-me`: exactly what each company gets of the reader, in the company's own rendering.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AsCompaniesSeeMe {
    /// What each company with a live permission gets.
    pub shown: Vec<ShownTo>,
}

impl Page for AsCompaniesSeeMe {
    const TEMPLATE: &'static str = "as_companies_see_me";

    fn title(&self) -> String {
        "What companies see of me".to_owned()
    }
}

/// One company's sight.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ShownTo {
    /// The introduction's id.
    pub id: String,
    /// The company.
    pub company: String,
    /// The opening.
    pub opening: Link,
    /// Until when.
    pub ends: String,
    /// How far the company says it is.
    pub stage: String,
    /// The shared fields, as on the company's page.
    pub fields: Vec<PrivateFact>,
}
