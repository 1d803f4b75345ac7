//! What the policy says about the list: its items and their industries, and what a subsidiary must meet.

use jiff::civil::Date;
use platform::error::ActionError;
use platform::policies::{InForce, PolicyError};
use policy::{Facts, Value};

use super::error::PremiumError;
use super::model::{Content, Item, Role};
use crate::customer::model::CustomerKind;
use crate::policy_list;

/// The decision that says what counts.
pub(crate) const DECISION: &str = "premium_enterprise";

/// The items with their industries (rule `premium.items`, S5.8-08); a pack without the table has none.
///
/// # Errors
/// The decision cannot be made.
pub fn items(rules: &InForce, on: Date) -> Result<Vec<Item>, ActionError> {
    policy_list::rows(rules, on, ("premium_item", CustomerKind::Person), |row| {
        Some(Item {
            name: row.value("premium_item")?.as_text()?.to_owned(),
            industry: row.value("premium_industry")?.as_text()?.to_owned(),
            role: Role::parse(row.value("premium_role")?.as_text()?)?,
        })
    })
}

/// The facts that an entry tells about whoever works there.
#[must_use]
pub(crate) fn facts(content: &Content) -> Vec<(&'static str, Value)> {
    let mut told = vec![("premium_list_item", Value::from(content.item.as_str()))];
    if let Some(board) = &content.board {
        told.push(("listed_board", Value::from(board.as_str())));
    }
    told.extend(content.good_years.map(|years| ("good_profit_years", Value::Integer(years))));
    told.extend(content.parent_share_ppm.map(|share| ("parent_share_ppm", Value::Integer(share))));
    told
}

/// Refuses an entry that the policy would not count: board, years of profit, share of the parent (rule
/// `premium.subsidiary`, S5.8-08).
///
/// # Errors
/// [`PremiumError::Conditions`] with the article; the decision cannot be made.
pub(crate) fn check_counts(rules: &InForce, on: Date, content: &Content) -> Result<(), ActionError> {
    let facts: Facts = facts(content).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let found = rules.edition(on).decide(DECISION, &facts).map_err(PolicyError::from)?;
    if found.text(DECISION) == Some("yes") {
        return Ok(());
    }
    let article = found.articles.first().map(|id| rules.article_title(id, false));
    Err(PremiumError::Conditions { article }.into())
}
