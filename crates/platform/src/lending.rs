//! What lending tells of customers over a period (借贷情况): told by the capability that keeps the loans to those that may not
//! look into its tables.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;

use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::CustomerId;
use crate::work::Work;

/// A time during which something of a customer was overdue (逾期区间).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// The first day.
    pub from: Date,
    /// The day on which it was over; nothing while it goes on.
    pub to: Option<Date>,
}

/// What lending tells of a customer (客户借贷情况).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lending {
    /// Principal outstanding today.
    pub outstanding: Fen,
    /// All interest that was ever received.
    pub interest: Fen,
    /// What the class of each loan asks to be set aside today.
    pub provision: Fen,
    /// When anything was overdue within the period, loan by loan, in the order of beginning.
    pub overdue: Vec<Spell>,
}

/// Tells of some customers, with all files merged into theirs, over the days from and to; who never borrowed is told of, too.
pub type TellLending = for<'a> fn(
    &'a mut Work,
    &'a [CustomerId],
    (Date, Date),
) -> BoxFuture<'a, Result<BTreeMap<CustomerId, Lending>, ActionError>>;

/// Customers of one question: few enough for one statement.
const CHUNK: usize = 400;

/// What lending tells of customers over a period; nothing of anybody where no capability keeps loans.
///
/// # Errors
/// Those of the capability that tells.
pub async fn of(
    work: &mut Work,
    customers: &[CustomerId],
    period: (Date, Date),
) -> Result<BTreeMap<CustomerId, Lending>, ActionError> {
    let tellers: Vec<TellLending> = work.app.capabilities.iter().filter_map(|one| one.lending()).collect();
    let mut found: BTreeMap<CustomerId, Lending> = BTreeMap::new();
    for tell in tellers {
        for some in customers.chunks(CHUNK) {
            for (customer, told) in tell(work, some, period).await? {
                let one = found.entry(customer).or_default();
                for (sum, more) in [
                    (&mut one.outstanding, told.outstanding),
                    (&mut one.interest, told.interest),
                    (&mut one.provision, told.provision),
                ] {
                    *sum = sum.checked_add(more).unwrap_or(*sum);
                }
                one.overdue.extend(told.overdue);
            }
        }
    }
    for one in found.values_mut() {
        one.overdue.sort_unstable();
    }
    Ok(found)
}
