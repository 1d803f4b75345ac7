//! Pages of a batch (批量办理页): the selection with its form, the trial, the report with its export.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::model::{Line, Outcome, Sums, Verb};
use super::store::{self, Report};
use super::{actions, job, list, standing};
use crate::audit::Entry;
use crate::clock::civil_minute;
use crate::error::{ActionError, FieldError, RefusalKind, Refused};
use crate::page::list::{Cell, Column, ColumnKind, ListQuery, ListSpec, Row};
use crate::page::{Button, Field, Html, Icon, Look, Page, Side, Table, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError, failing_field, sentence_of, xlsx};

/// Things that one batch may hold: what a person can still look through.
const MOST: usize = 1_000;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .list_own("/batches", list::index, list::spec)
        .get_own("/batches/{id}", show)
        .post_own("/batches/{id}/cancel", standing::cancel)
        .data_own::<super::data::ReportData, _, _>("/batches/{id}", super::data::report)
        .get_own("/batches/{id}/progress", standing::progress)
        .get_own("/batches/{id}/report.xlsx", export)
}

/// A batch on its way (批量办理).
#[derive(Debug, Clone, Default)]
pub struct BatchPage {
    /// The verb's name: its title is the message `batch-<name>`.
    pub name: &'static str,
    /// The permission under which it runs.
    pub action: &'static str,
    /// The navigation item of the list.
    pub active: &'static str,
    /// Where the form is sent.
    pub path: &'static str,
    /// The list.
    pub back: &'static str,
    /// What the verb needs, with what was typed.
    pub fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "batch/form.html")]
struct FormBody<'a> {
    ui: &'a Ui,
    page: &'a BatchPage,
    guard: Html,
    keys: Vec<String>,
    lines: Html,
    buttons: Html,
    alarm: Html,
}

impl BatchPage {
    /// Takes the batch one step further: shows the selection, tries the verb, or runs it.
    /// `wrong` says what is missing in the verb's own fields.
    ///
    /// # Errors
    /// Nothing picked or too much, no permission, the store's.
    pub async fn handle<T>(
        self,
        posted: &Posted<T>,
        verb: &dyn Verb,
        wrong: Vec<FieldError>,
    ) -> Result<Response, WebError> {
        self.step(posted, verb, wrong, false).await
    }

    /// The same of a verb that takes long over each thing: its run goes on in the background however few things there are.
    ///
    /// # Errors
    /// As [`BatchPage::handle`].
    pub async fn handle_behind<T>(
        self,
        posted: &Posted<T>,
        verb: &dyn Verb,
        wrong: Vec<FieldError>,
    ) -> Result<Response, WebError> {
        self.step(posted, verb, wrong, true).await
    }

    async fn step<T>(
        self,
        posted: &Posted<T>,
        verb: &dyn Verb,
        wrong: Vec<FieldError>,
        behind: bool,
    ) -> Result<Response, WebError> {
        let visit = &posted.visit;
        visit.scope(self.action)?;
        let keys = keys(posted)?;
        // Empty from the list, `try` for the trial, `do` for the run.
        let step = posted.fields.first("step").unwrap_or("");
        let things = if behind && step == "do" { usize::MAX } else { keys.len() };
        if ["try", "do"].contains(&step) && wrong.is_empty() && self.is_long(visit, things).await? {
            return standing::begin(posted, &self, keys).await;
        }
        match step {
            "try" | "do" if !wrong.is_empty() => {
                let lines = actions::look(visit, verb, &keys).await?;
                self.draw(visit, keys, &lines, &wrong)
            }
            "try" => {
                let lines = actions::rehearse(&visit.app, &visit.actor, verb, &keys).await?;
                self.draw(visit, keys, &lines, &[])
            }
            "do" => self.run(posted, verb, &keys).await,
            _ => {
                let lines = actions::look(visit, verb, &keys).await?;
                self.draw(visit, keys, &lines, &[])
            }
        }
    }

    /// Whether it is done in the background: it holds more than the rules allow at once, and its verb can go on without
    /// its visitor. Under somebody's hat, and for a program within its token, it is done while they wait: a batch goes
    /// on with what its person may do, and with nothing that was lent.
    async fn is_long(&self, visit: &Visit, things: usize) -> Result<bool, WebError> {
        let own = visit.actor.stands_for.is_none() && visit.token.is_none();
        if !own || job::kind_of(&visit.app, self.path).is_none() {
            return Ok(false);
        }
        let most = actions::while_waiting(&mut visit.read().await?).await?;
        Ok(i64::try_from(things).unwrap_or(i64::MAX) > most)
    }

