//! Lists of the API: `{items, next_cursor}`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::extract::Params;
use crate::error::AppError;

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; null at the end.
    pub next_cursor: Option<String>,
}

impl<T> List<T> {
    /// The same page with each item as something else.
    ///
    /// # Errors
    /// The first that the closure returns.
    pub fn try_map<U, E>(self, f: impl FnMut(T) -> Result<U, E>) -> Result<List<U>, E> {
        Ok(List { items: self.items.into_iter().map(f).collect::<Result<_, E>>()?, next_cursor: self.next_cursor })
    }
}

/// `limit` and `cursor` of a request.
pub struct Paging {
    limit: usize,
    after: Option<String>,
}

impl Paging {
    /// Reads both and refuses every other parameter.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn only(mut params: Params) -> Result<Self, AppError> {
        let paging = Self::from(&mut params);
        params.finish()?;
        Ok(paging)
    }

    /// Reads both; the caller reads the others and finishes.
    pub fn from(params: &mut Params) -> Self {
        let limit = params.limit();
        let after = params.parsed("cursor", decode, "Give the cursor as it was given to you.");
        Self { limit, after }
    }

    /// Cuts a page out of a whole list. `key` names an item for good, so that a page begins where the last ended
    /// even when items before it went away.
    #[must_use]
    pub fn cut<T>(&self, all: Vec<T>, key: impl Fn(&T) -> String) -> List<T> {
        let start = match &self.after {
            None => 0,
            Some(after) => all.iter().position(|item| key(item) == *after).map_or(all.len(), |at| at + 1),
        };
        let more = all.len() > start + self.limit;
        let items: Vec<T> = all.into_iter().skip(start).take(self.limit).collect();
        let next_cursor = items.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(key(last)));
        List { items, next_cursor }
    }

    /// The key after which this page begins, for lists that the database pages.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// How many items.
    #[must_use]
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// A page that the database cut: one row more than the limit says that there is a next one.
    #[must_use]
    pub fn taken<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> String) -> List<T> {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next_cursor = rows.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(key(last)));
        List { items: rows, next_cursor }
    }
}

fn decode(cursor: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}
