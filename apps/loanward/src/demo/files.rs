//! What the managers know of their customers (客户资料): data with source and ground, two years of statements of
//! companies; later a call that confirms most of it and contradicts a little, and a record that got worse.

use std::collections::BTreeMap;

use customers::credit::actions::record as ask_bureau;
use customers::credit::model::{About, Level, NewQuery, Origin as QueryOrigin, Record};
use customers::datum::actions::{NewVerification, record, verify};
use customers::datum::item;
use customers::datum::model::{Basis, Finding, Route, Way};
use customers::datum::rules::Provenance;
use customers::document::actions::hand_in;
use customers::document::model::{DocumentId, NewDocument};
use customers::evaluation;
use customers::evaluation::model::{FieldWork, Judgement};
use customers::statement::actions::enter;
use customers::statement::model::{Form, NewStatement};
use customers::watch::actions::enter as enter_list;
use customers::watch::model::NewEntry;
use finance::Fen;
use jiff::civil::{Date, date};
use platform::access::Actor;
use platform::app::App;
use platform::approval::{self, Verdict};
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::web::UploadedFile;
use platform::work::Work;

use super::at;
use super::book::SEED;
use super::chance::Chance;
use super::staff::Staff;
use crate::failure::Failure;

/// So many days before the end the files are filled: their reviews are few, so that the book is made quickly.
const FILLED_BEFORE: i64 = 60;
/// So many days before the end they are verified.
const VERIFIED_BEFORE: i64 = 6;
/// Of so many customers one has a full file.
const ONE_IN: usize = 6;
/// Of a hundred full files so many have their papers scanned.
const WITH_PAPERS: usize = 30;
/// Of so many customers with a file one is evaluated.
const EVALUATED_ONE_IN: usize = 4;

/// A customer with who keeps the file.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Whose file.
    pub customer: CustomerId,
    /// Who keeps it.
    pub manager: UserId,
    /// Whether it is a company.
    pub company: bool,
}

/// Fills and verifies files, on the days for it.
pub async fn of_day(app: &App, staff: &Staff, day: Date, stands: Date, all: &[Kept]) -> Result<(), Failure> {
    let left = i64::from((stands - day).get_days());
    if left != FILLED_BEFORE && left != VERIFIED_BEFORE {
        return Ok(());
    }
    app.clock.set(at(day, 15, 0)?);
    for (place, one) in
        all.iter().enumerate().filter(|(place, one)| place % ONE_IN == 0 || (one.company && place % 2 == 0))
    {
        let Some(manager) = staff.user(one.manager) else { continue };
        let mut work = Work::begin(app, manager.clone()).await?;
        let mut chance = Chance::new(SEED ^ (u64::try_from(place).unwrap_or(0) << 8));
        if left == FILLED_BEFORE {
            fill(&mut work, *one, day, &mut chance).await?;
        } else {
            look_again(&mut work, *one, day, place).await?;
        }
        work.commit().await?;
        if left == VERIFIED_BEFORE && place % EVALUATED_ONE_IN == 0 {
            evaluate(app, staff, manager, *one, day, place).await?;
        }
    }
    Ok(())
}

