//! Bank accounts in the whole book.

use platform::book::seal::{SealedParts, Sealing, open};
use platform::book::{Cell, Column, Fields, Sheet};
use platform::vault::{BankAccount as Number, Personal as _, Vault, VaultError};

use crate::personal;

/// The sheet.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("holder", "户名", Cell::Text),
        col("bank", "开户行", Cell::Text),
        col("purpose", "用途", Cell::Text),
        col("account_sealed", "账号", Cell::Sealed(&AccountSeal)),
        col("luhn", "校验位是否相符", Cell::Flag),
        col("verified_at", "核验时间", Cell::Moment).or_empty(),
        col("verified_by", "核验人", Cell::User).or_empty(),
        col("verified_how", "核验方式", Cell::Text).or_empty(),
        col("ended_at", "停用时间", Cell::Moment).or_empty(),
        col("ended_by", "停用人", Cell::User).or_empty(),
    ];
    Sheet::facts("bank_accounts", "银行账户", "bank_account", &["customer_id", "id"], columns)
}

#[derive(Debug)]
struct AccountSeal;

fn named(row: &Fields<'_>) -> String {
    format!("{}:{}", row.int("customer_id"), row.int("id"))
}

impl Sealing for AccountSeal {
    fn index(&self) -> Option<&'static str> {
        Some("account_index")
    }

    fn masked(&self) -> &'static str {
        "account_masked"
    }

    fn last(&self) -> Option<&'static str> {
        Some("account_last")
    }

    fn open(&self, vault: &Vault, row: &Fields<'_>, sealed: Vec<u8>) -> Result<String, VaultError> {
        open::<Number>(vault, personal::place(personal::ACCOUNT, &named(row)), sealed)
    }

    fn seal(&self, vault: &Vault, row: &Fields<'_>, clear: &str) -> Result<SealedParts, &'static str> {
        let (number, row) = (Number::from_clear(clear.to_owned()), named(row));
        Ok(SealedParts::of(vault, personal::place(personal::ACCOUNT, &row), &number, &number))
    }
}
