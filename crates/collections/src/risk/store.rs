//! Tables `overdue_rating` and `expected_loss`.

use std::collections::{BTreeMap, BTreeSet};

use finance::Fen;
use jiff::civil::Date;

use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::loss::{Exposed, LoanLoss, Loss};
use super::model::{Known, Rating, RatingId};
use crate::case::list::within;
use crate::case::model::CaseKey;

/// The most ratings of one case that a page shows.
const LIMIT: i64 = 50;

/// Appends a rating; the newest of a case holds.
///
/// # Errors
/// The store's.
pub async fn insert(
    work: &mut Work,
    case: CaseKey,
    known: &Known,
    (rating, article, words): (&str, &str, &str),
    loss: Option<&Loss>,
) -> Result<RatingId, StoreError> {
    let id = RatingId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into overdue_rating (customer_id, id, case_id, rating, days_overdue, overdue_fen, left_fen, broken, \
             cause, article, words, expected_fen, exposure_fen, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            args![
                case.customer,
                id,
                case.case,
                rating,
                known.days,
                known.overdue,
                known.left,
                known.broken,
                known.cause.clone(),
                article,
                words.trim(),
                loss.map(Loss::expected),
                loss.map(Loss::exposure),
                on,
                now,
                by
            ],
        )
        .await?;
    for one in loss.into_iter().flat_map(|loss| &loss.loans) {
        let key = work.next_id();
        work.tx
            .execute(
                "insert into expected_loss (customer_id, id, rating_id, loan_id, exposure_fen, days_overdue, class, security, \
                 pd_ppm, pd_article, lgd_ppm, lgd_article, loss_fen, effective_on, recorded_at, recorded_by) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                args![
                    case.customer,
                    key,
                    id,
                    one.of.loan,
                    one.of.exposure,
                    one.of.days,
                    one.of.class.clone(),
                    one.of.security.clone(),
                    one.pd_ppm,
                    one.pd_article.clone(),
                    one.lgd_ppm,
                    one.lgd_article.clone(),
                    one.loss,
                    on,
                    now,
                    by
                ],
            )
            .await?;
    }
    Ok(id)
}

/// On what the expected loss of a rating rests, loan by loan.
///
/// # Errors
/// The store's.
pub async fn loss_of(tx: &mut Tx, customer: CustomerId, rating: RatingId) -> Result<Loss, StoreError> {
    let rows = tx
        .fetch_all(
            "select e.loan_id, v.number, e.exposure_fen, e.days_overdue, e.class, e.security, e.pd_ppm, e.pd_article, \
             e.lgd_ppm, e.lgd_article, e.loss_fen from expected_loss e \
             join loan_view v on v.customer_id = e.customer_id and v.loan_id = e.loan_id \
             where e.customer_id = $1 and e.rating_id = $2 order by e.id limit 500",
            args![customer, rating],
        )
        .await?;
    let decode = |row: &Row| -> Result<LoanLoss, StoreError> {
        let of = Exposed {
            loan: row.get("loan_id")?,
            number: row.get("number")?,
            exposure: row.get("exposure_fen")?,
            days: row.get("days_overdue")?,
            class: row.get("class")?,
            security: row.get("security")?,
        };
        Ok(LoanLoss {
            of,
            pd_ppm: row.get("pd_ppm")?,
            pd_article: row.get("pd_article")?,
            lgd_ppm: row.get("lgd_ppm")?,
            lgd_article: row.get("lgd_article")?,
            loss: row.get("loss_fen")?,
        })
    };
    Ok(Loss { loans: rows.iter().map(decode).collect::<Result<_, _>>()? })
}

