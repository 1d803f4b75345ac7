//! A repayment agreement, what was agreed and where it stands. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use customers::relation::model::RelationId;
use finance::{Fen, Head};
use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::{id_type, stored_as_text};
use serde::{Deserialize, Serialize};
use servicing::extension::model::ExtensionWish;
use servicing::loan::model::LoanKey;
use servicing::restructuring::model::Restructuring;
use servicing::waiver::model::Waiver;

use crate::case::model::CaseKey;
use crate::obligor::model::Role;
use crate::stop_flag::model::StopFlagId;

id_type!(AgreementId, "The key of a repayment agreement (还款协议) within its customer.");

/// How the debt is to be paid by an agreement (协议方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementKind {
    /// 分期还清: an agreed sum in parts, the loan stays as it is.
    Instalments,
    /// 减免后分期: part of what is owed is waived, the rest is paid in parts.
    Reduction,
    /// 减免结清: part is waived, all the rest is paid on one day.
    Settlement,
    /// 展期: the loan ends later.
    Extension,
    /// 重组: what is still owed is paid by a new schedule.
    Restructuring,
}

impl AgreementKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Instalments, Self::Reduction, Self::Settlement, Self::Extension, Self::Restructuring];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instalments => "instalments",
            Self::Reduction => "reduction",
            Self::Settlement => "settlement",
            Self::Extension => "extension",
            Self::Restructuring => "restructuring",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it gives part of the debt up.
    #[must_use]
    pub fn waives(self) -> bool {
        match self {
            Self::Reduction | Self::Settlement => true,
            Self::Instalments | Self::Extension | Self::Restructuring => false,
        }
    }

    /// Whether it changes the loan's own terms, so that the loan's position says whether it is kept.
    #[must_use]
    pub fn changes_terms(self) -> bool {
        match self {
            Self::Extension | Self::Restructuring => true,
            Self::Instalments | Self::Reduction | Self::Settlement => false,
        }
    }

    /// The kind of approval that decides it; the chain of the policy is found by it.
    #[must_use]
    pub fn approval(self) -> &'static str {
        match self {
            Self::Instalments => "agreement_plan",
            Self::Reduction | Self::Settlement => "agreement_waiver",
            Self::Extension | Self::Restructuring => "agreement_terms",
        }
    }
}
stored_as_text!(AgreementKind, "kind of an agreement");

/// By which way the money comes (付款方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// 转账.
    Transfer,
    /// 委托扣款.
    Debit,
    /// 柜面.
    Counter,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Transfer, Self::Debit, Self::Counter];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Debit => "debit",
            Self::Counter => "counter",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == text)
    }
}

/// How often a part is paid (付款间隔).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// 每月.
    Month,
    /// 每两周.
    Fortnight,
    /// 每周.
    Week,
}

impl Every {
    /// Every interval.
    pub const ALL: [Self; 3] = [Self::Month, Self::Fortnight, Self::Week];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Fortnight => "fortnight",
            Self::Week => "week",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|every| every.as_str() == text)
    }
}

/// An agreed payment (约定付款).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// By which day.
    pub due_on: Date,
    /// How much.
    #[serde(rename = "amount_fen")]
    pub amount: Fen,
}

/// What is asked for in a case (协议申请).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// About which loan.
    pub loan: LoanKey,
    /// And about which others of the case.
    pub also: Vec<LoanKey>,
    /// What happens to the loan.
    pub plan: Plan,
    /// How the money comes.
    pub way: Way,
    /// Who signs besides the debtor's own hand: a related party that owes; none: the debtor, or all heirs of a dead one.
    pub signer: Option<RelationId>,
    /// Why.
    pub reason: String,
}

/// What happens to the loan (协议内容).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// 分期还清.
    Instalments(Parts),
    /// 减免后分期.
    Reduction(Parts, Vec<(Head, Fen)>),
    /// 减免结清: these payments, then all that is left on this day.
    Settlement(Vec<Payment>, Date, Vec<(Head, Fen)>),
    /// 展期.
    Extension(ExtensionWish),
    /// 重组.
    Restructuring(Restructuring),
}

impl Plan {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> AgreementKind {
        match self {
            Self::Instalments(_) => AgreementKind::Instalments,
            Self::Reduction(..) => AgreementKind::Reduction,
            Self::Settlement(..) => AgreementKind::Settlement,
            Self::Extension(_) => AgreementKind::Extension,
            Self::Restructuring(_) => AgreementKind::Restructuring,
        }
    }

