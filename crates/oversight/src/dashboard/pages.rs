//! The page of the dashboard, its derivations, and the workbooks of its tables.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{Html as HtmlResponse, IntoResponse, Response};
use platform::audit::Entry;
use platform::error::{ActionError, RefusalKind, Refused};
use platform::locale::{Lang, MoneyUnit};
use platform::page::{Button, Html, Icon, Look, Page, Subject, Tile, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;
use serde_json::json;

use super::model::Overview;
use super::pictures::{Painter, Picture};
use super::tiles::{self, Links};
use super::{store, why};
use crate::DASHBOARD_VIEW;
use crate::grade::{self, Grades};
use crate::rows::pages::as_of_text;
use crate::standpoint::{Asked, Standpoint};

/// The pages of the dashboard.
pub fn routes() -> Routes {
    Routes::new()
        .get("/dashboard", DASHBOARD_VIEW, index)
        .data::<super::data::DashboardData, _, _>("/dashboard", DASHBOARD_VIEW, super::data::dashboard)
        .get("/dashboard/why/{figure}", DASHBOARD_VIEW, reasons)
        .data::<platform::api::DerivationData, _, _>("/dashboard/why/{figure}", DASHBOARD_VIEW, super::data::reasons)
        .get("/dashboard/export.xlsx", DASHBOARD_VIEW, export)
}

#[derive(Template)]
#[template(path = "dashboard/index.html")]
struct IndexBody<'a> {
    ui: &'a Ui,
    book: Vec<Tile>,
    days: Vec<Tile>,
    pictures: Vec<Picture>,
    /// Where the rest is asked for, if it comes behind the first figures.
    later: Option<String>,
}

/// Which table is taken away.
#[derive(Debug, Deserialize)]
struct ExportAsked {
    #[serde(default)]
    table: String,
    #[serde(flatten)]
    clocks: Asked,
}

/// What every page here reads.
pub(super) struct Loaded {
    pub(super) at: Standpoint,
    pub(super) overview: Overview,
    pub(super) grades: Grades,
}

pub(super) async fn load(work: &mut Work, asked: &Asked) -> Result<Loaded, WebError> {
    let scope = work.authorise(DASHBOARD_VIEW)?;
    let at = Standpoint::of(asked, work.business_date, work.now).map_err(ActionError::from)?;
    let grades = grade::in_force(work, at.as_of).await?;
    Ok(Loaded { overview: store::overview(&mut work.tx, scope, &at).await?, grades, at })
}

/// Only the first figures.
async fn load_first(work: &mut Work, asked: &Asked) -> Result<Loaded, WebError> {
    let scope = work.authorise(DASHBOARD_VIEW)?;
    let at = Standpoint::of(asked, work.business_date, work.now).map_err(ActionError::from)?;
    let grades = grade::in_force(work, at.as_of).await?;
    let overview = store::first(&mut work.tx, scope, &at).await.map_err(ActionError::from)?;
    Ok(Loaded { overview, grades, at })
}

/// A dashboard shows 万元.
pub fn pen(visit: &Visit) -> Ui {
    visit.ui().with_unit(MoneyUnit::WanYuan)
}

async fn index(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = pen(&visit);
    let mut work = visit.read().await?;
    // The first figures of a large book are there at once; what must be counted over many loans comes behind them.
    let later = !visit.request.fragment() && store::is_large(&mut work.tx).await.map_err(ActionError::from)?;
    let it = if later { load_first(&mut work, &asked).await? } else { load(&mut work, &asked).await? };
    drop(work);
    let links = Links { at: &it.at, may: visit.may("loan.view") };
    let painter = Painter { ui: &ui, it: &it.overview, grades: &it.grades, links };
    let body = IndexBody {
        ui: &ui,
        book: tiles::book(&ui, &it.overview, &it.grades, &links),
        days: if later { Vec::new() } else { tiles::days(&ui, &it.overview, &links) },
        pictures: painter.all(),
        later: later.then(|| it.at.address("/dashboard", &[])),
    };
    let matrix = it.at.address("/dashboard/migration", &[]);
    let actions = ui.button(Button::link(Look::Secondary, ui.t("migration-title"), matrix).icon(Icon::ArrowsExchange));
    let head = head(&ui, ui.t("dashboard-title"), "/dashboard", &it.at, actions);
    visit.page(&Page::new(ui.t("dashboard-title"), "dashboard").head(head), &body)
}

/// The head with the two clocks; it turns watch-toned when they do not show the present.
pub fn head(ui: &Ui, title: String, path: &str, at: &Standpoint, actions: Html) -> Html {
    ui.subject(&Subject {
        name: title,
        note: format!("{} · {}", as_of_text(ui, at), ui.t1("dashboard-unit", "unit", ui.unit_name())),
        clocks: Some(at.clocks(path)),
        actions,
        ..Subject::default()
    })
}

async fn reasons(visit: Visit, Path(figure): Path<String>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = pen(&visit);
    if !why::FIGURES.contains(&figure.as_str()) {
        return Err(WebError::NoSuchPage);
    }
    let it = load(&mut visit.read().await?, &asked).await?;
    let links = Links { at: &it.at, may: visit.may("loan.view") };
    let derivation = why::derivation(&ui, &figure, &it.overview, &it.grades, &links).ok_or(WebError::NoSuchPage)?;
    let drawn = ui.derivation(&derivation);
    if visit.request.fragment() {
        return Ok(HtmlResponse(drawn.into_string()).into_response());
    }
    visit.page_of(&Page::new(ui.t("dashboard-title"), "dashboard").drawer(drawn), &Html::new())
}

async fn export(visit: Visit, Query(asked): Query<ExportAsked>) -> Result<Response, WebError> {
    let ui = pen(&visit);
    let mut work = visit.begin().await?;
    let it = load(&mut work, &asked.clocks).await?;
    let links = Links { at: &it.at, may: false };
    let pictures = Painter { ui: &ui, it: &it.overview, grades: &it.grades, links }.all();
    let picture =
        pictures.into_iter().find(|picture| picture.key == asked.table).ok_or_else(|| unknown(&asked.table))?;
    let after = json!({ "table": picture.key, "as_of": it.at.as_of, "known_at": it.at.known_text() });
    work.audit(Entry::new(None, "dashboard.export", "dashboard").after(after)).await?;
    work.commit().await?;
    let bytes = picture
        .grid
        .workbook(&[&picture.grid.title, &as_of_text(&ui, &it.at)])
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    let name = if visit.lang == Lang::En { "dashboard" } else { "jiashicang" };
    Ok(workbook_answer(&format!("{name}-{}-{}", picture.key, it.at.as_of), bytes).into_response())
}

/// There is no such table.
pub fn unknown(table: &str) -> Refused {
    Refused::new(RefusalKind::NotFound, "dashboard-table").with("table", table)
}

/// A workbook as a file to keep.
pub fn workbook_answer(name: &str, bytes: Vec<u8>) -> impl IntoResponse + use<> {
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.xlsx\"")),
    ];
    (headers, bytes)
}
