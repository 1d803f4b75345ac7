//! Printed papers of a loan (打印): schedule, statement, receipt, derivation; each print is in the audit trail.

use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use finance::{Allocation, DerivationLine, Fen, Target, TransactionKind};
use platform::audit::Entry;
use platform::error::{ActionError, RefusalKind, Refused};
use platform::locale::Lang;
use platform::numbering;
use platform::page::Ui;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Document, Frame, Imprint, Letterhead, Press, PrintError};
use serde_json::json;

use super::model::{LoanTransaction, TransactionId};
use super::pages::{Asked, Looked, look};
use super::view::{Figures, method_id, target_message};
use super::why::{self, Question};
use crate::error::ServicingError;

/// The schedule as it now stands (还款计划表, S2.19-04).
pub async fn schedule(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let looked = look(&mut work, &id, &asked).await?;
    let frame = frame(&visit, &mut work, &looked, "LN-02").await?;
    let contract_no = super::store::contract_number(&mut work.tx, looked.file.loan.key).await?;
    let rate = format!("{}%", platform::locale::rate_percent(looked.position.yearly_e9));
    let mut balance = looked.position.disbursed;
    let instalments = looked
        .position
        .instalments
        .iter()
        .map(|i| {
            let figures = Figures::of(i);
            balance = balance.checked_sub(figures.principal).unwrap_or_default();
            print::Instalment {
                seq: i.no,
                due_on: i.nominal_due_on,
                moved: (i.due_on != i.nominal_due_on)
                    .then(|| print::Moved { to: i.due_on, holiday: ui.t("print-rest-day") }),
                principal_fen: figures.principal.0,
                interest_fen: figures.interest.0,
                fee_fen: 0,
                balance_fen: balance.0,
            }
        })
        .collect();
    let document = print::RepaymentSchedule {
        frame,
        borrower: borrower(&looked),
        contract_no,
        annex: String::new(),
        loan_no: looked.file.loan.number.clone(),
        principal_fen: looked.position.disbursed.0,
        disbursed_on: looked.file.loan.start_on,
        matures_on: looked.position.maturity_on,
        rate,
        method: ui.t(format!("method-{}", method_id(&looked))),
        cost: String::new(),
        other_fees_fen: 0,
        instalments,
        notes: vec![ui.t("print-schedule-note")],
        signatures: None,
    };
    finish(&visit, work, &looked, document, "schedule").await
}

/// What came and went (贷款对账单).
pub async fn statement(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let looked = look(&mut work, &id, &asked).await?;
    let frame = frame(&visit, &mut work, &looked, "LN-04").await?;
    let contract_no = super::store::contract_number(&mut work.tx, looked.file.loan.key).await?;
    let rows = statement_rows(&ui, &looked);
    let closing_fen = rows.last().map_or(0, |row| row.balance_fen);
    let document = print::Statement {
        frame,
        borrower: borrower(&looked),
        contract_no,
        loan_no: looked.file.loan.number.clone(),
        from: looked.file.loan.start_on,
        to: looked.as_of,
        opening_fen: 0,
        rows,
        closing_fen,
        notes: Vec::new(),
        receipt_slip: true,
    };
    finish(&visit, work, &looked, document, "statement").await
}

/// What came and went until the day that is looked at, as it was known then; what had been taken back by then is left out with
/// what took it back.
pub fn statement_rows(ui: &Ui, looked: &Looked) -> Vec<print::StatementRow> {
    let mut balance = Fen::ZERO;
    let known = |t: &LoanTransaction| {
        t.fact.on <= looked.as_of && looked.known_at.is_none_or(|known_at| t.recorded_at <= known_at)
    };
    let stands = |t: &&LoanTransaction| {
        known(t)
            && !looked.file.reversed_by(t.id).is_some_and(known)
            && !matches!(t.fact.kind, TransactionKind::Reverse { .. })
    };
    looked.file.transactions.iter().filter(stands).map(|t| statement_row(ui, looked, t, &mut balance)).collect()
}

/// One line of the statement; the balance is that of principal.
fn statement_row(ui: &Ui, looked: &Looked, t: &LoanTransaction, balance: &mut Fen) -> print::StatementRow {
    let paid = |target: Target| allocated(&looked.position.allocations, t.fact.id, target);
    let disbursed = match t.fact.kind {
        TransactionKind::Disburse { amount } => amount,
        _ => Fen::ZERO,
    };
    let principal = paid(Target::Principal);
    let other = [Target::Cost, Target::Fee, Target::Penalty, Target::Compound].map(paid);
    *balance = balance.checked_add(disbursed).and_then(|b| b.checked_sub(principal)).unwrap_or(*balance);
    print::StatementRow {
        on: t.fact.on,
        kind: ui.t(format!("kind-{}", t.fact.kind.name().replace('_', "-"))),
        transaction_no: t.number.clone(),
        disbursed_fen: disbursed.0,
        principal_fen: principal.0,
        interest_fen: paid(Target::Interest).0,
        other_fen: Fen::checked_sum(other).unwrap_or_default().0,
        balance_fen: balance.0,
    }
}

