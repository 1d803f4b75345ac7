//! What must be true of a guarantee and of what becomes of it, and what all of a customer's tell. Pure.

use finance::Fen;
use jiff::civil::Date;
use platform::error::FieldError;

use super::model::{Guarantee, NewGuarantee, Side, State, StepKind};
use crate::datum::rules::check_text;

/// The longest number of a contract.
const NUMBER_LENGTH: usize = 60;

/// All that is wrong with a new guarantee, each with its field.
///
/// Rule `guarantee.enter` (S3-02): amount, term, product type, beneficiary and purpose are said; a number stands once a
/// side; who guarantees for others says for whom.
#[must_use]
pub fn check(new: &NewGuarantee, held: &[Guarantee], kinds: &[String], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !kinds.contains(&new.kind) {
        wrong.push(FieldError::choice("kind", &new.kind));
    }
    let number = new.number.trim();
    if number.is_empty() {
        wrong.push(FieldError::new("number", "field-empty"));
    } else if number.chars().count() > NUMBER_LENGTH || number.chars().any(char::is_control) {
        let found = number.chars().count();
        wrong.push(FieldError::new("number", "text-too-long").with("most", NUMBER_LENGTH).with("found", found));
    } else if held.iter().any(|one| !one.is_struck() && one.content.side == new.side && one.content.number == number) {
        wrong.push(FieldError::new("number", "guarantee-number-held"));
    }
    let texts = [
        ("beneficiary", &new.beneficiary, true),
        ("debtor", &new.debtor, new.side == Side::ByCustomer),
        ("project", &new.project, false),
        ("purpose", &new.purpose, true),
    ];
    for (field, text, needed) in texts {
        if needed && text.trim().is_empty() {
            wrong.push(FieldError::new(field, "field-empty"));
        }
        wrong.extend(check_text(field, text.trim()));
    }
    if !new.amount.is_positive() {
        wrong.push(FieldError::new("amount", "guarantee-amount"));
    }
    if new.from > today {
        wrong.push(FieldError::new("from", "date-in-future"));
    }
    if new.until < new.from {
        wrong.push(FieldError::new("until", "guarantee-until"));
    }
    wrong
}

/// What may become of a guarantee as it stands (rule `guarantee.step`).
#[must_use]
pub fn possible(one: &Guarantee, on: Date) -> Vec<StepKind> {
    if one.is_struck() {
        return Vec::new();
    }
    let (left, lost) = (one.left(on).is_positive(), one.lost(on).is_positive());
    let fits = |kind: &StepKind| match kind {
        StepKind::Reduced | StepKind::Compensated | StepKind::Released => left,
        StepKind::Overdue => left && !one.is_overdue(on),
        StepKind::Current => one.is_overdue(on),
        StepKind::Recovered => lost,
        StepKind::Struck => true,
    };
    StepKind::ALL.iter().copied().filter(fits).collect()
}

/// All that is wrong with a step, each with its field.
///
/// Rule `guarantee.step`: no more is reduced or paid than is guaranteed, no more got back than was paid; steps follow each
/// other in time and say their ground.
#[must_use]
pub fn check_step(
    one: &Guarantee,
    (kind, amount): (StepKind, Option<Fen>),
    (on, note): (Date, &str),
    today: Date,
) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !possible(one, today).contains(&kind) {
        wrong.push(FieldError::new("on", "guarantee-step-not-now"));
        return wrong;
    }
    let earliest = one.steps.iter().map(|step| step.on).chain([one.content.from]).max();
    if on > today {
        wrong.push(FieldError::new("on", "date-in-future"));
    } else if let Some(earliest) = earliest.filter(|earliest| on < *earliest) {
        wrong.push(FieldError::new("on", "guarantee-step-early").with("date", earliest));
    }
    if kind.takes_amount() {
        let most = if kind == StepKind::Recovered { one.lost(today) } else { one.left(today) };
        match amount {
            Some(fen) if fen.is_positive() && fen <= most => {}
            Some(fen) if fen.is_positive() => {
                let most = platform::locale::money(most.0);
                wrong.push(FieldError::new("amount", "guarantee-amount-most").with("most", most));
            }
            Some(_) | None => wrong.push(FieldError::new("amount", "guarantee-amount")),
        }
    }
    if note.trim().is_empty() {
        wrong.push(FieldError::new("note", "reason-empty"));
    }
    wrong.extend(check_text("note", note.trim()));
    wrong
}

