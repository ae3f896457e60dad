//! What is not a session, and what a session does not let another site do.

use harness::{app::TestApp, client::token_of, factory, journeys, on_both};
use reqwest::{
    Method, RequestBuilder,
    header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN},
};
use rosterline::auth::SigningKey;
use serde_json::{Value, json};

const NAME: &str = "rosterline_session";

/// Far away in time, in seconds.
const FAR: i64 = 10_000_000;

on_both! {
    /// T07: a token that is wrong in any one respect is nobody: 401, never 500. They are signed with the server's own
    /// key, so that nothing but the wrong part can be what refuses them.
    async fn t07_a_token_wrong_in_one_respect_is_nobody(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let session = session_of(&app, &member.email).await;
        let inner = app.running().app();
        let ours = SigningKey::new(inner.vault.jwt_seed(), "access-1").expect("a key");
        let theirs = SigningKey::new(&[9; 32], "access-1").expect("a key");
        let receipts = SigningKey::new(inner.vault.receipt_seed(), "access-1").expect("a key");
        let now = inner.now().timestamp();
        let header = json!({ "typ": "at+jwt", "alg": "EdDSA" });
        let claims = json!({
            "iss": "rosterline", "aud": "rosterline-api", "sid": session, "iat": now, "nbf": now, "exp": now + 60,
        });
        let answers = async |token: &str| member.api.with_token(token).get("/me/profile").await;
        answers(&signed(&ours, &header, &claims)).await.with_status(200);

        let with = |of: &Value, key: &str, value: Value| { let mut of = of.clone(); of[key] = value; of };
        let without = |key: &str| { let mut of = claims.clone(); of.as_object_mut().unwrap().remove(key); of };
        let mut wrong: Vec<(String, String)> = Vec::new();
        for (key, value) in [
            ("exp", json!((now + 60).to_string())), ("exp", json!(now as f64 + 60.5)), ("exp", json!(now)),
            ("exp", json!(now - FAR)), ("exp", Value::Null), ("nbf", json!(now + FAR)), ("nbf", json!("soon")),
            ("aud", json!("rosterline-receipts")), ("aud", json!(1)), ("iss", json!("elsewhere")),
            ("sid", json!("00000000-0000-4000-8000-00000000dead")), ("sid", json!("' OR 1=1 --")), ("sid", json!(1)),
            ("role", json!("admin")),
        ] {
            wrong.push((format!("{key} {value}"), signed(&ours, &header, &with(&claims, key, value))));
        }
        for key in ["exp", "nbf", "aud", "iss", "sid", "iat"] {
            wrong.push((format!("no {key}"), signed(&ours, &header, &without(key))));
        }
        for (key, value) in [("typ", json!("JWT")), ("typ", json!("receipt+jwt")), ("typ", Value::Null)] {
            wrong.push((format!("{key} {value}"), signed(&ours, &with(&header, key, value), &claims)));
        }
        for alg in ["none", "None", "HS256", "RS256", "ES256", "PS512"] {
            let header = with(&header, "alg", json!(alg));
            wrong.push((format!("alg {alg}"), signed(&ours, &header, &claims)));
            wrong.push((format!("alg {alg} unsigned"), format!("{}.", unsigned(&header, &claims))));
        }
        wrong.push(("another key".to_owned(), signed(&theirs, &header, &claims)));
        wrong.push(("the key of receipts".to_owned(), signed(&receipts, &header, &claims)));
        let good = signed(&ours, &header, &claims);
        for at in [5, good.len() / 2, good.len() - 10] {
            wrong.push((format!("a flipped bit at {at}"), flipped(&good, at)));
        }
        wrong.push(("a mail's token".to_owned(), token_of(&app.operator_link(&member.email).await).to_owned()));
        for rubbish in ["", ".", "..", "a.b.c", "e30.e30.", "\u{7f}", "Bearer"] {
            wrong.push((format!("{rubbish:?}"), rubbish.to_owned()));
        }
        wrong.push(("a long one".to_owned(), "a".repeat(8000)));
        for (what, token) in wrong.iter().filter(|(_, token)| token.is_ascii() && !token.contains('\u{7f}')) {
            let status = answers(token).await.status;
            assert_eq!(status, 401, "{what}");
        }
    }
}

