//! A made-up community as skewed as real ones, the public register around it, and the game "did X join?".

use std::collections::BTreeMap;

use domain::Kind;
use domain::place::Market;
use domain::reach::{Aim, Cell, Lattice};
use domain::specialty::Specialty;
use harness::factory::Draft;

use crate::reach::community::Physician;
use crate::reach::opening;

/// Members.
const MEMBERS: usize = 2_000;
/// How many of the public register there are for each of them.
const REGISTER: usize = 10;
/// Members an attacker can bring in.
const PLANTED_AT_MOST: i64 = 40;

/// From the most to the least frequent in medical-legal work.
const SPECIALTIES: [&str; 30] = [
    "orthopaedic-surgery",
    "pain-medicine",
    "psychiatry",
    "physical-medicine-rehabilitation",
    "neurology",
    "internal-medicine",
    "spine-surgery",
    "psychology",
    "occupational-medicine",
    "family-medicine",
    "hand-surgery",
    "general-surgery",
    "chiropractic",
    "ophthalmology",
    "neurological-surgery",
    "emergency-medicine",
    "urology",
    "cardiology",
    "otolaryngology",
    "dermatology",
    "radiology",
    "pathology",
    "gastroenterology",
    "dentistry",
    "rheumatology",
    "plastic-surgery",
    "obstetrics-gynecology",
    "pediatrics",
    "sleep-medicine",
    "vascular-surgery",
];

/// From the most to the least frequent; the first three lines are California.
const MARKETS: [&str; 54] = [
    "los-angeles",
    "san-diego",
    "riverside",
    "san-francisco",
    "sacramento",
    "san-jose",
    "fresno",
    "bakersfield",
    "oxnard",
    "stockton",
    "modesto",
    "santa-rosa",
    "visalia",
    "vallejo",
    "santa-maria",
    "salinas",
    "san-luis-obispo",
    "santa-cruz",
    "merced",
    "el-centro",
    "chico",
    "redding",
    "napa",
    "eureka",
    "new-york-ny",
    "chicago-il",
    "dallas-tx",
    "las-vegas-nv",
    "miami-fl",
    "philadelphia-pa",
    "phoenix-az",
    "atlanta-ga",
    "detroit-mi",
    "seattle-wa",
    "houston-tx",
    "pittsburgh-pa",
    "minneapolis-mn",
    "denver-co",
    "tampa-fl",
    "buffalo-ny",
    "cleveland-oh",
    "tucson-az",
    "austin-tx",
    "utica-ny",
    "columbus-oh",
    "reno-nv",
    "memphis-tn",
    "scranton-pa",
    "st-louis-mo",
    "albuquerque-nm",
    "nashville-tn",
    "syracuse-ny",
    "wichita-ks",
    "spokane-wa",
];
const CALIFORNIAN: usize = 24;

/// Asked for at least, in cents.
pub const FEES: [i64; 5] = [100_000, 150_000, 200_000, 250_000, 300_000];

/// Chance with a seed (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    /// A place in a list whose n-th entry has the weight n^-power.
    fn skewed(&mut self, list: usize, power: f64) -> usize {
        let weight = |n: usize| 1.0 / ((n + 1) as f64).powf(power);
        let mut left = self.unit() * (0..list).map(weight).sum::<f64>();
        (0..list)
            .find(|n| {
                left -= weight(*n);
                left <= 0.0
            })
            .unwrap_or(list - 1)
    }
}

/// Somebody of the register, and what only the member knows.
#[derive(Clone, Debug)]
pub struct Person {
    pub specialty: &'static str,
    pub market: &'static str,
    /// In the public register of QMEs.
    pub qme: bool,
    pub kinds: Vec<Kind>,
    pub fee: i64,
    pub counted: bool,
}

/// What the register tells of somebody.
pub type Class = (&'static str, &'static str, bool);

impl Person {
    fn drawn(dice: &mut Dice) -> Person {
        let specialty = SPECIALTIES[dice.skewed(SPECIALTIES.len(), 0.9)];
        let at = dice.skewed(MARKETS.len(), 0.8);
        let qme = at < CALIFORNIAN && dice.chance(0.45);
        let kinds = match (qme, dice.chance(0.5)) {
            (true, true) => vec![Kind::Qme],
            (true, false) => Kind::ALL.to_vec(),
            (false, true) => vec![Kind::Ime],
            (false, false) => vec![Kind::Ime, Kind::ChartReview],
        };
        let (fee, counted) = (FEES[dice.below(FEES.len())], dice.chance(0.8));
        Person { specialty, market: MARKETS[at], qme, kinds, fee, counted }
    }

    pub fn class(&self) -> Class {
        (self.specialty, self.market, self.qme)
    }

    /// The kind of work an attacker asks about.
    pub fn kind(&self) -> Kind {
        self.kinds[0]
    }