    /// What it gives up.
    #[must_use]
    pub fn waived(&self) -> &[(Head, Fen)] {
        match self {
            Self::Reduction(_, waived) | Self::Settlement(_, _, waived) => waived,
            Self::Instalments(_) | Self::Extension(_) | Self::Restructuring(_) => &[],
        }
    }
}

/// A sum in parts (分期).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parts {
    /// 均分.
    Equal(Split),
    /// 逐笔约定: as the debtor's money comes, each with its own day and amount.
    Stated(Vec<Payment>),
}

/// A sum in equal parts (均分).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// The whole sum.
    pub total: Fen,
    /// In how many parts.
    pub count: u32,
    /// The first.
    pub first_on: Date,
    /// The others follow.
    pub every: Every,
}

/// Who of those who owe signs an agreement (协议承担人), as it stood when it was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Which related party.
    pub relation: RelationId,
    /// The name.
    pub name: String,
    /// What that person is to the debt, as data name it.
    pub role: String,
    /// The most that can be claimed: what an heir received.
    #[serde(rename = "cap_fen", default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Fen>,
}

impl Signer {
    /// Whether an heir signs, who owes no more than was inherited.
    #[must_use]
    pub fn is_heir(&self) -> bool {
        self.role == Role::Heir.as_str()
    }
}

/// What was agreed, frozen (协议条款).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// By which way the money comes.
    pub way: Way,
    /// The agreed payments in order.
    pub payments: Vec<Payment>,
    /// What is given up when it is signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waiver>,
    /// What is given up of each further loan, in the order of [`Agreement::also`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_waivers: Vec<Vec<Waiver>>,
    /// The extension that begins when it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<ExtensionWish>,
    /// The restructuring that begins when it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restructuring: Option<Restructuring>,
    /// Who of those who owe signs it; none: the debtor, or all heirs of a dead one together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
    /// What was owed in all when it was priced.
    #[serde(rename = "owed_fen")]
    pub owed: Fen,
    /// What was overdue of it.
    #[serde(rename = "overdue_fen")]
    pub overdue: Fen,
    /// The day it was priced.
    pub priced_on: Date,
    /// Why.
    pub reason: String,
}

impl Terms {
    /// All payments together.
    #[must_use]
    pub fn total(&self) -> Fen {
        Fen::checked_sum(self.payments.iter().map(|payment| payment.amount)).unwrap_or_default()
    }

    /// All that is given up.
    #[must_use]
    pub fn waived(&self) -> Fen {
        Fen::checked_sum(self.all_waivers().map(|waiver| waiver.amount)).unwrap_or_default()
    }

    /// What is given up, loan by loan.
    pub fn all_waivers(&self) -> impl Iterator<Item = &Waiver> {
        self.waivers.iter().chain(self.also_waivers.iter().flatten())
    }

    /// What is given up of a loan by its place: the first is 0.
    #[must_use]
    pub fn waivers_of(&self, at: usize) -> &[Waiver] {
        match at.checked_sub(1) {
            None => &self.waivers,
            Some(further) => self.also_waivers.get(further).map_or(&[], Vec::as_slice),
        }
    }

    /// The last day of a payment.
    #[must_use]
    pub fn last_on(&self) -> Date {
        self.payments.iter().map(|payment| payment.due_on).max().unwrap_or(self.priced_on)
    }
}

/// Where an agreement stands (协议状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementState {
    /// 待审批.
    Proposed,
    /// 待签署: agreed to, not signed yet.
    Approved,
    /// 履行中.
    Performing,
    /// 已履行.
    Kept,
    /// 违约.
    Broken,
    /// 未获批准.
    Refused,
    /// 撤回: given up before it was signed.
    Withdrawn,
}

impl AgreementState {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Proposed, Self::Approved, Self::Performing, Self::Kept, Self::Broken, Self::Refused, Self::Withdrawn];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Performing => "performing",
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether another agreement about the same loan has to wait for it.
    #[must_use]
    pub fn stands(self) -> bool {
        match self {
            Self::Proposed | Self::Approved | Self::Performing => true,
            Self::Kept | Self::Broken | Self::Refused | Self::Withdrawn => false,
        }
    }

    /// Whether it was signed, so that money and time judge it.
    #[must_use]
    pub fn is_signed(self) -> bool {
        match self {
            Self::Performing | Self::Kept | Self::Broken => true,
            Self::Proposed | Self::Approved | Self::Refused | Self::Withdrawn => false,
        }
    }
}
stored_as_text!(AgreementState, "state of an agreement");

