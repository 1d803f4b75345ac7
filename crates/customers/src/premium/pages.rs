//! Pages of the list: a new entry, one entry with its history, mending, taking off, and a file of several.

use axum::extract::Path;
use axum::response::Response;
use platform::attachment;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Side, Table, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Upload, Visit, WebError, shown_in_form};

use super::model::{Entry, PremiumId, PremiumState};
use super::{LIST, RECORD, actions, data, form, list, page_of, policy, store};
use crate::VIEW;
use crate::customer::store::user_names;
use crate::datum::form::date;
use crate::relation::form::percent;
use crate::reveal::{reason, reason_field};
use crate::sorting::view::{facts, link, panel};

/// What the paper of an entry may be.
const KINDS: &[&str] = &[
    "application/pdf",
    "image/jpeg",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
];

platform::form_fields! {
    /// When and why an enterprise is taken off the list.
    EndForm: "ended_on", "reason"
}

/// The pages of one entry.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/premium-enterprises/new", RECORD, new_page)
        .upload("/premium-enterprises/new", RECORD, submit)
        .get("/premium-enterprises/import", RECORD, import_page)
        .upload("/premium-enterprises/import", RECORD, import)
        .get("/premium-enterprises/{enterprise}", VIEW, show)
        .data::<data::PremiumData, _, _>("/premium-enterprises/{enterprise}", VIEW, data::enterprise)
        .get("/premium-enterprises/{enterprise}/edit", RECORD, edit_page)
        .upload("/premium-enterprises/{enterprise}/edit", RECORD, resubmit)
        .get("/premium-enterprises/{enterprise}/end", RECORD, end_page)
        .post("/premium-enterprises/{enterprise}/end", RECORD, end)
        .file("/premium-enterprises/{enterprise}/file", VIEW, take, KINDS)
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_form(&visit, None, &Fields::default(), None).await
}

async fn edit_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_form(&visit, Some(&id), &Fields::default(), None).await
}

/// The form of a new entry, or of one that is mended.
async fn draw_form(
    visit: &Visit,
    id: Option<&str>,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    work.authorise(RECORD).map_err(ActionError::from)?;
    let before = match id {
        Some(id) => Some(actions::seen(&mut work, id, RECORD).await?),
        None => None,
    };
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let items = policy::items(&rules, on)?;
    let limits = attachment::limits(&mut work).await?;
    let place = before.as_ref().map(|one| page_of(one.id));
    let title = ui.t(if before.is_some() { "premium-edit" } else { "premium-new" });
    let page = FormPage {
        active: "premium",
        title: title.clone(),
        subtitle: before.as_ref().map(|one| one.number.clone()).unwrap_or_default(),
        action: place.as_ref().map_or_else(|| format!("{LIST}/new"), |place| format!("{place}/edit")),
        fields: form::fields(&ui, (&rules, &items), typed, before.as_ref(), &limits),
        buttons: vec![Button::submit(Look::Primary, title).icon(Icon::Check)],
        back: place.unwrap_or_else(|| LIST.to_owned()),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn submit(upload: Upload) -> Result<Response, WebError> {
    let sent = upload.files.iter().find(|file| file.field == "file");
    let mut work = upload.begin("premium.submit").await?;
    let done = match form::read(&upload.fields) {
        Ok(content) => actions::submit(&mut work, &content, sent).await,
        Err(refused) => Err(refused.into()),
    };
    match done {
        Ok(id) => upload.done(work, page_of(id)).await,
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            draw_form(&upload.visit, None, &upload.fields, Some(&refused)).await
        }
    }
}

async fn resubmit(Path(id): Path<String>, upload: Upload) -> Result<Response, WebError> {
    let sent = upload.files.iter().find(|file| file.field == "file");
    let mut work = upload.begin("premium.resubmit").await?;
    let done = match form::read(&upload.fields) {
        Ok(content) => actions::resubmit(&mut work, &id, &content, sent).await,
        Err(refused) => Err(refused.into()),
    };
    match done {
        Ok(id) => upload.done(work, page_of(id)).await,
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            draw_form(&upload.visit, Some(&id), &upload.fields, Some(&refused)).await
        }
    }
}