fn allocated(allocations: &[Allocation], transaction: u64, target: Target) -> Fen {
    let of = allocations.iter().filter(|a| a.transaction == transaction && a.target == target).map(|a| a.amount);
    Fen::checked_sum(of).unwrap_or_default()
}

/// The proof of one figure (计算依据).
pub async fn derivation(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let looked = look(&mut work, &id, &asked).await?;
    let question = Question::parse(&asked.tab).unwrap_or(Question::Overdue);
    let (name, amount) = why::title(&ui, &looked, question);
    let (answer, steps) = why::answer(&mut work, &ui, &looked, question).await?;
    let frame = frame(&visit, &mut work, &looked, "LN-06").await?;
    let contract_no = super::store::contract_number(&mut work.tx, looked.file.loan.key).await?;
    let lines = derivation_lines(&ui, &looked, question, &steps, amount);
    let figure = print::Figure {
        name,
        amount_fen: amount.0,
        facts: answer.facts.iter().map(|f| format!("{} {}", f.text, f.value)).collect(),
        rules: answer.rules.iter().map(|r| format!("{} {}", r.text, r.id)).collect(),
        lines,
        checks: Vec::new(),
    };
    let document = print::Derivation {
        frame,
        borrower: borrower(&looked),
        contract_no,
        loan_no: looked.file.loan.number.clone(),
        as_of: looked.as_of,
        known_at: None,
        policy: answer.pack.clone(),
        fingerprint: String::new(),
        figures: vec![figure],
    };
    finish(&visit, work, &looked, document, "derivation").await
}

/// The engine's lines as printed ones; what was paid, waived or is not yet due follows line by line, so that they foot.
fn derivation_lines(
    ui: &Ui,
    looked: &Looked,
    question: Question,
    lines: &[DerivationLine],
    amount: Fen,
) -> Vec<print::DerivationLine> {
    let mut printed: Vec<print::DerivationLine> = lines.iter().map(|line| derivation_line(ui, line)).collect();
    let sum = Fen::checked_sum(printed.iter().map(|line| Fen(line.result_fen))).unwrap_or_default();
    let rest = why::rest(looked, question, sum, amount);
    printed.extend(rest.into_iter().map(|(message, rest)| rest_line(ui.t(message), rest)));
    if printed.is_empty() {
        printed.push(rest_line(ui.t("why-rest-none"), amount));
    }
    printed
}

/// A line without arithmetic of its own.
fn rest_line(what: String, amount: Fen) -> print::DerivationLine {
    print::DerivationLine {
        from: None,
        to: None,
        base_fen: None,
        rate: String::new(),
        days: None,
        product: String::new(),
        rounding: String::new(),
        rule: what,
        article: String::new(),
        result_fen: amount.0,
    }
}

/// One line: span, base, rate and days, the product before rounding, and by which rule.
fn derivation_line(ui: &Ui, line: &DerivationLine) -> print::DerivationLine {
    let of = format!("{} {}", ui.t1("print-instalment", "no", line.instalment), ui.t(why::head_message(line.head)));
    let carried = why::carried(line);
    let bears = why::bears_interest(line);
    print::DerivationLine {
        from: Some(line.from_on),
        to: Some(line.to_on),
        base_fen: bears.then_some(line.balance.0),
        rate: if bears { format!("{} × {}", why::percent(line.yearly_e9), line.basis) } else { String::new() },
        days: u32::try_from(line.days).ok().filter(|days| *days > 0),
        product: format!("{}{carried}", line.product),
        rounding: match line.rounding.as_str() {
            "" => ui.t("print-rounded-later"),
            mode => ui.t(format!("print-rounding-{}", mode.replace('_', "-"))),
        },
        rule: format!("{of} · {}", line.rule),
        article: line.source.clone(),
        // A step that a later one rounds has no amount of its own.
        result_fen: line.amount.map_or(0, |amount| amount.0),
    }
}