/// The manager fills in the scorecard; most are agreed by another person, some still wait when the book is opened.
async fn evaluate(
    app: &App,
    staff: &Staff,
    manager: &Actor,
    one: Kept,
    day: Date,
    place: usize,
) -> Result<(), Failure> {
    let steps: &[(&str, &str)] = if one.company {
        &[("management", "fair"), ("market", "ordinary"), ("site", "busy")]
    } else {
        &[("character", "sound"), ("use", "clear"), ("household", "fair")]
    };
    let said = Judgement {
        scorecard: String::new(),
        chosen: steps.iter().map(|(item, step)| ((*item).to_owned(), (*step).to_owned())).collect(),
        notes: BTreeMap::new(),
        preliminary: "资料合规、齐全".to_owned(),
        field_work: FieldWork { way: "visit".to_owned(), on: day, note: "现场走访，核对台账".to_owned() },
        opinion: "经营与收入稳定，按等级准入".to_owned(),
        by_hand: None,
    };
    let mut work = Work::begin(app, manager.clone()).await?;
    let id = match evaluation::actions::submit(&mut work, one.customer, &said).await {
        Ok(id) => id,
        // A datum that was contradicted is lacking, or the rules have no card: no evaluation.
        Err(ActionError::Refused(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    work.commit().await?;
    let Some(checker) = staff.with_role("credit_supervisor", manager.branch).filter(|_| !place.is_multiple_of(5))
    else {
        return Ok(());
    };
    let mut work = Work::begin(app, checker.clone()).await?;
    let made = evaluation::store::find(&mut work.tx, id).await?;
    if let Some(approval) = made.and_then(|made| made.approval) {
        let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
        approval::approve(&mut work, one.customer, approval, &verdict).await?;
    }
    Ok(work.commit().await?)
}

async fn fill(work: &mut Work, one: Kept, day: Date, chance: &mut Chance) -> Result<(), ActionError> {
    let text = |words: &[&'static str], chance: &mut Chance| chance.pick(words).copied().unwrap_or_default().to_owned();
    let mut given: Vec<(&str, String)> = vec![
        ("credit_query_authorised", "true".to_owned()),
        ("credit_record", text(&["good", "good", "fairly_good", "ordinary", "blemished"], chance)),
        ("repayment_capacity", "sufficient".to_owned()),
        ("mitigants_recorded", "true".to_owned()),
        ("capacity_level", text(&["strong", "fairly_strong", "fairly_strong", "ordinary"], chance)),
        ("risk_level", text(&["low", "some", "some", "moderate"], chance)),
        ("composite_score_centi", format!("{}.{:02}", chance.between(58, 96), chance.between(0, 99))),
    ];
    if one.company {
        given.extend(company(chance));
    } else {
        given.extend(person(chance));
    }
    let given: Vec<_> = given.into_iter().filter_map(|(name, value)| Some((item::find(name)?, value))).collect();
    let from = Provenance {
        effective_on: day,
        route: Route::Customer,
        source_note: "客户信息表".to_owned(),
        basis: Basis::Consent,
        consented_on: Some(day),
    };
    record(work, one.customer, &given, &from).await?;
    if one.company {
        let revenue = chance.between(300, 6_000) * 10_000;
        for (end, grown) in [(date(2024, 12, 31), 100), (date(2025, 12, 31), chance.between(85, 125))] {
            enter(work, one.customer, &statement(end, revenue * grown / 100, chance)).await?;
        }
    }
    if chance.percent(WITH_PAPERS) { papers(work, one, day, chance).await } else { Ok(()) }
}

/// Scans of what the file must hold; of some one is missing, and some end soon.
async fn papers(work: &mut Work, one: Kept, day: Date, chance: &mut Chance) -> Result<(), ActionError> {
    let person: &[&str] = &["identity", "income_proof", "bank_statement", "credit_authorisation"];
    let company: &[&str] = &[
        "licence",
        "association",
        "controller_identity",
        "financial_statements",
        "operation_report",
        "bank_statement",
        "credit_authorisation",
    ];
    let kinds = if one.company { company } else { person };
    let held = if chance.percent(30) { kinds.len() - 1 } else { kinds.len() };
    for kind in &kinds[..held] {
        let own_end = matches!(*kind, "identity" | "licence");
        let months = if own_end { chance.between(3, 200) } else { 0 };
        let ends = jiff::Span::new().try_months(months).ok().and_then(|span| day.checked_add(span).ok());
        let new = NewDocument {
            kind: (*kind).to_owned(),
            number: own_end.then(|| format!("DEMO{:08}", chance.between(1, 99_999_999))),
            issued_on: Some(day),
            expires_on: ends.filter(|_| own_end),
            route: Route::Customer,
            source_note: String::new(),
            replaces: None,
        };
        let bytes =
            format!("%PDF-1.4\n1 0 obj\n<< /Title (Demo {kind}) >>\nendobj\ntrailer << >>\n%%EOF\n").into_bytes();
        let file = UploadedFile { field: "file".to_owned(), name: format!("{kind}.pdf"), bytes };
        let key = hand_in(work, one.customer, &new, Some(&file)).await?;
        if *kind == "credit_authorisation" {
            query(work, one, day, key, chance).await?;
        }
    }
    if chance.percent(20) {
        let reason = chance.pick(&["被供应商起诉，案件审理中", "同业反映其拖欠货款"]).copied().unwrap_or_default();
        let list = chance.pick(&["litigation", "negative_news"]).copied().unwrap_or_default();
        let entry = NewEntry { list: list.to_owned(), reason: reason.to_owned(), from: day, until: None };
        enter_list(work, one.customer, &entry).await?;
    }
    Ok(())
}

/// The credit record as the credit reference centre answers it.
async fn query(
    work: &mut Work,
    one: Kept,
    day: Date,
    authorisation: DocumentId,
    chance: &mut Chance,
) -> Result<(), ActionError> {
    let level = [Level::Normal, Level::Normal, Level::Flawed, Level::Substandard];
    let record = [Record::Good, Record::Good, Record::FairlyGood, Record::Ordinary];
    let new = NewQuery {
        about: About::Own,
        purpose: "loan_review".to_owned(),
        origin: QueryOrigin::Pboc,
        queried_on: day,
        report_on: day,
        authorisation,
        report: None,
        level: chance.pick(&level).copied().filter(|_| !one.company),
        record: chance.pick(&record).copied().or(Some(Record::Good)),
        arrears: Some(false),
        debts: vec![("debt_total", Fen(chance.between(10, 400) * 100_000))],
        note: String::new(),
    };
    ask_bureau(work, one.customer, &new).await.map(drop)
}

fn person(chance: &mut Chance) -> Vec<(&'static str, String)> {
    let months = chance.between(3, 120);
    let income = chance.between(45, 280) * 100;
    vec![
        ("full_capacity", "true".to_owned()),
        ("employment", "employed".to_owned()),
        (
            "occupation",
            chance.pick(&["教师", "店主", "工程师", "护士", "司机", "会计"]).copied().unwrap_or("店主").to_owned(),
        ),
        ("employer_kind", "enterprise".to_owned()),
        ("months_in_unit", months.to_string()),
        ("education", chance.pick(&["secondary", "college", "bachelor"]).copied().unwrap_or("college").to_owned()),
        ("marital_status", chance.pick(&["married", "single"]).copied().unwrap_or("single").to_owned()),
        ("own_income_fen", income.to_string()),
        ("annual_income_fen", (income * 13).to_string()),
        ("income_stable", (!chance.percent(8)).to_string()),
        ("assets_total_fen", (chance.between(5, 300) * 10_000).to_string()),
    ]
}

fn company(chance: &mut Chance) -> Vec<(&'static str, String)> {
    vec![
        ("founded_on", format!("{}-06-18", chance.between(2005, 2021))),
        ("industry_code", chance.pick(&["C3351", "5212", "F51", "6210", "C1310"]).copied().unwrap_or("C13").to_owned()),
        ("registered_capital_fen", (chance.between(10, 500) * 10_000).to_string()),
        ("employees", chance.between(4, 260).to_string()),
        ("lawfully_established", "true".to_owned()),
        ("lawful_operation", "true".to_owned()),
        ("good_prospects", "true".to_owned()),
        ("finances_sound", "true".to_owned()),
        ("structure_reasonable", "true".to_owned()),
        ("cash_flow_sufficient", (!chance.percent(15)).to_string()),
        (
            "operations_level",
            chance.pick(&["stable", "fairly_stable", "uncertain"]).copied().unwrap_or("stable").to_owned(),
        ),
    ]
}

/// A year that adds up: yuan, from the revenue.
fn statement(period_end: Date, revenue: i64, chance: &mut Chance) -> NewStatement {
    let share = |percent: i64| Fen(revenue * percent);
    let owed = chance.between(20, 48);
    let margin = chance.between(1, 9);
    let amounts = [
        ("cash", share(10)),
        ("receivables", share(15)),
        ("inventory", share(15)),
        ("fixed_assets", share(20)),
        ("short_loans", share(owed - 12)),
        ("payables", share(12)),
        ("paid_in_capital", share(60 - owed - margin)),
        ("retained_earnings", share(margin)),
        ("revenue", share(100)),
        ("cost_of_sales", share(100 - margin - 12)),
        ("admin_expenses", share(12)),
        ("cash_operating", share(margin - 2)),
        ("cash_begin", share(12 - margin)),
    ];
    NewStatement {
        period_end,
        months: 12,
        audited: false,
        form: Form::Copy,
        source_note: "企业提交".to_owned(),
        amounts: amounts.into_iter().collect(),
    }
}

/// A call confirms what the file says; one in four has a datum that is not so, one in five a record that got worse.
async fn look_again(work: &mut Work, one: Kept, day: Date, place: usize) -> Result<(), ActionError> {
    let mut found: BTreeMap<&'static str, Finding> =
        [("credit_record", Finding::Confirmed), ("repayment_capacity", Finding::Confirmed)].into_iter().collect();
    if place.is_multiple_of(4) {
        found.insert(if one.company { "employees" } else { "occupation" }, Finding::Contradicted);
    }
    let new = NewVerification { way: Way::Phone, on: day, note: "电话回访".to_owned(), found };
    verify(work, one.customer, &new).await?;
    if place.is_multiple_of(5) {
        let worse = item::find("credit_record").map(|item| (item, "blemished".to_owned()));
        let from = Provenance {
            effective_on: day,
            route: Route::Bureau,
            source_note: "征信报告".to_owned(),
            basis: Basis::Consent,
            consented_on: Some(day),
        };
        record(work, one.customer, &worse.into_iter().collect::<Vec<_>>(), &from).await?;
    }
    Ok(())
}
