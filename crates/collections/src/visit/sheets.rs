//! Visits in the whole book: orders, who went, what happened, records, photos.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];
const CUSTOMER: Column = col("customer_id", "客户键", Cell::Ref("customers"));
const ID: Column = col("id", "键", Cell::Id);
const ORDER: Column = col("order_id", "外访单键", Cell::Ref("visit_orders"));
const ON: Column = col("effective_on", "业务日期", Cell::Date);

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![orders(), visitors(), steps(), records(), photos()]
}

/// 外访单.
fn orders() -> Sheet {
    let columns = vec![
        CUSTOMER,
        ID,
        col("case_id", "案件键", Cell::Ref("cases")),
        col("number", "外访单号", Cell::Text),
        col("point_id", "地址键", Cell::Ref("contact_points")).or_empty(),
        col("district", "区域", Cell::Text),
        col("visit_on", "外访日期", Cell::Date),
        col("from_minute", "自(分钟)", Cell::Count),
        col("until_minute", "至(分钟)", Cell::Count),
        col("purpose", "目的", Cell::Text),
        col("documents", "携带材料", Cell::Text),
        col("state", "状态", Cell::Text),
        col("issued_by", "签发人", Cell::User).or_empty(),
        col("issued_at", "签发时间", Cell::Moment).or_empty(),
        col("set_out_at", "出发时间", Cell::Moment).or_empty(),
        col("allowance_id", "许可键", Cell::Ref("contact_allowances")).or_empty(),
        col("branch_id", "分支机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("manager_id", "管户人", Cell::User),
        ON,
    ];
    Sheet::facts("visit_orders", "外访单", "visit_order", KEY, columns)
        .recorded(Recorded::Full)
        .numbered("visit", "id")
        .referred()
        .without(&["version"])
}

/// 外访人员.
fn visitors() -> Sheet {
    let columns = vec![
        CUSTOMER,
        ID,
        ORDER,
        col("user_id", "人员", Cell::User).or_empty(),
        col("name", "姓名", Cell::Text),
        col("agency", "机构", Cell::Text),
        col("credential", "证件号", Cell::Text),
        col("valid_until", "有效期至", Cell::Date),
    ];
    Sheet::facts("visit_visitors", "外访人员", "visit_visitor", KEY, columns)
}

/// 外访单经过.
fn steps() -> Sheet {
    let columns = vec![CUSTOMER, ID, ORDER, col("step", "步骤", Cell::Text), col("detail", "说明", Cell::Text), ON];
    Sheet::facts("visit_steps", "外访单经过", "visit_step", KEY, columns)
}

/// 外访记录.
fn records() -> Sheet {
    let columns = vec![
        CUSTOMER,
        ID,
        ORDER,
        col("contact_id", "联系键", Cell::Id),
        col("result", "结果", Cell::Text),
        col("arrived_at", "到达时间", Cell::Moment),
        col("identified", "是否表明身份", Cell::Flag),
        col("entry", "进入情况", Cell::Text),
        col("met", "见到何人", Cell::Text),
        col("debt_kept", "未透露债务", Cell::Flag),
        col("said", "谈话内容", Cell::Text),
        col("response", "答复", Cell::Text),
        col("seen", "所见", Cell::Text),
        col("lump_sum", "先谈一次结清", Cell::Flag),
        col("conclusion", "结论", Cell::Text),
        col("next_step", "下一步", Cell::Text),
        ON,
    ];
    Sheet::facts("visit_records", "外访记录", "visit_record", KEY, columns)
}

/// 外访照片.
fn photos() -> Sheet {
    let columns = vec![
        CUSTOMER,
        ID,
        ORDER,
        col("attachment_id", "附件键", Cell::Ref("attachments")),
        col("note", "说明", Cell::Text),
        ON,
    ];
    Sheet::facts("visit_photos", "外访照片", "visit_photo", KEY, columns)
}
