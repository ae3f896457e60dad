//! The world the access matrix is walked in: three families of a member and a company each (the third is suspended),
//! somebody who may only look, an admin, and things in every state that an address can name.

use std::collections::BTreeMap;

use harness::{
    app::TestApp,
    client::{ApiClient, token_of},
    factory,
    journeys::{self, Company, Member, Opening, text},
};
use serde_json::{Value, json};
use store::contacts;

/// An id that nothing has.
pub const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

/// Who asks, in the order of the table's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Visitor,
    Member,
    OtherMember,
    SuspendedMember,
    Owner,
    OtherOwner,
    Viewer,
    SuspendedOwner,
    Admin,
}

impl Role {
    pub const ALL: [Role; 9] = [
        Role::Visitor,
        Role::Member,
        Role::OtherMember,
        Role::SuspendedMember,
        Role::Owner,
        Role::OtherOwner,
        Role::Viewer,
        Role::SuspendedOwner,
        Role::Admin,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Role::Visitor => "visitor",
            Role::Member => "member",
            Role::OtherMember => "other_member",
            Role::SuspendedMember => "suspended_member",
            Role::Owner => "owner",
            Role::OtherOwner => "other_owner",
            Role::Viewer => "viewer",
            Role::SuspendedOwner => "suspended_owner",
            Role::Admin => "admin",
        }
    }

    pub fn is_member(self) -> bool {
        matches!(self, Role::Member | Role::OtherMember | Role::SuspendedMember)
    }

    /// Whose things are this role's own; the first family's for those who own nothing.
    fn family(self) -> usize {
        match self {
            Role::OtherMember | Role::OtherOwner => 1,
            Role::SuspendedMember | Role::SuspendedOwner => 2,
            _ => 0,
        }
    }
}

/// What a parameter of a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Alert,
    Match,
    Introduction,
    Opening,
    /// An opening that waits for an admin.
    Submitted,
    Session,
    Mail,
    Applicant,
    Registrant,
    /// A report of a member about an introduction.
    Dispute,
    /// A report about a company that nothing else needs.
    Reported,
    Seat,
    Slug,
    Table,
    /// Nothing but made-up values: a token, a file.
    Word,
}

/// Whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    Own,
    Others,
    Random,
    Deleted,
}

impl Object {
    pub fn name(self) -> &'static str {
        match self {
            Object::Own => "own",
            Object::Others => "others",
            Object::Random => "random",
            Object::Deleted => "deleted",
        }
    }
}

impl Kind {
    /// What the parameter of this path names; `None` for a path without one.
    pub fn of(path: &str) -> Option<Kind> {
        let start = path.split_once('{')?.0;
        let page = start.strip_prefix("/api/v1").unwrap_or(start);
        Some(match page {
            "/me/alerts/" | "/alerts/" => Kind::Alert,
            "/me/matches/" | "/matches/" | "/admin/matches/" => Kind::Match,
            "/me/introductions/" | "/introductions/" | "/company/introductions/" | "/company/contacts/" => {
                Kind::Introduction
            }
            "/openings/" | "/company/openings/" | "/consent/" => Kind::Opening,
            "/admin/openings/" => Kind::Submitted,
            "/me/disputes/" | "/disputes/" | "/company/disputes/" => Kind::Dispute,
            "/admin/disputes/" => Kind::Reported,
            "/company/seats/" | "/company/team/" => Kind::Seat,
            "/account/sessions/" => Kind::Session,
            "/admin/mail/" => Kind::Mail,
            "/admin/members/" => Kind::Applicant,
            "/admin/companies/" => Kind::Registrant,
            "/companies/" | "/me/blocks/" | "/account/blocks/" => Kind::Slug,
            "/admin/facts/" => Kind::Table,
            "/admin/mail-streams/"
            | "/sign-in/"
            | "/mail/stop/"
            | "/mail/new-address/"
            | "/mail/confirm/"
            | "/mail/still/"
            | "/static/"
            | "/dev/mailbox/" => Kind::Word,
            other => panic!("say in world.rs what {other}{{...}} names"),
        })
    }

