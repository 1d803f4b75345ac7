//! The page of a group: the picture, circles and chains, members with what they owe, their loans.

use axum::extract::Path;
use axum::response::Response;
use customers::relation::group::{self, Group, Party};
use finance::Fen;
use platform::customer_page::CustomerHead;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{
    Button, Chart, Graph, GraphEdge, GraphNode, Html, Icon, Look, Page, Shape, Side, Table, Tile, Tone, Ui,
};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::data;
use super::store::{self, GroupLoan};
use crate::ledger::pages::class_of;

/// The pages about groups.
pub fn routes() -> Routes {
    Routes::new().get("/customers/{id}/group", "loan.view", show).data::<data::GroupData, _, _>(
        "/customers/{id}/group",
        "loan.view",
        data::group,
    )
}

/// The way to the group, in the head of the customer page.
pub(crate) fn draw_head<'a>(
    visit: &'a Visit,
    _: &'a mut Work,
    id: CustomerId,
) -> BoxFuture<'a, Result<CustomerHead, WebError>> {
    Box::pin(async move {
        let mut head = CustomerHead::default();
        if visit.may("loan.view") {
            let open = Button::link(Look::Secondary, visit.ui().t("group-open"), format!("/customers/{id}/group"));
            head.actions.push(open.icon(Icon::Hierarchy));
        }
        Ok(head)
    })
}

async fn show(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let scope = work.authorise("loan.view").map_err(ActionError::from)?;
    let found = group::group(&mut work, id).await?;
    let files: Vec<CustomerId> = found.parties.iter().flat_map(|party| party.files.iter().copied()).collect();
    let loans = store::loans(&mut work.tx, &files, scope).await?;
    let mut body = tiles(&ui, &found, &loans);
    body.push(&notes(&ui, &found));
    body.push(&picture(&ui, &found, &loans));
    body.push(&rings(&ui, &found));
    body.push(&members(&ui, &found, &loans));
    body.push(&loan_table(&ui, &found, &loans));
    let back = Button::link(Look::Secondary, ui.t("customer-back"), format!("/customers/{id}")).icon(Icon::ArrowLeft);
    let name = found.parties.first().map_or("", |party| party.name.as_str());
    let page = Page::new(ui.t("group-title"), "customers").subtitle(name).actions(ui.button(back));
    visit.page_of(&page, &body)
}

fn sum(all: impl Iterator<Item = Fen>) -> Fen {
    Fen::checked_sum(all).unwrap_or_default()
}

fn of_party<'a>(loans: &'a [GroupLoan], party: &Party) -> Vec<&'a GroupLoan> {
    loans.iter().filter(|loan| party.files.contains(&loan.customer)).collect()
}

fn tiles(ui: &Ui, found: &Group, loans: &[GroupLoan]) -> Html {
    let tile = |label: &str, figure: String| Tile { label: ui.t(label), figure, ..Tile::default() };
    let number = |count: usize| ui.count(i64::try_from(count).unwrap_or(i64::MAX));
    ui.tiles([
        tile("group-parties", number(found.parties.len())),
        tile("group-exposure", ui.yuan(sum(loans.iter().map(|loan| loan.principal)))),
        tile("group-overdue", ui.yuan(sum(loans.iter().map(|loan| loan.overdue)))),
        tile("group-circles", number(found.circles().len())),
        tile("group-chains", number(found.chains().len())),
    ])
}

/// What is not in the picture.
fn notes(ui: &Ui, found: &Group) -> Html {
    let mut out = Html::new();
    if found.cut {
        out.push(&ui.note(Tone::Watch, Icon::InfoCircle, Html::of_text(ui.t("group-cut"))));
    }
    if found.hidden > 0 {
        let words = ui.t1("group-hidden", "count", found.hidden);
        out.push(&ui.note(Tone::Info, Icon::Lock, Html::of_text(words)));
    }
    out
}

/// Who is connected to whom; the tables below say the same in words.
fn picture(ui: &Ui, found: &Group, loans: &[GroupLoan]) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("group-picture"));
    out.raw("</h2><span class=\"sub\">")
        .text(ui.t("group-picture-note"))
        .raw("</span></header><div class=\"panel-body\">");
    if found.links.is_empty() {
        out.raw("<p class=\"hint\">").text(ui.t("group-alone")).raw("</p></div></section>");
        return out;
    }
    let circles = found.circles();
    let nodes = found.parties.iter().enumerate().map(|(place, party)| {
        let owed = sum(of_party(loans, party).iter().map(|loan| loan.principal));
        let round = circles.iter().any(|circle| circle.contains(&party.person));
        GraphNode {
            name: party.name.clone(),
            note: if owed.is_positive() { ui.yuan(owed) } else { String::new() },
            link: party.customer.as_ref().map(|(file, _)| format!("/customers/{file}")),
            look: match (place, round, party.customer.is_some()) {
                (0, ..) => "first",
                (_, true, _) => "circle",
                (_, _, true) => "customer",
                (_, _, false) => "other",
            },
        }
    });
    let place = |person| found.parties.iter().position(|party| party.person == person).unwrap_or(0);
    let edges = found.links.iter().map(|link| GraphEdge {
        from: place(link.by),
        to: place(link.of),
        label: ui.t(format!("relation-{}", link.kind.as_str())),
        answers: link.kind.answers_for_debt(),
    });
    let chart = Chart {
        title: ui.t("group-picture"),
        shape: Shape::Graph,
        graph: Some(Graph { nodes: nodes.collect(), edges: edges.collect() }),
        height: 420,
        ..Chart::default()
    };
    out.push(&ui.chart(chart)).raw("</div></section>");
    out
}

