//! A list described once (列表清单): shown as a page and taken away as a workbook from the same reading.

use std::collections::BTreeSet;

use axum::response::Response;

use super::model::{Asked, ListExport};
use super::pages::offer_of;
use crate::access::{DataScope, Denied};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::page::list::{Batch, Cell, ListPage, ListQuery, ListSpec, Row};
use crate::page::{Empty, Html, Page, Ui};
use crate::saved_view;
use crate::web::{Visit, WebError};
use crate::work::Work;

/// Rows read at a time while those picked are looked for.
const CHUNK: i64 = 1_000;

/// What a list is, for a question (列表说明): its columns may depend on it.
pub type Specifying = for<'a> fn(&'a mut Work, &'a Ui, &'a str) -> BoxFuture<'a, Result<ListSpec, ActionError>>;

/// A reading of a list (读取方式): its rows, or its sums.
pub type Reading<T> = for<'a> fn(&'a mut Work, &'a Ui, &'a Wanted) -> BoxFuture<'a, Result<T, ActionError>>;

/// The lines above the head of a sheet (表头说明).
pub type Heading = fn(&Work, &Ui, &ListQuery) -> Vec<String>;

/// A list that is shown and exported (列表清单).
///
/// Looking asks for `view`. Taking away asks for `export` besides and reaches no further than both: rows are read within
/// the narrower of the two scopes.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// Its page: `/leads`.
    pub list: &'static str,
    /// Where the whole result is taken: the page and `/export.xlsx`.
    pub address: &'static str,
    /// The action that looking at it asks for.
    pub view: &'static str,
    /// The action that taking rows away asks for.
    pub export: &'static str,
    /// What the audit trail calls that.
    pub act: &'static str,
    /// The message with its title.
    pub title: &'static str,
    /// How its file is called, without date and ending.
    pub file: &'static str,
    /// Whether a file holds hidden columns too, where nobody chose columns.
    pub whole: bool,
    /// What it is; [`plain`] where that depends on nothing but the language.
    pub spec: Specifying,
    /// How many rows a question has, and what they come to.
    pub sums: Reading<Sums>,
    /// The rows of [`Wanted::part`].
    pub rows: Reading<Vec<Row>>,
    /// What stands above the head of the sheet, where title and business date do not say it.
    pub heads: Option<Heading>,
}

/// What is wanted of a list (列表读取).
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The data that may be read.
    pub scope: DataScope,
    /// Filters and order.
    pub query: ListQuery,
    /// The keys picked, where only those are wanted: a reading may leave all others out, and need not.
    pub picked: Vec<String>,
    /// From which row on, and how many at most.
    pub part: (i64, i64),
}

impl Wanted {
    /// The end of the statement that reads [`Wanted::part`].
    #[must_use]
    pub fn limit(&self) -> String {
        format!("limit {} offset {}", self.part.1, self.part.0)
    }

    /// The numbers in which the keys picked end; −1 for what is none, so that something picked never becomes everything.
    #[must_use]
    pub fn picked_numbers(&self) -> Vec<i64> {
        let number = |key: &String| key.rsplit(['-', '/']).next().and_then(|end| end.parse().ok()).unwrap_or(-1);
        self.picked.iter().map(number).collect()
    }
}

/// How many rows a result has and what they come to (合计).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many rows.
    pub count: i64,
    /// The sums by column id.
    pub totals: Vec<(&'static str, i64)>,
}

impl From<i64> for Sums {
    fn from(count: i64) -> Self {
        Self { count, totals: Vec::new() }
    }
}

/// The spec of a list that needs no reading.
#[must_use]
pub fn plain<'a>(spec: ListSpec) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
    Box::pin(std::future::ready(Ok(spec)))
}

/// A list as it is about to be shown (待显示列表).
pub struct Shown {
    /// The pen of the page.
    pub ui: Ui,
    /// What the list is.
    pub spec: ListSpec,
    /// What was asked.
    pub asked: ListQuery,
    /// The rows with their sums.
    pub page: ListPage,
}

