//! Erasure, checkpoints over time, and a database of before the tree.

use std::fs;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use domain::{LedgerId, MemberId};
use harness::client::Reply;
use harness::database::Database;
use store::Db;
use store::ledger::{Entry, LedgerKind, tree};

use super::*;

on_both! {
    /// Who leaves takes the entries along and leaves hashes that say nothing; the proofs of the others hold, those of
    /// the past included, and an entry that is missing for another cause would still show.
    async fn t38_erasing_a_member_keeps_the_proofs_of_others(database) {
        let scene = Scene::play(TestApp::start(database.clone()).await).await;
        scene.go_on().await;
        let (of_jane, of_bob) = (file_of(&scene.jane).await, file_of(&scene.bob).await);
        scene.jane.api.delete("/me").await.with_status(204);
        scene.app.settle().await;
        let count = |table: &str| {
            let sql = format!("SELECT count(*) FROM {table} WHERE member_id = '{}'", scene.jane.id);
            raw::number(&scene.app, &database, &sql)
        };
        assert_eq!((count("ledger"), count("permission_events")), (0, 0), "rows and salts are gone");
        assert_eq!(raw::number(&scene.app, &database, "SELECT count(*) FROM ledger_erasures"), 1);
        assert_eq!(scene.audit().await, Vec::<String>::new());
        let new = file_of(&scene.bob).await;
        sound(&against(&new, &of_bob));
        sound(&alone(&of_jane));
        assert_eq!(scene.bob.api.get("/me/ledger/verify").await.ok()["sound"], true);
        let checkpoint = serde_json::from_slice::<Value>(&new).expect("JSON")["checkpoint"].clone();
        // Eight entries, the void of the yes that was still live, and the erasure itself.
        assert_eq!(checkpoint["size"], 10);
    }
}

async fn checkpoint(app: &TestApp, query: &str) -> Reply {
    app.visitor().send("GET".parse().unwrap(), &format!("/.well-known/ledger-checkpoint{query}"), None).await
}

on_both! {
    /// A line for a tree that grew and none for one that did not, the last one at the end; each is consistent with all
    /// before, over a restart, and a line that nobody signed is told.
    async fn checkpoints_grow_with_the_ledger_and_survive_a_restart(database) {
        let mut scene = Scene::play(TestApp::start(database).await).await;
        let path = scene.app.data_dir().join("ledger/checkpoints.jsonl");
        let lines = |path: &Path| fs::read_to_string(path).expect("the file").lines().count();
        for _ in 0..2 {
            usecases::keep_checkpoint(scene.app.running().app()).await.expect("kept");
        }
        let first = checkpoint(&scene.app, "").await.ok();
        let before = lines(&path);
        usecases::keep_checkpoint(scene.app.running().app()).await.expect("kept");
        assert_eq!(lines(&path), before, "nothing was added");
        scene.go_on().await;
        let mut after = 0;
        scene.app.restart_after(|folder| after = lines(&folder.join("ledger/checkpoints.jsonl"))).await;
        assert!(after > before, "one was kept at the end");
        let second = checkpoint(&scene.app, "").await.ok();
        assert_eq!(second["size"], first["size"].as_u64().expect("a size") + 3);
        assert_eq!(lines(&path), after, "nothing was added since");
        let proven = checkpoint(&scene.app, &format!("?from={}", first["size"])).await.ok();
        assert_eq!((&proven["checkpoint"], &proven["consistency"]["root"]), (&second, &first["root"]));
        let hash = |text: &Value| domain::merkle::from_hex(text.as_str().expect("hex")).expect("a hash");
        let steps: Vec<_> = proven["consistency"]["path"].as_array().expect("a path").iter().map(hash).collect();
        let size = |of: &Value| of["size"].as_u64().expect("a size");
        let (old, new) = ((size(&first), &hash(&first["root"])), (size(&second), &hash(&second["root"])));
        assert!(domain::merkle::verify_consistency(old, new, &steps));
        checkpoint(&scene.app, "?from=999").await.problem(422);
        assert_eq!(scene.audit().await, Vec::<String>::new());

        let text = fs::read_to_string(&path).expect("the file");
        fs::write(&path, text.replacen("\"at\":\"2026-03-02T18", "\"at\":\"2026-03-02T17", 1)).expect("written");
        let faults = scene.audit().await;
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains("was not signed by this server"));
    }
}

