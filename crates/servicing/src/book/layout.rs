//! Finding the table on a sheet: the role, the header row below titles, the field of every column.

use platform::sheets::values::{AmountUnit, RateUnit, parse_month_heading, squeeze};
use platform::sheets::{Sheet, Workbook};
use serde::{Deserialize, Serialize};

use super::field::{Field, Role};
use super::vocabulary::{Vocabulary, heading_key};

/// How far down a header is looked for.
const HEADER_SEARCH_ROWS: usize = 40;

/// How one sheet is read (工作表的对列): found by [`recognise`], shown to the user, who may change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetLayout {
    /// The sheet.
    pub sheet: String,
    /// What it is about.
    pub role: Role,
    /// The header: one row, or two where headings are grouped.
    pub header_rows: Vec<u32>,
    /// Its columns, ascending; columns without a heading are left out.
    pub columns: Vec<ColumnUse>,
    /// The unit of amounts that neither heading nor cell name (`单位：万元` above the header).
    pub unit: AmountUnit,
    /// The year in the sheet's name or titles, for dates and months without one.
    pub year: Option<i16>,
    /// Names the set of headings, so that an answer given once is found again.
    pub fingerprint: String,
}

/// What one column holds (一列的含义).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnUse {
    /// The column, from 1.
    pub column: u32,
    /// Its heading as written.
    pub heading: String,
    /// Its field; `None`: not imported.
    pub field: Option<Field>,
    /// The month of a month column: year and month.
    pub month: Option<(i16, i8)>,
    /// How sure, 0 to 100; 100 for what the user said.
    pub confidence: u8,
    /// The unit of its amounts, when the heading names one.
    pub amount_unit: Option<AmountUnit>,
    /// What the heading says of its rates.
    pub rate_unit: RateUnit,
}

/// A remembered answer (记住的对列): headings of a sheet and what they mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The set of headings it is for.
    pub fingerprint: String,
    /// The role.
    pub role: Role,
    /// Heading and field; `None`: not imported.
    pub columns: Vec<(String, Option<Field>)>,
}

impl SheetLayout {
    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<&ColumnUse> {
        self.columns.iter().find(|c| c.field == Some(field))
    }

    /// Whether some column has this field.
    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    /// The field that names the loan: its number, or else the contract's.
    pub fn loan_key(&self) -> Field {
        if self.has(Field::LoanNo) { Field::LoanNo } else { Field::ContractNo }
    }

    /// The last row of the header; 0 without one.
    pub fn header_end(&self) -> u32 {
        self.header_rows.last().copied().unwrap_or(0)
    }

    /// What to remember of this layout.
    pub fn mapping(&self) -> Mapping {
        let columns = self.columns.iter().map(|c| (c.heading.clone(), c.field)).collect();
        Mapping { fingerprint: self.fingerprint.clone(), role: self.role, columns }
    }

    /// Takes an answer: the role, and the field of every heading it names.
    pub fn apply(&mut self, mapping: &Mapping) {
        self.role = mapping.role;
        for column in &mut self.columns {
            if let Some((_, field)) = mapping.columns.iter().find(|(heading, _)| *heading == column.heading) {
                column.field = *field;
                column.confidence = 100;
            }
        }
    }

    fn none(sheet: &Sheet) -> SheetLayout {
        SheetLayout {
            sheet: sheet.name.clone(),
            role: Role::None,
            header_rows: Vec::new(),
            columns: Vec::new(),
            unit: AmountUnit::Yuan,
            year: None,
            fingerprint: String::new(),
        }
    }
}

/// Finds out how each sheet is to be read; `remembered` answers outrank the guess where the headings are the same.
pub fn recognise(book: &Workbook, remembered: &[Mapping]) -> Vec<SheetLayout> {
    book.sheets
        .iter()
        .map(|sheet| {
            let mut layout = recognise_sheet(sheet, book.date1904);
            if let Some(mapping) = remembered.iter().find(|m| m.fingerprint == layout.fingerprint) {
                layout.apply(mapping);
            }
            layout
        })
        .collect()
}

