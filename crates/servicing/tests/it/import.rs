//! Importing a lender's own books: exactly what their truth files say, once, whatever happens in between.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use finance::Fen;
use jiff::civil::{Date, date};
use platform::access::{Actor, Origin, Scope};
use platform::args;
use platform::db::Row;
use platform::error::ActionError;
use platform::id::BranchId;
use platform::sheets::column_letters;
use platform::testbed::{Answer, Browser};
use platform::work::Work;
use serde_json::Value;
use servicing::book::Conventions;
use servicing::import::actions::{begin, write};
use servicing::import::{Finding, Level, Mode, RunId, RunState, Summary, store};
use servicing::loan::store as loans;
use servicing::position::engine::Engine;

use crate::house::{Lender, TODAY, send_file_as};

const AS_OF: Date = date(2026, 6, 30);
const BOOKS: [&str; 2] = ["ledger-basic", "ledger-by-year"];

pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/books/{name}.xlsx", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn truth(name: &str) -> Value {
    let path = format!("{}/tests/books/{name}.truth.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn list<'a>(truth: &'a Value, key: &str) -> &'a Vec<Value> {
    truth[key].as_array().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("-").to_owned()
}

fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| v.to_string())
}

fn same(what: &str, ours: Vec<String>, theirs: Vec<String>) {
    assert_eq!(ours.len(), theirs.len(), "{what}: number of records");
    let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) = (ours.into_iter().collect(), theirs.into_iter().collect());
    let more: Vec<_> = ours.difference(&theirs).take(10).collect();
    let less: Vec<_> = theirs.difference(&ours).take(10).collect();
    assert!(more.is_empty() && less.is_empty(), "{what}: only ours {more:#?}\nonly theirs {less:#?}");
}

pub fn conventions() -> Conventions {
    Conventions { product: "business_equal".to_owned(), ..Conventions::proposed(AS_OF) }
}

async fn importer(lender: &Lender) -> Actor {
    let user = lender.house.user_id("boss").await;
    let mut actor = Actor::system(Origin::Console);
    (actor.user, actor.name, actor.branch) = (Some(user), "boss".to_owned(), BranchId(1));
    for action in ["import.run", "loan.view", "customer.view"] {
        actor.grants.insert(action.to_owned(), Scope::Institution);
    }
    actor
}

async fn import(lender: &Lender, name: &str, mode: Mode) -> Result<(RunId, Summary), ActionError> {
    let actor = importer(lender).await;
    servicing::import::run(lender.app(), &actor, &format!("{name}.xlsx"), bytes(name), Some(conventions()), mode).await
}

async fn rows(lender: &Lender, sql: &'static str) -> Vec<Row> {
    let mut tx = lender.app().db.read().await.unwrap();
    tx.fetch_all(sql, args![]).await.unwrap()
}

pub async fn count(lender: &Lender, sql: &'static str) -> i64 {
    rows(lender, sql).await[0].get("n").unwrap()
}

/// Everything that an import writes, counted: equal before and after means nothing changed.
pub async fn counted(lender: &Lender) -> Vec<i64> {
    let mut all = Vec::new();
    for sql in [
        "select count(*) as n from customer_view",
        "select count(*) as n from contract",
        "select count(*) as n from loan",
        "select count(*) as n from loan_terms",
        "select count(*) as n from loan_transaction",
        "select count(*) as n from loan_position",
        "select count(*) as n from loan_position_history",
        "select count(*) as n from loan_instalment",
        "select count(*) as n from guarantee",
        "select count(*) as n from collateral",
        "select count(*) as n from relation",
        "select count(*) as n from event",
        "select count(*) as n from import_record",
    ] {
        all.push(count(lender, sql).await);
    }
    all
}

async fn findings(lender: &Lender, run: RunId, level: Level) -> Vec<Finding> {
    let mut tx = lender.app().db.read().await.unwrap();
    store::findings(&mut tx, run, Some(level), 10_000, 0).await.unwrap()
}

/// A repayment's number, `sheet!place`, is the end of its source.
fn place(source: &Value) -> String {
    format!("{}!{}{}", text(&source["sheet"]), source["column"].as_str().unwrap_or_default(), source["row"])
}

