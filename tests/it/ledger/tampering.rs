//! What the ledger does to those who change it.

use domain::merkle::Growing;
use harness::database::Database;

use super::*;

on_both! {
    /// No byte of the file can be changed, and no row taken out of the database, without its showing.
    async fn t36_export_verifies_and_every_tampering_is_detected(database) {
        let scene = Scene::play(TestApp::start(database.clone()).await).await;
        scene.go_on().await;
        let old = file_of(&scene.jane).await;
        sound(&alone(&old));
        let mut random = 2026_u64;
        let mut next = |below: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(random >> 33).expect("small") % below
        };
        for _ in 0..400 {
            let (at, mut changed) = (next(old.len()), old.clone());
            changed[at] ^= u8::try_from(1 + next(255)).expect("a byte");
            assert!(!alone(&changed).is_sound(), "byte {at} from {} to {}", old[at], changed[at]);
            let (from, upto) = (at, (at + 1 + next(60)).min(old.len()));
            let cut = [&old[..from], &old[upto..]].concat();
            assert!(!alone(&cut).is_sound(), "without the bytes {from} to {upto}");
        }

        // The newest entry: what is left has no gap, so an older file or the tree must tell.
        raw::disarm(&scene.app, &database);
        let newest = format!("SELECT max(position) FROM ledger WHERE member_id = '{}'", scene.jane.id);
        let newest = raw::number(&scene.app, &database, &newest);
        raw::run(&scene.app, &database, &format!("DELETE FROM ledger WHERE position = {newest}")).expect("taken out");
        let missing = format!("the entry of leaf {newest} of the ledger is missing");
        assert_eq!(scene.audit().await, [missing]);
        assert!(!against(&file_of(&scene.jane).await, &old).is_sound());
        // One in between: the member's own count has a gap.
        let second = format!("SELECT position FROM ledger WHERE member_id = '{}' AND number = 2", scene.jane.id);
        let second = raw::number(&scene.app, &database, &second);
        raw::run(&scene.app, &database, &format!("DELETE FROM ledger WHERE position = {second}")).expect("taken out");
        let faults = alone(&file_of(&scene.jane).await).faults;
        assert_eq!(faults[0], "entry 2 of the member is missing; the next one is 3");
        let checked = scene.jane.api.get("/me/ledger/verify").await.ok();
        assert_eq!((&checked["sound"], &checked["faults"][0]), (&json!(false), &json!("Entry 2 of the record is missing.")));
        sound(&alone(&file_of(&scene.bob).await));
    }
}

on_both! {
    /// Whoever rewrites an entry and every hash after it meets what was signed before: in the server's own file, and in
    /// the members' hands even when that file is gone and the server signs anew.
    async fn t36_a_rewritten_past_is_told_by_an_older_checkpoint(database) {
        let mut scene = Scene::play(TestApp::start(database.clone()).await).await;
        let old = file_of(&scene.jane).await;
        let checkpoint = scene.app.visitor().send("GET".parse().unwrap(), "/.well-known/ledger-checkpoint", None).await;
        sound(&against(&old, &checkpoint.body));
        raw::disarm(&scene.app, &database);
        // Bob's yes shall have been to more than he said.
        let row = format!("UPDATE ledger SET fields = 'name|phone' WHERE member_id = '{}'", scene.bob.id);
        raw::run(&scene.app, &database, &row).expect("rewritten");
        let faults = scene.audit().await;
        assert!(faults.iter().any(|f| f.ends_with("of the ledger was changed")), "{faults:?}");
        assert!(!alone(&file_of(&scene.bob).await).is_sound());
        rehash(&scene, &database).await;
        let faults = scene.audit().await;
        assert!(!faults.is_empty() && faults.iter().all(|f| f.contains("does not begin with")), "{faults:?}");
        assert_eq!(scene.jane.api.get("/me/ledger/verify").await.ok()["sound"], false);
        assert!(!alone(&file_of(&scene.jane).await).is_sound(), "it is never signed");
        let mut page = scene.app.browser();
        page.sign_in(&scene.app.operator_link(harness::app::ADMIN).await).await;
        assert!(page.get("/admin").await.text().contains("The ledger is not what was signed"));

        scene.app.restart_after(|folder| std::fs::remove_dir_all(folder.join("ledger")).expect("removed")).await;
        let new = file_of(&scene.jane).await;
        sound(&alone(&new));
        let faults = against(&new, &old).faults;
        assert!(!faults.is_empty(), "the older file tells");
        assert!(!against(&new, &checkpoint.body).is_sound(), "and so does the published checkpoint");
        scene.go_on().await;
        let size = serde_json::from_slice::<Value>(&old).expect("JSON")["checkpoint"]["size"].clone();
        let since = format!("/me/ledger/export?since={size}");
        let faults = against(&scene.jane.api.get(&since).await.body, &old).faults;
        assert!(faults.iter().any(|f| f.contains("are not those that were signed")), "{faults:?}");
    }
}

