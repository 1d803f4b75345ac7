//! The platform's own actions (权限): what a role can be granted.
//!
//! The title of each, in both languages, is the message `action-` + the name with dashes:
//! `user.edit` is `action-user-edit`. Capabilities list theirs in `Capability::permissions`.

use crate::page::Ui;

/// Look at users and their roles.
pub const USER_VIEW: &str = "user.view";
/// Create users, disable them, give new passwords, ask for roles.
pub const USER_EDIT: &str = "user.edit";
/// Confirm, as the second person, a role that somebody else asked for.
pub const GRANT_CONFIRM: &str = "user.confirm";
/// Approve that one person stands in for another; name somebody for a person in reach.
pub const DELEGATION_APPROVE: &str = "delegation.approve";
/// Look at branches and teams.
pub const BRANCH_VIEW: &str = "branch.view";
/// Create branches and teams.
pub const BRANCH_EDIT: &str = "branch.edit";
/// Look at the audit trail.
pub const AUDIT_VIEW: &str = "audit.view";
/// Verify the audit trail.
pub const AUDIT_VERIFY: &str = "audit.verify";
/// See an identity number, bank account or address in clear, with a reason.
pub const PERSONAL_REVEAL: &str = "personal.reveal";
/// See a phone number in clear, as far as the contact gate allows.
pub const CONTACT_REVEAL: &str = "contact.reveal";

/// All of them.
pub const PERMISSIONS: &[&str] = &[
    USER_VIEW,
    USER_EDIT,
    GRANT_CONFIRM,
    DELEGATION_APPROVE,
    BRANCH_VIEW,
    BRANCH_EDIT,
    AUDIT_VIEW,
    AUDIT_VERIFY,
    PERSONAL_REVEAL,
    CONTACT_REVEAL,
];

/// The title of an action in the language of the page; its name when it has none.
#[must_use]
pub fn action_title(ui: &Ui, action: &str) -> String {
    ui.locale.find(&format!("action-{}", action.replace(['.', '_'], "-"))).unwrap_or_else(|| action.to_owned())
}
