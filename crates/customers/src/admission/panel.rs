//! The admission reviews of a customer on the customer's page, and the head of one.

use platform::customer_page::{PanelBody, PanelSize};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::locale::Lang;
use platform::page::{Button, Html, Icon, Look, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::model::Admission;
use super::{BEGIN, page_of, store, view};
use crate::customer::actions::load_within;
use crate::{VIEW, card_table};

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        load_within(work, id, VIEW).await?;
        let all = store::of_customer(&mut work.tx, id).await?;
        let count = i64::try_from(all.len()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let ui = visit.ui();
        let on = work.business_date;
        let rules = policies::in_force(work, on).await?;
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("admission-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("admission-note")).raw("</span><div class=\"end\">");
        if visit.may(BEGIN) {
            let new = Button::link(Look::Small, ui.t("admission-new"), format!("/customers/{id}/admissions/new"));
            html.push(&ui.button(new.icon(Icon::Plus)));
        }
        html.raw("</div></header>");
        if all.is_empty() {
            html.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("admission-none-here"));
            html.raw("</p></div>");
        } else {
            html.push(&history(&ui, &rules, &all));
        }
        html.raw("</section>");
        Ok(PanelBody { count, html })
    })
}

/// What people call a product.
pub(super) fn product(ui: &Ui, rules: &InForce, product: &str) -> String {
    let english = ui.lang() == Lang::En;
    let found = rules.pack().product(product);
    found.map_or_else(|| product.to_owned(), |one| one.title.in_language(english).to_owned())
}

fn history(ui: &Ui, rules: &InForce, all: &[Admission]) -> Html {
    let heads = ["number", "product", "amount", "begun-on", "decided-on", "state"];
    let heads = heads.map(|id| ui.t(format!("admission-{id}")));
    let rows = all.iter().map(|one| {
        let mut number = Html::new();
        number.raw("<a").href(page_of(one.id)).raw(">").text(&one.number).raw("</a>");
        vec![
            number,
            Html::of_text(product(ui, rules, &one.application.product)),
            ui.money(one.application.amount),
            ui.date(one.begun_on),
            ui.date_or_dash(one.decided_on),
            view::state(ui, one.state).0,
        ]
    });
    card_table::draw(&ui.t("admission-title"), &heads, &rows.collect::<Vec<_>>())
}

/// What is applied for, what the assessor concludes, and where it stands.
pub(super) fn head(
    ui: &Ui,
    rules: &InForce,
    one: &Admission,
    (customer, begun_by, assessor): (&str, &str, &str),
    approval: Option<String>,
) -> Html {
    let asked = &one.application;
    let mut name = Html::new();
    name.raw("<a").href(format!("/customers/{}", one.customer)).raw(">").text(customer).raw("</a>");
    let term = |months: i64| Html::of_text(ui.t1("datum-months", "count", months));
    let mut facts = vec![
        ("admission-state", view::state(ui, one.state).0),
        ("customer-name", name),
        ("admission-product", Html::of_text(product(ui, rules, &asked.product))),
        ("admission-amount", ui.money(asked.amount)),
        ("admission-months", term(asked.months)),
        ("admission-method", Html::of_text(view::method(ui, &asked.method))),
        ("admission-purpose", Html::of_text(&asked.purpose)),
        ("admission-source", Html::of_text(&asked.repayment_source)),
        ("admission-preliminary", Html::of_text(&asked.preliminary)),
        ("admission-begun-by", Html::of_text(begun_by)),
        ("admission-begun-on", ui.date(one.begun_on)),
    ];
    if let Some(sheet) = &one.sheet {
        let concludes = ui.t(format!("admission-concludes-{}", sheet.conclusion.replace('_', "-")));
        facts.extend([
            ("admission-assessor", Html::of_text(assessor)),
            ("admission-conclusion", Html::of_text(concludes)),
            ("admission-reason", Html::of_text(&sheet.reason)),
            ("admission-granted", ui.money(sheet.terms.amount)),
            ("admission-granted-months", term(sheet.terms.months)),
            ("admission-rate", ui.rate(sheet.terms.rate_e9)),
            ("admission-payment", ui.money(sheet.terms.payment)),
            ("admission-mitigants", Html::of_text(&sheet.mitigants)),
            ("admission-opinion", Html::of_text(&sheet.opinion)),
            ("admission-risky", Html::of_text(ui.t(if sheet.risky { "datum-yes" } else { "datum-no" }))),
        ]);
        if sheet.is_fast() {
            let why = sheet.lending.as_ref().map(|lending| view::said(ui, &lending.why).to_owned());
            facts.push(("admission-fast", Html::of_text(why.unwrap_or_default())));
        }
    }
    facts.push(("admission-decided-on", ui.date_or_dash(one.decided_on)));
    if let Some(href) = approval {
        let mut link = Html::new();
        link.raw("<a").href(href).raw(">").text(ui.t("approval-open-page")).raw("</a>");
        facts.push(("approval-admission", link));
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><div class=\"panel-body\"><dl class=\"facts\">");
    for (label, value) in facts {
        out.raw("<dt>").text(ui.t(label)).raw("</dt><dd>").push(&value).raw("</dd>");
    }
    out.raw("</dl></div></section>");
    out
}
