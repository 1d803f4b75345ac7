//! Pages of approvals (审批页): one approval: material left, opinion right, history below.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value as Json;

use super::actions::{self, ApprovalKind, Verdict, kind_of};
use super::list::scope;
use super::model::{Approval, ApprovalError, ApprovalId, ApprovalState, Missing};
use super::store::{self, Opinion};
use crate::access::Roles;
use crate::clock::civil_minute;
use crate::db::StoreError;
use crate::duty::pages_parts::{article_address, english, names};
use crate::error::ActionError;
use crate::id::CustomerId;
use crate::page::{Button, Guard, Html, Icon, Look, Page, Tone, Ui};
use crate::policies;
use crate::web::{Posted, Routes, Visit, WebError};
use crate::work::Work;

/// The action named when a form is claimed; what a checker needs is the kind's own action.
const DECIDE: &str = "approval.decide";

pub(crate) fn routes() -> Routes {
    // Everybody has things of their own here; what else is seen depends on roles and kinds.
    Routes::new()
        .merge(super::list::routes())
        .get_own("/approvals/{customer}/{id}", one)
        .data_own::<super::data::ApprovalData, _, _>("/approvals/{customer}/{id}", super::data::approval)
        .post_own("/approvals/{customer}/{id}", decide)
}

pub(super) fn role_titles(roles: &Roles, ui: &Ui, of: &[String]) -> String {
    let titles: Vec<String> = of.iter().map(|role| roles.title(role, ui.lang())).collect();
    titles.join(" / ")
}

pub(super) fn state(ui: &Ui, state: &ApprovalState) -> (Html, String) {
    let (tone, icon, id) = match state {
        ApprovalState::Pending { .. } => (Tone::Accent, Icon::Clock, "approval-pending"),
        ApprovalState::Returned { .. } => (Tone::Sub, Icon::ArrowBackUp, "approval-returned"),
        ApprovalState::Approved { .. } => (Tone::Ok, Icon::CircleCheck, "approval-approved"),
        ApprovalState::Rejected { .. } => (Tone::Doubt, Icon::X, "approval-rejected"),
        ApprovalState::Withdrawn { .. } => (Tone::Neutral, Icon::Minus, "approval-withdrawn"),
    };
    let word = ui.t(id);
    (ui.badge(tone, icon, &word), word)
}

#[derive(Template)]
#[template(path = "approval/one.html")]
struct One<'a> {
    ui: &'a Ui,
    it: &'a Approval,
    state: Html,
    maker: String,
    article: String,
    article_page: String,
    material: Vec<(String, Html)>,
    missing: Vec<Missing>,
    chain: Vec<(String, bool)>,
    history: Vec<(String, String, Opinion)>,
    decides: bool,
    own: bool,
    blocked: String,
    mend: String,
    guard: Guard,
}

async fn one(visit: Visit, Path((customer, id)): Path<(i64, i64)>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let it = seen(&mut work, customer, id).await?;
    let kind = kind_of(&work, &it.kind).ok();
    let makers = names(&mut work, [it.maker].into_iter()).await?;
    let opinions = store::opinions(&mut work.tx, it.customer, it.id).await?;
    let on = work.business_date;
    let article = match policies::in_force(&mut work, on).await {
        Ok(rules) => rules.article_title(&it.article, english(&ui)),
        Err(_) => it.article.clone(),
    };
    let own = work.actor.is_or_stands_for(it.maker);
    let (decides, blocked) = may_decide(&visit, &ui, &it, kind, own);
    let open = match &it.state {
        ApprovalState::Pending { step } | ApprovalState::Returned { step, .. } => *step,
        ApprovalState::Approved { .. } | ApprovalState::Rejected { .. } | ApprovalState::Withdrawn { .. } => {
            it.chain.len()
        }
    };
    let body = One {
        state: state(&ui, &it.state).0,
        maker: makers.get(&it.maker).cloned().unwrap_or_else(|| ui.t("audit-system")),
        article,
        article_page: article_address(&it.article),
        material: material(&ui, &it),
        missing: missing(&it),
        chain: it
            .chain
            .iter()
            .enumerate()
            .map(|(at, roles)| (role_titles(&visit.app.roles(), &ui, roles), at == open))
            .collect(),
        history: opinions
            .into_iter()
            .map(|o| (ui.t(format!("verdict-{}", o.verdict)), civil_minute(o.at), o))
            .collect(),
        decides,
        own: own && open < it.chain.len(),
        blocked,
        mend: kind.map(|kind| (kind.mend)(&it)).unwrap_or_default(),
        guard: visit.guard(),
        ui: &ui,
        it: &it,
    };
    visit.page(
        &Page::new(it.title.read(ui.lang()), "approvals")
            .subtitle(ui.t(format!("approval-{}", it.kind.replace('_', "-")))),
        &body,
    )
}

