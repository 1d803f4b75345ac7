//! Telling data rows from titles, headers, sub-totals, blanks and notes.

use platform::sheets::{Row, Sheet};
use serde::{Deserialize, Serialize};

use super::field::Role;
use super::layout::SheetLayout;
use super::vocabulary::Vocabulary;

/// Blank rows that are listed of one gap; a sheet may have a million of them.
const BLANKS_LISTED: u32 = 1_000;

/// Why a row is not data (非数据行).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Idle {
    /// 标题.
    Title,
    /// 表头, also where it is repeated.
    Header,
    /// 空行.
    Blank,
    /// 小计.
    Subtotal,
    /// 合计.
    Total,
    /// 注释.
    Note,
}

/// A row as told apart (一行).
#[derive(Debug, Clone, Copy)]
pub(super) enum Line<'a> {
    /// A row to import.
    Data(&'a Row),
    /// A row that is neither data nor an error.
    Idle(u32, Idle, Option<&'a Row>),
}

/// All rows of a sheet from 1 to the last, told apart.
pub(super) fn lines<'a>(sheet: &'a Sheet, layout: &SheetLayout) -> Vec<Line<'a>> {
    let mut out = Vec::with_capacity(sheet.rows.len());
    let mut next = 1u32;
    for row in &sheet.rows {
        for blank in (next..row.number).take(usize::try_from(BLANKS_LISTED).unwrap_or(0)) {
            out.push(Line::Idle(blank, Idle::Blank, None));
        }
        next = row.number.saturating_add(1);
        out.push(match idle(row, sheet, layout) {
            Some(why) => Line::Idle(row.number, why, Some(row)),
            None => Line::Data(row),
        });
    }
    out
}

fn idle(row: &Row, sheet: &Sheet, layout: &SheetLayout) -> Option<Idle> {
    let vocabulary = Vocabulary::shipped();
    let filled: Vec<_> = row.cells.iter().filter(|c| !c.is_blank()).collect();
    let Some(first) = filled.first() else { return Some(Idle::Blank) };
    let first_text = first.text().unwrap_or_default();
    if layout.role == Role::None {
        return Some(Idle::Note);
    }
    if layout.header_rows.contains(&row.number) {
        return Some(Idle::Header);
    }
    if row.number < layout.header_rows.first().copied().unwrap_or(0) {
        return Some(if vocabulary.begins("note_above", first_text) { Idle::Note } else { Idle::Title });
    }
    // Only the leading texts are looked at: a total stands at the left, while 合计 may be part of a remark.
    for text in filled.iter().take(3).filter_map(|c| c.text()) {
        if vocabulary.ends("subtotal", text) && text.chars().count() <= 16 {
            return Some(Idle::Subtotal);
        }
        if vocabulary.whole("total", text).is_some() || (vocabulary.ends("total", text) && text.chars().count() <= 10) {
            return Some(Idle::Total);
        }
    }
    // A remark fills few cells; a full row that begins with such a word is data, and never dropped in silence.
    let remark = filled.len() <= 3 && vocabulary.begins("note", first_text);
    let marked = vocabulary.whole("mark", first_text).is_some();
    if remark || marked || filled.len() == 1 && is_remark(first_text, layout) {
        return Some(Idle::Note);
    }
    if is_header_again(row, sheet, layout) {
        return Some(Idle::Header);
    }
    None
}

/// A single filled cell with a text, on a sheet that has more to say of each row.
fn is_remark(text: &str, layout: &SheetLayout) -> bool {
    let mapped = layout.columns.iter().filter(|c| c.field.is_some() || c.month.is_some()).count();
    !text.is_empty() && mapped >= 3
}

/// The header printed again at the top of a page.
fn is_header_again(row: &Row, sheet: &Sheet, layout: &SheetLayout) -> bool {
    let Some(header) = sheet.row(layout.header_end()) else { return false };
    let same =
        row.cells.iter().filter(|c| header.cell(c.column).is_some_and(|h| h.value == c.value && c.text().is_some()));
    let same = same.count();
    same >= 3 && same * 2 >= header.cells.len()
}
