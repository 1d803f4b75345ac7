//! The page of the institution (机构设置页).

use axum::response::Response;

use super::{Institution, SETTINGS_MANAGE, actions, store};
use crate::args;
use crate::clock::civil_minute;
use crate::db::{StoreError, Tx};
use crate::error::Refused;
use crate::page::{Button, Field, Html, Icon, Input, Look, Tone};
use crate::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/institution", SETTINGS_MANAGE, page)
        .data::<super::data::InstitutionData, _, _>("/institution", SETTINGS_MANAGE, super::data::institution)
        .post("/institution", SETTINGS_MANAGE, save)
}

async fn page(visit: Visit) -> Result<Response, WebError> {
    draw(&visit, None, None).await
}

async fn draw(visit: &Visit, typed: Option<&Fields>, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (stands, version) = store::load(&mut work.tx).await?;
    let shown = typed.map_or(stands, |typed| Institution::read(|name| typed.first(name)));
    let seen = typed.and_then(|typed| typed.first("seen")).map_or_else(|| version.to_string(), str::to_owned);
    let field = |(name, value): (&'static str, &str)| {
        let id = format!("institution-{}", name.replace('_', "-"));
        let hint = ui.locale.find(&format!("{id}-hint")).unwrap_or_default();
        let field = Field::new(name, ui.t(&id), Input::Text).value(value).hint(hint);
        if matches!(name, "name" | "contact") { field.required() } else { field }
    };
    let mut note = Html::new();
    note.raw("<input type=\"hidden\" name=\"seen\"").attr("value", seen).raw(">");
    if let Some((who, at)) = last_change(&mut work.tx).await? {
        let text = ui.t2("institution-changed", "who", who, "at", at);
        note.push(&ui.note(Tone::Neutral, Icon::History, Html::of_text(text)));
    }
    let page = FormPage {
        active: "institution",
        title: ui.t("institution-title"),
        subtitle: ui.t("institution-note"),
        action: "/institution".to_owned(),
        fields: shown.fields().into_iter().map(field).collect(),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("institution-save")).icon(Icon::Check)],
        back: "/".to_owned(),
    };
    page.draw(visit, refused)
}

/// Who changed it last, and when; nobody since the set-up.
async fn last_change(tx: &mut Tx) -> Result<Option<(String, String)>, StoreError> {
    let row = tx
        .fetch_optional(
            "select u.name, e.at from audit_entry e join app_user u on u.id = e.user_id \
             where e.action = 'institution.change' order by e.at desc, e.seq desc limit 1",
            args![],
        )
        .await?;
    row.map(|row| Ok((row.get("name")?, civil_minute(row.get("at")?)))).transpose()
}

crate::form_fields! {
    /// What the institution is.
    InstitutionForm: "seen", "name", "code", "credit_code", "address", "contact", "account"
}

async fn save(posted: Posted<InstitutionForm>) -> Result<Response, WebError> {
    let wish = Institution::read(|name| posted.fields.first(name));
    let seen = posted.fields.first("seen").and_then(|seen| seen.parse().ok()).unwrap_or(0);
    let mut work = posted.begin("institution.change").await?;
    let done = actions::change(&mut work, seen, &wish).await;
    match posted.finish(work, done, "/institution").await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, Some(&posted.fields), Some(&refused)).await,
    }
}