async fn import_page(visit: Visit) -> Result<Response, WebError> {
    draw_import(&visit, None).await
}

/// The form of a file, with every row that was refused.
async fn draw_import(visit: &Visit, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, work) = (visit.ui(), visit.read().await?);
    work.authorise(RECORD).map_err(ActionError::from)?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("premium-import-note")).raw("</p>");
    let rows = refused.map(|refused| refused.fields.as_slice()).unwrap_or_default();
    if rows.len() > 1 {
        note.raw("<ul>");
        for wrong in rows {
            note.raw("<li>").text(ui.tn(format!("error-{}", wrong.code), &wrong.details)).raw("</li>");
        }
        note.raw("</ul>");
    }
    let file = Input::File(".xlsx,.xls,.csv".to_owned());
    let page = FormPage {
        active: "premium",
        title: ui.t("premium-import"),
        action: format!("{LIST}/import"),
        fields: vec![Field::new("file", ui.t("statement-file"), file).hint(ui.t("premium-import-hint")).required()],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("premium-import")).icon(Icon::FileImport)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn import(upload: Upload) -> Result<Response, WebError> {
    let mut work = upload.begin("premium.import").await?;
    let done = match upload.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty()) {
        Some(file) => actions::read_file(&mut work, &file.name, &file.bytes).await,
        None => Err(Refused::form(vec![FieldError::new("file", "field-empty")]).into()),
    };
    let done = match done {
        Ok(rows) => actions::submit_all(&mut work, &rows).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => upload.done(work, format!("{LIST}?view=waiting")).await,
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            draw_import(&upload.visit, Some(&refused)).await
        }
    }
}

fn text(words: impl AsRef<str>) -> Html {
    Html::of_text(words)
}

/// What is said of an enterprise, line by line.
fn said(ui: &Ui, one: &Entry, item: String, paper: Html) -> Vec<(String, Html)> {
    let content = &one.content;
    let over = [one.ended_on, content.until.and_then(|until| until.tomorrow().ok())];
    let mut rows = vec![
        (ui.t("premium-state"), list::state(ui, one.state, content.starts_on, over).0),
        (ui.t("premium-uscc"), text(&content.uscc)),
        (ui.t("premium-item"), text(item)),
    ];
    if let Some(board) = &content.board {
        rows.push((ui.t("premium-board"), text(form::board_title(ui, board))));
    }
    if let Some(years) = content.good_years {
        rows.push((ui.t("premium-good-years"), text(years.to_string())));
    }
    if let Some(parent) = &content.parent_uscc {
        let found = platform::page::list::address(LIST, &[("view", "all"), ("q", parent)]);
        rows.push((ui.t("premium-parent-uscc"), link(found, parent)));
    }
    if let Some(share) = content.parent_share_ppm {
        rows.push((ui.t("premium-parent-share"), text(format!("{}%", percent(share)))));
    }
    rows.push((ui.t("premium-proof"), text(&content.proof)));
    if one.paper.is_some() {
        rows.push((ui.t("attachment-file"), paper));
    }
    rows.push((ui.t("premium-from"), ui.date(content.starts_on)));
    rows.push((ui.t("premium-until"), content.until.map_or_else(|| text("—"), |on| ui.date(on))));
    if let Some(on) = one.approved_on {
        rows.push((ui.t("premium-approved-on"), ui.date(on)));
    }
    if let Some(on) = one.ended_on {
        rows.push((ui.t("premium-ended-on"), ui.date(on)));
    }
    if let Some(why) = &one.end_reason {
        rows.push((ui.t("premium-end-reason"), text(why)));
    }
    rows
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let history = store::of_enterprise(&mut work.tx, &one.content.uscc).await?;
    let names = user_names(&mut work.tx, &[one.maker]).await?;
    let item = form::item_title(&ui, &rules, &one.content.item, &one.content.industry);
    let paper = link(format!("{}/file", page_of(one.id)), ui.t("document-take"));
    let mut rows = said(&ui, &one, item, paper);
    let maker = names.get(&one.maker).cloned().unwrap_or_default();
    rows.push((ui.t("campaign-planner"), Html::of_text(maker)));
    let mut body = Html::new();
    panel(&mut body, &ui.t("premium-one"), &Html::new(), &facts(&rows));
    panel(&mut body, &ui.t("premium-history"), &Html::new(), &past(&ui, &history, one.id));
    let mut buttons = Vec::new();
    if visit.may(RECORD) {
        let place = |part: &str| format!("{}/{part}", page_of(one.id));
        if one.state == PremiumState::Submitted {
            buttons.push(Button::link(Look::Secondary, ui.t("premium-edit"), place("edit")).icon(Icon::Edit));
        }
        if one.state == PremiumState::Approved && one.ended_on.is_none() {
            buttons.push(Button::link(Look::Danger, ui.t("premium-end"), place("end")).icon(Icon::Ban));
        }
    }
    buttons.push(Button::link(Look::Secondary, ui.t("premium-title"), LIST).icon(Icon::ArrowLeft));
    let page = Page::new(one.content.name.clone(), "premium").subtitle(one.number.clone());
    visit.page_of(&page.actions(ui.buttons(buttons)), &body)
}