/// Every leaf and node again, from the rows as they are.
async fn rehash(scene: &Scene, database: &Database) {
    let rows = scene.app.running().app().read(|conn, _| Ok(store::ledger::leaves(conn, 0, 1000)?)).await.expect("rows");
    let mut growing = Growing::default();
    for row in rows {
        let leaf = row.entry.expect("an entry").leaf_hash().expect("a hash");
        for (id, hash) in growing.push(leaf) {
            let hash = raw::bytes(database, &hash);
            let (level, position) = (id.level, id.position);
            let sql = format!("UPDATE ledger_nodes SET hash = {hash} WHERE level = {level} AND position = {position}");
            raw::run(&scene.app, database, &sql).expect("rewritten");
        }
    }
}

on_both! {
    /// The database refuses whoever has the product's own rights: nothing is changed, taken out or written over.
    async fn t37_update_and_delete_of_ledger_and_events_are_refused(database) {
        let scene = Scene::play(TestApp::start(database.clone()).await).await;
        scene.bob.api.delete("/me").await.with_status(204);
        scene.app.settle().await;
        let all = "SELECT (SELECT count(*) FROM ledger) + 100 * (SELECT count(*) FROM ledger_nodes) \
                   + 10000 * (SELECT count(*) FROM ledger_erasures) + 1000000 * (SELECT count(*) FROM permission_events)";
        let before = raw::number(&scene.app, &database, all);
        let mut statements = Vec::new();
        for (table, column) in
            [("ledger", "fields"), ("ledger_nodes", "hash"), ("ledger_erasures", "leaves"), ("permission_events", "change")]
        {
            statements.push(format!("UPDATE {table} SET {column} = {column}"));
            statements.push(format!("DELETE FROM {table}"));
            match &database {
                Database::Sqlite => {
                    statements.push(format!("UPDATE OR REPLACE {table} SET {column} = {column}"));
                    statements.push(format!("REPLACE INTO {table} SELECT * FROM {table}"));
                }
                Database::Postgres(_) => statements.push(format!("TRUNCATE {table}")),
            }
        }
        match &database {
            Database::Sqlite => {
                // By another unique key than the row's own.
                let columns = "kind, member_id, fields, at, position, number, salt";
                let copy = "SELECT 'view', member_id, '', at, position, 9999, salt FROM ledger LIMIT 1";
                statements.push(format!("REPLACE INTO ledger (id, {columns}) SELECT 'x', t.* FROM ({copy}) t"));
            }
            Database::Postgres(_) => {
                statements.push("TRUNCATE accounts CASCADE".to_owned());
                statements.push(
                    "INSERT INTO ledger_nodes SELECT * FROM ledger_nodes \
                     ON CONFLICT (level, position) DO UPDATE SET hash = excluded.hash"
                        .to_owned(),
                );
            }
        }
        for sql in statements {
            let refused = raw::run(&scene.app, &database, &sql).expect_err(&sql);
            assert!(refused.contains("append-only"), "{sql}: {refused}");
        }
        assert_eq!(raw::number(&scene.app, &database, all), before);
        assert_eq!(scene.audit().await, Vec::<String>::new());
    }
}
