//! Pages of the rules.

use super::actions;
use crate::approval::ApprovalKind;
use crate::web::Routes;

/// Look at versions, tables, articles and switches.
pub const POLICY_VIEW: &str = "policy.view";
/// Write and submit versions.
pub const POLICY_DRAFT: &str = "policy.draft";
/// Decide, as the second person, on a version.
pub const POLICY_APPROVE: &str = "policy.approve";

pub(crate) fn routes() -> Routes {
    Routes::new()
}

pub(crate) fn approval_kinds() -> Vec<ApprovalKind> {
    vec![ApprovalKind {
        kind: "policy",
        title: "approval-policy",
        action: POLICY_APPROVE,
        mend: "/policies",
        approved: |work, approval| Box::pin(actions::approved(work, approval)),
        refused: |work, approval| Box::pin(actions::refused(work, approval)),
    }]
}
