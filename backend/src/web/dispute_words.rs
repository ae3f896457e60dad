//! Disputes in the words that both sides read.

use domain::dispute::{DisputeKind, Side};
use frontend::Private;
use frontend::pages::{Dispute as DisputePage, DisputeLine};
use frontend::view::{Choice, Fact, Link, Tag};
use store::disputes::Dispute;
use store::{Conn, StoreError};

use super::words::{day, moment, public_title};
use crate::error::AppError;

/// Where a reader stands, and where their pages are.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    /// Their side.
    pub(super) side: Side,
    /// The list of reports; each stands below it.
    pub(super) path: &'static str,
}

/// The physician.
pub(super) const MEMBER: Reader = Reader { side: Side::Member, path: "/disputes" };
/// The company.
pub(super) const COMPANY: Reader = Reader { side: Side::Company, path: "/company/disputes" };

/// What a side can report.
pub(super) fn kinds(side: Side) -> Vec<Choice> {
    let kinds = DisputeKind::ALL.iter().filter(|kind| kind.is_for(side));
    kinds.map(|kind| Choice::new(kind.as_str(), kind.label())).collect()
}

/// What it is about: the opening, or the company.
///
/// # Errors
/// Database errors only.
pub(super) fn about(conn: &mut Conn, of: &Dispute, reader: Reader) -> Result<String, AppError> {
    let title = match &of.opening {
        Some(id) => match store::openings::find(conn, id) {
            Ok(opening) => Some(format!("“{}”", public_title(&opening))),
            Err(StoreError::NotFound) => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let company = store::companies::find(conn, &of.company)?.name;
    Ok(match (title, reader.side) {
        (Some(title), Side::Company) => title,
        (Some(title), Side::Member) => format!("{}, {title}", company),
        (None, _) => company,
    })
}

/// How it stands, in one tag.
pub(super) fn state(of: &Dispute, reader: Reader) -> Tag {
    match &of.decided {
        Some(_) => Tag::new("ok", "Decided"),
        None if of.side != reader.side && of.can_be_answered() => Tag::new("warn", "You can answer"),
        None => Tag::new("warn", "An admin looks at it"),
    }
}

/// Who reported, as the reader says it.
fn by(of: &Dispute, reader: Reader) -> &'static str {
    match (of.side == reader.side, of.side, reader.side) {
        (true, _, Side::Member) => "You",
        (true, _, Side::Company) => "Your company",
        (false, Side::Member, _) => "The physician",
        (false, Side::Company, _) => "The company",
    }
}

/// One line of a list.
///
/// # Errors
/// Database errors only.
pub(super) fn line(conn: &mut Conn, of: &Dispute, reader: Reader) -> Result<DisputeLine, AppError> {
    Ok(DisputeLine {
        href: format!("{}/{}", reader.path, of.id),
        about: about(conn, of, reader)?,
        kind: of.kind.label().to_owned(),
        by: by(of, reader).to_owned(),
        state: state(of, reader),
        since: day(of.opened_at.date_naive()),
    })
}

/// The page of one report. `text` is the reader's own; `may_answer` says whether the reader's role lets them.
///
/// # Errors
/// Database errors only.
pub(super) fn page(
    conn: &mut Conn,
    of: &Dispute,
    reader: Reader,
    text: Option<Private>,
    may_answer: bool,
) -> Result<DisputePage, AppError> {
    let mut facts = vec![
        Fact::new("What", of.kind.label()),
        Fact::new("Reported", format!("{}, {}", by(of, reader), moment(of.opened_at))),
    ];
    facts.extend(of.answered_at.map(|at| Fact::new("Answered", moment(at))));
    facts.extend(of.decided.as_ref().map(|decided| Fact::new("Decided", moment(decided.at))));
    let answers = may_answer && of.side != reader.side && of.can_be_answered();
    Ok(DisputePage {
        about: about(conn, of, reader)?,
        back: Link::new(reader.path, "All reports"),
        state: state(of, reader),
        facts,
        text,
        outcome: of.decided.as_ref().map(|decided| decided.outcome.label().to_owned()),
        words: of.decided.as_ref().map(|decided| decided.words.clone()).unwrap_or_default(),
        answer_action: answers.then(|| format!("{}/{}/answer", reader.path, of.id)),
        answer: Private::default(),
        errors: Vec::new(),
    })
}
