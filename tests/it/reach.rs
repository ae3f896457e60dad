//! Reach bands: the only number about members a company sees, on a fixed lattice, from a monthly noised snapshot,
//! within a budget. The attacks on it are in `privacy_sim`.
//!
//! There are no anonymised profiles to check (T15): a company sees a physician or nobody, which
//! `acceptance/before_yes.rs` holds it to.

mod budget;
pub mod community;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use community::{Physician, add, count, known_key, next_snapshot};
use domain::Kind;
use domain::certification::Rulebook;
use domain::input::OpeningInput;
use domain::reach::{Aim, Band, Cell, Lattice};
use domain::standing::MemberStanding;
use harness::{
    app::TestApp,
    client::{ApiClient, Reply},
    factory::{self, Draft},
    journeys::{self, text},
    on_both,
};
use serde_json::{Value, json};

const OWNER: &str = "olive@kern.example";
const OTHER: &str = "otto@other.example";
const THIRD: &str = "tess@third.example";

/// An opening of this kind, specialty and market.
pub fn opening(kind: &str, specialty: &str, market: &str) -> Draft {
    factory::bakersfield_opening()
        .set("/kind", kind)
        .set("/specialties", json!([specialty]))
        .set("/markets", json!([market]))
        .set("/certification/required", Value::Null)
        .set("/closes_on", "2026-12-31")
}

/// Writes a draft; gives its id.
pub async fn drafted(company: &ApiClient, draft: &Draft) -> String {
    text(&company.post("/company/openings", &draft.json()).await.ok()["id"])
}

/// Asks for the band of an opening.
pub async fn reach(company: &ApiClient, id: &str) -> Reply {
    company.get(&format!("/company/openings/{id}/reach")).await
}

/// The band, which must be one of the five and all there is.
pub async fn band(company: &ApiClient, id: &str) -> Band {
    only_a_band(&reach(company, id).await)
}

fn only_a_band(reply: &Reply) -> Band {
    let reply = reply.clone().with_status(200);
    let band = reply.json()["band"].as_str().and_then(Band::parse);
    let band = band.unwrap_or_else(|| panic!("not one of the five labels: {}", reply.text()));
    assert_eq!(reply.text(), format!("{{\"band\":\"{band}\"}}"), "the label and nothing beside it");
    band
}

/// The owner's own session, made without waiting for a mail.
pub async fn signed_in(app: &TestApp, email: &str) -> ApiClient {
    app.visitor().sign_in(&app.operator_link(email).await).await
}

fn cell(draft: &Draft, lattice: Lattice) -> Cell {
    let input: OpeningInput = serde_json::from_value(draft.json()).expect("an opening");
    let terms = input.parse(&Rulebook::shipped(), "2026-03-02".parse().expect("a day")).expect("terms");
    Cell::of(&Aim::from(&terms), lattice)
}

/// 620 members: most orthopaedists in California, and one alone in his cell.
fn small_town() -> Vec<Physician> {
    let mut people = Physician::new("orthopaedic-surgery", "fresno").times(300);
    people.extend(Physician::new("psychiatry", "san-diego").times(38));
    people.extend(Physician::new("urology", "chicago-il").times(17));
    people.extend(Physician { kinds: vec![Kind::Qme], ..Physician::new("neurology", "san-jose") }.times(75));
    people.extend(Physician::new("dermatology", "miami-fl").times(1));
    people.extend(Physician::new("internal-medicine", "los-angeles").times(189));
    people
}

