//! Pages of a comparison (对比页): matrices from → to, what follows, the subjects that change, as list and workbook.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use finance::Fen;
use policy::Pack;
use serde::Deserialize;

use super::actions;
use super::report::{DateReport, EffectSum, Matrix, SourceReport, UNDECIDED};
use super::store::{self, Changed, Chosen, Comparison, ComparisonState};
use crate::access::DataScope;
use crate::duty::pages_parts::english;
use crate::error::ActionError;
use crate::page::{Button, Html, Icon, LoanClass, Look, Page, Side, Table, Tone, Ui, query_pair};
use crate::policies::cache::of_version;
use crate::policies::draft::{DraftError, actions as drafts};
use crate::policies::pages::{POLICY_DRAFT, POLICY_VIEW};
use crate::policies::value_words::outcome_text;
use crate::sheets::{BookWriter, Column, ColumnKind, Written};
use crate::web::{Posted, Routes, Visit, WebError, xlsx};
use crate::work::Work;

/// Changed subjects on one page.
pub(super) const SHOWN: i64 = 500;
/// Changed subjects in one workbook.
const EXPORTED: i64 = 50_000;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .post("/policies/drafts/{id}/compare", POLICY_DRAFT, start)
        .get("/policies/comparisons/{id}", POLICY_VIEW, one)
        .data::<super::data::ComparisonData, _, _>("/policies/comparisons/{id}", POLICY_VIEW, super::data::comparison)
        .get("/policies/comparisons/{id}/progress", POLICY_VIEW, progress)
        .get("/policies/comparisons/{id}/rows", POLICY_VIEW, rows)
        .data::<Vec<super::data::ChangedData>, _, _>("/policies/comparisons/{id}/rows", POLICY_VIEW, super::data::rows)
        .get("/policies/comparisons/{id}/rows.xlsx", POLICY_VIEW, export)
}

fn address(id: i64) -> String {
    format!("/policies/comparisons/{id}")
}

#[derive(Debug, Deserialize)]
struct StartForm {
    #[serde(default)]
    months: i64,
}

async fn start(Path(draft): Path<i64>, posted: Posted<StartForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("policy.compare").await?;
    let id = actions::start(&mut work, draft, posted.form.months).await?;
    let answer = posted.done(work, address(id)).await?;
    // The person goes on; the page of the comparison tells how far it is.
    tokio::spawn(actions::run(posted.visit.app.clone(), id));
    Ok(answer)
}

/// A comparison, for those who may see the whole institution: it lists loans of every branch.
pub(super) async fn load(work: &mut Work, id: i64) -> Result<Comparison, ActionError> {
    if work.authorise(POLICY_VIEW)? != DataScope::everything() {
        return Err(DraftError::Unknown.into());
    }
    store::load(&mut work.tx, id).await?.ok_or_else(|| DraftError::Unknown.into())
}

#[derive(Template)]
#[template(path = "policies/comparison.html")]
struct ComparisonPage<'a> {
    ui: &'a Ui,
    it: &'a Comparison,
    polls: bool,
    broke: Option<String>,
    words: String,
    permille: u32,
    dates: Vec<(String, Html)>,
    not_at_hand: Vec<String>,
    duties: Html,
}

async fn one(visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let it = load(&mut work, id).await?;
    let body = body(&mut work, &ui, &it).await?;
    let back = ui.button(Button::link(Look::Secondary, ui.t("desk-back"), format!("/policies/drafts/{}", it.draft)));
    let page = Page::new(ui.t("desk-compare"), "policies").subtitle(it.business_date.to_string()).actions(back);
    visit.page_of(&page, &body)
}

async fn progress(visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let it = load(&mut work, id).await?;
    let body = body(&mut work, &visit.ui(), &it).await?;
    Ok(axum::response::Html(body.into_string()).into_response())
}

