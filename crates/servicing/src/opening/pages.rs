//! The page of a new loan: product, form, and beside it the schedule as it would be.

use std::sync::Arc;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Field, Html, Icon, Look, Page, Tab, Ui};
use platform::policies::{self, InForce};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use policy::Product;
use serde::Deserialize;

use super::actions::{OPEN, borrower, decide, may_pay_out, open, open_contracts};
use super::model::{OpeningForm, leaves_free};
use super::{fields, view};
use crate::change::pages::PREVIEW;
use crate::error::ServicingError;

/// Where the form is and goes.
pub fn routes() -> Routes {
    // A program asks the same of `/loans` with `step` = `preview`; the fragment is for the form on the screen.
    let fragment = Routes::new().post("/loans/preview", OPEN, preview).only_on_screen();
    Routes::new().get("/loans/new", OPEN, form).post("/loans", OPEN, create).merge(fragment)
}

/// For whom, and of which product.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    customer: String,
    product: String,
    contract: String,
    rescue: String,
}

fn customer_of(text: &str) -> Result<CustomerId, ActionError> {
    let missing = || Refused::new(platform::error::RefusalKind::NotFound, "opening-customer").with("number", text);
    Ok(text.parse::<CustomerId>().map_err(|_| missing())?)
}

/// The products on offer today, with the policy that offers them.
async fn offered(work: &mut Work, asked: &str) -> Result<(Arc<InForce>, Vec<Product>, Product), ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let offered: Vec<Product> = policy.edition(today).products(today).cloned().collect();
    let chosen = if asked.is_empty() { offered.first() } else { offered.iter().find(|p| p.id == asked) };
    let chosen = chosen.cloned().ok_or_else(|| ServicingError::ProductUnknown { product: asked.to_owned() })?;
    Ok((policy, offered, chosen))
}

async fn form(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let today = visit.business_date.to_string();
    let typed = OpeningForm {
        customer: asked.customer,
        rescue: asked.rescue,
        product: asked.product,
        contract: if asked.contract.is_empty() { "new".to_owned() } else { asked.contract },
        start_on: today.clone(),
        signed_on: today,
        rate_kind: "year".to_owned(),
        security: "credit".to_owned(),
        unit: "month".to_owned(),
        every: "1".to_owned(),
        ..OpeningForm::default()
    };
    draw(&visit, &typed, &[], None, None).await
}

#[derive(Template)]
#[template(path = "opening/new.html")]
struct Body {
    ui: Ui,
    products: Html,
    guard: Html,
    customer: String,
    product: String,
    summary: Html,
    parts: Vec<(String, Vec<Html>, bool)>,
    buttons: Html,
    preview: Html,
    fixed: Html,
}

