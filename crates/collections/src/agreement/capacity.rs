//! A plan from what a debtor can pay (能力方案), S2.5-13: proposed to whoever writes the agreement, and decided by nobody.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::error::ActionError;
use platform::page::{Button, Html, Icon, Look, Ui};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use servicing::ledger::store::LedgerRow;
use servicing::loan::model::LoanId;

use super::list::form_of;
use super::model::AgreementKind;
use crate::case::model::Case;
use crate::cause::model::Capacity;
use crate::cause::store as causes;

/// What the link that fills the form sends as `step`.
pub(super) const STEP: &str = "capacity";
/// Months after which no schedule is looked for any more.
const END: u32 = 600;

/// What a loan asks of a debtor (月供负担).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burden {
    /// The next instalment.
    pub instalment: Fen,
    /// What is overdue.
    pub overdue: Fen,
    /// All that is still owed: principal, and what is unpaid besides.
    pub owed: Fen,
    /// Its rate, billionths a year.
    pub yearly_e9: i64,
    /// The most months that the policy lets an agreement run.
    pub longest: u32,
}

/// What a capacity carries (能力方案).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    /// 分期还清: the instalments as they are, and the arrears in so many months besides.
    Arrears {
        /// How many months.
        months: u32,
    },
    /// 重组: a smaller instalment, over so many months.
    Smaller {
        /// How many months.
        months: u32,
    },
    /// 无力负担: no schedule; not even the interest is covered.
    Nothing,
}

impl Carries {
    /// The kind of agreement that it proposes.
    #[must_use]
    pub fn kind(self) -> Option<AgreementKind> {
        match self {
            Self::Arrears { .. } => Some(AgreementKind::Instalments),
            Self::Smaller { .. } => Some(AgreementKind::Restructuring),
            Self::Nothing => None,
        }
    }
}

/// What a debtor with so much left a month can carry (rule `agreement.capacity`): the arrears beside the instalments where
/// enough is left over; where the instalment itself is too much, the fewest months whose instalment is not.
#[must_use]
pub fn carries(left: Fen, burden: &Burden) -> Carries {
    let spare = left.0.saturating_sub(burden.instalment.0);
    if spare > 0 {
        let months = burden.overdue.0.max(0).div_euclid(spare) + i64::from(burden.overdue.0.max(0) % spare != 0);
        if let Some(months) = u32::try_from(months).ok().filter(|months| *months <= burden.longest) {
            return Carries::Arrears { months: months.max(1) };
        }
    }
    let mut owed = i128::from(burden.owed.0);
    for months in 1..=END {
        // Upwards, so that the instalment never comes out above what is left.
        let interest = (owed * i128::from(burden.yearly_e9) + 11_999_999_999) / 12_000_000_000;
        owed += interest - i128::from(left.0);
        if owed <= 0 {
            return Carries::Smaller { months };
        }
    }
    Carries::Nothing
}

/// A plan for a loan from the capacity of its case.
#[derive(Debug, Clone)]
pub(super) struct Proposed {
    /// The assessment that holds.
    pub capacity: Capacity,
    /// Of which loan.
    pub loan: LoanId,
    /// What is left for this loan, after the instalments of the debtor's other overdue loans.
    pub left: Fen,
    /// What the loan asks.
    pub burden: Burden,
    /// What can be carried.
    pub carries: Carries,
    /// When the first part would fall due.
    pub first_on: Date,
}

/// What the capacity of a case carries of one of its loans, the named or the first; none where none was assessed.
///
/// # Errors
/// The policy lacks the length of agreements; the store's.
pub(super) async fn proposed(
    work: &mut Work,
    case: &Case,
    loans: &[LedgerRow],
    wanted: &str,
) -> Result<Option<Proposed>, ActionError> {
    let Some(capacity) = causes::capacity(&mut work.tx, case.key).await? else { return Ok(None) };
    let named = loans.iter().find(|row| row.key.loan.to_string() == wanted);
    let Some(row) = named.or_else(|| loans.first()) else { return Ok(None) };
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let longest = policy.edition(today).integer("agreement_max_months").map_err(PolicyError::from)?;
    let others = loans.iter().filter(|other| other.key != row.key).map(|other| other.position.next_due);
    let others = Fen::checked_sum(others).unwrap_or_default();
    let left = capacity.left().checked_sub(others).unwrap_or_default().max(Fen::ZERO);
    let principal = row.position.principal;
    // What is overdue besides principal comes on top of all principal.
    let besides = row.overdue.checked_sub(row.position.overdue_principal).unwrap_or_default();
    let burden = Burden {
        instalment: row.position.next_due,
        overdue: row.overdue,
        owed: principal.checked_add(besides).unwrap_or(principal),
        yearly_e9: row.position.yearly_e9,
        longest: u32::try_from(longest).unwrap_or(0),
    };
    let next = row.position.next_due_on.filter(|on| *on > today);
    let first_on = next.or_else(|| finance::add_months(today, 1)).unwrap_or(today);
    let carries = carries(left, &burden);
    Ok(Some(Proposed { capacity, loan: row.key.loan, left, burden, carries, first_on }))
}

