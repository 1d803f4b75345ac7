//! What the pages of an import show: steps, columns, tiles, control totals, problem rows.

use finance::{DayCount, Direction, PenaltyDayCount};
use platform::page::{
    Button, Choice, Field, FieldError, Html, Icon, Input, Look, Side, Tab, Table, Tile, Tone, Ui, query_escape,
};
use platform::sheets::{Workbook, column_letters};
use platform::vault::{Identity, Personal as _};

use super::model::{Finding, Level, Run, RunState};
use super::rules::is_personal;
use crate::book::{ColumnUse, Conventions, Field as BookField, Role, SheetLayout, WideDay};

/// How certain a guess must be to be called known, in percent.
const KNOWN: u8 = 80;

/// The steps, the open one lit.
pub fn steps(ui: &Ui, run: &Run, at_columns: bool) -> Html {
    let open = match run.state {
        RunState::Uploaded => 1,
        RunState::Tried if at_columns => 1,
        RunState::Tried => 2,
        RunState::Importing => 3,
        RunState::Imported | RunState::Undone => 4,
    };
    let known = run.layouts.iter().flat_map(|l| &l.columns).filter(|c| c.field.is_some() || c.month.is_some()).count();
    let all: usize = run.layouts.iter().map(|l| l.columns.len()).sum();
    let notes = [
        run.file_name.clone(),
        ui.t2("import-step-columns-note", "known", known, "open", all - known),
        ui.t("import-step-try-note"),
        ui.t("import-step-write-note"),
        ui.t("import-step-done-note"),
    ];
    let mut out = Html::new();
    out.raw("<ol class=\"process panel\">");
    for (place, (name, note)) in ["file", "columns", "try", "write", "done"].into_iter().zip(notes).enumerate() {
        let done = place < open || open == 4;
        out.raw(match (done, place == open) {
            (_, true) => "<li aria-current=\"step\"",
            (true, false) => "<li class=\"done\"",
            (false, false) => "<li",
        });
        out.raw("><i>");
        if done {
            out.push(&Icon::Check.html());
        } else {
            out.text((place + 1).to_string());
        }
        out.raw("</i><span>")
            .text(ui.t(format!("import-step-{name}")))
            .raw("<small>")
            .text(note)
            .raw("</small></span></li>");
    }
    out.raw("</ol>");
    out
}

fn choices(ui: &Ui, of: &[(&str, &str)]) -> Vec<Choice> {
    of.iter().map(|(value, message)| Choice::new(*value, ui.t(message))).collect()
}