    /// The objects that there are of it.
    pub fn objects(self) -> &'static [Object] {
        use Object as O;
        match self {
            Kind::Alert | Kind::Match | Kind::Introduction | Kind::Opening | Kind::Session => {
                &[O::Own, O::Others, O::Random, O::Deleted]
            }
            Kind::Dispute | Kind::Seat => &[O::Own, O::Others, O::Random, O::Deleted],
            Kind::Reported | Kind::Submitted | Kind::Applicant | Kind::Registrant | Kind::Slug => {
                &[O::Own, O::Random, O::Deleted]
            }
            Kind::Mail | Kind::Table => &[O::Own, O::Random],
            Kind::Word => &[O::Random],
        }
    }
}

/// A member and a company, who know each other.
struct Family {
    member: Member,
    company: Company,
}

/// Everyone and everything.
pub struct World {
    pub app: TestApp,
    families: Vec<Family>,
    viewer: ApiClient,
    pub admin: ApiClient,
    own: BTreeMap<(Kind, usize), String>,
    deleted: BTreeMap<(Kind, usize), String>,
    sessions: BTreeMap<Role, (String, String)>,
    emails: BTreeMap<Role, String>,
    /// The live opening that `/me/introductions` is asked for.
    live: Vec<Opening>,
    /// How many things were made that need a name of their own.
    made: usize,
}

impl World {
    pub async fn new(app: TestApp) -> World {
        let mut families = Vec::new();
        for (name, email, firm, owner) in [
            ("Jane Rivera", "jane@clinic.example", "Kern Evaluations", "olive@kern.example"),
            ("Omar Haddad", "omar@clinic.example", "Other Reviews", "otto@other.example"),
            ("Sue Lindgren", "sue@clinic.example", "Third Panels", "theo@third.example"),
        ] {
            let member = journeys::alerted_member(&app, name, email, &factory::california_qme()).await;
            let company = journeys::company(&app, firm, owner).await;
            families.push(Family { member, company });
        }
        let viewer = viewer(&app, &families[0].company).await;
        let admin = app.admin().await;
        app.let_admin_see_contacts(true).await;
        let mut emails = BTreeMap::from([(Role::Viewer, "vera@kern.example".to_owned())]);
        emails.insert(Role::Admin, harness::app::ADMIN.to_owned());
        let roles = [(Role::Member, Role::Owner), (Role::OtherMember, Role::OtherOwner)];
        let roles = roles.into_iter().chain([(Role::SuspendedMember, Role::SuspendedOwner)]);
        for (family, (member, owner)) in families.iter().zip(roles) {
            emails.insert(member, family.member.email.clone());
            emails.insert(owner, family.company.email.clone());
        }
        let mut world = World {
            app,
            families,
            viewer,
            admin,
            own: BTreeMap::new(),
            deleted: BTreeMap::new(),
            sessions: BTreeMap::new(),
            emails,
            live: Vec::new(),
            made: 0,
        };
        world.fill().await;
        world.suspend().await;
        // A suspension ends every session; whoever is suspended may still sign in and see what is theirs.
        for role in [Role::SuspendedMember, Role::SuspendedOwner] {
            world.sign_in_again(role).await;
        }
        world.open_sessions().await;
        world
    }

    /// Things of every family, and things of theirs that are over.
    async fn fill(&mut self) {
        for family in 0..self.families.len() {
            let kinds = [Kind::Alert, Kind::Match, Kind::Introduction, Kind::Opening, Kind::Submitted];
            for kind in kinds.into_iter().chain([Kind::Dispute, Kind::Seat]) {
                self.renew(kind, family).await;
                let over = self.own[&(kind, family)].clone();
                self.end(kind, family, &over).await;
                self.deleted.insert((kind, family), over);
                self.renew(kind, family).await;
            }
            let live = self.live_opening(family).await;
            self.live.push(live);
        }
        let mail = self.admin.get("/admin/mail").await.items();
        self.own.insert((Kind::Mail, 0), text(&mail[0]["id"]));
        self.strangers().await;
    }

