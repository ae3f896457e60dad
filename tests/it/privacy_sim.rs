//! The attacks of `shared/reference/security.md`, section 4, against the endpoint that companies ask for reach bands:
//! singling out, averaging over supersets, a private attribute, before and after, and planted members at the edge of a
//! band; by one company and by ten that pool what they see. Prints the rates and fails above the limits.
//!
//! The population and the master key are the same in every run, so the rates are too. One database is enough: the
//! stories in `reach` hold both to the same bands.

mod attacks;
mod population;

use std::collections::BTreeMap;
use std::io::Write;

use domain::MemberId;
use domain::reach::{Band, CELLS_PER_COMPANY, Cell, Lattice};
use harness::{app::TestApp, database::Database, journeys};

use crate::reach::community::{add, count, known_key, next_snapshot};
use crate::reach::{band, drafted, signed_in};
use attacks::{Pool, averaging, minimum_fee, singling_out};
use population::{Game, People, Trial};

/// Companies that collude.
const COMPANIES: usize = 10;
/// Snapshots of the game "did X join?" without planted members, and with them.
const MONTHS: [usize; 2] = [16, 9];

/// One attack's success by one company and by ten, and what it may reach.
struct Rate {
    attack: &'static str,
    alone: f64,
    pooled: f64,
    /// What the law of the noise makes of it in the long run, where chance is in it.
    expected: Option<f64>,
    limit: f64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t13_attacks_stay_below_their_limits() {
    let people = People::drawn();
    let game = Game::of(&people);
    // Alike to the noise, but for the targets: what differs is what one membership shows.
    let (without, with) = tokio::join!(World::new(&people, &game, false), World::new(&people, &game, true));
    let (alone, pooled) = (crafting(&without, 1, &people).await, crafting(&without, COMPANIES, &people).await);
    // The same snapshots, so that the noise stays alike.
    next_snapshot(&with.app).await;
    next_snapshot(&with.app).await;
    let plain = tokio::join!(without.months(MONTHS[0]), with.months(MONTHS[0]));
    tokio::join!(without.plant(), with.plant());
    let planted = tokio::join!(without.months(MONTHS[1]), with.months(MONTHS[1]));
    let mut rates = joining(&game, &plain, &planted);
    for (attack, limit, (alone, pooled)) in [
        ("private minimum fee learnt, above guessing", 1.0, (alone[2], pooled[2])),
        ("membership certain, averaging over supersets", 0.0, (alone[1], pooled[1])),
        ("membership certain, singling out", 0.0, (alone[0], pooled[0])),
    ] {
        rates.insert(0, Rate { attack, alone, pooled, expected: None, limit });
    }
    report(&people, &game, &rates);
    for rate in &rates {
        for percent in [rate.alone, rate.pooled, rate.expected.unwrap_or(0.0)] {
            assert!(percent <= rate.limit, "{}: {percent:.1} above {:.1}", rate.attack, rate.limit);
        }
    }
}

/// The bands by month and trial: with all the targets out, and with all of them in.
type Months = (Vec<Vec<Band>>, Vec<Vec<Band>>);

/// A running product with the community, and ten companies that have an opening in every cell that is played.
struct World {
    app: TestApp,
    owners: Vec<String>,
    planted: Vec<MemberId>,
    /// The company that asks, and its opening, by trial.
    openings: Vec<(usize, String)>,
}

impl World {
    /// With all the targets in or out.
    async fn new(people: &People, game: &Game, joined: bool) -> World {
        let app = TestApp::builder(Database::Sqlite).config(known_key).start().await;
        let mut members = people.physicians();
        game.trials.iter().for_each(|trial| members[trial.target].counted = joined);
        add(app.running().app(), members).await;
        let planted = add(app.running().app(), game.planted()).await;
        let mut world = World { app, owners: Vec::new(), planted, openings: Vec::new() };
        let mut offices = Vec::new();
        for n in 0..COMPANIES {
            let owner = format!("owner{n}@reviews.example");
            offices.push(journeys::company(&world.app, &format!("Reviews {n}"), &owner).await.api);
            world.owners.push(owner);
        }
        for (n, trial) in game.trials.iter().enumerate() {
            // The first company looks at as many cells as it may, the others share the rest.
            let company = if n < alone() { 0 } else { 1 + n % (COMPANIES - 1) };
            world.openings.push((company, drafted(&offices[company], &trial.person.opening()).await));
        }
        world
    }

    /// From now on the planted members count.
    async fn plant(&self) {
        count(self.app.running().app(), self.planted.iter().map(|id| (id.clone(), true)).collect()).await;
    }

