//! Where the work can be done, and the three rules judged place by place.

use crate::certification::{Rulebook, StateDemand};
use crate::eligibility::{Note, Reason, Rule, Today};
use crate::kind::Kind;
use crate::opening::{LicenceRule, Terms};
use crate::place::{Market, State};
use crate::profile::{CertificationStatus, Profile, is_current};

/// One way an opening's work can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// On site.
    Market(Market),
    /// From anywhere, counted to a state when the opening names one.
    Remote(Option<State>),
}

impl Spot {
    /// The state the work is in.
    #[must_use]
    pub fn state(self) -> Option<State> {
        match self {
            Self::Market(m) => Some(m.state()),
            Self::Remote(s) => s,
        }
    }

    /// True for work done from anywhere.
    #[must_use]
    pub const fn is_remote(self) -> bool {
        matches!(self, Self::Remote(_))
    }

    /// The place as people read it.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Market(m) => m.label(),
            Self::Remote(Some(s)) => format!("Remote, {}", s.name()),
            Self::Remote(None) => "Remote".to_owned(),
        }
    }
}

/// Every way the work can be done: its markets in their order, then its remote forms.
#[must_use]
pub fn spots(terms: &Terms) -> Vec<Spot> {
    let mut all: Vec<Spot> = terms.markets.iter().map(|m| Spot::Market(*m)).collect();
    if terms.remote {
        match &terms.licence {
            LicenceRule::OneOf(states) => all.extend(states.iter().map(|s| Spot::Remote(Some(*s)))),
            // QME work is California's, wherever the physician sits.
            LicenceRule::StateOfWork if terms.kind == Kind::Qme => all.push(Spot::Remote(Some(State::california()))),
            LicenceRule::StateOfWork | LicenceRule::NotNeeded => all.push(Spot::Remote(None)),
        }
    }
    all
}

/// The three answers for one place.
pub(super) struct Judged {
    pub(super) spot: Option<Spot>,
    pub(super) miles: f64,
    pub(super) licence: Reason,
    pub(super) certification: Reason,
    pub(super) place: Reason,
}

impl Judged {
    /// How good this place is: how many of the three rules pass, then a met place, then nearness.
    pub(super) fn rank(&self) -> (u8, bool, i64) {
        let passed = [&self.licence, &self.certification, &self.place].iter().map(|r| u8::from(r.met)).sum();
        (passed, self.place.met, -whole_miles(self.miles))
    }

    /// The answer for an opening that names no place at all.
    pub(super) fn nowhere() -> Self {
        let no = |rule| Reason::new(rule, false, "The opening names no place.");
        Self {
            spot: None,
            miles: 0.0,
            licence: no(Rule::Licence),
            certification: no(Rule::Certification),
            place: no(Rule::Place),
        }
    }
}

pub(super) fn judge(rules: &Rulebook, terms: &Terms, profile: &Profile, spot: Spot, today: Today) -> Judged {
    let (place, miles) = place(profile, spot);
    Judged {
        spot: Some(spot),
        miles,
        licence: licence(terms, profile, spot, today),
        certification: certification(rules, terms, profile, spot, today),
        place,
    }
}

fn place(profile: &Profile, spot: Spot) -> (Reason, f64) {
    match spot {
        Spot::Remote(_) if profile.remote => (Reason::new(Rule::Place, true, "It can be done remotely."), 0.0),
        Spot::Remote(_) => (Reason::new(Rule::Place, false, "It is remote, and you take no remote work."), 0.0),
        Spot::Market(m) => match profile.reaches(m) {
            Some(miles) if whole_miles(miles) > 0 => {
                let text = format!("{} is {} miles from your base, within your radius.", m.label(), whole_miles(miles));
                (Reason::new(Rule::Place, true, text), miles)
            }
            Some(miles) => (Reason::new(Rule::Place, true, format!("{} is one of your markets.", m.label())), miles),
            None => {
                let nearest = profile.bases.iter().map(|b| b.market.miles_to(m)).min_by(f64::total_cmp);
                let text = nearest.map_or_else(
                    || format!("{} is not among your markets.", m.label()),
                    |miles| format!("{} is {} miles away, outside your radius.", m.label(), whole_miles(miles)),
                );
                (Reason::new(Rule::Place, false, text), nearest.unwrap_or(f64::from(u16::MAX)))
            }
        },
    }
}

