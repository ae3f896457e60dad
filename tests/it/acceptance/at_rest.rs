//! T17 and T19: what lies in the files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use harness::{app::TestApp, beside, canary::Finder, client::ApiClient, database::Database, long_story, on_both, pg};
use reqwest::Method;
use serde_json::{Value, json};

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry"));
    all.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// Everything of an instance that could be stolen, but for its key: files of the data folder, and the dump of a
/// database elsewhere.
fn stolen(app: &TestApp, database: &Database) -> Vec<(String, Vec<u8>)> {
    let key = app.running().app().config.key_file();
    let files = files(app.data_dir()).into_iter().filter(|path| *path != key);
    let mut all: Vec<_> =
        files.map(|path| (path.display().to_string(), std::fs::read(&path).expect("a file"))).collect();
    if let Database::Postgres(url) = database {
        all.push(("the dump".to_owned(), pg::dump(url).into_bytes()));
    }
    all
}

/// Words of a file that could be a token.
fn words(bytes: &[u8]) -> BTreeSet<String> {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let all = bytes.split(|byte| !word(byte)).filter(|word| (20..=400).contains(&word.len()));
    let all = all.map(|word| String::from_utf8_lossy(word).into_owned());
    // Names of columns, markets and the like are no secrets.
    all.filter(|word| word.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase())).collect()
}

/// Tries a word wherever a secret is taken.
async fn opens(visitor: &ApiClient, word: &str) -> Option<&'static str> {
    let token = json!({ "token": word });
    if visitor.post("/sign-in/confirm", &token).await.status < 300 {
        return Some("as a link");
    }
    if visitor.post("/sign-in/refresh", &json!({ "refresh_token": word })).await.status < 300 {
        return Some("as a session");
    }
    if visitor.with_token(word).get("/session").await.status < 300 {
        return Some("as an access token");
    }
    let cookie = format!("rosterline_session={word}");
    if visitor.with_header("cookie", &cookie).get("/session").await.status < 300 {
        return Some("as a cookie");
    }
    let stop = visitor.send(Method::GET, &format!("/mail/stop/{word}"), None).await;
    (stop.status < 300).then_some("as a link that stops mail")
}

on_both! {
    /// T17: whoever takes the files, the write-ahead log among them, or a dump of the database, finds no contact and
    /// nothing that lets anybody in: no secret that was ever given out, and no word of it works as one.
    async fn t17_stolen_files_hold_no_contact_and_no_usable_token(database) {
        let app = TestApp::start(database.clone()).await;
        let story = long_story::play(&app).await;
        // Some that are good at this moment.
        let mut secrets = story.secrets.clone();
        for person in &story.people[..2] {
            secrets.push(harness::client::token_of(&app.operator_link(&person.email).await).to_owned());
        }
        let contacts = Finder::new(story.people.iter().flat_map(|person| person.values()));
        let given_out = Finder::new(secrets);
        let mut tried = BTreeSet::new();
        let mut searched = 0;
        for (place, bytes) in stolen(&app, &database) {
            assert_eq!(contacts.find(&bytes), Vec::<String>::new(), "{place}");
            assert_eq!(given_out.find(&bytes), Vec::<String>::new(), "{place}");
            searched += bytes.len();
            if !place.contains("search_index") {
                tried.extend(words(&bytes));
            }
        }
        assert!(searched > 200_000, "only {searched} bytes");
        // Hashes as they would be written in a link.
        for value in beside::values(&app).await.into_iter().filter(|value| value.len() == 32) {
            tried.insert(value.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        assert!(tried.len() > 200, "only {} words", tried.len());
        let visitor = app.visitor();
        for word in &tried {
            assert_eq!(opens(&visitor, word).await, None, "{word}");
        }
        // What was tried would have been found: a good one opens the door.
        let good = story.members[0].api.secrets();
        assert_eq!(opens(&visitor, &good[0]).await, Some("as an access token"));
    }
}

/// What the indexes may hold, by index.
const ALLOWED: [(&str, &[&str]); 3] = [
    ("profiles", &["pid", "key", "pack", "soft", "licences", "certifications", "languages", "blocked", "more"]),
    ("alerts", &["pid", "key", "pack", "words"]),
    (
        "openings",
        &[
            "id",
            "scored",
            "words",
            "company",
            "kind",
            "specialty",
            "market",
            "remote",
            "takes_candidates",
            "pay_cents",
            "published_at",
            "closes_on",
            "live_until",
            "key",
            "rest",
        ],
    ),
];

on_both! {
    /// T19: the indexes have the fields of a fixed list and store nothing; of members they hold numbers alone, which
    /// stand in no address; no value, no id of a member or an account, neither in the terms nor in the files.
    async fn t19_the_indexes_hold_numbers_and_what_is_public(database) {
        let app = TestApp::start(database).await;
        let story = long_story::play(&app).await;
        let mut named = BTreeSet::new();
        for meta in files(app.data_dir()).iter().filter(|path| path.ends_with("meta.json")) {
            let place = meta.display().to_string();
            let (index, allowed) = ALLOWED
                .iter()
                .find(|(name, _)| place.contains(&format!("/{name}")))
                .unwrap_or_else(|| panic!("{place} belongs to no index of the list"));
            named.insert(*index);
            let meta: Value = serde_json::from_slice(&std::fs::read(meta).expect("a file")).expect("JSON");
            for field in meta["schema"].as_array().expect("a schema") {
                let name = field["name"].as_str().expect("a name");
                assert!(allowed.contains(&name), "{index} has a field {name}");
                assert_eq!(field["options"]["stored"], false, "{index} stores {name}");
                let of_members = *index != "openings";
                assert!(!of_members || name == "words" || field["type"] == "u64", "{index}: {name} is {}", field["type"]);
            }
        }
        assert_eq!(named.len(), ALLOWED.len(), "{named:?}");

        let mut wanted: Vec<String> = story.people.iter().flat_map(|p| p.values().into_iter().chain(p.criteria())).collect();
        for member in &story.members {
            wanted.push(member.id.clone());
            let id = domain::MemberId::parse(&member.id).expect("an id");
            let account = app.running().app().read(move |conn, _| Ok(store::members::find(conn, &id)?.account)).await;
            wanted.push(account.expect("a member").to_string());
        }
        let wanted = Finder::new(wanted);
        let index = &app.running().app().index;
        let mut terms = String::new();
        let mut take = |term: &str| {
            terms.push_str(term);
            terms.push('\n');
        };
        index.profiles().each_term(&mut take).expect("terms");
        index.openings().each_term(&mut take).expect("terms");
        index.alerts().each_term(&mut take).expect("terms");
        assert!(terms.contains("bakersfield"), "the terms are read");
        assert_eq!(wanted.find(terms.as_bytes()), Vec::<String>::new(), "terms");
        for file in files(&app.data_dir().join("search_index")) {
            let bytes = std::fs::read(&file).expect("a file");
            assert_eq!(wanted.find(&bytes), Vec::<String>::new(), "{}", file.display());
        }
    }
}
