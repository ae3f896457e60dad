//! The JSON side of the product as each role sees it.

use reqwest::{Method, header::HeaderMap};
use serde_json::{Value, json};

/// An answer, with what was asked, so that a failed expectation explains itself.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Vec<u8>,
    asked: String,
}

impl Reply {
    pub(crate) async fn read(asked: String, response: reqwest::Response) -> Reply {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.expect("a whole body").to_vec();
        Reply { status, headers, body, asked }
    }

    /// The body of a good answer; null when it is empty.
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{}", self.story());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The answer itself, when it has this status.
    pub fn with_status(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{}", self.story());
        self
    }

    /// The body of a refusal, checked to be a whole `application/problem+json` with this status.
    pub fn problem(self, status: u16) -> Value {
        let reply = self.with_status(status);
        assert_eq!(reply.header("content-type"), "application/problem+json", "{}", reply.story());
        let problem = reply.json();
        for key in ["type", "title", "detail", "code", "request_id"] {
            assert!(problem[key].is_string(), "no {key}: {}", reply.story());
        }
        assert_eq!(problem["status"], status, "{}", reply.story());
        problem
    }

    /// The fields a 422 names.
    pub fn wrong_fields(self) -> Vec<String> {
        let problem = self.problem(422);
        let errors = problem["errors"].as_array().expect("errors");
        errors.iter().map(|error| error["field"].as_str().expect("a field").to_owned()).collect()
    }

    /// The `items` of a list.
    pub fn items(self) -> Vec<Value> {
        let body = self.ok();
        body["items"].as_array().unwrap_or_else(|| panic!("no items in {body}")).clone()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.story()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The body without the id of the request, for comparing two answers byte by byte.
    pub fn body_without_request_id(&self) -> String {
        let mut body = self.json();
        let id = body["request_id"].take();
        self.text().replace(id.as_str().unwrap_or("no request id"), "")
    }

    fn story(&self) -> String {
        format!("{} answered {}: {}", self.asked, self.status, self.text())
    }
}

/// Someone who speaks JSON: a visitor, or a person with a token.
#[derive(Clone)]
pub struct ApiClient {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    refresh_token: Option<String>,
    headers: HeaderMap,
    /// What sign-in said: `member`, `company` or `admin`; empty for a visitor.
    pub role: String,
}

impl ApiClient {
    /// A visitor of the server at this base URL.
    pub fn visitor(base: &str) -> ApiClient {
        let base = base.trim_end_matches('/').to_owned();
        let headers = HeaderMap::new();
        ApiClient { http: plain_http(), base, token: None, refresh_token: None, headers, role: String::new() }
    }

    /// Exchanges the token of a one-time link for a session.
    pub async fn sign_in(&self, link: &str) -> ApiClient {
        let token = token_of(link);
        let session = self.post("/sign-in/confirm", &json!({ "token": token })).await.ok();
        self.with_session(&session)
    }

    /// As `sign_in`, with a code of the second factor.
    pub async fn sign_in_with(&self, link: &str, code: &str) -> ApiClient {
        let body = json!({ "token": token_of(link), "totp": code });
        let session = self.post("/sign-in/confirm", &body).await.ok();
        self.with_session(&session)
    }

    /// The same person with the next access token.
    pub async fn refreshed(&self) -> ApiClient {
        let visitor = ApiClient { token: None, ..self.clone() };
        let body = json!({ "refresh_token": self.refresh_token });
        let session = visitor.post("/sign-in/refresh", &body).await.ok();
        self.with_session(&session)
    }

    /// The same person at another node of the same instance.
    pub fn at(&self, base: &str) -> ApiClient {
        ApiClient { base: base.trim_end_matches('/').to_owned(), ..self.clone() }
    }

    /// A client with another bearer token, such as an API key or a forged one.
    pub fn with_token(&self, token: &str) -> ApiClient {
        ApiClient { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The bearer token; empty for a visitor.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// What lets somebody else act as this person: the bearer token and the one that gives the next.
    pub fn secrets(&self) -> Vec<String> {
        self.token.iter().chain(&self.refresh_token).cloned().collect()
    }

    /// The refresh token; empty for who has none.
    pub fn refresh_token(&self) -> &str {
        self.refresh_token.as_deref().unwrap_or_default()
    }

    /// The same client with another header on every request.
    pub fn with_header(&self, name: &'static str, value: &str) -> ApiClient {
        let mut headers = self.headers.clone();
        headers.insert(name, value.parse().expect("a value of a header"));
        ApiClient { headers, ..self.clone() }
    }

    /// GET below `/api/v1`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, &api(path), None).await
    }

    /// POST below `/api/v1`.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, &api(path), Some(body)).await
    }

    /// POST without a body below `/api/v1`.
    pub async fn act(&self, path: &str) -> Reply {
        self.send(Method::POST, &api(path), None).await
    }

    /// PUT below `/api/v1`.
    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PUT, &api(path), Some(body)).await
    }

    /// PATCH below `/api/v1`.
    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, &api(path), Some(body)).await
    }

    /// DELETE below `/api/v1`.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, &api(path), None).await
    }

    /// Any request to a path from the root, or to a whole link of a mail.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let path = path_of(path);
        let asked = format!("{method} {path}");
        let mut request = self.http.request(method, format!("{}{path}", self.base)).headers(self.headers.clone());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Reply::read(asked, request.send().await.expect("the server answers")).await
    }

    /// A POST as a mail program makes it for one-click unsubscribe: no session, a form body.
    pub async fn one_click(&self, link: &str) -> Reply {
        let path = path_of(link);
        let request = self.http.post(format!("{}{path}", self.base));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let response = request.body("List-Unsubscribe=One-Click").send().await;
        Reply::read(format!("POST {path}"), response.expect("the server answers")).await
    }

    fn with_session(&self, session: &Value) -> ApiClient {
        let word = |key: &str| session[key].as_str().map(str::to_owned);
        let token = word("access_token").expect("an access token");
        ApiClient {
            token: Some(token),
            refresh_token: word("refresh_token").or_else(|| self.refresh_token.clone()),
            role: word("role").unwrap_or_else(|| self.role.clone()),
            ..self.clone()
        }
    }
}

/// No redirects, no proxy, no cookies of its own: what the tests see is what the server said.
pub(crate) fn plain_http() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.timeout(std::time::Duration::from_secs(30)).build().expect("an HTTP client")
}

/// The path and query of a link, whatever host it names.
pub fn path_of(link: &str) -> &str {
    let Some((_, rest)) = link.split_once("://") else {
        return link;
    };
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// The last part of a one-time link.
pub fn token_of(link: &str) -> &str {
    link.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

fn api(path: &str) -> String {
    assert!(path.starts_with('/') && !path.starts_with("/api/"), "{path} stands below /api/v1");
    format!("/api/v1{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lose_their_host_and_show_their_token() {
        assert_eq!(path_of("https://a.example:1/sign-in/x?y=1"), "/sign-in/x?y=1");
        assert_eq!(path_of("http://a.example"), "/");
        assert_eq!(path_of("/openings"), "/openings");
        assert_eq!(token_of("http://a.example/sign-in/abc"), "abc");
    }
}
