//! The rule itself, asked about every member: the judge of all the others, and the slowest.

use domain::certification::Rulebook;
use domain::eligibility::{Verdict, check};
use domain::score::score;
use search_index::Scored;

use super::{Answer, Engine, Mode, TOP};
use crate::generate::{Member, now};
use crate::workload::Question;

/// Every member of the community, matchable or not.
pub struct Naive {
    members: Vec<Member>,
    rules: Rulebook,
}

impl Naive {
    /// `members` by number.
    #[must_use]
    pub fn new(members: Vec<Member>) -> Self {
        Self { members, rules: Rulebook::shipped() }
    }

    /// Everyone who fits with their points, by number.
    #[must_use]
    pub fn judge(&self, question: &Question) -> Vec<Scored> {
        let offer = &question.offer;
        let permitted = (0..).zip(&self.members).filter(|(_, m)| m.permitted);
        permitted
            .filter_map(|(pid, m)| match check(&self.rules, offer, &m.candidate, now()) {
                Verdict::Eligible(fit) => Some(Scored { pid, score: score(offer, &m.candidate, &fit, now()).total }),
                Verdict::Not(_) => None,
            })
            .collect()
    }
}

/// The best of them, as `ProfilesReader::best` gives them.
#[must_use]
pub fn best(mut all: Vec<Scored>) -> Vec<Scored> {
    all.sort_unstable_by_key(|s| (-i64::from(s.score), s.pid));
    all.truncate(TOP);
    all
}

impl Engine for Naive {
    fn name(&self) -> &'static str {
        "naive"
    }

    fn answer(&mut self, question: &Question, _: Mode) -> Answer {
        let offer = &question.offer;
        let permitted = (0..).zip(&self.members).filter(|(_, m)| m.permitted);
        let fits = |m: &Member| check(&self.rules, offer, &m.candidate, now()).is_eligible();
        Answer::Ids(permitted.filter(|(_, m)| fits(m)).map(|(pid, _)| pid).collect())
    }
}
