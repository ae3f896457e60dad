//! Streams of mail that were stopped because of our own settings or standing with the mail server. In the database, so
//! that every node knows.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::mail::{MailClass, Stream};

use crate::error::read;
use crate::schema::mail_streams as s;
use crate::time::{Time, at, utc};
use crate::{Conn, StoreError};

/// A stream that stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Which.
    pub stream: Stream,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why.
    pub class: MailClass,
    /// What the mail server answered, as codes.
    pub code: Option<String>,
    /// When one mail is let through to see whether it goes again.
    pub probe_at: DateTime<Utc>,
}

/// Why a stream is stopped.
pub struct Cause<'a> {
    /// Class.
    pub class: MailClass,
    /// Codes.
    pub code: Option<&'a str>,
    /// When to look again.
    pub probe_at: DateTime<Utc>,
}

type Row = (String, Option<Time>, Option<String>, Option<String>, Option<Time>);

/// The streams that stand still.
///
/// # Errors
/// Database errors only.
pub fn stopped(conn: &mut Conn) -> Result<Vec<Stopped>, StoreError> {
    let rows: Vec<Row> = s::table
        .filter(s::stopped_at.is_not_null())
        .order(s::stream)
        .select((s::stream, s::stopped_at, s::class, s::code, s::probe_at))
        .load(conn)?;
    rows.into_iter()
        .map(|(stream, stopped_at, class, code, probe_at)| {
            let since = utc(read(stopped_at, "stop of a stream")?);
            Ok(Stopped {
                stream: read(Stream::parse(&stream), "stream")?,
                at: since,
                class: read(class.as_deref().and_then(MailClass::parse), "class of a stop")?,
                code,
                probe_at: probe_at.map_or(since, utc),
            })
        })
        .collect()
}

/// Stops a stream; one that is stopped keeps its beginning. `true` when it ran until now.
///
/// # Errors
/// Database errors only.
pub fn stop(conn: &mut Conn, stream: Stream, cause: &Cause<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let why =
        (s::class.eq(Some(cause.class.as_str())), s::code.eq(cause.code), s::probe_at.eq(Some(at(cause.probe_at))));
    let there = s::table.filter(s::stream.eq(stream.as_str()));
    diesel::sql_query("INSERT INTO mail_streams (stream) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind::<Text, _>(stream.as_str())
        .execute(conn)?;
    diesel::update(there).set(why).execute(conn)?;
    let new = diesel::update(there.filter(s::stopped_at.is_null())).set(s::stopped_at.eq(Some(at(now))));
    Ok(new.execute(conn)? == 1)
}

/// Takes the one try that a stopped stream has when it is time; nobody else may until `wait` has passed.
///
/// # Errors
/// Database errors only.
pub fn take_probe(conn: &mut Conn, stream: Stream, wait: Duration, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let due = s::table.filter(
        s::stream.eq(stream.as_str()).and(s::stopped_at.is_not_null()).and(s::probe_at.assume_not_null().le(at(now))),
    );
    Ok(diesel::update(due).set(s::probe_at.eq(Some(at(now + wait)))).execute(conn)? == 1)
}

/// Lets a stream run again; since when it stood, or `None` when it ran.
///
/// # Errors
/// Database errors only.
pub fn resume(conn: &mut Conn, stream: Stream, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = s::table.filter(s::stream.eq(stream.as_str()).and(s::stopped_at.is_not_null()));
    let stopped: Option<Option<Time>> = row.select(s::stopped_at).first(conn).optional()?;
    diesel::update(row)
        .set((
            s::stopped_at.eq(None::<Time>),
            s::class.eq(None::<&str>),
            s::code.eq(None::<&str>),
            s::probe_at.eq(None::<Time>),
            s::since.eq(Some(at(now))),
        ))
        .execute(conn)?;
    Ok(stopped.flatten().map(utc))
}

/// When a stream was last let run again; what went wrong before that counts no more.
///
/// # Errors
/// Database errors only.
pub fn resumed_at(conn: &mut Conn, stream: Stream) -> Result<Option<DateTime<Utc>>, StoreError> {
    let since: Option<Option<Time>> =
        s::table.filter(s::stream.eq(stream.as_str())).select(s::since).first(conn).optional()?;
    Ok(since.flatten().map(utc))
}
