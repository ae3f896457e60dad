//! The form of an alert: from what is kept to named fields, from named fields to what the API takes, and in words.

use std::fmt::Display;

use chrono::{NaiveDate, NaiveTime, Weekday};
use domain::alert::{Cadence, Rhythm, Tz, Wish, first_instant, weekday_word};
use domain::errors::Errors;
use domain::input::{AlertInput, AlertSettings};
use domain::pay::dollars;
use domain::place::Market;
use frontend::view::FieldError;
use store::alerts::Alert;

use crate::web::form::{Form, cents, field_errors};

/// The most numbered selects for further markets that are read.
pub(super) const MARKETS_AT_MOST: usize = 20;

/// Names in a list of a summary; the others are counted.
const NAMED: usize = 3;

/// A form that was read.
pub(super) struct Typed {
    /// As the API takes it.
    pub(super) input: AlertInput,
    /// What could not even be read as that.
    pub(super) errors: Vec<FieldError>,
    /// The field behind each market.
    markets: Vec<String>,
}

/// Reads a form. `paused` is not one of its fields; a day is one of the member's zone.
pub(super) fn read(form: &Form, paused: bool, zone: Tz) -> Typed {
    let mut errors = Vec::new();
    let min_pay_cents = cents(form.text("min_pay")).unwrap_or_else(|()| {
        errors.push(FieldError::new("min_pay", "Give an amount in dollars, for example 1200."));
        None
    });
    if !["yes", "no", ""].contains(&form.text("remote_too")) {
        errors.push(FieldError::new("remote_too", "Choose yes or no."));
    }
    let paused_until = form.filled("pause_until").and_then(|text| {
        let day = text.parse::<NaiveDate>().ok();
        if day.is_none() {
            errors.push(FieldError::new("pause_until", "Give a day, for example 2026-12-24."));
        }
        day.map(|day| first_instant(zone, day.and_time(NaiveTime::MIN)))
    });
    let mut named: Vec<(String, String)> = Vec::new();
    let ticked = form.list("market").into_iter().map(|slug| ("market".to_owned(), slug));
    let selected = (1..=MARKETS_AT_MOST).map(|n| format!("market_{n}"));
    for (field, slug) in ticked.chain(selected.filter_map(|f| Some((f.clone(), form.filled(&f)?)))) {
        // One that is ticked and selected as well is meant once.
        if named.iter().all(|(_, other)| *other != slug) {
            named.push((field, slug));
        }
    }
    let (fields, markets) = named.into_iter().unzip();
    let input = AlertInput {
        name: form.text("name").to_owned(),
        kinds: form.list("kind"),
        specialties: form.list("specialty"),
        markets,
        states: form.list("state"),
        remote_too: form.text("remote_too") != "no",
        min_pay_cents,
        words: form.text("words").to_owned(),
        cadence: form.text("cadence").to_owned(),
        weekday: form.text("weekday").to_owned(),
        time: form.text("time").to_owned(),
        paused,
        paused_until,
    };
    Typed { input, errors, markets: fields }
}

impl Typed {
    /// The domain's errors under the names of the form's fields.
    pub(super) fn faults(&self, errors: &Errors) -> Vec<FieldError> {
        field_errors(errors, |path| self.field(path))
    }

    /// The form's field behind a path of the API such as `markets[1]`.
    fn field(&self, path: &str) -> String {
        let (list, rest) = path.split_once('[').unwrap_or((path, ""));
        let at: usize = rest.trim_end_matches(']').parse().unwrap_or(0);
        match list {
            "kinds" => "kind".to_owned(),
            "specialties" => "specialty".to_owned(),
            "markets" => self.markets.get(at).cloned().unwrap_or_else(|| "market".to_owned()),
            "states" => "state".to_owned(),
            "min_pay_cents" => "min_pay".to_owned(),
            "paused_until" => "pause_until".to_owned(),
            other => other.to_owned(),
        }
    }
}

/// An alert as its form would send it.
pub(super) fn fields_of(alert: &Alert, zone: Tz) -> Form {
    let input = input_of(alert);
    let until = input.paused_until.map(|until| until.with_timezone(&zone).date_naive().to_string());
    let one = |name: &str, value: String| (name.to_owned(), value);
    let mut pairs = vec![
        one("name", input.name),
        one("cadence", input.cadence),
        one("weekday", input.weekday),
        one("time", input.time),
        one("pause_until", until.unwrap_or_default()),
        one("remote_too", if input.remote_too { "yes" } else { "no" }.to_owned()),
        one("words", input.words),
        one("min_pay", input.min_pay_cents.map_or_else(String::new, |c| dollars(c).replace(['$', ','], ""))),
    ];
    for (name, values) in [("kind", input.kinds), ("specialty", input.specialties), ("state", input.states)] {
        pairs.extend(values.into_iter().map(|value| one(name, value)));
    }
    let popular = |slug: &str| Market::parse(slug).is_some_and(Market::popular);
    let (ticked, selected): (Vec<String>, Vec<String>) = input.markets.into_iter().partition(|m| popular(m));
    pairs.extend(ticked.into_iter().map(|slug| one("market", slug)));
    pairs.extend((1..).zip(selected).map(|(n, slug): (usize, String)| (format!("market_{n}"), slug)));
    Form::from_pairs(pairs)
}

/// An alert as the API takes it.
pub(super) fn input_of(alert: &Alert) -> AlertInput {
    AlertInput::from(&AlertSettings {
        name: alert.name.clone(),
        wish: alert.wish.clone(),
        rhythm: alert.rhythm,
        paused: alert.paused,
        paused_until: alert.pause_until,
    })
}

