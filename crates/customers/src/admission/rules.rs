//! What must hold of an admission review, and how each check comes out. Pure.

use finance::Fen;
use jiff::civil::Date;
use platform::error::FieldError;
use policy::{Edition, Facts, Value};

use super::model::{Application, Assessment, Both, Check, Conclusion, Review, Sheet, Verdict};
use crate::datum::facts::{Known, Origin};
use crate::datum::model::{Datum, Finding, Route, latest};
use crate::datum::rules::check_text;
use crate::lending::effect::{self as lending, Chain, Effect};

/// The rule of the checks of the policy.
pub const RULE_CHECKS: &str = "admission.checks";
/// The rule of items and their evidence.
pub const RULE_ITEMS: &str = "admission.items";
/// The rule of the means of checking.
pub const RULE_MEANS: &str = "admission.means";
/// The rule of the application and its preliminary review.
pub const RULE_BEGIN: &str = "admission.begin";
/// The rule that another person decides.
pub const RULE_DECIDE: &str = "admission.decide";
/// The rule of the steps.
pub const RULE_STEPS: &str = "admission.steps";

/// The longest term that can be applied for, months: what a form takes, far beyond every policy.
pub const MOST_MONTHS: i64 = 600;
/// The subjects that are checked by several means (S5.2-03).
pub const SUBJECTS: [&str; 3] = ["income", "asset", "debt"];
/// The subject of the credit report.
pub const REPORT: &str = "report";

/// How a check is read (判定方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckKind {
    /// Its outcome must be one of those listed.
    Outcome,
    /// The term must lie within the years of this output.
    Term,
    /// Another outcome than those listed takes the longer chain.
    Risk,
}

/// A row of the table of checks (准入判定项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRow {
    /// The decision.
    pub decision: String,
    /// How it is read.
    pub kind: CheckKind,
    /// Outcomes that pass; for a term the output with the years.
    pub pass: Vec<String>,
}

/// Makes one check on the facts (rule `admission.checks`).
#[must_use]
pub fn checked(edition: &Edition, row: &CheckRow, facts: &Facts, months: i64) -> Check {
    let title = edition.decision(&row.decision).map(|found| found.sheet().title.clone()).unwrap_or_default();
    let first = || Some(edition.decision(&row.decision).ok()?.sheet().outputs.first()?.name.clone());
    let output = match row.kind {
        CheckKind::Term => row.pass.first().cloned(),
        CheckKind::Outcome | CheckKind::Risk => first(),
    };
    let mut check = Check {
        decision: row.decision.clone(),
        title: (title.zh.clone(), title.in_language(true).to_owned()),
        output: output.unwrap_or_default(),
        value: None,
        verdict: Verdict::Lacking.as_str().to_owned(),
        rule: String::new(),
        row: String::new(),
        note: Both::default(),
        articles: Vec::new(),
        lacking: Vec::new(),
    };
    let found = match edition.derive(&row.decision, facts) {
        Ok(found) => found,
        Err(_) => {
            check.lacking = edition.lacking(&row.decision, facts);
            return check;
        }
    };
    let value = found.decision.output(&check.output);
    check.value = value.map(Value::to_text);
    check.verdict = verdict(row, value, months).as_str().to_owned();
    if let Some(hit) = found.decision.rows.first() {
        check.row.clone_from(&hit.label);
        check.note = (hit.note.zh.clone(), hit.note.in_language(true).to_owned());
    }
    check.rule.clone_from(&found.decision.rule);
    check.articles.clone_from(&found.decision.articles);
    if check.verdict != Verdict::Passed.as_str() {
        check.lacking = found.evidence;
    }
    check
}

fn verdict(row: &CheckRow, value: Option<&Value>, months: i64) -> Verdict {
    let Some(value) = value else { return Verdict::Lacking };
    let passes = match row.kind {
        CheckKind::Term => value.as_integer().is_some_and(|years| months <= years.saturating_mul(12)),
        CheckKind::Outcome | CheckKind::Risk => row.pass.contains(&value.to_text()),
    };
    match (passes, row.kind) {
        (true, _) => Verdict::Passed,
        (false, CheckKind::Risk) => Verdict::Risky,
        (false, CheckKind::Outcome | CheckKind::Term) => Verdict::Failed,
    }
}

