//! Undoing an import: by another person, not under later facts, without a trace in lists and totals; and back again.

use axum::http::StatusCode;
use finance::{Fen, RepaymentMode};
use jiff::civil::{Date, date};
use platform::approval::{self, Approval, ApprovalId, Verdict};
use platform::args;
use platform::capability::Capability as _;
use platform::close::Closed;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::rebuild;
use servicing::Servicing;
use servicing::import::undo::{ObstacleKind, Plan, actions};
use servicing::import::{Mode, RunId, RunState, Summary, store};
use servicing::loan::model::{Channel, LoanKey};
use servicing::repayment::actions::{NewRepayment, record};

use crate::changes::{by, code, lenders};
use crate::house::{Lender, TODAY, plain};
use crate::import::{bytes, conventions, count};

const BOOK: &str = "ledger-by-year";
const OWN: CustomerId = CustomerId(0);

async fn import(lender: &Lender, name: &str, bytes: Vec<u8>) -> (RunId, Summary) {
    let actor = by(lender, "head").await.actor;
    servicing::import::run(lender.app(), &actor, name, bytes, Some(conventions()), Mode::TheRest).await.unwrap()
}

async fn ask(lender: &Lender, run: RunId) -> Result<ApprovalId, ActionError> {
    let mut work = by(lender, "head").await;
    let id = actions::request(&mut work, run, "导错了账本").await?;
    work.commit().await?;
    Ok(id)
}

async fn agree(lender: &Lender, login: &str, id: ApprovalId) -> Result<Approval, ActionError> {
    let mut work = by(lender, login).await;
    let seen = approval::store::load(&mut work.tx, OWN, id).await?.unwrap().version;
    let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
    let done = approval::approve(&mut work, OWN, id, &verdict).await?;
    work.commit().await?;
    Ok(done)
}

async fn undo(lender: &Lender, run: RunId) {
    // A moment of its own: what is known is told apart by moments.
    lender.app().clock.advance(jiff::SignedDuration::from_secs(1));
    let id = ask(lender, run).await.unwrap();
    agree(lender, "chief", id).await.unwrap();
}

async fn plan(lender: &Lender, run: RunId) -> Plan {
    let mut work = by(lender, "head").await;
    let run = store::run(&mut work.tx, run).await.unwrap().unwrap();
    actions::plan(&mut work, &run).await.unwrap()
}

async fn state(lender: &Lender, run: RunId) -> RunState {
    let mut work = by(lender, "head").await;
    store::run(&mut work.tx, run).await.unwrap().unwrap().state
}

/// What lists, totals and searches are made of.
async fn shown(lender: &Lender) -> Vec<i64> {
    let mut all = Vec::new();
    for sql in [
        "select count(*) as n from customer_view where state = 'active'",
        "select count(*) as n from loan_view where state = 'active'",
        "select count(*) as n from loan_position",
        "select count(*) as n from loan_instalment",
        "select cast(coalesce(sum(principal_fen), 0) as bigint) as n from loan_position",
        "select cast(coalesce(sum(outstanding_fen), 0) as bigint) as n from loan_instalment",
        "select count(*) as n from loan_position_history where superseded_at is null",
        "select cast(coalesce(sum(principal_fen), 0) as bigint) as n from loan_total_change",
        "select cast(coalesce(sum(amount_fen), 0) as bigint) as n from loan_received",
        "select cast(coalesce(sum(entries), 0) as bigint) as n from loan_received",
        "select cast(coalesce(sum(principal_fen), 0) as bigint) as n from loan_maturing",
        "select count(*) as n from number_lookup where kind in ('loan', 'contract', 'customer')",
        "select count(*) as n from identity_lookup",
        "select count(*) as n from import_record",
        "select count(*) as n from relation r join customer_view c on c.customer_id = r.customer_id \
         where r.ended_on is null and c.state = 'active'",
    ] {
        all.push(count(lender, sql).await);
    }
    all
}

