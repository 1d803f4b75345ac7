//! The tab with the list of documents: completeness, each line with its state and its verb, what was there before.

use platform::attachment::Attachment;
use platform::customer_page::{PanelBody, PanelSize};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::locale::Lang;
use platform::page::{Button, Html, Icon, Look, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::model::{Document, Line, State};
use super::rules::{self, Completeness};
use super::{actions, refresh, store};
use crate::customer::actions::load_within;
use crate::datum::model::Route;
use crate::{DOCUMENT_VIEW, EDIT, VIEW, card_table, merge};

/// What a paper is called.
pub(crate) fn kind_title(ui: &Ui, policy: &InForce, kind: &str) -> String {
    let outcome = policy.pack().outcome("document_kind", kind);
    outcome.map_or_else(|| kind.to_owned(), |one| one.title.in_language(ui.lang() == Lang::En).to_owned())
}

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let customer = load_within(work, id, VIEW).await?;
        // The papers of merged files are the customer's too.
        let mut held = Vec::new();
        for file in merge::united_within(work, id).await? {
            held.extend(store::of_customer(&mut work.tx, file).await?);
        }
        let count = i64::try_from(held.iter().filter(|one| one.is_current()).count()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let ui = visit.ui();
        let on = work.business_date;
        let policy = policies::in_force(work, on).await?;
        let list = actions::list(&policy, on, customer.kind)?;
        let days = if list.is_empty() { 0 } else { refresh::remind_days(&policy, on)? };
        let lines = rules::lines(&list, &held, on, days);
        let mut html = head(&ui, &policy, &rules::completeness(&lines, days));
        html.push(&table(visit, &ui, &policy, id, &lines));
        html.push(&former(visit, &ui, &policy, &held));
        Ok(PanelBody { count, html })
    })
}

/// How complete the file is, and what is to be handed in.
fn head(ui: &Ui, policy: &InForce, all: &Completeness) -> Html {
    let mut out = Html::new();
    if all.required == 0 {
        return out;
    }
    let percent = format!("{}%", all.permille() / 10);
    let words = ui.tn(
        "document-complete-of",
        &[("held", all.held.to_string()), ("of", all.required.to_string()), ("percent", percent)],
    );
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("document-complete"));
    out.raw("</h2><span class=\"sub num\">").text(&words).raw("</span></header><div class=\"panel-body\">");
    out.raw("<p>");
    let names: Vec<String> = all.open.iter().map(|kind| kind_title(ui, policy, kind)).collect();
    match names.is_empty() {
        true => out.push(&ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("document-complete-all"))),
        false => {
            let names = names.join(&ui.t("list-comma"));
            out.push(&ui.badge(Tone::Watch, Icon::AlertTriangle, ui.t1("document-complete-open", "names", names)))
        }
    };
    out.raw("</p>").push(&ui.progress(all.permille(), None, &words)).raw("</div></section>");
    out
}

