//! The use case of a suspension: what it is checked by, what agreement brings about.

use finance::{Position, TransactionKind};
use platform::approval::ApprovalKind;
use platform::error::ActionError;
use platform::work::Work;

use super::model::Suspension;
use super::rules;
use crate::change::actions as change;
use crate::change::agreement::{Agreement, approved};
use crate::change::pages::Section;
use crate::loan::model::LoanFile;

impl Agreement for Suspension {
    const SECTION: Section = Section::Suspension;
    const KIND: ApprovalKind = ApprovalKind {
        kind: "suspension",
        title: "approval-suspension",
        action: "suspension.approve",
        mend: change::mend,
        approved: |work, approval| Box::pin(approved::<Suspension>(work, approval)),
        refused: change::nothing,
    };
    const AUDITED: &'static str = "loan.suspend";
    const EVENT: &'static str = "loan_suspended";

    fn transaction(&self) -> TransactionKind {
        TransactionKind::Suspend { until: Some(self.resume_on), interest: self.interest, penalty: self.penalty }
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    /// Something rests, and runs again on a later day.
    async fn check(&self, work: &mut Work, _: &LoanFile, _: &Position) -> Result<(), ActionError> {
        Ok(rules::check_until(self.resume_on, work.business_date)?)
    }
}
