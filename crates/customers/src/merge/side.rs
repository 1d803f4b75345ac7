//! Two files side by side (并列对照): who they are, how they are reached, what they hold, what they owe.

use std::collections::BTreeMap;

use platform::id::{CustomerId, UserId};
use platform::page::{Html, Icon, Side, Table, Tone, Ui};
use platform::policies;
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::actions;
use crate::VIEW;
use crate::bank_account::store as accounts;
use crate::contact_point::store as contacts;
use crate::customer::list::Names;
use crate::customer::model::{Customer, CustomerKind};
use crate::customer::store as customers;
use crate::datum::store as data;
use crate::document::store as documents;
use crate::relation::store as relations;

/// What says who somebody is: where two files differ in it, the line is marked.
const PERSON: [&str; 6] = [
    "customer-kind",
    "customer-identity-kind",
    "customer-identity",
    "customer-born-on",
    "merge-reached",
    "customer-address",
];

/// Whether two files hold different numbers of the same kind of document.
pub(super) fn identities_differ([one, other]: [&Customer; 2]) -> bool {
    let known = !one.identity_masked.is_empty() && !other.identity_masked.is_empty();
    known && one.identity_kind == other.identity_kind && one.person != other.person
}

/// The table: a row a matter, a column a file. Numbers that identify stay masked.
///
/// # Errors
/// No rules in force; the store's.
pub(super) async fn table(visit: &Visit, work: &mut Work, files: [&Customer; 2]) -> Result<Html, WebError> {
    let ui = visit.ui();
    let mut sides = Vec::new();
    for file in files {
        sides.push(side(visit, &ui, work, file).await?);
    }
    let heads = [(String::new(), Side::Left)].into_iter();
    let heads = heads.chain(files.map(|file| (format!("{} {}", file.number, file.name), Side::Left)));
    let mut table = Table::new(ui.t("merge-compared"), heads);
    let (one, other) = (&sides[0], &sides[1]);
    let matters = PERSON.map(|id| ui.t(id));
    for (label, value) in one {
        let theirs =
            other.iter().find(|(known, _)| known == label).map_or_else(|| ui.dash(), |(_, value)| value.clone());
        let known = *value != ui.dash() && theirs != ui.dash();
        // Two numbers may look alike once they are masked.
        let apart = *value != theirs || (*label == ui.t("customer-identity") && identities_differ(files));
        let mut head = Html::of_text(label);
        if known && apart && matters.contains(label) {
            head.raw(" ").push(&ui.badge(Tone::Watch, Icon::AlertTriangle, ui.t("merge-differs")));
        }
        table.row([head, value.clone(), theirs]);
    }
    for (label, value) in other.iter().filter(|(label, _)| !one.iter().any(|(known, _)| known == label)) {
        table.row([Html::of_text(label), ui.dash(), value.clone()]);
    }
    Ok(ui.table(table))
}

/// What is said of one file, by what it is called.
async fn side(visit: &Visit, ui: &Ui, work: &mut Work, file: &Customer) -> Result<Vec<(String, Html)>, WebError> {
    let mut lines = who(visit, ui, work, file).await?;
    let on = work.business_date;
    let rules = policies::in_force(work, on).await?;
    let verified = actions::weight(work, &rules, file).await?.verified;
    let badge = match verified {
        true => ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("merge-identity-verified")),
        false => ui.badge(Tone::Neutral, Icon::Clock, ui.t("merge-identity-unverified")),
    };
    lines.push((ui.t("merge-identity-state"), badge));
    lines.extend(held(ui, work, file.id).await?);
    // What it owes stands with those who know loans: their figures of the customer page.
    for draw in visit.app.capabilities.iter().flat_map(|one| one.customer_heads()) {
        let part = draw(visit, work, file.id).await?;
        lines.extend(part.figures.into_iter().map(|figure| (figure.label, figure.value)));
    }
    Ok(lines)
}

async fn who(visit: &Visit, ui: &Ui, work: &mut Work, file: &Customer) -> Result<Vec<(String, Html)>, WebError> {
    let text = |value: &str| if value.is_empty() { ui.dash() } else { Html::of_text(value) };
    let names = Names::read(&mut work.tx, visit.scope(VIEW)?).await?;
    let managers: BTreeMap<UserId, String> = customers::user_names(&mut work.tx, &[file.manager]).await?;
    let mut link = Html::new();
    link.raw("<a").href(format!("/customers/{}", file.id)).raw(">").text(&file.number).raw("</a>");
    let mut lines = vec![
        (ui.t("customer-number"), link),
        (ui.t("customer-kind"), text(&ui.t(format!("customer-kind-{}", file.kind.as_str())))),
        (ui.t("customer-identity-kind"), text(&ui.t(format!("identity-{}", file.identity_kind.as_str())))),
        (ui.t("customer-identity"), text(&file.identity_masked)),
    ];
    if file.kind == CustomerKind::Person {
        lines.push((ui.t("customer-born-on"), ui.date_or_dash(file.born_on)));
    }
    let phones = contacts::of_customer(&mut work.tx, file.id).await?;
    let phones: Vec<String> = phones
        .into_iter()
        .filter(|point| point.relation.is_none() && point.ended_at.is_none())
        .map(|point| point.masked)
        .collect();
    lines.push((ui.t("merge-reached"), text(&phones.join(&ui.t("list-comma")))));
    lines.push((ui.t("customer-address"), text(file.address.as_deref().unwrap_or(""))));
    lines.push((ui.t("customer-branch"), text(names.branch(file.branch))));
    lines.push((ui.t("customer-manager"), text(managers.get(&file.manager).map_or("", String::as_str))));
    lines.push((ui.t("customer-opened-on"), ui.date(file.opened_on)));
    Ok(lines)
}

/// How much of what a file holds.
pub(super) async fn held(ui: &Ui, work: &mut Work, id: CustomerId) -> Result<Vec<(String, Html)>, WebError> {
    let data = data::of_customer(&mut work.tx, id).await?.len();
    let papers = documents::of_customer(&mut work.tx, id).await?.iter().filter(|one| one.is_current()).count();
    let related = relations::of_customer(&mut work.tx, id).await?.iter().filter(|one| one.is_open()).count();
    let kept = accounts::of_customer(&mut work.tx, id).await?;
    let kept: Vec<String> = kept.into_iter().filter(|one| one.ended_at.is_none()).map(|one| one.masked).collect();
    let merged = super::gone_numbers(work, &[id]).await?.remove(&id).unwrap_or_default();
    let count = |n: usize| Html::of_text(ui.count(i64::try_from(n).unwrap_or(i64::MAX)));
    let text = |all: Vec<String>| if all.is_empty() { ui.dash() } else { Html::of_text(all.join(&ui.t("list-comma"))) };
    Ok(vec![
        (ui.t("accounts-title"), text(kept)),
        (ui.t("data-title"), count(data)),
        (ui.t("documents-title"), count(papers)),
        (ui.t("relations-title"), count(related)),
        (ui.t("merge-tab"), text(merged)),
    ])
}
