//! Lists that are cut into pages after they were read.

/// Rows of a page.
const ROWS: usize = 50;

/// The page after a cursor, and the cursor of the next one. The cursor is the key of the last row shown; one that is
/// not there any more begins anew.
pub(in crate::web) fn cut<T>(all: Vec<T>, cursor: &str, key: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let from = all.iter().position(|row| key(row) == cursor).map_or(0, |at| at + 1);
    let more = all.len() > from + ROWS;
    let rows: Vec<T> = all.into_iter().skip(from).take(ROWS).collect();
    let next = rows.last().map(key).filter(|_| more);
    (rows, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_on_exactly_one_page() {
        let all: Vec<u32> = (0..101).collect();
        let (mut cursor, mut seen, mut pages) = (String::new(), Vec::new(), 0);
        loop {
            let (rows, next) = cut(all.clone(), &cursor, u32::to_string);
            seen.extend(rows);
            pages += 1;
            match next {
                Some(next) => cursor = next,
                None => break,
            }
        }
        assert_eq!((seen, pages), (all, 3));
        assert_eq!(cut(vec![1, 2], "gone", i32::to_string), (vec![1, 2], None));
        assert_eq!(cut(Vec::<i32>::new(), "", i32::to_string), (vec![], None));
    }
}
