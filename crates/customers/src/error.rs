//! Refusals of customers (拒绝): each with its numbers and what to do instead.

use platform::error::{FieldError, Refusal, RefusalKind, Refused};

/// The rule that a person or company has one file.
pub const RULE_ONE_FILE: &str = "customer.identity.one_file";
/// The rule that an objection ends consent.
pub const RULE_OBJECTION: &str = "relation.objection.final";

/// The rule that a number tells people apart, a name only where one person bears it.
pub const RULE_SAME_PERSON: &str = "relation.same-person";

/// The rule that whoever entered an account does not verify it.
pub const RULE_VERIFY: &str = "bank_account.verify.second_person";

/// The rule that marks stop new lending.
pub const RULE_LENDING_STOP: &str = "lending.stop";

/// The rule that scorecards are data of the pack.
pub const RULE_SCORECARDS: &str = "evaluation.scorecards";

/// The rule that an evaluation lacks nothing.
pub const RULE_COMPLETE: &str = "evaluation.complete";

/// The rule about who is sorted.
pub const RULE_SORTING_START: &str = "sorting.start";

/// Why a use case about customers says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CustomerError {
    /// There is no such customer, or none that this person may see.
    #[error("no such customer")]
    NotFound,
    /// There is no such related party or contact point in the file.
    #[error("no such {0}")]
    NoSuchPart(&'static str),
    /// A file with this identity number exists.
    #[error("the identity number has a file already")]
    Duplicate {
        /// Its number, when the person may see it.
        number: Option<String>,
    },
    /// The new manager is not an active user of the branch.
    #[error("no such manager")]
    NoSuchManager,
    /// The person may not place a customer there.
    #[error("outside the data scope")]
    OutsideScope,
    /// Nothing was changed.
    #[error("nothing was changed")]
    NothingChanged,
    /// It has ended already.
    #[error("already ended")]
    AlreadyEnded,
    /// The related party objected; consent cannot be given in its place.
    #[error("objected")]
    Objected,
    /// The file holds this account number already.
    #[error("the account is in the file already")]
    AccountKnown,
    /// Whoever entered an account does not verify it.
    #[error("whoever entered an account does not verify it")]
    OwnAccountEntry,
    /// The account was verified already.
    #[error("already verified")]
    AlreadyVerified,
    /// A mark of the file stops new lending.
    #[error("new lending is stopped: {code}")]
    LendingStopped {
        /// The message for the mark.
        code: &'static str,
        /// The article behind it.
        article: Option<String>,
    },
    /// There is nothing to reveal.
    #[error("nothing to reveal")]
    NothingToReveal,
    /// The pack has no scorecard for such a customer.
    #[error("no scorecard")]
    NoScorecard,
    /// Facts or judgements that an evaluation needs are lacking.
    #[error("lacking: {en}")]
    EvaluationLacking {
        /// Their titles in Chinese.
        zh: String,
        /// Their titles in English.
        en: String,
    },
    /// An evaluation by the same scorecard waits already.
    #[error("evaluation {number} is open")]
    EvaluationOpen {
        /// Its number.
        number: String,
    },
    /// The evaluation is decided.
    #[error("the evaluation is {state}")]
    EvaluationNotOpen {
        /// Where it stands.
        state: &'static str,
    },
    /// A fit gave no card.
    #[error("nothing was fitted")]
    NothingFitted,
    /// A returned evaluation would need another chain of approval.
    #[error("another chain")]
    EvaluationOtherChain,
    /// A sorting project is somewhere else.
    #[error("the sorting project is {state}")]
    SortingState {
        /// Where it stands.
        state: &'static str,
    },
    /// Nobody is in the scope of a sorting project, or too many.
    #[error("{count} customers in the scope, {most} at most")]
    SortingScope {
        /// How many.
        count: i64,
        /// How many there may be.
        most: i64,
    },
    /// A sorting project goes over more than the person may touch.
    #[error("the project goes beyond the data scope")]
    SortingOutside,
    /// A sorting project begins later.
    #[error("the project begins on {from}")]
    SortingEarly {
        /// When.
        from: jiff::civil::Date,
    },
    /// A customer of a sorting project is somewhere else.
    #[error("the sorted customer is {state}")]
    SortingItemState {
        /// Where it stands.
        state: &'static str,
    },
    /// It is given to somebody else.
    #[error("given to somebody else")]
    SortingNotYours,
    /// Whoever did it does not check it.
    #[error("whoever did it does not check it")]
    SortingOwnReview {
        /// The rule.
        rule: &'static str,
    },
    /// A problem is somewhere else.
    #[error("the problem is {state}")]
    SortingProblemState {
        /// Where it stands.
        state: &'static str,
    },
    /// Customers are not verified yet.
    #[error("{open} customers are not verified")]
    SortingItemsOpen {
        /// How many.
        open: i64,
    },
    /// Goals without a judgement or its reason.
    #[error("not judged: {en}")]
    SortingGoals {
        /// Their titles in Chinese.
        zh: String,
        /// Their titles in English.
        en: String,
    },
    /// Too few were reviewed.
    #[error("{done} reviewed of {least}")]
    SortingReviewShare {
        /// How many were.
        done: i64,
        /// How many must be.
        least: i64,
    },
    /// The number is the customer's own: nobody is related to himself.
    #[error("the customer's own number")]
    ToItself,
    /// Several related parties of one kind bear a name; only a number tells them apart.
    #[error("several related parties are called {name}")]
    SeveralOfName {
        /// The name.
        name: String,
    },
}

