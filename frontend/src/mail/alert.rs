use serde::Serialize;

use crate::{Mail, Private};

/// Openings that fit a member's alert.
///
/// The subject holds count, kind and market of the openings and nothing about the member.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AlertMail {
    /// The openings shown in full; at least one.
    pub openings: Vec<AlertCard>,
    /// How many more fit than are shown.
    pub more: i64,
    /// The alert's name.
    pub alert_name: String,
    /// The page that stops this mail; needs no sign-in.
    pub stop_link: Private,
    /// The page of the member's alerts.
    pub manage_link: String,
    /// The operator's postal address.
    pub postal_address: String,
}

/// One opening in an alert.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AlertCard {
    /// The title.
    pub title: String,
    /// The company's name.
    pub company: String,
    /// For example "QME".
    pub kind: String,
    /// For example "Bakersfield, CA", or exactly "remote".
    pub place: String,
    /// For example "$1,200–1,500 per evaluation", or "Pay not stated".
    pub pay: String,
    /// For example "closes 14 December 2026"; empty when it stays open.
    pub closes: String,
    /// Why it fits, in a few words each.
    pub why: Vec<String>,
    /// The public page of the opening.
    pub link: String,
}

impl Mail for AlertMail {
    const NAME: &'static str = "alert";
}