/// The name of a day count or penalty year in data.
pub fn name_of<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The uplift as a percentage without trailing zeros; empty where none is charged.
fn percent(ppm: Option<u32>) -> String {
    let Some(ppm) = ppm else { return String::new() };
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The fields for what the book does not say.
pub fn answer_fields(ui: &Ui, answers: &Conventions, products: Vec<Choice>) -> Vec<Field> {
    let day = |days: u32| Choice::new(days.to_string(), ui.t1("import-days", "days", days));
    let counts =
        [DayCount::Thirty360, DayCount::Act360, DayCount::Act365].map(|c| Choice::new(name_of(&c), name_of(&c)));
    let years = [PenaltyDayCount::Act360, PenaltyDayCount::Act365].map(|c| Choice::new(name_of(&c), name_of(&c)));
    let wide = choices(ui, &[("due_day", "import-wide-day-due"), ("month_end", "import-wide-day-end")]);
    let directions =
        choices(ui, &[("by_instalment", "import-direction-by-instalment"), ("by_head", "import-direction-by-head")]);
    let wide_day = if answers.wide_day == WideDay::MonthEnd { "month_end" } else { "due_day" };
    let direction = if answers.direction == Direction::ByHead { "by_head" } else { "by_instalment" };
    vec![
        Field::new("as_of", ui.t("import-as-of"), Input::Date)
            .value(answers.as_of.to_string())
            .hint(ui.t("import-as-of-hint"))
            .required(),
        Field::new("product", ui.t("import-product"), Input::Select(products)).value(&answers.product).required(),
        Field::new("day_count", ui.t("import-day-count"), Input::Select(counts.to_vec()))
            .value(name_of(&answers.day_count)),
        Field::new("days_of_year", ui.t("import-days-of-year"), Input::Select(vec![day(360), day(365)]))
            .value(answers.days_of_year.to_string()),
        Field::new("penalty", ui.t("import-penalty"), Input::Number)
            .value(percent(answers.penalty_uplift_ppm))
            .hint(ui.t("import-penalty-hint")),
        Field::new("penalty_day_count", ui.t("import-penalty-days"), Input::Select(years.to_vec()))
            .value(name_of(&answers.penalty_day_count)),
        Field::new("direction", ui.t("import-direction"), Input::Select(directions)).value(direction),
        Field::new("wide_day", ui.t("import-wide-day"), Input::Select(wide)).value(wide_day),
    ]
}

/// Puts complaints beside their fields, and what was typed back into them.
pub fn complain(ui: &Ui, fields: &mut [Field], wrong: &[platform::error::FieldError], typed: &platform::web::Fields) {
    for field in fields {
        if let Some(typed) = typed.first(&field.name) {
            field.value = typed.to_owned();
        }
        if let Some(error) = wrong.iter().find(|e| e.field == field.name) {
            let text = ui.tn(format!("error-{}", error.code), &error.details);
            field.error = Some(FieldError { text, article: None });
        }
    }
}

fn select(name: &str, label: &str, chosen: &str, options: &[(String, String)]) -> Html {
    let mut out = Html::new();
    out.raw("<select").attr("name", name).attr("aria-label", label).raw(">");
    for (value, text) in options {
        out.raw("<option").attr("value", value);
        out.raw(if value == chosen { " selected>" } else { ">" }).text(text).raw("</option>");
    }
    out.raw("</select>");
    out
}

/// One sheet: what it is, and what each of its columns means.
pub fn sheet(ui: &Ui, place: usize, layout: &SheetLayout, book: &Workbook) -> Html {
    let roles: Vec<(String, String)> = Role::DATA
        .iter()
        .chain([&Role::None])
        .map(|role| (role.code().to_owned(), ui.t(format!("book-role-{}", role.code()))))
        .collect();
    let mut fields = vec![(String::new(), ui.t("import-field-none"))];
    fields.extend(BookField::ALL.iter().map(|f| (f.code().to_owned(), field_name(ui, *f))));
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>")
        .text(ui.t1("import-columns-title", "sheet", &layout.sheet))
        .raw("</h2><div class=\"end\"><label>")
        .text(ui.t("import-role"))
        .raw(" ");
    out.push(&select(&format!("role-{place}"), &ui.t("import-role"), layout.role.code(), &roles));
    out.raw("</label></div></header>");
    if layout.columns.is_empty() {
        out.raw("<p class=\"panel-body muted\">").text(ui.t("import-columns-none")).raw("</p></section>");
        return out;
    }
    let heads = ["import-column", "import-heading", "import-sample", "import-field", "import-sure"];
    let mut table = Table::new(layout.sheet.clone(), heads.map(|head| (ui.t(head), Side::Left)));
    for column in &layout.columns {
        let meaning = match column.month {
            Some((year, month)) => Html::of_text(ui.t2("import-month", "year", year, "month", month)),
            None => {
                let chosen = column.field.map_or("", BookField::code);
                select(&format!("field-{place}-{}", column.column), &column.heading, chosen, &fields)
            }
        };
        table.row([
            Html::of_text(column_letters(column.column)),
            Html::of_text(&column.heading),
            Html::of_text(sample(layout, column, book)),
            meaning,
            sure(ui, column),
        ]);
    }
    out.push(&ui.table(table)).raw("</section>");
    out
}

fn field_name(ui: &Ui, field: BookField) -> String {
    ui.t(format!("book-field-{}", field.code().replace('_', "-")))
}

/// The first value below the header, personal ones masked.
fn sample(layout: &SheetLayout, column: &ColumnUse, book: &Workbook) -> String {
    let Some(sheet) = book.sheets.iter().find(|s| s.name == layout.sheet) else { return String::new() };
    let below = sheet.rows.iter().skip_while(|row| row.number <= layout.header_end());
    let value =
        below.filter_map(|row| row.cell(column.column)).map(platform::sheets::Cell::shown).find(|v| !v.is_empty());
    let value: String = value.unwrap_or_default().chars().take(40).collect();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let personal = column.field.is_some_and(is_personal) || (column.field.is_none() && digits >= 11);
    if personal { Identity::from_clear(value).masked() } else { value }
}

fn sure(ui: &Ui, column: &ColumnUse) -> Html {
    let (tone, icon, word) = match column.confidence {
        100 => (Tone::Ok, Icon::CircleCheck, "certain"),
        KNOWN..=99 => (Tone::Ok, Icon::Check, "good"),
        1.. => (Tone::Watch, Icon::AlertTriangle, "weak"),
        0 => (Tone::Neutral, Icon::Minus, "unknown"),
    };
    ui.badge(tone, icon, ui.t(format!("import-sure-{word}")))
}

/// The counts over a dry run or a result; refused and warnings open their rows.
pub fn tiles(ui: &Ui, run: &Run) -> Html {
    let s = &run.summary;
    let count = |n: usize| ui.count(i64::try_from(n).unwrap_or(i64::MAX));
    let tile =
        |icon, name: &str, figure: String, unit: &str, note: Option<(Tone, String)>, href: Option<String>| Tile {
            icon: Some(icon),
            label: ui.t(format!("import-tile-{name}")),
            figure,
            unit: ui.t(format!("import-unit-{unit}")),
            note,
            href,
            why: None,
        };
    let rows = |level: &str| Some(format!("/import/{}?level={level}", run.id));
    let there = s.customers_existing + s.loans_existing + s.transactions_existing;
    let new = ui.yuan(s.principal);
    let as_of = run.conventions.as_ref().map(|c| c.as_of.to_string()).unwrap_or_default();
    ui.tiles([
        tile(Icon::CircleCheck, "loans", count(s.loans - s.loans_existing), "loans", Some((Tone::Neutral, new)), None),
        tile(
            Icon::AlertTriangle,
            "warnings",
            count(s.warnings),
            "records",
            Some((Tone::Neutral, ui.t("import-warning-note"))),
            rows("warning"),
        ),
        tile(
            Icon::AlertCircle,
            "refused",
            count(s.refused_rows),
            "rows",
            Some((if s.refused_rows > 0 { Tone::Doubt } else { Tone::Neutral }, ui.t("import-refused-note"))),
            rows("refused"),
        ),
        tile(
            Icon::Copy,
            "existing",
            count(there),
            "records",
            Some((Tone::Neutral, ui.t("import-existing-note"))),
            None,
        ),
        Tile {
            icon: Some(Icon::Calculator),
            label: ui.t("import-tile-balance"),
            figure: ui.yuan(s.outstanding),
            note: Some((Tone::Neutral, ui.t1("import-balance-note", "on", as_of))),
            ..Tile::default()
        },
    ])
}

/// The control totals.
pub fn totals(ui: &Ui, run: &Run) -> Html {
    let s = &run.summary;
    let heads = [("what", Side::Left), ("count", Side::Right), ("existing", Side::Right), ("sum", Side::Right)];
    let mut table =
        Table::new(ui.t("import-totals"), heads.map(|(head, side)| (ui.t(format!("import-totals-{head}")), side)));
    let count = |n: usize| Html::of_text(ui.count(i64::try_from(n).unwrap_or(i64::MAX)));
    let what = |name: &str| Html::of_text(ui.t(format!("import-total-{name}")));
    table.row([what("customers"), count(s.customers), count(s.customers_existing), Html::new()]);
    table.row([what("loans"), count(s.loans), count(s.loans_existing), ui.money(s.principal)]);
    table.row([what("receipts"), count(s.receipts), count(s.transactions_existing), ui.money(s.received)]);
    table.row([what("guarantees"), count(s.guarantees), Html::new(), Html::new()]);
    table.row([what("collaterals"), count(s.collaterals), Html::new(), Html::new()]);
    let as_of = run.conventions.as_ref().map(|c| c.as_of.to_string()).unwrap_or_default();
    let outstanding = Html::of_text(ui.t1("import-total-outstanding", "on", as_of));
    table.row([outstanding, Html::new(), Html::new(), ui.money(s.outstanding)]);
    ui.table(table)
}

/// The tabs over the problem rows.
pub fn tabs(ui: &Ui, run: &Run, counts: (i64, i64), level: Option<Level>) -> Html {
    let tab = |name: &str, of: Option<Level>, count: i64| Tab {
        text: ui.t(format!("import-problems-{name}")),
        href: of.map_or_else(|| format!("/import/{}", run.id), |l| format!("/import/{}?level={}", run.id, l.as_str())),
        count: Some(count),
        active: of == level,
        shared: false,
    };
    ui.tabs([
        tab("all", None, counts.0 + counts.1),
        tab("refused", Some(Level::Refused), counts.0),
        tab("warning", Some(Level::Warning), counts.1),
    ])
}

/// The problem rows, each with what to do.
pub fn problems(ui: &Ui, findings: &[Finding]) -> Html {
    if findings.is_empty() {
        let mut out = Html::new();
        out.raw("<p class=\"panel-body muted\">").text(ui.t("import-problems-none")).raw("</p>");
        return out;
    }
    let heads = [
        ("import-row", Side::Left),
        ("import-state", Side::Left),
        ("import-customer", Side::Left),
        ("import-loan", Side::Left),
        ("import-principal", Side::Right),
        ("import-rate", Side::Right),
        ("import-cell", Side::Left),
        ("import-how", Side::Left),
    ];
    let mut table = Table::new(ui.t("import-problems"), heads.map(|(head, side)| (ui.t(head), side)));
    for f in findings {
        let level = match f.level {
            Level::Refused => ui.badge(Tone::Doubt, Icon::AlertCircle, ui.t("import-level-refused")),
            Level::Warning => ui.badge(Tone::Watch, Icon::AlertTriangle, ui.t("import-level-warning")),
        };
        let row = f.row.map(|row| row.to_string()).unwrap_or_default();
        let customer = f.glance.customer.as_deref().unwrap_or_default();
        let rate = f.glance.annual_rate_e9.map_or_else(|| ui.dash(), |e9| ui.rate(e9));
        let cell = match (&f.value, f.column, f.level) {
            (Some(value), ..) => value.clone(),
            (None, Some(_), Level::Refused) => ui.t("import-empty-cell"),
            (None, ..) => String::new(),
        };
        table.row([
            Html::of_text(format!("{} {row}", f.sheet)),
            level,
            Html::of_text(customer),
            Html::of_text(f.loan.as_deref().unwrap_or_default()),
            ui.money_or_dash(f.glance.principal),
            rate,
            at_fault(f, &cell),
            Html::of_text(ui.tn(f.message_id(), &named(&f.facts))),
        ]);
    }
    ui.table(table)
}

/// The cell at fault: its column and heading, and what stands there, loud.
fn at_fault(f: &Finding, cell: &str) -> Html {
    let mut out = Html::new();
    let Some(column) = f.column else { return out };
    let heading = f.heading.as_deref().unwrap_or_default();
    out.raw("<span class=\"muted\">").text(format!("{} {heading}", column_letters(column))).raw("</span>");
    if !cell.is_empty() {
        out.raw(" <b class=\"doubt-ink\">").text(cell).raw("</b>");
    }
    out
}

/// Facts as messages take them.
pub fn named(facts: &[crate::book::Fact]) -> Vec<(&str, String)> {
    facts.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
}

/// The form that writes: all, or the rest where rows are refused.
pub fn write_form(ui: &Ui, run: &Run, guard: &Html) -> Html {
    let mut out = Html::new();
    out.push(guard);
    let refused = run.summary.refused_rows;
    if refused > 0 {
        let choices = vec![
            Choice::new("all", ui.t1("import-write-all", "rows", refused)),
            Choice::new("rest", ui.t1("import-write-rest", "rows", refused)),
        ];
        out.push(&ui.field(Field::new("what", ui.t("import-step-write"), Input::Radio(choices)).value("all")));
    }
    let back = format!("/import/{}?columns=1", run.id);
    out.push(&ui.button(Button::link(Look::Secondary, ui.t("import-change-answers"), back)));
    let (loans, principal) = (run.summary.loans, ui.yuan(run.summary.principal));
    let words = ui.t2("import-write", "loans", loans, "principal", principal);
    let mut button = Button::submit(Look::Primary, words).icon(Icon::TableImport);
    if !run.summary.anything_new {
        button = button.blocked(ui.t("import-write-nothing"));
    }
    out.push(&ui.button(button));
    out
}

/// The runs so far, newest first.
pub fn history(ui: &Ui, runs: &[Run], names: &std::collections::BTreeMap<i64, String>) -> Html {
    if runs.is_empty() {
        return ui.empty(platform::page::Empty {
            icon: Some(Icon::TableImport),
            title: ui.t("import-none"),
            text: ui.t("import-none-text"),
            step: None,
        });
    }
    let heads = [
        ("import-at", Side::Left),
        ("import-file", Side::Left),
        ("import-by", Side::Left),
        ("import-state", Side::Left),
        ("import-total-loans", Side::Right),
        ("import-totals-sum", Side::Right),
        ("import-tile-refused", Side::Right),
    ];
    let mut table = Table::new(ui.t("import-history"), heads.map(|(head, side)| (ui.t(head), side)));
    for run in runs {
        let href = format!("/import/{}", run.id);
        let mut link = Html::new();
        link.raw("<a").href(&href).raw(">").text(&run.file_name).raw("</a>");
        let (tone, icon) = match run.state {
            RunState::Imported => (Tone::Ok, Icon::CircleCheck),
            RunState::Undone => (Tone::Neutral, Icon::ArrowBackUp),
            RunState::Importing => (Tone::Accent, Icon::Loader2),
            RunState::Uploaded | RunState::Tried => (Tone::Neutral, Icon::Hourglass),
        };
        table.row([
            Html::of_text(platform::clock::civil_minute(run.recorded_at)),
            link,
            Html::of_text(names.get(&run.recorded_by.0).map_or("", String::as_str)),
            ui.badge(tone, icon, ui.t(format!("import-state-{}", run.state.as_str()))),
            Html::of_text(ui.count(i64::try_from(run.summary.loans).unwrap_or(i64::MAX))),
            ui.money(run.summary.principal),
            Html::of_text(ui.count(i64::try_from(run.summary.refused_rows).unwrap_or(i64::MAX))),
        ]);
    }
    ui.table(table)
}

/// `attachment; filename=…` for a name in any language (RFC 5987).
pub fn disposition(name: &str) -> String {
    format!("attachment; filename=\"import.xlsx\"; filename*=UTF-8''{}", query_escape(name).replace('+', "%20"))
}