async fn body(work: &mut Work, ui: &Ui, it: &Comparison) -> Result<Html, WebError> {
    // Outcomes have the names of the draft's pack; while it is broken again, of its base.
    let names = drafts::checked(work, it.draft).await?;
    let pack = names.namer();
    let draw = |date: &DateReport| (date.on.to_string(), date_panels(ui, it, date, pack));
    let titles = it.report.not_at_hand.iter().map(|id| {
        pack.on(it.business_date)
            .decision(id)
            .map_or_else(|_| id.clone(), |one| one.sheet().title.in_language(english(ui)).to_owned())
    });
    let body = ComparisonPage {
        polls: it.state == ComparisonState::Running,
        broke: it.failure.as_ref().map(|cause| match cause.as_str() {
            store::BROKEN_OFF => ui.t("desk-compare-broken-off"),
            cause => cause.to_owned(),
        }),
        words: ui.t2("desk-compare-progress", "done", it.steps.0, "all", it.steps.1),
        permille: u32::try_from(it.steps.0 * 1_000 / it.steps.1.max(1)).unwrap_or(0),
        dates: it.report.dates.iter().map(draw).collect(),
        not_at_hand: titles.collect(),
        duties: duties(ui, it),
        ui,
        it,
    };
    Ok(Html::of_template(&body)?)
}

/// The latest comparison on the page of a draft.
pub(in crate::policies) fn summary(ui: &Ui, it: &Comparison, current: bool) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>")
        .text(ui.t("desk-compare"))
        .raw("</h2><div class=\"end\">");
    let (tone, icon, word) = match it.state {
        ComparisonState::Running => (Tone::Accent, Icon::Clock, "desk-compare-running"),
        ComparisonState::Failed => (Tone::Doubt, Icon::AlertCircle, "desk-compare-failed"),
        ComparisonState::Done if current => (Tone::Ok, Icon::CircleCheck, "desk-compare-current"),
        ComparisonState::Done => (Tone::Watch, Icon::AlertTriangle, "desk-compare-old"),
    };
    out.push(&ui.badge(tone, icon, ui.t(word))).raw("</div></header><ul class=\"rows\">");
    for source in it.report.dates.first().into_iter().flat_map(|date| &date.sources) {
        for matrix in source.decisions.iter().filter(|matrix| matrix.changed().0 > 0) {
            let (count, amount) = matrix.changed();
            out.raw("<li><span class=\"grow\">").text(title(ui, matrix)).raw("</span><span class=\"end\">");
            out.text(ui.t1("desk-subjects", "count", count))
                .raw(" · ")
                .push(&ui.money(Fen(amount)))
                .raw("</span></li>");
        }
    }
    out.raw("</ul><div class=\"panel-foot\"><a");
    out.href(address(it.id)).raw(">").text(ui.t("desk-compare-open")).raw("</a></div></section>");
    out
}

/// The matrix of one decision beside its grid.
pub(in crate::policies) fn matrix_panel(ui: &Ui, it: &Comparison, decision: &str, pack: &Pack) -> Html {
    let Some(date) = it.report.dates.first() else { return Html::new() };
    let mut out = Html::new();
    for source in &date.sources {
        for matrix in source.decisions.iter().filter(|matrix| matrix.decision == decision) {
            out.push(&matrix_table(ui, it, (date, source), matrix, pack));
        }
    }
    out
}

fn title(ui: &Ui, matrix: &Matrix) -> String {
    if english(ui) && !matrix.title.1.is_empty() { matrix.title.1.clone() } else { matrix.title.0.clone() }
}

fn date_panels(ui: &Ui, it: &Comparison, date: &DateReport, pack: &Pack) -> Html {
    let mut out = Html::new();
    if date.sources.is_empty() {
        out.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("desk-nothing-at-hand"))));
    }
    for source in &date.sources {
        let (changing, still): (Vec<&Matrix>, Vec<&Matrix>) = source.decisions.iter().partition(|m| m.changed().0 > 0);
        for matrix in changing {
            out.push(&matrix_table(ui, it, (date, source), matrix, pack));
        }
        if !still.is_empty() {
            let names: Vec<String> = still.iter().map(|matrix| title(ui, matrix)).collect();
            let words = ui.t1("desk-unchanged", "tables", names.join(&ui.t("desk-and")));
            out.push(&ui.note(Tone::Ok, Icon::CircleCheck, Html::of_text(words)));
        }
        out.push(&effects(ui, &source.effects));
    }
    out
}

