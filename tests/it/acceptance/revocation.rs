//! T34: a yes that is taken back while a company looks and looks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use harness::{app::TestApp, client::ApiClient, database::Database, factory, journeys, on_both, smtp_peer::Mail};

const JANE: &str = "jane@clinic.example";
/// Clients that look at once.
const CLIENTS: usize = 50;

/// One look: when it began, and what came.
struct Look {
    began: Instant,
    status: u16,
    told: bool,
}

/// Looks until it is over, and once more.
async fn look_on(api: ApiClient, path: String, seen: Arc<AtomicUsize>, over: Arc<AtomicBool>) -> Vec<Look> {
    let mut looks = Vec::new();
    let mut last = false;
    loop {
        let began = Instant::now();
        let reply = api.get(&path).await;
        let told = reply.text().contains(JANE);
        if told {
            seen.fetch_add(1, Ordering::Relaxed);
        }
        looks.push(Look { began, status: reply.status, told });
        if last {
            return looks;
        }
        last = over.load(Ordering::Relaxed);
    }
}

on_both! {
    /// T34: fifty clients of a company look over and over, on two servers where the database is PostgreSQL. No look that
    /// began after the member's answer to "taken back" brings anything: 410, and the notice to delete goes out.
    async fn t34_no_look_that_begins_after_a_revocation_brings_anything(database) {
        let several = matches!(database, Database::Postgres(_));
        // Looking is writing: what is being tested here is not how often one account may write.
        let app = TestApp::start(database).await;
        let jane = journeys::alerted_member(&app, "Jane Rivera", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let yes = journeys::introduce(&app, &jane, &opening, &["name", "email"]).await;
        let node = if several { Some(app.another_node().await) } else { None };
        let bases = [app.base_url(), node.as_ref().map_or_else(|| app.base_url(), |node| node.base_url())];

        let (seen, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let path = format!("/company/introductions/{yes}");
        let clients: Vec<_> = (0..CLIENTS)
            .map(|n| {
                let api = company.api.at(&bases[n % 2]);
                tokio::spawn(look_on(api, path.clone(), Arc::clone(&seen), Arc::clone(&over)))
            })
            .collect();
        while seen.load(Ordering::Relaxed) < CLIENTS {
            app.forget_counts().await;
            tokio::task::yield_now().await;
        }
        // At the one server, and asked for at the other as well.
        jane.api.at(&bases[0]).act(&format!("/me/introductions/{yes}/revoke")).await.ok();
        let answered = Instant::now();
        over.store(true, Ordering::Relaxed);
        app.forget_counts().await;
        let mut looks = Vec::new();
        for client in clients {
            looks.extend(client.await.expect("looks"));
        }
        let after: Vec<&Look> = looks.iter().filter(|look| look.began > answered).collect();
        assert!(after.len() >= CLIENTS, "every client looked once more: {}", after.len());
        let told = after.iter().filter(|look| look.told).count();
        assert_eq!(told, 0, "{told} of {} looks that began after the revocation", after.len());
        let wrong: Vec<u16> = after.iter().map(|look| look.status).filter(|s| ![410, 429].contains(s)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        assert!(looks.iter().all(|look| look.told == (look.status == 200)), "a contact comes with 200 alone");
        for base in &bases {
            app.forget_counts().await;
            let gone = company.api.at(base).get(&path).await.problem(410);
            assert!(!gone.to_string().contains(JANE));
        }
        app.settle().await;
        let ended = |mail: &Mail| mail.letter().text.unwrap_or_default().contains("taken it back");
        assert_eq!(app.mail.mails_to(&company.email).iter().filter(|mail| ended(mail)).count(), 1, "the notice to delete");
        let shown = looks.iter().filter(|look| look.told).count();
        let entries = app.running().app().read(move |conn, _| {
            let id = domain::MemberId::parse(&jane.id).expect("an id");
            Ok(store::ledger::of_member(conn, &id, None, 100_000)?)
        });
        let views = entries.await.expect("the ledger").iter().filter(|(_, e)| e.kind.as_str() == "view").count();
        assert_eq!(views, shown, "each look that brought something is in the ledger, and no other");
        if let Some(node) = node {
            node.stop().await;
        }
    }
}