/// All entries of the enterprise, the earliest first.
fn past(ui: &Ui, history: &[Entry], now: PremiumId) -> Html {
    let heads = ["premium-number", "premium-from", "premium-until", "premium-ended-on", "premium-state"];
    let mut table = Table::new(ui.t("premium-history"), heads.map(|head| (ui.t(head), Side::Left)));
    let day = |on: Option<jiff::civil::Date>| on.map_or_else(|| Html::of_text("—"), |on| ui.date(on));
    for one in history {
        let number = match one.id == now {
            true => Html::of_text(&one.number),
            false => link(page_of(one.id), &one.number),
        };
        let over = [one.ended_on, one.content.until.and_then(|until| until.tomorrow().ok())];
        let (badge, _) = list::state(ui, one.state, one.content.starts_on, over);
        table.row([number, ui.date(one.content.starts_on), day(one.content.until), day(one.ended_on), badge]);
    }
    ui.table(table)
}

async fn end_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_end(&visit, &id, &Fields::default(), None).await
}

async fn draw_end(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, RECORD).await?;
    let from = typed.first("ended_on").map_or_else(|| ui.business_date.to_string(), str::to_owned);
    let page = FormPage {
        active: "premium",
        title: ui.t("premium-end"),
        subtitle: format!("{} {}", one.number, one.content.name),
        action: format!("{}/end", page_of(one.id)),
        fields: vec![
            Field::new("ended_on", ui.t("premium-ended-on"), Input::Date).value(from).required(),
            reason_field(&ui, typed, "premium-end-hint"),
        ],
        buttons: vec![Button::submit(Look::Danger, ui.t("premium-end")).icon(Icon::Ban)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn end(Path(id): Path<String>, posted: Posted<EndForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("premium.end").await?;
    let mut wrong = Vec::new();
    let on = date(&posted.fields, "ended_on", &mut wrong);
    let done = match wrong.is_empty() {
        true => actions::end(&mut work, &id, on, reason(&posted)).await,
        false => Err(Refused::form(wrong).into()),
    };
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_end(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

/// The paper itself, to be saved; the look is in the trail before the first byte leaves.
async fn take(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let opened = actions::paper(&mut work, &id).await?;
    work.commit().await?;
    Ok(attachment::response(opened))
}
