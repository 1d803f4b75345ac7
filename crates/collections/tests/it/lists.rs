//! Every list of collections goes into a workbook as it is looked at: its result, a selection of it, within the data scope.

use std::collections::BTreeSet;

use axum::http::{HeaderValue, StatusCode, header};
use collections::Collections;
use collections::measure::model::Tally;
use collections::merit::model::MeritState;
use collections::progress::model::Content;
use jiff::civil::{Date, date};
use platform::args;
use platform::capability::Capability;
use platform::id::{BranchId, CustomerId, UserId};
use platform::list_export;
use platform::locale::{Lang, Locale};
use platform::sheets::{Limits, read};
use platform::testbed::{self, Browser, House};
use platform::work::Work;
use serde_json::Value;
use servicing::loan::model::LoanKey;

use crate::lender::{Lender, plain};

/// Address | question that shows everything.
const LISTS: [(&str, &str); 18] = [
    ("/collections/cases", "view=open"),
    ("/collections/frequency", "view=all"),
    ("/collections/promises", "view=all"),
    ("/collections/agreements", "view=all"),
    ("/collections/letters", "view=all"),
    ("/messages", "view=all"),
    ("/collections/visits", "view=all"),
    ("/collections/lost", "view=all"),
    ("/collections/lost/report", ""),
    ("/collections/legal", "view=all"),
    ("/collections/clocks", "view=all"),
    ("/collections/conduct", "view=all"),
    ("/measures/rows", "of=cost"),
    ("/collections/progress", ""),
    ("/collections/costs", "view=standing"),
    ("/collections/merits", "view=all"),
    ("/collections/meetings", ""),
    ("/collections/placements", "view=all"),
];
/// The day before the pages are looked at.
const DAY: Date = date(2026, 11, 20);
/// The branch that whoever sees only the first one does not see, and its debtor.
const FAR: BranchId = BranchId(2);
const HIDDEN: &str = "魏二";
/// What a spreadsheet would take for a formula.
const FORMULA: &str = "=HYPERLINK(1)";

/// A debtor with one row in every list.
struct Debtor {
    customer: CustomerId,
    loan: LoanKey,
    case: i64,
    branch: BranchId,
    by: UserId,
}

