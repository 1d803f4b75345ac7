//! One meeting with its forms: recorded, resolved case by case, signed; and what was resolved on the page of a case.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::UserId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::list::state_badge;
use super::model::{Meeting, MeetingError, NewMeeting, NewResolution, Resolution};
use super::{GROUP_SIGN, LIST, actions, data, page_of, paper};
use crate::case::model::Case;
use crate::{CASE_ASSIGN, CASE_VIEW};

platform::form_fields! {
    /// What is recorded of a meeting; `meeting_members` repeats.
    MeetingForm: "meeting_held", "meeting_head", "meeting_members", "meeting_words"
}
platform::form_fields! {
    /// What is resolved about a case.
    ResolutionForm: "meeting_case", "meeting_resolution", "meeting_task", "meeting_person", "meeting_due"
}
platform::form_fields! {
    /// Signing takes nothing besides.
    SignForm:
}

/// The forms, one meeting, its file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/meetings/new", CASE_ASSIGN, new_page)
        .post("/collections/meetings/new", CASE_ASSIGN, create)
        .get("/collections/meetings/{id}", CASE_VIEW, show)
        .data::<data::MeetingData, _, _>("/collections/meetings/{id}", CASE_VIEW, data::meeting)
        .get("/collections/meetings/{id}/minutes.pdf", CASE_VIEW, print)
        .get("/collections/meetings/{id}/resolutions", CASE_ASSIGN, resolution_page)
        .post("/collections/meetings/{id}/resolutions", CASE_ASSIGN, resolve)
        .post("/collections/meetings/{id}/sign", GROUP_SIGN, sign)
}

type Names = BTreeMap<UserId, String>;

fn name(names: &Names, user: UserId) -> String {
    names.get(&user).cloned().unwrap_or_default()
}

fn choices(names: &Names) -> Vec<Choice> {
    names.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect()
}

fn day(field: &'static str, typed: &str) -> Result<Option<Date>, FieldError> {
    match typed.trim() {
        "" => Ok(None),
        typed => typed.parse().map(Some).map_err(|_| FieldError::new(field, "date-unreadable").with("text", typed)),
    }
}

/// What is no key is nobody's.
fn person(typed: &str) -> Option<UserId> {
    Some(typed.trim()).filter(|typed| !typed.is_empty()).map(|typed| UserId(typed.parse().unwrap_or(0)))
}

fn read_meeting(fields: &Fields) -> Result<NewMeeting, MeetingError> {
    let text = |name: &str| fields.first(name).unwrap_or_default();
    let held = day("meeting_held", text("meeting_held"));
    let held = held.and_then(|on| on.ok_or_else(|| FieldError::new("meeting_held", "field-empty")));
    Ok(NewMeeting {
        held_on: held.map_err(|wrong| MeetingError::Form(vec![wrong]))?,
        head: person(text("meeting_head")).unwrap_or(UserId(0)),
        members: fields.all("meeting_members").filter_map(person).collect(),
        words: text("meeting_words").to_owned(),
    })
}

