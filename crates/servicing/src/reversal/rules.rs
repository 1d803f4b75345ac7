//! What can be reversed by hand. Pure.

use finance::TransactionKind;

use crate::error::ServicingError;
use crate::loan::model::{LoanFile, LoanTransaction, TransactionId};

/// The transaction that is to be taken back, if it can be (rule `reversal.payments`): money in, and charges; what an
/// approval allowed is undone by another approval of its kind, and nothing is taken back twice.
pub fn target(file: &LoanFile, id: TransactionId) -> Result<&LoanTransaction, ServicingError> {
    let missing = || ServicingError::TransactionNotFound { number: id.to_string() };
    let transaction = file.transactions.iter().find(|t| t.id == id).ok_or_else(missing)?;
    if let Some(by) = file.reversed_by(id) {
        return Err(ServicingError::AlreadyReversed { number: transaction.number.clone(), by: by.number.clone() });
    }
    match transaction.fact.kind {
        TransactionKind::Repay(_) | TransactionKind::Recover { .. } | TransactionKind::Charge { .. } => Ok(transaction),
        TransactionKind::Disburse { .. }
        | TransactionKind::Waive { .. }
        | TransactionKind::ChangeRate { .. }
        | TransactionKind::Extend(_)
        | TransactionKind::Restructure(_)
        | TransactionKind::Suspend { .. }
        | TransactionKind::Misuse { .. }
        | TransactionKind::Accelerate
        | TransactionKind::WriteOff
        | TransactionKind::Reverse { .. } => Err(ServicingError::NotReversible { kind: transaction.fact.kind.name() }),
    }
}
