//! Pages of slips: the form of a loan, one slip beside the loan, its check.

use axum::extract::Path;
use axum::response::Response;
use finance::Fen;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Known, NewSlip, Part, Slip, SlipId, SlipState};
use super::{CHECK, LIST, actions, data, list, page_of, rules, store};
use crate::change::actions::find_key;
use crate::desk::error::DeskError;
use crate::desk::paper::names;
use crate::desk::view::{facts, link, panel};
use crate::desk::{RECORD, VIEW};
use crate::loan::actions::load_within;
use crate::loan::model::TransactionId;
use crate::opening::model::Reader;

platform::form_fields! {
    /// What stands on a slip.
    SlipForm: "payout", "slip_number", "slip_paid_on", "payee", "payee_account", "amount", "repays_on", "monthly", "note"
}

platform::form_fields! {
    /// What the checker found.
    CheckForm: "slip_verdict", "note"
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}/slips/new", RECORD, form)
        .post("/loans/{id}/slips", RECORD, enter)
        .get("/slips/{slip}", VIEW, show)
        .data::<data::SlipData, _, _>("/slips/{slip}", VIEW, data::slip)
        .get("/slips/{slip}/check", CHECK, check_page)
        .post("/slips/{slip}/check", CHECK, check)
}

async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, &Fields::default(), None).await
}

async fn draw(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let key = find_key(&mut work, id).await?;
    let file = load_within(&mut work, key, RECORD).await?;
    let slips = store::of_loan(&mut work.tx, key).await.map_err(ActionError::from)?;
    let open = store::without_slip(&actions::payouts(&file), &slips);
    let choices: Vec<Choice> = open
        .iter()
        .map(|(id, on, amount)| Choice::new(id.to_string(), format!("{on} · {}", ui.yuan(*amount))))
        .collect();
    let first = open.first().map(|(id, _, _)| id.to_string()).unwrap_or_default();
    let typed = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let payout = if typed("payout").is_empty() { first } else { typed("payout") };
    let field = |name: &'static str, label: &str, input: Input| Field::new(name, ui.t(label), input).value(typed(name));
    let page = FormPage {
        active: "slips",
        title: ui.t("slip-enter"),
        subtitle: file.loan.number,
        action: format!("/loans/{id}/slips"),
        fields: vec![
            Field::new("payout", ui.t("slip-payout"), Input::Select(choices)).value(payout).required(),
            field("slip_number", "slip-number", Input::Text).required(),
            field("slip_paid_on", "slip-paid-on", Input::Date).required(),
            field("payee", "slip-payee", Input::Text).required(),
            field("payee_account", "slip-account", Input::Text).hint(ui.t("slip-account-hint")).required(),
            field("amount", "slip-amount", Input::Money).required(),
            field("repays_on", "slip-repays-on", Input::Date).required(),
            field("monthly", "slip-monthly", Input::Money).required(),
            field("note", "card-note", Input::Text),
        ],
        note: Html::of_text(ui.t("slip-hint")),
        buttons: vec![Button::submit(Look::Primary, ui.t("slip-enter")).icon(Icon::Check)],
        back: LIST.to_owned(),
    };
    page.draw(visit, refused)
}

/// Reads a slip as it is typed, or says all that cannot be read.
fn read(typed: &Fields) -> Result<NewSlip, DeskError> {
    let of = |name: &str| typed.first(name).unwrap_or_default();
    let mut wrong = Vec::new();
    let mut reader = Reader::new(&mut wrong);
    for name in ["slip_number", "slip_paid_on", "payee", "payee_account", "amount", "repays_on", "monthly"] {
        reader.needed(name, of(name));
    }
    let (paid_on, repays_on) =
        (reader.date("slip_paid_on", of("slip_paid_on")), reader.date("repays_on", of("repays_on")));
    let (amount, monthly) = (reader.amount("amount", of("amount")), reader.amount("monthly", of("monthly")));
    let transaction = match of("payout") {
        "" => None,
        text => {
            let read = text.parse().ok().map(TransactionId);
            if read.is_none() {
                reader.refuse(FieldError::choice("payout", text));
            }
            read
        }
    };
    match (paid_on, repays_on, amount, monthly) {
        (Some(paid_on), Some(repays_on), Some(amount), Some(monthly)) if wrong.is_empty() => Ok(NewSlip {
            transaction,
            number: of("slip_number").to_owned(),
            paid_on,
            payee: of("payee").to_owned(),
            account: of("payee_account").to_owned(),
            amount,
            repays_on,
            monthly,
            note: of("note").to_owned(),
        }),
        _ => Err(DeskError::Form(wrong)),
    }
}

async fn take(work: &mut Work, id: &str, typed: &Fields) -> Result<SlipId, ActionError> {
    let new = read(typed)?;
    let key = find_key(work, id).await?;
    actions::enter(work, key, &new).await
}

