//! Pages of merges: two files side by side with the form that asks for a merge, and the form that asks for its end.

use axum::extract::{Path, Query};
use axum::response::Response;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::actions::{self, Wish};
use super::error::MergeError;
use super::{MERGE, data, side, store};
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::pages::ReasonForm;
use crate::customer::store as customers;
use crate::duplicate;
use crate::reveal::reason;

/// What the button submits as `do` that only compares.
const COMPARE: &str = "compare";

platform::form_fields! {
    /// Two files that shall be one: the number of the other one, the key of the one that stays, why.
    MergeForm: "with", "keep", "reason", "do"
}

/// The forms.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/merge", MERGE, page)
        .post("/customers/{id}/merge", MERGE, ask)
        .get("/customers/{id}/unmerge", MERGE, undo_page)
        .post("/customers/{id}/unmerge", MERGE, undo)
        .post("/customers/{id}/merge/withdraw", MERGE, withdraw)
        .data::<Vec<data::MergeData>, _, _>("/customers/{id}/merges", VIEW, data::merges)
}

/// Which other file is meant: its number.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub with: String,
}

/// Where two files stand side by side.
pub(crate) fn compare_path(id: CustomerId, number: &str) -> String {
    platform::page::list::address(&format!("/customers/{id}/merge"), &[("with", number)])
}

/// Two files within scope, the other one by its number.
///
/// # Errors
/// One is not within scope; [`MergeError::NoSuchOther`], [`MergeError::Itself`].
pub(crate) async fn pair(work: &mut Work, id: CustomerId, with: &str) -> Result<(Customer, Customer), ActionError> {
    let one = load_within(work, id, MERGE).await?;
    let found = match with.trim() {
        "" => None,
        number => customers::find_by_number(&mut work.tx, number).await?,
    };
    let Some(other) = found else { return Err(MergeError::NoSuchOther.into()) };
    if other.id == one.id {
        return Err(MergeError::Itself.into());
    }
    match load_within(work, other.id, MERGE).await {
        Ok(other) => Ok((one, other)),
        Err(ActionError::Refused(_)) => Err(MergeError::NoSuchOther.into()),
        Err(broken) => Err(broken),
    }
}

async fn page(visit: Visit, Path(id): Path<CustomerId>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let typed = Fields::new(vec![("with".to_owned(), asked.with)]);
    draw(&visit, id, &typed, None).await
}

