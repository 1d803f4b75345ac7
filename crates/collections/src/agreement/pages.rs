//! The form that proposes an agreement with what it comes to, and one agreement: terms, watch, signature, history.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use finance::{Amounts, Fen, Head};
use jiff::civil::Date;
use platform::approval;
use platform::error::{ActionError, FieldError, RefusalKind, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Ui};
use platform::policies::{self, PolicyError, article_address};
use platform::web::{Posted, Routes, Visit, WebError, failing_field, refusal_box};
use platform::work::Work;
use serde::Deserialize;
use servicing::loan::model::LoanKey;

use super::actions::{self, Priced, page_of};
use super::form::{AgreementForm, field_of, kind_tabs};
use super::list::{form_of, kind_word, state_badge};
use super::model::{Agreement, AgreementState, Payment, Signature, Terms, Wish};
use super::{capacity, data, paper, sign, store};
use crate::case::actions as cases;
use crate::case::model::Case;
use crate::case::pages::overdue_loans;
use crate::{CASE_VIEW, CASE_WORK};

/// What the button that only tries out submits as `step`.
const PREVIEW: &str = "preview";

/// The pages of agreements.
pub fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/agreements/new", CASE_WORK, blank)
        .post("/collections/cases/{id}/agreements", CASE_WORK, create)
        .get("/collections/agreements/{id}", CASE_VIEW, show)
        .data::<data::AgreementData, _, _>("/collections/agreements/{id}", CASE_VIEW, data::agreement)
        .get("/collections/agreements/{id}/print.pdf", CASE_VIEW, print)
        .post("/collections/agreements/{id}/sign", CASE_WORK, record)
        .post("/collections/agreements/{id}/withdraw", CASE_WORK, withdraw)
}

#[derive(Template)]
#[template(path = "agreement/new.html")]
struct NewBody {
    ui: Ui,
    tabs: Html,
    action: String,
    keep: String,
    guard: Html,
    kind: String,
    refusal: Html,
    summary: Html,
    fields: Vec<Html>,
    buttons: Html,
    preview: Option<Html>,
    capacity: Html,
    owed: Html,
}

async fn blank(visit: Visit, Path(id): Path<String>, Query(asked): Query<AgreementForm>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let mut typed = AgreementForm::blank(asked.chosen(), asked.loan);
    if asked.step == capacity::STEP {
        let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_WORK).await?;
        let loans = overdue_loans(&mut work, case.key.customer).await?;
        if let Some(one) = capacity::proposed(&mut work, &case, &loans, &typed.loan).await? {
            typed = typed.by_capacity(&one, capacity::sum(&visit.ui(), &one));
        }
    }
    draw_form(&visit, &mut work, &id, &typed, Shown::default()).await
}

/// What is shown besides the form.
#[derive(Default)]
struct Shown {
    priced: Option<Priced>,
    refused: Option<Refused>,
}

async fn create(Path(id): Path<String>, posted: Posted<AgreementForm>) -> Result<Response, WebError> {
    let (visit, typed) = (&posted.visit, &posted.form);
    let outcome = if typed.step == PREVIEW {
        let mut work = visit.read().await?;
        try_out(&mut work, &id, typed).await.map(Some)
    } else {
        let mut work = posted.begin("agreement.propose").await?;
        match propose(&mut work, &id, typed).await {
            Ok(agreement) => return posted.done(work, page_of(agreement)).await,
            Err(error) => Err(error),
        }
    };
    let shown = match outcome {
        Ok(priced) => Shown { priced, refused: None },
        Err(ActionError::Refused(refused)) if shows_in_form(&refused) => {
            Shown { priced: None, refused: Some(by_field(*refused)) }
        }
        Err(error) => return Err(error.into()),
    };
    let mut work = visit.read().await?;
    draw_form(visit, &mut work, &id, typed, shown).await
}

async fn try_out(work: &mut Work, id: &str, typed: &AgreementForm) -> Result<Priced, ActionError> {
    let case = cases::load(work, cases::parse(id)?, CASE_WORK).await?;
    let mut wish = typed.read(case.key).map_err(Refused::form)?;
    wish.also = further(work, typed, &wish).await?;
    actions::preview(work, case.key.case, &wish).await
}