/// Circles and chains, by name.
fn rings(ui: &Ui, found: &Group) -> Html {
    let (circles, chains) = (found.circles(), found.chains());
    let mut out = Html::new();
    if circles.is_empty() && chains.is_empty() {
        return out;
    }
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("group-rings"));
    out.raw("</h2><span class=\"sub\">").text(ui.t("group-rings-note")).raw("</span></header>");
    out.raw("<div class=\"panel-body\"><ul class=\"plainlist\">");
    for (tone, icon, word, joint, paths) in [
        (Tone::Doubt, Icon::AlertTriangle, "group-circle", " ⇄ ", &circles),
        (Tone::Watch, Icon::Link, "group-chain", " → ", &chains),
    ] {
        for path in paths {
            let names: Vec<&str> = path.iter().map(|person| found.name(*person)).collect();
            out.raw("<li>").push(&ui.badge(tone, icon, ui.t(word))).raw(" ").text(names.join(joint)).raw("</li>");
        }
    }
    out.raw("</ul></div></section>");
    out
}

/// The members with their relations and what they owe.
fn members(ui: &Ui, found: &Group, loans: &[GroupLoan]) -> Html {
    let heads = [
        ("group-member", Side::Left),
        ("group-relations", Side::Left),
        ("group-loans", Side::Right),
        ("loan-balance", Side::Right),
        ("loan-overdue-money", Side::Right),
    ];
    let mut table = Table::new(ui.t("group-members"), heads.map(|(head, side)| (ui.t(head), side)));
    for party in &found.parties {
        let own = of_party(loans, party);
        let mut name = Html::new();
        match &party.customer {
            Some((file, number)) => name
                .raw("<a")
                .href(format!("/customers/{file}?tab=loans"))
                .raw(">")
                .text(&party.name)
                .raw("</a>")
                .raw(" <span class=\"muted num\">")
                .text(number)
                .raw("</span>"),
            None => name.text(&party.name),
        };
        let mut relations = Html::new();
        for link in found.links.iter().filter(|link| link.by == party.person) {
            let kind = ui.t(format!("relation-{}", link.kind.as_str()));
            relations.raw("<div>").text(ui.t2("group-is", "kind", kind, "name", found.name(link.of))).raw("</div>");
        }
        let owed = sum(own.iter().map(|loan| loan.principal));
        let overdue = sum(own.iter().map(|loan| loan.overdue));
        let count = Html::of_text(ui.count(i64::try_from(own.len()).unwrap_or(i64::MAX)));
        let overdue = ui.money_or_dash(overdue.is_positive().then_some(overdue));
        table.row([name, relations, count, ui.money(owed), overdue]);
    }
    let all = i64::try_from(loans.len()).unwrap_or(i64::MAX);
    table.total([
        Html::of_text(ui.t1("group-total", "count", found.parties.len())),
        Html::new(),
        Html::of_text(ui.count(all)),
        ui.money(sum(loans.iter().map(|loan| loan.principal))),
        ui.money(sum(loans.iter().map(|loan| loan.overdue))),
    ]);
    panel(ui, "group-members", &ui.table(table))
}

/// Every loan behind the sum.
fn loan_table(ui: &Ui, found: &Group, loans: &[GroupLoan]) -> Html {
    if loans.is_empty() {
        return Html::new();
    }
    let heads = [
        ("loan-number", Side::Left),
        ("group-member", Side::Left),
        ("loan-balance", Side::Right),
        ("loan-overdue-money", Side::Right),
        ("loan-class", Side::Left),
    ];
    let mut table = Table::new(ui.t("group-loans"), heads.map(|(head, side)| (ui.t(head), side)));
    for loan in loans {
        let mut number = Html::new();
        number.raw("<a").href(format!("/loans/{}", loan.loan)).raw(">").text(&loan.number).raw("</a>");
        let whose = |party: &&Party| party.files.contains(&loan.customer);
        let name = found.parties.iter().find(whose).map_or("", |party| party.name.as_str());
        table.row([
            number,
            Html::of_text(name),
            ui.money(loan.principal),
            ui.money_or_dash(loan.overdue.is_positive().then_some(loan.overdue)),
            class_of(&loan.class).map_or_else(Html::new, |class| ui.class_badge(class)),
        ]);
    }
    panel(ui, "group-loans", &ui.table(table))
}

fn panel(ui: &Ui, title: &str, content: &Html) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t(title)).raw("</h2></header>");
    out.push(content).raw("</section>");
    out
}