fn read_resolution(fields: &Fields) -> Result<NewResolution, MeetingError> {
    let text = |name: &str| fields.first(name).unwrap_or_default();
    let due_on = day("meeting_due", text("meeting_due")).map_err(|wrong| MeetingError::Form(vec![wrong]))?;
    Ok(NewResolution {
        case: text("meeting_case").trim().to_owned(),
        resolution: text("meeting_resolution").to_owned(),
        task: text("meeting_task").to_owned(),
        person: person(text("meeting_person")),
        due_on,
    })
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    let typed = Fields::new(vec![("meeting_held".to_owned(), visit.business_date.to_string())]);
    draw_new(&visit, &typed, None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let names = crate::people(&mut work).await.map_err(ActionError::from)?;
    let heads = actions::heads(&mut work).await?;
    let heads: Names = names.iter().filter(|(user, _)| heads.contains(user)).map(|(u, n)| (*u, n.clone())).collect();
    let value = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let form = FormPage {
        active: "meetings",
        title: ui.t("meeting-new"),
        subtitle: ui.t("meeting-new-note"),
        action: format!("{LIST}/new"),
        fields: vec![
            Field::new("meeting_held", ui.t("meeting-held"), Input::Date).value(value("meeting_held")).required(),
            Field::new("meeting_head", ui.t("meeting-head"), Input::Select(choices(&heads)))
                .value(value("meeting_head"))
                .hint(ui.t("meeting-head-hint"))
                .required(),
            Field::new("meeting_members", ui.t("meeting-members"), Input::Boxes(choices(&names)))
                .value(typed.all("meeting_members").collect::<Vec<_>>().join(" "))
                .wide(),
            Field::new("meeting_words", ui.t("meeting-words"), Input::Area)
                .value(value("meeting_words"))
                .hint(ui.t("meeting-words-hint")),
        ],
        note: Html::new(),
        buttons: vec![Button::submit(Look::Primary, ui.t("meeting-save")).icon(Icon::Check)],
        back: LIST.to_owned(),
    };
    form.draw(visit, refused)
}

async fn create(posted: Posted<MeetingForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("group_meeting.record").await?;
    let done = match read_meeting(&posted.fields) {
        Ok(new) => actions::record(&mut work, &new).await,
        Err(wrong) => Err(wrong.into()),
    };
    let place = done.as_ref().map(page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) if refused.code != "form-invalid" => Err(ActionError::from(refused).into()),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::load(&mut work, &id, CASE_VIEW).await?;
    let resolutions = actions::resolutions(&mut work, one.id).await?;
    let names = crate::people(&mut work).await.map_err(ActionError::from)?;
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><dl class=\"facts panel-body\">");
    for (label, value) in facts(&ui, &one, &names) {
        body.raw("<dt>").text(ui.t(label)).raw("</dt><dd class=\"wrap-anywhere\">").push(&value).raw("</dd>");
    }
    body.raw("</dl></section><section class=\"panel\"><header class=\"panel-head\"><h2>");
    body.text(ui.t("meeting-resolutions")).raw("</h2></header>");
    if resolutions.is_empty() {
        body.raw("<p class=\"panel-body muted\">").text(ui.t("meeting-no-resolutions")).raw("</p>");
    } else {
        body.push(&table(&ui, &resolutions, &names));
    }
    body.raw("</section>");
    let place = page_of(one.id);
    let link = |look, id: &str, href: String, icon| Button::link(look, ui.t(id), href).icon(icon);
    let mut buttons = vec![
        link(Look::Secondary, "meeting-back", LIST.to_owned(), Icon::ArrowLeft),
        link(Look::Secondary, "meeting-print", format!("{place}/minutes.pdf"), Icon::Printer),
    ];
    if one.signed.is_none() && visit.may(CASE_ASSIGN) {
        buttons.push(link(Look::Secondary, "meeting-resolve", format!("{place}/resolutions"), Icon::Plus));
    }
    let head = visit.actor.user == Some(one.content.head) && visit.actor.user != Some(one.by);
    if one.signed.is_none() && visit.may(GROUP_SIGN) && head && !resolutions.is_empty() {
        body.raw("<form class=\"form\" method=\"post\" data-once").attr("action", format!("{place}/sign")).raw(">");
        body.push(&ui.guard(visit.guard())).raw("<p class=\"hint\">").text(ui.t("meeting-sign-hint")).raw("</p>");
        body.push(&ui.button(Button::submit(Look::Primary, ui.t("meeting-sign")).icon(Icon::Signature)));
        body.raw("</form>");
    }
    let page = Page::new(format!("{} {}", ui.t("meeting-one"), one.number), "meetings")
        .subtitle(one.content.held_on.to_string())
        .actions(ui.buttons(&buttons));
    visit.page_of(&page, &body)
}

fn facts(ui: &Ui, one: &Meeting, names: &Names) -> Vec<(&'static str, Html)> {
    let members: Vec<String> = one.content.members.iter().map(|user| name(names, *user)).collect();
    let mut rows = vec![
        ("meeting-state", state_badge(ui, one).0),
        ("meeting-held", ui.date(one.content.held_on)),
        ("meeting-head", Html::of_text(name(names, one.content.head))),
        ("meeting-members", Html::of_text(members.join(&ui.t("list-comma")))),
        ("meeting-by", Html::of_text(format!("{} · {}", name(names, one.by), one.on))),
    ];
    if !one.content.words.is_empty() {
        rows.push(("meeting-words", Html::of_text(&one.content.words)));
    }
    if let Some((by, on)) = one.signed {
        rows.push(("meeting-signed", Html::of_text(format!("{} · {on}", name(names, by)))));
    }
    rows
}

