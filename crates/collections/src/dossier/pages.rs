//! The dossier of a case: every block with what stands and what stood before, a form for each, its papers, its print.

use std::collections::BTreeSet;

use axum::extract::{Path, Query};
use axum::response::Response;
use customers::relation::store as relations;
use platform::attachment;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Html, Icon, Look, Page, Tone, Ui};
use platform::policies::{self, InForce, article_address};
use platform::web::{Fields, FormPage, Routes, Upload, Visit, WebError, shown_in_form};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Block, DossierError, Entry, EntryId, Thread, standing, superseded};
use super::{DOSSIER_RECORD, DOSSIER_VIEW, actions, data, day, form, paper, store, view};
use crate::LEGAL_MANAGE;
use crate::case::actions as cases;
use crate::case::list::LIST;
use crate::case::model::{Case, CaseId, CaseState};
use crate::known::Known;

/// What the paper of an entry may be.
const KINDS: &[&str] = &[
    "application/pdf",
    "image/jpeg",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
];

/// The pages of dossiers.
pub fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/dossier", DOSSIER_VIEW, show)
        .data::<Vec<data::EntryData>, _, _>("/collections/cases/{id}/dossier", DOSSIER_VIEW, data::dossier)
        .get("/collections/cases/{id}/dossier.pdf", DOSSIER_VIEW, print)
        .get("/collections/cases/{id}/dossier/{part}/new", DOSSIER_RECORD, new_page)
        .upload("/collections/cases/{id}/dossier/{part}/new", DOSSIER_RECORD, record)
        .file("/collections/cases/{id}/dossier/{part}/file", DOSSIER_VIEW, take, KINDS)
}

fn parse(id: &str) -> Result<CaseId, ActionError> {
    Ok(cases::parse(id)?)
}

fn block_of(part: &str) -> Result<Block, ActionError> {
    Ok(Block::parse(part).ok_or(DossierError::NotFound)?)
}

fn home(case: impl std::fmt::Display) -> String {
    format!("{LIST}/{case}/dossier")
}

async fn show(visit: Visit, Path(id): Path<String>, Query(asked): Query<day::Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let known = asked.read(&mut work).await?;
    let (case, entries) = actions::open(&mut work, parse(&id)?, "dossier.view").await?;
    let entries = day::until(entries, known);
    let policy = policies::in_force(&mut work, known.on).await?;
    let obligors = day::obligors_on(&mut work, &case, known).await?;
    let obligors = crate::obligor::pages::table(&visit, &mut work, &obligors).await?;
    let mut body = day::chooser(&ui, &home(case.key.case), known);
    if !known.today {
        let told = ui.t1("dossier-as-of-note", "on", known.on);
        body.push(&ui.note(Tone::Watch, Icon::Clock, Html::of_text(told)));
    }
    body.push(&obligors);
    let (stand, over) = (standing(&entries), superseded(&entries));
    for block in Block::ALL {
        let own: Vec<&Entry> = stand.iter().copied().filter(|one| one.block == block).collect();
        let older: Vec<&Entry> =
            entries.iter().rev().filter(|one| one.block == block && !own.iter().any(|own| own.id == one.id)).collect();
        body.push(&panel(&visit, (&ui, &policy), (&case, known), block, (&own, &older, &over)));
        if block == Block::Business {
            body.push(&causes(&ui, &mut work, (&case, known)).await?);
        }
        if let (Block::Spouse, Some(one)) = (block, own.last()) {
            let word = actions::spouse_word(&mut work, &one.content, known.on).await?;
            let told = ui.t1("dossier-spouse-policy", "word", ui.t(format!("dossier-spouse-word-{word}")));
            body.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(told)));
        }
    }
    let (name, _) =
        servicing::loan::store::borrower(&mut work.tx, case.key.customer).await.map_err(ActionError::from)?;
    work.commit().await?;
    let own = format!("{LIST}/{}", case.key.case);
    let buttons = ui.buttons(vec![
        Button::link(Look::Secondary, ui.t("dossier-back"), own.clone()).icon(Icon::ArrowLeft),
        Button::link(Look::Secondary, ui.t("dossier-print"), format!("{own}/dossier.pdf{}", day::query(known)))
            .icon(Icon::Printer),
    ]);
    let page = Page::new(ui.t("dossier-title"), "cases").subtitle(format!("{name} · {}", case.number)).actions(buttons);
    visit.page_of(&page, &body)
}

