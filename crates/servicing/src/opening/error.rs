//! Refusals of a new loan (放款拒绝): each with its numbers and its rule.

use finance::Fen;
use jiff::civil::Date;
use platform::error::{Refusal, RefusalKind, Refused};

use super::ground::rules;

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
    /// A class of the customer is not lent to.
    #[error("not lent to: {en}")]
    ClassRefused {
        /// The class and what it does, in Chinese.
        zh: String,
        /// In English.
        en: String,
        /// The article.
        article: String,
    },
    /// No admission review was decided for the product.
    #[error("no admission review was decided")]
    NoAdmission {
        /// The article.
        article: String,
    },
    /// The admission review does not fit the loan.
    #[error("admission review {number}: {verdict}")]
    AdmissionUnfit {
        /// What does not fit: `expired`, `used_up`, `amount`, `term`, `rate`.
        verdict: &'static str,
        /// The number of the review.
        number: String,
        /// What is left of it.
        left: Fen,
        /// The term decided, months.
        months: i64,
        /// The rate decided, percent.
        rate: String,
        /// The last day on which it stands behind a loan.
        until: Date,
        /// The principal asked for.
        asked: Fen,
        /// The article.
        article: String,
    },
    /// The rate lies below what anybody, or this class, is given.
    #[error("{rate} % a year is below {floor} %")]
    RateBelowFloor {
        /// The yearly cost, percent.
        rate: String,
        /// The floor, percent.
        floor: String,
        /// The preference of the classes, base points.
        cut: i64,
        /// The article.
        article: String,
    },
    /// The class is given no quota consumer loan.
    #[error("no quota loan: {en}")]
    QuotaRefused {
        /// Why, in Chinese.
        zh: String,
        /// In English.
        en: String,
        /// The article.
        article: String,
    },
    /// The class of the borrower is not known.
    #[error("the class of the borrower is not known")]
    QuotaUnknown,
    /// The salary account is not pledged.
    #[error("the salary account is not pledged")]
    PledgeMissing,
    /// Rescue money without the decision that agreed to it.
    #[error("rescue money without a decision")]
    RescueUndecided {
        /// The article.
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

fn unfit(verdict: &str) -> &'static str {
    match verdict {
        "expired" => "admission-unfit-expired",
        "used_up" => "admission-unfit-used-up",
        "amount" => "admission-unfit-amount",
        "term" => "admission-unfit-term",
        _ => "admission-unfit-rate",
    }
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
            Self::ClassRefused { zh, en, article } => Refused::new(RefusalKind::Conflict, "class-not-lent-to")
                .with("zh", zh)
                .with("en", en)
                .under(customers::lending::effect::RULE, Some(article.clone())),
            Self::NoAdmission { article } => {
                Refused::new(RefusalKind::Conflict, "admission-missing").under(rules::RULE, Some(article.clone()))
            }
            Self::AdmissionUnfit { verdict, number, left, months, rate, until, asked, article } => {
                Refused::new(Invalid, unfit(verdict))
                    .with("number", number)
                    .with("left", left)
                    .with("months", months)
                    .with("rate", rate)
                    .with("until", until)
                    .with("asked", asked)
                    .under(rules::RULE, Some(article.clone()))
            }
            Self::RateBelowFloor { rate, floor, cut, article } => Refused::new(Invalid, "rate-below-floor")
                .with("rate", rate)
                .with("floor", floor)
                .with("cut", cut)
                .under(rules::RULE_FLOOR, Some(article.clone())),
            Self::QuotaRefused { zh, en, article } => Refused::new(RefusalKind::Conflict, "quota-refused")
                .with("zh", zh)
                .with("en", en)
                .under(rules::RULE_QUOTA, Some(article.clone())),
            Self::QuotaUnknown => Refused::new(RefusalKind::Conflict, "quota-unknown").under(rules::RULE_QUOTA, None),
            Self::PledgeMissing => Refused::new(RefusalKind::Conflict, "pledge-missing").under(rules::RULE_QUOTA, None),
            Self::RescueUndecided { article } => {
                Refused::new(Invalid, "rescue-decision-missing").under("loan.rescue", Some(article.clone()))
            }
            Self::CostAboveCap { rate, cap, article } => Refused::new(Invalid, "cost-above-cap")
                .with("rate", rate)
                .with("cap", cap)
                .under("loan.rate-cap", Some(article.clone())),
        }
    }
}
