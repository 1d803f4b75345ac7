//! The use case of a finding of misuse: what it is checked by, what agreement brings about.

use finance::{Position, TransactionKind};
use platform::approval::ApprovalKind;
use platform::error::ActionError;
use platform::work::Work;

use super::model::{Misuse, is_flagged};
use super::rules;
use crate::change::actions as change;
use crate::change::agreement::{Agreement, approved};
use crate::change::pages::Section;
use crate::loan::model::LoanFile;

impl Agreement for Misuse {
    const SECTION: Section = Section::Misuse;
    const KIND: ApprovalKind = ApprovalKind {
        kind: "misuse",
        title: "approval-misuse",
        action: "misuse.approve",
        mend: change::mend,
        approved: |work, approval| Box::pin(approved::<Misuse>(work, approval)),
        refused: change::nothing,
    };
    const AUDITED: &'static str = "loan.misuse";
    const EVENT: &'static str = "loan_misuse_marked";

    fn transaction(&self) -> TransactionKind {
        TransactionKind::Misuse { flagged: self.flagged }
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    /// A mark changes what stands.
    async fn check(&self, _: &mut Work, file: &LoanFile, _: &Position) -> Result<(), ActionError> {
        Ok(rules::check_change(is_flagged(file), self.flagged)?)
    }
}
