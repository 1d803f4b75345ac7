//! Business numbers (编号): customer, contract, loan, voucher, letter.
//!
//! The pattern of a number and the period of its series are rules of the policy pack. A number is
//! taken inside the transaction of what it numbers, so a series has no gaps: what is rolled back
//! gives its number back. The look-up table keeps numbers unique and leads from a number to its row.

use jiff::civil::Date;

use crate::args;
use crate::db::{StoreError, Tx};
use crate::error::{ActionError, Refusal, RefusalKind, Refused};
use crate::id::CustomerId;
use crate::policies;
use crate::work::Work;

/// The longest number that an imported book may bring.
const MAX_LENGTH: usize = 64;

/// Why there is no number (编号失败).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberingError {
    /// Something else has the number already.
    #[error("the {kind} number {number} is taken")]
    Taken {
        /// What it numbers.
        kind: String,
        /// The number.
        number: String,
    },
    /// The number is empty, too long, or holds signs that no number has.
    #[error("{number:?} is no {kind} number")]
    Malformed {
        /// What it numbers.
        kind: String,
        /// The number.
        number: String,
    },
    /// The pack has no rule for it.
    #[error("the policy has no numbering rule for {kind}")]
    NoRule {
        /// What it numbers.
        kind: String,
    },
    /// The rule cannot make the next number.
    #[error("no {kind} number: {cause}")]
    Rule {
        /// What it numbers.
        kind: String,
        /// Why.
        cause: policy::NumberError,
    },
}

impl Refusal for NumberingError {
    fn refused(&self) -> Refused {
        let new = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::Taken { kind, number } => new("number-taken").with("kind", kind).with("number", number),
            Self::Malformed { kind, number } => {
                Refused::new(RefusalKind::Invalid, "number-malformed").with("kind", kind).with("number", number)
            }
            Self::NoRule { kind } => new("number-no-rule").with("kind", kind),
            Self::Rule { kind, cause } => new("number-rule").with("kind", kind).with("cause", cause.code()),
        }
    }
}

/// The next number of a kind, taken for this row.
///
/// A number of the series that an import took already is passed over.
///
/// # Errors
/// [`NumberingError`]; the store's.
pub async fn next(work: &mut Work, kind: &str, customer: CustomerId, id: i64) -> Result<String, ActionError> {
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    let rule = rule_of(&in_force, kind, on).ok_or_else(|| NumberingError::NoRule { kind: kind.to_owned() })?;
    let (institution, branch) = codes(work).await?;
    let series = rule.series(on);
    loop {
        let sequence = step(&mut work.tx, &rule.id, &series).await?;
        let number = rule
            .format(&institution, &branch, on, sequence)
            .map_err(|cause| NumberingError::Rule { kind: kind.to_owned(), cause })?;
        if take(&mut work.tx, kind, &number, customer, id).await? {
            return Ok(number);
        }
    }
}

/// The next numbers of a kind for many rows, taken with a few statements.
///
/// # Errors
/// As [`next`].
pub async fn next_many(work: &mut Work, kind: &str, rows: &[(CustomerId, i64)]) -> Result<Vec<String>, ActionError> {
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    let rule = rule_of(&in_force, kind, on).ok_or_else(|| NumberingError::NoRule { kind: kind.to_owned() })?;
    let (institution, branch) = codes(work).await?;
    let last = leap(&mut work.tx, &rule.id, &rule.series(on), rows.len()).await?;
    let first = last.saturating_sub(u64::try_from(rows.len()).unwrap_or(u64::MAX));
    let mut numbers = Vec::with_capacity(rows.len());
    for sequence in (first + 1)..=last {
        let number = rule
            .format(&institution, &branch, on, sequence)
            .map_err(|cause| NumberingError::Rule { kind: kind.to_owned(), cause })?;
        numbers.push(number);
    }
    let values = rows.iter().zip(&numbers).map(|((customer, id), number)| args![kind, number, customer, id]).collect();
    let head = "insert into number_lookup (kind, number, customer_id, id)";
    let written = work.tx.write_rows(head, "on conflict (kind, number) do nothing", values).await?;
    if usize::try_from(written) == Ok(numbers.len()) {
        return Ok(numbers);
    }
    Err(NumberingError::Taken { kind: kind.to_owned(), number: numbers.first().cloned().unwrap_or_default() }.into())
}