on_both! {
    /// T07: neither a mail's token nor an access token is a session cookie.
    async fn t07_a_token_of_another_purpose_is_no_cookie(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let (secret, access) = cookie_and_access(&app, &member.email).await;
        let link = app.operator_link(&member.email).await;
        let with = async |value: &str| {
            let request = at(&app, Method::GET, "/api/v1/me/profile").header(COOKIE, format!("{NAME}={value}"));
            request.send().await.expect("an answer").status().as_u16()
        };
        assert_eq!(with(&secret).await, 200);
        for other in [token_of(&link), access.as_str(), "", "x"] {
            assert_eq!(with(other).await, 401);
        }
        member.api.with_token(&secret).get("/me/profile").await.problem(401);
    }
}

on_both! {
    /// T08: what carries the cookie and changes something must come from a page of this site.
    async fn t08_another_site_cannot_act_with_the_cookie(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let (secret, _) = cookie_and_access(&app, &member.email).await;
        let host = app.base_url();
        let foreign: [&[(&str, &str)]; 8] = [
            &[],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
            &[("origin", &host), ("sec-fetch-site", "cross-site")],
            &[("origin", &host), ("sec-fetch-site", "same-site")],
            &[("origin", "http://127.0.0.1")],
            &[("sec-fetch-site", "rubbish")],
        ];
        for (method, path) in [
            (Method::POST, "/account/pause"),
            (Method::POST, "/sign-out"),
            (Method::POST, "/api/v1/me/pause"),
            (Method::PUT, "/api/v1/me/permissions"),
            (Method::DELETE, "/api/v1/me"),
        ] {
            for headers in foreign {
                let request = at(&app, method.clone(), path).header(COOKIE, format!("{NAME}={secret}"));
                let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
                let reply = request.send().await.expect("an answer");
                assert_eq!(reply.status(), 403, "{method} {path} with {headers:?}");
            }
        }
        assert!(member.api.get("/me/profile").await.status == 200, "nothing was done");
        let own = at(&app, Method::POST, "/account/resume").header(COOKIE, format!("{NAME}={secret}"));
        let own = own.header(ORIGIN, &host).header("sec-fetch-site", "same-origin");
        assert_eq!(own.send().await.expect("an answer").status(), 303);
    }
}

on_both! {
    /// T08: another site cannot sign somebody in as somebody else either.
    async fn t08_another_site_cannot_sign_anybody_in(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let link = app.operator_link(&member.email).await;
        let path = format!("/sign-in/{}", token_of(&link));
        let request = at(&app, Method::POST, &path).header(ORIGIN, "https://evil.example");
        let reply = request.header("sec-fetch-site", "cross-site").send().await.expect("an answer");
        assert_eq!((reply.status().as_u16(), reply.headers().get("set-cookie")), (403, None));
        app.visitor().sign_in(&link).await.get("/me/profile").await.ok();
    }
}

