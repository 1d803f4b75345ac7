//! Contact points in the whole book.

use platform::book::seal::{SealedParts, Sealing, open};
use platform::book::{Cell, Column, Fields, Sheet};
use platform::vault::{Personal, Phone, Vault, VaultError};

use super::model::ContactKind;
use crate::personal::{self, Address, Email};

/// The sheet.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("relation_id", "关系人键", Cell::Ref("relations")).or_empty(),
        col("kind", "类别", Cell::Text),
        col("value_sealed", "号码或地址", Cell::Sealed(&ContactSeal)),
        col("source_route", "来源", Cell::Text),
        col("consented", "是否同意联系", Cell::Flag),
        col("main", "是否主要", Cell::Flag),
        col("ended_at", "停用时间", Cell::Moment).or_empty(),
        col("ended_by", "停用人", Cell::User).or_empty(),
    ];
    Sheet::facts("contact_points", "联系方式", "contact_point", &["customer_id", "id"], columns)
}

/// A phone, an address, by the kind of the row.
#[derive(Debug)]
struct ContactSeal;

fn named(row: &Fields<'_>) -> String {
    format!("{}:{}", row.int("customer_id"), row.int("id"))
}

impl Sealing for ContactSeal {
    fn index(&self) -> Option<&'static str> {
        Some("value_index")
    }

    fn masked(&self) -> &'static str {
        "value_masked"
    }

    fn last(&self) -> Option<&'static str> {
        Some("value_last")
    }

    fn is_number(&self) -> bool {
        true
    }

    fn open(&self, vault: &Vault, row: &Fields<'_>, sealed: Vec<u8>) -> Result<String, VaultError> {
        // The seal does not depend on the kind, only the index and the mask do.
        open::<Phone>(vault, personal::place(personal::CONTACT_VALUE, &named(row)), sealed)
    }

    fn seal(&self, vault: &Vault, row: &Fields<'_>, clear: &str) -> Result<SealedParts, &'static str> {
        Ok(match ContactKind::parse(row.text("kind")).ok_or("contact-kind")? {
            ContactKind::Phone => parts(vault, row, &Phone::from_clear(clear.to_owned())),
            ContactKind::Email => parts(vault, row, &Email::from_clear(clear.to_owned())),
            ContactKind::Address => parts(vault, row, &Address::from_clear(clear.to_owned())),
        })
    }
}

fn parts<T: Personal>(vault: &Vault, row: &Fields<'_>, value: &T) -> SealedParts {
    let row = named(row);
    let parts = SealedParts::of(vault, personal::place(personal::CONTACT_VALUE, &row), value, value);
    // Only phones are looked for by their end; of anything else the end says too much.
    SealedParts { last: if T::GATED { parts.last } else { String::new() }, ..parts }
}
