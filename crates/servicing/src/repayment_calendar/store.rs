//! Sums and rows by due date, from `loan_instalment`.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::page::list::ListQuery;

use super::model::DaySum;
use crate::desk::card::model::CardResult;
use crate::ledger::store::within;
use crate::loan::model::LoanKey;

/// The sums of a day, from the calendar's own index.
const ALONE: &str = "select i.due_on, count(*) as instalments, \
     cast(coalesce(sum(case when i.outstanding_fen > 0 then 1 else 0 end), 0) as bigint) as open_count, \
     cast(coalesce(sum(i.principal_due_fen - i.principal_waived_fen - i.principal_moved_fen \
       + i.interest_due_fen - i.interest_waived_fen - i.interest_moved_fen), 0) as bigint) as due_fen, \
     cast(coalesce(sum(i.principal_paid_fen + i.interest_paid_fen), 0) as bigint) as paid_fen, \
     cast(coalesce(sum(i.outstanding_fen), 0) as bigint) as unpaid_fen \
     from loan_instalment i";
/// The same, of loans that a condition names.
const OF_LOANS: &str = "select i.due_on, count(*) as instalments, \
     cast(coalesce(sum(case when i.outstanding_fen > 0 then 1 else 0 end), 0) as bigint) as open_count, \
     cast(coalesce(sum(i.principal_due_fen - i.principal_waived_fen - i.principal_moved_fen \
       + i.interest_due_fen - i.interest_waived_fen - i.interest_moved_fen), 0) as bigint) as due_fen, \
     cast(coalesce(sum(i.principal_paid_fen + i.interest_paid_fen), 0) as bigint) as paid_fen, \
     cast(coalesce(sum(i.outstanding_fen), 0) as bigint) as unpaid_fen \
     from loan_instalment i \
     join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
     join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id";

/// What falls due on every day from `first` to `last`, days without anything left out.
///
/// The whole institution is summed from the index `loan_instalment_calendar` alone, and the few loans that do not
/// count (hidden by an undone import, written off) are taken off; a narrower scope joins to its loans.
pub async fn sums(
    tx: &mut Tx,
    first: Date,
    last: Date,
    scope: DataScope,
) -> Result<BTreeMap<Date, DaySum>, StoreError> {
    if scope != DataScope::everything() {
        let mut w = Conditions::new();
        w.and_values("i.due_on >= ? and i.due_on <= ?", args![first, last]);
        w.and_values("l.state = 'active' and p.status <> 'written-off-tracked'", args![]);
        within(&mut w, scope);
        return grouped(tx, OF_LOANS, &w).await;
    }
    let mut w = Conditions::new();
    w.and_values("i.due_on >= ? and i.due_on <= ?", args![first, last]);
    let mut all = grouped(tx, ALONE, &w).await?;
    w.and_values("(l.state = 'hidden' or p.status = 'written-off-tracked')", args![]);
    w.and_values(
        "(i.customer_id, i.loan_id) in (select customer_id, id from loan where state = 'hidden' union \
         select customer_id, loan_id from loan_position where status = 'written-off-tracked')",
        args![],
    );
    for (day, part) in grouped(tx, OF_LOANS, &w).await? {
        if let Some(sum) = all.get_mut(&day) {
            *sum = sum.less(part);
        }
    }
    all.retain(|_, sum| sum.instalments > 0);
    Ok(all)
}

async fn grouped(tx: &mut Tx, head: &'static str, w: &Conditions) -> Result<BTreeMap<Date, DaySum>, StoreError> {
    tx.fetch_all(w.select(head, "group by i.due_on order by i.due_on"), w.args())
        .await?
        .iter()
        .map(|row| {
            let sum = DaySum {
                instalments: row.get("instalments")?,
                open: row.get("open_count")?,
                due: row.get("due_fen")?,
                paid: row.get("paid_fen")?,
                unpaid: row.get("unpaid_fen")?,
            };
            Ok((row.get("due_on")?, sum))
        })
        .collect()
}

/// One instalment of a day (当日一期).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    /// Customer and loan.
    pub key: LoanKey,
    /// 借据号.
    pub number: String,
    /// 客户名称.
    pub customer: String,
    /// 证件号, masked.
    pub identity_masked: String,
    /// 手机尾号.
    pub phone_last: Option<String>,
    /// 期.
    pub no: i64,
    /// 还款日.
    pub due_on: Date,
    /// 应还本息.
    pub due: Fen,
    /// 已还.
    pub paid: Fen,
    /// 未还.
    pub unpaid: Fen,
    /// 管户客户经理.
    pub manager: String,
    /// 查卡结果 since the due date, the last one.
    pub card: Option<CardResult>,
}