/// An approval of mine, of my roles, or inside my scope.
pub(super) async fn seen(work: &mut Work, customer: i64, id: i64) -> Result<Approval, WebError> {
    let found = store::load(&mut work.tx, CustomerId(customer), ApprovalId(id)).await?;
    found.filter(|it| sees(work, it)).ok_or_else(|| ActionError::from(ApprovalError::NotFound).into())
}

fn sees(work: &Work, it: &Approval) -> bool {
    let scope = scope(work);
    it.maker == work.actor.recorded_by() || (scope.manager == 0 && (scope.branch == 0 || scope.branch == it.branch.0))
}

/// The page of an approval, for whoever may open it: nobody else is shown a way that ends at a refusal.
///
/// # Errors
/// The store's.
pub async fn page_for(work: &mut Work, customer: CustomerId, id: ApprovalId) -> Result<Option<String>, StoreError> {
    let found = store::load(&mut work.tx, customer, id).await?.filter(|it| sees(work, it));
    Ok(found.map(|it| format!("/approvals/{}/{}", it.customer, it.id)))
}

/// Whether the opinion box is open, and if not why.
fn may_decide(visit: &Visit, ui: &Ui, it: &Approval, kind: Option<ApprovalKind>, own: bool) -> (bool, String) {
    let Some(step) = it.open_step() else { return (false, String::new()) };
    if own {
        return (false, ui.t("error-approval-own"));
    }
    let holds = visit.actor.roles.iter().any(|role| step.contains(role));
    if !holds || !kind.is_some_and(|kind| visit.may(kind.action)) {
        return (false, ui.t1("error-approval-step", "roles", role_titles(&visit.app.roles(), ui, step)));
    }
    if it.decided_by.iter().any(|user| visit.actor.is_or_stands_for(*user)) {
        return (false, ui.t("error-approval-decided-before"));
    }
    (true, String::new())
}

fn missing(it: &Approval) -> Vec<Missing> {
    match &it.state {
        ApprovalState::Returned { missing, .. } => missing.clone(),
        ApprovalState::Pending { .. }
        | ApprovalState::Approved { .. }
        | ApprovalState::Rejected { .. }
        | ApprovalState::Withdrawn { .. } => Vec::new(),
    }
}

/// The payload as lines: sums as money, rates as percent, nested things by their path; keys have messages where known.
fn material(ui: &Ui, it: &Approval) -> Vec<(String, Html)> {
    let mut lines = Vec::new();
    let mut payload = it.payload.clone();
    if let (Some(fields), Some(_)) = (payload.as_object_mut(), it.amount) {
        // The amount at stake has a line of its own.
        fields.remove("amount_fen");
    }
    flatten(ui, "", &payload, &mut lines);
    lines
}

