//! What an order and a record need, and what a record shows of conduct. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use platform::error::FieldError;

use super::error::VisitError;
use super::model::{Conclusion, Entry, NewOrder, NewRecord, Visitor};
use crate::contact::model::ContactResult;

/// The longest text that is kept.
pub const MAX_TEXT: usize = 2_000;
/// Rule `visit.identify`: on arrival the visitors say who they are and show their passes.
pub const RULE_IDENTIFY: &str = "visit.identify";
/// Rule `visit.entry`: nobody enters a home or a workplace without consent.
pub const RULE_ENTRY: &str = "visit.entry";
/// Rule `visit.third-party`: a third party who is met hears nothing of the debt.
pub const RULE_THIRD_PARTY: &str = "visit.third-party";
/// Rule `visit.arrival`: the contact begins within the lawful hours, judged as of the arrival.
pub const RULE_ARRIVAL: &str = "visit.arrival";

/// Rule `visit.half-lost`: with a half-lost debtor payment at once is talked about first, then assets and income are looked
/// at, then it is decided between another plan and a suit (S2.5-27).
pub const RULE_HALF_LOST: &str = "visit.half-lost";

/// What the policy says of an order (外访单要求).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demands {
    /// Least number of visitors, with its article.
    pub least: i64,
    /// The article behind visitors and credentials.
    pub article: String,
    /// The last day that may be planned.
    pub latest: Date,
}

/// What is wrong with the words of an order, all of it. Rule `visit.plan`.
#[must_use]
pub fn wrong(new: &NewOrder, demands: &Demands, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    for (field, text) in [("district", &new.district), ("purpose", &new.purpose), ("documents", &new.documents)] {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "field-empty"));
        } else if text.chars().count() > MAX_TEXT {
            wrong.push(FieldError::new(field, "contact-too-long").with("max", MAX_TEXT));
        }
    }
    if new.on < today {
        wrong.push(FieldError::new("on", "visit-past").with("today", today));
    } else if new.on > demands.latest {
        wrong.push(FieldError::new("on", "visit-too-late").with("latest", demands.latest));
    }
    if !(0 <= new.band.from && new.band.from < new.band.until && new.band.until <= 1_440) {
        wrong.push(FieldError::new("hours", "hours-invalid"));
    }
    wrong
}

/// Rule `visit.crew` (S4-16): so many different people, each with a credential that is valid on the day.
///
/// # Errors
/// The first that is missing.
pub fn crew(visitors: &[Visitor], on: Date, demands: &Demands) -> Result<(), VisitError> {
    let article = || demands.article.clone();
    let mut known: Vec<(Option<i64>, &str, &str)> = visitors
        .iter()
        .map(|one| match one.user {
            Some(user) => (Some(user.0), "", ""),
            None => (None, one.name.trim(), one.agency.trim()),
        })
        .collect();
    known.sort_unstable();
    known.dedup();
    // One pass is one person, under whatever names.
    let mut passes: Vec<&str> = visitors.iter().map(|one| one.credential.trim()).collect();
    passes.sort_unstable();
    passes.dedup();
    if i64::try_from(known.len().min(passes.len())).unwrap_or(i64::MAX) < demands.least {
        return Err(VisitError::TooFew { least: demands.least, article: article() });
    }
    match visitors.iter().find(|one| one.credential.trim().is_empty() || one.valid_until < on) {
        Some(without) => Err(VisitError::Credential { name: without.name.clone(), article: article() }),
        None => Ok(()),
    }
}

/// What is wrong with a record, all of it.
#[must_use]
pub fn wrong_record(new: &NewRecord, set_out_at: Timestamp, now: Timestamp) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.arrived_at > now {
        wrong.push(FieldError::new("arrived_at", "contact-future"));
    } else if new.arrived_at.as_second() < set_out_at.as_second() - set_out_at.as_second().rem_euclid(60) {
        // The form knows minutes only.
        wrong.push(FieldError::new("arrived_at", "visit-before-set-out"));
    }
    let texts = [
        ("met", &new.met),
        ("said", &new.said),
        ("response", &new.response),
        ("seen", &new.seen),
        ("next_step", &new.next_step),
    ];
    for (field, text) in texts {
        if text.chars().count() > MAX_TEXT {
            wrong.push(FieldError::new(field, "contact-too-long").with("max", MAX_TEXT));
        }
    }
    if new.result.connected() && new.response.trim().is_empty() {
        wrong.push(FieldError::new("response", "contact-response"));
    }
    if new.result.connected() && new.met.trim().is_empty() {
        wrong.push(FieldError::new("met", "visit-met"));
    }
    if new.next_step.trim().is_empty() {
        wrong.push(FieldError::new("next_step", "visit-next"));
    }
    wrong
}