/// A header that could be, with its score.
struct Candidate {
    score: u32,
    role: Role,
    rows: Vec<u32>,
    headings: Vec<(u32, String)>,
}

fn recognise_sheet(sheet: &Sheet, date1904: bool) -> SheetLayout {
    let year = year_in(&sheet.name);
    let mut best: Option<Candidate> = None;
    for row in sheet.rows.iter().take(HEADER_SEARCH_ROWS) {
        for rows in [vec![row.number], vec![row.number, row.number + 1]] {
            let Some(headings) = headings_of(sheet, &rows) else { continue };
            for role in Role::DATA {
                let Some(score) = score(sheet, *role, &headings, &rows, date1904) else { continue };
                // A later or taller header must be clearly better, not just as good.
                if best.as_ref().is_none_or(|b| score > b.score) {
                    best = Some(Candidate { score, role: *role, rows: rows.clone(), headings: headings.clone() });
                }
            }
        }
    }
    let Some(best) = best else { return SheetLayout::none(sheet) };
    let top = best.rows.first().copied().unwrap_or(1);
    let titles = || sheet.rows.iter().take_while(|r| r.number < top).flat_map(|r| &r.cells).filter_map(|c| c.text());
    let year = year.or_else(|| titles().find_map(year_in));
    let unit = titles().find(|t| t.contains("单位")).and_then(AmountUnit::named_in);
    let unit = unit.or_else(|| titles().filter(|t| t.contains('（') || t.contains('(')).find_map(AmountUnit::named_in));
    let columns = assign(sheet, best.role, &best.headings, &best.rows, year, date1904);
    let fingerprint = best.headings.iter().map(|(_, h)| heading_key(h)).collect::<Vec<_>>().join("|");
    SheetLayout {
        sheet: sheet.name.clone(),
        role: best.role,
        header_rows: best.rows,
        columns,
        unit: unit.unwrap_or_default(),
        year,
        fingerprint,
    }
}

/// The headings of one row, or of two rows of which the upper one groups columns by horizontal merges.
fn headings_of(sheet: &Sheet, rows: &[u32]) -> Option<Vec<(u32, String)>> {
    let (top, bottom) = (*rows.first()?, *rows.last()?);
    let upper = sheet.row(top)?;
    if top == bottom {
        let all = upper.cells.iter().filter(|c| !c.is_blank());
        return Some(all.map(|c| (c.column, squeeze_heading(&c.shown()))).collect());
    }
    let lower = sheet.row(bottom)?;
    let grouped = |column: u32| {
        sheet
            .merges
            .iter()
            .find(|m| m.top == top && m.bottom == top && (m.left..=m.right).contains(&column) && m.left < m.right)
    };
    // A title merged over the whole table groups nothing: the upper row must have headings of its own.
    let several = upper.cells.iter().filter(|c| !c.is_blank()).count() >= 2;
    if !several
        || !lower.cells.iter().any(|c| grouped(c.column).is_some())
        || lower.cells.iter().any(|c| c.text().is_none())
    {
        return None;
    }
    let last = upper.cells.iter().chain(&lower.cells).map(|c| c.column).max()?;
    let text = |cell: Option<&platform::sheets::Cell>| cell.map(|c| squeeze_heading(&c.shown())).unwrap_or_default();
    let mut headings = Vec::new();
    for column in upper.cells.iter().chain(&lower.cells).map(|c| c.column).collect::<std::collections::BTreeSet<_>>() {
        let group = grouped(column).map_or_else(|| text(upper.cell(column)), |m| text(upper.cell(m.left)));
        let own = text(lower.cell(column));
        let heading = match (group.is_empty(), own.is_empty()) {
            (_, true) => group,
            (true, false) => own,
            (false, false) => format!("{group}：{own}"),
        };
        if column <= last && !heading.is_empty() {
            headings.push((column, heading));
        }
    }
    Some(headings)
}

fn squeeze_heading(text: &str) -> String {
    text.replace(['\n', '\r'], "").trim().to_owned()
}

