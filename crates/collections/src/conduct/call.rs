//! How a call was held, judged by a supervisor (通话评判, S2.5-04): reasonable, lawful, polite, firm.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;

use platform::audit::Entry;
use platform::contact_gate::Channel;
use platform::db::{StoreError, Tx};
use platform::error::{ActionError, FieldError};
use platform::id::CustomerId;
use platform::locale::{Lang, Locale};
use platform::work::Work;
use platform::{args, policies, stored_as_text};
use serde_json::json;

use super::actions::{ConductError, MAX_TEXT};
use super::model::{FindingKind, NewFinding, Opinion, Review};
use super::store;
use crate::CONTACT_OPEN;
use crate::card::rules as cards;
use crate::contact::model::ContactResult;
use crate::guard::model::AllowanceId;
use crate::guard::store as guard_store;
use crate::visit::model::named;

/// Rule `conduct.call`: a call that was not held as it should be is a finding, judged where it was found.
pub const RULE: &str = "conduct.call";
/// The most calls that a page shows, the latest first.
const MOST: i64 = 100;

named! {
    /// What a call must be (通话要求, S2.5-04).
    Quality, "quality of a call":
    /// 合理.
    Reasonable = "reasonable",
    /// 合法.
    Lawful = "lawful",
    /// 有礼.
    Polite = "polite",
    /// 坚定.
    Firm = "firm",
}

/// A call that somebody answered (通话), with what a supervisor said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The contact that the guard let through.
    pub allowance: AllowanceId,
    /// When.
    pub at: Timestamp,
    /// Who called.
    pub by: i64,
    /// What it came to.
    pub result: ContactResult,
    /// How long it lasted, seconds.
    pub seconds: i64,
    /// What we said, in short.
    pub said: String,
    /// How often the debtor was warned for his manner.
    pub warnings: i64,
    /// Whether we ended it.
    pub hung_up: bool,
    /// What it was not, and what was said of it.
    pub judged: Option<(Vec<Quality>, Review)>,
}

/// What a supervisor says of a call (评判).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What it was not.
    pub missed: Vec<Quality>,
    /// What follows.
    pub opinion: Opinion,
    /// In words.
    pub words: String,
}

/// What is wrong with a judgement, all of it: who finds something missing cannot find nothing wrong, and the reverse.
#[must_use]
pub fn wrong(new: &Judgement) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if (new.opinion == Opinion::Justified) != new.missed.is_empty() {
        wrong.push(FieldError::new("verdict", "call-verdict"));
    }
    if new.words.trim().is_empty() {
        wrong.push(FieldError::new("opinion", "opinion-empty"));
    } else if new.words.chars().count() > MAX_TEXT {
        wrong.push(FieldError::new("opinion", "contact-too-long").with("max", MAX_TEXT));
    }
    wrong
}

/// The calls with the people of a file that somebody answered, the latest first. Whoever calls has authorised the file.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Call>, StoreError> {
    let rows = tx
        .fetch_all(
            "select a.id, a.asked_at, a.asked_by, o.result, o.seconds, o.said, o.warnings, o.hung_up, \
             coalesce(r.missed, '') as missed, r.verdict, r.opinion, r.recorded_at, r.recorded_by \
             from contact_allowance a \
             join contact_outcome o on o.customer_id = a.customer_id and o.allowance_id = a.id \
             left join call_review r on r.customer_id = a.customer_id and r.allowance_id = a.id \
             where a.customer_id = $1 and a.channel = 'phone' and a.connected = 1 \
             order by a.asked_at desc, a.id desc limit $2",
            args![customer, MOST],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let missed: String = row.get("missed")?;
            let missed = missed.split('|').filter_map(Quality::parse).collect();
            let judged = match row.get::<Option<Opinion>>("verdict")? {
                None => None,
                Some(opinion) => {
                    let words = row.get::<Option<String>>("opinion")?.unwrap_or_default();
                    Some((missed, Review { opinion, words, at: row.get("recorded_at")?, by: row.get("recorded_by")? }))
                }
            };
            Ok(Call {
                allowance: row.get("id")?,
                at: row.get("asked_at")?,
                by: row.get("asked_by")?,
                result: row.get("result")?,
                seconds: row.get("seconds")?,
                said: row.get("said")?,
                warnings: row.get("warnings")?,
                hung_up: row.get::<i64>("hung_up")? == 1,
                judged,
            })
        })
        .collect()
}

