//! The fixed lattice: specialty group, area, kind of work. It depends on nobody's data.

use std::collections::BTreeSet;

use crate::kind::Kind;
use crate::opening::{LicenceRule, Terms};
use crate::place::{Market, State};
use crate::profile::Profile;
use crate::specialty::Specialty;
use crate::words::words;

words! {
    /// How finely the country is cut.
    Lattice {
        /// Every area for itself.
        Fine = "fine",
        /// California and the rest, for a small community.
        Merged = "merged",
        /// Nothing is shown: the community is too small for it.
        Hidden = "hidden",
    }
}

words! {
    /// Specialties that are counted together.
    SpecialtyGroup {
        /// Bones and joints.
        Orthopaedics = "orthopaedics",
        /// Function, pain, work.
        PhysicalMedicine = "physical_medicine",
        /// Brain and nerves.
        Neurology = "neurology",
        /// Mind.
        MentalHealth = "mental_health",
        /// Generalists and organ medicine.
        InternalMedicine = "internal_medicine",
        /// Operating specialties besides bones and nerves.
        Surgery = "surgery",
        /// Eyes, ears, teeth, skin.
        HeadAndSkin = "head_and_skin",
        /// Everything else.
        Other = "other",
    }
}

words! {
    /// Where a physician is at home, or the work is.
    Area {
        /// The coast from San Luis Obispo on, and the desert.
        SouthernCalifornia = "southern_california",
        /// Inland California from Bakersfield to the Oregon line.
        CentralValley = "central_valley",
        /// The bay and the coast from Salinas to the Oregon line.
        BayArea = "bay_area",
        /// The western states without California, and the Pacific territories.
        West = "west",
        /// The Census Bureau's Midwest.
        Midwest = "midwest",
        /// The Census Bureau's South, and the Caribbean territories.
        South = "south",
        /// The Census Bureau's Northeast.
        Northeast = "northeast",
        /// Remote work, with no place named.
        Remote = "remote",
        /// Merged: California.
        California = "california",
        /// Merged: everywhere else, remote included.
        Elsewhere = "elsewhere",
    }
}

words! {
    /// Kinds of work that are counted together.
    Work {
        /// QME evaluations.
        Qme = "qme",
        /// IMEs and chart review.
        ImeOrReview = "ime_or_review",
    }
}

/// Who is in which group; whoever is in none is `Other`.
pub(super) const GROUPS: [(SpecialtyGroup, &[&str]); 7] = [
    (SpecialtyGroup::Orthopaedics, &["orthopaedic-surgery", "hand-surgery", "spine-surgery", "sports-medicine"]),
    (
        SpecialtyGroup::PhysicalMedicine,
        &[
            "physical-medicine-rehabilitation",
            "pain-medicine",
            "anesthesiology",
            "occupational-medicine",
            "preventive-medicine",
            "chiropractic",
            "acupuncture",
        ],
    ),
    (SpecialtyGroup::Neurology, &["neurology", "neurological-surgery"]),
    (SpecialtyGroup::MentalHealth, &["psychiatry", "child-adolescent-psychiatry", "psychology"]),
    (
        SpecialtyGroup::InternalMedicine,
        &[
            "internal-medicine",
            "family-medicine",
            "geriatric-medicine",
            "allergy-immunology",
            "cardiology",
            "critical-care",
            "endocrinology",
            "gastroenterology",
            "hematology",
            "infectious-disease",
            "medical-oncology",
            "nephrology",
            "pulmonary-disease",
            "rheumatology",
            "sleep-medicine",
        ],
    ),
    (
        SpecialtyGroup::Surgery,
        &[
            "general-surgery",
            "colon-rectal-surgery",
            "thoracic-surgery",
            "vascular-surgery",
            "plastic-surgery",
            "urology",
            "obstetrics-gynecology",
            "podiatry",
        ],
    ),
    (SpecialtyGroup::HeadAndSkin, &["ophthalmology", "optometry", "otolaryngology", "dentistry", "dermatology"]),
];

/// Markets of the southern coast and the desert of California; and the whole state, whose middle by inhabitants lies
/// there.
pub(super) const SOUTHERN: [&str; 8] =
    ["los-angeles", "riverside", "san-diego", "oxnard", "santa-maria", "san-luis-obispo", "el-centro", "state-ca"];
/// Markets of the bay and the northern coast.
pub(super) const BAY_AREA: [&str; 11] = [
    "san-francisco",
    "san-jose",
    "santa-rosa",
    "vallejo",
    "salinas",
    "santa-cruz",
    "napa",
    "eureka",
    "ukiah",
    "clearlake",
    "crescent-city",
];
/// The regions of the Census Bureau, California and the territories aside.
pub(super) const STATES: [(Area, &str); 3] = [
    (Area::Northeast, "CT ME MA NH NJ NY PA RI VT"),
    (Area::Midwest, "IL IN IA KS MI MN MO NE ND OH SD WI"),
    (Area::South, "AL AR DC DE FL GA KY LA MD MS NC OK SC TN TX VA WV PR VI"),
];

impl SpecialtyGroup {
    /// The group of a specialty.
    #[must_use]
    pub fn of(specialty: Specialty) -> Self {
        let slug = specialty.slug();
        GROUPS.iter().find(|(_, slugs)| slugs.contains(&slug)).map_or(Self::Other, |(group, _)| *group)
    }

    /// The name people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Orthopaedics => "Orthopaedics",
            Self::PhysicalMedicine => "Physical, pain and occupational medicine",
            Self::Neurology => "Neurology and neurosurgery",
            Self::MentalHealth => "Psychiatry and psychology",
            Self::InternalMedicine => "Internal and family medicine",
            Self::Surgery => "Surgery",
            Self::HeadAndSkin => "Eyes, ears, teeth and skin",
            Self::Other => "Other specialties",
        }
    }
}

