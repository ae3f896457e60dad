//! What an alert asks for decides which openings are mailed; it is changed at any time, by program and by page.

use harness::{
    app::TestApp,
    factory,
    journeys::{self, Company, Member, text},
    on_both,
    smtp_peer::Mail,
};
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";
const OWNER: &str = "olive@kern.example";

on_both! {
    /// Words, pay, specialty and place each keep out what does not fit the wish, though it fits the profile.
    async fn only_what_the_alert_wants_is_mailed(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (jane(&app).await, kern(&app).await);
        let wish = json!({
            "name": "Spines", "words": "spine OR neck -pediatric", "min_pay_cents": 150_000, "kinds": ["qme"],
            "specialties": ["orthopaedic-surgery"], "states": ["NV"], "markets": ["bakersfield"], "remote_too": false,
        });
        replace_only_alert(&member, &wish).await;
        let spine = factory::bakersfield_opening().set("/title", "Spines of the valley");
        for (title, draft) in [
            ("no word", factory::bakersfield_opening()),
            ("a refused word", spine.clone().set("/description", "For a paediatric practice.")),
            ("low pay", spine.clone().set("/pay/min_cents", 120_000).set("/pay/max_cents", 149_999)),
            ("another place", spine.clone().set("/markets", json!(["los-angeles"]))),
        ] {
            journeys::live_opening(&app, &company, &draft).await;
            assert!(mails(&app).is_empty(), "{title}");
        }
        let matches = member.api.get("/me/matches").await.items();
        assert_eq!(matches.len(), 4, "each fits the profile and is shown");

        journeys::live_opening(&app, &company, &spine).await;
        assert_eq!(mails(&app).len(), 1);
        let unstated = json!({ "basis": "not_stated" });
        journeys::live_opening(&app, &company, &spine.set("/pay", unstated).set("/title", "A neck")).await;
        assert_eq!(mails(&app).len(), 2, "pay that is not stated does not block");
    }
}

on_both! {
    /// The word may stand in the company's name or in a name of the specialty as well.
    async fn words_are_looked_for_where_a_search_looks(database) {
        let app = TestApp::start(database).await;
        let (member, company) = (jane(&app).await, kern(&app).await);
        replace_only_alert(&member, &json!({ "name": "Kern", "words": "kern ortho" })).await;
        journeys::live_opening(&app, &company, &factory::bakersfield_opening().set("/title", "Evaluations")).await;
        assert_eq!(mails(&app).len(), 1);
    }
}

on_both! {
    /// A change holds for what is found later and for what waits to be sent; a pause and a deletion as well.
    async fn changing_an_alert_changes_what_is_sent(database) {
        let app = TestApp::builder(database).config(|config| config.alert_hold_seconds = 600).start().await;
        let (mut member, mut company) = (jane(&app).await, kern(&app).await);
        let opening = |n: u8| factory::bakersfield_opening().set("/title", format!("Hand surgery, number {n}"));
        let mut step = async |wish: Value, after: Option<Value>, n: u8| {
            let id = replace_only_alert(&member, &wish).await;
            journeys::live_opening(&app, &company, &opening(n)).await;
            if let Some(after) = after {
                member.api.put(&format!("/me/alerts/{id}"), &after).await.ok();
            }
            let before = mails(&app).len();
            app.advance(chrono::Duration::minutes(10)).await;
            member.api = member.api.refreshed().await;
            company.api = company.api.refreshed().await;
            mails(&app).len() - before
        };
        let hands = || json!({ "name": "Hands", "words": "hand" });
        assert_eq!(step(hands(), None, 1).await, 1);
        let feet = || json!({ "name": "Feet", "words": "foot" });
        assert_eq!(step(feet(), None, 2).await, 0);
        assert_eq!(step(hands(), Some(feet()), 3).await, 0, "changed while the mail was held");
        let paused = json!({ "name": "Hands", "words": "hand", "paused": true });
        assert_eq!(step(paused, None, 4).await, 0);
        assert_eq!(step(hands(), None, 5).await, 1, "on again");
        let id = text(&member.api.get("/me/alerts").await.items()[0]["id"]);
        member.api.delete(&format!("/me/alerts/{id}")).await.with_status(204);
        journeys::live_opening(&app, &company, &opening(6)).await;
        app.advance(chrono::Duration::minutes(10)).await;
        assert_eq!(mails(&app).len(), 2, "no alert, no mail");
    }
}

