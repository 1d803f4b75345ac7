//! What a contract must say, what bars a case from an agency, when an agency is due for evaluation, what its commission is.
//! Pure.

use finance::{Fen, Rounding, add_days, add_months};
use jiff::civil::Date;
use platform::error::FieldError;

use super::model::{Bar, Contract, ContractState, Decision, NewAgency, NewEvaluation, Occasion, Score, Terms};

/// The longest name or number.
const MAX_NAME: usize = 200;
/// The longest text.
const MAX_TEXT: usize = 2_000;
/// The fields of the points, by place: more items than these are refused, not left out.
pub const POINTS: [&str; 20] = [
    "points1", "points2", "points3", "points4", "points5", "points6", "points7", "points8", "points9", "points10",
    "points11", "points12", "points13", "points14", "points15", "points16", "points17", "points18", "points19",
    "points20",
];

/// What is wrong with a text that must say something.
fn text(wrong: &mut Vec<FieldError>, field: &'static str, typed: &str, most: usize) {
    if typed.trim().is_empty() {
        wrong.push(FieldError::new(field, "field-empty"));
    } else if typed.chars().count() > most {
        wrong.push(FieldError::new(field, "contact-too-long").with("max", most));
    }
}

/// What is wrong with an agency (rule `agency.register`): a name and a registration number that no other has.
#[must_use]
pub fn check_agency(new: &NewAgency, known: bool) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    text(&mut wrong, "name", &new.name, MAX_NAME);
    text(&mut wrong, "registration", &new.registration, MAX_NAME);
    if known {
        wrong.push(FieldError::new("registration", "agency-known"));
    }
    if new.note.chars().count() > MAX_TEXT {
        wrong.push(FieldError::new("note", "contact-too-long").with("max", MAX_TEXT));
    }
    wrong
}

/// What is wrong with a contract (rule `agency.contract`, Art. 21 of the personal information law): purpose, term, what becomes
/// of the data and of sub-delegation are said; it begins after every other contract that stands or waits, ends after today,
/// and pays no more than the policy allows.
#[must_use]
pub fn check_contract(new: &Terms, others: &[Contract], today: Date, most_bp: i64) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    text(&mut wrong, "purpose", &new.purpose, MAX_TEXT);
    text(&mut wrong, "data_terms", &new.data, MAX_TEXT);
    text(&mut wrong, "delegation", &new.delegation, MAX_TEXT);
    if new.to < new.from || new.to < today {
        wrong.push(FieldError::new("until", "agency-contract-days"));
    }
    let overlaps = |one: &&Contract| match one.state {
        ContractState::Proposed | ContractState::Standing | ContractState::Ended => {
            one.terms.from <= new.to && new.from <= one.last_day()
        }
        ContractState::Refused => false,
    };
    if let Some(other) = others.iter().find(overlaps) {
        wrong.push(FieldError::new("from", "agency-contract-overlaps").with("number", &other.number));
    }
    if !(0..=most_bp).contains(&new.commission_bp) {
        wrong.push(FieldError::new("commission", "agency-commission-rate").with("most", percent(most_bp)));
    }
    wrong
}

/// Basis points as people write them: `12.5`.
#[must_use]
pub fn percent(bp: i64) -> String {
    let (whole, rest) = (bp / 100, (bp % 100).abs());
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:02}").trim_end_matches('0').to_owned() }
}

/// A rate in basis points as pages say it: `12.5 %`.
#[must_use]
pub fn rate(bp: i64) -> String {
    format!("{} %", percent(bp))
}

/// Reads `12.5` as 1,250 basis points; nothing beyond the hundredth.
#[must_use]
pub fn read_percent(typed: &str) -> Option<i64> {
    let typed = typed.trim().trim_end_matches('%').trim_end();
    let (whole, rest) = typed.split_once('.').unwrap_or((typed, "0"));
    let digits = |text: &str| !text.is_empty() && text.chars().all(|sign| sign.is_ascii_digit());
    if !digits(whole) || !digits(rest) || rest.len() > 2 || whole.len() > 3 {
        return None;
    }
    let hundredths = rest.parse::<i64>().ok()? * if rest.len() == 1 { 10 } else { 1 };
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(hundredths)
}

