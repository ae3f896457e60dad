//! `leakcheck` finds a value that was planted, says where and whose, and passes an instance that is clean.

use std::path::Path;

use harness::{app::TestApp, encoding::percent_encode, factory, journeys, on_both};
use rosterline::cli::leakcheck::find;

const JANE: &str = "jane.leak@clinic.example";

fn lines(app: &TestApp, canaries: Option<&Path>) -> Vec<String> {
    let config = &app.running().app().config;
    tokio::task::block_in_place(|| find(config, canaries, &[]).expect("a search")).0.lines().collect()
}

on_both! {
    /// Nothing is found at first. Then a company writes a value into an opening, and a log holds an address.
    async fn what_is_planted_is_found_and_a_clean_instance_passes(database) {
        let app = TestApp::start(database).await;
        let jane = journeys::alerted_member(&app, "Jane Leakname", JANE, &factory::california_qme()).await;
        let company = journeys::company(&app, "Kern Evaluations", "olive@kern.example").await;
        let opening = journeys::live_opening(&app, &company, &factory::bakersfield_opening()).await;
        let id = journeys::introduce(&app, &jane, &opening, &["name", "email"]).await;
        company.api.get(&format!("/company/introductions/{id}")).await.ok();
        app.settle().await;
        assert_eq!(lines(&app, None), Vec::<String>::new());

        let folder = tempfile::tempdir().expect("a folder");
        let canaries = folder.path().join("canaries.txt");
        std::fs::write(&canaries, "nobody.at.all@else.example\n\nPlanted77canary\n").expect("a file");
        assert_eq!(lines(&app, Some(&canaries)), Vec::<String>::new());

        let draft = factory::bakersfield_opening().set("/description", "Ask for planted77CANARY at the desk.");
        journeys::live_opening(&app, &company, &draft).await;
        let found = lines(&app, Some(&canaries));
        for place in ["table openings, column terms", "the index of openings"] {
            assert!(found.iter().any(|line| line.starts_with(place)), "{place}: {found:#?}");
        }
        assert!(found.iter().all(|line| line.contains("line 3 of the canaries")), "{found:#?}");
        assert!(!found.concat().to_lowercase().contains("planted77"), "a finding never shows the value");
        assert_eq!(lines(&app, None), Vec::<String>::new(), "it is nobody's contact");

        let log = app.data_dir().join("server.log");
        std::fs::write(&log, format!("{}GET /x?to={} 200\n", "-".repeat(5000), percent_encode(JANE))).expect("a file");
        let found = lines(&app, None);
        assert!(matches!(found.as_slice(), [line] if line.contains("server.log, at byte 5010: a value of account ")));
        assert!(found[0].ends_with("URL-encoded"), "{found:#?}");
        std::fs::remove_file(&log).expect("the log");
    }
}
