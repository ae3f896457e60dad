//! What is put is what is read back.

use domain::AccountId;
use domain::standing::{MemberStanding, Role};

use super::*;
use crate::members::NewMember;
use crate::{Db, accounts, members};

const WISHES: [(&str, &str); 4] = [("", ""), ("qme|ime", "spine OR neck -child"), ("ime", "x-ray"), ("", "-PM&R")];

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn id(n: usize) -> String {
    format!("00000000-0000-4000-8000-{n:012}")
}

fn member(conn: &mut Conn, n: usize) -> MemberId {
    let (account, member) = (AccountId::parse(&id(n)).unwrap(), MemberId::parse(&id(n)).unwrap());
    accounts::create(conn, &account, Role::Member, now()).unwrap();
    let new = NewMember {
        id: &member,
        account: &account,
        standing: MemberStanding::Active,
        joined_by: "npi",
        time_zone: "America/Los_Angeles",
    };
    members::create(conn, &new, now()).unwrap();
    member
}

fn alert(n: usize, member: &MemberId, (kinds, words): (&str, &str)) -> Alert {
    Alert {
        id: AlertId::parse(&id(100 + n)).unwrap(),
        member: member.clone(),
        name: format!("Alert {n}"),
        wish: Wish {
            kinds: list(kinds, Kind::parse).unwrap(),
            specialties: Specialty::all().take(n).collect(),
            markets: Market::all().take(n).collect(),
            states: State::all().skip(n).take(n).collect(),
            remote_too: n.is_multiple_of(2),
            min_pay_cents: (n > 0).then_some(150_000),
            words: Words::parse(words).unwrap(),
        },
        rhythm: Rhythm {
            cadence: Cadence::Daily,
            weekday: Weekday::try_from(u8::try_from(n).unwrap()).unwrap(),
            at: NaiveTime::MIN + Duration::minutes(61 * i64::try_from(n).unwrap()),
        },
        paused: n == 1,
        pause_until: (n == 2).then(now),
        created_at: now(),
    }
}

#[test]
fn alerts_are_read_back_as_they_were_put_and_every_change_is_logged() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(dir.path().join("test.db").to_str().unwrap(), 1).unwrap();
    db.write::<_, StoreError>(|conn| {
        let (one, other) = (member(conn, 1), member(conn, 2));
        let mut all: Vec<Alert> = WISHES.into_iter().enumerate().map(|(n, w)| alert(n, &one, w)).collect();
        let start = changes::last(conn)?;
        for a in &all {
            put(conn, a, now())?;
            assert_eq!(find(conn, &one, &a.id)?, *a);
        }
        assert_eq!(of_member(conn, &one)?, all);

        let mut stolen = alert(0, &other, WISHES[1]);
        assert!(matches!(put(conn, &stolen, now()), Err(StoreError::NotFound)));
        stolen.id = AlertId::parse(&id(200)).unwrap();
        put(conn, &stolen, now())?;

        all[0] = alert(0, &one, WISHES[2]);
        put(conn, &all[0], now())?;
        let gone = all.pop().unwrap();
        assert!(matches!(delete(conn, &other, &gone.id, now()), Err(StoreError::NotFound)));
        delete(conn, &one, &gone.id, now())?;

        let asked = [one.clone(), other.clone(), MemberId::parse(&id(9)).unwrap()];
        let both = HashMap::from([(one.clone(), all), (other.clone(), vec![stolen])]);
        assert_eq!(of_members(conn, &asked)?, both);
        let log: Vec<Changed> = changes::after(conn, start, 100)?.into_iter().map(|c| c.what).collect();
        let told = |m: &MemberId, n| vec![Changed::Member(m.clone()); n];
        assert_eq!(log, [told(&one, 4), told(&other, 1), told(&one, 2)].concat());
        Ok(())
    })
    .unwrap();
}
