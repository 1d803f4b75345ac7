//! A guarantee of the register, and what became of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::id::UserId;
use platform::id_type;

use crate::datum::model::words;

id_type!(GuaranteeId, "The key of a guarantee of the register within a customer's file (担保登记).");

words! {
    /// Whose debt is guaranteed (担保方向).
    Side, "side of a guarantee":
    /// The customer's debt is guaranteed (为客户担保).
    ForCustomer = "for_customer",
    /// The customer guarantees somebody's debt (客户对外担保).
    ByCustomer = "by_customer",
}

words! {
    /// What became of a guarantee (担保处理).
    StepKind, "step of a guarantee":
    /// Part of it ended with the debt (部分解除).
    Reduced = "reduced",
    /// The debt behind it is overdue (主债务逾期).
    Overdue = "overdue",
    /// The debt behind it is overdue no more (逾期消除).
    Current = "current",
    /// The guarantor paid (代偿).
    Compensated = "compensated",
    /// Got back of what was paid (追偿收回).
    Recovered = "recovered",
    /// It ended (解除).
    Released = "released",
    /// It was entered wrongly and counts nowhere (作废).
    Struck = "struck",
}

impl StepKind {
    /// Whether a sum belongs to it.
    #[must_use]
    pub fn takes_amount(self) -> bool {
        match self {
            Self::Reduced | Self::Compensated | Self::Recovered => true,
            Self::Overdue | Self::Current | Self::Released | Self::Struck => false,
        }
    }
}

words! {
    /// Where a guarantee stands (担保状态).
    State, "state of a guarantee":
    /// In force (在保).
    Standing = "standing",
    /// In force past its last day (到期未解除).
    Expired = "expired",
    /// In force, the debt behind it overdue (主债务逾期).
    Overdue = "overdue",
    /// The guarantor paid and has not got all of it back (代偿未收回).
    Compensated = "compensated",
    /// Over (已解除).
    Released = "released",
    /// Counts nowhere (已作废).
    Struck = "struck",
}

/// A guarantee that is entered (登记担保).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGuarantee {
    /// Whose debt.
    pub side: Side,
    /// The product type, as the policy names it (担保品种).
    pub kind: String,
    /// The number of the contract.
    pub number: String,
    /// To whom it is given (受益人、债权人).
    pub beneficiary: String,
    /// Whose debt it is, where it is not the customer's (主债务人).
    pub debtor: String,
    /// How much is guaranteed.
    pub amount: Fen,
    /// What stands behind the guarantor: value of counter-security (反担保).
    pub cover: Fen,
    /// From when.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// The project (担保项目).
    pub project: String,
    /// What the debt is for (用途).
    pub purpose: String,
}

/// What became of a guarantee on a day (处理记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub kind: StepKind,
    /// The sum, where one belongs to it.
    pub amount: Option<Fen>,
    /// When it happened.
    pub on: Date,
    /// On what ground.
    pub note: String,
    /// Who recorded it.
    pub by: UserId,
}

/// A guarantee of the register (担保登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarantee {
    /// The key.
    pub id: GuaranteeId,
    /// What was entered.
    pub content: NewGuarantee,
    /// By whom.
    pub by: UserId,
    /// What became of it, in the order of recording.
    pub steps: Vec<Step>,
}

impl Guarantee {
    fn until(&self, on: Date) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.on <= on)
    }

    fn sum(&self, kind: StepKind, on: Date) -> i64 {
        self.until(on).filter(|step| step.kind == kind).filter_map(|step| step.amount).map(|fen| fen.0).sum()
    }

    fn has(&self, kind: StepKind, on: Date) -> bool {
        self.until(on).any(|step| step.kind == kind)
    }

    /// Whether it was entered wrongly: from then on it never was.
    #[must_use]
    pub fn is_struck(&self) -> bool {
        self.steps.iter().any(|step| step.kind == StepKind::Struck)
    }

    /// What is guaranteed on a day (在保余额).
    #[must_use]
    pub fn left(&self, on: Date) -> Fen {
        if self.is_struck() || self.content.from > on || self.has(StepKind::Released, on) {
            return Fen(0);
        }
        Fen(self.content.amount.0 - self.sum(StepKind::Reduced, on) - self.sum(StepKind::Compensated, on))
    }

    /// What the guarantor paid up to a day (累计代偿).
    #[must_use]
    pub fn compensated(&self, on: Date) -> Fen {
        if self.is_struck() { Fen(0) } else { Fen(self.sum(StepKind::Compensated, on)) }
    }

    /// What of that was not got back (代偿未收回).
    #[must_use]
    pub fn lost(&self, on: Date) -> Fen {
        if self.is_struck() { Fen(0) } else { Fen(self.compensated(on).0 - self.sum(StepKind::Recovered, on)) }
    }

    /// Whether the debt behind it is overdue on a day.
    #[must_use]
    pub fn is_overdue(&self, on: Date) -> bool {
        let marked = self.until(on).filter(|step| matches!(step.kind, StepKind::Overdue | StepKind::Current)).last();
        self.left(on).is_positive() && marked.is_some_and(|step| step.kind == StepKind::Overdue)
    }

    /// Where it stands on a day (rule `guarantee.state`).
    #[must_use]
    pub fn state(&self, on: Date) -> State {
        if self.is_struck() {
            State::Struck
        } else if self.lost(on).is_positive() {
            State::Compensated
        } else if !self.left(on).is_positive() {
            State::Released
        } else if self.is_overdue(on) {
            State::Overdue
        } else if self.content.until < on {
            State::Expired
        } else {
            State::Standing
        }
    }
}
