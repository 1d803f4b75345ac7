//! Who may not hold a role, whatever is asked for: the capabilities say so (rule `access.role-bar`).

use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::UserId;
use crate::work::Work;

/// Refuses roles that a person may not be given, be it for good or in place of somebody else (角色限制).
pub type RoleBar = for<'a> fn(&'a mut Work, UserId, &'a [String]) -> BoxFuture<'a, Result<(), ActionError>>;

/// Asks every capability whether a person may be given these roles.
///
/// # Errors
/// What a capability refuses.
pub(super) async fn check(work: &mut Work, user: UserId, roles: &[String]) -> Result<(), ActionError> {
    let app = work.app.clone();
    for bar in app.capabilities.iter().flat_map(|capability| capability.role_bars()) {
        bar(work, user, roles).await?;
    }
    Ok(())
}
