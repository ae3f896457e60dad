//! What would let a member fit more openings: one thing is changed at a time, and the index counts.

use domain::Kind;
use domain::candidate::Candidate;
use domain::certification::Rulebook;
use domain::place::State;
use domain::profile::{CertificationStatus, HeldCertification, Licence, LicenceKind, is_current};
use domain::standing::MemberStanding;
use search_index::Seek;
use store::Conn;
use store::members::Member;

use crate::app::App;
use crate::error::AppError;

/// The most things that are named.
const MOST: usize = 5;
/// How much farther the question about distance goes.
const FARTHER_MILES: u16 = 50;

/// What is open to a member, and what would be.
pub struct Outlook {
    /// Live openings that fit today.
    pub fits: usize,
    /// What would let more fit, the most first.
    pub widen: Vec<Widening>,
}

/// One change, and how many more openings would fit with it.
pub struct Widening {
    /// What changes.
    pub change: Change,
    /// How many more.
    pub more: usize,
}

/// Something about a profile that could be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Holding a certification: key and name.
    Certification(String, String),
    /// A licence of a state.
    Licence(State),
    /// Taking remote work.
    Remote,
    /// Travelling farther.
    Distance(u16),
    /// Taking this kind of work.
    Kind(Kind),
    /// No least pay for this kind of work.
    Pay(Kind),
}

impl Change {
    /// Its word in the API.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Certification(..) => "certification",
            Self::Licence(_) => "licence",
            Self::Remote => "remote",
            Self::Distance(_) => "distance",
            Self::Kind(_) => "kind",
            Self::Pay(_) => "pay",
        }
    }

    /// What exactly, in the words of the API.
    #[must_use]
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Certification(key, _) => Some(key.clone()),
            Self::Licence(state) => Some(state.code().to_owned()),
            Self::Remote => None,
            Self::Distance(miles) => Some(miles.to_string()),
            Self::Kind(kind) | Self::Pay(kind) => Some(kind.as_str().to_owned()),
        }
    }

    fn condition(&self) -> String {
        match self {
            Self::Certification(_, name) => format!("once appointed: {name}"),
            Self::Licence(state) => format!("with a licence in {}", state.name()),
            Self::Remote => "if you took remote work".to_owned(),
            Self::Distance(miles) => format!("if you travelled {miles} miles farther"),
            Self::Kind(kind) => format!("if you took {} work", kind.label()),
            Self::Pay(kind) => format!("without a least pay for {}", kind.label()),
        }
    }

    /// The same person, with this changed.
    fn applied(&self, who: &Candidate) -> Candidate {
        let mut who = who.clone();
        let profile = &mut who.profile;
        match self {
            Self::Certification(key, _) => {
                profile.certifications.retain(|held| held.key != *key);
                let status = CertificationStatus::Appointed;
                let steps = std::collections::BTreeMap::new();
                profile.certifications.push(HeldCertification { key: key.clone(), status, expires_on: None, steps });
            }
            Self::Licence(state) => {
                let kind = profile.licences.first().map_or(LicenceKind::Md, |l| l.kind);
                profile.licences.push(Licence { state: *state, kind, expires_on: None });
            }
            Self::Remote => profile.remote = true,
            Self::Distance(miles) => {
                for base in &mut profile.bases {
                    base.radius_miles = base.radius_miles.saturating_add(*miles);
                }
            }
            Self::Kind(kind) => {
                profile.interests.insert(*kind);
            }
            Self::Pay(kind) => profile.min_pay.retain(|min| min.kind != *kind),
        }
        who
    }
}

impl Widening {
    /// A sentence for the member.
    #[must_use]
    pub fn text(&self) -> String {
        let openings = if self.more == 1 { "opening" } else { "openings" };
        format!("You would fit {} more {openings} {}.", self.more, self.change.condition())
    }
}

/// Counts what fits, and what would with one thing changed. A member who is not active yet, or not now, is judged as
/// if they were.
///
/// # Errors
/// Database errors only.
pub fn widen_matches(conn: &mut Conn, app: &App, member: &Member) -> Result<Outlook, AppError> {
    let rules = store::facts::rulebook(conn)?;
    let Some(mut who) = store::profiles::candidates(conn, std::slice::from_ref(member))?.pop() else {
        return Ok(Outlook { fits: 0, widen: Vec::new() });
    };
    who.standing = MemberStanding::Active;
    let count = |who: &Candidate| app.index.openings().count_fitting(&Seek::of(who, app.now()));
    let fits = count(&who);
    let mut widen = Vec::new();
    for change in changes(&rules, &who, app.now().date_naive()) {
        let more = count(&change.applied(&who)).saturating_sub(fits);
        if more > 0 {
            widen.push(Widening { change, more });
        }
    }
    widen.sort_by_key(|w| std::cmp::Reverse(w.more));
    widen.truncate(MOST);
    Ok(Outlook { fits, widen })
}

/// Everything that could be otherwise, one by one.
fn changes(rules: &Rulebook, who: &Candidate, today: chrono::NaiveDate) -> Vec<Change> {
    let profile = &who.profile;
    let holds = |key: &str| {
        let current = profile.certifications.iter().filter(|c| c.key == key && is_current(c.expires_on, today));
        current.map(|c| c.status).max() == Some(CertificationStatus::Appointed)
    };
    let schemes = rules.schemes().iter().filter(|s| s.holder != "company" && !holds(&s.key));
    let mut all: Vec<Change> = schemes.map(|s| Change::Certification(s.key.clone(), s.name.clone())).collect();
    let mut states: Vec<State> = if profile.remote {
        State::all().collect()
    } else {
        profile.reach().into_iter().map(|market| market.state()).collect()
    };
    states.sort_unstable();
    states.dedup();
    all.extend(states.into_iter().filter(|s| !profile.licensed_in(*s, today)).map(Change::Licence));
    if !profile.remote {
        all.push(Change::Remote);
    }
    if !profile.bases.is_empty() {
        all.push(Change::Distance(FARTHER_MILES));
    }
    all.extend(Kind::ALL.iter().filter(|k| !profile.interests.contains(k)).map(|k| Change::Kind(*k)));
    let with_minimum = |k: &&Kind| profile.min_pay.iter().any(|min| min.kind == **k);
    all.extend(Kind::ALL.iter().filter(with_minimum).map(|k| Change::Pay(*k)));
    all
}
