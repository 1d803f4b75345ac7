//! What a new loan would be: totals, yearly cost, the check against the cap, the schedule, the product's terms.

use finance::{Method, Terms};
use platform::page::{Html, Icon, Side, Table, Tone, Ui};
use platform::policies::InForce;
use policy::Product;

use super::actions::Tried;
use crate::loan::ceiling::{Ceiling, percent, rounded};

/// The preview beside the form.
pub(super) fn preview(ui: &Ui, policy: &InForce, tried: &Tried) -> Html {
    let plan = &tried.schedule;
    let all = plan.total_principal.checked_add(plan.total_interest).unwrap_or_default();
    let first = plan.instalments.iter().find(|i| i.no > 0).map(finance::Instalment::total);
    let mut out = Html::new();
    out.raw("<dl class=\"facts panel-body\">");
    let mut line = |label: &str, value: Html| {
        out.raw("<div><dt>").text(ui.t(label)).raw("</dt><dd>").push(&value).raw("</dd></div>");
    };
    line("opening-first-instalment", ui.money_or_dash(first));
    line("opening-interest-sum", ui.money(plan.total_interest));
    line("opening-all-sum", ui.money(all));
    line("loan-maturity", ui.date(plan.maturity_on));
    if let Some(cost) = &tried.cost {
        let simple = format!("{} %", percent(rounded(cost.nominal_e9)));
        let compound = format!("{} %", percent(rounded(cost.effective_e9)));
        line("opening-cost-simple", Html::of_text(simple));
        line("opening-cost-compound", Html::of_text(compound));
    }
    out.raw("</dl>");
    if let Some(ceiling) = &tried.ceiling {
        out.raw("<div class=\"panel-body\">").push(&ceiling_note(ui, policy, ceiling)).raw("</div>");
    }
    if let Some(ground) = &tried.ground {
        out.raw("<div class=\"panel-body\">").push(&super::ground::view::notes(ui, policy, ground)).raw("</div>");
    }
    if plan.provisional {
        let text = Html::of_text(ui.t("opening-provisional"));
        out.push(&ui.note(Tone::Watch, Icon::Calendar, text));
    }
    out.push(&schedule(ui, tried));
    out
}

/// The yearly cost against the cap, with the article that sets it.
pub(crate) fn ceiling_note(ui: &Ui, policy: &InForce, ceiling: &Ceiling) -> Html {
    let (tone, icon, text, articles) = ceiling_line(ui, policy, ceiling);
    let mut body = Html::of_text(text);
    for (address, article) in articles {
        body.raw(" ").push(&ui.citation(address, article));
    }
    ui.note(tone, icon, body)
}

/// Tone, sentence and articles of a check against the cap.
pub(crate) fn ceiling_line(
    ui: &Ui,
    policy: &InForce,
    ceiling: &Ceiling,
) -> (Tone, Icon, String, platform::page::Articles) {
    let (tone, icon) = match ceiling.verdict.as_str() {
        "within" => (Tone::Ok, Icon::CircleCheck),
        "above_target" => (Tone::Watch, Icon::AlertTriangle),
        _ => (Tone::Doubt, Icon::AlertTriangle),
    };
    let english = ui.lang() == platform::locale::Lang::En;
    let facts = [
        ("rate", percent(ceiling.all_in_ppm)),
        ("cap", percent(ceiling.cap_ppm)),
        ("lpr", ceiling.lpr_ppm.map_or_else(|| "—".to_owned(), percent)),
    ];
    let text = ui.tn(format!("ceiling-{}", ceiling.verdict.replace('_', "-")), &facts);
    let articles = ceiling
        .articles
        .iter()
        .map(|id| (platform::policies::article_address(id), policy.article_title(id, english)))
        .collect();
    (tone, icon, text, articles)
}

