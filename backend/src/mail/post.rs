//! What the mail workers of a node share, and which mail must wait.

use domain::mail::Stream;
use store::outbox::Closed;
use store::{Conn, mail_streams};

use super::arming::Place;
use super::breaker::Breaker;
use super::pace::Pace;
use crate::app::App;
use crate::error::AppError;

/// One for each application.
#[derive(Debug)]
pub struct Post {
    /// Whether the mail server is within reach.
    pub breaker: Breaker,
    /// How fast mail may go to whom.
    pub pace: Pace,
    /// Where this database is used.
    pub place: Place,
}

impl Post {
    /// At this place.
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self { breaker: Breaker::default(), pace: Pace::default(), place }
    }
}

/// Why a stream waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// A setting is missing.
    PostalAddress,
    /// The database was brought here from somewhere else.
    Disarmed,
    /// The mail server refuses what we are.
    Stopped,
}

/// Why this stream waits now; `None` when it runs. A stopped stream that may try one mail counts as running.
fn hold(app: &App, stream: Stream, armed: bool, stopped: &[mail_streams::Stopped]) -> Option<Hold> {
    let now = app.now();
    if stream.is_bulk() && app.config.postal_address.is_none() {
        return Some(Hold::PostalAddress);
    }
    // Whoever has to arm it must be able to sign in.
    if !armed && stream != Stream::Security {
        return Some(Hold::Disarmed);
    }
    stopped.iter().any(|s| s.stream == stream && s.probe_at > now).then_some(Hold::Stopped)
}

/// The streams that wait.
///
/// # Errors
/// Database errors only.
pub fn holds(conn: &mut Conn, app: &App) -> Result<Vec<(Stream, Hold)>, AppError> {
    let (armed, stopped) = (app.post.place.is_armed(conn)?, mail_streams::stopped(conn)?);
    Ok(Stream::ALL.iter().filter_map(|s| hold(app, *s, armed, &stopped).map(|why| (*s, why))).collect())
}

/// What is not to be taken in hand now.
///
/// # Errors
/// Database errors only.
pub fn closed(conn: &mut Conn, app: &App) -> Result<Closed, AppError> {
    let now = app.now();
    let streams = if app.post.breaker.shut_until(now).is_some() {
        Stream::ALL.to_vec()
    } else {
        holds(conn, app)?.into_iter().map(|(stream, _)| stream).collect()
    };
    Ok(Closed { streams, buckets: app.post.pace.closed(now) })
}
