//! A call from the desk, made where it is worked: why and by which line stand there, one press asks the guard, and the
//! number comes beside the script, the sums and the outcomes.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use customers::contact_point::model::ContactPointId;
use platform::contact_gate::{CallingLine, Channel, LineId, Manner, Purpose, Shown, gate_refused};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Choice, Field, Html, Icon, Input, Tone, Ui};
use platform::policies;
use platform::vault::Personal as _;
use platform::web::{Posted, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::Why;
use super::pages::{Said, WORK, draw, why};
use super::queue::Queued;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId};
use crate::guard::actions::{Ask, own_lines, reserve};
use crate::guard::desk::{CALL_FORM, proposal};
use crate::guard::model::AllowanceId;
use crate::guard::pages::{ShownNumber, refusal, until};
use crate::guard::store as guard_store;

/// The words to somebody who owes nothing.
const NEUTRAL: &str = "script_neutral";

/// Which number is to be called, why and by which line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CallForm {
    point: String,
    line: String,
    reason: String,
}

/// Why this case is called now, in words: the reason of its place in the queue, where it says one (S2.5-18).
pub(super) async fn reason(ui: &Ui, work: &mut Work, case: &Case, queue: &[Queued]) -> Result<String, ActionError> {
    let on = work.business_date;
    if let Some(one) = queue.iter().find(|one| one.line.case.key == case.key) {
        match one.why {
            Why::Contact { .. } | Why::PayDay(_) | Why::Step { .. } => {
                let days = one.line.days(on).to_string();
                let told = [("why", why(ui, one, on)), ("case", case.number.clone()), ("days", days)];
                return Ok(ui.tn("work-call-reason", &told));
            }
            Why::Promise(_) | Why::Amount => {}
        }
    }
    Ok(proposal(ui, work, case.key.customer).await?.unwrap_or_default())
}

/// The form that the presses beside the numbers send.
pub(super) async fn form(
    visit: &Visit,
    work: &mut Work,
    case: &Case,
    (typed, proposed): (Option<&CallForm>, String),
) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let lines = own_lines(work).await?;
    // The first of the register, until another is chosen.
    let usual = lines.first().map(|line| line.id.to_string()).unwrap_or_default();
    let line = typed.map_or(usual, |typed| typed.line.clone());
    let mut choices = vec![Choice::new("", ui.t("guard-line-unnamed"))];
    choices.extend(
        lines.into_iter().map(|line| Choice::new(line.id.to_string(), format!("{} {}", line.number, line.label))),
    );
    let reason = typed.map_or(proposed, |typed| typed.reason.clone());
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("work-call"));
    out.raw("</h2><span class=\"sub\">").text(ui.t("work-call-how")).raw("</span></header>");
    out.raw("<form method=\"post\" class=\"panel-body form\" data-once").attr("id", CALL_FORM);
    out.attr("action", format!("/collections/cases/{}/call", case.key.case)).raw(">");
    out.push(&ui.guard(visit.guard()));
    out.push(&ui.field(Field::new("reason", ui.t("guard-reason"), Input::Text).value(reason).required()));
    out.push(&ui.field(Field::new("line", ui.t("guard-line"), Input::Select(choices)).value(line)));
    out.raw("</form></section>");
    Ok(out)
}

/// The number that was let through, until when, and what is said first.
fn number(ui: &Ui, clear: &str, until: &str) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("guard-number"));
    out.raw("</h2></header><div class=\"panel-body stack\"><p><b class=\"num\">").text(clear).raw("</b></p>");
    out.raw("<p class=\"hint\">").text(ui.t1("guard-pass", "until", until)).raw(" ");
    out.text(ui.t("guard-identify")).raw("</p></div></section>");
    out
}

/// What stands on the desk while an outcome is owed: no second number.
pub(super) fn owed(ui: &Ui) -> Html {
    ui.note(Tone::Info, Icon::Phone, Html::of_text(ui.t("work-call-owed")))
}

