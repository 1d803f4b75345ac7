//! The conduct report as a list (行为清单, S2.5-38): findings by collector and agency with filters, totals and export.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::access::DataScope;
use platform::args;
use platform::clock::{civil_minute, civil_moment};
use platform::db::Conditions;
use platform::error::ActionError;
use platform::id::UserId;
use platform::list_export::{Listed, Sums, Wanted};
use platform::locale::Lang;
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, Sort, View};
use platform::page::{Choice, Html, Icon, Page, Side, Table, Tone, Ui};
use platform::policies;
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Finding, FindingKind};
use super::pages::LIST;
use super::store;
use crate::agency::model::Agency;
use crate::guard::model::Rule;
use crate::listing;
use crate::{CASE_VIEW, CONTACT_OPEN};

type Names = std::collections::BTreeMap<UserId, String>;

/// The report and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, |ui| spec(ui, &Names::default(), &[])).exports(&LISTED)
}

fn spec(ui: &Ui, names: &Names, agencies: &[Agency]) -> ListSpec {
    let view = |id: &str| View { id: id.to_owned(), text: ui.t(format!("conduct-view-{id}")), ..View::default() };
    let collectors = names.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let agencies = agencies.iter().map(|one| Choice::new(one.id.to_string(), &one.name)).collect();
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("at", "conduct-at", ColumnKind::Text).sortable(),
            Column::new("collector", "conduct-collector", ColumnKind::Text),
            Column::new("customer", "outcome-customer", ColumnKind::Text),
            Column::new("kind", "conduct-kind", ColumnKind::State),
            Column::new("rule", "conduct-rule", ColumnKind::Text),
            Column::new("channel", "guard-channel", ColumnKind::Text),
            Column::new("article", "conduct-article", ColumnKind::Text),
            Column::new("detail", "conduct-detail", ColumnKind::Text),
            Column::new("review", "conduct-review", ColumnKind::State),
        ],
        filters: vec![
            Filter::new("collector", "conduct-collector", FilterKind::Choice(collectors)),
            Filter::new("agency", "agency-name", FilterKind::Choice(agencies)),
            Filter::new("on", "conduct-at", FilterKind::Dates),
        ],
        views: ["open", "refused", "flagged", "unlawful", "all"].map(view).to_vec(),
        default_sort: Some(Sort { column: "at", descending: true }),
        counted: "list-findings",
        ..ListSpec::default()
    }
}

fn conditions(scope: DataScope, asked: &ListQuery, picked: &[i64]) -> Conditions {
    let mut w = Conditions::new();
    store::within(&mut w, scope);
    w.one_of("f.id", picked);
    match FindingKind::parse(&asked.view) {
        Some(kind) => w.and_values("f.kind = ?", args![kind]),
        None if asked.view == "all" => &mut w,
        // What a supervisor must look at first: not what the guard merely stopped.
        None => w.and_values("f.verdict is null and f.kind <> 'refused'", args![]),
    };
    let collectors: Vec<i64> = asked.choice("collector").iter().filter_map(|id| id.parse().ok()).collect();
    w.one_of("f.collector_id", &collectors);
    let agencies: Vec<i64> = asked.choice("agency").iter().filter_map(|id| id.parse().ok()).collect();
    w.one_of("f.agency_id", &agencies);
    let (from, to) = asked.dates("on");
    if let Some(from) = from.and_then(|on| civil_moment(on.at(0, 0, 0, 0))) {
        w.and_values("f.happened_at >= ?", args![from]);
    }
    if let Some(before) = to.and_then(|on| civil_moment(on.tomorrow().ok()?.at(0, 0, 0, 0))) {
        w.and_values("f.happened_at < ?", args![before]);
    }
    w
}

fn order(asked: &ListQuery) -> &'static str {
    match asked.sort {
        Some(Sort { descending: false, .. }) => "f.happened_at, f.id",
        Some(_) | None => "f.happened_at desc, f.id desc",
    }
}

