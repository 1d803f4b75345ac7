//! Pages of rewards: one reward, asking for it, giving it up, paying it, its slip.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, Refused};
use platform::locale::Lang;
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::model::{Reward, RewardState};
use super::{LIST, PAY, REQUEST, actions, data, list, page_of, paper, recovery};
use crate::VIEW;
use crate::customer::pages::ReasonForm;
use crate::customer::store::user_names;
use crate::lead::policy::ARTICLE;
use crate::reveal::{reason, reason_field};
use crate::sorting::view::{facts, hint, link, panel};

platform::form_fields! {
    /// What is said of a reward that is asked for.
    RequestForm: "note"
}

platform::form_fields! {
    /// The number of a payment.
    PayForm: "payment_ref"
}

platform::form_fields! {
    /// The number of a receipt.
    RecoverForm: "recovery_ref"
}

/// The pages of one reward.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/rewards/{reward}", VIEW, show)
        .data::<data::RewardData, _, _>("/rewards/{reward}", VIEW, data::reward)
        .file("/rewards/{reward}/slip.pdf", VIEW, slip, &["application/pdf"])
        .get("/rewards/{reward}/request", REQUEST, request_page)
        .post("/rewards/{reward}/request", REQUEST, request)
        .get("/rewards/{reward}/drop", REQUEST, drop_page)
        .post("/rewards/{reward}/drop", REQUEST, give_up)
        .get("/rewards/{reward}/pay", PAY, pay_page)
        .post("/rewards/{reward}/pay", PAY, pay)
        .get("/rewards/{reward}/recover", PAY, recover_page)
        .post("/rewards/{reward}/recover", PAY, recover)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let [customer, referrer] = actions::both(&mut work, &one).await?;
    let people: Vec<_> = [Some(one.manager), one.paid_by, one.recovered_by].into_iter().flatten().collect();
    let names = user_names(&mut work.tx, &people).await?;
    let name = |user| names.get(&user).cloned().unwrap_or_default();
    // Of the referrer only the number is shown to whoever may not see the file.
    let whose = if actions::reaches(&mut work, one.referrer).await {
        link(format!("/customers/{}", one.referrer), format!("{} {}", referrer.1, referrer.0))
    } else {
        Html::of_text(&referrer.0)
    };
    let policy = policies::in_force(&mut work, visit.business_date).await?;
    let article = policy.article_title(ARTICLE, visit.lang == Lang::En);
    let mut rows = vec![
        (ui.t("reward-state"), list::state(&ui, one.state).0),
        (ui.t("reward-amount"), Html::of_text(ui.yuan(one.amount))),
        (ui.t("reward-why"), Html::of_text(ui.t1("reward-why-said", "article", article))),
        (ui.t("reward-next"), Html::of_text(ui.t(next_of(&one)))),
        (ui.t("reward-customer"), link(format!("/customers/{}", one.customer), customer.1)),
        (ui.t("lead-referrer"), whose),
        (ui.t("reward-loan"), link(format!("/loans/{}", one.loan), ui.t("reward-open-loan"))),
        (ui.t("customer-manager"), Html::of_text(name(one.manager))),
        (ui.t("reward-said"), or_dash(&one.note)),
        (ui.t("reward-proposed-on"), ui.date(one.proposed_on)),
        (ui.t("reward-approved-on"), ui.date_or_dash(one.approved_on)),
        (ui.t("reward-paid-on"), ui.date_or_dash(one.paid_on)),
        (ui.t("reward-paid-by"), or_dash(&one.paid_by.map(&name).unwrap_or_default())),
        (ui.t("reward-payment-ref"), or_dash(one.payment_ref.as_deref().unwrap_or_default())),
    ];
    if let Some(since) = one.recover_since {
        rows.push((ui.t("reward-recover-since"), ui.date(since)));
        rows.push((ui.t("reward-recovered-on"), ui.date_or_dash(one.recovered_on)));
        rows.push((ui.t("reward-recovered-by"), or_dash(&one.recovered_by.map(name).unwrap_or_default())));
        rows.push((ui.t("reward-recovery-ref"), or_dash(one.recovery_ref.as_deref().unwrap_or_default())));
    }
    let mut body = Html::new();
    if one.to_recover() {
        body.push(&hint(&ui.t("reward-to-recover")));
    }
    if one.namesake {
        body.push(&hint(&ui.t("reward-namesake")));
    }
    panel(&mut body, &ui.t("reward-one"), &Html::new(), &facts(&rows));
    let page = Page::new(ui.t("reward-one"), "rewards").subtitle(one.number.clone());
    visit.page_of(&page.actions(ui.buttons(verbs(&visit, &ui, &one))), &body)
}

/// What is empty is a dash, as in all tables.
fn or_dash(text: &str) -> Html {
    Html::of_text(if text.is_empty() { "—" } else { text })
}

