//! Pages of related parties: panel, new, one with its verbs, reveal.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use platform::access::PERSONAL_REVEAL;
use platform::customer_page::{PanelBody, PanelSize};
use platform::error::{ActionError, Refused};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Tone, Ui};
use platform::vault::Personal as _;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::actions::{self, Say};
use super::model::{Relation, RelationId, Willingness};
use super::{form, graph, store};
use crate::card_table;
use crate::customer::actions::load_within;
use crate::customer::pages::ReasonForm;
use crate::reveal::{Reveal, reason, reason_field};
use crate::{EDIT, VIEW};

/// The pages about related parties.
pub fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/relations/new", EDIT, new_page)
        .post("/customers/{id}/relations/new", EDIT, add)
        .get("/customers/{id}/relations/{relation}", EDIT, one_page)
        .post("/customers/{id}/relations/{relation}", EDIT, act)
        .get("/customers/{id}/relations/{relation}/reveal", PERSONAL_REVEAL, reveal_page)
        .post("/customers/{id}/relations/{relation}/reveal", PERSONAL_REVEAL, reveal)
        .answering::<crate::reveal::RevealedValue>()
}

#[derive(Template)]
#[template(path = "relation/panel.html")]
struct PanelPart {
    ui: Ui,
    add: Html,
    picture: Html,
    table: Option<Html>,
}

/// The panel on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let customer = load_within(work, id, VIEW).await?;
        let mut relations = store::of_customer(&mut work.tx, id).await?;
        let count = relations.iter().filter(|one| one.is_open()).count();
        if size == PanelSize::Brief {
            relations.retain(Relation::is_open);
        }
        let files = visible_files(work, &relations).await?;
        let picture = graph::draw(&ui, &customer.name, &relations);
        let table = (!relations.is_empty()).then(|| table(visit, &ui, &relations, &files));
        let add = if visit.may(EDIT) {
            let address = format!("/customers/{id}/relations/new");
            ui.button(Button::link(Look::Small, ui.t("relation-add"), address).icon(Icon::Plus))
        } else {
            Html::new()
        };
        let html = Html::of_template(&PanelPart { ui, add, picture, table })?;
        Ok(PanelBody { count: i64::try_from(count).ok(), html })
    })
}

/// The own files of related parties, as far as the person may see them.
async fn visible_files(work: &mut Work, relations: &[Relation]) -> Result<BTreeMap<CustomerId, String>, WebError> {
    let mut files = BTreeMap::new();
    for other in relations.iter().filter_map(|one| one.other) {
        if let Ok(file) = load_within(work, other, VIEW).await {
            files.insert(other, file.number);
        }
    }
    Ok(files)
}

fn table(visit: &Visit, ui: &Ui, relations: &[Relation], files: &BTreeMap<CustomerId, String>) -> Html {
    let heads = [
        "relation-kind",
        "customer-name",
        "customer-identity",
        "relation-since",
        "relation-willingness",
        "relation-verbs",
    ];
    let caption = ui.t("relations-title");
    let heads = heads.map(|id| ui.t(id));
    let mut rows = Vec::new();
    for one in relations {
        let own = format!("/customers/{}/relations/{}", one.customer, one.id);
        let mut name = Html::new();
        match one.other.and_then(|other| files.get_key_value(&other)) {
            Some((other, number)) => name
                .raw("<a")
                .href(format!("/customers/{other}"))
                .attr("title", number)
                .raw(">")
                .text(&one.name)
                .raw("</a>"),
            None => name.text(&one.name),
        };
        if let Some(share) = one.share_ppm {
            name.raw(" <span class=\"muted num\">").text(form::percent(share)).raw("%</span>");
        }
        let mut identity = Html::new();
        if one.identity_masked.is_empty() {
            identity.push(&ui.dash());
        } else {
            identity.raw("<span class=\"num muted nowrap\">").text(&one.identity_masked).raw("</span>");
            if visit.may(PERSONAL_REVEAL) {
                identity
                    .raw(" <a")
                    .href(format!("{own}/reveal"))
                    .attr("title", ui.t("reveal"))
                    .attr("aria-label", ui.t("reveal"));
                identity.raw(">").push(&Icon::Eye.html()).raw("</a>");
            }
        }
        let verb = match (visit.may(EDIT), one.ended_on) {
            (_, Some(on)) => Html::of_text(ui.t1("relation-ended", "date", on)),
            (true, None) => ui.button(Button::link(Look::Small, ui.t("relation-open"), own)),
            (false, None) => Html::new(),
        };
        let kind = Html::of_text(ui.t(format!("relation-{}", one.kind.as_str())));
        rows.push(vec![kind, name, identity, ui.date(one.since), willingness(ui, one.willingness), verb]);
    }
    card_table::draw(&caption, &heads, &rows)
}

