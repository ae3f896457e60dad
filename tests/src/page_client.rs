//! The pages of the product as a browser without scripts uses them: cookies are kept, forms are
//! filled in as they stand, redirects are shown and not followed by themselves.

use std::collections::BTreeMap;

use crate::client::{Reply, path_of, plain_http, token_of};
use crate::encoding::form_body;
use crate::html::{Form, forms, plain_text, text_of};

/// One browser with its cookies.
pub struct PageClient {
    http: reqwest::Client,
    base: String,
    cookies: BTreeMap<String, String>,
    through: Option<String>,
}

/// A page and what it holds.
pub struct Page {
    /// The answer it came in.
    pub reply: Reply,
    /// Its source.
    pub html: String,
}

impl Page {
    /// The one main heading.
    pub fn heading(&self) -> String {
        text_of(&self.html, "h1").unwrap_or_default()
    }

    /// What a reader sees.
    pub fn text(&self) -> String {
        plain_text(&self.html)
    }

    /// The form that goes to this path; fails the test when there is none.
    pub fn form(&self, action: &str) -> Form {
        let found = forms(&self.html);
        let wanted = found.iter().find(|form| path_of(&form.action).split('?').next() == Some(action));
        let actions = || found.iter().map(|form| form.action.as_str()).collect::<Vec<_>>();
        wanted.unwrap_or_else(|| panic!("no form to {action}, only {:?}", actions())).clone()
    }
}

impl PageClient {
    /// A browser that has been nowhere yet.
    pub fn new(base: &str) -> PageClient {
        PageClient {
            http: plain_http(),
            base: base.trim_end_matches('/').to_owned(),
            cookies: BTreeMap::new(),
            through: None,
        }
    }

    /// A browser for whom a proxy speaks, at this address.
    pub fn behind_proxy(self, address: &str) -> PageClient {
        PageClient { through: Some(address.to_owned()), ..self }
    }

    /// Opens a path or a link of a mail.
    pub async fn get(&mut self, path: &str) -> Page {
        let path = path_of(path).to_owned();
        let request = self.http.get(format!("{}{path}", self.base));
        self.run(format!("GET {path}"), request).await
    }

    /// Sends a form; the answer to a good POST is a redirect.
    pub async fn send(&mut self, form: &Form) -> Page {
        let body = form_body(form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let path = path_of(&form.action).to_owned();
        if form.method == "get" {
            let path = path.split('?').next().unwrap_or_default().to_owned();
            return self.get(&format!("{path}?{body}")).await;
        }
        let request = self.http.post(format!("{}{path}", self.base)).body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        // What every browser adds, and what a server may use against forged requests.
        let request = request.header("origin", &self.base).header("sec-fetch-site", "same-origin");
        self.run(format!("POST {path}"), request).await
    }

    /// Sends a form and opens the page it leads to.
    pub async fn send_and_follow(&mut self, form: &Form) -> Page {
        let page = self.send(form).await;
        let reply = page.reply.with_status(303);
        let next = reply.location().to_owned();
        self.get(&next).await
    }

    /// Opens a one-time link, presses its button and opens the page behind it.
    pub async fn sign_in(&mut self, link: &str) -> Page {
        let page = self.get(link).await;
        page.reply.clone().with_status(200);
        let form = page.form(&format!("/sign-in/{}", token_of(link)));
        self.send_and_follow(&form).await
    }

    /// A cookie by name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    async fn run(&mut self, asked: String, request: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) };
        let request = match &self.through {
            Some(address) => request.header("x-forwarded-for", address),
            None => request,
        };
        let reply = Reply::read(asked, request.send().await.expect("the server answers")).await;
        for value in reply.headers.get_all("set-cookie") {
            let pair = value.to_str().unwrap_or_default();
            let gone = pair.to_ascii_lowercase().contains("max-age=0");
            if let Some((name, value)) = pair.split(';').next().and_then(|pair| pair.split_once('=')) {
                if gone || value.is_empty() {
                    self.cookies.remove(name);
                } else {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        let html = reply.text();
        Page { reply, html }
    }
}
