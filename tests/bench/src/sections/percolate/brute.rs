//! The yardstick: every alert looked at, each compiled to 32 bytes that lie one after the other. And the same by columns,
//! where the first look reads only nine bytes of each and none of them decides where to go next.

use std::collections::{HashMap, HashSet};

use domain::alert::{Clause, Wish, Words, is_only_remote, stated_cents};
use domain::opening::Terms;
use domain::place::Market;

use crate::generate::PLACES;
use crate::pack;

/// No market has this number.
const NOWHERE: u16 = u16::MAX;
/// Bits of `flags`, above the number of the words (24).
const KINDS: u32 = 24;
const REMOTE_TOO: u32 = 1 << 27;
const WORDS: u32 = (1 << 24) - 1;
/// Alerts that the columns look at together.
const BLOCK: usize = 64;

/// An alert.
#[derive(Clone, Copy)]
struct Record {
    /// One bit for each specialty; all when none is named.
    specialties: u64,
    /// The same of states; all when no place is named.
    states: u64,
    markets: [u16; PLACES],
    /// In cents.
    least: u32,
    /// Kinds, remote work, words.
    flags: u32,
}

/// Marks of a word in `asks`: it must not be there; it is the last of its demand; it is the last of all.
const REFUSED: u32 = 1 << 31;
const ENDS_DEMAND: u32 = 1 << 30;
const ENDS: u32 = 1 << 29;

/// All alerts.
pub(super) struct Brute {
    records: Vec<Record>,
    specialties: Vec<u64>,
    kinds: Vec<u8>,
    pids: Vec<u32>,
    /// What is asked of words, one after the other, everything that several alerts ask only once.
    asks: Vec<u32>,
    begins: HashMap<Vec<u32>, u32>,
    numbers: HashMap<String, u32>,
}

/// An opening, made once outside the time; words by the numbers of the alerts' words.
pub(super) struct Opening {
    kind: u8,
    specialties: u64,
    states: u64,
    markets: Vec<u64>,
    remote: bool,
    best: u32,
    words: Vec<bool>,
}

impl Brute {
    pub(super) fn of(all: &[Vec<Wish>]) -> Self {
        let mut brute = Self {
            records: Vec::new(),
            specialties: Vec::new(),
            kinds: Vec::new(),
            pids: Vec::new(),
            // Nothing begins at 0, which stands for nothing asked.
            asks: vec![ENDS],
            begins: HashMap::new(),
            numbers: HashMap::new(),
        };
        for (pid, wishes) in (0..).zip(all) {
            for wish in wishes {
                let record = brute.record(wish);
                brute.specialties.push(record.specialties);
                brute.kinds.push((record.flags >> KINDS & 7) as u8);
                brute.records.push(record);
                brute.pids.push(pid);
            }
        }
        brute
    }

    fn record(&mut self, wish: &Wish) -> Record {
        let all_if_none = |mask: u64| if mask == 0 { u64::MAX } else { mask };
        let kinds = match wish.kinds.iter().fold(0, |mask, k| mask | 1 << pack::kind(*k)) {
            0 => 7,
            some => some,
        };
        let mut markets = [NOWHERE; PLACES];
        assert!(wish.markets.len() <= PLACES, "made-up alerts name few places");
        markets.iter_mut().zip(&wish.markets).for_each(|(place, market)| *place = market.number());
        let states = wish.states.iter().fold(0, |mask, s| mask | 1 << s.number());
        let words = self.words(&wish.words);
        assert!(words < WORDS, "few alerts ask for words");
        Record {
            specialties: all_if_none(wish.specialties.iter().fold(0, |mask, s| mask | 1 << s.number())),
            // Without any place every opening that has one is meant.
            states: if wish.markets.is_empty() { all_if_none(states) } else { states },
            markets,
            least: wish.min_pay_cents.map_or(0, |cents| cents as u32),
            flags: words | kinds << KINDS | if wish.remote_too { REMOTE_TOO } else { 0 },
        }
    }