    async fn run<T>(&self, posted: &Posted<T>, verb: &dyn Verb, keys: &[String]) -> Result<Response, WebError> {
        // Run before, to its end: its report is shown. Only looked at here, the things come first.
        posted.begin(self.action).await?.tx.rollback().await?;
        let lines =
            actions::perform(&posted.visit.app, &posted.visit.actor, verb, (&posted.key, self.action), keys).await?;
        let mut work = posted.begin(self.action).await?;
        let sums = Sums::of(&lines);
        let (user, id) = (posted.visit.user()?, work.next_id());
        store::insert(&mut work, (user, id), (self.name, self.back), &lines).await?;
        let after = json!({"verb": self.name, "done": sums.count, "refused": sums.refused});
        work.audit(Entry::new(None, "batch.run", format!("batch:{id}")).after(after)).await?;
        posted.done(work, format!("/batches/{id}")).await
    }

    fn draw(
        mut self,
        visit: &Visit,
        keys: Vec<String>,
        lines: &[Line],
        wrong: &[FieldError],
    ) -> Result<Response, WebError> {
        visit.complain(wrong)?;
        if let Some(checked) = visit.checked() {
            return Ok(checked);
        }
        let ui = visit.ui();
        let refused = Refused::form(wrong.to_vec());
        self.fields = std::mem::take(&mut self.fields)
            .into_iter()
            .map(|field| {
                let error = failing_field(&ui, &refused, &field.name);
                field.error(error)
            })
            .collect();
        let sums = Sums::of(lines);
        let tried = lines.iter().any(|line| line.outcome == Outcome::Would);
        let mut buttons = Html::new();
        let look = if tried { Look::Secondary } else { Look::Primary };
        buttons.push(&ui.button(Button::submit(look, ui.t("batch-try")).submits("step", "try")));
        if tried {
            let word = ui.tn("batch-do", &[("verb", self.title(&ui)), ("count", sums.count.to_string())]);
            buttons.push(&ui.button(Button::submit(Look::Primary, word).submits("step", "do")));
        }
        buttons.push(&ui.button(Button::link(Look::Plain, ui.t("cancel"), self.back)));
        let words = ui.t2("batch-refused", "count", sums.refused, "of", lines.len());
        let alarm = if sums.refused == 0 {
            Html::new()
        } else {
            ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(words))
        };
        let body = FormBody {
            lines: table(&ui, lines),
            guard: ui.guard(visit.guard()),
            page: &self,
            ui: &ui,
            keys,
            buttons,
            alarm,
        };
        let page = Page::new(self.title(&ui), self.active)
            .subtitle(ui.t1("batch-picked", "count", lines.len()))
            .actions(ui.button(list::way(&ui)));
        let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        Ok((status, visit.page(&page, &body)?).into_response())
    }

    fn title(&self, ui: &Ui) -> String {
        ui.t(format!("batch-{}", self.name))
    }
}

/// The keys picked, each once, in the order of the list.
fn keys<T>(posted: &Posted<T>) -> Result<Vec<String>, ActionError> {
    let mut seen = BTreeSet::new();
    let keys: Vec<String> =
        posted.fields.all("key").filter(|key| seen.insert((*key).to_owned())).map(str::to_owned).collect();
    match keys.len() {
        0 => Err(Refused::new(RefusalKind::Invalid, "batch-none").into()),
        n if n > MOST => {
            Err(Refused::new(RefusalKind::Invalid, "batch-too-many").with("count", n).with("most", MOST).into())
        }
        _ => Ok(keys),
    }
}

/// The things with how it went or would go; refused ones first.
pub(super) fn table(ui: &Ui, lines: &[Line]) -> Html {
    let heads = [("thing", Side::Left), ("amount", Side::Right), ("outcome", Side::Left), ("why", Side::Left)];
    let mut table =
        Table::new(ui.t("batch-lines"), heads.map(|(head, side)| (ui.t(format!("batch-head-{head}")), side)));
    let refused = |line: &&Line| matches!(line.outcome, Outcome::Refused { .. });
    let ordered = lines.iter().filter(refused).chain(lines.iter().filter(|line| !refused(line)));
    for line in ordered {
        let mut name = Html::new();
        if line.thing.href.is_empty() {
            name.text(&line.thing.label);
        } else {
            name.raw("<a").href(&line.thing.href).raw(">").text(&line.thing.label).raw("</a>");
        }
        let why = Html::of_text(why(ui, &line.outcome));
        table.row([name, ui.money_or_dash(line.thing.amount), state(ui, &line.outcome), why]);
    }
    let sums = Sums::of(lines);
    let total = ui.t1("batch-total", "count", sums.count);
    table.total([Html::of_text(total), ui.money(sums.amount), Html::new(), Html::new()]);
    ui.table(table)
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Picked => "batch-outcome-picked",
        Outcome::Would => "batch-outcome-would",
        Outcome::Done => "batch-outcome-done",
        Outcome::Refused { .. } => "batch-outcome-refused",
    }
}

