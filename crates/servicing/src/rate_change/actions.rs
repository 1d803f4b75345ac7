//! The use case of a change of rate: what it is checked by, what agreement brings about.

use finance::{Position, TransactionKind};
use platform::approval::ApprovalKind;
use platform::error::ActionError;
use platform::work::Work;

use super::model::RateChange;
use super::rules;
use crate::change::actions as change;
use crate::change::agreement::{Agreement, approved};
use crate::change::pages::Section;
use crate::extension::actions::check_rate;
use crate::loan::model::LoanFile;

impl Agreement for RateChange {
    const SECTION: Section = Section::RateChange;
    const KIND: ApprovalKind = ApprovalKind {
        kind: "rate_change",
        title: "approval-rate-change",
        action: "rate_change.approve",
        mend: change::mend,
        approved: |work, approval| Box::pin(approved::<RateChange>(work, approval)),
        refused: change::nothing,
    };
    const AUDITED: &'static str = "loan.change-rate";
    const EVENT: &'static str = "loan_rate_changed";

    fn transaction(&self) -> TransactionKind {
        TransactionKind::ChangeRate { rate: self.rate }
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    /// Another rate than now, within the cap (rule `extension.rate-cap`).
    async fn check(&self, work: &mut Work, file: &LoanFile, position: &Position) -> Result<(), ActionError> {
        let wanted = self.rate.yearly_e9(file.terms.interest.year_basis);
        rules::check_other(position.yearly_e9, wanted)?;
        let policy = change::policy(work).await?;
        check_rate(policy.edition(work.business_date), file, self.rate)
    }
}