/// Writes one row; what is asked is where a list shows it, not how it came about.
async fn put(work: &mut Work, sql: &'static str, values: Vec<platform::db::Value>) {
    work.tx.execute(sql, values).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

impl Debtor {
    async fn of_case(&self, work: &mut Work) {
        let (now, by, case, branch) = (work.now, self.by, self.case, self.branch);
        let id = work.next_id();
        let number = |kind: &str| format!("{kind}-{branch}");
        let sql = "insert into contact_requirement (customer_id, case_id, from_on, until_on, owner_id, branch_id, required, \
             made, outcome) values ($1, $2, $3, $3, $4, $5, 1, 0, 'missed')";
        put(work, sql, args![self.customer, case, date(2026, 11, 10), by, branch]).await;
        let sql = "insert into promise (customer_id, id, case_id, due_on, effective_on, due_at, recorded_at, owner_id, \
             recorded_by, amount_fen, promised_by, words, paid_fen, state) \
             values ($1, $2, $3, $4, $4, $5, $5, $6, $6, 100000, '本人', '', 0, 'open')";
        put(work, sql, args![self.customer, id, case, DAY, now, by]).await;
        let sql = "insert into repayment_agreement (customer_id, id, case_id, last_on, effective_on, recorded_at, owner_id, \
             recorded_by, loan_id, number, kind, terms_json, total_fen, waived_fen, state, paid_fen) \
             values ($1, $2, $3, $4, $4, $5, $6, $6, $7, $8, 'instalments', '{}', 100000, 0, 'proposed', 0)";
        put(work, sql, args![self.customer, id, case, DAY, now, by, self.loan.loan, number("XY")]).await;
        let sql = "insert into visit_order (customer_id, id, case_id, visit_on, effective_on, recorded_at, manager_id, \
             recorded_by, number, branch_id, district, from_minute, until_minute, purpose, documents, state, source, \
             source_detail) values ($1, $2, $3, $4, $4, $5, $6, $6, $7, $8, '虎丘区', 600, 690, '核实', '', 'planned', \
             'entry', '')";
        put(work, sql, args![self.customer, id, case, DAY, now, by, number("WF"), branch]).await;
        let sql = "insert into lost_contact (customer_id, id, case_id, set_on, recorded_at, manager_id, recorded_by, \
             branch_id, kind, ground, days_overdue) values ($1, $2, $3, $4, $5, $6, $6, $7, 'objective', '停机', 184)";
        put(work, sql, args![self.customer, id, case, DAY, now, by, branch]).await;
        let sql = "insert into collection_cost (customer_id, id, case_id, spent_on, effective_on, recorded_at, recorded_by, \
             note, kind, amount_fen, state) values ($1, $2, $3, $4, $4, $5, $6, $7, 'travel', 80000, 'standing')";
        put(work, sql, args![self.customer, id, case, DAY, now, by, FORMULA]).await;
        self.placed(work).await;
    }

    async fn placed(&self, work: &mut Work) {
        let (now, by, case, id) = (work.now, self.by, self.case, work.next_id());
        let sql = "insert into agency (id, number, registration_no, name, note, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $2, $3, '', $4, $5, $6)";
        put(work, sql, args![id, format!("CJ-{}", self.branch), "信和催收", DAY, now, by]).await;
        let sql = "insert into agency_placement (customer_id, id, case_id, agency_id, contract_id, worker_id, contact_id, \
             owner_before, role_before, commission_bp, overdue_fen, overdue_since, from_on, to_on, note, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $2, $2, $4, $4, 0, '', 1250, 100000, $5, $5, $5, '', $5, $6, $4)";
        put(work, sql, args![self.customer, id, case, by, DAY, now]).await;
    }

    async fn of_loan(&self, work: &mut Work) {
        let (now, by, loan, branch) = (work.now, self.by, self.loan.loan, self.branch);
        let id = work.next_id();
        let sql = "insert into letter (customer_id, id, pay_by, state_on, effective_on, recorded_at, manager_id, recorded_by, \
             loan_id, number, branch_id, kind, addressee, content_json, total_fen, state, source, source_detail) \
             values ($1, $2, $3, $3, $3, $4, $5, $5, $6, $7, $8, 'dunning', '本人', '{}', 100000, 'generated', 'entry', '')";
        put(work, sql, args![self.customer, id, DAY, now, by, loan, format!("CS-{branch}"), branch]).await;
        let sql = "insert into debtor_message (customer_id, id, body_on, effective_on, recorded_at, manager_id, recorded_by, \
             loan_id, branch_id, kind, channel, point_id, body, state, source, source_detail) \
             values ($1, $2, $3, $3, $4, $5, $5, $6, $7, 'repayment_reminder', 'sms', 1, '请还款', 'failed', 'entry', '')";
        put(work, sql, args![self.customer, id, DAY, now, by, loan, branch]).await;
        let sql = "insert into legal_file (customer_id, id, loan_id, opened_on, opened_at, opened_by, ground, gate_json) \
             values ($1, $2, $3, $4, $5, $6, 'refusal', '{}')";
        put(work, sql, args![self.customer, id, loan, DAY, now, by]).await;
        let sql = "insert into conduct_finding (customer_id, id, happened_at, found_at, collector_id, manager_id, branch_id, \
             kind, rule, article, detail, channel, party) values ($1, $2, $3, $3, $4, $4, $5, 'unlawful', \
             'contact.third-party', '', '夜间致电', 'phone', 'debtor')";
        put(work, sql, args![self.customer, id, now, by, branch]).await;
    }

    async fn of_branch(&self, work: &mut Work) {
        let (now, by, branch) = (work.now, self.by, self.branch);
        let id = work.next_id();
        let content = Content {
            whole: Tally::default(),
            before: Tally::default(),
            branches: Vec::new(),
            collectors: Vec::new(),
            causes: Vec::new(),
            rolls: Vec::new(),
            taken_on: DAY,
        };
        let (content, figures) =
            (serde_json::to_string(&content).unwrap(), serde_json::to_string(&Tally::default()).unwrap());
        let sql = "insert into recovery_report (id, number, branch_id, period_from, period_to, effective_on, content_json, \
             recorded_at, recorded_by, words, plan, state) \
             values ($1, $2, $3, $4, $4, $4, $5, $6, $7, '进展', '计划', 'submitted')";
        put(work, sql, args![id, format!("QS-{branch}"), branch, DAY, content, now, by]).await;
        let sql = "insert into group_meeting (id, number, branch_id, held_on, effective_on, head_id, recorded_by, members, \
             recorded_at, words, state) values ($1, $2, $3, $4, $4, $5, $5, $6, $7, '', 'draft')";
        put(work, sql, args![id, format!("HY-{branch}"), branch, DAY, by, format!("|{by}|"), now]).await;
        let sql = "insert into collection_merit (id, number, person_id, recorded_by, branch_id, period_from, period_to, \
             effective_on, figures_json, recorded_at, state, side, kind, reason) \
             values ($1, $2, $3, $3, $4, $5, $5, $5, $6, $7, $8, 'penalty', 'criticism', '未达标')";
        let state = MeritState::Proposed;
        put(work, sql, args![id, format!("JC-{branch}"), by, branch, DAY, figures, now, state]).await;
    }
}

/// Two debtors, one a branch, each with one row in every list; `boss` sees both, `near` the first branch.
async fn filled(lender: &Lender) {
    let mut work = lender.work().await;
    let sql = "insert into branch (id, name, parent_id, opened_on) values ($1, '城东支行', 1, $2)";
    work.tx.execute(sql, args![FAR, DAY]).await.unwrap();
    work.commit().await.unwrap();
    let mut debtors = Vec::new();
    for (name, branch) in [("程一诺", BranchId(1)), (HIDDEN, FAR)] {
        let customer = lender.customer_in(name, branch).await;
        let loan = lender.loan_in(customer, plain(date(2026, 4, 20), 3), branch).await.file.loan.key;
        debtors.push((customer, loan, branch));
    }
    lender.close_until(DAY.tomorrow().unwrap()).await;
    let by = lender.house.user_id("boss").await;
    let mut work = lender.work().await;
    for (customer, loan, branch) in debtors {
        let case = collections::case::store::all_of(&mut work.tx, customer).await.unwrap()[0].key.case.0;
        let debtor = Debtor { customer, loan, case, branch, by };
        debtor.of_case(&mut work).await;
        debtor.of_loan(&mut work).await;
        debtor.of_branch(&mut work).await;
    }
    work.commit().await.unwrap();
}

/// A program that speaks for this person, as a browser that can take files.
async fn machine(house: &House, login: &str) -> Browser {
    let scopes = ["loan.view", "loan.export", "case.view", "contact.open", "measure.view", "merit.view", "agency.view"];
    let program = house.program(login, &scopes).await;
    let mut browser = house.browser();
    let bearer = HeaderValue::from_str(&format!("Bearer {}", program.token)).unwrap();
    browser.headers.insert(header::AUTHORIZATION, bearer);
    browser.headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
    browser
}

/// The texts of each of so many rows of a workbook, below its two titles and its head; behind them there are only sums.
fn rows_of(bytes: &[u8], count: usize) -> Vec<Vec<String>> {
    let book = read("x.xlsx", bytes, &Limits::default()).unwrap();
    let sheet = &book.sheets[0];
    let of = |number: u32| -> Vec<String> {
        let cells = sheet.row(number).map(|row| row.cells.as_slice()).unwrap_or_default();
        assert!(cells.iter().all(|cell| cell.formula.is_none()), "row {number} calculates");
        cells.iter().filter_map(|cell| cell.text()).map(str::to_owned).collect()
    };
    let first = 4;
    let behind = first + u32::try_from(count).unwrap();
    let sums = sheet.row(behind).and_then(|row| row.cell(1)).and_then(|cell| cell.text());
    assert!(sums.is_none() || sums == Some("合计"), "more than {count} rows: {sums:?}");
    (first..behind).map(of).collect()
}

/// What a row of a list says to a program: every value as a text.
fn values_of(row: &Value) -> BTreeSet<String> {
    let fields = row.as_object().unwrap().iter().filter(|(name, _)| *name != "key" && *name != "location");
    fields.map(|(_, value)| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
}

fn key_of(row: &Value) -> String {
    row["key"].as_str().unwrap().to_owned()
}

/// The rows of a list for a program, after its workbook was found to hold exactly them.
async fn listed(machine: &mut Browser, (list, query): (&str, &str), workbook: &str) -> Vec<Value> {
    let seen = machine.get(&format!("/api/v1{list}?{query}")).await;
    assert_eq!(seen.status, StatusCode::OK, "{list}: {}", seen.text);
    let seen = seen.json();
    let rows = seen["rows"].as_array().unwrap().clone();
    assert_eq!(seen["count"], rows.len(), "{list}");
    let (status, bytes) = machine.file(&format!("/api/v1{workbook}?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{workbook}");
    same(list, &rows_of(&bytes, rows.len()), &rows);
    rows
}

/// The address of the workbook of a list, as its page offers it.
fn workbook_of(page: &testbed::Answer, list: &str) -> String {
    let mut links = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '?']).next());
    links.find(|link| link.ends_with(".xlsx")).unwrap_or_else(|| panic!("no workbook of {list}")).to_owned()
}

