//! Pages of admission reviews: the tab on the customer page, the application, the check sheet, one review.

use axum::extract::Path;
use axum::response::Response;
use platform::approval;
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};

use super::form::{self, SheetForm};
use super::model::{Admission, AdmissionId, AdmissionState};
use super::panel::head;
use super::sheet::Desk;
use super::{ASSESS, BEGIN, actions, data, page_of, paper, store, view};
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::customer::store::user_names;
use crate::lending;

/// What the button that only tries out submits as `do`.
const PREVIEW: &str = "preview";

platform::form_fields! {
    /// An application with its preliminary review.
    ApplicationForm: "product", "amount", "months", "purpose", "repayment_source", "method", "preliminary"
}

platform::form_fields! {
    /// Why something is sent back.
    ReasonForm: "reason"
}

/// The pages of admission reviews.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/admissions/new", BEGIN, new_page)
        .post("/customers/{id}/admissions/new", BEGIN, create)
        .get("/admissions/{id}", VIEW, show)
        .data::<data::AdmissionData, _, _>("/admissions/{id}", VIEW, data::admission)
        .get("/admissions/{id}/sheet.pdf", VIEW, print)
        .get("/admissions/{id}/edit", BEGIN, edit_page)
        .post("/admissions/{id}/edit", BEGIN, mend)
        .get("/admissions/{id}/return", ASSESS, return_page)
        .post("/admissions/{id}/return", ASSESS, send_back)
        .get("/admissions/{id}/assess", ASSESS, assess_page)
        .post("/admissions/{id}/assess", ASSESS, assess)
        .post("/admissions/{id}/withdraw", BEGIN, withdraw)
        .post("/admissions/{id}/retract", ASSESS, retract)
}

pub(super) fn tab_of(customer: CustomerId) -> String {
    format!("/customers/{customer}?tab=admissions")
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_application(&visit, id, None, &Fields::default(), None).await
}

async fn draw_application(
    visit: &Visit,
    id: CustomerId,
    returned: Option<&Admission>,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let desk = Desk::lay(&mut work, id, BEGIN).await?;
    let (action, back, title) = match returned {
        Some(one) => (format!("{}/edit", page_of(one.id)), page_of(one.id), "admission-mend"),
        None => (format!("/customers/{id}/admissions/new"), tab_of(id), "admission-new"),
    };
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("admission-form-note")).raw("</p>");
    let page = FormPage {
        active: "customers",
        title: ui.t(title),
        subtitle: desk.customer.name.clone(),
        action,
        fields: form::application(&ui, &desk, typed, returned.map(|one| one.application.product.as_str())),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("admission-begin")).icon(Icon::Check)],
        back,
    };
    page.draw(visit, refused)
}

async fn create(Path(id): Path<CustomerId>, posted: Posted<ApplicationForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("admission.open").await?;
    let done = match form::read_application(&posted.fields) {
        Ok(asked) => actions::begin(&mut work, id, &asked).await,
        Err(refused) => Err(refused.into()),
    };
    let place = place_of(&done, tab_of(id));
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_application(&posted.visit, id, None, &posted.fields, Some(&refused)).await,
    }
}

fn place_of(done: &Result<AdmissionId, ActionError>, otherwise: String) -> String {
    done.as_ref().map_or(otherwise, |id| page_of(*id))
}

async fn edit_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let one = actions::load(&mut work, &id, BEGIN).await?;
    drop(work);
    let typed = form::typed_application(&one.application);
    draw_application(&visit, one.customer, Some(&one), &typed, None).await
}

async fn mend(Path(id): Path<String>, posted: Posted<ApplicationForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("admission.amend").await?;
    let one = actions::load(&mut work, &id, BEGIN).await?;
    let done = match form::read_application(&posted.fields) {
        Ok(asked) => actions::amend(&mut work, &id, &asked).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, page_of(one.id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_application(&posted.visit, one.customer, Some(&one), &posted.fields, Some(&refused)).await,
    }
}

async fn return_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_return(&visit, &id, &Fields::default(), None).await
}

