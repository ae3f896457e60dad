//! The domain's lists with weights, and the companies.

use domain::CompanyId;
use domain::place::{Market, State};
use domain::profile::ProviderClass;
use domain::specialty::Specialty;
use rand::Rng;
use uuid::Uuid;

/// Companies that post openings or are blocked.
const COMPANIES: u64 = 2000;
/// Weight of a physicians' specialty whose number nobody publishes.
const UNCOUNTED: f64 = 1500.0;
/// Specialties that medical-legal openings ask for most.
const MED_LEGAL: [&str; 17] = [
    "orthopaedic-surgery",
    "physical-medicine-rehabilitation",
    "pain-medicine",
    "neurology",
    "psychiatry",
    "occupational-medicine",
    "spine-surgery",
    "hand-surgery",
    "internal-medicine",
    "family-medicine",
    "cardiology",
    "neurological-surgery",
    "rheumatology",
    "pulmonary-disease",
    "otolaryngology",
    "chiropractic",
    "psychology",
];

/// Things to draw by weight.
#[derive(Debug, Clone)]
pub struct Weighted<T> {
    items: Vec<T>,
    sums: Vec<f64>,
}

impl<T: Copy> Weighted<T> {
    fn new(items: impl IntoIterator<Item = (T, f64)>) -> Self {
        let mut total = 0.0;
        let (items, sums) = items
            .into_iter()
            .map(|(item, weight)| {
                total += weight;
                (item, total)
            })
            .unzip();
        Self { items, sums }
    }

    /// One of them.
    pub fn pick(&self, rng: &mut impl Rng) -> T {
        let at = rng.random::<f64>() * self.sums.last().expect("there is something to draw");
        let n = self.sums.partition_point(|sum| *sum <= at);
        self.items[n.min(self.items.len() - 1)]
    }
}

/// What members and openings are drawn from.
pub struct World {
    /// By inhabitants.
    pub states: Weighted<State>,
    /// Of each state by its number; by inhabitants, the statewide entry left out where there is another.
    markets: Vec<Weighted<Market>>,
    statewide: Vec<Option<Market>>,
    /// Physicians' specialties, by active physicians.
    pub physicians: Weighted<Specialty>,
    /// The other professions.
    pub others: Weighted<Specialty>,
    /// What medical-legal openings ask for.
    pub med_legal: Weighted<Specialty>,
    /// Companies.
    pub companies: Vec<CompanyId>,
}

impl World {
    pub(super) fn new() -> Self {
        let of_class = |class: ProviderClass| {
            let all = Specialty::all().filter(move |s| s.row().provider_class == class);
            Weighted::new(all.map(|s| (s, s.row().us_active.map_or(UNCOUNTED, f64::from))))
        };
        let med_legal = MED_LEGAL.iter().map(|slug| Specialty::parse(slug).expect("a specialty of the list"));
        Self {
            states: Weighted::new(State::all().map(|s| (s, f64::from(s.population())))),
            markets: State::all().map(markets).collect(),
            statewide: State::all().map(|s| Market::all().find(|m| m.state() == s && m.is_statewide())).collect(),
            physicians: of_class(ProviderClass::MdDo),
            others: of_class(ProviderClass::NonMd),
            // The first are asked for most.
            med_legal: Weighted::new(med_legal.zip(0..).map(|(s, n)| (s, 1.0 / (2.0 + f64::from(n))))),
            companies: (0..COMPANIES).map(company).collect(),
        }
    }

    /// A market of this state.
    pub fn market(&self, state: State, rng: &mut impl Rng) -> Market {
        self.markets[usize::from(state.number())].pick(rng)
    }

    /// As `market`; now and then the whole state's entry.
    pub fn listed(&self, state: State, rng: &mut impl Rng) -> Market {
        match self.statewide[usize::from(state.number())] {
            Some(market) if rng.random_bool(0.1) => market,
            _ => self.market(state, rng),
        }
    }

    /// One of the companies.
    pub fn company(&self, rng: &mut impl Rng) -> CompanyId {
        self.companies[rng.random_range(0..self.companies.len())].clone()
    }
}

fn markets(state: State) -> Weighted<Market> {
    let all: Vec<Market> = Market::all().filter(|m| m.state() == state).collect();
    let places: Vec<Market> = all.iter().copied().filter(|m| !m.is_statewide()).collect();
    let drawn = if places.is_empty() { all } else { places };
    Weighted::new(drawn.into_iter().map(|m| (m, f64::from(m.population().max(1000)))))
}

fn company(number: u64) -> CompanyId {
    let spread = u128::from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    CompanyId::from_uuid(Uuid::from_u128(spread << 64 | u128::from(number)))
}
