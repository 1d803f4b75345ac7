//! What the bank said of several cards at once (批量登记查卡结果).

use std::sync::Arc;

use axum::response::Response;
use platform::batch::{BatchKind, BatchPage, Thing, Verb};
use platform::error::{ActionError, FieldError};
use platform::event::BoxFuture;
use platform::page::Icon;
use platform::page::list::{Batch, BatchVerb};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::CardResult;
use super::pages::fields;
use super::{LIST, actions, store};
use crate::change::actions::find_key;
use crate::desk::{RECORD, check_words};
use crate::loan::actions::load_within;

const PATH: &str = "/repayments/cards/record";

pub(super) fn routes() -> Routes {
    Routes::new().post(PATH, RECORD, record)
}

/// The verb that can go on in the background.
pub(crate) const KIND: BatchKind = BatchKind {
    path: PATH,
    action: RECORD,
    revive: |fields, _| {
        let result = CardResult::parse(fields.first("card_result")?)?;
        Some(Arc::new(Record { result, note: fields.first("note").unwrap_or("").to_owned() }))
    },
};

/// The desk's verb on a selection, for whoever may record.
pub(super) fn offer(visit: &Visit) -> Option<Batch> {
    visit.may(RECORD).then(|| {
        let text = visit.ui().t("batch-card-check");
        let verb = BatchVerb { action: PATH.to_owned(), text, icon: Icon::CreditCard };
        Batch { verbs: vec![verb], guard: visit.guard() }
    })
}

struct Record {
    result: CardResult,
    note: String,
}

impl Verb for Record {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(async move {
            let loan = find_key(work, key).await?;
            let file = load_within(work, loan, RECORD).await?;
            let on = work.business_date;
            let due = store::due(&mut work.tx, loan, on).await?;
            let href = format!("/loans/{}", loan.loan);
            Ok(Thing { key: key.to_owned(), label: file.loan.number, href, amount: Some(due) })
        })
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let loan = find_key(work, key).await?;
            actions::record(work, loan, self.result, &self.note).await.map(drop)
        })
    }
}

platform::form_fields! {
    /// What the form sends.
    RecordForm: "key", "step", "card_result", "note"
}

async fn record(posted: Posted<RecordForm>) -> Result<Response, WebError> {
    let ui = posted.visit.ui();
    let typed = |name: &str| posted.fields.first(name).unwrap_or("").to_owned();
    let (text, note) = (typed("card_result"), typed("note"));
    let result = CardResult::parse(&text);
    let mut wrong: Vec<FieldError> = check_words("note", &note, false).into_iter().collect();
    if result.is_none() {
        wrong.push(FieldError::choice("card_result", &text));
    }
    let page = BatchPage {
        name: "card-check",
        action: RECORD,
        active: "card-checks",
        path: PATH,
        back: LIST,
        fields: fields(&ui, &text, &note),
    };
    page.handle(&posted, &Record { result: result.unwrap_or(CardResult::Unreached), note }, wrong).await
}
