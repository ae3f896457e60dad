//! The people of a company: invited by an owner, in with their first sign-in, out at once.

use chrono::Duration;
use harness::{
    app::TestApp,
    client::ApiClient,
    factory,
    journeys::{self, text},
    on_both,
};
use serde_json::{Value, json};

const JANE: &str = "jane.canary@clinic.example";
const OLIVE: &str = "olive@kern.example";
const SAM: &str = "sam.canary@kern.example";

async fn invite(owner: &ApiClient, name: &str, email: &str, role: &str) -> harness::client::Reply {
    owner.post("/company/seats", &json!({ "name": name, "email": email, "role": role })).await
}

/// Role and state of each, oldest first, and the ids beside them.
async fn people(owner: &ApiClient) -> (Vec<(String, String)>, Vec<String>) {
    let items = owner.get("/company/seats").await.items();
    items.iter().map(|one| ((text(&one["role"]), text(&one["state"])), text(&one["id"]))).unzip()
}

fn one(role: &str, state: &str) -> (String, String) {
    (role.to_owned(), state.to_owned())
}

on_both! {
    /// Invited, in by a first sign-in with the role that was chosen, ended, and invited again.
    async fn an_owner_builds_a_team(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        let owner = &company.api;
        for (body, field) in [
            (json!({ "name": "", "email": SAM, "role": "recruiter" }), "name"),
            (json!({ "name": "Sam", "email": "sam", "role": "recruiter" }), "email"),
            (json!({ "name": "Sam", "email": SAM, "role": "boss" }), "role"),
        ] {
            assert_eq!(owner.post("/company/seats", &body).await.wrong_fields(), [field]);
        }
        invite(owner, "Sam Second", SAM, "recruiter").await.with_status(201);
        app.settle().await;
        let mail = app.mail.wait_for_mail_to(SAM, 1).await.letter();
        assert_eq!(mail.subject(), "Kern Evaluations invites you to its team on Rosterline");
        assert!(mail.links().iter().any(|link| link.ends_with("/sign-in")), "{:?}", mail.links());
        assert_eq!(people(owner).await.0, [one("owner", "active"), one("recruiter", "invited")]);

        let sam = app.sign_in(SAM).await;
        let (team, ids) = people(owner).await;
        assert_eq!(team, [one("owner", "active"), one("recruiter", "active")]);
        sam.post("/company/openings", &factory::bakersfield_opening().json()).await.with_status(201);
        invite(&sam, "Third", "third@kern.example", "viewer").await.problem(403);
        sam.delete(&format!("/company/seats/{}", ids[0])).await.problem(403);

        owner.delete(&format!("/company/seats/{}", ids[1])).await.with_status(204);
        sam.get("/company").await.problem(401);
        assert_eq!(people(owner).await.0, [one("owner", "active")]);
        let mails = app.mail.mails_to(SAM).len();
        app.visitor().post("/sign-in", &json!({ "email": SAM })).await.with_status(202);
        app.settle().await;
        assert_eq!(app.mail.mails_to(SAM).len(), mails, "no link for who was put out");

        invite(owner, "Sam Second", SAM, "viewer").await.with_status(201);
        app.settle().await;
        let sam = app.sign_in(SAM).await;
        sam.get("/company").await.ok();
        sam.post("/company/openings", &factory::bakersfield_opening().json()).await.problem(403);
        let acts: Vec<String> =
            app.admin().await.get("/admin/audit").await.items().iter().map(|act| text(&act["action"])).collect();
        for act in ["seat.invite", "seat.accept", "seat.end"] {
            assert!(acts.iter().any(|one| one == act), "{act} in {acts:?}");
        }
    }
}

