//! Partners and their agreements in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// Partners, agreements.
pub(crate) fn sheets() -> Vec<Sheet> {
    let partners = vec![
        col("id", "键", Cell::Id),
        col("number", "合作机构编号", Cell::Text),
        col("name", "名称", Cell::Text),
        col("kind", "类型", Cell::Text),
        col("note", "说明", Cell::Text),
        col("branch_id", "机构", Cell::Branch).or_empty(),
        col("ended_on", "终止日期", Cell::Date).or_empty(),
        col("end_reason", "终止原因", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let agreements = vec![
        col("id", "键", Cell::Id),
        col("partner_id", "合作机构键", Cell::Id),
        col("title", "协议", Cell::Text),
        col("valid_from", "自", Cell::Date),
        col("valid_until", "至", Cell::Date),
        col("attachment_id", "附件键", Cell::Id),
        col("asked_on", "续签提示日期", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![
        Sheet::facts("partners", "合作机构", "partner", &["id"], partners)
            .numbered("partner", "id")
            .without(&["version"]),
        Sheet::facts("partner_agreements", "合作协议", "partner_agreement", &["id"], agreements).without(&["version"]),
    ]
}
