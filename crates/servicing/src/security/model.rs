//! What stands behind a loan (担保): guarantors and things. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::error::FieldError;
use serde::{Deserialize, Serialize};

use crate::opening::model::Reader;

/// Kinds of security (担保明细种类), as stored: the first two are guarantees, the others collateral.
pub const KINDS: [&str; 4] = ["joint", "general", "mortgage", "pledge"];

/// Something or somebody to stand behind a loan (担保明细).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NewSecurity {
    /// 保证: a person or company answers for the debt.
    Guarantee {
        /// 连带: answers like the debtor; otherwise 一般: second.
        joint: bool,
        /// 保证人.
        guarantor: String,
        /// 保证金额; `None`: the whole debt.
        amount: Option<Fen>,
        /// 保证期间止; `None`: as the law says.
        until: Option<Date>,
    },
    /// 抵押 or 质押.
    Collateral {
        /// 抵押; otherwise 质押.
        mortgage: bool,
        /// 抵押物或质物.
        thing: String,
        /// 所有权人; `None`: the borrower.
        owner: Option<String>,
        /// 评估价值.
        value: Option<Fen>,
    },
}

impl NewSecurity {
    /// Its name in data.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Guarantee { joint: true, .. } => "joint",
            Self::Guarantee { joint: false, .. } => "general",
            Self::Collateral { mortgage: true, .. } => "mortgage",
            Self::Collateral { mortgage: false, .. } => "pledge",
        }
    }
}

/// What the form of one security sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SecurityForm {
    /// One of [`KINDS`].
    pub kind: String,
    /// 保证人, 抵押物或质物.
    pub who: String,
    /// 所有权人.
    pub owner: String,
    /// 保证金额 or 评估价值.
    pub amount: String,
    /// 保证期间止.
    pub until: String,
    /// The version of the loan that was on the screen.
    pub version: String,
}

impl SecurityForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    pub fn read(&self) -> Result<NewSecurity, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let read = self.read_as(&mut Reader::new(&mut wrong), ["kind", "who", "amount", "until"]);
        read.filter(|_| wrong.is_empty()).ok_or(wrong)
    }

    /// Reads it under the names that its fields have in another form: kind, who, amount, until.
    pub(crate) fn read_as(&self, reader: &mut Reader<'_>, names: [&'static str; 4]) -> Option<NewSecurity> {
        let kind = reader.choice(names[0], &self.kind, &KINDS);
        let who = reader.needed(names[1], &self.who);
        let amount = reader.amount(names[2], &self.amount);
        match kind {
            "joint" | "general" => {
                let until = reader.date(names[3], &self.until);
                Some(NewSecurity::Guarantee { joint: kind == "joint", guarantor: who, amount, until })
            }
            "mortgage" | "pledge" => Some(NewSecurity::Collateral {
                mortgage: kind == "mortgage",
                thing: who,
                owner: Reader::text(&self.owner),
                value: amount,
            }),
            _ => None,
        }
    }
}

/// What stands behind a loan as it is kept (担保明细行).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityLine {
    /// The key of the row, unique within the customer.
    pub id: i64,
    /// One of [`KINDS`].
    pub kind: String,
    /// Who, or what.
    pub who: String,
    /// 所有权人 of a thing.
    pub owner: Option<String>,
    /// Guaranteed amount or value.
    pub amount: Option<Fen>,
    /// 保证期间止.
    pub until: Option<Date>,
    /// Since when.
    pub effective_on: Date,
    /// Until when it stood behind the loan; `None`: it still does.
    pub ended_on: Option<Date>,
}
