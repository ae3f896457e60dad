//! A long life of a small community, in which everybody's values are unmistakable: four physicians, three companies, an
//! admin, every kind of mail, every way a yes ends. Tests look afterwards for what went where it should not.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::authenticator::enrol;
use crate::canary::Canary;
use crate::client::{ApiClient, token_of};
use crate::factory::{self, Draft};
use crate::journeys::{Company, Member, Opening, approve_opening, introduce, live_opening, submitted_opening, text};

/// What the community has become.
pub struct Story {
    /// Everybody in it, those of companies included.
    pub people: Vec<Canary>,
    /// Physicians: the first shares everything with the first company, the second shared a phone number once, the
    /// third took another address and is suspended.
    pub members: Vec<Member>,
    /// Companies in good standing.
    pub companies: Vec<Company>,
    /// The admin.
    pub admin: ApiClient,
    /// The opening of the first company for which the first member's yes stands.
    pub opening: Opening,
    /// That yes.
    pub introduction: String,
    /// Whatever lets somebody in, used up or not: tokens of links, sessions and access, codes, keys.
    pub secrets: Vec<String>,
}

/// Plays it. The clock moves on by some days.
pub async fn play(app: &TestApp) -> Story {
    let people: Vec<Canary> = (0..8).map(Canary::new).collect();
    let mut told = Telling { app, people: &people, secrets: Vec::new() };
    let admin = told.admin().await;
    let mut members = Vec::new();
    for person in &people[..3] {
        members.push(told.member(&admin, person, members.len() == 1).await);
    }
    told.turned_away(&admin, &people[3]).await;
    let mut companies = Vec::new();
    for (name, owner) in [("Kern Evaluations", &people[4]), ("Other Reviews", &people[5])] {
        companies.push(told.company(&admin, name, owner).await);
    }
    told.banned(&admin, &members[0], &people[6]).await;
    let first = told.returned_and_mended(&admin, &companies[0]).await;
    let second = factory::bakersfield_opening().set("/title", "A second panel in Bakersfield");
    let second = live_opening(app, &companies[1], &second).await;
    let yes = told.yes_and_no(&admin, &members, &companies, &first, &second).await;
    told.stands_again(&mut members, &mut companies).await;
    told.ends(&admin, &members, &companies, &second).await;
    told.blunders(&members[0]).await;
    let admin = told.admin().await;
    let mut secrets = told.secrets;
    for client in members.iter().map(|m| &m.api).chain(companies.iter().map(|c| &c.api)).chain([&admin]) {
        secrets.extend(client.secrets());
    }
    for mail in app.mail.mails() {
        let links = mail.letter().links();
        let links = links.iter().filter(|link| link.contains("/sign-in/") || link.contains("/mail/"));
        secrets.extend(links.map(|link| token_of(link).to_owned()));
    }
    secrets.sort();
    secrets.dedup();
    Story { people, members, companies, admin, opening: first, introduction: yes, secrets }
}

/// A profile that fits the openings of the story.
fn profile(person: &Canary) -> Draft {
    let least = json!([{ "kind": "qme", "basis": "per_case", "cents": person.least_pay }]);
    factory::california_qme().set("/provider_note", person.note.as_str()).set("/min_pay", least)
}

/// Every switch on.
fn all_switches() -> Value {
    json!({ "alerts_email": true, "admin_outreach": true, "anonymous_counts": true })
}

/// The id of what was made.
fn text_of(made: &Value) -> String {
    text(&made["id"])
}

/// Half a year in which nobody signs in: who gets alerts is asked whether they are still wanted.
pub async fn silence(app: &TestApp, story: &Story) {
    let somebody = &story.people[0].email;
    let before = app.mail.mails_to(somebody).len();
    app.advance(Duration::days(181)).await;
    app.mail.wait_for_mail_to(somebody, before + 1).await;
    app.settle().await;
}

struct Telling<'a> {
    app: &'a TestApp,
    people: &'a [Canary],
    secrets: Vec<String>,
}

