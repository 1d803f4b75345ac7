//! The use case of a restructuring: what it is checked by, what agreement brings about.

use finance::{Method, Position, RepaymentDay, TransactionKind};
use platform::approval::ApprovalKind;
use platform::error::ActionError;
use platform::work::Work;

use super::model::{NewMethod, Restructuring};
use super::rules;
use crate::change::actions as change;
use crate::change::agreement::{Agreement, approved};
use crate::change::pages::Section;
use crate::extension::actions::check_rate;
use crate::loan::model::LoanFile;

impl Agreement for Restructuring {
    const SECTION: Section = Section::Restructuring;
    const KIND: ApprovalKind = ApprovalKind {
        kind: "restructure",
        title: "approval-restructure",
        action: "restructure.approve",
        mend: change::mend,
        approved: |work, approval| Box::pin(approved::<Restructuring>(work, approval)),
        refused: change::nothing,
    };
    const AUDITED: &'static str = "loan.restructure";
    const EVENT: &'static str = "loan_restructured";

    fn transaction(&self) -> TransactionKind {
        TransactionKind::Restructure(finance::Restructuring {
            method: match self.method {
                NewMethod::EqualInstalment => Method::EqualInstalment,
                NewMethod::EqualPrincipal => Method::EqualPrincipal,
                NewMethod::InterestOnly => Method::InterestOnly,
                NewMethod::Bullet => Method::Bullet,
            },
            periods: Some(self.periods),
            maturity_on: None,
            first_due_on: self.first_due_on,
            frequency: None,
            repayment_day: RepaymentDay::default(),
            rate: self.rate,
            capitalise: self.capitalise,
        })
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    /// The first payment lies ahead, the rate within the cap (rule `extension.rate-cap`).
    async fn check(&self, work: &mut Work, file: &LoanFile, _: &Position) -> Result<(), ActionError> {
        let today = work.business_date;
        rules::check_first_due(self.first_due_on, today)?;
        let Some(rate) = self.rate else { return Ok(()) };
        let policy = change::policy(work).await?;
        check_rate(policy.edition(today), file, rate)
    }
}
