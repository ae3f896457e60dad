//! T05: fields that nobody may set from outside.

use harness::{app::TestApp, on_both};
use reqwest::Method;
use rosterline::auth::Rule;
use rosterline::cli::routes::table;
use serde_json::{Value, json};

use super::filled;
use super::world::{Kind, Object, Role, World};

/// What an attacker would like to set.
const FIELDS: [&str; 9] =
    ["role", "verified", "company_id", "approved", "consent", "id", "created_at", "plan", "standing"];

/// Stands in no honest answer.
const CANARY: &str = "over-posted-canary";

on_both! {
    /// T05: every write that takes a body refuses each of these fields by its name, whoever sends it; a write that
    /// takes none keeps nothing of them.
    async fn t05_nobody_sets_what_is_not_theirs_to_set(database) {
        let mut world = World::new(TestApp::start(database).await).await;
        let mut faults = Vec::new();
        let writes = table().into_iter().filter(|route| route.method.as_str() != "GET");
        for route in writes.filter(|route| !ends_the_actor(route.path)) {
            let role = who_may(route.rule);
            let kind = Kind::of(route.path);
            if kind == Some(Kind::Word) {
                continue;
            }
            let method = Method::from_bytes(route.method.as_str().as_bytes()).expect("a method");
            let path = |world: &World| {
                let object = kind.map(|kind| world.value(kind, Object::Own, role));
                filled(route.path, object.as_deref().unwrap_or_default())
            };
            if let Some(body) = world.body(route.method.as_str(), route.path, role) {
                for field in FIELDS {
                    let mut body = body.clone();
                    body[field] = json!(CANARY);
                    let reply = world.client(role).send(method.clone(), &path(&world), Some(&body)).await;
                    let named = reply.status == 422 && reply.json()["errors"][0]["field"] == *field;
                    if !named || reply.text().contains(CANARY) {
                        faults.push(format!("{} {} {field}: {} {}", route.method, route.path, reply.status, reply.text()));
                    }
                }
            } else {
                let body: Value = FIELDS.iter().map(|field| ((*field).to_owned(), json!(CANARY))).collect();
                let reply = world.client(role).send(method, &path(&world), Some(&body)).await;
                if reply.status >= 500 || reply.text().contains(CANARY) {
                    faults.push(format!("{} {}: {} {}", route.method, route.path, reply.status, reply.text()));
                }
                if let Some(kind) = kind {
                    world.replace(kind, role).await;
                }
            }
        }
        world.app.settle().await;
        faults.extend(kept(&world).await);
        assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    }
}

/// Nothing of it is shown anywhere afterwards, and nobody has become more than they were.
async fn kept(world: &World) -> Vec<String> {
    let mut faults = Vec::new();
    for route in table().into_iter().filter(|route| route.method.as_str() == "GET" && Kind::of(route.path).is_none()) {
        let role = who_may(route.rule);
        let reply = world.client(role).send(Method::GET, route.path, None).await;
        if reply.text().contains(CANARY) {
            faults.push(format!("GET {} shows what was over-posted", route.path));
        }
    }
    for (role, door) in [(Role::Member, "/company"), (Role::Member, "/admin/queue"), (Role::Owner, "/admin/queue")] {
        let reply = world.client(role).get(door).await;
        if reply.status != 403 {
            faults.push(format!("{} at {door}: {}", role.name(), reply.status));
        }
    }
    faults
}

/// Somebody whom the rule lets pass.
fn who_may(rule: Rule) -> Role {
    match rule {
        Rule::Anyone => Role::Visitor,
        Rule::SignedIn => Role::Member,
        Rule::May(action) => match action.as_str() {
            "own_membership" | "share_contact" | "take_back" => Role::Member,
            "moderate" | "shut_out" | "look_at_contact" => Role::Admin,
            _ => Role::Owner,
        },
    }
}

fn ends_the_actor(path: &str) -> bool {
    path == "/api/v1/me" || ["sign-out", "/account/delete", "/block", "/pause"].iter().any(|word| path.contains(word))
}
