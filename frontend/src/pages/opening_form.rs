use serde::Serialize;

use crate::{
    Page,
    view::{Choice, FieldError, Slot, Tick},
};

/// `/company/openings/new` and `/company/openings/{id}/edit`. Posts `kind`, `title`, `description`, `specialty_N` (1..6), `any_specialty`, `market_N` (1..6), `remote`, `licence_mode` (`state_of_work`, `named`, `none`), `licence_states`, `certification_required`, `takes_candidates`, `sponsors`, `comp_related`, `pay_basis`, `pay_min`, `pay_max`, `share_percent`, `extra_page`, `included_pages`, `volume`, `seats`, `board_certified`, `min_years`, `languages`, `provider_class` (repeated), `closes_on`, `public_listing`; with `look` nothing is saved and the page comes back with the band of what was typed. A ticked single box sends `1`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OpeningForm {
    /// The path to post to.
    pub action: String,
    /// For example "Post an opening".
    pub heading: String,
    /// The page to go back to.
    pub back_href: String,
    /// Whether the opening is live, so that a material change sends it to review again.
    pub live: bool,
    /// The kind of work.
    pub kind: String,
    /// All kinds.
    pub kind_options: Vec<Choice>,
    /// As typed.
    pub title: String,
    /// As typed.
    pub description: String,
    /// Always [`MAX_OPENING_SPECIALTIES`] lines (`specialty_N`).
    pub specialties: Vec<Slot>,
    /// All specialties.
    pub specialty_options: Vec<Choice>,
    /// Any specialty will do.
    pub any_specialty: bool,
    /// Always [`MAX_OPENING_MARKETS`] lines (`market_N`).
    pub markets: Vec<Slot>,
    /// All markets, grouped by state.
    pub market_options: Vec<Choice>,
    /// Can be done remotely.
    pub remote: bool,
    /// `state_of_work`, `named` or `none`.
    pub licence_mode: String,
    /// The three modes.
    pub licence_mode_options: Vec<Choice>,
    /// Comma-separated codes.
    pub licence_states: String,
    /// A key, or empty.
    pub certification_required: String,
    /// All certifications, grouped by state.
    pub certification_options: Vec<Choice>,
    /// Takes physicians on the way.
    pub takes_candidates: bool,
    /// Pays for the way.
    pub sponsors: bool,
    /// Concerns workers' compensation.
    pub comp_related: bool,
    /// How pay is counted.
    pub pay_basis: String,
    /// `per_case`, `per_page`, `hourly`, `fee_share`, `not_stated`.
    pub pay_basis_options: Vec<Choice>,
    /// In dollars, as typed.
    pub pay_min: String,
    /// In dollars, as typed.
    pub pay_max: String,
    /// The physician's share of the fee in percent, as typed.
    pub share_percent: String,
    /// In dollars a page, as typed.
    pub extra_page: String,
    /// As typed.
    pub included_pages: String,
    /// For example "2–4 a month".
    pub volume: String,
    /// How many physicians are wanted.
    pub seats: String,
    /// Asks for board certification.
    pub board_certified: bool,
    /// As typed.
    pub min_years: String,
    /// Comma-separated.
    pub languages: String,
    /// Provider classes asked for (`provider_class`); none means any.
    pub provider_classes: Vec<Tick>,
    /// The date as typed (YYYY-MM-DD).
    pub closes_on: String,
    /// Shown to visitors and in feeds.
    pub public_listing: bool,
    /// The band of the cell that was chosen, or "Not shown yet".
    pub band: String,
    /// Which area it is of, or why there is none.
    pub band_note: String,
    /// What the rules of the state demand, as sentences.
    pub rule_notes: Vec<String>,
    /// Faults.
    pub errors: Vec<FieldError>,
}

impl Page for OpeningForm {
    const TEMPLATE: &'static str = "opening_form";

    fn title(&self) -> String {
        self.heading.clone()
    }
}

/// How many specialties an opening can name.
pub const MAX_OPENING_SPECIALTIES: usize = 6;
/// How many markets an opening can name.
pub const MAX_OPENING_MARKETS: usize = 6;
