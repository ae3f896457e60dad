//! Finding the openings of a segment that hold every word of a search, each with its score.
//!
//! The posting lists of the scored field are walked directly: the rarest word leads and the others follow.

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader};

use crate::text::Word;
use crate::weights::Sum;

/// Shows every document of the segment that holds every word, deleted ones included, in order, with its score.
pub(crate) fn each_hit(
    scored: &InvertedIndexReader,
    words: &[Word],
    mut visit: impl FnMut(DocId, u32),
) -> tantivy::Result<()> {
    let mut lists = Vec::with_capacity(words.len());
    for word in words {
        let Some(term) = scored.terms().get(word.stem.as_bytes())? else { return Ok(()) };
        lists.push(List::new(scored.read_block_postings_from_terminfo(&term, IndexRecordOption::WithFreqs)?));
    }
    lists.sort_by_key(|list| list.postings.doc_freq());
    let Some((lead, others)) = lists.split_first_mut() else { return Ok(()) };
    lead.each(|doc, frequency| {
        let mut sum = Sum::NOTHING.with(frequency);
        for other in &mut *others {
            match other.find(doc) {
                Found::Here(frequency) => sum = sum.with(frequency),
                Found::Not => return true,
                Found::End => return false,
            }
        }
        visit(doc, sum.score());
        true
    });
    Ok(())
}

/// A posting list and where its reading stands.
struct List {
    postings: BlockSegmentPostings,
    /// In the block.
    at: usize,
}

enum Found {
    /// With the frequency.
    Here(u32),
    Not,
    /// Neither this document nor a later one.
    End,
}

impl List {
    const fn new(postings: BlockSegmentPostings) -> Self {
        Self { postings, at: 0 }
    }

    /// Shows every document with the frequency of the word until told to stop.
    fn each(&mut self, mut visit: impl FnMut(DocId, u32) -> bool) {
        let mut left = usize::try_from(self.postings.doc_freq()).unwrap_or(0);
        while left > 0 && !self.postings.docs().is_empty() {
            for (doc, frequency) in self.postings.docs().iter().zip(self.postings.freqs()) {
                if !visit(*doc, *frequency) {
                    return;
                }
            }
            left = left.saturating_sub(self.postings.docs().len());
            if left > 0 {
                self.postings.advance();
            }
        }
    }

    /// Looks for a document; they must be asked for in rising order.
    fn find(&mut self, doc: DocId) -> Found {
        if self.postings.docs().last().is_none_or(|last| *last < doc) {
            self.at = self.postings.seek(doc);
        }
        let rest = self.postings.docs().get(self.at..).unwrap_or_default();
        // The words of a search are about as frequent as each other, so the next document is near.
        let Some(steps) = rest.iter().position(|d| *d >= doc) else { return Found::End };
        self.at += steps;
        match (rest.get(steps), self.postings.freqs().get(self.at)) {
            (Some(here), Some(frequency)) if *here == doc => Found::Here(*frequency),
            _ => Found::Not,
        }
    }
}
