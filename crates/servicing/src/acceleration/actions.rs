//! The use case of an acceleration: what it is checked by, what agreement brings about.

use finance::{Position, TransactionKind};
use platform::approval::ApprovalKind;
use platform::error::ActionError;
use platform::work::Work;

use super::model::Acceleration;
use crate::change::actions as change;
use crate::change::agreement::{Agreement, approved};
use crate::change::pages::Section;
use crate::loan::model::LoanFile;

impl Agreement for Acceleration {
    const SECTION: Section = Section::Acceleration;
    const KIND: ApprovalKind = ApprovalKind {
        kind: "acceleration",
        title: "approval-acceleration",
        action: "acceleration.approve",
        mend: change::mend,
        approved: |work, approval| Box::pin(approved::<Acceleration>(work, approval)),
        refused: change::nothing,
    };
    const AUDITED: &'static str = "loan.accelerate";
    const EVENT: &'static str = "loan_accelerated";

    fn transaction(&self) -> TransactionKind {
        TransactionKind::Accelerate
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    async fn check(&self, _: &mut Work, _: &LoanFile, _: &Position) -> Result<(), ActionError> {
        // A loan that is due in full already is refused by the replay.
        Ok(())
    }
}
