//! The conduct report (行为报告, S2.5-38): findings by collector with filters, totals and export, and their review.

use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::args;
use platform::audit::Entry;
use platform::clock::{civil_day, civil_minute, civil_moment};
use platform::db::Conditions;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{CustomerId, UserId};
use platform::locale::Lang;
use platform::page::list::{
    Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, Sort, View,
};
use platform::page::{Button, Choice, Empty, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};
use platform::work::Work;
use serde_json::json;

use super::actions::{self, ConductError};
use super::model::{Finding, FindingId, FindingKind, Opinion};
use super::store;

use crate::guard::model::Rule;
use crate::{CASE_VIEW, CONTACT_OPEN};

platform::form_fields! {
    /// What the reviewer says of a finding.
    ReviewForm: "verdict", "opinion"
}
type Key = (CustomerId, FindingId);
type Names = std::collections::BTreeMap<UserId, String>;

/// Where the report is.
pub(crate) const LIST: &str = "/collections/conduct";
const EXPORT: &str = "/collections/conduct/export.xlsx";
/// The most rows of one export.
const EXPORT_ROWS: i64 = 100_000;

/// The report, its export and the review.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .list(LIST, CASE_VIEW, index, |ui| spec(ui, &Names::default(), true))
        .get(EXPORT, CONTACT_OPEN, export)
        .get("/collections/conduct/{customer}/{finding}", CONTACT_OPEN, review_page)
        .post("/collections/conduct/{customer}/{finding}", CONTACT_OPEN, review)
}

fn spec(ui: &Ui, names: &Names, may_export: bool) -> ListSpec {
    let view = |id: &str| View { id: id.to_owned(), text: ui.t(format!("conduct-view-{id}")), ..View::default() };
    let collectors = names.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
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
            Filter::new("on", "conduct-at", FilterKind::Dates),
        ],
        views: ["open", "refused", "flagged", "unlawful", "all"].map(view).to_vec(),
        default_sort: Some(Sort { column: "at", descending: true }),
        export: may_export.then(|| EXPORT.to_owned()),
        counted: "list-findings",
        ..ListSpec::default()
    }
}

fn conditions(asked: &ListQuery, scope: platform::access::DataScope) -> Conditions {
    let mut wanted = Conditions::new();
    match FindingKind::parse(&asked.view) {
        Some(kind) => wanted.and_values("f.kind = ?", args![kind]),
        None if asked.view == "all" => wanted.and_values("1 = 1", args![]),
        // What a supervisor must look at first: not what the guard merely stopped.
        None => wanted.and_values("f.verdict is null and f.kind <> 'refused'", args![]),
    };
    store::within(&mut wanted, scope);
    let collectors: Vec<i64> = asked.choice("collector").iter().filter_map(|id| id.parse().ok()).collect();
    wanted.one_of("f.collector_id", &collectors);
    let (from, to) = asked.dates("on");
    if let Some(from) = from.and_then(|on| civil_moment(on.at(0, 0, 0, 0))) {
        wanted.and_values("f.happened_at >= ?", args![from]);
    }
    if let Some(before) = to.and_then(|on| civil_moment(on.tomorrow().ok()?.at(0, 0, 0, 0))) {
        wanted.and_values("f.happened_at < ?", args![before]);
    }
    wanted
}

fn order(asked: &ListQuery) -> &'static str {
    match asked.sort {
        Some(Sort { descending: false, .. }) => "f.happened_at, f.id",
        Some(_) | None => "f.happened_at desc, f.id desc",
    }
}

/// What one look at the report needs.
struct Asked {
    names: Names,
    spec: ListSpec,
    asked: ListQuery,
    conditions: Conditions,
}

async fn look(visit: &Visit, work: &mut Work, query: Option<String>, action: &str) -> Result<Asked, WebError> {
    let scope = work.authorise(action).map_err(ActionError::from)?;
    let names = crate::people(work).await?;
    let spec = spec(&visit.ui(), &names, visit.may(CONTACT_OPEN));
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let conditions = conditions(&asked, scope);
    Ok(Asked { names, spec, asked, conditions })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let it = look(&visit, &mut work, query, CASE_VIEW).await?;
    let (size, before) = (i64::from(it.asked.size), it.asked.offset());
    let findings = store::page(&mut work.tx, &it.conditions, (order(&it.asked), size, before)).await?;
    let totals = store::totals(&mut work.tx, &it.conditions).await?;
    let mut rows = Vec::new();
    for finding in &findings {
        rows.push(row_of(&visit, &mut work, &it.names, finding).await?);
    }
    let count = totals.all;
    let (title, text) = (ui.t("conduct-none"), ui.t("conduct-none-text"));
    let empty = Some(Empty { icon: Some(Icon::CircleCheck), title, text, step: None });
    let result = ListPage { rows, count, empty, ..ListPage::default() };
    let mut body = summary(&ui, &mut work, &it).await?;
    if let Some(rows) = visit.rows(&it.spec, &it.asked, &result) {
        return Ok(rows);
    }
    body.push(&ui.list(&it.spec, &it.asked, &result));
    let about = ui.tn(
        "conduct-totals",
        &[
            ("refused", totals.refused.to_string()),
            ("flagged", totals.flagged.to_string()),
            ("unlawful", totals.unlawful.to_string()),
            ("open", totals.open.to_string()),
        ],
    );
    let page =
        Page::new(ui.t("conduct-title"), "conduct").subtitle(about).actions(ui.list_tools(&it.spec, &it.asked, count));
    visit.page_of(&page, &body)
}

