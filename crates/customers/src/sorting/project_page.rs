//! The page of a project: where it stands, team, timetable, classes with their strategies, reports, and what to do next.

use axum::extract::Path;
use axum::response::Response;
use platform::access::store as access;
use platform::approval;
use platform::error::ActionError;
use platform::id::UserId;
use platform::page::list::address;
use platform::page::{Button, Html, Icon, Look, Page, Side, Table, Tile, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::actions::HOUSE;
use super::model::{Project, ProjectState, Report};
use super::team::{Survey, Training};
use super::{ITEMS, LIST, PLAN, PROBLEMS, actions, figures, items, page_of, problems, report, rules, team, view};
use crate::VIEW;
use crate::customer::store::user_names;
use crate::datum::view::points;

/// Everything that the page shows.
struct Shown {
    one: Project,
    policy: std::sync::Arc<InForce>,
    names: std::collections::BTreeMap<UserId, String>,
    branch: String,
    trainings: Vec<Training>,
    surveys: Vec<Survey>,
    reports: Vec<Report>,
    counts: (i64, i64, i64),
    key_open: i64,
    open_problems: i64,
    strategies: Html,
    pictures: Html,
}

/// `/sorting/{id}`
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let shown = load(&ui, &mut work, &id).await?;
    let mut body = Html::new();
    if shown.one.started_on.is_some() {
        body.push(&tiles(&ui, &shown));
    }
    let approval = match shown.one.approval {
        Some(approval) => approval::page_for(&mut work, HOUSE, approval).await?,
        None => None,
    };
    view::panel(&mut body, &ui.t("sorting-plan"), &Html::new(), &head(&ui, &shown, approval));
    view::panel(&mut body, &ui.t("sorting-timetable"), &Html::new(), &timetable(&visit, &ui, &shown));
    view::panel(&mut body, &ui.t("sorting-team"), &Html::new(), &members(&ui, &shown));
    view::panel(&mut body, &ui.t("sorting-strategies"), &Html::new(), &shown.strategies);
    body.push(&shown.pictures);
    view::panel(&mut body, &ui.t("sorting-trainings"), &add(&visit, &ui, &shown, "train"), &trainings(&ui, &shown));
    view::panel(&mut body, &ui.t("sorting-surveys"), &add(&visit, &ui, &shown, "survey"), &surveys(&ui, &shown));
    if actions::sees_all(&work, &shown.one) {
        view::panel(&mut body, &ui.t("sorting-reports"), &Html::new(), &reports(&ui, &shown));
    }
    body.push(&verbs(&visit, &ui, &shown.one));
    let title = format!("{} {}", shown.one.number, shown.one.plan.title);
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("sorting-title"), LIST).icon(Icon::ArrowLeft)];
    if shown.one.started_on.is_some() && actions::sees_all(&work, &shown.one) {
        let place = page_of(shown.one.id);
        let exposure = Button::link(Look::Secondary, ui.t("sorting-exposure"), format!("{place}/exposure"));
        let analysis = Button::link(Look::Secondary, ui.t("sorting-analysis"), format!("{place}/analysis"));
        buttons.extend([exposure.icon(Icon::ChartLine), analysis.icon(Icon::ChartBar)]);
    }
    visit.page_of(&Page::new(title, "sorting").actions(ui.buttons(buttons)), &body)
}

async fn load(ui: &Ui, work: &mut Work, id: &str) -> Result<Shown, ActionError> {
    let one = actions::seen(work, id, VIEW).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let reach = work.authorise(VIEW)?;
    let mut people = vec![one.plan.lead, one.planner];
    people.extend(one.plan.members.iter().map(|member| member.user));
    people.extend(one.plan.scope.manager);
    let names = user_names(&mut work.tx, &people).await?;
    let branches = access::branches(&mut work.tx).await?;
    let branch = branches.into_iter().find(|known| Some(known.id) == one.plan.scope.branch);
    let (axes, migrations) = figures::live(work, &one, reach).await?;
    let mut pictures = Html::new();
    if one.started_on.is_some() {
        for migration in &migrations {
            let title = rules::said(ui.lang(), &migration.title);
            view::panel(&mut pictures, title, &Html::new(), &view::picture(ui, migration));
        }
    }
    Ok(Shown {
        trainings: team::trainings(&mut work.tx, one.id).await?,
        surveys: team::surveys(&mut work.tx, one.id).await?,
        reports: report::of_project(&mut work.tx, one.id).await?,
        open_problems: problems::open(&mut work.tx, one.id, reach).await?,
        key_open: items::key_open(&mut work.tx, one.id, reach).await?,
        counts: rules::counts(&items::counts(&mut work.tx, one.id, reach).await?),
        strategies: ui.table(view::strategies(ui, &policy, &axes, &migrations)),
        branch: branch.map(|known| known.name).unwrap_or_default(),
        pictures,
        policy,
        names,
        one,
    })
}

