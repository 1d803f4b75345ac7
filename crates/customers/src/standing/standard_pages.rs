//! Pages of the standards of classes: the axes, one with its classes, and on paper.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::api::Data;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::locale::{Lang, Locale};
use platform::page::{Button, Html, Icon, Look, Page, Side, Table, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Frame, Press, Report, ReportTable, Section};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::standard::{Class, Standard, axes, standard};
use crate::customer::model::CustomerKind;
use crate::error::CustomerError;
use crate::evaluation::paper::frame;
use crate::sorting::view::{facts, link};
use crate::{VIEW, card_table};

/// Where the standards are.
pub(crate) const LIST: &str = "/standards";

/// The pages about standards.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(LIST, VIEW, index)
        .data::<Vec<StandardData>, _, _>(LIST, VIEW, all)
        .get("/standards/{axis}", VIEW, show)
        .data::<StandardData, _, _>("/standards/{axis}", VIEW, one)
        .file("/standards/{axis}/standard.pdf", VIEW, paper, &["application/pdf"])
}

/// The standard of an axis (分类标准).
#[derive(Debug, Serialize, JsonSchema)]
struct StandardData {
    /// The decision that makes it.
    axis: String,
    /// What people call it.
    title: String,
    /// `person`, `company`, or both.
    of: Vec<String>,
    /// The rule.
    rule: String,
    /// The articles behind it, by their titles.
    articles: Vec<String>,
    /// After how many months it is looked at again.
    review_months: i64,
    /// Its classes in the order of the rules.
    classes: Vec<ClassData>,
}

/// One class of an axis (类别标准).
#[derive(Debug, Serialize, JsonSchema)]
struct ClassData {
    /// Its name in data.
    value: String,
    /// What people call it.
    title: String,
    /// What leads to it, in words: one of these.
    conditions: Vec<String>,
    /// What follows from it, in words.
    measures: Vec<String>,
}

fn told(made: Standard) -> StandardData {
    let class = |class: Class| ClassData {
        value: class.value,
        title: class.title,
        conditions: class.conditions,
        measures: class.measures,
    };
    StandardData {
        axis: made.axis,
        title: made.title,
        of: made.of.iter().map(|kind| kind.as_str().to_owned()).collect(),
        rule: made.rule,
        articles: made.articles.into_iter().map(|(_, title)| title).collect(),
        review_months: made.review_months,
        classes: made.classes.into_iter().map(class).collect(),
    }
}

/// All standards of the rules in force.
async fn made(work: &mut Work, ui: &Ui) -> Result<Vec<Standard>, ActionError> {
    work.authorise(VIEW)?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    axes(&policy, on).iter().map(|axis| standard(ui, &policy, axis)).collect()
}

/// The standard of one axis, with the rules.
async fn find(work: &mut Work, ui: &Ui, axis: &str) -> Result<(Standard, Arc<InForce>), ActionError> {
    work.authorise(VIEW)?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let all = axes(&policy, on);
    let known = all.iter().find(|(known, _)| known.decision == axis);
    let known = known.ok_or(CustomerError::NoSuchPart("axis"))?;
    Ok((standard(ui, &policy, known)?, policy))
}

async fn all(visit: Visit) -> Result<Data<Vec<StandardData>>, WebError> {
    let mut work = visit.read().await?;
    Ok(Data(made(&mut work, &visit.ui()).await?.into_iter().map(told).collect()))
}

async fn one(visit: Visit, Path(axis): Path<String>) -> Result<Data<StandardData>, WebError> {
    let mut work = visit.read().await?;
    Ok(Data(told(find(&mut work, &visit.ui(), &axis).await?.0)))
}

/// Whom it classes, in words.
fn whom(ui: &Ui, of: &[CustomerKind]) -> String {
    let kinds: Vec<String> = of.iter().map(|kind| ui.t(format!("customer-kind-{}", kind.as_str()))).collect();
    kinds.join(&ui.t("list-comma"))
}