async fn close(lender: &Lender, until: Date) {
    let closed = lender.close_until(until).await;
    assert!(matches!(closed, Closed::Through { .. }), "every proof is green: {closed:?}");
}

async fn rebuilt(lender: &Lender) {
    let mut agrees = |progress: &rebuild::Progress<'_>| {
        assert!(progress.differences.is_empty(), "{:#?}", progress.differences);
    };
    rebuild::verify(lender.app(), &mut agrees).await.unwrap();
}

#[tokio::test]
async fn an_undone_import_leaves_no_trace_in_lists_and_totals_and_comes_in_again() {
    // import.undo X-02
    for lender in lenders().await {
        let nothing = shown(&lender).await;
        let (run, summary) = import(&lender, "book.xlsx", bytes(BOOK)).await;
        let there = shown(&lender).await;
        assert!(there[1] > 100 && there[4] > 0, "{there:?}");
        let loan = count(&lender, "select min(id) as n from loan").await;
        let customer = count(&lender, "select min(customer_id) as n from customer_view").await;

        let id = ask(&lender, run).await.unwrap();
        assert_eq!(code(ask(&lender, run).await), "approval-waits");
        assert_eq!(code(agree(&lender, "head", id).await), "approval-own", "the maker never approves");
        assert_eq!(code(agree(&lender, "cash", id).await), "approval-step");
        assert_eq!(shown(&lender).await, there, "nothing changes before somebody agreed");
        agree(&lender, "chief", id).await.unwrap();

        assert_eq!(shown(&lender).await, nothing);
        assert_eq!(state(&lender, run).await, RunState::Undone);
        let corrected = count(&lender, "select count(*) as n from loan_transaction where source = 'import_undo'").await;
        let imported = count(&lender, "select count(*) as n from loan_transaction where source = 'import'").await;
        assert_eq!(corrected, imported, "a correcting entry for each");
        rebuilt(&lender).await;
        let mut head = lender.house.user("head").await;
        for gone in [format!("/loans/{loan}"), format!("/customers/{customer}")] {
            assert_eq!(head.get(&gone).await.status, StatusCode::NOT_FOUND, "{gone}");
        }
        assert_eq!(code(ask(&lender, run).await), "import-state", "once is enough");

        let (again, same) = import(&lender, "book.xlsx", bytes(BOOK)).await;
        assert_ne!(again, run);
        assert_eq!(same, summary, "it comes in as it did at first");
        assert_eq!(shown(&lender).await, there);
        close(&lender, date(2026, 11, 22)).await;
        rebuilt(&lender).await;

        // Days were closed with the book in it; it leaves from today on, and those days keep what they said.
        let sealed = count(&lender, "select cast(sum(principal_fen) as bigint) as n from loan_total").await;
        undo(&lender, again).await;
        assert_eq!(count(&lender, "select count(*) as n from loan_position").await, 0);
        let open = "select count(*) as n from duty_member m join duty d on d.id = m.duty_id where m.state = 'open'";
        assert_eq!(count(&lender, open).await, 0, "nobody is reminded of what is gone");
        close(&lender, date(2026, 11, 24)).await;
        rebuilt(&lender).await;
        assert_eq!(count(&lender, "select cast(sum(principal_fen) as bigint) as n from loan_total").await, sealed);
    }
}

async fn first_loan(lender: &Lender) -> LoanKey {
    let mut tx = lender.app().db.read().await.unwrap();
    let row = tx
        .fetch_one("select customer_id, loan_id from loan_view order by customer_id, loan_id limit 1", args![])
        .await
        .unwrap();
    LoanKey { customer: row.get("customer_id").unwrap(), loan: row.get("loan_id").unwrap() }
}

