//! What the case of a customer adds to the pages of the guard: who else owes, what a contact is for, the way to the desk.

use platform::error::ActionError;
use platform::id::CustomerId;
use platform::page::{Html, Ui};
use platform::work::Work;

use super::actions::Line;
use crate::obligor::model::Owes;
use crate::promise::model::PromiseState;

/// Who owes besides and is not in the table, because the file has no number of theirs.
pub(super) async fn unlisted(
    work: &mut Work,
    ui: &Ui,
    customer: CustomerId,
    found: &[Line],
) -> Result<Html, ActionError> {
    let mut out = Html::new();
    for one in crate::obligor::actions::of(work, customer).await? {
        if one.relation.is_none() || one.owes != Owes::Yes || found.iter().any(|line| line.person == one.person) {
            continue;
        }
        let role = ui.t(format!("obligor-role-{}", one.role.as_str()));
        out.raw("<p class=\"panel-foot muted\">").text(ui.t2("guard-no-number", "name", one.name, "role", role));
        out.raw("</p>");
    }
    Ok(out)
}

/// What is asked for most: the promise that stands, else the arrears of the case. Whoever asks may say otherwise.
pub(super) async fn proposal(ui: &Ui, work: &mut Work, customer: CustomerId) -> Result<Option<String>, ActionError> {
    let Some(case) = crate::case::store::open_of(&mut work.tx, customer).await? else { return Ok(None) };
    let promises = crate::promise::store::of_case(&mut work.tx, case.key).await?;
    if let Some(one) = promises.iter().find(|one| one.state == PromiseState::Open) {
        let (until, amount) = (platform::clock::civil_minute(one.due_at), platform::locale::money(one.amount));
        return Ok(Some(ui.t2("guard-reason-promise", "until", until, "amount", amount)));
    }
    let today = work.business_date;
    let arrears = crate::case::store::arrears(&mut work.tx, &[customer]).await?.remove(&customer);
    Ok(arrears.map(|one| ui.t2("guard-reason-case", "case", &case.number, "days", one.days(today))))
}

/// The way back to the desk, for whoever works the case of the customer there.
pub(super) async fn of(work: &mut Work, customer: CustomerId) -> Result<Option<String>, ActionError> {
    let Some(case) = crate::case::store::open_of(&mut work.tx, customer).await? else { return Ok(None) };
    let mine = case.state.owner().is_some_and(|owner| Some(owner) == work.actor.user);
    Ok(mine.then(|| format!("/collections/work?case={}", case.key.case)))
}
