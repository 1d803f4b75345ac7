//! What the book of loans tells of customers over a period (借贷情况): exposure, interest received, provision, times overdue.

use std::collections::BTreeMap;

use finance::{Fen, Rounding};
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::lending::{Lending, Spell};
use platform::policies::{self, InForce};
use platform::work::Work;

/// Whose files they are: each file by the customer that it stands for.
type Roots = BTreeMap<CustomerId, CustomerId>;
type Told = BTreeMap<CustomerId, Lending>;

/// What is told of some customers, with all files merged into theirs.
pub fn tell<'a>(
    work: &'a mut Work,
    whose: &'a [CustomerId],
    period: (Date, Date),
) -> BoxFuture<'a, Result<Told, ActionError>> {
    Box::pin(async move {
        let mut told: Told = whose.iter().map(|customer| (*customer, Lending::default())).collect();
        if whose.is_empty() {
            return Ok(told);
        }
        let roots = customers::merge::files_of(&mut work.tx, whose).await?;
        positions(work, &roots, &mut told).await?;
        interest(work, &roots, &mut told).await?;
        overdue(work, &roots, period, &mut told).await?;
        Ok(told)
    })
}

fn of_files(column: &'static str, roots: &Roots) -> Conditions {
    let all: Vec<CustomerId> = roots.keys().copied().collect();
    let mut w = Conditions::new();
    w.one_of(column, &all);
    w
}

fn add(sum: &mut Fen, more: Fen) {
    *sum = sum.checked_add(more).unwrap_or(*sum);
}

/// Whose entry a row belongs to.
fn entry<'a>(row: &Row, roots: &Roots, told: &'a mut Told) -> Result<Option<&'a mut Lending>, StoreError> {
    let file: CustomerId = row.get("customer_id")?;
    Ok(roots.get(&file).and_then(|root| told.get_mut(root)))
}

/// What is outstanding, and what its class asks to be set aside (rule `loan.provision`).
async fn positions(work: &mut Work, roots: &Roots, told: &mut Told) -> Result<(), ActionError> {
    let on = work.business_date;
    let policy = policies::ruling(work).await?;
    let mut w = of_files("customer_id", roots);
    // What an undone import brought is no loan of theirs.
    w.and_values("state = 'active'", args![]);
    let head = "select customer_id, class, cast(sum(principal_fen) as bigint) as principal_fen from loan_view";
    let rows = work.tx.fetch_all(w.select(head, "group by customer_id, class"), w.args()).await?;
    for row in &rows {
        let (class, principal): (String, Fen) = (row.get("class")?, row.get("principal_fen")?);
        let rate = policy.as_ref().and_then(|policy| rate_ppm(policy, on, &class));
        if let Some(one) = entry(row, roots, told)? {
            add(&mut one.outstanding, principal);
            let amount = rate.and_then(|ppm| principal.share_ppm(ppm, Rounding::HalfUp));
            add(&mut one.provision, amount.unwrap_or(Fen::ZERO));
        }
    }
    Ok(())
}

fn rate_ppm(policy: &InForce, on: Date, class: &str) -> Option<i64> {
    let facts = policy::Facts::from([("asset_class".to_owned(), policy::Value::from(class))]);
    policy.edition(on).decide("provision_rate", &facts).ok()?.integer("provision_ppm")
}

/// The interest that was received on instalments.
async fn interest(work: &mut Work, roots: &Roots, told: &mut Told) -> Result<(), ActionError> {
    let mut w = of_files("i.customer_id", roots);
    w.and_values("l.state = 'active' and i.interest_paid_fen > 0", args![]);
    let head = "select i.customer_id, cast(sum(i.interest_paid_fen) as bigint) as interest_fen from loan_instalment i \
                join loan l on l.customer_id = i.customer_id and l.id = i.loan_id";
    for row in work.tx.fetch_all(w.select(head, "group by i.customer_id"), w.args()).await? {
        let interest: Fen = row.get("interest_fen")?;
        if let Some(one) = entry(&row, roots, told)? {
            add(&mut one.interest, interest);
        }
    }
    Ok(())
}

/// When anything was overdue within a period, as the history of positions is known now.
async fn overdue(work: &mut Work, roots: &Roots, (from, to): (Date, Date), told: &mut Told) -> Result<(), ActionError> {
    let mut w = of_files("customer_id", roots);
    // What ended on the first day belongs to a spell that may go on.
    w.and_values(
        "state = 'active' and status = 'overdue' and superseded_at is null and from_on <= ? \
         and (to_on is null or to_on >= ?)",
        args![to, from],
    );
    let head = "select customer_id, loan_id, from_on, to_on from loan_position_history_view";
    let rows = work.tx.fetch_all(w.select(head, "order by customer_id, loan_id, from_on"), w.args()).await?;
    let mut last: Option<(CustomerId, i64, Spell)> = None;
    for row in &rows {
        let (file, loan): (CustomerId, i64) = (row.get("customer_id")?, row.get("loan_id")?);
        let one = Spell { from: row.get("from_on")?, to: row.get("to_on")? };
        match &mut last {
            // A position that changed while it stayed overdue is one time, not two.
            Some((whose, which, spell)) if (*whose, *which) == (file, loan) && spell.to == Some(one.from) => {
                spell.to = one.to;
            }
            Some(_) | None => {
                keep(last.replace((file, loan, one)), roots, told);
            }
        }
    }
    keep(last, roots, told);
    Ok(())
}

fn keep(spell: Option<(CustomerId, i64, Spell)>, roots: &Roots, told: &mut Told) {
    let Some((file, _, spell)) = spell else { return };
    if let Some(one) = roots.get(&file).and_then(|root| told.get_mut(root)) {
        one.overdue.push(spell);
    }
}