    fn words(&mut self, words: &Words) -> u32 {
        if words.is_empty() {
            return 0;
        }
        let numbers = &mut self.numbers;
        let mut number = |word: &String| {
            let next = numbers.len() as u32;
            *numbers.entry(word.clone()).or_insert(next)
        };
        let mut ask = Vec::new();
        for clause in words.clauses() {
            match clause {
                Clause::OneOf(words) => ask.extend(words.iter().map(&mut number)),
                Clause::Without(word) => ask.push(number(word) | REFUSED),
            }
            *ask.last_mut().expect("a demand has a word") |= ENDS_DEMAND;
        }
        *ask.last_mut().expect("words that are not empty have a demand") |= ENDS;
        let next = self.asks.len() as u32;
        *self.begins.entry(ask).or_insert_with_key(|ask| {
            self.asks.extend(ask);
            next
        })
    }

    /// The opening in the numbers of these alerts; `words` are all it has.
    pub(super) fn opening(&self, terms: &Terms, words: &HashSet<String>) -> Opening {
        assert!(!terms.markets.is_empty() || is_only_remote(terms), "an opening has a place");
        let mut markets = vec![0; usize::from(NOWHERE) / 64 + 1];
        for market in &terms.markets {
            let number = usize::from(market.number());
            markets[number / 64] |= 1 << (number % 64);
        }
        let specialties = terms.specialties.iter().fold(0, |mask, s| mask | 1 << s.number());
        let mut has = vec![false; self.numbers.len()];
        for (word, number) in &self.numbers {
            has[*number as usize] = words.contains(word);
        }
        Opening {
            kind: 1 << pack::kind(terms.kind),
            specialties: if specialties == 0 { u64::MAX } else { specialties },
            states: terms.markets.iter().map(|m: &Market| m.state()).fold(0, |mask, s| mask | 1 << s.number()),
            markets,
            remote: terms.remote,
            best: stated_cents(&terms.pay).map_or(u32::MAX, |cents| cents as u32),
            words: has,
        }
    }

    /// Members with an alert that fires, each once, by one look at each record.
    pub(super) fn fires(&self, opening: &Opening) -> Vec<u32> {
        let mut all = Vec::new();
        for (record, pid) in self.records.iter().zip(&self.pids) {
            let kind = record.flags >> KINDS & u32::from(opening.kind) != 0;
            if kind & (record.specialties & opening.specialties != 0) && self.rest(record, opening) {
                push(&mut all, *pid);
            }
        }
        all
    }

    /// The same by columns.
    pub(super) fn fires_by_columns(&self, opening: &Opening) -> Vec<u32> {
        let mut all = Vec::new();
        let blocks = self.specialties.chunks(BLOCK).zip(self.kinds.chunks(BLOCK));
        for ((specialties, kinds), first) in blocks.zip((0..).step_by(BLOCK)) {
            let mut bits = 0u64;
            for (n, (s, k)) in specialties.iter().zip(kinds).enumerate() {
                bits |= u64::from((s & opening.specialties != 0) & (k & opening.kind != 0)) << n;
            }
            while bits != 0 {
                let n = first + bits.trailing_zeros() as usize;
                if self.rest(&self.records[n], opening) {
                    push(&mut all, self.pids[n]);
                }
                bits &= bits - 1;
            }
        }
        all
    }

    /// What stands beside kind and specialty.
    #[inline]
    fn rest(&self, record: &Record, opening: &Opening) -> bool {
        let market = |m: &u16| opening.markets[usize::from(*m) / 64] >> (m % 64) & 1 == 1;
        let place = (opening.remote && record.flags & REMOTE_TOO != 0)
            || record.states & opening.states != 0
            || record.markets.iter().any(market);
        let asks = record.flags & WORDS;
        place && record.least <= opening.best && (asks == 0 || self.hold(asks, opening))
    }

    /// Judges what is asked of words.
    fn hold(&self, begin: u32, opening: &Opening) -> bool {
        let mut is_met = false;
        for ask in &self.asks[begin as usize..] {
            is_met |= opening.words[(ask & (ENDS - 1)) as usize] != (ask & REFUSED != 0);
            if ask & ENDS_DEMAND != 0 {
                if !is_met || ask & ENDS != 0 {
                    return is_met;
                }
                is_met = false;
            }
        }
        unreachable!("the last word is marked")
    }
}

/// The alerts of a member stand together.
fn push(all: &mut Vec<u32>, pid: u32) {
    if all.last() != Some(&pid) {
        all.push(pid);
    }
}
