//! Duties a month under the rules now and under a draft, where a duty rule changed.

use jiff::ToSpan as _;
use policy::{DutyRule, Edition};

use super::report::DutyEffect;
use crate::args;
use crate::db::StoreError;
use crate::work::Work;

/// How many days of the past stand for a month.
const MONTH: i32 = 30;

/// Duties that the rules opened in the last 30 days, and as many as the draft would have opened in their place: a rule
/// with more lead times opens more, one that is gone opens none, a new one as many as its trigger brings.
pub(super) async fn duties(work: &mut Work, old: &Edition, new: &Edition) -> Result<Vec<DutyEffect>, StoreError> {
    let changed: Vec<(Option<&DutyRule>, Option<&DutyRule>)> = pairs(old, new);
    let mut found = Vec::new();
    for (before, after) in changed {
        let Some(known) = after.or(before) else { continue };
        let from = match before {
            Some(rule) => opened(work, &rule.rule).await?,
            None => 0,
        };
        let each = |rule: &DutyRule| i64::try_from(rule.due.amounts.len()).unwrap_or(1);
        let to = match (before, after) {
            (_, None) => 0,
            (Some(before), Some(after)) => from * each(after) / each(before).max(1),
            (None, Some(after)) => {
                // Another rule of the same event tells how often it comes.
                let alike = old.duties().find(|rule| rule.trigger == after.trigger);
                match alike {
                    Some(alike) => opened(work, &alike.rule).await? * each(after) / each(alike).max(1),
                    None => 0,
                }
            }
        };
        let title = (known.title.zh.clone(), known.title.in_language(true).to_owned());
        found.push(DutyEffect { rule: known.rule.clone(), title, from, to });
    }
    Ok(found)
}

/// The rules whose number of duties may differ.
fn pairs<'a>(old: &'a Edition, new: &'a Edition) -> Vec<(Option<&'a DutyRule>, Option<&'a DutyRule>)> {
    let by_id = |edition: &'a Edition, id: &str| edition.duties().find(|rule| rule.id == id);
    let mut found: Vec<_> = old
        .duties()
        .map(|rule| (Some(rule), by_id(new, &rule.id)))
        .filter(|(before, after)| match (before, after) {
            (Some(before), Some(after)) => before.due != after.due || before.opens != after.opens,
            _ => true,
        })
        .collect();
    found.extend(new.duties().filter(|rule| by_id(old, &rule.id).is_none()).map(|rule| (None, Some(rule))));
    found
}

/// The duties of a rule opened in the last month; of a bulk duty its members.
async fn opened(work: &mut Work, rule: &str) -> Result<i64, StoreError> {
    let since = work.business_date.checked_sub(MONTH.days()).unwrap_or(work.business_date);
    let row = work
        .tx
        .fetch_one(
            "select cast(coalesce(sum(case when members > 0 then members else 1 end), 0) as bigint) as n from duty \
             where rule = $1 and opened_on > $2",
            args![rule, since],
        )
        .await?;
    row.get("n")
}