/// How many findings each collector has.
async fn summary(ui: &Ui, work: &mut Work, it: &Asked) -> Result<Html, WebError> {
    let counts = store::by_collector(&mut work.tx, &it.conditions).await?;
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
        let name = Html::of_text(name_of(ui, &it.names, collector));
        table.row([name, of(FindingKind::Refused), of(FindingKind::Flagged), of(FindingKind::Unlawful)]);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("conduct-by-collector"));
    html.raw("</h2></header>").push(&ui.table(table)).raw("</section>");
    Ok(html)
}

fn name_of(ui: &Ui, names: &Names, user: i64) -> String {
    names.get(&UserId(user)).cloned().unwrap_or_else(|| ui.t("timeline-system"))
}

async fn row_of(visit: &Visit, work: &mut Work, names: &Names, finding: &Finding) -> Result<Row, ActionError> {
    let ui = visit.ui();
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
    let href = if visit.may(CONTACT_OPEN) { own } else { format!("/customers/{}", finding.customer) };
    Ok(Row {
        key: format!("{}-{}", finding.customer, finding.id),
        cells: vec![
            Cell::Link(civil_minute(finding.happened_at), href.clone()),
            Cell::Strong(name_of(&ui, names, finding.collector)),
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

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let it = look(&visit, &mut work, query, CONTACT_OPEN).await?;
    let findings = store::page(&mut work.tx, &it.conditions, (order(&it.asked), EXPORT_ROWS, 0)).await?;
    let mut rows = Vec::new();
    for finding in &findings {
        rows.push(row_of(&visit, &mut work, &it.names, finding).await?);
    }
    let entry = Entry::new(None, "conduct.export", "conduct");
    work.audit(entry.after(json!({"rows": rows.len(), "query": it.asked.for_trail(&it.spec)}))).await?;
    work.commit().await?;
    let (title, on) = (ui.t("conduct-title"), civil_day(visit.now));
    let bytes = ui
        .workbook(&title, &[&title, &on.to_string()], &it.spec, &it.asked, &rows)
        .map_err(|error| ActionError::Internal(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"conduct-{on}.xlsx\"")),
    ];
    Ok((headers, bytes).into_response())
}

async fn review_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_review(&visit, key, &Fields::default(), None).await
}

async fn draw_review(
    visit: &Visit,
    (customer, id): Key,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let file = crate::file_for(&mut work, customer, CONTACT_OPEN).await?;
    let found = store::load(&mut work.tx, customer, id).await?;
    let finding = found.ok_or(ConductError::NotFound).map_err(ActionError::from)?;
    let names = crate::people(&mut work).await?;
    let mut about = Html::of_text(civil_minute(finding.happened_at));
    about.raw(" · ").text(name_of(&ui, &names, finding.collector)).raw(" · ");
    about.text(ui.t(Rule::message(&finding.rule))).raw(" ").push(&ui.rule(&finding.rule));
    about.raw(" ").text(&finding.detail);
    if let Some(review) = &finding.review {
        about.raw("<br>").text(ui.t(format!("conduct-opinion-{}", review.opinion.as_str())));
        about.raw(" · ").text(name_of(&ui, &names, review.by)).raw(" · ").text(&review.words);
    }
    let opinions = Opinion::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("conduct-opinion-{}", one.as_str()))));
    let value = |name: &str| fields.first(name).unwrap_or("").to_owned();
    let form = FormPage {
        title: ui.t("conduct-review-title"),
        subtitle: file.name,
        active: "conduct",
        action: format!("/collections/conduct/{customer}/{id}"),
        note: ui.note(Tone::Info, Icon::InfoCircle, about),
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    if finding.review.is_some() {
        return form.draw(visit, refused);
    }
    FormPage {
        fields: vec![
            Field::new("verdict", ui.t("conduct-verdict"), Input::Radio(opinions.to_vec()))
                .value(value("verdict"))
                .required(),
            Field::new("opinion", ui.t("conduct-opinion"), Input::Area).value(value("opinion")).required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        ..form
    }
    .draw(visit, refused)
}

async fn review(Path(key): Path<Key>, posted: Posted<ReviewForm>) -> Result<Response, WebError> {
    let Some(opinion) = posted.fields.first("verdict").and_then(Opinion::parse) else {
        let refused = Refused::form(vec![FieldError::new("verdict", "choice-invalid")]);
        return draw_review(&posted.visit, key, &posted.fields, Some(&refused)).await;
    };
    let words = posted.fields.first("opinion").unwrap_or("").to_owned();
    let mut work = posted.begin("conduct.review").await?;
    match actions::review(&mut work, key.0, key.1, opinion, &words).await {
        Ok(()) => posted.done(work, LIST).await,
        Err(error) => {
            drop(work);
            draw_review(&posted.visit, key, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}
