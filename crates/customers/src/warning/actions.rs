//! Use case: a sheet of warning data is entered (S3-09).

use jiff::civil::Date;
use platform::audit::Entry;
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::Value;
use serde_json::json;

use super::model::{Item, NewSheet, Said, WarningSheetId};
use super::{policy as items_of, rules, store, wake};
use crate::care::RECORD;
use crate::customer::model::Customer;
use crate::datum::facts;
use crate::merge::open_file;
use crate::sorting::industry;

/// The item beside which the sheet of the industry stands.
const INDUSTRY: &str = "industry_code";

/// What the book knows of each item of a customer: the fact, and for the industry its sheet.
///
/// # Errors
/// The store's, and those of the capabilities that tell.
pub async fn known(
    work: &mut Work,
    customer: &Customer,
    (policy, items): (&InForce, &[Item]),
    on: Date,
) -> Result<Vec<(Item, Option<Value>, Option<industry::Sheet>)>, ActionError> {
    let told = facts::known(work, customer, policy, on).await?.facts;
    let mut found = Vec::new();
    for item in items {
        let value = told.get(&item.fact).cloned();
        let code = value.as_ref().and_then(Value::as_text).filter(|_| item.fact == INDUSTRY);
        let sheet = match code {
            Some(code) => industry::latest(&mut work.tx, code, on).await?,
            None => None,
        };
        found.push((item.clone(), value, sheet));
    }
    Ok(found)
}

/// Enters a sheet; this closes the duty to collect. What the book knew of each item is kept beside it.
///
/// # Errors
/// Not within scope; all that is wrong at once.
pub async fn enter(work: &mut Work, id: CustomerId, new: &NewSheet) -> Result<WarningSheetId, ActionError> {
    let customer = open_file(work, id, RECORD).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let items = items_of::items(&policy, today, customer.kind)?;
    let wrong = rules::check(new, &items, today);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE_SHEET, None).into());
    }
    let said = known(work, &customer, (&policy, &items), today).await?.into_iter().map(|(item, value, _)| {
        let text = new.items.iter().find(|(name, _)| *name == item.name).map(|(_, text)| text.trim().to_owned());
        let known = value.map(|value| value.to_text()).unwrap_or_default();
        Said { item: item.name, known, text: text.unwrap_or_default() }
    });
    let said: Vec<Said> = said.collect();
    let key = store::insert(work, id, (new, &said)).await?;
    let subject = format!("warning_sheet:{id}:{key}");
    let state = json!({"kind": new.sign.as_str(), "on": new.on, "items": said.len()});
    work.audit(Entry::new(Some(id), "warning.collect", subject.clone()).after(state)).await?;
    wake::settled(work, &customer, subject).await?;
    Ok(key)
}