async fn repay(lender: &Lender, key: LoanKey) {
    let mut work = by(lender, "finance").await;
    let new = NewRepayment {
        on: TODAY,
        amount: Fen(10_000),
        channel: Channel::Cash,
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        note: None,
        business_key: None,
    };
    record(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn later_facts_forbid_the_undoing_and_are_listed() {
    // import.undo
    for lender in lenders().await {
        let (run, _) = import(&lender, "small.xlsx", book_of(&[("2026-02-15", "4442.44")])).await;
        let key = first_loan(&lender).await;
        let asked = ask(&lender, run).await.unwrap();
        // Between asking and agreeing somebody takes money.
        repay(&lender, key).await;
        assert_eq!(code(agree(&lender, "chief", asked).await), "import-undo-later-facts");
        let boss = lender.house.user_id("boss").await;
        let mut work = lender.work().await;
        let new = crate::house::new_loan(key.customer, boss, crate::house::plain(date(2026, 11, 2)));
        servicing::loan::actions::open(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        let mut work = by(&lender, "head").await;
        let seen = customers::load(&mut work.tx, key.customer).await.unwrap().unwrap();
        let change = customers::Change {
            seen: seen.version,
            nationality: None,
            address: Some("人民路一号".to_owned()),
            note: None,
            manager: seen.manager,
            reason: "搬家".to_owned(),
        };
        customers::customer::actions::change(&mut work, key.customer, &change).await.unwrap();
        work.commit().await.unwrap();

        let kinds: Vec<ObstacleKind> = plan(&lender, run).await.obstacles.iter().map(|o| o.kind).collect();
        assert_eq!(kinds, [ObstacleKind::Transaction, ObstacleKind::Loan, ObstacleKind::Customer]);
        let before = shown(&lender).await;
        assert_eq!(code(agree(&lender, "chief", asked).await), "import-undo-later-facts");
        assert_eq!(shown(&lender).await, before, "all or nothing");
        let mut head = lender.house.user("head").await;
        for tongue in ["zh-CN", "en"] {
            let page = head.get(&format!("/import/{run}/undo?lang={tongue}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(missing_in(&page.text).is_empty(), "{:?}", missing_in(&page.text));
            assert!(page.text.contains(&format!("/loans/{}", key.loan)), "the list leads to what stands in the way");
        }
    }
}

#[tokio::test]
async fn the_page_asks_and_shows_what_came_of_it() {
    // import.undo
    for lender in lenders().await {
        let (run, _) = import(&lender, "small.xlsx", book_of(&[("2026-02-15", "4442.44")])).await;
        let here = format!("/import/{run}");
        let mut head = lender.house.user("head").await;
        assert!(head.get(&here).await.text.contains(&format!("{here}/undo")));
        let silent = head.post_from(&format!("{here}/undo"), &format!("{here}/undo"), &[("reason", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is needed");
        let asked = head.post_from(&format!("{here}/undo"), &format!("{here}/undo"), &[("reason", "导错了")]).await;
        assert_eq!(asked.location(), here, "{}", asked.text);
        let waiting = head.get(&here).await.text;
        let (_, rest) = waiting.split_once("/approvals/0/").unwrap();
        let approval = format!("/approvals/0/{}", rest.split('"').next().unwrap());
        let mut chief = lender.house.user("chief").await;
        let seen = chief.get(&approval).await;
        assert!(missing_in(&seen.text).is_empty() && seen.text.contains("small.xlsx"), "{}", seen.text);
        let agreed = chief.post_from(&approval, &approval, &[("verdict", "approve"), ("seen", "1")]).await;
        assert_eq!(agreed.location(), approval, "{}", agreed.text);
        for tongue in ["zh-CN", "en"] {
            for page in [here.clone(), format!("{here}/undo"), "/import".to_owned()] {
                let shown = head.get(&format!("{page}?lang={tongue}")).await;
                assert_eq!(shown.status, StatusCode::OK);
                assert!(missing_in(&shown.text).is_empty(), "{page} {:?}", missing_in(&shown.text));
            }
        }
        assert!(head.get(&here).await.text.contains("chief"), "who agreed is named");
        let mut cash = lender.house.user("boss").await;
        assert_eq!(cash.get(&format!("{here}/undo")).await.status, StatusCode::FORBIDDEN);
    }
}

/// One loan of 50,000 over a year, with what came in on these days.
fn book_of(receipts: &[(&str, &str)]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let loan: [&[&str]; 2] = [
        &["借据号", "姓名", "证件号码", "贷款金额", "利率", "还款方式", "放款日期", "到期日"],
        &["W-001", "示例甲", "990505197506058235", "50000", "12%", "等额本息", "2026-01-15", "2027-01-15"],
    ];
    let mut paid: Vec<Vec<&str>> = vec![vec!["借据号", "姓名", "还款日期", "还款金额"]];
    paid.extend(receipts.iter().map(|(on, amount)| vec!["W-001", "示例甲", *on, *amount]));
    let loans: Vec<Vec<&str>> = loan.iter().map(|row| row.to_vec()).collect();
    for (name, rows) in [("借据", &loans), ("还款", &paid)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (at, row) in (0_u32..).zip(rows) {
            sheet.write_row(at, 0, row.iter().copied()).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn what_was_added_to_a_loan_that_stays_is_corrected_and_may_come_in_again() {
    // import.undo import.business-key
    for lender in lenders().await {
        let (first, _) = import(&lender, "a.xlsx", book_of(&[("2026-02-15", "4442.44")])).await;
        let before = shown(&lender).await;
        let more = book_of(&[("2026-02-15", "4442.44"), ("2026-03-15", "4442.44"), ("2026-04-15", "4442.44")]);
        let (second, _) = import(&lender, "b.xlsx", more.clone()).await;
        let after = shown(&lender).await;
        assert_ne!(before, after);
        let plan_of_first = plan(&lender, first).await;
        assert_eq!(plan_of_first.obstacles.len(), 2, "the second book stands on the first: {plan_of_first:?}");
        let plan_of_second = plan(&lender, second).await;
        assert_eq!((plan_of_second.brought.loans, plan_of_second.brought.added_transactions), (0, 2));
        undo(&lender, second).await;
        assert_eq!(shown(&lender).await, before);
        rebuilt(&lender).await;
        let (third, _) = import(&lender, "b.xlsx", more.clone()).await;
        assert_eq!(shown(&lender).await, after, "it comes in again");
        let (fourth, nothing) = import(&lender, "b.xlsx", more).await;
        assert!(!nothing.anything_new);
        assert_eq!(code(ask(&lender, fourth).await), "import-undo-nothing");
        undo(&lender, third).await;
        undo(&lender, first).await;
        assert_eq!(count(&lender, "select count(*) as n from loan_position").await, 0);
        rebuilt(&lender).await;
        close(&lender, TODAY.tomorrow().unwrap()).await;
    }
}

/// What is owed, and since how many days, as the policy knows a customer.
async fn known(lender: &Lender, customer: CustomerId, on: Date) -> (i64, i64) {
    let mut work = lender.work().await;
    let tell = Servicing.customer_facts()[0];
    let facts = tell(&mut work, customer, on).await.unwrap();
    work.tx.rollback().await.unwrap();
    let of = |name: &str| facts.get(name).and_then(policy::Value::as_integer).unwrap();
    (of("outstanding_fen"), of("overdue_days"))
}

// What an undone import brought is no loan of the customer's: neither today nor on a past date.
#[tokio::test]
async fn a_hidden_loan_says_nothing_of_its_customer() {
    for lender in lenders().await {
        let customer = lender.customer("甲").await;
        let key = lender.loan(customer, plain(date(2026, 10, 10))).await.file.loan.key;
        let (owed, days) = known(&lender, customer, TODAY).await;
        assert!(owed > 0 && days == 10, "{owed} {days}");
        let mut work = lender.work().await;
        let hide = "update loan set state = 'hidden' where customer_id = $1 and id = $2";
        work.tx.execute(hide, args![key.customer, key.loan]).await.unwrap();
        work.commit().await.unwrap();
        for on in [TODAY, TODAY.yesterday().unwrap()] {
            assert_eq!(known(&lender, customer, on).await, (0, 0), "{on}");
        }
    }
}