fn schedule(ui: &Ui, tried: &Tried) -> Html {
    let heads = [
        ("no", Side::Left),
        ("due-on", Side::Left),
        ("principal", Side::Right),
        ("interest", Side::Right),
        ("total", Side::Right),
        ("balance", Side::Right),
    ];
    let mut table =
        Table::new(ui.t("loan-tab-schedule"), heads.map(|(h, side)| (ui.t(format!("opening-head-{h}")), side)));
    let plan = &tried.schedule;
    for i in &plan.instalments {
        let mut due = ui.date(i.due_on);
        if i.due_on != i.nominal_due_on {
            due.raw(" <span class=\"note\">").text(ui.t1("schedule-moved", "on", i.nominal_due_on)).raw("</span>");
        }
        table.row([
            Html::of_text(i.no.to_string()),
            due,
            ui.money(i.principal),
            ui.money(i.interest),
            ui.money(i.total()),
            ui.money(i.balance),
        ]);
    }
    let all = plan.total_principal.checked_add(plan.total_interest).unwrap_or_default();
    table.total([
        Html::new(),
        Html::of_text(ui.t1("schedule-count", "count", plan.instalments.len())),
        ui.money(plan.total_principal),
        ui.money(plan.total_interest),
        ui.money(all),
        Html::new(),
    ]);
    ui.table(table)
}

/// What the product fixes, with the article it comes from (产品约定).
pub(super) fn product(ui: &Ui, policy: &InForce, product: &Product, terms: Option<&Terms>) -> Html {
    let english = ui.lang() == platform::locale::Lang::En;
    let mut rows: Vec<(String, String)> = Vec::new();
    let json = &product.terms;
    let word = |value: Option<&serde_json::Value>| match value {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    if let Some(method) = json.get("method").and_then(|m| m.as_str()) {
        rows.push((ui.t("terms-method"), ui.t(format!("method-{}", method.replace('_', "-")))));
    }
    if let Some(frequency) = json.get("frequency") {
        let unit = ui.t(format!("unit-{}", word(frequency.get("unit"))));
        rows.push((
            ui.t("opening-frequency"),
            ui.t2("opening-every-unit", "every", word(frequency.get("every")), "unit", unit),
        ));
    }
    if let Some(interest) = json.get("interest") {
        let by = ui.t(format!("interest-by-{}", word(interest.get("by"))));
        rows.push((ui.t("terms-day-count"), format!("{} · {by}", word(interest.get("day_count")))));
    }
    if let Some(overdue) = json.get("overdue") {
        let uplift = overdue.get("penalty").and_then(|p| p.get("uplift")).and_then(serde_json::Value::as_i64);
        let text = uplift.map_or_else(|| "—".to_owned(), |ppm| ui.t1("opening-uplift", "percent", percent(ppm)));
        rows.push((ui.t("terms-penalty"), text));
        let compound = overdue.get("compound").is_some_and(|c| !c.is_null());
        rows.push((ui.t("terms-compound"), ui.t(if compound { "yes" } else { "no" })));
        let grace = overdue.get("grace_days").and_then(serde_json::Value::as_i64).unwrap_or(0);
        rows.push((ui.t("terms-grace"), ui.t1("terms-days", "count", grace)));
    }
    let agreed = json.get("allocation").is_some_and(|a| a.get("order").is_some_and(|o| !o.is_null()));
    rows.push((ui.t("opening-allocation"), ui.t(if agreed { "allocation-agreed" } else { "allocation-statutory" })));
    if terms.is_some_and(|t| t.method == Method::Flat) {
        rows.push((ui.t("terms-rate-fixed"), ui.t("opening-flat-note")));
    }
    let mut out = Html::new();
    out.raw("<dl class=\"facts panel-body\">");
    for (label, value) in rows {
        out.raw("<div><dt>").text(label).raw("</dt><dd>").text(value).raw("</dd></div>");
    }
    out.raw("</dl><p class=\"panel-body\">");
    let address = platform::policies::article_address(&product.article);
    out.push(&ui.citation(address, policy.article_title(&product.article, english))).raw("</p>");
    out
}