#[tokio::test]
async fn both_books_come_in_exactly_as_their_truth_says_and_only_once() {
    // import.rate-cap, import.business-key, import.guarantee-kind
    for lender in Lender::everywhere().await {
        for name in BOOKS {
            let before = counted(&lender).await;
            let (run, summary) = import(&lender, name, Mode::TheRest).await.unwrap();
            let truth = truth(name);
            compare_records(&lender, &truth).await;
            compare_findings(&lender, run, &truth).await;
            compare_positions(&lender, &truth).await;
            compare_totals(&summary, &truth);
            let after = counted(&lender).await;
            assert!(after[4] - before[4] >= i64::try_from(list(&truth, "transactions").len()).unwrap());
            let (_, again) = import(&lender, name, Mode::TheRest).await.unwrap();
            assert!(!again.anything_new, "{name}: {again:?}");
            assert_eq!((again.loans_existing, again.customers_existing), (summary.loans, summary.customers));
            assert_eq!(counted(&lender).await, after, "{name}: a second import changes nothing");
        }
    }
}

fn compare_totals(summary: &Summary, truth: &Value) {
    let totals = &truth["totals"];
    let sum = |key: &str| totals[key].as_i64().unwrap();
    let receipts = ["repayment", "prepayment", "rollover", "fee_paid", "fee_charge", "write_off", "recovery"];
    let over = |end: &str| receipts.iter().map(|kind| sum(&format!("{kind}_{end}"))).sum::<i64>();
    let n = |count: usize| i64::try_from(count).unwrap();
    assert_eq!(n(summary.customers), sum("customers"));
    assert_eq!((n(summary.loans), summary.principal.0), (sum("loans"), sum("principal")));
    assert_eq!((n(summary.receipts), summary.received.0), (over("count"), over("sum")));
    assert_eq!((n(summary.guarantees), n(summary.collaterals)), (sum("guarantees"), sum("collaterals")));
    assert_eq!(n(summary.refused_rows), sum("refused_rows"));
    assert_eq!(summary.outstanding.0, sum("outstanding_principal"));
}

async fn compare_records(lender: &Lender, truth: &Value) {
    let names: BTreeMap<String, String> =
        list(truth, "customers").iter().map(|c| (text(&c["id"]), text(&c["name"]))).collect();
    let ours: BTreeSet<String> = rows(lender, "select kind, name from customer_view")
        .await
        .iter()
        .map(|r| format!("{} {}", r.get::<String>("kind").unwrap(), r.get::<String>("name").unwrap()))
        .collect();
    for customer in list(truth, "customers") {
        assert!(ours.contains(&format!("{} {}", text(&customer["kind"]), text(&customer["name"]))), "{customer}");
    }
    let wanted: BTreeSet<String> = list(truth, "loans").iter().map(|l| text(&l["no"])).collect();
    let loans = rows(
        lender,
        "select l.number, c.name, l.principal_fen, l.start_on, k.number as contract from loan l \
         join customer_view c on c.customer_id = l.customer_id \
         join contract k on k.customer_id = l.customer_id and k.id = l.contract_id",
    )
    .await;
    let numbered = !list(truth, "contracts").is_empty();
    let ours = loans.iter().filter(|r| wanted.contains(&r.get::<String>("number").unwrap())).map(|r| {
        let get = |column: &str| r.get::<String>(column).unwrap();
        let contract = if numbered { get("contract") } else { "-".to_owned() };
        format!(
            "{} {} {} {} {contract}",
            get("number"),
            get("name"),
            r.get::<i64>("principal_fen").unwrap(),
            get("start_on")
        )
    });
    let theirs = list(truth, "loans").iter().map(|l| {
        let contract = if numbered { text(&l["contract"]) } else { "-".to_owned() };
        format!(
            "{} {} {} {} {contract}",
            text(&l["no"]),
            names[&text(&l["borrower"])],
            l["principal"],
            text(&l["disbursed"])
        )
    });
    same("loans", ours.collect(), theirs.collect());
    let facts = rows(
        lender,
        "select l.number, t.effective_on, t.amount_fen, t.business_key, t.source, t.source_detail \
         from loan_transaction t join loan l on l.customer_id = t.customer_id and l.id = t.loan_id",
    )
    .await;
    let ours = facts
        .iter()
        .filter(|r| {
            let charge = r.get::<String>("business_key").unwrap().ends_with("|charge");
            !charge && wanted.contains(&r.get::<String>("number").unwrap())
        })
        .map(|r| {
            let get = |column: &str| r.get::<String>(column).unwrap();
            assert_eq!(get("source"), "import");
            let detail = get("source_detail");
            let (_, place) = detail.split_once(' ').unwrap();
            format!("{} {} {} {place}", get("number"), get("effective_on"), r.get::<i64>("amount_fen").unwrap())
        });
    let theirs = list(truth, "transactions")
        .iter()
        .map(|t| format!("{} {} {} {}", text(&t["loan"]), text(&t["date"]), t["amount"], place(&t["source"])));
    same("transactions", ours.collect(), theirs.collect());
    let security = rows(
        lender,
        "select l.number, g.guarantor as who, g.amount_fen as amount from guarantee g \
         join loan l on l.customer_id = g.customer_id and l.id = g.loan_id union all \
         select l.number, k.description as who, k.value_fen as amount from collateral k \
         join loan l on l.customer_id = k.customer_id and l.id = k.loan_id",
    )
    .await;
    let ours = security.iter().filter(|r| wanted.contains(&r.get::<String>("number").unwrap())).map(|r| {
        let get = |column: &str| r.get::<String>(column).unwrap();
        format!("{} {} {}", get("number"), get("who"), r.get::<i64>("amount").unwrap())
    });
    let guarantees = list(truth, "guarantees")
        .iter()
        .map(|g| format!("{} {} {}", text(&g["loan"]), names[&text(&g["guarantor"])], g["amount"]));
    let things = list(truth, "collaterals")
        .iter()
        .map(|c| format!("{} {} {}", text(&c["loan"]), text(&c["description"]), c["value"]));
    same("security", ours.collect(), guarantees.chain(things).collect());
}

