//! T16: everything that a server says of itself.

use std::path::Path;
use std::process::Command;

use harness::{
    canary::{Canary, Finder},
    on_both,
};

/// What must not be said, whoever it is about: headers that let somebody in.
const HEADERS: [&str; 4] = ["rosterline_session", "Bearer ey", "authorization:", "set-cookie"];

fn searched(place: &str, bytes: &[u8], contacts: &Finder, secrets: &Finder) {
    assert_eq!(contacts.find(bytes), Vec::<String>::new(), "a contact in {place}");
    assert_eq!(secrets.find(bytes), Vec::<String>::new(), "a secret in {place}");
}

fn all_files(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.expect("an entry");
        if entry.file_type().is_file() {
            visit(entry.path());
        }
    }
}

on_both! {
    /// T16: a process of its own plays the long story at the finest log level, is made to answer 500 and to panic over a
    /// name. Neither its output nor its files, metrics, error pages or temporary files hold a contact, a note, a fee, a
    /// token, a cookie or a code.
    async fn t16_a_traced_server_in_trouble_says_nothing_of_anybody(database) {
        let folder = tempfile::tempdir().expect("a folder");
        let place = |name: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir(&path).expect("a folder");
            path
        };
        let (data, notes, temporary) = (place("data"), place("notes"), place("tmp"));
        let mut server = Command::new(env!("CARGO_BIN_EXE_traced-story"));
        server.arg(database.url().unwrap_or_else(|| "sqlite".to_owned())).arg(&data).arg(&notes);
        server.env("TMPDIR", &temporary).current_dir(&temporary);
        let output = tokio::task::spawn_blocking(move || server.output()).await.expect("a thread").expect("a process");
        let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let tail: String = errors.lines().rev().take(5).collect::<Vec<_>>().join("\n");
        assert!(output.status.success(), "{}: {tail}", output.status);
        assert!(errors.contains("\"level\":\"TRACE\"") && errors.lines().count() > 2000, "it is traced: {tail}");
        assert!(errors.contains("internal error") && errors.contains("panic"), "it was in trouble");

        let people = (0..8).map(Canary::new);
        let contacts = Finder::new(people.clone().flat_map(|p| p.values().into_iter().chain(p.criteria()).chain([p.name])));
        // Criteria are no contact: they may stand in the database, and nowhere else.
        let values = Finder::new(people.flat_map(|p| p.values()));
        let secrets = std::fs::read_to_string(notes.join("secrets")).expect("the secrets");
        assert!(secrets.lines().count() > 40, "{} secrets", secrets.lines().count());
        let secrets = Finder::new(secrets.lines().map(str::to_owned));
        searched("standard output", said.as_bytes(), &contacts, &secrets);
        searched("standard error", errors.as_bytes(), &contacts, &secrets);
        for header in HEADERS {
            assert!(!errors.to_lowercase().contains(&header.to_lowercase()), "standard error holds {header}");
        }
        for name in ["metrics", "answers"] {
            let text = std::fs::read(notes.join(name)).expect("a note");
            assert!(text.len() > 500, "{name}: {} bytes", text.len());
            searched(name, &text, &contacts, &secrets);
        }
        let mut files = 0;
        all_files(&data, &mut |path| {
            if !path.ends_with("master.key") {
                files += 1;
                let bytes = std::fs::read(path).expect("a file");
                searched(&path.display().to_string(), &bytes, &values, &secrets);
            }
        });
        assert!(files > 10, "only {files} files");
        all_files(&temporary, &mut |path| {
            searched(&path.display().to_string(), &std::fs::read(path).expect("a file"), &contacts, &secrets);
        });
    }
}
