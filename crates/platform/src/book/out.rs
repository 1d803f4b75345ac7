//! The whole book out (整本导出): one picture of the book, sheet by sheet, in constant memory.

use std::collections::HashMap;
use std::io::Write;

use jiff::civil::Date;

use super::cell::Out;
use super::manifest::Manifest;
use super::people::People;
use super::sheet::{Cell, Column, Fields, Recorded, Sheet};
use super::writing::{self, EXCEL_ROWS, Told, WritingError};
use super::{Progress, Tell, sheets_of};
use crate::audit::Entry;
use crate::db::{AssertSqlSafe, Row, Value};
use crate::error::{ActionError, FieldError, Refused};
use crate::work::Work;

/// Rows read at a time.
const READ_ROWS: i64 = 2_000;
/// The first day that a spreadsheet can hold without doubt.
const FIRST_DAY: Date = jiff::civil::date(1900, 3, 1);

/// The largest whole number that a spreadsheet keeps exactly.
const EXACT: u64 = 1 << 53;

/// How a book is to go out (导出方式).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Personal data in clear: only such a workbook can come in again.
    pub clear: bool,
    /// Why.
    pub reason: String,
    /// Rows of a tab at most.
    pub tab_rows: u32,
}

impl Wanted {
    /// Under Excel's limit.
    #[must_use]
    pub fn new(clear: bool, reason: &str) -> Self {
        Self { clear, reason: reason.trim().to_owned(), tab_rows: EXCEL_ROWS }
    }
}

/// Checks the person and the reason, and notes in the audit trail that a book goes out.
///
/// # Errors
/// No permission; no reason.
pub async fn ask(work: &mut Work, wanted: &Wanted) -> Result<(), ActionError> {
    work.authorise(super::EXPORT)?;
    if wanted.clear {
        work.authorise(super::EXPORT_CLEAR)?;
    }
    if wanted.reason.is_empty() {
        return Err(Refused::form(vec![FieldError::new("reason", "reason-empty")]).into());
    }
    let after = serde_json::json!({ "personal_data": if wanted.clear { "clear" } else { "masked" } });
    work.audit(Entry::new(None, "book.export", "book").after(after).reason(wanted.reason.clone())).await?;
    Ok(())
}

/// Writes the whole book; `work` is one reading transaction, and thereby one picture.
///
/// # Errors
/// The store's; the workbook cannot be written.
pub async fn write(
    work: &mut Work,
    wanted: &Wanted,
    to: impl Write + Send + 'static,
    tell: Tell<'_>,
) -> Result<Manifest, ActionError> {
    let mut head = Manifest::begin(&mut work.tx, wanted.clear, &wanted.reason).await?;
    let people = People::load(&mut work.tx).await?;
    head.made_at = work.now;
    head.made_by = people.login(work.actor.recorded_by());
    let (send, thread) = writing::start(to, wanted.tab_rows);
    let mut going = Going { people, clear: wanted.clear, persons: HashMap::new(), numbers: HashMap::new() };
    let sent = send_all(work, &mut going, &send, tell).await;
    if sent.is_ok() {
        // A thread that stopped says why below.
        let _ = send.send(Told::End(Box::new(head))).await;
    }
    drop(send);
    tell(&Progress { phase: "packing", sheet: "", done: 0, expected: 0 });
    let written = thread.await.map_err(|error| ActionError::Internal(error.to_string()))?;
    match (sent, written) {
        (Err(error), _) => Err(error),
        (Ok(()), Err(WritingError::BrokenOff)) => Err(ActionError::Internal("a workbook was broken off".to_owned())),
        (Ok(()), Err(error)) => Err(cannot_write(&error.to_string())),
        (Ok(()), Ok(manifest)) => Ok(manifest),
    }
}

fn cannot_write(why: &str) -> ActionError {
    tracing::error!(why, "a workbook cannot be written");
    Refused::new(crate::error::RefusalKind::Conflict, "book-cannot-write").into()
}

/// What is known on the way.
struct Going {
    people: People,
    clear: bool,
    /// The first row that is this human being.
    persons: HashMap<i64, i64>,
    /// The first contact point with this number.
    numbers: HashMap<String, i64>,
}

async fn send_all(
    work: &mut Work,
    going: &mut Going,
    send: &tokio::sync::mpsc::Sender<Told>,
    tell: Tell<'_>,
) -> Result<(), ActionError> {
    for sheet in sheets_of(&work.app) {
        let reading = Reading::of(&sheet, going.clear);
        let expected = reading.count(work).await?;
        if send.send(Told::Begin(Box::new(sheet.clone()))).await.is_err() {
            return Ok(());
        }
        let (mut done, mut after) = (0_u64, None);
        loop {
            let rows = reading.behind(work, after.as_deref()).await?;
            let Some(last) = rows.last() else { break };
            after = Some(reading.key(last)?);
            let full = i64::try_from(rows.len()).is_ok_and(|n| n == READ_ROWS);
            done += rows.len() as u64;
            let out = rows.iter().map(|row| going.row(work, &sheet, row)).collect::<Result<Vec<_>, _>>()?;
            if send.send(Told::Rows(out)).await.is_err() {
                return Ok(());
            }
            tell(&Progress { phase: "out", sheet: sheet.title, done, expected });
            if !full {
                break;
            }
        }
    }
    Ok(())
}

