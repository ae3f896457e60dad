//! The first openings of a sorted list, without sorting the rest.

use std::cmp::Ordering;

use crate::cursor::{Place, Position};

/// How many are gathered before the worst are thrown away.
const GATHERED: usize = 128;

/// What an opening's public id can be asked of. Ids lie far from what a search looks at otherwise, so they are
/// asked for only where two openings share a place, and for the page.
pub(crate) trait Named {
    fn id(&self) -> &str;
}

/// An opening of the result.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit<N> {
    pub(crate) place: Place,
    pub(crate) what: N,
}

impl<N: Named> Hit<N> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place.cmp(&other.place).then_with(|| self.what.id().cmp(other.what.id()))
    }

    fn is_behind(&self, position: &Position) -> bool {
        let order = self.place.cmp(&position.place).then_with(|| self.what.id().cmp(&position.id));
        order == Ordering::Greater
    }
}

/// Keeps those that come first behind a position, and one more to know whether there are more.
pub(crate) struct Top<'c, N> {
    after: Option<&'c Position>,
    limit: usize,
    gathered: Vec<Hit<N>>,
    /// The last place that may still come in.
    bar: Option<Place>,
}

impl<'c, N: Named> Top<'c, N> {
    pub(crate) fn new(limit: usize, after: Option<&'c Position>) -> Self {
        Self { after, limit, gathered: Vec::new(), bar: None }
    }

    /// True when nothing at this place can be on the page.
    fn is_out(&self, place: Place) -> bool {
        self.limit == 0 || self.bar.is_some_and(|bar| place > bar) || self.after.is_some_and(|a| place < a.place)
    }

    pub(crate) fn push(&mut self, hit: Hit<N>) {
        if self.is_out(hit.place) || self.after.is_some_and(|after| !hit.is_behind(after)) {
            return;
        }
        self.gathered.push(hit);
        if self.gathered.len() >= GATHERED.max(self.limit.saturating_mul(2)) {
            self.throw_away();
        }
    }

    /// Keeps the first of those gathered, in no order.
    fn throw_away(&mut self) {
        if self.gathered.len() > self.limit {
            let (_, last, _) = self.gathered.select_nth_unstable_by(self.limit, Hit::cmp);
            self.bar = Some(last.place);
            self.gathered.truncate(self.limit.saturating_add(1));
        }
    }

    /// The page in its order, and whether more come behind it.
    pub(crate) fn page(mut self) -> (Vec<Hit<N>>, bool) {
        self.throw_away();
        self.gathered.sort_unstable_by(Hit::cmp);
        let has_more = self.gathered.len() > self.limit;
        self.gathered.truncate(self.limit);
        (self.gathered, has_more)
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;

    impl Named for &str {
        fn id(&self) -> &str {
            self
        }
    }

    #[test]
    fn it_gives_what_sorting_all_would_give() {
        // Numbers that jump about: a multiplication by a number without common divisor.
        let places: Vec<(i64, String)> =
            (0..4000i64).map(|n| (n * 1237 % 97, format!("{:04}", n * 7919 % 4000))).collect();
        let place = |rank: i64| Place { rank: Reverse(rank), published: Reverse(0) };
        let mut sorted: Vec<Position> =
            places.iter().map(|(rank, id)| Position { place: place(*rank), id: id.clone() }).collect();
        sorted.sort();
        for limit in [0, 1, 20, 700, 5000] {
            for start in [None, Some(0), Some(17), Some(2000), Some(3990), Some(3999)] {
                let after = start.map(|n| &sorted[n]);
                let mut top = Top::new(limit, after);
                places.iter().for_each(|(rank, id)| top.push(Hit { place: place(*rank), what: id.as_str() }));
                let (page, has_more) = top.page();
                let rest = &sorted[start.map_or(0, |n| n + 1)..];
                let want: Vec<&str> = rest.iter().take(limit).map(|p| p.id.as_str()).collect();
                assert_eq!(page.iter().map(|h| h.what).collect::<Vec<_>>(), want);
                assert_eq!(has_more, limit > 0 && rest.len() > limit);
            }
        }
    }
}