/// Block 2 is what the diagnoses of the case say.
async fn causes(ui: &Ui, work: &mut Work, (case, known): (&Case, Known)) -> Result<Html, ActionError> {
    let found = crate::cause::store::found_until(&mut work.tx, case.key, known.on, i64::MAX).await?;
    let mut html = Html::new();
    if let Some(one) = found.last() {
        let also = one.also.iter().map(|code| ui.t(format!("cause-{code}")));
        let all: Vec<String> = [ui.t(format!("cause-{}", one.cause))].into_iter().chain(also).collect();
        let text = format!("{} · {}", all.join(&ui.t("list-comma")), one.evidence);
        html.raw("<p class=\"hint\">").text(ui.t1("dossier-cause", "cause", text)).raw("</p>");
    }
    Ok(html)
}

fn may_record(visit: &Visit, case: &Case, block: Block) -> bool {
    let open = matches!(case.state, CaseState::Open { .. });
    open && visit.may(DOSSIER_RECORD) && (!block.is_legal() || visit.may(LEGAL_MANAGE))
}

/// A block: what stands, each with the way to a newer one, and what stood before.
fn panel(
    visit: &Visit,
    (ui, policy): (&Ui, &InForce),
    (case, known): (&Case, Known),
    block: Block,
    (own, older, over): (&[&Entry], &[&Entry], &BTreeSet<EntryId>),
) -> Html {
    let mut html = Html::new();
    let address = format!("{}/{}/new", home(case.key.case), block.as_str());
    html.raw("<section class=\"panel\"").attr("id", format!("block-{}", block.as_str()));
    html.raw("><header class=\"panel-head\"><h2>").text(view::block(ui, block)).raw("</h2>");
    let begins = block.thread() != Thread::One || own.is_empty();
    // What stood on an earlier day is looked at; what is new is recorded from the present.
    let records = known.today && may_record(visit, case, block);
    if records && begins {
        let button = Button::link(Look::Secondary, ui.t("dossier-add"), &address).icon(Icon::Plus);
        html.raw("<div class=\"end\">").push(&ui.button(button)).raw("</div>");
    }
    html.raw("</header>");
    if own.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("dossier-none")).raw("</p>");
    }
    for entry in own {
        html.push(&shown(visit, (ui, policy), case, (entry, false)));
        if records {
            let button = Button::link(Look::Plain, ui.t("dossier-renew"), format!("{address}?of={}", entry.id));
            html.raw("<p class=\"panel-foot\">").push(&ui.button(button)).raw("</p>");
        }
    }
    if !older.is_empty() {
        html.raw("<details class=\"panel-body\"><summary>").text(ui.t1("dossier-older", "count", older.len()));
        html.raw("</summary>");
        for entry in older {
            html.push(&shown(visit, (ui, policy), case, (entry, over.contains(&entry.item))));
        }
        html.raw("</details>");
    }
    html.raw("</section>");
    html
}

fn shown(visit: &Visit, (ui, policy): (&Ui, &InForce), case: &Case, (entry, superseded): (&Entry, bool)) -> Html {
    let mut html = Html::new();
    html.raw("<dl class=\"facts panel-body\">");
    if superseded {
        html.raw("<dt>").text(ui.t("dossier-superseded")).raw("</dt><dd>").text(ui.t("yes")).raw("</dd>");
    }
    if entry.void {
        html.raw("<dt>").text(ui.t("dossier-void")).raw("</dt><dd>").text(ui.t("yes")).raw("</dd>");
    }
    for (label, value) in view::lines(ui, entry) {
        html.raw("<dt>").text(label).raw("</dt><dd class=\"wrap-anywhere\">").text(value).raw("</dd>");
    }
    let outcome = view::outcome(ui, entry);
    if !outcome.is_empty() {
        let title = policy.article_title(&entry.article, visit.lang == platform::locale::Lang::En);
        html.raw("<dt>").text(ui.t("dossier-outcome")).raw("</dt><dd>").text(outcome).raw(" ");
        html.push(&ui.citation(article_address(&entry.article), title)).raw("</dd>");
    }
    if entry.file.is_some() {
        html.raw("<dt>").text(ui.t("dossier-file")).raw("</dt><dd><a");
        html.href(format!("{}/{}/file", home(case.key.case), entry.id)).raw(">").text(ui.t("dossier-take"));
        html.raw("</a></dd>");
    }
    let by = format!("{} · {}", platform::clock::civil_minute(entry.at), entry.by);
    html.raw("<dt>").text(ui.t("dossier-recorded")).raw("</dt><dd class=\"muted\">").text(by).raw("</dd></dl>");
    html
}