/// What is to be done, by whom and by when, and what came of it.
pub(super) fn task_words(ui: &Ui, one: &Resolution, names: &Names) -> String {
    let Some((person, due_on)) = one.task() else { return "—".to_owned() };
    let words = [("task", one.content.task.clone()), ("person", name(names, person)), ("on", due_on.to_string())];
    let told = ui.tn("meeting-task-of", &words);
    match &one.outcome {
        Some((outcome, on)) => format!("{told} · {on} {outcome}"),
        None => told,
    }
}

fn table(ui: &Ui, resolutions: &[Resolution], names: &Names) -> Html {
    let heads = ["meeting-case", "meeting-resolution", "meeting-task"].map(|id| (ui.t(id), Side::Left));
    let mut table = Table::new(ui.t("meeting-resolutions"), heads);
    for one in resolutions {
        let mut case = Html::new();
        case.raw("<a").href(format!("{}/{}", crate::case::list::LIST, one.case.case)).raw(">");
        case.text(&one.content.case).raw("</a>");
        table.row([case, Html::of_text(&one.content.resolution), Html::of_text(task_words(ui, one, names))]);
    }
    ui.table(table)
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let one = actions::load(&mut work, &id, CASE_VIEW).await?;
    paper::answer(&visit, work, &one).await
}

async fn resolution_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_resolution(&visit, &id, &Fields::default(), None).await
}

async fn draw_resolution(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::load(&mut work, id, CASE_ASSIGN).await?;
    let names = crate::people(&mut work).await.map_err(ActionError::from)?;
    let value = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let nobody = std::iter::once(Choice::new("", ui.t("meeting-nobody")));
    let people = nobody.chain(choices(&names)).collect();
    let form = FormPage {
        active: "meetings",
        title: ui.t("meeting-resolve"),
        subtitle: one.number.clone(),
        action: format!("{}/resolutions", page_of(one.id)),
        fields: vec![
            Field::new("meeting_case", ui.t("meeting-case"), Input::Text)
                .value(value("meeting_case"))
                .hint(ui.t("meeting-case-hint"))
                .required(),
            Field::new("meeting_resolution", ui.t("meeting-resolution"), Input::Area)
                .value(value("meeting_resolution"))
                .required(),
            Field::new("meeting_task", ui.t("meeting-task"), Input::Text)
                .value(value("meeting_task"))
                .hint(ui.t("meeting-task-hint")),
            Field::new("meeting_person", ui.t("meeting-person"), Input::Select(people)).value(value("meeting_person")),
            Field::new("meeting_due", ui.t("meeting-due"), Input::Date).value(value("meeting_due")),
        ],
        note: Html::new(),
        buttons: vec![Button::submit(Look::Primary, ui.t("meeting-save")).icon(Icon::Check)],
        back: page_of(one.id),
    };
    form.draw(visit, refused)
}

async fn resolve(Path(id): Path<String>, posted: Posted<ResolutionForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("group_meeting.resolve").await?;
    let done = match read_resolution(&posted.fields) {
        Ok(new) => actions::resolve(&mut work, &id, &new).await,
        Err(wrong) => Err(wrong.into()),
    };
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_resolution(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn sign(Path(id): Path<String>, posted: Posted<SignForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("group_meeting.sign").await?;
    actions::sign(&mut work, &id).await?;
    posted.done(work, page_of(id)).await
}

/// 管理小组议定事项 on the page of a case; nothing where nothing was resolved.
///
/// # Errors
/// The store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let found = actions::of_case(work, case).await?;
    let mut html = Html::new();
    if found.is_empty() {
        return Ok(html);
    }
    let names = crate::people(work).await?;
    html.raw("<section class=\"panel\" id=\"resolutions\"><header class=\"panel-head\"><h2>");
    html.text(ui.t("meeting-of-case")).raw("</h2></header><ol class=\"rows\">");
    for one in found.iter().rev() {
        html.raw("<li><a").href(page_of(one.meeting)).raw("><strong>").text(&one.held.0).raw("</strong></a> ");
        html.raw("<span class=\"wrap-anywhere\">").text(&one.content.resolution).raw("</span> ");
        if one.task().is_some() {
            html.raw("<span class=\"muted wrap-anywhere\">").text(task_words(&ui, one, &names)).raw("</span>");
        }
        html.raw("<span class=\"end\">").push(&ui.date(one.held.1)).raw("</span></li>");
    }
    html.raw("</ol></section>");
    Ok(html)
}
