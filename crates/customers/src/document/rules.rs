//! What must be true of a document, and how a file stands against the list. Pure.

use jiff::civil::Date;
use platform::error::FieldError;

use super::model::{Document, Line, NewDocument, State, Wanted};
use crate::datum::model::Route;
use crate::datum::rules::check_text;

/// The longest number of a paper.
const MAX_NUMBER: usize = 64;

/// All that is wrong with a new document, each with its field.
///
/// Rule `document.dates`: a paper was issued on a day that has come, and ends after that.
/// Rule `document.source`: what did not come from the customer names its source (S1-16).
#[must_use]
pub fn check(new: &NewDocument, list: &[Wanted], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !list.iter().any(|one| one.kind == new.kind) {
        wrong.push(FieldError::choice("kind", &new.kind));
    }
    if new.issued_on.is_some_and(|on| on > today) {
        wrong.push(FieldError::new("issued_on", "date-in-future"));
    }
    if let (Some(issued), Some(expires)) = (new.issued_on, new.expires_on)
        && expires < issued
    {
        wrong.push(FieldError::new("expires_on", "document-expires-before").with("issued", issued));
    }
    let number = new.number.as_deref().unwrap_or("");
    if number.chars().count() > MAX_NUMBER || number.chars().any(char::is_control) {
        let found = number.chars().count();
        wrong.push(FieldError::new("number", "text-too-long").with("most", MAX_NUMBER).with("found", found));
    }
    let note = new.source_note.trim();
    if note.is_empty() && new.route != Route::Customer {
        wrong.push(FieldError::new("source_note", "datum-source-unnamed"));
    }
    wrong.extend(check_text("source_note", note));
    wrong
}

/// Until when a document counts: as it says itself, else so many months after it was issued or came.
#[must_use]
pub fn valid_until(document: &Document, wanted: &Wanted) -> Option<Date> {
    document.expires_on.or_else(|| {
        let months = jiff::Span::new().try_months(wanted.valid_months?).ok()?;
        document.issued_on.unwrap_or(document.effective_on).checked_add(months).ok()
    })
}

/// How every line of the list stands on a day (rule `document.list`).
#[must_use]
pub fn lines<'a>(list: &[Wanted], held: &'a [Document], on: Date, remind_days: i64) -> Vec<Line<'a>> {
    list.iter().map(|wanted| line(wanted, held, on, remind_days)).collect()
}

fn line<'a>(wanted: &Wanted, held: &'a [Document], on: Date, remind_days: i64) -> Line<'a> {
    let mut documents: Vec<&Document> = held.iter().filter(|one| one.is_current() && one.kind == wanted.kind).collect();
    // No end is later than any.
    let end = |one: &Document| valid_until(one, wanted).unwrap_or(Date::MAX);
    documents.sort_by_key(|one| std::cmp::Reverse((end(one), one.id)));
    let state = match documents.first().map(|one| valid_until(one, wanted)) {
        None => State::Missing,
        Some(None) => State::There(None),
        Some(Some(until)) if until < on => State::Expired(until),
        Some(Some(until)) if remind_on(until, remind_days) <= on => State::Expiring(until),
        Some(until) => State::There(until),
    };
    Line { wanted: wanted.clone(), state, documents }
}

/// The day from which a paper is asked for anew.
fn remind_on(until: Date, remind_days: i64) -> Date {
    jiff::Span::new().try_days(remind_days).ok().and_then(|days| until.checked_sub(days).ok()).unwrap_or(until)
}

/// How complete a file is (完整度).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completeness {
    /// Papers that the file must hold.
    pub required: usize,
    /// Of these, how many are there and valid.
    pub held: usize,
    /// Those that must be handed in: missing, expired, or ending soon.
    pub open: Vec<String>,
    /// The first day on which one that is fine now must be asked for anew.
    pub next: Option<Date>,
}

impl Completeness {
    /// In parts of a thousand; all of nothing is all.
    #[must_use]
    pub fn permille(&self) -> u32 {
        if self.required == 0 {
            return 1_000;
        }
        u32::try_from(self.held * 1_000 / self.required).unwrap_or(1_000)
    }
}

