//! T03: what is somebody else's cannot be told from what is not there, nor by how long the answer takes.

use std::time::{Duration, Instant};

use harness::{app::TestApp, on_both};
use reqwest::Method;

use super::told;
use super::world::{Kind, Object, Role, World};

/// Pairs on each of five addresses.
const PAIRS: u32 = 100;
/// The medians of both may differ by this factor: the machine is busy with other things.
const BAND: f64 = 1.6;
/// Measured again when it is outside.
const TRIES: usize = 3;

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

on_both! {
    /// T03: 500 pairs of another's thing and of nothing, one after the other: the same status, headers and body, and
    /// about the same time.
    async fn t03_not_yours_and_not_there_are_told_apart_by_nothing(database) {
        let world = World::new(TestApp::start(database).await).await;
        for (kind, role, path) in [
            (Kind::Alert, Role::OtherMember, "/api/v1/me/alerts/"),
            (Kind::Alert, Role::OtherMember, "/alerts/"),
            (Kind::Opening, Role::OtherOwner, "/api/v1/company/openings/"),
            (Kind::Introduction, Role::OtherOwner, "/api/v1/company/introductions/"),
            (Kind::Introduction, Role::OtherOwner, "/company/contacts/"),
        ] {
            let theirs = world.value(kind, Object::Others, role);
            let mut ratios = Vec::new();
            while ratios.last().is_none_or(|ratio| !(1.0 / BAND..BAND).contains(ratio)) {
                assert!(ratios.len() < TRIES, "{path}: another's takes so many times as long as nothing: {ratios:?}");
                let (mut others, mut nobodys) = (Vec::new(), Vec::new());
                for n in 0..PAIRS {
                    world.app.forget_counts().await;
                    let random = format!("{n:08x}-9d1f-4e57-8c6d-5b0a7e9f1c22");
                    let mut pair = [(theirs.as_str(), &mut others), (random.as_str(), &mut nobodys)];
                    if n.wrapping_mul(2_654_435_761).count_ones() % 2 == 1 {
                        pair.reverse();
                    }
                    let mut said = Vec::new();
                    for (id, times) in pair {
                        let begun = Instant::now();
                        let reply = world.client(role).send(Method::GET, &format!("{path}{id}"), None).await;
                        times.push(begun.elapsed());
                        said.push(told(&reply.clone().with_status(404), id));
                    }
                    assert_eq!(said[0], said[1], "{path}");
                }
                ratios.push(median(others) / median(nobodys));
            }
        }
    }
}
