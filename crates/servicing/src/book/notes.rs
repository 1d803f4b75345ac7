//! The check column: every finding as a note beside its row in the user's own file.

use platform::sheets::{Note, column_letters};

use super::draft::BookDraft;
use super::finding::Fact;

/// What turns a message id with its facts into a sentence of the user's language.
pub type Say<'a> = dyn Fn(&str, &[Fact]) -> String + 'a;

/// The notes for [`platform::sheets::annotate`] (校验列): a heading beside each header, a sentence beside each row.
///
/// A finding of a whole column or sheet stands beside the header.
pub fn notes(draft: &BookDraft, say: &Say<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let header = |sheet: &str| draft.layouts.iter().find(|l| l.sheet == sheet).map_or(1, |l| l.header_end().max(1));
    let found = draft.refused.iter().map(|r| &r.sheet).chain(draft.warnings.iter().map(|w| &w.sheet));
    let mut sheets: Vec<&String> = found.collect();
    sheets.sort();
    sheets.dedup();
    for sheet in sheets {
        notes.push(Note { sheet: sheet.clone(), row: header(sheet), text: say("book-check-heading", &[]) });
    }
    let place = |column: Option<u32>| column.map(|c| format!("[{}] ", column_letters(c))).unwrap_or_default();
    for refusal in &draft.refused {
        let text = format!("{}{}", place(refusal.column), say(&refusal.message_id(), &refusal.facts));
        let text = say("book-check-refused", &[("text".to_owned(), text)]);
        notes.push(Note { sheet: refusal.sheet.clone(), row: refusal.row, text });
    }
    for warning in &draft.warnings {
        let text = format!("{}{}", place(warning.column), say(&warning.message_id(), &warning.facts));
        let text = say("book-check-warning", &[("text".to_owned(), text)]);
        let row = warning.row.unwrap_or_else(|| header(&warning.sheet));
        notes.push(Note { sheet: warning.sheet.clone(), row, text });
    }
    notes
}
