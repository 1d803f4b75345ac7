//! Classification runs, their items, suggestions and counts, and approved classes in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 分类认定, 逐笔认定, 分类建议, 认定汇总, 认定分类.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let runs = vec![
        col("id", "键", Cell::Id),
        col("number", "认定编号", Cell::Text),
        col("branch_id", "机构", Cell::Branch),
        col("as_of", "基准日", Cell::Date),
        col("former_id", "上期认定键", Cell::Id).or_empty(),
        col("former_on", "上期基准日", Cell::Date).or_empty(),
        col("state", "状态", Cell::Text),
        col("made_by", "初分人", Cell::User),
        col("proposed_on", "初分日期", Cell::Date).or_empty(),
        col("provision_held_fen", "已提准备金", Cell::Money).or_empty(),
        col("value_note", "真实价值与风险", Cell::Text),
        col("granting_note", "发放问题", Cell::Text),
        col("monitoring_note", "管理问题", Cell::Text),
        col("collection_note", "收回问题", Cell::Text),
        col("provision_note", "准备金充足性", Cell::Text),
        col("reviewed_by", "审核人", Cell::User).or_empty(),
        col("reviewed_on", "审核日期", Cell::Date).or_empty(),
        col("review_note", "审核意见", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("approved_on", "审定日期", Cell::Date).or_empty(),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![
        Sheet::facts("classifications", "分类认定", "classification_run", &["id"], runs)
            .numbered("classification", "id")
            .without(&["version"]),
        items(),
        suggestions(),
        counts(),
        classes(),
    ]
}

fn items() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("run_id", "分类认定键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("former_class", "上期分类", Cell::Text),
        col("system_class", "系统分类", Cell::Text),
        col("standing_class", "原分类", Cell::Text),
        col("class", "认定分类", Cell::Text),
        col("initial_class", "初分分类", Cell::Text),
        col("initial_reason", "初分理由", Cell::Text),
        col("reviewed_class", "审核分类", Cell::Text).or_empty(),
        col("review_reason", "审核理由", Cell::Text),
        col("differs", "有差异", Cell::Count),
        col("fresh", "新发放", Cell::Count),
        col("overdue_days", "逾期天数", Cell::Count),
        col("principal_fen", "本金余额", Cell::Money),
        col("overdue_fen", "逾期本金", Cell::Money),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let order = &["customer_id", "run_id", "loan_id"];
    Sheet::facts("classification_items", "逐笔认定", "classification_item", order, columns).without(&["version"])
}

fn suggestions() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("run_id", "分类认定键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("class", "建议分类", Cell::Text),
        col("reason", "理由", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let order = &["customer_id", "id"];
    Sheet::facts("classification_suggestions", "分类建议", "classification_suggestion", order, columns)
}

fn counts() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("id", "键", Cell::Id),
        col("run_id", "分类认定键", Cell::Id),
        col("step", "汇总时点", Cell::Text),
        col("counted_on", "汇总日期", Cell::Date),
        col("former_class", "上期分类", Cell::Text),
        col("system_class", "系统分类", Cell::Text),
        col("class", "认定分类", Cell::Text),
        col("fresh", "新发放", Cell::Count),
        col("loans", "笔数", Cell::Count),
        col("principal_fen", "本金余额", Cell::Money),
        col("overdue_fen", "逾期本金", Cell::Money),
        col("differing", "有差异笔数", Cell::Count),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("classification_counts", "认定汇总", "classification_count", &["id"], columns)
}

fn classes() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("run_id", "分类认定键", Cell::Id),
        col("class", "分类", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("loan_classes", "认定分类", "loan_class", &["customer_id", "id"], columns)
}
