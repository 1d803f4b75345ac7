//! A route on paper (外访路线): A4, the stops in order, with places to tick and to sign.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::audit::{self, Entry};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::institution;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Frame, Imprint, Letterhead, Press, Report, ReportTable, Section};
use serde_json::json;

use super::actions::open_address;
use super::list::visitors;
use super::model::VisitOrder;

/// Prints the stops and answers with the file; every print is in the audit trail, and every address.
pub(super) async fn answer(
    visit: &Visit,
    mut work: Work,
    orders: &[VisitOrder],
    names: &BTreeMap<CustomerId, String>,
) -> Result<Response, WebError> {
    let on = work.business_date;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let mut addresses = Vec::with_capacity(orders.len());
    for order in orders {
        addresses.push(match open_address(&mut work, order).await {
            Ok(address) => address,
            // A stop flag, an address that was ended, a day that is over: it is not given away.
            Err(ActionError::Refused(_)) => ui.t("visit-address-withheld"),
            Err(error) => return Err(error.into()),
        });
    }
    let frame = frame(&mut work, "visit.route", &format!("WF{on}"), visit.actor.name.clone()).await?;
    let report = write(&ui, frame, orders, &addresses, names);
    let printed = press(report).await?;
    let entry = Entry::new(None, "visit.route", "visits");
    work.audit(entry.after(json!({"stops": orders.len(), "pages": printed.pages}))).await?;
    work.commit().await?;
    Ok(pdf(&format!("route-{on}"), printed.pdf))
}

/// Renders away from the threads that answer.
pub(crate) async fn press(report: Report) -> Result<print::Printed, ActionError> {
    tokio::task::spawn_blocking(move || Press::system().print(&report))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| ActionError::Internal(e.to_string()))
}

/// A PDF under a plain name.
pub(crate) fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}.pdf\"")),
    ];
    (headers, bytes).into_response()
}

/// What stands around a report of collections: under the article of the rule that asks for it.
pub(crate) async fn frame(work: &mut Work, form: &str, number: &str, printed_by: String) -> Result<Frame, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let article = policy.edition(on).parameter("field_visit_min_people").map(|row| row.article.clone());
    let article = article.map(|id| policy.article_title(&id, false)).unwrap_or_default();
    let (institution, _) = institution::load(&mut work.tx).await?;
    let printed_at = platform::clock::civil_minute(work.now).replace(' ', "T");
    let digest = audit::digest(&format!("{number} {form} {on}"));
    Ok(Frame {
        lang: print::Lang::Zh,
        letterhead: Letterhead {
            institution: institution.name, contact: institution.contact, mark: "信守".to_owned()
        },
        imprint: Imprint {
            serial: number.to_owned(),
            form: form.to_owned(),
            article,
            printed_by,
            printed_at: printed_at.parse().map_err(|e| ActionError::Internal(format!("{printed_at}: {e}")))?,
            check_code: digest.chars().take(8).collect(),
        },
    })
}

fn write(
    ui: &Ui,
    frame: Frame,
    orders: &[VisitOrder],
    addresses: &[String],
    names: &BTreeMap<CustomerId, String>,
) -> Report {
    let column = |id: &str, share: u32| Column { title: ui.t(id), align: Align::Left, share };
    let rows = orders.iter().zip(addresses).map(|(order, address)| {
        vec![
            format!("{} {}", order.plan.on, order.plan.band),
            order.plan.district.clone(),
            address.clone(),
            names.get(&order.case.customer).cloned().unwrap_or_default(),
            format!("{} {}", order.number, order.plan.purpose),
            visitors(ui, order),
        ]
    });
    let table = ReportTable {
        columns: vec![
            column("visit-hours", 3),
            column("visit-district", 2),
            column("visit-place", 5),
            column("loan-customer", 2),
            column("visit-purpose", 4),
            column("visit-visitors", 3),
        ],
        rows: rows.collect(),
    };
    Report {
        frame,
        title: ui.t("visit-route"),
        facts: vec![(ui.t("visit-stops"), orders.len().to_string())],
        sections: vec![Section {
            title: ui.t("visit-route"),
            paragraphs: vec![ui.t("visit-conduct")],
            table: Some(table),
        }],
        signatures: vec![ui.t("visit-sign")],
    }
}
