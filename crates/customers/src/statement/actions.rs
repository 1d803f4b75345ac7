//! Use cases of financial statements: entering one.

use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::work::Work;
use serde_json::json;

use super::line::{self, Unbalanced};
use super::model::{NewStatement, Statement, StatementId, counting};
use super::store;
use crate::EDIT;
use crate::customer::model::CustomerKind;
use crate::datum::rules::check_text;
use crate::error::CustomerError;
use crate::merge::open_file;
use crate::standing;

/// Enters a statement of a company; one of the same period corrects the one before. Classes and grades follow.
///
/// # Errors
/// Not within scope; a person has none; every line that does not add up, with what it should be (`statement.balance`).
pub async fn enter(work: &mut Work, id: CustomerId, new: &NewStatement) -> Result<StatementId, ActionError> {
    let customer = open_file(work, id, EDIT).await?;
    let today = work.business_date;
    if customer.kind != CustomerKind::Company {
        return Err(CustomerError::NoSuchPart("statement").into());
    }
    let mut wrong = Vec::new();
    if new.period_end > today {
        wrong.push(FieldError::new("period_end", "date-in-future"));
    }
    if !(1..=12).contains(&new.months) {
        wrong.push(FieldError::new("months", "statement-months"));
    }
    wrong.extend(check_text("source_note", new.source_note.trim()));
    if new.amounts.is_empty() {
        wrong.push(FieldError::new("total_assets", "statement-empty"));
    }
    let amounts = line::complete(&new.amounts).unwrap_or_else(|places| {
        wrong.extend(places.iter().map(unbalanced));
        new.amounts.clone()
    });
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("statement.balance", None).into());
    }
    let all = store::of_customer(&mut work.tx, id).await?;
    let same = |one: &&Statement| (one.content.period_end, one.content.months) == (new.period_end, new.months);
    let corrects = counting(&all).into_iter().find(same).map(|one| one.id);
    let statement =
        Statement { id: StatementId(work.next_id()), content: NewStatement { amounts, ..new.clone() }, corrects };
    store::insert(work, id, &statement).await?;
    let state = json!({"on": new.period_end, "days": new.months, "kind": new.form.as_str(), "audited": new.audited});
    work.audit(Entry::new(Some(id), "statement.enter", format!("statement:{id}:{}", statement.id)).after(state))
        .await?;
    standing::actions::assess(work, &customer, today).await?;
    Ok(statement.id)
}

fn unbalanced(one: &Unbalanced) -> FieldError {
    FieldError::new(one.line.name, "statement-unbalanced")
        .with("stated", platform::locale::money(one.stated))
        .with("computed", platform::locale::money(one.computed))
}
