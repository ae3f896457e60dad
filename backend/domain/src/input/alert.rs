//! An alert as the API takes it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::alert::{Cadence, Rhythm, Wish, Words, time_of_day, weekday, weekday_word};
use crate::errors::Errors;
use crate::input::lists::list;
use crate::input::one_line;
use crate::kind::Kind;
use crate::place::{Market, State};
use crate::specialty::Specialty;

/// The longest name, in characters.
const NAME_MAX: usize = 80;
/// The most specialties, markets and states an alert names, each.
const NAMED_MAX: usize = 20;
/// The largest pay an opening can state, in cents.
const PAY_MAX: i64 = 100_000_000;

/// An alert as a member writes it; what is left out means "as my profile".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertInput {
    /// A name of the member's own.
    pub name: String,
    /// Only these kinds.
    pub kinds: Vec<String>,
    /// Only these specialties, by slug.
    pub specialties: Vec<String>,
    /// Only these markets, by slug, or the states.
    pub markets: Vec<String>,
    /// Only these states, by code, or the markets.
    pub states: Vec<String>,
    /// Also remote work; true when left out.
    pub remote_too: bool,
    /// Least pay, where pay is stated.
    pub min_pay_cents: Option<i64>,
    /// For example `spine OR neck -pediatric`.
    pub words: String,
    /// `instant`, `daily` or `weekly`; instant when left out.
    pub cadence: String,
    /// Day of a weekly mail, `monday` to `sunday`; Monday when left out.
    pub weekday: String,
    /// Local time of a daily or weekly mail, such as `07:00`; seven when left out.
    pub time: String,
    /// Silenced until the member says otherwise.
    pub paused: bool,
    /// Silenced until then, while what it finds is kept.
    pub paused_until: Option<DateTime<Utc>>,
}

impl Default for AlertInput {
    fn default() -> Self {
        Self {
            name: String::new(),
            kinds: Vec::new(),
            specialties: Vec::new(),
            markets: Vec::new(),
            states: Vec::new(),
            remote_too: true,
            min_pay_cents: None,
            words: String::new(),
            cadence: String::new(),
            weekday: String::new(),
            time: String::new(),
            paused: false,
            paused_until: None,
        }
    }
}

/// What an input says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertSettings {
    /// Its name, for the member.
    pub name: String,
    /// What it asks for.
    pub wish: Wish,
    /// How often and when it writes.
    pub rhythm: Rhythm,
    /// Silenced until the member says otherwise.
    pub paused: bool,
    /// Silenced until then.
    pub paused_until: Option<DateTime<Utc>>,
}

impl AlertInput {
    /// Parses the whole input and reports every error at once.
    ///
    /// # Errors
    /// Each wrong field by its API path.
    pub fn parse(&self) -> Result<AlertSettings, Errors> {
        let mut e = Errors::default();
        let name = one_line(&mut e, "name", &self.name, true, NAME_MAX);
        let wish = Wish {
            kinds: list(&mut e, "kinds", &self.kinds, Kind::ALL.len(), Kind::parse),
            specialties: list(&mut e, "specialties", &self.specialties, NAMED_MAX, Specialty::parse),
            markets: list(&mut e, "markets", &self.markets, NAMED_MAX, Market::parse),
            states: list(&mut e, "states", &self.states, NAMED_MAX, State::parse),
            remote_too: self.remote_too,
            min_pay_cents: self.min_pay_cents,
            words: self.words(&mut e),
        };
        if self.min_pay_cents.is_some_and(|c| !(1..=PAY_MAX).contains(&c)) {
            e.add("min_pay_cents", "out_of_range", "Give an amount from $0.01 to $1,000,000.");
        }
        let rhythm = self.rhythm(&mut e);
        e.finish(AlertSettings { name, wish, rhythm, paused: self.paused, paused_until: self.paused_until })
    }

