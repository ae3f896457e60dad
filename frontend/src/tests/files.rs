//! The source files: weight, no foreign hosts, nothing inline, nothing unescaped.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::assets;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of this crate as text.
pub(super) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The names of the files in a folder of this crate.
pub(super) fn names(folder: &str) -> BTreeSet<String> {
    fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn all_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn style_sheet_and_script_are_light() {
    assert!(text("static/app.css").len() <= 32 * 1024);
    assert!(text("static/app.js").len() <= 4 * 1024);
}

#[test]
fn templates_hold_nothing_inline_unescaped_or_foreign() {
    let mut files = Vec::new();
    all_files(&root().join("templates"), &mut files);
    assert!(files.len() > 60);
    for file in files {
        let content = fs::read_to_string(&file).unwrap();
        let name = file.display();
        assert!(!content.contains("{{{") && !content.contains("{{&"), "{name}: unescaped");
        let is_mail_layout = file.ends_with("layouts/mail.hbs");
        assert_eq!(content.contains("<style"), is_mail_layout, "{name}: style sheet");
        for banned in [" style=", "<script>", " onclick=", " onload=", " onsubmit=", "src=\"http"] {
            assert!(!content.contains(banned), "{name}: holds {banned}");
        }
        let hosts = content.matches("://").count();
        let examples = content.matches("https://example.").count();
        assert_eq!(hosts, examples, "{name}: names a host");
    }
}

#[test]
fn style_sheet_script_and_pictures_load_nothing_from_elsewhere() {
    for name in ["app.css", "app.js", "icons.svg", "mark.svg", "map-ca.svg"] {
        let content = text(&format!("static/{name}")).replace("http://www.w3.org/2000/svg", "");
        assert!(!content.contains("://") && !content.contains("@import"), "{name}");
    }
}

#[test]
fn assets_are_found_under_the_hash_of_their_content() {
    for name in ["app.css", "app.js", "icons.svg", "mark.svg", "map-ca.svg"] {
        let url = assets().url(name).unwrap();
        let hashed = url.strip_prefix("/static/").unwrap();
        let asset = assets().get(hashed).unwrap();
        let hash = hashed.split('.').nth(1).unwrap();
        assert_eq!(hash.len(), 8);
        assert!(asset.etag.starts_with(&format!("\"{hash}")));
        assert_eq!(asset.bytes.as_ref(), text(&format!("static/{name}")).as_bytes());
    }
    assert!(assets().get("app.css").is_none());
    assert!(assets().url("nothing.css").is_none());
    assert_eq!(assets().names().count(), 5);
}
