//! What every part of the fill works with.

use chrono::{DateTime, Utc};
use domain::certification::Rulebook;
use store::{Conn, Vault};

use crate::demo::diary::Diary;
use crate::demo::dice::Dice;
use crate::demo::people::People;
use crate::demo::pools::Pools;

/// The community in the making.
pub(super) struct Scene<'a> {
    pub(super) conn: &'a mut Conn,
    pub(super) vault: &'a Vault,
    pub(super) rules: &'a Rulebook,
    pub(super) now: DateTime<Utc>,
    pub(super) dice: Dice,
    pub(super) people: People,
    pub(super) pools: Pools,
    pub(super) diary: Diary,
}

impl Scene<'_> {
    /// A moment inside a range that begins with a moment and ends now; the moment itself when it has not come.
    pub(super) fn since(&mut self, from: DateTime<Utc>) -> DateTime<Utc> {
        let minutes = (self.now - from).num_minutes().max(0);
        from + self.dice.minutes(0, minutes)
    }
}
