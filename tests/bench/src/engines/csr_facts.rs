//! What the yardstick knows of members beside keys and packed numbers: one narrow column for each question, so that a
//! look touches one line of memory. Documents that lie all over memory would make the yardstick slower than what it
//! measures.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use search_index::ProfileDoc;

use super::lists::Mix;
use crate::pack::more;

/// Members by number.
pub(super) type Set = HashSet<u32, BuildHasherDefault<Mix>>;
/// A company's id as two numbers.
pub(super) type Company = (u64, u64);

/// Marks a certification among credentials.
const CERTIFICATION: u32 = 1 << 31;

/// The columns.
pub struct Facts {
    /// Where each member's credentials begin.
    begins: Vec<u32>,
    /// A licence: state from bit 16. A certification: mark, number from bit 18, status from bit 16. Below, the day of
    /// expiry.
    credentials: Vec<u32>,
    /// Numbers of certifications by their hash.
    certifications: HashMap<u64, u32>,
    /// One bit for each specialty in which a member is certified who is not so in all.
    boards: Vec<u64>,
    /// Minimums that do not fit the packed number, by kind.
    pays: [Rare; 3],
    /// Bases that do not fit `soft`.
    bases: Rare,
    blockers: HashMap<Company, Set>,
    nobody: Set,
    /// One bit for each member who speaks it.
    speakers: HashMap<u64, Vec<u64>>,
}

impl Facts {
    pub(super) fn of(docs: &[ProfileDoc]) -> Self {
        let rare = || Rare::new(docs.len());
        let mut facts = Self {
            begins: vec![0],
            credentials: Vec::new(),
            certifications: HashMap::new(),
            boards: vec![0; docs.len()],
            pays: [rare(), rare(), rare()],
            bases: rare(),
            blockers: HashMap::new(),
            nobody: Set::default(),
            speakers: HashMap::new(),
        };
        for (pid, doc) in (0..).zip(docs) {
            facts.add(pid, doc, docs.len());
        }
        facts
    }

    fn add(&mut self, pid: u32, doc: &ProfileDoc, n: usize) {
        self.credentials.extend(doc.licences.iter().map(|l| *l as u32));
        for held in &doc.certifications {
            let next = self.certifications.len() as u32;
            let number = self.certifications.entry(held >> 18).or_insert(next);
            self.credentials.push(CERTIFICATION | *number << 18 | (held & 0x3_ffff) as u32);
        }
        self.begins.push(self.credentials.len() as u32);
        for fact in &doc.more {
            match fact >> 60 {
                more::PAY => self.pays[(fact >> 52 & 0xff) as usize].add(pid, *fact),
                more::BOARD => self.boards[pid as usize] |= 1 << (fact & 0xffff),
                _ => self.bases.add(pid, *fact),
            }
        }
        for pair in doc.blocked.chunks_exact(2) {
            self.blockers.entry((pair[0], pair[1])).or_default().insert(pid);
        }
        for language in &doc.languages {
            let bits = self.speakers.entry(*language).or_insert_with(|| vec![0; n / 64 + 1]);
            bits[pid as usize / 64] |= 1 << (pid % 64);
        }
    }

    /// Who has blocked the company.
    pub(super) fn blockers(&self, company: &Company) -> &Set {
        self.blockers.get(company).unwrap_or(&self.nobody)
    }

    /// One bit for each who speaks it; nobody is known to when there is none.
    pub(super) fn speakers(&self, language: u64) -> &[u64] {
        self.speakers.get(&language).map_or(&[], Vec::as_slice)
    }

    /// The number that stands for a certification; none when nobody has it.
    pub(super) fn certification(&self, hash: u64) -> Option<u32> {
        self.certifications.get(&hash).copied()
    }

    /// Specialties of a member who is not certified in all.
    #[inline]
    pub(super) fn boards(&self, pid: u32) -> u64 {
        self.boards[pid as usize]
    }

    /// Minimums of a kind.
    #[inline]
    pub(super) fn pays(&self, kind: u32, pid: u32) -> &[u64] {
        self.pays[kind as usize].get(pid)
    }

    /// Bases.
    #[inline]
    pub(super) fn bases(&self, pid: u32) -> &[u64] {
        self.bases.get(pid)
    }

    #[inline]
    fn credentials(&self, today: u32, pid: u32) -> impl Iterator<Item = u32> {
        let at = pid as usize;
        let run = &self.credentials[self.begins[at] as usize..self.begins[at + 1] as usize];
        run.iter().copied().filter(move |fact| today < fact & 0xffff)
    }

    /// True with a current licence of one of these states, one bit each.
    #[inline]
    pub(super) fn is_licensed(&self, today: u32, pid: u32, states: u64) -> bool {
        self.credentials(today, pid).any(|c| c & CERTIFICATION == 0 && states >> (c >> 16) & 1 == 1)
    }

    /// True with this current certification, at least so far.
    #[inline]
    pub(super) fn is_certified(&self, today: u32, pid: u32, number: u32, least: u32) -> bool {
        let of_number = |c: &u32| (*c & !CERTIFICATION) >> 18 == number && c & CERTIFICATION != 0;
        self.credentials(today, pid).filter(of_number).any(|c| c >> 16 & 3 >= least)
    }
}

/// Values that few members have, and hardly anyone more than one.
struct Rare {
    one: Vec<u64>,
    several: HashMap<u32, Vec<u64>>,
}

const SEVERAL: u64 = u64::MAX;

impl Rare {
    fn new(n: usize) -> Self {
        Self { one: vec![0; n], several: HashMap::new() }
    }

    fn add(&mut self, pid: u32, value: u64) {
        let one = &mut self.one[pid as usize];
        match *one {
            0 => *one = value,
            SEVERAL => self.several.entry(pid).or_default().push(value),
            first => {
                self.several.insert(pid, vec![first, value]);
                *one = SEVERAL;
            }
        }
    }

    #[inline]
    fn get(&self, pid: u32) -> &[u64] {
        match &self.one[pid as usize] {
            0 => &[],
            &SEVERAL => &self.several[&pid],
            one => std::slice::from_ref(one),
        }
    }
}