/// The expected loss of the last rating of each of these open cases, for those that have one.
///
/// # Errors
/// The store's.
pub async fn last_losses(tx: &mut Tx, cases: &[CaseKey]) -> Result<BTreeMap<CaseKey, Fen>, StoreError> {
    let mut found = BTreeMap::new();
    if cases.is_empty() {
        return Ok(found);
    }
    let customers: Vec<CustomerId> = cases.iter().map(|case| case.customer).collect();
    let mut w = Conditions::new();
    w.one_of("r.customer_id", &customers);
    let head = "select r.customer_id, r.case_id, r.expected_fen from overdue_rating r";
    for row in tx.fetch_all(w.select(head, "order by r.customer_id, r.case_id, r.id"), w.args()).await? {
        let key = CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? };
        match row.get::<Option<Fen>>("expected_fen")? {
            Some(loss) => found.insert(key, loss),
            None => found.remove(&key),
        };
    }
    Ok(found)
}

/// The next customers behind `after` with an open case and an estimate, of whose loans one changed on these days, or is
/// overdue since one of the days `edges`.
///
/// # Errors
/// The store's.
pub(super) async fn changed(
    tx: &mut Tx,
    days: [Date; 2],
    edges: &[Date],
    after: CustomerId,
    limit: i64,
) -> Result<Vec<CustomerId>, StoreError> {
    let mut found = BTreeSet::new();
    let changed = days.iter().map(|on| ("v.as_of = ?", on));
    for (begins, on) in changed.chain(edges.iter().map(|on| ("v.oldest_due_on = ?", on))) {
        let mut w = Conditions::new();
        w.and_values(begins, args![*on]);
        w.and_values("v.customer_id > ?", args![after]);
        w.and_values(
            "exists (select 1 from collection_case c join overdue_rating r on r.customer_id = c.customer_id \
             and r.case_id = c.id where c.customer_id = v.customer_id and c.closed_on is null \
             and r.expected_fen is not null)",
            args![],
        );
        let tail = format!("order by v.customer_id limit {limit}");
        let rows = tx.fetch_all(w.select("select distinct v.customer_id from loan_view v", &tail), w.args()).await?;
        for row in &rows {
            found.insert(row.get::<CustomerId>("customer_id")?);
        }
    }
    Ok(found.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
}

/// Expected loss and exposure of the open cases of a scope, as each was rated last.
///
/// Plan: the open cases, and for each its last rating by `overdue_rating_of_case`.
///
/// # Errors
/// The store's.
pub async fn expected_of(tx: &mut Tx, scope: DataScope) -> Result<(Fen, Fen), StoreError> {
    let mut w = Conditions::new();
    w.and_values("c.closed_on is null", args![]);
    within(&mut w, scope);
    w.and_values(
        "r.id = (select max(l.id) from overdue_rating l where l.customer_id = c.customer_id and l.case_id = c.id)",
        args![],
    );
    let head = "select cast(coalesce(sum(r.expected_fen), 0) as bigint) as expected_fen, \
         cast(coalesce(sum(r.exposure_fen), 0) as bigint) as exposure_fen from collection_case c \
         join overdue_rating r on r.customer_id = c.customer_id and r.case_id = c.id";
    let row = tx.fetch_one(w.select(head, ""), w.args()).await?;
    Ok((row.get("expected_fen")?, row.get("exposure_fen")?))
}

/// The ratings of a case, the one that holds first.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Rating>, StoreError> {
    let rows = tx
        .fetch_all(
            "select r.rating, r.days_overdue, r.overdue_fen, r.left_fen, r.broken, r.cause, r.article, r.words, \
             r.effective_on, r.id, r.expected_fen, r.exposure_fen, coalesce(u.name, '') as by_name from overdue_rating r \
             left join user_view u on u.id = r.recorded_by \
             where r.customer_id = $1 and r.case_id = $2 order by r.id desc limit $3",
            args![case.customer, case.case, LIMIT],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Rating {
                rating: row.get("rating")?,
                known: Known {
                    days: row.get("days_overdue")?,
                    overdue: row.get("overdue_fen")?,
                    left: row.get("left_fen")?,
                    broken: row.get("broken")?,
                    cause: row.get("cause")?,
                },
                article: row.get("article")?,
                words: row.get("words")?,
                on: row.get("effective_on")?,
                by: row.get("by_name")?,
                loss: row.get::<Option<Fen>>("expected_fen")?.zip(row.get::<Option<Fen>>("exposure_fen")?),
                id: row.get("id")?,
            })
        })
        .collect()
}
