//! A code of the second factor is taken: at sign-in, or to prove again who one is.

use domain::AccountId;
use domain::second_factor::Code;
use store::Conn;
use store::second_factors::{Taken, take};

use crate::app::App;
use crate::error::AppError;
use crate::random;

/// Why a code was not taken. Not an error of the transaction: a wrong code is remembered, which has to be committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// None was given, and one is needed.
    Needed,
    /// It has the form of no code, and was not counted.
    Malformed,
    /// Wrong, or used before.
    Wrong,
    /// Too many were wrong; the next one is looked at after so many seconds.
    Waits(u64),
}

impl From<Refused> for AppError {
    fn from(refused: Refused) -> Self {
        let (code, message) = match refused {
            Refused::Waits(seconds) => return Self::TooMany(seconds),
            Refused::Needed => {
                ("totp_required", "Give the six digits that your authenticator app shows, or a recovery code.")
            }
            Refused::Malformed => {
                ("malformed", "A code of the app has six digits, a recovery code ten letters and digits.")
            }
            Refused::Wrong => {
                ("totp_wrong", "This code is wrong or was used already. Wait for the next one of your app.")
            }
        };
        Self::field("totp", code, message)
    }
}

/// Takes a code of an account that has a second factor.
///
/// # Errors
/// `NotFound` when it has none.
pub(super) fn take_code(
    conn: &mut Conn,
    app: &App,
    account: &AccountId,
    text: &str,
) -> Result<Result<(), Refused>, AppError> {
    if text.trim().is_empty() {
        return Ok(Err(Refused::Needed));
    }
    let Some(code) = Code::parse(text) else { return Ok(Err(Refused::Malformed)) };
    let miss = random::id(|id| id.to_string());
    Ok(match take(conn, &app.vault, account, &code, &miss, app.now())? {
        Taken::Right => Ok(()),
        Taken::Wrong => Err(Refused::Wrong),
        Taken::Waits(until) => {
            let seconds = (until - app.now()).num_seconds().max(0).saturating_add(1);
            Err(Refused::Waits(u64::try_from(seconds).unwrap_or(u64::MAX)))
        }
    })
}
