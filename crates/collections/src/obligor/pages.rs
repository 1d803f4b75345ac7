//! Obligors on the page of a case and in its dossier.

use axum::extract::Path;
use axum::response::Response;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, article_address};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Obligor, Owes};
use super::{actions, data};
use crate::CASE_VIEW;
use crate::case::actions as cases;
use crate::case::list::LIST;

/// Who owes in a case.
pub fn routes() -> Routes {
    Routes::new().get("/collections/cases/{id}/obligors", CASE_VIEW, show).data::<Vec<data::ObligorData>, _, _>(
        "/collections/cases/{id}/obligors",
        CASE_VIEW,
        data::obligors,
    )
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    let table = table_of(&visit, &mut work, case.key.customer).await?;
    let back = Button::link(Look::Secondary, ui.t("dossier-back"), format!("{LIST}/{}", case.key.case));
    let page =
        Page::new(ui.t("obligor-title"), "cases").subtitle(case.number).actions(ui.button(back.icon(Icon::ArrowLeft)));
    visit.page_of(&page, &table)
}

/// 债务关系人: each with what it is to the debt, whether it owes, and the most that can be claimed.
///
/// # Errors
/// The store's.
pub async fn table_of(visit: &Visit, work: &mut Work, customer: CustomerId) -> Result<Html, ActionError> {
    let found = actions::of(work, customer).await?;
    table(visit, work, &found).await
}

/// The same of those who are given, as of an earlier day.
///
/// # Errors
/// The store's.
pub(crate) async fn table(visit: &Visit, work: &mut Work, found: &[Obligor]) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let english = visit.lang == platform::locale::Lang::En;
    let heads = [
        ("obligor-name", Side::Left),
        ("obligor-role", Side::Left),
        ("obligor-owes", Side::Left),
        ("obligor-cap", Side::Right),
        ("obligor-article", Side::Left),
    ];
    let mut table = Table::new(ui.t("obligor-title"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in found {
        let article = match one.article.as_str() {
            "" => Html::new(),
            id => ui.citation(article_address(id), policy.article_title(id, english)),
        };
        table.row([
            Html::of_text(&one.name),
            Html::of_text(ui.t(format!("obligor-role-{}", one.role.as_str()))),
            badge(&ui, one.owes),
            cap(&ui, one),
            article,
        ]);
    }
    let mut html = Html::new();
    html.raw("<section class=\"panel\" id=\"obligors\"><header class=\"panel-head\"><h2>").text(ui.t("obligor-title"));
    html.raw("</h2></header>").push(&ui.table(table)).raw("<p class=\"panel-foot muted\">");
    html.text(ui.t("obligor-guard")).raw("</p></section>");
    Ok(html)
}

fn badge(ui: &Ui, owes: Owes) -> Html {
    let (tone, icon) = match owes {
        Owes::Yes => (Tone::Sub, Icon::AlertTriangle),
        Owes::No => (Tone::Ok, Icon::CircleCheck),
        Owes::Unclear => (Tone::Watch, Icon::Clock),
        Owes::NotDue => (Tone::Neutral, Icon::Clock),
        Owes::Dead => (Tone::Neutral, Icon::Ban),
    };
    ui.badge(tone, icon, ui.t(format!("obligor-owes-{}", owes.as_str())))
}

fn cap(ui: &Ui, one: &Obligor) -> Html {
    match (one.owes, one.cap) {
        (Owes::Yes, Some(cap)) => ui.money(cap),
        (Owes::Yes, None) => Html::of_text(ui.t("obligor-whole")),
        (Owes::No | Owes::Unclear | Owes::NotDue | Owes::Dead, _) => Html::of_text("—"),
    }
}
