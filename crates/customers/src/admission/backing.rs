//! The decided admission reviews that may stand behind a new loan (放款依据), for the opening of loans (S1-20).

use finance::{Fen, add_months};
use jiff::civil::Date;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies;
use platform::work::Work;

use super::model::{Admission, AdmissionId, AdmissionState};
use super::store;
use crate::customer::store as customers;
use crate::merge;

/// An admission review that was decided, as an opening looks at it (已批准的准入审查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Its key.
    pub id: AdmissionId,
    /// Its number.
    pub number: String,
    /// What was applied for.
    pub applied: Fen,
    /// The amount decided.
    pub amount: Fen,
    /// The term decided, months.
    pub months: i64,
    /// The yearly rate decided, billionths.
    pub rate_e9: i64,
    /// When.
    pub on: Date,
    /// The last day on which it stands behind a new loan.
    pub until: Date,
}

/// The admission reviews of a customer that were decided for a product, in all files of the customer, the latest first;
/// expired ones too, so that one can be told why none fits.
///
/// # Errors
/// No rules in force; the store's.
pub async fn decided(work: &mut Work, customer: CustomerId, product: &str) -> Result<Vec<Decided>, ActionError> {
    let today = work.business_date;
    let rules = policies::in_force(work, today).await?;
    let months = policies::known(rules.edition(today).integer("admission_valid_months"))?;
    let mut all: Vec<Decided> = Vec::new();
    for file in merge::same(&mut work.tx, customer).await? {
        let found = store::of_customer(&mut work.tx, file).await?;
        all.extend(
            found.into_iter().filter(|one| one.application.product == product).filter_map(|one| of(one, months)),
        );
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.on, one.id.0)));
    Ok(all)
}

fn of(one: Admission, months: Option<i64>) -> Option<Decided> {
    let on = one.decided_on.filter(|_| one.state == AdmissionState::Fit)?;
    let terms = one.sheet?.terms;
    let until = months.and_then(|months| add_months(on, months)).unwrap_or(Date::MAX);
    Some(Decided {
        id: one.id,
        number: one.number,
        applied: one.application.amount,
        amount: terms.amount,
        months: terms.months,
        rate_e9: terms.rate_e9,
        on,
        until,
    })
}

/// Keeps everybody else from lending on the same reviews until this transaction is over: of two who open a loan at once
/// the second finds what the first used.
///
/// # Errors
/// The store's.
pub async fn hold(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    Ok(customers::hold(&mut work.tx, customer).await?)
}

/// The number of a review: for pages that show what stood behind a loan.
///
/// # Errors
/// The store's.
pub async fn number(work: &mut Work, id: AdmissionId) -> Result<Option<String>, ActionError> {
    Ok(store::find(&mut work.tx, id).await?.map(|one| one.number))
}
