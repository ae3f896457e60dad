//! Static files under addresses that carry their hash, kept by browsers for good.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use actix_web::web::Path;

use super::WebResult;
use crate::auth::Routes;
use crate::error::AppError;

/// Routes.
pub fn routes(routes: &mut Routes) {
    routes.get("/static/{name}", file);
}

async fn file(name: Path<String>) -> WebResult {
    let asset = frontend::assets().get(&name).ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.content_type))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, asset.etag.clone()))
        .body(asset.bytes.to_vec()))
}