impl Telling<'_> {
    /// Signs in by a link of the operator's and remembers what that gave.
    async fn signed_in(&mut self, email: &str) -> ApiClient {
        let link = self.app.operator_link(email).await;
        self.secrets.push(token_of(&link).to_owned());
        let api = self.app.visitor().sign_in(&link).await;
        self.secrets.extend(api.secrets());
        api
    }

    async fn admin(&mut self) -> ApiClient {
        self.signed_in(crate::app::ADMIN).await
    }

    /// Joins, with an invitation or with an NPI; is approved; signs in by the mail; fills everything in.
    async fn member(&mut self, admin: &ApiClient, person: &Canary, invited: bool) -> Member {
        let mut body = json!({ "name": person.name, "email": person.email });
        if invited {
            let code = text(&admin.act("/admin/invitations").await.ok()["code"]);
            body["invite_code"] = json!(code);
            self.secrets.push(code);
        } else {
            body["npi"] = json!(person.npi);
        }
        self.app.visitor().post("/join", &body).await.ok();
        self.app.settle().await;
        let id = crate::journeys::waiting(admin, "member").await;
        admin.act(&format!("/admin/members/{id}/approve")).await.ok();
        self.app.settle().await;
        let api = self.app.sign_in(&person.email).await;
        self.secrets.extend(api.secrets());
        api.put("/me/profile", &profile(person).json()).await.ok();
        api.put("/me/contact", &person.contact()).await.ok();
        api.put("/me/permissions", &all_switches()).await.ok();
        self.app.settle().await;
        Member { email: person.email.clone(), api, id }
    }

    /// Joins and is rejected; the second try finds the address known. Meanwhile the address is asked whether it is theirs,
    /// since nobody has come by a mail to it.
    async fn turned_away(&mut self, admin: &ApiClient, person: &Canary) {
        let body = json!({ "name": person.name, "email": person.email, "npi": person.npi });
        for _ in 0..2 {
            self.app.visitor().post("/join", &body).await.ok();
            self.app.settle().await;
        }
        let api = self.signed_in(&person.email).await;
        api.put("/me/permissions", &all_switches()).await.ok();
        self.app.settle().await;
        let id = crate::journeys::waiting(admin, "member").await;
        let reason = json!({ "reason": "The number belongs to another state." });
        admin.post(&format!("/admin/members/{id}/reject"), &reason).await.ok();
        self.app.settle().await;
    }

    async fn company(&mut self, admin: &ApiClient, name: &str, owner: &Canary) -> Company {
        let draft = factory::company(name, &owner.email).set("/owner_name", owner.name.as_str());
        self.app.visitor().post("/companies", &draft.json()).await.ok();
        self.app.settle().await;
        let id = crate::journeys::waiting(admin, "company").await;
        admin.act(&format!("/admin/companies/{id}/approve")).await.ok();
        self.app.settle().await;
        let api = self.app.sign_in(&owner.email).await;
        self.secrets.extend(api.secrets());
        let slug = text(&api.get("/company").await.ok()["slug"]);
        Company { slug, email: owner.email.clone(), api }
    }

    /// A member's yes to this company is over with it.
    async fn banned(&mut self, admin: &ApiClient, member: &Member, owner: &Canary) {
        let company = self.company(admin, "Banned Bureau", owner).await;
        let opening = factory::bakersfield_opening().set("/title", "A panel of the bureau");
        let opening = live_opening(self.app, &company, &opening).await;
        let yes = introduce(self.app, member, &opening, &["name", "email"]).await;
        company.api.get(&format!("/company/introductions/{yes}")).await.with_status(200);
        let id = text(&company.api.get("/company").await.ok()["id"]);
        let reason = json!({ "reason": "Asked members for money." });
        admin.post(&format!("/admin/companies/{id}/ban"), &reason).await.ok();
        self.app.settle().await;
    }

    /// An opening that an admin gives back, one that an admin rejects, and the first again.
    async fn returned_and_mended(&mut self, admin: &ApiClient, company: &Company) -> Opening {
        let id = submitted_opening(company, &factory::bakersfield_opening()).await;
        let reason = json!({ "reason": "Say who types the reports." });
        admin.post(&format!("/admin/openings/{id}/return"), &reason).await.ok();
        self.app.settle().await;
        let words = json!({ "description": "Two days a month. A typist of ours writes the reports." });
        company.api.patch(&format!("/company/openings/{id}"), &words).await.ok();
        company.api.act(&format!("/company/openings/{id}/submit")).await.ok();
        let other = submitted_opening(company, &factory::bakersfield_opening().set("/title", "Not work at all")).await;
        admin.post(&format!("/admin/openings/{other}/reject"), &reason).await.ok();
        approve_opening(self.app, &id).await;
        let live = company.api.get(&format!("/company/openings/{id}")).await.ok();
        Opening { id, revision: live["revision"].as_i64().expect("a revision") }
    }

    /// The first says yes to everything, the second to one field and takes it back, the third declines; the company
    /// looks, the admin looks, and each is told.
    async fn yes_and_no(
        &mut self,
        admin: &ApiClient,
        members: &[Member],
        companies: &[Company],
        first: &Opening,
        second: &Opening,
    ) -> String {
        let yes = introduce(self.app, &members[0], first, &["name", "email", "phone", "npi", "cv"]).await;
        let phone = introduce(self.app, &members[1], first, &["phone"]).await;
        introduce(self.app, &members[1], second, &["name", "email"]).await;
        for id in [&yes, &phone] {
            companies[0].api.get(&format!("/company/introductions/{id}")).await.with_status(200);
            companies[1].api.get(&format!("/company/introductions/{id}")).await.problem(404);
        }
        let stage = json!({ "stage": "contacted" });
        companies[0].api.put(&format!("/company/introductions/{yes}/stage"), &stage).await.ok();
        members[1].api.act(&format!("/me/introductions/{phone}/revoke")).await.ok();
        let matches = members[2].api.get("/me/matches").await.items();
        members[2].api.act(&format!("/me/matches/{}/decline", text(&matches[0]["id"]))).await.with_status(204);
        self.reported(admin, members, companies, &phone).await;
        self.written(&members[0], &companies[0], &yes).await;
        let about = json!({ "opening_id": first.id, "text": "This panel still looks for a second physician." });
        admin.post("/admin/outreach", &about).await.with_status(202);
        admin.act("/admin/mail-test").await.ok();
        self.app.let_admin_see_contacts(true).await;
        let reason = json!({ "reason": "A company says the number does not answer." });
        admin.post(&format!("/admin/members/{}/contact", members[1].id), &reason).await.with_status(200);
        self.app.settle().await;
        yes
    }

    /// The first and the company write to each other; the member gives away what is theirs to give.
    async fn written(&self, member: &Member, company: &Company, yes: &str) {
        let person = &self.people[0];
        let text = format!("Ring me at {}, or write to {}. {}", person.phone, person.email, person.name);
        let (mine, theirs) =
            (format!("/me/introductions/{yes}/messages"), format!("/company/introductions/{yes}/messages"));
        member.api.post(&mine, &json!({ "text": text })).await.problem(422);
        member.api.post(&mine, &json!({ "text": text, "confirmed": true })).await.with_status(201);
        company.api.post(&theirs, &json!({ "text": "Would Tuesday at ten suit you?" })).await.with_status(201);
        self.app.settle().await;
        for (api, path) in [(&member.api, &mine), (&company.api, &theirs)] {
            assert_eq!(api.get(path).await.items().len(), 2);
        }
    }

    /// The second reports the company that had the phone number, and both write what they should rather not.
    async fn reported(&mut self, admin: &ApiClient, members: &[Member], companies: &[Company], yes: &str) {
        let (person, owner) = (&self.people[1], &self.people[4]);
        let text = format!("They call {} at night. {}, {}", person.phone, person.name, person.email);
        let report = json!({ "kind": "contact_misused", "text": text, "introduction_id": yes });
        let id = text_of(&members[1].api.post("/me/disputes", &report).await.ok());
        let answer = json!({ "text": format!("Nobody called. {} of {}", owner.name, owner.email) });
        companies[0].api.post(&format!("/company/disputes/{id}/answer"), &answer).await.ok();
        let words = json!({ "words": "Both sides have been reminded of the hours." });
        admin.post(&format!("/admin/disputes/{id}/dismiss"), &words).await.ok();
        self.app.settle().await;
    }

    /// The third takes another address.
    async fn moves(&mut self, member: &mut Member) {
        let (before, after) = (&self.people[2], &self.people[7]);
        let mut contact = before.contact();
        contact["email"] = json!(after.email);
        member.api.put("/me/contact", &contact).await.ok();
        self.app.settle().await;
        let link = self.app.mail.wait_for_mail_to(&after.email, 1).await.letter().link_with("/mail/new-address/");
        self.app.visitor().send(Method::POST, &link, None).await.with_status(200);
        self.app.settle().await;
        member.email = after.email.clone();
    }

    /// Days later: a digest, an export, a second factor.
    async fn stands_again(&mut self, members: &mut [Member], companies: &mut [Company]) {
        self.moves(&mut members[2]).await;
        let daily = json!({ "name": "Fresno by day", "cadence": "daily", "markets": ["fresno"] });
        members[1].api.post("/me/alerts", &daily).await.ok();
        let wide = factory::california_qme().set("/markets", json!(["fresno"]));
        let least = json!([{ "kind": "qme", "basis": "per_case", "cents": self.people[1].least_pay }]);
        let wide = wide.set("/provider_note", self.people[1].note.as_str()).set("/min_pay", least);
        members[1].api.put("/me/profile", &wide.json()).await.ok();
        let first = members[1].api.get("/me/alerts").await.items();
        let first = first.iter().find(|alert| alert["cadence"] == "instant").expect("the first alert");
        members[1].api.delete(&format!("/me/alerts/{}", text(&first["id"]))).await.with_status(204);
        let fresno =
            factory::bakersfield_opening().set("/title", "A panel in Fresno").set("/markets", json!(["fresno"]));
        live_opening(self.app, &companies[0], &fresno).await;
        self.app.advance(Duration::days(1)).await;
        for member in members.iter_mut() {
            member.api = self.signed_in(&member.email).await;
        }
        for company in companies.iter_mut() {
            company.api = self.signed_in(&company.email).await;
        }
        let colleague = json!({ "name": "Ida Colleague", "email": "ida@colleague.example", "role": "viewer" });
        companies[0].api.post("/company/seats", &colleague).await.with_status(201);
        self.app.settle().await;
        self.signed_in("ida@colleague.example").await;
        for path in ["/me/export", "/me/export?format=csv", "/me/ledger/export", "/me/ledger/export?format=csv"] {
            members[0].api.get(path).await.with_status(200);
        }
        let (phone, codes) = enrol(self.app, &members[1].api).await;
        self.secrets.push(phone.secret);
        self.secrets.extend(codes);
    }

    /// The ways things end: a suspension, a pause, a block, a change of pay, a closing.
    async fn ends(&mut self, admin: &ApiClient, members: &[Member], companies: &[Company], second: &Opening) {
        let admin = admin.refreshed().await;
        self.secrets.extend(admin.secrets());
        let reason = json!({ "reason": "Cannot be reached for months." });
        // A sign-in of a day ago is too old for this; a new one is not.
        admin.post(&format!("/admin/members/{}/suspend", members[2].id), &reason).await.problem(403);
        let fresh = self.admin().await;
        fresh.post(&format!("/admin/members/{}/suspend", members[2].id), &reason).await.ok();
        members[1].api.act("/me/pause").await.with_status(204);
        members[1].api.delete("/me/pause").await.with_status(204);
        members[1].api.post("/me/blocks", &json!({ "company": companies[1].slug })).await.with_status(204);
        let pay = json!({ "pay": { "min_cents": 160_000, "max_cents": 190_000 } });
        companies[1].api.patch(&format!("/company/openings/{}", second.id), &pay).await.ok();
        approve_opening(self.app, &second.id).await;
        companies[1].api.act(&format!("/company/openings/{}/close", second.id)).await.ok();
        self.app.settle().await;
    }

    /// What people do by mistake and others on purpose: values where none belong.
    async fn blunders(&mut self, member: &Member) {
        let (visitor, person) = (self.app.visitor(), &self.people[0]);
        let (email, name) = (&person.email, &person.name);
        for path in [
            format!("/openings?q={email}"),
            format!("/openings/{email}"),
            format!("/sign-in/{email}?next=/{}", person.npi),
            format!("/api/v1/openings?{}={email}", person.npi),
            format!("/api/v1/me/matches/{email}"),
            format!("/no/such/{}", person.npi),
            format!("/mail/stop/{email}"),
        ] {
            for client in [&visitor, &member.api] {
                let path = path.replace('@', "%40");
                assert!(client.send(Method::GET, &path, None).await.status < 500, "{path}");
            }
        }
        for (path, body) in [
            ("/join", json!({ "name": name, "email": email, "npi": "1234567890", email: name })),
            ("/sign-in", json!({ "email": email, "next": person.npi, name: email })),
            ("/sign-in/confirm", json!({ "token": email, "totp": person.npi })),
            ("/companies", json!({ "name": name, "owner_email": person.phone, "website": person.cv })),
        ] {
            assert!(visitor.post(path, &body).await.status < 500, "{path}");
        }
        for (path, body) in [
            ("/me/contact", json!({ "name": "\u{7}", "email": email, "phone": person.npi, "npi": person.phone })),
            ("/me/profile", json!({ "provider_note": person.note, "specialties": [{ "slug": name }], "years": email })),
            ("/me/permissions", json!({ "alerts_email": email })),
        ] {
            assert_eq!(member.api.put(path, &body).await.status, 422, "{path}");
        }
        visitor.with_header("referer", &format!("https://x.example/?{email}")).get("/openings").await.ok();
        visitor
            .with_header("user-agent", email)
            .with_header("cookie", &format!("x={email}"))
            .get("/openings")
            .await
            .ok();
        self.app.settle().await;
    }
}
