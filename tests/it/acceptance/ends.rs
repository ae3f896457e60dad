//! T35: what ends a yes, and that nothing but a new yes takes its place.

use harness::{
    app::TestApp,
    factory,
    journeys::{self, Company, Member, Opening},
    on_both,
};
use serde_json::{Value, json};

const JANE: &str = "jane@clinic.example";

struct Scene {
    app: TestApp,
    member: Member,
    company: Company,
}

impl Scene {
    async fn new(database: harness::database::Database) -> Scene {
        let app = TestApp::start(database).await;
        let member = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        Scene { app, member, company }
    }

    /// A yes to a new opening, which the company can see.
    async fn agreed(&self) -> (Opening, String) {
        let opening = journeys::live_opening(&self.app, &self.company, &factory::bakersfield_opening()).await;
        let yes = journeys::introduce(&self.app, &self.member, &opening, &["name", "email"]).await;
        self.sees(&yes).await;
        (opening, yes)
    }

    async fn sees(&self, yes: &str) {
        let seen = self.company.api.get(&format!("/company/introductions/{yes}")).await.ok();
        assert_eq!(seen["contact"]["email"], JANE);
    }

    /// It is over, before anybody looks; the member reads why, and the company sees nothing.
    async fn is_void(&self, yes: &str, cause: &str) {
        let mine = self.member.api.get("/me/introductions").await.items();
        let mine = mine.iter().find(|one| one["id"] == yes).expect("it is listed");
        assert_eq!((&mine["state"], &mine["void_cause"]), (&json!("void"), &json!(cause)));
        let gone = self.company.api.get(&format!("/company/introductions/{yes}")).await;
        assert!(!gone.text().contains(JANE), "{cause}");
        assert!([403, 410].contains(&gone.status), "{cause}: {}", gone.status);
    }
}

on_both! {
    /// T35: each material field of the opening, changed by the company: the yes is void at once, a new approval does not
    /// bring it back, the old revision cannot be agreed to, and a new yes to the new revision holds.
    async fn t35_a_material_edit_needs_a_new_yes(database) {
        let scene = Scene::new(database).await;
        let edits: [(&str, Value); 6] = [
            ("pay", json!({ "pay": { "min_cents": 160_000, "max_cents": 190_000 } })),
            ("markets", json!({ "markets": ["bakersfield", "fresno"] })),
            ("specialties", json!({ "specialties": ["orthopaedic-surgery", "spine-surgery"] })),
            ("licence", json!({ "licence_states": ["CA"] })),
            ("certification", json!({ "certification": { "required": "ca-qme", "takes_candidates": true } })),
            ("kind", json!({ "kind": "ime" })),
        ];
        for (what, edit) in edits {
            scene.app.forget_counts().await;
            let (opening, yes) = scene.agreed().await;
            let path = format!("/company/openings/{}", opening.id);
            let edited = scene.company.api.patch(&path, &edit).await.ok();
            assert_eq!(edited["revision"], 2, "{what} is material");
            scene.is_void(&yes, "material_edit").await;
            journeys::approve_opening(&scene.app, &opening.id).await;
            scene.is_void(&yes, "material_edit").await;
            let old = json!({ "opening_id": opening.id, "opening_revision": 1, "fields": ["name", "email"] });
            scene.member.api.post("/me/introductions", &old).await.problem(409);
            let again = Opening { id: opening.id.clone(), revision: 2 };
            let again = journeys::introduce(&scene.app, &scene.member, &again, &["name", "email"]).await;
            scene.sees(&again).await;
            scene.is_void(&yes, "material_edit").await;
        }
    }
}