/// Judges how a call was held, once, by somebody else than who made it (rules `conduct.call`, `conduct.review`). What it was
/// not is a finding of the conduct report, reviewed with it.
///
/// # Errors
/// Not within scope; no such call; [`ConductError`].
pub async fn judge(
    work: &mut Work,
    customer: CustomerId,
    allowance: AllowanceId,
    new: &Judgement,
) -> Result<(), ActionError> {
    crate::file_for(work, customer, CONTACT_OPEN).await?;
    let call = guard_store::allowance(&mut work.tx, customer, allowance).await?;
    let call = call.filter(|call| call.channel == Channel::Phone && call.connected == Some(true));
    let call = call.ok_or(ConductError::NotFound)?;
    if !work.actor.is_second_to(call.asked_by)? {
        return Err(ConductError::OwnConduct.into());
    }
    let wrong = wrong(new);
    if !wrong.is_empty() {
        return Err(ConductError::Form(wrong).into());
    }
    let missed: Vec<&str> = new.missed.iter().map(|one| one.as_str()).collect();
    match insert(work, customer, allowance, (&missed.join("|"), new)).await {
        Ok(()) => {}
        Err(error) if error.is_unique_violation() => return Err(ConductError::AlreadyReviewed.into()),
        Err(error) => return Err(error.into()),
    }
    if !new.missed.is_empty() {
        let finding = NewFinding {
            customer,
            owner: None,
            kind: FindingKind::Flagged,
            rule: RULE.to_owned(),
            article: article(work).await?,
            detail: in_words(work, &new.missed),
            channel: Channel::Phone,
            party: "",
            collector: call.asked_by,
            agency: call.agency,
            allowance: Some(allowance),
            happened_at: call.asked_at,
        };
        let id = store::insert(work, &finding).await?;
        let found = store::load(&mut work.tx, customer, id).await?.ok_or(ConductError::NotFound)?;
        store::review(work, &found, new.opinion, new.words.trim()).await?;
    }
    let entry = Entry::new(Some(customer), "conduct.call", format!("contact_allowance:{customer}:{allowance}"));
    let after = json!({"missed": missed, "opinion": new.opinion.as_str()});
    Ok(work.audit(entry.after(after).reason(new.words.trim())).await?)
}

async fn insert(
    work: &mut Work,
    customer: CustomerId,
    allowance: AllowanceId,
    (missed, new): (&str, &Judgement),
) -> Result<(), StoreError> {
    let id = work.next_id();
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into call_review (customer_id, id, allowance_id, missed, verdict, opinion, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![customer, id, allowance, missed, new.opinion, new.words.trim(), on, now, by],
        )
        .await
        .map(drop)
}

/// The article of the checklist of a call.
async fn article(work: &mut Work) -> Result<String, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let card = cards::call(policy.edition(on), "person").map_err(policies::PolicyError::from)?;
    Ok(card.tips.first().map(|tip| tip.article.clone()).unwrap_or_default())
}

/// What a call was not, in the language of the report.
fn in_words(work: &Work, missed: &[Quality]) -> String {
    let locale = Locale::new(std::sync::Arc::clone(&work.app.catalogue), Lang::ZhCn);
    let words: Vec<String> = missed.iter().map(|one| locale.t(format!("call-quality-{}", one.as_str()))).collect();
    locale.tn("call-missed", &[("qualities", words.join("、"))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_wrong_is_said_of_a_call_that_lacked_nothing_and_of_no_other() {
        // Rule `conduct.call`. S2.5-04
        let judged = |missed: &[Quality], opinion, words: &str| {
            let new = Judgement { missed: missed.to_vec(), opinion, words: words.to_owned() };
            wrong(&new).into_iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert!(judged(&[], Opinion::Justified, "四项均符合").is_empty());
        assert!(judged(&[Quality::Polite], Opinion::Warned, "语气生硬").is_empty());
        assert_eq!(judged(&[Quality::Polite], Opinion::Justified, "语气生硬"), ["verdict"]);
        assert_eq!(judged(&[], Opinion::Violation, " "), ["verdict", "opinion"]);
    }
}
