//! The report of a classification run on paper (贷款风险分类报告).

use std::sync::Arc;

use axum::response::Response;
use platform::audit::Entry;
use platform::locale::{Lang, Locale, money};
use platform::page::Ui;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Report as Paper, ReportTable, Section};
use serde_json::json;

use super::HOUSE;
use super::actions::must_be;
use super::model::{Run, RunState};
use super::rules::Report;
use super::view::{Goal, class_word, goals, load, ratio};
use crate::desk::paper::{answer, frame, heads, names, press};

/// Where a report may be printed: once it has words for each goal.
pub(super) const PRINTED: [RunState; 3] = [RunState::Proposed, RunState::Submitted, RunState::Approved];

/// Prints the report of a run and answers with the file; every print is in the audit trail.
pub(super) async fn print(visit: &Visit, mut work: Work, one: &Run) -> Result<Response, WebError> {
    must_be(one, &PRINTED).map_err(platform::error::ActionError::from)?;
    let on = work.business_date;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let found = load(&mut work, one).await?;
    let fact = |label: &str, value: String| (ui.t(label), value);
    let day = |on: Option<jiff::civil::Date>| on.map_or_else(|| "—".to_owned(), |on| on.to_string());
    let [maker, reviewer] = names(&mut work, [Some(one.made_by), one.reviewed_by]).await?;
    let mut signatures = vec![
        ui.t1("classification-sign-maker", "name", maker),
        ui.t1("classification-sign-reviewer", "name", reviewer),
    ];
    signatures.extend(heads(&mut work, &ui, HOUSE, one.approval).await?);
    let mut sections: Vec<Section> = goals(&ui, one, &found).iter().map(section).collect();
    sections.push(by_class(&ui, &found));
    sections.push(moves(&ui, &found));
    if !one.review_note.is_empty() {
        sections.push(Section::words(ui.t("classification-review-note"), one.review_note.clone()));
    }
    let said = format!("{sections:?} {signatures:?}");
    let frame = frame(visit, &mut work, (&one.number, "classification"), &said).await?;
    let code = frame.imprint.check_code.clone();
    let report = Paper {
        frame,
        title: ui.t("classification-paper"),
        facts: vec![
            fact("classification-number", one.number.clone()),
            fact("classification-as-of", one.as_of.to_string()),
            fact("classification-loans", found.total.loans.to_string()),
            fact("loan-balance", ui.yuan(found.total.principal)),
            fact("classification-bad-ratio", ratio(found.bad_ppm())),
            fact("classification-approved-on", day(one.approved_on)),
        ],
        sections,
        signatures,
    };
    let printed = press(report).await?;
    let after = json!({"number": one.number, "pages": printed.pages, "check_code": code});
    work.audit(Entry::new(None, "classification.print", one.subject()).after(after)).await?;
    work.commit().await?;
    answer(&one.number, printed)
}

/// A goal with its figures and words.
fn section(goal: &Goal) -> Section {
    let mut paragraphs: Vec<String> = goal.figures.iter().map(|(label, value)| format!("{label}：{value}")).collect();
    paragraphs.push(goal.words.clone());
    Section { title: goal.title.clone(), paragraphs, table: None }
}

fn column(ui: &Ui, label: &str, align: Align, share: u32) -> Column {
    Column { title: ui.t(label), align, share }
}

fn by_class(ui: &Ui, found: &Report) -> Section {
    let table = ReportTable {
        columns: vec![
            column(ui, "classification-class", Align::Left, 2),
            column(ui, "classification-loans", Align::Right, 1),
            column(ui, "loan-balance", Align::Right, 3),
            column(ui, "classification-former-balance", Align::Right, 3),
            column(ui, "classification-rate", Align::Right, 2),
            column(ui, "classification-provision", Align::Right, 3),
        ],
        rows: found
            .lines
            .iter()
            .map(|line| {
                vec![
                    class_word(ui, &line.class),
                    line.now.loans.to_string(),
                    money(line.now.principal),
                    money(line.former.principal),
                    ratio(Some(line.rate_ppm)),
                    money(line.provision),
                ]
            })
            .collect(),
    };
    Section { title: ui.t("classification-by-class"), paragraphs: Vec::new(), table: Some(table) }
}

fn moves(ui: &Ui, found: &Report) -> Section {
    let table = ReportTable {
        columns: vec![
            column(ui, "classification-former", Align::Left, 2),
            column(ui, "classification-class", Align::Left, 2),
            column(ui, "classification-loans", Align::Right, 1),
            column(ui, "loan-balance", Align::Right, 3),
        ],
        rows: found
            .moves
            .iter()
            .map(|one| {
                vec![
                    class_word(ui, &one.from),
                    class_word(ui, &one.to),
                    one.part.loans.to_string(),
                    money(one.part.principal),
                ]
            })
            .collect(),
    };
    Section { title: ui.t("classification-moves"), paragraphs: Vec::new(), table: Some(table) }
}