impl CustomerError {
    /// The message id, without the prefix `error-`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "customer-not-found",
            Self::NoSuchPart(_) => "customer-no-such-part",
            Self::Duplicate { number: Some(_) } => "customer-duplicate",
            Self::Duplicate { number: None } => "customer-duplicate-elsewhere",
            Self::NoSuchManager => "customer-no-such-manager",
            Self::OutsideScope => "customer-outside-scope",
            Self::NothingChanged => "customer-nothing-changed",
            Self::AlreadyEnded => "customer-already-ended",
            Self::Objected => "relation-objected",
            Self::AccountKnown => "account-known",
            Self::OwnAccountEntry => "account-own-entry",
            Self::AlreadyVerified => "account-already-verified",
            Self::LendingStopped { code, .. } => code,
            Self::NothingToReveal => "customer-nothing-to-reveal",
            Self::NoScorecard => "evaluation-no-scorecard",
            Self::EvaluationLacking { .. } => "evaluation-lacking",
            Self::EvaluationOpen { .. } => "evaluation-open",
            Self::EvaluationNotOpen { .. } => "evaluation-not-open",
            Self::EvaluationOtherChain => "evaluation-other-chain",
            Self::NothingFitted => "scorecard-nothing-fitted",
            Self::SortingState { .. } => "sorting-state",
            Self::SortingScope { count: 0, .. } => "sorting-nobody",
            Self::SortingScope { .. } => "sorting-too-many",
            Self::SortingOutside => "sorting-outside",
            Self::SortingEarly { .. } => "sorting-early",
            Self::SortingItemState { .. } => "sorting-item-state",
            Self::SortingNotYours => "sorting-not-yours",
            Self::SortingOwnReview { .. } => "sorting-own-review",
            Self::SortingProblemState { .. } => "sorting-problem-state",
            Self::SortingItemsOpen { .. } => "sorting-items-open",
            Self::SortingReviewShare { .. } => "sorting-review-share",
            Self::SortingGoals { .. } => "sorting-goals",
            Self::ToItself => "relation-to-itself",
            Self::SeveralOfName { .. } => "relation-several-of-name",
        }
    }
}