fn willingness(ui: &Ui, said: Willingness) -> Html {
    match said {
        Willingness::Unknown => ui.badge(Tone::Neutral, Icon::HelpCircle, ui.t("willingness-unknown")),
        Willingness::Consented(on) => ui.badge(Tone::Ok, Icon::CircleCheck, ui.t1("willingness-consented", "date", on)),
        Willingness::Objected(on) => ui.badge(Tone::Doubt, Icon::Ban, ui.t1("willingness-objected", "date", on)),
    }
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
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, EDIT).await?;
    let page = FormPage {
        active: "customers",
        title: ui.t("relation-add"),
        subtitle: customer.name,
        action: format!("/customers/{id}/relations/new"),
        fields: form::fields(&ui, typed),
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-save")).icon(Icon::Check)],
        back: back(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

fn back(id: CustomerId) -> String {
    format!("/customers/{id}?tab=relations")
}

platform::form_fields! {
    /// A new relation.
    NewForm: "kind", "name", "identity_kind", "identity", "since", "share", "consented_on", "note"
}

async fn add(Path(id): Path<CustomerId>, posted: Posted<NewForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("relation.add").await?;
    let done = match form::read(&posted.fields) {
        Ok(new) => actions::add(&mut work, id, &new).await,
        Err(refused) => Err(ActionError::Refused(refused)),
    };
    match posted.finish(work, done, back(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

type Key = (CustomerId, RelationId);

async fn one_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_one(&visit, key, &Fields::default(), None).await
}

async fn draw_one(
    visit: &Visit,
    (id, key): Key,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = actions::load(&mut work, id, key, EDIT).await?;
    let consented = matches!(one.willingness, Willingness::Consented(_));
    let objected = matches!(one.willingness, Willingness::Objected(_));
    let verb = |name: &str, look, icon, word: &str| Button::submit(look, ui.t(word)).submits("verb", name).icon(icon);
    let mut buttons = Vec::new();
    if one.is_open() {
        if !consented && !objected {
            buttons.push(verb("consent", Look::Primary, Icon::CircleCheck, "relation-consent"));
        }
        if !objected {
            buttons.push(verb("object", Look::Secondary, Icon::Ban, "relation-object"));
        }
        buttons.push(verb("end", Look::Danger, Icon::UserX, "relation-end"));
    }
    let mut note = willingness(&ui, one.willingness);
    note.raw("<p class=\"hint\">").text(ui.t("relation-one-note")).raw("</p>");
    let page = FormPage {
        active: "customers",
        title: one.name.clone(),
        subtitle: ui.t(format!("relation-{}", one.kind.as_str())),
        action: format!("/customers/{id}/relations/{key}"),
        fields: vec![reason_field(&ui, typed, "relation-reason-hint")],
        note,
        buttons,
        back: back(id),
    };
    page.draw(visit, refused)
}

platform::form_fields! {
    /// What is to be said about a relation: `consent`, `object` or `end`.
    VerbForm: "verb", "reason"
}

async fn act(Path((id, key)): Path<Key>, posted: Posted<VerbForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("relation.change").await?;
    let reason = reason(&posted);
    let done = match posted.fields.first("verb") {
        Some("consent") => actions::record_say(&mut work, id, key, Say::Consent, reason).await,
        Some("object") => actions::record_say(&mut work, id, key, Say::Object, reason).await,
        Some("end") => actions::end(&mut work, id, key, reason).await,
        Some(_) | None => return Err(WebError::Malformed("no such verb".to_owned())),
    };
    match posted.finish(work, done, back(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_one(&posted.visit, (id, key), &posted.fields, Some(&refused)).await,
    }
}

async fn reveal_of(work: &mut Work, ui: &Ui, (id, key): Key) -> Result<Reveal, WebError> {
    let one = actions::load(work, id, key, PERSONAL_REVEAL).await?;
    Ok(Reveal {
        title: ui.t("customer-reveal-identity"),
        whose: format!("{} {}", one.name, one.identity_masked),
        label: ui.t(format!("identity-{}", one.identity_kind.as_str())),
        action: format!("/customers/{id}/relations/{key}/reveal"),
        back: back(id),
    })
}

async fn reveal_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    reveal_of(&mut work, &visit.ui(), key).await?.ask(&visit, &Fields::default(), None)
}

async fn reveal(Path((id, key)): Path<Key>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("personal.reveal").await?;
    let page = reveal_of(&mut work, &posted.visit.ui(), (id, key)).await?;
    let shown = actions::reveal_identity(&mut work, id, key, reason(&posted)).await;
    page.answer(&posted, work, shown.map(|number| number.clear().to_owned())).await
}
