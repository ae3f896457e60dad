//! Every route goes through the one list (`auth::Routes`), which `rosterline routes` prints and `tests/authz.csv` covers.

use std::collections::BTreeSet;

use rosterline::cli::routes::table;

use crate::repository::{none, read, sources};

/// The list itself, which hands everything to the server.
const REGISTRAR: &str = "backend/src/auth/routes.rs";

#[test]
fn nothing_is_registered_past_the_list() {
    let words =
        [".route(", ".service(", "web::resource(", "web::scope(", "web::get()", "web::post()", "#[get(", "#[post("];
    let files = sources(&[".rs"]).into_iter().filter(|file| file.is_under("backend/src/") && file.path != REGISTRAR);
    let faults = files.flat_map(|file| file.faults(|line| words.iter().any(|word| line.contains(word))));
    none("register this through auth::Routes", faults.collect());
}

#[test]
fn the_server_installs_both_lists_and_no_more() {
    let server = read("backend/src/server.rs");
    let installed: Vec<&str> = server.lines().map(str::trim).filter(|line| line.starts_with(".configure(")).collect();
    assert_eq!(installed, [".configure(api::routes)", ".configure(pages::routes)"]);
}

#[test]
fn no_route_stands_twice_and_every_one_is_in_the_access_table() {
    let mut seen = BTreeSet::new();
    let routes = table();
    let twice = routes.iter().filter(|route| !seen.insert((route.method.to_string(), route.path)));
    none("the second is never reached", twice.map(|route| format!("{} {}", route.method, route.path)).collect());
    let csv = read("tests/authz.csv");
    let covered: BTreeSet<(&str, &str)> = csv
        .lines()
        .skip(1)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split(',');
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    let missing = routes.iter().filter(|route| !covered.contains(&(route.method.as_str(), route.path)));
    none("say in tests/authz.csv who gets what", missing.map(|r| format!("{},{}", r.method, r.path)).collect());
    let gone = covered.iter().filter(|(method, path)| !seen.contains(&((*method).to_owned(), *path)));
    none("the server has no such route", gone.map(|(method, path)| format!("{method},{path}")).collect());
}
