//! What the file says of derived things, beside what was computed anew.

use std::collections::VecDeque;

use super::cell::Out;
use super::finding::{Finding, Findings};
use super::out::{Reading, derived};
use super::people::People;
use super::sheet::Sheet;
use crate::db::{Row, Value};
use crate::error::ActionError;
use crate::work::Work;

/// Compares a derived sheet row by row; both stand in the order of their keys.
pub(super) struct Comparing<'a> {
    sheet: &'a Sheet,
    reading: Reading<'a>,
    rows: VecDeque<Row>,
    after: Option<Vec<Value>>,
    through: bool,
    /// The rows no longer stand beside each other.
    lost: bool,
    headings: Vec<&'static str>,
}

impl<'a> Comparing<'a> {
    pub(super) fn of(sheet: &'a Sheet) -> Self {
        Self {
            sheet,
            reading: Reading::of(sheet, true),
            rows: VecDeque::new(),
            after: None,
            through: false,
            lost: false,
            headings: sheet.columns.iter().map(|column| column.heading).collect(),
        }
    }

    pub(super) async fn row(
        &mut self,
        work: &mut Work,
        people: &People,
        tab: &str,
        number: u32,
        said: &[Out],
        findings: &mut Findings,
    ) -> Result<(), ActionError> {
        if self.lost {
            return Ok(());
        }
        let Some(found) = self.next(work, people).await? else {
            self.lost = true;
            findings.push(Finding::sheet("derived-surplus", tab).at(number));
            return Ok(());
        };
        let keys = self.sheet.columns.iter().enumerate().filter(|(_, c)| self.sheet.order.contains(&c.field));
        if keys.map(|(place, _)| place).any(|place| said.get(place) != found.get(place)) {
            self.lost = true;
            findings.push(Finding::sheet("derived-other", tab).at(number));
            return Ok(());
        }
        for (place, (said, found)) in said.iter().zip(&found).enumerate() {
            if said != found {
                let wrong = Finding::sheet("derived-differs", tab).at(number).column(self.headings[place]);
                findings.push(wrong.with("said", said.canonical()).with("found", found.canonical()));
            }
        }
        Ok(())
    }

    /// Rows that the file does not have.
    pub(super) async fn end(
        &mut self,
        work: &mut Work,
        people: &People,
        findings: &mut Findings,
    ) -> Result<(), ActionError> {
        if !self.lost && self.next(work, people).await?.is_some() {
            findings.push(Finding::sheet("derived-lacking", self.sheet.title));
        }
        Ok(())
    }

    async fn next(&mut self, work: &mut Work, people: &People) -> Result<Option<Vec<Out>>, ActionError> {
        if self.rows.is_empty() && !self.through {
            let rows = self.reading.behind(work, self.after.as_deref()).await?;
            match rows.last() {
                Some(last) => self.after = Some(self.reading.key(last)?),
                None => self.through = true,
            }
            self.rows = rows.into();
        }
        let Some(row) = self.rows.pop_front() else { return Ok(None) };
        let Some(drawn) = &self.sheet.drawn else {
            return Err(ActionError::Internal(format!("the derived sheet {} draws nothing", self.sheet.key)));
        };
        derived(self.sheet, drawn, &row, work.business_date, people).map(Some)
    }
}
