//! Placing a case, one placement, recalling it, and what the page of a case shows of it.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, FieldError, Refusal as _, Refused};
use platform::id::UserId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{AgencyError, NewPlacement, Placement};
use super::{
    AGENCY_PLACE, AGENCY_VIEW, PLACEMENTS, actions, data, list, page_of, placing, placing_store, rules, store,
};
use crate::CASE_VIEW;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId, CaseState};

platform::form_fields! {
    /// To whom a case goes, until when, with which words.
    PlacementForm: "worker", "house_contact", "until", "note"
}
platform::form_fields! {
    /// Why it comes back.
    RecallForm: "reason"
}

/// The pages of placements.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/placements/new", AGENCY_PLACE, new_page)
        .post("/collections/cases/{id}/placements/new", AGENCY_PLACE, create)
        .get("/collections/placements/{id}", AGENCY_VIEW, show)
        .data::<data::PlacementData, _, _>("/collections/placements/{id}", AGENCY_VIEW, data::placement)
        .get("/collections/placements/{id}/recall", AGENCY_PLACE, recall_page)
        .post("/collections/placements/{id}/recall", AGENCY_PLACE, recall)
}

async fn new_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_new(&visit, &id, &Fields::default(), None).await
}

/// The people of agencies that may be given cases today, and those of others with why not.
async fn workers(work: &mut Work) -> Result<(Vec<Choice>, Vec<(String, Refused)>), ActionError> {
    let (mut open, mut shut) = (Vec::new(), Vec::new());
    for agency in store::all(&mut work.tx).await? {
        if let Some(bar) = actions::bar(work, agency.id).await? {
            shut.push((agency.name, AgencyError::Barred(bar).refused()));
            continue;
        }
        for one in store::members(&mut work.tx, agency.id).await? {
            if one.ended_on.is_none() {
                let has = placing_store::load_of(&mut work.tx, one.user).await?;
                open.push(Choice::new(one.user.to_string(), format!("{} · {} ({has})", agency.name, one.name)));
            }
        }
    }
    Ok((open, shut))
}

/// A refusal in words.
pub(super) fn said(ui: &Ui, refused: &Refused) -> String {
    ui.tn(format!("error-{}", refused.code), &refused.details)
}

async fn draw_new(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let id = cases::parse(id).map_err(ActionError::from)?;
    let case = cases::load(&mut work, id, AGENCY_PLACE).await?;
    let (open, shut) = workers(&mut work).await?;
    let theirs = store::everybody(&mut work.tx).await?;
    let people = crate::people(&mut work).await?.into_iter().filter(|(user, _)| !theirs.contains(user));
    let contacts = people.map(|(user, name)| Choice::new(user.to_string(), name)).collect();
    let value = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let me = visit.actor.user.map(|user| user.to_string()).unwrap_or_default();
    let contact = typed.first("house_contact").map_or(me, str::to_owned);
    let mut note = Html::new();
    if let Err(bar) = placing::bar(&mut work, &case).await? {
        let refused = AgencyError::Barred(bar).refused();
        note.push(&ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(said(&ui, &refused))));
    }
    for (name, why) in &shut {
        let text = format!("{name}: {}", said(&ui, why));
        note.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(text)));
    }
    let form = FormPage {
        active: "placements",
        title: ui.t("placement-new"),
        subtitle: case.number.clone(),
        action: format!("/collections/cases/{}/placements/new", case.key.case),
        fields: vec![
            Field::new("worker", ui.t("placement-worker"), Input::Select(open)).value(value("worker")).required(),
            Field::new("house_contact", ui.t("placement-contact"), Input::Select(contacts)).value(contact).required(),
            Field::new("until", ui.t("placement-to"), Input::Date)
                .value(value("until"))
                .hint(ui.t("placement-to-hint"))
                .required(),
            Field::new("note", ui.t("placement-words"), Input::Area)
                .value(value("note"))
                .hint(ui.t("placement-words-hint")),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("placement-new")).icon(Icon::Check)],
        back: format!("/collections/cases/{}", case.key.case),
    };
    form.draw(visit, refused)
}

fn read(fields: &Fields) -> Result<NewPlacement, Refused> {
    let text = |name: &str| fields.first(name).unwrap_or_default().trim().to_owned();
    let user = |name: &str| text(name).parse::<UserId>().ok();
    let (worker, contact, to) = (user("worker"), user("house_contact"), text("until").parse().ok());
    let mut wrong = Vec::new();
    if worker.is_none() {
        wrong.push(FieldError::new("worker", "choice-invalid"));
    }
    if contact.is_none() {
        wrong.push(FieldError::new("house_contact", "choice-invalid"));
    }
    if to.is_none() {
        wrong.push(FieldError::new("until", "date-unreadable").with("text", text("until")));
    }
    match (worker, contact, to) {
        (Some(worker), Some(contact), Some(to)) => Ok(NewPlacement { worker, contact, to, note: text("note") }),
        _ => Err(Refused::form(wrong)),
    }
}

