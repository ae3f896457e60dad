//! Titles and descriptions of made-up openings, put together from parts.

use domain::Kind;

use crate::demo::dice::Dice;

/// What the sentences speak of.
pub(super) struct Subject<'a> {
    pub(super) kind: Kind,
    /// Done at a desk anywhere.
    pub(super) remote: bool,
    pub(super) takes_candidates: bool,
    /// The first specialty, or none for any (only reviews are open to any).
    pub(super) specialty: Option<&'a str>,
    /// The first market, or none for remote work.
    pub(super) city: Option<&'a str>,
    /// All markets in words.
    pub(super) places: &'a str,
    /// Work in a month.
    pub(super) volume: &'a str,
}

impl Subject<'_> {
    fn fill(&self, text: &str) -> String {
        text.replace("{specialty}", self.specialty.unwrap_or("any specialty"))
            .replace("{city}", self.city.unwrap_or("your home"))
            .replace("{places}", self.places)
            .replace("{volume}", self.volume)
    }

    /// One line, and two to four paragraphs: the work, the records and the help, what is paid for, who fits.
    pub(super) fn title_and_description(&self, dice: &mut Dice) -> (String, String) {
        let (title, work) = self.opening(dice);
        let (records, support, paid) = match self.kind {
            Kind::Qme | Kind::Ime => (EXAM_RECORDS, EXAM_SUPPORT, EXAM_PAID),
            Kind::ChartReview => (REVIEW_RECORDS, REVIEW_SUPPORT, REVIEW_PAID),
        };
        let mut paragraphs =
            vec![format!("{work} {}", dice.pick(AMOUNT)), format!("{} {}", dice.pick(records), dice.pick(support))];
        if dice.chance(75) {
            paragraphs.push((*dice.pick(paid)).to_owned());
        }
        if self.takes_candidates {
            paragraphs.push((*dice.pick(CANDIDATES)).to_owned());
        } else if dice.chance(45) {
            paragraphs.push((*dice.pick(WHO_FITS)).to_owned());
        }
        (self.fill(title), self.fill(&paragraphs.join("\n\n")))
    }

    /// The title and the first sentences, which belong together.
    fn opening(&self, dice: &mut Dice) -> (&'static str, &'static str) {
        match (self.kind, self.specialty) {
            (Kind::Qme, _) if self.takes_candidates => (*dice.pick(CANDIDATE_TITLES), *dice.pick(QME_WORK)),
            (Kind::Qme, _) => (*dice.pick(QME_TITLES), *dice.pick(QME_WORK)),
            (Kind::Ime, _) => (*dice.pick(IME_TITLES), *dice.pick(IME_WORK)),
            (Kind::ChartReview, None) => (*dice.pick(ANY_TITLES), *dice.pick(ANY_WORK)),
            (Kind::ChartReview, Some(_)) => {
                let review = dice.pick(REVIEWS);
                let title = if self.remote { review.remote } else { review.desk };
                (title, review.work)
            }
        }
    }
}

const QME_TITLES: &[&str] = &[
    "Panel QME evaluations in {city}: {specialty}",
    "{specialty} QME, {city}",
    "QME exam days in {city}: {specialty}",
    "{specialty}: QME evaluations in and around {city}",
    "{specialty}: steady QME calendar in {city}",
    "A second QME office in {city}? {specialty}",
];
const CANDIDATE_TITLES: &[&str] = &[
    "{specialty} QME or QME candidate, {city}",
    "Becoming a QME in {specialty}: start in {city}",
    "{specialty} QME work in {city}, candidates welcome",
    "First QME cases in {specialty}, {city}",
];
const IME_TITLES: &[&str] = &[
    "Independent medical evaluations in {city}: {specialty}",
    "{specialty} examiner for IMEs, {city}",
    "{specialty}: disability and liability IMEs, {city}",
    "IME days in {city}: {specialty}",
    "IME examiner in {specialty}, {city}",
    "{specialty} IMEs in and around {city}",
];