/// From which day on an evaluation counts as one before the end of the last contract, which a next one asks for (rule
/// `agency.renewal`); nothing to ask where there was no contract.
#[must_use]
pub fn renewal_needs(contracts: &[Contract], end_days: i64) -> Option<Date> {
    let had = |one: &&Contract| match one.state {
        ContractState::Standing | ContractState::Ended => true,
        ContractState::Proposed | ContractState::Refused => false,
    };
    let last = contracts.iter().filter(had).map(Contract::last_day).max()?;
    add_days(last, -end_days)
}

/// The first day of the unbroken contracts that lead to a day.
#[must_use]
pub fn since(contracts: &[Contract], on: Date) -> Option<Date> {
    let mut first = contracts.iter().find(|one| one.in_force(on))?.terms.from;
    while let Some(before) = contracts.iter().find(|one| {
        one.terms.from < first
            && one.last_day().tomorrow().is_ok_and(|next| next >= first)
            && (one.state == ContractState::Standing || one.state == ContractState::Ended)
    }) {
        first = before.terms.from;
    }
    Some(first)
}

/// What the policy says of evaluations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// So many a year.
    pub per_year: i64,
    /// Once within so many days before the end of a contract.
    pub end_days: i64,
}

/// By when an agency under contract on a day is evaluated next, and why (rule `agency.evaluation-due`): so many times a year
/// since the last time or the beginning, and once before the contract ends.
#[must_use]
pub fn evaluation_due(contracts: &[Contract], last: Option<Date>, on: Date, pace: Pace) -> Option<(Date, Occasion)> {
    let contract = contracts.iter().find(|one| one.in_force(on))?;
    let began = since(contracts, on)?;
    let base = last.map_or(began, |last| last.max(began));
    let yearly = (pace.per_year > 0).then(|| add_months(base, (12 / pace.per_year).max(1))).flatten();
    let window = add_days(contract.terms.to, -pace.end_days)?;
    let ending = last.is_none_or(|last| last < window).then_some(contract.terms.to);
    match (yearly, ending) {
        (Some(yearly), Some(ending)) if yearly < ending => Some((yearly, Occasion::Yearly)),
        (_, Some(ending)) => Some((ending, Occasion::ContractEnd)),
        // What the contract does not live to see is not due.
        (Some(yearly), None) if yearly <= contract.terms.to => Some((yearly, Occasion::Yearly)),
        (Some(_) | None, None) => None,
    }
}

/// What is known of an agency when a case is to be placed with it.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Its contracts.
    pub contracts: &'a [Contract],
    /// Whether it is on the published list.
    pub published: bool,
    /// Its last evaluation.
    pub last: Option<(Date, Decision)>,
    /// Whether the policy wants it published.
    pub must_publish: bool,
    /// What the policy says of evaluations.
    pub pace: Pace,
}

/// What keeps an agency from being given cases on a day (rule `agency.place`): no contract, stopped, overdue, or not
/// published.
#[must_use]
pub fn agency_bar(agency: &Standing<'_>, on: Date) -> Option<Bar> {
    if !agency.contracts.iter().any(|one| one.in_force(on)) {
        return Some(Bar::Contract);
    }
    if agency.last.is_some_and(|(_, decision)| decision == Decision::Stop) {
        return Some(Bar::Stopped);
    }
    let last = agency.last.map(|(on, _)| on);
    if let Some((due, _)) = evaluation_due(agency.contracts, last, on, agency.pace).filter(|(due, _)| *due < on) {
        return Some(Bar::Overdue { due });
    }
    (agency.must_publish && !agency.published).then_some(Bar::Unpublished)
}

/// The scores of an evaluation, or everything wrong with it (rule `agency.evaluation`): every item of the policy from nothing
/// to a hundred, words on what was found, and no mere going on below the pass mark.
///
/// # Errors
/// All complaints.
pub fn check_evaluation(
    new: &NewEvaluation,
    items: &[(String, i64)],
    pass: i64,
) -> Result<(Vec<Score>, i64), Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut scores = Vec::with_capacity(items.len());
    for ((item, weight), field) in items.iter().zip(POINTS) {
        let given = new.points.iter().find(|(known, _)| known == item).and_then(|(_, points)| *points);
        match given.filter(|points| (0..=100).contains(points)) {
            Some(points) => scores.push(Score { item: item.clone(), weight: *weight, points }),
            None => wrong.push(FieldError::new(field, "agency-points")),
        }
    }
    text(&mut wrong, "findings", &new.findings, MAX_TEXT);
    let total = total(&scores);
    if wrong.is_empty() && new.decision == Decision::Continue && total < pass {
        wrong.push(FieldError::new("conclusion", "agency-below").with("total", total).with("pass", pass));
    }
    if wrong.is_empty() { Ok((scores, total)) } else { Err(wrong) }
}

