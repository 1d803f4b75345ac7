//! What must be true of a credit query and of an adjustment. Pure.

use jiff::civil::Date;
use platform::error::FieldError;

use super::model::{About, Level, NewAdjustment, NewQuery, Query};
use crate::datum::rules::check_text;
use crate::document::model::{Document, Wanted};
use crate::document::rules::valid_until;

/// The rule that written consent precedes the query.
pub const RULE_AUTHORISED: &str = "credit.authorised";
/// The kind of document that a report is filed as.
pub const REPORT: &str = "credit_report";

/// All that is wrong with a query, each with its field; `held` are the documents of the file.
///
/// Rule `credit.authorised` (S1-09; 征信业管理条例 第十八条): the authorisation is on file, is this person's, was there
/// when the query was made and was valid then.
/// Rule `credit.purpose`: only for the purposes that the policy names.
/// Rule `credit.dates`: neither query nor report lies in the future, no report is later than its query.
#[must_use]
pub fn check(new: &NewQuery, held: &[Document], list: &[Wanted], purposes: &[String], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !purposes.contains(&new.purpose) {
        wrong.push(FieldError::choice("purpose", &new.purpose));
    }
    if new.queried_on > today {
        wrong.push(FieldError::new("queried_on", "date-in-future"));
    } else if new.report_on > new.queried_on {
        wrong.push(FieldError::new("report_on", "credit-report-after-query"));
    }
    if let Some(error) = unauthorised(new, held, list) {
        wrong.push(error);
    }
    let is_report = |id| held.iter().any(|one| one.id == id && one.kind == REPORT && one.is_current());
    if new.report.is_some_and(|id| !is_report(id)) {
        wrong.push(FieldError::new("report", "credit-report-unknown"));
    }
    if new.level.is_none() && new.record.is_none() {
        wrong.push(FieldError::new("level", "credit-nothing-said"));
    }
    wrong.extend(check_text("note", new.note.trim()));
    wrong
}

/// Why the authorisation does not cover the query.
fn unauthorised(new: &NewQuery, held: &[Document], list: &[Wanted]) -> Option<FieldError> {
    let kind = new.about.authorisation();
    let found = held.iter().find(|one| one.id == new.authorisation && one.kind == kind && one.is_current());
    let Some(document) = found else { return Some(FieldError::new("authorisation", "credit-not-authorised")) };
    covers(document, list, new.queried_on).err()
}

/// Whether an authorisation was signed by a day and still valid on it (rule `credit.authorised`).
///
/// # Errors
/// Signed later, or over.
fn covers(document: &Document, list: &[Wanted], on: Date) -> Result<(), FieldError> {
    let signed = document.issued_on.unwrap_or(document.effective_on);
    if signed > on {
        return Err(FieldError::new("authorisation", "credit-authorised-later").with("date", signed));
    }
    let until = list.iter().find(|one| one.kind == document.kind).and_then(|wanted| valid_until(document, wanted));
    match until.filter(|until| *until < on) {
        Some(until) => Err(FieldError::new("authorisation", "credit-authorisation-over").with("date", until)),
        None => Ok(()),
    }
}

/// Whether a file holds an authorisation of somebody that covers a day (rule `credit.authorised`).
///
/// # Errors
/// None is held, the held one was signed later, or it is over.
pub fn authorised_on(about: About, held: &[Document], list: &[Wanted], on: Date) -> Result<(), FieldError> {
    let own = held.iter().filter(|one| one.kind == about.authorisation() && one.is_current());
    let mut why = FieldError::new("authorisation", "credit-not-authorised");
    for document in own {
        match covers(document, list, on) {
            Ok(()) => return Ok(()),
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// All that is wrong with an adjustment.
///
/// Rule `credit.adjust` (S5.8-04, A-22): only a level worse than normal is adjusted, with a reason, until a day on which
/// its report still counts.
#[must_use]
pub fn check_adjustment(new: &NewAdjustment, query: &Query, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if query.content.level.is_none_or(|level| level == Level::Normal) {
        wrong.push(FieldError::new("ground", "credit-nothing-to-adjust"));
    }
    if new.reason.trim().is_empty() {
        wrong.push(FieldError::new("reason", "reason-empty"));
    }
    wrong.extend(check_text("reason", new.reason.trim()));
    if new.expires_on <= today {
        wrong.push(FieldError::new("expires_on", "credit-expiry-past"));
    } else if let Some(until) = query.valid_until.filter(|until| new.expires_on > *until) {
        wrong.push(FieldError::new("expires_on", "credit-expiry-late").with("date", until));
    }
    wrong
}