/// The capacity with its arithmetic, what it carries, and the link that fills the form accordingly.
pub(super) fn panel(ui: &Ui, case: &Case, one: &Proposed) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("agreement-capacity"));
    out.raw("</h2></header><div class=\"panel-body stack\"><p>").text(sum(ui, one)).raw("</p><p>");
    let told = match one.carries {
        Carries::Arrears { months } => ui.t1("agreement-capacity-arrears", "months", months),
        Carries::Smaller { months } => ui.t1("agreement-capacity-smaller", "months", months),
        Carries::Nothing => ui.t("agreement-capacity-nothing"),
    };
    out.text(told).raw(" ").push(&ui.rule("agreement.capacity")).raw("</p>");
    if let Some(kind) = one.carries.kind() {
        let (address, kind) = (form_of(case.key.case), kind.as_str());
        let href = format!("{address}?step={STEP}&kind={kind}&loan={}", one.loan);
        let fill = Button::link(Look::Secondary, ui.t("agreement-capacity-fill"), href);
        out.push(&ui.button(fill.icon(Icon::Edit)));
    }
    out.raw("</div></section>");
    out
}

/// Income less living, what is left for this loan and what its instalment asks; also the reason of the agreement.
pub(super) fn sum(ui: &Ui, one: &Proposed) -> String {
    let told = [
        ("income", ui.yuan(one.capacity.income)),
        ("living", ui.yuan(one.capacity.living)),
        ("left", ui.yuan(one.left)),
        ("instalment", ui.yuan(one.burden.instalment)),
        ("overdue", ui.yuan(one.burden.overdue)),
    ];
    ui.tn("agreement-capacity-sum", &told)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100,000.00 at 12 % with an instalment of 8,884.88, one of them overdue.
    const LOAN: Burden = Burden {
        instalment: Fen(888_488),
        overdue: Fen(888_488),
        owed: Fen(10_000_000),
        yearly_e9: 120_000_000,
        longest: 12,
    };

    #[test]
    fn what_is_left_pays_the_arrears_beside_the_instalments_or_a_smaller_instalment_or_nothing() {
        // Rule `agreement.capacity`. S2.5-13
        assert_eq!(carries(Fen(1_888_488), &LOAN), Carries::Arrears { months: 1 });
        assert_eq!(
            carries(Fen(1_000_000), &LOAN),
            Carries::Arrears { months: 8 },
            "111,512 fen beside each instalment"
        );
        // Beside the instalment only 100 fen are left: no agreement runs that long, the schedule itself is amended.
        assert_eq!(carries(Fen(888_588), &LOAN), Carries::Smaller { months: 12 });
        let Carries::Smaller { months } = carries(Fen(500_000), &LOAN) else { panic!("too much for the instalment") };
        assert_eq!(months, 23, "100,000.00 at 1 % a month by 5,000.00 a month");
        assert_eq!(carries(Fen(100_000), &LOAN), Carries::Nothing, "1,000.00 is the interest of a month alone");
        assert_eq!(carries(Fen::ZERO, &LOAN), Carries::Nothing);
    }

    #[test]
    fn the_instalment_that_is_proposed_is_never_above_what_is_left() {
        // Rule `agreement.capacity`: one month fewer would be too much.
        let dear = Burden { longest: 0, ..LOAN };
        for left in (120_000..2_000_000_i64).step_by(37_000) {
            let Carries::Smaller { months } = carries(Fen(left), &dear) else { panic!("{left}") };
            let owed_after = |months: u32| (0..months).fold(10_000_000_i64, |owed, _| owed + (owed + 99) / 100 - left);
            assert!(owed_after(months) <= 0 && (months == 1 || owed_after(months - 1) > 0), "{left}: {months}");
        }
    }
}