/// Takes the number that an imported book gave to this row.
///
/// # Errors
/// [`NumberingError::Taken`], [`NumberingError::Malformed`]; the store's.
pub async fn claim(
    work: &mut Work,
    kind: &str,
    number: &str,
    customer: CustomerId,
    id: i64,
) -> Result<String, ActionError> {
    let number = number.trim();
    let (kind_text, number_text) = (kind.to_owned(), number.to_owned());
    if number.is_empty() || number.chars().count() > MAX_LENGTH || number.chars().any(char::is_control) {
        return Err(NumberingError::Malformed { kind: kind_text, number: number_text }.into());
    }
    if take(&mut work.tx, kind, number, customer, id).await? {
        return Ok(number_text);
    }
    Err(NumberingError::Taken { kind: kind_text, number: number_text }.into())
}

/// The given number if there is one, else the next.
///
/// # Errors
/// As [`next`] and [`claim`].
pub async fn assign(
    work: &mut Work,
    kind: &str,
    given: Option<&str>,
    customer: CustomerId,
    id: i64,
) -> Result<String, ActionError> {
    match given.filter(|number| !number.trim().is_empty()) {
        Some(number) => claim(work, kind, number, customer, id).await,
        None => next(work, kind, customer, id).await,
    }
}

/// The row that has a number.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, kind: &str, number: &str) -> Result<Option<(CustomerId, i64)>, StoreError> {
    let row = tx
        .fetch_optional(
            "select customer_id, id from number_lookup where kind = $1 and number = $2",
            args![kind, number],
        )
        .await?;
    row.map(|row| Ok((CustomerId(row.get("customer_id")?), row.get("id")?))).transpose()
}

/// Frees a number whose row was voided (an import undone).
///
/// # Errors
/// The store's; stale when the number does not belong to the row.
pub async fn free(tx: &mut Tx, kind: &str, number: &str, id: i64) -> Result<(), StoreError> {
    tx.execute_one("delete from number_lookup where kind = $1 and number = $2 and id = $3", args![kind, number, id])
        .await
}

/// The rule of a kind; which of several patterns a contract takes is a switch of the pack.
fn rule_of(in_force: &policies::InForce, kind: &str, on: Date) -> Option<policy::Numbering> {
    let chosen = in_force.edition(on).text(&format!("{kind}_numbering")).ok().unwrap_or(kind);
    in_force.pack().numbering(chosen).cloned()
}

async fn codes(work: &mut Work) -> Result<(String, String), StoreError> {
    let setting = |name: &'static str, otherwise: &'static str| (name, otherwise);
    let (name, otherwise) = setting("institution.code", "1");
    let institution = policies::store::setting(&mut work.tx, name).await?.unwrap_or_else(|| otherwise.to_owned());
    // Branches are numbered in the order of their founding: a code of the branch that never changes.
    let row =
        work.tx.fetch_one("select count(*) as place from branch where id <= $1", args![work.actor.branch]).await?;
    let place: i64 = row.get("place")?;
    Ok((institution, place.max(1).to_string()))
}

async fn step(tx: &mut Tx, kind: &str, series: &str) -> Result<u64, StoreError> {
    leap(tx, kind, series, 1).await
}

/// Moves a series on by so many numbers; the last of them.
async fn leap(tx: &mut Tx, kind: &str, series: &str, by: usize) -> Result<u64, StoreError> {
    let row = tx
        .fetch_one(
            "insert into number_sequence (kind, period, last) values ($1, $2, $3) \
             on conflict (kind, period) do update set last = number_sequence.last + excluded.last returning last",
            args![kind, series, by],
        )
        .await?;
    let last: i64 = row.get("last")?;
    Ok(last.unsigned_abs())
}

async fn take(tx: &mut Tx, kind: &str, number: &str, customer: CustomerId, id: i64) -> Result<bool, StoreError> {
    let written = tx
        .execute(
            "insert into number_lookup (kind, number, customer_id, id) values ($1, $2, $3, $4) \
             on conflict (kind, number) do nothing",
            args![kind, number, customer, id],
        )
        .await?;
    Ok(written == 1)
}
