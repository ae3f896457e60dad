//! Kills mail nodes at random moments, again and again, and counts what was lost and what came twice.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::Duration as Time;
use domain::AccountId;
use domain::mail::{MailKind, MailState};
use rosterline::server::Ground;
use store::outbox;

use crate::crowd;
use crate::mail_node::{Node, Seat, begin};
use crate::smtp_peer::Peer;

/// Processes that share a database.
const NODES: usize = 3;
/// Connections of each.
const CONNECTIONS: u16 = 4;
/// Between two rounds on the nodes' clocks: longer than a lease, and than the wait of what may have arrived.
const STEP: i64 = 16 * 60;
/// People they go to.
const PEOPLE: usize = 40;

/// What was seen.
#[derive(Debug)]
pub struct Seen {
    /// Kills, of a process each.
    pub kills: usize,
    /// Mails that were queued.
    pub mails: usize,
    /// Mails that never came.
    pub lost: usize,
    /// Copies beyond the first.
    pub twice: usize,
    /// Copies that differ from the first.
    pub changed: usize,
}

impl Seen {
    /// Nothing lost, and of each kill at most one copy for each open connection, the same to the last byte.
    pub fn is_good(&self) -> bool {
        self.lost == 0 && self.changed == 0 && self.twice <= self.kills * usize::from(CONNECTIONS)
    }
}

/// How long and how hard.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Rounds; each kills all nodes.
    pub rounds: usize,
    /// Mails that wait at least when a round begins.
    pub stock: usize,
    /// When the nodes are killed follows from it.
    pub seed: u64,
}

/// Plays it; `program` is the one whose `--node` is `mail_node::serve`. `database` is a URL, or none for SQLite.
pub async fn play(program: &str, database: Option<String>, plan: Plan, dir: &Path) -> Seen {
    let rounds = plan.rounds;
    let peer = Peer::start().await;
    let database = database.unwrap_or_else(|| format!("sqlite://{}", dir.join("shared.db").display()));
    let seat = |n: usize, ahead: i64| Seat {
        data_dir: dir.join(format!("node-{n}")),
        database: database.clone(),
        key_file: dir.join("master.key"),
        smtp: peer.url(),
        connections: CONNECTIONS,
        ahead,
    };
    let mut stock = Stock::new(&seat(0, 0));
    let mut random = plan.seed;
    for round in 0..rounds {
        let ahead = STEP * i64::try_from(round).expect("few rounds");
        stock.fill(plan.stock, ahead);
        let nodes: Vec<Node> = tokio::task::block_in_place(|| {
            (0..NODES).map(|n| Node::start(program, &stock.at_home(seat(n, ahead)))).collect()
        });
        let wait = Duration::from_millis(10 + xorshift(&mut random) % 150);
        // The moment of the kill is what this is about; nothing waits for it.
        tokio::time::sleep_until((Instant::now() + wait).into()).await;
        for node in nodes {
            node.kill();
        }
    }
    let ahead = STEP * i64::try_from(rounds).expect("few rounds");
    // What may have arrived is due by now; a mail that is in doubt once more needs one more step.
    for step in 0..3 {
        let mut node = Node::start(program, &stock.at_home(seat(0, ahead + step * STEP)));
        tokio::task::block_in_place(|| node.drain());
        node.stop();
    }
    stock.count(&peer, rounds * NODES)
}

/// The shared database, seen from outside.
struct Stock {
    ground: Ground,
    people: Vec<AccountId>,
    instance: std::path::PathBuf,
    made: usize,
}

impl Stock {
    fn new(seat: &Seat) -> Stock {
        let config = seat.config();
        // Opened once as a node does, so that the database knows where it lives.
        let app = rosterline::server::open(config.clone(), rosterline::clock::Clock::manual(begin()), None);
        drop(app.expect("the first node opens"));
        let ground = Ground::open(&config).expect("the database opens");
        let emails: Vec<String> = (0..PEOPLE).map(|n| format!("p{n}@clinic{n}.example")).collect();
        let people = ground.db.write(|conn| crowd::people(conn, &ground.vault, 0xc0, &emails, begin()));
        Stock { people: people.expect("people"), ground, instance: seat.data_dir.join("instance"), made: 0 }
    }

    /// SQLite is for one machine; these processes share one, so each has the instance's mark.
    fn at_home(&self, seat: Seat) -> Seat {
        std::fs::create_dir_all(&seat.data_dir).expect("a folder");
        let mark = seat.data_dir.join("instance");
        if !mark.exists() {
            std::fs::copy(&self.instance, mark).expect("the mark");
        }
        seat
    }

    fn fill(&mut self, least: usize, ahead: i64) {
        let now = begin() + Time::seconds(ahead);
        let waiting = self.ground.db.read(outbox::depth).expect("the database answers");
        let waits = waiting.iter().filter(|d| d.state == MailState::Queued).map(|d| d.count).sum::<i64>();
        if usize::try_from(waits).expect("a count") >= least {
            return;
        }
        let (from, people) = (self.made, &self.people);
        let to = from + least;
        let added = self.ground.db.write::<_, store::StoreError>(|conn| {
            for n in from..to {
                crowd::add(conn, &people[n % PEOPLE], MailKind::MemberApproved, &crowd::id(0xab, n), now)?;
            }
            Ok(())
        });
        added.expect("mails");
        self.made = to;
    }

    fn count(&self, peer: &Peer, kills: usize) -> Seen {
        let mut first: HashMap<String, Vec<u8>> = HashMap::new();
        let (mut twice, mut changed) = (0, 0);
        for mail in peer.mails() {
            let id = mail.letter().header("Message-ID").expect("a Message-ID").to_owned();
            match first.get(&id) {
                None => drop(first.insert(id, mail.raw)),
                Some(known) => {
                    twice += 1;
                    changed += usize::from(*known != mail.raw);
                }
            }
        }
        let depth = self.ground.db.read(outbox::depth).expect("the database answers");
        let left: Vec<_> = depth.iter().filter(|d| d.state != MailState::Accepted).collect();
        assert!(left.is_empty(), "mails that are not taken: {left:?}");
        Seen { kills, mails: self.made, lost: self.made - first.len(), twice, changed }
    }
}

fn xorshift(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
