//! The evaluation report (信用评估报告) on paper: S1-17, S1-20 (4).

use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::audit::{self, Entry};
use platform::error::ActionError;
use platform::institution;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;
use policy::DIMENSIONS;
use print::{Align, Column, Frame, Imprint, Letterhead, Press, Report, ReportTable, Section};
use serde_json::json;

use super::model::{Evaluation, Line};
use super::view;
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::store::user_names;
use crate::datum::view::points;

/// Prints the report and answers with the file; every print is in the audit trail.
pub(super) async fn answer(visit: &Visit, mut work: Work, one: &Evaluation) -> Result<Response, WebError> {
    let customer = load_within(&mut work, one.customer, VIEW).await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let names = user_names(&mut work.tx, &[one.assessor]).await?;
    let assessor = names.get(&one.assessor).cloned().unwrap_or_default();
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let article = one.content.articles.first().map(|id| rules.article_title(id, false)).unwrap_or_default();
    let frame = frame(&mut work, &one.number, (&one.scorecard, article), visit.actor.name.clone()).await?;
    let report = write(&ui, &rules, one, (&customer, &assessor), frame);
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&report))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    let entry = Entry::new(Some(one.customer), "evaluation.print", one.subject());
    work.audit(entry.after(json!({"number": one.number, "pages": printed.pages}))).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", one.number)),
    ];
    Ok((headers, printed.pdf).into_response())
}

/// What stands around a report of ours.
pub(crate) async fn frame(
    work: &mut Work,
    number: &str,
    (form, article): (&str, String),
    printed_by: String,
) -> Result<Frame, ActionError> {
    let (institution, _) = institution::load(&mut work.tx).await?;
    let printed_at = platform::clock::civil_minute(work.now).replace(' ', "T");
    let digest = audit::digest(&format!("{number} {form} {}", work.business_date));
    Ok(Frame {
        lang: print::Lang::Zh,
        letterhead: Letterhead {
            institution: institution.name, contact: institution.contact, mark: "信守".to_owned()
        },
        imprint: Imprint {
            serial: number.to_owned(),
            form: form.to_owned(),
            article,
            printed_by,
            printed_at: printed_at.parse().map_err(|e| ActionError::Internal(format!("{printed_at}: {e}")))?,
            check_code: digest.chars().take(8).collect(),
        },
    })
}

fn write(ui: &Ui, rules: &InForce, one: &Evaluation, (customer, assessor): (&Customer, &str), frame: Frame) -> Report {
    let content = &one.content;
    let grade = |value: &str| view::grade(ui, rules, &content.grade_output, value);
    let part = |score: Option<i64>, weight: i64| {
        let score = score.map_or_else(|| "—".to_owned(), points);
        ui.t2("evaluation-part-weighs", "score", score, "weight", weight)
    };
    let fact = |label: &str, value: String| (ui.t(label), value);
    let facts = vec![
        fact("customer-name", customer.name.clone()),
        fact("customer-number", customer.number.clone()),
        fact("evaluation-scorecard", content.title.0.clone()),
        fact("evaluation-made-on", one.made_on.to_string()),
        fact("evaluation-part-quantitative", part(content.quantitative_centi, content.weights.0)),
        fact("evaluation-part-qualitative", part(content.qualitative_centi, content.weights.1)),
        fact("evaluation-composite", points(content.composite_centi)),
        fact("evaluation-grade", grade(&one.grade)),
        fact("evaluation-state", view::state(ui, one).1),
        fact("evaluation-review", one.review_on.map_or_else(|| "—".to_owned(), |on| on.to_string())),
    ];
    let mut sections = vec![Section::words(ui.t("evaluation-preliminary"), content.preliminary.clone())];
    let work = &content.field_work;
    let way = ui.t(format!("datum-way-{}", work.way));
    sections.push(Section::words(ui.t("evaluation-field-work"), format!("{way} {} · {}", work.on, work.note)));
    for dimension in DIMENSIONS {
        let own: Vec<&Line> = content.lines.iter().filter(|line| line.dimension == dimension).collect();
        if !own.is_empty() {
            let title = ui.t(format!("evaluation-dimension-{dimension}"));
            sections.push(Section { title, paragraphs: Vec::new(), table: Some(items(ui, rules, &own)) });
        }
    }
    if let Some(hand) = &content.by_hand {
        let words = [("grade", grade(&hand.grade)), ("until", hand.until.to_string())];
        let text = format!("{} {}", ui.tn("evaluation-set-by-hand", &words), hand.reason);
        sections.push(Section::words(ui.t("evaluation-by-hand"), text));
    }
    sections.push(Section::words(ui.t("evaluation-opinion"), content.opinion.clone()));
    Report {
        frame,
        title: ui.t("evaluation-report"),
        facts,
        sections,
        signatures: vec![ui.t1("evaluation-sign-assessor", "name", assessor), ui.t("evaluation-sign-checker")],
    }
}

fn items(ui: &Ui, rules: &InForce, lines: &[&Line]) -> ReportTable {
    let column =
        |id: &str, align: Align, share: u32| Column { title: ui.t(format!("evaluation-of-{id}")), align, share };
    let rows = lines.iter().map(|line| {
        let band = if line.kind == "qualitative" { line.note.clone() } else { view::band(ui, rules, line) };
        vec![
            line.title.0.clone(),
            view::value(ui, rules, line),
            view::source(ui, line),
            band,
            line.weight.to_string(),
            line.points.map_or_else(|| "—".to_owned(), |points| points.to_string()),
        ]
    });
    ReportTable {
        columns: vec![
            column("item", Align::Left, 3),
            column("value", Align::Left, 4),
            column("source", Align::Left, 3),
            column("band", Align::Left, 3),
            column("weight", Align::Right, 0),
            column("points", Align::Right, 0),
        ],
        rows: rows.collect(),
    }
}
