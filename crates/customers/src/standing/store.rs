//! Table `customer_standing`.

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::policies::DecisionId;

use super::rules::Moved;

/// Where a customer stands on an axis (分类现状).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The decision that makes it.
    pub axis: String,
    /// The outcome; empty where facts are lacking.
    pub outcome: String,
    /// The outcome before this one.
    pub before: String,
    /// Which way it moved.
    pub moved: Moved,
    /// The decision kept.
    pub decision: Option<DecisionId>,
    /// Since when it stands there.
    pub since: Date,
    /// When it was looked at last.
    pub looked_on: Date,
    /// When it is looked at again.
    pub review_on: Date,
    /// The facts to be supplied.
    pub lacking: Vec<String>,
}

fn decode(row: &Row) -> Result<Standing, StoreError> {
    let lacking: String = row.get("lacking")?;
    Ok(Standing {
        axis: row.get("axis")?,
        outcome: row.get("outcome")?,
        before: row.get("before")?,
        moved: row.get("moved")?,
        decision: row.get("decision_id")?,
        since: row.get("since")?,
        looked_on: row.get("looked_on")?,
        review_on: row.get("review_on")?,
        lacking: lacking.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
    })
}

/// Where a customer stands on all axes looked at so far.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Standing>, StoreError> {
    tx.fetch_all(
        "select axis, outcome, before, moved, decision_id, since, looked_on, review_on, lacking \
         from customer_standing where customer_id = $1 order by axis limit 100",
        args![customer],
    )
    .await?
    .iter()
    .map(decode)
    .collect()
}

/// Writes where a customer stands on an axis.
pub(super) async fn put(tx: &mut Tx, customer: CustomerId, one: &Standing) -> Result<(), StoreError> {
    tx.execute(
        "insert into customer_standing (customer_id, axis, outcome, before, moved, decision_id, since, looked_on, \
         review_on, lacking) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (customer_id, axis) do update set outcome = excluded.outcome, before = excluded.before, \
         moved = excluded.moved, decision_id = excluded.decision_id, since = excluded.since, \
         looked_on = excluded.looked_on, review_on = excluded.review_on, lacking = excluded.lacking",
        args![
            customer,
            one.axis,
            one.outcome,
            one.before,
            one.moved,
            one.decision,
            one.since,
            one.looked_on,
            one.review_on,
            one.lacking.join("|")
        ],
    )
    .await
    .map(drop)
}

/// Axes that the policy no longer has for this customer are taken off; the decisions stay.
pub(super) async fn keep_only(tx: &mut Tx, customer: CustomerId, axes: &[String]) -> Result<(), StoreError> {
    let stale = of_customer(tx, customer).await?.into_iter().filter(|one| !axes.contains(&one.axis));
    for one in stale {
        tx.execute("delete from customer_standing where customer_id = $1 and axis = $2", args![customer, one.axis])
            .await?;
    }
    Ok(())
}

/// Where a file that was merged into another one stood is kept as it is, and looked at no more.
pub(super) async fn rest(tx: &mut Tx, customer: CustomerId) -> Result<(), StoreError> {
    tx.execute(
        "update customer_standing set review_on = $1 where customer_id = $2 and review_on <> $1",
        args![Date::MAX, customer],
    )
    .await
    .map(drop)
}

/// These customers are looked at no later than on this day.
pub(super) async fn look_by(tx: &mut Tx, customers: &[CustomerId], on: Date) -> Result<(), StoreError> {
    for some in customers.chunks(500) {
        let mut filter = Conditions::new();
        filter.and("review_on > ?", [&on]).one_of("customer_id", some);
        let due = tx.fetch_all(filter.select("select distinct customer_id from customer_standing", ""), filter.args());
        for row in due.await? {
            let customer: CustomerId = row.get("customer_id")?;
            let sql = "update customer_standing set review_on = $1 where customer_id = $2 and review_on > $1";
            tx.execute(sql, args![on, customer]).await?;
        }
    }
    Ok(())
}

/// Everybody is looked at no later than on this day.
pub(super) async fn look_at_all_by(tx: &mut Tx, on: Date) -> Result<(), StoreError> {
    tx.execute("update customer_standing set review_on = $1 where review_on > $1", args![on]).await.map(drop)
}

/// How many customers are due for a look.
pub(super) async fn count_due(tx: &mut Tx, on: Date) -> Result<i64, StoreError> {
    let sql = "select count(distinct customer_id) as n from customer_standing where review_on <= $1";
    tx.fetch_one(sql, args![on]).await?.get("n")
}

/// The next customers due for a look.
pub(super) async fn due(tx: &mut Tx, on: Date, after: CustomerId, most: i64) -> Result<Vec<CustomerId>, StoreError> {
    tx.fetch_all(
        "select distinct customer_id from customer_standing where review_on <= $1 and customer_id > $2 \
         order by customer_id limit $3",
        args![on, after, most],
    )
    .await?
    .iter()
    .map(|row| row.get("customer_id"))
    .collect()
}

/// A file that is hidden is looked at no more.
pub(super) async fn forget(tx: &mut Tx, customer: CustomerId) -> Result<(), StoreError> {
    tx.execute("delete from customer_standing where customer_id = $1", args![customer]).await.map(drop)
}
