//! A company looks at reach bands: within a budget of cells, and never more than a band.

use chrono::{DateTime, Utc};
use domain::CompanyId;
use domain::reach::{Aim, Band, CELLS_PER_COMPANY, Cell, Lattice, PERIOD, REFUSALS_BEFORE_LOCK};
use domain::standing::CompanyStanding;
use store::Conn;
use store::audit::Act;
use store::companies::Company;
use store::reach::Snapshot;

use crate::app::App;
use crate::error::AppError;

/// What a company gets to see of one opening's cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The band, the same for every company and every opening of the cell.
    Shown {
        /// Of which cell.
        cell: Cell,
        /// The band.
        band: Band,
    },
    /// There is no snapshot yet.
    NoSnapshot,
    /// The community is too small for bands.
    TooSmall,
    /// The company has not been approved, or is not in good standing.
    NotApproved,
    /// The company has looked at as many cells as a snapshot allows; the next one comes then.
    Spent(DateTime<Utc>),
    /// The company asked for too many more; an admin has to look at it.
    Locked,
}

/// How a company asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// About one opening: what is over the budget is refused, noted, and leads to the lock.
    Directly,
    /// In passing, on a list of everything it has: what is over the budget is left out and not held against it.
    InPassing,
}

/// The bands of openings, in their order. The first look at a cell is written down before it is answered, in the
/// transaction that counts; a look at a cell that was seen before only reads. What is read and how long it takes do not
/// depend on how many members there are.
///
/// # Errors
/// Database errors only.
pub async fn look_at_reach(
    app: &App,
    company: &Company,
    openings: Vec<Aim>,
    how: Asking,
) -> Result<Vec<Reach>, AppError> {
    if company.standing != CompanyStanding::Approved {
        return Ok(vec![Reach::NotApproved; openings.len()]);
    }
    let (id, wanted) = (company.id.clone(), openings.clone());
    let seen = app.read(move |conn, _| look(conn, &id, &wanted, how, None)).await?;
    if let Some(seen) = seen {
        return Ok(seen);
    }
    let id = company.id.clone();
    let looked = app.write(move |conn, app| look(conn, &id, &openings, how, Some(app.now()))).await?;
    looked.ok_or_else(|| AppError::internal("a look was not written down"))
}

/// Answers from what is there; with `write` notes what is not. `None` when something has to be noted and may not.
fn look(
    conn: &mut Conn,
    company: &CompanyId,
    openings: &[Aim],
    how: Asking,
    write: Option<DateTime<Utc>>,
) -> Result<Option<Vec<Reach>>, AppError> {
    let everywhere = |reach: Reach| Ok(Some(vec![reach; openings.len()]));
    let Some(snapshot) = store::reach::latest(conn)? else { return everywhere(Reach::NoSnapshot) };
    if snapshot.lattice == Lattice::Hidden {
        return everywhere(Reach::TooSmall);
    }
    if store::reach::locked_since(conn, company)?.is_some() {
        return everywhere(Reach::Locked);
    }
    let mut answers = Vec::with_capacity(openings.len());
    for aim in openings {
        let cell = Cell::of(aim, snapshot.lattice);
        let granted = match (store::reach::look(conn, company, snapshot.number, cell)?, write) {
            (Some(granted), _) => granted,
            (None, _) if how == Asking::InPassing && !room(conn, company, &snapshot)? => false,
            (None, None) => return Ok(None),
            (None, Some(now)) => ask(conn, company, &snapshot, cell, how, now)?,
        };
        answers.push(if granted {
            Reach::Shown { cell, band: store::reach::band(conn, snapshot.number, cell)? }
        } else {
            Reach::Spent(snapshot.taken_at + PERIOD)
        });
    }
    Ok(Some(answers))
}

fn room(conn: &mut Conn, company: &CompanyId, snapshot: &Snapshot) -> Result<bool, AppError> {
    Ok(store::reach::asked(conn, company, snapshot.number)?.granted < CELLS_PER_COMPANY)
}

/// Whether a company may look at one more cell; the answer is noted, and too many refusals lead to the lock.
fn ask(
    conn: &mut Conn,
    company: &CompanyId,
    snapshot: &Snapshot,
    cell: Cell,
    how: Asking,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    store::reach::hold(conn, company)?;
    // Another request may have noted the same cell before this one held the row.
    if let Some(granted) = store::reach::look(conn, company, snapshot.number, cell)? {
        return Ok(granted);
    }
    let asked = store::reach::asked(conn, company, snapshot.number)?;
    let granted = asked.granted < CELLS_PER_COMPANY;
    if !granted && how == Asking::InPassing {
        return Ok(false);
    }
    store::reach::note(conn, company, snapshot.number, cell, granted, now)?;
    if !granted && asked.refused + 1 == REFUSALS_BEFORE_LOCK {
        store::reach::lock(conn, company, now)?;
        let act = Act {
            actor: None,
            role: "system",
            action: "company.reach_lock",
            object: "company",
            id: company.as_str(),
            detail: Some("Asked for many more reach bands than a month allows."),
        };
        store::audit::record(conn, &act, now)?;
    }
    Ok(granted)
}