/// The weighted mean of the scores, a half up.
#[must_use]
pub fn total(scores: &[Score]) -> i64 {
    // Wide enough for every weight and number of items.
    let weights: i128 = scores.iter().map(|one| i128::from(one.weight)).sum();
    let sum: i128 = scores.iter().map(|one| i128::from(one.weight) * i128::from(one.points)).sum();
    if weights <= 0 { 0 } else { i64::try_from((sum * 2 + weights) / (weights * 2)).unwrap_or(i64::MAX) }
}

/// The commission of what came in (rule `agency.commission`): amount × rate, to the fen, a half up.
#[must_use]
pub fn commission(amount: Fen, bp: i64) -> Option<Fen> {
    amount.share_ppm(bp.checked_mul(100)?, Rounding::HalfUp)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::contact_gate::AgencyId;
    use platform::id::UserId;

    use super::super::model::ContractId;
    use super::*;

    fn terms(from: Date, to: Date) -> Terms {
        let said = || "有".to_owned();
        Terms { from, to, purpose: said(), data: said(), delegation: said(), commission_bp: 1_500 }
    }

    fn contract(from: Date, to: Date, state: ContractState) -> Contract {
        Contract {
            id: ContractId(1),
            agency: AgencyId(1),
            number: "WT1".to_owned(),
            terms: terms(from, to),
            state,
            approval: None,
            ending: None,
            end_reason: None,
            ended_on: None,
            by: UserId(1),
            version: 1,
        }
    }

    const PACE: Pace = Pace { per_year: 1, end_days: 30 };

    // Rule agency.contract. S2.6-09
    #[test]
    fn a_contract_says_purpose_term_data_and_delegation_and_overlaps_no_other() {
        let today = date(2026, 11, 20);
        let codes = |new: &Terms, others: &[Contract]| {
            let wrong = check_contract(new, others, today, 3_000);
            wrong.iter().map(|one| (one.field, one.code)).collect::<Vec<_>>()
        };
        let good = terms(date(2026, 12, 1), date(2027, 11, 30));
        assert_eq!(codes(&good, &[]), []);
        let empty = Terms { purpose: " ".to_owned(), data: String::new(), delegation: String::new(), ..good.clone() };
        let missing = [("purpose", "field-empty"), ("data_terms", "field-empty"), ("delegation", "field-empty")];
        assert_eq!(codes(&empty, &[]), missing);
        let past = terms(date(2025, 1, 1), date(2025, 12, 31));
        assert_eq!(codes(&past, &[]), [("until", "agency-contract-days")]);
        let dear = Terms { commission_bp: 3_001, ..good.clone() };
        assert_eq!(codes(&dear, &[]), [("commission", "agency-commission-rate")]);
        let old = contract(date(2026, 1, 1), date(2026, 12, 1), ContractState::Standing);
        assert_eq!(codes(&good, std::slice::from_ref(&old)), [("from", "agency-contract-overlaps")]);
        let ended = Contract { state: ContractState::Ended, ended_on: Some(date(2026, 11, 20)), ..old.clone() };
        assert_eq!(codes(&good, &[ended]), [], "it ended early");
        assert_eq!(codes(&good, &[Contract { state: ContractState::Refused, ..old }]), []);
    }

    // Rules agency.evaluation-due, agency.renewal. S2.6-09
    #[test]
    fn evaluated_every_year_and_once_before_the_contract_ends() {
        let (from, to) = (date(2026, 1, 1), date(2027, 6, 30));
        let one = [contract(from, to, ContractState::Standing)];
        let due = |last, on| evaluation_due(&one, last, on, PACE);
        let day = date(2026, 6, 1);
        assert_eq!(due(None, day), Some((date(2027, 1, 1), Occasion::Yearly)));
        let evaluated = Some(date(2026, 12, 20));
        assert_eq!(due(evaluated, date(2027, 1, 5)), Some((to, Occasion::ContractEnd)));
        assert_eq!(
            due(Some(date(2027, 5, 30)), date(2027, 6, 1)),
            Some((to, Occasion::ContractEnd)),
            "a day too early"
        );
        assert_eq!(due(Some(date(2027, 5, 31)), date(2027, 6, 1)), None);
        assert_eq!(due(None, date(2027, 7, 1)), None, "no contract, nothing due");
        assert_eq!(
            evaluation_due(&one, None, day, Pace { per_year: 2, ..PACE }),
            Some((date(2026, 7, 1), Occasion::Yearly))
        );
        assert_eq!(renewal_needs(&one, 30), Some(date(2027, 5, 31)));
        assert_eq!(renewal_needs(&[], 30), None);
        // A contract that follows the next day goes on from the first.
        let two = [one[0].clone(), contract(date(2027, 7, 1), date(2028, 6, 30), ContractState::Standing)];
        assert_eq!(since(&two, date(2027, 8, 1)), Some(from));
        let late = evaluation_due(&two, Some(date(2027, 5, 31)), date(2027, 8, 1), PACE);
        assert_eq!(late, Some((date(2028, 5, 31), Occasion::Yearly)));
    }

    // Rule agency.place. S2.6-09
    #[test]
    fn no_case_goes_to_an_agency_without_contract_publication_or_evaluation() {
        let contracts = [contract(date(2026, 1, 1), date(2027, 12, 31), ContractState::Standing)];
        let good = Standing { contracts: &contracts, published: true, last: None, must_publish: true, pace: PACE };
        let (early, late) = (date(2026, 6, 1), date(2027, 1, 2));
        assert_eq!(agency_bar(&good, early), None);
        assert_eq!(agency_bar(&good, date(2027, 1, 1)), None, "the day itself");
        assert_eq!(agency_bar(&good, late), Some(Bar::Overdue { due: date(2027, 1, 1) }));
        assert_eq!(agency_bar(&good, date(2028, 1, 1)), Some(Bar::Contract));
        assert_eq!(agency_bar(&Standing { published: false, ..good }, early), Some(Bar::Unpublished));
        assert_eq!(agency_bar(&Standing { published: false, must_publish: false, ..good }, early), None);
        let stopped = Standing { last: Some((early, Decision::Stop)), ..good };
        assert_eq!(agency_bar(&stopped, early), Some(Bar::Stopped));
        assert_eq!(agency_bar(&Standing { last: Some((early, Decision::Improve)), ..good }, late), None);
    }

    // Rule agency.evaluation. S2.6-09
    #[test]
    fn scores_are_weighed_and_below_the_pass_mark_nothing_merely_goes_on() {
        let items = [("compliance".to_owned(), 60), ("recovery".to_owned(), 40)];
        let new = |one: Option<i64>, two: Option<i64>, decision| NewEvaluation {
            occasion: Occasion::Yearly,
            points: vec![("compliance".to_owned(), one), ("recovery".to_owned(), two)],
            findings: "录音抽查无异常".to_owned(),
            decision,
        };
        let total = |new| check_evaluation(&new, &items, 60).map(|found| found.1);
        let code = |new| check_evaluation(&new, &items, 60).map_err(|wrong| wrong[0].code).err();
        assert_eq!(total(new(Some(80), Some(50), Decision::Continue)), Ok(68));
        assert_eq!(total(new(Some(59), Some(60), Decision::Improve)), Ok(59), "59.4");
        assert_eq!(code(new(Some(59), Some(60), Decision::Continue)), Some("agency-below"));
        assert_eq!(code(new(Some(101), Some(60), Decision::Stop)), Some("agency-points"));
        assert_eq!(code(new(None, Some(60), Decision::Stop)), Some("agency-points"));
        let score = |weight| Score { item: "compliance".to_owned(), weight, points: 100 };
        assert_eq!(super::total(&[score(i64::MAX), score(i64::MAX)]), 100, "no weight is too great");
    }

    // Rule agency.commission. S2.6-09
    #[test]
    fn commission_is_amount_times_rate_to_the_fen() {
        assert_eq!(commission(Fen(100_000), 1_500), Some(Fen(15_000)));
        assert_eq!(commission(Fen(333), 1_250), Some(Fen(42)), "41.625");
        assert_eq!(commission(Fen(i64::MAX), 10_000), Some(Fen(i64::MAX)));
        assert_eq!(
            ["12.5", "15", "0.05", "15%", "1.234", "x", "-1", ""].map(read_percent),
            [Some(1_250), Some(1_500), Some(5), Some(1_500), None, None, None, None]
        );
        assert_eq!([1_250, 1_500, 5].map(percent), ["12.5", "15", "0.05"]);
    }
}
