//! Agencies in the whole book: the register, placements, evaluations, commission.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const ID: Column = col("id", "键", Cell::Id);
const AGENCY: Column = col("agency_id", "机构键", Cell::Id);
const ON: Column = col("effective_on", "业务日期", Cell::Date);
const OWN: &[&str] = &["id"];
const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![agencies(), contracts(), publications(), users(), evaluations(), placements(), commissions(), rows()]
}

/// 催收机构.
fn agencies() -> Sheet {
    let columns = vec![
        ID,
        col("number", "编号", Cell::Text),
        col("name", "名称", Cell::Text),
        col("registration_no", "登记号", Cell::Text),
        col("note", "备注", Cell::Text),
        ON,
    ];
    Sheet::facts("agencies", "催收机构", "agency", OWN, columns).numbered("agency", "id")
}

/// 委托催收合同.
fn contracts() -> Sheet {
    let columns = vec![
        ID,
        AGENCY,
        col("number", "合同编号", Cell::Text),
        col("from_on", "自", Cell::Date),
        col("to_on", "至", Cell::Date),
        col("purpose", "委托目的", Cell::Text),
        col("data_terms", "数据返还或删除", Cell::Text),
        col("delegation", "转委托约定", Cell::Text),
        col("commission_bp", "佣金率(万分之一)", Cell::Count),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("end_approval_id", "终止审批键", Cell::Id).or_empty(),
        col("end_reason", "终止原因", Cell::Text).or_empty(),
        col("ended_on", "终止日期", Cell::Date).or_empty(),
        ON,
    ];
    Sheet::facts("agency_contracts", "委托催收合同", "agency_contract", OWN, columns)
        .numbered("agency_contract", "id")
        .without(&["version"])
}

/// 机构公示.
fn publications() -> Sheet {
    let columns = vec![ID, AGENCY, col("published", "是否公示", Cell::Flag), col("place", "公示位置", Cell::Text), ON];
    Sheet::facts("agency_publications", "机构公示", "agency_publication", OWN, columns)
}

/// 机构人员.
fn users() -> Sheet {
    let columns = vec![
        ID,
        AGENCY,
        col("user_id", "人员", Cell::User),
        col("ended_on", "停用日期", Cell::Date).or_empty(),
        col("ended_by", "停用人", Cell::User).or_empty(),
        ON,
    ];
    Sheet::facts("agency_users", "机构人员", "agency_user", OWN, columns)
}

/// 机构评估.
fn evaluations() -> Sheet {
    let columns = vec![
        ID,
        col("number", "编号", Cell::Text),
        AGENCY,
        col("occasion", "评估时机", Cell::Text),
        col("period_from", "期间起", Cell::Date),
        col("period_to", "期间止", Cell::Date),
        col("scores_json", "评分", Cell::Text),
        col("total", "总分", Cell::Count),
        col("figures_json", "当时指标", Cell::Text),
        col("findings", "评估发现", Cell::Text),
        col("decision", "结论", Cell::Text),
        col("published_on", "公布日期", Cell::Date).or_empty(),
        col("published_by", "公布人", Cell::User).or_empty(),
        ON,
    ];
    Sheet::facts("agency_evaluations", "机构评估", "agency_evaluation", OWN, columns)
        .numbered("agency_evaluation", "id")
}

/// 委外案件.
fn placements() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        ID,
        col("case_id", "案件键", Cell::Id),
        AGENCY,
        col("contract_id", "合同键", Cell::Id),
        col("worker_id", "机构经办人", Cell::User),
        col("contact_id", "本机构联系人", Cell::User),
        col("owner_before", "原催收员", Cell::User),
        col("role_before", "原岗位", Cell::Text),
        col("commission_bp", "佣金率(万分之一)", Cell::Count),
        col("overdue_fen", "委外时逾期", Cell::Money),
        col("overdue_since", "逾期自", Cell::Date),
        col("from_on", "自", Cell::Date),
        col("to_on", "至", Cell::Date),
        col("note", "说明", Cell::Text),
        col("ended_on", "退案日期", Cell::Date).or_empty(),
        col("ended_at", "退案时间", Cell::Moment).or_empty(),
        col("end_reason", "退案原因", Cell::Text).or_empty(),
        col("end_note", "退案说明", Cell::Text).or_empty(),
        col("ended_by", "退案人", Cell::User).or_empty(),
        ON,
    ];
    Sheet::facts("agency_placements", "委外案件", "agency_placement", KEY, columns)
}

/// 佣金结算单.
fn commissions() -> Sheet {
    let columns = vec![
        ID,
        col("number", "编号", Cell::Text),
        AGENCY,
        col("period_from", "期间起", Cell::Date),
        col("period_to", "期间止", Cell::Date),
        col("base_fen", "回款", Cell::Money),
        col("amount_fen", "佣金", Cell::Money),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        ON,
    ];
    Sheet::facts("agency_commissions", "佣金结算单", "agency_commission", OWN, columns)
        .numbered("agency_commission", "id")
        .without(&["version"])
}

/// 佣金明细.
fn rows() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        ID,
        col("commission_id", "结算单键", Cell::Id),
        col("placement_id", "委外键", Cell::Id),
        col("transaction_id", "流水键", Cell::Id),
        col("back", "是否撤销", Cell::Flag),
        col("happened_on", "日期", Cell::Date),
        col("amount_fen", "回款", Cell::Money),
        col("commission_bp", "佣金率(万分之一)", Cell::Count),
        col("commission_fen", "佣金", Cell::Money),
        col("standing", "是否有效", Cell::Flag),
        ON,
    ];
    Sheet::facts("agency_commission_rows", "佣金明细", "agency_commission_row", KEY, columns)
}
