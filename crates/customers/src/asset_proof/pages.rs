//! Pages of proofs of assets: all of a customer with what counts, entering, verifying, taking back.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::model::{Counts, NewProof, Proof, ProofId};
use super::{PAPER, actions, data, page_of, rules};
use crate::campaign::pages::yuan;
use crate::customer::actions::load_within;
use crate::customer::pages::ReasonForm;
use crate::customer::store::filled;
use crate::datum::form::{select, word};
use crate::datum::item::value_title;
use crate::datum::model::Way;
use crate::document::model::DocumentId;
use crate::document::store as papers;
use crate::reveal::{reason, reason_field};
use crate::sorting::view::{hint, panel};
use crate::{EDIT, VIEW};

platform::form_fields! {
    /// A proof of assets.
    ProofForm: "document", "kind", "face", "note"
}

platform::form_fields! {
    /// What was found of a proof.
    FoundForm: "verified_way", "finding", "note"
}

/// The pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/asset-proofs", VIEW, index)
        .data::<data::ProofsData, _, _>("/customers/{id}/asset-proofs", VIEW, data::proofs)
        .get("/customers/{id}/asset-proofs/new", EDIT, new_page)
        .post("/customers/{id}/asset-proofs/new", EDIT, enter)
        .get("/customers/{id}/asset-proofs/{proof}/verify", EDIT, verify_page)
        .post("/customers/{id}/asset-proofs/{proof}/verify", EDIT, verify)
        .get("/customers/{id}/asset-proofs/{proof}/withdraw", EDIT, withdraw_page)
        .post("/customers/{id}/asset-proofs/{proof}/withdraw", EDIT, withdraw)
}

type Key = (CustomerId, ProofId);

fn kind_title(ui: &Ui, kind: &str) -> String {
    value_title("asset_proof_kind", kind, ui.lang() == Lang::En).unwrap_or(kind).to_owned()
}

/// Whether a proof counts, and why not: shape and word.
fn badge(ui: &Ui, counts: Counts) -> Html {
    let (tone, icon) = match counts {
        Counts::Yes(_) => (Tone::Ok, Icon::CircleCheck),
        Counts::Withdrawn => (Tone::Neutral, Icon::Archive),
        Counts::Unverified | Counts::NoConsent => (Tone::Watch, Icon::Clock),
        Counts::NoPaper | Counts::Expired(_) | Counts::Contradicted => (Tone::Sub, Icon::Ban),
    };
    ui.badge(tone, icon, ui.t(format!("asset-proof-counts-{}", counts.as_str())))
}

async fn index(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let customer = load_within(&mut work, id, VIEW).await?;
    let today = work.business_date;
    let in_force = policies::in_force(&mut work, today).await?;
    let all = actions::judged(&mut work, id, &in_force, today).await?;
    let heads = [
        ("asset-proof-kind", Side::Left),
        ("asset-proof-face", Side::Right),
        ("asset-proof-note", Side::Left),
        ("asset-proof-made-on", Side::Left),
        ("asset-proof-counts", Side::Left),
        ("campaign-verb", Side::Left),
    ];
    let mut table = Table::new(ui.t("asset-proof-title"), heads.map(|(head, side)| (ui.t(head), side)));
    for (one, counts) in &all {
        table.row([
            Html::of_text(kind_title(&ui, &one.content.kind)),
            Html::of_text(ui.yuan(one.content.face)),
            Html::of_text(&one.content.note),
            ui.date(one.made_on),
            badge(&ui, *counts),
            verbs(&visit, &ui, one, *counts),
        ]);
    }
    let sum = ui.t1("asset-proof-sum", "amount", ui.yuan(rules::sum(&all).0));
    let mut inner = hint(&sum);
    inner.push(&if all.is_empty() { hint(&ui.t("asset-proof-none")) } else { ui.table(table) });
    let mut body = Html::new();
    panel(&mut body, &ui.t("asset-proof-title"), &Html::new(), &inner);
    let mut buttons = Vec::new();
    if visit.may(EDIT) {
        let new = Button::link(Look::Primary, ui.t("asset-proof-new"), format!("{}/new", page_of(id)));
        buttons.push(new.icon(Icon::Plus));
    }
    let link = |label: &str, href: String| Button::link(Look::Secondary, ui.t(label), href);
    buttons.push(link("capacity-title", format!("/customers/{id}/capacity")).icon(Icon::Calculator));
    buttons.push(link("customer-back", format!("/customers/{id}")).icon(Icon::ArrowLeft));
    let page = Page::new(ui.t("asset-proof-title"), "customers").subtitle(customer.name);
    visit.page_of(&page.actions(ui.buttons(buttons)), &body)
}