async fn create(Path(id): Path<String>, posted: Posted<PlacementForm>) -> Result<Response, WebError> {
    let new = match read(&posted.fields) {
        Ok(new) => new,
        Err(refused) => return draw_new(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    };
    let case: CaseId = cases::parse(&id).map_err(ActionError::from)?;
    let mut work = posted.begin("agency.place").await?;
    let done = placing::place(&mut work, case, &new).await;
    let place = done.as_ref().map(|id| format!("{PLACEMENTS}/{id}")).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (one, case) = placing::load(&mut work, &id, AGENCY_VIEW).await?;
    let agency = actions::load(&mut work, &one.agency.to_string(), AGENCY_VIEW).await?;
    let names = crate::people(&mut work).await?;
    let name = |user: UserId| Html::of_text(names.get(&user).cloned().unwrap_or_default());
    let link = |href: String, text: &str| {
        let mut html = Html::new();
        html.raw("<a").href(href).raw(">").text(text).raw("</a>");
        html
    };
    let number = match visit.may(CASE_VIEW) {
        true => link(format!("/collections/cases/{}", case.key.case), &case.number),
        false => Html::of_text(&case.number),
    };
    let mut rows = vec![
        ("placement-state", list::state(&ui, one.ended.as_ref().map(|ended| ended.reason)).0),
        ("case-number", number),
        ("agency-name", link(page_of(agency.id), &agency.name)),
        ("placement-worker", name(one.worker)),
        ("placement-contact", name(one.contact)),
        ("placement-overdue", ui.money(one.overdue)),
        ("placement-overdue-since", ui.date(one.overdue_since)),
        ("agency-commission-percent", Html::of_text(rules::rate(one.commission_bp))),
        ("placement-from", ui.date(one.from)),
        ("placement-to", ui.date(one.to)),
        ("placement-words", Html::of_text(&one.note)),
    ];
    if let Some(ended) = &one.ended {
        rows.push(("placement-ended-on", ui.date(ended.on)));
        rows.push(("placement-end-note", Html::of_text(&ended.note)));
    }
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><dl class=\"facts panel-body\">");
    for (label, value) in &rows {
        body.raw("<dt>").text(ui.t(label)).raw("</dt><dd>").push(value).raw("</dd>");
    }
    body.raw("</dl></section>");
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("placement-title"), PLACEMENTS).icon(Icon::ArrowLeft)];
    if one.ended.is_none() && visit.may(AGENCY_PLACE) {
        let href = format!("{PLACEMENTS}/{}/recall", one.id);
        buttons.push(Button::link(Look::Primary, ui.t("placement-recall"), href).icon(Icon::ArrowBackUp));
    }
    let page = Page::new(ui.t("placement-one"), "placements").subtitle(case.number).actions(ui.buttons(&buttons));
    visit.page_of(&page, &body)
}

async fn recall_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_recall(&visit, &id, &Fields::default(), None).await
}

async fn draw_recall(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (one, case) = placing::load(&mut work, id, AGENCY_PLACE).await?;
    let form = FormPage {
        active: "placements",
        title: ui.t("placement-recall"),
        subtitle: case.number,
        action: format!("{PLACEMENTS}/{}/recall", one.id),
        fields: vec![
            Field::new("reason", ui.t("placement-recall-reason"), Input::Area)
                .value(typed.first("reason").unwrap_or_default())
                .hint(ui.t("placement-recall-hint"))
                .required(),
        ],
        note: Html::new(),
        buttons: vec![Button::submit(Look::Primary, ui.t("placement-recall")).icon(Icon::Check)],
        back: format!("{PLACEMENTS}/{}", one.id),
    };
    form.draw(visit, refused)
}

async fn recall(Path(id): Path<String>, posted: Posted<RecallForm>) -> Result<Response, WebError> {
    let reason = posted.fields.first("reason").unwrap_or_default();
    let mut work = posted.begin("agency.recall").await?;
    let done = placing::recall(&mut work, &id, reason).await;
    match posted.finish(work, done, format!("{PLACEMENTS}/{id}")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_recall(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

/// The placements of a case on its page, with the way to place it.
///
/// # Errors
/// The store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let mut html = Html::new();
    if !visit.may(AGENCY_VIEW) {
        return Ok(html);
    }
    let all: Vec<Placement> = placing_store::history(&mut work.tx, case.key).await?;
    let may = visit.may(AGENCY_PLACE) && matches!(case.state, CaseState::Open { .. });
    let placed = all.iter().any(|one| one.ended.is_none());
    if all.is_empty() && !may {
        return Ok(html);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("placement-title"));
    html.raw("</h2><div class=\"end\">");
    if may && !placed {
        let href = format!("/collections/cases/{}/placements/new", case.key.case);
        html.push(&ui.button(Button::link(Look::Small, ui.t("placement-new"), href).icon(Icon::UserShare)));
    }
    html.raw("</div></header>");
    if all.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("placement-none-here")).raw("</p>");
    }
    html.raw("<ul class=\"rows\">");
    for one in &all {
        let agency = store::find(&mut work.tx, one.agency).await?.map(|agency| agency.name).unwrap_or_default();
        html.raw("<li><a").href(format!("{PLACEMENTS}/{}", one.id)).raw(">").text(&agency).raw("</a> ");
        html.push(&list::state(&ui, one.ended.as_ref().map(|ended| ended.reason)).0);
        html.raw("<span class=\"end\">").push(&ui.date(one.from)).raw(" – ");
        html.push(&ui.date(one.ended.as_ref().map_or(one.to, |ended| ended.on))).raw("</span></li>");
    }
    html.raw("</ul></section>");
    Ok(html)
}
