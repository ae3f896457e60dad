//! How much a company may look at, and what happens to one that goes on asking.

use std::collections::BTreeSet;

use domain::reach::{CELLS_PER_COMPANY, Cell, Lattice, REFUSALS_BEFORE_LOCK};
use harness::{
    app::{ADMIN, TestApp},
    factory::Draft,
    journeys::{self, Company, text},
    on_both,
};

use super::community::{Physician, add, known_key, next_snapshot};
use super::{OWNER, band, cell, drafted, opening, reach, signed_in};

/// Drafts of 52 different cells of the fine lattice.
fn many_cells() -> Vec<Draft> {
    let specialties = ["spine-surgery", "psychiatry", "urology", "neurology", "dermatology", "pathology", "cardiology"];
    let places = ["fresno", "los-angeles", "santa-rosa", "chicago-il", "miami-fl", "las-vegas-nv", "utica-ny"];
    let all = specialties.iter().flat_map(|s| places.iter().map(move |p| opening("ime", s, p)));
    let more = ["fresno", "los-angeles", "santa-rosa"].map(|p| opening("qme", "urology", p));
    let all: Vec<Draft> = all.chain(more).collect();
    let cells: BTreeSet<Cell> = all.iter().map(|d| cell(d, Lattice::Fine)).collect();
    assert_eq!((cells.len(), all.len()), (52, 52));
    all
}

async fn all_drafted(company: &Company) -> Vec<String> {
    let mut ids = Vec::new();
    for draft in many_cells() {
        ids.push(drafted(&company.api, &draft).await);
    }
    ids
}

on_both! {
    /// So many cells a month and no more; who goes on asking is locked out until an admin has looked.
    async fn a_company_looks_within_its_budget(database) {
        let app = TestApp::builder(database).config(known_key).start().await;
        add(app.running().app(), Physician::new("urology", "fresno").times(1400)).await;
        let company = journeys::company(&app, "Kern Evaluations", OWNER).await;
        let ids = all_drafted(&company).await;
        assert_eq!(next_snapshot(&app).await, Lattice::Fine);
        let owner = signed_in(&app, OWNER).await;
        let budget = usize::try_from(CELLS_PER_COMPANY).expect("small");
        let lock = budget + usize::try_from(REFUSALS_BEFORE_LOCK).expect("small");
        for id in &ids[..budget] {
            band(&owner, id).await;
        }
        let over = reach(&owner, &ids[budget]).await;
        assert_eq!(over.header("retry-after"), "Fri, 01 May 2026 18:00:00 GMT");
        let over = over.problem(429);
        assert_eq!(over["code"], "reach_budget_spent");
        assert!(text(&over["detail"]).ends_with("from 2026-05-01T18:00:00Z."), "{over}");
        // What was seen stays seen, the same question is one question, and the list of openings is no question.
        for _ in 0..15 {
            reach(&owner, &ids[budget]).await.problem(429);
        }
        let mut office = app.browser();
        office.sign_in(&app.operator_link(OWNER).await).await;
        let home = office.get("/company").await.text();
        assert_eq!(home.matches("Not shown yet").count(), 12 + 1, "{home}");
        assert!(home.contains("as many areas as one month allows. More can be looked at from 1 May 2026."), "{home}");
        band(&owner, &ids[0]).await;
        for id in &ids[budget + 1..lock] {
            reach(&owner, id).await.problem(429);
        }
        for id in [&ids[0], &ids[lock]] {
            assert_eq!(reach(&owner, id).await.problem(429)["code"], "reach_locked");
        }
        let page = office.get(&format!("/company/openings/{}", ids[0])).await.text();
        assert!(page.contains("Not shown yet Your company asked for many more areas"), "{page}");
        unlocked_by_an_admin(&app, &ids).await;
        next_snapshot(&app).await;
        let owner = signed_in(&app, OWNER).await;
        for id in ids.iter().rev().take(budget) {
            band(&owner, id).await;
        }
        reach(&owner, &ids[0]).await.problem(429);
    }
}

async fn unlocked_by_an_admin(app: &TestApp, ids: &[String]) {
    let admin = app.admin().await;
    let companies = admin.get("/admin/companies").await.items();
    let id = text(&companies[0]["id"]);
    let mut office = app.browser();
    office.sign_in(&app.operator_link(OWNER).await).await;
    let mut desk = app.browser();
    desk.sign_in(&app.operator_link(ADMIN).await).await;
    let (path, unlock) = (format!("/admin/companies/{id}"), format!("/admin/companies/{id}/unlock-reach"));
    let page = desk.get(&path).await;
    assert!(page.text().contains("Reach bands locked Since 1 April 2026"), "{}", page.text());
    let form = page.form(&unlock);
    office.send(&form).await.reply.with_status(403);
    let done = desk.send_and_follow(&form).await;
    assert!(done.text().contains("Unlocked.") && !done.text().contains("Reach bands locked"), "{}", done.text());
    desk.send(&form).await.reply.with_status(409);
    let acts: Vec<String> = admin.get("/admin/audit").await.items().iter().map(|a| text(&a["action"])).collect();
    for act in ["company.reach_lock", "company.reach_unlock"] {
        assert_eq!(acts.iter().filter(|a| *a == act).count(), 1, "{acts:?}");
    }
    let owner = signed_in(app, OWNER).await;
    band(&owner, &ids[0]).await;
    let again = &ids[usize::try_from(CELLS_PER_COMPANY).expect("small")];
    assert_eq!(reach(&owner, again).await.problem(429)["code"], "reach_budget_spent");
}

on_both! {
    /// Asking for everything at the same moment finds no more room than asking in turn.
    async fn the_budget_holds_against_a_crowd_of_requests(database) {
        let app = TestApp::builder(database).config(known_key).start().await;
        add(app.running().app(), Physician::new("urology", "fresno").times(1400)).await;
        let company = journeys::company(&app, "Kern Evaluations", OWNER).await;
        let ids = all_drafted(&company).await;
        next_snapshot(&app).await;
        let owner = signed_in(&app, OWNER).await;
        let mut asking = tokio::task::JoinSet::new();
        for id in ids {
            let owner = owner.clone();
            asking.spawn(async move { reach(&owner, &id).await.status });
        }
        let answers = asking.join_all().await;
        let granted = answers.iter().filter(|status| **status == 200).count();
        assert_eq!(granted, usize::try_from(CELLS_PER_COMPANY).expect("small"), "{answers:?}");
        assert!(answers.iter().all(|status| [200, 429].contains(status)), "{answers:?}");
    }
}
