//! The platform's own sheets: people and branches, series of numbers, contacts entered by hand, decisions, approvals.

use super::sheet::{Cell, Column, Recorded, Share, Sheet};
use crate::{attachment, exam, training};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// What the platform gives to the whole book.
pub(crate) fn share() -> Share {
    let people = [branches(), teams(), users(), number_series()];
    let later = [contact_records(), contact_checks(), decisions(), approvals(), opinions()];
    let later = later.into_iter().map(Sheet::late).chain(attachment::sheets::sheets());
    let later = later.chain(exam::sheets::sheets()).chain([training::sheets::sheet()]);
    Share { sheets: people.into_iter().chain(later).collect(), settle: None }
}

/// 分支机构: matched by name, opened where it is not there.
fn branches() -> Sheet {
    let columns = vec![
        col("name", "分支机构", Cell::Text),
        col("parent_id", "上级机构", Cell::Branch).or_empty(),
        col("opened_on", "开业日期", Cell::Date),
    ];
    Sheet::facts("branches", "分支机构", "branch", &["name"], columns).recorded(Recorded::Not).without(&["id"])
}

/// 团队.
fn teams() -> Sheet {
    let columns = vec![col("branch_id", "分支机构", Cell::Branch), col("name", "团队", Cell::Text)];
    Sheet::facts("teams", "团队", "team", &["branch_id", "name"], columns).recorded(Recorded::Not).without(&["id"])
}

/// 人员: names and kinds only. Who is not there is written down as somebody who may not log in and may do nothing.
fn users() -> Sheet {
    let columns = vec![
        col("login", "登录名", Cell::Text),
        col("name", "姓名", Cell::Text),
        col("branch_id", "分支机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("language", "语言", Cell::Text),
        col("kind", "类别", Cell::Text),
    ];
    Sheet::facts("users", "人员", "app_user", &["login"], columns).recorded(Recorded::Not).without(&[
        "id",
        "state",
        "password_hash",
        "must_change_password",
        "failures",
        "locked_until",
        "version",
        "created_at",
        "created_by",
    ])
}

/// 编号序列: how far each series of numbers is.
fn number_series() -> Sheet {
    let columns = vec![
        col("kind", "编号类别", Cell::Text),
        col("period", "期间", Cell::Text),
        col("last", "已用到", Cell::Count),
    ];
    Sheet::facts("number_series", "编号序列", "number_sequence", &["kind", "period"], columns).recorded(Recorded::Not)
}

/// 手工登记的联系.
fn contact_records() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("subject", "事项", Cell::Text),
        col("duty_customer_id", "任务客户键", Cell::Id),
        col("duty_id", "任务键", Cell::Id),
        col("contacted_at", "联系时间", Cell::Moment),
        col("channel", "方式", Cell::Text),
        col("contacted", "联系对象", Cell::Text),
        col("reached", "是否接通", Cell::Flag),
        col("response", "回应", Cell::Text),
        col("text_sent", "发出内容", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
        col("source", "来源", Cell::Text),
        col("corrects_id", "更正的键", Cell::Id).or_empty(),
    ];
    Sheet::facts("contact_records", "联系登记", "contact_record", &["customer_id", "id"], columns)
}

/// 联系前核查.
fn contact_checks() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("person_id", "联系对象键", Cell::PersonRef),
        col("number_index", "号码键", Cell::NumberRef),
        col("purpose", "目的", Cell::Text),
        col("allowed", "是否准许", Cell::Flag),
        col("rule", "规则", Cell::Text).or_empty(),
        col("article", "条款", Cell::Text).or_empty(),
        col("next_lawful_at", "最早可联系时间", Cell::Moment).or_empty(),
        col("reason", "理由", Cell::Text),
        col("asked_at", "查询时间", Cell::Moment),
        col("asked_by", "查询人", Cell::User),
    ];
    // Who is no customer yet has no file in the book to which a check could belong.
    Sheet::facts("contact_checks", "联系核查", "contact_check", &["customer_id", "id"], columns)
        .recorded(Recorded::Not)
        .only("customer_id <> 0")
}

/// 制度判定.
fn decisions() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("subject", "对象", Cell::Text),
        col("axis", "判定项", Cell::Text),
        col("outcome", "结论", Cell::Text),
        col("inputs_json", "依据", Cell::Text),
        col("rows_json", "命中行", Cell::Text),
        col("articles", "条款", Cell::Text),
        col("policy_version", "制度版本", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
        col("origin", "作出方式", Cell::Text),
        col("reason", "理由", Cell::Text).or_empty(),
        col("expires_on", "失效日期", Cell::Date).or_empty(),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("corrects_id", "更正的键", Cell::Id).or_empty(),
    ];
    Sheet::facts("decisions", "制度判定", "decision", &["customer_id", "id"], columns).only("customer_id <> 0")
}

const DECIDED: &str = "customer_id <> 0 and state in ('approved', 'rejected', 'withdrawn')";

/// 审批: those that are decided. What is still under way stays where it is.
fn approvals() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("kind", "类别", Cell::Text),
        col("subject", "对象", Cell::Text),
        col("title", "标题", Cell::Text),
        col("payload_json", "内容", Cell::Text),
        col("amount_fen", "金额", Cell::Money).or_empty(),
        col("priority_note", "优先理由", Cell::Text).or_empty(),
        col("maker", "申请人", Cell::User),
        col("branch_id", "分支机构", Cell::Branch),
        col("chain_json", "审批链", Cell::Text),
        col("chain_title", "审批链名称", Cell::Text),
        col("rule", "规则", Cell::Text),
        col("article", "条款", Cell::Text),
        col("policy_version", "制度版本", Cell::Text),
        col("step", "步骤", Cell::Count),
        col("step_roles", "步骤角色", Cell::Text),
        col("state", "结果", Cell::Text),
        col("missing_json", "补正项", Cell::Text),
        col("submitted_on", "提交日期", Cell::Date),
        col("submitted_at", "提交时间", Cell::Moment),
        col("decided_on", "决定日期", Cell::Date).or_empty(),
        col("decided_at", "决定时间", Cell::Moment).or_empty(),
    ];
    Sheet::facts("approvals", "审批", "approval", &["customer_id", "id"], columns)
        .recorded(Recorded::Not)
        .only(DECIDED)
        .referred()
        .without(&["version"])
}

/// 审批意见.
fn opinions() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("approval_id", "审批键", Cell::Ref("approvals")),
        col("step", "步骤", Cell::Count),
        col("verdict", "意见", Cell::Text),
        col("by_user", "审批人", Cell::User),
        col("by_role", "角色", Cell::Text),
        col("for_user", "代谁审批", Cell::User).or_empty(),
        col("maker", "申请人", Cell::User),
        col("opinion", "说明", Cell::Text),
        col("missing_json", "补正项", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
        col("recorded_at", "登记时间", Cell::Moment),
    ];
    Sheet::facts("approval_opinions", "审批意见", "approval_opinion", &["customer_id", "id"], columns)
        .recorded(Recorded::Not)
        .only(
            "customer_id <> 0 and exists (select 1 from approval a where a.customer_id = approval_opinion.customer_id \
             and a.id = approval_opinion.approval_id and a.state in ('approved', 'rejected', 'withdrawn'))",
        )
}
