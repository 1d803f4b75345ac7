//! Proofs of assets in the whole book, behind the documents to which they refer.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// Proofs, their steps.
pub(crate) fn sheets() -> Vec<Sheet> {
    let key = &["customer_id", "id"];
    let proofs = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("document_id", "资料键", Cell::Ref("documents")),
        col("kind", "证明种类", Cell::Text),
        col("face_fen", "金额", Cell::Money),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let steps = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("proof_id", "证明键", Cell::Ref("asset_proofs")),
        col("step", "经过", Cell::Text),
        col("way", "核实方式", Cell::Text).or_empty(),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![
        Sheet::facts("asset_proofs", "大额资产证明", "asset_proof", key, proofs).referred().late(),
        Sheet::facts("asset_proof_steps", "资产证明经过", "asset_proof_step", key, steps).late(),
    ]
}