impl Area {
    /// The area of a market.
    #[must_use]
    pub fn of_market(market: Market) -> Self {
        match market.slug() {
            slug if SOUTHERN.contains(&slug) => Self::SouthernCalifornia,
            slug if BAY_AREA.contains(&slug) => Self::BayArea,
            _ if market.state() == State::california() => Self::CentralValley,
            _ => Self::of_state(market.state()),
        }
    }

    /// The area of a state; of California its south, where most people live.
    #[must_use]
    pub fn of_state(state: State) -> Self {
        if state == State::california() {
            return Self::SouthernCalifornia;
        }
        let named = STATES.iter().find(|(_, codes)| codes.split(' ').any(|code| code == state.code()));
        named.map_or(Self::West, |(area, _)| *area)
    }

    /// The area as a lattice cuts the country.
    #[must_use]
    const fn on(self, lattice: Lattice) -> Self {
        match (lattice, self) {
            (Lattice::Fine, area) => area,
            (_, Self::SouthernCalifornia | Self::CentralValley | Self::BayArea | Self::California) => Self::California,
            _ => Self::Elsewhere,
        }
    }

    /// The areas of a lattice.
    const fn all(lattice: Lattice) -> &'static [Self] {
        match lattice {
            Lattice::Fine => &[
                Self::SouthernCalifornia,
                Self::CentralValley,
                Self::BayArea,
                Self::West,
                Self::Midwest,
                Self::South,
                Self::Northeast,
                Self::Remote,
            ],
            Lattice::Merged => &[Self::California, Self::Elsewhere],
            Lattice::Hidden => &[],
        }
    }

    /// The name people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::SouthernCalifornia => "Southern California",
            Self::CentralValley => "Central Valley and Sierra",
            Self::BayArea => "Bay Area and north coast",
            Self::West => "West outside California",
            Self::Midwest => "Midwest",
            Self::South => "South",
            Self::Northeast => "Northeast",
            Self::Remote => "remote, no place named",
            Self::California => "California",
            Self::Elsewhere => "outside California",
        }
    }
}

impl Work {
    /// The class of a kind.
    #[must_use]
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Qme => Self::Qme,
            Kind::Ime | Kind::ChartReview => Self::ImeOrReview,
        }
    }

    /// The name people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Qme => "QME evaluations",
            Self::ImeOrReview => "IMEs and chart review",
        }
    }
}

/// What of an opening decides its cell. Nothing else does: not its pay, not its text, not what else it demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim {
    /// Kind of work.
    pub kind: Kind,
    /// The first specialty; nothing stands for any.
    pub specialty: Option<Specialty>,
    /// The first market; nothing for work that is remote alone.
    pub market: Option<Market>,
    /// The first state whose licence remote work names.
    pub state: Option<State>,
}

impl From<&Terms> for Aim {
    fn from(terms: &Terms) -> Self {
        let states: &[State] = match &terms.licence {
            LicenceRule::OneOf(states) => states,
            LicenceRule::StateOfWork | LicenceRule::NotNeeded => &[],
        };
        Self {
            kind: terms.kind,
            specialty: terms.specialties.first().copied(),
            market: terms.markets.first().copied(),
            state: states.first().copied(),
        }
    }
}

/// One cell of the lattice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    group: SpecialtyGroup,
    area: Area,
    work: Work,
}

impl Cell {
    /// Every cell of a lattice.
    #[must_use]
    pub fn all(lattice: Lattice) -> Vec<Self> {
        let mut all = Vec::new();
        for group in SpecialtyGroup::ALL {
            for area in Area::all(lattice) {
                all.extend(Work::ALL.iter().map(|work| Self { group: *group, area: *area, work: *work }));
            }
        }
        all
    }

    /// The one cell of an opening: that of its first specialty and its first market. An opening for any specialty is
    /// shown with the generalists, and work that is remote alone with the first state it names.
    #[must_use]
    pub fn of(aim: &Aim, lattice: Lattice) -> Self {
        let place = aim.market.map(Area::of_market).or_else(|| aim.state.map(Area::of_state));
        Self {
            group: aim.specialty.map_or(SpecialtyGroup::InternalMedicine, SpecialtyGroup::of),
            area: place.unwrap_or(Area::Remote).on(lattice),
            work: Work::of(aim.kind),
        }
    }

    /// The cells a member counts in: one group (the main specialty), one area (the first base, else the first market,
    /// else remote when that is all they take, else the first licence), and a cell for each kind of work wanted. So at
    /// most two, however long the lists of a profile: what a snapshot can tell of a member grows with every cell.
    #[must_use]
    pub fn of_profile(profile: &Profile, lattice: Lattice) -> Vec<Self> {
        let base = profile.bases.first().map(|b| b.market).or_else(|| profile.markets.first().copied());
        let remote = profile.remote.then_some(Area::Remote);
        let licence = profile.licences.first().map(|l| Area::of_state(l.state));
        let area = base.map(Area::of_market).or(remote).or(licence);
        let (Some(specialty), Some(area)) = (profile.primary(), area) else { return Vec::new() };
        let works: BTreeSet<Work> = profile.interests.iter().map(|kind| Work::of(*kind)).collect();
        let group = SpecialtyGroup::of(specialty);
        works.into_iter().map(|work| Self { group, area: area.on(lattice), work }).collect()
    }

    /// The one spelling used in the database and for the noise.
    #[must_use]
    pub fn key(self) -> String {
        format!("{}/{}/{}", self.group, self.area, self.work)
    }

    /// The name people read.
    #[must_use]
    pub fn label(self) -> String {
        format!("{}, {}, {}", self.group.label(), self.area.label(), self.work.label())
    }
}