/// Picks these rows of a list and takes the file: what so many rows of it say.
async fn picked(
    lender: &Lender,
    browser: &mut Browser,
    (list, query): (&str, &str),
    keys: &[String],
    rows: usize,
) -> Vec<Vec<String>> {
    let fields: Vec<(&str, &str)> = keys.iter().map(|key| ("key", key.as_str())).collect();
    let place = format!("/exports/selection?list={list}&query={}", query.replace('=', "%3D"));
    let asked = browser.post(&place, &fields).await;
    assert!(asked.location().starts_with("/exports/"), "{list}: {} {}", asked.status, asked.text);
    let place = asked.location().to_owned();
    assert_eq!(list_export::run_waiting(lender.app()).await.unwrap(), 1, "{list}");
    let (status, bytes) = browser.file(&format!("{place}/file.xlsx")).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    rows_of(&bytes, rows)
}

/// That these rows of a file are those rows of a list, in its order.
fn same(list: &str, written: &[Vec<String>], rows: &[Value]) {
    assert_eq!(written.len(), rows.len(), "{list}");
    for (texts, row) in written.iter().zip(rows) {
        let values = values_of(row);
        assert!(!texts.is_empty() && texts.iter().all(|text| values.contains(text)), "{list}: {texts:?} of {values:?}");
    }
}