/// How complete a file is by its lines.
#[must_use]
pub fn completeness(lines: &[Line<'_>], remind_days: i64) -> Completeness {
    let mut found = Completeness::default();
    for line in lines.iter().filter(|line| line.wanted.required) {
        found.required += 1;
        found.held += usize::from(line.state.counts());
        match line.state {
            State::There(until) => {
                let next = until.map(|until| remind_on(until, remind_days));
                found.next = [found.next, next].into_iter().flatten().min();
            }
            State::Expiring(_) | State::Expired(_) | State::Missing => found.open.push(line.wanted.kind.clone()),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use platform::attachment::{Attachment, AttachmentId, Media};
    use platform::id::{CustomerId, UserId};

    use super::*;
    use crate::document::model::DocumentId;

    const ON: Date = date(2026, 11, 20);

    fn wanted(kind: &str, required: bool, months: Option<i64>) -> Wanted {
        Wanted { kind: kind.to_owned(), required, valid_months: months, article: "a".to_owned() }
    }

    fn document(id: i64, kind: &str, issued_on: Option<Date>, expires_on: Option<Date>) -> Document {
        Document {
            customer: CustomerId(1),
            id: DocumentId(id),
            kind: kind.to_owned(),
            file: Attachment {
                customer: CustomerId(1),
                id: AttachmentId(id),
                subject: "customer:1".to_owned(),
                name: "a.pdf".to_owned(),
                media: Media::Pdf,
                bytes: 1,
                digest: String::new(),
                replaces: None,
                replaced_by: None,
                effective_on: ON,
                recorded_at: Timestamp::UNIX_EPOCH,
                recorded_by: UserId(1),
                withdrawn: None,
                brought_in: false,
            },
            number: String::new(),
            issued_on,
            expires_on,
            route: Route::Customer,
            source_note: String::new(),
            replaces: None,
            effective_on: ON,
            recorded_at: Timestamp::UNIX_EPOCH,
            recorded_by: UserId(1),
        }
    }

    // S1-15, S1-14. Rule document.list
    #[test]
    fn each_line_says_whether_its_paper_is_there_ending_over_or_missing() {
        let list =
            [wanted("licence", true, None), wanted("statement", true, Some(6)), wanted("resolution", false, None)];
        let held = [
            document(1, "licence", None, Some(date(2026, 11, 19))),
            document(2, "licence", None, Some(date(2026, 12, 20))),
            document(3, "statement", Some(date(2026, 5, 19)), None),
        ];
        let found = lines(&list, &held, ON, 30);
        let states: Vec<State> = found.iter().map(|line| line.state).collect();
        let ends = date(2026, 12, 20);
        assert_eq!(states, [State::Expiring(ends), State::Expired(date(2026, 11, 19)), State::Missing]);
        let all = completeness(&found, 30);
        assert_eq!((all.required, all.held, all.permille()), (2, 1, 500), "what is optional does not count");
        assert_eq!(all.open, ["licence", "statement"]);
        let calm = lines(&list, &held, date(2026, 11, 18), 0);
        assert_eq!(completeness(&calm, 0).next, Some(date(2026, 11, 19)), "the statement ends first");
        assert_eq!(completeness(&lines(&[], &held, ON, 30), 30).permille(), 1_000);
    }

    #[test]
    fn what_was_replaced_or_withdrawn_stands_for_nothing() {
        let list = [wanted("licence", true, None)];
        let mut replaced = document(1, "licence", None, None);
        replaced.file.replaced_by = Some(AttachmentId(9));
        assert_eq!(lines(&list, &[replaced], ON, 30)[0].state, State::Missing);
    }

    // Rules document.dates, document.source
    #[test]
    fn each_complaint_names_its_field() {
        let list = [wanted("licence", true, None)];
        let new = NewDocument {
            kind: "licence".to_owned(),
            number: Some("9".repeat(65)),
            issued_on: Some(date(2026, 11, 21)),
            expires_on: Some(date(2026, 11, 20)),
            route: Route::Public,
            source_note: String::new(),
            replaces: None,
        };
        let fields = |new: &NewDocument| check(new, &list, ON).iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(fields(&new), ["issued_on", "expires_on", "number", "source_note"]);
        let other = NewDocument { kind: "poem".to_owned(), ..new.clone() };
        assert_eq!(fields(&other).first(), Some(&"kind"));
        let fine = NewDocument { number: None, issued_on: None, route: Route::Customer, ..new };
        assert_eq!(fields(&fine), Vec::<&str>::new());
    }
}
