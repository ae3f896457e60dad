//! Nothing a company is told follows the number of members. Not a search for digits, which would miss a count in
//! words, in a length or in a header: the same company lives through the same month in two communities that differ in
//! every number and agree in every band, and everything it receives must be the same to the byte.

use std::collections::{BTreeMap, BTreeSet};

use domain::Kind;
use domain::matching::MatchState;
use harness::{
    app::TestApp,
    client::Reply,
    database::Database,
    factory,
    journeys::{self, text},
    on_both,
};

use super::community::{Physician, add, known_key, next_snapshot};
use super::{OWNER, band, drafted, opening, signed_in};

on_both! {
    /// Pages, API, headers and mails of a company, in a community of some 800 and in one of some 950, of whom many more
    /// fit its opening, are matched and mailed, or joined lately.
    async fn t12_a_company_is_told_nothing_that_follows_a_count(database) {
        let second = match &database {
            Database::Sqlite => Some(Database::Sqlite),
            Database::Postgres(_) => Database::postgres(),
        };
        let second = second.expect("there was one a moment ago");
        let fewer = month(database, &[], Vec::new()).await;
        let more = month(second, &["ann@clinic.example", "bob@clinic.example"], more()).await;
        assert_eq!(fewer.keys().collect::<Vec<_>>(), more.keys().collect::<Vec<_>>());
        for (what, told) in &fewer {
            let lines = told.lines().zip(more[what].lines());
            lines.for_each(|(few, many)| assert_eq!(few, many, "{what} differs between the communities"));
            assert_eq!(told.len(), more[what].len(), "{what} has another length");
        }
    }
}

/// Whom both communities have.
fn base() -> Vec<Physician> {
    let mut people = Physician::new("orthopaedic-surgery", "fresno").times(220);
    people.extend(Physician { kinds: vec![Kind::Qme], ..Physician::new("orthopaedic-surgery", "fresno") }.times(220));
    people.extend(Physician::new("internal-medicine", "los-angeles").times(360));
    people
}

/// Whom only the second has: more in the cells that show "more than 100", and people in no band at all who fit the
/// company's opening and are matched.
fn more() -> Vec<Physician> {
    let ortho = || Physician::new("orthopaedic-surgery", "bakersfield");
    let mut people = ortho().times(41);
    people.extend(Physician { kinds: vec![Kind::Ime], counted: false, alerted: true, min_pay: 1, ..ortho() }.times(23));
    people.extend(Physician { kinds: Kind::ALL.to_vec(), days: 5, alerted: true, min_pay: 1, ..ortho() }.times(31));
    people.extend(Physician { counted: false, ..Physician::new("pathology", "chicago-il") }.times(57));
    people
}

/// What the company receives in a month, by what it is.
async fn month(database: Database, friends: &[&str], more: Vec<Physician>) -> BTreeMap<String, String> {
    let app = TestApp::builder(database).config(known_key).start().await;
    for email in friends {
        journeys::alerted_member(&app, "A Friend", email, &factory::california_qme()).await;
    }
    let jane = journeys::alerted_member(&app, "Jane Rivera", "jane@clinic.example", &factory::california_qme()).await;
    add(app.running().app(), base().into_iter().chain(more).collect()).await;
    journeys::company(&app, "Kern Evaluations", OWNER).await;
    next_snapshot(&app).await;
    let company = journeys::Company { slug: String::new(), email: OWNER.to_owned(), api: signed_in(&app, OWNER).await };
    let live = opening("ime", "orthopaedic-surgery", "bakersfield").set("/comp_related", false);
    let live = journeys::live_opening(&app, &company, &live).await;
    let matched = app.running().app().read(|conn, _| Ok(store::matches::count(conn, MatchState::Released)?)).await;
    assert_eq!(
        matched.expect("matches"),
        if friends.is_empty() { 1 } else { 1 + 2 + 23 + 31 },
        "the numbers do differ"
    );
    let jane = journeys::Member { api: signed_in(&app, &jane.email).await, ..jane };
    let yes = journeys::introduce(&app, &jane, &live, &["name", "phone"]).await;
    app.advance(chrono::Duration::seconds(60)).await;
    let other = drafted(&company.api, &opening("qme", "spine-surgery", "modesto")).await;
    for id in [&live.id, &other] {
        assert_eq!(band(&company.api, id).await.as_str(), "more than 100");
    }
    received(&app, &company, [&live.id, &other], &yes).await
}

async fn received(
    app: &TestApp,
    company: &journeys::Company,
    openings: [&String; 2],
    introduction: &str,
) -> BTreeMap<String, String> {
    let mut told = BTreeMap::new();
    let [live, draft] = openings;
    let slug = text(&company.api.get("/company").await.ok()["slug"]);
    let places = [("LIVE", live.as_str()), ("DRAFT", draft.as_str()), ("YES", introduction), ("SLUG", slug.as_str())];
    let at = |path: &str| places.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
    for path in [
        "/company",
        "/company/openings",
        "/company/openings/LIVE",
        "/company/openings/LIVE/reach",
        "/company/openings/DRAFT/reach",
        "/company/introductions",
        "/company/introductions/YES",
        "/openings",
        "/openings/LIVE",
        "/companies/SLUG",
        "/admin/members",
        "/me/matches",
    ] {
        let reply = company.api.get(&at(path)).await;
        told.insert(format!("API {path}"), masked(app, &shown(&reply)));
    }
    let mut office = app.browser();
    office.sign_in(&app.operator_link(OWNER).await).await;
    for path in [
        "/",
        "/company",
        "/company/openings/new",
        "/company/openings/LIVE",
        "/company/openings/LIVE/edit",
        "/company/openings/DRAFT",
        "/company/contacts",
        "/company/contacts/YES",
        "/openings",
        "/openings/LIVE",
        "/companies/SLUG",
        "/how-it-works",
        "/for-companies",
        "/account",
        "/admin",
        "/matches",
    ] {
        let page = office.get(&at(path)).await;
        told.insert(format!("page {path}"), masked(app, &shown(&page.reply)));
    }
    for path in ["/readyz", "/healthz"] {
        let page = office.get(path).await;
        told.insert(format!("page {path}"), masked(app, &shown(&page.reply)));
    }
    for (n, mail) in app.mail.mails_to(OWNER).iter().enumerate() {
        let letter = mail.letter();
        let headers = letter.headers.iter().filter(|(name, _)| name != "Message-ID");
        let mut all: String = headers.map(|(name, value)| format!("{name}: {value}\n")).collect();
        all.extend([letter.text, letter.html].into_iter().flatten());
        told.insert(format!("mail {n}"), masked(app, &all));
    }
    told
}

/// Status, headers and body; the length of the body is one of the headers.
fn shown(reply: &Reply) -> String {
    let headers = reply.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| format!("{name}: {}\n", value.to_str().expect("text")));
    // The server keeps them in no order.
    let headers: BTreeSet<String> = headers.collect();
    format!("{}\n{}\n{}", reply.status, headers.into_iter().collect::<String>(), reply.text())
}

/// Without what is random by nature: long ids and tokens become their lengths, and the port goes.
fn masked(app: &TestApp, text: &str) -> String {
    let base = app.base_url();
    let port = base.rsplit(':').next().expect("a port");
    let text = text.replace(port, "PORT");
    let mut masked = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            word.push(c);
            continue;
        }
        let random = word.len() >= 32 && word.chars().any(|c| c.is_ascii_digit());
        masked.push_str(&if random { format!("<{}>", word.len()) } else { std::mem::take(&mut word) });
        word.clear();
        masked.push(c);
    }
    masked
}
