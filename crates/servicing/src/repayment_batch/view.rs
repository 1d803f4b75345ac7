//! What the pages of a batch show: tiles, rows with their findings, history; and the same rows in Excel.

use finance::Fen;
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row};
use platform::page::{Empty, Html, Icon, Side, Tab, Table, Tile, Tone, Ui};

use super::model::{Batch, BatchRow, BatchState, Finding, Outcome, sum_of};
use crate::import::view::named;
use crate::loan::view::split_of;

/// Tone and sign of an outcome.
fn look(outcome: Outcome) -> (Tone, Icon) {
    match outcome {
        Outcome::Good => (Tone::Ok, Icon::Check),
        Outcome::Recorded => (Tone::Ok, Icon::CircleCheck),
        Outcome::Doubtful => (Tone::Watch, Icon::AlertTriangle),
        Outcome::Existing => (Tone::Neutral, Icon::Copy),
        Outcome::Refused | Outcome::Left => (Tone::Doubt, Icon::AlertCircle),
    }
}

fn word(ui: &Ui, outcome: Outcome) -> String {
    ui.t(format!("repaybatch-{}", outcome.as_str()))
}

/// Where the rows of one outcome are.
fn address(batch: &Batch, show: Option<Outcome>) -> String {
    match show {
        None => format!("/repayments/batches/{}", batch.id),
        Some(outcome) => format!("/repayments/batches/{}?show={}", batch.id, outcome.as_str()),
    }
}

/// The outcomes that a batch can have now.
pub fn outcomes(batch: &Batch) -> &'static [Outcome] {
    match batch.state {
        BatchState::Tried => &Outcome::TRIED,
        BatchState::Recorded => &Outcome::DONE,
    }
}

/// One tile an outcome, with its money; each opens its rows.
pub fn tiles(ui: &Ui, batch: &Batch, rows: &[BatchRow]) -> Html {
    let tiles: Vec<Tile> = outcomes(batch)
        .iter()
        .map(|outcome| {
            let sum = sum_of(rows, *outcome);
            let (tone, icon) = look(*outcome);
            Tile {
                icon: Some(icon),
                label: word(ui, *outcome),
                figure: ui.count(i64::try_from(sum.rows).unwrap_or(i64::MAX)),
                unit: ui.t("import-unit-rows"),
                note: Some((
                    if sum.rows > 0 { tone } else { Tone::Neutral },
                    ui.t1("repaybatch-yuan", "amount", ui.yuan(sum.amount)),
                )),
                href: Some(address(batch, Some(*outcome))),
                why: None,
            }
        })
        .collect();
    ui.tiles(tiles)
}

/// The tabs over the rows.
pub fn tabs(ui: &Ui, batch: &Batch, rows: &[BatchRow], show: Option<Outcome>) -> Html {
    let tab = |of: Option<Outcome>| Tab {
        text: of.map_or_else(|| ui.t("repaybatch-all"), |outcome| word(ui, outcome)),
        href: address(batch, of),
        count: i64::try_from(rows.iter().filter(|row| of.is_none_or(|o| o == row.outcome)).count()).ok(),
        active: of == show,
        shared: false,
    };
    ui.tabs(std::iter::once(None).chain(outcomes(batch).iter().copied().map(Some)).map(tab).collect::<Vec<_>>())
}

/// The rows, each with what it would settle and what is to be told of it.
pub fn rows(ui: &Ui, batch: &Batch, shown: &[(usize, &BatchRow)]) -> Html {
    if shown.is_empty() {
        return ui.empty(Empty { icon: Some(Icon::Check), title: ui.t("repaybatch-none"), ..Empty::default() });
    }
    let tried = batch.state == BatchState::Tried;
    let mut heads = vec![
        ("row", Side::Right),
        ("outcome", Side::Left),
        ("loan", Side::Left),
        ("customer", Side::Left),
        ("on", Side::Left),
        ("amount", Side::Right),
    ];
    heads.push(if tried { ("due", Side::Right) } else { ("receipt", Side::Left) });
    if tried {
        heads.push(("settles", Side::Left));
    }
    heads.push(("findings", Side::Left));
    let heads = heads.into_iter().map(|(head, side)| (ui.t(format!("repaybatch-{head}")), side));
    let mut table = Table::new(ui.t("repaybatch-rows"), heads.collect::<Vec<_>>());
    for (place, row) in shown {
        let mut cells = vec![
            Html::of_text(row.source.row.to_string()),
            outcome_cell(ui, *place, row),
            loan_cell(row),
            Html::of_text(row.loan.as_ref().map_or("", |(_, name)| name)),
            ui.date_or_dash(row.on),
            ui.money_or_dash(row.amount),
        ];
        if tried {
            cells.push(ui.money_or_dash(row.due));
            cells.push(Html::of_text(split_of(ui, row.settles.iter())));
        } else {
            cells.push(receipt_cell(ui, row));
        }
        cells.push(findings(ui, &row.findings));
        table.row(cells);
    }
    let sum = Fen::checked_sum(shown.iter().filter_map(|(_, row)| row.amount)).unwrap_or_default();
    let mut total = vec![
        Html::new(),
        Html::of_text(ui.t1("repaybatch-count", "count", shown.len())),
        Html::new(),
        Html::new(),
        Html::new(),
        ui.money(sum),
    ];
    total.resize(table.heads.len(), Html::new());
    table.total(total);
    ui.table(table)
}

