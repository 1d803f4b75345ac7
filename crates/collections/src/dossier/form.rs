//! The form of a block: its fields with what was typed, and how it is read.

use std::collections::BTreeMap;

use customers::relation::model::{Relation, RelationId};
use finance::Fen;
use platform::attachment::Limits;
use platform::page::{Choice, Field, Input, Ui};
use platform::web::Fields;

use super::actions::fits;
use super::model::{Block, Entry, EntryId, NewEntry, Thread};
use super::parts::{self, Holds, Part};
use super::view;

/// The fields of a block; `of` is the entry that a new one follows.
pub(super) fn fields(
    ui: &Ui,
    block: Block,
    (typed, of): (&Fields, Option<&Entry>),
    (relations, signs, limits): (&[Relation], &[String], &Limits),
) -> Vec<Field> {
    let mut out = Vec::new();
    if let Some(of) = of {
        out.push(
            Field::new(
                "of",
                ui.t("dossier-follows"),
                Input::Select(vec![Choice::new(of.id.to_string(), view::title(ui, of))]),
            )
            .value(of.id.to_string()),
        );
    }
    if matches!(block.thread(), Thread::Person | Thread::Contract) {
        let people = relations.iter().filter(|one| one.is_open() && fits(block, one.kind));
        let choices: Vec<Choice> = people
            .map(|one| {
                let kind = ui.t(format!("relation-{}", one.kind.as_str()));
                Choice::new(one.id.to_string(), format!("{} · {kind}", one.name))
            })
            .collect();
        let held = of.and_then(|of| of.relation).map(|one| one.to_string()).unwrap_or_default();
        let value = typed.first("relation").map_or(held, str::to_owned);
        out.push(Field::new("relation", ui.t("dossier-relation"), Input::Select(choices)).value(value).required());
    }
    for part in parts::of(block) {
        out.push(field(ui, block, part, (typed, of), signs));
    }
    let endings: Vec<&str> = limits.media.iter().map(|media| media.ending()).collect();
    let accept: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
    let hint = ui.t2("attachment-file-hint", "kinds", endings.join(", "), "most", limits.max_bytes >> 20);
    out.push(Field::new("file", ui.t("dossier-file"), Input::File(accept.join(","))).hint(hint));
    if of.is_some() {
        let hint = ui.t("dossier-void-hint");
        out.push(Field::new("void", ui.t("dossier-void"), Input::Check).hint(hint));
    }
    out
}

fn field(ui: &Ui, block: Block, part: &Part, (typed, of): (&Fields, Option<&Entry>), signs: &[String]) -> Field {
    let held = of.map(|of| of.content.get(part.name)).unwrap_or_default();
    let held = match part.holds {
        Holds::Money => held.parse().map(|fen| Fen(fen).to_string()).unwrap_or_default(),
        Holds::Several => held.replace('|', "\n"),
        Holds::Line | Holds::Words | Holds::Day | Holds::PastDay | Holds::Days | Holds::One(_) => held.to_owned(),
    };
    let value = typed.first(part.name).map_or(held, str::to_owned);
    let input = match part.holds {
        Holds::Line => Input::Text,
        Holds::Words | Holds::Several => Input::Area,
        Holds::Money => Input::Money,
        Holds::Day | Holds::PastDay => Input::Date,
        Holds::Days => Input::Number,
        Holds::One(choices) => {
            let mut offered: Vec<Choice> =
                choices.iter().map(|one| Choice::new(*one, view::choice(ui, block, part.name, one))).collect();
            if !part.required {
                offered.insert(0, Choice::new("", "—"));
            }
            Input::Select(offered)
        }
    };
    let mut field = Field::new(part.name, view::label(ui, block, part.name), input).value(value);
    field.required = part.required;
    if part.holds == Holds::Several {
        let known: Vec<String> = signs.iter().map(|one| format!("{one} {}", view::sign(ui, one))).collect();
        field = field.hint(ui.t1("dossier-signs-hint", "signs", known.join(&ui.t("list-semicolon"))));
    }
    field
}

/// What a form sent.
pub(super) fn read(block: Block, fields: &Fields) -> NewEntry {
    let typed: BTreeMap<String, String> = parts::of(block)
        .iter()
        .map(|part| {
            let all: Vec<&str> = fields.all(part.name).collect();
            (part.name.to_owned(), all.join("\n"))
        })
        .collect();
    let key = |name: &str| fields.first(name).and_then(|text| text.trim().parse::<i64>().ok());
    NewEntry {
        typed,
        of: key("of").map(EntryId),
        relation: key("relation").map(RelationId),
        void: fields.first("void").is_some_and(|text| !text.trim().is_empty()),
    }
}