async fn propose(work: &mut Work, id: &str, typed: &AgreementForm) -> Result<super::model::AgreementId, ActionError> {
    let case = cases::load(work, cases::parse(id)?, CASE_WORK).await?;
    let mut wish = typed.read(case.key).map_err(Refused::form)?;
    wish.also = further(work, typed, &wish).await?;
    actions::propose(work, case.key.case, &wish).await
}

/// The other overdue loans of the case, where the agreement is to cover them too.
async fn further(work: &mut Work, typed: &AgreementForm, wish: &Wish) -> Result<Vec<LoanKey>, ActionError> {
    if !typed.covers_all() {
        return Ok(Vec::new());
    }
    let overdue = overdue_loans(work, wish.loan.customer).await?;
    Ok(overdue.into_iter().map(|row| row.key).filter(|key| *key != wish.loan).collect())
}

fn shows_in_form(refused: &Refused) -> bool {
    match refused.kind {
        RefusalKind::Invalid | RefusalKind::Conflict => true,
        RefusalKind::NotFound | RefusalKind::Forbidden => false,
    }
}

/// A refusal of the loan's own change that is about one field of the form, as that field's complaint.
fn by_field(refused: Refused) -> Refused {
    match field_of(refused.code).filter(|_| refused.fields.is_empty()) {
        Some(field) => Refused::form(vec![FieldError { field, code: refused.code, details: refused.details.clone() }]),
        None => refused,
    }
}

async fn draw_form(
    visit: &Visit,
    work: &mut Work,
    id: &str,
    typed: &AgreementForm,
    shown: Shown,
) -> Result<Response, WebError> {
    visit.complain_of(shown.refused.as_ref())?;
    if shown.priced.is_some()
        && let Some(checked) = visit.checked()
    {
        return Ok(checked);
    }
    let ui = visit.ui();
    let parsed = cases::parse(id).map_err(ActionError::from)?;
    let case = cases::load(work, parsed, CASE_WORK).await?;
    let loans = overdue_loans(work, case.key.customer).await?;
    let choices = loans.iter().map(|row| {
        let text = ui.tn("agreement-loan", &[("number", row.number.clone()), ("amount", ui.yuan(row.overdue))]);
        Choice::new(row.key.loan.to_string(), text)
    });
    let today = work.business_date;
    let policy = policies::in_force(work, today).await.map_err(WebError::from)?;
    let heads = servicing::waiver::rules::waivable(policy.edition(today)).map_err(PolicyError::from);
    let able = actions::signers(crate::obligor::actions::of(work, case.key.customer).await?);
    let able = able.into_iter().map(|one| {
        let role = ui.t(format!("obligor-role-{}", one.role));
        Choice::new(one.relation.to_string(), format!("{} · {role}", one.name))
    });
    let fields = typed.fields(&ui, choices.collect(), able.collect(), &heads.map_err(ActionError::from)?);
    let fields: Vec<Field> = fields
        .into_iter()
        .map(|field| {
            let error = shown.refused.as_ref().and_then(|refused| failing_field(&ui, refused, &field.name));
            field.error(error)
        })
        .collect();
    let try_out = if shown.priced.is_some() { Look::Secondary } else { Look::Primary };
    let mut buttons = vec![Button::submit(try_out, ui.t("agreement-try")).submits("step", PREVIEW)];
    if shown.priced.is_some() {
        buttons.push(Button::submit(Look::Primary, ui.t("agreement-propose")).submits("step", "submit"));
    }
    let general = shown.refused.as_ref().filter(|refused| refused.fields.is_empty());
    let customer = loans.first().map(|row| row.customer.clone()).unwrap_or_default();
    let carried = capacity::proposed(work, &case, &loans, &typed.loan).await?;
    let body = NewBody {
        capacity: carried.map(|one| capacity::panel(&ui, &case, &one)).unwrap_or_default(),
        tabs: ui.tabs(kind_tabs(&ui, &form_of(case.key.case), typed.chosen(), &typed.loan)),
        action: format!("/collections/cases/{}/agreements", case.key.case),
        keep: format!("agreement-{}-{}", case.key.case, typed.chosen().as_str()),
        guard: ui.guard(visit.guard()),
        kind: typed.chosen().as_str().to_owned(),
        refusal: general.map(|refused| refusal_box(&ui, refused)).unwrap_or_default(),
        summary: ui.error_summary(&fields),
        fields: fields.iter().map(|field| ui.field(field)).collect(),
        buttons: ui.buttons(buttons),
        preview: shown.priced.as_ref().map(|priced| preview(&ui, priced)),
        owed: crate::case::pages::loans_table(&ui, &loans),
        ui: ui.clone(),
    };
    let back = Button::link(Look::Secondary, ui.t("agreement-back"), format!("/collections/cases/{}", case.key.case));
    let page = Page::new(ui.t1("agreement-new-title", "case", &case.number), "agreements")
        .subtitle(customer)
        .actions(ui.button(back.icon(Icon::ArrowLeft)));
    let status = if shown.refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page(&page, &body)?).into_response())
}

