//! Pages of partners: registering, one partner with agreements and referred customers, entering an agreement, ending.

use axum::extract::Path;
use axum::response::Response;
use platform::attachment;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Side, Table};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Upload, Visit, WebError, shown_in_form};

use super::model::{Content, NewAgreement};
use super::{EDIT, LIST, actions, data, list, page_of, store};
use crate::campaign::pages::{branch, branches};
use crate::customer::pages::ReasonForm;
use crate::customer::store::{filled, within};
use crate::datum::form::date;
use crate::lead::{self, VIEW, policy};
use crate::reveal::{reason, reason_field};
use crate::sorting::view::{facts, hint, link, panel};

/// What the paper of an agreement may be.
const KINDS: &[&str] = &[
    "application/pdf",
    "image/jpeg",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
];

/// Where the loans of customers who were won are listed.
const LOANS: &str = "/acquisition/loans";
/// What became of them, as the list calls its views.
const OUTCOMES: [&str; 4] = ["current", "overdue", "settled", "written_off"];

platform::form_fields! {
    /// A partner.
    PartnerForm: "name", "kind", "note", "branch"
}

/// The pages of one partner.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/partners/new", EDIT, new_page)
        .post("/partners/new", EDIT, register)
        .get("/partners/{partner}", VIEW, show)
        .data::<data::PartnerData, _, _>("/partners/{partner}", VIEW, data::partner)
        .get("/partners/{partner}/agreements/new", EDIT, agreement_page)
        .upload("/partners/{partner}/agreements/new", EDIT, agree)
        .file("/partners/{partner}/agreements/{agreement}/file", VIEW, take, KINDS)
        .get("/partners/{partner}/end", EDIT, end_page)
        .post("/partners/{partner}/end", EDIT, end)
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_new(&visit, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    work.authorise(EDIT).map_err(ActionError::from)?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let kinds = policy::partner_kinds(&rules, on)?;
    let kinds = policy::choices(&ui, &rules, "partner_kind", kinds.iter().map(String::as_str));
    let branches = branches(&mut work, &ui).await?;
    let or = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let page = FormPage {
        active: "partners",
        title: ui.t("partner-new"),
        action: format!("{LIST}/new"),
        fields: vec![
            Field::new("name", ui.t("partner-name"), Input::Text).value(or("name")).required(),
            Field::new("kind", ui.t("partner-kind"), Input::Select(kinds)).value(or("kind")).required(),
            Field::new("branch", ui.t("customer-branch"), Input::Select(branches)).value(or("branch")),
            Field::new("note", ui.t("partner-note"), Input::Area).value(or("note")).hint(ui.t("partner-note-hint")),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("partner-new")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn register(posted: Posted<PartnerForm>) -> Result<Response, WebError> {
    let ui = posted.visit.ui();
    let mut work = posted.begin("partner.register").await?;
    let branches = branches(&mut work, &ui).await?;
    let mut wrong: Vec<FieldError> = Vec::new();
    let branch = branch(&posted.fields, &branches, &mut wrong);
    let text = |name: &str| filled(posted.fields.first(name)).unwrap_or_default();
    let content = Content { name: text("name"), kind: text("kind"), note: text("note"), branch };
    let done = match wrong.is_empty() {
        true => actions::register(&mut work, &content).await,
        false => Err(Refused::form(wrong).into()),
    };
    let place = done.as_ref().map_or_else(|_| String::new(), page_of);
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let agreements = store::agreements(&mut work.tx, one.id).await?;
    let scope = work.authorise(VIEW).map_err(platform::error::ActionError::from)?;
    let (leads, won) = store::counts(&mut work.tx, one.id, scope).await?;
    let branches = branches(&mut work, &ui).await?;
    let branch = one.content.branch.map(|id| id.to_string()).unwrap_or_default();
    let branch = branches.iter().find(|one| one.value == branch).map_or("—", |one| one.text.as_str());
    let kind = policy::title(&ui, &rules, "partner_kind", &one.content.kind);
    let until = agreements.first().map(|one| one.content.until);
    let found = platform::page::list::address(lead::LIST, &[("view", "all"), ("partner", &one.number)]);
    let mut rows = vec![
        (ui.t("partner-state"), list::state(&ui, one.ended.is_some(), until).0),
        (ui.t("partner-kind"), Html::of_text(kind)),
        (ui.t("customer-branch"), Html::of_text(branch)),
        (ui.t("partner-note"), Html::of_text(&one.content.note)),
        (ui.t("campaign-leads"), link(found, leads.to_string())),
        (ui.t("campaign-won"), Html::of_text(won.to_string())),
    ];
    if let Some((on, why)) = &one.ended {
        rows.push((ui.t("partner-ended-on"), Html::of_text(format!("{on} {why}"))));
    }
    let mut referred = Vec::new();
    if visit.may(crate::VIEW) {
        let scope = work.authorise(crate::VIEW).map_err(ActionError::from)?;
        let sourced = ui.count(store::sourced(&mut work.tx, within(scope), one.id).await?);
        rows.push((ui.t("campaign-sourced"), Html::of_text(sourced)));
        referred = store::referred(&mut work.tx, within(scope), one.id).await?;
    }
    let mut body = Html::new();
    panel(&mut body, &ui.t("partner-one"), &Html::new(), &facts(&rows));
    let heads = ["partner-agreement", "partner-from", "partner-until", "attachment-file"];
    let mut papers = Table::new(ui.t("partner-agreements"), heads.map(|head| (ui.t(head), Side::Left)));
    for agreement in &agreements {
        let content = &agreement.content;
        let href = format!("{}/agreements/{}/file", page_of(one.id), agreement.id);
        let file = link(href, ui.t("document-take"));
        papers.row([Html::of_text(&content.title), ui.date(content.from), ui.date(content.until), file]);
    }
    panel(&mut body, &ui.t("partner-agreements"), &Html::new(), &ui.table(papers));
    if visit.may(crate::VIEW) {
        let heads = ["customer-number", "customer-name", "lead-won-on"];
        let mut table = Table::new(ui.t("partner-referred"), heads.map(|head| (ui.t(head), Side::Left)));
        for (customer, number, name, on) in &referred {
            table.row([link(format!("/customers/{customer}"), number), Html::of_text(name), ui.date(*on)]);
        }
        let inner = if referred.is_empty() { hint(&ui.t("partner-referred-none")) } else { ui.table(table) };
        panel(&mut body, &ui.t("partner-referred"), &Html::new(), &inner);
    }
    if visit.may("loan.view") {
        let rows = OUTCOMES.map(|view| {
            let place = platform::page::list::address(LOANS, &[("view", view), ("partner", &one.number)]);
            (ui.t(format!("partner-loans-{view}")), link(place, ui.t("partner-loans-open")))
        });
        panel(&mut body, &ui.t("partner-loans"), &Html::new(), &facts(&rows));
    }
    let mut buttons = Vec::new();
    if visit.may(EDIT) && one.ended.is_none() {
        let place = |part: &str| format!("{}/{part}", page_of(one.id));
        buttons.push(Button::link(Look::Primary, ui.t("partner-agree"), place("agreements/new")).icon(Icon::FileText));
        buttons.push(Button::link(Look::Danger, ui.t("partner-end"), place("end")).icon(Icon::Ban));
    }
    buttons.push(Button::link(Look::Secondary, ui.t("partner-title"), LIST).icon(Icon::ArrowLeft));
    let page = Page::new(one.content.name.clone(), "partners").subtitle(one.number.clone());
    visit.page_of(&page.actions(ui.buttons(buttons)), &body)
}

async fn agreement_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_agreement(&visit, &id, &Fields::default(), None).await
}

async fn draw_agreement(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, EDIT).await?;
    let limits = attachment::limits(&mut work).await?;
    let endings: Vec<&str> = limits.media.iter().map(|media| media.ending()).collect();
    let accept: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
    let file_hint = ui.t2("attachment-file-hint", "kinds", endings.join(", "), "most", limits.max_bytes >> 20);
    let or = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let page = FormPage {
        active: "partners",
        title: ui.t("partner-agree"),
        subtitle: one.content.name.clone(),
        action: format!("{}/agreements/new", page_of(one.id)),
        fields: vec![
            Field::new("title", ui.t("partner-agreement"), Input::Text).value(or("title")).required(),
            Field::new("valid_from", ui.t("partner-from"), Input::Date).value(or("valid_from")).required(),
            Field::new("valid_until", ui.t("partner-until"), Input::Date).value(or("valid_until")).required(),
            Field::new("file", ui.t("attachment-file"), Input::File(accept.join(","))).hint(file_hint).required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("partner-agree")).icon(Icon::Check)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

fn read_agreement(typed: &Fields) -> Result<NewAgreement, Refused> {
    let mut wrong = Vec::new();
    let (from, until) = (date(typed, "valid_from", &mut wrong), date(typed, "valid_until", &mut wrong));
    for (field, lacking) in [("valid_from", from.is_none()), ("valid_until", until.is_none())] {
        if lacking && !wrong.iter().any(|one| one.field == field) {
            wrong.push(FieldError::new(field, "field-empty"));
        }
    }
    match (from, until) {
        (Some(from), Some(until)) => {
            Ok(NewAgreement { title: filled(typed.first("title")).unwrap_or_default(), from, until })
        }
        _ => Err(Refused::form(wrong)),
    }
}

async fn agree(Path(id): Path<String>, upload: Upload) -> Result<Response, WebError> {
    let sent = upload.files.iter().find(|file| file.field == "file");
    let mut work = upload.begin("partner.agree").await?;
    let done = match read_agreement(&upload.fields) {
        Ok(new) => actions::agree(&mut work, &id, &new, sent).await,
        Err(refused) => Err(refused.into()),
    };
    match done {
        Ok(_) => upload.done(work, page_of(&id)).await,
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            draw_agreement(&upload.visit, &id, &upload.fields, Some(&refused)).await
        }
    }
}

/// The paper itself, to be saved; the look is in the trail before the first byte leaves.
async fn take(visit: Visit, Path((id, agreement)): Path<(String, String)>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let opened = actions::paper(&mut work, &id, &agreement).await?;
    work.commit().await?;
    Ok(attachment::response(opened))
}

async fn end_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_end(&visit, &id, &Fields::default(), None).await
}

async fn draw_end(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, EDIT).await?;
    let page = FormPage {
        active: "partners",
        title: ui.t("partner-end"),
        subtitle: one.content.name.clone(),
        action: format!("{}/end", page_of(one.id)),
        fields: vec![reason_field(&ui, typed, "partner-end-hint")],
        buttons: vec![Button::submit(Look::Danger, ui.t("partner-end")).icon(Icon::Ban)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn end(Path(id): Path<String>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("partner.end").await?;
    let done = actions::end(&mut work, &id, reason(&posted)).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_end(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
