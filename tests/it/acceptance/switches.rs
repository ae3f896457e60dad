//! T25: every combination of a member's switches, and only what they say.

use std::collections::BTreeSet;

use chrono::Duration;
use domain::MemberId;
use harness::{
    app::TestApp,
    client::ApiClient,
    factory,
    journeys::{self, Company, Member},
    on_both,
};
use serde_json::json;

/// What a member allows, and whether everything is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Switches {
    alerts: bool,
    outreach: bool,
    counts: bool,
    paused: bool,
}

impl Switches {
    /// The `n`-th of the sixteen.
    fn new(n: usize) -> Switches {
        Switches { alerts: n & 1 > 0, outreach: n & 2 > 0, counts: n & 4 > 0, paused: n & 8 > 0 }
    }

    async fn set(self, api: &ApiClient) {
        let all = json!({
            "alerts_email": self.alerts, "admin_outreach": self.outreach, "anonymous_counts": self.counts,
        });
        api.put("/me/permissions", &all).await.ok();
        if self.paused { api.act("/me/pause").await } else { api.delete("/me/pause").await }.with_status(204);
    }
}

/// Who is in the member index, who may be counted, and what each is by number.
async fn inside(app: &TestApp, member: &str) -> (bool, bool) {
    let id = MemberId::parse(member).expect("an id");
    let read = app.running().app().read(move |conn, app| {
        let member = store::members::find(conn, &id)?;
        let number = u32::try_from(member.number).expect("small");
        let mut counted = false;
        let mut after = 0;
        while let Some((last, page)) = store::reach::countable(conn, after, app.now() - domain::reach::MEMBER_FOR, 5)? {
            counted |= page.iter().any(|who| who.member == id);
            after = last;
        }
        Ok((app.index.profiles().ids().contains(&number), counted))
    });
    read.await.expect("an answer")
}

/// One opening comes; everything follows the switches as they are now and nothing else does.
async fn holds(app: &TestApp, company: &Company, members: &[(Member, Switches)], round: &str) {
    let before: Vec<usize> = members.iter().map(|(member, _)| app.mail.mails_to(&member.email).len()).collect();
    let title = format!("Panel of the {round} round");
    journeys::live_opening(app, company, &factory::bakersfield_opening().set("/title", title.as_str())).await;
    app.let_admin_see_contacts(true).await;
    let mut told = BTreeSet::new();
    for ((member, switches), before) in members.iter().zip(before) {
        let mails = app.mail.mails_to(&member.email);
        let alerts = mails[before..].iter().filter(|mail| mail.letter().unsubscribe_link().is_some()).count();
        let Switches { alerts: asked, outreach, counts, paused } = *switches;
        assert_eq!(alerts, usize::from(asked && !paused), "mail, {round}: {switches:?}");
        told.extend((alerts > 0).then_some(&member.email));
        let (indexed, counted) = inside(app, &member.id).await;
        assert_eq!(indexed, (asked || outreach) && !paused, "index, {round}: {switches:?}");
        assert_eq!(counted, counts && !paused, "count, {round}: {switches:?}");
        let reason = json!({ "reason": "Asked us to call about the panel." });
        let look = app.admin().await.post(&format!("/admin/members/{}/contact", member.id), &reason).await;
        assert_eq!(look.status, if outreach { 200 } else { 403 }, "look, {round}: {switches:?}");
    }
    assert_eq!(told.len(), 4, "four of sixteen asked and are not paused");
    app.settle().await;
}

on_both! {
    /// T25: sixteen members, one of each combination: mail, index, the input of the bands and the admin's look follow
    /// the switches exactly; then everybody turns everything round, and they follow again.
    async fn t25_everything_follows_the_switches_exactly(database) {
        let app = TestApp::start(database).await;
        let mut members = Vec::new();
        for n in 0..16 {
            let email = format!("member{n}@clinic.example");
            let member = journeys::join(&app, "Jane Rivera", &email).await;
            journeys::fill_in(&member, "Jane Rivera", &factory::california_qme()).await;
            members.push((member, Switches::new(n)));
        }
        // Nobody is counted in their first month.
        app.advance(Duration::days(31)).await;
        journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        for (round, turned) in [("first", false), ("second", true)] {
            for (n, (member, switches)) in members.iter_mut().enumerate() {
                member.api = app.visitor().sign_in(&app.operator_link(&member.email).await).await;
                *switches = Switches::new(if turned { 15 - n } else { n });
                switches.set(&member.api).await;
            }
            let api = app.visitor().sign_in(&app.operator_link("olive@kern.example").await).await;
            let company = Company { slug: String::new(), email: "olive@kern.example".to_owned(), api };
            app.settle().await;
            holds(&app, &company, &members, round).await;
        }
    }
}
