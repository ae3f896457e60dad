//! The yardstick's own way to the best hundred, with the points of `domain::score`.

use std::sync::LazyLock;

use domain::eligibility::{Spot, spots, whole_miles};
use domain::pay::PayVerdict;
use domain::place::Market;
use domain::score;
use search_index::Scored;

use super::csr::{BLOCK, Csr};
use super::csr_rest::{Rest, today};
use crate::pack::{self, soft};
use crate::workload::Question;

/// Whole miles between two markets, and the least radius that reaches from one to the other.
static NEAR: LazyLock<Vec<Vec<(u16, u16)>>> = LazyLock::new(|| {
    let miles = |a: Market, b: Market| a.miles_to(b);
    let pair = |d: f64| (whole_miles(d) as u16, d.ceil() as u16);
    Market::all().map(|a| Market::all().map(|b| pair(miles(a, b))).collect()).collect()
});

/// Nobody has come near yet.
const FAR: u32 = u32::MAX;

/// Scratch of a scorer, kept between questions.
#[derive(Default)]
pub(super) struct Scorer {
    /// Of each member the nearest place so far: whole miles and the place's number.
    nearest: Vec<u32>,
    touched: Vec<u32>,
}

impl Scorer {
    pub(super) fn new(n: usize) -> Self {
        Self { nearest: vec![FAR; n], touched: Vec::new() }
    }

    pub(super) fn begin<'s>(&'s mut self, question: &'s Question, most: usize) -> Top<'s> {
        let offer = &question.offer;
        let near = |spot: Spot| match spot {
            Spot::Market(m) => Some(NEAR[usize::from(m.number())].as_slice()),
            Spot::Remote(_) => None,
        };
        Top {
            scratch: self,
            near: spots(&offer.terms).into_iter().map(near).collect(),
            named: offer.terms.specialties.iter().fold(0, |mask, s| mask | 1 << s.number()),
            rest: &question.rest,
            today: today() as i32,
            most,
            keys: Vec::with_capacity(most * 4 + 256),
            worst: u64::MAX,
        }
    }
}

/// The best of one question so far.
pub(super) struct Top<'s> {
    scratch: &'s mut Scorer,
    near: Vec<Option<&'static [(u16, u16)]>>,
    /// One bit for each specialty named.
    named: u64,
    rest: &'s Rest,
    today: i32,
    most: usize,
    /// Smaller is better.
    keys: Vec<u64>,
    worst: u64,
}

impl Top<'_> {
    /// Adds members who fit at one place.
    pub(super) fn add(&mut self, csr: &Csr<'_>, spot: u16, pids: &[u32]) {
        let near = self.near[usize::from(spot)];
        // All at once, so that the processor waits for many of them at the same time.
        let mut softs = [0; BLOCK];
        for (s, pid) in softs.iter_mut().zip(pids) {
            *s = csr.soft[*pid as usize];
        }
        for (pid, s) in pids.iter().zip(softs) {
            let p = csr.pack[*pid as usize];
            let miles = near.map(|near| miles(csr, near, *pid, p, s));
            self.push(csr, *pid, p, s, miles);
        }
    }

    /// Notes how near members are who fit at one of several places: remote work is no distance, and of equals the
    /// first counts.
    pub(super) fn approach(&mut self, csr: &Csr<'_>, spot: u16, pids: &[u32]) {
        let near = self.near[usize::from(spot)];
        for pid in pids {
            let (p, s) = (csr.pack[*pid as usize], csr.soft[*pid as usize]);
            let whole = near.map_or(0, |near| u32::from(miles(csr, near, *pid, p, s)));
            let nearest = &mut self.scratch.nearest[*pid as usize];
            if *nearest == FAR {
                self.scratch.touched.push(*pid);
            }
            *nearest = (*nearest).min(whole << 16 | u32::from(spot));
        }
    }

    /// Adds everyone noted.
    pub(super) fn add_nearest(&mut self, csr: &Csr<'_>) {
        let mut touched = std::mem::take(&mut self.scratch.touched);
        for pid in &touched {
            let nearest = std::mem::replace(&mut self.scratch.nearest[*pid as usize], FAR);
            let on_site = self.near[(nearest & 0xffff) as usize].is_some();
            let (p, s) = (csr.pack[*pid as usize], csr.soft[*pid as usize]);
            self.push(csr, *pid, p, s, on_site.then_some((nearest >> 16) as u16));
        }
        touched.clear();
        self.scratch.touched = touched;
    }

    #[inline]
    fn push(&mut self, csr: &Csr<'_>, pid: u32, p: u64, s: u64, miles: Option<u16>) {
        let primary = if self.named >> (s & 63) & 1 == 1 { score::MAIN_SPECIALTY } else { 0 };
        // `domain::score` written out, for the calls would take longer than the sums.
        let days = self.today - (s >> soft::CONFIRMED & 0xffff) as i32;
        let nearness = miles.map_or(100, |m| 200 - i32::from(m.min(200)));
        let total = primary + nearness + self.pay(csr, pid, p) + 100 - days.clamp(0, 400) / 4;
        let key = u64::from(total.abs_diff(i32::MAX)) << 32 | u64::from(pid);
        if key < self.worst {
            self.keys.push(key);
            if self.keys.len() >= self.most * 4 + 256 {
                self.trim();
            }
        }
    }

    #[inline]
    fn pay(&self, csr: &Csr<'_>, pid: u32, p: u64) -> i32 {
        let Some(ask) = self.rest.pay else { return score::surplus(PayVerdict::NotStated) };
        if p & pack::ODD_PAY != 0 {
            return score::surplus(self.rest.odd_pay(&csr.facts, pid, ask));
        }
        let field = p >> ask.shift & ((1 << pack::PAY_BITS) - 1);
        if field == 0 || field >> pack::AMOUNT_BITS != ask.basis {
            return 50;
        }
        let over = ask.best - (field & ((1 << pack::AMOUNT_BITS) - 1)) as i64 * ask.step;
        50 + (over / 1000).clamp(0, 100) as i32
    }

    fn trim(&mut self) {
        if self.keys.len() > self.most {
            let (_, worst, _) = self.keys.select_nth_unstable(self.most - 1);
            self.worst = *worst;
            self.keys.truncate(self.most);
        }
    }

    pub(super) fn sorted(mut self) -> Vec<Scored> {
        self.trim();
        self.keys.sort_unstable();
        let scored = |key: u64| Scored { pid: key as u32, score: i32::MAX.wrapping_sub((key >> 32) as i32) };
        self.keys.into_iter().map(scored).collect()
    }
}

/// Whole miles from the nearest base that reaches the place; 0 for a place that is only listed.
#[inline]
fn miles(csr: &Csr<'_>, near: &[(u16, u16)], pid: u32, p: u64, s: u64) -> u16 {
    let from = |market: u64, radius: u64| {
        let (whole, least) = near.get(market as usize).copied().unwrap_or((u16::MAX, u16::MAX));
        if u64::from(least) <= radius { whole } else { u16::MAX }
    };
    let radius_mask = (1 << soft::RADIUS_BITS) - 1;
    let mut nearest = u16::MAX;
    for shift in soft::BASES {
        // A slot without a base names a market that does not exist.
        let base = s >> shift & ((1 << soft::BASE_BITS) - 1);
        nearest = nearest.min(from(base >> soft::RADIUS_BITS, base & radius_mask));
    }
    if p & pack::MORE_BASES != 0 {
        for fact in csr.facts.bases(pid) {
            nearest = nearest.min(from(fact >> 16 & 0xffff, fact & 0xffff));
        }
    }
    if nearest == u16::MAX { 0 } else { nearest }
}
