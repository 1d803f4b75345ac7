//! An agreement on paper: the policy's words, the frozen terms, two places to sign.

use std::collections::BTreeMap;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use customers::relation::store as relations;
use platform::audit;
use platform::error::ActionError;
use platform::institution;
use platform::locale::{Lang, Locale, money};
use platform::policies::{self, PolicyError};
use platform::web::{Visit, WebError};
use platform::work::Work;
use policy::TemplateError;
use print::{Borrower, Frame, Imprint, Letterhead, Press};
use serde_json::json;
use servicing::loan::store as loans;

use super::model::{Agreement, AgreementError};
use super::watch;

/// The policy's text: a title, paragraphs, the place of the tables, numbered clauses.
const TEMPLATE: &str = "repayment_agreement";
/// The text by which an heir takes the debt over, within what was inherited (债务承担协议, S2.3-15).
const ASSUMPTION: &str = "debt_assumption";
/// Where the tables stand in it.
const PAYMENTS: &str = "{payments}";

/// Prints the agreement and answers with the file; every print is in the audit trail (rule `agreement.paper`).
pub(super) async fn answer(visit: &Visit, mut work: Work, agreement: &Agreement) -> Result<Response, WebError> {
    let printed_by = visit.actor.name.clone();
    let paper = write(&mut work, agreement, printed_by).await?;
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&paper))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| crate::letter::print_refused(&e))?;
    let entry = watch::entry(agreement, "agreement.print");
    work.audit(entry.after(json!({"number": agreement.number, "pages": printed.pages}))).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", agreement.number)),
    ];
    Ok((headers, printed.pdf).into_response())
}

async fn write(work: &mut Work, agreement: &Agreement, printed_by: String) -> Result<print::Agreement, ActionError> {
    let (today, terms) = (work.business_date, &agreement.terms);
    let policy = policies::in_force(work, today).await?;
    let lacks = |fields: &str| AgreementError::EmptyFields { fields: fields.to_owned() };
    let heir = terms.signer.as_ref().filter(|one| one.is_heir());
    let form = if heir.is_some() { ASSUMPTION } else { TEMPLATE };
    let template = policy.pack().template(form).ok_or_else(|| lacks(form))?.clone();
    let (borrower, _) = loans::borrower(&mut work.tx, agreement.case.customer).await?;
    let (name, masked_id) = signs(work, agreement).await?;
    let (contract_no, loan_no) = numbers(work, agreement).await?;
    let (institution, _) = institution::load(&mut work.tx).await?;
    let grace = policy.edition(today).integer("agreement_grace_days").map_err(PolicyError::from)?;
    let locale = Locale::new(std::sync::Arc::clone(&work.app.catalogue), Lang::ZhCn);
    let way = locale.t(format!("agreement-way-{}", terms.way.as_str()));
    let values: BTreeMap<String, String> = [
        ("contract_no", contract_no.clone()),
        ("loan_no", loan_no.clone()),
        ("as_of", terms.priced_on.to_string()),
        ("owed", money(terms.owed)),
        ("overdue", money(terms.overdue)),
        ("total", money(terms.total())),
        ("way", way.clone()),
        ("grace", grace.to_string()),
        ("contact", institution.contact.clone()),
        ("debtor", borrower),
        ("signer", name.clone()),
        ("cap", heir.and_then(|one| one.cap).map(money).unwrap_or_default()),
        // The tables stand there; what they hold is checked by the printer.
        ("payments", PAYMENTS.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let text = template.fill(&values).map_err(|error| match error {
        TemplateError::EmptyFields { fields, .. } => lacks(&fields.join(", ")),
    })?;
    let (title, rest) = text.split_once('\n').ok_or_else(|| lacks("title"))?;
    let (opening, clauses) = rest.split_once(PAYMENTS).ok_or_else(|| lacks("payments"))?;
    let article = policy.article_title(&template.article, false);
    let paragraphs =
        |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let head = |head| locale.t(servicing::loan::why::head_message(head));
    Ok(print::Agreement {
        frame: Frame {
            lang: print::Lang::Zh,
            letterhead: Letterhead {
                institution: institution.name,
                contact: institution.contact,
                mark: "信守".to_owned(),
            },
            imprint: imprint(work, agreement, (template.rule.clone(), article), printed_by)?,
        },
        title: title.trim().to_owned(),
        debtor: Borrower { name, masked_id },
        contract_no,
        loan_no,
        kind: locale.t(format!("agreement-kind-{}", agreement.kind.as_str())),
        way,
        as_of: terms.priced_on,
        owed_fen: terms.owed.0,
        overdue_fen: terms.overdue.0,
        opening: paragraphs(opening),
        waived: terms.all_waivers().map(|waiver| (head(waiver.head), waiver.amount.0)).collect(),
        waived_fen: terms.waived().0,
        payments: terms.payments.iter().map(|payment| (payment.due_on, payment.amount.0)).collect(),
        total_fen: terms.total().0,
        clauses: paragraphs(clauses),
    })
}

/// Who signs it, with the masked number of the document.
async fn signs(work: &mut Work, agreement: &Agreement) -> Result<(String, String), ActionError> {
    let customer = agreement.case.customer;
    let Some(signer) = &agreement.terms.signer else { return Ok(loans::borrower(&mut work.tx, customer).await?) };
    let known = relations::load(&mut work.tx, customer, signer.relation).await?;
    Ok((signer.name.clone(), known.map(|one| one.identity_masked).unwrap_or_default()))
}

/// The numbers of all its contracts, each once, and of all its loans.
async fn numbers(work: &mut Work, agreement: &Agreement) -> Result<(String, String), ActionError> {
    let (mut contracts, mut numbers): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for key in agreement.loans() {
        let (contract, _) = loans::contract_of(&mut work.tx, key).await?;
        if !contracts.contains(&contract) {
            contracts.push(contract);
        }
        numbers.extend(loans::load_file(&mut work.tx, key).await?.map(|file| file.loan.number));
    }
    // The paper is written in Chinese.
    Ok((contracts.join("、"), numbers.join("、")))
}

/// The foot of the paper: which form under which article, printed by whom and when, with a check over its terms.
fn imprint(
    work: &Work,
    agreement: &Agreement,
    (form, article): (String, String),
    printed_by: String,
) -> Result<Imprint, ActionError> {
    let printed_at = platform::clock::civil_minute(work.now).replace(' ', "T");
    let digest = audit::digest(&format!("{} {:?}", agreement.number, agreement.terms));
    Ok(Imprint {
        serial: agreement.number.clone(),
        form,
        article,
        printed_by,
        printed_at: printed_at.parse().map_err(|e| ActionError::Internal(format!("{printed_at}: {e}")))?,
        check_code: digest.chars().take(8).collect(),
    })
}
