//! Risk ratings of overdue customers in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 逾期风险评级.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("rating", "风险等级", Cell::Text),
        col("days_overdue", "逾期天数", Cell::Count),
        col("overdue_fen", "逾期金额", Cell::Money),
        col("left_fen", "可用于还款", Cell::Money).or_empty(),
        col("broken", "失约次数", Cell::Count),
        col("cause", "拖欠原因", Cell::Text).or_empty(),
        col("article", "依据", Cell::Text),
        col("words", "评估意见", Cell::Text),
        col("expected_fen", "预期损失", Cell::Money).or_empty(),
        col("exposure_fen", "风险敞口", Cell::Money).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![
        Sheet::facts("overdue_ratings", "逾期风险评级", "overdue_rating", &["customer_id", "id"], columns).referred(),
        losses(),
    ]
}

/// 预期损失.
fn losses() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("rating_id", "评级键", Cell::Ref("overdue_ratings")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("exposure_fen", "风险敞口", Cell::Money),
        col("days_overdue", "逾期天数", Cell::Count),
        col("class", "五级分类", Cell::Text).or_empty(),
        col("security", "担保方式", Cell::Text),
        col("pd_ppm", "违约概率(百万分之)", Cell::Count),
        col("pd_article", "违约概率依据", Cell::Text),
        col("lgd_ppm", "违约损失率(百万分之)", Cell::Count),
        col("lgd_article", "违约损失率依据", Cell::Text),
        col("loss_fen", "预期损失", Cell::Money),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("expected_losses", "预期损失", "expected_loss", &["customer_id", "id"], columns)
}
