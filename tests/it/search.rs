//! Finding openings: by what people type, how near they are, and what is shown of them.

use harness::{
    app::TestApp,
    factory::{self, Draft},
    journeys::{self, Company},
    on_both,
};
use serde_json::{Value, json};

fn titles(answer: &Value) -> Vec<String> {
    let items = answer["items"].as_array().expect("items");
    items.iter().map(|item| journeys::text(&item["title"])).collect()
}

fn of(title: &str, kind: &str, specialty: &str, markets: &[&str]) -> Draft {
    let draft = factory::bakersfield_opening().set("/title", title).set("/kind", kind);
    draft.set("/specialties", json!([specialty])).set("/markets", json!(markets)).set("/remote", markets.is_empty())
}

/// One opening in each of three places and one for remote work, published one after the other.
async fn library(app: &TestApp) -> Company {
    let company = journeys::company(app, "Kern Evaluations", "olive@kern.example").await;
    for draft in [
        of("Rehabilitation panel", "qme", "physical-medicine-rehabilitation", &["san-diego"]),
        of("Bone and joint panel", "qme", "orthopaedic-surgery", &["bakersfield"]),
        of("Mind panel", "qme", "psychiatry", &["sacramento"])
            .set("/description", "Plain words. <script>alert(1)</script> Depositions & \"reports\" on Fridays."),
        of("Files from anywhere", "ime", "neurology", &[]).set("/certification/required", Value::Null),
    ] {
        journeys::live_opening(app, &company, &draft).await;
        app.advance(chrono::Duration::seconds(5)).await;
    }
    company
}

on_both! {
    /// By another name, by a misspelt one which is said, and by one nobody has.
    async fn openings_are_found_by_what_people_call_them(database) {
        let app = TestApp::start(database).await;
        library(&app).await;
        for (q, found, corrected) in [
            ("PM%26R", vec!["Rehabilitation panel"], Value::Null),
            ("physiatrist+san+diego", vec!["Rehabilitation panel"], Value::Null),
            ("ortho", vec!["Bone and joint panel"], Value::Null),
            ("ortopedic", vec!["Bone and joint panel"], json!("orthopedic")),
            ("Bakersfeild+joint", vec!["Bone and joint panel"], json!("bakersfield joint")),
            ("depositions", vec!["Mind panel"], Value::Null),
            ("zzzzzzzz", vec![], Value::Null),
        ] {
            let answer = app.visitor().get(&format!("/openings?q={q}")).await.ok();
            assert_eq!((titles(&answer), &answer["corrected"]), (found.iter().map(|t| (*t).to_owned()).collect(), &corrected), "{q}");
            assert_eq!(answer["total"], found.len());
        }
        let mut browser = app.browser();
        let page = browser.get("/openings?q=ortopedic").await;
        assert!(page.text().contains("These are the openings for “orthopedic”"), "{}", page.text());
        assert!(page.text().contains("Bone and joint panel"));
        let empty = browser.get("/openings?q=ortopedic+sandiego").await;
        assert!(empty.text().contains("Did you mean one of these?"), "{}", empty.text());
        assert!(empty.html.contains("/openings?specialty&#x3D;orthopaedic-surgery"), "{}", empty.html);
    }
}

on_both! {
    /// What is over is not found, counted or suggested from that moment on, though its row did not change.
    async fn time_alone_takes_an_opening_out_of_the_search(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let draft = factory::bakersfield_opening().set("/closes_on", "2026-03-05");
        journeys::live_opening(&app, &company, &draft).await;
        let search = async |expect: u64| {
            let answer = app.visitor().get("/openings?q=orthopaedic").await.ok();
            let facets = answer["facets"]["kind"].as_array().expect("facets").len();
            assert_eq!((answer["total"].as_u64(), facets as u64), (Some(expect), expect));
            let suggested = app.visitor().get("/openings/suggest?q=ortho").await.items().len();
            assert_eq!(suggested as u64, expect);
        };
        // 5 March 2026, 23:59 UTC is 3 days, 5 hours and 59 minutes after the start.
        app.running().app().clock.advance(chrono::Duration::minutes((3 * 24 + 5) * 60 + 59));
        search(1).await;
        app.running().app().clock.advance(chrono::Duration::minutes(1));
        search(0).await;
        app.settle().await;
    }
}

