//! Leads and sources in the whole book.

use platform::book::seal::{SealedParts, Sealing, open};
use platform::book::{Cell, Column, Fields, Sheet};
use platform::vault::{Personal as _, Phone, Vault, VaultError};

use crate::personal;

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// Leads, steps, sources.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![leads(), steps(), sources()]
}

/// 线索.
fn leads() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("number", "线索编号", Cell::Text),
        col("kind", "类别", Cell::Text),
        col("name", "名称", Cell::Text),
        col("phone_sealed", "电话", Cell::Sealed(&LeadSeal)).or_empty(),
        col("channel", "获客渠道", Cell::Text),
        col("campaign_id", "活动键", Cell::Id).or_empty(),
        col("partner_id", "合作机构键", Cell::Id).or_empty(),
        col("referrer_id", "推荐客户键", Cell::Id).or_empty(),
        col("source_user_id", "发现人", Cell::User).or_empty(),
        col("ground", "联系依据", Cell::Text),
        col("ground_note", "依据说明", Cell::Text),
        col("interest", "意向", Cell::Text),
        col("customer_id", "客户键", Cell::Id).or_empty(),
        col("owner_id", "跟进人", Cell::User),
        col("branch_id", "机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("state", "状态", Cell::Text),
        col("lost_reason", "流失原因", Cell::Text).or_empty(),
        col("next_on", "下次联系", Cell::Date).or_empty(),
        col("seen_on", "最近跟进", Cell::Date),
        col("turn", "联系任务次数", Cell::Count),
        col("refused_on", "拒绝联系日期", Cell::Date).or_empty(),
        col("won_on", "转客户日期", Cell::Date).or_empty(),
        col("erase_asked_on", "抹除提示日期", Cell::Date).or_empty(),
        col("erased_on", "抹除日期", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    // Its customer is a link that may be missing: a lead belongs to the house, and its number leads to no file.
    Sheet::facts("leads", "线索", "lead", &["id"], columns).without(&["version"])
}

/// 线索跟进记录.
fn steps() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("lead_id", "线索键", Cell::Id),
        col("kind", "动作", Cell::Text),
        col("note", "说明", Cell::Text),
        col("next_on", "下次联系", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("lead_steps", "线索跟进记录", "lead_step", &["id"], columns)
}

/// 客户来源.
fn sources() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("lead_id", "线索键", Cell::Id).or_empty(),
        col("opening", "是否建档来源", Cell::Flag),
        col("channel", "获客渠道", Cell::Text),
        col("campaign_id", "活动键", Cell::Id).or_empty(),
        col("partner_id", "合作机构键", Cell::Id).or_empty(),
        col("referrer_id", "推荐客户键", Cell::Id).or_empty(),
        col("source_user_id", "发现人", Cell::User).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("customer_sources", "客户来源", "customer_source", &["customer_id", "id"], columns)
}

/// The telephone number of a lead.
#[derive(Debug)]
struct LeadSeal;

fn named(row: &Fields<'_>) -> String {
    row.int("id").to_string()
}

impl Sealing for LeadSeal {
    fn index(&self) -> Option<&'static str> {
        Some("phone_index")
    }

    fn masked(&self) -> &'static str {
        "phone_masked"
    }

    fn is_number(&self) -> bool {
        true
    }

    fn open(&self, vault: &Vault, row: &Fields<'_>, sealed: Vec<u8>) -> Result<String, VaultError> {
        open::<Phone>(vault, personal::place(personal::LEAD_PHONE, &named(row)), sealed)
    }

    fn seal(&self, vault: &Vault, row: &Fields<'_>, clear: &str) -> Result<SealedParts, &'static str> {
        let (phone, row) = (Phone::from_clear(clear.to_owned()), named(row));
        let place = personal::place(personal::LEAD_PHONE, &row);
        Ok(SealedParts::of(vault, place, &phone, &phone))
    }
}
