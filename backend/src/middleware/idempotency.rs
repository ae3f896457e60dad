//! `Idempotency-Key`: a POST of the API that is sent again with the same key is carried out once. How the rows work
//! stands in `store::request_keys`.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use domain::AccountId;
use store::limits::Taken;
use store::request_keys::{Answer, Held, Request, Reserved, reserve};
use store::{Conn, StoreError};

use crate::app::{App, blocking};
use crate::errand::Errand;
use crate::error::AppError;

const KEY: &str = "idempotency-key";
const REPLAYED: &str = "idempotency-replayed";
/// The longest key.
const KEY_AT_MOST: usize = 128;
/// Answers above this are not kept.
const ANSWER_AT_MOST: usize = 256 * 1024;
/// What visitors may do under a key.
const OF_NOBODY: [&str; 2] = ["/api/v1/join", "/api/v1/companies"];
/// Where keys are passed over: these answers are credentials, and single-use tokens and codes already see to it that
/// nothing is done twice.
const WITHOUT: [&str; 3] = ["/api/v1/sign-in", "/api/v1/sign-out", "/api/v1/session"];

/// The request with its key, when it has one and this is a place for it.
///
/// # Errors
/// `Malformed` for a key that is none, `TooLarge` for the body.
pub(super) async fn asked(
    req: &mut ServiceRequest,
    app: &App,
    account: Option<&AccountId>,
) -> Result<Option<Request>, AppError> {
    let path = req.path();
    let takes = account.is_some() || OF_NOBODY.contains(&path);
    let without =
        WITHOUT.iter().any(|start| path.strip_prefix(start).is_some_and(|r| r.is_empty() || r.starts_with('/')));
    if *req.method() != Method::POST || !path.starts_with("/api/v1/") || !takes || without {
        return Ok(None);
    }
    let Some(key) = key_of(req.headers())? else { return Ok(None) };
    let line = format!("POST {}", req.uri().path_and_query().map_or(path, |p| p.as_str()));
    let body = req.extract::<Bytes>().await.map_err(|_| AppError::TooLarge)?;
    req.set_payload(actix_web::dev::Payload::from(body.clone()));
    Ok(Some(match account {
        Some(account) => Request::of_account(&app.vault, account, &key, &line, &body),
        None => Request::of_nobody(&app.vault, &key, &line, &body),
    }))
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>, AppError> {
    let mut all = headers.get_all(KEY);
    let key = match (all.next(), all.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.to_str().ok(),
        (Some(_), Some(_)) => None,
    };
    key.filter(|key| (1..=KEY_AT_MOST).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()))
        .map(|key| Some(key.to_owned()))
        .ok_or(AppError::Malformed("Idempotency-Key takes one value of 1 to 128 visible ASCII characters."))
}

/// Carries the request out, or answers as it was answered before.
///
/// # Errors
/// What the inner service returns.
pub(super) async fn once(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    app: App,
    account: Option<AccountId>,
    asked: Request,
) -> Result<(ServiceResponse<BoxBody>, Option<Taken>), actix_web::Error> {
    // A task of its own: what was begun is ended although whoever asked is gone, since that is who sends it again.
    let work = actix_web::rt::spawn(carry_out(req, next, app, account, asked));
    work.await.unwrap_or_else(|fault| match fault.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => Err(AppError::internal("a request was cut off").into()),
    })
}

async fn carry_out(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    app: App,
    account: Option<AccountId>,
    asked: Request,
) -> Result<(ServiceResponse<BoxBody>, Option<Taken>), actix_web::Error> {
    let holder = crate::random::id(|id| id.to_string());
    let reserved = row(&app, move |conn, app| reserve(conn, &asked, &holder, app.now())).await;
    let held = match reserved {
        Ok(Reserved::Ours(held)) => held,
        Ok(Reserved::Done(answer)) => return Ok((req.into_response(replay(answer)), None)),
        Ok(Reserved::DoneSilently) => return Ok((req.error_response(AppError::AlreadyDone), None)),
        Ok(Reserved::InHand) => return Ok((req.error_response(AppError::InProgress), None)),
        Ok(Reserved::OtherRequest) => return Ok((req.error_response(AppError::KeyReused), None)),
        Err(error) => return Ok((req.error_response(error), None)),
    };
    let errand = Errand::new(account, Some(held.clone()));
    match errand.run(next.call(req)).await {
        Ok(res) => Ok((settle(&app, held, res.map_into_boxed_body()).await?, errand.taken())),
        Err(error) => {
            end(&app, held, error.as_response_error().status_code()).await;
            Err(error)
        }
    }
}

/// Keeps the answer of what was done, and gives the key back for what was not.
async fn settle(
    app: &App,
    held: Held,
    res: ServiceResponse<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let status = res.status();
    // What no cache may keep is for one pair of eyes: contact, tokens, codes. It is not kept here either.
    let private = res.headers().get(CACHE_CONTROL).is_some_and(|v| v.as_bytes() == b"no-store");
    if !status.is_success() || private {
        end(app, held, status).await;
        return Ok(res);
    }
    let (req, res) = res.into_parts();
    let (res, body) = res.into_parts();
    let body = to_bytes(body).await.map_err(|_| AppError::internal("an answer without a body"))?;
    let text = |name: HeaderName| res.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    if body.len() <= ANSWER_AT_MOST {
        let answer = Answer {
            status: status.as_u16(),
            content_type: text(CONTENT_TYPE),
            location: text(LOCATION),
            body: body.to_vec(),
        };
        say(row(app, move |conn, _| held.answered(conn, &answer)).await);
    } else {
        end(app, held, status).await;
    }
    Ok(ServiceResponse::new(req, res.set_body(BoxBody::new(body))))
}

/// Without an answer to keep: what was committed counts as done, and nothing else does.
async fn end(app: &App, held: Held, status: StatusCode) {
    let ended = row(app, move |conn, _| {
        held.done_silently(conn, status.as_u16())?;
        held.released(conn)
    });
    say(ended.await);
}

/// The answer goes out all the same. Whoever sends the request again is told to wait, and after a minute that it was
/// done, or may do it when it was not.
fn say(kept: Result<(), AppError>) {
    if let Err(error) = kept {
        tracing::warn!(code = error.code(), cause = ?error, "the answer to a request with a key was not kept");
    }
}

/// A transaction of the key's row alone. Not through `App::write`: nobody has to be woken, and no act is counted.
async fn row<T: Send + 'static>(
    app: &App,
    mut f: impl FnMut(&mut Conn, &App) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, AppError> {
    let app = app.clone();
    blocking(move || Ok(app.db.write::<_, StoreError>(|conn| f(conn, &app))?)).await
}

fn replay(answer: Answer) -> HttpResponse {
    let mut res = HttpResponse::build(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK));
    for (name, value) in [(CONTENT_TYPE, answer.content_type), (LOCATION, answer.location)] {
        if let Some(value) = value {
            res.insert_header((name, value));
        }
    }
    res.insert_header((REPLAYED, "true"));
    res.body(answer.body)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn keys_are_short_visible_and_one() {
        let read = |values: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(HeaderName::from_static(KEY), HeaderValue::from_bytes(value).unwrap());
            }
            key_of(&headers)
        };
        assert!(matches!(read(&[]), Ok(None)));
        assert!(matches!(read(&[b"a-1"]), Ok(Some(key)) if key == "a-1"));
        assert!(matches!(read(&[&[b'x'; 128]]), Ok(Some(_))));
        for bad in [&[&b""[..]][..], &[b"a b"], &[&[b'x'; 129]], &["ä".as_bytes()], &[b"a", b"b"]] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