/// Asks for a number of the case at work. Rule `case.call-in-place`: what the guard answers stands on the desk, and the
/// outcome is entered there.
pub(super) async fn call(Path(id): Path<String>, posted: Posted<CallForm>) -> Result<Response, WebError> {
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let visit = &posted.visit;
    let mut work = posted.begin("contact.reserve").await?;
    match ask(&mut work, case, &posted.form).await {
        Ok((customer, Shown::Number(phone, pass))) => {
            let script = neutral(visit, &mut work, customer, pass.allowance).await?;
            let until = until(&mut work, &pass).await?;
            let there = format!("{WORK}?case={case}");
            let outcome = pass.outcome_page.unwrap_or_else(|| there.clone());
            // Sent again, the form leads to the desk with the outcome that is owed, never to a second number.
            work.settle(&posted.key, &there).await?;
            work.commit().await?;
            let shown = ShownNumber { value: phone.clear().to_owned(), outcome, until };
            if let Some(answer) = visit.data(&shown) {
                return Ok(answer);
            }
            let note = number(&visit.ui(), &shown.value, &shown.until);
            draw(visit, Some(case), None, Said { note: Some((StatusCode::OK, note)), script, ..Said::default() }).await
        }
        Ok((_, Shown::Refused { rule, article, next_lawful })) => {
            work.settle(&posted.key, &format!("{WORK}?case={case}")).await?;
            let note = refusal(&mut work, &visit.ui(), &rule, article.clone(), next_lawful).await?;
            // The refusal is a fact and is kept, whoever asked.
            work.commit().await?;
            if visit.request.api() {
                return Err(gate_refused(&rule, article, next_lawful).into());
            }
            let note = Some((StatusCode::CONFLICT, note));
            draw(visit, Some(case), None, Said { note, call: Some(&posted.form), ..Said::default() }).await
        }
        Err(ActionError::Refused(refused)) => {
            work.tx.rollback().await?;
            let said = Said { refused: Some(&refused), call: Some(&posted.form), ..Said::default() };
            draw(visit, Some(case), None, said).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether a call of this person to the customer waits for its outcome, and the words in place of the script. While somebody
/// who owes nothing is on the line no page shows words about the debt, one that is drawn anew neither.
pub(super) async fn on_the_line(
    visit: &Visit,
    work: &mut Work,
    customer: CustomerId,
    said: Option<&String>,
) -> Result<(bool, Option<String>), WebError> {
    let owing = guard_store::owed_by(&mut work.tx, visit.user()?.0).await?;
    let theirs = owing.iter().find(|one| one.customer == customer);
    let words = match (said, theirs) {
        (Some(words), _) => Some(words.clone()),
        (None, Some(one)) => neutral(visit, work, customer, Some(one.id.0)).await?,
        (None, None) => None,
    };
    Ok((theirs.is_some(), words))
}

/// What is said to somebody who owes nothing, in place of the words about the debt (rule `template.script_neutral`,
/// S2.4-06): a message to call back, and no debt.
pub(super) async fn neutral(
    visit: &Visit,
    work: &mut Work,
    customer: CustomerId,
    allowance: Option<i64>,
) -> Result<Option<String>, ActionError> {
    let Some(allowance) = allowance else { return Ok(None) };
    let found = guard_store::allowance(&mut work.tx, customer, AllowanceId(allowance)).await?;
    if found.is_none_or(|one| one.party != "consented") {
        return Ok(None);
    }
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let Some(template) = policy.pack().template(NEUTRAL) else { return Ok(Some(String::new())) };
    let name = customers::load(&mut work.tx, customer).await?.map(|file| file.name).unwrap_or_default();
    let contact = policies::store::setting(&mut work.tx, "institution.contact").await?.unwrap_or_default();
    let fields = BTreeMap::from([
        ("collector".to_owned(), visit.actor.name.clone()),
        ("customer_name".to_owned(), name),
        ("company_contact".to_owned(), contact),
    ]);
    // Without words of the policy there are none: never those about the debt.
    Ok(Some(template.fill(&fields).unwrap_or_default()))
}

async fn ask(work: &mut Work, case: CaseId, form: &CallForm) -> Result<(CustomerId, Shown), ActionError> {
    let case = cases::take(work, case).await?;
    let Ok(point) = form.point.trim().parse::<ContactPointId>() else {
        return Err(Refused::form(vec![FieldError::new("point", "choice-needed")]).into());
    };
    let line = form.line.trim().parse::<LineId>().map_or(CallingLine::Unnamed, CallingLine::Registered);
    let ask = Ask {
        customer: case.key.customer,
        point,
        purpose: Purpose::Collect,
        manner: Manner { line, ..Manner::by(Channel::Phone) },
        reason: form.reason.trim().to_owned(),
    };
    Ok((case.key.customer, reserve(work, &ask).await?))
}
