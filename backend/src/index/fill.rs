//! Filling an index from the database: reading, making documents and writing them go on side by side.

use std::sync::mpsc::{SyncSender, sync_channel};

use chrono::{DateTime, Utc};
use domain::MemberId;
use domain::alert::Wish;
use domain::candidate::Candidate;
use search_index::{AlertsIndex, OpeningsIndex, ProfileDoc, ProfilesIndex};
use store::members::Member;
use store::{Conn, Db};

use super::document::document;
use super::tail::in_force;
use super::{may_be_matched, may_be_told};
use crate::error::AppError;

/// How many members are read at once.
const PAGE: i64 = 2000;
/// Pages that may wait for the writer.
const AHEAD: usize = 4;
/// The ids, which are random, in as many equal parts as are read side by side: after the first, before the second.
const PARTS: [(&str, &str); 2] = [("", "8"), ("8", "g")];

/// Hears how far a fill has come: members or openings done, and how many there are.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

type Page = Result<Vec<(Member, Candidate)>, AppError>;

/// Builds the profiles index anew.
pub(super) fn profiles(index: &mut ProfilesIndex, db: &Db, progress: Progress<'_>) -> Result<(), AppError> {
    // The place in the log is read first: what changes meanwhile is applied again afterwards.
    let (seq, all) = db.read::<_, AppError>(|conn| {
        Ok((store::changes::last(conn)?, u64::try_from(store::members::count_all(conn)?).unwrap_or(0)))
    })?;
    let (pages, read) = sync_channel::<Page>(AHEAD);
    std::thread::scope(|scope| {
        for part in PARTS {
            let pages = pages.clone();
            scope.spawn(move || read_members(db, part, &pages));
        }
        drop(pages);
        let mut done = 0;
        let members = read.into_iter().flat_map(|page| {
            done += page.as_ref().map_or(0, |members| u64::try_from(members.len()).unwrap_or(0));
            progress(done, all);
            documents(page)
        });
        index.rebuild(members, seq)
    })
}

/// Sends every member of a part of the ids, page by page; ends early when nobody listens any more.
fn read_members(db: &Db, (begin, end): (&str, &str), pages: &SyncSender<Page>) {
    let mut after = begin.to_owned();
    loop {
        let page: Page = db.read(|conn| {
            let members = store::members::between(conn, &after, end, PAGE)?;
            let candidates = store::profiles::candidates_after(conn, &after, &members)?;
            Ok(members.into_iter().zip(candidates).collect())
        });
        let last = page.as_ref().ok().and_then(|members| members.last()).map(|(m, _)| m.id.as_str().to_owned());
        if pages.send(page).is_err() {
            return;
        }
        match last {
            Some(last) => after = last,
            None => return,
        }
    }
}

fn documents(page: Page) -> Vec<Result<(u32, ProfileDoc), AppError>> {
    match page {
        Ok(members) => members
            .iter()
            .filter(|(member, _)| may_be_matched(member))
            .filter_map(|(member, who)| Some(Ok((u32::try_from(member.number).ok()?, ProfileDoc::of(who)))))
            .collect(),
        Err(error) => vec![Err(error)],
    }
}

/// Builds the openings index anew.
pub(super) fn openings(index: &mut OpeningsIndex, db: &Db, now: DateTime<Utc>) -> Result<(), AppError> {
    let (seq, rules, live) = db.read::<_, AppError>(|conn| {
        let seq = store::changes::last(conn)?;
        Ok((seq, store::facts::rulebook(conn)?, store::openings::live(conn, now)?))
    })?;
    index.rebuild(live.iter().map(|o| document(&rules, o, now)), seq).map_err(AppError::internal)
}

/// Builds the alerts index anew.
pub(super) fn alerts(index: &mut AlertsIndex, db: &Db) -> Result<(), AppError> {
    let seq = db.read::<_, AppError>(|conn| Ok(store::changes::last(conn)?))?;
    let mut after = String::new();
    let mut is_over = false;
    let pages = std::iter::from_fn(|| {
        if is_over {
            return None;
        }
        let page = db.read(|conn| alerts_after(conn, &after));
        match &page {
            Ok((_, Some(last))) => after.clone_from(last),
            Ok((_, None)) | Err(_) => is_over = true,
        }
        Some(page)
    });
    let members = pages.flat_map(|page| match page {
        Ok((members, _)) => members.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    });
    index.rebuild(members, seq)
}

type Wishes = Vec<(u32, Vec<Wish>)>;

/// What the members of a page are to be told of, and the last id of the page.
fn alerts_after(conn: &mut Conn, id: &str) -> Result<(Wishes, Option<String>), AppError> {
    let ids = store::alerts::members_after(conn, id, PAGE)?;
    let last = ids.last().map(|id| id.as_str().to_owned());
    let members = store::members::by_ids(conn, &ids)?;
    let told: Vec<&Member> = members.iter().filter(|m| may_be_told(m)).collect();
    let ids: Vec<MemberId> = told.iter().map(|m| m.id.clone()).collect();
    let mut all = store::alerts::of_members(conn, &ids)?;
    let wishes = told.iter().filter_map(|member| {
        let wishes = in_force(all.remove(&member.id)?);
        Some((u32::try_from(member.number).ok()?, wishes))
    });
    Ok((wishes.collect(), last))
}
