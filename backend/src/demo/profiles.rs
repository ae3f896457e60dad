//! Made-up criteria of members.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use domain::Kind;
use domain::certification::{CA_QME, Rulebook};
use domain::pay::{MinPay, PayBasis};
use domain::place::{Market, State};
use domain::profile::{Base, CertificationStatus, HeldCertification, HeldSpecialty, Licence, LicenceKind, Profile};
use domain::specialty::Specialty;

use crate::demo::dice::Dice;
use crate::demo::pools::Pools;

const RADII: &[u16] = &[15, 25, 25, 40, 50, 50, 60, 75, 100, 100, 150, 250];
const LANGUAGES: &[(&str, u64)] = &[
    ("spanish", 17),
    ("mandarin", 5),
    ("hindi", 5),
    ("vietnamese", 3),
    ("korean", 3),
    ("tagalog", 3),
    ("farsi", 3),
    ("arabic", 2),
    ("russian", 2),
    ("armenian", 2),
];
const NOTES: &[&str] = &[
    "Fridays work best for me.",
    "I would rather see fewer, longer cases.",
    "Not before ten in the morning on clinic days.",
    "Ask me about depositions only after the first few reports.",
    "I write my own reports and want an editor, not a ghost writer.",
    "Back from leave in spring; small volumes until then.",
];

/// Everything a profile is drawn with.
pub(super) struct Drawing<'a> {
    pub(super) pools: &'a Pools,
    pub(super) rules: &'a Rulebook,
    pub(super) today: NaiveDate,
}

impl Drawing<'_> {
    /// A profile of a physician with this kind of licence.
    pub(super) fn profile(&self, dice: &mut Dice, licence: LicenceKind) -> Profile {
        let home = self.home(dice);
        let specialties = self.specialties(dice);
        let medical_legal = specialties.iter().any(|s| s.primary && self.pools.is_medical_legal(s.specialty));
        let licences = self.licences(dice, home.state(), licence);
        let certifications = self.certifications(dice, &licences, medical_legal);
        let interests = interests(dice, home.state(), &certifications);
        let min_pay = min_pay(dice, &interests);
        let mut bases = vec![base(dice, home)];
        if dice.chance(18) {
            let second = self.pools.near(dice, home, 250.0, 1);
            bases.extend(second.into_iter().map(|m| base(dice, m)));
        }
        let mut languages = vec!["english".to_owned()];
        for (language, percent) in LANGUAGES {
            if dice.chance(*percent) {
                languages.push((*language).to_owned());
            }
        }
        let note = if dice.chance(8) { *dice.pick(NOTES) } else { "" };
        Profile {
            specialties,
            licences,
            certifications,
            interests,
            markets: self.markets(dice, &bases, home),
            bases,
            remote: dice.chance(70),
            min_pay,
            languages,
            years: u8::try_from(dice.between(3, 38)).ok(),
            provider_note: note.to_owned(),
            ..Profile::empty()
        }
    }

    fn home(&self, dice: &mut Dice) -> Market {
        if dice.chance(40) { self.pools.california.draw(dice) } else { self.pools.elsewhere.draw(dice) }
    }

    fn specialties(&self, dice: &mut Dice) -> Vec<HeldSpecialty> {
        let main = self.pools.practised.draw(dice);
        let mut all = vec![held(dice, main, true)];
        let second = if dice.chance(20) { self.pools.companion(dice, main) } else { None };
        all.extend(second.map(|s| held(dice, s, false)));
        all
    }

    fn licences(&self, dice: &mut Dice, home: State, kind: LicenceKind) -> Vec<Licence> {
        let mut states = vec![home];
        for percent in [42, 40, 35] {
            let more = self.pools.states.draw(dice);
            if !dice.chance(percent) {
                break;
            }
            if !states.contains(&more) {
                states.push(more);
            }
        }
        states.into_iter().map(|state| Licence { state, kind, expires_on: Some(self.end(dice)) }).collect()
    }

    /// A day in the next two years; three in a hundred have passed.
    fn end(&self, dice: &mut Dice) -> NaiveDate {
        let days = if dice.chance(3) { dice.between(-120, -3) } else { dice.between(25, 730) };
        self.today + Duration::days(days)
    }

    fn certifications(&self, dice: &mut Dice, licences: &[Licence], medical_legal: bool) -> Vec<HeldCertification> {
        let mut all = Vec::new();
        if licences.first().is_some_and(|l| l.state == State::california()) {
            all.extend(self.qme(dice, medical_legal));
        }
        // What other states ask of examiners, for those licensed there.
        for scheme in self.rules.schemes() {
            let there = licences.iter().any(|l| l.state.code() == scheme.state);
            let asked = matches!(scheme.mode.as_str(), "exclusive" | "required");
            if there
                && asked
                && scheme.key != CA_QME
                && scheme.holder == "physician"
                && dice.chance(if medical_legal { 30 } else { 8 })
            {
                all.push(self.appointed(dice, &scheme.key));
            }
        }
        if dice.chance(5) && self.rules.scheme("us-cime").is_some() {
            all.push(self.appointed(dice, "us-cime"));
        }
        all
    }

    /// About 12 in a hundred Californians are appointed and 9 on the way, mostly in the specialties panels ask for.
    fn qme(&self, dice: &mut Dice, medical_legal: bool) -> Option<HeldCertification> {
        let (appointed, on_the_way, interested) = if medical_legal { (22, 37, 50) } else { (4, 8, 16) };
        let number = dice.between(0, 99);
        if number < appointed {
            return Some(self.appointed(dice, CA_QME));
        }
        let status = match number {
            n if n < on_the_way => CertificationStatus::InProgress,
            n if n < interested => CertificationStatus::Interested,
            _ => return None,
        };
        Some(HeldCertification { key: CA_QME.to_owned(), status, expires_on: None, steps: BTreeMap::new() })
    }

    fn appointed(&self, dice: &mut Dice, key: &str) -> HeldCertification {
        HeldCertification {
            key: key.to_owned(),
            status: CertificationStatus::Appointed,
            expires_on: Some(self.end(dice)),
            steps: BTreeMap::new(),
        }
    }

    fn markets(&self, dice: &mut Dice, bases: &[Base], home: Market) -> Vec<Market> {
        if dice.chance(50) {
            return Vec::new();
        }
        let most = usize::try_from(dice.between(1, 4)).unwrap_or(1);
        let mut listed = self.pools.near(dice, home, 400.0, most);
        listed.retain(|m| bases.iter().all(|b| b.market != *m));
        if dice.chance(20) {
            listed.extend(Market::all().find(|m| m.is_statewide() && m.state() == home.state()));
        }
        listed
    }
}