on_both! {
    /// T08: the cookie is for this site and not for scripts, each sign-in has its own, and the former one is over.
    async fn t08_every_sign_in_has_its_own_cookie(database) {
        let app = TestApp::builder(database)
            .config(|config| config.public_url = Some("https://openings.example".to_owned()))
            .start()
            .await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let press = async |former: Option<&str>| {
            let link = app.operator_link(&member.email).await;
            let request = at(&app, Method::POST, &format!("/sign-in/{}", token_of(&link)));
            let request = request.header("sec-fetch-site", "same-origin");
            let request = former.iter().fold(request, |request, value| request.header(COOKIE, format!("{NAME}={value}")));
            let reply = request.send().await.expect("an answer");
            assert_eq!(reply.status(), 303);
            reply.headers()["set-cookie"].to_str().expect("a cookie").to_owned()
        };
        let value = |cookie: &str| cookie.split(['=', ';']).nth(1).unwrap_or_default().to_owned();
        let first = press(None).await;
        for flag in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(first.contains(flag), "{first}");
        }
        assert!(!first.contains("Domain"), "{first}");
        let planted = press(Some("planted-by-another-site")).await;
        let second = press(Some(&value(&first))).await;
        assert!(value(&first) != value(&second) && !planted.contains("planted"), "each has its own");
        let page = async |cookie: &str| {
            let request = at(&app, Method::GET, "/permissions").header(COOKIE, format!("{NAME}={}", value(cookie)));
            request.send().await.expect("an answer").status().as_u16()
        };
        assert_eq!((page(&first).await, page(&second).await), (303, 200), "the former session is over");
    }
}

on_both! {
    /// T08: no answer may stand in a frame, errors included.
    async fn t08_nothing_stands_in_a_frame(database) {
        let app = TestApp::start(database).await;
        for path in ["/", "/sign-in", "/no-such-page", "/permissions", "/api/v1/openings", "/api/v1/me/profile", "/healthz"] {
            let reply = app.visitor().send(Method::GET, path, None).await;
            assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        }
    }
}

