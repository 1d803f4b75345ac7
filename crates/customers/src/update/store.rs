//! Tables `update_report`, `update_report_line`, and what `customer_known` says of days.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::work::Work;

use super::model::{Answer, Line, Overdue, UpdateReport, UpdateReportId};

/// The most lines of a report that are read at once.
pub(super) const MOST_LINES: i64 = 20_000;

const COLUMNS: &str = "select r.id, r.branch_id, r.as_of, r.customers, r.oldest_on, r.measures, r.answered_on, \
     r.answered_by, r.version from update_report r";

fn decode(row: &Row) -> Result<UpdateReport, StoreError> {
    let answered: Option<(Date, platform::id::UserId)> =
        row.get::<Option<Date>>("answered_on")?.zip(row.get("answered_by")?);
    let measures: String = row.get("measures")?;
    Ok(UpdateReport {
        id: row.get("id")?,
        branch: row.get("branch_id")?,
        as_of: row.get("as_of")?,
        customers: row.get("customers")?,
        oldest_on: row.get("oldest_on")?,
        answer: answered.map(|(on, by)| Answer { measures, on, by }),
        version: row.get("version")?,
    })
}

/// Whose data were due on a day or before, branch by branch, the oldest first.
pub(super) async fn overdue(tx: &mut Tx, since: Date) -> Result<Vec<Overdue>, StoreError> {
    let sql = "select k.customer_id, c.branch_id, c.manager_id, k.verify_by from customer_known k \
               join customer c on c.customer_id = k.customer_id \
               where k.verify_by <= $1 and c.state = 'active' order by c.branch_id, k.verify_by, k.customer_id";
    let one = |row: &Row| -> Result<Overdue, StoreError> {
        Ok(Overdue {
            customer: row.get("customer_id")?,
            branch: row.get("branch_id")?,
            manager: row.get("manager_id")?,
            verify_by: row.get("verify_by")?,
        })
    };
    tx.fetch_all(sql, args![since]).await?.iter().map(one).collect()
}

/// The day of the latest report.
pub(super) async fn last(tx: &mut Tx) -> Result<Option<Date>, StoreError> {
    let row = tx.fetch_optional("select as_of from update_report order by as_of desc limit 1", args![]).await?;
    row.map(|row| row.get("as_of")).transpose()
}

/// Writes a report with its lines.
pub(super) async fn insert(work: &mut Work, one: &UpdateReport, lines: &[Overdue]) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into update_report (id, branch_id, as_of, customers, oldest_on, measures, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![one.id, one.branch, one.as_of, one.customers, one.oldest_on, "", work.business_date, now, by],
        )
        .await?;
    let on = work.business_date;
    let rows = lines.iter();
    let rows = rows
        .map(|line| args![line.customer, work.next_id(), one.id, line.manager, line.verify_by, on, now, by])
        .collect();
    let head = "insert into update_report_line (customer_id, id, report_id, manager_id, verify_by, effective_on, \
                recorded_at, recorded_by)";
    work.tx.write_rows(head, "", rows).await.map(drop)
}

/// One report.
pub async fn find(tx: &mut Tx, id: UpdateReportId) -> Result<Option<UpdateReport>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// Notes the answer to a report; whoever comes second is refused.
pub(super) async fn answer(tx: &mut Tx, one: &UpdateReport, said: &Answer) -> Result<(), StoreError> {
    tx.execute_one(
        "update update_report set measures = $1, answered_on = $2, answered_by = $3, version = version + 1 \
         where id = $4 and version = $5 and answered_on is null",
        args![said.measures.trim(), said.on, said.by, one.id, one.version],
    )
    .await
}

/// How many customers each manager has in a report, the most first.
pub(super) async fn by_manager(tx: &mut Tx, id: UpdateReportId) -> Result<Vec<(String, i64, Date)>, StoreError> {
    let sql = "select l.manager_id, coalesce(u.name, '') as manager, l.verify_by from update_report_line l \
               left join user_view u on u.id = l.manager_id where l.report_id = $1 \
               order by l.verify_by, l.customer_id";
    let mut found: BTreeMap<i64, (String, i64, Date)> = BTreeMap::new();
    for row in tx.fetch_all(sql, args![id]).await? {
        let (name, verify_by): (String, Date) = (row.get("manager")?, row.get("verify_by")?);
        let one = found.entry(row.get("manager_id")?).or_insert((name, 0, verify_by));
        one.1 += 1;
        one.2 = one.2.min(verify_by);
    }
    let mut all: Vec<_> = found.into_values().collect();
    all.sort_by_key(|(_, count, oldest)| (std::cmp::Reverse(*count), *oldest));
    Ok(all)
}

/// The customers of a report, those due longest first.
pub(super) async fn lines(tx: &mut Tx, id: UpdateReportId, most: i64) -> Result<Vec<Line>, StoreError> {
    let sql = "select l.customer_id, c.number, c.name, coalesce(u.name, '') as manager, l.verify_by \
               from update_report_line l join customer c on c.customer_id = l.customer_id \
               left join user_view u on u.id = l.manager_id where l.report_id = $1 and c.state = 'active' \
               order by l.verify_by, l.customer_id limit $2";
    let one = |row: &Row| -> Result<Line, StoreError> {
        Ok(Line {
            customer: row.get("customer_id")?,
            number: row.get("number")?,
            name: row.get("name")?,
            manager: row.get("manager")?,
            verify_by: row.get("verify_by")?,
        })
    };
    tx.fetch_all(sql, args![id, most]).await?.iter().map(one).collect()
}
