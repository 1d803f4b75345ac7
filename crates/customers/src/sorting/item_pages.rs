//! The page of a customer of a project: what is missing, classes, strategy, industry, history, problems, course.

use axum::extract::Path;
use axum::response::Response;
use platform::clock::civil_minute;
use platform::error::ActionError;
use platform::id::UserId;
use platform::page::{Button, Html, Icon, Look, Page, Side, Table, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use policy::Value;

use super::items::Finding;
use super::model::{ItemState, Problem, ProjectState};
use super::problems;
use super::rules::Axis;
use super::work::{self, Desk, Gaps};
use super::{ITEMS, REVIEW, WORK, data, industry, item_page, items, page_of, problem_page, rules, view};
use crate::VIEW;
use crate::customer::store::user_names;
use crate::datum::facts::{self, Known};
use crate::datum::view::{shown, title};
use crate::standing::store::{self as standings, Standing};
use crate::standing::why::{axis_title, outcome_title};

/// What is shown of the course of a loan and a guarantee (S3-27), as the rules name it.
const HISTORY: [&str; 14] = [
    "cooperation_months",
    "outstanding_fen",
    "overdue_days",
    "overdue_count_6m",
    "default_exists",
    "repaid_loans",
    "guaranteed_fen",
    "guarantees_given_fen",
    "commercial_credit_fen",
    "compensation_paid",
    "coverage_ratio_ppm",
    "loan_overdue_ratio_ppm",
    "guarantee_loss_ratio_ppm",
    "litigation_record",
];

/// The pages of customers of projects.
pub(super) fn routes() -> Routes {
    Routes::new().get("/sorting/items/{item}", VIEW, show).data::<data::ItemData, _, _>(
        "/sorting/items/{item}",
        VIEW,
        data::item,
    )
}

/// Everything that is known of a customer of a project.
pub(super) struct Shown {
    pub(super) desk: Desk,
    policy: std::sync::Arc<InForce>,
    axes: Vec<Axis>,
    standings: Vec<Standing>,
    known: Known,
    gaps: Gaps,
    findings: Vec<Finding>,
    problems: Vec<Problem>,
    names: std::collections::BTreeMap<UserId, String>,
    industry: Option<industry::Sheet>,
}

/// Looks everything up, within the reach of who looks.
pub(super) async fn load(work: &mut Work, id: &str) -> Result<Shown, ActionError> {
    let desk = work::lay(work, id, VIEW).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let known = facts::known(work, &desk.customer, &policy, on).await?;
    let gaps = work::gaps(work, &desk.customer, &policy, &known).await?;
    let problems = problems::of_item(&mut work.tx, &desk.item).await?;
    let mut people = vec![desk.item.assignee];
    people.extend([desk.item.verified_by, desk.item.reviewed_by].into_iter().flatten());
    people.extend(problems.iter().map(|one| one.owner));
    let code = known.facts.get("industry_code").and_then(Value::as_text).unwrap_or_default().to_owned();
    Ok(Shown {
        axes: rules::axes_of(&policy, on, &desk.project.plan.scheme),
        standings: standings::of_customer(&mut work.tx, desk.customer.id).await?,
        findings: items::findings(&mut work.tx, &desk.item).await?,
        names: user_names(&mut work.tx, &people).await?,
        industry: industry::latest(&mut work.tx, &code, on).await?,
        desk,
        policy,
        known,
        gaps,
        problems,
    })
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let found = load(&mut work, &id).await?;
    let mut body = Html::new();
    let none = Html::new();
    view::panel(&mut body, &ui.t("sorting-item"), &none, &head(&ui, &found));
    view::panel(&mut body, &ui.t("sorting-file"), &none, &file(&ui, &found));
    view::panel(&mut body, &ui.t("sorting-classes"), &none, &classes(&ui, &found));
    view::panel(&mut body, &ui.t("sorting-industry-note"), &none, &industry_note(&ui, &found));
    view::panel(&mut body, &ui.t("sorting-history"), &none, &history(&ui, &found));
    let mut add = Html::new();
    let running = found.desk.project.state == ProjectState::Running;
    if running && visit.may(WORK) {
        let href = format!("{}/problems/new", item_page(found.desk.item.id));
        add = ui.button(Button::link(Look::Small, ui.t("sorting-problem-new"), href).icon(Icon::Plus));
    }
    view::panel(&mut body, &ui.t("sorting-problems"), &add, &problem_table(&ui, &found));
    view::panel(&mut body, &ui.t("sorting-course"), &none, &course(&ui, &found));
    let page = Page::new(found.desk.customer.name.clone(), "sorting")
        .subtitle(format!("{} {}", found.desk.project.number, found.desk.project.plan.title))
        .actions(verbs(&visit, &ui, &found, running));
    visit.page_of(&page, &body)
}

fn verbs(visit: &Visit, ui: &Ui, found: &Shown, running: bool) -> Html {
    let place = |part: &str| format!("{}/{part}", item_page(found.desk.item.id));
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("sorting-items"), ITEMS).icon(Icon::ArrowLeft)];
    if running && rules::is_to_do(&found.desk.item) && visit.may(WORK) {
        buttons.push(Button::link(Look::Primary, ui.t("sorting-verify"), place("verify")).icon(Icon::Check));
    }
    if running && found.desk.item.state == ItemState::Verified && visit.may(REVIEW) {
        buttons.push(Button::link(Look::Primary, ui.t("sorting-review"), place("review")).icon(Icon::Check));
    }
    ui.buttons(buttons)
}

