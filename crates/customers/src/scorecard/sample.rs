//! Reading the data of a fit (样本读取): columns named after facts of the policy, and a column that says which turned bad.

use platform::error::FieldError;
use platform::sheets::{self, Limits};
use policy::{FactDefinition, FactDictionary, FactType, Value};
use scoring::{Column, Data, Values};

use crate::datum::item;

/// The most rows: beyond them a fit takes longer than somebody waits for a page.
pub(super) const MOST_ROWS: u32 = 200_000;
/// The most columns.
const MOST_COLUMNS: u32 = 200;

/// What a file holds (样本).
#[derive(Debug, PartialEq)]
pub(super) struct Sample {
    /// The data.
    pub data: Data,
    /// Columns that are no facts of the policy.
    pub ignored: Vec<String>,
}

/// Reads a file: the first sheet with rows, headings in its first row.
///
/// Rule `scorecard.sample`: columns are facts of the policy, by name or title; others are left out and listed.
///
/// # Errors
/// No spreadsheet, no target, a target that is neither yes nor no, a value that is not of its fact, each with its row.
pub(super) fn read(
    (name, bytes): (&str, &[u8]),
    target: &str,
    monotone: bool,
    dictionary: &FactDictionary,
) -> Result<Sample, FieldError> {
    let limits = Limits { rows: MOST_ROWS + 1, columns: MOST_COLUMNS, ..Limits::default() };
    let book = sheets::read(name, bytes, &limits)
        .map_err(|error| FieldError::new("file", "scorecard-file").with("detail", error))?;
    let sheet = book.sheets.iter().find(|sheet| sheet.rows.len() > 1);
    let sheet = sheet.ok_or_else(|| FieldError::new("file", "scorecard-file-empty"))?;
    let (head, rows) = sheet.rows.split_first().ok_or_else(|| FieldError::new("file", "scorecard-file-empty"))?;
    let headings: Vec<(u32, String)> =
        head.cells.iter().map(|cell| (cell.column, cell.shown().trim().to_owned())).collect();
    let wanted = headings.iter().find(|(_, text)| text == target.trim());
    let (at, _) = wanted.ok_or_else(|| FieldError::new("target", "scorecard-no-target").with("name", target.trim()))?;
    let mut bad = Vec::with_capacity(rows.len());
    for row in rows {
        let text = row.cell(*at).map(sheets::Cell::shown).unwrap_or_default();
        bad.push(truth(&text).ok_or_else(|| wrong("target", row.number, target.trim(), &text))?);
    }
    let (mut columns, mut ignored) = (Vec::new(), Vec::new());
    for (column, heading) in headings.iter().filter(|(column, _)| column != at) {
        let Some(fact) = fact_of(dictionary, heading) else {
            ignored.push(heading.clone());
            continue;
        };
        let cells = rows.iter().map(|row| {
            let text = row.cell(*column).map(sheets::Cell::shown).unwrap_or_default();
            let text = text.trim().to_owned();
            if text.is_empty() {
                return Ok(None);
            }
            let value = read_value(fact, &text);
            value.map(Some).ok_or_else(|| wrong("file", row.number, heading, &text))
        });
        let cells = cells.collect::<Result<Vec<Option<Value>>, FieldError>>()?;
        columns.push(column_of(fact, &cells, monotone));
    }
    if columns.is_empty() {
        return Err(FieldError::new("file", "scorecard-no-facts"));
    }
    Ok(Sample { data: Data { columns, bad }, ignored })
}

fn wrong(field: &'static str, row: u32, column: &str, text: &str) -> FieldError {
    FieldError::new(field, "scorecard-cell").with("row", row).with("column", column).with("found", text)
}

/// Yes or no, in the ways in which lists say it.
fn truth(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "1" | "true" | "yes" | "是" | "坏" | "bad" | "逾期" | "违约" => Some(true),
        "0" | "false" | "no" | "否" | "好" | "good" | "正常" => Some(false),
        _ => None,
    }
}

/// The fact that a heading names: by its name or its title; dates and free texts cannot be binned.
fn fact_of<'a>(dictionary: &'a FactDictionary, heading: &str) -> Option<&'a FactDefinition> {
    let named = |fact: &&FactDefinition| fact.name == heading || fact.title.zh == heading || fact.title.en == heading;
    let found = dictionary.iter().find(named)?;
    match found.kind {
        FactType::Integer { .. } | FactType::Boolean | FactType::OneOf { .. } => Some(found),
        FactType::Date | FactType::Text => None,
    }
}

fn read_value(fact: &FactDefinition, text: &str) -> Option<Value> {
    if fact.kind == FactType::Boolean {
        return truth(text).map(Value::Boolean);
    }
    item::read(&fact.name, &fact.kind, text)
}

fn column_of(fact: &FactDefinition, cells: &[Option<Value>], monotone: bool) -> Column {
    let values = match fact.kind {
        FactType::Integer { .. } => {
            Values::Numbers(cells.iter().map(|cell| cell.as_ref().and_then(Value::as_integer)).collect())
        }
        FactType::Boolean | FactType::OneOf { .. } | FactType::Date | FactType::Text => {
            Values::Words(cells.iter().map(|cell| cell.as_ref().map(Value::to_text)).collect())
        }
    };
    Column { name: fact.name.clone(), monotone, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary() -> FactDictionary {
        let csv = "name,type,title_zh,title_en\nown_income_fen,fen 0..,月收入,Income\nincome_stable,boolean,收入稳定,Stable\n\
                   education,none<college<master,学历,Education\nbirth,date,生日,Birth\n";
        FactDictionary::from_csv("f", csv).unwrap()
    }

    fn of(text: &str, target: &str) -> Result<Sample, FieldError> {
        read(("样本.csv", text.as_bytes()), target, true, &dictionary())
    }

    // Rule scorecard.sample
    #[test]
    fn columns_are_facts_by_name_or_title_and_the_rest_is_ignored() {
        let found =
            of("月收入,Stable,学历,生日,备注,坏账\n3000.50,是,college,1990-01-01,a,0\n,no,,,b,1\n", "坏账").unwrap();
        assert_eq!(found.ignored, ["生日", "备注"]);
        assert_eq!(found.data.bad, [false, true]);
        let columns = &found.data.columns;
        assert_eq!(columns[0].name, "own_income_fen");
        assert_eq!(columns[0].values, Values::Numbers(vec![Some(300_050), None]));
        assert_eq!(columns[1].values, Values::Words(vec![Some("true".to_owned()), Some("false".to_owned())]));
        assert_eq!(columns[2].values, Values::Words(vec![Some("college".to_owned()), None]));
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_row() {
        let rows = [
            ("月收入,坏\nx,0\n1,1\n", "坏", "scorecard-cell", "file"),
            ("月收入,坏\n1,maybe\n", "坏", "scorecard-cell", "target"),
            ("月收入,坏\n1,0\n", "目标", "scorecard-no-target", "target"),
            ("备注,坏\na,0\n", "坏", "scorecard-no-facts", "file"),
            ("月收入,坏\n", "坏", "scorecard-file-empty", "file"),
        ];
        for (text, target, code, field) in rows {
            let found = of(text, target).unwrap_err();
            assert_eq!((found.code, found.field), (code, field), "{text}");
        }
    }
}
