use serde::Serialize;

use crate::{
    Page,
    view::{Choice, FieldError},
};

/// `/alerts/times`. Posts `time_zone`, `quiet` (`server`, `off` or `own`), `quiet_from`, `quiet_to`, `daily_cap`,
/// `vacation_until` to where it stands; the lists post `company` or `market` with `on` to `/alerts/mutes`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MailTimes {
    /// IANA zone.
    pub time_zone: String,
    /// All zones.
    pub zone_options: Vec<Choice>,
    /// What the clock of the zone shows now.
    pub local_now: String,
    /// `server`, `off` or `own`.
    pub quiet: String,
    /// The three, with the operator's hours in words.
    pub quiet_options: Vec<Choice>,
    /// First quiet minute, as typed.
    pub quiet_from: String,
    /// First loud minute, as typed.
    pub quiet_to: String,
    /// Instant mails in a day at most, as typed.
    pub daily_cap: String,
    /// The day, as typed.
    pub vacation_until: String,
    /// Muted companies: slug and name.
    pub companies: Vec<Choice>,
    /// Muted markets: slug and name.
    pub muted_markets: Vec<Choice>,
    /// All markets.
    pub market_options: Vec<Choice>,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for MailTimes {
    const TEMPLATE: &'static str = "mail_times";

    fn title(&self) -> String {
        "When mail may come".to_owned()
    }
}