/// How often and when, in words: `Once a week, Mondays at 07:00`.
pub(super) fn rhythm_in_words(rhythm: Rhythm) -> String {
    let (often, at) = (cadence_name(rhythm.cadence), rhythm.at.format("%H:%M"));
    match rhythm.cadence {
        Cadence::Instant => often.to_owned(),
        Cadence::Daily => format!("{often}, at {at}"),
        Cadence::Weekly => format!("{often}, {}s at {at}", weekday_name(rhythm.weekday)),
    }
}

/// `Monday`.
pub(super) fn weekday_name(day: Weekday) -> String {
    let word = weekday_word(day);
    let (first, rest) = word.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}

/// What an alert looks for, in one line. It never widens the profile: an opening must fit in any case.
pub(super) fn summary(wish: &Wish) -> String {
    let kinds =
        if wish.kinds.is_empty() { "Everything".to_owned() } else { some_of(wish.kinds.iter().map(|k| k.label())) };
    let mut parts = vec![format!("{kinds} that fits your profile")];
    if !wish.specialties.is_empty() {
        parts.push(format!("for {}", some_of(wish.specialties.iter().map(|s| s.name()))));
    }
    let states = wish.states.iter().map(|s| format!("anywhere in {}", s.name()));
    let places = some_of(wish.markets.iter().map(|m| m.label()).chain(states));
    match (places.is_empty(), wish.remote_too) {
        (true, true) => {}
        (true, false) => parts.push("only at a place".to_owned()),
        (false, true) => parts.push(format!("{places} or remote")),
        (false, false) => parts.push(places),
    }
    parts.extend(wish.min_pay_cents.map(|cents| format!("at least {} where pay is stated", dollars(cents))));
    if !wish.words.is_empty() {
        parts.push(format!("words: {}", wish.words));
    }
    parts.join(" · ")
}

/// `A or B or C`, `A or B or 2 more`.
pub(super) fn some_of<T: Display>(all: impl Iterator<Item = T>) -> String {
    let mut names: Vec<String> = all.map(|name| name.to_string()).collect();
    if names.len() > NAMED {
        let more = names.split_off(NAMED - 1).len();
        names.push(format!("{more} more"));
    }
    names.join(" or ")
}

/// How often, as people read it.
pub(super) const fn cadence_name(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Instant => "At once",
        Cadence::Daily => "Once a day",
        Cadence::Weekly => "Once a week",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(form: &str) -> AlertSettings {
        let typed = read(&Form::read(form).unwrap(), false, Tz::UTC);
        assert!(typed.errors.is_empty());
        typed.input.parse().unwrap()
    }

    #[test]
    fn an_alert_is_told_in_one_line() {
        for (form, want) in [
            ("", "Everything that fits your profile"),
            ("kind=qme&remote_too=no", "QME evaluation that fits your profile · only at a place"),
            (
                "kind=qme&kind=chart_review&specialty=neurology&market=bakersfield&market_1=fresno",
                "QME evaluation or Chart review that fits your profile · for Neurology · Bakersfield, CA or \
                 Fresno, CA or remote",
            ),
            (
                "state=CA&state=NV&state=TX&state=WA&remote_too=no&min_pay=1,200&words=spine+OR+neck+-child",
                "Everything that fits your profile · anywhere in California or anywhere in Nevada or 2 more · \
                 at least $1,200 where pay is stated · words: spine OR neck -child",
            ),
        ] {
            assert_eq!(summary(&settings(&format!("name=x&{form}")).wish), want);
        }
    }

    #[test]
    fn the_form_of_an_alert_sends_the_same_alert() {
        let typed = settings(
            "name=Spines&cadence=weekly&weekday=friday&time=18:30&kind=ime&specialty=neurology&market=los-angeles&market_3=fresno&market_4=fresno\
             &state=NV&remote_too=no&min_pay=$1,200.50&words=spine+-child",
        );
        assert_eq!(typed.wish.markets.len(), 2);
        let alert = Alert {
            id: domain::AlertId::parse("00000000-0000-4000-8000-000000000001").unwrap(),
            member: domain::MemberId::parse("00000000-0000-4000-8000-000000000002").unwrap(),
            name: typed.name.clone(),
            wish: typed.wish.clone(),
            rhythm: typed.rhythm,
            paused: false,
            pause_until: typed.paused_until,
            created_at: "2026-11-23T12:00:00Z".parse().unwrap(),
        };
        let zone = domain::alert::zone("Pacific/Auckland").unwrap();
        let alert = Alert { pause_until: "2026-12-23T11:00:00Z".parse().ok(), ..alert };
        let again = read(&fields_of(&alert, zone), false, zone).input.parse().unwrap();
        assert_eq!(again, AlertSettings { paused_until: alert.pause_until, ..typed });
    }

    #[test]
    fn a_fault_is_shown_at_its_field() {
        let form = Form::read(
            "market=bakersfield&market_2=nowhere&kind=x&min_pay=lots&words=OR&remote_too=maybe&time=7&pause_until=x",
        )
        .unwrap();
        let typed = read(&form, false, Tz::UTC);
        let mut wrong = typed.errors.clone();
        wrong.extend(typed.faults(&typed.input.parse().unwrap_err()));
        let fields: Vec<&str> = wrong.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["min_pay", "remote_too", "pause_until", "name", "kind", "market_2", "words", "time"]);
    }
}