/// Every way to write an opening that the form has, some 500 of them.
fn crafted() -> Vec<Draft> {
    let specialties = ["spine-surgery", "psychiatry", "urology", "neurology", "dermatology", "pathology", "cardiology"];
    let places =
        ["fresno", "los-angeles", "santa-rosa", "state-ca", "chicago-il", "miami-fl", "las-vegas-nv", "utica-ny"];
    let tongues = ["english", "farsi", "latin"];
    let mut all = Vec::new();
    for (n, kind) in (0..).zip(["qme", "ime", "chart_review"].into_iter().cycle().take(504)) {
        let california = if kind == "qme" { 4 } else { places.len() };
        let (place, other) = (places[(n / 3) % california], places[(n / 7) % california]);
        let markets = if place == other { json!([place]) } else { json!([place, other]) };
        let (first, second) = (specialties[n % 7], specialties[(n / 7 + 1) % 7]);
        let mut draft = opening(kind, first, place)
            .set("/title", format!("Attempt {n}"))
            .set("/markets", markets)
            .set("/pay/min_cents", 1_000 * (1 + i64::try_from(n).expect("small")))
            .set("/pay/max_cents", 100_000_000)
            .set("/seats", 1 + n % 9)
            .set("/requires/min_years", n % 41)
            .set("/requires/board_certified", n % 2 == 0)
            .set("/requires/languages", json!([tongues[n % 3]]))
            .set("/remote", n % 5 == 0);
        if first != second {
            draft = draft.set("/specialties", json!([first, second]));
        }
        draft = match n % 11 {
            3 => draft.set("/specialties", json!([])),
            5 => draft.set("/markets", json!([])).set("/remote", true),
            7 => draft.set("/markets", json!([])).set("/remote", true).set("/licence_states", json!(["CA", "NV"])),
            _ => draft,
        };
        all.push(draft);
    }
    all
}

on_both! {
    /// T12: whatever is asked for, one of five labels and nothing else; one label for a cell, whoever asks.
    async fn t12_crafted_openings_show_the_label_of_their_cell_and_nothing_else(database) {
        let app = TestApp::builder(database).config(known_key).start().await;
        add(app.running().app(), small_town()).await;
        for (name, owner) in [("Kern Evaluations", OWNER), ("Other Reviews", OTHER), ("Third Exams", THIRD)] {
            journeys::company(&app, name, owner).await;
        }
        assert_eq!(next_snapshot(&app).await, Lattice::Merged);
        let companies = [signed_in(&app, OWNER).await, signed_in(&app, OTHER).await, signed_in(&app, THIRD).await];
        let mut office = app.browser();
        office.sign_in(&app.operator_link(OWNER).await).await;
        let mut shown: BTreeMap<Cell, Band> = BTreeMap::new();
        let mut headers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (n, draft) in crafted().iter().enumerate() {
            let asks = &companies[n / 4 % 3];
            let (cell, id) = (cell(draft, Lattice::Merged), drafted(asks, draft).await);
            let reply = reach(asks, &id).await;
            let label = only_a_band(&reply);
            assert_eq!(*shown.entry(cell).or_insert(label), label, "{}: {}", cell.key(), draft.json());
            for (name, value) in &reply.headers {
                let value = value.to_str().expect("text").to_owned();
                headers.entry(name.to_string()).or_default().insert(value);
            }
            // These are of the company whose pages are open.
            if n % 36 == 1 {
                let page = office.get(&format!("/company/openings/{id}")).await;
                assert!(page.text().contains(&format!("Physicians in the area {label} {}.", cell.label())), "{}", page.text());
            }
        }
        // Neither the headers nor their values follow anything but the length of a label, a new id and the time.
        headers.retain(|name, _| name != "x-request-id" && name != "date");
        let lengths = headers.remove("content-length").expect("a length");
        let labels: BTreeSet<String> = shown.values().map(|b| (b.as_str().len() + 11).to_string()).collect();
        assert_eq!(lengths, labels);
        assert!(headers.values().all(|values| values.len() == 1), "{headers:?}");
        let bands: BTreeSet<Band> = shown.values().copied().collect();
        assert!(bands.len() >= 4 && shown.len() >= 28, "the attempts cover too little: {shown:?}");
    }
}

