//! A phone with an authenticator app.

use chrono::{DateTime, Utc};
use serde_json::json;
use totp_rs::{Algorithm, Secret, TOTP};

use crate::app::TestApp;
use crate::client::ApiClient;
use crate::journeys::text;

/// One key in the app.
pub struct Authenticator {
    app: TOTP,
    /// The key as it was shown.
    pub secret: String,
}

impl Authenticator {
    /// From the key as a page or the API shows it.
    pub fn of(secret: &str) -> Authenticator {
        let secret: String = secret.split_whitespace().collect();
        let key = Secret::Encoded(secret.clone()).to_bytes().expect("base32");
        let app = TOTP::new(Algorithm::SHA1, 6, 1, 30, key).expect("a key that is long enough");
        Authenticator { app, secret }
    }

    /// What it shows at a time.
    pub fn code(&self, now: DateTime<Utc>) -> String {
        self.app.generate(u64::try_from(now.timestamp()).expect("a time of today"))
    }

    /// A code that is neither of now nor of the minutes around it.
    pub fn wrong(&self, now: DateTime<Utc>) -> String {
        let near: Vec<String> = (-4..=4).map(|n| self.code(now + chrono::Duration::seconds(30 * n))).collect();
        let mut made_up = (0..).map(|n| format!("{n:06}"));
        made_up.find(|code| !near.contains(code)).expect("one of a million")
    }
}

/// Sets a second factor up over the API; gives the app and the recovery codes.
pub async fn enrol(app: &TestApp, api: &ApiClient) -> (Authenticator, Vec<String>) {
    let made = api.act("/session/second-factor").await.with_status(201).json();
    let phone = Authenticator::of(&text(&made["secret"]));
    let body = json!({ "totp": phone.code(app.now()) });
    let codes = api.post("/session/second-factor/confirm", &body).await.ok();
    let codes = codes["recovery_codes"].as_array().expect("codes").iter().map(text).collect();
    (phone, codes)
}
