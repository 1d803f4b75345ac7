//! The trace of a case (查找): the checklist of the policy, what was done, the form of the next step, the report.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use customers::CustomerKind;
use finance::Fen;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, InForce, article_address};
use platform::web::{Fields, Posted, Routes, Visit, WebError, failing_field, refusal_box, shown_in_form};
use platform::work::Work;

use super::model::{Conduct, Found, NewTrace, Searched, Trace, Wanted};
use super::trace::{self, Logged};
use super::{data, paper, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseState};
use crate::{CASE_VIEW, CASE_WORK};

platform::form_fields! {
    /// A step of tracing.
    TraceForm: "step", "on", "searched", "query", "authority", "result", "finding", "cost", "next_step"
}

/// The trace, its log, its report.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/trace", CASE_VIEW, show)
        .data::<Vec<data::TraceData>, _, _>("/collections/cases/{id}/trace", CASE_VIEW, data::trace)
        .post("/collections/cases/{id}/trace", CASE_WORK, log)
        .get("/collections/cases/{id}/trace/report.pdf", CASE_VIEW, print)
}

/// What a step is called.
pub(super) fn step_title(ui: &Ui, policy: &InForce, step: &str) -> String {
    let outcome = policy.pack().outcome("trace_step", step);
    outcome.map_or_else(|| step.to_owned(), |one| one.title.in_language(ui.lang() == Lang::En).to_owned())
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, &Fields::default(), None).await
}

async fn draw(visit: &Visit, id: &str, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let case = cases::load(&mut work, cases::parse(id).map_err(ActionError::from)?, CASE_VIEW).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let file = customers::load(&mut work.tx, case.key.customer).await?;
    let kind = file.as_ref().map_or(CustomerKind::Person, |file| file.kind);
    let wanted = trace::wanted(&policy, on, kind)?;
    let taken = store::traces(&mut work.tx, case.key).await?;
    let standing = store::standing(&mut work.tx, case.key.customer).await?;
    let mut body =
        refused.filter(|one| one.code != "form-invalid").map(|one| refusal_box(&ui, one)).unwrap_or_default();
    if refused.is_some_and(|one| one.rule.as_deref() == Some("trace.no-abuse")) {
        body.push(&instead(&ui, case.key.customer));
    }
    body.push(&checklist(&ui, &policy, &wanted, &taken));
    body.push(&log_panel(&ui, &mut work, &policy, &taken).await?);
    let works = visit.may(CASE_WORK) && matches!(case.state, CaseState::Open { .. }) && standing.is_some();
    if works {
        body.push(&form(visit, &ui, (&policy, &wanted), &case, fields, refused));
    }
    let own = format!("/collections/cases/{}", case.key.case);
    let mut buttons = vec![Button::link(Look::Secondary, &case.number, &own).icon(Icon::Briefcase)];
    if !taken.is_empty() {
        buttons.push(
            Button::link(Look::Secondary, ui.t("trace-report"), format!("{own}/trace/report.pdf")).icon(Icon::Printer),
        );
    }
    let name = file.map(|file| file.name).unwrap_or_default();
    let page = Page::new(format!("{} · {name}", ui.t("trace-title")), "lost")
        .subtitle(ui.t("trace-note"))
        .actions(ui.buttons(&buttons));
    let status = match refused {
        None => StatusCode::OK,
        Some(refused) if refused.fields.is_empty() => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, visit.page_of(&page, &body)?).into_response())
}

/// What may be done instead (S2.4-06): a neutral message by somebody who consented, through the guard.
fn instead(ui: &Ui, customer: CustomerId) -> Html {
    let mut text = Html::of_text(ui.t("trace-instead"));
    let ground = Button::link(Look::Small, ui.t("guard-ground-title"), format!("/customers/{customer}/ground"));
    let reach = Button::link(Look::Small, ui.t("guard-panel"), format!("/customers/{customer}?tab=reach"));
    text.raw(" ").push(&ui.button(ground.icon(Icon::Users))).raw(" ");
    text.push(&ui.button(reach.icon(Icon::Phone)));
    ui.note(Tone::Info, Icon::InfoCircle, text)
}