impl Shown {
    fn name(&self, user: UserId) -> String {
        self.names.get(&user).cloned().unwrap_or_default()
    }
}

fn tiles(ui: &Ui, shown: &Shown) -> Html {
    let (all, verified, accepted) = shown.counts;
    let tile = |label: &str, count: i64, view: &str| Tile {
        label: ui.t(label),
        figure: ui.count(count),
        href: Some(address(ITEMS, &[("view", view), ("project", shown.one.number.as_str())])),
        ..Tile::default()
    };
    let problems = Tile {
        label: ui.t("sorting-tile-problems"),
        figure: ui.count(shown.open_problems),
        href: Some(address(PROBLEMS, &[("view", "open"), ("project", shown.one.number.as_str())])),
        ..Tile::default()
    };
    ui.tiles([
        tile("sorting-tile-all", all, "all"),
        tile("sorting-tile-key", shown.key_open, "key"),
        tile("sorting-tile-to-do", all - verified, "to-do"),
        tile("sorting-tile-to-review", verified - accepted, "to-review"),
        tile("sorting-tile-accepted", accepted, "accepted"),
        problems,
    ])
}

fn head(ui: &Ui, shown: &Shown, approval: Option<String>) -> Html {
    let one = &shown.one;
    let manager = one.plan.scope.manager.map(|user| shown.name(user)).unwrap_or_default();
    let scope = view::scope(ui, &shown.policy, one, &shown.branch, &manager);
    let row = |label: &str, value: Html| (ui.t(label), value);
    let mut rows = vec![
        row("sorting-state", view::state(ui, one.state).0),
        row("sorting-aim", Html::of_text(&one.plan.aim)),
        row("sorting-scheme", Html::of_text(view::word(ui, &shown.policy, "sorting_scheme", &one.plan.scheme))),
        row("sorting-scope", Html::of_text(scope)),
        row("sorting-from", ui.date(one.plan.starts_on)),
        row("sorting-until", ui.date(one.plan.ends_on)),
        row("sorting-planner", Html::of_text(shown.name(one.planner))),
        row("sorting-started-on", ui.date_or_dash(one.started_on)),
        row("sorting-closed-on", ui.date_or_dash(one.closed_on)),
        row("sorting-review-on", ui.date_or_dash(one.review_on)),
    ];
    let goals: Vec<String> = rules::goals(&shown.policy, ui.business_date, &one.plan.scheme)
        .iter()
        .map(|goal| view::word(ui, &shown.policy, "sorting_goal", goal))
        .collect();
    rows.push(row("sorting-goals", Html::of_text(goals.join(&ui.t("list-comma")))));
    if let Some(reason) = &one.stop_reason {
        rows.push(row("sorting-stop-reason", Html::of_text(reason)));
    }
    if let Some(href) = approval {
        rows.push(row("approval-sorting-plan", view::link(href, ui.t("approval-open-page"))));
    }
    view::facts(&rows)
}

fn timetable(visit: &Visit, ui: &Ui, shown: &Shown) -> Html {
    let heads = ["sorting-step", "sorting-step-due", "sorting-step-done-on", "sorting-step-note", "sorting-verb"];
    let mut table = Table::new(ui.t("sorting-timetable"), heads.map(|id| (ui.t(id), Side::Left)));
    for step in &shown.one.plan.steps {
        let href = format!("{}/steps/{}", page_of(shown.one.id), step.step);
        let verb = if shown.one.takes_steps() && step.done_on.is_none() && visit.may(PLAN) {
            view::link(href, ui.t("sorting-step-done"))
        } else {
            Html::new()
        };
        let due = if step.done_on.is_none() && shown.one.takes_steps() {
            ui.deadline(step.due_on)
        } else {
            ui.date(step.due_on)
        };
        table.row([
            Html::of_text(view::word(ui, &shown.policy, "sorting_step", &step.step)),
            due,
            ui.date_or_dash(step.done_on),
            Html::of_text(&step.note),
            verb,
        ]);
    }
    ui.table(table)
}

fn members(ui: &Ui, shown: &Shown) -> Html {
    let heads = ["sorting-member", "sorting-member-duty"];
    let mut table = Table::new(ui.t("sorting-team"), heads.map(|id| (ui.t(id), Side::Left)));
    table.row([Html::of_text(shown.name(shown.one.plan.lead)), Html::of_text(ui.t("sorting-lead"))]);
    for member in &shown.one.plan.members {
        table.row([Html::of_text(shown.name(member.user)), Html::of_text(&member.duty)]);
    }
    ui.table(table)
}