/// Which entry a form follows.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    of: Option<String>,
}

async fn new_page(
    visit: Visit,
    Path((id, part)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let typed = asked.of.map(|of| vec![("of".to_owned(), of)]).unwrap_or_default();
    draw(&visit, (&id, &part), &Fields::new(typed), None).await
}

async fn draw(
    visit: &Visit,
    (id, part): (&str, &str),
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let block = block_of(part)?;
    let mut work = visit.begin().await?;
    let case = cases::load(&mut work, parse(id)?, DOSSIER_RECORD).await?;
    let of = match typed.first("of").and_then(|of| of.parse().ok()).map(EntryId) {
        // The form shows what was entered: that is a reading.
        Some(of) => {
            let (_, entries) = actions::open(&mut work, case.key.case, "dossier.view").await?;
            entries.into_iter().find(|one| one.id == of && one.block == block)
        }
        None => None,
    };
    let today = work.business_date;
    let policy = policies::in_force(&mut work, today).await?;
    let people = relations::of_customer(&mut work.tx, case.key.customer).await.map_err(ActionError::from)?;
    let limits = attachment::limits(&mut work).await?;
    let signs = actions::signs(&policy, today)?;
    work.commit().await?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t(format!("dossier-note-{}", block.as_str()))).raw("</p>");
    let page = FormPage {
        active: "cases",
        title: view::block(&ui, block),
        subtitle: case.number.clone(),
        action: format!("{}/{}/new", home(case.key.case), block.as_str()),
        fields: form::fields(&ui, block, (typed, of.as_ref()), (&people, &signs, &limits)),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("dossier-record")).icon(Icon::Check)],
        back: home(case.key.case),
    };
    page.draw(visit, refused)
}

async fn record(Path((id, part)): Path<(String, String)>, upload: Upload) -> Result<Response, WebError> {
    let block = block_of(&part)?;
    let sent = upload.files.iter().find(|file| file.field == "file");
    let new = form::read(block, &upload.fields);
    let mut work = upload.begin("dossier.record").await?;
    match actions::record(&mut work, parse(&id)?, block, &new, sent).await {
        Ok(_) => upload.done(work, format!("{}#block-{}", home(&id), block.as_str())).await,
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            draw(&upload.visit, (&id, &part), &upload.fields, Some(&refused)).await
        }
    }
}

/// The paper itself, to be saved; the look is in the trail before the first byte leaves.
async fn take(visit: Visit, Path((id, part)): Path<(String, String)>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let opened = actions::file(&mut work, parse(&id)?, &part).await?;
    work.commit().await?;
    Ok(attachment::response(opened))
}

async fn print(visit: Visit, Path(id): Path<String>, Query(asked): Query<day::Asked>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let known = asked.read(&mut work).await?;
    let (case, entries) = actions::open(&mut work, parse(&id)?, "dossier.print").await?;
    paper::answer(&visit, work, (&case, known), &day::until(entries, known)).await
}

/// 债务人档案 on the page of a case: how many facts each block holds, and the way in; nothing of what they say.
///
/// # Errors
/// The store's.
pub async fn panel_of(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let mut html = Html::new();
    if !visit.may(DOSSIER_VIEW) {
        return Ok(html);
    }
    let ui = visit.ui();
    let held = store::counts(&mut work.tx, case.key.customer).await?;
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("dossier-title"));
    let button = Button::link(Look::Secondary, ui.t("dossier-open"), home(case.key.case)).icon(Icon::ArrowRight);
    html.raw("</h2><div class=\"end\">").push(&ui.button(button)).raw("</div></header><p class=\"panel-body\">");
    for (block, count) in &held {
        html.push(&ui.badge(Tone::Neutral, Icon::FileText, format!("{} {count}", view::block(&ui, *block)))).raw(" ");
    }
    if held.is_empty() {
        html.raw("<span class=\"muted\">").text(ui.t("dossier-none")).raw("</span>");
    }
    html.raw("</p></section>");
    Ok(html)
}
