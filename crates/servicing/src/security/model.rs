//! What stands behind a loan (担保): guarantors and things. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use customers::identity::{IdentityKind, IdentityNo};
use customers::relation::model::{RelationId, RelationKind};
use finance::Fen;
use jiff::civil::Date;
use platform::error::FieldError;
use platform::stored_as_text;
use serde::{Deserialize, Serialize};

use crate::loan::model::LoanKey;
use crate::opening::model::Reader;

/// How a guarantor answers (保证方式, Civil Code 686).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GuaranteeKind {
    /// 连带责任保证: like the debtor.
    Joint,
    /// 一般保证: second, after the debtor was sued in vain.
    General,
}

/// What kind of right a thing gives (担保物权种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CollateralKind {
    /// 抵押: the thing stays with its owner.
    Mortgage,
    /// 质押: the thing or right is handed over.
    Pledge,
}

/// The kind of one line (担保明细种类), as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecurityKind {
    /// 保证.
    Guarantee(GuaranteeKind),
    /// 抵押 or 质押.
    Collateral(CollateralKind),
}

impl SecurityKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Guarantee(GuaranteeKind::Joint),
        Self::Guarantee(GuaranteeKind::General),
        Self::Collateral(CollateralKind::Mortgage),
        Self::Collateral(CollateralKind::Pledge),
    ];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guarantee(GuaranteeKind::Joint) => "joint",
            Self::Guarantee(GuaranteeKind::General) => "general",
            Self::Collateral(CollateralKind::Mortgage) => "mortgage",
            Self::Collateral(CollateralKind::Pledge) => "pledge",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

stored_as_text!(SecurityKind, "kind of security");

/// Something or somebody to stand behind a loan (担保明细).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewSecurity {
    /// 保证: a person or company answers for the debt.
    Guarantee {
        /// 保证方式.
        kind: GuaranteeKind,
        /// 保证人.
        guarantor: String,
        /// 保证金额; `None`: the whole debt.
        amount: Option<Fen>,
        /// 保证期间止; `None`: as the law says.
        until: Option<Date>,
    },
    /// 抵押 or 质押.
    Collateral {
        /// Which of the two.
        kind: CollateralKind,
        /// 抵押物或质物.
        thing: String,
        /// 所有权人; `None`: the borrower.
        owner: Option<String>,
        /// 评估价值.
        value: Option<Fen>,
    },
}

impl NewSecurity {
    /// Its kind.
    pub fn kind(&self) -> SecurityKind {
        match self {
            Self::Guarantee { kind, .. } => SecurityKind::Guarantee(*kind),
            Self::Collateral { kind, .. } => SecurityKind::Collateral(*kind),
        }
    }

    /// Who beside the borrower stands behind the loan through it, and as what.
    pub fn party(&self) -> Option<(&str, RelationKind)> {
        match self {
            Self::Guarantee { guarantor, .. } => Some((guarantor, RelationKind::Guarantor)),
            Self::Collateral { kind, owner, .. } => {
                let as_what = match kind {
                    CollateralKind::Mortgage => RelationKind::Mortgagor,
                    CollateralKind::Pledge => RelationKind::Pledgor,
                };
                owner.as_deref().map(|owner| (owner, as_what))
            }
        }
    }
}

/// What stands behind a loan with the number of whoever answers, where it is known (担保登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backing {
    /// The guarantee or the thing.
    pub what: NewSecurity,
    /// The document of the guarantor or owner: it tells two people of one name apart.
    pub identity: Option<IdentityNo>,
}

impl From<NewSecurity> for Backing {
    fn from(what: NewSecurity) -> Self {
        Self { what, identity: None }
    }
}

/// One line to be written (待写担保明细).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityRow {
    /// Its key.
    pub id: i64,
    /// The loan.
    pub key: LoanKey,
    /// What stands behind it.
    pub new: NewSecurity,
    /// The guarantor among the related parties of the customer.
    pub relation: Option<RelationId>,
    /// Since when.
    pub on: Date,
    /// Where in its source it stood.
    pub detail: String,
}

/// What the form of one security sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SecurityForm {
    /// The name of a [`SecurityKind`].
    pub kind: String,
    /// 保证人, 抵押物或质物.
    pub who: String,
    /// 所有权人.
    pub owner: String,
    /// The kind of document of the guarantor or owner.
    pub identity_kind: String,
    /// 保证人或所有权人证件号码.
    pub identity: String,
    /// 保证金额 or 评估价值.
    pub amount: String,
    /// 保证期间止.
    pub until: String,
    /// The version of the loan that was on the screen.
    pub version: String,
}

impl SecurityForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    pub fn read(&self) -> Result<Backing, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let read = self.read_as(&mut Reader::new(&mut wrong), ["kind", "who", "amount", "until", "identity"]);
        read.filter(|_| wrong.is_empty()).ok_or(wrong)
    }

    /// Reads it under the names that its fields have in another form: kind, who, amount, until, identity.
    pub(crate) fn read_as(&self, reader: &mut Reader<'_>, names: [&'static str; 5]) -> Option<Backing> {
        let identity = self.read_identity(reader, names[4]);
        let kind = SecurityKind::parse(&self.kind);
        if kind.is_none() {
            reader.complain(names[0], "choice-unknown", &self.kind);
        }
        let who = reader.needed(names[1], &self.who);
        let amount = reader.amount(names[2], &self.amount);
        let what = match kind? {
            SecurityKind::Guarantee(kind) => {
                let until = reader.date(names[3], &self.until);
                NewSecurity::Guarantee { kind, guarantor: who, amount, until }
            }
            SecurityKind::Collateral(kind) => {
                NewSecurity::Collateral { kind, thing: who, owner: Reader::text(&self.owner), value: amount }
            }
        };
        if identity.is_some() && what.party().is_none() {
            reader.complain(names[4], "identity-of-nobody", "");
        }
        Some(Backing { what, identity })
    }

    fn read_identity(&self, reader: &mut Reader<'_>, field: &'static str) -> Option<IdentityNo> {
        let text = Reader::text(&self.identity)?;
        let kind = IdentityKind::parse(&self.identity_kind).filter(|kind| *kind != IdentityKind::None);
        let Some(kind) = kind else {
            reader.complain(field, "identity-kind-missing", "");
            return None;
        };
        match IdentityNo::parse(kind, &text) {
            Ok(number) => Some(number),
            Err(error) => {
                reader.refuse(error.about(field));
                None
            }
        }
    }
}

/// What stands behind a loan as it is kept (担保明细行).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityLine {
    /// The key of the row, unique within the customer.
    pub id: i64,
    /// Its kind.
    pub kind: SecurityKind,
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
    /// The guarantor among the related parties of the customer.
    pub relation: Option<RelationId>,
}
