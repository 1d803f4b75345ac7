//! The use case of a waiver: what it is checked by, what agreement brings about.

use finance::{Fen, Position, TransactionKind};
use platform::approval::ApprovalKind;
use platform::error::ActionError;
use platform::policies::PolicyError;
use platform::work::Work;

use super::model::Waiver;
use super::rules;
use crate::change::actions as change;
use crate::change::agreement::{Agreement, approved};
use crate::change::pages::Section;
use crate::loan::model::LoanFile;

impl Agreement for Waiver {
    const SECTION: Section = Section::Waiver;
    const KIND: ApprovalKind = ApprovalKind {
        kind: "waiver",
        title: "approval-waiver",
        action: "waiver.approve",
        mend: change::mend,
        approved: |work, approval| Box::pin(approved::<Waiver>(work, approval)),
        refused: change::nothing,
    };
    const AUDITED: &'static str = "loan.waive";
    const EVENT: &'static str = "loan_waived";

    fn transaction(&self) -> TransactionKind {
        TransactionKind::Waive { head: self.head, amount: self.amount, instalment: self.instalment }
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    /// What is waived: a small waiver has a shorter chain than a large one.
    fn at_stake(&self, _: &Position) -> Fen {
        self.amount
    }

    /// A head that is waived, and at most what is owed of it. What was paid since it was asked for may make it too
    /// large: it is refused then, and nothing of the agreement is written.
    async fn check(&self, work: &mut Work, _: &LoanFile, position: &Position) -> Result<(), ActionError> {
        let policy = change::policy(work).await?;
        let heads = rules::waivable(policy.edition(work.business_date)).map_err(PolicyError::from)?;
        Ok(rules::check(&heads, position, self)?)
    }
}
