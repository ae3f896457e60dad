//! What the server does not take, and whom it does not serve.

use harness::{app::TestApp, client::ApiClient, factory, journeys, on_both};
use serde_json::json;

on_both! {
    /// A misspelt name must not be lost in silence.
    async fn unknown_fields_and_parameters_are_named(database) {
        let app = TestApp::start(database).await;
        let visitor = app.visitor();
        let body = json!({ "name": "J", "email": "j@clinic.example", "npi": factory::npi(5), "nickname": "J" });
        assert_eq!(visitor.post("/join", &body).await.wrong_fields(), ["nickname"]);
        assert_eq!(visitor.get("/openings?colour=blue").await.wrong_fields(), ["colour"]);
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let profile = factory::california_qme().set("/shoe_size", 9).json();
        assert_eq!(member.api.put("/me/profile", &profile).await.wrong_fields(), ["shoe_size"]);
        let permissions = json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false, "share_all": true });
        assert_eq!(member.api.put("/me/permissions", &permissions).await.wrong_fields(), ["share_all"]);
    }
}

on_both! {
    /// Neither an NPI nor an invitation, or a wrong one of either.
    async fn joining_needs_an_npi_or_an_invitation(database) {
        let app = TestApp::start(database).await;
        let join = async |extra: serde_json::Value| {
            let mut body = json!({ "name": "Jane Rivera", "email": "jane@clinic.example" });
            body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            app.visitor().post("/join", &body).await
        };
        join(json!({})).await.problem(422);
        assert_eq!(join(json!({ "npi": "1234567890" })).await.wrong_fields(), ["npi"]);
        assert_eq!(join(json!({ "invite_code": "not-a-code" })).await.wrong_fields(), ["invite_code"]);
        assert!(app.admin().await.get("/admin/queue").await.items().is_empty());
    }
}

on_both! {
    /// Every wrong field at once, each by its path.
    async fn wrong_values_are_named_by_path(database) {
        let app = TestApp::start(database).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let draft = factory::bakersfield_opening()
            .set("/kind", "housework")
            .set("/pay/min_cents", 900_000)
            .set("/closes_on", "2020-01-01");
        let mut fields = company.api.post("/company/openings", &draft.json()).await.wrong_fields();
        fields.sort();
        assert_eq!(fields, ["closes_on", "kind", "pay.max_cents"]);
    }
}

on_both! {
    /// A body too large is not read to its end.
    async fn oversize_body_is_refused(database) {
        let app = TestApp::start(database).await;
        let body = json!({ "name": "x".repeat(3_000_000), "email": "j@clinic.example" });
        app.visitor().post("/join", &body).await.problem(413);
    }
}

on_both! {
    /// A wrong role is not told that there is anything.
    async fn each_role_has_its_own_door(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let admin = app.admin().await;
        let doors = ["/me/profile", "/company/openings", "/admin/queue"];
        let people: [&ApiClient; 3] = [&member.api, &company.api, &admin];
        for (own, person) in people.iter().enumerate() {
            for (at, door) in doors.iter().enumerate() {
                let reply = person.get(door).await;
                if at == own {
                    reply.with_status(200);
                } else {
                    assert!([403, 404].contains(&reply.status), "{} at {door}: {}", person.role, reply.status);
                }
            }
        }
        for door in doors {
            app.visitor().get(door).await.problem(401);
        }
        app.visitor().get("/no/such/thing").await.problem(404);
    }
}

on_both! {
    /// One company's openings are no other company's business.
    async fn stranger_cannot_touch_an_opening(database) {
        let app = TestApp::start(database).await;
        let owner = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let stranger = journeys::company(&app, "Other Reviews", "otto@other.example").await;
        let opening = journeys::live_opening(&app, &owner, &factory::bakersfield_opening()).await;
        let path = format!("/company/openings/{}", opening.id);
        stranger.api.get(&path).await.problem(404);
        stranger.api.patch(&path, &json!({ "title": "Mine now" })).await.problem(404);
        for act in ["submit", "close", "confirm-open", "clone"] {
            stranger.api.act(&format!("{path}/{act}")).await.problem(404);
        }
        stranger.api.get(&format!("{path}/reach")).await.problem(404);
        assert_eq!(owner.api.get(&path).await.ok()["title"], factory::bakersfield_opening().json()["title"]);
    }
}