/// The statement by which a sheet is read.
pub(super) struct Reading<'a> {
    sheet: &'a Sheet,
    fields: Vec<&'static str>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(sheet: &'a Sheet, clear: bool) -> Self {
        let mut fields: Vec<&'static str> = match &sheet.drawn {
            Some(drawn) => drawn.also.to_vec(),
            None => Vec::new(),
        };
        if sheet.drawn.is_none() {
            for column in &sheet.columns {
                match column.cell {
                    Cell::Sealed(sealing) => {
                        fields.push(sealing.masked());
                        fields.extend(clear.then_some(column.field));
                        fields.extend(sealing.index().filter(|_| sealing.is_number()));
                    }
                    _ => fields.push(column.field),
                }
            }
            let recorded: &[&str] = match sheet.recorded {
                Recorded::Not => &[],
                Recorded::Bare => &["recorded_at", "recorded_by", "book_origin"],
                Recorded::Full => &["recorded_at", "recorded_by", "source", "source_detail", "book_origin"],
            };
            fields.extend(recorded);
        }
        for field in sheet.order {
            if !fields.contains(field) {
                fields.push(field);
            }
        }
        Self { sheet, fields }
    }

    /// All texts are the capabilities' own constants.
    fn only(&self) -> String {
        if self.sheet.only.is_empty() { String::new() } else { format!("({})", self.sheet.only) }
    }

    pub(super) async fn count(&self, work: &mut Work) -> Result<u64, ActionError> {
        let only = self.only();
        let only = if only.is_empty() { only } else { format!(" where {only}") };
        let sql = format!("select count(*) as n from {}{only}", self.sheet.table);
        Ok(work.tx.fetch_one(AssertSqlSafe(sql), Vec::new()).await?.get::<i64>("n")?.unsigned_abs())
    }

    /// The rows behind a key, in the order of their keys.
    pub(super) async fn behind(&self, work: &mut Work, after: Option<&[Value]>) -> Result<Vec<Row>, ActionError> {
        let order = self.sheet.order.join(", ");
        let mut values = after.map(<[Value]>::to_vec).unwrap_or_default();
        let mut conditions = vec![self.only()];
        if after.is_some() {
            let places: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
            conditions.push(format!("({order}) > ({})", places.join(", ")));
        }
        conditions.retain(|one| !one.is_empty());
        let only = if conditions.is_empty() { String::new() } else { format!(" where {}", conditions.join(" and ")) };
        values.push(Value::Int(READ_ROWS));
        let (fields, table, limit) = (self.fields.join(", "), self.sheet.table, values.len());
        let sql = format!("select {fields} from {table}{only} order by {order} limit ${limit}");
        Ok(work.tx.fetch_all(AssertSqlSafe(sql), values).await?)
    }

    pub(super) fn key(&self, row: &Row) -> Result<Vec<Value>, ActionError> {
        let value = |field: &&str| value_of(row, field);
        self.sheet.order.iter().map(value).collect()
    }
}

/// A value as the database gave it.
fn value_of(row: &Row, field: &str) -> Result<Value, ActionError> {
    let place = row.columns().iter().position(|name| name == field);
    let value = place.and_then(|place| row.values().get(place)).cloned();
    value.ok_or_else(|| ActionError::Internal(format!("the book has no field {field}")))
}

impl Going {
    fn row(&mut self, work: &Work, sheet: &Sheet, row: &Row) -> Result<Vec<Out>, ActionError> {
        if let Some(drawn) = &sheet.drawn {
            return derived(sheet, drawn, row, work.business_date, &self.people);
        }
        let names: Vec<&'static str> = sheet.columns.iter().map(|column| column.field).collect();
        let mut values = Vec::with_capacity(names.len());
        for column in &sheet.columns {
            let field = match column.cell {
                Cell::Sealed(sealing) if !self.clear => sealing.masked(),
                _ => column.field,
            };
            values.push(value_of(row, field)?);
        }
        let fields = Fields::new(&names, &values);
        let mut out = Vec::with_capacity(values.len() + 4);
        for (column, value) in sheet.columns.iter().zip(&values) {
            if let Cell::Person(own) = column.cell {
                self.persons.entry(fields.int(column.field)).or_insert_with(|| fields.int(own));
                continue;
            }
            if let Cell::Sealed(sealing) = column.cell {
                out.push(self.sealed(work, column, sealing, &fields, row)?);
                continue;
            }
            out.push(self.value(column, value, &fields)?);
        }
        self.recorded(sheet, row, &mut out)?;
        Ok(out)
    }

