use serde::Serialize;

use super::DisputeLine;
use crate::{
    Page,
    view::{Link, RecordLine},
};

/// `/permissions`. Posts `alerts_email`, `admin_outreach`, `anonymous_counts` (`on` or `off`) to `/permissions`; pause and resume post to `/account/pause` and `/account/resume`; taking back starts at `/introductions/{id}/revoke`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Permissions {
    /// How many companies can see the member's contact now.
    pub sharing: i64,
    /// For example "Weekly", or "Off".
    pub alerts_summary: String,
    /// For example "2 alerts, next on Monday 30 November".
    pub alerts_note: String,
    /// The switch.
    pub alerts_email: bool,
    /// The switch.
    pub admin_outreach: bool,
    /// The switch.
    pub anonymous_counts: bool,
    /// For example "Last changed 3 Nov 2026, by you".
    pub last_changed: Option<String>,
    /// Live introductions.
    pub introductions: Vec<IntroductionLine>,
    /// Introductions that are over and under which something was written.
    pub earlier: Vec<Link>,
    /// The newest entries of the ledger.
    pub ledger: Vec<RecordLine>,
    /// How many entries there are.
    pub ledger_total: i64,
    /// The newest problems that were reported.
    pub reports: Vec<DisputeLine>,
    /// Whether everything is paused.
    pub paused: bool,
}

impl Page for Permissions {
    const TEMPLATE: &'static str = "permissions";

    fn title(&self) -> String {
        "Your permissions".to_owned()
    }
}

/// A live introduction.
#[derive(Debug, Clone, Default, Serialize)]
pub struct IntroductionLine {
    /// Its id.
    pub id: String,
    /// The company.
    pub company: String,
    /// The opening's title.
    pub opening: String,
    /// `/openings/{id}`.
    pub opening_href: String,
    /// For example "Name, e-mail".
    pub fields: String,
    /// The day it began.
    pub since: String,
    /// The day it ends.
    pub ends: String,
    /// How many messages of the company are new.
    pub news: i64,
}
