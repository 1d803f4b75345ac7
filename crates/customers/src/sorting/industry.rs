//! Industry sheets (行业梳理表, S3-24): trend, policy environment, competition and the strategy of an industry, as somebody
//! noted them, until a day. The latest of the closest code counts.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::audit::Entry;
use platform::db::{Conditions, Row as DbRow, StoreError, Tx};
use platform::error::{ActionError, FieldError, Refused};
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row};
use platform::page::{Button, Choice, Empty, Field, Html, Icon, Input, Look, Page, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde_json::json;

use super::{INDUSTRIES, LIST, PLAN, rules};
use crate::customer::store::filled;
use crate::datum::form::date;
use crate::statement::industry;
use crate::{EXPORT, VIEW};

/// The grades of an industry's risk, the mildest first.
const RISKS: [&str; 3] = ["low", "medium", "high"];

/// What is noted of an industry (行业梳理表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The code: section letter and digits as of GB/T 4754.
    pub code: String,
    /// `low`, `medium` or `high`.
    pub risk: String,
    /// The trend.
    pub trend: String,
    /// The policy environment.
    pub policy: String,
    /// The competition.
    pub competition: String,
    /// The strategy.
    pub strategy: String,
    /// Until when it counts.
    pub until: Date,
    /// When it was noted.
    pub on: Date,
    /// By whom.
    pub by: String,
}

platform::form_fields! {
    /// What is noted of an industry.
    IndustryForm: "code", "risk", "trend", "policy", "competition", "strategy", "until"
}

/// The list and the form.
pub(super) fn routes() -> Routes {
    Routes::new()
        .list(INDUSTRIES, VIEW, index, spec)
        .exports(&LISTED)
        .get("/sorting/industries/new", PLAN, new_page)
        .post("/sorting/industries/new", PLAN, create)
}

