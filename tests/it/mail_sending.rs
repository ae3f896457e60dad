//! What the sending side holds when things go wrong: the numbers are those of the scenarios the mailer was designed against, over TCP and on
//! both databases.

mod databases;
mod letters;
mod nodes;
mod refusals;
mod servers;

use domain::mail::MailState;
use harness::app::TestApp;
use harness::crowd;
use harness::smtp_peer::Mail;

/// Addresses at a host.
fn addresses(host: &str, n: usize) -> Vec<String> {
    (0..n).map(|n| format!("p{n}@{host}")).collect()
}

/// The Message-ID.
fn id_of(mail: &Mail) -> String {
    mail.letter().header("Message-ID").expect("a Message-ID").to_owned()
}

/// Fails when a mail came twice; gives how many came.
fn each_once(app: &TestApp) -> usize {
    let mut ids: Vec<String> = app.mail.mails().iter().map(id_of).collect();
    let came = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), came, "a mail came twice");
    came
}

/// Moves the clock by a minute at a time until so many mails were taken.
async fn until_taken(app: &TestApp, wanted: i64, minutes: i64) {
    for _ in 0..minutes {
        if crowd::count(app, MailState::Accepted).await >= wanted {
            return;
        }
        app.advance(chrono::Duration::minutes(1)).await;
    }
    let taken = crowd::count(app, MailState::Accepted).await;
    assert!(taken >= wanted, "{taken} of {wanted} were taken within {minutes} minutes");
}
