//! What the desk's papers have in common: the frame, the press, the answer.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use customers::customer::store::user_names;
use platform::approval::ApprovalId;
use platform::approval::store as approvals;
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::page::Ui;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Frame, Imprint, Letterhead, Press, Report};

/// Who issues a paper, under which number, by whom and when. Its check code follows from what stands on it, so that the same
/// number with other words has another code; the trail keeps the code of each print.
pub(crate) async fn frame(
    visit: &Visit,
    work: &mut Work,
    (number, form): (&str, &str),
    content: &str,
) -> Result<Frame, ActionError> {
    let printed = platform::clock::civil_minute(work.now).replace(' ', "T");
    let printed_at = printed.parse().map_err(|e| ActionError::Internal(format!("{printed}: {e}")))?;
    let digest = platform::audit::digest(&format!("{number} {form} {content}"));
    Ok(Frame {
        lang: print::Lang::Zh,
        letterhead: Letterhead {
            institution: visit.institution().to_owned(),
            contact: platform::institution::load(&mut work.tx).await?.0.contact,
            mark: "信守".to_owned(),
        },
        imprint: Imprint {
            serial: number.to_owned(),
            form: form.to_owned(),
            article: String::new(),
            printed_by: visit.actor.name.clone(),
            printed_at,
            check_code: digest.chars().take(8).collect(),
        },
    })
}

/// The names of some of the house, in their order; empty for nobody.
pub(crate) async fn names<const N: usize>(
    work: &mut Work,
    users: [Option<UserId>; N],
) -> Result<[String; N], ActionError> {
    let asked: Vec<UserId> = users.iter().copied().flatten().collect();
    let found = user_names(&mut work.tx, &asked).await?;
    Ok(users.map(|user| user.and_then(|user| found.get(&user).cloned()).unwrap_or_default()))
}

/// The heads in the order in which they sign, each with the name of whoever signed; of the others the post alone.
pub(crate) async fn heads(
    work: &mut Work,
    ui: &Ui,
    customer: CustomerId,
    approval: Option<ApprovalId>,
) -> Result<Vec<String>, ActionError> {
    let Some(id) = approval else { return Ok(Vec::new()) };
    let Some(found) = approvals::load(&mut work.tx, customer, id).await? else { return Ok(Vec::new()) };
    let said = approvals::opinions(&mut work.tx, customer, id).await?;
    let app = work.app.clone();
    let line = |(place, step): (usize, &Vec<String>)| {
        let titles: Vec<String> = step.iter().map(|role| app.roles().title(role, ui.lang())).collect();
        let signed = said.iter().rev().find(|one| one.verdict == "approve" && usize::try_from(one.step) == Ok(place));
        let name = signed.map(|one| one.by_name.clone()).unwrap_or_default();
        ui.t2("desk-signature", "post", titles.join("／"), "name", name)
    };
    Ok(found.chain.iter().enumerate().map(line).collect())
}

/// Prints a report.
pub(crate) async fn press(report: Report) -> Result<print::Printed, ActionError> {
    tokio::task::spawn_blocking(move || Press::system().print(&report))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| crate::loan::prints::refused(&e))
}

/// The file as an answer.
pub(crate) fn answer(number: &str, printed: print::Printed) -> Result<Response, WebError> {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{number}.pdf\"")),
    ];
    Ok((headers, printed.pdf).into_response())
}