/// The classes of the applicant as a check of the sheet (rule `lending.effect`, S5.2-04…06): refused, let in by the longer
/// chain, or passed; nothing where no class says anything.
#[must_use]
pub fn of_classes(edition: &Edition, effect: &Effect) -> Option<Check> {
    if effect.lines.is_empty() {
        return None;
    }
    let title = edition.decision(lending::DECISION).map(|found| found.sheet().title.clone()).unwrap_or_default();
    let verdict = match (effect.allowed, effect.chain) {
        (false, _) => Verdict::Failed,
        (true, Chain::Longer) => Verdict::Risky,
        (true, Chain::Normal | Chain::Fast) => Verdict::Passed,
    };
    let mut articles: Vec<String> = Vec::new();
    for id in effect.lines.iter().flat_map(|line| &line.articles) {
        if !articles.contains(id) {
            articles.push(id.clone());
        }
    }
    let rows: Vec<&str> = effect.lines.iter().map(|line| line.row.as_str()).collect();
    Some(Check {
        decision: lending::DECISION.to_owned(),
        title: (title.zh.clone(), title.in_language(true).to_owned()),
        output: "lending_chain".to_owned(),
        value: Some(effect.chain.as_str().to_owned()),
        verdict: verdict.as_str().to_owned(),
        rule: lending::RULE.to_owned(),
        row: rows.join("+"),
        note: effect.why(),
        articles,
        lacking: Vec::new(),
    })
}

/// By which means income, assets and debts were checked, and whether the credit report was read (rule `admission.means`,
/// S5.2-03): each way of a verification that confirmed, and each route other than the customer's own word, is one.
#[must_use]
pub fn reviews(data: &[Datum], known: &Known, on: Date, (least, report_days): (i64, i64)) -> Vec<Review> {
    let mut all: Vec<Review> = SUBJECTS.iter().map(|subject| review(data, subject, on, least)).collect();
    let fresh = |day: Date| day <= on && i64::from((on - day).get_days()) <= report_days;
    let read = |origin: &Origin| match origin {
        Origin::Report(day) => fresh(*day),
        Origin::Stated(datum) => datum.route == Route::Bureau && fresh(datum.effective_on),
        Origin::Statement(_)
        | Origin::Evaluation(..)
        | Origin::Guarantees
        | Origin::AssetProofs
        | Origin::PremiumList(_)
        | Origin::File
        | Origin::Book => false,
    };
    let means = if known.origins.values().any(read) { vec![Route::Bureau.as_str().to_owned()] } else { Vec::new() };
    all.push(Review { subject: REPORT.to_owned(), means, least: 1 });
    all
}

fn review(data: &[Datum], subject: &str, on: Date, least: i64) -> Review {
    let mut means: Vec<String> = Vec::new();
    let counting = latest(data, on).into_iter().filter(|one| one.item.group == subject && one.standing(on).counts());
    for one in counting {
        let confirmed = one.verified.as_ref().filter(|seen| seen.finding == Finding::Confirmed);
        let way = confirmed.map(|seen| seen.way.as_str());
        let route = (one.route != Route::Customer).then(|| one.route.as_str());
        for found in [route, way].into_iter().flatten() {
            if !means.iter().any(|known| known == found) {
                means.push(found.to_owned());
            }
        }
    }
    Review { subject: subject.to_owned(), means, least }
}

/// All that is wrong with an application (rule `admission.begin`).
#[must_use]
pub fn check_application(asked: &Application, products: &[String], methods: &[String]) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !products.contains(&asked.product) {
        wrong.push(FieldError::choice("product", &asked.product));
    }
    if !methods.contains(&asked.method) {
        wrong.push(FieldError::choice("method", &asked.method));
    }
    wrong.extend(check_terms((asked.amount, "amount"), (asked.months, "months")));
    let texts = [
        ("purpose", &asked.purpose),
        ("repayment_source", &asked.repayment_source),
        ("preliminary", &asked.preliminary),
    ];
    for (field, text) in texts {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "field-empty"));
        }
        wrong.extend(check_lines(field, text));
    }
    wrong
}