/// The page with what was typed, what is wrong with it, and what it would be.
async fn draw(
    visit: &Visit,
    typed: &OpeningForm,
    wrong: &[FieldError],
    because: Option<&Refused>,
    tried: Option<Html>,
) -> Result<Response, WebError> {
    visit.complain_of(because)?;
    visit.complain(wrong)?;
    if let Some(checked) = tried.as_ref().and_then(|_| visit.checked()) {
        return Ok(checked);
    }
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = borrower(&mut work, customer_of(&typed.customer)?).await?;
    let (policy, offered, product) = offered(&mut work, &typed.product).await?;
    let contracts = open_contracts(&mut work, customer.id).await?;
    let pays = may_pay_out(&mut work, customer.id).await?;
    let mut parts = vec![
        ("opening-part-main", fields::main(&ui, typed, &contracts), true),
        ("opening-part-schedule", fields::schedule(&ui, typed, &product), leaves_free(&product, "method")),
        ("opening-part-contract", fields::contract(&ui, typed, pays), false),
        ("opening-part-security", fields::securities(&ui, typed), false),
    ];
    for (_, of, open) in &mut parts {
        crate::error::mark(&ui, of, wrong);
        because.iter().for_each(|refused| name_rule(&ui, &policy, of, refused));
        *open |= of.iter().any(|field| field.error.is_some());
    }
    let all: Vec<Field> = parts.iter().flat_map(|(_, of, _)| of.clone()).collect();
    let body = Body {
        products: products(&ui, &offered, &product, typed),
        guard: ui.guard(visit.guard()),
        customer: customer.id.to_string(),
        product: product.id.clone(),
        summary: ui.error_summary(&all),
        parts: parts
            .into_iter()
            .map(|(title, of, open)| (ui.t(title), of.iter().map(|f| ui.field(f)).collect(), open))
            .collect(),
        buttons: ui.buttons(vec![
            Button::submit(Look::Secondary, ui.t("change-try")).submits("step", PREVIEW),
            Button::submit(Look::Primary, ui.t(if pays { "opening-save" } else { "opening-prepare" }))
                .icon(Icon::Cash)
                .submits("step", "save"),
        ]),
        preview: tried.unwrap_or_else(|| empty(&ui)),
        fixed: view::product(&ui, &policy, &product, None),
        ui: ui.clone(),
    };
    let back = Button::link(Look::Secondary, ui.t("opening-back"), format!("/customers/{}", customer.id));
    let page = Page::new(ui.t("opening-title"), "loans").subtitle(&customer.name).actions(ui.button(back));
    let mut response = visit.page(&page, &body)?;
    if !wrong.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn empty(ui: &Ui) -> Html {
    let mut out = Html::new();
    out.raw("<p class=\"panel-body muted\">").text(ui.t("opening-preview-none")).raw("</p>");
    out
}

/// Beside a field's complaint stands the rule it follows from: its article, or its id.
fn name_rule(ui: &Ui, policy: &InForce, of: &mut [Field], refused: &Refused) {
    let english = ui.lang() == platform::locale::Lang::En;
    for error in of.iter_mut().filter_map(|field| field.error.as_mut()) {
        error.article = Some(match &refused.article {
            Some(id) => (platform::policies::article_address(id), policy.article_title(id, english)),
            None => (String::new(), refused.rule.clone().unwrap_or_else(|| refused.code.to_owned())),
        });
    }
}

fn products(ui: &Ui, offered: &[Product], chosen: &Product, typed: &OpeningForm) -> Html {
    let english = ui.lang() == platform::locale::Lang::En;
    let contract = &typed.contract;
    let tabs: Vec<Tab> = offered
        .iter()
        .map(|p| Tab {
            text: p.title.in_language(english).to_owned(),
            href: platform::page::list::address(
                "/loans/new",
                &[("customer", &typed.customer), ("product", &p.id), ("contract", contract), ("rescue", &typed.rescue)],
            ),
            active: p.id == chosen.id,
            ..Tab::default()
        })
        .collect();
    ui.tabs(tabs)
}

/// Reads and computes what was typed; the complaint of one field, with what it follows from, comes back.
async fn try_out(visit: &Visit, typed: &OpeningForm) -> Result<Result<Html, Wrong>, WebError> {
    let mut work = visit.read().await?;
    let customer = borrower(&mut work, customer_of(&typed.customer)?).await?;
    let (policy, _, product) = offered(&mut work, &typed.product).await?;
    let opening = match typed.read(&product) {
        Ok(opening) => opening,
        Err(wrong) => return Ok(Err(Wrong { fields: wrong, because: None })),
    };
    match decide(&mut work, customer.id, &opening).await {
        Ok(tried) => Ok(Ok(view::preview(&visit.ui(), &policy, &tried))),
        Err(error) => Ok(Err(Wrong::of(error)?)),
    }
}

/// What is wrong with the form, and the refusal behind it.
struct Wrong {
    fields: Vec<FieldError>,
    because: Option<Refused>,
}

impl Wrong {
    /// A refusal about one field; any other is answered as it is.
    fn of(error: ActionError) -> Result<Self, ActionError> {
        match error {
            ActionError::Refused(refused) => match fields::complaint(&refused) {
                Some(field) => Ok(Self { fields: vec![field], because: Some(*refused) }),
                None => Err(ActionError::Refused(refused)),
            },
            other @ (ActionError::Store(_) | ActionError::Internal(_)) => Err(other),
        }
    }
}

/// The preview alone, while the form is filled in.
async fn preview(posted: Posted<OpeningForm>) -> Result<Response, WebError> {
    let (visit, typed) = (&posted.visit, &posted.form);
    let ui = visit.ui();
    let html = match try_out(visit, typed).await? {
        Ok(html) => html,
        Err(wrong) => {
            let mut out = Html::new();
            // An empty field is no mistake while one is still typing.
            let typing = |e: &&FieldError| matches!(e.code, "field-empty" | "choice-missing");
            let told: Vec<_> = wrong.fields.iter().filter(|e| !typing(e)).collect();
            if told.is_empty() {
                out = empty(&ui);
            }
            for error in told {
                out.raw("<p class=\"panel-body error\">").push(&Icon::AlertCircle.html()).raw(" ");
                out.text(ui.tn(crate::error::complaint_text(error.code), &error.details)).raw("</p>");
            }
            out
        }
    };
    if visit.request.fragment() {
        return Ok(axum::response::Html(html.to_string()).into_response());
    }
    draw(visit, typed, &[], None, Some(html)).await
}

async fn create(posted: Posted<OpeningForm>) -> Result<Response, WebError> {
    let (visit, typed) = (&posted.visit, &posted.form);
    if typed.step == PREVIEW {
        return match try_out(visit, typed).await? {
            Ok(html) => draw(visit, typed, &[], None, Some(html)).await,
            Err(wrong) => draw(visit, typed, &wrong.fields, wrong.because.as_ref(), None).await,
        };
    }
    let mut work = posted.begin(OPEN).await?;
    let customer = borrower(&mut work, customer_of(&typed.customer)?).await?;
    let (_, _, product) = offered(&mut work, &typed.product).await?;
    let opening = match typed.read(&product) {
        Ok(opening) => opening,
        Err(wrong) => {
            drop(work);
            return draw(visit, typed, &wrong, None, None).await;
        }
    };
    match open(&mut work, customer.id, &opening).await {
        Ok(applied) => posted.done(work, format!("/loans/{}", applied.file.loan.key.loan)).await,
        Err(error) => {
            drop(work);
            let wrong = Wrong::of(error)?;
            draw(visit, typed, &wrong.fields, wrong.because.as_ref(), None).await
        }
    }
}
