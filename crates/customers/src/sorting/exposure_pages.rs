//! Pages of what is measured of a project: the exposure of its classes day by day, the answer to one that grew, the analysis.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Chart, Choice, Field, Html, Icon, Input, Look, Page, Series, Shape, Side, Table, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::exposure::{self, Note, Point};
use super::measured::ClassExposure;
use super::model::Project;
use super::report::whole;
use super::{PLAN, analysis_view, figures, measured_data as data, page_of, rules, view};
use crate::VIEW;
use crate::customer::store::filled;

platform::form_fields! {
    /// Why an exposure grew.
    ExposureForm: "class", "words"
}

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sorting/{id}/analysis", VIEW, analysis)
        .data::<data::AnalysisData, _, _>("/sorting/{id}/analysis", VIEW, data::analysis)
        .get("/sorting/{id}/exposure", VIEW, show)
        .data::<data::ExposureData, _, _>("/sorting/{id}/exposure", VIEW, data::exposure_data)
        .get("/sorting/{id}/exposure/answer", PLAN, answer_page)
        .post("/sorting/{id}/exposure/answer", PLAN, answer)
}

async fn analysis(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = whole(&mut work, &id, VIEW).await?;
    let measured = figures::figures(&mut work, &one).await?.measured;
    let buttons = ui.buttons([
        Button::link(Look::Secondary, ui.t("sorting-back"), page_of(one.id)).icon(Icon::ArrowLeft),
        Button::link(Look::Secondary, ui.t("sorting-exposure"), format!("{}/exposure", page_of(one.id)))
            .icon(Icon::ChartLine),
    ]);
    let title = format!("{} {}", ui.t("sorting-analysis"), one.number);
    let page = Page::new(title, "sorting").subtitle(one.plan.title).actions(buttons);
    visit.page_of(&page, &analysis_view::panels(&ui, &measured))
}

/// What was measured of a project, and what it is to come down to.
pub(super) struct Followed {
    /// The project.
    pub project: Project,
    /// The classes as they were measured last.
    pub classes: Vec<ClassExposure>,
    /// All that was measured.
    pub points: Vec<Point>,
    /// What was said.
    pub notes: Vec<Note>,
}

/// Reads what was measured of a project of which the person may see everything.
pub(super) async fn followed(work: &mut Work, id: &str, action: &str) -> Result<Followed, ActionError> {
    let project = whole(work, id, action).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let axes = rules::axes_of(&policy, on, &project.plan.scheme);
    let points = exposure::of_project(&mut work.tx, project.id).await?;
    let last = points.iter().map(|point| point.on).max();
    let now: Vec<Point> = points.iter().filter(|point| Some(point.on) == last).cloned().collect();
    let classes = exposure::classes((&policy, on), &axes, (&exposure::first(&points), &now))?;
    let notes = exposure::notes(&mut work.tx, project.id).await?;
    Ok(Followed { project, classes, points, notes })
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let shown = followed(&mut work, &id, VIEW).await?;
    let (mut body, none) = (Html::new(), Html::new());
    let place = page_of(shown.project.id);
    if shown.classes.is_empty() {
        view::panel(&mut body, &ui.t("sorting-exposure"), &none, &view::hint(&ui.t("sorting-exposure-none")));
    } else {
        let mut inner = picture(&ui, &shown);
        inner.push(&analysis_view::classes(&ui, &shown.classes).page(&ui));
        let grew = shown.classes.iter().filter(|one| one.grew()).count();
        let end = Html::of_text(if grew > 0 { ui.t1("sorting-exposure-grew", "count", grew) } else { String::new() });
        view::panel(&mut body, &ui.t("sorting-exposure"), &end, &inner);
    }
    let mut end = Html::new();
    if visit.may(PLAN) && shown.classes.iter().any(|one| one.target.is_some()) {
        let new = Button::link(Look::Small, ui.t("sorting-exposure-answer"), format!("{place}/exposure/answer"));
        end.push(&ui.button(new.icon(Icon::Plus)));
    }
    view::panel(&mut body, &ui.t("sorting-exposure-notes"), &end, &notes(&ui, &shown));
    let buttons = ui.buttons([
        Button::link(Look::Secondary, ui.t("sorting-back"), place.clone()).icon(Icon::ArrowLeft),
        Button::link(Look::Secondary, ui.t("sorting-analysis"), format!("{place}/analysis")).icon(Icon::ChartBar),
    ]);
    let title = format!("{} {}", ui.t("sorting-exposure"), shown.project.number);
    visit.page_of(&Page::new(title, "sorting").subtitle(shown.project.plan.title).actions(buttons), &body)
}