const ROWS: &str = "select i.customer_id, i.loan_id, i.no, i.due_on, i.outstanding_fen, \
     i.principal_due_fen - i.principal_waived_fen - i.principal_moved_fen \
       + i.interest_due_fen - i.interest_waived_fen - i.interest_moved_fen as due_fen, \
     i.principal_paid_fen + i.interest_paid_fen as paid_fen, \
     l.number, c.name as customer_name, c.identity_masked, c.phone_last, coalesce(u.name, '') as manager_name, \
     (select k.result from card_check k where k.customer_id = i.customer_id and k.loan_id = i.loan_id \
       and k.effective_on >= i.due_on order by k.id desc limit 1) as card_result \
     from loan_instalment i \
     join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
     join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id \
     join customer_view c on c.customer_id = i.customer_id \
     left join user_view u on u.id = l.manager_id";

const TOTALS: &str = "select count(*) as instalments, \
     cast(coalesce(sum(case when i.outstanding_fen > 0 then 1 else 0 end), 0) as bigint) as open_count, \
     cast(coalesce(sum(i.principal_due_fen - i.principal_waived_fen - i.principal_moved_fen \
       + i.interest_due_fen - i.interest_waived_fen - i.interest_moved_fen), 0) as bigint) as due_fen, \
     cast(coalesce(sum(i.principal_paid_fen + i.interest_paid_fen), 0) as bigint) as paid_fen, \
     cast(coalesce(sum(i.outstanding_fen), 0) as bigint) as unpaid_fen \
     from loan_instalment i \
     join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
     join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id \
     join customer_view c on c.customer_id = i.customer_id";

/// The conditions of a question to the list; without dates it is about `on`.
pub fn conditions(asked: &ListQuery, scope: DataScope, on: Date) -> Conditions {
    let mut w = Conditions::new();
    w.and_values("l.state = 'active' and p.status <> 'written-off-tracked'", args![]);
    within(&mut w, scope);
    let (from, to) = match asked.dates("due") {
        (None, None) => (Some(on), Some(on)),
        ends => ends,
    };
    if let Some(day) = from {
        w.and_values("i.due_on >= ?", args![day]);
    }
    if let Some(day) = to {
        w.and_values("i.due_on <= ?", args![day]);
    }
    match asked.view.as_str() {
        "unpaid" => w.and_values("i.outstanding_fen > 0", args![]),
        "paid" => w.and_values("i.outstanding_fen = 0", args![]),
        _ => &mut w,
    };
    let branches: Vec<i64> = asked.choice("branch").iter().filter_map(|id| id.parse().ok()).collect();
    w.one_of("l.branch_id", &branches);
    let (low, high) = asked.range("unpaid");
    if let Some(fen) = low {
        w.and_values("i.outstanding_fen >= ?", args![fen]);
    }
    if let Some(fen) = high {
        w.and_values("i.outstanding_fen <= ?", args![fen]);
    }
    if let Some(text) = asked.text("q") {
        crate::ledger::store::find(&mut w, text);
    }
    w
}

fn order(asked: &ListQuery) -> String {
    let column = match asked.sort.map(|s| s.column) {
        Some("number") => "l.number",
        Some("customer") => "c.pinyin",
        Some("due-money") => "due_fen",
        Some("unpaid") => "i.outstanding_fen",
        _ => "i.due_on",
    };
    let falling = asked.sort.is_some_and(|s| s.descending);
    format!("order by {column} {}, i.customer_id, i.loan_id, i.no", if falling { "desc" } else { "asc" })
}

/// A part of the list; `limit` says which.
pub async fn part(tx: &mut Tx, w: &Conditions, asked: &ListQuery, limit: &str) -> Result<Vec<DueRow>, StoreError> {
    rows(tx, w, &format!("{} {limit}", order(asked))).await
}

async fn rows(tx: &mut Tx, w: &Conditions, tail: &str) -> Result<Vec<DueRow>, StoreError> {
    tx.fetch_all(w.select(ROWS, tail), w.args()).await?.iter().map(decode).collect()
}

fn decode(row: &Row) -> Result<DueRow, StoreError> {
    Ok(DueRow {
        key: LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? },
        number: row.get("number")?,
        customer: row.get("customer_name")?,
        identity_masked: row.get("identity_masked")?,
        phone_last: row.get("phone_last")?,
        no: row.get("no")?,
        due_on: row.get("due_on")?,
        due: row.get("due_fen")?,
        paid: row.get("paid_fen")?,
        unpaid: row.get("outstanding_fen")?,
        manager: row.get("manager_name")?,
        card: row.get("card_result")?,
    })
}

/// The sums of the whole list.
pub async fn totals(tx: &mut Tx, w: &Conditions) -> Result<DaySum, StoreError> {
    let row = tx.fetch_one(w.select(TOTALS, ""), w.args()).await?;
    Ok(DaySum {
        instalments: row.get("instalments")?,
        open: row.get("open_count")?,
        due: row.get("due_fen")?,
        paid: row.get("paid_fen")?,
        unpaid: row.get("unpaid_fen")?,
    })
}
