//! Reach bands in the words of a company's pages.

use domain::place::{Market, State};
use domain::reach::Aim;
use domain::specialty::Specialty;
use domain::{Kind, input::OpeningInput, input::opening::LicenceInput};
use store::companies::Company;

use super::super::words::day;
use crate::app::App;
use crate::error::AppError;
use crate::usecases::{Asking, Reach, look_at_reach};

/// A band and the line below it.
pub(super) struct BandWords {
    /// The label, or that there is none yet.
    pub(super) band: String,
    /// Which area it is of, or why there is none.
    pub(super) note: String,
    /// Whether there is one.
    pub(super) shown: bool,
}

impl BandWords {
    fn none(note: impl Into<String>) -> Self {
        Self { band: "Not shown yet".to_owned(), note: note.into(), shown: false }
    }

    /// Before anything can be looked up.
    pub(super) fn to_be_chosen() -> Self {
        Self::none("Choose the kind of work, a specialty and a market, then press “Show the range”.")
    }
}

/// The band of one opening, or of what is typed into a form.
///
/// # Errors
/// Database errors only.
pub(super) async fn band(app: &App, company: &Company, aim: Aim) -> Result<BandWords, AppError> {
    let mut seen = look_at_reach(app, company, vec![aim], Asking::Directly).await?;
    Ok(words(&seen.pop().unwrap_or(Reach::NoSnapshot)))
}

/// The bands of a list of openings, in its order.
///
/// # Errors
/// Database errors only.
pub(super) async fn bands(app: &App, company: &Company, aims: Vec<Aim>) -> Result<Vec<BandWords>, AppError> {
    Ok(look_at_reach(app, company, aims, Asking::InPassing).await?.iter().map(words).collect())
}

fn words(reach: &Reach) -> BandWords {
    match reach {
        Reach::Shown { cell, band } => {
            BandWords { band: band.as_str().to_owned(), note: format!("{}.", cell.label()), shown: true }
        }
        Reach::NoSnapshot => BandWords::none("The first ranges are drawn up in a moment."),
        Reach::TooSmall => BandWords::none(
            "The community is still too small for ranges that point at nobody. They are drawn up anew every month.",
        ),
        Reach::NotApproved => BandWords::none("Ranges are shown while your company is approved and in good standing."),
        Reach::Spent(until) => BandWords::none(format!(
            "Your company has looked at as many areas as one month allows. More can be looked at from {}.",
            day(until.date_naive())
        )),
        Reach::Locked => BandWords::none(
            "Your company asked for many more areas than a month allows. The community team has to open this again.",
        ),
    }
}

/// What is typed so far, once it decides a cell: the kind, a specialty or any, a market or remote.
pub(super) fn aim_of(input: &OpeningInput, any_specialty: bool) -> Option<Aim> {
    let specialty = input.specialties.first().and_then(|s| Specialty::parse(s));
    let market = input.markets.first().and_then(|m| Market::parse(m));
    let state = match &input.licence_states {
        LicenceInput::States(codes) => codes.first().and_then(|code| State::parse(code)),
        LicenceInput::Word(_) => None,
    };
    let decided = (specialty.is_some() || any_specialty) && (market.is_some() || input.remote);
    decided.then_some(Aim { kind: Kind::parse(&input.kind)?, specialty, market, state })
}
