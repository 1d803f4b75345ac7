//! The slip of a referral reward (推荐奖励单) on paper: S1-06.

use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::audit::Entry;
use platform::error::ActionError;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Press, Report, Section};
use serde_json::json;

use super::actions;
use super::model::{Reward, RewardState};
use crate::customer::store::user_names;
use crate::evaluation::paper::frame;
use crate::lead::error::LeadError;
use crate::lead::policy::ARTICLE;

/// Prints the slip of a reward that was agreed to and answers with the file; every print is in the audit trail.
pub(super) async fn answer(visit: &Visit, mut work: Work, one: &Reward) -> Result<Response, WebError> {
    if !matches!(one.state, RewardState::Approved | RewardState::Paid) {
        return Err(ActionError::from(LeadError::RewardState { state: one.state.as_str() }).into());
    }
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let [customer, mut referrer] = actions::both(&mut work, one).await?;
    // Whoever may not see the referrer's file sees its number alone, on paper as on the page.
    if !actions::reaches(&mut work, one.referrer).await {
        referrer.1.clear();
    }
    let people: Vec<_> = [Some(one.manager), one.paid_by].into_iter().flatten().collect();
    let names = user_names(&mut work.tx, &people).await?;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let article = policy.article_title(ARTICLE, false);
    let frame = frame(&mut work, &one.number, ("referral_reward", article), visit.actor.name.clone()).await?;
    let fact = |label: &str, value: String| (ui.t(label), value);
    let day = |on: Option<jiff::civil::Date>| on.map_or_else(|| "—".to_owned(), |on| on.to_string());
    let name = |user| names.get(&user).cloned().unwrap_or_default();
    let slip = Report {
        frame,
        title: ui.t("reward-slip"),
        facts: vec![
            fact("reward-number", one.number.clone()),
            fact("reward-amount", ui.yuan(one.amount)),
            fact("reward-customer", format!("{} {}", customer.1, customer.0)),
            fact("lead-referrer", format!("{} {}", referrer.1, referrer.0).trim().to_owned()),
            fact("reward-proposed-on", one.proposed_on.to_string()),
            fact("reward-approved-on", day(one.approved_on)),
            fact("reward-paid-on", day(one.paid_on)),
            fact("reward-payment-ref", one.payment_ref.clone().unwrap_or_else(|| "—".to_owned())),
        ],
        sections: vec![Section::words(ui.t("reward-said"), one.note.clone())],
        signatures: vec![
            ui.t1("reward-sign-manager", "name", name(one.manager)),
            ui.t("reward-sign-head"),
            ui.t1("reward-sign-finance", "name", one.paid_by.map(name).unwrap_or_default()),
        ],
    };
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&slip))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    let entry = Entry::new(Some(one.customer), "reward.print", one.subject());
    work.audit(entry.after(json!({"number": one.number, "pages": printed.pages}))).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", one.number)),
    ];
    Ok((headers, printed.pdf).into_response())
}
