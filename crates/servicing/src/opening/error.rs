//! Refusals of a new loan (放款拒绝): each with its numbers and its rule.

use finance::Fen;
use jiff::civil::Date;
use platform::error::{Refusal, RefusalKind, Refused};

/// Why a new loan is refused, beside what the engine says of its terms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// The customer has no such contract.
    #[error("no contract {number}")]
    ContractNotFound {
        /// As asked for.
        number: String,
    },
    /// A contract is signed before its money flows.
    #[error("signed on {signed_on}, after {start_on}")]
    SignedAfterStart {
        /// As given.
        signed_on: Date,
        /// The first day of interest.
        start_on: Date,
    },
    /// More is paid out than was lent.
    #[error("{drawn} is more than the principal {principal}")]
    DrawnAbovePrincipal {
        /// As given.
        drawn: Fen,
        /// As given.
        principal: Fen,
    },
    /// The loans of a contract are more than it allows.
    #[error("{principal} is more than the {left} left of {amount}")]
    AboveContract {
        /// As given.
        principal: Fen,
        /// 合同金额.
        amount: Fen,
        /// What its other loans leave.
        left: Fen,
    },
    /// The product is for another kind of customer.
    #[error("{product} is for {wanted}")]
    WrongBorrower {
        /// The product.
        product: String,
        /// `person` or `company`.
        wanted: String,
        /// The article of the product.
        article: String,
    },
    /// The product excludes this use.
    #[error("{product} excludes {excluded}")]
    UseExcluded {
        /// The product.
        product: String,
        /// What it excludes, as the policy says.
        excluded: String,
        /// The article of the product.
        article: String,
    },
    /// A new loan costs more in a year than is allowed.
    #[error("{rate} % a year is above the cap of {cap} %")]
    CostAboveCap {
        /// The yearly cost, percent.
        rate: String,
        /// The cap, percent.
        cap: String,
        /// The article that sets it.
        article: String,
    },
}

fn wrong_borrower(wanted: &str) -> &'static str {
    if wanted == "person" { "product-for-persons" } else { "product-for-companies" }
}

impl Refusal for OpeningError {
    fn refused(&self) -> Refused {
        use RefusalKind::Invalid;
        match self {
            Self::ContractNotFound { number } => Refused::new(Invalid, "contract-not-found").with("number", number),
            Self::SignedAfterStart { signed_on, start_on } => Refused::new(Invalid, "signed-after-start")
                .with("signed_on", signed_on)
                .with("start_on", start_on)
                .under("loan.signed", None),
            Self::DrawnAbovePrincipal { drawn, principal } => Refused::new(Invalid, "drawn-above-principal")
                .with("drawn", drawn)
                .with("principal", principal)
                .under("loan.contract-amount", None),
            Self::AboveContract { principal, amount, left } => Refused::new(Invalid, "above-contract")
                .with("principal", principal)
                .with("amount", amount)
                .with("left", left)
                .under("loan.contract-amount", None),
            Self::WrongBorrower { product, wanted, article } => Refused::new(Invalid, wrong_borrower(wanted))
                .with("product", product)
                .under("loan.borrower", Some(article.clone())),
            Self::UseExcluded { product, excluded, article } => Refused::new(Invalid, "use-excluded")
                .with("product", product)
                .with("excluded", excluded)
                .under("loan.use", Some(article.clone())),
            Self::CostAboveCap { rate, cap, article } => Refused::new(Invalid, "cost-above-cap")
                .with("rate", rate)
                .with("cap", cap)
                .under("loan.rate-cap", Some(article.clone())),
        }
    }
}
