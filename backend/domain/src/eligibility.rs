//! The hard rules: may this member take this opening, and why (not). The one place they are written.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::candidate::{Candidate, Offer};
use crate::certification::Rulebook;
use crate::kind::Kind;
use crate::opening::{Requires, Terms};
use crate::pay::{PayVerdict, dollars};
use crate::profile::{Profile, ProviderClass};
use crate::standing::MemberStanding;
use crate::words::words;

mod demands;
mod spot;

pub use demands::demands;
pub use spot::{Spot, spots, whole_miles};

words! {
    /// The names of the nine rules, as shown to people and stored in the trace.
    Rule {
        /// Member, company and opening are in force.
        Active = "active",
        /// The kind is among the member's interests.
        Kind = "kind",
        /// The specialties meet.
        Specialty = "specialty",
        /// A current licence where the work is.
        Licence = "licence",
        /// The certification the state or the opening asks.
        Certification = "certification",
        /// Within reach.
        Place = "place",
        /// Not below the member's minimum.
        Pay = "pay",
        /// The member has not blocked the company.
        Blocked = "blocked",
        /// Board certification, provider class, languages, years.
        Other = "other",
    }
}

words! {
    /// A shade of a reason that is worth showing apart.
    Note {
        /// Nothing special.
        Plain = "plain",
        /// Met by being on the way.
        OnTheWay = "on_the_way",
        /// Not known; does not block.
        Unknown = "unknown",
    }
}

/// One rule's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Which rule.
    pub rule: Rule,
    /// Whether it is met.
    pub met: bool,
    /// A shade.
    pub note: Note,
    /// A sentence for the member.
    pub text: String,
}

impl Reason {
    pub(crate) fn new(rule: Rule, met: bool, text: impl Into<String>) -> Self {
        Self { rule, met, note: Note::Plain, text: text.into() }
    }

    pub(crate) fn noted(mut self, note: Note) -> Self {
        self.note = note;
        self
    }
}

/// The answer: all nine reasons, in the order of the rules, and the place they were judged at.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Every rule is met.
    Eligible(Fit),
    /// At least one is not.
    Not(Vec<Reason>),
}

/// An eligible pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// All nine, met.
    pub reasons: Vec<Reason>,
    /// The place that passes, and its distance in miles from the nearest base (0 when remote or listed).
    pub spot: Spot,
    /// Miles.
    pub miles: f64,
}

impl Verdict {
    /// True when every rule is met.
    #[must_use]
    pub const fn is_eligible(&self) -> bool {
        matches!(self, Self::Eligible(_))
    }

    /// The reasons, whichever way it went.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Eligible(fit) => &fit.reasons,
            Self::Not(reasons) => reasons,
        }
    }
}

/// Judges one pair. Licence, certification and place are judged together, place by place: an opening with
/// several places fits when one of them passes all three; otherwise the nearest miss is reported.
#[must_use]
pub fn check(rules: &Rulebook, offer: &Offer, who: &Candidate, now: DateTime<Utc>) -> Verdict {
    let (terms, profile, today) = (&offer.terms, &who.profile, now.date_naive());
    let best = spots(terms)
        .into_iter()
        .map(|s| spot::judge(rules, terms, profile, s, today))
        // The first best wins, so that the answer is stable.
        .fold(None::<spot::Judged>, |best, next| match best {
            Some(b) if b.rank() >= next.rank() => Some(b),
            _ => Some(next),
        });
    let at = best.unwrap_or_else(spot::Judged::nowhere);
    let reasons = vec![
        active(offer, who, now),
        kind(terms.kind, profile),
        specialty(terms, profile),
        at.licence,
        at.certification,
        at.place,
        pay(terms, profile),
        blocked(offer, who),
        other(terms, profile),
    ];
    match at.spot {
        Some(spot) if reasons.iter().all(|r| r.met) => Verdict::Eligible(Fit { reasons, spot, miles: at.miles }),
        _ => Verdict::Not(reasons),
    }
}

fn active(offer: &Offer, who: &Candidate, now: DateTime<Utc>) -> Reason {
    let member = match who.standing {
        MemberStanding::Active => None,
        MemberStanding::Pending => Some("Your membership waits for approval."),
        MemberStanding::Paused => Some("You have paused your membership."),
        MemberStanding::Suspended | MemberStanding::Rejected => Some("Your membership is not active."),
    };
    match member.or_else(|| offer.liveness.why_not(now)) {
        Some(why) => Reason::new(Rule::Active, false, why),
        None => Reason::new(Rule::Active, true, "The opening is live and your membership is active."),
    }
}