async fn compare_findings(lender: &Lender, run: RunId, truth: &Value) {
    let shown = |f: &Finding| {
        format!(
            "{} {} {} {} {}",
            f.sheet,
            or_dash(f.row),
            or_dash(f.column.map(column_letters)),
            f.code,
            or_dash(f.loan.as_ref())
        )
    };
    let told = |f: &Value| {
        format!(
            "{} {} {} {} {}",
            text(&f["sheet"]),
            or_dash(f["row"].as_u64()),
            text(&f["column"]),
            text(&f["code"]),
            text(&f["loan"])
        )
    };
    let refused = findings(lender, run, Level::Refused).await;
    same("refused", refused.iter().map(shown).collect(), list(truth, "refused").iter().map(told).collect());
    let warnings = findings(lender, run, Level::Warning).await;
    // Rates above the cap are told by the policy, not by the book.
    let ours = warnings.iter().filter(|f| f.code != "rate_above_cap").map(shown);
    same("warnings", ours.collect(), list(truth, "warnings").iter().map(told).collect());
    // import.rate-cap: 18 % flat costs more than 24 % a year, 18 % on the balance does not.
    let of = |method: &str, rate: &str| -> BTreeSet<String> {
        let fits = |l: &&Value| l["method"] == method && l["annual_rate"] == rate;
        list(truth, "loans").iter().filter(fits).map(|l| text(&l["no"])).collect()
    };
    let above: BTreeSet<String> =
        warnings.iter().filter(|f| f.code == "rate_above_cap").filter_map(|f| f.loan.clone()).collect();
    assert!(of("flat", "0.18").is_subset(&above), "told of every flat loan at 18 %: {above:?}");
    assert!(of("equal_instalment", "0.18").is_disjoint(&above), "and of none on the balance: {above:?}");
    for finding in refused.iter().chain(&warnings) {
        let whole = finding.value.iter().any(|v| v.len() >= 15 && v.chars().all(|c| c.is_ascii_alphanumeric()));
        assert!(!whole, "an identity number in clear beside row {:?}: {:?}", finding.row, finding.value);
    }
}

async fn compare_positions(lender: &Lender, truth: &Value) {
    let mut work = lender.work().await;
    let engine = Engine::load(&mut work, AS_OF).await.unwrap();
    for loan in list(truth, "loans") {
        let number = text(&loan["no"]);
        let key = loans::find_by_number(&mut work.tx, &number).await.unwrap().unwrap();
        let file = loans::load_file(&mut work.tx, key).await.unwrap().unwrap();
        let position = engine.replay(&file, AS_OF, None).unwrap();
        let stated = &loan["balances"];
        let ours = [
            position.outstanding.principal,
            position.overdue.principal,
            position.overdue.interest,
            position.outstanding.penalty,
            position.outstanding.fee,
            position.credit,
        ];
        let theirs = ["outstanding_principal", "overdue_principal", "overdue_interest", "penalty", "fees", "credit"];
        assert_eq!(ours, theirs.map(|name| Fen(stated[name].as_i64().unwrap())), "{number}");
        assert_eq!(u64::from(position.days_overdue), stated["days_overdue"].as_u64().unwrap(), "{number}");
        // What lists of that day show comes from the history, which reaches back to the first transaction.
        let row = work.tx.fetch_one(
            "select principal_fen, overdue_principal_fen, overdue_interest_fen, oldest_due_on from loan_position_history \
             where customer_id = $1 and loan_id = $2 and superseded_at is null and from_on <= $3 \
             and (to_on is null or to_on > $4)",
            args![key.customer, key.loan, AS_OF, AS_OF],
        ).await.unwrap();
        let kept =
            ["principal_fen", "overdue_principal_fen", "overdue_interest_fen"].map(|c| row.get::<Fen>(c).unwrap());
        assert_eq!(kept, [ours[0], ours[1], ours[2]], "{number}");
        assert_eq!(
            or_dash(row.get::<Option<Date>>("oldest_due_on").unwrap()),
            text(&stated["oldest_unpaid_due"]),
            "{number}"
        );
        let now = servicing::position::store::find(&mut work.tx, key).await.unwrap().unwrap();
        assert_eq!(now.as_of, TODAY, "{number}");
    }
}

