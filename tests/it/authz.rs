//! Who gets what, at every route, for every role and every object: the table `tests/authz.csv` against the server.

mod not_yours;
mod over_posting;
mod side_doors;
pub mod world;

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use harness::{app::TestApp, client::Reply, on_both};
use reqwest::Method;
use rosterline::auth::{Listed, Rule};
use rosterline::cli::routes::table;

use world::{Kind, Object, Role, World};

/// The first columns of a line: method, path, object.
type Key = (String, String, &'static str);

/// What each role got, in the order of the columns.
type Cells = Vec<String>;

on_both! {
    /// T01: every route of the server's own list, as every role, with every object, answers what the table says; and
    /// T03: what is somebody else's answers byte for byte like what does not exist.
    async fn t01_every_route_answers_every_role_as_the_table_says(database) {
        let mut world = World::new(TestApp::start(database).await).await;
        let mut found = BTreeMap::new();
        let mut order = Vec::new();
        let mut faults = Vec::new();
        let mut routes = table();
        routes.sort_by_key(ends_something);
        for route in &routes {
            walk(&mut world, route, &mut found, &mut order, &mut faults).await;
        }
        let actual = print(&order, &found);
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authz.csv");
        std::fs::write(&kept, &actual).expect("the table as it is");
        let wanted = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("authz.csv"));
        faults.extend(differences(&wanted.unwrap_or_default(), &actual));
        assert!(faults.is_empty(), "{} faults; the answers stand in {}\n{}", faults.len(), kept.display(), faults.join("\n"));
    }
}

/// Routes that end or hide what others need come last; the account's own end is the very last.
fn ends_something(route: &Listed) -> u8 {
    let last = ["/block", "/blocks", "pause", "resume", "release-all", "sign-out", "/account/delete", "/api/v1/me"];
    let at = last.iter().position(|word| match *word {
        "/api/v1/me" => route.path == *word,
        word => route.path.contains(word),
    });
    at.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(0)
}

async fn walk(
    world: &mut World,
    route: &Listed,
    found: &mut BTreeMap<Key, Cells>,
    order: &mut Vec<Key>,
    faults: &mut Vec<String>,
) {
    let kind = Kind::of(route.path);
    let objects: Vec<Option<Object>> = match kind {
        None => vec![None],
        // What changes nothing comes first, one's own last.
        Some(kind) => kind.objects().iter().rev().copied().map(Some).collect(),
    };
    let mut replies = BTreeMap::new();
    let mut lines = Vec::new();
    for object in objects {
        let mut cells = Cells::new();
        for role in Role::ALL {
            let reply = ask(world, route, kind, object, role).await;
            let cell = cell(&reply);
            if let Some(fault) = against_the_rule(route, role, object, &cell) {
                faults.push(format!("{} {} {}: {fault}", route.method, route.path, role.name()));
            }
            if let (Some(object), Some(kind)) = (object, kind) {
                let value = world.value(kind, object, role);
                replies.insert((object, role), told(&reply, &value));
            }
            afterwards(world, route, kind, object, role, &cell).await;
            cells.push(cell);
        }
        let key = (route.method.to_string(), route.path.to_owned(), object.map_or("-", Object::name));
        lines.push(key.clone());
        found.insert(key, cells);
    }
    order.extend(lines.into_iter().rev());
    if is_private(route.path) {
        for role in Role::ALL {
            let (theirs, nobodys) = (replies.get(&(Object::Others, role)), replies.get(&(Object::Random, role)));
            if theirs != nobodys {
                faults.push(format!(
                    "T03 {} {} {}: not yours\n{theirs:?}\ndiffers from not there\n{nobodys:?}",
                    route.method,
                    route.path,
                    role.name()
                ));
            }
        }
    }
}

async fn ask(world: &World, route: &Listed, kind: Option<Kind>, object: Option<Object>, role: Role) -> Reply {
    let value = kind.zip(object).map(|(kind, object)| world.value(kind, object, role));
    let path = filled(route.path, value.as_deref().unwrap_or_default());
    let body = world.body(route.method.as_str(), route.path, role);
    let method = Method::from_bytes(route.method.as_str().as_bytes()).expect("a method");
    world.client(role).send(method, &path, body.as_ref()).await
}

/// Mends what the request changed, so that no line depends on the one before.
async fn afterwards(
    world: &mut World,
    route: &Listed,
    kind: Option<Kind>,
    object: Option<Object>,
    role: Role,
    cell: &str,
) {
    let done = cell.starts_with('2') || cell == "303";
    if !done || route.method.as_str() == "GET" {
        return;
    }
    if route.path.ends_with("sign-out") {
        world.sign_in_again(role).await;
    }
    if let (Some(kind), Some(Object::Own)) = (kind, object) {
        world.replace(kind, role).await;
    }
}

/// The path with a value for its parameter.
pub fn filled(path: &str, value: &str) -> String {
    match (path.split_once('{'), path.split_once('}')) {
        (Some((start, _)), Some((_, end))) => format!("{start}{value}{end}"),
        _ => path.to_owned(),
    }
}