/// Each step of the policy, with its article and how often it was taken; what is never done is said as well.
fn checklist(ui: &Ui, policy: &InForce, wanted: &[Wanted], taken: &[Trace]) -> Html {
    let heads = ["trace-place", "trace-step", "trace-conduct", "trace-done"];
    let mut table = Table::new(ui.t("trace-checklist"), heads.map(|id| (ui.t(id), Side::Left)));
    for one in wanted {
        let times = taken.iter().filter(|trace| trace.content.step == one.step).count();
        let (tone, icon, word) = match one.conduct {
            Conduct::Permitted => (Tone::Ok, Icon::CircleCheck, "trace-permitted"),
            Conduct::Authorised => (Tone::Watch, Icon::License, "trace-authorised"),
            Conduct::Legal => (Tone::Watch, Icon::Gavel, "trace-legal"),
            Conduct::Refused => (Tone::Doubt, Icon::Ban, "trace-refused"),
        };
        let mut conduct = ui.badge(tone, icon, ui.t(word));
        let title = policy.article_title(&one.article, ui.lang() == Lang::En);
        conduct.raw(" ").push(&ui.citation(article_address(&one.article), title));
        table.row([
            Html::of_text(one.place.to_string()),
            Html::of_text(step_title(ui, policy, &one.step)),
            conduct,
            Html::of_text(ui.t1("trace-times", "count", times)),
        ]);
    }
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("trace-checklist"));
    html.raw("</h2></header>").push(&ui.table(table)).raw("</section>");
    html
}

async fn log_panel(ui: &Ui, work: &mut Work, policy: &InForce, taken: &[Trace]) -> Result<Html, ActionError> {
    let people = crate::people(work).await?;
    let heads = [
        ("trace-on", Side::Left),
        ("trace-step", Side::Left),
        ("trace-query", Side::Left),
        ("trace-result", Side::Left),
        ("trace-next", Side::Left),
        ("visit-planned-by", Side::Left),
        ("trace-cost", Side::Right),
    ];
    let mut table = Table::new(ui.t("trace-steps"), heads.map(|(id, side)| (ui.t(id), side)));
    let mut sum = Fen::ZERO;
    for one in taken {
        let content = &one.content;
        sum = sum.checked_add(content.cost).unwrap_or(sum);
        let mut query = Html::of_text(ui.t(format!("trace-by-{}", content.searched.as_str())));
        query.raw(" ").text(&content.query).raw(" <span class=\"muted\">").text(&content.authority).raw("</span>");
        let found = ui.t(format!("trace-found-{}", content.result.as_str()));
        table.row([
            ui.date(content.on),
            Html::of_text(step_title(ui, policy, &content.step)),
            query,
            Html::of_text(format!("{found} {}", content.finding)),
            Html::of_text(&content.next_step),
            Html::of_text(people.get(&platform::id::UserId(one.by)).cloned().unwrap_or_default()),
            ui.money(content.cost),
        ]);
    }
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("trace-steps"));
    html.raw("</h2></header>");
    if taken.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("trace-none")).raw("</p>");
    } else {
        let label = Html::of_text(ui.t("trace-cost-all"));
        table.total([label].into_iter().chain((0..5).map(|_| Html::new())).chain([ui.money(sum)]));
        html.push(&ui.table(table));
    }
    html.raw("</section>");
    Ok(html)
}

fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or("").trim().to_owned()
}

