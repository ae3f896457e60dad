//! The made-up companies: what they are called, what they do and what they say of themselves.

use crate::demo::territories::{ANYWHERE, BAY, CALIFORNIA, COAST, INLAND, NORTH, NORTH_VALLEY, SOUTH, VALLEY};

/// What a company mostly offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    /// QME evaluations in California.
    Qme,
    /// Independent medical evaluations.
    Ime,
    /// Review of records.
    Review,
}

/// How a company stands in the community.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum House {
    /// The one whose owner's sign-in link is printed.
    Leading,
    /// Approved long ago.
    Settled,
    /// Approved lately: an admin looks at its matches before they go out.
    New,
    /// Suspended.
    Suspended,
    /// Waits for approval.
    Pending,
}

/// One company.
pub(super) struct Listed {
    /// Its name; the slug is made from it.
    pub(super) name: &'static str,
    /// What it mostly offers.
    pub(super) focus: Focus,
    /// Its standing.
    pub(super) house: House,
    /// State codes and slugs of markets it works in; empty means everywhere.
    pub(super) territory: &'static [&'static str],
    /// A few words about itself.
    pub(super) about: &'static str,
}

const fn of(
    name: &'static str,
    focus: Focus,
    house: House,
    territory: &'static [&'static str],
    about: &'static str,
) -> Listed {
    Listed { name, focus, house, territory, about }
}

use Focus::{Ime, Qme, Review};
use House::{Leading, New, Pending, Settled, Suspended};

