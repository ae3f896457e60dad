//! Whole ways through the product that many stories begin with, over HTTP and mail alone.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::client::ApiClient;
use crate::factory::{self, Draft};

/// An approved member, signed in.
pub struct Member {
    /// The address of the account.
    pub email: String,
    /// Acts as this member.
    pub api: ApiClient,
    /// The member's own id.
    pub id: String,
}

/// An approved company, its owner signed in.
pub struct Company {
    /// The name in addresses.
    pub slug: String,
    /// The address of the owner.
    pub email: String,
    /// Acts as the owner.
    pub api: ApiClient,
}

/// A live opening.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its id.
    pub id: String,
    /// The revision that was approved.
    pub revision: i64,
}

/// The one thing of this kind that waits for an admin.
pub async fn waiting(admin: &ApiClient, kind: &str) -> String {
    let queue = admin.get("/admin/queue").await.items();
    let ids: Vec<String> = queue.iter().filter(|item| item["kind"] == kind).map(|item| text(&item["id"])).collect();
    assert_eq!(ids.len(), 1, "one {kind} should wait: {queue:?}");
    ids.into_iter().next().expect("one")
}

/// Joins with an NPI, is approved, and signs in by mail. Profile and permissions are untouched.
pub async fn join(app: &TestApp, name: &str, email: &str) -> Member {
    let body = json!({ "name": name, "email": email, "npi": factory::npi_of(email) });
    app.visitor().post("/join", &body).await.ok();
    app.settle().await;
    let admin = app.admin().await;
    let id = waiting(&admin, "member").await;
    admin.act(&format!("/admin/members/{id}/approve")).await.ok();
    app.settle().await;
    let api = app.sign_in(email).await;
    let id = text(&api.get("/me/profile").await.ok()["member_id"]);
    Member { email: email.to_owned(), api, id }
}

/// A member with a profile and a contact, who asked to be told by mail.
pub async fn alerted_member(app: &TestApp, name: &str, email: &str, profile: &Draft) -> Member {
    let member = join(app, name, email).await;
    fill_in(&member, name, profile).await;
    permit(&member, json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false })).await;
    app.settle().await;
    member
}

/// Writes profile and contact.
pub async fn fill_in(member: &Member, name: &str, profile: &Draft) {
    member.api.put("/me/profile", &profile.json()).await.ok();
    member.api.put("/me/contact", &factory::contact(name, &member.email).json()).await.ok();
}

/// Sets all three permissions.
pub async fn permit(member: &Member, permissions: Value) {
    let now = member.api.put("/me/permissions", &permissions).await.ok();
    for (name, wanted) in permissions.as_object().expect("an object") {
        assert_eq!(now[name], *wanted, "{name}");
    }
}

/// Registers, is approved, and the owner signs in by mail.
pub async fn company(app: &TestApp, name: &str, owner_email: &str) -> Company {
    app.visitor().post("/companies", &factory::company(name, owner_email).json()).await.ok();
    app.settle().await;
    let admin = app.admin().await;
    let id = waiting(&admin, "company").await;
    admin.act(&format!("/admin/companies/{id}/approve")).await.ok();
    app.settle().await;
    let api = app.sign_in(owner_email).await;
    let slug = text(&api.get("/company").await.ok()["slug"]);
    Company { slug, email: owner_email.to_owned(), api }
}

/// Drafts and submits an opening; gives its id.
pub async fn submitted_opening(company: &Company, draft: &Draft) -> String {
    let opening = company.api.post("/company/openings", &draft.json()).await.ok();
    let id = text(&opening["id"]);
    company.api.act(&format!("/company/openings/{id}/submit")).await.ok();
    id
}

/// Drafts, submits, is approved, and everything that follows from it has happened.
pub async fn live_opening(app: &TestApp, company: &Company, draft: &Draft) -> Opening {
    let id = submitted_opening(company, draft).await;
    app.settle().await;
    approve_opening(app, &id).await;
    let opening = app.visitor().get(&format!("/openings/{id}")).await.ok();
    Opening { id, revision: opening["revision"].as_i64().expect("a revision") }
}

/// An admin approves it, and everything that follows from it has happened.
pub async fn approve_opening(app: &TestApp, id: &str) {
    let admin = app.admin().await;
    admin.act(&format!("/admin/openings/{id}/approve")).await.ok();
    app.settle().await;
}

/// A member's yes with these fields; gives the id of the introduction.
pub async fn introduce(app: &TestApp, member: &Member, opening: &Opening, fields: &[&str]) -> String {
    let body = json!({ "opening_id": opening.id, "opening_revision": opening.revision, "fields": fields });
    let made = member.api.post("/me/introductions", &body).await.ok();
    app.settle().await;
    text(&made["id"])
}

/// A string that must be there.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text but {value}")).to_owned()
}