/// What the guarantees of a customer come to on a day (担保指标).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Indicators {
    /// Guaranteed for the customer now (在保余额).
    pub guaranteed: Fen,
    /// Guaranteed by the customer for others now (对外担保余额).
    pub given: Fen,
    /// Ever guaranteed for the customer (累计担保).
    pub ever: Fen,
    /// Paid in the customer's place and not got back (代偿未收回).
    pub lost: Fen,
    /// Whether anything was ever paid in the customer's place.
    pub compensated: bool,
    /// Counter-security to what is guaranteed (担保覆盖率), parts per million.
    pub coverage_ppm: Option<i64>,
    /// What of the guaranteed is overdue (贷款逾期率), parts per million.
    pub overdue_ppm: Option<i64>,
    /// Losses to what was ever guaranteed (担保损失率), parts per million.
    pub loss_ppm: Option<i64>,
}

/// What all guarantees of a customer tell on a day.
///
/// Rule `guarantee.indicators` (S3-08): coverage is the value of counter-security of guarantees in force to what they
/// guarantee; the overdue ratio is what of it stands behind overdue debts; the loss ratio is what was paid and not got back
/// to all that was ever guaranteed. None is computed over nothing.
#[must_use]
pub fn indicators(all: &[Guarantee], on: Date) -> Indicators {
    let counted: Vec<&Guarantee> = all.iter().filter(|one| !one.is_struck() && one.content.from <= on).collect();
    let (own, others): (Vec<&Guarantee>, Vec<&Guarantee>) =
        counted.into_iter().partition(|one| one.content.side == Side::ForCustomer);
    let sum = |of: &dyn Fn(&Guarantee) -> Fen| own.iter().copied().map(|one| i128::from(of(one).0)).sum::<i128>();
    let guaranteed = sum(&|one| one.left(on));
    let cover = sum(&|one| if one.left(on).is_positive() { one.content.cover } else { Fen(0) });
    let overdue = sum(&|one| if one.is_overdue(on) { one.left(on) } else { Fen(0) });
    let (ever, lost) = (sum(&|one| one.content.amount), sum(&|one| one.lost(on)));
    Indicators {
        guaranteed: fen(guaranteed),
        given: fen(others.iter().map(|one| i128::from(one.left(on).0)).sum()),
        ever: fen(ever),
        lost: fen(lost),
        compensated: own.iter().any(|one| one.compensated(on).is_positive()),
        coverage_ppm: share(cover, guaranteed),
        overdue_ppm: share(overdue, guaranteed),
        loss_ppm: share(lost, ever),
    }
}

fn fen(sum: i128) -> Fen {
    Fen(i64::try_from(sum).unwrap_or(i64::MAX))
}

/// Parts per million, half up.
fn share(part: i128, whole: i128) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    i64::try_from((part * 2_000_000 + whole) / (2 * whole)).ok()
}

/// What guarantees of a product type came to: for the analysis of projects (S3-27).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfKind {
    /// The product type.
    pub kind: String,
    /// How many.
    pub count: usize,
    /// Guaranteed in all.
    pub amount: Fen,
    /// Guaranteed now.
    pub left: Fen,
    /// Paid and not got back.
    pub lost: Fen,
    /// How many ended without a loss.
    pub clean: usize,
    /// The longest term in days.
    pub longest_days: i64,
}