/// The field of a heading; of a grouped heading first the lower part, then the whole.
fn field_of(role: Role, heading: &str) -> Option<(Field, u8)> {
    let vocabulary = Vocabulary::shipped();
    let Some((group, own)) = heading.split_once('：').filter(|(group, own)| !group.contains("其中") && !own.is_empty())
    else {
        return vocabulary.field(role, heading);
    };
    let joined = format!("{group}{own}");
    let options = [vocabulary.field(role, &joined), vocabulary.field(role, own), vocabulary.field(role, group)];
    options.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best })
}

fn score(sheet: &Sheet, role: Role, headings: &[(u32, String)], rows: &[u32], date1904: bool) -> Option<u32> {
    let mut best: Vec<(Field, u8)> = Vec::new();
    let mut months = 0usize;
    for (column, heading) in headings {
        if is_month(sheet, rows, *column, date1904).is_some() {
            months += 1;
            continue;
        }
        let Some((field, confidence)) = field_of(role, heading) else { continue };
        match best.iter_mut().find(|(f, _)| *f == field) {
            Some((_, c)) => *c = (*c).max(confidence),
            None => best.push((field, confidence)),
        }
    }
    let fields: Vec<Field> = best.iter().map(|(f, _)| *f).collect();
    if !role.is_met_by(&fields, months) {
        return None;
    }
    let sum: u32 = best.iter().map(|(_, c)| u32::from(*c)).sum();
    let months = if role == Role::Wide { u32::try_from(months).unwrap_or(0).saturating_mul(100) } else { 0 };
    Some(sum + months)
}

fn is_month(
    sheet: &Sheet,
    rows: &[u32],
    column: u32,
    date1904: bool,
) -> Option<platform::sheets::values::MonthHeading> {
    rows.iter().rev().find_map(|row| sheet.cell(*row, column)).and_then(|cell| parse_month_heading(cell, date1904))
}

/// Gives each field to the column that fits best; a field is given once.
fn assign(
    sheet: &Sheet,
    role: Role,
    headings: &[(u32, String)],
    rows: &[u32],
    year: Option<i16>,
    date1904: bool,
) -> Vec<ColumnUse> {
    let mut columns: Vec<ColumnUse> = Vec::new();
    let mut month_before: Option<(i16, i8)> = None;
    for (column, heading) in headings {
        let mut used = ColumnUse {
            column: *column,
            heading: heading.clone(),
            field: None,
            month: None,
            confidence: 0,
            amount_unit: AmountUnit::named_in(heading),
            rate_unit: RateUnit::named_in(heading),
        };
        let month = if role == Role::Wide { is_month(sheet, rows, *column, date1904) } else { None };
        if let Some(month) = month {
            // A month without a year goes on from the column before, and starts in the sheet's year.
            let year =
                month.year.or_else(|| month_before.map(|(y, m)| if month.month < m { y + 1 } else { y })).or(year);
            used.month = year.map(|y| (y, month.month));
            used.confidence = if used.month.is_some() { 100 } else { 0 };
            month_before = used.month.or(month_before);
        } else if let Some((field, confidence)) = field_of(role, heading) {
            let taken = columns.iter_mut().find(|c| c.field == Some(field));
            match taken {
                Some(other) if other.confidence >= confidence => {}
                Some(other) => {
                    (other.field, other.confidence) = (None, 0);
                    (used.field, used.confidence) = (Some(field), confidence);
                }
                None => (used.field, used.confidence) = (Some(field), confidence),
            }
        }
        columns.push(used);
    }
    columns
}

/// A year such as `2024年` in a name or title.
fn year_in(text: &str) -> Option<i16> {
    let text = squeeze(text);
    let bytes: Vec<char> = text.chars().collect();
    (0..bytes.len()).find_map(|at| {
        let digits: String = bytes[at..].iter().take(4).collect();
        let before = at.checked_sub(1).and_then(|b| bytes.get(b)).is_some_and(char::is_ascii_digit);
        let after = bytes.get(at + 4).is_some_and(char::is_ascii_digit);
        let year: i16 = if digits.len() == 4 { digits.parse().ok()? } else { return None };
        (!before && !after && (1990..2100).contains(&year)).then_some(year)
    })
}