on_both! {
    /// T32: whatever is wrong, programs get a whole problem document that tells nothing of the inside and repeats
    /// nothing of what was sent.
    async fn t32_every_refusal_is_a_problem_and_no_echo(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        const ECHO: &str = "zq-echo-zq";
        let (_, token) = cookie_and_access(&app, &company.email).await;
        let send = async |method: Method, path: String, kind: &str, body: String| {
            let request = at(&app, method.clone(), &path).bearer_auth(&token).header(CONTENT_TYPE, kind).body(body);
            let reply = request.send().await.expect("an answer");
            let (status, kind) = (reply.status().as_u16(), reply.headers()["content-type"].to_str().unwrap().to_owned());
            (status, kind, reply.text().await.expect("a body"))
        };
        let json = "application/json";
        let draft = factory::bakersfield_opening().set("/title", ECHO).set("/closes_on", ECHO).json().to_string();
        let nul = factory::bakersfield_opening().set("/title", format!("{ECHO}\u{0}")).json().to_string();
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        let openings = "/api/v1/company/openings";
        let mut faults = Vec::new();
        for (status, method, path, kind, body) in [
            (400, Method::POST, openings.to_owned(), json, format!("{{\"title\": \"{ECHO}\"")),
            (422, Method::POST, openings.to_owned(), json, format!("[\"{ECHO}\"]")),
            (422, Method::POST, openings.to_owned(), json, format!("\"{ECHO}\"")),
            (422, Method::POST, openings.to_owned(), json, format!("{{\"seats\": \"{ECHO}\"}}")),
            (422, Method::POST, openings.to_owned(), json, draft.clone()),
            (422, Method::POST, openings.to_owned(), json, nul),
            (422, Method::POST, openings.to_owned(), json, deep.clone()),
            (422, Method::POST, openings.to_owned(), json, format!("{{\"pay\": {}", "{\"pay\":".repeat(5000))),
            (415, Method::POST, openings.to_owned(), "text/plain", draft.clone()),
            (415, Method::POST, openings.to_owned(), "application/x-www-form-urlencoded", format!("title={ECHO}")),
            (413, Method::POST, openings.to_owned(), json, "x".repeat(300 * 1024)),
            (404, Method::GET, format!("{openings}/{ECHO}"), json, String::new()),
            (404, Method::GET, format!("{openings}/%27%20OR%201=1%20--{ECHO}"), json, String::new()),
            (404, Method::GET, format!("/api/v1/{ECHO}"), json, String::new()),
            (404, Method::GET, format!("/.well-known/{ECHO}"), json, String::new()),
            (404, Method::GET, format!("{openings}/%00%ff{ECHO}"), json, String::new()),
            (405, Method::DELETE, openings.to_owned(), json, String::new()),
            (405, Method::PATCH, "/healthz".to_owned(), json, String::new()),
            (422, Method::GET, format!("{openings}?limit={ECHO}"), json, String::new()),
            (422, Method::GET, format!("{openings}?cursor=%00{ECHO}"), json, String::new()),
            (403, Method::GET, "/api/v1/admin/queue".to_owned(), json, String::new()),
            (403, Method::GET, format!("/api/v1/me/alerts/{ECHO}"), json, String::new()),
        ] {
            let (got, kind, text) = send(method.clone(), path.clone(), kind, body).await;
            let fault = |what: &str| format!("{method} {path}: {what} in {got} {kind} {text}");
            if (got, kind.as_str()) != (status, "application/problem+json") {
                faults.push(fault(&format!("not {status}")));
                continue;
            }
            let problem: Value = serde_json::from_str(&text).expect("JSON");
            let keys = ["type", "title", "detail", "code", "request_id"];
            faults.extend(keys.iter().filter(|key| !problem[**key].is_string()).map(|key| fault(&format!("no {key}"))));
            let told = text.replace("urn:rosterline:problem:", "");
            let inside = [ECHO, "SELECT", "diesel", "panicked", ".rs", "sqlite", "postgres", "/work/", "line 1", "::"];
            faults.extend(inside.iter().filter(|word| told.contains(**word)).map(|word| fault(word)));
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

on_both! {
    /// A method that an address does not take is told so, with those it takes (RFC 9110, 15.5.6).
    async fn a_wrong_method_is_told_the_right_ones(database) {
        let app = TestApp::start(database).await;
        let visitor = app.visitor();
        for (method, path, allowed) in [
            (Method::DELETE, "/api/v1/openings", "GET, HEAD"),
            (Method::GET, "/api/v1/sign-in", "POST"),
            (Method::POST, "/api/v1/me/profile", "GET, PUT, HEAD"),
            (Method::PUT, "/api/v1/company/openings/x", "GET, PATCH, HEAD"),
        ] {
            let reply = visitor.send(method, path, None).await;
            assert_eq!(reply.header("allow"), allowed, "{path}");
            assert_eq!(reply.problem(405)["code"], "method_not_allowed");
        }
        let page = visitor.send(Method::DELETE, "/permissions", None).await.with_status(405);
        assert_eq!(page.header("allow"), "GET, POST, HEAD");
        visitor.send(Method::DELETE, "/api/v1/no/such/thing", None).await.problem(404);
        let head = visitor.send(Method::HEAD, "/healthz", None).await.with_status(200);
        assert!(head.text().is_empty(), "a head has no body");
    }
}

fn at(app: &TestApp, method: Method, path: &str) -> RequestBuilder {
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let host = app.base_url();
    let request = http.build().expect("a client").request(method, format!("{host}{path}"));
    request.header(HOST, host.trim_start_matches("http://"))
}

async fn confirmed(app: &TestApp, email: &str) -> Value {
    let token = token_of(&app.operator_link(email).await).to_owned();
    app.visitor().post("/sign-in/confirm", &json!({ "token": token })).await.ok()
}

async fn session_of(app: &TestApp, email: &str) -> String {
    journeys::text(&confirmed(app, email).await["session_id"])
}

/// The refresh token is what the cookie holds.
async fn cookie_and_access(app: &TestApp, email: &str) -> (String, String) {
    let session = confirmed(app, email).await;
    (journeys::text(&session["refresh_token"]), journeys::text(&session["access_token"]))
}

fn signed(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let text = unsigned(header, claims);
    let signature = key.sign(text.as_bytes());
    format!("{text}.{signature}")
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()))
}

/// Another letter of the alphabet in this place.
fn flipped(token: &str, at: usize) -> String {
    let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}

fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            out.push(char::from(LETTERS[(word >> (18 - 6 * at) & 63) as usize]));
        }
    }
    out
}
