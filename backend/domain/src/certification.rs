//! Certification schemes of the states, as data (`data/certifications.csv`; admins edit the rows).

use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::place::State;

/// Key of the California QME appointment, which kind `qme` demands (LC 139.2).
pub const CA_QME: &str = "ca-qme";

/// The sphere whose `exclusive` and `required` rows bind a compensation-related IME.
const COMP_IME: &str = "workers_comp_ime";

/// One scheme. Only rows with confidence `high` or `medium` are ever loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// Stable key.
    pub key: String,
    /// Two-letter code, or `US`.
    pub state: String,
    /// Full name.
    pub name: String,
    /// Sphere: `workers_comp_ime`, `workers_comp_dispute_exam`, `impairment_rating`, ...
    pub applies_to: String,
    /// `exclusive`, `required` (these block), or a mode that only informs.
    pub mode: String,
    /// `company` for rows that bind the company; every other holder binds the physician.
    pub holder: String,
    /// How sure the row is.
    pub confidence: String,
}

/// The certification table in force.
#[derive(Debug, Clone, Default)]
pub struct Rulebook {
    schemes: Vec<Scheme>,
}

/// What the state's rules ask of a physician for one piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateDemand {
    /// Nothing.
    Nothing,
    /// These keys, all of them.
    Keys(Vec<String>),
    /// There is no row for this state: unknown, not free.
    Unknown,
}

impl Rulebook {
    /// The table from these rows; rows not fit to be shown as fact are left out.
    #[must_use]
    pub fn new(schemes: Vec<Scheme>) -> Self {
        let schemes = schemes.into_iter().filter(|s| crate::facts::may_be_shown(&s.confidence)).collect();
        Self { schemes }
    }

    /// The table as shipped.
    #[must_use]
    pub fn shipped() -> Self {
        Self::new(crate::facts::rows(include_str!("../data/certifications.csv")))
    }

    /// Every scheme.
    #[must_use]
    pub fn schemes(&self) -> &[Scheme] {
        &self.schemes
    }

    /// The scheme of this key.
    #[must_use]
    pub fn scheme(&self, key: &str) -> Option<&Scheme> {
        self.schemes.iter().find(|s| s.key == key)
    }

    /// Its name, or the key itself when the table does not know it.
    #[must_use]
    pub fn name<'a>(&'a self, key: &'a str) -> &'a str {
        self.scheme(key).map_or(key, |s| s.name.as_str())
    }

    /// What the rules ask of a physician for this kind of work in this state; `None` for remote work
    /// without a state.
    #[must_use]
    pub fn demand(&self, kind: Kind, comp_related: bool, state: Option<State>) -> StateDemand {
        match (kind, comp_related) {
            (Kind::Qme, _) => StateDemand::Keys(vec![CA_QME.to_owned()]),
            (Kind::Ime, true) => state.map_or(StateDemand::Unknown, |s| self.comp_ime(s)),
            _ => StateDemand::Nothing,
        }
    }

    fn comp_ime(&self, state: State) -> StateDemand {
        // Rule `comp-ime-needs-qme`: a compensation-related IME in California is QME work.
        if state == State::california() {
            return StateDemand::Keys(vec![CA_QME.to_owned()]);
        }
        let mut of_state = self.schemes.iter().filter(|s| s.state == state.code()).peekable();
        if of_state.peek().is_none() {
            return StateDemand::Unknown;
        }
        let keys: Vec<String> = of_state
            .filter(|s| s.applies_to == COMP_IME && s.holder != "company")
            .filter(|s| matches!(s.mode.as_str(), "exclusive" | "required"))
            .map(|s| s.key.clone())
            .collect();
        if keys.is_empty() { StateDemand::Nothing } else { StateDemand::Keys(keys) }
    }
}