/// The findings (行为发现清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/conduct/export.xlsx",
    view: CASE_VIEW,
    export: CONTACT_OPEN,
    act: "conduct.export",
    title: "conduct-title",
    file: "conduct",
    whole: false,
    spec: |work, ui, _| Box::pin(spec_now(work, ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// With the people and agencies to choose from.
async fn spec_now(work: &mut Work, ui: &Ui) -> Result<ListSpec, ActionError> {
    let agencies = crate::agency::store::all(&mut work.tx).await?;
    Ok(spec(ui, &crate::people(work).await?, &agencies))
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(store::totals(&mut work.tx, &conditions(wanted.scope, &wanted.query, &wanted.picked_numbers()))
        .await?
        .all
        .into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let ((from, most), names) = (wanted.part, crate::people(work).await?);
    let w = conditions(wanted.scope, &wanted.query, &wanted.picked_numbers());
    let findings = store::page(&mut work.tx, &w, (order(&wanted.query), most, from)).await?;
    let mut rows = Vec::with_capacity(findings.len());
    for finding in &findings {
        rows.push(row_of(ui, work, &names, finding).await?);
    }
    Ok(rows)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::CircleCheck, ui.t("conduct-none"), ui.t("conduct-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let mut work = visit.read().await?;
    let w = conditions(visit.scope(CASE_VIEW)?, &shown.asked, &[]);
    let totals = store::totals(&mut work.tx, &w).await?;
    let above = summary(&ui, &mut work, &w).await?;
    let about = ui.tn(
        "conduct-totals",
        &[
            ("refused", totals.refused.to_string()),
            ("flagged", totals.flagged.to_string()),
            ("unlawful", totals.unlawful.to_string()),
            ("open", totals.open.to_string()),
        ],
    );
    let page = Page::new(ui.t("conduct-title"), "conduct").subtitle(about).actions(shown.tools());
    listing::answer(&visit, &shown, &page, above)
}

/// How many findings each collector has.
async fn summary(ui: &Ui, work: &mut Work, w: &Conditions) -> Result<Html, WebError> {
    let counts = store::by_collector(&mut work.tx, w).await?;
    let names = crate::people(work).await?;
    let mut html = Html::new();
    if counts.is_empty() {
        return Ok(html);
    }
    let heads = ["conduct-collector", "conduct-kind-refused", "conduct-kind-flagged", "conduct-kind-unlawful"];
    let sided = heads.iter().enumerate().map(|(n, id)| (ui.t(*id), if n == 0 { Side::Left } else { Side::Right }));
    let mut table = Table::new(ui.t("conduct-by-collector"), sided);
    let mut collectors: Vec<i64> = counts.iter().map(|row| row.collector).collect();
    collectors.dedup();
    for collector in collectors {
        let of = |kind| {
            let mut rows = counts.iter().filter(|row| row.collector == collector && row.kind == kind);
            Html::of_text(rows.next().map_or(0, |row| row.findings).to_string())
        };
        let name = Html::of_text(name_of(ui, &names, collector));
        table.row([name, of(FindingKind::Refused), of(FindingKind::Flagged), of(FindingKind::Unlawful)]);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("conduct-by-collector"));
    html.raw("</h2></header>").push(&ui.table(table)).raw("</section>");
    Ok(html)
}

/// Who collected, by name.
pub(super) fn name_of(ui: &Ui, names: &Names, user: i64) -> String {
    names.get(&UserId(user)).cloned().unwrap_or_else(|| ui.t("timeline-system"))
}

async fn row_of(ui: &Ui, work: &mut Work, names: &Names, finding: &Finding) -> Result<Row, ActionError> {
    let (tone, icon) = match finding.kind {
        FindingKind::Refused => (Tone::Info, Icon::ShieldCheck),
        FindingKind::Flagged => (Tone::Sub, Icon::AlertTriangle),
        FindingKind::Unlawful => (Tone::Doubt, Icon::Ban),
    };
    let kind = ui.t(format!("conduct-kind-{}", finding.kind.as_str()));
    let (said, tone_said) = match &finding.review {
        Some(review) => (ui.t(format!("conduct-opinion-{}", review.opinion.as_str())), Tone::Ok),
        None => (ui.t("conduct-unreviewed"), Tone::Neutral),
    };
    let on = work.business_date;
    let article = match finding.article.as_str() {
        "" => Cell::None,
        id => Cell::Text(policies::in_force(work, on).await?.article_title(id, ui.lang() == Lang::En)),
    };
    let own = format!("/collections/conduct/{}/{}", finding.customer, finding.id);
    let href = if work.actor.may(CONTACT_OPEN) { own } else { format!("/customers/{}", finding.customer) };
    Ok(Row {
        key: finding.id.to_string(),
        cells: vec![
            Cell::Link(civil_minute(finding.happened_at), href.clone()),
            Cell::Strong(name_of(ui, names, finding.collector)),
            Cell::Text(finding.name.clone()),
            Cell::State(ui.badge(tone, icon, &kind), kind),
            Cell::Text(ui.t(Rule::message(&finding.rule))),
            Cell::Text(ui.t(format!("channel-{}", finding.channel.as_str()))),
            article,
            Cell::Muted(finding.detail.clone()),
            Cell::State(ui.badge(tone_said, Icon::ClipboardCheck, &said), said),
        ],
        href,
    })
}