/// A repayment agreement (还款协议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its key.
    pub id: AgreementId,
    /// Of which case.
    pub case: CaseKey,
    /// About which loan.
    pub loan: LoanKey,
    /// And about which others of the case.
    pub also: Vec<LoanKey>,
    /// 协议编号.
    pub number: String,
    /// How.
    pub kind: AgreementKind,
    /// What was agreed.
    pub terms: Terms,
    /// Where it stands.
    pub state: AgreementState,
    /// Who decides about it.
    pub approval: Option<ApprovalId>,
    /// When it was signed.
    pub signed_on: Option<Date>,
    /// By when the next payment is due.
    pub next_due_on: Option<Date>,
    /// What came in since it was signed.
    pub paid: Fen,
    /// The stop flag that it set.
    pub flag: Option<StopFlagId>,
    /// When it was proposed.
    pub made_on: Date,
    /// Rises with every change.
    pub version: i64,
}

impl Agreement {
    /// How the audit trail and the approval name it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("agreement:{}", self.id)
    }

    /// Every loan that it is about, the first first.
    pub fn loans(&self) -> impl Iterator<Item = LoanKey> {
        std::iter::once(self.loan).chain(self.also.iter().copied())
    }

    /// Whether it is about a loan.
    #[must_use]
    pub fn is_about(&self, loan: LoanKey) -> bool {
        self.loans().any(|one| one == loan)
    }
}

/// Who signed (签署人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// On which day.
    pub on: Date,
    /// By whom, in words.
    pub by: String,
    /// Where the signed paper lies.
    pub place: String,
}

/// Why an agreement is not made or does not move (协议拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgreementError {
    /// There is no such agreement, or not for this person.
    #[error("no such agreement")]
    NotFound,
    /// The loan is not overdue, so there is nothing to agree about in a case.
    #[error("the loan is not overdue")]
    NothingOverdue,
    /// Another agreement about the loan stands.
    #[error("agreement {number} stands")]
    Standing {
        /// Which.
        number: String,
    },
    /// It stands where this cannot be done.
    #[error("an agreement that is {state}")]
    NotNow {
        /// Where it stands.
        state: &'static str,
    },
    /// The amounts moved since it was priced.
    #[error("priced {priced}, now {now}")]
    Moved {
        /// What was agreed.
        priced: Fen,
        /// What it would be now.
        now: Fen,
    },
    /// The day of a payment was over before it was signed.
    #[error("the payment of {on} was due before the signature")]
    DayOver {
        /// Which.
        on: Date,
    },
    /// Who is to sign does not owe the loan.
    #[error("the signer does not owe")]
    NotObligor,
    /// It is more than what is left of what the heirs of a dead debtor received.
    #[error("{total} agreed, {left} left of the estate")]
    OverEstate {
        /// What would be agreed.
        total: Fen,
        /// What is left for it.
        left: Fen,
    },
    /// A date or number that the policy does not allow, by field.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// It is longer than the policy allows.
    #[error("ends on {last}, latest {latest}")]
    TooLong {
        /// The last payment.
        last: Date,
        /// The latest day.
        latest: Date,
        /// In months.
        months: i64,
        /// The article.
        article: String,
    },
    /// The policy has no text for it, or a field of the text is empty.
    #[error("the paper lacks {fields}")]
    EmptyFields {
        /// Which.
        fields: String,
    },
}

impl Refusal for AgreementError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "agreement-not-found"),
            Self::NothingOverdue => conflict("agreement-nothing-overdue").under("agreement.overdue", None),
            Self::Standing { number } => {
                conflict("agreement-standing").with("number", number).under("agreement.one", None)
            }
            Self::NotNow { state } => conflict("agreement-not-now").with("state", state).under("agreement.life", None),
            Self::Moved { priced, now } => {
                conflict("agreement-moved").with("priced", priced).with("now", now).under("agreement.priced", None)
            }
            Self::DayOver { on } => conflict("agreement-day-over").with("on", on).under("agreement.priced", None),
            Self::OverEstate { total, left } => {
                conflict("agreement-over-estate").with("total", total).with("cap", left).under("obligor.cap", None)
            }
            Self::NotObligor => conflict("agreement-not-obligor").under("agreement.signer", None),
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::TooLong { last, latest, months, article } => {
                let error = FieldError::new("count", "agreement-too-long")
                    .with("last", last)
                    .with("latest", latest)
                    .with("months", months);
                Refused::form(vec![error]).under("agreement.longest", Some(article.clone()))
            }
            Self::EmptyFields { fields } => {
                conflict("agreement-empty-fields").with("fields", fields).under("agreement.paper", None)
            }
        }
    }
}
