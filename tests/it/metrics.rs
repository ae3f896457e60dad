//! Who sees which numbers.

use harness::{app::TestApp, client::ApiClient, factory, journeys, on_both};
use reqwest::Method;
use rosterline::config::MetricsToken;

const TOKEN: &str = "a-token-for-monitoring";

on_both! {
    /// What everyone sees does not move when an opening is approved and mails go out: otherwise a company could count
    /// the members it reached.
    async fn no_number_that_everyone_sees_moves_with_the_mails(database) {
        let token = MetricsToken::parse(TOKEN).expect("a token");
        let app = TestApp::builder(database).config(|config| config.metrics_token = token).start().await;
        let member = journeys::alerted_member(&app, "Jane Rivera", "jane@clinic.example", &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let visitor = app.visitor();
        let outsiders = [visitor.clone(), company.api.clone(), member.api.clone(), visitor.with_token("a-token-for-guessing")];

        let before = texts(&outsiders).await;
        let mails = app.mail.mails_to(&member.email).len();
        journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        assert!(app.mail.mails_to(&member.email).len() > mails, "an alert went out");
        assert_eq!(texts(&outsiders).await, before);

        for text in before {
            let families = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            let names: Vec<&str> = families.map(|line| line.split(['{', ' ']).next().unwrap_or_default()).collect();
            assert_eq!(names[..3], ["rosterline_build_info", "rosterline_start_time_seconds", "rosterline_ready"]);
            assert!(text.ends_with("ok\n") && text.contains("\"database\":\"ok\""), "{text}");
        }
        for insider in [visitor.with_token(TOKEN), app.admin().await] {
            let text = metrics(&insider).await;
            for family in ["rosterline_build_info", "rosterline_outbox_mails", "rosterline_mail_total", "rosterline_http_requests_total"] {
                assert!(text.contains(family), "no {family}");
            }
        }
    }
}

on_both! {
    /// Without a token in the settings no token opens anything, the empty one included.
    async fn nobody_guesses_a_token_that_is_not_set(database) {
        let app = TestApp::start(database).await;
        for guess in ["", " ", TOKEN] {
            assert!(!metrics(&app.visitor().with_token(guess)).await.contains("rosterline_outbox_mails"));
        }
    }
}

async fn metrics(client: &ApiClient) -> String {
    client.send(Method::GET, "/metrics", None).await.with_status(200).text()
}

/// What operation tells each of them.
async fn texts(clients: &[ApiClient]) -> Vec<String> {
    let mut all = Vec::new();
    for client in clients {
        let mut text = metrics(client).await;
        for path in ["/readyz", "/healthz"] {
            text.push_str(&client.send(Method::GET, path, None).await.with_status(200).text());
        }
        all.push(text);
    }
    all
}