async fn draw(visit: &Visit, id: CustomerId, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let with = typed.first("with").unwrap_or("").trim().to_owned();
    if with.is_empty() {
        return ask_other(visit, &mut work, id, typed, refused).await;
    }
    match pair(&mut work, id, &with).await {
        Ok((one, other)) => compare(visit, &mut work, (&one, &other), typed, refused).await,
        Err(ActionError::Refused(no)) if no.fields.iter().any(|wrong| wrong.field == "with") => {
            ask_other(visit, &mut work, id, typed, Some(refused.unwrap_or(&no))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks which other file is meant.
async fn ask_other(
    visit: &Visit,
    work: &mut Work,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let one = load_within(work, id, MERGE).await?;
    let page = FormPage {
        active: "duplicates",
        title: ui.t("merge-title"),
        subtitle: format!("{} {}", one.name, one.number),
        action: format!("/customers/{id}/merge"),
        fields: vec![
            Field::new("with", ui.t("merge-with"), Input::Text)
                .value(typed.first("with").unwrap_or(""))
                .hint(ui.t("merge-with-hint"))
                .required(),
        ],
        buttons: vec![
            Button::submit(Look::Primary, ui.t("merge-compare")).submits("do", COMPARE).icon(Icon::GitCompare),
        ],
        back: format!("/customers/{id}"),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn compare(
    visit: &Visit,
    work: &mut Work,
    (one, other): (&Customer, &Customer),
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let keeps_first = actions::keeps_first(work, one, other).await?;
    let proposed = if keeps_first { one } else { other };
    let mut note = Html::new();
    note.raw("<input type=\"hidden\" name=\"with\"").attr("value", &other.number).raw(">");
    if side::identities_differ([one, other]) {
        let words = Html::of_text(ui.t("merge-identities-differ"));
        note.push(&ui.note(Tone::Sub, Icon::AlertTriangle, words));
    }
    note.push(&side::table(visit, work, [one, other]).await?);
    let judged = duplicate::store::apart(&mut work.tx, [one.id, other.id]).await?;
    if let Some(judged) = &judged {
        let words = ui.t2("duplicate-judged-note", "on", judged.on, "reason", &judged.reason);
        note.push(&ui.note(Tone::Watch, Icon::InfoCircle, Html::of_text(words)));
    }
    let apart = if judged.is_some() { "duplicate-take-back" } else { "duplicate-apart" };
    let href = platform::page::list::address(&format!("/customers/{}/apart", one.id), &[("with", &other.number)]);
    note.raw("<p>").push(&ui.button(Button::link(Look::Secondary, ui.t(apart), href).icon(Icon::UserX)));
    note.raw("</p><p class=\"hint\">").text(ui.t1("merge-proposed", "number", &proposed.number)).raw("</p>");
    let choice = |file: &Customer| Choice::new(file.id.to_string(), format!("{} {}", file.number, file.name));
    let page = FormPage {
        active: "duplicates",
        title: ui.t("merge-title"),
        subtitle: format!("{} {} · {} {}", one.name, one.number, other.name, other.number),
        action: format!("/customers/{}/merge", one.id),
        fields: vec![
            Field::new("keep", ui.t("merge-keep"), Input::Radio(vec![choice(one), choice(other)]))
                .value(typed.first("keep").map_or_else(|| proposed.id.to_string(), str::to_owned))
                .hint(ui.t("merge-keep-hint"))
                .required(),
            Field::new("reason", ui.t("customer-reason"), Input::Text)
                .value(typed.first("reason").unwrap_or(""))
                .hint(ui.t("merge-reason-hint"))
                .required(),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("merge-ask")).icon(Icon::Send)],
        back: format!("/customers/{}", one.id),
    };
    page.draw(visit, refused)
}

async fn ask(Path(id): Path<CustomerId>, posted: Posted<MergeForm>) -> Result<Response, WebError> {
    if posted.fields.first("do") == Some(COMPARE) {
        let mut work = posted.visit.read().await?;
        let found = pair(&mut work, id, posted.fields.first("with").unwrap_or("")).await;
        drop(work);
        return match (found, posted.visit.checked()) {
            (Err(error), Some(_)) => Err(error.into()),
            (Ok(_), Some(checked)) => Ok(checked),
            (_, None) => draw(&posted.visit, id, &posted.fields, None).await,
        };
    }
    let mut work = posted.begin("merge.request").await?;
    let done = asked(&mut work, id, &posted.fields).await;
    let place = done.as_ref().map_or_else(|_| String::new(), |one| format!("/customers/{}?tab=merged", one.into));
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

async fn asked(work: &mut Work, id: CustomerId, typed: &Fields) -> Result<super::model::Merge, ActionError> {
    let (one, other) = pair(work, id, typed.first("with").unwrap_or("")).await?;
    let keep = typed.first("keep").unwrap_or("");
    let (gone, into) = if keep == one.id.to_string() {
        (other.id, one.id)
    } else if keep == other.id.to_string() {
        (one.id, other.id)
    } else {
        return Err(Refused::form(vec![FieldError::choice("keep", keep)]).into());
    };
    let reason = typed.first("reason").unwrap_or("").to_owned();
    actions::request(work, &Wish { gone, into, reason }).await
}

async fn undo_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_undo(&visit, id, &Fields::default(), None).await
}

async fn draw_undo(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let file = load_within(&mut work, id, MERGE).await?;
    let Some(one) = store::standing(&mut work.tx, id).await? else {
        return Err(ActionError::from(MergeError::NotMerged).into());
    };
    let into = load_within(&mut work, one.into, MERGE).await?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t2("merge-undo-note", "gone", &file.number, "into", &into.number));
    note.raw("</p>");
    let page = FormPage {
        active: "duplicates",
        title: ui.t("merge-undo"),
        subtitle: format!("{} {} → {} {}", file.name, file.number, into.name, into.number),
        action: format!("/customers/{id}/unmerge"),
        fields: vec![
            Field::new("reason", ui.t("customer-reason"), Input::Text)
                .value(typed.first("reason").unwrap_or(""))
                .hint(ui.t("merge-undo-hint"))
                .required(),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("merge-undo-ask")).icon(Icon::ArrowBackUp)],
        back: format!("/customers/{}?tab=merged", into.id),
    };
    page.draw(visit, refused)
}

async fn undo(Path(id): Path<CustomerId>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("merge.undo").await?;
    let done = actions::request_undo(&mut work, id, reason(&posted)).await;
    let place = done.as_ref().map_or_else(|_| String::new(), |one| format!("/customers/{}?tab=merged", one.into));
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_undo(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

async fn withdraw(Path(id): Path<CustomerId>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("merge.withdraw").await?;
    actions::withdraw(&mut work, id).await?;
    posted.done(work, format!("/customers/{id}?tab=merged")).await
}

/// Nothing is asked for.
#[derive(Debug, Deserialize)]
struct Nothing {}

/// The way to the comparison, for who may merge.
pub(super) fn compare_button(visit: &Visit, ui: &Ui, id: CustomerId) -> Html {
    if !visit.may(MERGE) {
        return Html::new();
    }
    let link = Button::link(Look::Small, ui.t("merge-with-other"), format!("/customers/{id}/merge"));
    ui.button(link.icon(Icon::GitCompare))
}