/// The guarantees for a customer by product type, in the order of their names (rule `guarantee.history`).
#[must_use]
pub fn history(all: &[Guarantee], on: Date) -> Vec<OfKind> {
    let mut found: std::collections::BTreeMap<&str, OfKind> = std::collections::BTreeMap::new();
    let counted = all.iter().filter(|one| !one.is_struck() && one.content.side == Side::ForCustomer);
    for one in counted {
        let kind = one.content.kind.as_str();
        let line = found.entry(kind).or_insert_with(|| OfKind {
            kind: kind.to_owned(),
            count: 0,
            amount: Fen(0),
            left: Fen(0),
            lost: Fen(0),
            clean: 0,
            longest_days: 0,
        });
        let days = i64::from((one.content.until - one.content.from).get_days());
        line.count += 1;
        line.amount = fen(i128::from(line.amount.0) + i128::from(one.content.amount.0));
        line.left = fen(i128::from(line.left.0) + i128::from(one.left(on).0));
        line.lost = fen(i128::from(line.lost.0) + i128::from(one.lost(on).0));
        line.clean += usize::from(one.state(on) == State::Released && !one.compensated(on).is_positive());
        line.longest_days = line.longest_days.max(days);
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::UserId;

    use super::*;
    use crate::guarantee::model::{GuaranteeId, Step};

    const TODAY: Date = date(2026, 11, 20);

    fn new(side: Side, amount: i64, cover: i64) -> NewGuarantee {
        NewGuarantee {
            side,
            kind: "loan".to_owned(),
            number: "保001".to_owned(),
            beneficiary: "示例银行".to_owned(),
            debtor: if side == Side::ByCustomer { "示例乙公司".to_owned() } else { String::new() },
            amount: Fen(amount),
            cover: Fen(cover),
            from: date(2026, 1, 5),
            until: date(2027, 1, 4),
            project: "扩建".to_owned(),
            purpose: "流动资金".to_owned(),
        }
    }

    fn with(side: Side, amount: i64, cover: i64, steps: &[(StepKind, i64)]) -> Guarantee {
        let step = |(kind, fen): &(StepKind, i64)| Step {
            kind: *kind,
            amount: kind.takes_amount().then_some(Fen(*fen)),
            on: date(2026, 6, 1),
            note: "凭证".to_owned(),
            by: UserId(1),
        };
        let steps = steps.iter().map(step).collect();
        Guarantee { id: GuaranteeId(1), content: new(side, amount, cover), by: UserId(1), steps }
    }

    // S3-02. Rule guarantee.enter
    #[test]
    fn each_complaint_names_its_field() {
        let kinds = ["loan".to_owned()];
        let fields = |new: &NewGuarantee, held: &[Guarantee]| -> Vec<&str> {
            check(new, held, &kinds, TODAY).iter().map(|one| one.field).collect()
        };
        let good = new(Side::ForCustomer, 100, 0);
        assert_eq!(fields(&good, &[]), Vec::<&str>::new());
        let held = [with(Side::ForCustomer, 100, 0, &[])];
        assert_eq!(fields(&good, &held), ["number"]);
        assert_eq!(fields(&new(Side::ByCustomer, 100, 0), &held), Vec::<&str>::new(), "another side");
        let struck = [with(Side::ForCustomer, 100, 0, &[(StepKind::Struck, 0)])];
        assert_eq!(fields(&good, &struck), Vec::<&str>::new(), "entered wrongly, entered again");
        let bad = NewGuarantee {
            kind: "poem".to_owned(),
            number: " ".to_owned(),
            beneficiary: String::new(),
            debtor: String::new(),
            amount: Fen(0),
            from: date(2026, 11, 21),
            until: TODAY,
            purpose: String::new(),
            ..new(Side::ByCustomer, 1, 0)
        };
        assert_eq!(
            fields(&bad, &[]),
            ["kind", "number", "beneficiary", "debtor", "purpose", "amount", "from", "until"]
        );
    }

    // S3-02. Rules guarantee.state, guarantee.step
    #[test]
    fn a_guarantee_goes_from_standing_to_released_and_never_below_nothing() {
        use StepKind::{Compensated, Current, Overdue, Recovered, Reduced, Released, Struck};
        let state = |steps: &[(StepKind, i64)]| with(Side::ForCustomer, 100, 0, steps).state(TODAY);
        assert_eq!(state(&[]), State::Standing);
        assert_eq!(state(&[(Overdue, 0)]), State::Overdue);
        assert_eq!(state(&[(Overdue, 0), (Current, 0)]), State::Standing);
        assert_eq!(state(&[(Overdue, 0), (Compensated, 100)]), State::Compensated);
        assert_eq!(state(&[(Compensated, 100), (Recovered, 100)]), State::Released);
        assert_eq!(state(&[(Reduced, 100)]), State::Released);
        assert_eq!(state(&[(Released, 0)]), State::Released);
        assert_eq!(state(&[(Compensated, 100), (Struck, 0)]), State::Struck);
        assert_eq!(with(Side::ForCustomer, 100, 0, &[]).state(date(2027, 1, 5)), State::Expired);
        let one = with(Side::ForCustomer, 100, 0, &[(Compensated, 60)]);
        assert_eq!(possible(&one, TODAY), [Reduced, Overdue, Compensated, Recovered, Released, Struck]);
        let fields = |kind, fen: i64, on| -> Vec<&str> {
            check_step(&one, (kind, Some(Fen(fen))), (on, "凭证"), TODAY).iter().map(|one| one.code).collect()
        };
        assert_eq!(fields(Compensated, 40, TODAY), Vec::<&str>::new());
        assert_eq!(fields(Compensated, 41, TODAY), ["guarantee-amount-most"]);
        assert_eq!(fields(Recovered, 61, TODAY), ["guarantee-amount-most"]);
        assert_eq!(fields(Reduced, 0, date(2026, 5, 31)), ["guarantee-step-early", "guarantee-amount"]);
        assert_eq!(fields(Current, 0, TODAY), ["guarantee-step-not-now"]);
    }

    // S3-08. Rule guarantee.indicators
    #[test]
    fn the_ratios_are_computed_from_the_register_and_never_over_nothing() {
        use StepKind::{Compensated, Overdue, Recovered, Released, Struck};
        let none = indicators(&[], TODAY);
        assert_eq!((none.coverage_ppm, none.overdue_ppm, none.loss_ppm), (None, None, None));
        let all = [
            with(Side::ForCustomer, 10_000, 15_000, &[]),
            with(Side::ForCustomer, 5_000, 3_000, &[(Overdue, 0)]),
            with(Side::ForCustomer, 5_000, 9_000, &[(Compensated, 5_000), (Recovered, 4_900)]),
            with(Side::ForCustomer, 90_000, 0, &[(Struck, 0)]),
            with(Side::ByCustomer, 7_000, 0, &[]),
            with(Side::ByCustomer, 3_000, 0, &[(Released, 0)]),
        ];
        let found = indicators(&all, TODAY);
        assert_eq!((found.guaranteed, found.given), (Fen(15_000), Fen(7_000)));
        assert_eq!(found.coverage_ppm, Some(1_200_000), "180 of counter-security to 150");
        assert_eq!(found.overdue_ppm, Some(333_333));
        assert_eq!(found.loss_ppm, Some(5_000), "1 of 200");
        assert!(found.compensated);
        let before = indicators(&all, date(2026, 5, 31));
        assert_eq!(before.overdue_ppm, Some(0), "as it stood on that day");
        assert_eq!(indicators(&all, date(2026, 1, 4)), Indicators::default());
    }

    // S3-27. Rule guarantee.history
    #[test]
    fn the_history_tells_amounts_terms_and_losses_by_product() {
        let all = [
            with(Side::ForCustomer, 100, 0, &[(StepKind::Released, 0)]),
            with(Side::ForCustomer, 60, 0, &[(StepKind::Compensated, 20)]),
            with(Side::ByCustomer, 60, 0, &[]),
        ];
        let found = history(&all, TODAY);
        assert_eq!(found.len(), 1);
        let one = &found[0];
        assert_eq!((one.count, one.amount, one.left, one.lost, one.clean), (2, Fen(160), Fen(40), Fen(20), 1));
        assert_eq!(one.longest_days, 364);
    }
}
