//! The list of customers as an export (客户导出): the result that is asked for, or the files picked.

use platform::access::{DataScope, Denied};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::list_export::{Asked, ListExport};
use platform::page::Ui;
use platform::page::list::{ListSpec, Row};
use platform::work::Work;

use super::list::{self, Names};
use crate::{EXPORT, VIEW};

/// The customers (客户), within the narrower of the data scopes of `customer.view` and `customer.export`.
#[derive(Debug, Clone, Copy)]
pub struct CustomerExport;

/// What may be taken away.
pub(super) fn reach(work: &Work) -> Result<DataScope, Denied> {
    Ok(work.authorise(VIEW)?.narrowed_to(work.authorise(EXPORT)?))
}

async fn names(work: &mut Work, ui: &Ui) -> Result<Names, ActionError> {
    let scope = reach(work)?;
    Names::read(&mut work.tx, scope).await?.with_lists(work, ui).await
}

impl ListExport for CustomerExport {
    fn list(&self) -> &'static str {
        "/customers"
    }

    fn action(&self) -> &'static str {
        EXPORT
    }

    fn title(&self) -> &'static str {
        "customers-title"
    }

    fn file(&self) -> &'static str {
        "customers"
    }

    fn scope(&self, work: &Work) -> Result<DataScope, ActionError> {
        Ok(reach(work)?)
    }

    fn spec<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        Box::pin(async move { Ok(list::spec(ui, &names(work, ui).await?, true)) })
    }

    fn count<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<i64, ActionError>> {
        Box::pin(list::count(work, asked))
    }

    fn rows<'a>(
        &'a self,
        work: &'a mut Work,
        ui: &'a Ui,
        asked: &'a Asked,
        from_and_most: (i64, i64),
    ) -> BoxFuture<'a, Result<Vec<Row>, ActionError>> {
        Box::pin(async move {
            let names = names(work, ui).await?;
            list::chunk(work, ui, &names, asked, from_and_most).await
        })
    }
}
