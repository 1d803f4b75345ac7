//! The watch list on pages: badges wherever the customer shows, the tab with entries and reviews.

use std::collections::{BTreeMap, BTreeSet};

use platform::customer_page::{CustomerHead, PanelBody, PanelSize};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::locale::Lang;
use platform::page::{Button, Html, Icon, Look, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::model::{Entry, StepKind, WatchList};
use super::{actions, rules, store};
use crate::customer::actions::load_within;
use crate::customer::store::user_names;
use crate::{EDIT, VIEW, card_table, merge};

/// What a list is called.
pub(crate) fn list_title(ui: &Ui, policy: &InForce, list: &str) -> String {
    let outcome = policy.pack().outcome("watch_list", list);
    outcome.map_or_else(|| list.to_owned(), |one| one.title.in_language(ui.lang() == Lang::En).to_owned())
}

/// A badge for every list on which a customer stands today; nothing for most.
///
/// # Errors
/// No rules in force; the store's.
pub async fn badges(work: &mut Work, ui: &Ui, id: CustomerId) -> Result<Html, ActionError> {
    let on = work.business_date;
    let files = merge::united_within(work, id).await?;
    let found = store::standing(&mut work.tx, &files, on).await?;
    let lists: BTreeSet<&String> = found.values().flatten().collect();
    if lists.is_empty() {
        return Ok(Html::new());
    }
    let policy = policies::in_force(work, on).await?;
    let mut out = Html::new();
    for list in lists {
        out.push(&ui.badge(Tone::Watch, Icon::Eye, list_title(ui, &policy, list)));
    }
    Ok(out)
}

/// On which lists these customers stand today, in words, for lists of theirs; nothing for most.
///
/// # Errors
/// No rules in force; the store's.
pub async fn words(
    work: &mut Work,
    ui: &Ui,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, String>, ActionError> {
    let on = work.business_date;
    let found = store::standing_united(&mut work.tx, customers, on).await?;
    if found.is_empty() {
        return Ok(BTreeMap::new());
    }
    let policy = policies::in_force(work, on).await?;
    let told = |lists: Vec<String>| {
        let titles: Vec<String> = lists.iter().map(|list| list_title(ui, &policy, list)).collect();
        titles.join(" · ")
    };
    Ok(found.into_iter().map(|(customer, lists)| (customer, told(lists))).collect())
}

/// The badges in the head of the customer page.
pub(crate) fn head<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
) -> BoxFuture<'a, Result<CustomerHead, WebError>> {
    Box::pin(async move {
        let flags = badges(work, &visit.ui(), id).await?;
        Ok(CustomerHead { flags, ..CustomerHead::default() })
    })
}

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let customer = load_within(work, id, VIEW).await?;
        let mut held = Vec::new();
        for file in merge::united_within(work, id).await? {
            held.extend(store::of_customer(&mut work.tx, file).await?.into_iter().map(|one| (file, one)));
        }
        held.sort_by_key(|(_, one)| one.id);
        let on = work.business_date;
        let count = i64::try_from(held.iter().filter(|(_, one)| one.stands(on)).count()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let policy = policies::in_force(work, on).await?;
        let lists = actions::lists(&policy, on, customer.kind)?;
        let people: Vec<UserId> =
            held.iter().flat_map(|(_, one)| one.steps.iter().map(|step| step.by).chain([one.by])).collect();
        let names = user_names(&mut work.tx, &people).await?;
        let ui = visit.ui();
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("watch-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("watch-note")).raw("</span><div class=\"end\">");
        if visit.may(EDIT) && !lists.is_empty() {
            let new = Button::link(Look::Small, ui.t("watch-new"), format!("/customers/{id}/watch/new"));
            html.push(&ui.button(new.icon(Icon::Plus)));
        }
        html.raw("</div></header>");
        if held.is_empty() {
            html.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("watch-none")).raw("</p></div>");
        } else {
            let heads = [
                "watch-list",
                "watch-reason",
                "watch-from",
                "watch-until",
                "datum-state",
                "watch-steps",
                "document-verbs",
            ];
            let heads = heads.map(|head| ui.t(head));
            let rows: Vec<Vec<Html>> =
                held.iter().rev().map(|(file, one)| row(visit, &ui, &policy, &lists, &names, (*file, one))).collect();
            html.push(&card_table::draw(&ui.t("watch-title"), &heads, &rows));
        }
        html.raw("</section>");
        Ok(PanelBody { count, html })
    })
}

fn row(
    visit: &Visit,
    ui: &Ui,
    policy: &InForce,
    lists: &[WatchList],
    names: &BTreeMap<UserId, String>,
    (id, one): (CustomerId, &Entry),
) -> Vec<Html> {
    let stands = one.stands(ui.business_date);
    let name = |by: &UserId| names.get(by).cloned().unwrap_or_else(|| ui.t("timeline-system"));
    let mut list = Html::new();
    list.text(list_title(ui, policy, &one.content.list));
    let articles = lists.iter().filter(|list| list.name == one.content.list).flat_map(|list| list.article.split('|'));
    for article in articles {
        let title = policy.article_title(article, ui.lang() == Lang::En);
        list.raw(" ").push(&ui.citation(policies::article_address(article), title));
    }
    let mut state = match stands {
        true => ui.badge(Tone::Watch, Icon::Eye, ui.t("watch-stands")),
        false => ui.badge(Tone::Neutral, Icon::ArrowBackUp, ui.t("watch-over")),
    };
    if let (true, Some(on)) = (stands, rules::review_on(one, lists)) {
        state.raw(" <span class=\"muted num nowrap\">").text(ui.t1("watch-review-by", "date", on)).raw("</span>");
    }
    let mut steps = Html::new();
    for step in &one.steps {
        let word = ui.t(format!("watch-step-{}", step.kind.as_str()));
        steps.raw("<div>").text(format!("{} {word} · {} · {}", step.on, name(&step.by), step.note)).raw("</div>");
    }
    let mut verbs = Html::new();
    if stands && visit.may(EDIT) {
        for (kind, word, icon) in
            [(StepKind::Kept, "watch-review", Icon::Checklist), (StepKind::Ended, "watch-end", Icon::ArrowBackUp)]
        {
            let address = format!("/customers/{id}/watch/{}/{}", one.id, kind.as_str());
            verbs.push(&ui.button(Button::link(Look::Small, ui.t(word), address).icon(icon))).raw(" ");
        }
    }
    let mut reason = Html::of_text(&one.content.reason);
    reason.raw(" <span class=\"muted\">").text(name(&one.by)).raw("</span>");
    let until = one.content.until.map_or_else(|| Html::of_text(ui.t("document-no-end")), |on| ui.date(on));
    vec![list, reason, ui.date(one.content.from), until, state, steps, verbs]
}
