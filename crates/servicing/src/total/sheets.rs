//! Totals in the whole book: how the positions add up, by branch, product, bucket, class and status.

use platform::book::{Cell, Column, Drawn, Sheet};

use crate::position::sheets::value;

const FIELDS: [&str; 9] = [
    "branch",
    "product",
    "bucket",
    "class",
    "status",
    "loans",
    "principal_fen",
    "overdue_principal_fen",
    "overdue_interest_fen",
];

/// The sheet. Branches stand by name, in an order that both databases share.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("branch", "分支机构", Cell::Text),
        col("product", "产品", Cell::Text),
        col("bucket", "逾期分档", Cell::Text),
        col("class", "分类", Cell::Text),
        col("status", "状态", Cell::Text),
        col("loans", "笔数", Cell::Count),
        col("principal_fen", "本金余额", Cell::Money),
        col("overdue_principal_fen", "逾期本金", Cell::Money),
        col("overdue_interest_fen", "逾期利息", Cell::Money),
    ];
    let table = "(select b.name as branch, l.product, p.bucket, p.class, p.status, count(*) as loans, \
         cast(sum(p.principal_fen) as bigint) as principal_fen, \
         cast(sum(p.overdue_principal_fen) as bigint) as overdue_principal_fen, \
         cast(sum(p.overdue_interest_fen) as bigint) as overdue_interest_fen \
         from loan_position p join loan l on l.customer_id = p.customer_id and l.id = p.loan_id \
         join branch_view b on b.id = l.branch_id where l.state = 'active' \
         group by b.name, l.product, p.bucket, p.class, p.status) t";
    Sheet::derived("totals", "汇总", table, &["branch", "product", "bucket", "class", "status"], columns)
        .drawn(Drawn { also: &FIELDS, with: |row, _| FIELDS.iter().map(|field| value(row, field)).collect() })
}