async fn enter(Path(id): Path<String>, posted: Posted<SlipForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("slip.enter").await?;
    let done = take(&mut work, &id, &posted.fields).await;
    let place = done.as_ref().map_or_else(|_| LIST.to_owned(), page_of);
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (one, file) = actions::seen(&mut work, &id, VIEW).await?;
    let known = actions::known(&mut work, &file, &one).await?;
    let [maker, checker] = names(&mut work, [Some(one.made_by), one.checked_by]).await?;
    let mut about = vec![
        (ui.t("slip-state"), list::badge(&ui, Some(one.state)).0),
        (ui.t("loan-number"), link(format!("/loans/{}", one.key.loan), &file.loan.number)),
        (ui.t("slip-maker"), Html::of_text(maker)),
        (ui.t("slip-made-on"), ui.date(one.made_on)),
        (ui.t("slip-checker"), Html::of_text(checker)),
        (ui.t("slip-checked-on"), ui.date_or_dash(one.checked_on)),
    ];
    for (label, text) in [("card-note", &one.note), ("slip-check-note", &one.check_note)] {
        if !text.is_empty() {
            about.push((ui.t(label), Html::of_text(text)));
        }
    }
    let mut body = panel(&ui.t("slip-one"), &facts(&about));
    body.push(&panel(&ui.t("slip-compared"), &compared(&ui, &one, &known)));
    let page = Page::new(ui.t("slip-one"), "slips").subtitle(one.number.clone());
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("slip-title"), LIST).icon(Icon::ArrowLeft)];
    let own = visit.actor.recorded_by() == one.made_by.0;
    if visit.may(CHECK) && one.state == SlipState::Entered && !own {
        let place = format!("{}/check", page_of(one.id));
        buttons.insert(0, Button::link(Look::Primary, ui.t("slip-check"), place).icon(Icon::Check));
    }
    visit.page_of(&page.actions(ui.buttons(buttons)), &body)
}

/// Each part of a slip beside what the loan and the customer's file say.
fn compared(ui: &Ui, one: &Slip, known: &Known) -> Html {
    let heads = ["slip-part", "slip-says", "slip-loan-says", "slip-agrees"].map(|head| (ui.t(head), Side::Left));
    let mut table = Table::new(ui.t("slip-compared"), heads);
    let wrong = rules::differs(one, known);
    let dash = || "—".to_owned();
    let yuan = |fen: Fen| ui.yuan(fen);
    for part in Part::ALL {
        let (says, loan) = match part {
            Part::PaidOn => (one.paid_on.to_string(), known.payout.map(|(on, _)| on.to_string())),
            Part::Amount => (yuan(one.amount), known.payout.map(|(_, amount)| yuan(amount))),
            Part::Payee => (one.payee.clone(), known.holder.clone()),
            Part::Account => (one.account_masked.clone(), accounts(known)),
            Part::RepaysOn => (one.repays_on.to_string(), known.first.map(|(on, _)| on.to_string())),
            Part::Monthly => (yuan(one.monthly), known.first.map(|(_, amount)| yuan(amount))),
        };
        let (tone, icon, word) = if wrong.contains(part) {
            (Tone::Sub, Icon::AlertTriangle, "slip-differs")
        } else {
            (Tone::Ok, Icon::CircleCheck, "slip-same")
        };
        table.row([
            Html::of_text(ui.t(format!("slip-part-{}", part.as_str().replace('_', "-")))),
            Html::of_text(says),
            Html::of_text(loan.unwrap_or_else(dash)),
            ui.badge(tone, icon, ui.t(word)),
        ]);
    }
    ui.table(table)
}

/// The accounts to which is paid out, as the customer's file has them.
fn accounts(known: &Known) -> Option<String> {
    let lines: Vec<String> = known.accounts.iter().map(|(holder, masked)| format!("{holder} {masked}")).collect();
    (!lines.is_empty()).then(|| lines.join(" / "))
}

async fn check_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_check(&visit, &id, &Fields::default(), None).await
}

async fn draw_check(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (one, file) = actions::seen(&mut work, id, CHECK).await?;
    let known = actions::known(&mut work, &file, &one).await?;
    let label = ui.t("slip-verdict");
    let choices = ["passes", "refused"].map(|word| Choice::new(word, ui.t(format!("slip-verdict-{word}"))));
    let typed = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let page = FormPage {
        active: "slips",
        title: ui.t("slip-check"),
        subtitle: format!("{} · {}", one.number, file.loan.number),
        action: format!("{}/check", page_of(one.id)),
        fields: vec![
            Field::new("slip_verdict", label, Input::Radio(choices.to_vec())).value(typed("slip_verdict")).required(),
            Field::new("note", ui.t("slip-check-note"), Input::Text)
                .value(typed("note"))
                .hint(ui.t("slip-check-note-hint")),
        ],
        note: compared(&ui, &one, &known),
        buttons: vec![Button::submit(Look::Primary, ui.t("slip-check")).icon(Icon::Check)],
        back: page_of(one.id),
    };
    page.draw(visit, refused)
}

async fn check(Path(id): Path<String>, posted: Posted<CheckForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("slip.check").await?;
    let typed = |name: &str| posted.fields.first(name).unwrap_or_default();
    let done = match typed("slip_verdict") {
        "passes" => actions::check(&mut work, &id, true, typed("note")).await,
        "refused" => actions::check(&mut work, &id, false, typed("note")).await,
        other => Err(DeskError::Form(vec![FieldError::choice("slip_verdict", other)]).into()),
    };
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_check(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
