//! Documents in the whole book.

use platform::book::seal::{SealedParts, Sealing, open};
use platform::book::{Cell, Column, Fields, Recorded, Sheet};
use platform::vault::{Personal as _, Vault, VaultError};

use crate::personal::{self, PaperNumber};

/// The sheet; behind the kept files, to which it refers.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("kind", "资料", Cell::Text),
        col("attachment_id", "附件键", Cell::Ref("attachments")),
        col("number_sealed", "证照号码", Cell::Sealed(&NumberSeal)).or_empty(),
        col("issued_on", "签发日期", Cell::Date).or_empty(),
        col("expires_on", "有效期至", Cell::Date).or_empty(),
        col("route", "来源途径", Cell::Text),
        col("source_note", "来源说明", Cell::Text).or_empty(),
        col("replaces_id", "替换", Cell::Ref("documents")).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("documents", "客户资料清单", "customer_document", &["customer_id", "id"], columns)
        .recorded(Recorded::Full)
        .referred()
        .late()
}

#[derive(Debug)]
struct NumberSeal;

fn named(row: &Fields<'_>) -> String {
    format!("{}:{}", row.int("customer_id"), row.int("id"))
}

impl Sealing for NumberSeal {
    fn index(&self) -> Option<&'static str> {
        None
    }

    fn masked(&self) -> &'static str {
        "number_masked"
    }

    fn open(&self, vault: &Vault, row: &Fields<'_>, sealed: Vec<u8>) -> Result<String, VaultError> {
        open::<PaperNumber>(vault, personal::place(personal::DOCUMENT_NUMBER, &named(row)), sealed)
    }

    fn seal(&self, vault: &Vault, row: &Fields<'_>, clear: &str) -> Result<SealedParts, &'static str> {
        let (number, row) = (PaperNumber::from_clear(clear.to_owned()), named(row));
        Ok(SealedParts::of(vault, personal::place(personal::DOCUMENT_NUMBER, &row), &number, &number))
    }
}
