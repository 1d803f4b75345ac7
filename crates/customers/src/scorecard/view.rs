//! The report of a fit in pictures: curves, bins with their bad rates, scores, cut-offs.

use platform::page::{Chart, Html, Icon, Series, Shape, Side, Table, Tone, Ui};
use platform::policies::InForce;
use policy::Value;
use scoring::{Edge, Fitted, Measured, Refused, Term};

use super::store::Fit;
use crate::datum::view::{shown, title};

/// The most points of a curve.
const POINTS: usize = 41;

/// A share as per cent with one decimal.
fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

fn figure(value: f64) -> String {
    format!("{value:.3}")
}

fn panel(title: &str, sub: &str, inner: &Html) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(title).raw("</h2><span class=\"sub\">");
    out.text(sub).raw("</span></header><div class=\"panel-body\">").push(inner).raw("</div></section>");
    out
}

/// Everything about a fit.
pub(super) fn report(ui: &Ui, rules: &InForce, fit: &Fit) -> Html {
    let fitted = match &fit.outcome {
        Ok(fitted) => fitted,
        Err(refused) => return panel(&ui.t("scorecard-refused"), "", &refusal(ui, rules, refused)),
    };
    let mut out = Html::new();
    out.push(&panel(&ui.t("scorecard-measures"), "", &ui.table(measures(ui, fitted))));
    let judged = if fitted.test.bad > 0 { &fitted.test } else { &fitted.train };
    let rows = ui.t(if fitted.test.bad > 0 { "scorecard-on-test" } else { "scorecard-on-train" });
    let mut curves = Html::new();
    curves.raw("<div class=\"columns two\">");
    curves.push(&panel(&ui.t("scorecard-ks-curve"), &rows, &ui.chart(ks(ui, judged))));
    curves.push(&panel(&ui.t("scorecard-roc-curve"), &rows, &ui.chart(roc(ui, judged)))).raw("</div>");
    out.push(&curves);
    out.push(&panel(&ui.t("scorecard-distribution"), &ui.t("scorecard-rows"), &ui.chart(distribution(ui, fitted))));
    out.push(&panel(&ui.t("scorecard-cuts"), &rows, &ui.table(cuts(ui, fitted))));
    for term in &fitted.terms {
        out.push(&term_panel(ui, rules, term));
    }
    if !fitted.left_out.is_empty() {
        out.push(&panel(&ui.t("scorecard-left-out"), "", &ui.table(left_out(ui, rules, fitted))));
    }
    out
}

fn refusal(ui: &Ui, rules: &InForce, refused: &Refused) -> Html {
    let text = match refused {
        Refused::Ragged { column } => ui.t1("scorecard-refused-ragged", "column", title(ui, rules, column)),
        Refused::TooFew { found, least, bads: true } => {
            ui.t2("scorecard-refused-few-bads", "found", found, "least", least)
        }
        Refused::TooFew { found, least, bads: false } => {
            ui.t2("scorecard-refused-few-goods", "found", found, "least", least)
        }
        Refused::NothingTells => ui.t("scorecard-refused-nothing"),
        Refused::Separates { column } => ui.t1("scorecard-refused-separates", "column", title(ui, rules, column)),
        Refused::NotConverged { steps } => ui.t1("scorecard-refused-no-rest", "steps", steps),
    };
    ui.note(Tone::Doubt, Icon::Ban, Html::of_text(text))
}

fn measures(ui: &Ui, fitted: &Fitted) -> Table {
    let heads = ["sample", "good", "bad", "ks", "auc", "psi"];
    let side = |at: usize| if at == 0 { Side::Left } else { Side::Right };
    let heads: Vec<(String, Side)> =
        heads.iter().enumerate().map(|(at, id)| (ui.t(format!("scorecard-of-{id}")), side(at))).collect();
    let mut table = Table::new(ui.t("scorecard-measures"), heads);
    let mut row = |name: &str, of: &Measured, psi: String| {
        let cells = [ui.t(name), of.good.to_string(), of.bad.to_string(), figure(of.ks), figure(of.auc), psi];
        table.row(cells.map(Html::of_text));
    };
    row("scorecard-on-train", &fitted.train, "—".to_owned());
    if fitted.test.good + fitted.test.bad > 0 {
        row("scorecard-on-test", &fitted.test, figure(fitted.psi));
    }
    table
}