async fn draw_return(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = actions::load(&mut work, id, ASSESS).await?;
    let reason = Field::new("reason", ui.t("admission-return-reason"), Input::Area);
    let page = FormPage {
        active: "admissions",
        title: ui.t("admission-return"),
        subtitle: one.number.clone(),
        action: format!("{}/return", page_of(one.id)),
        fields: vec![reason.value(typed.first("reason").unwrap_or("")).required()],
        buttons: vec![Button::submit(Look::Primary, ui.t("admission-return")).icon(Icon::ArrowBackUp)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn send_back(Path(id): Path<String>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("admission.return").await?;
    let reason = posted.fields.first("reason").unwrap_or_default().to_owned();
    let done = actions::send_back(&mut work, &id, &reason).await;
    let place = place_of(&done, String::new());
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_return(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn assess_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let one = actions::load(&mut work, &id, ASSESS).await?;
    let desk = Desk::lay(&mut work, one.customer, ASSESS).await?;
    drop(work);
    let typed = form::typed(&desk, &one.application, one.sheet.as_ref());
    draw_sheet(&visit, &id, &typed, None).await
}

async fn draw_sheet(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = actions::load(&mut work, id, ASSESS).await?;
    let desk = Desk::lay(&mut work, one.customer, ASSESS).await?;
    let (said, _) = form::read(typed);
    let (sheet, _) = desk.sheet(&one.application, &said)?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("admission-sheet-note")).raw("</p>");
    let effect = lending::told(&desk.rules, work.business_date, &desk.known)?;
    note.push(&lending::view::note(&ui, &desk.rules, &effect));
    note.push(&view::checks(&ui, &desk.rules, &sheet)).push(&view::items(&ui, &desk.rules, &sheet));
    if !sheet.reviews.is_empty() {
        note.push(&view::reviews(&ui, &sheet));
    }
    let page = FormPage {
        active: "admissions",
        title: ui.t("admission-sheet"),
        subtitle: desk.customer.name.clone(),
        action: format!("{}/assess", page_of(one.id)),
        fields: form::sheet(&ui, &desk, &sheet, typed),
        note,
        buttons: vec![
            Button::submit(Look::Secondary, ui.t("admission-try"))
                .icon(Icon::Calculator)
                .submits("do", PREVIEW)
                .tries(),
            Button::submit(Look::Primary, ui.t("admission-submit")).icon(Icon::Check),
        ],
        back: page_of(one.id),
    };
    page.draw(visit, refused)
}

/// Tries the sheet out or submits it; what is wrong comes back in the form.
async fn assess(Path(id): Path<String>, posted: Posted<SheetForm>) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let (said, wrong) = form::read(&posted.fields);
    let wrong = (!wrong.is_empty()).then(|| ActionError::from(Refused::form(wrong)));
    let refused = if posted.fields.first("do") == Some(PREVIEW) {
        let mut work = visit.read().await?;
        match wrong {
            Some(wrong) => Some(wrong),
            None => actions::preview(&mut work, &id, &said).await.err(),
        }
    } else {
        let mut work = posted.begin("admission.submit").await?;
        let done = match wrong {
            Some(wrong) => Err(wrong),
            None => actions::submit(&mut work, &id, &said).await,
        };
        match done {
            Ok(key) => return posted.done(work, page_of(key)).await,
            Err(error) => {
                work.tx.rollback().await?;
                Some(error)
            }
        }
    };
    let refused = refused.map(shown_in_form).transpose()?;
    if refused.is_none()
        && let Some(checked) = visit.checked()
    {
        return Ok(checked);
    }
    draw_sheet(visit, &id, &posted.fields, refused.as_ref()).await
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id).await?;
    let customer = load_within(&mut work, one.customer, VIEW).await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let steps = store::steps(&mut work.tx, &one).await?;
    let people: Vec<_> = one.assessor.into_iter().chain([one.begun_by]).collect();
    let names = user_names(&mut work.tx, &people).await?;
    let name = |id| names.get(&id).cloned().unwrap_or_default();
    let approval = match one.approval {
        Some(approval) => approval::page_for(&mut work, one.customer, approval).await?,
        None => None,
    };
    let mut body = Html::new();
    let by = (name(one.begun_by), one.assessor.map(name).unwrap_or_default());
    body.push(&head(&ui, &rules, &one, (&customer.name, &by.0, &by.1), approval));
    if let Some(sheet) = &one.sheet {
        panel_of(&mut body, &ui.t("admission-checks"), &view::checks(&ui, &rules, sheet));
        panel_of(&mut body, &ui.t("admission-items"), &view::items(&ui, &rules, sheet));
        if !sheet.reviews.is_empty() {
            panel_of(&mut body, &ui.t("admission-reviews"), &view::reviews(&ui, sheet));
        }
    }
    panel_of(&mut body, &ui.t("admission-steps"), &view::steps(&ui, &one, &steps));
    body.push(&verbs(&visit, &ui, &one));
    let mut buttons =
        vec![Button::link(Look::Secondary, ui.t("customer-back"), tab_of(one.customer)).icon(Icon::ArrowLeft)];
    if one.sheet.is_some() {
        let print = format!("{}/sheet.pdf", page_of(one.id));
        buttons.push(Button::link(Look::Primary, ui.t("admission-print"), print).icon(Icon::Printer));
    }
    let title = format!("{} {}", ui.t("admission-title"), one.number);
    visit.page_of(&Page::new(title, "admissions").subtitle(customer.name).actions(ui.buttons(buttons)), &body)
}

fn panel_of(out: &mut Html, title: &str, inner: &Html) {
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(title).raw("</h2></header>");
    out.push(inner).raw("</section>");
}

/// What this person can do next.
fn verbs(visit: &Visit, ui: &Ui, one: &Admission) -> Html {
    let page = page_of(one.id);
    let own = visit.actor.user == Some(one.begun_by);
    let link = |look, text: &str, verb: &str| Button::link(look, ui.t(text), format!("{page}/{verb}"));
    let mut buttons = Vec::new();
    let mut back = None;
    match one.state {
        AdmissionState::Begun => {
            if visit.may(ASSESS) {
                buttons.push(link(Look::Primary, "admission-assess", "assess").icon(Icon::Checklist));
                buttons.push(link(Look::Secondary, "admission-return", "return").icon(Icon::ArrowBackUp));
            }
            back = visit.may(BEGIN).then_some("withdraw");
        }
        AdmissionState::Returned if visit.may(BEGIN) => {
            if own {
                buttons.push(link(Look::Primary, "admission-mend", "edit").icon(Icon::Edit));
            }
            back = Some("withdraw");
        }
        AdmissionState::Submitted if visit.actor.user == one.assessor => {
            buttons.push(link(Look::Secondary, "admission-mend-sheet", "assess").icon(Icon::Edit));
            back = Some("retract");
        }
        AdmissionState::Returned
        | AdmissionState::Submitted
        | AdmissionState::Fit
        | AdmissionState::NotFit
        | AdmissionState::Withdrawn => {}
    }
    let mut out = Html::new();
    if buttons.is_empty() && back.is_none() {
        return out;
    }
    out.raw("<form method=\"post\"").attr("action", format!("{page}/{}", back.unwrap_or("withdraw"))).raw(">");
    out.push(&ui.guard(visit.guard())).raw("<div class=\"buttons\">");
    if back.is_some() {
        buttons.push(Button::submit(Look::Secondary, ui.t("admission-withdraw")).icon(Icon::Archive));
    }
    for button in buttons {
        out.push(&ui.button(button)).raw(" ");
    }
    out.raw("</div></form>");
    out
}

platform::form_fields! {
    /// Nothing to fill in.
    WithdrawForm:
}

async fn withdraw(Path(id): Path<String>, posted: Posted<WithdrawForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("admission.withdraw").await?;
    let key = actions::withdraw(&mut work, &id).await?;
    posted.done(work, page_of(key)).await
}

async fn retract(Path(id): Path<String>, posted: Posted<WithdrawForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("admission.retract").await?;
    let key = actions::retract(&mut work, &id).await?;
    posted.done(work, page_of(key)).await
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let one = actions::seen(&mut work, &id).await?;
    paper::answer(&visit, work, &one).await
}