/// What may not stand in a text; lines may be broken where there is room for several.
#[must_use]
pub fn check_lines(field: &'static str, text: &str) -> Option<FieldError> {
    check_text(field, &text.trim().replace(['\r', '\n'], " "))
}

fn check_terms((amount, field): (Fen, &'static str), (months, of_months): (i64, &'static str)) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !amount.is_positive() {
        wrong.push(FieldError::new(field, "admission-amount"));
    }
    if !(1..=MOST_MONTHS).contains(&months) {
        wrong.push(FieldError::new(of_months, "admission-months").with("most", MOST_MONTHS));
    }
    wrong
}

/// All that is wrong with what the assessor wrote, beside what the sheet lacks; `most` is what the applicant's classes let
/// be lent of what was asked for (rule `lending.effect`).
#[must_use]
pub fn check_assessment(said: &Assessment, asked: &Application, most: Fen) -> Vec<FieldError> {
    let mut wrong = check_terms((said.amount, "granted"), (said.months, "granted_months"));
    // Who is not let in is lent nothing: there the amount only says what was looked at.
    let most = if said.conclusion == Conclusion::Fit { most } else { asked.amount };
    if said.amount > most {
        let code = if most == asked.amount { "admission-above" } else { "admission-above-class" };
        wrong.push(FieldError::new("granted", code).with("most", most).with("asked", asked.amount));
    }
    if said.rate_e9 < 0 {
        wrong.push(FieldError::new("rate", "admission-rate"));
    }
    if said.opinion.trim().is_empty() {
        wrong.push(FieldError::new("opinion", "field-empty"));
    }
    if said.conclusion == Conclusion::NotFit && said.reason.trim().is_empty() {
        wrong.push(FieldError::new("reason", "reason-empty"));
    }
    let texts = [("opinion", &said.opinion), ("reason", &said.reason), ("mitigants", &said.mitigants)];
    wrong.extend(texts.into_iter().filter_map(|(field, text)| check_lines(field, text)));
    wrong.extend(said.notes.values().find_map(|note| check_text("opinion", note.trim())));
    wrong
}

/// Why a sheet cannot conclude that the applicant fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotYet {
    /// Checks failed: the applicant is refused with the reason (S1-07).
    Failed(Vec<Both>),
    /// Items without a value, or without the evidence that the policy asks for (S1-08, S1-11).
    Unproved(Vec<Both>),
    /// Subjects not checked by enough means (S5.2-03).
    Unchecked(Vec<String>),
}

/// Whether a sheet may conclude that the applicant fits; who does not fit needs no full sheet.
#[must_use]
pub fn may_fit(sheet: &Sheet) -> Option<NotYet> {
    let unproved = sheet.items.iter().filter(|item| {
        let proved = match item.needs.as_str() {
            "file" => item.document.is_some(),
            "note" => !item.note.trim().is_empty() || item.document.is_some(),
            _ => true,
        };
        item.value.is_none() || !proved
    });
    let mut lacking: Vec<Both> = unproved.map(|item| item.title.clone()).collect();
    let failed: Vec<Both> = sheet.failed().map(|check| check.title.clone()).collect();
    if !failed.is_empty() {
        return Some(NotYet::Failed(failed));
    }
    if lacking.is_empty() {
        lacking.extend(sheet.lacking().map(|check| check.title.clone()));
    }
    if !lacking.is_empty() {
        return Some(NotYet::Unproved(lacking));
    }
    let open: Vec<String> = sheet.reviews.iter().filter(|one| !one.is_done()).map(|one| one.subject.clone()).collect();
    (!open.is_empty()).then_some(NotYet::Unchecked(open))
}

