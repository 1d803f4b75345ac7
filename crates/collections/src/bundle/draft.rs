//! What a bundle is written from (卷宗底稿): the case, the customer and the loans as they stood on the day.

use std::sync::Arc;

use customers::Customer;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::error::ActionError;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies::{self, InForce};
use platform::work::Work;
use print::{Align, Column, ReportTable, Section};
use servicing::loan::pages::{Asked, Looked, look};
use servicing::loan::store as loans;

use crate::case::model::Case;

/// The most loans of a customer that a bundle tells of.
const LOANS: i64 = 100;
/// The most lines of one kind; a case with more is not one that a court reads.
pub(super) const LINES: i64 = 2_000;

/// What a bundle is written from (卷宗底稿).
pub(super) struct Draft {
    /// Chinese, whoever makes it: it goes to a court or an authority in China.
    pub ui: Ui,
    /// The case.
    pub case: Case,
    /// The debtor.
    pub customer: Customer,
    /// The last day that it tells of.
    pub as_of: Date,
    /// The end of that day.
    pub end: Timestamp,
    /// The loans that were not settled on that day.
    pub loans: Vec<Looked>,
    /// The policy of the day on which it is made.
    pub policy: Arc<InForce>,
}

impl Draft {
    /// Reads what all chapters need.
    ///
    /// # Errors
    /// Not within scope of the loans; a loan cannot be replayed.
    pub async fn load(work: &mut Work, case: Case, customer: Customer, as_of: Date) -> Result<Self, ActionError> {
        let today = work.business_date;
        let policy = policies::in_force(work, today).await?;
        let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), today);
        let asked = Asked { as_of: Some(as_of.to_string()), ..Asked::default() };
        let keys = loans::of_customer(&mut work.tx, customer.id, LOANS).await?;
        let mut found = Vec::new();
        for file in loans::load_files(&mut work.tx, &keys).await? {
            if file.loan.start_on <= as_of {
                let looked = look(work, &file.loan.key.loan.to_string(), &asked).await?;
                if !matches!(looked.position.status, finance::Status::Settled | finance::Status::Undrawn) {
                    found.push(looked);
                }
            }
        }
        let end = platform::clock::civil_moment(as_of.at(23, 59, 59, 999_999_999)).unwrap_or(work.now);
        Ok(Self { ui, case, customer, as_of, end, loans: found, policy })
    }

    /// A moment as it is printed.
    pub fn at(moment: Timestamp) -> String {
        platform::clock::civil_minute(moment)
    }
}

/// A column: its message, how it is aligned, its share of the width.
pub(super) type Head<'a> = (&'a str, Align, u32);

/// A table with these columns.
pub(super) fn table(ui: &Ui, heads: &[Head<'_>], rows: Vec<Vec<String>>) -> ReportTable {
    let column = |&(id, align, share): &Head<'_>| Column { title: ui.t(id), align, share };
    ReportTable { columns: heads.iter().map(column).collect(), rows }
}

/// A section of one table.
pub(super) fn listed(title: String, ui: &Ui, heads: &[Head<'_>], rows: Vec<Vec<String>>) -> Section {
    Section { title, paragraphs: Vec::new(), table: Some(table(ui, heads, rows)) }
}

/// A day, or a dash.
pub(super) fn day(on: Option<Date>) -> String {
    on.map_or_else(|| "—".to_owned(), |on| on.to_string())
}

/// A text, or a dash.
pub(super) fn said(text: &str) -> String {
    if text.trim().is_empty() { "—".to_owned() } else { text.trim().to_owned() }
}
