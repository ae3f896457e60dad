use serde::Serialize;

use crate::{
    Page, Private,
    view::{Choice, FieldError, HiddenField, Link},
};

/// `/disputes/new` and `/company/contacts/{id}/report`: say what went wrong. Posts `kind` and `text` to where it stands.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// What it is about, for example "Kern Evaluations, QME evaluations in Bakersfield".
    pub about: String,
    /// The page one came from.
    pub back: Link,
    /// Where it posts.
    pub action: String,
    /// What it is about, for the server.
    pub hidden: Vec<HiddenField>,
    /// What can be reported.
    pub kinds: Vec<Choice>,
    /// As chosen.
    pub kind: String,
    /// As typed.
    pub text: Private,
    /// Whether the other side is told that something was reported, and may answer.
    pub told: bool,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for Report {
    const TEMPLATE: &'static str = "report";

    fn title(&self) -> String {
        "Report a problem".to_owned()
    }
}
