//! What a member and a company write to each other under an introduction: while it is live, through the site alone, and
//! nothing of either side but what that side wrote.

use chrono::Duration;
use domain::limits::Act;
use harness::{
    app::TestApp,
    canary::{Canary, Finder},
    client::ApiClient,
    factory,
    journeys::{self, Company, Member, Opening, text},
    on_both,
    smtp_peer::Mail,
};
use reqwest::Method;
use rosterline::cli::leakcheck::find;
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";
const OLIVE: &str = "olive@kern.example";

struct Pair {
    jane: Member,
    company: Company,
    opening: Opening,
    id: String,
}

impl Pair {
    async fn new(app: &TestApp) -> Pair {
        let jane = journeys::alerted_member(app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let off = json!({ "alerts_email": false, "admin_outreach": false, "anonymous_counts": false });
        journeys::permit(&jane, off).await;
        let company = journeys::company(app, "Kern Evaluations", OLIVE).await;
        let opening = journeys::live_opening(app, &company, &factory::bakersfield_opening()).await;
        let id = journeys::introduce(app, &jane, &opening, &["email"]).await;
        Pair { jane, company, opening, id }
    }

    fn mine(&self) -> String {
        format!("/me/introductions/{}/messages", self.id)
    }

    fn theirs(&self) -> String {
        format!("/company/introductions/{}/messages", self.id)
    }

    async fn say(&self, text: &str) -> Value {
        self.jane.api.refreshed().await.post(&self.mine(), &json!({ "text": text })).await.with_status(201).json()
    }

    async fn answer(&self, text: &str) -> Value {
        self.company.api.refreshed().await.post(&self.theirs(), &json!({ "text": text })).await.with_status(201).json()
    }

    async fn jane_reads(&self) -> Value {
        self.jane.api.refreshed().await.get(&self.mine()).await.ok()
    }

    async fn company_reads(&self) -> Value {
        self.company.api.refreshed().await.get(&self.theirs()).await.ok()
    }
}

/// Author and text of each, newest first.
fn lines(talk: &Value) -> Vec<(String, String)> {
    let items = talk["items"].as_array().expect("items");
    items.iter().map(|one| (text(&one["author"]), text(&one["text"]))).collect()
}

fn said(author: &str, words: &str) -> (String, String) {
    (author.to_owned(), words.to_owned())
}

/// The notices of new messages to this address.
fn notices(app: &TestApp, email: &str) -> Vec<Mail> {
    let mails = app.mail.mails_to(email).into_iter();
    mails.filter(|mail| mail.letter().subject().starts_with("New message about")).collect()
}

on_both! {
    /// Both write and read; each is told by a mail that says where and nothing of what. The member sees when it was read,
    /// the company does not.
    async fn both_sides_write_read_and_are_told(database) {
        let app = TestApp::start(database).await;
        let pair = Pair::new(&app).await;
        let made = pair.say("Could we speak on Tuesday?\r\n\r\nIn the morning.").await;
        assert_eq!((&made["author"], &made["text"]), (&json!("member"), &json!("Could we speak on Tuesday?\n\nIn the morning.")));
        app.settle().await;
        let told = notices(&app, OLIVE);
        assert_eq!(told.len(), 1);
        let letter = told[0].letter();
        assert_eq!(letter.subject(), "New message about Orthopaedic QME evaluations in Bakersfield");
        let link = letter.link_with("/company/contacts/");
        assert!(link.ends_with(&format!("/company/contacts/{}/messages", pair.id)), "{link}");
        for part in [letter.text.expect("text"), letter.html.expect("html")] {
            assert!(!part.contains("Tuesday") && !part.contains("Jane") && !part.contains("Rivera"), "{part}");
        }

        assert_eq!(pair.jane_reads().await["items"][0]["read_at"], Value::Null);
        let reply = pair.company.api.get(&pair.theirs()).await;
        assert_eq!(reply.header("cache-control"), "no-store");
        let seen = reply.ok();
        assert_eq!(lines(&seen), [said("member", "Could we speak on Tuesday?\n\nIn the morning.")]);
        assert_eq!((&seen["open"], &seen["removed_at"]), (&json!(true), &Value::Null));
        let answered = pair.answer("Tuesday at ten suits us well.").await;
        assert_eq!(answered["mine"], true);
        app.settle().await;
        assert_eq!(notices(&app, JANE).len(), 1);
        assert!(notices(&app, JANE)[0].letter().link_with("/introductions/").ends_with(&format!("/introductions/{}", pair.id)));
        let seen = pair.jane_reads().await;
        assert_eq!(lines(&seen)[0], said("company", "Tuesday at ten suits us well."));
        assert!(seen["items"][1]["read_at"].is_string(), "a member sees that it was read: {seen}");
        let theirs = pair.company_reads().await;
        assert!(theirs["items"].as_array().unwrap().iter().all(|one| one.get("read_at").is_none()), "{theirs}");
        assert!(theirs.get("member_id").is_none());
    }
}

on_both! {
    /// One mail an hour for each side and conversation, as long as something is unread.
    async fn there_is_one_notice_an_hour(database) {
        let app = TestApp::start(database).await;
        let pair = Pair::new(&app).await;
        for n in 1..=3 {
            pair.answer(&format!("Line {n}.")).await;
        }
        app.settle().await;
        assert_eq!(notices(&app, JANE).len(), 1);
        app.advance(Duration::minutes(59)).await;
        assert_eq!(notices(&app, JANE).len(), 1);
        app.advance(Duration::minutes(1)).await;
        assert_eq!(notices(&app, JANE).len(), 2, "two lines came after the first mail, and she has read none");
        assert_eq!(pair.jane_reads().await["items"].as_array().unwrap().len(), 3);
        pair.answer("Line 4.").await;
        pair.jane_reads().await;
        app.advance(Duration::hours(2)).await;
        assert_eq!(notices(&app, JANE).len(), 2, "it was read before the hour was over");
        pair.answer("Line 5.").await;
        app.settle().await;
        assert_eq!(notices(&app, JANE).len(), 3);
        assert_eq!(notices(&app, OLIVE).len(), 0, "nobody is told of their own");
    }
}

on_both! {
    /// A company's text that leads around the site is not sent, and is kept for mending; a member is asked once more.
    async fn contact_is_held_for_companies_and_asked_for_members(database) {
        let app = TestApp::start(database).await;
        let pair = Pair::new(&app).await;
        for bad in ["Ring us on 661-555-0134", "desk (at) kern (dot) example", "All at www.kern.example", "WhatsApp us"] {
            let refused = pair.company.api.post(&pair.theirs(), &json!({ "text": bad })).await.problem(422);
            assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("text"), &json!("contact_in_text")));
        }
        app.settle().await;
        assert_eq!(lines(&pair.jane_reads().await), []);
        assert_eq!(notices(&app, JANE).len(), 0);
        let mut olive = app.browser();
        olive.sign_in(&app.operator_link(OLIVE).await).await;
        let (page, path) = (format!("/company/contacts/{}/messages", pair.id), format!("/company/contacts/{}/messages", pair.id));
        let form = olive.get(&page).await.form(&path).set("text", "Ring us on 661-555-0134, Tuesday");
        let held = olive.send(&form).await;
        held.reply.clone().with_status(422);
        assert!(held.text().contains("seems to hold a telephone number. It was not sent"), "{}", held.text());
        let mended = held.form(&path);
        assert!(mended.fields.iter().any(|(name, value)| name == "text" && value.contains("661-555-0134, Tuesday")));
        let sent = olive.send_and_follow(&mended.set("text", "Would Tuesday suit you?")).await;
        assert!(sent.text().contains("Would Tuesday suit you?") && sent.text().contains("You "), "{}", sent.text());

