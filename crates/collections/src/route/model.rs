//! A way to recover a loan, and the security it rests on. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id_type;
use servicing::loan::model::{LoanId, LoanKey};

id_type!(RouteId, "The key of a kept route of recovery (追偿路径) within its customer.");

/// A way that is open by the security of a loan (可行追偿路径).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The loan.
    pub loan: LoanKey,
    /// 借据号.
    pub number: String,
    /// The security; `None`: nothing stands behind the loan.
    pub security: Option<i64>,
    /// Its kind, as the policy names it: `joint_guarantee`, `mortgage`, `credit`.
    pub kind: &'static str,
    /// Who, or what; empty for a credit loan.
    pub what: String,
    /// The route: `guarantor_at_once`.
    pub route: String,
    /// The article.
    pub article: String,
    /// What it still waits for.
    pub waits: Waits,
}

impl Way {
    /// How a form names it.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.loan.loan, self.security.map(|id| id.to_string()).unwrap_or_default())
    }
}

/// What a route waits for (路径前提).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// 无: it can be taken now.
    Nothing,
    /// 先起诉或仲裁债务人.
    Suit,
    /// 强制执行未了: the debtor was sued, what can be enforced is not known yet.
    Enforcement,
}

impl Waits {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Suit => "suit",
            Self::Enforcement => "enforcement",
        }
    }
}

/// A route as kept (追偿路径记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its key.
    pub id: RouteId,
    /// The loan.
    pub loan: LoanId,
    /// 借据号.
    pub number: String,
    /// The security.
    pub security: Option<i64>,
    /// Who, or what, as it was called then.
    pub what: String,
    /// The route.
    pub route: String,
    /// The article.
    pub article: String,
    /// What is planned.
    pub words: String,
    /// The business date.
    pub on: Date,
    /// By whom.
    pub by: String,
}

/// Why a route is not kept (追偿路径拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// No such security stands behind a loan of the case.
    #[error("no such way")]
    NoSuchWay,
}

impl Refusal for RouteError {
    fn refused(&self) -> Refused {
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::NoSuchWay => Refused::new(RefusalKind::Conflict, "route-none").under("route.security", None),
        }
    }
}
