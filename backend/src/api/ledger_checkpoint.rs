//! The newest signed root of the ledger's tree, for anyone to keep, and proofs that it goes on from an older one.

use actix_web::web::Data;
use serde::Serialize;

use super::extract::Params;
use super::{ApiResult, ok};
use crate::app::App;
use crate::auth::Routes;
use crate::error::AppError;
use crate::ledger::{Checkpoint, Keeping, OlderTree};
use crate::usecases;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/.well-known/ledger-checkpoint", checkpoint);
}

#[derive(Serialize)]
struct GoesOnResponse {
    checkpoint: Checkpoint,
    consistency: OlderTree,
}

/// The newest checkpoint; with `from`, also the proof that its tree goes on from the one of that size.
async fn checkpoint(app: Data<App>, mut params: Params) -> ApiResult {
    let from = params.parsed("from", |t| t.parse::<u64>().ok(), "Give the size of an older tree.");
    params.finish()?;
    let newest = match app.ledger.last() {
        Some(newest) => newest,
        None => app.read(first).await?,
    };
    let Some(from) = from else { return ok(&newest) };
    let size = newest.size;
    let older = app.read(move |conn, _| usecases::older_trees(conn, &[from], size)).await?;
    let consistency = older
        .into_iter()
        .next()
        .ok_or_else(|| AppError::field("from", "out_of_range", "Give a size that the tree has already had."))?;
    ok(&GoesOnResponse { checkpoint: newest, consistency })
}

/// Asked before the server has had time to keep one.
fn first(conn: &mut store::Conn, app: &App) -> Result<Checkpoint, AppError> {
    match app.ledger.keep(conn, app.now())? {
        Keeping::Agrees(checkpoint) | Keeping::Disagrees(checkpoint) => Ok(checkpoint),
    }
}