        let mine = "Please ring 661-555-0143.";
        let refused = pair.jane.api.post(&pair.mine(), &json!({ "text": mine })).await.problem(422);
        assert_eq!(refused["errors"][0]["code"], "contact_in_text");
        let mut jane = app.browser();
        jane.sign_in(&app.operator_link(JANE).await).await;
        let (page, path) = (format!("/introductions/{}", pair.id), format!("/introductions/{}/messages", pair.id));
        let shown = jane.get(&page).await;
        assert!(shown.text().contains("Would Tuesday suit you?") && shown.text().contains("Kern Evaluations"));
        let asked = jane.send(&shown.form(&path).set("text", mine)).await;
        asked.reply.clone().with_status(200);
        assert_eq!(asked.heading(), "Send it anyway?");
        assert!(asked.text().contains("a telephone number"), "{}", asked.text());
        assert!(!lines(&pair.company_reads().await).contains(&said("member", mine)));
        let sent = jane.send_and_follow(&asked.form(&path).set("confirmed", "1")).await;
        assert!(sent.text().contains(mine));
        assert_eq!(lines(&pair.company_reads().await)[0], said("member", mine));
        for empty in ["", " \n "] {
            assert_eq!(pair.jane.api.post(&pair.mine(), &json!({ "text": empty })).await.wrong_fields(), ["text"]);
        }
        let long = "a".repeat(2_001);
        assert_eq!(pair.company.api.post(&pair.theirs(), &json!({ "text": long })).await.wrong_fields(), ["text"]);
    }
}