async fn index(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let all = made(&mut work, &ui).await?;
    let heads = [
        ("standard-axis", Side::Left),
        ("standard-of", Side::Left),
        ("standard-classes", Side::Left),
        ("standard-review", Side::Right),
    ];
    let mut table = Table::new(ui.t("standard-title"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in &all {
        let classes: Vec<&str> = one.classes.iter().map(|class| class.title.as_str()).collect();
        table.row([
            link(format!("{LIST}/{}", one.axis), &one.title),
            Html::of_text(whom(&ui, &one.of)),
            Html::of_text(classes.join(&ui.t("list-comma"))),
            Html::of_text(one.review_months.to_string()),
        ]);
    }
    let mut body = Html::new();
    body.raw("<section class=\"panel\">").push(&ui.table(table)).raw("</section>");
    let page = Page::new(ui.t("standard-title"), "standards").subtitle(ui.t("standard-note"));
    visit.page_of(&page, &body)
}

/// Lines one under the other.
fn lines(texts: &[String]) -> Html {
    let mut out = Html::new();
    for text in texts {
        out.raw("<div>").text(text).raw("</div>");
    }
    out
}

async fn show(visit: Visit, Path(axis): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (one, _) = find(&mut work, &ui, &axis).await?;
    let mut articles = Html::new();
    for (id, title) in &one.articles {
        articles.push(&ui.citation(policies::article_address(id), title.clone())).raw(" ");
    }
    let mut body = Html::new();
    body.raw("<section class=\"panel\">");
    body.push(&facts(&[
        (ui.t("standard-of"), Html::of_text(whom(&ui, &one.of))),
        (ui.t("standard-review"), Html::of_text(one.review_months.to_string())),
        (ui.t("standard-articles"), articles),
    ]));
    body.raw("</section><section class=\"panel\">");
    let heads = ["standard-class", "standard-conditions", "standard-measures"].map(|id| ui.t(id));
    let rows: Vec<Vec<Html>> = one
        .classes
        .iter()
        .map(|class| vec![Html::of_text(&class.title), lines(&class.conditions), lines(&class.measures)])
        .collect();
    body.push(&card_table::draw(&one.title, &heads, &rows)).raw("</section>");
    let buttons = vec![
        Button::link(Look::Secondary, ui.t("standard-title"), LIST).icon(Icon::ArrowLeft),
        Button::link(Look::Primary, ui.t("standard-print"), format!("{LIST}/{axis}/standard.pdf")).icon(Icon::Printer),
    ];
    let page = Page::new(one.title.clone(), "standards").subtitle(ui.t("standard-note")).actions(ui.buttons(buttons));
    visit.page_of(&page, &body)
}

/// The standard on paper; every print is in the trail.
async fn paper(visit: Visit, Path(axis): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), work.business_date);
    let (one, policy) = find(&mut work, &ui, &axis).await?;
    let article = one.articles.first().map(|(_, title)| title.clone()).unwrap_or_default();
    let form = ("class_standard", article);
    let frame = frame(&mut work, &one.axis, form, visit.actor.name.clone()).await?;
    let version = policy.pack().version();
    let report = write(&ui, &one, format!("{} {}", version.pack, version.version), frame);
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&report))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    let entry = Entry::new(None, "standard.print", format!("standard:{axis}"));
    work.audit(entry.after(json!({"axis": axis, "pages": printed.pages}))).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{axis}.pdf\"")),
    ];
    Ok((headers, printed.pdf).into_response())
}

fn write(ui: &Ui, one: &Standard, version: String, frame: Frame) -> Report {
    let fact = |label: &str, value: String| (ui.t(label), value);
    let column = |id: &str, share| Column { title: ui.t(id), align: Align::Left, share };
    let columns = vec![column("standard-class", 2), column("standard-conditions", 6), column("standard-measures", 3)];
    let joined = |texts: &[String]| texts.join(&ui.t("standard-or"));
    let rows = one
        .classes
        .iter()
        .map(|class| vec![class.title.clone(), joined(&class.conditions), class.measures.join(&ui.t("list-comma"))]);
    let table = ReportTable { columns, rows: rows.collect() };
    let articles: Vec<String> = one.articles.iter().map(|(_, title)| title.clone()).collect();
    Report {
        frame,
        title: ui.t1("standard-of-axis", "axis", &one.title),
        facts: vec![
            fact("standard-of", whom(ui, &one.of)),
            fact("standard-review", one.review_months.to_string()),
            fact("standard-version", version),
        ],
        sections: vec![
            Section { title: ui.t("standard-classes"), paragraphs: Vec::new(), table: Some(table) },
            Section::words(ui.t("standard-articles"), articles.join(&ui.t("list-comma"))),
        ],
        signatures: Vec::new(),
    }
}
