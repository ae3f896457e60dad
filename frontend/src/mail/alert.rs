use serde::Serialize;

use crate::{Mail, Private};

/// Openings that fit a member's alerts: at once, or the digest of a day or a week.
///
/// The subject holds count, kind and market of the openings and nothing about the member.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AlertMail {
    /// For example "3 QME openings near Bakersfield, CA".
    pub subject: String,
    /// For example "3 openings fit your alerts".
    pub heading: String,
    /// What a list of mails shows beside the subject.
    pub preview: String,
    /// The openings shown in full; at least one.
    pub openings: Vec<AlertCard>,
    /// How many more fit than are shown.
    pub more: i64,
    /// Where those stand, behind sign-in.
    pub more_link: String,
    /// Sentences about when mail comes.
    pub notes: Vec<String>,
    /// For example "“Orthopaedics” and “Chart review”".
    pub alert_names: String,
    /// The page that stops this mail; needs no sign-in.
    pub stop_link: Private,
    /// The same page with the pause chosen.
    pub pause_link: Private,
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
    /// What changed since the member was told of it, a sentence each; empty for one that is new.
    pub changed: Vec<String>,
    /// Why it fits, in a few words each.
    pub why: Vec<String>,
    /// The alerts that found it, where the mail has others too.
    pub alerts: Vec<String>,
    /// The public page of the opening.
    pub link: String,
}

impl Mail for AlertMail {
    const NAME: &'static str = "alert";
}