fn table(visit: &Visit, ui: &Ui, policy: &InForce, id: CustomerId, lines: &[Line<'_>]) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("documents-title"));
    out.raw("</h2><span class=\"sub\">").text(ui.t("documents-note")).raw("</span><div class=\"end\">");
    if visit.may(EDIT) && !lines.is_empty() {
        let new = Button::link(Look::Small, ui.t("document-new"), format!("/customers/{id}/documents/new"));
        out.push(&ui.button(new.icon(Icon::Plus)));
    }
    out.raw("</div></header>");
    if lines.is_empty() {
        out.raw("<div class=\"panel-body\"><p class=\"hint\">")
            .text(ui.t("documents-none"))
            .raw("</p></div></section>");
        return out;
    }
    let heads = [
        "document-kind",
        "document-need",
        "document-state",
        "document-number",
        "document-valid",
        "datum-source",
        "attachment-file",
        "document-verbs",
    ];
    let heads: Vec<String> = heads.iter().map(|head| ui.t(head)).collect();
    let mut rows = Vec::new();
    for line in lines {
        match line.documents.as_slice() {
            [] => rows.push(missing_row(visit, ui, policy, id, line)),
            [first, rest @ ..] => {
                rows.push(row(visit, ui, policy, (line, line.state), first));
                for other in rest {
                    let until = rules::valid_until(other, &line.wanted);
                    let state = match until {
                        Some(until) if until < ui.business_date => State::Expired(until),
                        until => State::There(until),
                    };
                    rows.push(row(visit, ui, policy, (line, state), other));
                }
            }
        }
    }
    out.push(&card_table::draw(&ui.t("documents-title"), &heads, &rows)).raw("</section>");
    out
}

fn need(ui: &Ui, policy: &InForce, line: &Line<'_>) -> Html {
    let mut out = Html::new();
    out.text(ui.t(if line.wanted.required { "document-required" } else { "document-optional" }));
    for id in line.wanted.article.split('|').filter(|id| !id.is_empty()) {
        let title = policy.article_title(id, ui.lang() == Lang::En);
        out.raw(" ").push(&ui.citation(policies::article_address(id), title));
    }
    out
}

/// How a line stands, as a badge.
fn badge(ui: &Ui, state: State, required: bool) -> Html {
    let (tone, icon) = match state {
        State::There(_) => (Tone::Ok, Icon::CircleCheck),
        State::Expiring(_) => (Tone::Watch, Icon::Clock),
        State::Expired(_) => (Tone::Doubt, Icon::AlertTriangle),
        State::Missing if required => (Tone::Doubt, Icon::FileX),
        State::Missing => (Tone::Neutral, Icon::Minus),
    };
    ui.badge(tone, icon, ui.t(format!("document-state-{}", state.as_str())))
}

fn missing_row(visit: &Visit, ui: &Ui, policy: &InForce, id: CustomerId, line: &Line<'_>) -> Vec<Html> {
    let mut verbs = Html::new();
    if visit.may(EDIT) {
        let kind = &line.wanted.kind;
        let new =
            Button::link(Look::Small, ui.t("document-hand-in"), format!("/customers/{id}/documents/new?of={kind}"));
        verbs.push(&ui.button(new.icon(Icon::Paperclip)));
    }
    vec![
        Html::of_text(kind_title(ui, policy, &line.wanted.kind)),
        need(ui, policy, line),
        badge(ui, State::Missing, line.wanted.required),
        ui.dash(),
        ui.dash(),
        ui.dash(),
        ui.dash(),
        verbs,
    ]
}

fn row(visit: &Visit, ui: &Ui, policy: &InForce, (line, state): (&Line<'_>, State), one: &Document) -> Vec<Html> {
    let own = format!("/customers/{}/documents/{}", one.customer, one.id);
    let mut name = Html::new();
    name.raw("<a").href(&own).raw(">").text(kind_title(ui, policy, &one.kind)).raw("</a>");
    let mut verbs = Html::new();
    if visit.may(EDIT) {
        let replace = Button::link(Look::Small, ui.t("document-replace"), format!("{own}/replace"));
        verbs.push(&ui.button(replace.icon(Icon::ArrowsExchange)));
    }
    vec![
        name,
        need(ui, policy, line),
        badge(ui, state, line.wanted.required),
        number(ui, one),
        state.until().map_or_else(|| Html::of_text(ui.t("document-no-end")), |until| ui.date(until)),
        Html::of_text(source(ui, one.route, &one.source_note)),
        file(visit, ui, &one.file, &own),
        verbs,
    ]
}

/// The number, masked.
pub(super) fn number(ui: &Ui, one: &Document) -> Html {
    if one.number.is_empty() {
        return ui.dash();
    }
    let mut out = Html::new();
    out.raw("<span class=\"num nowrap\">").text(&one.number).raw("</span>");
    out
}

/// By which way it came, and from whom.
pub(super) fn source(ui: &Ui, route: Route, note: &str) -> String {
    let route = ui.t(format!("datum-route-{}", route.as_str()));
    if note.is_empty() { route } else { format!("{route} · {note}") }
}

/// The file's name and size; a link for whoever may open it.
pub(super) fn file(visit: &Visit, ui: &Ui, file: &Attachment, own: &str) -> Html {
    let size = match file.bytes >> 20 {
        0 => ui.t1("attachment-size-kib", "kib", ui.count((file.bytes + 1_023) >> 10)),
        mib => ui.t1("attachment-size-mib", "mib", ui.count(mib + 1)),
    };
    let mut out = Html::new();
    match visit.may(DOCUMENT_VIEW) && file.withdrawn.is_none() {
        true => out.raw("<a").href(format!("{own}/file")).raw(">").text(&file.name).raw("</a>"),
        false => out.text(&file.name),
    };
    out.raw(" <span class=\"muted nowrap\">").text(size).raw("</span>");
    out
}

/// What was replaced or withdrawn: it stays readable as what it was.
fn former(visit: &Visit, ui: &Ui, policy: &InForce, held: &[Document]) -> Html {
    let mut out = Html::new();
    let gone: Vec<&Document> = held.iter().filter(|one| !one.is_current()).collect();
    if gone.is_empty() {
        return out;
    }
    let heads = ["document-kind", "document-received-on", "attachment-file", "document-state"].map(|head| ui.t(head));
    let mut rows = Vec::new();
    for one in gone {
        let own = format!("/customers/{}/documents/{}", one.customer, one.id);
        let mut name = Html::new();
        name.raw("<a").href(&own).raw(">").text(kind_title(ui, policy, &one.kind)).raw("</a>");
        rows.push(vec![name, ui.date(one.effective_on), file(visit, ui, &one.file, &own), ended(ui, &one.file)]);
    }
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("documents-former"));
    out.raw("</h2></header>").push(&card_table::draw(&ui.t("documents-former"), &heads, &rows)).raw("</section>");
    out
}

/// Why it counts no longer.
pub(super) fn ended(ui: &Ui, file: &Attachment) -> Html {
    match &file.withdrawn {
        Some(withdrawn) => {
            let mut out = ui.badge(Tone::Neutral, Icon::ArrowBackUp, ui.t("document-withdrawn"));
            out.raw(" ").text(format!("{} · {}", withdrawn.on, withdrawn.reason));
            out
        }
        None if file.replaced_by.is_some() => ui.badge(Tone::Neutral, Icon::ArrowsExchange, ui.t("document-replaced")),
        None => ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("document-current")),
    }
}