const QME_WORK: &[&str] = &[
    "You would examine injured workers whose cases came to you by state panel, in exam rooms in {places}, and write and sign your own reports in {specialty}.",
    "We are looking for a physician in {specialty} to take panel evaluations in {places}. You choose your exam days three months ahead; we fill them and keep them filled.",
    "The work is comprehensive and follow-up QME evaluations in {specialty}, seen in {places}, with supplemental reports when the parties ask for them.",
    "Our evaluators in {specialty} are booked out, and workers in {places} wait too long. You would share the calendar and take panels of your own.",
    "You would see people in {places} for medical-legal evaluations in {specialty}: history, exam, review of records, and an opinion that answers the questions put to you.",
    "An evaluator in {specialty} retires at the end of the quarter. You would take over the exam days and the staff in {places}.",
];
const IME_WORK: &[&str] = &[
    "You would carry out independent medical evaluations in {specialty} in {places}, mostly for disability and liability carriers, and answer a short list of questions for each.",
    "The work is one-time examinations in {places}. There is no treatment and no follow-up; the report in {specialty} is all that is wanted.",
    "We need a physician in {specialty} for examinations in {places}: impairment, work capacity and whether care was reasonable. Cases come from both sides.",
    "You would examine people in {places} for employers and carriers that want an opinion in {specialty} from someone who still sees patients.",
    "The work is half-day sessions in {places}, three or four people each, with dictation between them. Reports in {specialty} follow a plain outline of two to five pages.",
];

/// A title of a review and the work that goes with it.
struct Review {
    remote: &'static str,
    desk: &'static str,
    work: &'static str,
}

const REVIEWS: &[Review] = &[
    Review {
        remote: "Disability file review: {specialty}",
        desk: "Disability file review in {city}: {specialty}",
        work: "The work is written opinions in {specialty} on files from disability insurers: diagnosis, limits, and what the records do and do not support.",
    },
    Review {
        remote: "{specialty} peer review from home",
        desk: "{specialty} peer review, {city} office",
        work: "Health plans ask us for a second look by a physician in {specialty} when a request was denied. You would read the file, name the guideline you used and decide.",
    },
    Review {
        remote: "Utilization review for {specialty}, remote",
        desk: "Utilization review afternoons in {city}: {specialty}",
        work: "You would decide requests for treatment in {specialty} that a nurse could not approve, by the plan's written criteria, and speak with the treating physician when that helps.",
    },
    Review {
        remote: "Causation and standard-of-care review: {specialty}",
        desk: "Causation review in {city}: {specialty}",
        work: "You would review files for counsel and say what happened, in what order, and whether the care met the standard in {specialty}.",
    },
    Review {
        remote: "{specialty}: chart review at your own hours",
        desk: "Chart review in {city}: {specialty}",
        work: "You would take files in {specialty} from a queue whenever you have time, and hand back any that do not suit you.",
    },
    Review {
        remote: "Remote record review: {specialty}",
        desk: "Record review in {city}: {specialty}",
        work: "You would read indexed medical records and answer set questions in {specialty}. There is no examination and no contact with the person concerned.",
    },
    Review {
        remote: "Second-opinion file review: {specialty}",
        desk: "Second-opinion file review in {city}: {specialty}",
        work: "Nurses prepare a timeline of each file. You would check it, answer the questions put to a physician in {specialty} and sign.",
    },
];

/// For openings to any specialty.
const ANY_TITLES: &[&str] = &[
    "Record review for physicians of any specialty",
    "File review by practising physicians, all specialties",
    "General file review, any specialty",
];
const ANY_WORK: &[&str] = &[
    "You would read general medical files and answer set questions about treatment and work capacity. Any specialty will do; what counts is care with records.",
    "The work is short opinions on files from pension funds and health plans. We match each file to what you practise.",
];

const AMOUNT: &[&str] = &[
    "Expect {volume}.",
    "The volume is {volume}; you can lower it at any time.",
    "At present this means {volume}, and it has been steady for a year.",
    "We plan for {volume} at first and grow only if you wish.",
    "Most physicians here do {volume}.",
];

