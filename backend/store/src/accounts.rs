//! Accounts, one-time sign-in links and sessions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::standing::Role;
use domain::{AccountId, SessionId};

use crate::contacts::EmailMark;
use crate::error::read;
use crate::schema::{accounts as a, sessions as s, sign_in_tokens as k};
use crate::time::{Time, at, utc};
use crate::vault::token_hash;
use crate::{Conn, StoreError};

/// Who an account signs in as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its role.
    pub role: Role,
    /// May not sign in.
    pub disabled: bool,
}

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub account: Account,
    /// When the person last proved who they are.
    pub signed_in_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
}

/// Makes an account.
///
/// # Errors
/// Database errors only.
pub fn create(conn: &mut Conn, id: &AccountId, role: Role, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(a::table)
        .values((a::id.eq(id.as_str()), a::role.eq(role.as_str()), a::created_at.eq(at(now))))
        .execute(conn)?;
    Ok(())
}

/// Finds an account.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, id: &AccountId) -> Result<Account, StoreError> {
    let (role, disabled): (String, Option<Time>) =
        a::table.filter(a::id.eq(id.as_str())).select((a::role, a::disabled_at)).first(conn)?;
    Ok(Account { id: id.clone(), role: read(Role::parse(&role), "role")?, disabled: disabled.is_some() })
}

/// Removes an account with everything that hangs on it.
///
/// # Errors
/// Database errors only.
pub fn delete(conn: &mut Conn, id: &AccountId) -> Result<(), StoreError> {
    diesel::delete(a::table.filter(a::id.eq(id.as_str()))).execute(conn)?;
    Ok(())
}

/// Ends every session and pending link of an account.
///
/// # Errors
/// Database errors only.
pub fn end_sessions(conn: &mut Conn, id: &AccountId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(s::table.filter(s::account_id.eq(id.as_str()).and(s::revoked_at.is_null())))
        .set(s::revoked_at.eq(Some(at(now))))
        .execute(conn)?;
    diesel::delete(k::table.filter(k::account_id.eq(id.as_str()).and(k::used_at.is_null()))).execute(conn)?;
    Ok(())
}

/// Shuts an account out: no sign-in, every session and pending link dead.
///
/// # Errors
/// Database errors only.
pub fn disable(conn: &mut Conn, id: &AccountId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(a::table.filter(a::id.eq(id.as_str()))).set(a::disabled_at.eq(Some(at(now)))).execute(conn)?;
    end_sessions(conn, id, now)
}

/// Lets an account in again that was shut out; nothing of before comes back.
///
/// # Errors
/// Database errors only.
pub fn enable(conn: &mut Conn, id: &AccountId) -> Result<(), StoreError> {
    diesel::update(a::table.filter(a::id.eq(id.as_str()))).set(a::disabled_at.eq(None::<Time>)).execute(conn)?;
    Ok(())
}

/// True when no admin exists yet.
///
/// # Errors
/// Database errors only.
pub fn no_admin(conn: &mut Conn) -> Result<bool, StoreError> {
    let count: i64 = a::table.filter(a::role.eq(Role::Admin.as_str())).count().get_result(conn)?;
    Ok(count == 0)
}

/// A sign-in link to be remembered; only the hash of its token is stored.
pub struct NewSignInToken<'a> {
    /// Id of the link.
    pub id: &'a str,
    /// The token in the link.
    pub token: &'a str,
    /// Whose.
    pub account: &'a AccountId,
    /// Page to go to afterwards, a path of this site.
    pub next_path: Option<&'a str>,
    /// The address it is mailed to: using it proves that address.
    pub mailed_to: Option<&'a EmailMark>,
    /// Its end.
    pub expires_at: DateTime<Utc>,
}