on_both! {
    /// The address of a member, of somebody elsewhere and a free one are answered and listed alike; what was invited in
    /// vain is forgotten, by hand or by time.
    async fn inviting_finds_nobody(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::alerted_member(&app, "Jane Canaryname", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        journeys::company(&app, "Other Evaluations", "ann@other.example").await;
        let owner = &company.api;
        let mails = app.mail.mails_to(JANE).len();
        let mut answers = Vec::new();
        for email in [JANE, "ann@other.example", SAM] {
            let reply = invite(owner, "Sam Second", email, "recruiter").await.with_status(201);
            let keys: Vec<String> = reply.json().as_object().expect("an object").keys().cloned().collect();
            answers.push((reply.status, keys));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
        app.settle().await;
        assert_eq!(app.mail.mails_to(JANE).len(), mails, "the member is not written to");
        let items = owner.get("/company/seats").await.items();
        let mut waiting: Vec<Value> = items.into_iter().filter(|of| of["state"] == "invited").collect();
        let ids: Vec<String> = waiting.iter().map(|of| text(&of["id"])).collect();
        for of in &mut waiting {
            of.as_object_mut().expect("an object").remove("id");
        }
        assert_eq!(waiting.len(), 3);
        assert!(waiting.windows(2).all(|pair| pair[0] == pair[1]), "{waiting:?}");
        jane.api.get("/me/profile").await.ok();
        jane.api.get("/company").await.problem(403);

        owner.delete(&format!("/company/seats/{}", ids[0])).await.with_status(204);
        owner.delete(&format!("/company/seats/{}", ids[0])).await.problem(404);
        let stranger = journeys::company(&app, "Third Evaluations", "cy@third.example").await;
        stranger.api.delete(&format!("/company/seats/{}", ids[1])).await.problem(404);
        app.advance(Duration::days(8)).await;
        let owner = app.sign_in(OLIVE).await;
        assert_eq!(people(&owner).await.0, [one("owner", "active")]);
        let mails = app.mail.mails_to(SAM).len();
        app.visitor().post("/sign-in", &json!({ "email": SAM })).await.with_status(202);
        app.settle().await;
        assert_eq!(app.mail.mails_to(SAM).len(), mails, "the invitation ran out");
        invite(&owner, "Sam Second", SAM, "recruiter").await.with_status(201);
        app.sign_in(SAM).await.get("/company").await.ok();
    }
}

on_both! {
    /// A company that is banned takes its invitations with it.
    async fn a_ban_ends_invitations(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", OLIVE).await;
        invite(&company.api, "Sam Second", SAM, "recruiter").await.with_status(201);
        app.settle().await;
        let id = text(&company.api.get("/company").await.ok()["id"]);
        let reason = json!({ "reason": "Calls members at night." });
        app.admin().await.post(&format!("/admin/companies/{id}/ban"), &reason).await.ok();
        let mails = app.mail.mails_to(SAM).len();
        app.visitor().post("/sign-in", &json!({ "email": SAM })).await.with_status(202);
        app.settle().await;
        assert_eq!(app.mail.mails_to(SAM).len(), mails);
    }
}

on_both! {
    /// By pages: what is wrong keeps what was typed, ending asks first, and the profile is changed.
    async fn the_team_and_the_profile_by_pages(database) {
        let app = TestApp::start(database).await;
        journeys::company(&app, "Kern Evaluations", OLIVE).await;
        let mut olive = app.browser();
        olive.sign_in(&app.operator_link(OLIVE).await).await;
        let form = olive.get("/company/team").await.form("/company/team");
        let wrong = olive.send(&form.set("name", "Sam Second").set("email", "sam").set("role", "viewer")).await;
        assert_eq!(wrong.reply.status, 422);
        let form = wrong.form("/company/team");
        assert!(form.fields.contains(&("name".to_owned(), "Sam Second".to_owned())), "{:?}", form.fields);
        let done = olive.send_and_follow(&form.set("email", SAM)).await;
        assert!(done.text().contains("Invited. A mail says where to sign in"), "{}", done.text());
        assert!(done.text().contains("Sam Second") && done.text().contains("Viewer") && !done.html.contains(SAM));
        app.settle().await;
        app.sign_in(SAM).await;

        let team = olive.get("/company/team").await;
        let mut hrefs = harness::html::elements(&team.html).into_iter().flat_map(|element| element.attributes);
        let (_, end) = hrefs.find(|(_, value)| value.ends_with("/end")).expect("a way to end");
        let ask = olive.get(&end).await;
        assert_eq!(ask.heading(), "End the seat of Sam Second?");
        assert_eq!(app.sign_in(SAM).await.get("/company").await.status, 200, "asking ends nothing");
        let done = olive.send_and_follow(&ask.form(&end)).await;
        assert!(done.text().contains("The seat is ended") && !done.text().contains("Sam Second"), "{}", done.text());
        olive.get(&end).await.reply.with_status(404);

        let form = olive.get("/company/profile").await.form("/company/profile");
        let wrong = olive.send(&form.set("about", "Ring us on 661-555-0134.")).await;
        assert_eq!(wrong.reply.status, 422);
        assert!(wrong.text().contains("661-555-0134"), "kept");
        let done = olive.send_and_follow(&wrong.form("/company/profile").set("about", "We pay within 30 days.")).await;
        assert!(done.text().contains("Saved."), "{}", done.text());
        let public = app.visitor().send(reqwest::Method::GET, "/companies/kern-evaluations", None).await;
        assert!(public.text().contains("We pay within 30 days."));
    }
}
