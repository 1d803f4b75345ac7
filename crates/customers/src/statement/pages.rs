//! Pages of financial statements: the tab with figures, ratios and trend, entry by hand and by file.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use platform::customer_page::{PanelBody, PanelSize};
use platform::error::{ActionError, FieldError, Refused};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Chart, Field, Html, Icon, Input, Look, Page, Series, Shape, Side, Table, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Upload, Visit, WebError, failing_field, shown_in_form};
use platform::work::Work;

use super::form::{self, StatementForm};
use super::line;
use super::model::{Ratio, Statement, counting};
use super::{actions, store};
use crate::customer::actions::load_within;
use crate::customer::model::CustomerKind;
use crate::relation::form::percent;
use crate::{EDIT, VIEW};

/// How many periods stand side by side.
const PERIODS: usize = 4;

/// The pages about financial statements.
pub fn routes() -> Routes {
    Routes::new()
        .data::<Vec<super::data::StatementData>, _, _>("/customers/{id}/statements", VIEW, super::data::statements)
        .get("/customers/{id}/statements/new", EDIT, new_page)
        .post("/customers/{id}/statements/new", EDIT, enter)
        .get("/customers/{id}/statements/import", EDIT, import_page)
        .upload("/customers/{id}/statements/import", EDIT, import)
}

/// The tab on the page of a company.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let customer = load_within(work, id, VIEW).await?;
        if customer.kind != CustomerKind::Company {
            return Ok(PanelBody::default());
        }
        let all = store::of_customer(&mut work.tx, id).await?;
        let counting = counting(&all);
        let count = i64::try_from(counting.len()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let ui = visit.ui();
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("statement-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("statement-note")).raw("</span><div class=\"end\">");
        if visit.may(EDIT) {
            let new = Button::link(Look::Small, ui.t("statement-new"), format!("/customers/{id}/statements/new"));
            html.push(&ui.button(new.icon(Icon::Plus)));
            let file =
                Button::link(Look::Small, ui.t("statement-import"), format!("/customers/{id}/statements/import"));
            html.raw(" ").push(&ui.button(file.icon(Icon::FileImport)));
        }
        html.raw("</div></header>");
        if counting.is_empty() {
            html.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("statement-none")).raw("</p></div>");
        } else {
            html.push(&ui.table(table(&ui, &counting)));
        }
        html.raw("</section>").push(&trend(&ui, &counting));
        Ok(PanelBody { count, html })
    })
}

/// The latest periods side by side: lines, then ratios with their change.
fn table(ui: &Ui, counting: &[&Statement]) -> Table {
    let shown: Vec<&&Statement> = counting.iter().take(PERIODS).collect();
    let heads = std::iter::once((ui.t("statement-line"), Side::Left)).chain(shown.iter().map(|one| {
        let about = ui.t1("datum-months", "count", one.content.months);
        (format!("{} · {about}", one.content.period_end), Side::Right)
    }));
    let mut table = Table::new(ui.t("statement-title"), heads.collect::<Vec<_>>());
    for line in line::all() {
        if shown.iter().all(|one| one.line(line.name).is_none()) {
            continue;
        }
        let mut name = Html::new();
        match line.sum.is_empty() {
            true => name.text(form::title(ui, line)),
            false => name.raw("<b>").text(form::title(ui, line)).raw("</b>"),
        };
        table.row(std::iter::once(name).chain(shown.iter().map(|one| ui.money_or_dash(one.line(line.name)))));
    }
    for ratio in Ratio::ALL {
        let mut name = Html::new();
        name.raw("<b>").text(ui.t(format!("statement-ratio-{}", ratio.as_str()))).raw("</b>");
        let cells = shown.iter().map(|one| one.ratio(ratio).map_or_else(|| ui.dash(), |ppm| Html::of_text(share(ppm))));
        table.row(std::iter::once(name).chain(cells));
    }
    table
}

/// Parts per million as a percentage with two decimals at most: `66.67%`.
fn share(ppm: i64) -> String {
    let rounded = (ppm.abs() + 50) / 100 * 100;
    let sign = if ppm < 0 && rounded > 0 { "−" } else { "" };
    format!("{sign}{}%", percent(rounded))
}

