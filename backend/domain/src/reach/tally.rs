//! From members to bands.

use std::collections::BTreeMap;

use super::{Band, Cell, Lattice, Seed, noise};
use crate::profile::Profile;

/// From about this many counted members on every region stands for itself.
const FINE_FROM: i64 = 1000;
/// Below about this many nothing is shown.
const SHOWN_FROM: i64 = 200;
/// Draws of noise on the size of the community, which decides what lattice is shown: without them that switch would be
/// an exact count. Together a standard deviation of 40, so that the switch adds next to nothing to what cells tell.
const SIZE_DRAWS: usize = 200;

/// Counts that are never stored and never leave this module.
#[derive(Default)]
pub struct Tally {
    members: i64,
    fine: BTreeMap<Cell, i64>,
    merged: BTreeMap<Cell, i64>,
}

/// What a snapshot shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// On which lattice.
    pub lattice: Lattice,
    /// A band for every cell of it, the empty ones included.
    pub bands: Vec<(Cell, Band)>,
}

impl Tally {
    /// Counts a member who may be counted: one for the community and one in each cell, of which there are at most two.
    pub fn add(&mut self, profile: &Profile) {
        self.members += 1;
        for cell in Cell::of_profile(profile, Lattice::Fine) {
            *self.fine.entry(cell).or_default() += 1;
        }
        for cell in Cell::of_profile(profile, Lattice::Merged) {
            *self.merged.entry(cell).or_default() += 1;
        }
    }

    /// The bands. `seed` gives what the noise of a name in this snapshot is drawn from.
    #[must_use]
    pub fn publish(&self, seed: impl Fn(&str) -> Seed) -> Published {
        let size = self.members + (0..SIZE_DRAWS).map(|n| noise(&seed(&format!("community/{n}")))).sum::<i64>();
        let nothing = BTreeMap::new();
        let (lattice, counts) = match size {
            ..SHOWN_FROM => (Lattice::Hidden, &nothing),
            SHOWN_FROM..FINE_FROM => (Lattice::Merged, &self.merged),
            _ => (Lattice::Fine, &self.fine),
        };
        let band = |cell: Cell| {
            let noised = counts.get(&cell).copied().unwrap_or(0) + noise(&seed(&cell.key()));
            (cell, Band::of(noised))
        };
        Published { lattice, bands: Cell::all(lattice).into_iter().map(band).collect() }
    }
}
