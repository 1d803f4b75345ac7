//! Merging files (客户合并): two files are one person or company, and are read as one from then on.
//!
//! **No row moves.** A merge is a fact: from its day on the file that goes points to the one that stays. Ending it brings
//! back what was, because nothing else was written.
//!
//! What unites, and where:
//! - [`united`]: a file and those merged into it. The loans of the customer page, the group exposure, the data that
//!   policies know ([`crate::datum::facts::known`]: the surviving file's, where it lacks one the other's), the marks that
//!   stop lending and the watch-list badges ask for it.
//! - [`persons`]: everybody who is this person. The contact guard counts and locks over all of them, because the law
//!   counts per person over all debts; stop flags of one file count for the other.
//! - [`root`]: the surviving file. Search and lists show it for the names, numbers and phones of either; an import that
//!   meets the identity number of the one that went puts new loans into it; classes and grades are looked at there only.
//! - [`refuse_gone`], [`open_file`]: what would add to a file that went is refused and names the surviving one. What
//!   belongs to its loans (repayments, corrections, reversals, cases) goes on where it is, and what corrects or ends
//!   something that it holds too.
//!
//! Files are merged in one step only: one that holds others may stay, but not go, so that there are no chains.
//! Cases of collection stay one a file; each says which others belong to the same person.

pub mod actions;
mod data;
pub mod error;
mod list;
pub mod model;
pub mod pages;
pub(crate) mod panel;
pub mod rules;
pub(crate) mod sheets;
mod side;
pub mod store;
mod united;

pub use united::{
    files_of, gone_numbers, number_for, open_file, others_of, persons, refuse_gone, root, roots, same, same_on, united,
    united_within,
};

pub(crate) use list::LISTED;
use platform::web::Routes;

/// Find duplicates, ask for merges and for their end.
pub const MERGE: &str = "customer.merge";
/// Agree to merges and to their end.
pub const APPROVE: &str = "customer_merge.approve";

/// Where the list is.
pub(crate) const fn list_path() -> &'static str {
    "/customers/merges"
}

/// The pages of merges.
pub(crate) fn routes() -> Routes {
    pages::routes().merge(list::routes())
}