    /// A second session of everyone, and one that is over.
    async fn open_sessions(&mut self) {
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Visitor) {
            let over = self.session(role).await;
            let path = format!("/account/sessions/{over}/end");
            self.client(role).send(reqwest::Method::POST, &path, None).await.with_status(303);
            let mine = self.session(role).await;
            self.sessions.insert(role, (mine, over));
        }
    }

    /// People and companies that an admin may decide on without touching those who ask.
    async fn strangers(&mut self) {
        let gone = journeys::join(&self.app, "Gil Gone", "gil@clinic.example").await;
        gone.api.delete("/me").await.with_status(204);
        self.deleted.insert((Kind::Applicant, 0), gone.id);
        let banned = journeys::company(&self.app, "Banned Bureau", "bo@banned.example").await;
        let id = text(&banned.api.get("/company").await.ok()["id"]);
        let reason = json!({ "reason": "Asked members for money." });
        self.admin.post(&format!("/admin/companies/{id}/ban"), &reason).await.ok();
        self.deleted.insert((Kind::Registrant, 0), id);
        self.deleted.insert((Kind::Slug, 0), banned.slug);
        let body = json!({ "name": "Pat Pending", "email": "pat@clinic.example", "npi": factory::npi(77) });
        self.app.visitor().post("/join", &body).await.ok();
        let firm = factory::company("Waiting Works", "wanda@waiting.example").json();
        self.app.visitor().post("/companies", &firm).await.ok();
        self.app.settle().await;
        let pat = self.app.sign_in("pat@clinic.example").await;
        let reach = json!({ "alerts_email": false, "admin_outreach": true, "anonymous_counts": false });
        pat.put("/me/permissions", &reach).await.ok();
        self.own.insert((Kind::Applicant, 0), journeys::waiting(&self.admin, "member").await);
        self.own.insert((Kind::Registrant, 0), journeys::waiting(&self.admin, "company").await);
        self.own.insert((Kind::Slug, 0), self.families[0].company.slug.clone());
        self.own.insert((Kind::Table, 0), "fees".to_owned());
        self.renew(Kind::Reported, 0).await;
        let over = self.own[&(Kind::Reported, 0)].clone();
        self.end(Kind::Reported, 0, &over).await;
        self.deleted.insert((Kind::Reported, 0), over);
        self.renew(Kind::Reported, 0).await;
    }

    async fn suspend(&self) {
        let third = &self.families[2];
        let reason = json!({ "reason": "For the table." });
        self.admin.post(&format!("/admin/members/{}/suspend", third.member.id), &reason).await.ok();
        let company = text(&third.company.api.get("/company").await.ok()["id"]);
        self.admin.post(&format!("/admin/companies/{company}/suspend"), &reason).await.ok();
        self.app.settle().await;
    }

    pub fn client(&self, role: Role) -> ApiClient {
        let family = &self.families[role.family()];
        match role {
            Role::Visitor => self.app.visitor(),
            Role::Viewer => self.viewer.clone(),
            Role::Admin => self.admin.clone(),
            role if role.is_member() => family.member.api.clone(),
            _ => family.company.api.clone(),
        }
    }

    /// Signs a role in anew, after it signed out.
    pub async fn sign_in_again(&mut self, role: Role) {
        let Some(email) = self.emails.get(&role) else { return };
        let api = self.app.visitor().sign_in(&self.app.operator_link(email).await).await;
        let family = &mut self.families[role.family()];
        match role {
            Role::Visitor => {}
            Role::Viewer => self.viewer = api,
            Role::Admin => self.admin = api,
            role if role.is_member() => family.member.api = api,
            _ => family.company.api = api,
        }
    }

    /// The value that stands for an object in the path when this role asks.
    pub fn value(&self, kind: Kind, object: Object, role: Role) -> String {
        let (mine, theirs) = (role.family(), usize::from(role.family() == 0));
        let lonely = |family: usize| if self.own.contains_key(&(kind, family)) { family } else { 0 };
        match (object, kind) {
            (Object::Random, Kind::Slug | Kind::Table | Kind::Word) => "no-such-thing".to_owned(),
            (Object::Random, _) => NOBODY.to_owned(),
            (Object::Own, Kind::Session) => self.session_of(role).0.clone(),
            (Object::Deleted, Kind::Session) => self.session_of(role).1.clone(),
            (Object::Others, Kind::Session) => {
                let other = if role == Role::OtherMember { Role::Member } else { Role::OtherMember };
                self.session_of(other).0.clone()
            }
            (Object::Own, _) => self.own[&(kind, lonely(mine))].clone(),
            (Object::Others, _) => self.own[&(kind, theirs)].clone(),
            (Object::Deleted, _) => {
                self.deleted.get(&(kind, mine)).unwrap_or_else(|| &self.deleted[&(kind, 0)]).clone()
            }
        }
    }

    fn session_of(&self, role: Role) -> &(String, String) {
        &self.sessions[&if role == Role::Visitor { Role::Member } else { role }]
    }

    /// Puts a new thing in the place of one that was changed. The suspended make nothing new.
    pub async fn replace(&mut self, kind: Kind, role: Role) {
        if kind == Kind::Session {
            let fresh = self.session(role).await;
            if let Some(pair) = self.sessions.get_mut(&role) {
                pair.0 = fresh;
            }
        } else if role.family() < 2 && matches!(kind, Kind::Alert | Kind::Match | Kind::Introduction | Kind::Opening)
            || role.family() < 2 && kind == Kind::Dispute
            || matches!(kind, Kind::Submitted | Kind::Reported | Kind::Seat)
        {
            self.renew(kind, role.family()).await;
        }
    }

    /// A second session of this role; its id.
    async fn session(&self, role: Role) -> String {
        let link = self.app.operator_link(&self.emails[&role]).await;
        let body = json!({ "token": token_of(&link) });
        text(&self.app.visitor().post("/sign-in/confirm", &body).await.ok()["session_id"])
    }

    async fn live_opening(&self, family: usize) -> Opening {
        self.app.forget_counts().await;
        let company = &self.families[family].company;
        let id = journeys::submitted_opening(company, &factory::bakersfield_opening()).await;
        self.admin.act(&format!("/admin/openings/{id}/approve")).await.ok();
        Opening { id, revision: 1 }
    }

    async fn renew(&mut self, kind: Kind, family: usize) {
        self.app.forget_counts().await;
        let Family { member, company } = &self.families[family];
        let id = match kind {
            Kind::Alert => text(&member.api.post("/me/alerts", &json!({ "name": "Mine" })).await.ok()["id"]),
            Kind::Submitted => journeys::submitted_opening(company, &factory::bakersfield_opening()).await,
            Kind::Opening => self.live_opening(family).await.id,
            Kind::Introduction => {
                let opening = self.live_opening(family).await;
                journeys::introduce(&self.app, member, &opening, &["name", "email"]).await
            }
            Kind::Dispute => {
                let opening = self.live_opening(family).await;
                let introduction = journeys::introduce(&self.app, member, &opening, &["name"]).await;
                report(member, json!({ "introduction_id": introduction })).await
            }
            Kind::Reported => {
                self.made += 1;
                let slug = self.bystander(self.made).await;
                report(&self.families[family].member, json!({ "company": slug })).await
            }
            Kind::Seat => {
                self.made += 1;
                spare_seat(&self.app, company, self.made).await
            }
            Kind::Match => {
                let opening = self.live_opening(family).await;
                self.app.settle().await;
                let all = member.api.get("/me/matches?limit=100").await.items();
                let found = all.iter().find(|one| one["opening_id"] == opening.id.as_str());
                text(&found.unwrap_or_else(|| panic!("no match among {}", all.len()))["id"])
            }
            other => panic!("{other:?} is not renewed"),
        };
        self.own.insert((kind, family), id);
    }

    /// An approved company that nothing else needs; its slug.
    async fn bystander(&self, n: usize) -> String {
        let (name, email) = (format!("Reported Reviews {n}"), format!("rita{n}@reported.example"));
        self.app.visitor().post("/companies", &factory::company(&name, &email).json()).await.ok();
        self.app.settle().await;
        let queue = self.admin.get("/admin/queue?limit=100").await.items();
        let id = queue.iter().find(|item| item["title"] == name.as_str()).map(|item| text(&item["id"]));
        let id = id.expect("it waits");
        self.admin.act(&format!("/admin/companies/{id}/approve")).await.ok();
        format!("reported-reviews-{n}")
    }

    async fn end(&self, kind: Kind, family: usize, id: &str) {
        let Family { member, company } = &self.families[family];
        match kind {
            Kind::Alert => member.api.delete(&format!("/me/alerts/{id}")).await,
            Kind::Match => self.admin.act(&format!("/admin/matches/{id}/drop")).await,
            Kind::Introduction => member.api.act(&format!("/me/introductions/{id}/revoke")).await,
            Kind::Dispute | Kind::Reported => {
                let words = json!({ "words": "Both sides were heard." });
                self.admin.post(&format!("/admin/disputes/{id}/dismiss"), &words).await
            }
            Kind::Seat => company.api.delete(&format!("/company/seats/{id}")).await,
            Kind::Submitted | Kind::Opening => company.api.act(&format!("/company/openings/{id}/close")).await,
            other => panic!("{other:?} is not ended"),
        }
        .ok();
    }

    /// A body that the route takes from whoever may send it; `None` where it takes none.
    pub fn body(&self, method: &str, path: &str, role: Role) -> Option<Value> {
        let member = &self.families[role.family()].member;
        let live = &self.live[role.family().min(1)];
        Some(match (method, path.strip_prefix("/api/v1")?) {
            ("POST", "/sign-in") => json!({ "email": "nobody@clinic.example" }),
            ("POST", "/sign-in/confirm") => json!({ "token": "no-such-token" }),
            ("POST", "/sign-in/refresh") => json!({ "refresh_token": "no-such-token" }),
            ("POST", "/session/fresh" | "/session/second-factor/confirm") => json!({ "totp": "000000" }),
            ("POST", "/admin/mail-retry") => json!({ "state": "dead" }),
            ("POST", "/admin/members/{id}/contact") => json!({ "reason": "Asked us to call about the panel." }),
            ("POST", "/join") => json!({ "name": "Joan Hart", "email": "joan@clinic.example", "npi": factory::npi(5) }),
            ("POST", "/company/seats") => {
                json!({ "name": "Ida New", "email": "ida@new.example", "role": "recruiter" })
            }
            ("POST", "/companies") => factory::company("Fourth Firm", "fay@fourth.example").json(),
            ("PUT", "/me/profile") => factory::california_qme().json(),
            ("PUT", "/me/permissions") => {
                json!({ "alerts_email": true, "admin_outreach": false, "anonymous_counts": false })
            }
            ("PUT", "/me/contact") => factory::contact("Jane Rivera", &member.email).json(),
            ("POST", "/me/alerts") | ("PUT", "/me/alerts/{id}") => json!({ "name": "Mine" }),
            ("PUT", "/me/mail-times") => json!({ "time_zone": "America/Los_Angeles" }),
            ("PUT", "/me/mutes") => json!({ "market": "fresno", "muted": true }),
            ("POST", "/me/introductions") => {
                json!({ "opening_id": live.id, "opening_revision": live.revision, "fields": ["email"] })
            }
            ("POST", "/me/introductions/{id}/messages" | "/company/introductions/{id}/messages") => {
                json!({ "text": "Could we speak on Tuesday at ten?" })
            }
            ("POST", "/admin/outreach") => {
                json!({ "opening_id": live.id, "text": "This panel looks for a second physician." })
            }
            ("POST", "/me/disputes") => {
                json!({ "opening_id": live.id, "kind": "other", "text": "It is not what it says." })
            }
            ("POST", "/company/disputes") => {
                let introduction = self.value(Kind::Introduction, Object::Own, role);
                json!({ "introduction_id": introduction, "kind": "other", "text": "Nobody answers there." })
            }
            ("POST", "/me/disputes/{id}/answer" | "/company/disputes/{id}/answer") => {
                json!({ "text": "We see it otherwise." })
            }
            ("POST", path) if path.starts_with("/admin/disputes/") => json!({ "words": "Both sides were heard." }),
            ("POST", "/me/blocks") => json!({ "company": self.deleted[&(Kind::Slug, 0)] }),
            ("PATCH", "/company") => json!({ "about": "We pay within 30 days." }),
            ("POST", "/company/openings") => factory::bakersfield_opening().json(),
            ("PATCH", "/company/openings/{id}") => json!({ "volume": "4 to 6 a month" }),
            ("PUT", "/company/introductions/{id}/stage") => json!({ "stage": "contacted" }),
            ("POST", path) if path.starts_with("/admin/") && Kind::of(path) != Some(Kind::Match) => {
                let decides = ["/approve", "/return", "/reject", "/suspend", "/ban"];
                let decides = decides.iter().any(|end| path.ends_with(end));
                decides.then(|| json!({ "reason": "For the table." }))?
            }
            _ => return None,
        })
    }
}

