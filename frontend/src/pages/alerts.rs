use serde::Serialize;

use crate::{
    Page,
    view::{Choice, FieldError, Tick},
};

/// `/alerts`. Posts to `/alerts` (`name`, `cadence`, `kind` repeated, `market`), `/alerts/{id}/cadence` (`cadence`), `/alerts/{id}/pause`, `/alerts/{id}/resume`, `/alerts/{id}/delete`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Alerts {
    /// Whether the permission for alert mail is on.
    pub alerts_email: bool,
    /// The saved alerts.
    pub list: Vec<AlertLine>,
    /// Name of the new alert, as typed.
    pub name: String,
    /// Cadence of the new alert.
    pub cadence: String,
    /// `instant`, `daily`, `weekly`.
    pub cadence_options: Vec<Choice>,
    /// Kinds of the new alert (`kind`).
    pub kinds: Vec<Tick>,
    /// Market of the new alert; empty means as in the profile.
    pub market: String,
    /// All markets, grouped by state.
    pub market_options: Vec<Choice>,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for Alerts {
    const TEMPLATE: &'static str = "alerts";

    fn title(&self) -> String {
        "Your alerts".to_owned()
    }
}

/// One alert.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AlertLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it looks for, in words.
    pub criteria: String,
    /// `instant`, `daily` or `weekly`.
    pub cadence: String,
    /// Whether it is paused.
    pub paused: bool,
    /// For example "Last sent on 21 Nov with 3 openings".
    pub last_sent: Option<String>,
}
