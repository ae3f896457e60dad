//! What an alert asks of an opening: the one rule, for the index's proposals, for what is told, and for tests.

use super::words::Words;
use crate::kind::Kind;
use crate::opening::Terms;
use crate::pay::{Pay, PayBasis};
use crate::place::{Market, State};
use crate::specialty::Specialty;

/// What an alert asks. It never widens a profile: an opening must fit its member in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Only these kinds; empty means any.
    pub kinds: Vec<Kind>,
    /// Only openings that take one of these specialties; empty means any.
    pub specialties: Vec<Specialty>,
    /// Only work in these markets or in `states`; both empty means anywhere.
    pub markets: Vec<Market>,
    /// Only work in these states or in `markets`.
    pub states: Vec<State>,
    /// Also work that can be done from anywhere, whatever places are named.
    pub remote_too: bool,
    /// The least an opening that states an amount must state, in cents.
    pub min_pay_cents: Option<i64>,
    /// Words it must have and must not have.
    pub words: Words,
}

impl Default for Wish {
    /// Asks for nothing: every opening passes.
    fn default() -> Self {
        Self {
            kinds: Vec::new(),
            specialties: Vec::new(),
            markets: Vec::new(),
            states: Vec::new(),
            remote_too: true,
            min_pay_cents: None,
            words: Words::default(),
        }
    }
}

impl Wish {
    /// True when the opening passes. `has_word` says whether the opening has a word; it is asked last, and only
    /// when there are words.
    pub fn wants(&self, terms: &Terms, has_word: impl Fn(&str) -> bool) -> bool {
        let kind = self.kinds.is_empty() || self.kinds.contains(&terms.kind);
        kind && self.wants_specialty(terms)
            && self.wants_place(terms)
            && self.wants_pay(&terms.pay)
            && self.words.fires(has_word)
    }

    /// An opening without specialties takes any, so it takes those that are named here.
    fn wants_specialty(&self, terms: &Terms) -> bool {
        self.specialties.is_empty()
            || terms.specialties.is_empty()
            || terms.specialties.iter().any(|s| self.specialties.contains(s))
    }

    /// With `remote_too`, work from anywhere passes at once. Else an opening passes by a market: any, when no place
    /// is named, so that one with markets is not lost because it can be done remotely as well.
    fn wants_place(&self, terms: &Terms) -> bool {
        if self.markets.is_empty() && self.states.is_empty() {
            return self.remote_too || !is_only_remote(terms);
        }
        let named = |m: &Market| self.markets.contains(m) || self.states.contains(&m.state());
        (self.remote_too && terms.remote) || terms.markets.iter().any(named)
    }

    /// An opening that states no amount passes: what is not known does not block. An amount is compared as it
    /// stands, whatever it is paid for, as the search of openings does.
    fn wants_pay(&self, pay: &Pay) -> bool {
        match (self.min_pay_cents, stated_cents(pay)) {
            (Some(least), Some(best)) => best >= least,
            _ => true,
        }
    }
}

/// True for work that is in no market.
#[must_use]
pub fn is_only_remote(terms: &Terms) -> bool {
    terms.remote && terms.markets.is_empty()
}