/// Remembers a sign-in link.
///
/// # Errors
/// Database errors only.
pub fn add_sign_in_token(conn: &mut Conn, new: &NewSignInToken<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(k::table)
        .values((
            k::id.eq(new.id),
            k::token_hash.eq(token_hash(new.token)),
            k::account_id.eq(new.account.as_str()),
            k::next_path.eq(new.next_path),
            k::mailed_to.eq(new.mailed_to.map(EmailMark::as_bytes)),
            k::created_at.eq(at(now)),
            k::expires_at.eq(at(new.expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whose link this is, when it could still be used.
///
/// # Errors
/// `NotFound` for a used, expired or unknown one, and for an account that is shut out.
pub fn account_of_link(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<Account, StoreError> {
    let live = k::token_hash.eq(token_hash(token)).and(k::used_at.is_null()).and(k::expires_at.gt(at(now)));
    let id: String = k::table.filter(live).select(k::account_id).first(conn)?;
    let account = find(conn, &read(AccountId::parse(&id), "account id")?)?;
    if account.disabled { Err(StoreError::NotFound) } else { Ok(account) }
}

/// A link that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedLink {
    /// Whose.
    pub account: Account,
    /// Page to go to.
    pub next: Option<String>,
    /// The address it was mailed to.
    pub mailed_to: Option<EmailMark>,
}

/// Uses a link up. A used, expired or unknown one is `NotFound`.
///
/// # Errors
/// `NotFound`.
pub fn use_sign_in_token(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<UsedLink, StoreError> {
    let hash = token_hash(token);
    // One update decides who wins when the link is used twice at once.
    let used = diesel::update(
        k::table.filter(k::token_hash.eq(&hash).and(k::used_at.is_null()).and(k::expires_at.gt(at(now)))),
    )
    .set(k::used_at.eq(Some(at(now))))
    .execute(conn)?;
    if used != 1 {
        return Err(StoreError::NotFound);
    }
    let (id, next, mailed_to): (String, Option<String>, Option<Vec<u8>>) =
        k::table.filter(k::token_hash.eq(&hash)).select((k::account_id, k::next_path, k::mailed_to)).first(conn)?;
    let account = find(conn, &read(AccountId::parse(&id), "account id")?)?;
    if account.disabled {
        return Err(StoreError::NotFound);
    }
    diesel::update(a::table.filter(a::id.eq(account.id.as_str())))
        .set(a::signed_in_at.eq(Some(at(now))))
        .execute(conn)?;
    Ok(UsedLink { account, next, mailed_to: mailed_to.map(EmailMark::from_bytes) })
}

/// How many links an account asked for since a moment.
///
/// # Errors
/// Database errors only.
pub fn sign_in_tokens_since(conn: &mut Conn, account: &AccountId, since: DateTime<Utc>) -> Result<i64, StoreError> {
    Ok(k::table.filter(k::account_id.eq(account.as_str()).and(k::created_at.gt(at(since)))).count().get_result(conn)?)
}

/// Opens a session; only the hash of its token is stored.
///
/// # Errors
/// Database errors only.
pub fn add_session(
    conn: &mut Conn,
    id: &SessionId,
    token: &str,
    account: &AccountId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(s::table)
        .values((
            s::id.eq(id.as_str()),
            s::token_hash.eq(token_hash(token)),
            s::account_id.eq(account.as_str()),
            s::created_at.eq(at(now)),
            s::signed_in_at.eq(at(now)),
            s::seen_at.eq(at(now)),
            s::expires_at.eq(at(expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

type SessionRow = (String, String, Time, Time, Time, String, Option<Time>);

/// The live session with this token.
///
/// # Errors
/// `NotFound` when there is none, or it is over, or the account is shut out.
pub fn session_by_token(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<Session, StoreError> {
    let row = live(now).filter(s::token_hash.eq(token_hash(token))).first::<SessionRow>(conn)?;
    session(row)
}

/// The live session with this id, as an access token names it.
///
/// # Errors
/// As `session_by_token`.
pub fn session_by_id(conn: &mut Conn, id: &SessionId, now: DateTime<Utc>) -> Result<Session, StoreError> {
    let row = live(now).filter(s::id.eq(id.as_str())).first::<SessionRow>(conn)?;
    session(row)
}

/// The live sessions of an account, newest first.
///
/// # Errors
/// Database errors only.
pub fn sessions_of(conn: &mut Conn, account: &AccountId, now: DateTime<Utc>) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<SessionRow> =
        live(now).filter(s::account_id.eq(account.as_str())).order(s::created_at.desc()).load(conn)?;
    rows.into_iter().map(session).collect()
}

/// Notes that a session was used.
///
/// # Errors
/// Database errors only.
pub fn touch_session(conn: &mut Conn, id: &SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(s::table.filter(s::id.eq(id.as_str()))).set(s::seen_at.eq(at(now))).execute(conn)?;
    Ok(())
}

/// Notes that the person behind a session has proved again who they are.
///
/// # Errors
/// Database errors only.
pub fn prove_again(conn: &mut Conn, id: &SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(s::table.filter(s::id.eq(id.as_str()))).set(s::signed_in_at.eq(at(now))).execute(conn)?;
    Ok(())
}

/// Ends every session of an account but one.
///
/// # Errors
/// Database errors only.
pub fn end_other_sessions(
    conn: &mut Conn,
    account: &AccountId,
    keep: &SessionId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let others = s::account_id.eq(account.as_str()).and(s::id.ne(keep.as_str())).and(s::revoked_at.is_null());
    diesel::update(s::table.filter(others)).set(s::revoked_at.eq(Some(at(now)))).execute(conn)?;
    Ok(())
}

/// Ends one session of an account.
///
/// # Errors
/// `NotFound` when it is not the account's or already over.
pub fn revoke_session(
    conn: &mut Conn,
    account: &AccountId,
    id: &SessionId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let done = diesel::update(
        s::table.filter(s::id.eq(id.as_str()).and(s::account_id.eq(account.as_str())).and(s::revoked_at.is_null())),
    )
    .set(s::revoked_at.eq(Some(at(now))))
    .execute(conn)?;
    if done == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

#[diesel::dsl::auto_type]
fn live(now: DateTime<Utc>) -> _ {
    let moment: Time = at(now);
    s::table
        .inner_join(a::table.on(a::id.eq(s::account_id)))
        .filter(s::revoked_at.is_null().and(s::expires_at.gt(moment)).and(a::disabled_at.is_null()))
        .select((s::id, s::account_id, s::signed_in_at, s::expires_at, s::seen_at, a::role, a::disabled_at))
}

fn session(
    (id, account, signed_in_at, expires_at, seen_at, role, disabled): SessionRow,
) -> Result<Session, StoreError> {
    Ok(Session {
        id: read(SessionId::parse(&id), "session id")?,
        account: Account {
            id: read(AccountId::parse(&account), "account id")?,
            role: read(Role::parse(&role), "role")?,
            disabled: disabled.is_some(),
        },
        signed_in_at: utc(signed_in_at),
        expires_at: utc(expires_at),
        seen_at: utc(seen_at),
    })
}