on_both! {
    /// T14: joining, leaving and switching show nowhere before the next snapshot.
    async fn t14_nothing_moves_between_snapshots(database) {
        let app = TestApp::builder(database).config(known_key).start().await;
        let node = app.running().app().clone();
        let people = add(&node, small_town()).await;
        let jane = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        journeys::fill_in(&jane, "Jane Rivera", &factory::california_qme()).await;
        journeys::company(&app, "Kern Evaluations", OWNER).await;
        next_snapshot(&app).await;
        let company = signed_in(&app, OWNER).await;
        let drafts = [("ime", "hand-surgery", "modesto"), ("ime", "psychiatry", "oxnard"), ("ime", "dermatology", "utica-ny")];
        let mut ids = Vec::new();
        for (kind, specialty, market) in drafts {
            ids.push(drafted(&company, &opening(kind, specialty, market)).await);
        }
        let bands = async |app: &TestApp| {
            let company = signed_in(app, OWNER).await;
            let mut bands = Vec::new();
            for id in &ids {
                bands.push(band(&company, id).await);
            }
            bands
        };
        let before = bands(&app).await;
        assert_eq!(before, [Band::MoreThan100, Band::From26, Band::FewerThan11]);
        for hour in 0..24 {
            match hour {
                2 => drop(add(&node, Physician::new("dermatology", "buffalo-ny").times(140)).await),
                6 => count(&node, people[..300].iter().map(|id| (id.clone(), false)).collect()).await,
                10 => {
                    let jane = app.visitor().sign_in(&app.operator_link(&jane.email).await).await;
                    let all = json!({ "alerts_email": true, "admin_outreach": true, "anonymous_counts": true });
                    jane.put("/me/permissions", &all).await.ok();
                }
                14 => count(&node, people[300..338].iter().map(|id| (id.clone(), false)).collect()).await,
                18 => drop(app.visitor().sign_in(&app.operator_link(&jane.email).await).await.delete("/me").await.with_status(204)),
                _ => {}
            }
            app.advance(chrono::Duration::hours(1)).await;
            assert_eq!(bands(&app).await, before, "after {} hours", hour + 1);
        }
        next_snapshot(&app).await;
        assert_eq!(bands(&app).await, [Band::FewerThan11, Band::FewerThan11, Band::MoreThan100]);
    }
}

on_both! {
    /// The permission off, paused, or not yet thirty days a member: not counted. A month later the young ones are.
    async fn only_those_who_may_be_counted_are(database) {
        let app = TestApp::builder(database).config(known_key).start().await;
        let node = app.running().app();
        let at = |market| Physician::new("psychiatry", market);
        let mut people = Physician { kinds: vec![Kind::Qme], ..Physician::new("cardiology", "fresno") }.times(400);
        people.extend(Physician { kinds: vec![Kind::Ime, Kind::ChartReview], ..at("fresno") }.times(140));
        people.extend(Physician { counted: false, alerted: true, ..Physician::new("urology", "fresno") }.times(140));
        people.extend(Physician { standing: MemberStanding::Paused, ..Physician::new("neurology", "fresno") }.times(140));
        // A month before the first snapshot they are not yet members; then for 29 days, then for 59.
        people.extend(Physician { days: -1, ..Physician::new("dermatology", "fresno") }.times(140));
        let ids = add(node, people).await;
        journeys::company(&app, "Kern Evaluations", OWNER).await;
        assert_eq!(next_snapshot(&app).await, Lattice::Merged);
        let company = signed_in(&app, OWNER).await;
        let mut bands = Vec::new();
        let mut drafts = Vec::new();
        for specialty in ["psychiatry", "urology", "neurology", "dermatology"] {
            drafts.push(drafted(&company, &opening("chart_review", specialty, "sacramento")).await);
            bands.push(band(&company, drafts.last().expect("one")).await.as_str());
        }
        assert_eq!(bands, ["more than 100", "fewer than 11", "fewer than 11", "fewer than 11"]);
        // The psychiatrists switch it off; what they gave for this month stands, and then it is over.
        count(node, ids[400..540].iter().map(|id| (id.clone(), false)).collect()).await;
        assert_eq!(band(&company, &drafts[0]).await, Band::MoreThan100);
        next_snapshot(&app).await;
        let company = signed_in(&app, OWNER).await;
        assert_eq!(band(&company, &drafts[0]).await, Band::FewerThan11);
        assert_eq!(band(&company, &drafts[3]).await, Band::MoreThan100, "by now they are members for long enough");
    }
}

on_both! {
    /// A small community shows nothing and says why; before approval as well; a stranger learns nothing at all.
    async fn without_a_band_the_pages_say_why(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", OWNER).await;
        let stranger = journeys::company(&app, "Other Reviews", OTHER).await;
        let id = drafted(&company.api, &factory::bakersfield_opening()).await;
        next_snapshot(&app).await;
        let (owner, stranger) = (signed_in(&app, OWNER).await, signed_in(&app, &stranger.email).await);
        assert_eq!(reach(&owner, &id).await.ok(), json!({ "band": null }));
        let mut office = app.browser();
        office.sign_in(&app.operator_link(OWNER).await).await;
        for path in ["/company".to_owned(), format!("/company/openings/{id}"), format!("/company/openings/{id}/edit")] {
            let page = office.get(&path).await.text();
            assert!(page.contains("Not shown yet") && page.contains("The community is still too small"), "{path}: {page}");
        }
        let theirs = reach(&stranger, &id).await.with_status(404);
        let nobodys = reach(&stranger, "3f2c1a64-9d1f-4e57-8c6d-5b0a7e9f1c22").await.with_status(404);
        assert_eq!(theirs.body_without_request_id(), nobodys.body_without_request_id());
        reach(&app.visitor(), &id).await.problem(401);
        reach(&app.admin().await, &id).await.problem(403);

        app.visitor().post("/companies", &factory::company("New Reviews", "nora@new.example").json()).await.ok();
        app.settle().await;
        let nora = app.sign_in("nora@new.example").await;
        let id = drafted(&nora, &factory::bakersfield_opening()).await;
        reach(&nora, &id).await.problem(403);
        let mut desk = app.browser();
        desk.sign_in(&app.operator_link("nora@new.example").await).await;
        let page = desk.get(&format!("/company/openings/{id}")).await.text();
        assert!(page.contains("Ranges are shown while your company is approved"), "{page}");
    }
}