const EXAM_RECORDS: &[&str] = &[
    "Records arrive two weeks before the exam, in order of date, with duplicates taken out.",
    "Every file is indexed and searchable; a cover sheet lists what was sent and what is missing.",
    "Our nurses write a summary of records that you may use or leave aside.",
    "A typical file has 200 to 600 pages. Larger ones are announced, and you may refuse them.",
    "You read on our secure site or on paper, as you like; paper is brought and taken away again.",
];
const REVIEW_RECORDS: &[&str] = &[
    "Files run from 80 to 400 pages, indexed and searchable in a browser.",
    "Most files can be read in under two hours; long ones are split and paid by the hour.",
    "Records stay on our site: nothing is mailed, printed or stored on your machine.",
    "Each file comes with no more than six questions, and a conflict check is done before you open it.",
];
const EXAM_SUPPORT: &[&str] = &[
    "A coordinator deals with scheduling, letters and telephone calls.",
    "Transcription comes back the next working day, and an editor checks form, never opinion.",
    "The first five reports are read together with a physician who has done this for years.",
    "Billing, collection and objections to bills are our business.",
    "If a report is questioned or you are deposed, someone who knows the case prepares you.",
    "There are templates for the formal parts; the reasoning is yours.",
];
const REVIEW_SUPPORT: &[&str] = &[
    "The first five opinions are read together with a physician who has done this for years.",
    "An editor checks form, never opinion.",
    "A case manager answers the same day when a page is missing or a question is unclear.",
    "There are templates for the formal parts; the reasoning is yours.",
    "You can dictate or type, and save a half-finished opinion.",
];
const EXAM_PAID: &[&str] = &[
    "We pay for rooms, staff, transcription and interpreters. Missed appointments are paid as well.",
    "You are paid within ten days of signing, whether or not the carrier has paid us.",
    "Rooms, software and liability cover for this work are on us; travel above forty miles is reimbursed.",
    "We cover the exam room, a medical assistant and mileage. Supplemental reports and depositions are paid apart.",
    "There is no non-compete and no minimum. Either side may end it with thirty days' notice.",
];
const REVIEW_PAID: &[&str] = &[
    "Payment is twice a month by transfer. Calls with counsel, if ever needed, are paid by the hour.",
    "Time spent on files that turn out to be incomplete is paid too.",
    "There is no minimum and no shift. A file you have accepted is due in five working days.",
    "We pay for the reading software and for access to the guidelines you need.",
];
const CANDIDATES: &[&str] = &[
    "You need not be appointed yet. We help with the application, the course and the first reports, and cases begin when the appointment does.",
    "Candidates are welcome: sit in on exam days, draft with an evaluator, and take your own panels once you are appointed.",
    "If you are on the way to appointment, tell us how far you are. Three of our evaluators started like this last year.",
];
const WHO_FITS: &[&str] = &[
    "It suits physicians in active practice who like to reason in writing and keep to dates.",
    "We look for plain language and fair opinions. Who asked the question must not show in the answer.",
    "Experience with medical-legal reports helps but is not needed; patience with records is.",
    "You should be at ease saying that the records do not answer a question.",
    "Physicians who left full-time practice in the last two years are welcome.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_filled_and_fits_its_field() {
        let mut dice = Dice::new(5);
        for kind in Kind::ALL {
            for _ in 0..300 {
                let subject = Subject {
                    kind: *kind,
                    remote: dice.chance(50),
                    takes_candidates: dice.chance(30),
                    specialty: Some("Physical Medicine & Rehabilitation"),
                    city: Some("San Luis Obispo, CA"),
                    places: "San Luis Obispo, CA and Santa Maria, CA",
                    volume: "8 to 12 evaluations a month",
                };
                let (title, text) = subject.title_and_description(&mut dice);
                assert!(title.chars().count() <= 120, "{title}");
                assert!(!title.contains('{') && !text.contains('{'), "{title}: {text}");
                assert!((2..=4).contains(&text.split("\n\n").count()), "{text}");
            }
        }
    }
}