/// What it comes to: owed now, given up, left; then the payments.
fn preview(ui: &Ui, priced: &Priced) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("agreement-comes-to"));
    out.raw("</h2></header>").push(&derivation(ui, &priced.before, &priced.after));
    out.push(&payments_table(ui, &priced.terms.payments, None)).raw("</section>");
    out
}

/// Head by head: owed today, given up, owed afterwards.
fn derivation(ui: &Ui, before: &Amounts, after: &Amounts) -> Html {
    let heads = [("head", Side::Left), ("owed", Side::Right), ("waived", Side::Right), ("left", Side::Right)];
    let mut table =
        Table::new(ui.t("agreement-derivation"), heads.map(|(id, side)| (ui.t(format!("agreement-of-{id}")), side)));
    let less = |a: Fen, b: Fen| a.checked_sub(b).unwrap_or_default();
    for head in Head::ALL {
        let (was, is) = (before.get(head), after.get(head));
        if was.is_zero() && is.is_zero() {
            continue;
        }
        let name = ui.t(servicing::loan::why::head_message(head));
        table.row([Html::of_text(name), ui.money(was), ui.money(less(was, is)), ui.money(is)]);
    }
    let (was, is) = (before.total().unwrap_or_default(), after.total().unwrap_or_default());
    table.total([Html::of_text(ui.t("total")), ui.money(was), ui.money(less(was, is)), ui.money(is)]);
    ui.table(table)
}

/// The agreed payments; with what came in, each says whether it is covered.
fn payments_table(ui: &Ui, payments: &[Payment], paid: Option<Fen>) -> Html {
    let mut heads = vec![("no", Side::Left), ("due-on", Side::Left), ("amount", Side::Right), ("sum", Side::Right)];
    if paid.is_some() {
        heads.push(("covered", Side::Right));
    }
    let heads = heads.into_iter().map(|(id, side)| (ui.t(format!("agreement-payment-{id}")), side));
    let mut table = Table::new(ui.t("agreement-payments"), heads);
    let mut sum = Fen::ZERO;
    for (at, payment) in payments.iter().enumerate() {
        let before = sum;
        sum = sum.checked_add(payment.amount).unwrap_or(sum);
        let mut cells = vec![
            Html::of_text((at + 1).to_string()),
            ui.date_weekday(payment.due_on),
            ui.money(payment.amount),
            ui.money(sum),
        ];
        if let Some(paid) = paid {
            let covered = paid.checked_sub(before).unwrap_or_default().clamp(Fen::ZERO, payment.amount);
            cells.push(ui.money(covered));
        }
        table.row(cells);
    }
    let count = Html::of_text(ui.t1("agreement-payments-count", "count", payments.len()));
    let mut cells = vec![count, Html::new(), ui.money(sum), Html::new()];
    cells.extend(paid.map(|paid| ui.money(paid.min(sum))));
    table.total(cells);
    ui.table(table)
}

#[derive(Template)]
#[template(path = "agreement/show.html")]
struct ShowBody {
    ui: Ui,
    facts: Vec<(String, Html)>,
    citation: Html,
    reason: String,
    waivers: Option<Html>,
    payments: Html,
    steps: Vec<(String, String, String, String)>,
    sign: Option<SignPart>,
    withdraw: Option<Html>,
    id: String,
}

