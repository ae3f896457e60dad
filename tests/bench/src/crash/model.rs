//! What must be in the index after each commit.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::Duration;
use domain::Kind;
use domain::candidate::{Candidate, Offer};
use domain::certification::Rulebook;
use domain::opening::{LicenceRule, Terms};
use domain::place::State;
use domain::profile::{HeldSpecialty, Licence, LicenceKind, Profile};
use domain::specialty::Specialty;
use domain::standing::MemberStanding;
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use search_index::{Ask, ProfileChange, ProfileDoc, ProfilesReader};

use crate::generate::{Generator, now};

/// Members that come, change and go.
const MEMBERS: u32 = 500;
/// Changes in a batch.
const BATCH: usize = 50;
/// Years in practice are one of so many steps.
const YEARS: u8 = 8;

/// What a member looks like: specialty and years decide keys and packed number.
type Looks = (Specialty, u8);

/// The members after a number of batches.
#[derive(Default)]
pub(super) struct Model {
    seq: i64,
    members: BTreeMap<u32, Looks>,
}

impl Model {
    /// Batches so far.
    pub(super) const fn seq(&self) -> i64 {
        self.seq
    }

    /// Makes the next batch.
    pub(super) fn next(&mut self) -> Vec<ProfileChange> {
        self.seq += 1;
        let mut rng = ChaCha8Rng::seed_from_u64(self.seq as u64);
        (0..BATCH)
            .map(|_| {
                let pid = rng.random_range(0..MEMBERS);
                if rng.random_bool(0.2) {
                    self.members.remove(&pid);
                    return ProfileChange::Delete { pid };
                }
                let specialty = Specialty::all().choose(&mut rng).expect("there are specialties");
                let looks = (specialty, rng.random_range(0..YEARS));
                self.members.insert(pid, looks);
                ProfileChange::Put { pid, doc: Box::new(document(looks)) }
            })
            .collect()
    }

    /// Up to this batch.
    pub(super) fn advance(&mut self, seq: i64) {
        while self.seq < seq {
            self.next();
        }
    }

    /// Everyone, for a rebuild.
    pub(super) fn everyone(&self) -> impl Iterator<Item = (u32, ProfileDoc)> {
        self.members.iter().map(|(pid, looks)| (*pid, document(*looks)))
    }

    /// The index holds exactly these members, each once, found by exactly what they look like.
    pub(super) fn compare(&self, reader: &ProfilesReader) -> Result<(), String> {
        let ids: Vec<u32> = self.members.keys().copied().collect();
        if reader.ids() != ids {
            return Err(format!("{} members instead of {}, or others", reader.ids().len(), ids.len()));
        }
        let rules = Rulebook::shipped();
        let mut offer = Generator::new(0).offer(0);
        for specialty in Specialty::all() {
            for years in 0..YEARS {
                demand(&mut offer, specialty, years);
                let ask = Ask::of(&rules, &offer, now());
                let mut found = reader.eligible(&ask).map_err(|error| error.to_string())?;
                found.sort_unstable();
                let fits = |looks: &Looks| looks.0 == specialty && looks.1 >= years;
                let want: Vec<u32> =
                    self.members.iter().filter(|(_, looks)| fits(looks)).map(|(pid, _)| *pid).collect();
                if found != want {
                    return Err(format!("{} from {years} years: {found:?} instead of {want:?}", specialty.slug()));
                }
            }
        }
        Ok(())
    }
}

fn document(looks: Looks) -> ProfileDoc {
    static SOMEONE: LazyLock<Candidate> = LazyLock::new(|| Generator::new(0).member(0).candidate);
    let mut who = SOMEONE.clone();
    let today = now().date_naive();
    who.standing = MemberStanding::Active;
    who.profile = Profile {
        specialties: vec![HeldSpecialty { specialty: looks.0, primary: true, board_certified: true }],
        licences: vec![Licence {
            state: State::california(),
            kind: LicenceKind::Md,
            expires_on: Some(today + Duration::days(i64::from(looks.1) + 1)),
        }],
        interests: [Kind::ChartReview].into(),
        remote: true,
        years: Some(looks.1),
        ..Profile::empty()
    };
    ProfileDoc::of(&who)
}

/// Remote review of records that anyone of the specialty with these years may do.
fn demand(offer: &mut Offer, specialty: Specialty, years: u8) {
    let mut requires = offer.terms.requires.clone();
    requires.min_years = years;
    requires.board_certified = false;
    requires.languages.clear();
    requires.provider_classes.clear();
    offer.terms = Terms {
        kind: Kind::ChartReview,
        specialties: vec![specialty],
        markets: Vec::new(),
        remote: true,
        licence: LicenceRule::NotNeeded,
        certification: Default::default(),
        comp_related: false,
        requires,
        ..offer.terms.clone()
    };
    offer.liveness.closes_on = now().date_naive() + Duration::days(1);
    offer.liveness.confirmed_at = Some(now());
}
