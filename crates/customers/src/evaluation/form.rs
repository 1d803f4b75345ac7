//! The form of an evaluation: judgements by item, the field work, the conclusion, a grade set by hand.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::error::{FieldError, Refused};
use platform::locale::Lang;
use platform::page::{Choice, Field, Input, Ui};
use platform::policies::InForce;
use platform::web::Fields;
use policy::{Item, Scorecard};

use super::model::{ByHand, Content, FieldWork, Judgement};
use super::pages::PREVIEW;
use super::rules;
use crate::customer::store::filled;
use crate::datum::model::Way;
use crate::standing::why::outcome_title;

/// In front of the name of an item: the step chosen.
const STEP: &str = "step_";
/// In front of the name of an item: what is said of it.
const NOTE: &str = "note_";

/// What the form of an evaluation sends: fixed fields, and two for every judgement of the scorecard.
pub(super) type EvaluationForm = Vec<(String, String)>;

/// The fields of a scorecard's judgements, then those of the whole.
pub(super) fn fields(ui: &Ui, rules: &InForce, card: &Scorecard, typed: &Fields) -> Vec<Field> {
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let mut fields: Vec<Field> = Vec::new();
    fields.push(
        Field::new("preliminary", ui.t("evaluation-preliminary"), Input::Text)
            .value(or("preliminary", ""))
            .hint(ui.t("evaluation-preliminary-hint"))
            .required(),
    );
    let ways = Way::ALL.iter().map(|way| Choice::new(way.as_str(), ui.t(format!("datum-way-{}", way.as_str()))));
    fields.push(
        Field::new("way", ui.t("datum-way"), Input::Select(ways.collect()))
            .value(or("way", Way::Visit.as_str()))
            .required(),
    );
    fields.push(
        Field::new("verified_on", ui.t("datum-verified-on"), Input::Date)
            .value(or("verified_on", &ui.business_date.to_string()))
            .required(),
    );
    fields.push(
        Field::new("verify_note", ui.t("evaluation-verify-note"), Input::Text)
            .value(or("verify_note", ""))
            .hint(ui.t("evaluation-verify-note-hint"))
            .required(),
    );
    for item in card.judged() {
        fields.extend(judgement(ui, item, typed));
    }
    fields.push(
        Field::new("opinion", ui.t("evaluation-opinion"), Input::Area)
            .value(or("opinion", ""))
            .hint(ui.t("evaluation-opinion-hint"))
            .required(),
    );
    if card.override_months > 0
        && let Some(output) = output(rules, ui.business_date, card)
    {
        fields.extend(by_hand(ui, rules, card, &output, typed));
    }
    fields
}

fn judgement(ui: &Ui, item: &Item, typed: &Fields) -> [Field; 2] {
    let english = ui.lang() == Lang::En;
    let title = item.title.in_language(english);
    let blank = if item.if_known { ui.t("evaluation-not-applicable") } else { ui.t("evaluation-choose") };
    let steps = item.bands.iter().map(|band| {
        let words = [("points", band.points.to_string()), ("help", band.help.in_language(english).to_owned())];
        Choice::new(&band.cell, ui.tn("evaluation-step-choice", &words))
    });
    let steps = std::iter::once(Choice::new("", blank)).chain(steps).collect();
    let (step, note) = (format!("{STEP}{}", item.id), format!("{NOTE}{}", item.id));
    let dimension = ui.t(format!("evaluation-dimension-{}", item.dimension));
    let choice = Field::new(&step, title, Input::Select(steps)).value(typed.first(&step).unwrap_or("")).hint(dimension);
    let choice = if item.if_known { choice } else { choice.required() };
    let ground = Field::new(&note, ui.t1("evaluation-ground", "item", title), Input::Text)
        .value(typed.first(&note).unwrap_or(""));
    [choice, ground]
}