#[cfg(test)]
mod tests {
    use super::super::model::{Item, Terms};
    use super::*;

    fn sheet(verdict: Verdict, item: (&str, Option<i64>, &str), means: usize) -> Sheet {
        let check = Check {
            decision: "admission_person".to_owned(),
            title: ("个人准入".to_owned(), "Admission".to_owned()),
            output: "admission".to_owned(),
            value: None,
            verdict: verdict.as_str().to_owned(),
            rule: String::new(),
            row: String::new(),
            note: Both::default(),
            articles: Vec::new(),
            lacking: Vec::new(),
        };
        let (needs, document, note) = item;
        let item = Item {
            fact: "income_stable".to_owned(),
            title: ("收入稳定".to_owned(), "Stable income".to_owned()),
            needs: needs.to_owned(),
            value: Some("true".to_owned()),
            source: "assessor".to_owned(),
            on: None,
            document,
            document_name: String::new(),
            note: note.to_owned(),
        };
        let means = ["visit", "bureau", "phone"].iter().take(means).map(|one| (*one).to_owned()).collect();
        Sheet {
            product: Both::default(),
            checks: vec![check],
            items: vec![item],
            reviews: vec![Review { subject: "income".to_owned(), means, least: 2 }],
            mitigants: String::new(),
            terms: Terms { amount: Fen(1), months: 1, rate_e9: 0, payment: Fen(1) },
            conclusion: "fit".to_owned(),
            reason: String::new(),
            opinion: String::new(),
            risky: false,
            lending: None,
            policy_version: String::new(),
        }
    }

    // S1-07, S1-08, S1-11, S5.2-03. Rules admission.checks, admission.items, admission.means
    #[test]
    fn a_failed_check_an_item_without_evidence_and_too_few_means_each_stop_a_fit() {
        let named = |sheet: &Sheet| match may_fit(sheet) {
            None => "fit",
            Some(NotYet::Failed(_)) => "failed",
            Some(NotYet::Unproved(_)) => "unproved",
            Some(NotYet::Unchecked(_)) => "unchecked",
        };
        let rows = [
            (Verdict::Passed, ("file", Some(1), ""), 2, "fit"),
            (Verdict::Passed, ("file", None, "见流水"), 2, "unproved"),
            (Verdict::Passed, ("note", None, "见流水"), 2, "fit"),
            (Verdict::Passed, ("note", None, " "), 2, "unproved"),
            (Verdict::Passed, ("", None, ""), 2, "fit"),
            (Verdict::Passed, ("", None, ""), 1, "unchecked"),
            (Verdict::Failed, ("", None, ""), 2, "failed"),
            (Verdict::Risky, ("", None, ""), 2, "fit"),
            (Verdict::Lacking, ("", None, ""), 2, "unproved"),
        ];
        for (verdict, item, means, came) in rows {
            assert_eq!(named(&sheet(verdict, item, means)), came, "{verdict:?} {item:?} {means}");
        }
    }

    // S5.6-03. Rule admission.checks
    #[test]
    fn a_term_is_held_against_the_years_and_an_outcome_against_the_list() {
        let row = |kind, pass: &str| CheckRow { decision: String::new(), kind, pass: vec![pass.to_owned()] };
        let years = Value::Integer(5);
        let of = |kind, value: Option<&Value>, months| verdict(&row(kind, "within"), value, months);
        assert_eq!(of(CheckKind::Term, Some(&years), 60), Verdict::Passed);
        assert_eq!(of(CheckKind::Term, Some(&years), 61), Verdict::Failed);
        assert_eq!(of(CheckKind::Outcome, Some(&Value::from("within")), 1), Verdict::Passed);
        assert_eq!(of(CheckKind::Outcome, Some(&Value::from("total_over")), 1), Verdict::Failed);
        assert_eq!(of(CheckKind::Risk, Some(&Value::from("risk")), 1), Verdict::Risky);
        assert_eq!(of(CheckKind::Outcome, None, 1), Verdict::Lacking);
    }
}