/// Reports something; the report's id.
async fn report(member: &Member, about: Value) -> String {
    let mut body = json!({ "kind": "other", "text": "It is not what it says." });
    let fields = body.as_object_mut().expect("an object");
    fields.extend(about.as_object().expect("an object").clone());
    text(&member.api.post("/me/disputes", &body).await.ok()["id"])
}

/// A seat of a company that nobody uses; its id.
async fn spare_seat(app: &TestApp, company: &Company, n: usize) -> String {
    let (slug, email) = (company.slug.clone(), format!("sam{n}@spare.example"));
    seat(app, slug, &format!("00000000-0000-4000-8000-0000000b{n:04}"), email, "Sam Spare").await
}

/// Somebody who may only look at the company's pages. No route makes such a seat yet, so it is put in its table.
async fn viewer(app: &TestApp, company: &Company) -> ApiClient {
    const EMAIL: &str = "vera@kern.example";
    let id = "00000000-0000-4000-8000-00000000a002";
    seat(app, company.slug.clone(), id, EMAIL.to_owned(), "Vera Viewer").await;
    app.visitor().sign_in(&app.operator_link(EMAIL).await).await
}

/// A viewer's seat of the company with this slug; its id, which is the account's as well.
async fn seat(app: &TestApp, slug: String, id: &str, email: String, name: &'static str) -> String {
    use domain::{AccountId, SeatId, contact, standing};
    let (account, id) = (AccountId::parse(id).expect("an id"), SeatId::parse(id).expect("an id"));
    let made = id.to_string();
    let write = app.running().app().write(move |conn, app| {
        store::accounts::create(conn, &account, standing::Role::Company, app.now())?;
        let card = contact::Contact {
            name: contact::PersonName::parse(name).expect("a name"),
            email: contact::EmailAddress::parse(&email).expect("an address"),
            phone: None,
            npi: None,
            cv: None,
            licences: Vec::new(),
        };
        contacts::put(conn, &app.vault, &account, &card, app.now())?;
        let company = store::companies::by_slug(conn, &slug)?.id;
        let (id, account) = (id.clone(), account.clone());
        let seat = store::companies::Seat { id, account, company, role: standing::SeatRole::Viewer };
        Ok(store::companies::add_seat(conn, &seat, app.now())?)
    });
    write.await.expect("a seat");
    made
}
