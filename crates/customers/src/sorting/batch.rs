//! The verb on a selection of customers being sorted: give them to another person (批量分派, S3-19).

use std::sync::Arc;

use axum::response::Response;
use platform::batch::{BatchKind, BatchPage, Thing, Verb};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::UserId;
use platform::page::Icon;
use platform::page::list::{Batch, BatchVerb};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::{ITEMS, PLAN, WORK, item_page, work as items};
use crate::colleague::give;

const ASSIGN: &str = "/sorting/items/assign";

pub(super) fn routes() -> Routes {
    Routes::new().post(ASSIGN, PLAN, assign)
}

/// The verb that can go on in the background.
pub(crate) const KIND: BatchKind = BatchKind {
    path: ASSIGN,
    action: PLAN,
    revive: |fields, _| Some(Arc::new(Assign { to: UserId(fields.first("to")?.parse().ok()?) })),
};

/// The verb for whoever plans.
pub(super) fn offer(visit: &Visit) -> Option<Batch> {
    let text = visit.ui().t("batch-sorting-assign");
    let verb = BatchVerb { action: ASSIGN.to_owned(), text, icon: Icon::UserShare };
    visit.may(PLAN).then(|| Batch { verbs: vec![verb], guard: visit.guard() })
}

struct Assign {
    to: UserId,
}

impl Verb for Assign {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(async move {
            let desk = items::lay(work, key, PLAN).await?;
            let label = format!("{} {}", desk.project.number, desk.customer.name);
            Ok(Thing { key: key.to_owned(), label, href: item_page(desk.item.id), amount: None })
        })
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move { items::assign(work, key, self.to).await.map(drop) })
    }
}

platform::form_fields! {
    /// What the form of the assignment sends.
    AssignForm: "key", "step", "to"
}

async fn assign(posted: Posted<AssignForm>) -> Result<Response, WebError> {
    let title = posted.visit.ui().t("sorting-assign-to");
    let page = BatchPage {
        name: "sorting-assign",
        action: PLAN,
        active: "sorting",
        path: ASSIGN,
        back: ITEMS,
        fields: Vec::new(),
    };
    give(&posted, page, (WORK, title), |to| Assign { to }).await
}
