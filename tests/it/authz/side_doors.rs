//! T02: ways around the front door: lists, cursors, exports, search, caches.

use harness::{app::TestApp, factory, journeys, on_both};
use reqwest::Method;
use rosterline::cli::routes::table;
use serde_json::json;

use super::world::{Kind, NOBODY, Object, Role, World};
use super::{filled, is_private, told};

on_both! {
    /// T02: a cursor made from another's list shows nothing of that list.
    async fn t02_anothers_cursor_opens_no_list(database) {
        let world = World::new(TestApp::start(database).await).await;
        for (role, other, list) in [
            (Role::Member, Role::OtherMember, "/me/alerts"),
            (Role::Member, Role::OtherMember, "/me/matches"),
            (Role::Member, Role::OtherMember, "/me/introductions"),
            (Role::Owner, Role::OtherOwner, "/company/openings"),
            (Role::Owner, Role::OtherOwner, "/company/introductions"),
        ] {
            let first = world.client(role).get(&format!("{list}?limit=1")).await.ok();
            let cursor = journeys::text(&first["next_cursor"]);
            let own: Vec<String> = ids(&world.client(other).get(&format!("{list}?limit=100")).await.items());
            let shown = ids(&world.client(other).get(&format!("{list}?limit=100&cursor={cursor}")).await.items());
            assert!(shown.iter().all(|id| own.contains(id)), "{list} of {}: {shown:?}", other.name());
        }
    }
}

on_both! {
    /// T02: what a member takes along holds nothing of another member.
    async fn t02_exports_hold_nothing_of_another(database) {
        let world = World::new(TestApp::start(database).await).await;
        let other = world.client(Role::OtherMember).get("/me/profile").await.ok()["member_id"].clone();
        let theirs = [Kind::Alert, Kind::Match, Kind::Introduction].map(|kind| world.value(kind, Object::Others, Role::Member));
        for path in ["/me/export", "/me/ledger/export", "/me/ledger", "/me/matches?limit=100", "/me/alerts?limit=100"] {
            let text = world.client(Role::Member).get(path).await.with_status(200).text();
            for secret in theirs.iter().map(String::as_str).chain([journeys::text(&other).as_str(), "omar@clinic.example"]) {
                assert!(!text.contains(secret), "{path} holds {secret}");
            }
        }
    }
}

on_both! {
    /// T02: neither search, suggestions, feeds nor a yes lead to an opening that is not public.
    async fn t02_a_hidden_opening_is_found_by_nobody(database) {
        let world = World::new(TestApp::start(database).await).await;
        let draft = factory::bakersfield_opening().set("/title", "Xylophone injuries in Bakersfield").json();
        let owner = world.client(Role::Owner);
        let hidden = journeys::text(&owner.post("/company/openings", &draft).await.ok()["id"]);
        world.app.settle().await;
        for role in Role::ALL.into_iter().filter(|role| !matches!(role, Role::Owner | Role::Viewer)) {
            let client = world.client(role);
            for path in ["/api/v1/openings?q=xylophone", "/api/v1/openings/suggest?q=xyl", "/openings?q=xylophone"] {
                let reply = client.send(Method::GET, path, None).await.with_status(200);
                assert!(!reply.text().contains(&hidden) && !reply.text().contains("injuries in Bakersfield"), "{path}");
            }
            for start in ["/api/v1/openings/", "/openings/", "/consent/", "/api/v1/admin/openings/", "/admin/openings/"] {
                let answers = [hidden.as_str(), NOBODY].map(|id| (format!("{start}{id}"), id));
                let mut said = Vec::new();
                for (path, id) in answers {
                    said.push(told(&client.send(Method::GET, &path, None).await, id));
                }
                assert_eq!(said[0], said[1], "{start} as {}", role.name());
            }
        }
        let yes = |id: &str| json!({ "opening_id": id, "opening_revision": 1, "fields": ["email"] });
        let member = world.client(Role::Member);
        let theirs = member.post("/me/introductions", &yes(&hidden)).await;
        let nobodys = member.post("/me/introductions", &yes(NOBODY)).await;
        assert_eq!(told(&theirs, &hidden), told(&nobodys, NOBODY));
    }
}

on_both! {
    /// T02: a company that no admin has approved is not found by blocking it.
    async fn t02_blocking_tells_nothing_of_companies_in_waiting(database) {
        let app = TestApp::start(database).await;
        let member = journeys::join(&app, "Jane Rivera", "jane@clinic.example").await;
        let firm = factory::company("Waiting Works", "wanda@waiting.example").json();
        app.visitor().post("/companies", &firm).await.ok();
        let block = async |slug: &str| member.api.post("/me/blocks", &json!({ "company": slug })).await;
        let (waiting, nobody) = (block("waiting-works").await, block("no-such-works").await);
        assert_eq!(told(&waiting, "waiting-works"), told(&nobody, "no-such-works"));
        let page = async |slug: &str| member.api.send(Method::POST, &format!("/companies/{slug}/block"), None).await;
        let (waiting, nobody) = (page("waiting-works").await, page("no-such-works").await);
        assert_eq!(told(&waiting, "waiting-works"), told(&nobody, "no-such-works"));
    }
}

on_both! {
    /// T02: a cached copy's ETag brings a stranger no "not modified".
    async fn t02_an_etag_tells_a_stranger_nothing(database) {
        let world = World::new(TestApp::start(database).await).await;
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        for route in table().into_iter().filter(|route| route.method.as_str() == "GET" && is_private(route.path)) {
            let Some(kind) = Kind::of(route.path) else { continue };
            let path = filled(route.path, &world.value(kind, Object::Own, Role::Member));
            let mut tags = vec!["*".to_owned()];
            for role in [Role::Member, Role::Owner] {
                let tag = world.client(role).send(Method::GET, &path, None).await.header("etag").to_owned();
                tags.extend(Some(tag).filter(|tag| !tag.is_empty()));
            }
            for tag in tags {
                let url = format!("{}{path}", world.app.base_url());
                let reply = http.get(url).header("if-none-match", tag).send().await.expect("an answer");
                assert!([401, 303].contains(&reply.status().as_u16()), "{path}: {}", reply.status());
            }
        }
    }
}

fn ids(items: &[serde_json::Value]) -> Vec<String> {
    items.iter().map(|item| journeys::text(&item["id"])).collect()
}