fn kind(kind: Kind, profile: &Profile) -> Reason {
    let met = profile.interests.contains(&kind);
    let verb = if met { "is" } else { "is not" };
    Reason::new(Rule::Kind, met, format!("{} {verb} among the kinds of work you want.", kind.label()))
}

fn specialty(terms: &Terms, profile: &Profile) -> Reason {
    if terms.specialties.is_empty() {
        return Reason::new(Rule::Specialty, true, "Open to any specialty.");
    }
    let shared = profile.specialties.iter().find(|h| terms.specialties.contains(&h.specialty));
    match shared {
        Some(h) if h.primary => {
            Reason::new(Rule::Specialty, true, format!("{} is your main specialty.", h.specialty.name()))
        }
        Some(h) => Reason::new(Rule::Specialty, true, format!("{} is one of your specialties.", h.specialty.name())),
        None => {
            let names: Vec<&str> = terms.specialties.iter().map(|s| s.name()).collect();
            Reason::new(Rule::Specialty, false, format!("It asks for {}.", names.join(" or ")))
        }
    }
}

fn pay(terms: &Terms, profile: &Profile) -> Reason {
    let (met, note, text) = match terms.pay.against(terms.kind, &profile.min_pay) {
        PayVerdict::NoMinimum => (true, Note::Plain, "You set no minimum for this kind of work.".to_owned()),
        PayVerdict::Reaches(_) => (true, Note::Plain, "The pay reaches your minimum.".to_owned()),
        PayVerdict::Below => {
            let least = profile.min_pay.iter().find(|m| m.kind == terms.kind && m.basis == terms.pay.basis);
            let least = least.map_or_else(String::new, |m| match m.basis {
                crate::pay::PayBasis::FeeShare => String::new(),
                _ => format!(" of {}", dollars(m.cents)),
            });
            (false, Note::Plain, format!("The pay stays below your minimum{least}."))
        }
        PayVerdict::OtherUnit => {
            (true, Note::Unknown, "The pay is stated in another unit than your minimum.".to_owned())
        }
        PayVerdict::NotStated => (true, Note::Unknown, "The opening does not state its pay.".to_owned()),
    };
    Reason::new(Rule::Pay, met, text).noted(note)
}

fn blocked(offer: &Offer, who: &Candidate) -> Reason {
    let is_blocked = who.blocked.contains(&offer.company);
    let text = if is_blocked { "You have blocked this company." } else { "You have not blocked this company." };
    Reason::new(Rule::Blocked, !is_blocked, text)
}

fn other(terms: &Terms, profile: &Profile) -> Reason {
    let ask = &terms.requires;
    let missing = words_of(&Requires {
        board_certified: ask.board_certified && !board_certified(terms, profile),
        min_years: if profile.years.is_none_or(|y| y < ask.min_years) { ask.min_years } else { 0 },
        languages: ask.languages.iter().filter(|l| !profile.languages.contains(l)).cloned().collect(),
        provider_classes: match ask.provider_classes.contains(&profile.provider_class) {
            true => Vec::new(),
            false => ask.provider_classes.clone(),
        },
    });
    if missing.is_empty() {
        Reason::new(Rule::Other, true, "You meet its other requirements.")
    } else {
        Reason::new(Rule::Other, false, format!("It also asks for {}.", missing.join(", ")))
    }
}

/// The other demands, one by one.
fn words_of(ask: &Requires) -> Vec<String> {
    let mut words = Vec::new();
    if ask.board_certified {
        words.push("board certification".to_owned());
    }
    if ask.min_years > 0 {
        words.push(format!("{} years in practice", ask.min_years));
    }
    words.extend(ask.languages.iter().map(|l| format!("the language {l}")));
    let mut classes = ask.provider_classes.clone();
    classes.sort_unstable();
    classes.dedup();
    match classes.as_slice() {
        [ProviderClass::MdDo] => words.push("a physician's licence (MD or DO)".to_owned()),
        [ProviderClass::NonMd] => words.push("a licence of another profession than MD or DO".to_owned()),
        _ => {}
    }
    words
}

fn board_certified(terms: &Terms, profile: &Profile) -> bool {
    profile
        .specialties
        .iter()
        .any(|h| h.board_certified && (terms.specialties.is_empty() || terms.specialties.contains(&h.specialty)))
}

/// The day a licence or certification is judged on.
pub(crate) type Today = NaiveDate;

#[cfg(test)]
mod tests;
