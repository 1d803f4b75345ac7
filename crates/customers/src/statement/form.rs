//! The form of a statement, and the spreadsheet that fills it.

use std::sync::LazyLock;

use jiff::civil::Date;
use platform::error::{FieldError, Refused};
use platform::locale::Lang;
use platform::page::{Choice, Field, Input, Ui};
use platform::sheets::values::{AmountUnit, parse_amount};
use platform::sheets::{Limits, SheetError, Workbook};
use platform::web::Fields;

use super::line::{self, Amounts, Line};
use super::model::{Form, NewStatement};
use crate::customer::store::filled;
use crate::datum::form::form_of_items;

static FIELDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    ["period_end", "months", "audited", "form", "source_note"]
        .into_iter()
        .chain(line::all().iter().map(|line| line.name))
        .collect()
});
form_of_items!(
    /// A statement: its period, and an amount in yuan for every line by its name.
    StatementForm,
    FIELDS
);

/// What people call a line.
pub(super) fn title(ui: &Ui, line: &Line) -> &'static str {
    if ui.lang() == Lang::En { line.title_en } else { line.title_zh }
}

/// The fields of the period and the paper.
pub(super) fn head_fields(ui: &Ui, typed: &Fields) -> Vec<Field> {
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let forms = Form::ALL.iter().map(|one| Choice::new(one.as_str(), ui.t(format!("statement-{}", one.as_str()))));
    let spans = ["12", "6", "3", "1"].map(|n| Choice::new(n, ui.t1("datum-months", "count", n)));
    vec![
        Field::new("period_end", ui.t("statement-period-end"), Input::Date).value(or("period_end", "")).required(),
        Field::new("months", ui.t("statement-span"), Input::Select(spans.to_vec()))
            .value(or("months", "12"))
            .required(),
        Field::new("form", ui.t("statement-form"), Input::Select(forms.collect()))
            .value(or("form", Form::Original.as_str()))
            .required(),
        Field::new("audited", ui.t("statement-audited"), Input::Check).value(or("audited", "")),
        Field::new("source_note", ui.t("datum-source-note"), Input::Text).value(or("source_note", "")),
    ]
}

/// The fields: the period, then the lines part by part.
pub(super) fn fields(ui: &Ui, typed: &Fields) -> Vec<Field> {
    let or = |name: &str| typed.first(name).unwrap_or("").to_owned();
    let mut fields = head_fields(ui, typed);
    for line in line::all() {
        let part = ui.t(format!("statement-part-{}", line.part));
        let hint = if line.sum.is_empty() { part } else { format!("{part} · {}", ui.t("statement-sum-hint")) };
        fields.push(Field::new(line.name, title(ui, line), Input::Money).value(or(line.name)).hint(hint));
    }
    fields
}

/// Reads a statement; whether it adds up is the use case's business.
pub(super) fn read(typed: &Fields) -> Result<NewStatement, Refused> {
    let mut wrong = Vec::new();
    let period_end: Option<Date> = filled(typed.first("period_end")).and_then(|text| text.parse().ok());
    if period_end.is_none() {
        wrong.push(FieldError::new("period_end", "date-invalid"));
    }
    let months = filled(typed.first("months")).and_then(|text| text.parse().ok());
    if months.is_none() {
        wrong.push(FieldError::new("months", "statement-months"));
    }
    let form = filled(typed.first("form")).map_or(Some(Form::Original), |text| Form::parse(&text));
    if form.is_none() {
        wrong.push(FieldError::new("form", "choice-invalid"));
    }
    let mut amounts = Amounts::new();
    for line in line::all() {
        let Some(text) = filled(typed.first(line.name)) else { continue };
        match text.parse() {
            Ok(fen) => drop(amounts.insert(line.name, fen)),
            Err(_) => wrong.push(FieldError::new(line.name, "statement-amount")),
        }
    }
    let (Some(period_end), Some(months), Some(form), true) = (period_end, months, form, wrong.is_empty()) else {
        return Err(Refused::form(wrong));
    };
    let audited = typed.first("audited").is_some_and(|text| matches!(text, "on" | "true"));
    let source_note = filled(typed.first("source_note")).unwrap_or_default();
    Ok(NewStatement { period_end, months, audited, form, source_note, amounts })
}

/// Lines by the titles that stand in a file, each with the first amount to its right, in yuan: as typed text.
///
/// # Errors
/// No spreadsheet; one beyond the limits.
pub(super) fn from_file(name: &str, bytes: &[u8]) -> Result<Vec<(String, String)>, SheetError> {
    let book = platform::sheets::read(name, bytes, &Limits::default())?;
    Ok(pairs(&book))
}

fn pairs(book: &Workbook) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for row in book.sheets.iter().flat_map(|sheet| &sheet.rows) {
        for (place, cell) in row.cells.iter().enumerate() {
            let text = cell.text().unwrap_or_default().trim();
            let named = |line: &&Line| line.title_zh == text || line.title_en == text || line.name == text;
            let Some(line) = line::all().iter().find(named) else { continue };
            let right = row.cells[place + 1..].iter();
            let amount = right.map_while(|cell| match cell.is_blank() {
                true => Some(None),
                false => parse_amount(Some(cell), AmountUnit::Yuan).ok().map(|amount| Some(amount.fen)),
            });
            if let (Some(fen), false) = (amount.flatten().next(), found.iter().any(|(known, _)| known == line.name)) {
                found.push((line.name.to_owned(), fen.to_string()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_gives_its_amounts_by_title_and_the_first_number_counts() {
        let text = "资产,期末,期初\n货币资金,\"1,200.50\",7\n资产总计,,9\nRevenue,x,3\n无关,5\n";
        let found = from_file("a.csv", text.as_bytes()).unwrap();
        let expected = [("cash", "1200.50"), ("total_assets", "9.00")];
        assert_eq!(found, expected.map(|(name, amount)| (name.to_owned(), amount.to_owned())));
        assert!(from_file("a.png", b"\x89PNG\r\n\x1a\n").is_err());
    }

    #[test]
    fn what_cannot_be_read_is_named_line_by_line() {
        let typed = [("months", "x"), ("cash", "1.234"), ("revenue", "12"), ("form", "original")];
        let typed = Fields::new(typed.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
        let refused = read(&typed).unwrap_err();
        let fields: Vec<_> = refused.fields.iter().map(|one| one.field).collect();
        assert_eq!(fields, ["period_end", "months", "cash"]);
    }
}
