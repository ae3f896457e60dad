//! From a member to the live openings they fit: the same keys, the other way round.
//!
//! An opening is indexed under the keys of its lists, so a member's own keys are all there is to look up. What no key
//! says stands beside each opening as the numbers that [`Ask::words`] writes and [`Wanted`] reads.

use std::cell::RefCell;

use chrono::{DateTime, Utc};
use domain::candidate::Candidate;
use domain::pay::MinPay;
use tantivy::DocId;

use crate::ask::{Ask, Demand, SpotAsk};
use crate::facts::{ProfileDoc, basis_number, company_words, pack};
use crate::keys::{ANY_SPECIALTY, Place, profile_keys};
use crate::lists::kind_number;
use crate::openings_reader::OpeningsReader;
use crate::profile_segment::at;
use crate::rows::{Columns, live};
use crate::view::Part;
use crate::wanted::{Entry, MOST_PAY, PAY, Wanted};

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

/// True when a number beyond the first four says something of openings at this place.
pub(crate) fn concerns(word: u64, place: Place) -> bool {
    match word >> tag::TAG {
        tag::NAMED => place.is_on_site(),
        tag::DEMAND => word >> tag::PLACE & 0xffff == short(place),
        _ => true,
    }
}

/// A member, made once for a search.
#[derive(Debug, Clone)]
pub struct Seek {
    keys: Vec<u64>,
    doc: ProfileDoc,
    years: u64,
    /// The bit of the classes of openings that take the member.
    class: u64,
    /// The specialties in which the member is board certified.
    certified: Vec<u64>,
    /// The least pay in cents or basis points, by kind and basis; 0 for none.
    least: [[u64; 8]; 4],
    blocked: Vec<[u64; 2]>,
    /// States of current licences, one bit each.
    licensed: u64,
    certifications: Vec<u64>,
    now: DateTime<Utc>,
}

fn least(min_pay: &[MinPay]) -> [[u64; 8]; 4] {
    let mut least = [[0; 8]; 4];
    for min in min_pay {
        let Some(basis) = basis_number(min.basis).and_then(|basis| usize::try_from(basis).ok()) else { continue };
        let of_kind = usize::try_from(kind_number(min.kind)).ok().and_then(|kind| least.get_mut(kind));
        if let Some(cents) = of_kind.and_then(|kind: &mut [u64; 8]| kind.get_mut(basis)) {
            *cents = u64::try_from(min.cents.max(0)).unwrap_or(0).min(MOST_PAY).max(*cents);
        }
    }
    least
}

impl Seek {
    /// What the member brings on this day. Whether the member may be told of openings is the caller's question.
    #[must_use]
    pub fn of(who: &Candidate, now: DateTime<Utc>) -> Self {
        let (doc, profile) = (ProfileDoc::of(who), &who.profile);
        let today = crate::facts::day(now.date_naive());
        let is_current = |fact: &&u64| today < **fact & 0xffff;
        Self {
            keys: profile_keys(who, Some(now.date_naive())),
            certified: {
                let held = profile.specialties.iter().filter(|h| h.board_certified);
                held.map(|h| u64::from(h.specialty.number())).collect()
            },
            years: doc.pack >> pack::YEARS & 0xff,
            class: 1 << bits::CLASSES << (doc.pack >> pack::NON_MD & 1),
            least: least(&profile.min_pay),
            blocked: who.blocked.iter().map(company_words).collect(),
            licensed: doc.licences.iter().filter(is_current).fold(0, |mask, l| mask | 1 << (l >> 16)),
            certifications: doc.certifications.iter().filter(is_current).copied().collect(),
            doc,
            now,
        }
    }

    /// True when the member is board certified in what the lists of this key are of.
    fn is_certified(&self, key: u64) -> bool {
        let specialty = key >> 32 & 0xffff;
        if specialty == ANY_SPECIALTY { !self.certified.is_empty() } else { self.certified.contains(&specialty) }
    }

    /// True when what nearly every opening asks is there.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "three bits and two bits are below eight and four")]
    fn fits(&self, pack: u64, certified: bool) -> bool {
        let least = self.least[at_bits(pack, bits::KIND, 3)][at_bits(pack, bits::BASIS, 7)];
        // Without branches: whether each of these holds is as good as random to the processor.
        (self.years >= pack & 0xff)
            & (pack & self.class != 0)
            & (certified | (pack & bits::BOARD == 0))
            & (pack >> PAY >= least)
    }

    fn is_blocked(&self, entry: &Entry, wanted: &Wanted) -> bool {
        !self.blocked.is_empty() && self.blocked.contains(&wanted.company(entry))
    }

    /// What only few openings ask at their place.
    fn brings(&self, asked: &[u64]) -> bool {
        asked.iter().all(|word| match word >> tag::TAG {
            tag::LANGUAGE => self.doc.languages.contains(&(word & 0xffff_ffff)),
            tag::NAMED => self.licensed & word & ((1 << tag::TAG) - 1) != 0,
            _ => {
                let demand = Demand { hash: word & tag::HASH, takes_candidates: word & tag::CANDIDATES != 0 };
                demand.is_met(self.certifications.iter().copied())
            }
        })
    }
}

#[inline]
fn at_bits(pack: u64, shift: u32, mask: u64) -> usize {
    usize::try_from(pack >> shift & mask).unwrap_or(0)
}

thread_local! {
    /// A bit for each opening that was found; reused by every search of a thread.
    static SEEN: RefCell<Vec<u64>> = RefCell::default();
}

impl OpeningsReader {
    /// The public ids of the live openings the member fits, each once, in no order.
    #[must_use]
    pub fn fitting(&self, seek: &Seek) -> Vec<String> {
        let mut ids = Vec::new();
        for part in &self.view().parts {
            each_fitting(part, seek, |doc| ids.push(part.kept.id(doc).to_owned()));
        }
        ids
    }

    /// How many live openings the member fits.
    #[must_use]
    pub fn count_fitting(&self, seek: &Seek) -> usize {
        let mut count = 0;
        self.view().parts.iter().for_each(|part| each_fitting(part, seek, |_| count += 1));
        count
    }
}

#[expect(clippy::indexing_slicing, reason = "a list names only documents of its segment")]
fn each_fitting(part: &Part<Columns>, seek: &Seek, mut visit: impl FnMut(DocId)) {
    let (wanted, now) = (&part.kept.wanted, seek.now.timestamp_micros());
    let all_live = part.alive.is_none() && now < part.kept.live_until();
    SEEN.with_borrow_mut(|seen| {
        seen.clear();
        seen.resize(wanted.size() / 64 + 1, 0);
        for key in &seek.keys {
            let list = wanted.list(*key);
            let certified = !list.is_empty() && seek.is_certified(*key);
            for entry in list {
                if !seek.fits(entry.pack, certified)
                    || (entry.asks_more() && !seek.brings(wanted.asks(entry)))
                    || seek.is_blocked(entry, wanted)
                {
                    continue;
                }
                let (word, bit) = (at(entry.doc) / 64, 1 << (entry.doc % 64));
                if seen[word] & bit == 0 {
                    seen[word] |= bit;
                    if all_live || live(part, entry.doc, now).is_some() {
                        visit(entry.doc);
                    }
                }
            }
        }
    });
}
