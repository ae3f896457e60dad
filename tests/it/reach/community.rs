//! Communities made in the database alone, large enough for reach bands; and waiting for their snapshots.

use std::os::unix::fs::OpenOptionsExt;
use std::{io::Write, time::Duration as Wait};

use chrono::Duration;
use domain::pay::{MinPay, PayBasis};
use domain::permission::Permissions;
use domain::place::{Market, State};
use domain::profile::{Base, HeldSpecialty, Licence, LicenceKind, Profile};
use domain::reach::{Lattice, PERIOD};
use domain::specialty::Specialty;
use domain::standing::{MemberStanding, Role};
use domain::{AccountId, Kind, MemberId};
use harness::app::TestApp;
use rosterline::app::App;
use rosterline::config::Config;

/// How long a snapshot of a few thousand members may take.
const PATIENCE: Wait = Wait::from_secs(60);

/// As much of a physician as a band could depend on, and what it must not depend on.
#[derive(Clone, Debug)]
pub struct Physician {
    pub specialty: &'static str,
    pub market: &'static str,
    pub kinds: Vec<Kind>,
    pub counted: bool,
    pub alerted: bool,
    pub standing: MemberStanding,
    pub days: i64,
    pub min_pay: i64,
}

impl Physician {
    /// A member of two months' standing who may be counted and wants IMEs.
    pub fn new(specialty: &'static str, market: &'static str) -> Physician {
        Physician {
            specialty,
            market,
            kinds: vec![Kind::Ime],
            counted: true,
            alerted: false,
            standing: MemberStanding::Active,
            days: 60,
            min_pay: 100_000,
        }
    }

    /// This many of them.
    pub fn times(self, count: usize) -> Vec<Physician> {
        vec![self; count]
    }

    fn profile(&self) -> Profile {
        let specialty = Specialty::parse(self.specialty).expect("a specialty");
        let market = Market::parse(self.market).expect("a market");
        let min_pay =
            self.kinds.iter().map(|kind| MinPay { kind: *kind, basis: PayBasis::PerCase, cents: self.min_pay });
        Profile {
            specialties: vec![HeldSpecialty { specialty, primary: true, board_certified: false }],
            licences: vec![Licence { state: State::california(), kind: LicenceKind::Md, expires_on: None }],
            bases: vec![Base { market, radius_miles: 50 }],
            interests: self.kinds.iter().copied().collect(),
            min_pay: min_pay.collect(),
            ..Profile::empty()
        }
    }
}

/// Makes members in one transaction; gives their ids.
pub async fn add(app: &App, people: Vec<Physician>) -> Vec<MemberId> {
    app.write(move |conn, app| {
        let start = store::members::count_all(conn)?;
        let mut ids = Vec::with_capacity(people.len());
        for (n, who) in (start..).zip(&people) {
            let id = |kind: u8| format!("0000000{kind}-0000-4000-8000-{n:012}");
            let member = MemberId::parse(&id(1)).expect("an id");
            let account = AccountId::parse(&id(2)).expect("an id");
            let joined = app.now() - Duration::days(who.days);
            store::accounts::create(conn, &account, Role::Member, joined)?;
            let new = store::members::NewMember {
                id: &member,
                account: &account,
                standing: who.standing,
                joined_by: "import",
                time_zone: "America/Los_Angeles",
            };
            store::members::create(conn, &new, joined)?;
            store::profiles::put(conn, &member, &who.profile(), joined)?;
            store::permissions::set(conn, &member, wishes(who.alerted, who.counted), "import", joined)?;
            ids.push(member);
        }
        Ok(ids)
    })
    .await
    .expect("a community")
}

/// Switches counting on or off for many at once.
pub async fn count(app: &App, people: Vec<(MemberId, bool)>) {
    app.write(move |conn, app| {
        for (member, on) in &people {
            store::permissions::set(conn, member, wishes(false, *on), "page", app.now())?;
        }
        Ok(())
    })
    .await
    .expect("switched");
}

fn wishes(alerts_email: bool, anonymous_counts: bool) -> Permissions {
    Permissions { alerts_email, admin_outreach: false, anonymous_counts }
}

/// Moves the clock to the next snapshot and waits until it is there.
pub async fn next_snapshot(app: &TestApp) -> Lattice {
    let (before, _) = taken(app, 0).await;
    app.advance(PERIOD).await;
    taken(app, before).await.1
}

/// Waits for a snapshot after this one.
async fn taken(app: &TestApp, after: i64) -> (i64, Lattice) {
    let app = app.running().app();
    let waiting = async {
        loop {
            let pass = app.pulse.next_pass();
            app.pulse.wake();
            let latest = app.read(|conn, _| Ok(store::reach::latest(conn)?)).await.expect("the database answers");
            match latest {
                Some(snapshot) if snapshot.number > after => return (snapshot.number, snapshot.lattice),
                _ => pass.await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("a snapshot in time")
}

/// A master key that is the same in every run, so that the noise is.
pub fn known_key(config: &mut Config) {
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(config.key_file()).expect("a key file");
    writeln!(file, "1:{}", "5e".repeat(32)).expect("written");
}
