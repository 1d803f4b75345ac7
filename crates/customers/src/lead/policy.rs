//! What the policy says about leads: channels, grounds, reasons, kinds of partners (制度中的获客规则).

use jiff::civil::Date;
use platform::error::ActionError;
use platform::locale::Lang;
use platform::page::{Choice, Ui};
use platform::policies::{self, InForce, PolicyError};

use super::model::{Channel, ContactGround, Needs};
use crate::customer::model::CustomerKind;
use crate::policy_list;

/// The article behind everything that the house decides about winning customers.
pub(crate) const ARTICLE: &str = "house.acquisition";

/// The channels (rule `lead.channels`, S1-03); a pack without the table has none.
///
/// # Errors
/// The decision cannot be made.
pub fn channels(policy: &InForce, on: Date) -> Result<Vec<Channel>, ActionError> {
    policy_list::rows(policy, on, ("lead_channel", CustomerKind::Person), |row| {
        Some(Channel {
            name: row.value("lead_channel")?.as_text()?.to_owned(),
            needs: Needs::parse(row.value("lead_channel_needs")?.as_text()?)?,
        })
    })
}

/// The grounds on which a lead of this kind is contacted (rule `lead.grounds`).
///
/// # Errors
/// The decision cannot be made.
pub fn grounds(policy: &InForce, on: Date, kind: CustomerKind) -> Result<Vec<ContactGround>, ActionError> {
    policy_list::rows(policy, on, ("lead_ground", kind), |row| {
        Some(ContactGround {
            name: row.value("lead_ground")?.as_text()?.to_owned(),
            may_contact: row.value("lead_may_contact")?.as_boolean()?,
            renews: row.value("lead_renews")?.as_boolean()?,
            // Rules that were drawn up before this column ask for none.
            needs_customer: row.value("lead_ground_needs").and_then(policy::Value::as_text) == Some("customer"),
            article: row.article.to_owned(),
        })
    })
}

/// The words of a list of the policy with a single column.
fn words(policy: &InForce, on: Date, decision: &str) -> Result<Vec<String>, ActionError> {
    policy_list::rows(policy, on, (decision, CustomerKind::Person), |row| {
        Some(row.value(decision)?.as_text()?.to_owned())
    })
}

/// Why leads are lost (rule `lead.lost_reasons`).
///
/// # Errors
/// The decision cannot be made.
pub fn lost_reasons(policy: &InForce, on: Date) -> Result<Vec<String>, ActionError> {
    words(policy, on, "lead_lost_reason")
}

/// The kinds of partners (rule `partner.kinds`, S1-05).
///
/// # Errors
/// The decision cannot be made.
pub fn partner_kinds(policy: &InForce, on: Date) -> Result<Vec<String>, ActionError> {
    words(policy, on, "partner_kind")
}

/// A whole number that the policy sets.
pub(crate) fn number(policy: &InForce, on: Date, name: &str) -> Result<i64, ActionError> {
    Ok(policy.edition(on).integer(name).map_err(PolicyError::from)?)
}

/// The same, nothing where the rules in force were drawn up before it was known.
pub(crate) fn known_number(policy: &InForce, on: Date, name: &str) -> Result<Option<i64>, ActionError> {
    Ok(policies::known(policy.edition(on).integer(name))?)
}

/// What people call a word of the policy.
pub(crate) fn title(ui: &Ui, policy: &InForce, output: &str, value: &str) -> String {
    let found = policy.pack().outcome(output, value);
    found.map_or_else(|| value.to_owned(), |one| one.title.in_language(ui.lang() == Lang::En).to_owned())
}

/// Choices of words of the policy.
pub(crate) fn choices<'a>(
    ui: &Ui,
    policy: &InForce,
    output: &str,
    values: impl Iterator<Item = &'a str>,
) -> Vec<Choice> {
    values.map(|value| Choice::new(value, title(ui, policy, output, value))).collect()
}

/// The title of the article behind a refusal.
pub(crate) fn article_title(policy: &InForce, articles: &str) -> Option<String> {
    articles.rsplit('|').next().map(|id| policy.article_title(id, false))
}