/// The exposure of the classes to be reduced, day by day; of all where none is.
fn picture(ui: &Ui, shown: &Followed) -> Html {
    let any = shown.classes.iter().any(|one| one.target.is_some());
    let days: Vec<Date> = shown.points.iter().map(|point| point.on).collect::<BTreeSet<_>>().into_iter().collect();
    let at: BTreeMap<(&str, &str, Date), i64> = shown
        .points
        .iter()
        .map(|point| ((point.axis.as_str(), point.outcome.as_str(), point.on), point.exposure.0))
        .collect();
    // Whole yuan are exact enough to draw.
    let yuan = |fen: &i64| (fen / 100).to_string();
    let series = shown.classes.iter().filter(|one| !any || one.target.is_some()).map(|one| Series {
        name: analysis_view::class_title(ui, one),
        values: days.iter().map(|day| at.get(&(&*one.axis, &*one.outcome, *day)).map(yuan)).collect(),
        notes: Vec::new(),
    });
    ui.chart(Chart {
        title: ui.t("sorting-exposure"),
        shape: Shape::Lines,
        labels: days.iter().map(ToString::to_string).collect(),
        series: series.collect(),
        height: 240,
        ..Chart::default()
    })
}

fn notes(ui: &Ui, shown: &Followed) -> Html {
    if shown.notes.is_empty() {
        return view::hint(&ui.t("sorting-exposure-notes-none"));
    }
    let heads = ["sorting-class", "sorting-exposure-words", "sorting-said-on", "sorting-said-by"];
    let mut table = Table::new(ui.t("sorting-exposure-notes"), heads.map(|id| (ui.t(id), Side::Left)));
    for note in &shown.notes {
        let class = shown.classes.iter().find(|one| one.axis == note.axis && one.outcome == note.outcome);
        let class = class.map_or_else(|| note.outcome.clone(), |one| analysis_view::class_title(ui, one));
        table.row([Html::of_text(class), Html::of_text(&note.words), ui.date(note.on), Html::of_text(&note.by)]);
    }
    ui.table(table)
}

async fn answer_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_answer(&visit, &id, &Fields::default(), None).await
}

async fn draw_answer(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let shown = followed(&mut work, id, PLAN).await?;
    let classes = shown.classes.iter().filter(|one| one.target.is_some());
    let classes = classes
        .map(|one| Choice::new(format!("{}:{}", one.axis, one.outcome), analysis_view::class_title(&ui, one)))
        .collect();
    let place = page_of(shown.project.id);
    let page = FormPage {
        active: "sorting",
        title: ui.t("sorting-exposure-answer"),
        subtitle: format!("{} {}", shown.project.number, shown.project.plan.title),
        action: format!("{place}/exposure/answer"),
        fields: vec![
            Field::new("class", ui.t("sorting-class"), Input::Select(classes))
                .value(typed.first("class").unwrap_or_default())
                .required(),
            Field::new("words", ui.t("sorting-exposure-words"), Input::Area)
                .value(typed.first("words").unwrap_or_default())
                .hint(ui.t("sorting-exposure-words-hint"))
                .required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("sorting-exposure-answer")).icon(Icon::Check)],
        back: format!("{place}/exposure"),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn answer(Path(id): Path<String>, posted: Posted<ExposureForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.exposure").await?;
    let class = filled(posted.fields.first("class")).unwrap_or_default();
    let words = posted.fields.first("words").unwrap_or_default();
    let (axis, outcome) = class.split_once(':').unwrap_or((class.as_str(), ""));
    let done = exposure::answer(&mut work, &id, (axis, outcome), words).await;
    match posted.finish(work, done, format!("{}/exposure", page_of(&id))).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_answer(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
