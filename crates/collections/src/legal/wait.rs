//! From the legal file to the suit (起诉期限, S2.5-19): whoever took a loan over files within the days of the policy, or records
//! the lawful reason why not and until when; that charges should grow is no reason.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::args;
use platform::audit::Entry;
use platform::db::{Row, StoreError, Tx};
use platform::duty::{self, Case, Evidence};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::{Edition, Facts, ParameterError};
use serde_json::json;
use servicing::loan::model::{LoanFile, LoanKey};

use super::actions::take;
use super::model::{LegalFile, Means, MeansId, MeansKind};
use crate::card::rules::{anybody, collected, text_in};
use crate::conduct::words;

/// The trigger where a file is opened.
const ACCEPTED: &str = "legal.accepted";
/// The trigger of the day on which a recorded reason is over.
const OVER: &str = "legal.wait_over";
/// The kind of the duty.
pub(super) const KIND: &str = "suit_filing";
/// The longest text.
const MAX_TEXT: usize = 500;

/// A reason to be recorded why no suit is filed yet (待登记暂缓事由).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWait {
    /// Which of the policy's.
    pub reason: String,
    /// What is so, in words.
    pub note: String,
    /// The last day on which it holds.
    pub until: Date,
}

/// A reason that was recorded (暂缓事由).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// What it says.
    pub said: NewWait,
    /// When it was recorded.
    pub on: Date,
    /// By whom.
    pub by: String,
}

/// What the policy lets one wait for (暂缓规则).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The lawful reasons.
    pub reasons: Vec<String>,
    /// Words that say that charges shall grow.
    pub words: Vec<String>,
    /// The most days of one reason.
    pub days: i64,
}

impl Limits {
    /// The limits in force.
    ///
    /// # Errors
    /// A parameter that the policy does not have.
    pub fn read(edition: &Edition, reasons: Vec<String>) -> Result<Self, ParameterError> {
        Ok(Self { reasons, words: edition.texts("suit_wait_words")?, days: edition.integer("suit_wait_days")? })
    }
}

/// The lawful reasons of the policy, in its order; none where it names none.
///
/// # Errors
/// The decision cannot be made.
pub fn reasons(edition: &Edition) -> Result<Vec<String>, ActionError> {
    let found = collected(edition, "suit_wait", &anybody("person")).map_err(PolicyError::from)?;
    let rows = found.map(|found| found.outputs).unwrap_or_default();
    Ok(rows.iter().map(|row| text_in(row, "suit_wait")).collect())
}

/// What is wrong with a reason, all at once (rule `legal.suit-wait`).
#[must_use]
pub fn check(new: &NewWait, limits: &Limits, means: &[Means], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !limits.reasons.contains(&new.reason) {
        wrong.push(FieldError::choice("reason", &new.reason));
    } else if means.iter().any(|means| files(means.kind)) {
        wrong.push(FieldError::new("reason", "legal-wait-filed"));
    }
    let note = new.note.trim();
    let found = note.chars().count();
    if note.is_empty() {
        wrong.push(FieldError::new("note", "field-empty"));
    } else if found > MAX_TEXT {
        wrong.push(FieldError::new("note", "text-too-long").with("most", MAX_TEXT).with("found", found));
    }
    let bare = words::bare(note);
    if let Some(word) = limits.words.iter().find(|word| bare.contains(&words::bare(word))) {
        wrong.push(FieldError::new("note", "legal-wait-charges").with("word", word));
    }
    let last = policy::add_days(today, limits.days).ok();
    if new.until <= today || last.is_none_or(|last| new.until > last) {
        wrong.push(FieldError::new("until", "legal-wait-until").with("days", limits.days));
    }
    wrong
}

/// Whether a means brings the claim before a court or commission: then nobody waits any more.
fn files(kind: MeansKind) -> bool {
    match kind {
        MeansKind::Suit | MeansKind::Arbitration | MeansKind::PaymentOrder | MeansKind::Enforcement => true,
        MeansKind::LawyersLetter | MeansKind::Mediation | MeansKind::Preservation => false,
    }
}

/// What the duty about the suit for a loan is about.
fn subject(key: LoanKey) -> String {
    format!("{}:suit", key.subject())
}