fn state(ui: &Ui, outcome: &Outcome) -> Html {
    let (tone, icon) = match outcome {
        Outcome::Picked => (Tone::Neutral, Icon::Clock),
        Outcome::Would => (Tone::Accent, Icon::CircleCheck),
        Outcome::Done => (Tone::Ok, Icon::CircleCheck),
        Outcome::Refused { .. } => (Tone::Doubt, Icon::Ban),
    };
    ui.badge(tone, icon, ui.t(word(outcome)))
}

/// Why a thing is refused, with its rule.
fn why(ui: &Ui, outcome: &Outcome) -> String {
    let Outcome::Refused { code, details, rule } = outcome else { return String::new() };
    let details: Vec<(&str, &str)> = details.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = sentence_of(ui, code, &details);
    match rule {
        Some(rule) => format!("{text} · {rule}"),
        None => text,
    }
}

#[derive(Template)]
#[template(path = "batch/report.html")]
struct ReportBody<'a> {
    ui: &'a Ui,
    back: &'a str,
    note: Html,
    lines: Html,
}

pub(super) async fn load(visit: &Visit, id: &str) -> Result<Report, WebError> {
    let unknown = || ActionError::from(Refused::new(RefusalKind::NotFound, "batch-unknown"));
    let (me, id) = (visit.user()?, id.parse().map_err(|_| unknown())?);
    let mut work = visit.read().await?;
    Ok(store::load(&mut work.tx, me, id).await.map_err(ActionError::from)?.ok_or_else(unknown)?)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    if let Some(job) = standing::find(&visit, &id).await? {
        return standing::page(&visit, &job).await;
    }
    let (ui, report) = (visit.ui(), load(&visit, &id).await?);
    let sums = Sums::of(&report.lines);
    let words = ui.t2("batch-went", "done", sums.count, "refused", sums.refused);
    let (tone, icon) =
        if sums.refused == 0 { (Tone::Ok, Icon::CircleCheck) } else { (Tone::Watch, Icon::AlertTriangle) };
    let buttons = [
        Button::link(Look::Secondary, ui.t("batch-export"), format!("/batches/{id}/report.xlsx"))
            .icon(Icon::FileSpreadsheet),
        list::way(&ui),
        Button::link(Look::Primary, ui.t("back"), &report.back),
    ];
    let page = Page::new(ui.t(format!("batch-{}", report.verb)), "")
        .subtitle(format!("{} · {}", report.on, civil_minute(report.at)))
        .actions(ui.buttons(buttons));
    let body = ReportBody {
        note: ui.note(tone, icon, Html::of_text(words)),
        lines: table(&ui, &report.lines),
        back: &report.back,
        ui: &ui,
    };
    visit.page(&page, &body)
}

async fn export(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, report) = (visit.ui(), load(&visit, &id).await?);
    let spec = ListSpec {
        columns: vec![
            Column::new("thing", "batch-head-thing", ColumnKind::Text),
            Column::new("amount", "batch-head-amount", ColumnKind::Money),
            Column::new("outcome", "batch-head-outcome", ColumnKind::Text),
            Column::new("why", "batch-head-why", ColumnKind::Text),
        ],
        ..ListSpec::default()
    };
    let row = |line: &Line| Row {
        key: line.thing.key.clone(),
        href: String::new(),
        cells: vec![
            Cell::Text(line.thing.label.clone()),
            Cell::money(line.thing.amount.map(|amount| amount.0)),
            Cell::Text(ui.t(word(&line.outcome))),
            Cell::Text(why(&ui, &line.outcome)),
        ],
    };
    let rows: Vec<Row> = report.lines.iter().map(row).collect();
    let name = ui.t(format!("batch-{}", report.verb));
    let titles = [name.clone(), civil_minute(report.at)];
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let asked = ListQuery::of(&spec);
    let bytes =
        ui.workbook(&name, &titles, &spec, &asked, &rows).map_err(|error| ActionError::Internal(error.to_string()))?;
    let mut work = visit.begin().await?;
    let entry = Entry::new(None, "batch.export", format!("batch:{id}"));
    work.audit(entry.after(json!({"rows": rows.len()}))).await?;
    work.commit().await?;
    Ok(xlsx(&format!("batch-{id}.xlsx"), bytes))
}
