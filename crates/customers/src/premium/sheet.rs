//! The list as a workbook comes in (名单导入): the columns that the list gives out, by their headings in either language.

use jiff::civil::Date;
use platform::error::{FieldError, Refused};
use platform::locale::Lang;
use platform::policies::InForce;
use platform::sheets::values::{Decimal, parse_date};
use platform::sheets::{self, Cell, Limits, Row, Value, Workbook};

use super::model::{BOARDS, Content, Item};
use crate::datum::item::value_title;
use crate::relation::form::share_of;

/// The most rows of one file.
const MOST_ROWS: usize = 500;
/// The columns of the file: field, heading in Chinese, heading in English.
const COLUMNS: [(&str, &str, &str); 11] = [
    ("name", "企业名称", "Enterprise"),
    ("uscc", "统一社会信用代码", "Unified social credit code"),
    ("item", "名单项目", "Item of the list"),
    ("industry", "行业", "Industry"),
    ("board", "上市板块", "Board"),
    ("good_years", "连续盈利良好年数", "Years of good profit"),
    ("parent_uscc", "母公司代码", "Code of the parent"),
    ("parent_share", "母公司持股比例", "Share of the parent"),
    ("proof", "依据", "Proof"),
    ("starts_on", "生效日期", "From"),
    ("until", "截止日期", "Until"),
];

/// A complaint about one row of a file.
pub(super) fn complaint(row: u32, field: &str, code: &str) -> FieldError {
    FieldError::new("file", "premium-row").with("row", row).with("field", field).with("code", code)
}

/// Reads the rows of a file, each with its number; with all complaints.
///
/// # Errors
/// No workbook; no heading; nothing under it; too many rows; cells that cannot be read.
pub(super) fn read(
    (name, bytes): (&str, &[u8]),
    (rules, items): (&InForce, &[Item]),
    today: Date,
) -> Result<Vec<(u32, Content)>, Refused> {
    let refused = |code: &'static str| Refused::form(vec![FieldError::new("file", code)]).under("premium.file", None);
    let book = sheets::read(name, bytes, &Limits::default()).map_err(|_| refused("statement-file-unreadable"))?;
    let Some((heads, rows)) = under_heading(&book) else { return Err(refused("premium-no-heading")) };
    if rows.len() > MOST_ROWS {
        let wrong = FieldError::new("file", "premium-too-many").with("most", MOST_ROWS).with("found", rows.len());
        return Err(Refused::form(vec![wrong]).under("premium.file", None));
    }
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for row in rows {
        match content(row, &heads, (rules, items), (today, book.date1904)) {
            Ok(content) => found.push((row.number, content)),
            Err(field) => wrong.push(complaint(row.number, field, "premium-cell")),
        }
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("premium.file", None));
    }
    if found.is_empty() { Err(refused("premium-no-rows")) } else { Ok(found) }
}

/// Where each column stands, by its name.
type Heads = Vec<(&'static str, u32)>;

/// Where each column stands, and the rows under the heading that name an enterprise.
fn under_heading(book: &Workbook) -> Option<(Heads, Vec<&Row>)> {
    for sheet in &book.sheets {
        for (at, row) in sheet.rows.iter().enumerate() {
            let named = |cell: &Cell| {
                let text = cell.text()?.trim();
                let column = COLUMNS.iter().find(|(field, zh, en)| [*field, *zh, *en].contains(&text))?;
                Some((column.0, cell.column))
            };
            let heads: Heads = row.cells.iter().filter_map(named).collect();
            if ["name", "uscc", "item"].iter().all(|field| heads.iter().any(|head| head.0 == *field)) {
                let filled = |row: &&Row| row.cells.iter().any(|cell| !cell.is_blank());
                return Some((heads, sheet.rows[at + 1..].iter().filter(filled).collect()));
            }
        }
    }
    None
}

/// One row; the field whose cell cannot be read.
fn content(
    row: &Row,
    heads: &[(&'static str, u32)],
    (rules, items): (&InForce, &[Item]),
    (today, date1904): (Date, bool),
) -> Result<Content, &'static str> {
    let cell = |field: &str| {
        let column = heads.iter().find(|head| head.0 == field)?.1;
        row.cell(column).filter(|cell| !cell.is_blank())
    };
    let text = |field: &str| cell(field).map(|cell| cell.shown().trim().to_owned()).filter(|text| text != "—");
    let titled = |output: &str, name: &str, typed: &str| {
        let title = |english: bool| rules.pack().outcome(output, name).map(|one| one.title.in_language(english));
        name == typed || title(false) == Some(typed) || title(true) == Some(typed)
    };
    let item = text("item").unwrap_or_default();
    let item = items.iter().find(|one| titled("premium_item", &one.name, &item)).ok_or("item")?.name.clone();
    let industry = match text("industry") {
        None => "none".to_owned(),
        Some(typed) => {
            let named = items.iter().find(|one| titled("premium_industry", &one.industry, &typed));
            named.ok_or("industry")?.industry.clone()
        }
    };
    let board = match text("board") {
        None => None,
        Some(typed) => {
            let titled = |lang: Lang, name: &str| value_title("listed_board", name, lang == Lang::En);
            let named = |name: &&&str| {
                **name == typed || [Lang::ZhCn, Lang::En].iter().any(|lang| titled(*lang, name) == Some(typed.as_str()))
            };
            Some((*BOARDS.iter().find(named).ok_or("board")?).to_owned())
        }
    };
    let day = |field: &'static str| match cell(field).filter(|cell| cell.shown() != "—") {
        None => Ok(None),
        Some(cell) => parse_date(Some(cell), date1904, None).map(Some).map_err(|_| field),
    };
    let number = |field: &'static str| text(field).map(|typed| typed.parse::<i64>().map_err(|_| field)).transpose();
    Ok(Content {
        name: text("name").ok_or("name")?,
        uscc: text("uscc").ok_or("uscc")?,
        item,
        industry,
        board,
        good_years: number("good_years")?,
        parent_uscc: text("parent_uscc"),
        parent_share_ppm: text("parent_share").map(|typed| share(cell("parent_share"), &typed)).transpose()?,
        proof: text("proof").unwrap_or_default(),
        starts_on: day("starts_on")?.unwrap_or(today),
        until: day("until")?,
    })
}

/// A share of a cell: a number that is shown as a percentage, or a percentage as people write it.
fn share(cell: Option<&Cell>, typed: &str) -> Result<i64, &'static str> {
    let exact = match cell.map(|cell| (&cell.value, cell.percent)) {
        Some((Value::Number(number), true)) => Decimal::of_double(*number).and_then(|share| share.scaled(6)),
        _ => return share_of(typed).ok_or("parent_share"),
    };
    let ppm = exact.and_then(|ppm| i64::try_from(ppm).ok()).filter(|ppm| (0..=1_000_000).contains(ppm));
    ppm.ok_or("parent_share")
}