async fn case(work: &mut Work, loan: &LoanFile, anchor: Date) -> Result<Case, ActionError> {
    let (loan, key) = (&loan.loan, loan.loan.key);
    let (whom, _) = servicing::loan::store::borrower(&mut work.tx, key.customer).await?;
    Ok(Case {
        customer: key.customer,
        subject: subject(key),
        anchor,
        manager: None,
        personal: false,
        branch: loan.branch,
        whom,
        number: loan.number.clone(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    })
}

/// A loan was taken over: the suit is due in the days of the policy (rule `duty.suit_filing`).
pub(super) async fn accepted(work: &mut Work, loan: &LoanFile) -> Result<(), ActionError> {
    let asked = case(work, loan, work.business_date).await?;
    duty::ask_again(work, ACCEPTED, KIND, asked).await
}

/// A means was taken: one that files ends the duty.
pub(super) async fn taken(work: &mut Work, key: LoanKey, kind: MeansKind, id: MeansId) -> Result<(), ActionError> {
    if files(kind) {
        let evidence = Evidence { kind: "suit", fact: format!("legal_means:{id}"), settles: true };
        duty::close_by(work, key.customer, &subject(key), &evidence).await?;
    }
    Ok(())
}

/// The file is closed: there is nothing left to file.
pub(super) async fn closed(work: &mut Work, key: LoanKey, reason: &str) -> Result<(), ActionError> {
    duty::cancel(work, key.customer, &subject(key), reason).await?;
    Ok(())
}

/// Everything is repaid: there is nothing left to sue for, whatever becomes of the file.
pub(crate) async fn repaid(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    let sql = "select loan_id from legal_file where customer_id = $1 and closed_on is null order by loan_id";
    for row in work.tx.fetch_all(sql, args![customer]).await? {
        closed(work, LoanKey { customer, loan: row.get("loan_id")? }, "repaid").await?;
    }
    Ok(())
}

/// Records why no suit is filed yet; on the day after which the reason no longer holds it is asked for anew.
///
/// # Errors
/// What is wrong with it, all at once; not within scope; no open file; changed meanwhile.
pub async fn record(work: &mut Work, key: LoanKey, seen: i64, new: &NewWait) -> Result<(), ActionError> {
    let (now, file) = take(work, key, seen).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let limits = Limits::read(edition, reasons(edition)?).map_err(PolicyError::from)?;
    let mut wrong = check(new, &limits, &now.means, today);
    wrong.extend(unfit(edition, &new.note).map(|(word, article)| {
        let article = policy.article_title(article, false);
        FieldError::new("note", "dossier-word").with("word", word).with("article", article)
    }));
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("legal.suit-wait", None).into());
    }
    let id = insert(work, &file, new).await?;
    let after = json!({"wait": id, "reason": new.reason, "until": new.until});
    let entry = Entry::new(Some(key.customer), "legal.wait", key.subject()).after(after);
    work.audit(entry.reason(new.note.trim())).await?;
    let evidence = Evidence { kind: "suit_wait", fact: format!("legal_wait:{id}"), settles: true };
    duty::close_by(work, key.customer, &subject(key), &evidence).await?;
    let asked = case(work, &now.loan, new.until).await?;
    duty::ask_again(work, OVER, KIND, asked).await
}

/// The first forbidden word of a text, with its article.
fn unfit<'a>(edition: &'a Edition, text: &str) -> Option<(&'a str, &'a str)> {
    words::forbidden(edition, text).into_iter().next().map(|hit| (hit.word, hit.article))
}

async fn insert(work: &mut Work, file: &LegalFile, new: &NewWait) -> Result<i64, StoreError> {
    let id = work.next_id();
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into legal_wait (customer_id, id, file_id, reason, note, until_on, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![file.loan.customer, id, file.id, new.reason.as_str(), new.note.trim(), new.until, on, now, by],
        )
        .await?;
    Ok(id)
}

/// The reasons recorded in a file, in order.
pub(super) async fn of_file(tx: &mut Tx, file: &LegalFile) -> Result<Vec<Wait>, StoreError> {
    let sql = "select w.reason, w.note, w.until_on, w.effective_on, u.name as by_name from legal_wait w \
               left join user_view u on u.id = w.recorded_by \
               where w.customer_id = $1 and w.file_id = $2 order by w.id limit 200";
    let rows = tx.fetch_all(sql, args![file.loan.customer, file.id]).await?;
    let wait = |row: &Row| -> Result<Wait, StoreError> {
        let said = NewWait { reason: row.get("reason")?, note: row.get("note")?, until: row.get("until_on")? };
        let by = row.get::<Option<String>>("by_name")?.unwrap_or_default();
        Ok(Wait { said, on: row.get("effective_on")?, by })
    };
    rows.iter().map(wait).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // S2.5-19. Rule legal.suit-wait
    #[test]
    fn a_suit_waits_for_lawful_reasons_only_and_never_for_charges_to_grow() {
        let today = date(2026, 11, 20);
        let limits = Limits { reasons: vec!["negotiation".to_owned()], words: vec!["等罚息".to_owned()], days: 90 };
        let new = |reason: &str, note: &str, until| NewWait { reason: reason.to_owned(), note: note.to_owned(), until };
        let code = |new: &NewWait| check(new, &limits, &[], today).iter().map(|one| one.code).collect::<Vec<_>>();
        assert_eq!(code(&new("negotiation", "债务人已签分期协议", date(2027, 2, 18))), Vec::<&str>::new());
        assert_eq!(code(&new("negotiation", "先等 罚息 多一些", date(2026, 12, 1))), ["legal-wait-charges"]);
        assert_eq!(code(&new("negotiation", " ", date(2027, 2, 19))), ["field-empty", "legal-wait-until"]);
        assert_eq!(code(&new("negotiation", "x", today)), ["legal-wait-until"], "not for no time at all");
        assert_eq!(check(&new("charges", "x", date(2026, 12, 1)), &limits, &[], today).len(), 1);
    }
}