on_both! {
    /// Nearest first, from a market or from the bases of a member.
    async fn openings_are_sorted_by_distance(database) {
        let app = TestApp::start(database).await;
        library(&app).await;
        let visitor = app.visitor();
        let near = async |market: &str| titles(&visitor.get(&format!("/openings?sort=distance&near={market}")).await.ok());
        let [south, valley, north, remote] = ["Rehabilitation panel", "Bone and joint panel", "Mind panel", "Files from anywhere"];
        assert_eq!(near("los-angeles").await, [valley, south, north, remote]);
        assert_eq!(near("sacramento").await, [north, valley, south, remote]);
        assert_eq!(near("san-diego,sacramento").await[3], remote);
        // Page by page as in one.
        let first = visitor.get("/openings?sort=distance&near=los-angeles&limit=3").await.ok();
        let cursor = journeys::text(&first["next_cursor"]);
        let rest = visitor.get(&format!("/openings?sort=distance&near=los-angeles&limit=3&cursor={cursor}")).await.ok();
        assert_eq!((titles(&rest), &rest["next_cursor"]), (vec![remote.to_owned()], &Value::Null));

        assert_eq!(visitor.get("/openings?sort=distance").await.wrong_fields(), ["near"]);
        assert_eq!(visitor.get("/openings?sort=distance&near=atlantis").await.wrong_fields(), ["near"]);
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        assert_eq!(member.api.get("/openings?sort=distance").await.wrong_fields(), ["near"], "no base yet");
        journeys::fill_in(&member, "Jane Rivera", &factory::california_qme()).await;
        assert_eq!(titles(&member.api.get("/openings?sort=distance").await.ok()), [valley, south, north, remote]);

        let mut browser = app.browser();
        assert!(!browser.get("/openings").await.text().contains("Nearest first"));
        assert!(browser.get("/openings?near=los-angeles").await.text().contains("Nearest first"));
        let lost = browser.get("/openings?sort=distance").await;
        lost.reply.clone().with_status(422);
        assert!(lost.text().contains("Choose the place to measure from."), "{}", lost.text());
        browser.sign_in(&app.mailed_link(&member.email).await).await.reply.with_status(200);
        let page = browser.get("/openings?sort=distance").await;
        page.reply.clone().with_status(200);
        assert!(page.text().contains("Nearest first"));
    }
}

on_both! {
    /// What to type next, with the openings behind it.
    async fn typing_is_helped_on(database) {
        let app = TestApp::start(database).await;
        library(&app).await;
        let visitor = app.visitor();
        let one = |text: &str, kind: &str, value: &str, count: u64| {
            json!({ "text": text, "kind": kind, "value": value, "count": count })
        };
        for (q, expect) in [
            ("physi", vec![one("Physical Medicine & Rehabilitation", "specialty", "physical-medicine-rehabilitation", 1)]),
            ("san%20d", vec![one("San Diego, CA", "market", "san-diego", 1)]),
            ("kern%20ev", vec![one("Kern Evaluations", "company", "kern-evaluations", 4)]),
            ("dep", vec![one("depositions", "word", "depositions", 1)]),
            ("rivera", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(visitor.get(&format!("/openings/suggest?q={q}")).await.items(), expect, "{q}");
        }
        assert_eq!(visitor.get("/openings/suggest?q=p&limit=1").await.items().len(), 1);
        for (query, field) in [("q=a&limit=0", "limit"), ("q=a&limit=21", "limit"), ("q=a&colour=blue", "colour")] {
            assert_eq!(visitor.get(&format!("/openings/suggest?{query}")).await.wrong_fields(), [field]);
        }
    }
}

on_both! {
    /// The words that were found are marked, and what a company wrote is text and never markup.
    async fn what_was_found_is_shown_and_escaped(database) {
        let app = TestApp::start(database).await;
        library(&app).await;
        let answer = app.visitor().get("/openings?q=deposition").await.ok();
        let pieces = answer["items"][0]["snippet"].as_array().expect("a snippet").clone();
        let shown: String = pieces.iter().map(|p| journeys::text(&p["text"])).collect();
        assert_eq!(shown, "Plain words. <script>alert(1)</script> Depositions & \"reports\" on Fridays.");
        let marked: Vec<&Value> = pieces.iter().filter(|p| p["match"] == true).map(|p| &p["text"]).collect();
        assert_eq!(marked, [&json!("Depositions")]);
        assert!(app.visitor().get("/openings").await.ok()["items"][0].get("snippet").is_none());

        let page = app.browser().get("/openings?q=deposition+script").await;
        assert!(page.html.contains("<mark>Depositions</mark> &amp; "), "{}", page.html);
        assert!(page.html.contains("&lt;<mark>script</mark>&gt;alert(1)"), "{}", page.html);
        assert!(!page.html.contains("<script>alert"));
    }
}

on_both! {
    /// Pages go on behind the last item, whatever came and went meanwhile.
    async fn pages_neither_repeat_nor_miss(database) {
        let app = TestApp::start(database).await;
        let company = library(&app).await;
        let visitor = app.visitor();
        for (sort, late) in [("best&q=panel", "Panel of panels"), ("newest", "Newest of all"), ("pay", "Paid best")] {
            let path = format!("/openings?sort={sort}&limit=2");
            let before = titles(&visitor.get(&path.replace("limit=2", "limit=100")).await.ok());
            let mut page = visitor.get(&path).await.ok();
            let mut seen = titles(&page);
            let draft = of(late, "qme", "orthopaedic-surgery", &["bakersfield"]).set("/pay/max_cents", 900_000);
            journeys::live_opening(&app, &company, &draft).await;
            app.advance(chrono::Duration::seconds(5)).await;
            while let Some(cursor) = page["next_cursor"].as_str() {
                page = visitor.get(&format!("{path}&cursor={cursor}")).await.ok();
                seen.extend(titles(&page));
            }
            assert_eq!(seen, before, "{sort}");
            let now = titles(&visitor.get(&path).await.ok());
            assert_eq!(now.first().map(String::as_str), Some(late), "{sort}");
        }
    }
}