/// An outcome as badge or word.
fn outcome(ui: &Ui, pack: &Pack, output: &str, value: &str) -> Html {
    if value == UNDECIDED {
        return ui.badge(Tone::Neutral, Icon::HelpCircle, ui.t("desk-undecided"));
    }
    if output == "asset_class"
        && let Some(class) = LoanClass::parse(value)
    {
        return ui.class_badge(class);
    }
    let kind = pack.dictionary().get(output).map(|fact| &fact.kind);
    Html::of_text(outcome_text(ui, pack, (output, kind), value))
}

fn matrix_table(
    ui: &Ui,
    it: &Comparison,
    (date, source): (&DateReport, &SourceReport),
    matrix: &Matrix,
    pack: &Pack,
) -> Html {
    let mut out = Html::new();
    let (count, amount) = matrix.changed();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>")
        .text(title(ui, matrix))
        .raw("</h2><span class=\"sub\">");
    let about = ui.tn(
        "desk-matrix-note",
        &[("date", date.on.to_string()), ("count", source.count.to_string()), ("what", ui.t(&source.title))],
    );
    out.text(about).raw("</span><div class=\"end\"><a");
    out.href(rows_address(it.id, date, matrix, "", "")).raw(">");
    out.text(ui.t1("desk-changing", "count", count)).raw(" · ").push(&ui.money(Fen(amount))).raw("</a></div></header>");
    out.raw("<div class=\"scroll\"><table class=\"table matrix\"><thead><tr><th scope=\"col\">")
        .text(ui.t("desk-now-draft"))
        .raw("</th>");
    for to in &matrix.outcomes {
        out.raw("<th scope=\"col\" class=\"r\">").push(&outcome(ui, pack, &matrix.output, to)).raw("</th>");
    }
    out.raw("<th scope=\"col\" class=\"r\">").text(ui.t("desk-now-total")).raw("</th></tr></thead><tbody>");
    for from in &matrix.outcomes {
        out.raw("<tr><th scope=\"row\">").push(&outcome(ui, pack, &matrix.output, from)).raw("</th>");
        for to in &matrix.outcomes {
            cell(&mut out, ui, (it.id, date, matrix), (from, to));
        }
        let (count, amount) = matrix.sum(|cell| cell.from == *from);
        total(&mut out, ui, count, amount);
        out.raw("</tr>");
    }
    out.raw("</tbody><tfoot><tr class=\"grand\"><th scope=\"row\">").text(ui.t("desk-draft-total")).raw("</th>");
    for to in &matrix.outcomes {
        let (count, amount) = matrix.sum(|cell| cell.to == *to);
        total(&mut out, ui, count, amount);
    }
    total(&mut out, ui, source.count, source.amount_fen);
    out.raw("</tr></tfoot></table></div></section>");
    out
}

fn total(out: &mut Html, ui: &Ui, count: i64, amount: i64) {
    out.raw("<td class=\"r\"><b>").text(ui.count(count)).raw("</b><br>").push(&ui.money(Fen(amount))).raw("</td>");
}

fn cell(out: &mut Html, ui: &Ui, (id, date, matrix): (i64, &DateReport, &Matrix), (from, to): (&str, &str)) {
    let Some(found) = matrix.cell(from, to) else {
        out.raw("<td class=\"r muted\">·</td>");
        return;
    };
    let place = |outcome: &str| matrix.outcomes.iter().position(|known| known == outcome);
    if from == to {
        out.raw("<td class=\"r\">").text(ui.count(found.count));
        out.raw("<br><span class=\"muted\">").push(&ui.money(Fen(found.amount_fen))).raw("</span></td>");
        return;
    }
    // Outcomes stand from the mildest to the worst: to the right is worse.
    let worse = place(to) > place(from);
    out.raw(if worse { "<td class=\"r worse\"><a" } else { "<td class=\"r better\"><a" });
    out.href(rows_address(id, date, matrix, from, to)).raw(">");
    out.text(if worse { "▼ " } else { "▲ " }).text(ui.count(found.count)).raw("</a><br>");
    out.push(&ui.money(Fen(found.amount_fen))).raw("</td>");
}

