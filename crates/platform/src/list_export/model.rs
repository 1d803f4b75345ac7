//! What is exported, and where a job stands. Pure but for the futures.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::DataScope;
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::id::UserId;
use crate::page::Ui;
use crate::page::list::{ListQuery, ListSpec, Row};
use crate::work::Work;

/// A list that can be exported (可导出的列表).
pub trait ListExport: Send + Sync {
    /// The page of the list: `/loans`.
    fn list(&self) -> &'static str;

    /// The action that it asks for.
    fn action(&self) -> &'static str;

    /// The message with its title.
    fn title(&self) -> &'static str;

    /// How its file is called, without date and ending.
    fn file(&self) -> &'static str;

    /// What the audit trail calls the taking of a file.
    fn act(&self) -> &'static str {
        self.action()
    }

    /// The data that the actor may take away.
    ///
    /// # Errors
    /// Denied.
    fn scope(&self, work: &Work) -> Result<DataScope, ActionError> {
        Ok(work.authorise(self.action())?)
    }

    /// Whether its rows are told apart by numbers; where not, the keys picked come as they stand in the rows.
    fn numbered(&self) -> bool {
        true
    }

    /// What the list is, in the language of the pen.
    fn spec<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<ListSpec, ActionError>>;

    /// The same where the columns depend on the question.
    fn spec_for<'a>(
        &'a self,
        work: &'a mut Work,
        ui: &'a Ui,
        _query: &'a str,
    ) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        self.spec(work, ui)
    }

    /// What stands above the head of the sheet.
    fn heads(&self, work: &Work, ui: &Ui, _query: &ListQuery) -> Vec<String> {
        vec![ui.t(self.title()), ui.t1("export-as-of", "on", work.business_date)]
    }

    /// How many rows are asked for, within the actor's data scope.
    fn count<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<i64, ActionError>>;

    /// The rows from this one on, at most so many, within the actor's data scope.
    fn rows<'a>(
        &'a self,
        work: &'a mut Work,
        ui: &'a Ui,
        asked: &'a Asked,
        from_and_most: (i64, i64),
    ) -> BoxFuture<'a, Result<Vec<Row>, ActionError>>;
}

/// What is asked of a list (导出请求).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Filters, order and columns.
    pub query: ListQuery,
    /// Only these rows; empty for the whole result, and of a list whose rows are not told apart by numbers.
    pub keys: Vec<i64>,
    /// Only these rows of such a list, by the keys that they carry; empty for the whole result.
    pub picked: Vec<String>,
}

/// The same as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) query: String,
    pub(super) keys: Vec<i64>,
    #[serde(default)]
    pub(super) picked: Vec<String>,
}

/// Where a job stands (任务状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waiting or under way.
    Running,
    /// The file can be taken.
    Done,
    /// It was not made; `problem` says why.
    Failed,
    /// Its time is over.
    Removed,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Failed, Self::Removed];

    /// Its name in data and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Removed => "removed",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// An export in the background (导出任务).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) user: UserId,
    pub(crate) id: i64,
    pub(crate) list: String,
    pub(crate) sealed: Vec<u8>,
    pub(crate) picked: i64,
    pub(crate) language: String,
    pub(crate) state: JobState,
    pub(crate) problem: Option<String>,
    pub(crate) rows: i64,
    pub(crate) done: i64,
    pub(crate) bytes: i64,
    pub(crate) scope: DataScope,
    pub(crate) business_date: Option<Date>,
    pub(crate) asked_at: Timestamp,
    pub(crate) lease: i64,
    pub(crate) keep_until: Option<Timestamp>,
}

/// Whether whoever has this scope now may see what was made under that one.
///
/// Rule `export.checked-again`: a file shows what its maker could see when it was made; who sees less today gets no file.
pub(super) fn still_covers(now: DataScope, made: DataScope) -> bool {
    let part = |now: i64, made: i64| now == 0 || now == made;
    part(now.branch, made.branch) && part(now.team, made.team) && part(now.manager, made.manager)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule `export.checked-again`
    #[test]
    fn a_narrower_scope_does_not_see_what_a_wider_one_made() {
        let scope = |branch, team, manager| DataScope { branch, team, manager };
        // now | made | covers
        let rows = [
            (scope(0, 0, 0), scope(0, 0, 0), true),
            (scope(0, 0, 0), scope(3, 0, 0), true),
            (scope(3, 0, 0), scope(3, 0, 0), true),
            (scope(3, 0, 0), scope(0, 0, 0), false),
            (scope(3, 0, 0), scope(4, 0, 0), false),
            (scope(0, 0, 7), scope(3, 0, 0), false),
            (scope(0, 0, 7), scope(0, 0, 7), true),
            (scope(0, 5, 0), scope(0, 0, 7), false),
        ];
        for (now, made, covers) in rows {
            assert_eq!(still_covers(now, made), covers, "{now:?} {made:?}");
        }
    }
}