/// What a migration's file says.
fn migration(database: &Database, name: &str, file: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let folder = if matches!(database, Database::Sqlite) { "sqlite" } else { "postgres" };
    fs::read_to_string(root.join(folder).join(name).join(file)).expect("a file")
}

fn batch(database: &Database, url: &str, sql: &str) {
    match database {
        Database::Sqlite => {
            let file = url.trim_start_matches("sqlite://");
            SqliteConnection::establish(file).expect("the file").batch_execute(sql).expect(sql);
        }
        Database::Postgres(url) => PgConnection::establish(url).expect("PostgreSQL").batch_execute(sql).expect(sql),
    }
}

on_both! {
    /// A database that has a ledger and no tree gets one when it is opened, and goes on from it.
    async fn entries_of_before_the_tree_are_put_into_it(database) {
        let folder = tempfile::tempdir().expect("a folder");
        let url = database.url().unwrap_or_else(|| format!("sqlite://{}", folder.path().join("old.db").display()));
        store::migrate(&url).expect("the newest schema");
        let (names, _) = store::migration_names().expect("names");
        for name in names.iter().rev().filter(|name| name.as_str() >= "2026-11-23-130000") {
            batch(&database, &url, &migration(&database, name, "down.sql"));
        }
        batch(&database, &url, "DELETE FROM __diesel_schema_migrations WHERE version >= '20261123130000'");
        let uuid = |n: usize| format!("00000000-0000-4000-8000-{n:012}");
        for n in 0..700 {
            let (id, member) = (uuid(1000 + n), uuid(n % 3));
            let columns = "id, kind, member_id, fields, detail, at";
            let values = format!("'{id}', 'view', '{member}', 'name|email', 'a \"word\"', '2026-03-02 18:00:00.123456'");
            batch(&database, &url, &format!("INSERT INTO ledger ({columns}) VALUES ({values})"));
        }
        let db = Db::open(&url, 2).expect("the database");
        let member = MemberId::parse(&uuid(1)).expect("an id");
        let entry = Entry {
            id: LedgerId::parse(&uuid(9)).expect("an id"),
            kind: LedgerKind::AdminLook,
            member: member.clone(),
            introduction: None,
            opening: None,
            company: None,
            seat: None,
            fields: Vec::new(),
            detail: None,
            at: "2026-11-24T12:00:00Z".parse().expect("a time"),
        };
        db.write::<_, store::StoreError>(|conn| store::ledger::append(conn, &entry)).expect("appended");
        db.read::<_, store::StoreError>(|conn| {
            let placed = store::ledger::placed_of_member(conn, &member)?;
            let head = tree::head(conn)?;
            assert_eq!((placed.len(), head.size), (234, 701));
            let leaves: Vec<u64> = placed.iter().map(|p| p.leaf).collect();
            for (p, path) in placed.iter().zip(tree::inclusion(conn, &leaves, head.size)?) {
                let leaf = p.leaf_hash()?;
                assert!(domain::merkle::verify_inclusion(&leaf, p.leaf, head.size, &path, &head.root), "{p:?}");
            }
            assert!(placed.iter().zip(1..).all(|(p, number)| p.number == number));
            let salts: std::collections::HashSet<_> = placed.iter().map(|p| p.salt).collect();
            assert_eq!(salts.len(), placed.len());
            Ok(())
        })
        .expect("proofs");
        let before = db.read(tree::head).expect("a root");
        drop(db);
        let again = Db::open(&url, 2).expect("the database").read(tree::head).expect("a root");
        assert_eq!(before, again);
    }
}