/// What a visit to a half-lost debtor who was met lacks, all of it (rule `visit.half-lost`): what was seen of assets and
/// income, and which way it goes.
#[must_use]
pub fn wrong_half_lost(new: &NewRecord) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !new.result.reached() {
        return wrong;
    }
    if new.seen.trim().is_empty() {
        wrong.push(FieldError::new("seen", "visit-half-seen"));
    }
    if !matches!(new.conclusion, Conclusion::Plan | Conclusion::Sue) {
        wrong.push(FieldError::new("conclusion", "visit-half-conclusion"));
    }
    wrong
}

/// What a record itself shows that must be looked at (rules `visit.identify`, `visit.entry`, `visit.third-party`, of a
/// half-lost debtor `visit.half-lost`).
#[must_use]
pub fn findings(new: &NewRecord, half_lost: bool) -> Vec<&'static str> {
    let mut found = Vec::new();
    if new.result.connected() && !new.identified {
        found.push(RULE_IDENTIFY);
    }
    if new.entry == Entry::Uninvited {
        found.push(RULE_ENTRY);
    }
    if new.result == ContactResult::AnsweredByOther && !new.debt_kept {
        found.push(RULE_THIRD_PARTY);
    }
    if half_lost && new.result.reached() && !new.lump_sum {
        found.push(RULE_HALF_LOST);
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::UserId;

    use super::*;

    const ON: Date = date(2026, 11, 23);

    fn visitor(user: Option<i64>, name: &str, credential: &str, until: Date) -> Visitor {
        Visitor {
            user: user.map(UserId),
            name: name.to_owned(),
            agency: String::new(),
            credential: credential.to_owned(),
            valid_until: until,
        }
    }

    // S4-16. Rule visit.crew
    #[test]
    fn two_different_people_with_valid_credentials() {
        let demands = Demands { least: 2, article: "visit.rules".to_owned(), latest: Date::MAX };
        let one = visitor(Some(1), "甲", "W1", ON);
        let other = visitor(None, "乙", "W2", ON);
        let code = |visitors: &[Visitor]| match crew(visitors, ON, &demands) {
            Ok(()) => "fine",
            Err(VisitError::TooFew { .. }) => "few",
            Err(VisitError::Credential { .. }) => "credential",
            Err(_) => "other",
        };
        let rows: [(&[Visitor], &str); 7] = [
            (&[one.clone(), visitor(None, "乙", "W1 ", ON)], "few"),
            (&[], "few"),
            (std::slice::from_ref(&one), "few"),
            (&[one.clone(), one.clone()], "few"),
            (&[one.clone(), other.clone()], "fine"),
            (&[one.clone(), visitor(None, "乙", " ", ON)], "credential"),
            (&[one.clone(), visitor(None, "乙", "W2", date(2026, 11, 22))], "credential"),
        ];
        for (visitors, expected) in rows {
            assert_eq!(code(visitors), expected, "{visitors:?}");
        }
    }

    // S4-16. Rules visit.identify, visit.entry, visit.third-party
    #[test]
    fn what_was_not_right_is_found_in_the_record_itself() {
        let at = Timestamp::UNIX_EPOCH;
        let right = NewRecord {
            result: ContactResult::AnsweredByOther,
            arrived_at: at,
            identified: true,
            entry: Entry::Consented,
            met: "邻居".to_owned(),
            debt_kept: true,
            said: String::new(),
            response: "不在家".to_owned(),
            seen: String::new(),
            lump_sum: false,
            conclusion: Conclusion::None,
            next_step: "再访".to_owned(),
        };
        assert_eq!(findings(&right, true), Vec::<&str>::new());
        assert!(wrong_record(&right, at, at).is_empty());
        let all = NewRecord { identified: false, entry: Entry::Uninvited, debt_kept: false, ..right.clone() };
        assert_eq!(findings(&all, true), [RULE_IDENTIFY, RULE_ENTRY, RULE_THIRD_PARTY]);
        let debtor = NewRecord { result: ContactResult::Unable, debt_kept: false, ..right.clone() };
        assert_eq!(findings(&debtor, false), Vec::<&str>::new(), "the debtor himself may hear of his debt");
        // S2.5-27. Rule visit.half-lost: that it was not talked about first is found, what was not decided is asked for.
        assert_eq!(findings(&debtor, true), [RULE_HALF_LOST]);
        let first = NewRecord { lump_sum: true, ..debtor.clone() };
        assert_eq!(findings(&first, true), Vec::<&str>::new());
        let fields = |new: &NewRecord| wrong_half_lost(new).into_iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(fields(&debtor), ["seen", "conclusion"]);
        let sue = NewRecord {
            seen: "小超市在营业，月收入约八千".to_owned(), conclusion: Conclusion::Sue, ..debtor
        };
        assert_eq!(fields(&sue), Vec::<&str>::new());
        assert_eq!(fields(&right), Vec::<&str>::new(), "whoever did not meet the debtor decides nothing");
        let bare = NewRecord { met: String::new(), response: " ".to_owned(), next_step: String::new(), ..right };
        let codes: Vec<_> = wrong_record(&bare, at, at).into_iter().map(|one| one.field).collect();
        assert_eq!(codes, ["response", "met", "next_step"]);
    }
}