fn held(dice: &mut Dice, specialty: Specialty, primary: bool) -> HeldSpecialty {
    HeldSpecialty { specialty, primary, board_certified: dice.chance(85) }
}

fn base(dice: &mut Dice, market: Market) -> Base {
    Base { market, radius_miles: *dice.pick(RADII) }
}

fn interests(dice: &mut Dice, home: State, certifications: &[HeldCertification]) -> BTreeSet<Kind> {
    let qme = certifications.iter().any(|c| c.key == CA_QME);
    let percent = match (qme, home == State::california()) {
        (true, _) => 96,
        (false, true) => 12,
        (false, false) => 2,
    };
    let mut wanted = BTreeSet::new();
    for (kind, percent) in [(Kind::Qme, percent), (Kind::Ime, 75), (Kind::ChartReview, 70)] {
        if dice.chance(percent) {
            wanted.insert(kind);
        }
    }
    if wanted.is_empty() {
        wanted.insert(Kind::ChartReview);
    }
    wanted
}

/// A little more than half set a least pay for a kind of work.
fn min_pay(dice: &mut Dice, interests: &BTreeSet<Kind>) -> Vec<MinPay> {
    let mut all = Vec::new();
    for kind in interests {
        if !dice.chance(55) {
            continue;
        }
        let by_share = *kind == Kind::Qme && dice.chance(35);
        let (basis, cents) = match kind {
            Kind::Qme if by_share => (PayBasis::FeeShare, dice.stepped(5000, 6500, 500)),
            Kind::Qme => (PayBasis::PerCase, dice.stepped(100_000, 170_000, 10_000)),
            Kind::Ime => (PayBasis::PerCase, dice.stepped(80_000, 150_000, 10_000)),
            Kind::ChartReview => (PayBasis::Hourly, dice.stepped(9000, 18_000, 1000)),
        };
        all.push(MinPay { kind: *kind, basis, cents });
    }
    all
}
