//! Many values at once, in one pass over the bytes.

use std::collections::HashMap;

use store::Zeroizing;

use super::Canary;
use super::forms::forms;

/// How many bytes a spelling is found by before the rest is compared.
const START: usize = super::SHORTEST;

struct Needle {
    bytes: Zeroizing<Vec<u8>>,
    canary: usize,
    form: &'static str,
    /// A number inside a longer number is another number.
    number: bool,
}

/// What is looked for.
pub(super) struct Matcher {
    needles: Vec<Needle>,
    starts: HashMap<[u8; START], Vec<usize>>,
    /// For each beginning of two bytes whether any spelling has it: most places of a file are passed over by this.
    likely: Vec<bool>,
    longest: usize,
}

impl Matcher {
    pub(super) fn new(canaries: &[Canary]) -> Self {
        let mut all = Self { needles: Vec::new(), starts: HashMap::new(), likely: vec![false; 1 << 16], longest: 0 };
        for (canary, of) in canaries.iter().enumerate() {
            for (form, bytes) in forms(&of.value) {
                let Some(start) = bytes.first_chunk::<START>().copied() else { continue };
                all.longest = all.longest.max(bytes.len());
                all.starts.entry(start).or_default().push(all.needles.len());
                if let Some(place) = all.likely.get_mut(two(&start)) {
                    *place = true;
                }
                let number = bytes.iter().all(u8::is_ascii_digit);
                all.needles.push(Needle { bytes, canary, form, number });
            }
        }
        all
    }

    /// The length of the longest spelling.
    pub(super) const fn longest(&self) -> usize {
        self.longest
    }

    /// Shows every hit: where it begins and ends, which canary, in which form.
    pub(super) fn each_hit(&self, bytes: &[u8], visit: &mut dyn FnMut(std::ops::Range<usize>, usize, &'static str)) {
        let folded = Zeroizing::new(bytes.to_ascii_lowercase());
        for (at, window) in folded.windows(START).enumerate() {
            if !self.likely.get(two(window)).copied().unwrap_or_default() {
                continue;
            }
            let Some(of_start) = window.first_chunk::<START>().and_then(|start| self.starts.get(start)) else {
                continue;
            };
            for needle in of_start.iter().filter_map(|number| self.needles.get(*number)) {
                let end = at + needle.bytes.len();
                let digit = |at: Option<usize>| at.and_then(|at| folded.get(at)).is_some_and(u8::is_ascii_digit);
                if folded.get(at..end) == Some(needle.bytes.as_slice())
                    && !(needle.number && (digit(at.checked_sub(1)) || digit(Some(end))))
                {
                    visit(at..end, needle.canary, needle.form);
                }
            }
        }
    }
}

fn two(start: &[u8]) -> usize {
    start.first_chunk::<2>().map_or(0, |pair| usize::from(u16::from_le_bytes(*pair)))
}
