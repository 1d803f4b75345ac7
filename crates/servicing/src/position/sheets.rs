//! Positions and schedules in the whole book: for reading, and for comparing with what is computed on the way in.

use jiff::civil::Date;
use platform::book::{Cell, Column, Drawn, Sheet};
use platform::db::{Row, StoreError, ToValue as _, Value};

use super::rules::grown;
use super::store;

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![positions(), instalments()]
}

fn positions() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("status", "状态", Cell::Text),
        col("disbursed_fen", "累计放款", Cell::Money),
        col("principal_fen", "本金余额", Cell::Money),
        col("overdue_principal_fen", "逾期本金", Cell::Money),
        col("overdue_interest_fen", "逾期利息", Cell::Money),
        col("penalty_fen", "罚息", Cell::Money),
        col("compound_fen", "复利", Cell::Money),
        col("fee_fen", "未收费用", Cell::Money),
        col("cost_fen", "实现债权费用", Cell::Money),
        col("credit_fen", "预存款", Cell::Money),
        col("days_overdue", "逾期天数", Cell::Count),
        col("oldest_due_on", "最早欠期", Cell::Date).or_empty(),
        col("next_due_on", "下期还款日", Cell::Date).or_empty(),
        col("next_due_fen", "下期应还", Cell::Money),
        col("maturity_on", "到期日", Cell::Date),
        col("yearly_e9", "年利率", Cell::Rate),
        col("bucket", "逾期分档", Cell::Text),
        col("class", "分类", Cell::Text),
        col("non_accrual_since", "非应计起", Cell::Date).or_empty(),
        col("written_off_on", "核销日", Cell::Date).or_empty(),
        col("written_off_fen", "核销后债权", Cell::Money),
        col("provisional", "是否暂定", Cell::Flag),
    ];
    Sheet::derived("positions", "借据状况", "loan_position", &["customer_id", "loan_id"], columns)
        .drawn(Drawn { also: &POSITION_FIELDS, with: position })
}

const POSITION_FIELDS: [&str; 27] = [
    "customer_id",
    "loan_id",
    "status",
    "principal_fen",
    "overdue_principal_fen",
    "overdue_interest_fen",
    "penalty_fen",
    "compound_fen",
    "fee_fen",
    "cost_fen",
    "credit_fen",
    "oldest_due_on",
    "next_due_on",
    "next_due_fen",
    "maturity_on",
    "yearly_e9",
    "bucket",
    "class",
    "non_accrual_since",
    "written_off_on",
    "written_off_fen",
    "accruals_json",
    "as_of",
    "disbursed_fen",
    "provisional",
    "next_event_on",
    "fingerprint",
];

/// A kept position on the business date: what grows by the day is carried there.
fn position(row: &Row, on: Date) -> Result<Vec<Value>, StoreError> {
    let p = store::decode(row)?;
    let (penalty, compound) = grown(&p, on);
    Ok(platform::args![
        p.key.customer,
        p.key.loan,
        row.get::<String>("status")?,
        p.disbursed,
        p.principal,
        p.overdue_principal,
        p.overdue_interest,
        penalty,
        compound,
        p.fee,
        p.cost,
        p.credit,
        i64::from(p.days_overdue(on)),
        p.oldest_due_on,
        p.next_due_on,
        p.next_due,
        p.maturity_on,
        p.yearly_e9,
        p.grade.bucket,
        p.grade.class,
        p.non_accrual_since,
        p.written_off_on,
        p.written_off,
        p.provisional
    ])
}

const INSTALMENT_FIELDS: [&str; 18] = [
    "customer_id",
    "loan_id",
    "no",
    "from_on",
    "to_on",
    "nominal_due_on",
    "due_on",
    "principal_due_fen",
    "principal_paid_fen",
    "principal_waived_fen",
    "principal_moved_fen",
    "interest_due_fen",
    "interest_paid_fen",
    "interest_waived_fen",
    "interest_moved_fen",
    "outstanding_fen",
    "cleared_on",
    "provisional",
];

fn instalments() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("no", "期次", Cell::Count),
        col("from_on", "计息起", Cell::Date),
        col("to_on", "计息止", Cell::Date),
        col("nominal_due_on", "名义还款日", Cell::Date),
        col("due_on", "还款日", Cell::Date),
        col("principal_due_fen", "应还本金", Cell::Money),
        col("principal_paid_fen", "已还本金", Cell::Money),
        col("principal_waived_fen", "减免本金", Cell::Money),
        col("principal_moved_fen", "移出本金", Cell::Money),
        col("interest_due_fen", "应还利息", Cell::Money),
        col("interest_paid_fen", "已还利息", Cell::Money),
        col("interest_waived_fen", "减免利息", Cell::Money),
        col("interest_moved_fen", "移出利息", Cell::Money),
        col("outstanding_fen", "未还", Cell::Money),
        col("cleared_on", "结清日", Cell::Date).or_empty(),
        col("provisional", "是否暂定", Cell::Flag),
    ];
    Sheet::derived("instalments", "还款计划", "loan_instalment", &["customer_id", "loan_id", "no"], columns).drawn(
        Drawn {
            also: &INSTALMENT_FIELDS,
            with: |row, _| INSTALMENT_FIELDS.iter().map(|field| value(row, field)).collect(),
        },
    )
}

/// A value as it is kept.
pub(crate) fn value(row: &Row, field: &str) -> Result<Value, StoreError> {
    let place = row.columns().iter().position(|name| name == field);
    let value = place.and_then(|place| row.values().get(place)).cloned();
    value.ok_or_else(|| StoreError::Corrupt {
        column: field.to_owned(),
        expected: "a column",
        found: "no such column".to_value().describe(),
    })
}