/// So many points of a curve, the ends among them.
fn thinned(of: &Measured) -> Vec<(f64, f64, f64)> {
    let all = &of.roc.points;
    if all.len() <= POINTS {
        return all.clone();
    }
    (0..POINTS).filter_map(|at| all.get(at * (all.len() - 1) / (POINTS - 1)).copied()).collect()
}

fn ks(ui: &Ui, of: &Measured) -> Chart {
    let points = thinned(of);
    let series = |id: &str, value: &dyn Fn(&(f64, f64, f64)) -> f64| Series {
        name: ui.t(id),
        values: points.iter().map(|point| Some(percent(value(point)))).collect(),
        notes: Vec::new(),
    };
    Chart {
        title: ui.t("scorecard-ks-curve"),
        shape: Shape::Lines,
        labels: points.iter().map(|point| format!("{:.0}", point.0)).collect(),
        series: vec![series("scorecard-bads-below", &|p| p.1), series("scorecard-goods-below", &|p| p.2)],
        height: 260,
        ..Chart::default()
    }
}

fn roc(ui: &Ui, of: &Measured) -> Chart {
    // Share of bads caught where so many per cent of the goods are refused, on the line between two points.
    let at = |wanted: f64| {
        let mut before = (0.0, 0.0);
        for (_, bad, good) in &of.roc.points {
            if *good >= wanted {
                let step = good - before.1;
                let part = if step > 0.0 { (wanted - before.1) / step } else { 1.0 };
                return before.0 + part * (bad - before.0);
            }
            before = (*bad, *good);
        }
        1.0
    };
    let marks: Vec<f64> = (0..=20).map(|step| f64::from(step) / 20.0).collect();
    let values = |value: &dyn Fn(f64) -> f64| marks.iter().map(|mark| Some(percent(value(*mark)))).collect();
    Chart {
        title: ui.t("scorecard-roc-curve"),
        shape: Shape::Lines,
        labels: marks.iter().map(|mark| format!("{:.0}%", mark * 100.0)).collect(),
        series: vec![
            Series { name: ui.t("scorecard-this-card"), values: values(&at), notes: Vec::new() },
            Series { name: ui.t("scorecard-by-chance"), values: values(&|mark| mark), notes: Vec::new() },
        ],
        height: 260,
        ..Chart::default()
    }
}

/// What a band of scores is called.
fn bands(fitted: &Fitted) -> Vec<String> {
    let starts = &fitted.band_starts;
    let name = |at: usize| match (at.checked_sub(1).and_then(|before| starts.get(before)), starts.get(at)) {
        (None, Some(to)) => format!("< {to:.0}"),
        (Some(from), Some(to)) => format!("{from:.0}–{:.0}", to - 1.0),
        (Some(from), None) => format!("≥ {from:.0}"),
        (None, None) => "—".to_owned(),
    };
    (0..=starts.len()).map(name).collect()
}

fn distribution(ui: &Ui, fitted: &Fitted) -> Chart {
    let series = |id: &str, value: &dyn Fn(&(u64, u64)) -> u64| Series {
        name: ui.t(id),
        values: fitted.bands.iter().map(|band| Some(value(band).to_string())).collect(),
        notes: fitted.bands.iter().map(|band| value(band).to_string()).collect(),
    };
    Chart {
        title: ui.t("scorecard-distribution"),
        shape: Shape::Columns,
        labels: bands(fitted),
        series: vec![series("scorecard-goods", &|band| band.0), series("scorecard-bads", &|band| band.1)],
        height: 240,
        ..Chart::default()
    }
}

fn cuts(ui: &Ui, fitted: &Fitted) -> Table {
    let heads = ["cut", "accepted", "bad-accepted", "bad-refused", "good-refused", "good-accepted"];
    let heads: Vec<(String, Side)> = heads.iter().map(|id| (ui.t(format!("scorecard-of-{id}")), Side::Right)).collect();
    let mut table = Table::new(ui.t("scorecard-cuts"), heads);
    for cut in &fitted.cuts {
        let accepted = cut.good_accepted + cut.bad_accepted;
        let all = accepted + cut.good_refused + cut.bad_refused;
        let cells = [
            format!("{:.0}", cut.cut),
            format!("{}%", percent(accepted as f64 / all.max(1) as f64)),
            cut.bad_accepted.to_string(),
            cut.bad_refused.to_string(),
            cut.good_refused.to_string(),
            cut.good_accepted.to_string(),
        ];
        table.row(cells.map(Html::of_text));
    }
    table
}

