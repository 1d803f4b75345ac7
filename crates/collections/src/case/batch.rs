//! Verbs on a selection of cases: give them to another person, issue letters about them.

use std::sync::Arc;

use axum::response::Response;
use platform::batch::{BatchKind, BatchPage, Thing, Verb};
use platform::error::{ActionError, FieldError};
use platform::event::BoxFuture;
use platform::id::UserId;
use platform::page::list::{Batch, BatchVerb};
use platform::page::{Choice, Field, Icon, Input};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::actions;
use super::list::{self, LIST};
use super::model::CaseError;
use super::pages::overdue_loans;
use crate::bundle::BUNDLE_MAKE;
use crate::letter::actions::{Order, issue};
use crate::letter::model::LetterKind;
use crate::{CASE_ASSIGN, LETTER_ISSUE};

const TRANSFER: &str = "/collections/cases/batch/transfer";
const LETTERS: &str = "/collections/cases/batch/letters";

/// Where the verbs are sent.
pub fn routes() -> Routes {
    Routes::new().post(TRANSFER, CASE_ASSIGN, transfer).post(LETTERS, LETTER_ISSUE, letters)
}

/// The verbs that can go on in the background.
pub(crate) const KINDS: [BatchKind; 2] = [
    BatchKind {
        path: TRANSFER,
        action: CASE_ASSIGN,
        revive: |fields, _| {
            let typed = |name| fields.first(name).unwrap_or("").to_owned();
            let to = UserId(typed("to").parse().ok()?);
            Some(Arc::new(Transfer { to, reason: typed("reason"), words: typed("words") }))
        },
    },
    BatchKind {
        path: LETTERS,
        action: LETTER_ISSUE,
        revive: |fields, _| Some(Arc::new(Letters { kind: LetterKind::parse(fields.first("kind")?)? })),
    },
];

/// The verbs that the person may use.
pub(super) fn offer(visit: &Visit) -> Option<Batch> {
    let ui = visit.ui();
    let verb = |action: &str, title: &str, icon| BatchVerb { action: action.to_owned(), text: ui.t(title), icon };
    let mut verbs = Vec::new();
    if visit.may(CASE_ASSIGN) {
        verbs.push(verb(TRANSFER, "batch-case-transfer", Icon::UserShare));
    }
    if visit.may(LETTER_ISSUE) {
        verbs.push(verb(LETTERS, "batch-case-letters", Icon::Mail));
    }
    if visit.may(BUNDLE_MAKE) {
        verbs.push(verb(crate::bundle::batch::BUNDLES, "batch-case-bundles", Icon::FileText));
    }
    verbs.extend(crate::message::offer(visit));
    (!verbs.is_empty()).then(|| Batch { verbs, guard: visit.guard() })
}

/// The case as the batch names it: its number, whose it is, what is overdue.
pub(crate) async fn find(work: &mut Work, key: &str, action: &'static str) -> Result<Thing, ActionError> {
    let case = actions::load(work, actions::parse(key)?, action).await?;
    let mut w = platform::db::Conditions::new();
    w.and_values("c.id = ?", platform::args![case.key.case]);
    let line = list::lines(&mut work.tx, &w, "").await?.pop().ok_or(CaseError::NotFound)?;
    Ok(Thing {
        key: key.to_owned(),
        label: format!("{} {}", case.number, line.customer),
        href: format!("{LIST}/{}", case.key.case),
        amount: Some(line.overdue),
    })
}

/// Gives cases to a person (批量移交, S2.3-02).
struct Transfer {
    to: UserId,
    reason: String,
    words: String,
}

impl Verb for Transfer {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(find(work, key, CASE_ASSIGN))
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move { actions::transfer(work, actions::parse(key)?, self.to, &self.reason, &self.words).await })
    }
}

platform::form_fields! {
    /// What the form of the transfer sends.
    TransferForm: "key", "step", "to", "reason", "words"
}

async fn transfer(posted: Posted<TransferForm>) -> Result<Response, WebError> {
    let (visit, ui) = (&posted.visit, posted.visit.ui());
    let typed = |name| posted.fields.first(name).unwrap_or("");
    visit.scope(CASE_ASSIGN)?;
    let mut work = visit.read().await?;
    let people = actions::candidates(&mut work).await?;
    let reasons = actions::transfer_reasons(&mut work).await?;
    drop(work);
    let to = people.iter().map(|(user, ..)| *user).find(|user| user.to_string() == typed("to"));
    let mut wrong = Vec::new();
    if to.is_none() {
        wrong.push(FieldError::choice("to", typed("to")));
    }
    if !reasons.iter().any(|known| known == typed("reason")) {
        wrong.push(FieldError::choice("reason", typed("reason")));
    }
    let person = |(user, name, load): &(UserId, String, i64)| {
        Choice::new(user.to_string(), ui.tn("case-candidate", &[("name", name.clone()), ("count", load.to_string())]))
    };
    let reason = |id: &String| Choice::new(id, ui.t(format!("case-reason-{}", id.replace('_', "-"))));
    let to_choices = Input::Select(people.iter().map(person).collect());
    let reasons = Input::Select(reasons.iter().map(reason).collect());
    let page = BatchPage {
        name: "case-transfer",
        action: CASE_ASSIGN,
        active: "cases",
        path: TRANSFER,
        back: LIST,
        fields: vec![
            Field::new("to", ui.t("case-transfer-to"), to_choices).value(typed("to")).required(),
            Field::new("reason", ui.t("case-transfer-reason"), reasons).value(typed("reason")).required(),
            Field::new("words", ui.t("case-transfer-words"), Input::Text).value(typed("words")),
        ],
    };
    let verb =
        Transfer { to: to.unwrap_or(UserId(0)), reason: typed("reason").to_owned(), words: typed("words").to_owned() };
    page.handle(&posted, &verb, wrong).await
}

/// Issues a letter to the debtor about each overdue loan of a case (批量出函).
struct Letters {
    kind: LetterKind,
}

impl Verb for Letters {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(find(work, key, LETTER_ISSUE))
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let case = actions::load(work, actions::parse(key)?, LETTER_ISSUE).await?;
            for loan in overdue_loans(work, case.key.customer).await? {
                issue(work, loan.key, Order::to_debtor(self.kind)).await?;
            }
            Ok(())
        })
    }
}

platform::form_fields! {
    /// What the form of the letters sends.
    LettersForm: "key", "step", "kind"
}

async fn letters(posted: Posted<LettersForm>) -> Result<Response, WebError> {
    let ui = posted.visit.ui();
    let typed = posted.fields.first("kind").unwrap_or("");
    let kinds = LetterKind::ALL.into_iter().filter(|kind| *kind != LetterKind::Guarantor);
    let kind = kinds.clone().find(|kind| kind.as_str() == typed);
    let wrong = match kind {
        Some(_) => Vec::new(),
        None => vec![FieldError::choice("kind", typed)],
    };
    let choice = |kind: LetterKind| Choice::new(kind.as_str(), ui.t(format!("letter-{}", kind.as_str())));
    let kinds = Input::Radio(kinds.map(choice).collect());
    let page = BatchPage {
        name: "case-letters",
        action: LETTER_ISSUE,
        active: "cases",
        path: LETTERS,
        back: LIST,
        fields: vec![Field::new("kind", ui.t("letter-kind"), kinds).value(typed).required()],
    };
    let verb = Letters { kind: kind.unwrap_or(LetterKind::Reminder) };
    page.handle(&posted, &verb, wrong).await
}
