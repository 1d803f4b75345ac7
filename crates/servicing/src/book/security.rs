//! Guarantees and collaterals (担保), in the loan's row or on a sheet of their own.

use platform::sheets::values::split_names;

use super::draft::{CollateralDraft, GuaranteeDraft, SecurityKind};
use super::field::{Field, Role};
use super::finding::{RefusalCode, WarningCode, fact};
use super::keys;
use super::loans::security_of;
use super::reading::Reading;
use super::row_view::RowView;

/// Reads all security sheets.
pub(super) fn read_security(reading: &mut Reading<'_>) {
    reading.each_row(Role::Security, |reading, view, idle| {
        if idle.is_none() {
            read_row(reading, &view);
        }
    });
}

fn read_row(reading: &mut Reading<'_>, view: &RowView<'_>) {
    let Some(loan) = reading.loan_of(view) else { return };
    let kind = view.text(Field::Security).as_deref().and_then(security_of);
    let collateral = match kind {
        Some(SecurityKind::Guaranteed) => false,
        Some(SecurityKind::Mortgage | SecurityKind::Pledge) => true,
        Some(SecurityKind::Credit) | None => view.text(Field::Collateral).is_some(),
    };
    if collateral { take_collateral(reading, view, loan, kind, true) } else { take_guarantees(reading, view, loan) }
}

/// The security that a loan's own row names.
pub(super) fn read_security_of_loan(reading: &mut Reading<'_>, view: &RowView<'_>, loan: usize) {
    if view.text(Field::Guarantor).is_some() {
        take_guarantees(reading, view, loan);
    }
    if view.text(Field::Collateral).is_some() {
        let kind = reading.draft.loans[loan].security;
        take_collateral(reading, view, loan, kind, false);
    }
}

fn take_guarantees(reading: &mut Reading<'_>, view: &RowView<'_>, loan: usize) {
    let no = reading.draft.loans[loan].no.clone();
    let fields = (Field::Guarantor, Field::GuarantorId);
    let named = match reading.named(view, fields.0, fields.1) {
        Ok(named) => named,
        Err((field, fault)) => return reading.refuse(view.refusal(field, fault, Some(&no))),
    };
    if named.is_empty() {
        return reading.refuse(view.refusal(Field::Guarantor, (RefusalCode::NameMissing, vec![]), Some(&no)));
    }
    let amount = match view.amount(Field::GuaranteeAmount) {
        Ok(Some((fen, _))) if fen.is_positive() => fen,
        Ok(None) => reading.draft.loans[loan].principal,
        Ok(Some(_)) => {
            return reading.refuse(view.refusal(
                Field::GuaranteeAmount,
                (RefusalCode::AmountUnreadable, vec![]),
                Some(&no),
            ));
        }
        Err(fault) => return reading.refuse(view.refusal(Field::GuaranteeAmount, fault, Some(&no))),
    };
    for named in named {
        match reading.parties.find(&named, false, &reading.draft.customers) {
            Ok(found) => {
                let guarantor = reading.take_party(view, &named, found, fields, Some(&no));
                let key = keys::guarantee(&no, &reading.draft.customers[guarantor].key);
                reading.draft.guarantees.push(GuaranteeDraft { key, loan, guarantor, amount, source: view.source() });
            }
            Err(fault) => reading.refuse(view.refusal(Field::Guarantor, fault, Some(&no))),
        }
    }
}

/// A collateral; on a security sheet its owner is named, in a loan's row it is the borrower's.
fn take_collateral(
    reading: &mut Reading<'_>,
    view: &RowView<'_>,
    loan: usize,
    kind: Option<SecurityKind>,
    own_sheet: bool,
) {
    let no = reading.draft.loans[loan].no.clone();
    let kind = match kind {
        Some(SecurityKind::Pledge) => SecurityKind::Pledge,
        Some(SecurityKind::Mortgage | SecurityKind::Guaranteed | SecurityKind::Credit) | None => SecurityKind::Mortgage,
    };
    let value = match view.amount(Field::CollateralValue) {
        Ok(value) => value.map(|(fen, _)| fen),
        Err(fault) => return reading.refuse(view.refusal(Field::CollateralValue, fault, Some(&no))),
    };
    let owner = match view.text(Field::Guarantor).filter(|_| own_sheet) {
        None => Some(reading.draft.loans[loan].borrower),
        Some(text) => {
            let first = split_names(&text).into_iter().next().unwrap_or(text);
            let named = super::parties::Named::only(&first);
            match reading.parties.find(&named, false, &reading.draft.customers) {
                Ok(found) => {
                    Some(reading.take_party(view, &named, found, (Field::Guarantor, Field::GuarantorId), Some(&no)))
                }
                Err(fault) => return reading.refuse(view.refusal(Field::Guarantor, fault, Some(&no))),
            }
        }
    };
    let description = view.text(Field::Collateral).unwrap_or_default();
    let key = keys::collateral(&no, kind, &description);
    reading.draft.collaterals.push(CollateralDraft {
        key,
        loan,
        kind,
        description,
        owner,
        value,
        source: view.source(),
    });
}

/// A guarantor who borrows here himself is told: his strength is counted twice.
pub(super) fn warn_of_guarantors(reading: &mut Reading<'_>) {
    let draft = &mut reading.draft;
    for guarantee in &draft.guarantees {
        let own = |l: &&super::draft::LoanDraft| {
            l.borrower == guarantee.guarantor || l.co_borrowers.contains(&guarantee.guarantor)
        };
        let mut loans: Vec<_> = draft.loans.iter().filter(own).collect();
        if loans.is_empty() {
            continue;
        }
        loans.sort_by(|a, b| (a.disbursed_on, &a.no).cmp(&(b.disbursed_on, &b.no)));
        let numbers: Vec<&str> = loans.iter().map(|l| l.no.as_str()).collect();
        draft.warnings.push(super::finding::Warning {
            sheet: guarantee.source.sheet.clone(),
            row: Some(guarantee.source.row),
            column: None,
            code: WarningCode::GuarantorIsBorrower,
            facts: vec![
                fact("guarantor", &draft.customers[guarantee.guarantor].name),
                fact("count", numbers.len()),
                fact("loans", numbers.join("、")),
            ],
            loan: Some(draft.loans[guarantee.loan].no.clone()),
            customer: Some(guarantee.guarantor),
        });
    }
}