/// How the ratios moved over the periods, the oldest at the left.
fn trend(ui: &Ui, counting: &[&Statement]) -> Html {
    let mut out = Html::new();
    if counting.len() < 2 {
        return out;
    }
    let periods: Vec<&&Statement> = counting.iter().rev().collect();
    let series = [Ratio::Debt, Ratio::Roe, Ratio::Margin].map(|ratio| Series {
        name: ui.t(format!("statement-ratio-{}", ratio.as_str())),
        values: periods.iter().map(|one| one.ratio(ratio).map(decimal)).collect(),
        notes: Vec::new(),
    });
    let chart = Chart {
        title: ui.t("statement-trend"),
        shape: Shape::Lines,
        labels: periods.iter().map(|one| one.content.period_end.to_string()).collect(),
        series: series.into_iter().filter(|one| one.values.iter().any(Option::is_some)).collect(),
        height: 220,
        ..Chart::default()
    };
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("statement-trend"));
    out.raw("</h2><span class=\"sub\">%</span></header><div class=\"panel-body\">").push(&ui.chart(chart));
    out.raw("</div></section>");
    out
}

/// Parts per million as a plain percentage for a chart: `-3.33`.
fn decimal(ppm: i64) -> String {
    let sign = if ppm < 0 { "-" } else { "" };
    let hundredths = (ppm.abs() + 50) / 100;
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

fn back(id: CustomerId) -> String {
    format!("/customers/{id}?tab=statements")
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_new(&visit, id, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, EDIT).await?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("statement-new-note")).raw("</p>");
    let page = FormPage {
        active: "customers",
        title: ui.t("statement-new"),
        subtitle: customer.name,
        action: format!("/customers/{id}/statements/new"),
        fields: form::fields(&ui, typed),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-save")).icon(Icon::Check)],
        back: back(id),
    };
    page.draw(visit, refused)
}

async fn enter(Path(id): Path<CustomerId>, posted: Posted<StatementForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("statement.enter").await?;
    let done = match form::read(&posted.fields) {
        Ok(new) => actions::enter(&mut work, id, &new).await,
        Err(refused) => Err(ActionError::from(refused)),
    };
    match posted.finish(work, done, back(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

async fn import_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_import(&visit, id, &Fields::default(), None).await
}

/// The form with a file has its own page: it is sent in parts.
async fn draw_import(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, EDIT).await?;
    let file = Input::File(".xlsx,.xls,.csv".to_owned());
    let mut fields = form::head_fields(&ui, typed);
    fields.push(Field::new("file", ui.t("statement-file"), file).hint(ui.t("statement-file-hint")).required());
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><form class=\"panel-body form grid\" method=\"post\"");
    body.raw(" enctype=\"multipart/form-data\"").attr("action", format!("/customers/{id}/statements/import")).raw(">");
    body.push(&ui.guard(visit.guard()));
    body.raw("<div class=\"full\"><p class=\"hint\">").text(ui.t("statement-import-note")).raw("</p></div>");
    for field in fields {
        let error = refused.and_then(|refused| failing_field(&ui, refused, &field.name));
        body.push(&ui.field(field.error(error)));
    }
    let submit = Button::submit(Look::Primary, ui.t("statement-import")).icon(Icon::FileImport);
    let cancel = Button::link(Look::Plain, ui.t("cancel"), back(id));
    body.raw("<div class=\"buttons\">")
        .push(&ui.button(submit))
        .push(&ui.button(cancel))
        .raw("</div></form></section>");
    let page = Page::new(ui.t("statement-import"), "customers").subtitle(customer.name);
    let mut response = visit.page_of(&page, &body)?;
    if refused.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// A file fills the lines; what was typed stands over it. What does not add up comes back in the form.
async fn import(Path(id): Path<CustomerId>, upload: Upload) -> Result<Response, WebError> {
    let file = upload.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty());
    let read = match file {
        Some(file) => form::from_file(&file.name, &file.bytes).map_err(|_| "statement-file-unreadable"),
        None => Err("field-empty"),
    };
    let typed = upload.fields.pairs().iter().filter(|(_, value)| !value.trim().is_empty()).cloned();
    let lines = match read {
        Ok(lines) => lines,
        Err(code) => {
            let refused = Refused::form(vec![FieldError::new("file", code)]);
            return draw_import(&upload.visit, id, &upload.fields, Some(&refused)).await;
        }
    };
    let fields = Fields::new(typed.chain(lines).collect());
    let mut work = upload.begin("statement.import").await?;
    let done = match form::read(&fields) {
        Ok(new) => actions::enter(&mut work, id, &new).await,
        Err(refused) => Err(ActionError::from(refused)),
    };
    match done {
        Ok(_) => upload.done(work, back(id)).await,
        Err(error) => {
            drop(work);
            let refused = shown_in_form(error)?;
            draw_new(&upload.visit, id, &fields, Some(&refused)).await
        }
    }
}
