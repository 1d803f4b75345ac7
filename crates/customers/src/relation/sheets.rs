//! Related parties in the whole book.

use platform::book::{Cell, Column, Computed, Sheet};
use platform::db::Kind;

use crate::customer::sheets::{IdentitySeal, person_of};
use crate::personal;

static RELATION_IDENTITY: IdentitySeal = IdentitySeal {
    column: personal::RELATION_IDENTITY,
    row: |row| format!("{}:{}", row.int("customer_id"), row.int("id")),
};

/// The sheet.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("person_id", "同一人键", Cell::Person("id")),
        col("kind", "关系", Cell::Text),
        col("name", "名称", Cell::Text),
        col("identity_kind", "证件类型", Cell::Text),
        col("identity_sealed", "证件号码", Cell::Sealed(&RELATION_IDENTITY)).or_empty(),
        col("other_customer_id", "本行客户键", Cell::Ref("customers")).or_empty(),
        col("share_ppm", "持股(百万分之)", Cell::Count).or_empty(),
        col("consented_on", "同意日期", Cell::Date).or_empty(),
        col("objected_on", "拒绝日期", Cell::Date).or_empty(),
        col("note", "备注", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
        col("ended_on", "终止日期", Cell::Date).or_empty(),
        col("ended_reason", "终止原因", Cell::Text).or_empty(),
    ];
    Sheet::facts("relations", "关系人", "relation", &["customer_id", "id"], columns)
        .referred()
        .computed(Computed { fields: &[("person_id", Kind::Int)], with: |row| Ok(vec![person_of(row, "id")]) })
        .without(&["version"])
}
