//! Made-up members and openings, by seed and number: each can be made alone, so memory holds only what a section needs.

mod members;
mod offers;
mod wishes;
mod wording;
mod world;

use chrono::{DateTime, Utc};
use domain::alert::Wish;
use domain::candidate::{Candidate, Offer};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use search_index::ProfileDoc;

use crate::notices::Notice;

pub use wishes::PLACES;
pub use wording::{RARE, Wording};
pub use world::World;

/// The moment every benchmark is judged at.
#[must_use]
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_126_400, 0).expect("2026-12-01 is in the calendar")
}

/// A member, and whether the permissions given allow a match.
#[derive(Debug, Clone)]
pub struct Member {
    /// Criteria and standing.
    pub candidate: Candidate,
    /// Alerts or outreach are switched on.
    pub permitted: bool,
}

impl Member {
    /// What the index is told: no permission, no document.
    #[must_use]
    pub fn doc(&self) -> ProfileDoc {
        if self.permitted { ProfileDoc::of(&self.candidate) } else { ProfileDoc::default() }
    }
}

/// The made-up community of a seed.
pub struct Generator {
    world: World,
    wording: Wording,
    seed: u64,
}

/// What a stream of random numbers is for; equal numbers in two streams then have nothing to do with each other.
#[derive(Clone, Copy)]
enum Stream {
    Members = 1,
    Offers = 2,
    Other = 3,
    Wishes = 4,
    Texts = 5,
}

impl Generator {
    /// Of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { world: World::new(), wording: Wording::new(), seed }
    }

    /// The member of this number.
    #[must_use]
    pub fn member(&self, pid: u32) -> Member {
        members::make(&self.world, pid, &mut self.rng(Stream::Members, u64::from(pid)))
    }

    /// The opening of this number.
    #[must_use]
    pub fn offer(&self, number: u32) -> Offer {
        offers::make(&self.world, number, &mut self.rng(Stream::Offers, u64::from(number)))
    }

    /// The saved alerts of the member of this number: one to four.
    #[must_use]
    pub fn wishes(&self, pid: u32) -> Vec<Wish> {
        let mut rng = self.rng(Stream::Wishes, u64::from(pid));
        let count = rng.random_range(1..=4);
        (0..count).map(|_| wishes::make(&self.world, &self.wording, &mut rng)).collect()
    }

    /// What the opening of this number says in words.
    #[must_use]
    pub fn notice(&self, number: u32, offer: &Offer) -> Notice {
        let mut rng = self.rng(Stream::Texts, u64::from(number));
        let terms = &offer.terms;
        let specialty = terms.specialties.first().map_or("any specialty", |s| s.name());
        let place = terms.markets.first().map_or_else(|| "remote".to_owned(), |m| m.label());
        Notice {
            title: format!("{} {specialty} {place}", terms.kind.label()),
            description: self.wording.text(&mut rng),
            company: format!("{} evaluations", self.wording.common(rng.random_range(0..2000))),
        }
    }

    /// The words of texts.
    #[must_use]
    pub const fn wording(&self) -> &Wording {
        &self.wording
    }

    /// Random numbers for the order of questions and the like.
    #[must_use]
    pub fn other(&self, purpose: u64) -> ChaCha8Rng {
        self.rng(Stream::Other, purpose)
    }

    /// Lists of the domain with their weights.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The documents of the first `n` members, by number; an empty one stands for nobody to match.
    #[must_use]
    pub fn docs(&self, n: u32) -> Vec<ProfileDoc> {
        in_parallel(n, |pid| self.member(pid).doc())
    }

    fn rng(&self, stream: Stream, number: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ ((stream as u64) << 56));
        rng.set_stream(number);
        rng
    }
}

/// Makes `n` things on every core, in the order of their numbers.
pub fn in_parallel<T: Send>(n: u32, make: impl Fn(u32) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u32;
    let share = n.div_ceil(threads).max(1);
    let make = &make;
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..n)
            .step_by(share as usize)
            .map(|from| scope.spawn(move || (from..n.min(from + share)).map(make).collect::<Vec<T>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("a generator thread")).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_community() {
        let (one, two) = (Generator::new(7), Generator::new(7));
        assert_eq!(one.docs(300), two.docs(300));
        assert_eq!(one.offer(5), two.offer(5));
        assert_ne!(one.member(3).candidate.profile, Generator::new(8).member(3).candidate.profile);
    }

    #[test]
    fn the_shares_are_those_of_the_plan() {
        let made = Generator::new(1);
        let members: Vec<Member> = (0..4000).map(|pid| made.member(pid)).collect();
        let share = |is: &dyn Fn(&Member) -> bool| members.iter().filter(|m| is(m)).count() as f64 / 4000.0;
        let matchable = share(&|m| !m.doc().keys.is_empty());
        assert!((0.55..0.61).contains(&matchable), "{matchable}");
        let two = share(&|m| m.candidate.profile.specialties.len() > 1);
        assert!((0.2..0.28).contains(&two), "{two}");
        let lapsed = share(&|m| {
            let today = now().date_naive();
            m.candidate.profile.licences.iter().any(|l| l.expires_on.is_some_and(|day| day <= today))
        });
        assert!((0.02..0.045).contains(&lapsed), "{lapsed}");
    }
}
