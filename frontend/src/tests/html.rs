//! Checks on one rendered document.

use std::collections::BTreeSet;

/// Asserts what holds for every page; `name` says which one failed.
pub(super) fn check(name: &str, html: &str) {
    assert_eq!(html.matches("<h1").count(), 1, "{name}: exactly one h1");
    assert_eq!(html.matches("<title>").count(), 1, "{name}: exactly one title");
    for banned in [" style=", "<style", " onclick", " onload", " onsubmit", "<iframe", "[object]"] {
        assert!(!html.contains(banned), "{name}: holds {banned}");
    }
    for script in html.split("<script").skip(1) {
        assert!(script.starts_with(" src=\"/static/"), "{name}: a script of its own");
    }
    balanced(name, html);
    ids_are_unique_and_known(name, html);
    controls_are_labelled(name, html);
}

/// Every start tag has its end tag in the right order.
fn balanced(name: &str, html: &str) {
    const VOID: [&str; 8] = ["meta", "link", "input", "br", "use", "rect", "circle", "path"];
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let tag = part.split(['>', ' ', '/', '\n']).next().unwrap_or_default();
        if let Some(end) = part.strip_prefix('/') {
            let end = end.split('>').next().unwrap_or_default();
            assert_eq!(open.pop(), Some(end), "{name}: </{end}> closes something else");
        } else if !part.starts_with('!') && !VOID.contains(&tag) {
            open.push(tag);
        }
    }
    assert!(open.is_empty(), "{name}: left open {open:?}");
}

/// No id twice; every `for`, `aria-describedby`, `aria-labelledby`, `popovertarget` and
/// in-page link names one.
fn ids_are_unique_and_known(name: &str, html: &str) {
    let mut ids = BTreeSet::new();
    for id in attribute(html, "id") {
        assert!(ids.insert(id), "{name}: id {id} twice");
    }
    let named = ["for", "aria-describedby", "aria-labelledby", "popovertarget"];
    for id in named.iter().flat_map(|attribute_name| attribute(html, attribute_name)) {
        for id in id.split(' ') {
            assert!(ids.contains(id), "{name}: nothing has the id {id}");
        }
    }
    for target in attribute(html, "href").filter_map(|href| href.strip_prefix('#')) {
        assert!(ids.contains(target) || target.is_empty(), "{name}: link to missing #{target}");
    }
}

/// Every control that people see stands in a label or is named by one.
fn controls_are_labelled(name: &str, html: &str) {
    let labels: BTreeSet<&str> = attribute(html, "for").collect();
    for kind in ["<input", "<select", "<textarea"] {
        for (at, _) in html.match_indices(kind) {
            let (before, rest) = html.split_at(at);
            let tag = rest.split('>').next().unwrap_or_default();
            let inside = before.rfind("<label") > before.rfind("</label>");
            let named = attribute(tag, "id").next().is_some_and(|id| labels.contains(id));
            let hidden = tag.contains("type=\"hidden\"");
            assert!(inside || named || hidden, "{name}: no label for {tag}");
        }
    }
}

/// The values of an attribute, in the order of the document.
pub(super) fn attribute<'h>(html: &'h str, name: &str) -> impl Iterator<Item = &'h str> {
    let start = format!(" {name}=\"");
    let mut rest = html;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&start)?;
        let (value, after) = after.split_once('"')?;
        rest = after;
        Some(value)
    })
}

/// The text of the title element.
pub(super) fn title(html: &str) -> &str {
    html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map_or("", |(title, _)| title)
}