on_both! {
    /// The form shows the band of what is typed on a fresh page, and keeps nothing.
    async fn the_form_follows_kind_specialty_and_market(database) {
        let app = TestApp::builder(database).config(known_key).start().await;
        add(app.running().app(), small_town()).await;
        journeys::company(&app, "Kern Evaluations", OWNER).await;
        next_snapshot(&app).await;
        let mut office = app.browser();
        office.sign_in(&app.operator_link(OWNER).await).await;
        let path = "/company/openings/new";
        let blank = office.get(path).await;
        assert!(blank.text().contains("Physicians in the area Not shown yet Choose the kind"), "{}", blank.text());
        let look = blank.form(path).set("look", "1").set("title", "Half & half").set("specialty_3", "sports-medicine");
        let half = office.send(&look).await;
        half.reply.clone().with_status(200);
        assert!(half.text().contains("Choose the kind of work"), "{}", half.text());
        let form = half.form(path).set("look", "1").set("kind", "chart_review").set("market_2", "fresno");
        assert!(form.fields.contains(&("title".to_owned(), "Half & half".to_owned())), "what was typed is kept");
        let page = office.send(&form).await;
        page.reply.clone().with_status(200);
        let told = "more than 100 Orthopaedics, California, IMEs and chart review.";
        assert!(page.text().contains(told), "{}", page.text());
        assert!(!page.text().contains("There is a problem"));
        let page = office.send(&page.form(path).set("look", "1").set("market_2", "denver-co")).await;
        assert!(page.text().contains("fewer than 11 Orthopaedics, outside California"), "{}", page.text());
        // With faults the band still belongs to what is typed.
        let faulty = office.send(&page.form(path).set("market_2", "fresno")).await;
        faulty.reply.clone().with_status(422);
        assert!(faulty.text().contains(told), "{}", faulty.text());
        assert!(signed_in(&app, OWNER).await.get("/company/openings").await.items().is_empty(), "looking keeps nothing");
    }
}

on_both! {
    /// A stolen database holds bands and nothing to count with: no number of members, noised or not.
    async fn only_bands_are_stored(database) {
        let url = database.url();
        let app = TestApp::builder(database).config(known_key).start().await;
        add(app.running().app(), small_town()).await;
        next_snapshot(&app).await;
        let bands = app.running().app().read(|conn, _| {
            let snapshot = store::reach::latest(conn)?.expect("a snapshot");
            let all = Cell::all(snapshot.lattice);
            Ok(all.into_iter().map(|cell| store::reach::band(conn, snapshot.number, cell)).collect::<Result<Vec<_>, _>>()?)
        });
        assert_eq!(bands.await.expect("every cell has a band").len(), 32);
        let columns: BTreeSet<&str> = BTreeSet::from(["at", "band", "cell", "company_id", "granted", "lattice", "number", "snapshot", "taken_at"]);
        if let Some(url) = url {
            let sql = "SELECT DISTINCT column_name FROM information_schema.columns WHERE table_name LIKE 'reach%'";
            let found = harness::pg::query(&url, sql);
            assert_eq!(found.lines().collect::<BTreeSet<_>>(), columns);
        }
    }
}

#[test]
fn the_names_of_cells_hold_no_number() {
    for cell in Cell::all(Lattice::Fine).into_iter().chain(Cell::all(Lattice::Merged)) {
        assert!(!cell.label().chars().any(|c| c.is_ascii_digit()), "{}", cell.label());
    }
}
