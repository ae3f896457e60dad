//! From a member to the live openings they fit: the same keys, the other way round.
//!
//! An opening is indexed under the keys of its lists, so a member's own keys are all there is to look up. What no key
//! says stands beside each opening as the numbers that [`Ask::words`] writes and [`Wanted`] reads.

use std::cell::RefCell;

use chrono::{DateTime, Utc};
use domain::candidate::Candidate;
use domain::pay::MinPay;
use tantivy::columnar::Column;
use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, SegmentReader};

use crate::ask::{Ask, Demand, SpotAsk};
use crate::error::Result;
use crate::facts::{ProfileDoc, basis_number, company_words, pack};
use crate::keys::{ANY_SPECIALTY, Place, profile_keys};
use crate::lists::kind_number;
use crate::openings_reader::OpeningsReader;
use crate::openings_schema::column;
use crate::postings::Lists;
use crate::profile_segment::at;
use crate::rows::{Columns, live};
use crate::view::Part;

/// Of the first number: years (8), classes (2), board, kind (2), basis (3; 7 for none), more.
mod bits {
    pub(super) const CLASSES: u32 = 8;
    pub(super) const BOARD: u64 = 1 << 10;
    pub(super) const KIND: u32 = 11;
    pub(super) const BASIS: u32 = 13;
    pub(super) const NO_BASIS: u64 = 7;
    pub(super) const MORE: u64 = 1 << 16;
}

/// Tags of the numbers after the first four, from bit 60.
mod tag {
    pub(super) const TAG: u32 = 60;
    /// A language: hash (32).
    pub(super) const LANGUAGE: u64 = 1;
    /// On site: a licence of one of these states (60).
    pub(super) const NAMED: u64 = 2;
    /// A certification beside the key's: place (16, from bit 41), takes candidates, hash (40).
    pub(super) const DEMAND: u64 = 3;
    pub(super) const PLACE: u32 = 41;
    pub(super) const CANDIDATES: u64 = 1 << 40;
    pub(super) const HASH: u64 = (1 << 40) - 1;
}

impl Ask {
    /// The keys of its lists, for the index of openings.
    #[must_use]
    pub fn keys(&self) -> Vec<u64> {
        let mut keys: Vec<u64> = self.lists.iter().map(|l| l.key).collect();
        keys.dedup();
        keys
    }

    /// What the keys do not say, for the index of openings.
    #[must_use]
    pub fn words(&self) -> Vec<u64> {
        let mut more: Vec<u64> = self.rest.languages.iter().map(|l| tag::LANGUAGE << tag::TAG | l).collect();
        for spot in self.spots.iter().filter(|s| !s.implied) {
            more.extend(spot.named.map(|mask| tag::NAMED << tag::TAG | mask));
            more.extend(spot.demanded.iter().map(|d| demand_word(spot, *d)));
        }
        more.sort_unstable();
        more.dedup();
        let rest = &self.rest;
        let (basis, best) = rest.pay.map_or((bits::NO_BASIS, 0), |pay| (pay.basis, pay.best));
        let first = rest.min_years
            | rest.classes << bits::CLASSES
            | if rest.board { bits::BOARD } else { 0 }
            | rest.kind << bits::KIND
            | basis << bits::BASIS
            | if more.is_empty() { 0 } else { bits::MORE };
        let [high, low] = rest.company.unwrap_or_default();
        let mut words = vec![first, u64::try_from(best.max(0)).unwrap_or(0), high, low];
        words.extend(more);
        words
    }
}

fn demand_word(spot: &SpotAsk, demand: Demand) -> u64 {
    let place = match (spot.market, spot.state) {
        (Some(market), _) => Place::market(market, true),
        (None, Some(state)) => Place::remote_in(state),
        (None, None) => Place::remote(true),
    };
    let candidates = if demand.takes_candidates { tag::CANDIDATES } else { 0 };
    tag::DEMAND << tag::TAG | short(place) << tag::PLACE | candidates | demand.hash & tag::HASH
}

/// A place without what licence is held for it: tag (3), number (13).
const fn short(place: Place) -> u64 {
    let (sort, number) = (place.number() >> 16, place.number() & 0x1fff);
    let sort = match sort {
        0 | 1 => 0,
        2 | 3 => 2,
        other => other,
    };
    sort << 13 | number
}

/// What is kept of the openings of a segment to find those a member fits.
pub(crate) struct Wanted {
    lists: Lists,
    rests: Vec<Rest>,
    more: Column<u64>,
}

/// The first four numbers of an opening.
struct Rest {
    first: u64,
    best: u64,
    company: [u64; 2],
}

impl Wanted {
    pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let more: Column<u64> = segment
            .fast_fields()
            .column_opt(column::REST)?
            .unwrap_or_else(|| Column::build_empty_column(segment.max_doc()));
        let rest = |doc: DocId| {
            let mut words = more.values_for_doc(doc);
            let mut word = || words.next().unwrap_or_default();
            Rest { first: word(), best: word(), company: [word(), word()] }
        };
        let rests = (0..segment.max_doc()).map(rest).collect();
        Ok(Self { lists: Lists::open(segment, segment.schema().get_field(column::KEY)?)?, rests, more })
    }
}

