//! Changing what papers and pages say of the institution.

use serde_json::json;

use super::{Institution, SETTINGS_MANAGE, store};
use crate::audit::Entry;
use crate::error::{ActionError, Refused};
use crate::work::Work;

/// Changes the institution's texts; `seen` is the version that the person had on the screen.
/// Who changed what is in the audit trail. Saving what stands already changes nothing.
///
/// # Errors
/// Denied; all fields that are wrong; the store's `Stale` when somebody changed it meanwhile.
pub async fn change(work: &mut Work, seen: i64, wish: &Institution) -> Result<(), ActionError> {
    if work.actor.user.is_some() {
        work.authorise(SETTINGS_MANAGE)?;
    }
    let wrong = wish.check();
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let (before, _) = store::load(&mut work.tx).await?;
    if before == *wish {
        return Ok(());
    }
    store::write(&mut work.tx, seen, wish).await?;
    work.audit(Entry::new(None, "institution.change", "institution").before(json!(before)).after(json!(wish))).await?;
    Ok(())
}
