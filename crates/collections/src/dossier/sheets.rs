//! Dossiers in the whole book: what was entered goes out in clear only where personal data does.

use platform::book::seal::{SealedParts, Sealing, open};
use platform::book::{Cell, Column, Fields, Sheet};
use platform::vault::{Personal as _, Place, Vault, VaultError};

use super::store::{CONTENT, DossierText, row_of};

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("block", "栏目", Cell::Text),
        col("item_id", "首次登记键", Cell::Id),
        col("relation_id", "关系人键", Cell::Ref("relations")).or_empty(),
        col("outcome", "处理结果", Cell::Text).or_empty(),
        col("cap_fen", "债权上限", Cell::Money).or_empty(),
        col("article", "依据", Cell::Text).or_empty(),
        col("content_sealed", "登记内容", Cell::Sealed(&ContentSeal)),
        col("attachment_id", "附件键", Cell::Ref("attachments")).or_empty(),
        col("void", "是否作废", Cell::Flag),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let sheet = Sheet::facts("dossier_entries", "债务人档案", "dossier_entry", &["customer_id", "id"], columns);
    vec![sheet.late()]
}

#[derive(Debug)]
struct ContentSeal;

fn named(row: &Fields<'_>) -> String {
    row_of(row.int("customer_id"), row.int("id"))
}

impl Sealing for ContentSeal {
    fn index(&self) -> Option<&'static str> {
        None
    }

    fn masked(&self) -> &'static str {
        "content_masked"
    }

    fn open(&self, vault: &Vault, row: &Fields<'_>, sealed: Vec<u8>) -> Result<String, VaultError> {
        open::<DossierText>(vault, Place { column: CONTENT, row: &named(row) }, sealed)
    }

    fn seal(&self, vault: &Vault, row: &Fields<'_>, clear: &str) -> Result<SealedParts, &'static str> {
        let (text, row) = (DossierText::from_clear(clear.to_owned()), named(row));
        Ok(SealedParts::of(vault, Place { column: CONTENT, row: &row }, &text, &text))
    }
}
