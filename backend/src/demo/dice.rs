//! Chance that repeats itself: splitmix64 from a fixed seed, so that two fills are alike.

use chrono::Duration;
use uuid::Uuid;

/// A stream of numbers decided by its seed. Not for secrets.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to below the bound; the bias of the remainder is far below what a demo can show.
    fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    /// A number inside both bounds, ends included.
    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most - least).unwrap_or(0);
        least + i64::try_from(self.below(width + 1)).unwrap_or(0)
    }

    /// A multiple of a step inside both bounds.
    pub(super) fn stepped(&mut self, least: i64, most: i64, step: i64) -> i64 {
        least + step * self.between(0, (most - least) / step)
    }

    /// A number of minutes inside both bounds.
    pub(super) fn minutes(&mut self, least: i64, most: i64) -> Duration {
        Duration::minutes(self.between(least, most))
    }

    /// True in this many of a hundred cases.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list that is not empty.
    #[expect(clippy::indexing_slicing, reason = "the place is below the length; every list of the demo has an entry")]
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.place(list.len())]
    }

    /// A place in a list of this length.
    fn place(&mut self, length: usize) -> usize {
        let bound = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(self.below(bound)).unwrap_or(0)
    }

    /// Mixes a list.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.place(last + 1);
            list.swap(last, other);
        }
    }

    /// An id of version 4, from this stream.
    pub(super) fn id<T>(&mut self, wrap: impl FnOnce(Uuid) -> T) -> T {
        let bits = (u128::from(self.roll()) << 64) | u128::from(self.roll());
        wrap(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }
}

/// A list in which each entry has a weight.
pub(super) struct Weighted<T> {
    entries: Vec<T>,
    /// Sum of the weights up to and with the entry of the same place.
    sums: Vec<u64>,
}

impl<T: Clone> Weighted<T> {
    pub(super) fn new(list: impl IntoIterator<Item = (T, u64)>) -> Self {
        let (mut entries, mut sums, mut sum) = (Vec::new(), Vec::new(), 0);
        for (entry, weight) in list.into_iter().filter(|(_, weight)| *weight > 0) {
            sum += weight;
            entries.push(entry);
            sums.push(sum);
        }
        Self { entries, sums }
    }

    /// One entry, by weight. The list is not empty.
    #[expect(
        clippy::indexing_slicing,
        reason = "the drawn number is below the last sum, so its place is inside the list"
    )]
    pub(super) fn draw(&self, dice: &mut Dice) -> T {
        let number = dice.below(self.sums.last().copied().unwrap_or(0));
        self.entries[self.sums.partition_point(|sum| *sum <= number)].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream() {
        let draw = |seed| {
            let mut dice = Dice::new(seed);
            (0..20).map(|_| dice.roll()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        // First output for seed 0, as every splitmix64 gives it.
        assert_eq!(draw(0)[0], 0xE220_A839_7B1D_CDAF);
    }

    #[test]
    fn numbers_stay_inside_their_bounds_and_weights_count() {
        let mut dice = Dice::new(1);
        let weighted = Weighted::new([("never", 0), ("seldom", 1), ("often", 9)]);
        let mut often = 0;
        for _ in 0..1000 {
            assert!((-3..=4).contains(&dice.between(-3, 4)));
            assert_eq!(dice.stepped(100, 200, 25) % 25, 0);
            match weighted.draw(&mut dice) {
                "often" => often += 1,
                word => assert_eq!(word, "seldom"),
            }
        }
        assert!((850..950).contains(&often), "{often}");
    }
}
