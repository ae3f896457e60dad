//! `GET /openings/suggest`: what to type next.

use actix_web::web::Data;
use search_index::Suggestion;
use serde::Serialize;

use crate::api::extract::Params;
use crate::api::{ApiResult, ok};
use crate::app::{App, blocking};

/// As many as anyone reads while typing.
const AT_MOST: usize = 20;

#[derive(Serialize)]
struct SuggestionResponse {
    text: String,
    kind: &'static str,
    value: String,
    count: u64,
}

impl From<Suggestion> for SuggestionResponse {
    fn from(s: Suggestion) -> Self {
        Self { text: s.text, kind: s.kind.as_str(), value: s.value, count: s.count }
    }
}

#[derive(Serialize)]
struct SuggestionsResponse {
    items: Vec<SuggestionResponse>,
}

pub(super) async fn suggest(app: Data<App>, mut params: Params) -> ApiResult {
    let prefix = params.text("q").unwrap_or_default();
    let limit = params
        .parsed("limit", |t| t.parse().ok().filter(|n| (1..=AT_MOST).contains(n)), "Give a number from 1 to 20.")
        .unwrap_or(8);
    params.finish()?;
    // The index is files; nothing of a database is asked.
    let found = blocking(move || Ok(app.index.openings().suggest(&prefix, limit, app.now())?)).await?;
    ok(&SuggestionsResponse { items: found.into_iter().map(SuggestionResponse::from).collect() })
}
