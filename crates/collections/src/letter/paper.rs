//! A letter on paper: its frozen content as the printer takes it.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::audit::{self, Entry};
use platform::error::{ActionError, RefusalKind, Refused};
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Borrower, DueItem, Frame, Imprint, Letterhead, Notice, Press, PrintError};
use serde_json::json;

use super::model::{Content, Letter};

/// Prints the letter and answers with the file; every print is in the audit trail.
pub(super) async fn answer(visit: &Visit, mut work: Work, letter: &Letter) -> Result<Response, WebError> {
    let printed_at = platform::clock::civil_minute(work.now).replace(' ', "T");
    let digest = audit::digest(&format!("{} {:?}", letter.number, letter.content));
    let imprint = Imprint {
        serial: letter.number.clone(),
        form: letter.content.rule.clone(),
        article: article_title(&mut work, &letter.content.article).await?,
        printed_by: visit.actor.name.clone(),
        printed_at: printed_at.parse().map_err(|e| ActionError::Internal(format!("{printed_at}: {e}")))?,
        check_code: digest.chars().take(8).collect(),
    };
    let notice = notice(&letter.content, imprint);
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&notice))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| refused(&e))?;
    let entry = Entry::new(Some(letter.customer()), "letter.print", letter.subject());
    work.audit(entry.after(json!({"number": letter.number, "pages": printed.pages}))).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", letter.number)),
    ];
    Ok((headers, printed.pdf).into_response())
}

async fn article_title(work: &mut Work, article: &str) -> Result<String, ActionError> {
    let today = work.business_date;
    let policy = platform::policies::in_force(work, today).await?;
    Ok(policy.article_title(article, false))
}

/// The content in the printer's form. A letter goes to a person in China: its labels are Chinese.
fn notice(content: &Content, imprint: Imprint) -> Notice {
    let total = content.items.iter().map(|(_, amount, _)| amount.0).sum();
    Notice {
        frame: Frame {
            lang: print::Lang::Zh,
            letterhead: Letterhead {
                institution: content.institution.clone(),
                contact: content.contact.clone(),
                mark: "信守".to_owned(),
            },
            imprint,
        },
        title: content.title.clone(),
        subtitle: Vec::new(),
        addressee: Borrower { name: content.addressee.clone(), masked_id: content.masked_id.clone() },
        also_addressed: Vec::new(),
        contract_no: content.contract_no.clone(),
        loan_no: content.loan_no.clone(),
        principal_fen: content.principal.0,
        rate: content.rate.clone(),
        signed_on: content.signed_on,
        matures_on: content.matures_on,
        as_of: content.as_of,
        overdue_since: Some(content.overdue_since),
        days_overdue: content.days_overdue,
        pay_by: content.pay_by,
        opening: content.opening.clone(),
        items: content
            .items
            .iter()
            .map(|(item, amount, note)| DueItem { item: item.clone(), amount_fen: amount.0, note: note.clone() })
            .collect(),
        total_fen: total,
        demand: content.demand.clone(),
        pay_to: content.pay_to.clone(),
        closing: content.closing.clone(),
        contact: content.contact.clone(),
        issued_on: content.as_of,
        receipt_slip: true,
    }
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