fn name(found: &Shown, user: Option<UserId>) -> Html {
    Html::of_text(user.and_then(|user| found.names.get(&user)).map_or("—", String::as_str))
}

fn head(ui: &Ui, found: &Shown) -> Html {
    let item = &found.desk.item;
    let row = |label: &str, value: Html| (ui.t(label), value);
    view::facts(&[
        row("sorting-item-state", view::item_state(ui, item.state).0),
        row("customer-name", view::link(format!("/customers/{}", item.customer), &found.desk.customer.name)),
        row("sorting-number", view::link(page_of(item.project), &found.desk.project.number)),
        row("sorting-assignee", name(found, Some(item.assignee))),
        row("sorting-item-due", ui.date(item.due_on)),
        row("sorting-verified-on", ui.date_or_dash(item.verified_on)),
        row("sorting-verified-by", name(found, item.verified_by)),
        row("sorting-completeness", Html::of_text(view::completeness(ui, item))),
        row("sorting-reviewed-on", ui.date_or_dash(item.reviewed_on)),
        row("sorting-reviewed-by", name(found, item.reviewed_by)),
    ])
}

/// What the file lacks today, with where to supply it (S3-15, S3-23).
pub(super) fn file(ui: &Ui, found: &Shown) -> Html {
    let gaps = &found.gaps;
    let customer = found.desk.customer.id;
    let list = |names: Vec<String>, tab: &str| {
        if names.is_empty() {
            return Html::of_text(ui.t("sorting-nothing-missing"));
        }
        view::link(format!("/customers/{customer}?tab={tab}"), names.join(&ui.t("list-comma")))
    };
    let data = gaps.data.iter().map(|fact| title(ui, &found.policy, fact)).collect();
    let papers = gaps.papers.iter().map(|kind| paper(ui, found, kind)).collect();
    let share = super::model::Share { part: gaps.filled, whole: gaps.wanted };
    view::facts(&[
        (ui.t("sorting-completeness-now"), Html::of_text(view::share(ui, share))),
        (ui.t("sorting-missing-data"), list(data, "data")),
        (ui.t("sorting-missing-papers"), list(papers, "documents")),
    ])
}

fn paper(ui: &Ui, found: &Shown, kind: &str) -> String {
    let named = found.policy.pack().outcome("document_kind", kind);
    named.map_or_else(|| kind.to_owned(), |one| one.title.in_language(view::english(ui)).to_owned())
}

