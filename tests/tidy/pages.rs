//! Rules for what people's browsers and mail programs are sent.

use std::fs;

use crate::repository::{Source, folders, none, root, sources};

/// Not fetched by anything: the names of the SVG and XHTML dialects, and the hosts that RFC 2606
/// keeps for examples such as those in a hint.
const NO_HOSTS: [&str; 4] = ["http://www.w3.org/", "https://example.org", "https://example.com", "https://example.net"];

#[test]
fn pages_have_no_inline_script_or_style() {
    let faults = templates().into_iter().filter(|file| !is_mail(file));
    let faults = faults.flat_map(|file| file.faults(is_inline));
    none("the content security policy would block this", faults.collect());
}

#[test]
fn nothing_is_fetched_from_or_linked_to_another_host() {
    let files = sources(&[".hbs", ".css", ".js", ".svg"]);
    let ours = files.into_iter().filter(|file| file.is_under("frontend/"));
    let faults = ours.flat_map(|file| file.faults(names_a_host));
    none("pages and mails name no other host", faults.collect());
}

#[test]
fn templates_escape_what_they_print() {
    let mut faults = Vec::new();
    for mut file in templates() {
        if is_mail(&file)
            && let Some(end) = file.text.find("</head>")
        {
            // The style of a mail stands in its head and is ours; lines keep their numbers.
            file.text = "\n".repeat(file.text[..end].matches('\n').count()) + &file.text[end..];
        }
        faults.extend(file.faults(|line| line.contains("{{{") || line.contains("{{&")));
    }
    none("raw output may not stand in a template", faults);
}

/// What a company wrote is the only text that becomes markup: on pages, in the body of an element, by one helper that
/// cleans it, from one reader. Mails hold no markup of anybody's.
#[test]
fn markup_comes_from_one_helper() {
    let mut faults = Vec::new();
    for file in templates() {
        let page = file.is_under("frontend/templates/pages/");
        faults.extend(file.faults(|line| line.contains("{{markup") && !(page && is_marked_text(line))));
    }
    let owners = [
        ("ammonia::", "frontend/src/helpers/markup.rs"),
        ("pulldown_cmark::", "backend/domain/src/markup.rs"),
        ("markup::html(", "frontend/src/helpers/markup.rs"),
    ];
    for file in sources(&[".rs"]).iter().filter(|file| !file.is_under("tests/")) {
        for (word, owner) in owners {
            if file.path != owner {
                faults.extend(file.faults(|line| line.contains(word)));
            }
        }
        if file.is_under("frontend/src/") && !file.is_under("frontend/src/helpers/") {
            faults.extend(file.faults(|line| line.contains("out.write(")));
        }
    }
    none("only the helper markup turns text into markup", faults);
}

#[test]
fn every_mail_has_three_parts() {
    let mails = folders("frontend/templates/mail");
    let mails: Vec<String> = mails.into_iter().filter(|name| name != "partials" && name != "layouts").collect();
    assert!(!mails.is_empty(), "there are no mails");
    let mut faults = Vec::new();
    for mail in &mails {
        for part in ["subject.hbs", "text.hbs", "html.hbs"] {
            let path = format!("frontend/templates/mail/{mail}/{part}");
            let text = fs::read_to_string(root().join(&path)).unwrap_or_default();
            if text.trim().is_empty() {
                faults.push(path);
            }
        }
    }
    none("a part of a mail is missing or empty", faults);
}

#[test]
fn the_rules_bite() {
    for bad in [
        "<p style=\"x\">",
        "<style>",
        "<script>go()</script>",
        "<a href=\"/\" onclick=\"go()\">",
        "<a href=\"javascript:go()\">",
    ] {
        assert!(is_inline(bad), "{bad}");
    }
    for good in
        ["<script src=\"{{asset \"app.js\"}}\" defer></script>", "<p class=\"on\">one = 1", "<link rel=\"stylesheet\">"]
    {
        assert!(!is_inline(good), "{good}");
    }
    assert!(is_marked_text("{{markup description}}") && !is_marked_text("<p title=\"{{markup description}}\">"));
    assert!(!is_marked_text("{{markup title}}"));
    assert!(names_a_host("<img src=\"//cdn.example/x.png\">") && names_a_host("url(https://x.example)"));
    assert!(!names_a_host("<svg xmlns=\"http://www.w3.org/2000/svg\">") && !names_a_host("a // b"));
}

fn templates() -> Vec<Source> {
    sources(&[".hbs"]).into_iter().filter(|file| file.is_under("frontend/templates/")).collect()
}

fn is_mail(file: &Source) -> bool {
    let places = ["mail/", "layouts/mail", "partials/mail"];
    places.iter().any(|place| file.is_under(&format!("frontend/templates/{place}")))
}

/// A line of its own, of one of the two texts that may have marks.
fn is_marked_text(line: &str) -> bool {
    ["{{markup description}}", "{{markup about}}"].contains(&line.trim())
}

fn is_inline(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let script = line.split("<script").skip(1).any(|tail| !tail.trim_start().starts_with("src="));
    let handler = line.split(" on").skip(1).any(|tail| {
        let name = tail.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(tail.len());
        name > 0 && tail[name..].starts_with('=')
    });
    script || handler || line.contains(" style=") || line.contains("<style") || line.contains("javascript:")
}

fn names_a_host(line: &str) -> bool {
    let line = NO_HOSTS.iter().fold(line.to_owned(), |line, name| line.replace(name, ""));
    let schemeless = ["\"//", "'//", "(//"].iter().any(|start| line.contains(start));
    line.contains("http://") || line.contains("https://") || schemeless
}