struct SignPart {
    guard: Html,
    refusal: Html,
    summary: Html,
    fields: Vec<Html>,
    submit: Html,
}

/// What the form of the signature sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SignForm {
    on: String,
    by: String,
    place: String,
}

impl SignForm {
    fn read(&self) -> Result<Signature, Refused> {
        match self.on.trim().parse::<Date>() {
            Ok(on) => Ok(Signature { on, by: self.by.clone(), place: self.place.clone() }),
            Err(_) => Err(Refused::form(vec![FieldError::new("on", "date-unreadable").with("text", &self.on)])),
        }
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let typed = SignForm { on: work.business_date.to_string(), ..SignForm::default() };
    draw(&visit, &mut work, &id, &typed, None).await
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let (agreement, _) = actions::load(&mut work, &id, CASE_VIEW).await?;
    paper::answer(&visit, work, &agreement).await
}

async fn record(Path(id): Path<String>, posted: Posted<SignForm>) -> Result<Response, WebError> {
    let refused = match posted.form.read() {
        Err(refused) => refused,
        Ok(signature) => {
            let mut work = posted.begin("agreement.sign").await?;
            match sign::sign(&mut work, &id, &signature).await {
                Ok(key) => return posted.done(work, page_of(key)).await,
                Err(ActionError::Refused(refused)) if shows_in_form(&refused) => *refused,
                Err(error) => return Err(error.into()),
            }
        }
    };
    let mut work = posted.visit.read().await?;
    draw(&posted.visit, &mut work, &id, &posted.form, Some(&refused)).await
}

/// What the form that gives an agreement up sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WithdrawForm {
    reason: String,
}

async fn withdraw(Path(id): Path<String>, posted: Posted<WithdrawForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("agreement.withdraw").await?;
    let key = actions::withdraw(&mut work, &id, &posted.form.reason).await?;
    posted.done(work, page_of(key)).await
}

async fn draw(
    visit: &Visit,
    work: &mut Work,
    id: &str,
    typed: &SignForm,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let (agreement, case) = actions::load(work, id, CASE_VIEW).await?;
    let works = visit.may(CASE_WORK);
    let steps = store::steps(&mut work.tx, agreement.case, Some(agreement.id)).await?;
    let paid = agreement.state.is_signed().then_some(agreement.paid);
    let body = ShowBody {
        facts: facts(&ui, work, &agreement, &case).await?,
        citation: citation(visit, &ui, work).await?,
        reason: agreement.terms.reason.clone(),
        waivers: agreement.terms.all_waivers().next().is_some().then(|| waivers_table(&ui, &agreement.terms)),
        payments: payments_table(&ui, &agreement.terms.payments, paid),
        steps: steps
            .into_iter()
            .map(|step| {
                let word = ui.t(format!("agreement-did-{}", step.step));
                (platform::clock::civil_minute(step.at), word, step.detail, step.by)
            })
            .collect(),
        sign: (works && agreement.state == AgreementState::Approved).then(|| sign_form(visit, &ui, typed, refused)),
        withdraw: (works && matches!(agreement.state, AgreementState::Proposed | AgreementState::Approved))
            .then(|| ui.guard(visit.guard())),
        id: agreement.id.to_string(),
        ui: ui.clone(),
    };
    let buttons = ui.buttons(vec![
        Button::link(Look::Secondary, ui.t("agreement-back"), format!("/collections/cases/{}", case.key.case))
            .icon(Icon::ArrowLeft),
        Button::link(Look::Primary, ui.t("agreement-print"), format!("{}/print.pdf", page_of(agreement.id)))
            .icon(Icon::Printer),
    ]);
    let title = format!("{} {}", ui.t("agreement-one"), agreement.number);
    let page = Page::new(title, "agreements").subtitle(kind_word(&ui, agreement.kind)).actions(buttons);
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page(&page, &body)?).into_response())
}