fn verbs(visit: &Visit, ui: &Ui, one: &Proof, counts: Counts) -> Html {
    let mut out = Html::new();
    if !visit.may(EDIT) || counts == Counts::Withdrawn {
        return out;
    }
    let place = |part: &str| format!("{}/{}/{part}", page_of(one.customer), one.id);
    if visit.actor.user != Some(one.by) {
        let button = Button::link(Look::Small, ui.t("asset-proof-verify"), place("verify"));
        out.push(&ui.button(button.icon(Icon::Check)));
    }
    let button = Button::link(Look::Small, ui.t("asset-proof-withdraw"), place("withdraw"));
    out.push(&ui.button(button.icon(Icon::ArrowBackUp)));
    out
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_new(&visit, id, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let customer = load_within(&mut work, id, EDIT).await?;
    let today = work.business_date;
    let in_force = policies::in_force(&mut work, today).await?;
    let held = papers::of_customer(&mut work.tx, id).await?;
    let held = held.iter().filter(|one| one.kind == PAPER && one.is_current());
    let held = held.map(|one| Choice::new(one.id.to_string(), format!("{} {}", one.effective_on, one.file.name)));
    let kinds = actions::kinds(&in_force);
    let kinds = kinds.iter().map(|kind| Choice::new(kind, kind_title(&ui, kind)));
    let or = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let page = FormPage {
        active: "customers",
        title: ui.t("asset-proof-new"),
        subtitle: customer.name,
        action: format!("{}/new", page_of(id)),
        fields: vec![
            Field::new("document", ui.t("asset-proof-document"), Input::Select(held.collect()))
                .value(or("document"))
                .hint(ui.t("asset-proof-document-hint"))
                .required(),
            Field::new("kind", ui.t("asset-proof-kind"), Input::Select(kinds.collect()))
                .value(or("kind"))
                .hint(ui.t("asset-proof-kind-hint"))
                .required(),
            Field::new("face", ui.t("asset-proof-face"), Input::Money)
                .value(or("face"))
                .hint(ui.t("campaign-yuan-hint"))
                .required(),
            Field::new("note", ui.t("asset-proof-note"), Input::Area).value(or("note")),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("asset-proof-new")).icon(Icon::Check)],
        back: page_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

fn read(typed: &Fields) -> Result<NewProof, Refused> {
    let mut wrong = Vec::new();
    let face = yuan(typed, "face", &mut wrong);
    let document = filled(typed.first("document")).and_then(|id| id.parse::<i64>().ok()).map(DocumentId);
    if document.is_none() {
        wrong.push(FieldError::new("document", "asset-proof-no-paper"));
    }
    match (face, document) {
        (Some(face), Some(document)) => Ok(NewProof {
            document,
            kind: filled(typed.first("kind")).unwrap_or_default(),
            face,
            note: filled(typed.first("note")).unwrap_or_default(),
        }),
        _ => Err(Refused::form(wrong).under("asset_proof.entry", None)),
    }
}

async fn enter(Path(id): Path<CustomerId>, posted: Posted<ProofForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("asset_proof.enter").await?;
    let done = match read(&posted.fields) {
        Ok(new) => actions::enter(&mut work, id, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, page_of(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

/// A form about one proof.
async fn draw_part(
    visit: &Visit,
    (id, proof): Key,
    (part, title, look): (&str, &str, Look),
    fields: impl FnOnce(&Ui) -> Vec<Field>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let customer = load_within(&mut work, id, EDIT).await?;
    let page = FormPage {
        active: "customers",
        title: ui.t(title),
        subtitle: customer.name,
        action: format!("{}/{proof}/{part}", page_of(id)),
        fields: fields(&ui),
        buttons: vec![Button::submit(look, ui.t(title)).icon(Icon::Check)],
        back: page_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn verify_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_verify(&visit, key, &Fields::default(), None).await
}

async fn draw_verify(visit: &Visit, key: Key, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let fields = |ui: &Ui| {
        let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
        let ways = select(ui, "asset-proof-way", Way::ALL.iter().map(|one| one.as_str()));
        let findings = select(ui, "asset-proof-found", ["confirmed", "contradicted"].into_iter());
        vec![
            Field::new("verified_way", ui.t("asset-proof-way"), ways)
                .value(or("verified_way", Way::Document.as_str()))
                .required(),
            Field::new("finding", ui.t("asset-proof-found"), findings).value(or("finding", "confirmed")).required(),
            Field::new("note", ui.t("asset-proof-seen"), Input::Area).value(or("note", "")).required(),
        ]
    };
    draw_part(visit, key, ("verify", "asset-proof-verify", Look::Primary), fields, refused).await
}

async fn verify(Path(key): Path<Key>, posted: Posted<FoundForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("asset_proof.verify").await?;
    let mut wrong = Vec::new();
    let way = word(&posted.fields, "verified_way", Way::parse, Way::Document, &mut wrong);
    let confirmed = match posted.fields.first("finding").unwrap_or_default() {
        "confirmed" => true,
        "contradicted" => false,
        other => {
            wrong.push(FieldError::choice("finding", other));
            false
        }
    };
    let note = posted.fields.first("note").unwrap_or_default();
    let done: Result<(), ActionError> = match wrong.is_empty() {
        true => actions::verify(&mut work, key, (way, confirmed), note).await,
        false => Err(Refused::form(wrong).into()),
    };
    match posted.finish(work, done, page_of(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_verify(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}

async fn withdraw_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_withdraw(&visit, key, &Fields::default(), None).await
}

async fn draw_withdraw(
    visit: &Visit,
    key: Key,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let fields = |ui: &Ui| vec![reason_field(ui, typed, "asset-proof-withdraw-hint")];
    draw_part(visit, key, ("withdraw", "asset-proof-withdraw", Look::Danger), fields, refused).await
}

async fn withdraw(Path(key): Path<Key>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("asset_proof.withdraw").await?;
    let done = actions::withdraw(&mut work, key, reason(&posted)).await;
    match posted.finish(work, done, page_of(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_withdraw(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}