on_both! {
    /// What is kept is what was sent, and every wrong field is named.
    async fn an_alert_is_kept_whole_or_refused_by_field(database) {
        let app = TestApp::start(database).await;
        let member = jane(&app).await;
        let wish = json!({
            "name": "Spines", "kinds": ["ime", "qme"], "specialties": ["neurology"], "markets": ["fresno", "bakersfield"],
            "states": ["NV"], "remote_too": false, "min_pay_cents": 120_050, "words": "spine OR neck -pediatric",
            "cadence": "weekly", "paused": true,
        });
        let made = member.api.post("/me/alerts", &wish).await.with_status(201).json();
        let kept = member.api.get(&format!("/me/alerts/{}", text(&made["id"]))).await.ok();
        for (field, value) in wish.as_object().expect("an object") {
            assert_eq!(kept[field], *value, "{field}");
        }
        let plain = member.api.post("/me/alerts", &json!({ "name": "All" })).await.with_status(201).json();
        let expected = json!([[], [], [], [], true, null, "", "instant"]);
        let names = ["kinds", "specialties", "markets", "states", "remote_too", "min_pay_cents", "words", "cadence"];
        assert_eq!(json!(names.map(|name| plain[name].clone())), expected);

        let wrong = json!({
            "name": "", "kinds": ["housework"], "specialties": ["neurology", "neurology"], "markets": ["fresno", "x"],
            "states": ["California"], "min_pay_cents": -5, "words": "(spine)", "cadence": "hourly",
        });
        let mut fields = member.api.post("/me/alerts", &wrong).await.wrong_fields();
        fields.sort();
        let all = ["cadence", "kinds[0]", "markets[1]", "min_pay_cents", "name", "specialties[1]", "states[0]", "words"];
        assert_eq!(fields, all);
        let id = text(&made["id"]);
        for (body, field) in [
            (json!({ "name": "x", "remote_only": true }), "remote_only"),
            (json!({ "name": "x", "words": "OR" }), "words"),
            (json!({ "name": "x", "min_pay_cents": "much" }), "min_pay_cents"),
        ] {
            assert_eq!(member.api.put(&format!("/me/alerts/{id}"), &body).await.wrong_fields(), [field]);
        }
        assert_eq!(member.api.get(&format!("/me/alerts/{id}")).await.ok(), kept, "a refused change changes nothing");
    }
}

on_both! {
    /// Without scripts: a fault keeps what was typed, and an alert is changed in its own form.
    async fn the_form_keeps_what_was_typed(database) {
        let app = TestApp::start(database).await;
        let (member, other) = (jane(&app).await, journeys::join(&app, "Otto Other", "otto@clinic.example").await);
        let mut browser = app.browser();
        browser.sign_in(&app.mailed_link(&member.email).await).await.reply.with_status(200);

        let page = browser.get("/alerts?kind=qme&market=fresno&state=NV&min_pay=1200&q=spine").await;
        let form = page.form("/alerts").set("name", "Spines").set("words", "spine OR").set("remote_too", "no");
        let form = form.also("specialty", "neurology").also("market", "bakersfield").set("min_pay", "lots");
        let page = browser.send(&form).await;
        page.reply.clone().with_status(422);
        let again = page.form("/alerts");
        for (name, value) in [
            ("name", "Spines"), ("words", "spine OR"), ("remote_too", "no"), ("specialty", "neurology"),
            ("market", "bakersfield"), ("market_1", "fresno"), ("state", "NV"), ("kind", "qme"), ("min_pay", "lots"),
        ] {
            assert!(again.fields.contains(&(name.to_owned(), value.to_owned())), "{name}: {:?}", again.fields);
        }
        for message in ["OR stands between two words", "Give an amount in dollars"] {
            assert!(page.text().contains(message), "{}", page.text());
        }

        let again = again.set("words", "spine or neck").set("min_pay", "1,200");
        let list = browser.send_and_follow(&again).await;
        let summary = "QME evaluation that fits your profile · for Neurology · Bakersfield, CA or Fresno, CA or \
                       anywhere in Nevada · at least $1,200 where pay is stated · words: spine OR neck";
        assert!(list.text().contains(summary), "{}", list.text());

        let alerts = member.api.get("/me/alerts").await.items();
        let spines = alerts.iter().find(|a| a["name"] == "Spines").expect("the alert");
        let path = format!("/alerts/{}", text(&spines["id"]));
        let form = browser.get(&path).await.form(&path);
        assert!(form.fields.contains(&("words".to_owned(), "spine OR neck".to_owned())), "{:?}", form.fields);
        let wrong = browser.send(&form.clone().set("words", "-spine spine")).await;
        wrong.reply.clone().with_status(422);
        assert_eq!(wrong.heading(), "Change an alert");
        browser.send_and_follow(&form.set("words", "knee").set("min_pay", "")).await.reply.with_status(200);
        let changed = member.api.get(&format!("/me{path}")).await.ok();
        assert_eq!((&changed["words"], &changed["min_pay_cents"]), (&json!("knee"), &Value::Null));
        assert_eq!(changed["markets"], json!(["bakersfield", "fresno"]));

        let mut stranger = app.browser();
        stranger.sign_in(&app.mailed_link(&other.email).await).await.reply.with_status(200);
        stranger.get(&path).await.reply.with_status(404);
    }
}

async fn jane(app: &TestApp) -> Member {
    journeys::alerted_member(app, "Jane Rivera", JANE, &factory::california_qme()).await
}

async fn kern(app: &TestApp) -> Company {
    journeys::company(app, "Kern Evaluations", OWNER).await
}

/// Puts these wishes in place of those of the one alert that came with the switch; gives its id.
async fn replace_only_alert(member: &Member, wish: &Value) -> String {
    let alerts = member.api.get("/me/alerts").await.items();
    assert_eq!(alerts.len(), 1);
    let id = text(&alerts[0]["id"]);
    member.api.put(&format!("/me/alerts/{id}"), wish).await.ok();
    id
}

/// The alert mails to Jane so far.
fn mails(app: &TestApp) -> Vec<Mail> {
    let mails = app.mail.mails_to(JANE).into_iter();
    mails.filter(|mail| mail.letter().header("List-Unsubscribe").is_some()).collect()
}
