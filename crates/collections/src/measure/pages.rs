//! The page of the measures (清收指标) and its workbooks.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use platform::audit::Entry;
use platform::error::{ActionError, RefusalKind, Refused};
use platform::locale::MoneyUnit;
use platform::page::{Icon, Page, Tile, Ui};
use platform::sheets::BookWriter;
use platform::web::{Routes, Visit, WebError, xlsx};
use platform::work::Work;
use serde::Deserialize;
use serde_json::json;

use super::figures::{self, Figures};
use super::model::By;
use super::pictures::{Painter, Picture};
use super::words::Words;
use super::{MEASURE_VIEW, PAGE, data};

/// The page, and one of its tables or all as a workbook.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(PAGE, MEASURE_VIEW, index)
        .data::<data::MeasuresData, _, _>(PAGE, MEASURE_VIEW, data::measures)
        .get("/measures/export.xlsx", MEASURE_VIEW, export)
}

/// What an address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    table: String,
}

/// Loads what an address asks for.
pub(super) async fn load(work: &mut Work, asked: &Asked) -> Result<Figures, WebError> {
    let scope = work.authorise(MEASURE_VIEW).map_err(ActionError::from)?;
    let by = match asked.by.as_str() {
        "" => By::Branch,
        typed => By::parse(typed).ok_or_else(|| unknown("by", typed)).map_err(ActionError::from)?,
    };
    let period = figures::period(&asked.from, &asked.to, work.business_date).map_err(ActionError::from)?;
    Ok(figures::load(work, scope, period, by).await?)
}

fn unknown(field: &str, typed: &str) -> Refused {
    Refused::new(RefusalKind::Invalid, "measure-unknown").with("field", field).with("typed", typed)
}

#[derive(Template)]
#[template(path = "measure/index.html")]
struct Body<'a> {
    ui: &'a Ui,
    from: String,
    to: String,
    groups: Vec<(&'static str, String, bool)>,
    tiles: Vec<Tile>,
    pictures: Vec<Picture>,
}

async fn index(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui().with_unit(MoneyUnit::WanYuan);
    let mut work = visit.read().await?;
    let it = load(&mut work, &asked).await?;
    let words = Words::load(&mut work).await?;
    let painter = Painter { ui: &ui, it: &it, words: &words };
    let group = |by: By| (by.as_str(), ui.t(format!("measure-by-{}", by.as_str())), by == it.by);
    let body = Body {
        ui: &ui,
        from: it.period.from.to_string(),
        to: it.period.to.to_string(),
        groups: By::ALL.map(group).to_vec(),
        tiles: painter.tiles(),
        pictures: painter.all(),
    };
    let note = ui.tn(
        "measure-note",
        &[
            ("from", it.period.from.to_string()),
            ("to", it.period.to.to_string()),
            ("unit", ui.unit_name()),
            ("article", words.article(&ui, "overdue.measures")),
        ],
    );
    visit.page(&Page::new(ui.t("measure-title"), "measures").subtitle(note), &body)
}

async fn export(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let it = load(&mut work, &asked).await?;
    let words = Words::load(&mut work).await?;
    let pictures = Painter { ui: &ui, it: &it, words: &words }.all();
    let chosen: Vec<Picture> =
        pictures.into_iter().filter(|one| asked.table.is_empty() || one.key == asked.table).collect();
    if chosen.is_empty() {
        return Err(ActionError::from(unknown("table", &asked.table)).into());
    }
    let after = json!({"table": asked.table, "from": it.period.from, "to": it.period.to, "by": it.by.as_str()});
    work.audit(Entry::new(None, "measure.export", "measures").after(after)).await?;
    work.commit().await?;
    let days = ui.t2("measure-days", "from", it.period.from, "to", it.period.to);
    let mut book = BookWriter::new();
    for picture in &chosen {
        picture
            .grid
            .sheet(&mut book, &[&picture.grid.title, &days])
            .map_err(|e| ActionError::Internal(e.to_string()))?;
    }
    let content = book.finish().map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(xlsx(&format!("measures-{}-{}.xlsx", it.period.from, it.period.to), content))
}
