//! An entry of the list of premium enterprises. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::attachment::AttachmentId;
use platform::id::{BranchId, UserId};
use platform::id_type;

use crate::datum::model::words;

id_type!(PremiumId, "The key of an entry of the list of premium enterprises (优质企业).");

words! {
    /// Where an entry stands (名单登记状态).
    PremiumState, "state of an entry of the list of premium enterprises":
    /// Waits for somebody else (待审批).
    Submitted = "submitted",
    /// Agreed to (已批准).
    Approved = "approved",
    /// Not agreed to (未通过).
    Refused = "refused",
}

/// The boards as the dictionary of facts names them (上市板块).
pub const BOARDS: [&str; 4] = ["main", "star", "overseas", "chinext"];

/// What an entry by an item means for others (项目作用).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Its subsidiaries may be on the list (母公司项目).
    Parent,
    /// It is a subsidiary of one that is (子公司项目).
    Subsidiary,
    /// It stands for itself (其他项目).
    Own,
}

impl Role {
    /// As the policy writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "parent" => Some(Self::Parent),
            "subsidiary" => Some(Self::Subsidiary),
            "own" => Some(Self::Own),
            _ => None,
        }
    }
}

/// An item of the list with one of its industries, as the policy names them (名单项目).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name in data.
    pub name: String,
    /// The industry; `none` where the item asks for none.
    pub industry: String,
    /// What an entry by it means for others.
    pub role: Role,
}

/// What is said of an enterprise (名单登记内容).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The name.
    pub name: String,
    /// 统一社会信用代码, as typed; kept in its normal form.
    pub uscc: String,
    /// The item of the list.
    pub item: String,
    /// The industry under the item; `none` where it asks for none.
    pub industry: String,
    /// The board on which a subsidiary is listed.
    pub board: Option<String>,
    /// For how many years in a row it made good profit.
    pub good_years: Option<i64>,
    /// The number of the parent.
    pub parent_uscc: Option<String>,
    /// The share of the parent.
    pub parent_share_ppm: Option<i64>,
    /// Which paper, register or page shows all this.
    pub proof: String,
    /// The first day on the list.
    pub starts_on: Date,
    /// The last day, where one is known.
    pub until: Option<Date>,
}

/// An entry of the list (优质企业).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub id: PremiumId,
    /// 优质企业编号.
    pub number: String,
    /// What is said.
    pub content: Content,
    /// The paper that proves it.
    pub paper: Option<AttachmentId>,
    /// Which branch entered it.
    pub branch: BranchId,
    /// Where it stands.
    pub state: PremiumState,
    /// What waits for agreement, or waited.
    pub approval: Option<ApprovalId>,
    /// When it was agreed to.
    pub approved_on: Option<Date>,
    /// From when on it is not on the list any more.
    pub ended_on: Option<Date>,
    /// Why it was taken off.
    pub end_reason: Option<String>,
    /// The later entry that took its place.
    pub superseded_by: Option<PremiumId>,
    /// The business date on which it was made.
    pub made_on: Date,
    /// Who made it.
    pub maker: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Entry {
    /// What the trail calls it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("premium_enterprise:{}", self.id)
    }

    /// Whether it is on the list on a day, of itself.
    #[must_use]
    pub fn stands_on(&self, on: Date) -> bool {
        self.state == PremiumState::Approved
            && self.content.starts_on <= on
            && self.content.until.is_none_or(|until| on <= until)
            && self.ended_on.is_none_or(|ended| on < ended)
    }

    /// The days after a day on which this may change: it begins, or it is over.
    #[must_use]
    pub fn turns_after(&self, on: Date) -> Option<Date> {
        if self.state != PremiumState::Approved {
            return None;
        }
        let over = self.content.until.and_then(|until| until.tomorrow().ok());
        [Some(self.content.starts_on), over, self.ended_on].into_iter().flatten().filter(|day| *day > on).min()
    }
}

/// What the list says of an enterprise on a day (名单查询结果).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The entry that counts.
    pub entry: Option<Entry>,
    /// The next day on which this may change.
    pub until: Option<Date>,
}
