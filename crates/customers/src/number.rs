//! Customer numbers (客户号).

use platform::error::ActionError;
use platform::id::CustomerId;
use platform::numbering;
use platform::work::Work;

/// What the numbering rule of the policy pack is called.
const KIND: &str = "customer";

/// The number that the lender gave already, else the next of the series.
pub(crate) async fn assign(work: &mut Work, given: Option<&str>, id: CustomerId) -> Result<String, ActionError> {
    numbering::assign(work, KIND, given, id, id.0).await
}

/// Frees the number of a file that was hidden.
pub(crate) async fn free(work: &mut Work, number: &str, id: CustomerId) -> Result<(), ActionError> {
    Ok(numbering::free(&mut work.tx, KIND, number, id.0).await?)
}