impl Refusal for CustomerError {
    fn refused(&self) -> Refused {
        let of = |kind| Refused::new(kind, self.code());
        match self {
            Self::NotFound => of(RefusalKind::NotFound),
            Self::NoSuchPart(what) => of(RefusalKind::NotFound).with("what", what),
            Self::Duplicate { number } => {
                let shown = number.clone().unwrap_or_default();
                let field = FieldError::new("identity", self.code()).with("number", &shown);
                let mut refused = of(RefusalKind::Conflict).with("number", shown).under(RULE_ONE_FILE, None);
                refused.fields.push(field);
                refused
            }
            Self::NoSuchManager | Self::OutsideScope => {
                let mut refused = of(RefusalKind::Invalid);
                refused.fields.push(FieldError::new("manager", self.code()));
                refused
            }
            Self::NothingChanged => of(RefusalKind::Invalid),
            Self::Objected => of(RefusalKind::Conflict).under(RULE_OBJECTION, None),
            Self::AccountKnown => {
                let mut refused = of(RefusalKind::Conflict);
                refused.fields.push(FieldError::new("number", self.code()));
                refused
            }
            Self::ToItself => {
                let mut refused = of(RefusalKind::Invalid).under(RULE_SAME_PERSON, None);
                refused.fields.push(FieldError::new("identity", self.code()));
                refused
            }
            Self::SeveralOfName { name } => {
                let mut refused = of(RefusalKind::Invalid).with("name", name).under(RULE_SAME_PERSON, None);
                refused.fields.push(FieldError::new("identity", self.code()).with("name", name));
                refused
            }
            Self::LendingStopped { article, .. } => of(RefusalKind::Conflict).under(RULE_LENDING_STOP, article.clone()),
            Self::NoScorecard => of(RefusalKind::Conflict).under(RULE_SCORECARDS, None),
            Self::EvaluationLacking { zh, en } => {
                of(RefusalKind::Invalid).with("zh", zh).with("en", en).under(RULE_COMPLETE, None)
            }
            Self::EvaluationOpen { number } => of(RefusalKind::Conflict).with("number", number),
            Self::EvaluationNotOpen { state } => of(RefusalKind::Conflict).with("state", state),
            Self::EvaluationOtherChain => of(RefusalKind::Conflict).under(crate::evaluation::rules::RULE, None),
            Self::SortingState { state } | Self::SortingItemState { state } | Self::SortingProblemState { state } => {
                of(RefusalKind::Conflict).with("state", state)
            }
            Self::SortingScope { count, most } => {
                of(RefusalKind::Conflict).with("count", count).with("most", most).under(RULE_SORTING_START, None)
            }
            Self::SortingOutside => of(RefusalKind::Conflict).under(crate::sorting::rules::RULE_SCOPE, None),
            Self::SortingEarly { from } => of(RefusalKind::Conflict).with("from", from).under(RULE_SORTING_START, None),
            Self::SortingNotYours => of(RefusalKind::Conflict).under(crate::sorting::rules::RULE_ITEM, None),
            Self::SortingOwnReview { rule } => of(RefusalKind::Conflict).under(*rule, None),
            Self::SortingItemsOpen { open } => {
                of(RefusalKind::Conflict).with("open", open).under(crate::sorting::rules::RULE_REPORT, None)
            }
            Self::SortingGoals { zh, en } => {
                of(RefusalKind::Invalid).with("zh", zh).with("en", en).under(crate::sorting::rules::RULE_REPORT, None)
            }
            Self::SortingReviewShare { done, least } => of(RefusalKind::Conflict)
                .with("done", done)
                .with("least", least)
                .under(crate::sorting::rules::RULE_REVIEW, None),
            Self::OwnAccountEntry => of(RefusalKind::Conflict).under(RULE_VERIFY, None),
            Self::NothingFitted => of(RefusalKind::Conflict).under("scorecard.refuse", None),
            Self::AlreadyEnded | Self::AlreadyVerified | Self::NothingToReveal => of(RefusalKind::Conflict),
        }
    }
}