/// Class and grade on each axis, before and now, why, and what to do (S3-07, S3-18, S3-31).
fn classes(ui: &Ui, found: &Shown) -> Html {
    if found.axes.is_empty() {
        return view::hint(&ui.t("sorting-no-data"));
    }
    let heads = ["sorting-axis", "sorting-before", "sorting-now", "sorting-strategy"];
    let mut table = Table::new(ui.t("sorting-classes"), heads.map(|id| (ui.t(id), Side::Left)));
    for axis in &found.axes {
        let before = found.desk.item.before.get(&axis.decision).map_or("", String::as_str);
        let now = found.standings.iter().find(|one| one.axis == axis.decision);
        let now = now.map_or("", |one| one.outcome.as_str());
        let mut class = Html::of_text(outcome_title(ui, &found.policy, &axis.output, now));
        let why = format!("/customers/{}/standing/{}/why", found.desk.customer.id, axis.decision);
        class.raw(" ").push(&ui.why(why));
        table.row([
            Html::of_text(axis_title(ui, &found.policy, &axis.decision)),
            Html::of_text(outcome_title(ui, &found.policy, &axis.output, before)),
            class,
            Html::of_text(view::strategy(ui, &found.policy, axis, now)),
        ]);
    }
    ui.table(table)
}

/// What is noted of the customer's industry (S3-24) and its size (S3-25).
fn industry_note(ui: &Ui, found: &Shown) -> Html {
    let fact = |name: &str| {
        let value = found.known.facts.get(name);
        Html::of_text(value.map_or_else(|| "—".to_owned(), |value| shown(ui, &found.policy, name, value)))
    };
    let mut rows = vec![
        (title(ui, &found.policy, "industry_code"), fact("industry_code")),
        (title(ui, &found.policy, "industry_risk"), fact("industry_risk")),
        (title(ui, &found.policy, "enterprise_size"), fact("enterprise_size")),
    ];
    match &found.industry {
        Some(sheet) => rows.extend(industry::lines(ui, sheet)),
        None => rows.push((ui.t("sorting-industry-sheet"), Html::of_text(ui.t("sorting-industry-none-here")))),
    }
    view::facts(&rows)
}

/// What is known of loans and guarantees so far (S3-27).
fn history(ui: &Ui, found: &Shown) -> Html {
    let known = HISTORY.iter().filter_map(|name| {
        let value = found.known.facts.get(*name)?;
        Some((title(ui, &found.policy, name), Html::of_text(shown(ui, &found.policy, name, value))))
    });
    let rows: Vec<(String, Html)> = known.collect();
    if rows.is_empty() {
        return view::hint(&ui.t("sorting-no-data"));
    }
    view::facts(&rows)
}

fn problem_table(ui: &Ui, found: &Shown) -> Html {
    if found.problems.is_empty() {
        return view::hint(&ui.t("sorting-problems-none-here"));
    }
    let heads = [
        "sorting-problem-kind",
        "sorting-problem-detail",
        "sorting-problem-owner",
        "sorting-problem-due",
        "sorting-problem-state",
    ];
    let mut table = Table::new(ui.t("sorting-problems"), heads.map(|id| (ui.t(id), Side::Left)));
    for one in &found.problems {
        table.row([
            view::link(problem_page(one.id), ui.t(format!("sorting-problem-kind-{}", one.kind.as_str()))),
            Html::of_text(&one.detail),
            name(found, Some(one.owner)),
            ui.date(one.due_on),
            view::problem_state(ui, one.state).0,
        ]);
    }
    ui.table(table)
}

/// What happened so far.
pub(super) fn course(ui: &Ui, found: &Shown) -> Html {
    if found.findings.is_empty() {
        return view::hint(&ui.t("sorting-course-none"));
    }
    let heads = ["sorting-when", "sorting-what", "sorting-method", "sorting-detail", "sorting-by"];
    let mut table = Table::new(ui.t("sorting-course"), heads.map(|id| (ui.t(id), Side::Left)));
    for one in &found.findings {
        let way = if one.method.is_empty() {
            String::new()
        } else {
            format!("{} {}", ui.t(format!("datum-way-{}", one.method)), one.on)
        };
        table.row([
            Html::of_text(civil_minute(one.at)),
            Html::of_text(ui.t(format!("sorting-did-{}", one.kind.as_str()))),
            Html::of_text(way),
            Html::of_text(&one.detail),
            Html::of_text(&one.by),
        ]);
    }
    ui.table(table)
}
