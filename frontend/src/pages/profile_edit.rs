use serde::Serialize;

use crate::{
    Page,
    view::{Choice, FieldError, Slot, Tick},
};

/// `/profile/edit`: the whole profile as one form. Posts `provider_class`; `specialty_N`, `specialty_N_board` (N = 1..5, the first is the primary one); `licence_state_N`, `licence_kind_N`, `licence_expires_N` (1..8); `cert_key_N`, `cert_status_N`, `cert_expires_N` (1..3); `interest` (repeated); `base_market_N`, `base_radius_N` (1..3); `market` (repeated) and `market_N` (1..6); `remote`; `min_pay_KIND`, `min_pay_basis_KIND`; `languages`, `years`, `provider_note`. A ticked single box sends `1`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ProfileEdit {
    /// The chosen class.
    pub provider_class: String,
    /// All classes.
    pub provider_class_options: Vec<Choice>,
    /// Always [`MAX_SPECIALTIES`] lines, the first is the primary one.
    pub specialties: Vec<SpecialtyLine>,
    /// All specialties.
    pub specialty_options: Vec<Choice>,
    /// Always [`MAX_LICENCES`] lines.
    pub licences: Vec<LicenceLine>,
    /// All states.
    pub state_options: Vec<Choice>,
    /// MD and DO.
    pub licence_kind_options: Vec<Choice>,
    /// Always [`MAX_CERTIFICATIONS`] lines.
    pub certifications: Vec<CertificationLine>,
    /// All certifications, grouped by state.
    pub certification_options: Vec<Choice>,
    /// `interested`, `in_progress`, `appointed`.
    pub certification_status_options: Vec<Choice>,
    /// Kinds of work wanted (`interest`).
    pub interests: Vec<Tick>,
    /// Always [`MAX_BASES`] lines.
    pub bases: Vec<BaseLine>,
    /// All markets, grouped by state.
    pub market_options: Vec<Choice>,
    /// The markets asked for most (`market`).
    pub popular_markets: Vec<Tick>,
    /// Further markets (`market_N`), [`MAX_MORE_MARKETS`] of them.
    pub more_markets: Vec<Slot>,
    /// Takes remote work.
    pub remote: bool,
    /// One line a kind.
    pub min_pay: Vec<MinPayLine>,
    /// Bases that pay can be compared in.
    pub pay_basis_options: Vec<Choice>,
    /// Comma-separated.
    pub languages: String,
    /// Years in practice.
    pub years: String,
    /// A note that no company sees before a yes.
    pub provider_note: String,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for ProfileEdit {
    const TEMPLATE: &'static str = "profile_edit";

    fn title(&self) -> String {
        "Change your profile".to_owned()
    }
}

/// How many specialties a profile can have.
pub const MAX_SPECIALTIES: usize = 5;
/// How many licences a profile can have.
pub const MAX_LICENCES: usize = 8;
/// How many certifications a profile can have.
pub const MAX_CERTIFICATIONS: usize = 3;
/// How many travel bases a profile can have.
pub const MAX_BASES: usize = 3;
/// How many markets can be chosen beside the popular ones.
pub const MAX_MORE_MARKETS: usize = 6;

/// One specialty.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SpecialtyLine {
    /// The number in the names of the fields, from 1.
    pub n: i64,
    /// Its slug, empty when unused.
    pub specialty: String,
    /// Whether board certified.
    pub board: bool,
}

/// One licence.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LicenceLine {
    /// The number in the names of the fields, from 1.
    pub n: i64,
    /// The state, empty when unused.
    pub state: String,
    /// `MD` or `DO`.
    pub kind: String,
    /// The date as typed (YYYY-MM-DD).
    pub expires: String,
}

/// One certification.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CertificationLine {
    /// The number in the names of the fields, from 1.
    pub n: i64,
    /// Its key, empty when unused.
    pub key: String,
    /// `interested`, `in_progress` or `appointed`.
    pub status: String,
    /// The date as typed (YYYY-MM-DD).
    pub expires: String,
}

/// One place to travel from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BaseLine {
    /// The number in the names of the fields, from 1.
    pub n: i64,
    /// The market's slug, empty when unused.
    pub market: String,
    /// How far, in miles, as typed.
    pub radius: String,
}

/// The least pay for one kind of work.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MinPayLine {
    /// `qme`, `ime` or `chart_review`.
    pub kind: String,
    /// Its words.
    pub label: String,
    /// In dollars, as typed; empty for any.
    pub amount: String,
    /// What it is counted by.
    pub basis: String,
}
