//! The ledger as an export (台账导出): the result that is asked for, or the loans picked.

use platform::access::{DataScope, Denied};
use platform::db::Conditions;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::list_export::{Asked, ListExport};
use platform::page::Ui;
use platform::page::list::{ListQuery, ListSpec, Row};
use platform::work::Work;

use super::pages::{row_of, spec};
use super::standpoint::Standpoint;
use super::store::{self, Breadth};

/// The action that an export asks for.
pub const EXPORT: &str = "loan.export";

/// The loan ledger (贷款台账), within the narrower of the data scopes of `loan.view` and `loan.export`.
#[derive(Debug, Clone, Copy)]
pub struct LedgerExport;

fn reach(work: &Work) -> Result<DataScope, Denied> {
    Ok(work.authorise("loan.view")?.narrowed_to(work.authorise(EXPORT)?))
}

/// What is asked for: of loans that were picked, the filters of the list no longer matter.
async fn conditions(work: &mut Work, asked: &Asked) -> Result<(Conditions, Breadth, Standpoint), ActionError> {
    let scope = reach(work)?;
    let from = Standpoint::load(work).await?;
    let all = ListQuery::of(&ListSpec::default());
    let query = if asked.keys.is_empty() { &asked.query } else { &all };
    let mut found = store::conditions(query, scope, &from);
    found.one_of("l.id", &asked.keys);
    let breadth = if asked.keys.is_empty() { Breadth::of(query, scope) } else { Breadth::Few };
    Ok((found, breadth, from))
}

impl ListExport for LedgerExport {
    fn list(&self) -> &'static str {
        "/loans"
    }

    fn action(&self) -> &'static str {
        EXPORT
    }

    fn title(&self) -> &'static str {
        "ledger-title"
    }

    fn file(&self) -> &'static str {
        "loan-ledger"
    }

    fn scope(&self, work: &Work) -> Result<DataScope, ActionError> {
        Ok(reach(work)?)
    }

    fn spec<'a>(&'a self, _: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        Box::pin(async move { Ok(spec(ui)) })
    }

    fn count<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<i64, ActionError>> {
        Box::pin(async move {
            let (conditions, breadth, _) = conditions(work, asked).await?;
            Ok(store::count(&mut work.tx, &conditions, breadth).await?)
        })
    }

    fn rows<'a>(
        &'a self,
        work: &'a mut Work,
        ui: &'a Ui,
        asked: &'a Asked,
        from_and_most: (i64, i64),
    ) -> BoxFuture<'a, Result<Vec<Row>, ActionError>> {
        Box::pin(async move {
            let (conditions, _, from) = conditions(work, asked).await?;
            let rows = store::chunk(&mut work.tx, &conditions, &asked.query, from.on, from_and_most).await?;
            Ok(rows.iter().map(|row| row_of(ui, row)).collect())
        })
    }
}