/// The state; a doubtful row can be chosen all the same.
fn outcome_cell(ui: &Ui, place: usize, row: &BatchRow) -> Html {
    let (tone, icon) = look(row.outcome);
    let mut out = ui.badge(tone, icon, word(ui, row.outcome));
    if row.outcome == Outcome::Doubtful {
        out.raw("<label class=\"check\"><input type=\"checkbox\" name=\"chosen\"")
            .attr("value", place.to_string())
            .raw("> ");
        out.text(ui.t("repaybatch-choose")).raw("</label>");
    }
    out
}

fn loan_cell(row: &BatchRow) -> Html {
    let mut out = Html::new();
    match &row.loan {
        Some((key, _)) => {
            out.raw("<a").href(format!("/loans/{}", key.loan)).raw(">").text(&row.loan_no).raw("</a>");
        }
        None => {
            out.text(&row.loan_no);
        }
    }
    out
}

/// The way to the transaction and to its receipt.
fn receipt_cell(ui: &Ui, row: &BatchRow) -> Html {
    let (Some((key, _)), Some(transaction)) = (&row.loan, row.transaction) else { return ui.dash() };
    let page = format!("/loans/{}/transactions/{transaction}", key.loan);
    let mut out = Html::new();
    out.raw("<span class=\"nowrap\"><a").href(&page).raw(">").text(ui.t("repaybatch-open")).raw("</a> · <a");
    out.href(format!("{page}/receipt.pdf")).raw(">").text(ui.t("print-receipt")).raw("</a></span>");
    out
}

fn findings(ui: &Ui, all: &[Finding]) -> Html {
    let mut out = Html::new();
    for finding in all {
        out.raw("<p>").text(say(ui, finding)).raw("</p>");
    }
    out
}

/// A finding as a sentence.
pub fn say(ui: &Ui, finding: &Finding) -> String {
    ui.tn(&finding.message, &named(&finding.facts))
}

/// The batches so far, newest first.
pub fn history(ui: &Ui, batches: &[(Batch, String)]) -> Html {
    if batches.is_empty() {
        return ui.empty(Empty {
            icon: Some(Icon::TableImport),
            title: ui.t("repaybatch-history-none"),
            ..Empty::default()
        });
    }
    let heads = ["import-at", "import-file", "import-by", "repayment-channel", "import-state"];
    let mut table = Table::new(ui.t("repaybatch-history"), heads.map(|head| (ui.t(head), Side::Left)));
    for (batch, by) in batches {
        let mut link = Html::new();
        link.raw("<a").href(address(batch, None)).raw(">").text(&batch.file_name).raw("</a>");
        let (tone, icon) = match batch.state {
            BatchState::Tried => (Tone::Neutral, Icon::Hourglass),
            BatchState::Recorded => (Tone::Ok, Icon::CircleCheck),
        };
        table.row([
            Html::of_text(platform::clock::civil_minute(batch.recorded_at)),
            link,
            Html::of_text(by),
            Html::of_text(ui.t(format!("channel-{}", batch.channel.as_str()))),
            ui.badge(tone, icon, ui.t(format!("repaybatch-state-{}", batch.state.as_str()))),
        ]);
    }
    ui.table(table)
}

/// The columns of the list in Excel.
pub fn spec(batch: &Batch) -> ListSpec {
    ListSpec {
        path: address(batch, None),
        columns: vec![
            Column::new("row", "repaybatch-row", ColumnKind::Count),
            Column::new("outcome", "repaybatch-outcome", ColumnKind::State),
            Column::new("loan", "repaybatch-loan", ColumnKind::Text),
            Column::new("customer", "repaybatch-customer", ColumnKind::Text),
            Column::new("on", "repaybatch-on", ColumnKind::Date),
            Column::new("amount", "repaybatch-amount", ColumnKind::Money),
            Column::new("due", "repaybatch-due", ColumnKind::Money),
            Column::new("settles", "repaybatch-settles", ColumnKind::Text),
            Column::new("findings", "repaybatch-findings", ColumnKind::Text),
        ],
        ..ListSpec::default()
    }
}

/// A row of the list in Excel.
pub fn line(ui: &Ui, row: &BatchRow) -> Row {
    let told: Vec<String> = row.findings.iter().map(|finding| say(ui, finding)).collect();
    let cells = vec![
        Cell::Count(i64::from(row.source.row)),
        Cell::State(Html::new(), word(ui, row.outcome)),
        Cell::Text(row.loan_no.clone()),
        Cell::Text(row.loan.as_ref().map(|(_, name)| name.clone()).unwrap_or_default()),
        Cell::date(row.on),
        Cell::money(row.amount.map(|fen| fen.0)),
        Cell::money(row.due.map(|fen| fen.0)),
        Cell::Text(split_of(ui, row.settles.iter())),
        Cell::Text(told.join(" ")),
    ];
    Row { cells, ..Row::default() }
}
