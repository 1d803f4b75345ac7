//! Steps of many schedules at once (批量寄送).

use std::sync::Arc;

use axum::response::Response;
use platform::batch::{BatchKind, BatchPage, Thing, Verb};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::page::list::{Batch, BatchVerb};
use platform::page::{Field, Icon, Input};
use platform::web::{Fields, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::Step;
use super::{LIST, SEND, actions};
use crate::change::actions::find_key;
use crate::desk::{RECORD, check_words};
use crate::loan::actions::load_within;

const PRINTED: &str = "/loans/information/printed";
const HANDED: &str = "/loans/information/handed";
const SENT: &str = "/loans/information/sent";

pub(super) fn routes() -> Routes {
    Routes::new().post(PRINTED, RECORD, printed).post(HANDED, RECORD, handed).post(SENT, SEND, sent)
}

/// The verbs that can go on in the background.
pub(crate) const KINDS: [BatchKind; 3] = [
    BatchKind { path: PRINTED, action: RECORD, revive: |fields, _| Some(again(Step::Printed, fields)) },
    BatchKind { path: HANDED, action: RECORD, revive: |fields, _| Some(again(Step::Handed, fields)) },
    BatchKind { path: SENT, action: SEND, revive: |fields, _| Some(again(Step::Sent, fields)) },
];

fn again(step: Step, fields: &Fields) -> Arc<dyn Verb> {
    Arc::new(Go { step, note: fields.first("note").unwrap_or("").to_owned() })
}

/// The verbs that this person may use.
pub(super) fn offer(visit: &Visit) -> Option<Batch> {
    let ui = visit.ui();
    let verbs = [
        (RECORD, PRINTED, "batch-mailing-printed", Icon::FileText),
        (RECORD, HANDED, "batch-mailing-handed", Icon::ArrowRight),
        (SEND, SENT, "batch-mailing-sent", Icon::Check),
    ];
    let may = verbs.into_iter().filter(|(action, ..)| visit.may(action));
    let verbs: Vec<BatchVerb> =
        may.map(|(_, path, text, icon)| BatchVerb { action: path.to_owned(), text: ui.t(text), icon }).collect();
    (!verbs.is_empty()).then(|| Batch { verbs, guard: visit.guard() })
}

struct Go {
    step: Step,
    note: String,
}

impl Verb for Go {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(async move {
            let loan = find_key(work, key).await?;
            let file = load_within(work, loan, actions::action_of(self.step)).await?;
            let href = format!("/loans/{}", loan.loan);
            Ok(Thing { key: key.to_owned(), label: file.loan.number, href, amount: None })
        })
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let loan = find_key(work, key).await?;
            actions::step(work, loan, self.step, &self.note).await.map(drop)
        })
    }
}

platform::form_fields! {
    /// What the form sends.
    StepForm: "key", "step", "note"
}

async fn printed(posted: Posted<StepForm>) -> Result<Response, WebError> {
    go(&posted, Step::Printed, ("mailing-printed", RECORD, PRINTED)).await
}

async fn handed(posted: Posted<StepForm>) -> Result<Response, WebError> {
    go(&posted, Step::Handed, ("mailing-handed", RECORD, HANDED)).await
}

async fn sent(posted: Posted<StepForm>) -> Result<Response, WebError> {
    go(&posted, Step::Sent, ("mailing-sent", SEND, SENT)).await
}

async fn go<T>(
    posted: &Posted<T>,
    step: Step,
    (name, action, path): (&'static str, &'static str, &'static str),
) -> Result<Response, WebError> {
    let ui = posted.visit.ui();
    let note = posted.fields.first("note").unwrap_or("").to_owned();
    let needed = step == Step::Sent;
    let wrong = check_words("note", &note, needed).into_iter().collect();
    let field = Field::new("note", ui.t("mailing-note"), Input::Text).value(&note).hint(ui.t("mailing-note-hint"));
    let page = BatchPage {
        name,
        action,
        active: "information",
        path,
        back: LIST,
        fields: vec![if needed { field.required() } else { field }],
    };
    page.handle(posted, &Go { step, note }, wrong).await
}
