//! A card check and what came of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use customers::bank_account::model::BankAccountId;
use finance::Fen;
use platform::id_type;

use crate::loan::model::LoanKey;

id_type!(CardCheckId, "The key of a card check (卡查询).");

platform::words! {
    /// What the bank said of a card (查卡结果).
    CardResult, "result of a card check":
    /// The money is there (余额足).
    Enough = "enough",
    /// There is less than is due (余额不足).
    Short = "short",
    /// Closed, lost, another holder (卡片失效).
    Invalid = "invalid",
    /// The bank was not reached or did not say (未查到).
    Unreached = "unreached",
}

/// A card check (卡查询).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardCheck {
    /// Customer and loan.
    pub key: LoanKey,
    /// The key.
    pub id: CardCheckId,
    /// The account in the customer's file.
    pub account: BankAccountId,
    /// Its number, masked.
    pub card_masked: String,
    /// What was due and unpaid.
    pub amount: Fen,
    /// What the bank said.
    pub result: CardResult,
    /// In words.
    pub note: String,
}

impl CardCheck {
    /// What the trail and duties call it.
    pub fn subject(&self) -> String {
        format!("card_check:{}", self.id)
    }
}