impl Shown {
    /// What is said where there are no rows.
    #[must_use]
    pub fn or(mut self, empty: Empty) -> Self {
        self.page.empty = Some(empty);
        self
    }

    /// The list's own verbs on a selection, before that of the export.
    #[must_use]
    pub fn verbs(mut self, own: Option<Batch>) -> Self {
        if let Some(mut own) = own {
            own.verbs.extend(self.spec.batch.take().into_iter().flat_map(|export| export.verbs));
            self.spec.batch = Some(own);
        }
        self
    }

    /// Unit, columns, density and export, for the head of the page.
    #[must_use]
    pub fn tools(&self) -> Html {
        self.ui.list_tools(&self.spec, &self.asked, self.page.count)
    }

    /// The list as it stands on its page.
    #[must_use]
    pub fn html(&self) -> Html {
        self.ui.list(&self.spec, &self.asked, &self.page)
    }

    /// The page with this head; the rows as data for a program.
    ///
    /// # Errors
    /// The page's.
    pub fn answer(&self, visit: &Visit, head: &Page) -> Result<Response, WebError> {
        match visit.rows(&self.spec, &self.asked, &self.page) {
            Some(rows) => Ok(rows),
            None => visit.page_of(head, &self.html()),
        }
    }
}

impl Listed {
    /// Reads a page of it, with saved views and with what the person may take away.
    ///
    /// # Errors
    /// Denied; a question that cannot be read; the store's.
    pub async fn shown(&self, visit: &Visit, query: Option<String>) -> Result<Shown, WebError> {
        let query = query.unwrap_or_default();
        let (ui, mut work) = (visit.ui(), visit.read().await?);
        let scope = work.authorise(self.view)?;
        let mut spec = (self.spec)(&mut work, &ui, &query).await?;
        let asked = ListQuery::parse(&spec, &query)?;
        let part = (asked.offset(), i64::from(asked.size));
        let wanted = Wanted { scope, query: asked, picked: Vec::new(), part };
        let rows = (self.rows)(&mut work, &ui, &wanted).await?;
        let sums = (self.sums)(&mut work, &ui, &wanted).await?;
        let asked = wanted.query;
        if !visit.request.api() {
            saved_view::offer(visit, &mut work, &mut spec).await?;
        }
        spec.export = visit.may(self.export).then(|| self.address.to_owned());
        spec.batch = visit.may(self.export).then(|| offer_of(visit, self.list, &asked.query(&spec)));
        let page_totals = totals_of(&spec, &rows, &sums);
        let page = ListPage { rows, page_totals, totals: sums.totals, count: sums.count, empty: None };
        Ok(Shown { ui, spec, asked, page })
    }

    /// What may be taken away.
    ///
    /// Rule `export.both-scopes`: what the action to look and the one to take away both reach.
    fn reach(&self, work: &Work) -> Result<DataScope, Denied> {
        Ok(work.authorise(self.view)?.narrowed_to(work.authorise(self.export)?))
    }

    fn wanted(&self, work: &Work, asked: &Asked, part: (i64, i64)) -> Result<Wanted, Denied> {
        Ok(Wanted { scope: self.reach(work)?, query: asked.query.clone(), picked: asked.picked.clone(), part })
    }

    /// The rows picked among those of their question, in its order.
    async fn picked(&self, work: &mut Work, ui: &Ui, asked: &Asked) -> Result<Vec<Row>, ActionError> {
        let keys: BTreeSet<&str> = asked.picked.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        for from in (0..).step_by(usize::try_from(CHUNK).unwrap_or(1)) {
            let wanted = self.wanted(work, asked, (from, CHUNK))?;
            let rows = (self.rows)(work, ui, &wanted).await?;
            let last = i64::try_from(rows.len()).unwrap_or(i64::MAX) < CHUNK;
            found.extend(rows.into_iter().filter(|row| keys.contains(row.key.as_str())));
            if last || found.len() >= keys.len() {
                break;
            }
        }
        Ok(found)
    }
}

