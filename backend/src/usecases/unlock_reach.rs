//! An admin unlocks a company's preview of reach bands.

use domain::CompanyId;
use store::Conn;
use store::audit::Act;

use crate::app::App;
use crate::auth::SignedAdmin;
use crate::error::AppError;

/// Lets a company look at bands again. What it has looked at still counts.
///
/// # Errors
/// `NotFound`; `Conflict` when it is not locked.
pub fn unlock_reach(conn: &mut Conn, app: &App, admin: &SignedAdmin, id: &CompanyId) -> Result<(), AppError> {
    store::companies::find(conn, id)?;
    if store::reach::locked_since(conn, id)?.is_none() {
        return Err(AppError::Conflict("This company’s reach bands are not locked."));
    }
    store::reach::unlock(conn, id)?;
    let act = Act {
        actor: Some(admin.account()),
        role: "admin",
        action: "company.reach_unlock",
        object: "company",
        id: id.as_str(),
        detail: None,
    };
    Ok(store::audit::record(conn, &act, app.now())?)
}
