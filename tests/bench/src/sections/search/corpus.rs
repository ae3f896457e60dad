//! The openings with their words, and what people look for.

use domain::Kind;
use domain::candidate::Offer;
use domain::opening::Terms;
use domain::pay::PayBasis;
use domain::place::Market;
use domain::specialty::Specialty;
use rand::Rng;
use rand::seq::IndexedRandom;

use crate::generate::{Generator, in_parallel};
use crate::notices::Notice;

/// How many queries there are.
const QUERIES: usize = 300;
/// What people call specialties.
const SYNONYMS: [&str; 8] = ["physiatry", "ortho", "psych", "neuro", "pain management", "pmr", "ent", "cardiologist"];

/// What a query is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum QueryKind {
    SpecialtyCity,
    Synonym,
    Word,
    TwoWords,
    KindSpecialty,
    KindWord,
}

impl QueryKind {
    pub(super) const ALL: [Self; 6] =
        [Self::SpecialtyCity, Self::Synonym, Self::Word, Self::TwoWords, Self::KindSpecialty, Self::KindWord];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::SpecialtyCity => "specialty_city",
            Self::Synonym => "synonym",
            Self::Word => "word",
            Self::TwoWords => "two_words",
            Self::KindSpecialty => "kind_specialty",
            Self::KindWord => "kind_word",
        }
    }
}

/// The openings.
pub(super) struct Corpus {
    pub(super) openings: Vec<(Offer, Notice)>,
}

/// An opening as the databases hold it: one value for each facet, which is less than the index counts.
pub(super) struct Row<'a> {
    pub(super) id: &'a str,
    pub(super) notice: &'a Notice,
    /// Other names of what it names.
    pub(super) aliases: String,
    /// Kind, first specialty, first market and its state, band of pay; -1 for none.
    pub(super) facets: [i32; 5],
}

impl Corpus {
    pub(super) fn of(made: &Generator, count: u32) -> Self {
        let openings = in_parallel(count, |number| {
            let offer = made.offer(number);
            let notice = made.notice(number, &offer);
            (offer, notice)
        });
        Self { openings }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.openings.iter().map(|(offer, notice)| Row {
            id: offer.opening.as_str(),
            notice,
            aliases: aliases(&offer.terms),
            facets: facets(&offer.terms),
        })
    }

    /// Openings whose description has the word.
    pub(super) fn with_word(&self, word: &str) -> Vec<String> {
        let has = |notice: &Notice| notice.description.split(' ').any(|w| w == word);
        let found = self.openings.iter().filter(|(_, notice)| has(notice));
        found.map(|(offer, _)| offer.opening.as_str().to_owned()).collect()
    }

    /// What people type, every kind as often.
    pub(super) fn queries(&self, made: &Generator) -> Vec<(QueryKind, String)> {
        let mut rng = made.other(41);
        let kinds = QueryKind::ALL.iter().cycle().take(QUERIES);
        kinds.map(|kind| (*kind, query(*kind, made, &mut rng))).collect()
    }
}

fn query(kind: QueryKind, made: &Generator, rng: &mut impl Rng) -> String {
    let (world, wording) = (made.world(), made.wording());
    match kind {
        QueryKind::SpecialtyCity => {
            let market = world.market(world.states.pick(rng), rng);
            format!("{} {}", world.med_legal.pick(rng).name(), city(market))
        }
        QueryKind::Synonym => (*SYNONYMS.choose(rng).expect("there are synonyms")).to_owned(),
        QueryKind::Word => wording.any(rng).to_owned(),
        QueryKind::TwoWords => {
            format!("{} {}", wording.common(rng.random_range(0..200)), wording.common(rng.random_range(0..400)))
        }
        QueryKind::KindSpecialty => format!("qme {}", world.med_legal.pick(rng).name()),
        QueryKind::KindWord => format!("chart review {}", wording.common(rng.random_range(0..300))),
    }
}

/// A market's name without its state.
fn city(market: Market) -> String {
    let label = market.label();
    label.split(',').next().unwrap_or(&label).to_owned()
}

/// The names by which the index finds it too, as far as anybody else can know them.
fn aliases(terms: &Terms) -> String {
    let mut names = vec![terms.kind.short().to_owned(), terms.kind.label().to_owned()];
    for specialty in &terms.specialties {
        names.push(specialty.name().to_owned());
        names.extend(specialty.row().synonyms.iter().cloned());
    }
    for market in &terms.markets {
        names.push(market.label());
        names.extend(market.aliases());
        names.extend([market.state().name().to_owned(), market.state().code().to_owned()]);
    }
    // A database has no reading of its own for it.
    names.join(" ").replace("PM&R", "PMR").replace(['\t', '\n', '\\'], " ")
}

fn facets(terms: &Terms) -> [i32; 5] {
    let market = terms.markets.first();
    let kind = Kind::ALL.iter().position(|k| *k == terms.kind).map_or(-1, |n| n as i32);
    let cents = if terms.pay.basis == PayBasis::FeeShare { None } else { terms.pay.best() };
    let band = cents.map_or(-1, |c| [50_000, 100_000, 200_000].iter().filter(|least| c >= **least).count() as i32);
    [
        kind,
        terms.specialties.first().map_or(-1, |s: &Specialty| s.number().into()),
        market.map_or(-1, |m| m.state().number().into()),
        market.map_or(-1, |m| m.number().into()),
        band,
    ]
}
