//! Tables `financial_statement`, `statement_line`.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::line::{self, Amounts};
use super::model::{NewStatement, Statement, StatementId};

/// The most statements of one file.
const LIMIT: i64 = 200;

/// The statements of a company, the latest first, corrected ones too.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Statement>, StoreError> {
    let lines = tx
        .fetch_all(
            "select statement_id, line, amount_fen from statement_line where customer_id = $1 \
             order by statement_id, line",
            args![customer],
        )
        .await?;
    let mut found = Vec::new();
    for row in tx
        .fetch_all(
            "select id, period_end, months, audited, form, source_note, corrects_id from financial_statement \
             where customer_id = $1 order by period_end desc, id desc limit $2",
            args![customer, LIMIT],
        )
        .await?
    {
        let id: StatementId = row.get("id")?;
        let mut amounts = Amounts::new();
        for line in &lines {
            let name: String = line.get("line")?;
            if let (true, Some(known)) = (line.get::<StatementId>("statement_id")? == id, line::find(&name)) {
                amounts.insert(known.name, line.get("amount_fen")?);
            }
        }
        let content = NewStatement {
            period_end: row.get("period_end")?,
            months: row.get("months")?,
            audited: row.get("audited")?,
            form: row.get("form")?,
            source_note: row.get("source_note")?,
            amounts,
        };
        found.push(Statement { id, content, corrects: row.get("corrects_id")? });
    }
    Ok(found)
}

/// Customers of one statement.
const AT_ONCE: usize = 400;

/// Some lines of the statements over whole years of some companies, by company and year: the latest that was not corrected.
pub(crate) async fn yearly(
    tx: &mut Tx,
    customers: &[CustomerId],
    lines: &[&str],
) -> Result<BTreeMap<(CustomerId, i16), BTreeMap<String, Fen>>, StoreError> {
    let mut found: BTreeMap<(CustomerId, i16), (StatementId, BTreeMap<String, Fen>)> = BTreeMap::new();
    for some in customers.chunks(AT_ONCE) {
        let mut w = Conditions::new();
        w.one_of("s.customer_id", some).one_of("l.line", lines).and_values(
            "s.months = 12 and not exists (select 1 from financial_statement n where n.customer_id = s.customer_id \
             and n.corrects_id = s.id)",
            args![],
        );
        let head = "select s.customer_id, s.id, s.period_end, l.line, l.amount_fen from financial_statement s \
                    join statement_line l on l.customer_id = s.customer_id and l.statement_id = s.id";
        for row in tx.fetch_all(w.select(head, "order by s.customer_id, s.id"), w.args()).await? {
            let (id, end): (StatementId, Date) = (row.get("id")?, row.get("period_end")?);
            let one = found.entry((row.get("customer_id")?, end.year())).or_insert((id, BTreeMap::new()));
            // Of several of one year the one entered last holds.
            if one.0 != id {
                *one = (id, BTreeMap::new());
            }
            one.1.insert(row.get("line")?, row.get("amount_fen")?);
        }
    }
    Ok(found.into_iter().map(|(key, (_, amounts))| (key, amounts)).collect())
}

pub(super) async fn insert(work: &mut Work, customer: CustomerId, one: &Statement) -> Result<(), StoreError> {
    let new = &one.content;
    let (now, by) = (work.now, work.actor.recorded_by());
    let (source, detail) = (work.actor.origin.as_str(), work.actor.origin.detail());
    work.tx
        .execute(
            "insert into financial_statement (customer_id, id, period_end, months, audited, form, source_note, \
             corrects_id, recorded_at, recorded_by, source, source_detail) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                customer,
                one.id,
                new.period_end,
                new.months,
                new.audited,
                new.form,
                new.source_note.trim(),
                one.corrects,
                now,
                by,
                source,
                detail
            ],
        )
        .await?;
    let rows = new.amounts.iter().map(|(line, amount)| args![customer, one.id, *line, *amount]).collect();
    let head = "insert into statement_line (customer_id, statement_id, line, amount_fen)";
    work.tx.write_rows(head, "", rows).await.map(drop)
}
