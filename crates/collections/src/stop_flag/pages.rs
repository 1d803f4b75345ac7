//! Pages of stop flags: badge in the head, panel, setting, lifting.

use axum::extract::Path;
use axum::response::Response;
use platform::customer_page::{CustomerHead, CustomerPanel, PanelBody, PanelPlace, PanelSize};
use platform::error::{ActionError, FieldError, Refused};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};
use platform::work::Work;

use super::actions;
use super::model::{NewStopFlag, StopFlag, StopFlagId, StopKind};
use crate::{CASE_VIEW, STOP_FLAG_LIFT, STOP_FLAG_SET};
use customers::card_table::draw as cards;

platform::form_fields! {
    /// A stop flag to be set.
    SetForm: "kind", "reason", "evidence"
}

platform::form_fields! {
    /// Why a stop flag is lifted.
    LiftForm: "reason"
}
type Key = (CustomerId, StopFlagId);

/// The pages about stop flags.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/stop-flags/new", STOP_FLAG_SET, new_page)
        .post("/customers/{id}/stop-flags/new", STOP_FLAG_SET, new)
        .get("/customers/{id}/stop-flags/{flag}/lift", STOP_FLAG_LIFT, lift_page)
        .post("/customers/{id}/stop-flags/{flag}/lift", STOP_FLAG_LIFT, lift)
}

/// 停催标记 on the customer page.
pub(crate) fn panel() -> CustomerPanel {
    CustomerPanel {
        id: "stop-flags",
        title: "stop-flag-panel",
        order: 26,
        place: PanelPlace::Side,
        action: CASE_VIEW,
        draw: draw_panel,
    }
}

/// The flags that stand, behind the customer's name.
pub(crate) fn draw_head<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    customer: CustomerId,
) -> BoxFuture<'a, Result<CustomerHead, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let mut flags = Html::new();
        if visit.may(CASE_VIEW) {
            for flag in actions::list(work, customer).await?.iter().filter(|flag| flag.lifted.is_none()) {
                let word = ui.t1("stop-flag-badge", "kind", ui.t(kind_message(flag.kind)));
                flags.push(&ui.badge(Tone::Doubt, Icon::PhoneOff, word)).raw(" ");
            }
        }
        Ok(CustomerHead { flags, ..CustomerHead::default() })
    })
}

fn kind_message(kind: StopKind) -> String {
    format!("stop-flag-kind-{}", kind.as_str())
}

fn draw_panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    customer: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let mut flags = actions::list(work, customer).await?;
        let standing = flags.iter().filter(|flag| flag.lifted.is_none()).count();
        if size == PanelSize::Brief {
            flags.retain(|flag| flag.lifted.is_none());
        }
        let mut html = Html::new();
        if flags.is_empty() && !visit.may(STOP_FLAG_SET) {
            return Ok(PanelBody { count: Some(0), html });
        }
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("stop-flag-panel"));
        html.raw("</h2><div class=\"end\">");
        if visit.may(STOP_FLAG_SET) {
            let address = format!("/customers/{customer}/stop-flags/new");
            html.push(&ui.button(Button::link(Look::Small, ui.t("stop-flag-set"), address).icon(Icon::Plus)));
        }
        html.raw("</div></header>");
        if flags.is_empty() {
            html.raw("<p class=\"panel-body muted\">").text(ui.t("stop-flag-none")).raw("</p>");
        } else {
            html.push(&table(visit, work, &ui, &flags).await?);
        }
        html.raw("</section>");
        Ok(PanelBody { count: i64::try_from(standing).ok(), html })
    })
}

