//! Schedules, positions and derivations as aligned text tables for people.

use std::fmt::Write;

use crate::explain::DerivationLine;
use crate::money::Fen;
use crate::position::Position;
use crate::schedule::Schedule;
use crate::terms::Head;

/// Lines of cells, right-aligned to the widest of each column.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{}{cell}", " ".repeat(width.saturating_sub(cell.chars().count()))))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn cells<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

/// A schedule.
pub(crate) fn of_schedule(plan: &Schedule) -> String {
    let mut rows = vec![cells(["no", "due", "principal", "interest", "total", "balance", ""])];
    for line in &plan.instalments {
        let mark = if line.provisional { "provisional" } else { "" };
        rows.push(vec![
            line.no.to_string(),
            line.due_on.to_string(),
            line.principal.to_string(),
            line.interest.to_string(),
            line.total().to_string(),
            line.balance.to_string(),
            mark.to_owned(),
        ]);
    }
    let total = Fen(plan.total_principal.0.saturating_add(plan.total_interest.0)).to_string();
    let (principal, interest) = (plan.total_principal.to_string(), plan.total_interest.to_string());
    rows.push(vec![String::new(), "total".into(), principal, interest, total]);
    aligned(&rows)
}

/// A position.
pub(crate) fn of_position(position: &Position) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "as of {}: {:?}, {} days overdue", position.as_of, position.status, position.days_overdue);
    let mut rows = vec![cells(["", "outstanding", "due", "overdue"])];
    for head in Head::ALL {
        let amounts = [position.outstanding, position.due, position.overdue].map(|a| a.get(head).to_string());
        rows.push([vec![format!("{head:?}").to_lowercase()], amounts.to_vec()].concat());
    }
    rows.push(vec!["credit".into(), position.credit.to_string()]);
    text.push_str(&aligned(&rows));
    text.push('\n');
    let heads =
        ["no", "due", "principal", "paid", "interest", "paid", "penalty", "paid", "compound", "paid", "cleared"];
    let mut rows = vec![cells(heads)];
    for row in &position.instalments {
        let debts = [row.principal, row.interest, row.penalty, row.compound];
        let amounts = debts.iter().flat_map(|debt| [debt.due.to_string(), debt.paid.to_string()]);
        let cleared = row.cleared_on.map_or_else(String::new, |on| on.to_string());
        rows.push([row.no.to_string(), row.due_on.to_string()].into_iter().chain(amounts).chain([cleared]).collect());
    }
    text.push_str(&aligned(&rows));
    text
}

/// A derivation, or nothing.
pub(crate) fn of_derivation(lines: Option<&[DerivationLine]>) -> String {
    let Some(lines) = lines else { return String::new() };
    let heads =
        ["no", "head", "from", "to", "balance", "rate e9", "days", "basis", "product", "carried", "amount", "rule"];
    let mut rows = vec![cells(heads)];
    for line in lines {
        rows.push(vec![
            line.instalment.to_string(),
            format!("{:?}", line.head).to_lowercase(),
            line.from_on.to_string(),
            line.to_on.to_string(),
            line.balance.to_string(),
            line.yearly_e9.to_string(),
            line.days.to_string(),
            line.basis.clone(),
            line.product.clone(),
            line.carried.clone(),
            line.amount.map_or_else(String::new, |amount| amount.to_string()),
            line.rule.clone(),
        ]);
    }
    format!("\n{}", aligned(&rows))
}
