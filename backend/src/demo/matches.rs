//! Who fits which live opening, judged by the same rules as always.

use std::collections::{BTreeMap, BTreeSet};

use domain::candidate::Candidate;
use domain::eligibility::{Fit, Verdict, check, whole_miles};
use domain::matching::MatchState;
use domain::opening::Terms;
use domain::score::score;
use domain::specialty::Specialty;
use domain::standing::MemberStanding;
use domain::{Kind, MatchId};
use store::matches::{self, Match};

use crate::demo::company_list::House;
use crate::demo::members::Physician;
use crate::demo::openings::Posted;
use crate::demo::scene::Scene;
use crate::error::AppError;

/// The most members kept for an opening, best first.
const MOST: usize = 60;

/// A stored match with its two sides.
pub(super) struct Found<'a> {
    pub(super) stored: Match,
    pub(super) who: &'a Physician,
    pub(super) posted: &'a Posted,
}

/// Finds and stores them, opening by opening.
pub(super) fn add<'a>(
    scene: &mut Scene<'_>,
    members: &'a [Physician],
    live: &'a [Posted],
) -> Result<Vec<Found<'a>>, AppError> {
    let lanes = Lanes::of(members);
    let mut all = Vec::new();
    for posted in live {
        let mut fits: Vec<(i32, usize, &Physician, Fit)> = Vec::new();
        for (place, who) in lanes.near(&posted.offer.terms) {
            let verdict = check(scene.rules, &posted.offer, &who.candidate, scene.now);
            if let Verdict::Eligible(fit) = verdict {
                let points = score(&posted.offer, &who.candidate, &fit, scene.now).total;
                fits.push((points, place, who, fit));
            }
        }
        fits.sort_by_key(|(points, place, ..)| (-points, *place));
        fits.truncate(MOST);
        for (points, _, who, fit) in fits {
            let stored = stored(scene, posted, &who.candidate, points, fit);
            if matches::add(scene.conn, &stored)? {
                all.push(Found { stored, who, posted });
            }
        }
    }
    Ok(all)
}

fn stored(scene: &mut Scene<'_>, posted: &Posted, who: &Candidate, points: i32, fit: Fit) -> Match {
    let since = posted.published_at.max(who.confirmed_at);
    Match {
        id: scene.dice.id(MatchId::from_uuid),
        member: who.member.clone(),
        opening: posted.offer.opening.clone(),
        revision: posted.offer.revision,
        state: if posted.house == House::New { MatchState::Held } else { MatchState::Released },
        score: points,
        place: fit.spot.label(),
        miles: i32::try_from(whole_miles(fit.miles)).unwrap_or(i32::MAX),
        reasons: fit.reasons,
        matched_at: (since + scene.dice.minutes(1, 15)).min(scene.now),
        declined_at: None,
    }
}

/// Active members by what they want and practise, so that a check is made only where it can succeed.
struct Lanes<'a> {
    members: &'a [Physician],
    by_kind: BTreeMap<Kind, BTreeSet<usize>>,
    by_specialty: BTreeMap<(Kind, Specialty), BTreeSet<usize>>,
}

impl<'a> Lanes<'a> {
    fn of(members: &'a [Physician]) -> Self {
        let (mut by_kind, mut by_specialty) = (BTreeMap::new(), BTreeMap::new());
        let active = |p: &Physician| p.candidate.standing == MemberStanding::Active;
        for (place, member) in members.iter().enumerate().filter(|(_, p)| active(p)) {
            let profile = &member.candidate.profile;
            for kind in &profile.interests {
                let lane: &mut BTreeSet<usize> = by_kind.entry(*kind).or_default();
                lane.insert(place);
                for held in &profile.specialties {
                    let lane: &mut BTreeSet<usize> = by_specialty.entry((*kind, held.specialty)).or_default();
                    lane.insert(place);
                }
            }
        }
        Self { members, by_kind, by_specialty }
    }

    /// Members of the right kind and specialty whom the work can reach, in the order of joining.
    fn near(&self, terms: &Terms) -> Vec<(usize, &'a Physician)> {
        let places: BTreeSet<usize> = if terms.specialties.is_empty() {
            self.by_kind.get(&terms.kind).cloned().unwrap_or_default()
        } else {
            terms
                .specialties
                .iter()
                .filter_map(|s| self.by_specialty.get(&(terms.kind, *s)))
                .flatten()
                .copied()
                .collect()
        };
        places
            .into_iter()
            .filter_map(|place| Some((place, self.members.get(place)?)))
            .filter(|(_, who)| {
                (terms.remote && who.candidate.profile.remote) || terms.markets.iter().any(|m| who.reach.contains(m))
            })
            .collect()
    }
}
