//! How many openings of which kind and in which state each sort of company has, and when they came about.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::Kind;

use crate::demo::company_list::House;
use crate::demo::scene::Scene;

/// What has become of an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Approved, confirmed and open.
    Live,
    /// Closed by the company.
    Closed,
    /// Its closing day has passed.
    Expired,
    /// The company has not said lately that it is still open.
    Unconfirmed,
    /// Waits for an admin.
    Submitted,
    /// Sent back by an admin.
    Returned,
    /// Being written.
    Draft,
}

/// The openings of one sort of company; both lists add up to the same number.
struct Share {
    house: House,
    kinds: &'static [(Kind, usize)],
    fates: &'static [(Fate, usize)],
}

/// 300 openings: 120 QME, 105 IME, 75 chart review; 240 of them live, besides 4 of the suspended company.
const SHARES: &[Share] = &[
    Share {
        house: House::Leading,
        kinds: &[(Kind::Qme, 10)],
        fates: &[(Fate::Live, 8), (Fate::Draft, 1), (Fate::Closed, 1)],
    },
    Share {
        house: House::New,
        kinds: &[(Kind::Qme, 4), (Kind::Ime, 3), (Kind::ChartReview, 3)],
        fates: &[(Fate::Live, 10)],
    },
    Share { house: House::Suspended, kinds: &[(Kind::Qme, 4)], fates: &[(Fate::Live, 4)] },
    Share {
        house: House::Settled,
        kinds: &[(Kind::Qme, 102), (Kind::Ime, 102), (Kind::ChartReview, 72)],
        fates: &[
            (Fate::Live, 222),
            (Fate::Closed, 17),
            (Fate::Expired, 14),
            (Fate::Unconfirmed, 12),
            (Fate::Submitted, 6),
            (Fate::Returned, 2),
            (Fate::Draft, 3),
        ],
    },
];

/// One opening to be made.
pub(super) struct Planned {
    pub(super) house: House,
    pub(super) kind: Kind,
    pub(super) fate: Fate,
}

/// All of them; a live one of the leading company comes first.
pub(super) fn openings(scene: &mut Scene<'_>) -> Vec<Planned> {
    let mut all = Vec::new();
    for share in SHARES {
        let mut kinds = spread(share.kinds);
        scene.dice.shuffle(&mut kinds);
        let fates = spread(share.fates);
        all.extend(kinds.into_iter().zip(fates).map(|(kind, fate)| Planned { house: share.house, kind, fate }));
    }
    all
}

fn spread<T: Copy>(counts: &[(T, usize)]) -> Vec<T> {
    counts.iter().flat_map(|(value, count)| std::iter::repeat_n(*value, *count)).collect()
}

/// The moments of an opening's life.
pub(super) struct Dates {
    pub(super) created: DateTime<Utc>,
    pub(super) submitted: DateTime<Utc>,
    /// Approved, or sent back.
    pub(super) decided: DateTime<Utc>,
    /// Said to be still open, after the approval.
    pub(super) confirmed: Option<DateTime<Utc>>,
    pub(super) closed: DateTime<Utc>,
    pub(super) closes_on: NaiveDate,
}

const DAY: i64 = 1440;

/// Moments that lead to a fate.
pub(super) fn dates(scene: &mut Scene<'_>, house: House, fate: Fate) -> Dates {
    let now = scene.now;
    let (least, most) = match (fate, house) {
        (Fate::Live, House::New) => (120, 4 * DAY),
        // Before the suspension, and not confirmed since.
        (Fate::Live, House::Suspended) => (10 * DAY, 12 * DAY),
        (Fate::Live, _) if scene.dice.chance(85) => (120, 12 * DAY),
        (Fate::Live, _) => (15 * DAY, 60 * DAY),
        (Fate::Closed, _) => (20 * DAY, 60 * DAY),
        (Fate::Expired, _) => (40 * DAY, 70 * DAY),
        (Fate::Unconfirmed, _) => (22 * DAY, 50 * DAY),
        (Fate::Submitted | Fate::Draft, _) => (60, 2 * DAY),
        (Fate::Returned, _) => (DAY, 3 * DAY),
    };
    let decided = now - scene.dice.minutes(least, most);
    let submitted = decided - scene.dice.minutes(200, 2000);
    let created = submitted - scene.dice.minutes(20, 3000);
    let days = match fate {
        Fate::Expired => scene.dice.between(-20, -1),
        _ => scene.dice.between(10, 120),
    };
    Dates {
        created,
        submitted,
        decided,
        confirmed: confirmed(scene, house, fate, decided),
        closed: now - scene.dice.minutes(DAY, 15 * DAY),
        closes_on: now.date_naive() + Duration::days(days),
    }
}

fn confirmed(scene: &mut Scene<'_>, house: House, fate: Fate, published: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let age = scene.now - published;
    match fate {
        Fate::Live if house == House::Suspended => None,
        Fate::Live if age > Duration::days(12) => Some(scene.now - scene.dice.minutes(60, 10 * DAY)),
        Fate::Live if age > Duration::days(5) && scene.dice.chance(30) => Some(scene.since(published)),
        Fate::Expired => Some(published + scene.dice.minutes(10 * DAY, 14 * DAY)),
        Fate::Unconfirmed if scene.dice.chance(50) => Some(published + scene.dice.minutes(DAY, 6 * DAY)),
        _ => None,
    }
}
