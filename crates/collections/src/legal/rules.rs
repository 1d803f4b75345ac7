//! When a loan may go to legal recovery, and which means may be taken. Pure.

use finance::Fen;
use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::error::FieldError;
use policy::{Edition, ParameterError};

use super::model::{Evidence, Gate, Ground, Means, MeansKind, NewMeans, Standing};

/// The parameter with the days overdue; the gate is its article's.
const DAYS: &str = "legal_min_overdue_days";

/// The article behind the gate.
#[must_use]
pub fn gate_article(edition: &Edition) -> Option<String> {
    edition.parameter(DAYS).map(|found| found.article.clone())
}

impl Gate {
    /// The conditions in force.
    ///
    /// # Errors
    /// A parameter that the policy does not have.
    pub fn read(edition: &Edition) -> Result<Self, ParameterError> {
        Ok(Self { days: edition.integer(DAYS)?, attempts: edition.integer("legal_min_attempts")? })
    }

    /// The conditions that are not met, by the end of their messages `legal-gate-…`; empty: it may go.
    /// Rule `legal.gate`: days, attempts and a refusal, all three (S4-21); or a cause that asks for preservation at once
    /// (S2.3-14).
    #[must_use]
    pub fn missing(self, standing: Standing) -> Vec<&'static str> {
        if standing.urgent {
            return Vec::new();
        }
        [
            ("days", standing.days >= self.days),
            ("attempts", standing.attempts >= self.attempts),
            ("refusal", standing.refused),
        ]
        .into_iter()
        .filter_map(|(name, met)| (!met).then_some(name))
        .collect()
    }

    /// The ground on which it goes; `None`: it may not yet.
    #[must_use]
    pub fn ground(self, standing: Standing) -> Option<Ground> {
        if !self.missing(standing).is_empty() {
            return None;
        }
        let ordinary = Standing { urgent: false, ..standing };
        Some(if self.missing(ordinary).is_empty() { Ground::Refusal } else { Ground::Urgent })
    }
}

/// The two lists of evidence (证据清单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    /// Before a suit.
    pub full: Vec<String>,
    /// Before an urgent preservation (C-41).
    pub short: Vec<String>,
}

impl Lists {
    /// The lists in force.
    ///
    /// # Errors
    /// A parameter that the policy does not have.
    pub fn read(edition: &Edition) -> Result<Self, ParameterError> {
        Ok(Self { full: edition.texts("legal_evidence_suit")?, short: edition.texts("legal_evidence_preservation")? })
    }

    /// What must be on file before a means is taken. Rule `legal.evidence`: the whole list before any legal step
    /// (S4-23), the short one before a preservation (C-41); a lawyer's letter and a mediation need none.
    #[must_use]
    pub fn before(&self, kind: MeansKind) -> &[String] {
        match kind {
            MeansKind::LawyersLetter | MeansKind::Mediation => &[],
            MeansKind::Preservation => &self.short,
            MeansKind::Suit | MeansKind::Arbitration | MeansKind::PaymentOrder | MeansKind::Enforcement => &self.full,
        }
    }
}

/// What is wrong with a new means, all at once. Rule `legal.order`: the means come in any lawful order, but enforcement
/// only after an enforceable title (S4-22), and a proceeding that runs is not begun twice.
#[must_use]
pub fn check(new: &NewMeans, taken: &[Means], evidence: &[Evidence], lists: &Lists, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.on > today {
        wrong.push(FieldError::new("on", "limitation-future").with("date", today));
    }
    if new.authority.trim().is_empty() {
        wrong.push(FieldError::new("authority", "field-empty"));
    }
    if new.cost < Fen::ZERO || new.amount.is_some_and(|amount| amount < Fen::ZERO) {
        wrong.push(FieldError::new("cost", "amount-unreadable").with("text", new.cost));
    }
    let on_file = |item: &String| evidence.iter().any(|e| e.item == *item && e.place.is_some());
    let missing: Vec<&str> = lists.before(new.kind).iter().filter(|item| !on_file(item)).map(String::as_str).collect();
    if !missing.is_empty() {
        wrong.push(FieldError::new("kind", "legal-evidence").with("items", missing.join(" ")));
    }
    let titled = taken.iter().any(|means| means.ended.as_ref().is_some_and(|end| end.title && end.on <= new.on));
    if new.kind == MeansKind::Enforcement && !titled {
        wrong.push(FieldError::new("kind", "legal-no-title"));
    }
    if new.kind.interrupts().is_some() && taken.iter().any(|means| means.kind == new.kind && means.ended.is_none()) {
        wrong.push(FieldError::new("kind", "legal-runs-already"));
    }
    wrong
}