/// A member, made once for a search.
#[derive(Debug, Clone)]
pub struct Seek {
    keys: Vec<u64>,
    doc: ProfileDoc,
    /// The specialties in which the member is board certified.
    certified: Vec<u64>,
    min_pay: Vec<(u64, u64, u64)>,
    blocked: Vec<[u64; 2]>,
    /// States of current licences, one bit each.
    licensed: u64,
    certifications: Vec<u64>,
    now: DateTime<Utc>,
}

impl Seek {
    /// What the member brings on this day. Whether the member may be told of openings is the caller's question.
    #[must_use]
    pub fn of(who: &Candidate, now: DateTime<Utc>) -> Self {
        let (doc, profile) = (ProfileDoc::of(who), &who.profile);
        let today = crate::facts::day(now.date_naive());
        let is_current = |fact: &&u64| today < **fact & 0xffff;
        let min_pay = |m: &MinPay| {
            Some((kind_number(m.kind), basis_number(m.basis)?, u64::try_from(m.cents.max(0)).unwrap_or(0)))
        };
        Self {
            keys: profile_keys(who, Some(now.date_naive())),
            certified: {
                let held = profile.specialties.iter().filter(|h| h.board_certified);
                held.map(|h| u64::from(h.specialty.number())).collect()
            },
            min_pay: profile.min_pay.iter().filter_map(min_pay).collect(),
            blocked: who.blocked.iter().map(company_words).collect(),
            licensed: doc.licences.iter().filter(is_current).fold(0, |mask, l| mask | 1 << (l >> 16)),
            certifications: doc.certifications.iter().filter(is_current).copied().collect(),
            doc,
            now,
        }
    }

    /// True when the opening at this key takes the member.
    fn fits(&self, key: u64, rest: &Rest, more: impl Iterator<Item = u64>) -> bool {
        let first = rest.first;
        let years = self.doc.pack >> pack::YEARS & 0xff;
        let class = first >> bits::CLASSES >> (self.doc.pack >> pack::NON_MD & 1) & 1;
        years >= first & 0xff
            && class == 1
            && (first & bits::BOARD == 0 || self.is_certified(key >> 32 & 0xffff))
            && !self.is_below(first, rest.best)
            && !self.blocked.contains(&rest.company)
            && (first & bits::MORE == 0 || self.brings(Place::of_key(key), more))
    }

    fn is_certified(&self, specialty: u64) -> bool {
        if specialty == ANY_SPECIALTY { !self.certified.is_empty() } else { self.certified.contains(&specialty) }
    }

    fn is_below(&self, first: u64, best: u64) -> bool {
        let (kind, basis) = (first >> bits::KIND & 3, first >> bits::BASIS & 7);
        self.min_pay.iter().any(|(k, b, cents)| *k == kind && *b == basis && best < *cents)
    }

    /// What only few openings ask.
    fn brings(&self, place: Place, more: impl Iterator<Item = u64>) -> bool {
        let mut more = more.skip(4);
        more.all(|word| match word >> tag::TAG {
            tag::LANGUAGE => self.doc.languages.contains(&(word & 0xffff_ffff)),
            tag::NAMED => !place.is_on_site() || self.licensed & word & ((1 << tag::TAG) - 1) != 0,
            tag::DEMAND if word >> tag::PLACE & 0xffff == short(place) => {
                let demand = Demand { hash: word & tag::HASH, takes_candidates: word & tag::CANDIDATES != 0 };
                demand.is_met(self.certifications.iter().copied())
            }
            _ => true,
        })
    }
}

#[derive(Default)]
struct Scratch {
    seen: Vec<u64>,
    list: Option<BlockSegmentPostings>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl OpeningsReader {
    /// The public ids of the live openings the member fits, each once, in no order.
    ///
    /// # Errors
    /// `Io` when the files cannot be read.
    pub fn fitting(&self, seek: &Seek) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        for part in &self.view().parts {
            each_fitting(part, seek, |doc| ids.push(part.kept.id(doc).to_owned()))?;
        }
        Ok(ids)
    }

    /// How many live openings the member fits.
    ///
    /// # Errors
    /// As `fitting`.
    pub fn count_fitting(&self, seek: &Seek) -> Result<usize> {
        let mut count = 0;
        for part in &self.view().parts {
            each_fitting(part, seek, |_| count += 1)?;
        }
        Ok(count)
    }
}

#[expect(clippy::indexing_slicing, reason = "a list names only documents of its segment")]
fn each_fitting(part: &Part<Columns>, seek: &Seek, mut visit: impl FnMut(DocId)) -> Result<()> {
    let wanted = &part.kept.wanted;
    let now = seek.now.timestamp_micros();
    SCRATCH.with_borrow_mut(|scratch| {
        let Scratch { seen, list: reused } = scratch;
        seen.clear();
        seen.resize(wanted.rests.len() / 64 + 1, 0);
        let mut done = Ok(());
        for key in &seek.keys {
            done = wanted.lists.each_block(*key, reused, |docs| {
                for doc in docs {
                    let (word, bit) = (at(*doc) / 64, 1 << (doc % 64));
                    if seen[word] & bit != 0
                        || !seek.fits(*key, &wanted.rests[at(*doc)], wanted.more.values_for_doc(*doc))
                    {
                        continue;
                    }
                    seen[word] |= bit;
                    if live(part, *doc, now).is_some() {
                        visit(*doc);
                    }
                }
            });
            if done.is_err() {
                break;
            }
        }
        *reused = None;
        Ok(done?)
    })
}
