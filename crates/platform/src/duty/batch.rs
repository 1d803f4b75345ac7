//! Verbs on a selection of duties: give them to somebody, excuse them.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::response::Response;

use super::actions::{self, seen};
use super::model::{DutyError, DutyId, DutyKey};
use super::pages::DUTY_ASSIGN;
use super::{pages_parts as parts, store};
use crate::batch::{BatchKind, BatchPage, Thing, Verb};
use crate::error::{ActionError, FieldError};
use crate::event::BoxFuture;
use crate::id::{CustomerId, UserId};
use crate::locale::Lang;
use crate::page::list::{Batch, BatchVerb};
use crate::page::{Choice, Field, Icon, Input};
use crate::web::{Posted, Routes, Visit, WebError};
use crate::work::Work;

const ASSIGN: &str = "/duties/batch/assign";
const EXCUSE: &str = "/duties/batch/excuse";

pub(super) fn routes() -> Routes {
    Routes::new().post(ASSIGN, DUTY_ASSIGN, assign).post(EXCUSE, DUTY_ASSIGN, excuse)
}

/// The verbs that can go on in the background.
pub(crate) const KINDS: [BatchKind; 2] = [
    BatchKind {
        path: ASSIGN,
        action: DUTY_ASSIGN,
        revive: |fields, lang| {
            let to = UserId(fields.first("to")?.parse().ok()?);
            Some(Arc::new(Assign { english: lang == Lang::En, to, name: String::new() }))
        },
    },
    BatchKind {
        path: EXCUSE,
        action: DUTY_ASSIGN,
        revive: |fields, lang| {
            let typed = |name| fields.first(name).map(str::to_owned);
            Some(Arc::new(Excuse { english: lang == Lang::En, reason: typed("reason")?, rule: typed("rule")? }))
        },
    },
];

/// The verbs for whoever may give duties to people.
pub(super) fn offer(visit: &Visit) -> Option<Batch> {
    let ui = visit.ui();
    let verb = |action: &str, title: &str, icon| BatchVerb { action: action.to_owned(), text: ui.t(title), icon };
    visit.may(DUTY_ASSIGN).then(|| Batch {
        verbs: vec![
            verb(ASSIGN, "batch-duty-assign", Icon::UserShare),
            verb(EXCUSE, "batch-duty-excuse", Icon::CircleCheck),
        ],
        guard: visit.guard(),
    })
}

/// The key that a row of the list carries.
pub(super) fn row_key(key: DutyKey) -> String {
    format!("{}-{}", key.customer, key.id)
}

fn parse(key: &str) -> Result<DutyKey, DutyError> {
    let parts = key.split_once('-').and_then(|(customer, id)| Some((customer.parse().ok()?, id.parse().ok()?)));
    let (customer, id) = parts.ok_or(DutyError::NotFound)?;
    Ok(DutyKey { customer: CustomerId(customer), id: DutyId(id) })
}

async fn find(work: &mut Work, key: &str, english: bool) -> Result<Thing, ActionError> {
    let duty = seen(work, parse(key)?, DUTY_ASSIGN).await?;
    let label = [duty.title(english), &duty.whom, &duty.number].join(" ").trim().to_owned();
    Ok(Thing { key: key.to_owned(), label, href: parts::address(&duty), amount: duty.amount })
}

/// Gives duties to a person (批量分派).
struct Assign {
    english: bool,
    to: UserId,
    /// The person's name; empty where it is yet to be looked up.
    name: String,
}

impl Verb for Assign {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(find(work, key, self.english))
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let mut name = self.name.clone();
            if name.is_empty() {
                name = parts::names(work, std::iter::once(self.to.0)).await?.remove(&self.to.0).unwrap_or_default();
            }
            actions::assign(work, parse(key)?, self.to, &name).await
        })
    }
}

crate::form_fields! {
    /// What the form of the assignment sends.
    AssignForm: "key", "step", "to"
}

async fn assign(posted: Posted<AssignForm>) -> Result<Response, WebError> {
    let (visit, ui) = (&posted.visit, posted.visit.ui());
    let to = posted.fields.first("to").unwrap_or("");
    let mut work = visit.read().await?;
    let people = candidates(&mut work, posted.fields.all("key")).await?;
    drop(work);
    let chosen = people.iter().find(|(id, _)| id.to_string() == to);
    let wrong = match chosen {
        Some(_) => Vec::new(),
        None => vec![FieldError::choice("to", to)],
    };
    let choices = people.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str())).collect();
    let page = BatchPage {
        name: "duty-assign",
        action: DUTY_ASSIGN,
        active: "duties",
        path: ASSIGN,
        back: "/duties",
        fields: vec![Field::new("to", ui.t("duty-to"), Input::Select(choices)).value(to).required()],
    };
    let (user, name) = chosen.cloned().unwrap_or_default();
    let verb = Assign { english: visit.lang == Lang::En, to: UserId(user), name };
    page.handle(&posted, &verb, wrong).await
}

/// Everybody who holds the role of one of these duties, by key with the name.
async fn candidates(work: &mut Work, keys: impl Iterator<Item = &str>) -> Result<Vec<(i64, String)>, WebError> {
    let mut roles = BTreeSet::new();
    for key in keys {
        let Ok(key) = parse(key) else { continue };
        if let Some(duty) = store::load(&mut work.tx, key).await.map_err(ActionError::from)? {
            roles.insert(duty.owner_role);
        }
    }
    let mut people = BTreeSet::new();
    for role in roles {
        people.extend(store::holders(&mut work.tx, &role).await.map_err(ActionError::from)?);
    }
    Ok(parts::names(work, people.into_iter()).await?.into_iter().collect())
}

/// Excuses duties for one reason under one rule (批量免除).
struct Excuse {
    english: bool,
    reason: String,
    rule: String,
}

impl Verb for Excuse {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(find(work, key, self.english))
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move { actions::excuse(work, parse(key)?, &self.reason, &self.rule).await })
    }
}

crate::form_fields! {
    /// What the form of the excuse sends.
    ExcuseForm: "key", "step", "reason", "rule"
}

async fn excuse(posted: Posted<ExcuseForm>) -> Result<Response, WebError> {
    let (visit, ui) = (&posted.visit, posted.visit.ui());
    let typed = |name| posted.fields.first(name).unwrap_or("");
    let wrong = [("reason", typed("reason")), ("rule", typed("rule"))]
        .into_iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(field, _)| FieldError::new(field, "duty-reason"))
        .collect();
    let page = BatchPage {
        name: "duty-excuse",
        action: DUTY_ASSIGN,
        active: "duties",
        path: EXCUSE,
        back: "/duties",
        fields: vec![
            Field::new("reason", ui.t("reason"), Input::Area).value(typed("reason")).required(),
            Field::new("rule", ui.t("duty-excuse-rule"), Input::Text).value(typed("rule")).required(),
        ],
    };
    let verb =
        Excuse { english: visit.lang == Lang::En, reason: typed("reason").to_owned(), rule: typed("rule").to_owned() };
    page.handle(&posted, &verb, wrong).await
}
