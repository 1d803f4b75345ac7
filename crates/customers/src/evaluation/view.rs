//! How an evaluation is shown: items by dimension, the parts and their weights, the score, the grade.

use platform::locale::Lang;
use platform::page::{Html, Icon, Side, Table, Tone, Ui};
use platform::policies::{self, InForce};
use policy::{DIMENSIONS, FactType};

use super::model::{Both, Content, Evaluation, EvaluationState, Line};
use crate::datum::view::{points, range, shown};
use crate::standing::why::outcome_title;

/// A text in the language of the page.
pub(super) fn said<'a>(ui: &Ui, both: &'a Both) -> &'a str {
    if ui.lang() == Lang::En { &both.1 } else { &both.0 }
}

/// The value of an item in words.
pub(super) fn value(ui: &Ui, rules: &InForce, line: &Line) -> String {
    let Some(text) = &line.value else { return "—".to_owned() };
    if line.kind == "qualitative" {
        return said(ui, &line.help).to_owned();
    }
    let kind = rules.pack().dictionary().get(&line.fact).map(|fact| &fact.kind);
    let parsed = kind.and_then(|kind| kind.parse_literal(text).ok());
    parsed.map_or_else(|| text.clone(), |value| shown(ui, rules, &line.fact, &value))
}

/// Where the value of an item comes from, and of which day it is.
pub(super) fn source(ui: &Ui, line: &Line) -> String {
    if line.source.is_empty() {
        return String::new();
    }
    let word = ui.t(format!("evaluation-source-{}", line.source));
    line.on.map_or_else(|| word.clone(), |on| format!("{word} {on}"))
}

/// The band of an item: a word or yes and no stand in the value already, a range of numbers does not.
pub(super) fn band(ui: &Ui, rules: &InForce, line: &Line) -> String {
    let fact = rules.pack().dictionary().get(&line.fact).map(|fact| &fact.kind);
    let numbers = line.kind != "qualitative" && matches!(fact, Some(FactType::Integer { .. }));
    if numbers { range(ui, rules, &line.fact, &line.band) } else { String::new() }
}

/// Whether the items are still to be judged (填写、已成).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// On the form: what is lacking can be supplied.
    Form,
    /// Submitted: what is lacking did not count.
    Made,
}

/// The items of each dimension: value with source, band, points, weight.
pub(super) fn items(ui: &Ui, rules: &InForce, lines: &[Line], weighted: bool, stage: Stage) -> Table {
    let heads = [
        ("item", Side::Left),
        ("value", Side::Left),
        ("source", Side::Left),
        ("band", Side::Left),
        ("points", Side::Right),
        ("weight", Side::Right),
        ("ground", Side::Left),
    ];
    let mut table =
        Table::new(ui.t("evaluation-items"), heads.map(|(id, side)| (ui.t(format!("evaluation-of-{id}")), side)));
    for dimension in DIMENSIONS {
        let own: Vec<&Line> = lines.iter().filter(|line| line.dimension == dimension).collect();
        if own.is_empty() {
            continue;
        }
        let mut head = Html::new();
        head.raw("<b>").text(ui.t(format!("evaluation-dimension-{dimension}"))).raw("</b>");
        table.row(std::iter::once(head).chain((1..heads.len()).map(|_| Html::new())));
        for line in own {
            table.row([
                Html::of_text(said(ui, &line.title)),
                Html::of_text(value(ui, rules, line)),
                Html::of_text(source(ui, line)),
                Html::of_text(band(ui, rules, line)),
                line.points.map_or_else(|| missing(ui, line, stage), |points| Html::of_text(points.to_string())),
                Html::of_text(if weighted { line.weight.to_string() } else { String::new() }),
                Html::of_text(&line.note),
            ]);
        }
    }
    table
}

fn missing(ui: &Ui, line: &Line, stage: Stage) -> Html {
    Html::of_text(ui.t(match (stage, line.kind.as_str()) {
        (Stage::Made, _) => "evaluation-not-counted",
        (Stage::Form, "qualitative") => "evaluation-to-judge",
        (Stage::Form, _) => "evaluation-to-supply",
    }))
}

/// The two parts with their weights, and the whole.
pub(super) fn parts(ui: &Ui, content: &Content) -> Table {
    let heads = [("part", Side::Left), ("weight", Side::Right), ("score", Side::Right)];
    let mut table =
        Table::new(ui.t("evaluation-parts"), heads.map(|(id, side)| (ui.t(format!("evaluation-of-{id}")), side)));
    let rows = [
        ("quantitative", content.weights.0, content.quantitative_centi),
        ("qualitative", content.weights.1, content.qualitative_centi),
    ];
    for (part, weight, score) in rows {
        table.row([
            Html::of_text(ui.t(format!("evaluation-part-{part}"))),
            Html::of_text(weight.to_string()),
            Html::of_text(score.map_or_else(|| "—".to_owned(), points)),
        ]);
    }
    let sum = content.weights.0.saturating_add(content.weights.1).to_string();
    let whole = Html::of_text(ui.t("evaluation-composite"));
    table.total([whole, Html::of_text(sum), Html::of_text(points(content.composite_centi))]);
    table
}

/// A grade in words; a dash where the card has none.
pub(super) fn grade(ui: &Ui, rules: &InForce, output: &str, grade: &str) -> String {
    if output.is_empty() { "—".to_owned() } else { outcome_title(ui, rules, output, grade) }
}

/// The articles behind an evaluation.
pub(super) fn articles(ui: &Ui, rules: &InForce, content: &Content) -> Html {
    let mut out = Html::new();
    for id in &content.articles {
        let title = rules.article_title(id, ui.lang() == Lang::En);
        out.push(&ui.citation(policies::article_address(id), title)).raw(" ");
    }
    out
}

/// Where an evaluation stands: word, shape and tone.
pub(super) fn state(ui: &Ui, one: &Evaluation) -> (Html, String) {
    let (tone, icon, id) = match (one.state, one.superseded_by.is_some()) {
        (EvaluationState::Submitted, _) => (Tone::Watch, Icon::Clock, "submitted"),
        (EvaluationState::Approved, false) => (Tone::Ok, Icon::CircleCheck, "approved"),
        (EvaluationState::Approved, true) => (Tone::Neutral, Icon::Archive, "superseded"),
        (EvaluationState::Refused, _) => (Tone::Sub, Icon::Ban, "refused"),
    };
    let word = ui.t(format!("evaluation-state-{id}"));
    (ui.badge(tone, icon, &word), word)
}