fn term_panel(ui: &Ui, rules: &InForce, term: &Term) -> Html {
    let name = title(ui, rules, &term.binned.name);
    let words = [("iv", figure(term.binned.iv)), ("weight", figure(term.weight)), ("psi", figure(term.psi))];
    let edges: Vec<String> =
        term.binned.bins.iter().map(|bin| edge(ui, rules, (&term.binned.name, &bin.edge))).collect();
    let chart = Chart {
        title: ui.t1("scorecard-bad-rate", "name", &name),
        shape: Shape::Columns,
        labels: edges.clone(),
        series: vec![Series {
            name: ui.t("scorecard-of-rate"),
            values: term.binned.bins.iter().map(|bin| Some(percent(bin.bad_rate()))).collect(),
            notes: term.binned.bins.iter().map(|bin| format!("{}%", percent(bin.bad_rate()))).collect(),
        }],
        height: 180,
        ..Chart::default()
    };
    let heads = ["bin", "good", "bad", "rate", "woe", "points"];
    let side = |at: usize| if at == 0 { Side::Left } else { Side::Right };
    let heads: Vec<(String, Side)> =
        heads.iter().enumerate().map(|(at, id)| (ui.t(format!("scorecard-of-{id}")), side(at))).collect();
    let mut table = Table::new(name.clone(), heads);
    for ((bin, edge), points) in term.binned.bins.iter().zip(edges).zip(&term.points) {
        let cells = [
            edge,
            bin.good.to_string(),
            bin.bad.to_string(),
            format!("{}%", percent(bin.bad_rate())),
            figure(bin.woe),
            points.to_string(),
        ];
        table.row(cells.map(Html::of_text));
    }
    let mut inner = ui.chart(chart);
    inner.push(&ui.table(table));
    panel(&name, &ui.tn("scorecard-term", &words), &inner)
}

/// A bin in words: its ends and its words as values of the fact.
fn edge(ui: &Ui, rules: &InForce, (fact, edge): (&str, &Edge)) -> String {
    let number = |value: i64| shown(ui, rules, fact, &Value::Integer(value));
    let word = |text: &String| {
        let kind = rules.pack().dictionary().get(fact).map(|fact| &fact.kind);
        let value = kind.and_then(|kind| kind.parse_literal(text).ok());
        shown(ui, rules, fact, &value.unwrap_or_else(|| Value::Text(text.clone())))
    };
    match edge {
        Edge::Numbers(None, None) => "—".to_owned(),
        Edge::Numbers(None, Some(to)) => format!("< {}", number(*to)),
        Edge::Numbers(Some(from), None) => format!("≥ {}", number(*from)),
        Edge::Numbers(Some(from), Some(to)) => format!("[{}, {})", number(*from), number(*to)),
        Edge::Words(words, _) => words.iter().map(word).collect::<Vec<_>>().join(" · "),
        Edge::Unknown => ui.t("scorecard-unknown"),
    }
}

fn left_out(ui: &Ui, rules: &InForce, fitted: &Fitted) -> Table {
    use scoring::fit::LeftOut;
    let heads = [("column", Side::Left), ("why", Side::Left), ("iv", Side::Right)];
    let mut table =
        Table::new(ui.t("scorecard-left-out"), heads.map(|(id, side)| (ui.t(format!("scorecard-of-{id}")), side)));
    for (name, why, iv) in &fitted.left_out {
        let why = match why {
            LeftOut::Constant => "scorecard-why-constant",
            LeftOut::LittleValue => "scorecard-why-little",
            LeftOut::WrongSign => "scorecard-why-sign",
        };
        let iv = iv.map_or_else(|| "—".to_owned(), figure);
        table.row([title(ui, rules, name), ui.t(why), iv].map(Html::of_text));
    }
    table
}
