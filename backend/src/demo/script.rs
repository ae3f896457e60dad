//! Introductions and what happens to them, played in the order of time, since the ledger is read in the order
//! it was written.

use chrono::{DateTime, Duration, Utc};
use domain::contact::ContactField;
use domain::introduction::{DEFAULT_LIFE, IntroductionEvent, IntroductionState, Stage, TEXT_VERSION};
use domain::standing::SeatRole;
use domain::{IntroductionId, LedgerId};
use sha2::{Digest, Sha256};
use store::companies::Seat;
use store::introductions::{self, AgreedText, Introduction};

use crate::demo::companies::Company;
use crate::demo::matches::Found;
use crate::demo::scene::Scene;
use crate::error::AppError;
use crate::usecases::agreed_text;

/// How an introduction goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// In force, and not looked at yet.
    Waiting,
    /// Looked at, and in force.
    Seen,
    /// Taken back after a look.
    Revoked,
    /// Given for a day, which is over.
    RunOut,
}

enum Step {
    /// The yes, with the hash of the words it was said to.
    Give(String),
    View(Seat),
    End(IntroductionEvent),
}

struct Event {
    at: DateTime<Utc>,
    introduction: Introduction,
    step: Step,
}

/// Everything that is to happen.
pub(super) struct Script<'a> {
    companies: &'a [Company],
    events: Vec<Event>,
    stages: Vec<(IntroductionId, Stage)>,
}

impl<'a> Script<'a> {
    pub(super) const fn new(companies: &'a [Company]) -> Self {
        Self { companies, events: Vec::new(), stages: Vec::new() }
    }

    /// Plans an introduction from a match at least thirty hours old.
    pub(super) fn plan(&mut self, scene: &mut Scene<'_>, found: &Found<'_>, course: Course) {
        let matched_at = found.stored.matched_at;
        let last = scene.now - Duration::hours(29);
        let minutes = (last - matched_at).num_minutes().max(30);
        let given_at = matched_at + scene.dice.minutes(30, minutes);
        let short = given_at + Duration::hours(26);
        let introduction = Introduction {
            id: scene.dice.id(IntroductionId::from_uuid),
            member: found.stored.member.clone(),
            opening: found.stored.opening.clone(),
            revision: found.stored.revision,
            company: found.posted.offer.company.clone(),
            fields: fields(scene, found),
            stored_state: IntroductionState::Active,
            void_cause: None,
            stage: Stage::New,
            created_at: given_at,
            expires_at: if course == Course::RunOut { short } else { given_at + DEFAULT_LIFE },
        };
        let seen_at = given_at + scene.dice.minutes(40, 20 * 60);
        let words = words_hash(self.companies, found, &introduction);
        let mut then = |at, step| {
            self.events.push(Event { at, introduction: introduction.clone(), step });
        };
        then(given_at, Step::Give(words));
        if course != Course::Waiting
            && let Some(seat) = seat(scene, self.companies, &introduction)
        {
            then(seen_at, Step::View(seat));
        }
        let revoked_at = seen_at + scene.dice.minutes(60, 8 * 60);
        match course {
            Course::Revoked => then(revoked_at, Step::End(IntroductionEvent::Revoke)),
            Course::RunOut => then(short, Step::End(IntroductionEvent::Expire)),
            Course::Waiting => {}
            Course::Seen => {
                let stages = [Stage::Contacted, Stage::Call, Stage::Contract, Stage::Rostered];
                let stage = *scene.dice.pick(&stages);
                self.stages.push((introduction.id, stage));
            }
        }
    }

    /// Lets everything happen.
    pub(super) fn play(mut self, scene: &mut Scene<'_>) -> Result<(), AppError> {
        self.events.sort_by_key(|event| event.at);
        for event in self.events {
            let (of, at) = (&event.introduction, event.at);
            let ledger_id = scene.dice.id(LedgerId::from_uuid);
            match event.step {
                Step::Give(sha256) => {
                    let text = AgreedText { version: TEXT_VERSION, sha256: &sha256 };
                    introductions::create(scene.conn, of, &text, ledger_id)?;
                }
                // The look is in the ledger; the grant it gives is not used, so nothing is unsealed.
                Step::View(seat) => {
                    drop(introductions::redeem(scene.conn, of, &seat, ledger_id, at)?);
                }
                Step::End(how) => {
                    introductions::end(scene.conn, of, how, ledger_id, at)?;
                }
            }
        }
        for (id, stage) in &self.stages {
            introductions::set_stage(scene.conn, id, *stage)?;
        }
        Ok(())
    }
}

/// Name and address, and of the rest what the member gave and cares to share.
fn fields(scene: &mut Scene<'_>, found: &Found<'_>) -> Vec<ContactField> {
    found
        .who
        .gives
        .iter()
        .copied()
        .filter(|field| match field {
            ContactField::Name | ContactField::Email => true,
            ContactField::Phone => scene.dice.chance(65),
            ContactField::Npi => scene.dice.chance(35),
            ContactField::Cv => scene.dice.chance(45),
        })
        .collect()
}

/// SHA-256, in hex, of the words the review page would have shown.
fn words_hash(companies: &[Company], found: &Found<'_>, of: &Introduction) -> String {
    let company = companies.iter().find(|c| c.id == of.company);
    let name = company.map_or("", |c| c.name);
    let fields: Vec<&str> = of.fields.iter().map(|field| field.label()).collect();
    let title = &found.posted.offer.terms.title;
    let words = agreed_text(name, title, &fields, of.expires_at).join("\n");
    Sha256::digest(words.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Someone of the company who works with introductions.
fn seat(scene: &mut Scene<'_>, companies: &[Company], of: &Introduction) -> Option<Seat> {
    let company = companies.iter().find(|c| c.id == of.company)?;
    let seats: Vec<&Seat> = company.seats.iter().filter(|seat| seat.role != SeatRole::Viewer).collect();
    Some((*scene.dice.pick(&seats)).clone())
}