/// The last day to apply for enforcement of a title. Rule `legal.enforcement-deadline`: so many years after it took effect.
#[must_use]
pub fn enforce_until(means: &[Means], years: i64) -> Option<Date> {
    if means.iter().any(|taken| taken.kind == MeansKind::Enforcement) {
        return None;
    }
    let years = i32::try_from(years).ok()?;
    let titles = means.iter().filter_map(|taken| taken.ended.as_ref()).filter(|end| end.title);
    titles.filter_map(|end| end.on.checked_add(years.years()).ok()).min()
}

/// Whether a file closes by itself when nothing is overdue on its loan (rule `legal.paid`): no proceeding runs that somebody has to
/// end first; and where something is still owed, no title was won that could be enforced, and the file was opened about arrears:
/// one for a preservation before anything was due stays as long as its reason.
#[must_use]
pub fn closes_when_paid(settled: bool, seen: Standing, means: &[Means]) -> bool {
    let runs = means.iter().any(|means| means.ended.is_none() && means.kind.interrupts().is_some());
    let titled = means.iter().any(|means| means.ended.as_ref().is_some_and(|end| end.title));
    !runs && (settled || (!titled && seen.days > 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::legal::model::{Ended, MeansId};
    use jiff::civil::date;

    const GATE: Gate = Gate { days: 91, attempts: 3 };
    const TODAY: Date = date(2026, 11, 20);

    fn standing(days: i64, attempts: i64, refused: bool, urgent: bool) -> Standing {
        Standing { days, attempts, refused, urgent }
    }

    // S4-21: rule `legal.gate`, each condition on both sides
    #[test]
    fn the_gate_wants_days_attempts_and_a_refusal() {
        assert_eq!(GATE.ground(standing(91, 3, true, false)), Some(Ground::Refusal));
        assert_eq!(GATE.missing(standing(90, 3, true, false)), ["days"]);
        assert_eq!(GATE.missing(standing(91, 2, true, false)), ["attempts"]);
        assert_eq!(GATE.missing(standing(91, 3, false, false)), ["refusal"]);
        assert_eq!(GATE.missing(standing(1, 0, false, false)), ["days", "attempts", "refusal"]);
    }

    // S2.3-14: rule `legal.gate`
    #[test]
    fn an_urgent_cause_goes_at_once() {
        assert_eq!(GATE.ground(standing(1, 0, false, true)), Some(Ground::Urgent));
        assert_eq!(GATE.ground(standing(91, 3, true, true)), Some(Ground::Refusal));
    }

    fn lists() -> Lists {
        let all = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
        Lists { full: all(&["contract", "identity"]), short: all(&["contract"]) }
    }

    fn on_file(items: &[&str]) -> Vec<Evidence> {
        items.iter().map(|item| Evidence { item: (*item).to_owned(), place: Some("柜1".to_owned()) }).collect()
    }

    fn new(kind: MeansKind) -> NewMeans {
        NewMeans {
            kind,
            on: TODAY,
            authority: "测试区人民法院".to_owned(),
            reference: String::new(),
            amount: None,
            cost: Fen::ZERO,
        }
    }

    fn taken(kind: MeansKind, ended: Option<(Date, bool)>) -> Means {
        Means {
            id: MeansId(1),
            kind,
            on: date(2026, 1, 5),
            authority: String::new(),
            reference: String::new(),
            amount: None,
            cost: Fen::ZERO,
            ended: ended.map(|(on, title)| Ended { on, outcome: "判决".to_owned(), title }),
            by: String::new(),
        }
    }

    fn codes(wrong: &[FieldError]) -> Vec<&'static str> {
        wrong.iter().map(|wrong| wrong.code).collect()
    }

    // S4-23, C-41: rule `legal.evidence`
    #[test]
    fn a_suit_needs_the_whole_list_and_a_preservation_the_short_one() {
        let some = on_file(&["contract"]);
        assert_eq!(codes(&check(&new(MeansKind::Suit), &[], &some, &lists(), TODAY)), ["legal-evidence"]);
        assert_eq!(codes(&check(&new(MeansKind::Preservation), &[], &some, &lists(), TODAY)), [""; 0]);
        let all = on_file(&["contract", "identity"]);
        assert_eq!(codes(&check(&new(MeansKind::Suit), &[], &all, &lists(), TODAY)), [""; 0]);
        assert_eq!(codes(&check(&new(MeansKind::LawyersLetter), &[], &[], &lists(), TODAY)), [""; 0]);
    }

    // S4-22: rule `legal.order`
    #[test]
    fn enforcement_waits_for_a_title_and_nothing_is_begun_twice() {
        let all = on_file(&["contract", "identity"]);
        let enforce = |means: &[Means]| codes(&check(&new(MeansKind::Enforcement), means, &all, &lists(), TODAY));
        assert_eq!(enforce(&[]), ["legal-no-title"]);
        assert_eq!(enforce(&[taken(MeansKind::Suit, Some((date(2026, 6, 1), false)))]), ["legal-no-title"]);
        assert_eq!(enforce(&[taken(MeansKind::Suit, Some((date(2026, 6, 1), true)))]), [""; 0]);
        let running = [taken(MeansKind::Suit, None)];
        assert_eq!(codes(&check(&new(MeansKind::Suit), &running, &all, &lists(), TODAY)), ["legal-runs-already"]);
        // S2.3-14: preservation before or with the suit
        assert_eq!(codes(&check(&new(MeansKind::Preservation), &running, &all, &lists(), TODAY)), [""; 0]);
    }

    // rule `legal.paid`
    #[test]
    fn a_file_closes_when_paid_unless_a_court_or_a_title_stands_in_the_way() {
        let late = standing(1, 0, false, true);
        let early = standing(0, 0, false, true);
        assert!(!closes_when_paid(false, early, &[]), "it was opened before anything was due");
        assert!(closes_when_paid(true, early, &[]));
        let judged = taken(MeansKind::Suit, Some((date(2026, 6, 1), true)));
        let withdrawn = taken(MeansKind::Suit, Some((date(2026, 6, 1), false)));
        assert!(closes_when_paid(false, late, &[]) && closes_when_paid(false, late, &[withdrawn]));
        assert!(closes_when_paid(false, late, &[taken(MeansKind::LawyersLetter, None)]), "a letter is no proceeding");
        assert!(!closes_when_paid(true, late, &[taken(MeansKind::Suit, None)]), "the court has it");
        assert!(!closes_when_paid(false, late, std::slice::from_ref(&judged)), "the title can still be enforced");
        assert!(closes_when_paid(true, late, &[judged]));
    }

    // rule `legal.enforcement-deadline`
    #[test]
    fn a_title_is_enforced_within_its_years() {
        let judged = taken(MeansKind::Suit, Some((date(2026, 6, 1), true)));
        assert_eq!(enforce_until(std::slice::from_ref(&judged), 2), Some(date(2028, 6, 1)));
        assert_eq!(enforce_until(&[judged, taken(MeansKind::Enforcement, None)], 2), None);
        assert_eq!(enforce_until(&[], 2), None);
    }
}
