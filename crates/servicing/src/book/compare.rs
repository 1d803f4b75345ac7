//! The sheet's own balance and class against what the transactions give.

use finance::{Context, Position, ReplayError};

use super::conventions::Conventions;
use super::draft::{BookDraft, SheetClass};
use super::finding::{Fact, Warning, WarningCode, fact};
use super::terms::{terms_of, transactions_of};

/// From so many days overdue on, a loan is at least in this class (分类天数档); policy data, ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassBand {
    /// First day of the band.
    pub from_days: u32,
    /// The class.
    pub class: SheetClass,
}

/// What replaying one loan gave (试算结果).
#[derive(Debug)]
pub struct Outcome {
    /// The loan, as an index of the draft.
    pub loan: usize,
    /// Its position on the date of the book.
    pub position: Result<Position, ReplayError>,
}

/// Replays every loan to the date of the book and warns where the sheet says otherwise (试算并核对).
///
/// `bands` comes from the policy in force; without bands classes are not compared.
pub fn compare(
    draft: &mut BookDraft,
    conventions: &Conventions,
    context: &Context<'_>,
    bands: &[ClassBand],
) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(draft.loans.len());
    let mut warnings = Vec::new();
    for loan in 0..draft.loans.len() {
        let terms = terms_of(&draft.loans[loan], conventions);
        let transactions = transactions_of(draft, loan);
        let position = finance::replay(&terms, context, &transactions, conventions.as_of);
        match &position {
            Ok(position) => compare_loan(draft, loan, position, bands, &mut warnings),
            Err(error) => warnings.push(warning(draft, loan, WarningCode::NotReplayable, vec![fact("error", error)])),
        }
        outcomes.push(Outcome { loan, position });
    }
    draft.warnings.extend(warnings);
    outcomes
}

fn compare_loan(draft: &BookDraft, loan: usize, position: &Position, bands: &[ClassBand], warnings: &mut Vec<Warning>) {
    let stated = &draft.loans[loan];
    if position.credit.is_positive() {
        warnings.push(warning(draft, loan, WarningCode::Overpayment, vec![fact("credit", position.credit)]));
    }
    if let Some(balance) = stated.balance.filter(|balance| *balance != position.outstanding.principal) {
        let facts = vec![fact("sheet", balance), fact("computed", position.outstanding.principal)];
        warnings.push(warning(draft, loan, WarningCode::BalanceDiffers, facts));
    }
    let by_days = bands.iter().rev().find(|band| position.days_overdue >= band.from_days).map(|band| band.class);
    if let (Some(class), Some(by_days)) = (stated.class, by_days)
        && class != by_days
    {
        let facts = vec![
            fact("sheet", class_code(class)),
            fact("computed", class_code(by_days)),
            fact("days", position.days_overdue),
        ];
        warnings.push(warning(draft, loan, WarningCode::ClassDiffers, facts));
    }
}

fn warning(draft: &BookDraft, loan: usize, code: WarningCode, facts: Vec<Fact>) -> Warning {
    let stated = &draft.loans[loan];
    Warning {
        sheet: stated.source.sheet.clone(),
        row: Some(stated.source.row),
        column: None,
        code,
        facts,
        loan: Some(stated.no.clone()),
        customer: None,
    }
}

/// The stable code of a class, as in messages.
fn class_code(class: SheetClass) -> &'static str {
    match class {
        SheetClass::Normal => "normal",
        SheetClass::SpecialMention => "special-mention",
        SheetClass::Substandard => "substandard",
        SheetClass::Doubtful => "doubtful",
        SheetClass::Loss => "loss",
    }
}