/// All of them.
pub(super) const LISTED: &[Listed] = &[
    of(
        "Harbor Med-Legal Group",
        Qme,
        Leading,
        SOUTH,
        "We run exam days for Qualified Medical Evaluators across Southern California: rooms, record preparation, scheduling and billing. Physicians sign their own reports and keep their own calendars.",
    ),
    of(
        "Sierra Panel Services",
        Qme,
        Settled,
        VALLEY,
        "A Sacramento office that looks after about sixty QMEs in the Central Valley and the foothills, from the first application to reappointment.",
    ),
    of(
        "Golden State Evaluators",
        Qme,
        Settled,
        CALIFORNIA,
        "Exam suites in eleven Californian cities and a small editorial team. We pay on the day a report is served, not on the day it is paid.",
    ),
    of(
        "Pacific Crest Evaluations",
        Qme,
        Settled,
        CALIFORNIA,
        "Founded by two retired claims judges. We take few physicians, train them well and defend their reports when they are questioned.",
    ),
    of(
        "Bluewater QME Management",
        Qme,
        Settled,
        SOUTH,
        "Scheduling, transcription and lien handling for QMEs between San Diego and Santa Barbara.",
    ),
    of(
        "Redwood Medical-Legal",
        Qme,
        Settled,
        NORTH,
        "Northern California only, by choice: short drives, known clinics and the same coordinator for every case.",
    ),
    of(
        "Almond Valley Examiners",
        Qme,
        Settled,
        VALLEY,
        "We bring evaluators to farm country, where injured workers wait longest. Travel and an overnight stay are on us.",
    ),
    of(
        "Mission Bay Med-Legal",
        Qme,
        Settled,
        BAY,
        "Psychiatric and neurological evaluations in the Bay Area, with psychometric testing in house.",
    ),
    of(
        "Ventura Coast Evaluations",
        Qme,
        Settled,
        COAST,
        "A family company in Oxnard. Eighteen evaluators, one telephone line, and someone who answers it.",
    ),
    of(
        "Inland Medical Panels",
        Qme,
        Settled,
        INLAND,
        "Riverside and San Bernardino are our home. Most of our evaluators began here as candidates.",
    ),
    of(
        "Three Rivers Evaluation Network",
        Qme,
        Settled,
        NORTH_VALLEY,
        "From Stockton to Redding, a shared pool of exam rooms and interpreters for independent evaluators.",
    ),
    of(
        "Camino Real Medical-Legal",
        Qme,
        Settled,
        COAST,
        "Bilingual staff in every office from Salinas to San Luis Obispo, because half of the people examined prefer Spanish.",
    ),
    of(
        "Lighthouse Independent Exams",
        Ime,
        Settled,
        ANYWHERE,
        "Independent medical evaluations for insurers and self-insured employers in thirty states. Physicians choose dates; we fill them.",
    ),
    of(
        "Meridian IME Partners",
        Ime,
        Settled,
        ANYWHERE,
        "We arrange examinations for disability and liability carriers and read every report twice before it goes out.",
    ),
    of(
        "Cornerstone Evaluations",
        Ime,
        Settled,
        &["IL", "IN", "WI", "IA", "MO"],
        "A physician-owned examination company from Chicago, working in the Midwest since 2009.",
    ),
    of(
        "Bluebonnet Medical Exams",
        Ime,
        Settled,
        &["TX"],
        "Texas examinations with Texas staff: we know the forms, the carriers and the roads.",
    ),
    of(
        "Keystone Independent Medicine",
        Ime,
        Settled,
        &["PA", "NJ"],
        "Pennsylvania and New Jersey. Our examiners see four people a day at most, so that nobody is hurried.",
    ),
    of(
        "Peachtree Exam Services",
        Ime,
        Settled,
        &["GA", "NC", "SC"],
        "Orthopaedic, neurological and psychiatric examinations in Georgia and the Carolinas for carriers and law firms on both sides.",
    ),
    of(
        "Evergreen IME Cooperative",
        Ime,
        Settled,
        &["WA", "OR", "CA"],
        "Owned by its examiners. Fees are split by a published table, and every member sees the books.",
    ),
    of(
        "High Plains Examinations",
        Ime,
        Settled,
        &["CO", "WY", "NE"],
        "We cover long distances so that injured people do not have to: clinics rotate through Colorado, Wyoming and Nebraska.",
    ),
    of(
        "Gulf Shore Medical Evaluations",
        Ime,
        Settled,
        &["FL", "AL", "LA"],
        "Examinations in Florida, Alabama and Louisiana, with records indexed before you open the file.",
    ),
    of(
        "Liberty Bell Medical Consultants",
        Ime,
        Settled,
        &["PA", "MD", "VA", "DC", "MA", "CT"],
        "Second opinions and fitness-for-duty examinations for public employers on the East Coast.",
    ),
    of(
        "Great Lakes IME Bureau",
        Ime,
        Settled,
        &["MI", "OH", "WI"],
        "Michigan, Ohio and Wisconsin. A transcriptionist and a case nurse come with every exam day.",
    ),
    of(
        "Desert Sun Evaluations",
        Ime,
        Settled,
        &["AZ", "NV", "NM"],
        "Arizona, Nevada and New Mexico. We schedule around your practice, never the other way round.",
    ),
    of(
        "Empire Exam Associates",
        Ime,
        Settled,
        &["NY"],
        "Manhattan, the boroughs and Long Island; no-fault and compensation examinations with interpreters on call.",
    ),
    of(
        "Northbridge Medical Opinions",
        Review,
        Settled,
        ANYWHERE,
        "Written opinions on long-term disability claims. No examinations, no telephone calls, clear questions.",
    ),
    of(
        "Fairwind Peer Review",
        Review,
        Settled,
        ANYWHERE,
        "Peer review for health plans by physicians who still see patients. Every case is matched by specialty and state.",
    ),
    of(
        "Quiet Desk Reviews",
        Review,
        Settled,
        ANYWHERE,
        "Record review from home in a browser: files are indexed, searchable and never sent by e-mail.",
    ),
    of(
        "Clearwater Utilization Partners",
        Review,
        Settled,
        ANYWHERE,
        "Utilization review for regional plans. Short files, set questions, paid twice a month.",
    ),
    of(
        "Sandstone File Review",
        Review,
        Settled,
        ANYWHERE,
        "We summarise, you decide: nurses prepare a timeline of the records, and physicians answer what only physicians can.",
    ),
    of(
        "Parallel Medical Consulting",
        Review,
        Settled,
        ANYWHERE,
        "Standard-of-care and causation reviews for counsel. Conflicts are checked before you see a name.",
    ),
    of(
        "Maple Street Disability Review",
        Review,
        Settled,
        ANYWHERE,
        "A small team that reviews disability files for pension funds, with two working weeks for every answer.",
    ),
    of(
        "Wayfarer Med-Legal",
        Qme,
        New,
        CALIFORNIA,
        "New in California after ten years of examinations in Oregon. We start with a handful of evaluators and exam rooms in three cities.",
    ),
    of(
        "Tidepool Evaluations",
        Qme,
        New,
        SOUTH,
        "Two former QME coordinators who set up on their own this autumn, with a calendar physicians can edit themselves.",
    ),
    of(
        "Granite State Exams",
        Ime,
        New,
        &["NH", "ME", "VT"],
        "Examinations in northern New England, begun this year by a retired orthopaedic surgeon.",
    ),
    of(
        "Second Reading Medical",
        Review,
        New,
        ANYWHERE,
        "Independent second reviews of denied claims, by physicians in the specialty of the treating doctor.",
    ),
    of("Rapid Panel Solutions", Qme, Suspended, CALIFORNIA, "High-volume evaluations with fast turnaround."),
    of(
        "Juniper Medical-Legal",
        Qme,
        Pending,
        VALLEY,
        "A new evaluation office in Fresno, looking for its first three physicians.",
    ),
    of(
        "Crosswind IME Services",
        Ime,
        Pending,
        &["KS", "OK", "NE"],
        "Examinations for trucking and aviation employers in the Plains states.",
    ),
    of(
        "Paper Lantern Reviews",
        Review,
        Pending,
        ANYWHERE,
        "Remote review of behavioural health files for county plans.",
    ),
];

/// The slug of a name: lower case, words joined by hyphens.
pub(super) fn slug(name: &str) -> String {
    name.to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::place::{Market, State};

    use super::*;

    #[test]
    fn forty_different_companies() {
        let count = |house| LISTED.iter().filter(|l| l.house == house).count();
        assert_eq!(LISTED.len(), 40);
        assert_eq!(count(Pending), 3);
        assert_eq!(count(Suspended), 1);
        assert_eq!(count(Leading) + count(Settled) + count(New), 36);
        let slugs: BTreeSet<String> = LISTED.iter().map(|l| slug(l.name)).collect();
        let abouts: BTreeSet<&str> = LISTED.iter().map(|l| l.about).collect();
        assert_eq!((slugs.len(), abouts.len()), (40, 40));
        for place in LISTED.iter().flat_map(|l| l.territory) {
            let known = Market::parse(place).is_some() || State::parse(place).is_some();
            assert!(known, "{place}");
        }
        assert_eq!(slug("Harbor Med-Legal Group"), "harbor-med-legal-group");
    }
}