fn rows_address(id: i64, date: &DateReport, matrix: &Matrix, from: &str, to: &str) -> String {
    let pairs = [
        query_pair("on", &date.on.to_string()),
        query_pair("decision", &matrix.decision),
        query_pair("from", from),
        query_pair("to", to),
    ];
    format!("{}/rows?{}", address(id), pairs.join("&"))
}

/// What follows for the whole book, under both rules.
fn effects(ui: &Ui, effects: &[EffectSum]) -> Html {
    if effects.is_empty() {
        return Html::new();
    }
    let heads = [
        ("desk-effect", Side::Left),
        ("desk-now", Side::Right),
        ("policy-draft", Side::Right),
        ("desk-change", Side::Right),
    ];
    let mut table = Table::new(ui.t("desk-effects"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in effects {
        let figure = |value: i64| if one.money { ui.money(Fen(value)) } else { Html::of_text(ui.count(value)) };
        table.row([
            Html::of_text(ui.t(&one.title)),
            figure(one.from),
            figure(one.to),
            change(ui, one.to - one.from, figure),
        ]);
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("desk-effects"));
    out.raw("</h2><span class=\"sub\">").text(ui.t("desk-effects-note")).raw("</span></header>");
    out.push(&ui.table(table)).raw("</section>");
    out
}

fn change(ui: &Ui, by: i64, figure: impl Fn(i64) -> Html) -> Html {
    let mut out = Html::new();
    match by {
        0 => out.text("—"),
        1.. => out.text("↑ +").push(&figure(by)),
        _ => out.text("↓ −").push(&figure(-by)),
    };
    let _ = ui;
    out
}

fn duties(ui: &Ui, it: &Comparison) -> Html {
    if it.report.duties.is_empty() {
        return Html::new();
    }
    let heads = [
        ("desk-duty", Side::Left),
        ("desk-now", Side::Right),
        ("policy-draft", Side::Right),
        ("desk-change", Side::Right),
    ];
    let mut table = Table::new(ui.t("desk-duties"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in &it.report.duties {
        let name = if english(ui) { &one.title.1 } else { &one.title.0 };
        let figure = |value: i64| Html::of_text(ui.count(value));
        let mut first = Html::of_text(name);
        first.raw(" ").push(&ui.rule(&one.rule));
        table.row([first, figure(one.from), figure(one.to), change(ui, one.to - one.from, figure)]);
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("desk-duties"));
    out.raw("</h2><span class=\"sub\">").text(ui.t("desk-duties-note")).raw("</span></header>");
    out.push(&ui.table(table)).raw("</section>");
    out
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RowsAsked {
    #[serde(default)]
    on: String,
    #[serde(default)]
    decision: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl RowsAsked {
    pub(super) fn chosen(&self) -> Chosen {
        Chosen {
            on: self.on.parse().ok(),
            decision: self.decision.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }
}

async fn rows(visit: Visit, Path(id): Path<i64>, Query(asked): Query<RowsAsked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let it = load(&mut work, id).await?;
    let base = of_version(&mut work, it.base).await?;
    let found = store::rows(&mut work.tx, id, &asked.chosen(), SHOWN).await?;
    let heads = [
        ("desk-subject", Side::Left),
        ("desk-decision", Side::Left),
        ("desk-now", Side::Left),
        ("policy-draft", Side::Left),
        ("desk-amount", Side::Right),
    ];
    let mut table = Table::new(ui.t("desk-changed-subjects"), heads.map(|(head, side)| (ui.t(head), side)));
    let mut sum = Fen::ZERO;
    for row in &found {
        sum = sum.checked_add(Fen(row.amount_fen)).unwrap_or(sum);
        table.row(cells(&ui, base.pack(), row));
    }
    let count = ui.t1("desk-subjects", "count", i64::try_from(found.len()).unwrap_or(SHOWN));
    table.total([Html::of_text(count), Html::new(), Html::new(), Html::new(), ui.money(sum)]);
    let mut body = Html::new();
    if i64::try_from(found.len()).is_ok_and(|len| len >= SHOWN) || it.report.cut {
        body.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t1("desk-cut", "shown", SHOWN))));
    }
    body.raw("<section class=\"panel\">").push(&ui.table(table)).raw("</section>");
    let pairs = [("on", &asked.on), ("decision", &asked.decision), ("from", &asked.from), ("to", &asked.to)];
    let query: Vec<String> = pairs.iter().map(|(name, value)| query_pair(name, value)).collect();
    let mut buttons = Html::new();
    let file = Button::link(Look::Secondary, "Excel", format!("{}/rows.xlsx?{}", address(id), query.join("&")));
    buttons.push(&ui.button(file.icon(Icon::TableExport)));
    buttons.push(&ui.button(Button::link(Look::Secondary, ui.t("back"), address(id))));
    let page = Page::new(ui.t("desk-changed-subjects"), "policies").subtitle(&asked.on).actions(buttons);
    visit.page_of(&page, &body)
}

/// The columns of the list, named as the decision's own words.
fn cells(ui: &Ui, pack: &Pack, row: &Changed) -> [Html; 5] {
    let decision = pack.on(row.as_of).decision(&row.decision).ok();
    let output = decision.and_then(|one| one.sheet().outputs.first()).map(|one| one.name.clone()).unwrap_or_default();
    let title = decision.map_or(row.decision.as_str(), |one| one.sheet().title.in_language(english(ui)));
    let mut number = Html::new();
    number.raw("<a").href(&row.href).raw(">").text(&row.label).raw("</a>");
    [
        number,
        Html::of_text(title),
        outcome(ui, pack, &output, &row.outcome.0),
        outcome(ui, pack, &output, &row.outcome.1),
        ui.money(Fen(row.amount_fen)),
    ]
}

async fn export(visit: Visit, Path(id): Path<i64>, Query(asked): Query<RowsAsked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let broken = |error: crate::sheets::WriteError| WebError::from(ActionError::Internal(error.to_string()));
    let mut work = visit.read().await?;
    let it = load(&mut work, id).await?;
    let base = of_version(&mut work, it.base).await?;
    let found = store::rows(&mut work.tx, id, &asked.chosen(), EXPORTED).await?;
    let word = |row: &Changed, value: &str| {
        let edition = base.pack().on(row.as_of);
        let output = edition.decision(&row.decision).ok().and_then(|one| one.sheet().outputs.first());
        let known = |output: &policy::Output| outcome_text(&ui, base.pack(), (&output.name, Some(&output.kind)), value);
        output.map_or_else(|| value.to_owned(), known)
    };
    let mut book = BookWriter::new();
    let text = |id: &str| Column::new(&ui.t(id), ColumnKind::Text);
    let columns = [
        Column::new(&ui.t("desk-as-of"), ColumnKind::Date),
        text("desk-subject"),
        text("desk-decision"),
        text("desk-now"),
        text("policy-draft"),
        Column::new(&ui.t("desk-amount"), ColumnKind::Money).total(),
    ];
    let titles = [ui.t("desk-changed-subjects"), it.business_date.to_string()];
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    book.sheet(&ui.t("desk-changed-subjects"), &titles, &columns).map_err(broken)?;
    for row in &found {
        let (from, to) = (word(row, &row.outcome.0), word(row, &row.outcome.1));
        let cells = [
            Written::Date(row.as_of),
            Written::Text(&row.label),
            Written::Text(&row.decision),
            Written::Text(&from),
            Written::Text(&to),
            Written::Money(Fen(row.amount_fen)),
        ];
        book.row(&cells).map_err(broken)?;
    }
    Ok(xlsx("comparison.xlsx", book.finish().map_err(broken)?))
}
