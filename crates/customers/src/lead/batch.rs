//! Verbs on a selection of leads: give them to somebody else (批量分派), erase them (批量抹除).

use std::sync::Arc;

use axum::response::Response;
use platform::batch::{BatchKind, BatchPage, Thing, Verb};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::UserId;
use platform::page::list::{Batch, BatchVerb};
use platform::page::{Field, Icon, Input};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::{ASSIGN, LIST, WORK, actions, page_of, rules};
use crate::EXPORT;
use crate::colleague::give;

const ASSIGN_PATH: &str = "/leads/assign";
const ERASE_PATH: &str = "/leads/erase";

/// The verbs.
pub(super) fn routes() -> Routes {
    Routes::new().post(ASSIGN_PATH, ASSIGN, assign).post(ERASE_PATH, ASSIGN, erase)
}

/// The verbs that can go on in the background.
pub(crate) const KINDS: [BatchKind; 2] = [
    BatchKind {
        path: ASSIGN_PATH,
        action: ASSIGN,
        revive: |fields, _| Some(Arc::new(Assign { to: UserId(fields.first("to")?.parse().ok()?) })),
    },
    BatchKind {
        path: ERASE_PATH,
        action: ASSIGN,
        revive: |fields, _| Some(Arc::new(Erase { reason: fields.first("reason")?.to_owned() })),
    },
];

/// The verbs that this person may use.
pub(super) fn offer(visit: &Visit) -> Option<Batch> {
    let ui = visit.ui();
    let mut batch = visit.may(EXPORT).then(|| platform::list_export::offer(visit, LIST));
    if visit.may(ASSIGN) {
        let verbs = [
            BatchVerb { action: ASSIGN_PATH.to_owned(), text: ui.t("batch-lead-assign"), icon: Icon::UserShare },
            BatchVerb { action: ERASE_PATH.to_owned(), text: ui.t("batch-lead-erase"), icon: Icon::Ban },
        ];
        batch.get_or_insert_with(|| Batch { verbs: Vec::new(), guard: visit.guard() }).verbs.extend(verbs);
    }
    batch
}

async fn thing(work: &mut Work, key: &str) -> Result<Thing, ActionError> {
    let one = actions::seen(work, key, ASSIGN).await?;
    // The report of a batch outlives an erasure.
    let label = format!("{} {}", one.number, one.masked());
    Ok(Thing { key: key.to_owned(), label, href: page_of(one.id), amount: None })
}

struct Assign {
    to: UserId,
}

impl Verb for Assign {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(thing(work, key))
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move { actions::assign(work, key, self.to).await.map(drop) })
    }
}

struct Erase {
    reason: String,
}

impl Verb for Erase {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(thing(work, key))
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move { actions::erase(work, key, &self.reason).await.map(drop) })
    }
}

platform::form_fields! {
    /// What the form of the assignment sends.
    AssignForm: "key", "step", "to"
}

platform::form_fields! {
    /// What the form of the erasure sends.
    EraseForm: "key", "step", "reason"
}

async fn assign(posted: Posted<AssignForm>) -> Result<Response, WebError> {
    let title = posted.visit.ui().t("lead-assign-to");
    let page = BatchPage {
        name: "lead-assign",
        action: ASSIGN,
        active: "leads",
        path: ASSIGN_PATH,
        back: LIST,
        fields: Vec::new(),
    };
    give(&posted, page, (WORK, title), |to| Assign { to }).await
}

async fn erase(posted: Posted<EraseForm>) -> Result<Response, WebError> {
    let (visit, ui) = (&posted.visit, posted.visit.ui());
    visit.scope(ASSIGN)?;
    let reason = posted.fields.first("reason").unwrap_or("").to_owned();
    let wrong = rules::check_words("reason", &reason, true).into_iter().collect();
    let hint = ui.t("lead-erase-hint");
    let page = BatchPage {
        name: "lead-erase",
        action: ASSIGN,
        active: "leads",
        path: ERASE_PATH,
        back: LIST,
        fields: vec![Field::new("reason", ui.t("customer-reason"), Input::Text).value(&reason).hint(hint).required()],
    };
    page.handle(&posted, &Erase { reason }, wrong).await
}
