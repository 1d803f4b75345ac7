//! Bundles of a selection of cases (批量编制卷宗), and large ones: made in the background with their progress, printed in no
//! transaction. Rule `bundle.background`.

use std::sync::{Arc, Mutex, PoisonError};

use axum::response::Response;
use platform::access::Actor;
use platform::app::App;
use platform::batch::{BatchKind, BatchPage, Thing, Verb};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::web::{Posted, WebError};
use platform::work::Work;

use super::BUNDLE_MAKE;
use super::actions::{self, Ready};
use super::model::Order;
use super::pages::OrderForm;
use crate::case::actions as cases;
use crate::case::list::LIST;

/// Where the verb is sent.
pub(crate) const BUNDLES: &str = "/collections/cases/batch/bundles";

/// The verb that goes on in the background.
pub(crate) const KIND: BatchKind = BatchKind {
    path: BUNDLES,
    action: BUNDLE_MAKE,
    revive: |fields, _| {
        let order = OrderForm::of(fields).read().ok()?;
        Some(Arc::new(Make { order, ready: Mutex::new(None) }))
    },
};

/// Makes the bundle of each case (编制卷宗).
struct Make {
    order: Order,
    /// What was printed ahead, of the case of this key.
    ready: Mutex<Option<(String, Ready)>>,
}

impl Make {
    /// What was printed ahead of this case, taken out.
    fn take(&self, key: &str) -> Option<Ready> {
        let mut held = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        held.take().filter(|(of, _)| of == key).map(|(_, ready)| ready)
    }
}

impl Verb for Make {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(crate::case::batch::find(work, key, BUNDLE_MAKE))
    }

    fn ahead<'a>(&'a self, app: &'a App, actor: &'a Actor, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let work = Work::begin(app, actor.clone()).await?;
            let ready = actions::prepare(work, cases::parse(key)?, self.order).await?;
            *self.ready.lock().unwrap_or_else(PoisonError::into_inner) = Some((key.to_owned(), ready));
            Ok(())
        })
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            match self.take(key) {
                Some(ready) => actions::keep(work, &ready).await.map(drop),
                // A trial: everything is read, nothing is printed.
                None => actions::check(work, cases::parse(key)?, self.order).await,
            }
        })
    }
}

platform::form_fields! {
    /// What the form of the verb sends.
    pub(super) MakeForm: "key", "step", "purpose", "as_of", "enclose"
}

pub(super) async fn bundles(posted: Posted<MakeForm>) -> Result<Response, WebError> {
    let (visit, ui) = (&posted.visit, posted.visit.ui());
    let typed = OrderForm::of(&posted.fields);
    // From the list, nothing is typed yet.
    let shown = if typed.is_empty() { OrderForm::usual(visit.business_date) } else { typed };
    let (order, wrong) = match shown.read() {
        Ok(order) => (order, Vec::new()),
        Err(refused) => (Order::suit(visit.business_date), refused.fields),
    };
    let page = BatchPage {
        name: "case-bundles",
        action: BUNDLE_MAKE,
        active: "cases",
        path: BUNDLES,
        back: LIST,
        fields: shown.fields(&ui),
    };
    page.handle_behind(&posted, &Make { order, ready: Mutex::new(None) }, wrong).await
}
