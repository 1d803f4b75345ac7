//! What the case of a customer adds to the pages of the guard: the verbs beside a number, who else owes, what a contact is
//! for, the way to the desk.

use customers::contact_point::model::ContactPointId;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Ui};
use platform::web::Visit;
use platform::work::Work;

use super::actions::Line;
use crate::obligor::model::Owes;
use crate::promise::model::PromiseState;
use crate::{CASE_WORK, CONTACT_OPEN};

/// Where a call is asked for (申请联系的位置).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dial {
    /// On a page of its own, with channel and words.
    Page,
    /// On the desk: one press sends the form [`CALL_FORM`] that stands there.
    Desk,
}

/// The form on the desk that asks for a call.
pub(crate) const CALL_FORM: &str = "call";

/// The press that asks for a call to a number; the key of the desk presses the first.
fn dial(ui: &Ui, point: ContactPointId, first: bool) -> Html {
    let mut out = Html::new();
    out.raw("<button class=\"btn small\" type=\"submit\"").attr("form", CALL_FORM);
    out.raw(" name=\"point\"").attr("value", point.to_string());
    if first {
        out.attr("data-key", "C");
    }
    out.raw(">").push(&ui.icon(Icon::Phone)).text(ui.t("guard-dial"));
    if first {
        out.raw(" <kbd>C</kbd>");
    }
    out.raw("</button>");
    out
}

/// What may be done about a line now.
pub(super) fn verbs(visit: &Visit, ui: &Ui, (customer, line): (CustomerId, &Line), (at, first): (Dial, bool)) -> Html {
    let mut out = Html::new();
    let Some(point) = line.point else { return out };
    let own = format!("/customers/{customer}/reach/{point}");
    if visit.may(CASE_WORK) && line.verdict.is_allowed() {
        match at {
            Dial::Page => out.push(&ui.button(Button::link(Look::Small, ui.t("guard-dial"), &own).icon(Icon::Phone))),
            Dial::Desk => out.push(&dial(ui, point, first)),
        };
    }
    if visit.may(CONTACT_OPEN) && !line.verdict.is_allowed() {
        out.push(&ui.button(Button::link(Look::Small, ui.t("guard-open"), format!("{own}/open")).icon(Icon::LockOpen)));
    }
    out
}

/// Calls and dials of today, with their limits.
pub(super) fn counts(ui: &Ui, line: &Line) -> String {
    let of = |(count, limit): (i64, Option<i64>)| {
        limit.map_or_else(|| count.to_string(), |most| format!("{count} / {most}"))
    };
    ui.tn("guard-counts", &[("calls", of(line.calls)), ("dials", of(line.dials))])
}

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
pub(crate) async fn proposal(ui: &Ui, work: &mut Work, customer: CustomerId) -> Result<Option<String>, ActionError> {
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