async fn facts(
    ui: &Ui,
    work: &mut Work,
    agreement: &Agreement,
    case: &Case,
) -> Result<Vec<(String, Html)>, ActionError> {
    let (name, _) = servicing::loan::store::borrower(&mut work.tx, agreement.case.customer).await?;
    let link = |text: &str, href: String| {
        let mut out = Html::new();
        out.raw("<a").href(href).raw(">").text(text).raw("</a>");
        out
    };
    let signer = match &agreement.terms.signer {
        Some(one) => format!("{} · {}", one.name, ui.t(format!("obligor-role-{}", one.role))),
        None => ui.t("agreement-signer-own"),
    };
    let mut loans = Html::new();
    for key in agreement.loans() {
        let file = servicing::loan::store::load_file(&mut work.tx, key).await?;
        let number = file.map(|file| file.loan.number).unwrap_or_default();
        loans.push(&link(&number, format!("/loans/{}", key.loan))).raw(" ");
    }
    let terms = &agreement.terms;
    let mut found = vec![
        (ui.t("agreement-state"), state_badge(ui, agreement.state)),
        (ui.t("loan-customer"), Html::of_text(name)),
        (ui.t("case-number"), link(&case.number, format!("/collections/cases/{}", case.key.case))),
        (ui.t("loan-number"), loans),
        (ui.t("agreement-kind"), Html::of_text(kind_word(ui, agreement.kind))),
        (ui.t("agreement-way"), Html::of_text(ui.t(format!("agreement-way-{}", terms.way.as_str())))),
        (ui.t("agreement-signer"), Html::of_text(signer)),
        (ui.t("agreement-total"), ui.money(terms.total())),
        (ui.t("agreement-waived"), ui.money(terms.waived())),
        (ui.t("agreement-paid"), ui.money(agreement.paid)),
        (ui.t("agreement-next-due"), ui.date_or_dash(agreement.next_due_on)),
        (ui.t("agreement-last"), ui.date(terms.last_on())),
        (ui.t("agreement-signed-on"), ui.date_or_dash(agreement.signed_on)),
    ];
    if let Some(approval) = agreement.approval {
        let page = approval::page_for(work, agreement.case.customer, approval).await?;
        found.extend(page.map(|href| (ui.t("agreement-approval"), link(&ui.t("approval-open-page"), href))));
    }
    Ok(found)
}

/// The article behind agreements.
async fn citation(visit: &Visit, ui: &Ui, work: &mut Work) -> Result<Html, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let article = policy.edition(today).parameter("agreement_grace_days").map(|row| row.article.clone());
    let english = visit.lang == platform::locale::Lang::En;
    Ok(article.map_or_else(Html::new, |id| ui.citation(article_address(&id), policy.article_title(&id, english))))
}

fn waivers_table(ui: &Ui, terms: &Terms) -> Html {
    let heads = [("agreement-of-head", Side::Left), ("agreement-of-waived", Side::Right)];
    let mut table = Table::new(ui.t("agreement-waived"), heads.map(|(id, side)| (ui.t(id), side)));
    for waiver in terms.all_waivers() {
        let name = ui.t(servicing::loan::why::head_message(waiver.head));
        table.row([Html::of_text(name), ui.money(waiver.amount)]);
    }
    table.total([Html::of_text(ui.t("total")), ui.money(terms.waived())]);
    ui.table(table)
}

fn sign_form(visit: &Visit, ui: &Ui, typed: &SignForm, refused: Option<&Refused>) -> SignPart {
    let fields = [
        Field::new("on", ui.t("agreement-signed-on"), Input::Date).value(&typed.on).required(),
        Field::new("by", ui.t("agreement-signed-by"), Input::Text).value(&typed.by).required(),
        Field::new("place", ui.t("agreement-place"), Input::Text)
            .value(&typed.place)
            .required()
            .hint(ui.t("agreement-place-hint")),
    ];
    let fields = fields.map(|field| {
        let error = refused.and_then(|refused| failing_field(ui, refused, &field.name));
        field.error(error)
    });
    let general = refused.filter(|refused| refused.fields.is_empty());
    SignPart {
        guard: ui.guard(visit.guard()),
        refusal: general.map(|refused| refusal_box(ui, refused)).unwrap_or_default(),
        summary: ui.error_summary(&fields),
        fields: fields.iter().map(|field| ui.field(field)).collect(),
        submit: ui.buttons(vec![Button::submit(Look::Primary, ui.t("agreement-sign")).icon(Icon::Check)]),
    }
}