async fn table(visit: &Visit, work: &mut Work, ui: &Ui, flags: &[StopFlag]) -> Result<Html, ActionError> {
    let names = crate::people(work).await?;
    let by = |id: i64| names.get(&platform::id::UserId(id)).cloned().unwrap_or_else(|| ui.t("timeline-system"));
    let heads = ["stop-flag-kind", "stop-flag-reason", "stop-flag-since", "guard-verbs"].map(|id| ui.t(id));
    let mut rows = Vec::new();
    for flag in flags {
        let mut reason = Html::of_text(&flag.reason);
        reason.raw(" <span class=\"muted\">").text(&flag.evidence).raw("</span>");
        let mut since = ui.date(flag.set_on);
        since.raw(" <span class=\"muted\">").text(by(flag.set_by)).raw("</span>");
        let verb = match &flag.lifted {
            Some(lifted) => {
                Html::of_text(ui.tn("stop-flag-lifted", &[("by", by(lifted.by)), ("reason", lifted.reason.clone())]))
            }
            None if visit.may(STOP_FLAG_LIFT) => {
                let address = format!("/customers/{}/stop-flags/{}/lift", flag.customer, flag.id);
                ui.button(Button::link(Look::Small, ui.t("stop-flag-lift"), address))
            }
            None => Html::new(),
        };
        let tone = if flag.lifted.is_none() { Tone::Doubt } else { Tone::Neutral };
        let kind = ui.badge(tone, Icon::PhoneOff, ui.t(kind_message(flag.kind)));
        rows.push(vec![kind, reason, since, verb]);
    }
    Ok(cards(&ui.t("stop-flag-panel"), &heads, &rows))
}

fn back(customer: CustomerId) -> String {
    format!("/customers/{customer}")
}

fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or("").trim().to_owned()
}

async fn new_page(visit: Visit, Path(customer): Path<CustomerId>) -> Result<Response, WebError> {
    draw_new(&visit, customer, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    customer: CustomerId,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let file = crate::file_for(&mut work, customer, STOP_FLAG_SET).await?;
    let kinds = StopKind::ALL.map(|kind| Choice::new(kind.as_str(), ui.t(kind_message(kind))));
    let area = |id: &str, label: &str| Field::new(id, ui.t(label), Input::Area).value(typed(fields, id)).required();
    FormPage {
        title: ui.t("stop-flag-set"),
        subtitle: file.name,
        active: "customers",
        action: format!("/customers/{customer}/stop-flags/new"),
        fields: vec![
            Field::new("kind", ui.t("stop-flag-kind"), Input::Radio(kinds.to_vec()))
                .value(typed(fields, "kind"))
                .required(),
            area("reason", "stop-flag-reason"),
            area("evidence", "stop-flag-evidence").hint(ui.t("stop-flag-evidence-hint")),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("stop-flag-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("stop-flag-set")).icon(Icon::PhoneOff)],
        back: back(customer),
    }
    .draw(visit, refused)
}

async fn new(Path(customer): Path<CustomerId>, posted: Posted<SetForm>) -> Result<Response, WebError> {
    let fields = &posted.fields;
    let Some(kind) = StopKind::parse(&typed(fields, "kind")) else {
        let refused = Refused::form(vec![FieldError::new("kind", "choice-invalid")]);
        return draw_new(&posted.visit, customer, fields, Some(&refused)).await;
    };
    let new = NewStopFlag { kind, reason: typed(fields, "reason"), evidence: typed(fields, "evidence") };
    let mut work = posted.begin("stop_flag.set").await?;
    match actions::set(&mut work, customer, &new).await {
        Ok(_) => posted.done(work, back(customer)).await,
        Err(error) => {
            drop(work);
            draw_new(&posted.visit, customer, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}

async fn lift_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_lift(&visit, key, &Fields::default(), None).await
}

async fn draw_lift(
    visit: &Visit,
    (customer, id): Key,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let file = crate::file_for(&mut work, customer, STOP_FLAG_LIFT).await?;
    FormPage {
        title: ui.t("stop-flag-lift"),
        subtitle: file.name,
        active: "customers",
        action: format!("/customers/{customer}/stop-flags/{id}/lift"),
        fields: vec![
            Field::new("reason", ui.t("stop-flag-reason"), Input::Area).value(typed(fields, "reason")).required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("stop-flag-lift")).icon(Icon::Check)],
        back: back(customer),
        ..FormPage::default()
    }
    .draw(visit, refused)
}

async fn lift(Path(key): Path<Key>, posted: Posted<LiftForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("stop_flag.lift").await?;
    match actions::lift(&mut work, key.0, key.1, &typed(&posted.fields, "reason")).await {
        Ok(()) => posted.done(work, back(key.0)).await,
        Err(error) => {
            drop(work);
            draw_lift(&posted.visit, key, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}
