//! Schedules on their way and cars, in the whole book.

use platform::book::{Cell, Column, Sheet};

fn keys() -> Vec<Column> {
    vec![
        Column::new("customer_id", "客户键", Cell::Ref("customers")),
        Column::new("loan_id", "借据键", Cell::Ref("loans")),
        Column::new("id", "键", Cell::Id),
    ]
}

/// 车辆, 还款明细寄送.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let mut vehicles = keys();
    vehicles.extend([
        col("model", "车型", Cell::Text),
        col("picked_up_on", "提车日期", Cell::Date),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ]);
    let mut mailings = keys();
    mailings.extend([
        col("step", "步骤", Cell::Text),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ]);
    let order = &["customer_id", "id"];
    vec![
        Sheet::facts("vehicles", "车辆", "loan_vehicle", order, vehicles),
        Sheet::facts("schedule_mailings", "还款明细寄送", "schedule_mailing", order, mailings),
    ]
}
