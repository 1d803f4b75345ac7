//! The rebuilder of `loan_total` and `loan_total_change`: day by day from the history as it was known when the day
//! ended, and the day under way from the positions as they are kept; with it the sums by day of money received and of
//! maturities.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use platform::db::{Row, Value};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::rebuild::{Difference, Mode, RebuildBatch, Rebuilder};
use platform::work::Work;

use crate::day_close::totals::STEP;
use crate::position::store::names;
use crate::total::dated;
use crate::total::store::{self, TOTAL_KEYS, TOTAL_SUMS};

/// 日终汇总.
#[derive(Debug, Clone, Copy)]
pub struct Totals;

impl Rebuilder for Totals {
    fn name(&self) -> &'static str {
        "totals"
    }

    fn order(&self) -> i32 {
        200
    }

    fn expected<'a>(&'a self, work: &'a mut Work) -> BoxFuture<'a, Result<u64, ActionError>> {
        Box::pin(async move { Ok(ended(work).await?.len() as u64 + 1) })
    }

    /// A batch is a day, one pass over the history each; the last is the day under way.
    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        after: i64,
        mode: Mode,
    ) -> BoxFuture<'a, Result<RebuildBatch, ActionError>> {
        Box::pin(async move {
            let days = ended(work).await?;
            let place = usize::try_from(after.saturating_add(1)).unwrap_or(0);
            let differences = match days.get(place) {
                Some((day, known_at)) => one(work, *day, *known_at, mode).await?,
                None => under_way(work, days.last().map(|(day, _)| *day), mode).await?,
            };
            let last = (place < days.len()).then_some(after + 1);
            Ok(RebuildBatch { last, considered: 1, unjudged: 0, differences })
        })
    }
}

/// The days whose totals were written, oldest first, with the moment at which people were moved on from each.
async fn ended(work: &mut Work) -> Result<Vec<(Date, Timestamp)>, ActionError> {
    Ok(platform::close::store::ended(&mut work.tx, STEP).await?)
}

/// Sums by key, in the order of the keys; without those that are nothing.
type Sums = BTreeMap<Vec<String>, (Vec<Value>, Vec<i64>)>;

fn sums_of(rows: &[Row]) -> Sums {
    sums_by(rows, TOTAL_KEYS)
}

fn sums_by(rows: &[Row], keys: &'static str) -> Sums {
    let width = names(keys).len();
    let mut all = Sums::new();
    for row in rows {
        let (keys, sums) = row.values().split_at(width);
        let text = keys.iter().map(part).collect();
        let sums = sums.iter().map(|value| if let Value::Int(i) = value { *i } else { 0 }).collect();
        all.insert(text, (keys.to_vec(), sums));
    }
    all.retain(|_, (_, sums)| sums.iter().any(|sum| *sum != 0));
    all
}

fn part(value: &Value) -> String {
    match value {
        Value::Int(i) => i.to_string(),
        Value::Text(text) => text.clone(),
        Value::Null(_) | Value::Bytes(_) => value.describe(),
    }
}

/// `to` less `from`.
fn less(to: &Sums, from: &Sums) -> Sums {
    let mut all = to.clone();
    for (key, (values, sums)) in from {
        let entry = all.entry(key.clone()).or_insert_with(|| (values.clone(), vec![0; sums.len()]));
        for (left, right) in entry.1.iter_mut().zip(sums) {
            *left = left.saturating_sub(*right);
        }
    }
    all.retain(|_, (_, sums)| sums.iter().any(|sum| *sum != 0));
    all
}

fn rows_of(sums: &Sums) -> Vec<Vec<Value>> {
    let row = |(keys, sums): &(Vec<Value>, Vec<i64>)| {
        keys.iter().cloned().chain(sums.iter().map(|sum| Value::Int(*sum))).collect()
    };
    sums.values().map(row).collect()
}

fn compare(table: &'static str, day: Date, kept: &Sums, computed: &Sums) -> Vec<Difference> {
    compare_by(table, (&format!("{day} "), TOTAL_SUMS), kept, computed)
}

fn compare_by(
    table: &'static str,
    (place, sums): (&str, &'static str),
    kept: &Sums,
    computed: &Sums,
) -> Vec<Difference> {
    let columns = names(sums);
    let as_values = |sums: &[i64]| sums.iter().map(|sum| Value::Int(*sum)).collect::<Vec<_>>();
    let name = |key: &[String]| format!("{place}{}", key.join(" "));
    let mut found = Vec::new();
    for (key, (_, sums)) in kept {
        match computed.get(key) {
            Some((_, other)) => {
                let (kept, computed) = (as_values(sums), as_values(other));
                found.extend(Difference::between(table, &name(key), &columns, &kept, &computed));
            }
            None => found.push(Difference::surplus(table, name(key))),
        }
    }
    let missing = computed.keys().filter(|key| !kept.contains_key(*key));
    found.extend(missing.map(|key| Difference::missing(table, name(key))));
    found
}

/// A day that ended: its totals, and what it changed.
async fn one(work: &mut Work, day: Date, known_at: Timestamp, mode: Mode) -> Result<Vec<Difference>, ActionError> {
    let summed = sums_of(&store::summed(&mut work.tx, day, known_at).await?);
    let kept = sums_of(&store::kept(&mut work.tx, day).await?);
    let mut found = compare("loan_total", day, &kept, &summed);
    if mode == Mode::Write {
        if found.is_empty() {
            store::seal(&mut work.tx, day).await?;
        } else {
            store::replace(&mut work.tx, day, rows_of(&summed)).await?;
        }
    }
    let before = day.yesterday().unwrap_or(day);
    // The totals of the day before were compared with the history in the batch before.
    let changed = less(&summed, &sums_of(&store::kept(&mut work.tx, before).await?));
    let noted = sums_of(&store::noted(&mut work.tx, before, day).await?);
    let more = compare("loan_total_change", day, &noted, &changed);
    if !more.is_empty() && mode == Mode::Write {
        store::replace_noted(&mut work.tx, before, day, rows_of(&changed)).await?;
    }
    found.extend(more);
    Ok(found)
}

/// The day under way, and one whose close is not through: what was noted since leads to the positions of now.
async fn under_way(work: &mut Work, last: Option<Date>, mode: Mode) -> Result<Vec<Difference>, ActionError> {
    let today = work.business_date;
    let last = last.unwrap_or(Date::MIN);
    let present = sums_of(&store::present(&mut work.tx).await?);
    let changed = less(&present, &sums_of(&store::kept(&mut work.tx, last).await?));
    let noted = sums_of(&store::noted(&mut work.tx, last, today).await?);
    let mut found = compare("loan_total_change", today, &noted, &changed);
    if !found.is_empty() && mode == Mode::Write {
        store::replace_noted(&mut work.tx, last, today, rows_of(&changed)).await?;
    }
    found.extend(by_day(work, mode).await?);
    Ok(found)
}

/// The sums by day of money received and of maturities.
async fn by_day(work: &mut Work, mode: Mode) -> Result<Vec<Difference>, ActionError> {
    let mut all = Vec::new();
    for one in dated::KEPT {
        let kept = sums_by(&one.kept(&mut work.tx).await?, one.keys);
        let computed = sums_by(&one.computed(&mut work.tx).await?, one.keys);
        let found = compare_by(one.table, ("", one.sums), &kept, &computed);
        if !found.is_empty() && mode == Mode::Write {
            one.replace(&mut work.tx, rows_of(&computed)).await?;
        }
        all.extend(found);
    }
    Ok(all)
}
