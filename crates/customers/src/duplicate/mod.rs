//! Duplicates (疑似重复客户): files that may be one person or company, found over what they share, and what people judged.
//!
//! Two files are compared by what the book can look up without opening a seal: the blind index of a phone or of a bank
//! account, the reading of a name (which is the same for traditional and simplified characters and for full-width signs),
//! the birth date, and for companies the reading in which 有限责任公司 and 有限公司 are one. Identity numbers are kept under
//! a blind index too: two equal ones never make two files, and how far two different ones lie apart cannot be known, so a
//! number mistyped by one digit is found by the other grounds only.
//!
//! The grounds have weights, data of the policy (rule `customer.duplicate.score`); from a score on a pair is listed, and
//! whoever opens a file is warned. What more files share than the policy says belongs to nobody in particular (a switch
//! board) and counts for nothing. Pairs are read by joins over indexes from the shared keys, never by comparing all with
//! all, and nothing of them is stored but the judgement that two are not the same.

pub mod actions;
mod list;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;

pub(crate) use list::DuplicateExport;

use platform::web::Routes;

/// The pages of duplicates.
pub(crate) fn routes() -> Routes {
    list::routes().merge(pages::routes())
}

/// Where the list is.
pub(crate) const fn list_path() -> &'static str {
    "/customers/duplicates"
}
