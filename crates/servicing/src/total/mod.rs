//! Totals (汇总): loans and money by branch, product, bucket, class and standing.
//!
//! They are kept two ways that must agree: every change of a position adds its difference to the business date on
//! which it was made, so that the totals of a day are those of the day before and these differences; and the history
//! of positions can be summed for any day, as it was known when people were moved on from it.

pub mod dated;
pub(crate) mod sheets;
pub mod store;

use std::collections::BTreeMap;

use finance::Fen;
use platform::id::BranchId;

use crate::loan::model::{Loan, LoanState};
use crate::position::model::LoanPosition;

/// A loan before and after a change of its position (状况变化).
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Whose.
    pub loan: &'a Loan,
    /// As it was kept; nothing for a new loan.
    pub before: Option<&'a LoanPosition>,
    /// As it is kept now; nothing for a loan that leaves the book.
    pub after: Option<&'a LoanPosition>,
}

/// What is added up together (汇总维度).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TotalKey {
    /// 机构.
    pub branch: BranchId,
    /// 产品.
    pub product: String,
    /// 逾期档.
    pub bucket: String,
    /// 五级分类.
    pub class: String,
    /// 状态.
    pub standing: &'static str,
}

/// The sums under one key (汇总数).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// 笔数.
    pub loans: i64,
    /// 本金余额.
    pub principal: Fen,
    /// 逾期本金.
    pub overdue_principal: Fen,
    /// 逾期利息.
    pub overdue_interest: Fen,
}

impl Sums {
    fn add(&mut self, p: &LoanPosition, sign: i64) {
        let plus = |sum: &mut Fen, amount: Fen| sum.0 = sum.0.saturating_add(amount.0.saturating_mul(sign));
        self.loans = self.loans.saturating_add(sign);
        plus(&mut self.principal, p.principal);
        plus(&mut self.overdue_principal, p.overdue_principal);
        plus(&mut self.overdue_interest, p.overdue_interest);
    }
}

/// What these changes come to, key by key, without those that come to nothing. Hidden loans count nowhere.
pub fn differences(changes: &[Change<'_>]) -> BTreeMap<TotalKey, Sums> {
    let mut all: BTreeMap<TotalKey, Sums> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.loan.state == LoanState::Active) {
        for (position, sign) in [(change.before, -1), (change.after, 1)] {
            let Some(position) = position else { continue };
            all.entry(key_of(change.loan, position)).or_default().add(position, sign);
        }
    }
    all.retain(|_, sums| *sums != Sums::default());
    all
}

fn key_of(loan: &Loan, position: &LoanPosition) -> TotalKey {
    TotalKey {
        branch: loan.branch,
        product: loan.product.clone(),
        bucket: position.grade.bucket.clone(),
        class: position.grade.class.clone(),
        standing: position.standing.as_str(),
    }
}