on_both! {
    /// After its end both read and neither writes; what the member removes is gone for both, with its sealed text.
    async fn after_the_end_it_is_read_until_the_member_removes_it(database) {
        let app = TestApp::start(database).await;
        let pair = Pair::new(&app).await;
        pair.say("Could we speak on Tuesday?").await;
        pair.answer("We could.").await;
        pair.jane.api.act(&format!("/me/introductions/{}/revoke", pair.id)).await.ok();
        let line = json!({ "text": "One more word." });
        assert_eq!(pair.jane.api.post(&pair.mine(), &line).await.problem(410)["code"], "gone");
        assert_eq!(pair.company.api.post(&pair.theirs(), &line).await.problem(410)["code"], "gone");
        for talk in [pair.jane_reads().await, pair.company_reads().await] {
            assert_eq!((lines(&talk).len(), &talk["open"]), (2, &json!(false)));
        }
        pair.company.api.get(&format!("/company/introductions/{}", pair.id)).await.problem(410);
        let over = pair.company.api.send(Method::GET, &format!("/company/contacts/{}", pair.id), None).await.with_status(410);
        assert!(over.text().contains(&format!("/company/contacts/{}/messages", pair.id)));
        assert_eq!(texts(&app).await, 2);

        let mut jane = app.browser();
        jane.sign_in(&app.operator_link(JANE).await).await;
        let list = jane.get("/permissions").await;
        assert!(list.html.contains(&format!("/introductions/{}", pair.id)), "an ended one with messages is found");
        let remove = format!("/introductions/{}/messages/remove", pair.id);
        let ask = jane.get(&remove).await;
        assert!(ask.text().contains("2 messages"), "{}", ask.text());
        assert_eq!(texts(&app).await, 2, "looking removes nothing");
        let gone = jane.send_and_follow(&ask.form(&remove)).await;
        assert!(gone.text().contains("Removed, for both sides."), "{}", gone.text());
        assert_eq!(texts(&app).await, 0);
        for talk in [pair.jane_reads().await, pair.company_reads().await] {
            assert_eq!(lines(&talk), []);
            assert!(talk["removed_at"].is_string(), "{talk}");
        }
        let page = pair.company.api.send(Method::GET, &format!("/company/contacts/{}/messages", pair.id), None).await;
        assert!(page.with_status(200).text().contains("The physician removed what was written before"));
        pair.jane.api.refreshed().await.delete(&pair.mine()).await.with_status(204);
    }
}

/// How many texts the database holds.
async fn texts(app: &TestApp) -> i64 {
    let read = app.running().app().read(|conn, app| Ok(store::texts::count(conn, &app.vault)?.0)).await;
    read.expect("an answer")
}