/// The upper end of the amount an opening states; nothing for a share of a fee or when no pay is stated.
#[must_use]
pub fn stated_cents(pay: &Pay) -> Option<i64> {
    if pay.basis == PayBasis::FeeShare { None } else { pay.best() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::{CertificationAsk, LicenceRule, Requires};

    fn pay(basis: PayBasis, max_cents: Option<i64>, share_bps: Option<i32>) -> Pay {
        Pay { basis, min_cents: None, max_cents, share_bps, extra_page_cents: None, included_pages: None }
    }

    /// An orthopaedic QME in Bakersfield and Los Angeles for up to $1,500.
    fn opening() -> Terms {
        Terms {
            kind: Kind::Qme,
            title: "Spine".to_owned(),
            description: String::new(),
            specialties: specialties(&["orthopaedic-surgery", "neurology"]),
            markets: markets(&["bakersfield", "los-angeles"]),
            remote: false,
            licence: LicenceRule::StateOfWork,
            certification: CertificationAsk::default(),
            comp_related: false,
            pay: pay(PayBasis::PerCase, Some(150_000), None),
            volume: String::new(),
            seats: 1,
            requires: Requires::default(),
            closes_on: "2026-12-14".parse().unwrap(),
            public_listing: true,
        }
    }

    fn specialties(slugs: &[&str]) -> Vec<Specialty> {
        slugs.iter().map(|s| Specialty::parse(s).unwrap()).collect()
    }

    fn markets(slugs: &[&str]) -> Vec<Market> {
        slugs.iter().map(|m| Market::parse(m).unwrap()).collect()
    }

    fn states(codes: &[&str]) -> Vec<State> {
        codes.iter().map(|c| State::parse(c).unwrap()).collect()
    }

    fn wants(wish: &Wish, terms: &Terms) -> bool {
        wish.wants(terms, |w| terms.title.eq_ignore_ascii_case(w))
    }

    #[test]
    fn a_wish_for_nothing_takes_everything() {
        let remote = Terms { markets: Vec::new(), remote: true, ..opening() };
        for terms in [opening(), remote] {
            assert!(wants(&Wish::default(), &terms));
        }
    }

    #[test]
    fn kinds_specialties_and_words_narrow() {
        let any = Terms { specialties: Vec::new(), ..opening() };
        let words = |text: &str| Words::parse(text).unwrap();
        for (wish, terms, want) in [
            (Wish { kinds: vec![Kind::Ime, Kind::Qme], ..Wish::default() }, opening(), true),
            (Wish { kinds: vec![Kind::ChartReview], ..Wish::default() }, opening(), false),
            (Wish { specialties: specialties(&["neurology"]), ..Wish::default() }, opening(), true),
            (Wish { specialties: specialties(&["psychiatry"]), ..Wish::default() }, opening(), false),
            (Wish { specialties: specialties(&["psychiatry"]), ..Wish::default() }, any, true),
            (Wish { words: words("spine OR neck"), ..Wish::default() }, opening(), true),
            (Wish { words: words("spine neck"), ..Wish::default() }, opening(), false),
            (Wish { words: words("-spine"), ..Wish::default() }, opening(), false),
        ] {
            assert_eq!(wants(&wish, &terms), want, "{wish:?}");
        }
    }

    #[test]
    fn places_are_markets_states_and_remote() {
        let on_site = opening();
        let both = Terms { remote: true, ..opening() };
        let remote = Terms { markets: Vec::new(), ..both.clone() };
        let table: [(&[&str], &[&str], _, [bool; 3]); 9] = [
            // Markets, states, remote too; then on site, on site or remote, only remote.
            (&[], &[], true, [true, true, true]),
            (&[], &[], false, [true, true, false]),
            (&["bakersfield"], &[], true, [true, true, true]),
            (&["bakersfield"], &[], false, [true, true, false]),
            (&["fresno"], &[], true, [false, true, true]),
            (&["fresno"], &[], false, [false, false, false]),
            (&["fresno"], &["CA"], false, [true, true, false]),
            (&[], &["NV", "TX"], true, [false, true, true]),
            (&["los-angeles"], &["NV"], false, [true, true, false]),
        ];
        for (m, s, remote_too, want) in table {
            let wish = Wish { markets: markets(m), states: states(s), remote_too, ..Wish::default() };
            let got = [&on_site, &both, &remote].map(|terms| wants(&wish, terms));
            assert_eq!(got, want, "{wish:?}");
        }
    }

    #[test]
    fn pay_blocks_only_when_it_is_stated() {
        for (least, offered, want) in [
            (None, pay(PayBasis::PerCase, Some(1), None), true),
            (Some(150_000), pay(PayBasis::PerCase, Some(150_000), None), true),
            (Some(150_001), pay(PayBasis::PerCase, Some(150_000), None), false),
            (Some(150_001), pay(PayBasis::Hourly, Some(40_000), None), false),
            (Some(150_001), pay(PayBasis::FeeShare, None, Some(6000)), true),
            (Some(150_001), pay(PayBasis::NotStated, None, None), true),
        ] {
            let wish = Wish { min_pay_cents: least, ..Wish::default() };
            assert_eq!(wants(&wish, &Terms { pay: offered.clone(), ..opening() }), want, "{least:?} {offered:?}");
        }
    }

    #[test]
    fn words_are_looked_for_last_and_only_when_there_are_any() {
        let never = |_: &str| -> bool { panic!("nobody should look") };
        assert!(Wish::default().wants(&opening(), never));
        let elsewhere = Wish { kinds: vec![Kind::Ime], words: Words::parse("spine").unwrap(), ..Wish::default() };
        assert!(!elsewhere.wants(&opening(), never));
    }
}