    fn sealed(
        &mut self,
        work: &Work,
        column: &Column,
        sealing: &dyn super::seal::Sealing,
        fields: &Fields<'_>,
        row: &Row,
    ) -> Result<Out, ActionError> {
        if let Some(index) = sealing.index().filter(|_| sealing.is_number())
            && let Value::Text(index) = value_of(row, index)?
        {
            self.numbers.entry(index).or_insert_with(|| fields.int("id"));
        }
        Ok(match (self.clear, value_of(row, if self.clear { column.field } else { sealing.masked() })?) {
            (true, Value::Bytes(sealed)) => Out::Text(sealing.open(work.app.vault()?, fields, sealed)?),
            (false, Value::Text(masked)) if !masked.is_empty() => Out::Text(masked),
            _ => Out::Empty,
        })
    }

    fn value(&self, column: &Column, value: &Value, fields: &Fields<'_>) -> Result<Out, ActionError> {
        let out = match (column.cell, value) {
            (Cell::PersonRef, Value::Int(person)) => match self.persons.get(person) {
                Some(own) => Out::Text(own.to_string()),
                None => Out::Text(format!("#{person}")),
            },
            (Cell::NumberRef, Value::Text(index)) if !index.is_empty() => match self.numbers.get(index) {
                Some(id) => Out::Text(id.to_string()),
                None => Out::Text(format!("#{index}")),
            },
            _ => return plain(column, value, fields, &self.people),
        };
        Ok(out)
    }

    /// Who recorded the row, and when: what stood in the file that it came from, where it came from one.
    fn recorded(&self, sheet: &Sheet, row: &Row, out: &mut Vec<Out>) -> Result<(), ActionError> {
        if sheet.recorded == Recorded::Not {
            return Ok(());
        }
        let text = |field| -> Result<String, ActionError> {
            Ok(match value_of(row, field)? {
                Value::Text(text) => text,
                _ => String::new(),
            })
        };
        let full = sheet.recorded == Recorded::Full;
        let origin: Option<Vec<String>> = match value_of(row, "book_origin")? {
            Value::Text(text) => serde_json::from_str(&text).ok(),
            _ => None,
        };
        let parts = match origin {
            Some(parts) => parts,
            None => {
                let by: i64 = row.get("recorded_by")?;
                let mut parts = vec![text("recorded_at")?, self.people.login(by)];
                if full {
                    parts.extend([text("source")?, text("source_detail")?]);
                }
                parts
            }
        };
        let wanted = if full { 4 } else { 2 };
        out.extend((0..wanted).map(|at| Out::Text(parts.get(at).cloned().unwrap_or_default())));
        Ok(())
    }
}

/// The cells of a derived row.
pub(super) fn derived(
    sheet: &Sheet,
    drawn: &super::sheet::Drawn,
    row: &Row,
    on: Date,
    people: &People,
) -> Result<Vec<Out>, ActionError> {
    let names: Vec<&'static str> = sheet.columns.iter().map(|column| column.field).collect();
    let values = (drawn.with)(row, on)?;
    let fields = Fields::new(&names, &values);
    sheet.columns.iter().zip(&values).map(|(column, value)| plain(column, value, &fields, people)).collect()
}

/// A value that needs nothing but the names of people.
fn plain(column: &Column, value: &Value, fields: &Fields<'_>, people: &People) -> Result<Out, ActionError> {
    let corrupt = || ActionError::Internal(format!("{} cannot go out: {}", column.field, value.describe()));
    Ok(match (column.cell, value) {
        (_, Value::Null(_)) => Out::Empty,
        (Cell::Id | Cell::Ref(_) | Cell::PersonRef, Value::Int(id)) => Out::Text(id.to_string()),
        (Cell::Money, Value::Int(fen)) => Out::Money(*fen),
        (Cell::Rate, Value::Int(e9)) => Out::Rate(*e9),
        // A larger one would lose its last digits on the way.
        (Cell::Count, Value::Int(count)) if count.unsigned_abs() <= EXACT => Out::Count(*count),
        (Cell::Flag, Value::Int(flag)) => Out::Text(if *flag == 1 { YES } else { NO }.to_owned()),
        (Cell::User, Value::Int(user)) => Out::Text(people.login(*user)),
        (Cell::Branch, Value::Int(branch)) => Out::Text(people.branch_name(*branch).ok_or_else(corrupt)?.to_owned()),
        (Cell::Team, Value::Int(team)) => Out::Text(people.team_name(*team).ok_or_else(corrupt)?.to_owned()),
        (Cell::Date, Value::Text(date)) => {
            let date: Date = date.parse().map_err(|_| corrupt())?;
            if date < FIRST_DAY { Out::Text(date.to_string()) } else { Out::Date(date) }
        }
        (Cell::Users, Value::Text(keys)) => Out::Text(people.logins(keys)),
        (Cell::UserWhere(field, is), Value::Text(text)) if fields.text(field) == is => {
            Out::Text(text.parse().map_or_else(|_| text.clone(), |id| people.login(id)))
        }
        (Cell::Text | Cell::Moment | Cell::UserWhere(..) | Cell::NumberRef, Value::Text(text)) => {
            Out::Text(text.clone())
        }
        _ => return Err(corrupt()),
    })
}

/// How yes and no read.
pub(super) const YES: &str = "是";
/// See [`YES`].
pub(super) const NO: &str = "否";