on_both! {
    /// T35: closed, and posted once more as a copy: the copy has nobody's yes.
    async fn t35_a_copy_of_a_closed_opening_has_nobodys_yes(database) {
        let scene = Scene::new(database).await;
        let (opening, yes) = scene.agreed().await;
        scene.company.api.act(&format!("/company/openings/{}/close", opening.id)).await.ok();
        scene.is_void(&yes, "opening_closed").await;
        let copy = scene.company.api.act(&format!("/company/openings/{}/clone", opening.id)).await.ok();
        let copy = journeys::text(&copy["id"]);
        assert_ne!(copy, opening.id);
        scene.company.api.act(&format!("/company/openings/{copy}/submit")).await.ok();
        journeys::approve_opening(&scene.app, &copy).await;
        scene.is_void(&yes, "opening_closed").await;
        let listed = scene.company.api.get("/company/introductions").await.items();
        assert!(listed.iter().all(|one| one["opening_id"] != copy.as_str()), "{listed:?}");
        scene.company.api.act(&format!("/company/openings/{}/confirm-open", opening.id)).await.problem(409);
        let copy = Opening { id: copy, revision: 1 };
        let again = journeys::introduce(&scene.app, &scene.member, &copy, &["name", "email"]).await;
        scene.sees(&again).await;
    }
}

on_both! {
    /// T35: a suspension of the company voids, and its end revives nothing; so does one of the member.
    async fn t35_a_suspension_ends_what_was_agreed(database) {
        let mut scene = Scene::new(database).await;
        let (opening, yes) = scene.agreed().await;
        let id = journeys::text(&scene.company.api.get("/company").await.ok()["id"]);
        let (admin, reason) = (scene.app.admin().await, json!({ "reason": "For the test." }));
        admin.post(&format!("/admin/companies/{id}/suspend"), &reason).await.ok();
        scene.company.api = scene.app.visitor().sign_in(&scene.app.operator_link(&scene.company.email).await).await;
        scene.is_void(&yes, "company_suspended").await;
        admin.act(&format!("/admin/companies/{id}/approve")).await.ok();
        scene.app.settle().await;
        scene.is_void(&yes, "company_suspended").await;
        let again = journeys::introduce(&scene.app, &scene.member, &opening, &["name", "email"]).await;
        scene.sees(&again).await;

        admin.post(&format!("/admin/members/{}/suspend", scene.member.id), &reason).await.ok();
        scene.member.api = scene.app.visitor().sign_in(&scene.app.operator_link(JANE).await).await;
        scene.is_void(&again, "member_left").await;
        admin.act(&format!("/admin/members/{}/approve", scene.member.id)).await.ok();
        scene.app.settle().await;
        scene.is_void(&again, "member_left").await;
        let third = journeys::introduce(&scene.app, &scene.member, &opening, &["name", "email"]).await;
        scene.sees(&third).await;
    }
}

on_both! {
    /// T35: a new address of the member ends every yes, those to several companies, and none comes back by itself.
    async fn t35_a_new_address_ends_every_yes(database) {
        let mut scene = Scene::new(database).await;
        let (_, first) = scene.agreed().await;
        let (opening, second) = scene.agreed().await;
        let new = "jane.rivera@home.example";
        let body = factory::contact("Jane Rivera", new).set("/npi", factory::npi_of(JANE)).json();
        scene.member.api.put("/me/contact", &body).await.ok();
        scene.app.settle().await;
        scene.sees(&first).await;
        let link = scene.app.mail.mails_to(new)[0].letter().link_with("/mail/new-address/");
        scene.app.visitor().send(reqwest::Method::POST, &link, None).await.with_status(200);
        scene.member.api = scene.app.visitor().sign_in(&scene.app.operator_link(new).await).await;
        for yes in [&first, &second] {
            scene.is_void(yes, "email_changed").await;
        }
        scene.app.advance(chrono::Duration::hours(73)).await;
        scene.member.api = scene.app.visitor().sign_in(&scene.app.operator_link(new).await).await;
        scene.company.api = scene.app.visitor().sign_in(&scene.app.operator_link(&scene.company.email).await).await;
        for yes in [&first, &second] {
            scene.is_void(yes, "email_changed").await;
        }
        let again = journeys::introduce(&scene.app, &scene.member, &opening, &["name", "email"]).await;
        let seen = scene.company.api.get(&format!("/company/introductions/{again}")).await.ok();
        assert_eq!(seen["contact"]["email"], new);
    }
}