fn licence(terms: &Terms, profile: &Profile, spot: Spot, today: Today) -> Reason {
    let (met, text) = match (&terms.licence, spot.state()) {
        (LicenceRule::NotNeeded, _) => (true, "No licence is needed.".to_owned()),
        (_, Some(state)) => {
            let held = profile.licensed_in(state, today);
            (held, licence_text(profile, state, held))
        }
        (_, None) => {
            let any = profile.licences.iter().any(|l| is_current(l.expires_on, today));
            let text = if any { "You hold a current US licence." } else { "It needs a current US licence." };
            (any, text.to_owned())
        }
    };
    // Named states add to the state of the work for work on site; they never weaken it.
    match (&terms.licence, spot) {
        (LicenceRule::OneOf(states), Spot::Market(_))
            if met && !states.iter().any(|s| profile.licensed_in(*s, today)) =>
        {
            let names: Vec<&str> = states.iter().map(|s| s.name()).collect();
            Reason::new(Rule::Licence, false, format!("It also asks for a licence in {}.", names.join(" or ")))
        }
        _ => Reason::new(Rule::Licence, met, text),
    }
}

fn licence_text(profile: &Profile, state: State, held: bool) -> String {
    let lapsed = profile.licences.iter().any(|l| l.state == state);
    match (held, lapsed) {
        (true, _) => format!("Your {} licence is current.", state.name()),
        (false, true) => format!("Your {} licence has expired.", state.name()),
        (false, false) => format!("It needs a {} licence.", state.name()),
    }
}

fn certification(rules: &Rulebook, terms: &Terms, profile: &Profile, spot: Spot, today: Today) -> Reason {
    let demand = rules.demand(terms.kind, terms.comp_related, spot.state());
    let mut keys = match &demand {
        StateDemand::Keys(keys) => keys.clone(),
        StateDemand::Nothing | StateDemand::Unknown => Vec::new(),
    };
    keys.extend(terms.certification.required.iter().filter(|k| !keys.contains(k)).cloned().collect::<Vec<_>>());
    let mut on_the_way = None;
    for key in &keys {
        let name = rules.name(key);
        match held(profile, key, today) {
            Some(CertificationStatus::Appointed) => {}
            Some(CertificationStatus::InProgress) if terms.certification.takes_candidates => on_the_way = Some(name),
            Some(CertificationStatus::InProgress) => {
                return Reason::new(
                    Rule::Certification,
                    false,
                    format!("It needs {name} already held; you are on the way."),
                )
                .noted(Note::OnTheWay);
            }
            Some(CertificationStatus::Interested) | None => {
                return Reason::new(Rule::Certification, false, format!("It needs {name}."));
            }
        }
    }
    match (on_the_way, keys.first(), demand) {
        (Some(name), ..) => Reason::new(
            Rule::Certification,
            true,
            format!("You are on the way to {name}, and it takes physicians on the way."),
        )
        .noted(Note::OnTheWay),
        (None, _, StateDemand::Unknown) => {
            let at = spot.state().map_or("this work", State::name);
            Reason::new(
                Rule::Certification,
                true,
                format!("We hold no data on certification rules for {at}; ask the company."),
            )
            .noted(Note::Unknown)
        }
        (None, Some(key), _) => Reason::new(Rule::Certification, true, format!("You hold {}.", rules.name(key))),
        (None, None, _) => Reason::new(Rule::Certification, true, "No certification is demanded."),
    }
}

/// The best current status for a key; an expired one does not count from its date on.
fn held(profile: &Profile, key: &str, today: Today) -> Option<CertificationStatus> {
    profile.certifications.iter().filter(|c| c.key == key && is_current(c.expires_on, today)).map(|c| c.status).max()
}

/// Miles rounded for people and for ranks.
#[expect(clippy::as_conversions, reason = "a distance on earth, rounded, fits an i64")]
pub fn whole_miles(miles: f64) -> i64 {
    miles.round() as i64
}