on_both! {
    /// Time alone, a change of pay and a closing end it at the very next word, before anything has tidied up.
    async fn what_ends_a_yes_ends_the_writing(database) {
        let app = TestApp::start(database).await;
        let pair = Pair::new(&app).await;
        pair.say("Could we speak on Tuesday?").await;
        let pay = json!({ "pay": { "min_cents": 160_000, "max_cents": 190_000 } });
        pair.company.api.patch(&format!("/company/openings/{}", pair.opening.id), &pay).await.ok();
        pair.company.api.post(&pair.theirs(), &json!({ "text": "We pay more now." })).await.problem(410);
        pair.jane.api.post(&pair.mine(), &json!({ "text": "Do you?" })).await.problem(410);
        assert_eq!(lines(&pair.company_reads().await).len(), 1);
    }
}

on_both! {
    /// Whoever blocks a company reads nothing that it writes from then on and is told nothing; to the company it looks as
    /// ever. Taking the block back shows what was missed.
    async fn a_block_is_silent_here_too(database) {
        let app = TestApp::start(database).await;
        let pair = Pair::new(&app).await;
        pair.answer("Before the block.").await;
        app.settle().await;
        app.advance(Duration::hours(2)).await;
        let jane = pair.jane.api.refreshed().await;
        jane.post("/me/blocks", &json!({ "company": pair.company.slug })).await.with_status(204);
        pair.answer("After the block.").await;
        app.settle().await;
        assert_eq!(notices(&app, JANE).len(), 1);
        assert_eq!(lines(&pair.jane_reads().await), [said("company", "Before the block.")]);
        assert_eq!(lines(&pair.company_reads().await).len(), 2);
        jane.post(&pair.mine(), &json!({ "text": "Hello?" })).await.problem(409);
        let page = jane.send(Method::GET, &format!("/introductions/{}", pair.id), None).await.with_status(200).text();
        assert!(page.contains("You block this company") && !page.contains("After the block.") && !page.contains("<textarea"));
        jane.delete(&format!("/me/blocks/{}", pair.company.slug)).await.with_status(204);
        assert_eq!(lines(&pair.jane_reads().await).len(), 2);
    }
}

on_both! {
    /// Nothing of one side reaches the other but its own words: not by the conversation, its pages or its mails. And what
    /// stands in a text lies nowhere in clear.
    async fn neither_side_learns_more_than_was_written(database) {
        let app = TestApp::start(database).await;
        let (physician, owner) = (Canary::new(0), Canary::new(1));
        let jane = journeys::alerted_member(&app, "Jane Rivera", &physician.email, &factory::california_qme()).await;
        jane.api.put("/me/contact", &physician.contact()).await.ok();
        let draft = factory::company("Kern Evaluations", &owner.email).set("/owner_name", owner.name.as_str());
        app.visitor().post("/companies", &draft.json()).await.ok();
        app.settle().await;
        let firm = journeys::waiting(&app.admin().await, "company").await;
        app.admin().await.act(&format!("/admin/companies/{firm}/approve")).await.ok();
        let api = app.sign_in(&owner.email).await;
        let company = Company { slug: text(&api.get("/company").await.ok()["slug"]), email: owner.email.clone(), api };
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let id = journeys::introduce(&app, &jane, &opening, &["npi"]).await;
        let pair = Pair { jane, company, opening, id };
        let secret = format!("My number is {} then.", physician.phone);
        pair.say("Could we speak on Tuesday?").await;
        pair.answer("We could, at ten.").await;
        app.settle().await;
        let (of_physician, of_owner) = (Finder::new(physician.values()), Finder::new(owner.values()));
        let page = async |api: &ApiClient, path: String| api.send(Method::GET, &path, None).await.with_status(200).body;
        let to_company = [
            page(&pair.company.api, format!("/api/v1{}", pair.theirs())).await,
            page(&pair.company.api, format!("/company/contacts/{}/messages", pair.id)).await,
            page(&pair.company.api, "/company/contacts".to_owned()).await,
        ];
        let to_member = [
            page(&pair.jane.api, format!("/api/v1{}", pair.mine())).await,
            page(&pair.jane.api, format!("/introductions/{}", pair.id)).await,
            page(&pair.jane.api, "/permissions".to_owned()).await,
        ];
        for body in to_company.into_iter().chain(notices(&app, &owner.email).into_iter().map(|mail| mail.raw)) {
            assert_eq!(of_physician.find(&body), Vec::<String>::new());
        }
        for body in to_member.into_iter().chain(notices(&app, &physician.email).into_iter().map(|mail| mail.raw)) {
            assert_eq!(of_owner.find(&body), Vec::<String>::new());
        }

        pair.jane.api.post(&pair.mine(), &json!({ "text": secret, "confirmed": true })).await.with_status(201);
        assert_eq!(lines(&pair.company_reads().await)[0], said("member", &secret), "their own word");
        app.settle().await;
        let config = &app.running().app().config;
        let leaks = tokio::task::block_in_place(|| find(config, None, &[]).expect("a search")).0;
        assert_eq!(leaks.lines().collect::<Vec<_>>(), Vec::<String>::new());
        let admin = app.admin().await;
        for path in ["/admin/mail", "/api/v1/admin/mail?limit=100", "/api/v1/admin/audit?limit=100", "/admin"] {
            let seen = page(&admin, path.to_owned()).await;
            let seen = String::from_utf8_lossy(&seen).into_owned();
            assert!(!seen.contains("Tuesday") && !seen.contains("at ten"), "{path}");
        }
    }
}

