//! Customers in the whole book: files, other names, what was changed of them.

use platform::book::seal::{SealedParts, Sealing, open};
use platform::book::{Cell, Column, Computed, Fields, Recorded, Sheet};
use platform::db::{Kind, Value};
use platform::vault::{Identity, Vault, VaultError};

use super::model::CustomerKind;
use crate::identity::{IdentityKind, IdentityNo};
use crate::name::Reading;
use crate::personal;

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// Files, aliases, facts.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![customers(), aliases(), facts()]
}

fn customers() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Id),
        col("person_id", "同一人键", Cell::Person("customer_id")),
        col("number", "客户号", Cell::Text),
        col("kind", "类别", Cell::Text),
        col("name", "名称", Cell::Text),
        col("identity_kind", "证件类型", Cell::Text),
        col("identity_sealed", "证件号码", Cell::Sealed(&CUSTOMER_IDENTITY)).or_empty(),
        col("nationality", "国籍", Cell::Text),
        col("born_on", "出生日期", Cell::Date).or_empty(),
        col("branch_id", "分支机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("manager_id", "管户人", Cell::User),
        col("state", "状态", Cell::Text),
        col("opened_on", "建档日期", Cell::Date),
        col("address", "地址", Cell::Text).or_empty(),
        col("note", "备注", Cell::Text).or_empty(),
    ];
    Sheet::facts("customers", "客户", "customer", &["customer_id"], columns)
        .recorded(Recorded::Full)
        .numbered("customer", "customer_id")
        .referred()
        .computed(Computed {
            fields: &[("person_id", Kind::Int), ("pinyin", Kind::Text), ("initials", Kind::Text)],
            with: |row| {
                let kind = CustomerKind::parse(row.text("kind")).ok_or_else(|| "kind".to_owned())?;
                let reading = Reading::of(kind, row.text("name"));
                let person = person_of(row, "customer_id");
                Ok(vec![person, Value::Text(reading.pinyin), Value::Text(reading.initials)])
            },
        })
        // The last digits of the phone follow from the contact points.
        .without(&["phone_last", "version"])
}

/// The key of the human being across files, by the blind index of this database.
pub(crate) fn person_of(row: &Fields<'_>, own: &str) -> Value {
    let index = match row.get("identity_index") {
        Some(Value::Text(index)) => Some(index.as_str()),
        _ => None,
    };
    Value::Int(personal::person_key(index, row.int(own)).0)
}

fn aliases() -> Sheet {
    let columns = vec![col("customer_id", "客户键", Cell::Ref("customers")), col("name", "其他名称", Cell::Text)];
    Sheet::facts("customer_aliases", "客户别名", "customer_alias", &["customer_id", "name"], columns)
}

fn facts() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("attribute", "项目", Cell::Text),
        col("value_before", "变更前", Cell::UserWhere("attribute", "manager")).or_empty(),
        col("value", "变更后", Cell::UserWhere("attribute", "manager")).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
        col("reason", "原因", Cell::Text),
    ];
    Sheet::facts("customer_facts", "客户资料变更", "customer_fact", &["customer_id", "id"], columns)
        .recorded(Recorded::Full)
}

/// An identity number: found across files by the form that means the same person.
#[derive(Debug)]
pub(crate) struct IdentitySeal {
    /// The column, as it is part of the seal.
    pub column: &'static str,
    /// How the row is named in the seal.
    pub row: fn(&Fields<'_>) -> String,
}

static CUSTOMER_IDENTITY: IdentitySeal =
    IdentitySeal { column: personal::CUSTOMER_IDENTITY, row: |row| row.int("customer_id").to_string() };

impl Sealing for IdentitySeal {
    fn index(&self) -> Option<&'static str> {
        Some("identity_index")
    }

    fn masked(&self) -> &'static str {
        "identity_masked"
    }

    fn open(&self, vault: &Vault, row: &Fields<'_>, sealed: Vec<u8>) -> Result<String, VaultError> {
        open::<Identity>(vault, personal::place(self.column, &(self.row)(row)), sealed)
    }

    fn seal(&self, vault: &Vault, row: &Fields<'_>, clear: &str) -> Result<SealedParts, &'static str> {
        let kind = IdentityKind::parse(row.text("identity_kind")).ok_or("identity-kind")?;
        let number = IdentityNo::parse(kind, clear).map_err(|error| error.code())?;
        let place = (self.row)(row);
        let place = personal::place(self.column, &place);
        let across = personal::identity_across_files(&number);
        Ok(SealedParts::of(vault, place, &personal::identity(&number), &across))
    }
}
