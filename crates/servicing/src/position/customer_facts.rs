//! What the book of loans tells policies of a borrower (借款人事实): days overdue, arrears, class, default, history.

use std::collections::BTreeSet;

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::policies;
use platform::work::Work;
use policy::{FactType, Facts, Value};

use crate::loan::model::LoanKey;

/// The most loans and changes of one borrower that are looked at.
const LIMIT: i64 = 2_000;
/// The window of `overdue_count_6m`, months.
const WINDOW_MONTHS: i64 = 6;

/// The facts of a customer on a date. Who never borrowed owes nothing and was never late: that is known, too.
pub fn tell<'a>(work: &'a mut Work, customer: CustomerId, on: Date) -> BoxFuture<'a, Result<Facts, ActionError>> {
    Box::pin(async move {
        // A borrower owes what stands in all files merged into the surviving one.
        let files = customers::merge::united(&mut work.tx, customer).await?;
        let rows = loans(work, &files, on).await?;
        let mut facts = Facts::new();
        let (mut days, mut arrears, mut classes, mut first) = (0_i64, Fen::ZERO, Vec::new(), None::<Date>);
        let mut owed = Fen::ZERO;
        for row in &rows {
            owed = owed.checked_add(row.get("principal_fen")?).unwrap_or(owed);
            let oldest: Option<Date> = row.get("oldest_due_on")?;
            if let Some(oldest) = oldest.filter(|oldest| *oldest < on) {
                days = days.max(i64::from((on - oldest).get_days()));
                for field in ["overdue_principal_fen", "overdue_interest_fen"] {
                    arrears = arrears.checked_add(row.get(field)?).unwrap_or(arrears);
                }
            }
            classes.push(row.get::<String>("class")?);
            let start: Date = row.get("start_on")?;
            first = Some(first.map_or(start, |known| known.min(start)));
        }
        let months = first.and_then(|first| first.until((jiff::Unit::Month, on)).ok());
        let months = months.map_or(0, |span| i64::from(span.get_months()));
        let mut put = |name: &str, value: Value| facts.insert(name.to_owned(), value);
        put("overdue_days", Value::Integer(days));
        put("arrears_fen", Value::Integer(arrears.0));
        put("outstanding_fen", Value::Integer(owed.0));
        put("cooperation_months", Value::Integer(months.max(0)));
        if days > 0 {
            put("own_arrears", Value::Boolean(true));
        }
        put("overdue_count_6m", Value::Integer(times_overdue(work, &files, on).await?));
        graded(work, &classes, on, &mut facts).await?;
        Ok(facts)
    })
}

/// The loans of some files: as they stand, or on a past date as their history is known now.
async fn loans(work: &mut Work, files: &[CustomerId], on: Date) -> Result<Vec<Row>, StoreError> {
    let mut w = Conditions::new();
    // What an undone import brought is no loan of theirs.
    w.one_of("customer_id", files).and_values("state = 'active'", args![]);
    let head = if on < work.business_date {
        w.and_values("superseded_at is null and from_on <= ? and (to_on is null or to_on > ?)", args![on, on]);
        "select start_on, class, oldest_due_on, overdue_principal_fen, overdue_interest_fen, principal_fen \
         from loan_position_history_view"
    } else {
        "select start_on, class, oldest_due_on, overdue_principal_fen, overdue_interest_fen, principal_fen \
         from loan_view"
    };
    work.tx.fetch_all(w.select(head, &format!("order by loan_id limit {LIMIT}")), w.args()).await
}

/// Whether the borrower of a loan was paid out another one before, on any file that was merged with this one; what was
/// paid out and taken back does not count.
pub(crate) async fn borrowed_before(tx: &mut Tx, key: LoanKey) -> Result<bool, StoreError> {
    let root = customers::merge::root(tx, key.customer).await?;
    let files = customers::merge::united(tx, root).await?;
    let mut w = Conditions::new();
    w.one_of("p.customer_id", &files);
    w.and("p.loan_id <> ?", [&key.loan]);
    w.and_values("p.disbursed_fen > 0", args![]);
    let sql = w.select("select p.loan_id from loan_position p", "order by p.loan_id limit 1");
    Ok(tx.fetch_optional(sql, w.args()).await?.is_some())
}

/// The worst class of all loans, and whether it is non-performing: a default (S3-06).
async fn graded(work: &mut Work, classes: &[String], on: Date, facts: &mut Facts) -> Result<(), ActionError> {
    let rules = policies::in_force(work, on).await?;
    let Some(FactType::OneOf { values, .. }) = rules.pack().dictionary().get("asset_class").map(|fact| &fact.kind)
    else {
        return Ok(());
    };
    let worst = classes.iter().filter_map(|class| values.iter().position(|known| known == class)).max();
    if let Some(worst) = worst.and_then(|place| values.get(place)) {
        facts.insert("asset_class".to_owned(), Value::from(worst.as_str()));
        let class = Facts::from([("asset_class".to_owned(), Value::from(worst.as_str()))]);
        let npl = rules.edition(on).decide("npl", &class).is_ok_and(|found| found.text("npl") == Some("yes"));
        facts.insert("default_exists".to_owned(), Value::Boolean(npl));
    } else {
        facts.insert("default_exists".to_owned(), Value::Boolean(false));
    }
    Ok(())
}

/// How many instalments were left unpaid in the half year before a date, as the history of positions tells.
async fn times_overdue(work: &mut Work, files: &[CustomerId], on: Date) -> Result<i64, ActionError> {
    let since = on.checked_sub(jiff::Span::new().months(WINDOW_MONTHS)).unwrap_or(on);
    let mut of_files = Conditions::new();
    of_files.one_of("customer_id", files);
    of_files.and_values(
        "state = 'active' and oldest_due_on is not null and superseded_at is null and (to_on is null or to_on >= ?) \
         and from_on <= ?",
        args![since, on],
    );
    let head = "select loan_id, oldest_due_on from loan_position_history_view";
    let tail = format!("limit {LIMIT}");
    let rows = work.tx.fetch_all(of_files.select(head, &tail), of_files.args()).await?;
    let mut times = BTreeSet::new();
    for row in &rows {
        times.insert((row.get::<i64>("loan_id")?, row.get::<Date>("oldest_due_on")?));
    }
    Ok(i64::try_from(times.len()).unwrap_or(i64::MAX))
}