/// Whose move it is: the message.
fn next_of(one: &Reward) -> &'static str {
    match one.state {
        RewardState::Proposed => "reward-next-proposed",
        RewardState::Submitted => "reward-next-submitted",
        RewardState::Approved => "reward-next-approved",
        RewardState::Paid if one.to_recover() => "reward-next-recover",
        RewardState::Paid | RewardState::Refused | RewardState::Dropped => "reward-next-none",
    }
}

fn verbs(visit: &Visit, ui: &Ui, one: &Reward) -> Vec<Button> {
    let place = |part: &str| format!("{}/{part}", page_of(one.id));
    let mut out = Vec::new();
    if visit.may(REQUEST) && one.state == RewardState::Proposed {
        out.push(Button::link(Look::Primary, ui.t("reward-request"), place("request")).icon(Icon::Check));
        out.push(Button::link(Look::Danger, ui.t("reward-drop"), place("drop")).icon(Icon::Ban));
    }
    if visit.may(PAY) && one.state == RewardState::Approved {
        out.push(Button::link(Look::Primary, ui.t("reward-pay"), place("pay")).icon(Icon::Cash));
    }
    if visit.may(PAY) && one.to_recover() {
        out.push(Button::link(Look::Primary, ui.t("reward-recover"), place("recover")).icon(Icon::Cash));
    }
    if matches!(one.state, RewardState::Approved | RewardState::Paid) {
        out.push(Button::link(Look::Secondary, ui.t("reward-slip"), place("slip.pdf")).icon(Icon::Download));
    }
    out.push(Button::link(Look::Secondary, ui.t("reward-title"), LIST).icon(Icon::ArrowLeft));
    out
}

/// The slip on paper; every print is in the trail.
async fn slip(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    paper::answer(&visit, work, &one).await
}

/// A form about one reward.
async fn draw(
    visit: &Visit,
    id: &str,
    (part, action, look): (&str, &str, Look),
    fields: impl FnOnce(&Ui, &Reward) -> Vec<Field>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, action).await?;
    let title = ui.t(format!("reward-{part}"));
    let page = FormPage {
        active: "rewards",
        title: title.clone(),
        subtitle: format!("{} {}", one.number, ui.yuan(one.amount)),
        action: format!("{}/{part}", page_of(one.id)),
        fields: fields(&ui, &one),
        buttons: vec![Button::submit(look, title).icon(Icon::Check)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn request_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_request(&visit, &id, &Fields::default(), None).await
}

async fn draw_request(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let fields = |ui: &Ui, one: &Reward| {
        let note = Field::new("note", ui.t("reward-said"), Input::Area)
            .value(typed.first("note").unwrap_or(&one.note))
            .hint(ui.t(if one.namesake { "reward-namesake" } else { "reward-said-hint" }));
        vec![if one.namesake { note.required() } else { note }]
    };
    draw(visit, id, ("request", REQUEST, Look::Primary), fields, refused).await
}

async fn request(Path(id): Path<String>, posted: Posted<RequestForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("reward.request").await?;
    let done = actions::request(&mut work, &id, posted.fields.first("note").unwrap_or_default()).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_request(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn drop_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_drop(&visit, &id, &Fields::default(), None).await
}

async fn draw_drop(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let fields = |ui: &Ui, _: &Reward| vec![reason_field(ui, typed, "reward-drop-hint")];
    draw(visit, id, ("drop", REQUEST, Look::Danger), fields, refused).await
}

async fn give_up(Path(id): Path<String>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("reward.drop").await?;
    let done: Result<_, ActionError> = actions::give_up(&mut work, &id, reason(&posted)).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_drop(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn pay_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_pay(&visit, &id, &Fields::default(), None).await
}

async fn draw_pay(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let fields = |ui: &Ui, _: &Reward| {
        vec![
            Field::new("payment_ref", ui.t("reward-payment-ref"), Input::Text)
                .value(typed.first("payment_ref").unwrap_or_default())
                .hint(ui.t("reward-payment-hint"))
                .required(),
        ]
    };
    draw(visit, id, ("pay", PAY, Look::Primary), fields, refused).await
}

async fn pay(Path(id): Path<String>, posted: Posted<PayForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("reward.pay").await?;
    let done = actions::pay(&mut work, &id, posted.fields.first("payment_ref").unwrap_or_default()).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_pay(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn recover_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_recover(&visit, &id, &Fields::default(), None).await
}

async fn draw_recover(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let fields = |ui: &Ui, _: &Reward| {
        vec![
            Field::new("recovery_ref", ui.t("reward-recovery-ref"), Input::Text)
                .value(typed.first("recovery_ref").unwrap_or_default())
                .hint(ui.t("reward-recovery-hint"))
                .required(),
        ]
    };
    draw(visit, id, ("recover", PAY, Look::Primary), fields, refused).await
}

async fn recover(Path(id): Path<String>, posted: Posted<RecoverForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("reward.recover").await?;
    let done = recovery::recover(&mut work, &id, posted.fields.first("recovery_ref").unwrap_or_default()).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_recover(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