fn by_hand(ui: &Ui, rules: &InForce, card: &Scorecard, output: &str, typed: &Fields) -> [Field; 3] {
    let or = |name: &str| typed.first(name).unwrap_or("").to_owned();
    let grades = rules::grades(rules, output).into_iter().map(|grade| {
        let title = outcome_title(ui, rules, output, &grade);
        Choice::new(grade, title)
    });
    let grades = std::iter::once(Choice::new("", ui.t("evaluation-as-computed"))).chain(grades).collect();
    let latest = rules::months_later(ui.business_date, card.override_months);
    [
        Field::new("grade", ui.t("evaluation-by-hand"), Input::Select(grades))
            .value(or("grade"))
            .hint(ui.t("evaluation-by-hand-hint")),
        Field::new("reason", ui.t("evaluation-reason"), Input::Text).value(or("reason")),
        Field::new("until", ui.t("evaluation-until"), Input::Date).value(or("until")).hint(ui.t1(
            "evaluation-until-hint",
            "date",
            latest,
        )),
    ]
}

/// The output that holds the grade of a card.
fn output(rules: &InForce, on: Date, card: &Scorecard) -> Option<String> {
    let decision = rules.edition(on).decision(card.grade.as_ref()?).ok()?;
    decision.sheet().outputs.first().map(|output| output.name.clone())
}

/// Reads what was typed. To try numbers out nothing needs to be said of the field work yet.
pub(super) fn read(card: &Scorecard, typed: &Fields) -> Result<Judgement, Refused> {
    let tries = typed.first("do") == Some(PREVIEW);
    let mut wrong = Vec::new();
    let date = |name: &'static str, wrong: &mut Vec<FieldError>| -> Option<Date> {
        let read = filled(typed.first(name))?.parse().ok();
        if read.is_none() {
            wrong.push(FieldError::new(name, "date-invalid"));
        }
        read
    };
    let verified_on = date("verified_on", &mut wrong);
    if verified_on.is_none() && wrong.is_empty() && !tries {
        wrong.push(FieldError::new("verified_on", "field-empty"));
    }
    let way = filled(typed.first("way")).unwrap_or_default();
    if Way::parse(&way).is_none() && !(tries && way.is_empty()) {
        wrong.push(FieldError::choice("way", &way));
    }
    let by_hand = filled(typed.first("grade")).map(|grade| {
        let until = date("until", &mut wrong).unwrap_or(Date::MIN);
        ByHand { grade, reason: filled(typed.first("reason")).unwrap_or_default(), until }
    });
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    let of = |prefix: &str| -> BTreeMap<String, String> {
        let item = |item: &Item| Some((item.id.clone(), filled(typed.first(&format!("{prefix}{}", item.id)))?));
        card.judged().filter_map(item).collect()
    };
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    Ok(Judgement {
        scorecard: card.id.clone(),
        chosen: of(STEP),
        notes: of(NOTE),
        preliminary: text("preliminary"),
        field_work: FieldWork { way, on: verified_on.unwrap_or(Date::MIN), note: text("verify_note") },
        opinion: text("opinion"),
        by_hand,
    })
}

/// What was submitted, as if it was typed: to be mended.
pub(super) fn typed(content: &Content) -> Fields {
    let mut pairs = vec![
        ("preliminary".to_owned(), content.preliminary.clone()),
        ("way".to_owned(), content.field_work.way.clone()),
        ("verified_on".to_owned(), content.field_work.on.to_string()),
        ("verify_note".to_owned(), content.field_work.note.clone()),
        ("opinion".to_owned(), content.opinion.clone()),
    ];
    for line in content.lines.iter().filter(|line| line.kind == "qualitative") {
        pairs.push((format!("{STEP}{}", line.item), line.value.clone().unwrap_or_default()));
        pairs.push((format!("{NOTE}{}", line.item), line.note.clone()));
    }
    if let Some(hand) = &content.by_hand {
        pairs.push(("grade".to_owned(), hand.grade.clone()));
        pairs.push(("reason".to_owned(), hand.reason.clone()));
        pairs.push(("until".to_owned(), hand.until.to_string()));
    }
    Fields::new(pairs)
}
