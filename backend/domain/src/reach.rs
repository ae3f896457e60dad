//! Reach bands: the only number about members a company ever sees (`shared/reference/security.md`, section 4).
//!
//! A band belongs to a cell of a fixed lattice, never to an opening. It is taken once a month from a noised count and
//! is the same for every company, so that neither crafted openings nor pooled answers say more than one look does.

mod lattice;
mod noise;
mod tally;
#[cfg(test)]
mod tests;

use chrono::Duration;

use crate::words::words;

pub use lattice::{Aim, Area, Cell, Lattice, SpecialtyGroup, Work};
pub use noise::{Seed, noise};
pub use tally::{Published, Tally};

/// How long a snapshot stands. Looks at different snapshots add up, so they are rare.
pub const PERIOD: Duration = Duration::days(30);
/// How long somebody must have been a member to be counted: nobody appears in the band of the day they joined.
pub const MEMBER_FOR: Duration = Duration::days(30);
/// How many cells one company may look at in one snapshot.
pub const CELLS_PER_COMPANY: i64 = 40;
/// How many further cells it may ask for in vain before an admin has to look at it.
pub const REFUSALS_BEFORE_LOCK: i64 = 10;

words! {
    /// How many physicians of a cell may be counted, as roughly as it is ever told.
    Band {
        /// None at all included.
        FewerThan11 = "fewer than 11",
        /// From the threshold of the CMS cell suppression policy on.
        From11 = "11-25",
        /// A group.
        From26 = "26-50",
        /// A large group.
        From51 = "51-100",
        /// More.
        MoreThan100 = "more than 100",
    }
}

impl Band {
    /// The band of a noised count. A true count must never come here.
    #[must_use]
    pub const fn of(noised: i64) -> Self {
        match noised {
            ..11 => Self::FewerThan11,
            11..26 => Self::From11,
            26..51 => Self::From26,
            51..101 => Self::From51,
            _ => Self::MoreThan100,
        }
    }
}