fn form(
    visit: &Visit,
    ui: &Ui,
    (policy, wanted): (&InForce, &[Wanted]),
    case: &Case,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Html {
    // What is never done can be chosen as well: the answer says why not, and the try is on record.
    let steps = wanted.iter().map(|one| Choice::new(&one.step, step_title(ui, policy, &one.step)));
    let by = Searched::ALL.iter().map(|one| Choice::new(one.as_str(), ui.t(format!("trace-by-{}", one.as_str()))));
    let found = Found::ALL.iter().map(|one| Choice::new(one.as_str(), ui.t(format!("trace-found-{}", one.as_str()))));
    let of = |id: &str, label: &str, input: Input| Field::new(id, ui.t(label), input).value(typed(fields, id));
    let today = ui.business_date.to_string();
    let all = vec![
        of("step", "trace-step", Input::Select(steps.collect())).required(),
        of("on", "trace-on", Input::Date).value(fields.first("on").unwrap_or(&today)).required(),
        of("searched", "trace-searched", Input::Select(by.collect())).required(),
        of("query", "trace-query", Input::Text).required().hint(ui.t("trace-query-hint")),
        of("authority", "trace-authority-of", Input::Text).hint(ui.t("trace-authority-hint")),
        of("result", "trace-result", Input::Radio(found.collect())).required(),
        of("finding", "trace-finding", Input::Area).required(),
        of("cost", "trace-cost", Input::Money),
        of("next_step", "trace-next", Input::Area).required(),
    ];
    let all: Vec<Field> = all
        .into_iter()
        .map(|field| {
            let error = refused.and_then(|refused| failing_field(ui, refused, &field.name));
            field.error(error)
        })
        .collect();
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("trace-log"));
    html.raw("</h2></header><form class=\"panel-body form grid\" method=\"post\"");
    html.attr("action", format!("/collections/cases/{}/trace", case.key.case)).raw(" data-entry>");
    html.push(&ui.guard(visit.guard())).push(&ui.error_summary(&all));
    for field in &all {
        html.push(&ui.field(field));
    }
    html.raw("<div class=\"buttons\">");
    if visit.may(customers::EDIT) && wanted.iter().any(|one| one.conduct == Conduct::Authorised) {
        // Where a query is logged with its purpose before the step looks at what it brought.
        let room = format!("/customers/{}/credit/new", case.key.customer);
        html.push(&ui.button(Button::link(Look::Secondary, ui.t("trace-credit-query"), room)));
    }
    html.push(&ui.button(Button::submit(Look::Primary, ui.t("trace-log")).icon(Icon::Check)));
    html.raw("</div></form></section>");
    html
}

fn read(fields: &Fields) -> Result<NewTrace, Refused> {
    let mut wrong = Vec::new();
    let on = typed(fields, "on").parse::<Date>().ok();
    if on.is_none() {
        wrong.push(FieldError::new("on", "date-unreadable").with("text", typed(fields, "on")));
    }
    let searched = Searched::parse(&typed(fields, "searched"));
    if searched.is_none() {
        wrong.push(FieldError::new("searched", "choice-missing"));
    }
    let result = Found::parse(&typed(fields, "result"));
    if result.is_none() {
        wrong.push(FieldError::new("result", "choice-missing"));
    }
    let cost = match typed(fields, "cost").replace(',', "").as_str() {
        "" => Some(Fen::ZERO),
        text => text.parse::<Fen>().ok(),
    };
    if cost.is_none() {
        wrong.push(FieldError::new("cost", "amount-unreadable").with("text", typed(fields, "cost")));
    }
    match (on, searched, result, cost) {
        (Some(on), Some(searched), Some(result), Some(cost)) => Ok(NewTrace {
            step: typed(fields, "step"),
            on,
            searched,
            query: typed(fields, "query"),
            authority: typed(fields, "authority"),
            result,
            finding: typed(fields, "finding"),
            cost,
            next_step: typed(fields, "next_step"),
        }),
        _ => Err(Refused::form(wrong)),
    }
}

async fn log(Path(id): Path<String>, posted: Posted<TraceForm>) -> Result<Response, WebError> {
    let place = format!("/collections/cases/{id}/trace");
    let mut work = posted.begin("trace.log").await?;
    let done = match (cases::parse(&id), read(&posted.fields)) {
        (Ok(case), Ok(new)) => trace::log(&mut work, case, &new).await,
        (Err(error), _) => Err(error.into()),
        (_, Err(refused)) => Err(refused.into()),
    };
    match done {
        Ok(Logged::Done(_)) => posted.done(work, place).await,
        Ok(Logged::Forbidden(refused)) => {
            // The try is a fact and is kept.
            work.settle(&posted.key, &place).await?;
            work.commit().await?;
            draw(&posted.visit, &id, &posted.fields, Some(&refused)).await
        }
        Err(error) => {
            work.tx.rollback().await?;
            draw(&posted.visit, &id, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    let lost = store::of_case(&mut work.tx, case.key).await?;
    let traces = store::traces(&mut work.tx, case.key).await?;
    paper::answer(&visit, work, &case, &lost, &traces).await
}
