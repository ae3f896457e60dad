//! An admin writes to the members whom a live opening fits and who let admins write to them, without learning who they are.

use domain::limits::Act;
use domain::opening::OpeningStatus;
use domain::outreach::OutreachText;
use domain::{MemberId, OpeningId, OutreachId};
use serde::Deserialize;
use store::openings::Opening;
use store::outreach::{Outreach, Share};
use store::{Conn, StoreError, audit};

use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;
use crate::jobs::{self, Job, Work};
use crate::mail::outreach::{against, queue};
use crate::{errand, random};

/// Members who are read, judged and written to in one transaction.
const CHUNK: usize = 100;

/// An outreach as the API takes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutreachInput {
    /// About which opening.
    pub opening_id: String,
    /// What is written.
    pub text: String,
}

/// How many members would get a mail now; nothing for an opening that is not live.
///
/// # Errors
/// `NotFound`, also for a draft, which is its company's own until it is sent for review.
pub fn count_reachable(conn: &mut Conn, app: &App, id: &OpeningId) -> Result<(Opening, Option<usize>), AppError> {
    let now = app.now();
    let opening = store::openings::find(conn, id)?;
    if opening.liveness.status == OpeningStatus::Draft {
        return Err(AppError::NotFound);
    }
    if !opening.liveness.is_live(now) {
        return Ok((opening, None));
    }
    let rules = store::facts::rulebook(conn)?;
    let mut count = 0;
    let all = store::matches::open_to_outreach(conn, id, opening.revision)?;
    for part in all.chunks(CHUNK) {
        for member in store::members::by_ids(conn, part)? {
            let free = !store::outreach::had_one(conn, &member.id, now)?;
            if free && against(conn, &rules, &opening, opening.revision, &member, now)?.is_none() {
                count += 1;
            }
        }
    }
    Ok((opening, Some(count)))
}

/// Orders an outreach; a job writes the mails. Nobody is written to twice under it.
///
/// # Errors
/// `NotFound`; `Invalid` for a wrong text; `Conflict` when the opening is not live, nobody can be written to, or the
/// operator has set no postal address; `TooMany`.
pub fn reach_out(
    conn: &mut Conn,
    app: &App,
    admin: &SignedAdmin,
    id: &OpeningId,
    text: &str,
) -> Result<(Outreach, usize), AppError> {
    let (opening, count) = count_reachable(conn, app, id)?;
    let count = may_begin(app, count)?;
    let text = OutreachText::parse(text)?;
    if count == 0 {
        return Err(AppError::Conflict(
            "Nobody whom this opening fits lets admins write to them now. Nothing was sent.",
        ));
    }
    errand::take(conn, app, Act::ReachOut, admin.account().as_str())?;
    let new = Outreach {
        id: random::id(OutreachId::from_uuid),
        opening: opening.id,
        revision: opening.revision,
        text: text.as_str().to_owned(),
        at: app.now(),
        done_at: None,
    };
    store::outreach::create(conn, &new, admin.account())?;
    jobs::add(conn, app, &Job::SendOutreach { outreach: new.id.clone() })?;
    let act = audit::Act {
        actor: Some(admin.account()),
        role: "admin",
        action: "opening.outreach",
        object: "opening",
        id: new.opening.as_str(),
        detail: Some(new.text.as_str()),
    };
    audit::record(conn, &act, app.now())?;
    Ok((new, count))
}

/// The number that can be reached, when an outreach about the opening can begin at all.
///
/// # Errors
/// `Conflict`.
pub fn may_begin(app: &App, reachable: Option<usize>) -> Result<usize, AppError> {
    if app.config.postal_address.is_none() {
        return Err(AppError::Conflict(
            "Mail of this kind needs a postal address in its foot. Nothing was sent; set ROSTERLINE_POSTAL_ADDRESS first.",
        ));
    }
    reachable.ok_or(AppError::Conflict("This opening is not live. Nothing was sent."))
}

/// Writes the mails of an outreach, some members in a transaction. Runs as a job; a second run finds everybody's share
/// there and changes nothing. An opening that ended or changed meanwhile is written about to nobody else.
///
/// # Errors
/// Database errors only.
pub async fn send_outreach(app: &App, id: &OutreachId, work: &Work) -> Result<(), AppError> {
    let of = id.clone();
    let found = app
        .read(move |conn, _| match store::outreach::find(conn, &of) {
            Ok(of) => {
                let all = store::matches::open_to_outreach(conn, &of.opening, of.revision)?;
                Ok(Some((of, all)))
            }
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        })
        .await?;
    let Some((outreach, all)) = found else { return Ok(()) };
    for part in all.chunks(CHUNK) {
        let (of, part, work) = (outreach.clone(), part.to_vec(), work.clone());
        app.write(move |conn, app| {
            work.still_mine(conn, app.now())?;
            share_out(conn, app, &of, &part)
        })
        .await?;
    }
    let of = id.clone();
    app.write(move |conn, app| Ok(store::outreach::done(conn, &of, app.now())?)).await
}

fn share_out(conn: &mut Conn, app: &App, of: &Outreach, members: &[MemberId]) -> Result<(), AppError> {
    let now = app.now();
    let opening = store::openings::find(conn, &of.opening)?;
    let rules = store::facts::rulebook(conn)?;
    for member in store::members::by_ids(conn, members)? {
        if store::outreach::has_share(conn, &of.id, &member.id)? {
            continue;
        }
        let stop = match against(conn, &rules, &opening, of.revision, &member, now)? {
            None if store::outreach::had_one(conn, &member.id, now)? => Some(domain::outreach::OutreachStop::Cap),
            stop => stop,
        };
        let share = match stop {
            Some(stop) => Share::Nothing(stop),
            None => Share::Mail(queue(conn, app, of, &member)?),
        };
        store::outreach::share(conn, &of.id, &member.id, &share)?;
    }
    Ok(())
}
