//! Openings by a search: the index finds, the rows decide.

use search_index::{Facets, OpeningQuery, SearchError};
use store::Conn;
use store::openings::Opening;

use crate::app::App;
use crate::error::AppError;

/// A page of a search.
#[derive(Default)]
pub(in crate::web) struct Found {
    /// Live openings in order.
    pub(in crate::web) openings: Vec<Opening>,
    /// How many the whole search finds.
    pub(in crate::web) total: usize,
    /// Cursor of the next page.
    pub(in crate::web) next_cursor: Option<String>,
    /// Counts beside the filters.
    pub(in crate::web) facets: Facets,
    /// What was searched for instead of a misspelt text that finds nothing.
    pub(in crate::web) corrected: Option<String>,
    /// What the reader should know, for example that text search is out of order.
    pub(in crate::web) note: Option<String>,
}

/// Searches and reads the rows again; what is no longer live is left out. A cursor that does not fit gives the first
/// page, and a fault of the index gives the newest openings from the database, each with a note.
///
/// # Errors
/// Database errors only.
pub(in crate::web) fn find(conn: &mut Conn, app: &App, query: &OpeningQuery) -> Result<Found, AppError> {
    let (page, note) = match app.index.openings().search(query) {
        Ok(page) => (page, None),
        Err(SearchError::BadCursor) => {
            let first = OpeningQuery { cursor: None, ..query.clone() };
            match app.index.openings().search(&first) {
                Ok(page) => (page, Some("The list has changed; this is its first page.")),
                Err(error) => return without_index(conn, app, query, &error),
            }
        }
        Err(error) => return without_index(conn, app, query, &error),
    };
    let mut openings = store::openings::find_many(conn, &page.ids)?;
    openings.retain(|o| o.liveness.is_live(app.now()));
    Ok(Found {
        openings,
        total: page.total,
        next_cursor: page.next_cursor,
        facets: page.facets,
        corrected: page.corrected,
        note: note.map(str::to_owned),
    })
}

/// How many openings a search finds; nothing when the index cannot say.
pub(super) fn count(app: &App, query: &OpeningQuery) -> Option<i64> {
    let only_count = OpeningQuery { limit: 0, cursor: None, ..query.clone() };
    let page = app.index.openings().search(&only_count).ok()?;
    i64::try_from(page.total).ok()
}

fn without_index(conn: &mut Conn, app: &App, query: &OpeningQuery, error: &SearchError) -> Result<Found, AppError> {
    tracing::error!(%error, "the openings index cannot be searched");
    let mut openings = store::openings::live(conn, app.now())?;
    let total = openings.len();
    openings.truncate(query.limit);
    let note = "Search and filters are out of order right now; these are the newest openings.";
    Ok(Found { openings, total, note: Some(note.to_owned()), ..Found::default() })
}