/// The receipt of a repayment (还款回单).
pub async fn receipt(
    visit: Visit,
    Path((id, transaction)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let looked = look(&mut work, &id, &asked).await?;
    let missing = || ServicingError::TransactionNotFound { number: transaction.clone() };
    let wanted: TransactionId = transaction.parse().map_err(|_| ActionError::from(missing()))?;
    let t =
        looked.file.transactions.iter().find(|t| t.id == wanted).ok_or_else(|| ActionError::from(missing()))?.clone();
    if !matches!(t.fact.kind, TransactionKind::Repay(_) | TransactionKind::Recover { .. }) {
        return Err(ActionError::from(missing()).into());
    }
    if let Some(by) = looked.file.reversed_by(t.id) {
        // Money that was taken back has no receipt; the one that was printed is void.
        let (number, by) = (t.number.clone(), by.number.clone());
        let reversed = Refused::new(RefusalKind::Conflict, "receipt-reversed").with("number", number).with("by", by);
        return Err(ActionError::from(reversed).into());
    }
    let frame = frame(&visit, &mut work, &looked, "LN-05").await?;
    let contract_no = super::store::contract_number(&mut work.tx, looked.file.loan.key).await?;
    let allocation = looked
        .position
        .allocations
        .iter()
        .filter(|a| a.transaction == t.fact.id)
        .map(|a| print::AllocationRow {
            head: ui.t(target_message(a.target)),
            note: a.instalment.map_or_else(String::new, |no| ui.t1("print-instalment", "no", no)),
            amount_fen: a.amount.0,
        })
        .collect();
    let basis = looked.position.allocations.iter().find(|a| a.transaction == t.fact.id).map(|a| a.rule.id());
    let rule = basis.and_then(finance::rule);
    let english = visit.lang == Lang::En;
    let document = print::Receipt {
        frame,
        borrower: borrower(&looked),
        payer: looked.customer.clone(),
        contract_no,
        loan_no: looked.file.loan.number.clone(),
        received_on: t.fact.on,
        channel: ui.t(format!("channel-{}", t.channel.as_str())),
        transaction_no: t.number.clone(),
        amount_fen: t.amount.0,
        allocation,
        allocation_basis: rule
            .map_or_else(String::new, |r| format!("{} {}", if english { r.en } else { r.zh }, r.source)),
        balances: vec![
            balance(&ui, "loan-balance", looked.position.outstanding.principal),
            balance(&ui, "loan-overdue-total", looked.position.overdue.total().unwrap_or_default()),
        ],
        notes: Vec::new(),
    };
    finish(&visit, work, &looked, document, "receipt").await
}

fn balance(ui: &Ui, label: &str, amount: Fen) -> print::BalanceRow {
    print::BalanceRow { label: ui.t(label), amount_fen: amount.0, note: String::new() }
}

fn borrower(looked: &Looked) -> print::Borrower {
    print::Borrower { name: looked.customer.clone(), masked_id: looked.identity_masked.clone() }
}

/// Who issues it, under which number, by whom and when.
async fn frame(visit: &Visit, work: &mut Work, looked: &Looked, form: &str) -> Result<Frame, ActionError> {
    let key = looked.file.loan.key;
    let serial = numbering::next(work, "letter", key.customer, key.loan.0).await?;
    let printed = platform::clock::civil_minute(work.now).replace(' ', "T");
    let printed_at = printed.parse().map_err(|e| ActionError::Internal(format!("{printed}: {e}")))?;
    let digest = platform::audit::digest(&format!("{serial} {} {printed}", looked.kept.fingerprint));
    Ok(Frame {
        lang: if visit.lang == Lang::En { print::Lang::En } else { print::Lang::Zh },
        letterhead: Letterhead {
            institution: visit.institution().to_owned(),
            contact: platform::institution::load(&mut work.tx).await?.0.contact,
            mark: "信守".to_owned(),
        },
        imprint: Imprint {
            serial,
            form: form.to_owned(),
            article: String::new(),
            printed_by: visit.actor.name.clone(),
            printed_at,
            check_code: digest.chars().take(8).collect(),
        },
    })
}

/// Logs the print and answers with the file.
async fn finish(
    visit: &Visit,
    mut work: Work,
    looked: &Looked,
    document: impl Document + Send + 'static,
    what: &'static str,
) -> Result<Response, WebError> {
    let key = looked.file.loan.key;
    let imprint = document.frame().imprint.clone();
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&document))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| refused(&e))?;
    let entry = Entry::new(Some(key.customer), "loan.print", key.subject()).after(json!({
        "what": what, "serial": imprint.serial, "check_code": imprint.check_code, "pages": printed.pages,
        "as_of": looked.as_of,
    }));
    work.audit(entry).await?;
    work.commit().await?;
    let name = format!("{what}-{}.pdf", imprint.serial);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
    ];
    tracing::info!(print.what = what, print.pages = printed.pages, user = visit.actor.recorded_by(), "printed");
    Ok((headers, printed.pdf).into_response())
}

/// A missing font says what to install; anything else is a defect of ours.
pub(crate) fn refused(error: &PrintError) -> ActionError {
    match error {
        PrintError::NoCjkFont { .. } => {
            Refused::new(RefusalKind::Conflict, "print-no-cjk-font").with("why", error).into()
        }
        other => ActionError::Internal(other.to_string()),
    }
}