fn flatten(ui: &Ui, path: &str, value: &Json, lines: &mut Vec<(String, Html)>) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(ui, &path, value, lines);
            }
        }
        Json::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                flatten(ui, &format!("{path}.{}", index + 1), value, lines);
            }
        }
        Json::Null => {}
        leaf => lines.push((label(ui, path), shown(ui, path, leaf))),
    }
}

fn label(ui: &Ui, path: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or(path);
    ui.locale.find(&format!("material-{}", name.replace('_', "-"))).unwrap_or_else(|| path.to_owned())
}

/// A value that has a name of its own, such as `penalty` of `head`, in the reader's words; any other text as it is.
fn word(ui: &Ui, path: &str, text: &str) -> String {
    let is_name = !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let name = path.rsplit('.').next().unwrap_or(path);
    let id = format!("material-{name}-{text}").replace('_', "-");
    is_name.then(|| ui.locale.find(&id)).flatten().unwrap_or_else(|| text.to_owned())
}

fn shown(ui: &Ui, path: &str, leaf: &Json) -> Html {
    match leaf {
        Json::Number(number) if path.ends_with("_fen") => number.as_i64().map_or_else(Html::new, |fen| ui.money(fen)),
        Json::Number(number) if path.ends_with("_e9") => number.as_i64().map_or_else(Html::new, |rate| ui.rate(rate)),
        // A page that belongs to the material: the report of a comparison, the draft itself.
        Json::String(text) if path.ends_with("_page") => {
            let mut link = Html::new();
            link.raw("<a").href(text).raw(">").text(ui.t("approval-open-page")).raw("</a>");
            link
        }
        Json::String(text) => Html::of_text(word(ui, path, text)),
        Json::Bool(flag) => Html::of_text(ui.t(if *flag { "contact-yes" } else { "contact-no" })),
        other => Html::of_text(other.to_string()),
    }
}

#[derive(Debug, Deserialize)]
struct DecideForm {
    verdict: String,
    #[serde(default)]
    seen: i64,
    #[serde(default)]
    opinion: String,
    #[serde(default)]
    missing: String,
}

impl DecideForm {
    /// One thing to mend a line: `field: what is wrong`.
    fn missing(&self) -> Vec<Missing> {
        let line = |line: &str| {
            let (field, note) = line.split_once([':', '：']).unwrap_or((line, ""));
            Missing { field: field.trim().to_owned(), note: note.trim().to_owned() }
        };
        self.missing.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
    }
}

async fn decide(Path((customer, id)): Path<(i64, i64)>, posted: Posted<DecideForm>) -> Result<Response, WebError> {
    let mut work = posted.begin(DECIDE).await?;
    let form = &posted.form;
    let verdict = Verdict { seen: form.seen, opinion: form.opinion.trim().to_owned(), missing: form.missing() };
    let (customer, id) = (CustomerId(customer), ApprovalId(id));
    match form.verdict.as_str() {
        "approve" => actions::approve(&mut work, customer, id, &verdict).await?,
        "reject" => actions::reject(&mut work, customer, id, &verdict).await?,
        "return" => actions::return_to_maker(&mut work, customer, id, &verdict).await?,
        "withdraw" => actions::withdraw(&mut work, customer, id).await?,
        other => return Err(WebError::Malformed(format!("verdict {other:?}"))),
    };
    posted.done(work, format!("/approvals/{customer}/{id}")).await
}

/// Buttons of the opinion box.
fn verdict_buttons(ui: &Ui) -> Html {
    ui.buttons([
        Button::submit(Look::Primary, ui.t("verdict-approve")).icon(Icon::Check).submits("verdict", "approve"),
        Button::submit(Look::Secondary, ui.t("verdict-return")).icon(Icon::ArrowBackUp).submits("verdict", "return"),
        Button::submit(Look::Danger, ui.t("verdict-reject")).icon(Icon::X).submits("verdict", "reject"),
    ])
}

impl One<'_> {
    fn verdicts(&self) -> Html {
        verdict_buttons(self.ui)
    }
}