    /// The cell an opening made for this person lies in.
    pub fn cell(&self) -> Cell {
        let aim = Aim {
            kind: self.kind(),
            specialty: Specialty::parse(self.specialty),
            market: Market::parse(self.market),
            state: None,
        };
        assert!(aim.specialty.is_some() && aim.market.is_some(), "{self:?}");
        Cell::of(&aim, Lattice::Fine)
    }

    fn cells(&self) -> Vec<Cell> {
        let works: Vec<Kind> = [Kind::Qme, Kind::Ime].into_iter().filter(|kind| self.kinds.contains(kind)).collect();
        works.into_iter().map(|kind| Person { kinds: vec![kind], ..self.clone() }.cell()).collect()
    }

    /// An opening made for this person alone.
    pub fn opening(&self) -> Draft {
        opening(self.kind().as_str(), self.specialty, self.market)
    }

    fn physician(&self) -> Physician {
        Physician {
            kinds: self.kinds.clone(),
            counted: self.counted,
            min_pay: self.fee,
            ..Physician::new(self.specialty, self.market)
        }
    }
}

/// The community and the register.
pub struct People {
    /// Members; the register holds all of them and many more.
    pub all: Vec<Person>,
    pub register: BTreeMap<Class, i64>,
    register_cells: BTreeMap<Cell, i64>,
}

impl People {
    pub fn drawn() -> People {
        let mut dice = Dice::new(1);
        let all: Vec<Person> = (0..MEMBERS).map(|_| Person::drawn(&mut dice)).collect();
        let others: Vec<Person> = (0..MEMBERS * (REGISTER - 1)).map(|_| Person::drawn(&mut dice)).collect();
        let (mut register, mut register_cells) = (BTreeMap::new(), BTreeMap::new());
        for person in all.iter().chain(&others) {
            *register.entry(person.class()).or_default() += 1;
            *register_cells.entry(person.cell()).or_default() += 1;
        }
        People { all, register, register_cells }
    }

    pub fn physicians(&self) -> Vec<Physician> {
        self.all.iter().map(Person::physician).collect()
    }

    pub fn register_size(&self) -> i64 {
        self.register.values().sum()
    }

    /// How many of the register lie in the cell of this person.
    pub fn known_in_cell(&self, of: &Person) -> i64 {
        self.register_cells.get(&of.cell()).copied().unwrap_or(0)
    }

    /// How many members of a class are counted.
    pub fn counted(&self, class: Class) -> i64 {
        i64::try_from(self.all.iter().filter(|p| p.counted && p.class() == class).count()).expect("small")
    }

    /// Some members, drawn for one attack.
    pub fn targets(&self, seed: u64, count: usize) -> Vec<&Person> {
        let mut dice = Dice::new(seed);
        (0..count).map(|_| &self.all[dice.below(self.all.len())]).collect()
    }
}

/// One target in one cell.
pub struct Trial {
    /// Place among the members.
    pub target: usize,
    /// Who that is.
    pub person: Person,
    /// How many members the cell stands for.
    pub weight: f64,
    /// The edge that planted members can bring the cell to, if any.
    pub edge: Option<i64>,
    /// How many others count in the cell by themselves.
    pub others: i64,
    /// How many planted members it takes.
    missing: i64,
}

/// A target in every cell that has somebody who counts in it alone.
pub struct Game {
    pub trials: Vec<Trial>,
}

impl Game {
    pub fn of(people: &People) -> Game {
        let mut counts: BTreeMap<Cell, i64> = BTreeMap::new();
        for person in people.all.iter().filter(|p| p.counted) {
            person.cells().into_iter().for_each(|cell| *counts.entry(cell).or_default() += 1);
        }
        let mut targets: BTreeMap<Cell, usize> = BTreeMap::new();
        for (n, person) in people.all.iter().enumerate().filter(|(_, p)| p.counted && p.cells().len() == 1) {
            targets.entry(person.cell()).or_insert(n);
        }
        let mut cells: Vec<(Cell, usize)> = targets.into_iter().collect();
        let mut dice = Dice::new(5);
        cells.sort_by_cached_key(|_| dice.next());
        let mut trials: Vec<Trial> = Vec::new();
        for (cell, target) in cells {
            // The target itself is out to begin with.
            let others = counts[&cell] - 1;
            let edge = [11, 26, 51, 101].into_iter().find(|edge| others < *edge);
            let edge = edge.filter(|edge| edge - 1 - others <= PLANTED_AT_MOST);
            let missing = edge.map_or(0, |edge| edge - 1 - others);
            let (person, weight) = (people.all[target].clone(), counts[&cell] as f64);
            trials.push(Trial { target, person, weight, edge, others, missing });
        }
        Game { trials }
    }

    /// Whom the attacker brings in, enough to bring each cell just below an edge; they let themselves be counted later.
    pub fn planted(&self) -> Vec<Physician> {
        let all = self.trials.iter().flat_map(|trial| {
            assert!(trial.missing <= PLANTED_AT_MOST);
            let planted = Physician { counted: false, ..trial.person.physician() };
            planted.times(usize::try_from(trial.missing).expect("not negative"))
        });
        all.collect()
    }
}
