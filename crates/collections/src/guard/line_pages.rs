//! The register of lines that calls are made from (外呼线路).

use axum::response::Response;
use customers::card_table::draw as cards;
use platform::api::Data;
use platform::error::Refused;
use platform::page::{Button, Field, Html, Icon, Input, Look};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions::register_line;
use super::pages::typed;
use super::store;
use crate::CONTACT_OPEN;

/// Where the register is.
pub(crate) const LINES: &str = "/collections/lines";

platform::form_fields! {
    /// A line that calls are made from.
    LineForm: "number", "label"
}

/// Its page and its form.
pub(super) fn routes() -> Routes {
    Routes::new().get(LINES, CONTACT_OPEN, lines_page).data::<Vec<LineData>, _, _>(LINES, CONTACT_OPEN, data).post(
        LINES,
        CONTACT_OPEN,
        lines,
    )
}

/// A line that calls are made from (外呼线路), as a program reads it.
#[derive(Debug, Serialize, JsonSchema)]
struct LineData {
    /// The key.
    id: String,
    /// Its number.
    number: String,
    /// What people call it.
    label: String,
}

async fn data(visit: Visit) -> Result<Data<Vec<LineData>>, WebError> {
    let mut work = visit.read().await?;
    let lines = store::lines(&mut work.tx).await?.into_iter();
    Ok(Data(lines.map(|line| LineData { id: line.id.to_string(), number: line.number, label: line.label }).collect()))
}

async fn lines_page(visit: Visit) -> Result<Response, WebError> {
    draw_lines(&visit, &Fields::default(), None).await
}

async fn draw_lines(visit: &Visit, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let rows: Vec<Vec<Html>> = store::lines(&mut work.tx)
        .await?
        .into_iter()
        .map(|line| vec![Html::of_text(line.number), Html::of_text(line.label)])
        .collect();
    let heads = [ui.t("guard-line"), ui.t("guard-line-label")];
    let note = if rows.is_empty() { Html::new() } else { cards(&ui.t("guard-lines-title"), &heads, &rows) };
    let field = |id: &str, label: &str| Field::new(id, ui.t(label), Input::Text).value(typed(fields, id)).required();
    FormPage {
        title: ui.t("guard-lines-title"),
        subtitle: ui.t("guard-lines-note"),
        active: "lines",
        action: LINES.to_owned(),
        fields: vec![field("number", "guard-line"), field("label", "guard-line-label")],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-line-add")).icon(Icon::Plus)],
        back: "/".to_owned(),
    }
    .draw(visit, refused)
}

async fn lines(posted: Posted<LineForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("calling_line.register").await?;
    let (number, label) = (typed(&posted.fields, "number"), typed(&posted.fields, "label"));
    match register_line(&mut work, &number, &label).await {
        Ok(_) => posted.done(work, LINES).await,
        Err(error) => {
            drop(work);
            draw_lines(&posted.visit, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}