    /// The bands of every opening in every month.
    async fn months(&self, count: usize) -> Vec<Vec<Band>> {
        let mut months = Vec::new();
        for _ in 0..count {
            assert_eq!(next_snapshot(&self.app).await, Lattice::Fine);
            let mut offices = Vec::new();
            for owner in &self.owners {
                offices.push(signed_in(&self.app, owner).await);
            }
            let mut bands = Vec::new();
            for (company, id) in &self.openings {
                bands.push(band(&offices[*company], id).await);
            }
            months.push(bands);
        }
        months
    }
}

/// How many trials one company can see.
fn alone() -> usize {
    usize::try_from(CELLS_PER_COMPANY).expect("small")
}

/// The attacks that need no second snapshot, in a month of their own.
async fn crafting(world: &World, companies: usize, people: &People) -> [f64; 3] {
    assert_eq!(next_snapshot(&world.app).await, Lattice::Fine);
    let mut pool = Pool::new(&world.app, &world.owners[..companies]).await;
    [singling_out(&mut pool, people).await, averaging(&mut pool, people).await, minimum_fee(&mut pool, people).await]
}

/// Did this physician join between two snapshots? The share of those who joined and are taken for it, less the share of
/// those who did not and are taken for it as well.
fn joining(game: &Game, plain: &Months, planted: &Months) -> Vec<Rate> {
    let advantage = |cells: usize, (out, joined): &Months, guess: &dyn Fn(&Trial, Band, Band) -> bool| {
        let trials = game.trials.iter().enumerate().take(cells);
        let trials = trials.filter(|(_, trial)| std::ptr::eq(out, &plain.0) || trial.edge.is_some());
        let (mut told, mut all) = (0.0, 0.0);
        for (n, trial) in trials {
            for (before, after) in out.iter().zip(out.iter().zip(joined).skip(1)) {
                let right = guess(trial, before[n], after.1[n]);
                let wrong = guess(trial, before[n], after.0[n]);
                told += trial.weight * (f64::from(u8::from(right)) - f64::from(u8::from(wrong)));
                all += trial.weight;
            }
        }
        100.0 * told / all
    };
    let rate = |attack, months: &Months, limit, guess: &dyn Fn(&Trial, Band, Band) -> bool| Rate {
        attack,
        alone: advantage(alone(), months, guess),
        pooled: advantage(game.trials.len(), months, guess),
        expected: Some(expected(game, std::ptr::eq(months, planted), guess)),
        limit,
    };
    let rose = |_: &Trial, before: Band, after: Band| after > before;
    let above = |trial: &Trial, _: Band, after: Band| trial.edge.is_some_and(|edge| after >= Band::of(edge));
    vec![
        rate("did X join? the display rose", plain, 5.0, &rose),
        rate("did X join? planted at an edge, the display rose", planted, 25.0, &rose),
        rate("did X join? planted, and everybody else is known", planted, 25.0, &above),
    ]
}

/// The same advantage over all cells, from the law of the noise.
fn expected(game: &Game, planted: bool, guess: &dyn Fn(&Trial, Band, Band) -> bool) -> f64 {
    let a = (-0.5_f64).exp();
    let chances = |count: i64| {
        let mut chances = BTreeMap::new();
        for n in -60..=60_i32 {
            *chances.entry(Band::of(count + i64::from(n))).or_insert(0.0) += (1.0 - a) / (1.0 + a) * a.powi(n.abs());
        }
        chances
    };
    let (mut told, mut all) = (0.0, 0.0);
    for trial in game.trials.iter().filter(|trial| !planted || trial.edge.is_some()) {
        let others = trial.edge.filter(|_| planted).map_or(trial.others, |edge| edge - 1);
        let (out, joined) = (chances(others), chances(others + 1));
        for (before, first) in &out {
            let guessed = |after: &BTreeMap<Band, f64>| -> f64 {
                after.iter().filter(|(band, _)| guess(trial, *before, **band)).map(|(_, chance)| chance).sum()
            };
            told += trial.weight * first * (guessed(&joined) - guessed(&out));
        }
        all += trial.weight;
    }
    100.0 * told / all
}

/// Past the capture of `println!`, so that the rates are seen when the test passes.
fn report(people: &People, game: &Game, rates: &[Rate]) {
    let cells: usize = Cell::all(Lattice::Fine).len();
    let mut table = format!(
        "reach bands: {} members, {} counted, {} known to a public register; {} of {cells} cells in {} snapshots\n\
         {:52}{:>12}{:>14}{:>10}{:>10}\n",
        people.all.len(),
        people.all.iter().filter(|p| p.counted).count(),
        people.register_size(),
        game.trials.len(),
        MONTHS.iter().sum::<usize>(),
        "attack",
        "1 company",
        "10 companies",
        "long run",
        "limit"
    );
    for rate in rates {
        let Rate { attack, alone, pooled, expected, limit } = rate;
        let expected = expected.map_or_else(|| "-".to_owned(), |expected| format!("{expected:.1} %"));
        table += &format!("{attack:52}{alone:>10.1} %{pooled:>12.1} %{expected:>10}{limit:>8.1} %\n");
    }
    let _ = std::io::stderr().write_all(table.as_bytes());
}
