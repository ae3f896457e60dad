use serde::Serialize;

use crate::{
    Page,
    view::{Choice, FieldError, Slot, Tick},
};

/// How many free selects for further markets a form shows at least.
pub const MORE_ALERT_MARKETS: usize = 2;

/// `/alerts` with the list and the form for another alert, and `/alerts/{id}` with the form of that one. The form
/// posts to where it stands: `name`, `cadence`, `kind`, `specialty`, `market`, `state` (each repeated), `market_1`,
/// `market_2`, ..., `remote_too` (`yes` or `no`), `min_pay` in dollars, `words`, `weekday`, `time`, `pause_until`. The list
/// posts to `/alerts/{id}/cadence` (`cadence`), `/alerts/{id}/pause` (`days`, empty for no end), `/alerts/{id}/resume`,
/// `/alerts/{id}/delete`; the notes to `/alerts/confirm-address` and `/alerts/mail-again`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Alerts {
    /// Whether the permission for alert mail is on.
    pub alerts_email: bool,
    /// What keeps every mail from coming, as a sentence: a vacation, mail that came back.
    pub held: Option<String>,
    /// Whether that is mail that came back or was called unwanted, which the member can put right here.
    pub suppressed: bool,
    /// Whether the address has to be confirmed first.
    pub unconfirmed: bool,
    /// When the next digest is due, for example "The next digest is due on Monday 30 November at 07:12.".
    pub next: Option<String>,
    /// Id of the alert that the form changes; then there is no list.
    pub editing: Option<String>,
    /// The saved alerts.
    pub list: Vec<AlertLine>,
    /// Name of the alert in the form, as typed.
    pub name: String,
    /// Its cadence.
    pub cadence: String,
    /// `instant`, `daily`, `weekly`.
    pub cadence_options: Vec<Choice>,
    /// Day of a weekly mail.
    pub weekday: String,
    /// `monday` to `sunday`.
    pub weekday_options: Vec<Choice>,
    /// Time of a daily or weekly mail, as typed.
    pub time: String,
    /// The day a pause ends, as typed.
    pub pause_until: String,
    /// 7, 30 or 90 days, or no end.
    pub pause_options: Vec<Choice>,
    /// Its kinds (`kind`).
    pub kinds: Vec<Tick>,
    /// Its specialties (`specialty`).
    pub specialties: Vec<Tick>,
    /// The ticked specialties in words; empty when none is.
    pub specialties_named: String,
    /// Whether all specialties are shown at first.
    pub specialties_open: bool,
    /// The markets asked for most (`market`).
    pub markets: Vec<Tick>,
    /// Its other markets (`market_1`, ...).
    pub more_markets: Vec<Slot>,
    /// All markets, grouped by state.
    pub market_options: Vec<Choice>,
    /// Its states (`state`).
    pub states: Vec<Tick>,
    /// The ticked states in words; empty when none is.
    pub states_named: String,
    /// Whether all states are shown at first.
    pub states_open: bool,
    /// `yes` or `no`.
    pub remote_too: String,
    /// `yes`, `no`.
    pub remote_options: Vec<Choice>,
    /// Least pay in dollars, as typed.
    pub min_pay: String,
    /// Words, as typed.
    pub words: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for Alerts {
    const TEMPLATE: &'static str = "alerts";

    fn title(&self) -> String {
        if self.editing.is_some() { "Change an alert".to_owned() } else { "Your alerts".to_owned() }
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
    /// For example "Once a week, Mondays at 07:00".
    pub rhythm: String,
    /// Whether it is paused.
    pub paused: bool,
    /// Until when, for example "until 24 December 2026"; empty for a pause without an end.
    pub paused_until: String,
    /// For example "Last sent on 21 Nov with 3 openings".
    pub last_sent: Option<String>,
}