/// Notes an industry; what was noted before stays.
///
/// Rule `sorting.industry`: a code of the classification, all four texts, and a day to come until which it counts.
///
/// # Errors
/// Denied; all that is wrong at once.
pub async fn record(work: &mut Work, new: &Sheet) -> Result<(), ActionError> {
    work.authorise(PLAN)?;
    let today = work.business_date;
    let mut wrong: Vec<FieldError> = Vec::new();
    if industry::of_code(&new.code).is_none() {
        wrong.push(FieldError::new("code", "sorting-industry-code"));
    }
    if !RISKS.contains(&new.risk.as_str()) {
        wrong.push(FieldError::choice("risk", &new.risk));
    }
    let texts = [
        ("trend", &new.trend),
        ("policy", &new.policy),
        ("competition", &new.competition),
        ("strategy", &new.strategy),
    ];
    for (field, text) in texts {
        wrong.extend(rules::needed(field, text));
    }
    if new.until <= today {
        wrong.push(FieldError::new("until", "sorting-until-past").with("date", today));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let (id, now, by) = (work.next_id(), work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into sorting_industry (id, code, risk, trend, policy_environment, competition, strategy, \
             valid_until, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![
                id,
                digits(&new.code),
                new.risk,
                new.trend.trim(),
                new.policy.trim(),
                new.competition.trim(),
                new.strategy.trim(),
                new.until,
                today,
                now,
                by
            ],
        )
        .await?;
    let entry = Entry::new(None, "sorting.industry", format!("sorting_industry:{id}"));
    Ok(work.audit(entry.after(json!({"code": digits(&new.code), "risk": new.risk, "until": new.until}))).await?)
}

/// A code without the letter of its section: so that both ways of writing it are one.
fn digits(code: &str) -> String {
    code.trim().trim_start_matches(|c: char| c.is_ascii_uppercase()).to_owned()
}

const COLUMNS: &str = "select s.id, s.code, s.risk, s.trend, s.policy_environment, s.competition, s.strategy, s.valid_until, \
     s.effective_on, coalesce(u.name, '') as by_name from sorting_industry s left join user_view u on u.id = s.recorded_by";

fn decode(row: &DbRow) -> Result<Sheet, StoreError> {
    Ok(Sheet {
        code: row.get("code")?,
        risk: row.get("risk")?,
        trend: row.get("trend")?,
        policy: row.get("policy_environment")?,
        competition: row.get("competition")?,
        strategy: row.get("strategy")?,
        until: row.get("valid_until")?,
        on: row.get("effective_on")?,
        by: row.get("by_name")?,
    })
}

/// The sheet that counts for a code on a day: of the code itself, or of the closest one above it.
pub async fn latest(tx: &mut Tx, code: &str, on: Date) -> Result<Option<Sheet>, StoreError> {
    let digits = digits(code);
    for length in (2..=digits.len()).rev() {
        let Some(head) = digits.get(..length) else { continue };
        let mut w = Conditions::new();
        w.and_values("s.code = ? and s.valid_until >= ?", args![head, on]);
        if let Some(row) = tx.fetch_optional(w.select(COLUMNS, "order by s.id desc limit 1"), w.args()).await? {
            return decode(&row).map(Some);
        }
    }
    Ok(None)
}

/// A sheet as labels and values.
pub(super) fn lines(ui: &Ui, sheet: &Sheet) -> Vec<(String, Html)> {
    let line = |label: &str, text: &str| (ui.t(label), Html::of_text(text));
    vec![
        line("sorting-industry-risk", &ui.t(format!("sorting-risk-{}", sheet.risk))),
        line("sorting-industry-trend", &sheet.trend),
        line("sorting-industry-policy", &sheet.policy),
        line("sorting-industry-competition", &sheet.competition),
        line("sorting-industry-strategy", &sheet.strategy),
        line("sorting-industry-by", &format!("{} {}", sheet.by, sheet.on)),
        line("sorting-industry-until", &sheet.until.to_string()),
    ]
}

fn spec(ui: &Ui) -> ListSpec {
    let risks = RISKS.iter().map(|risk| Choice::new(*risk, ui.t(format!("sorting-risk-{risk}"))));
    ListSpec {
        path: INDUSTRIES.to_owned(),
        columns: vec![
            Column::new("code", "sorting-industry-of", ColumnKind::Text),
            Column::new("risk", "sorting-industry-risk", ColumnKind::Text),
            Column::new("trend", "sorting-industry-trend", ColumnKind::Text),
            Column::new("policy", "sorting-industry-policy", ColumnKind::Text),
            Column::new("competition", "sorting-industry-competition", ColumnKind::Text),
            Column::new("strategy", "sorting-industry-strategy", ColumnKind::Text),
            Column::new("until", "sorting-industry-until", ColumnKind::Date),
            Column::new("on", "sorting-industry-on", ColumnKind::Date),
            Column::new("by", "sorting-by", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("code", "sorting-industry-of", FilterKind::Text),
            Filter::new("risk", "sorting-industry-risk", FilterKind::Choice(risks.collect())),
        ],
        counted: "sorting-industries-count",
        ..ListSpec::default()
    }
}

/// The industry sheets (行业梳理表清单).
pub(crate) static LISTED: Listed = Listed {
    list: INDUSTRIES,
    address: "/sorting/industries/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "sorting-industries",
    file: "industry-sheets",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// Sheets are of no customer: whoever may open the list sees all of them.
fn conditions(wanted: &Wanted) -> Conditions {
    let mut w = Conditions::new();
    if let Some(code) = wanted.query.text("code") {
        w.and("s.code = ?", [&digits(code)]);
    }
    w.one_of("s.risk", wanted.query.choice("risk"));
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let counted = w.select("select count(*) as n from sorting_industry s", "");
    let count: i64 = work.tx.fetch_one(counted, w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let tail = format!("order by s.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?;
    let row = |row: &DbRow| -> Result<Row, StoreError> { Ok(row_of(ui, row.get("id")?, &decode(row)?)) };
    Ok(found.iter().map(row).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::Building),
        title: ui.t("sorting-industries-none"),
        text: ui.t("sorting-industries-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    tools.push(&ui.button(Button::link(Look::Secondary, ui.t("sorting-title"), LIST).icon(Icon::ArrowLeft)));
    if visit.may(PLAN) {
        let new = Button::link(Look::Primary, ui.t("sorting-industry-new"), format!("{INDUSTRIES}/new"));
        tools.push(&ui.button(new.icon(Icon::Plus)));
    }
    shown.answer(&visit, &Page::new(ui.t("sorting-industries"), "sorting").actions(tools))
}

fn row_of(ui: &Ui, id: i64, sheet: &Sheet) -> Row {
    let named = industry::of_code(&sheet.code);
    let title = named.map(|one| if super::view::english(ui) { one.title_en } else { one.title_zh });
    let cells = vec![
        Cell::Strong(format!("{} {}", sheet.code, title.unwrap_or_default())),
        Cell::Text(ui.t(format!("sorting-risk-{}", sheet.risk))),
        Cell::Text(sheet.trend.clone()),
        Cell::Text(sheet.policy.clone()),
        Cell::Text(sheet.competition.clone()),
        Cell::Text(sheet.strategy.clone()),
        Cell::Date(sheet.until),
        Cell::Date(sheet.on),
        Cell::Text(sheet.by.clone()),
    ];
    // One industry has many sheets: the sheet's own key tells them apart.
    Row { key: id.to_string(), cells, href: INDUSTRIES.to_owned() }
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw(&visit, &Fields::default(), None)
}

fn draw(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.scope(PLAN)?;
    let ui = visit.ui();
    let or = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let risks = RISKS.iter().map(|risk| Choice::new(*risk, ui.t(format!("sorting-risk-{risk}"))));
    let area = |name: &'static str, label: &str| Field::new(name, ui.t(label), Input::Area).value(or(name)).required();
    let page = FormPage {
        active: "sorting",
        title: ui.t("sorting-industry-new"),
        action: format!("{INDUSTRIES}/new"),
        fields: vec![
            Field::new("code", ui.t("sorting-industry-of"), Input::Text)
                .value(or("code"))
                .hint(ui.t("sorting-industry-code-hint"))
                .required(),
            Field::new("risk", ui.t("sorting-industry-risk"), Input::Select(risks.collect()))
                .value(or("risk"))
                .required(),
            area("trend", "sorting-industry-trend"),
            area("policy", "sorting-industry-policy"),
            area("competition", "sorting-industry-competition"),
            area("strategy", "sorting-industry-strategy"),
            Field::new("until", ui.t("sorting-industry-until"), Input::Date).value(or("until")).required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("sorting-industry-new")).icon(Icon::Check)],
        back: INDUSTRIES.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

fn read(typed: &Fields) -> Result<Sheet, Refused> {
    let mut wrong = Vec::new();
    let until = date(typed, "until", &mut wrong);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    Ok(Sheet {
        code: text("code").to_uppercase(),
        risk: text("risk"),
        trend: text("trend"),
        policy: text("policy"),
        competition: text("competition"),
        strategy: text("strategy"),
        until: until.unwrap_or(Date::MIN),
        on: Date::MIN,
        by: String::new(),
    })
}

async fn create(posted: Posted<IndustryForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.industry").await?;
    let done = match read(&posted.fields) {
        Ok(new) => record(&mut work, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, INDUSTRIES).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &posted.fields, Some(&refused)),
    }
}