fn add(visit: &Visit, ui: &Ui, shown: &Shown, what: &str) -> Html {
    if !visit.may(PLAN)
        || matches!(shown.one.state, ProjectState::Submitted | ProjectState::Stopped | ProjectState::Refused)
    {
        return Html::new();
    }
    let part = if what == "train" { "trainings" } else { "surveys" };
    let href = format!("{}/{part}/new", page_of(shown.one.id));
    ui.button(Button::link(Look::Small, ui.t(format!("sorting-{what}")), href).icon(Icon::Plus))
}

fn trainings(ui: &Ui, shown: &Shown) -> Html {
    if shown.trainings.is_empty() {
        return view::hint(&ui.t("sorting-trainings-none"));
    }
    let heads = ["sorting-held-on", "sorting-topic", "sorting-hours", "sorting-attended"];
    let mut table = Table::new(ui.t("sorting-trainings"), heads.map(|id| (ui.t(id), Side::Left)));
    for one in &shown.trainings {
        let hours = Html::of_text(one.hours.to_string());
        table.row([ui.date(one.on), Html::of_text(&one.topic), hours, Html::of_text(&one.attended)]);
    }
    ui.table(table)
}

fn surveys(ui: &Ui, shown: &Shown) -> Html {
    if shown.surveys.is_empty() {
        return view::hint(&ui.t("sorting-surveys-none"));
    }
    let heads = ["sorting-surveyed-on", "sorting-answers", "sorting-score"];
    let mut table = Table::new(ui.t("sorting-surveys"), heads.map(|id| (ui.t(id), Side::Left)));
    for one in &shown.surveys {
        let answers = Html::of_text(one.answers.to_string());
        table.row([ui.date(one.on), answers, Html::of_text(points(one.score_centi))]);
    }
    ui.table(table)
}

fn reports(ui: &Ui, shown: &Shown) -> Html {
    if shown.reports.is_empty() {
        return view::hint(&ui.t("sorting-reports-none"));
    }
    let heads = ["sorting-report-made-on", "sorting-report-state", "sorting-figure-completeness", "sorting-verb"];
    let mut table = Table::new(ui.t("sorting-reports"), heads.map(|id| (ui.t(id), Side::Left)));
    for one in &shown.reports {
        let href = format!("{}/reports/{}", page_of(shown.one.id), one.id);
        table.row([
            ui.date(one.made_on),
            view::report_state(ui, one.state).0,
            Html::of_text(view::share(ui, one.content.completeness)),
            view::link(href, ui.t("sorting-report-open")),
        ]);
    }
    ui.table(table)
}

/// What can be done next.
fn verbs(visit: &Visit, ui: &Ui, one: &Project) -> Html {
    let mut out = Html::new();
    if !visit.may(PLAN) {
        return out;
    }
    let place = |part: &str| format!("{}/{part}", page_of(one.id));
    let due = one.review_on.is_some_and(|on| on <= ui.business_date);
    let stop = Button::link(Look::Secondary, ui.t("sorting-stop"), place("stop")).icon(Icon::Ban);
    let (form, buttons) = match one.state {
        ProjectState::Submitted if visit.actor.user == Some(one.planner) => (
            "withdraw",
            vec![
                Button::link(Look::Secondary, ui.t("sorting-mend"), place("edit")).icon(Icon::Edit),
                Button::submit(Look::Secondary, ui.t("sorting-withdraw")).icon(Icon::ArrowBackUp),
            ],
        ),
        ProjectState::Approved => {
            ("start", vec![Button::submit(Look::Primary, ui.t("sorting-start")).icon(Icon::Check), stop])
        }
        ProjectState::Running => (
            "",
            vec![Button::link(Look::Primary, ui.t("sorting-report-make"), place("report")).icon(Icon::FileText), stop],
        ),
        ProjectState::Reporting => {
            ("", vec![Button::link(Look::Primary, ui.t("sorting-report-make"), place("report")).icon(Icon::FileText)])
        }
        ProjectState::Closed if due => {
            ("", vec![Button::link(Look::Primary, ui.t("sorting-report-again"), place("report")).icon(Icon::FileText)])
        }
        ProjectState::Submitted | ProjectState::Closed | ProjectState::Stopped | ProjectState::Refused => return out,
    };
    if form.is_empty() {
        out.raw("<div class=\"buttons\">").push(&ui.buttons(buttons)).raw("</div>");
        return out;
    }
    out.raw("<form method=\"post\"").attr("action", place(form)).raw(">");
    out.push(&ui.guard(visit.guard())).raw("<div class=\"buttons\">").push(&ui.buttons(buttons)).raw("</div></form>");
    out
}