/// A status; pages send a visitor to the sign-in page instead of a 401.
fn cell(reply: &Reply) -> String {
    let to_sign_in = reply.status == 303 && reply.location().starts_with("/sign-in?");
    if to_sign_in { "sign-in".to_owned() } else { reply.status.to_string() }
}

/// What the access rules say whatever the table says, so that a wrong table cannot hide a hole.
fn against_the_rule(route: &Listed, role: Role, object: Option<Object>, cell: &str) -> Option<String> {
    if cell.starts_with('5') || cell == "405" || cell == "429" {
        return Some(format!("answered {cell}"));
    }
    let wanted: &[&str] = match route.rule {
        Rule::Anyone => return None,
        _ if role == Role::Visitor => &["401", "sign-in"],
        Rule::May(action) if !may(role, action.as_str()) => &["403"],
        // A page's form is read first where that needs no look at the thing; the table sends none.
        _ if is_private(route.path) && matches!(object, Some(Object::Others | Object::Random)) => {
            if route.path.starts_with("/api/") { &["404"] } else { &["404", "400", "422"] }
        }
        // Bands are for companies in good standing; the page around them is not (product.md).
        _ if role == Role::SuspendedOwner && route.path.ends_with("/reach") => &["403"],
        Rule::SignedIn | Rule::May(_) if ["401", "403", "sign-in"].contains(&cell) => &["anything but a refusal"],
        Rule::SignedIn | Rule::May(_) => return None,
    };
    (!wanted.contains(&cell)).then(|| format!("answered {cell}, expected {wanted:?} ({})", route.rule))
}

/// Product.md's roles, written down a second time on purpose.
fn may(role: Role, action: &str) -> bool {
    match role {
        Role::Visitor => false,
        _ if action == "change_second_factor" => true,
        Role::Member | Role::OtherMember => ["own_membership", "share_contact", "take_back"].contains(&action),
        Role::SuspendedMember => ["own_membership", "take_back"].contains(&action),
        Role::Owner | Role::OtherOwner => {
            ["see_company", "manage_openings", "see_contact", "manage_company", "manage_access"].contains(&action)
        }
        Role::SuspendedOwner => ["see_company", "manage_company", "manage_access"].contains(&action),
        Role::Viewer => action == "see_company",
        Role::Admin => ["moderate", "shut_out", "look_at_contact"].contains(&action),
    }
}

/// Addresses below which a thing is one person's or one company's.
fn is_private(path: &str) -> bool {
    let page = path.strip_prefix("/api/v1").unwrap_or(path);
    let starts = ["/me/alerts/", "/me/matches/", "/me/introductions/", "/alerts/", "/matches/", "/introductions/"];
    let starts = starts.iter().chain(&["/company/openings/", "/company/introductions/", "/company/contacts/"]);
    let starts = starts.chain(&["/me/disputes/", "/disputes/", "/company/disputes/", "/company/seats/"]);
    starts.chain(&["/account/sessions/"]).any(|start| page.starts_with(start))
}

/// Everything of an answer that must not differ: status, headers, body; without the time, the request's id, and the
/// address as it was asked for.
pub fn told(reply: &Reply, value: &str) -> String {
    let id = reply.header("x-request-id").to_owned();
    let mut all = format!("{}\n", reply.status);
    // `connection: close` comes whenever a refusal was quicker than the body of the request.
    let varies = ["date", "x-request-id", "connection"];
    let headers = reply.headers.iter().filter(|(name, _)| !varies.contains(&name.as_str()));
    // Their order is chance.
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    headers.sort_unstable();
    for (name, value) in headers {
        let _ = writeln!(all, "{name}: {}", String::from_utf8_lossy(value));
    }
    all.push_str(&reply.text());
    all.replace(&id, "REQUEST").replace(value, "VALUE")
}

fn print(order: &[Key], found: &BTreeMap<Key, Cells>) -> String {
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    let mut text = format!("method,path,object,{}\n", roles.join(","));
    for key in order {
        let _ = writeln!(text, "{},{},{},{}", key.0, key.1, key.2, found[key].join(","));
    }
    text
}

fn differences(wanted: &str, actual: &str) -> Vec<String> {
    let lines = |text: &str| -> BTreeMap<String, String> {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|line| {
                let at = line.match_indices(',').nth(2).map_or(line.len(), |(at, _)| at);
                (line[..at].to_owned(), line[at..].to_owned())
            })
            .collect()
    };
    let (wanted, actual) = (lines(wanted), lines(actual));
    let missing = actual.iter().filter(|(key, _)| !wanted.contains_key(*key));
    let missing = missing.map(|(key, cells)| format!("not in authz.csv: {key}{cells}"));
    let gone = wanted.keys().filter(|key| !actual.contains_key(*key)).map(|key| format!("not in the server: {key}"));
    let other = wanted.iter().filter_map(|(key, cells)| {
        let now = actual.get(key).filter(|now| *now != cells)?;
        Some(format!("{key}\n  the table says  {cells}\n  the server says {now}"))
    });
    missing.chain(gone).chain(other).collect()
}