    fn rhythm(&self, e: &mut Errors) -> Rhythm {
        let usual = Rhythm::of(Cadence::Instant);
        let cadence = if self.cadence.is_empty() { Some(usual.cadence) } else { Cadence::parse(&self.cadence) };
        if cadence.is_none() {
            e.add("cadence", "unknown", "Choose instant, daily or weekly.");
        }
        let day = if self.weekday.is_empty() { Some(usual.weekday) } else { weekday(&self.weekday) };
        if day.is_none() {
            e.add("weekday", "unknown", "Choose a day from monday to sunday.");
        }
        let at = if self.time.is_empty() { Some(usual.at) } else { time_of_day(&self.time) };
        if at.is_none() {
            e.add("time", "malformed", "Give a time of day, for example 07:00.");
        }
        Rhythm {
            cadence: cadence.unwrap_or(usual.cadence),
            weekday: day.unwrap_or(usual.weekday),
            at: at.unwrap_or(usual.at),
        }
    }

    fn words(&self, e: &mut Errors) -> Words {
        Words::parse(&self.words).unwrap_or_else(|error| {
            e.add("words", error.code(), error.to_string());
            Words::default()
        })
    }
}

/// Back in the shape of the API, for answers and for forms that are filled in.
impl From<&AlertSettings> for AlertInput {
    fn from(alert: &AlertSettings) -> Self {
        let slugs = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let wish = &alert.wish;
        Self {
            name: alert.name.clone(),
            kinds: slugs(wish.kinds.iter().map(|k| k.as_str()).collect()),
            specialties: slugs(wish.specialties.iter().map(|s| s.slug()).collect()),
            markets: slugs(wish.markets.iter().map(|m| m.slug()).collect()),
            states: slugs(wish.states.iter().map(|s| s.code()).collect()),
            remote_too: wish.remote_too,
            min_pay_cents: wish.min_pay_cents,
            words: wish.words.to_string(),
            cadence: alert.rhythm.cadence.as_str().to_owned(),
            weekday: weekday_word(alert.rhythm.weekday).to_owned(),
            time: alert.rhythm.at.format("%H:%M").to_string(),
            paused: alert.paused,
            paused_until: alert.paused_until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<AlertInput, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn what_is_left_out_asks_for_nothing() {
        let alert = read(r#"{"name": " All  of it "}"#).unwrap().parse().unwrap();
        assert_eq!(
            alert,
            AlertSettings {
                name: "All of it".to_owned(),
                wish: Wish::default(),
                rhythm: Rhythm::of(Cadence::Instant),
                paused: false,
                paused_until: None,
            }
        );
        assert!(read(r#"{"name": "x", "colour": "red"}"#).is_err());
    }

    #[test]
    fn an_alert_reads_back_as_it_was_written() {
        let input = AlertInput {
            name: "Spines".to_owned(),
            kinds: vec!["ime".to_owned(), "qme".to_owned()],
            specialties: vec!["neurology".to_owned()],
            markets: vec!["fresno".to_owned()],
            states: vec!["NV".to_owned(), "TX".to_owned()],
            remote_too: false,
            min_pay_cents: Some(120_000),
            words: "spine OR neck -pediatric".to_owned(),
            cadence: "weekly".to_owned(),
            weekday: "thursday".to_owned(),
            time: "18:30".to_owned(),
            paused: true,
            paused_until: "2026-12-24T08:00:00Z".parse().ok(),
        };
        assert_eq!(AlertInput::from(&input.parse().unwrap()), input);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let input = read(
            r#"{"kinds": ["qme", "qme"], "specialties": ["x"], "markets": ["fresno", "y"], "states": ["ZZ"],
                "min_pay_cents": 0, "words": "OR", "cadence": "hourly", "weekday": "mon", "time": "7 am"}"#,
        );
        let errors = input.unwrap().parse().unwrap_err();
        let found: Vec<(&str, &str)> = errors.list().iter().map(|e| (e.field.as_str(), e.code)).collect();
        assert_eq!(
            found,
            [
                ("name", "required"),
                ("kinds[1]", "conflict"),
                ("specialties[0]", "unknown"),
                ("markets[1]", "unknown"),
                ("states[0]", "unknown"),
                ("words", "malformed"),
                ("min_pay_cents", "out_of_range"),
                ("cadence", "unknown"),
                ("weekday", "unknown"),
                ("time", "malformed"),
            ]
        );
        let many = AlertInput {
            name: "x".to_owned(),
            markets: Market::all().take(21).map(|m| m.slug().to_owned()).collect(),
            ..AlertInput::default()
        };
        assert_eq!(many.parse().unwrap_err().list()[0].code, "too_long");
    }
}