#[test]
fn every_list_is_exported_and_none_is_forgotten_here() {
    assert_eq!(testbed::lists_without_export(&Collections), Vec::<&str>::new());
    let exported: BTreeSet<&str> = Collections.list_exports().iter().map(|export| export.list()).collect();
    // The register of agencies is the whole institution's: what is asked below of data scopes it does not have.
    let looked_at: BTreeSet<&str> = LISTS.iter().map(|(list, _)| *list).chain(["/collections/agencies"]).collect();
    assert_eq!(exported, looked_at);
}

#[tokio::test]
async fn a_result_and_a_selection_of_every_list_hold_its_rows_within_the_data_scope() {
    for lender in Lender::with_near_everywhere().await {
        filled(&lender).await;
        let (mut whole, mut near) = (machine(&lender.house, "boss").await, machine(&lender.house, "near").await);
        let (mut boss, mut clerk) = (lender.house.user("boss").await, lender.house.user("near").await);
        for one in LISTS {
            let (list, query) = one;
            let page = boss.get(&format!("{list}?{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{list}: {}", page.text);
            assert!(page.text.contains("action=\"/views\""), "{list} offers saved views");
            assert!(page.text.contains("/exports/selection"), "{list} offers a selection");
            let workbook = workbook_of(&page, list);
            let all = listed(&mut whole, one, &workbook).await;
            let own = listed(&mut near, one, &workbook).await;
            assert!(!own.is_empty() && own != all, "{list}: {own:?}");
            assert!(own.iter().all(|row| !row.to_string().contains(HIDDEN)), "{list}: {own:?}");
            // Of a selection only what was picked; of what somebody may not see nothing, though it is asked for.
            let last = all.last().unwrap();
            let taken = picked(&lender, &mut boss, one, &[key_of(last)], 1).await;
            same(list, &taken, std::slice::from_ref(last));
            let keys: BTreeSet<String> = all.iter().chain(&own).map(key_of).collect();
            let keys: Vec<String> = keys.into_iter().collect();
            let taken = picked(&lender, &mut clerk, one, &keys, own.len()).await;
            same(list, &taken, &own);
        }
    }
}

#[tokio::test]
async fn taking_a_list_is_in_the_trail_under_a_name_that_people_read() {
    for lender in Lender::with_near_everywhere().await {
        let mut boss = lender.house.user("boss").await;
        for export in Collections.list_exports() {
            let workbook = workbook_of(&boss.get(export.list()).await, export.list());
            let (status, _) = boss.file(&workbook).await;
            assert_eq!(status, StatusCode::OK, "{workbook}");
            let mut tx = lender.app().db.read().await.unwrap();
            let sql = "select count(*) as n from audit_entry where action = $1 and subject = $2";
            let found = tx.fetch_one(sql, args![export.act(), format!("list:{}", export.list())]).await.unwrap();
            assert_eq!(found.get::<i64>("n").unwrap(), 1, "{}", export.list());
            for lang in [Lang::ZhCn, Lang::En] {
                let words = Locale::new(lender.app().catalogue.clone(), lang);
                for id in [export.title().to_owned(), format!("action-{}", export.act().replace(['.', '_'], "-"))] {
                    assert!(words.find(&id).is_some(), "{id}");
                }
            }
        }
        // Who may look and not take away is offered nothing, and gets nothing.
        let mut viewer = lender.house.user("viewer").await;
        for list in ["/collections/letters", "/collections/legal", "/collections/clocks", "/messages"] {
            let page = viewer.get(list).await;
            assert!(page.status == StatusCode::OK && !page.text.contains(".xlsx"), "{list}: {}", page.text);
            assert!(!page.text.contains("/exports/selection"), "{list}");
            assert_eq!(viewer.get(&format!("{list}/export.xlsx")).await.status, StatusCode::FORBIDDEN, "{list}");
            let asked = viewer.post(&format!("/exports/selection?list={list}"), &[("key", "1")]).await;
            assert_eq!(asked.status, StatusCode::FORBIDDEN, "{list}: {}", asked.text);
        }
    }
}