on_both! {
    /// What was written is taken along with everything else, and goes when the member leaves.
    async fn an_export_holds_it_and_leaving_erases_it(database) {
        let app = TestApp::start(database).await;
        let pair = Pair::new(&app).await;
        pair.say("Could we speak on Tuesday?").await;
        pair.answer("We could.").await;
        let all = pair.jane.api.get("/me/export").await.ok();
        let held: Vec<String> = all["messages"].as_array().expect("messages").iter().map(|m| text(&m["text"])).collect();
        assert_eq!(held, ["We could.", "Could we speak on Tuesday?"]);
        assert_eq!(all["messages"][0]["introduction_id"], pair.id.as_str());
        let csv = pair.jane.api.get("/me/export?format=csv").await.with_status(200).text();
        assert!(csv.contains("\"messages\",\"2\",\"text\",\"Could we speak on Tuesday?\""), "{csv}");
        pair.jane.api.delete("/me").await.with_status(204);
        app.settle().await;
        assert_eq!(texts(&app).await, 0);
        let left = pair.company_reads().await;
        assert_eq!((lines(&left), &left["open"], &left["removed_at"]), (Vec::new(), &json!(false), &Value::Null));
    }
}

on_both! {
    /// Older messages come page by page, and so many are written in an hour.
    async fn a_long_conversation_is_paged_and_bounded(database) {
        let app = TestApp::start(database).await;
        let pair = Pair::new(&app).await;
        let most = usize::try_from(Act::WriteMessage.limit().most).expect("a count");
        for n in 0..most {
            pair.jane.api.post(&pair.mine(), &json!({ "text": format!("Line {n}.") })).await.with_status(201);
        }
        pair.jane.api.post(&pair.mine(), &json!({ "text": "One too many." })).await.problem(429);
        pair.answer("The other side has its own hour.").await;
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = pair.company.api.get(&format!("{}?limit=25{cursor}", pair.theirs())).await.ok();
            seen.extend(lines(&page));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), most + 1);
        assert_eq!((&seen[1], &seen[most]), (&said("member", &format!("Line {}.", most - 1)), &said("member", "Line 0.")));
        let mut olive = app.browser();
        olive.sign_in(&app.operator_link(OLIVE).await).await;
        let newest = olive.get(&format!("/company/contacts/{}/messages", pair.id)).await;
        assert!(newest.text().contains("Line 59.") && !newest.text().contains("Line 5."), "{}", newest.text());
        let mut values = harness::html::elements(&newest.html).into_iter().flat_map(|element| element.attributes);
        let (_, older) = values.find(|(_, value)| value.contains("?before=")).expect("a link to older ones");
        let older = olive.get(&older).await;
        assert!(older.text().contains("Line 5.") && !older.text().contains("Line 59."), "{}", older.text());
        let wrong = pair.company.api.get(&format!("{}?cursor=nonsense!", pair.theirs())).await;
        assert_eq!(wrong.wrong_fields(), ["cursor"]);
    }
}