#[tokio::test]
async fn a_dry_run_writes_no_record_and_refused_rows_block_unless_the_rest_is_asked_for() {
    // import.partial
    for lender in Lender::everywhere().await {
        let before = counted(&lender).await;
        let (run, summary) = import(&lender, "ledger-basic", Mode::DryRun).await.unwrap();
        assert_eq!((summary.loans, summary.customers_existing), (91, 0));
        assert_eq!(counted(&lender).await, before);
        assert_eq!(findings(&lender, run, Level::Refused).await.len(), 36);
        let refused = import(&lender, "ledger-basic", Mode::Everything).await.unwrap_err();
        assert_eq!(refused.refusal().unwrap().code, "import-rows-refused");
        assert_eq!(counted(&lender).await, before);
    }
}

#[tokio::test]
async fn a_kill_in_the_middle_loses_nothing_and_repeats_nothing() {
    for lender in Lender::everywhere().await {
        let actor = importer(&lender).await;
        let (id, summary) = import(&lender, "ledger-basic", Mode::DryRun).await.unwrap();
        let mut work = Work::begin(lender.app(), actor.clone()).await.unwrap();
        begin(&mut work, id, true).await.unwrap();
        work.commit().await.unwrap();
        // The customers and the first fifty loans are in when the power goes.
        write(lender.app(), &actor, id, Some(2)).await.unwrap();
        assert_eq!(count(&lender, "select count(*) as n from loan").await, 50);
        let mut tx = lender.app().db.read().await.unwrap();
        let run = store::run(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((run.state, run.done_loans), (RunState::Importing, 50));
        drop(tx);
        write(lender.app(), &actor, id, None).await.unwrap();
        let all = counted(&lender).await;
        compare_records(&lender, &truth("ledger-basic")).await;
        compare_positions(&lender, &truth("ledger-basic")).await;
        assert_eq!(count(&lender, "select count(*) as n from loan").await, i64::try_from(summary.loans).unwrap());
        let finished = write(lender.app(), &actor, id, None).await.unwrap_err();
        assert_eq!(finished.refusal().unwrap().code, "import-state");
        assert_eq!(counted(&lender).await, all);
    }
}

/// A book sent from the import's page.
async fn send_book(browser: &mut Browser, once: &str, name: &str, content: &[u8]) -> Answer {
    let csrf = browser.get("/import").await.hidden("_csrf").unwrap();
    send_file_as(browser, "/import", &[("_csrf", &csrf), ("_once", once)], ("book", name, content)).await
}

const ANSWERS: [(&str, &str); 8] = [
    ("as_of", "2026-06-30"),
    ("product", "business_equal"),
    ("day_count", "30/360"),
    ("days_of_year", "360"),
    ("penalty", "50"),
    ("penalty_day_count", "ACT/360"),
    ("direction", "by_instalment"),
    ("wide_day", "due_day"),
];

#[tokio::test]
async fn a_book_walks_through_the_pages_and_a_second_submit_changes_nothing() {
    for lender in Lender::everywhere().await {
        let mut boss = lender.house.user("boss").await;
        let once = platform::web::once_key();
        let sent = send_book(&mut boss, &once, "ledger-by-year.xlsx", &bytes("ledger-by-year")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let here = sent.location().to_owned();
        let twice = send_book(&mut boss, &once, "ledger-by-year.xlsx", &bytes("ledger-by-year")).await;
        assert_eq!(twice.location(), here, "the same form again ends at the first one's result");
        assert_eq!(count(&lender, "select count(*) as n from import_run").await, 1);
        for tongue in ["en", "zh-CN"] {
            let columns = boss.get(&format!("{here}?lang={tongue}")).await;
            assert_eq!(columns.status, StatusCode::OK);
            assert!(
                platform::locale::missing_in(&columns.text).is_empty(),
                "{:?}",
                platform::locale::missing_in(&columns.text)
            );
        }
        let wrong: Vec<(&str, &str)> =
            ANSWERS.iter().map(|(k, v)| if *k == "as_of" { (*k, "2027-01-01") } else { (*k, *v) }).collect();
        let refused = boss.post_from(&here, &format!("{here}/answers"), &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("2027-01-01"), "what was typed stays");
        let tried = boss.post_from(&here, &format!("{here}/answers"), &ANSWERS).await;
        assert_eq!(tried.location(), here, "{}", tried.text);
        assert_eq!(count(&lender, "select count(*) as n from loan").await, 0, "a dry run writes no loan");
        for address in
            [here.clone(), format!("{here}?level=refused"), format!("{here}?columns=1"), "/import".to_owned()]
        {
            let shown = boss.get(&address).await;
            assert_eq!(shown.status, StatusCode::OK, "{address}");
            assert!(
                platform::locale::missing_in(&shown.text).is_empty(),
                "{:?}",
                platform::locale::missing_in(&shown.text)
            );
        }
        let glanced = "select count(*) as n from import_finding where level = 'refused' and customer is not null \
                       and principal_fen > 0 and rate_e9 > 0";
        assert!(count(&lender, glanced).await > 3, "beside a refusal stands whose loan it is, how much, at which rate");
        let all = boss.post_from(&here, &format!("{here}/write"), &[("what", "all")]).await;
        assert_eq!(all.status, StatusCode::CONFLICT, "refused rows block unless the rest is asked for");
        let written = boss.post_from(&here, &format!("{here}/write"), &[("what", "rest")]).await;
        assert_eq!(written.location(), here, "{}", written.text);
        let id: RunId = here.rsplit('/').next().unwrap().parse().unwrap();
        for _ in 0..6_000 {
            let mut tx = lender.app().db.read().await.unwrap();
            if store::run(&mut tx, id).await.unwrap().unwrap().state == RunState::Imported {
                break;
            }
            drop(tx);
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(count(&lender, "select count(*) as n from loan").await, 147);
        compare_records(&lender, &truth("ledger-by-year")).await;
        let other = "select count(*) as n from import_finding f join loan l on l.number = f.loan \
                     where f.level = 'warning' and f.principal_fen <> l.principal_fen";
        assert_eq!(count(&lender, other).await, 0, "what stands beside a warning is what came in");
        let done = boss.get(&here).await;
        assert!(done.text.contains("/loans") && platform::locale::missing_in(&done.text).is_empty());
        let file = boss.get(&format!("{here}/checked.xlsx")).await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.text.starts_with("PK"), "the user's own file comes back");
        assert_eq!(boss.get("/import/template.xlsx").await.status, StatusCode::OK);
        let mut own = lender.house.user("own").await;
        assert_eq!(own.get(&here).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn bad_files_are_refused_with_what_to_do_and_hostile_names_stay_text() {
    let lender = Lender::over(platform::testbed::sqlite().await).await;
    let mut boss = lender.house.user("boss").await;
    let key = || platform::web::once_key();
    for (name, content) in [
        ("photo.png", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..]),
        ("broken.xlsx", b"PK\x03\x04 no archive"),
        ("empty.csv", b""),
    ] {
        let answer = send_book(&mut boss, &key(), name, content).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(platform::locale::missing_in(&answer.text).is_empty(), "{name}");
        assert!(answer.text.contains("f-book-error"), "{name}: the field says what is wrong");
    }
    let large = vec![b'x'; 65 * 1024 * 1024];
    assert_eq!(send_book(&mut boss, &key(), "large.csv", &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let book = "借据号,姓名,证件号码,贷款金额,利率,还款方式,放款日期,到期日\n\
                <script>alert(1)</script>,<b>示例甲</b>,990505197506058235,50000,12%,等额本息,2026-01-15,2027-01-15\n";
    let sent = send_book(&mut boss, &key(), "<img src=x onerror=alert(1)>.csv", book.as_bytes()).await;
    let here = sent.location().to_owned();
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let tried = boss.post_from(&here, &format!("{here}/answers"), &ANSWERS).await;
    assert_eq!(tried.location(), here, "{}", tried.text);
    for address in [here.clone(), format!("{here}?columns=1"), "/import".to_owned()] {
        let page = boss.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert!(!page.text.contains("<img src=x") && !page.text.contains("<script>alert"), "{address}");
    }
}