/// What the rows of a page come to, in the columns that have a sum.
fn totals_of(spec: &ListSpec, rows: &[Row], sums: &Sums) -> Vec<(&'static str, i64)> {
    let value = |cell: Option<&Cell>| match cell {
        Some(Cell::Money(value) | Cell::MoneyWhy(value, _) | Cell::Count(value)) => *value,
        _ => 0,
    };
    let total = |id: &'static str| {
        let place = spec.columns.iter().position(|column| column.id == id)?;
        Some((id, rows.iter().map(|row| value(row.cells.get(place))).fold(0, i64::saturating_add)))
    };
    sums.totals.iter().filter_map(|(id, _)| total(id)).collect()
}

impl ListExport for Listed {
    fn list(&self) -> &'static str {
        self.list
    }

    fn action(&self) -> &'static str {
        self.export
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn file(&self) -> &'static str {
        self.file
    }

    fn act(&self) -> &'static str {
        self.act
    }

    fn scope(&self, work: &Work) -> Result<DataScope, ActionError> {
        Ok(self.reach(work)?)
    }

    fn numbered(&self) -> bool {
        false
    }

    fn spec<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        self.spec_for(work, ui, "")
    }

    fn spec_for<'a>(
        &'a self,
        work: &'a mut Work,
        ui: &'a Ui,
        query: &'a str,
    ) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        Box::pin(async move {
            let mut spec = (self.spec)(work, ui, query).await?;
            if self.whole {
                spec.columns.iter_mut().for_each(|column| column.shown = true);
            }
            Ok(spec)
        })
    }

    fn heads(&self, work: &Work, ui: &Ui, query: &ListQuery) -> Vec<String> {
        match self.heads {
            Some(heads) => heads(work, ui, query),
            None => vec![ui.t(self.title), ui.t1("export-as-of", "on", work.business_date)],
        }
    }

    fn count<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<i64, ActionError>> {
        Box::pin(async move {
            let wanted = self.wanted(work, asked, (0, 0))?;
            // A number is the same in every language.
            let ui = super::actions::pen(work, crate::locale::Lang::default());
            if asked.picked.is_empty() {
                return Ok((self.sums)(work, &ui, &wanted).await?.count);
            }
            let rows = self.picked(work, &ui, asked).await?;
            Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
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
            if asked.picked.is_empty() {
                let wanted = self.wanted(work, asked, from_and_most)?;
                return (self.rows)(work, ui, &wanted).await;
            }
            let (from, most) = from_and_most;
            let place = |number: i64| usize::try_from(number).unwrap_or(0);
            Ok(self.picked(work, ui, asked).await?.into_iter().skip(place(from)).take(place(most)).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::list::{Column, ColumnKind};

    #[test]
    fn something_picked_never_becomes_everything() {
        let of = |picked: &[&str]| Wanted {
            scope: DataScope::everything(),
            query: ListQuery::of(&ListSpec::default()),
            picked: picked.iter().map(|key| (*key).to_owned()).collect(),
            part: (30, 15),
        };
        assert_eq!(of(&["7", "3-12", "1/23", "x", ""]).picked_numbers(), [7, 12, 23, -1, -1]);
        assert_eq!(of(&[]).picked_numbers(), Vec::<i64>::new());
        assert_eq!(of(&[]).limit(), "limit 15 offset 30");
    }

    #[test]
    fn a_page_is_summed_in_the_columns_that_the_whole_result_sums() {
        let columns = vec![
            Column::new("no", "x", ColumnKind::Text),
            Column::new("paid", "x", ColumnKind::Money),
            Column::new("due", "x", ColumnKind::Money),
        ];
        let spec = ListSpec { columns, ..ListSpec::default() };
        let row = |paid| Row { cells: vec![Cell::Text("7".to_owned()), paid, Cell::Money(i64::MAX)], ..Row::default() };
        let rows = [row(Cell::Money(5)), row(Cell::None), row(Cell::MoneyWhy(7, "/why".to_owned()))];
        let sums = Sums { count: 9, totals: vec![("due", 1), ("paid", 2), ("gone", 3)] };
        assert_eq!(totals_of(&spec, &rows, &sums), [("due", i64::MAX), ("paid", 12)]);
    }
}
