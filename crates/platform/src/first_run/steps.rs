//! What each step asks and says (步骤内容): fields, what a form answers, and the notes beside it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::actions;
use super::kinds::institutions;
use super::model::{Answers, BookFrom, Step};
use crate::app::App;
use crate::calendar;
use crate::error::FieldError;
use crate::page::{Choice, Field, Icon, Input, Ui};

/// The fields of a form as they come; what a step does not ask for is not looked at.
pub(super) type Typed = BTreeMap<String, String>;

/// A field without the blanks around it.
pub(super) fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", |value| value.trim())
}

/// The fields of a step, with what was typed, else what was answered before.
pub(super) fn fields_of(ui: &Ui, today: Date, step: Step, answers: &Answers, typed: &Typed) -> Vec<Field> {
    let label = |name: &str| ui.t(format!("first-run-{}", name.replace('_', "-")));
    let line = |name: &str, known: &str, input| {
        let value = typed.get(name).map_or(known, String::as_str);
        Field::new(name, label(name), input).value(value).required()
    };
    let hinted = |field: Field| {
        let hint = label(&format!("{}-hint", field.name));
        field.hint(hint)
    };
    match step {
        Step::Kind => Vec::new(),
        Step::House => {
            let office =
                if answers.head_office.is_empty() { ui.t("first-run-office") } else { answers.head_office.clone() };
            let day = answers.opens_on.unwrap_or(today).to_string();
            vec![
                hinted(line("institution", &answers.institution, Input::Text)),
                line("head_office", &office, Input::Text),
                hinted(line("opens_on", &day, Input::Date)),
            ]
        }
        Step::Book => {
            let choices =
                ["import", "whole", "empty"].map(|one| Choice::new(one, ui.t(format!("first-run-book-{one}"))));
            let known = match answers.book {
                Some(BookFrom::Empty) => "empty",
                Some(BookFrom::Whole) => "whole",
                Some(BookFrom::Import) | None => "import",
            };
            vec![line("book", known, Input::Radio(choices.to_vec()))]
        }
        Step::Key => {
            let known = if answers.key_copied { "on" } else { "" };
            vec![line("key_copied", known, Input::Check)]
        }
        Step::People => vec![
            hinted(line("login", "", Input::Text).autocomplete("username")),
            line("name", "", Input::Text).autocomplete("name"),
            // A password is typed again after a mistake: it never comes back from here.
            hinted(Field::new("password", label("password"), Input::Password).required().autocomplete("new-password")),
            Field::new("again", label("again"), Input::Password).required().autocomplete("new-password"),
            hinted(line("second_login", "", Input::Text).autocomplete("off")),
            line("second_name", "", Input::Text).autocomplete("off"),
        ],
    }
}

/// The answers with those of a step, and what is wrong with them.
pub(super) fn with_answer(app: &App, mut answers: Answers, step: Step, typed: &Typed) -> (Answers, Vec<FieldError>) {
    let mut wrong = Vec::new();
    match step {
        Step::Kind => {
            let pack = text(typed, "pack");
            answers.pack = institutions(app).into_iter().map(|(id, ..)| id).find(|id| id == pack);
            if answers.pack.is_none() {
                wrong.push(FieldError::new("pack", "first-run-pack"));
            }
        }
        Step::House => {
            answers.institution = text(typed, "institution").to_owned();
            answers.head_office = text(typed, "head_office").to_owned();
            answers.opens_on = text(typed, "opens_on").parse().ok();
            wrong = actions::check_house(app, &answers.institution, &answers.head_office, answers.opens_on);
        }
        Step::Book => {
            answers.book = match text(typed, "book") {
                "import" => Some(BookFrom::Import),
                "whole" => Some(BookFrom::Whole),
                "empty" => Some(BookFrom::Empty),
                _ => None,
            };
            if answers.book.is_none() {
                wrong.push(FieldError::new("book", "field-empty"));
            }
        }
        Step::Key => {
            answers.key_copied = text(typed, "key_copied") == "on";
            if !answers.key_copied {
                wrong.push(FieldError::new("key_copied", "first-run-copy"));
            }
        }
        Step::People => {}
    }
    (answers, wrong)
}

/// What a step says beside its fields.
pub(super) fn notes(app: &App, ui: &Ui, step: Step, answers: &Answers) -> Vec<(Icon, String)> {
    let supplies = app.settings.first_run.clone().unwrap_or_default();
    match step {
        Step::Kind => Vec::new(),
        Step::House => {
            let last = supplies.lpr.lines().last().and_then(|line| line.split(',').next()).unwrap_or("—");
            let listed = ui.t1("first-run-calendar", "years", years_of(&supplies.rest_days));
            let mut notes = vec![(Icon::Calendar, listed)];
            if let Some(own) = &answers.rest_days {
                notes.push((Icon::CalendarTime, ui.t1("first-run-calendar-own", "years", years_of(own))));
            }
            notes.push((Icon::Percentage, ui.t1("first-run-lpr", "on", last)));
            notes
        }
        Step::Book => {
            let mut notes = vec![
                (Icon::FileSpreadsheet, ui.t("first-run-template")),
                (Icon::FileSpreadsheet, ui.t("first-run-whole")),
            ];
            if supplies.rehearsal.is_none() {
                notes.push((Icon::PlayerPlay, ui.t("first-run-demo")));
            }
            notes
        }
        Step::Key => vec![
            (Icon::Key, ui.t1("first-run-key-file", "path", &supplies.key_file)),
            (Icon::AlertTriangle, ui.t("first-run-key-loss")),
        ],
        Step::People => {
            vec![(Icon::Users, ui.t("first-run-two")), (Icon::Lock, ui.t("first-run-once"))]
        }
    }
}

/// The years that a list of rest days speaks of.
fn years_of(list: &str) -> String {
    let days = calendar::parse::days(list).unwrap_or_default();
    let years: BTreeSet<i16> = days.iter().map(|day| day.0.year()).collect();
    years.iter().map(i16::to_string).collect::<Vec<_>>().join(", ")
}
