//! A book written row by row, its sums worked out by hand.
//!
//! Business date 2026-11-20; amounts in fen. What stands at the two dates (class in brackets):
//!
//! ```text
//! loan           2026-10-31                       2026-11-20
//! 1              1,200,000 (normal)               1,000,000 (normal)
//! 2              2,000,000 (normal)               2,000,000 (special_mention), overdue since 11-20: 110,000
//! 3                500,000 (special_mention)        500,000 (substandard), overdue 320,000
//!                  600,000 as known before 11-12, when a payment of 10-20 became known
//! 4                250,000 (doubtful)               250,000 (loss), overdue 250,000
//! 5                400,000 (normal)               settled on 11-05
//! 6              9,999,999 (normal), hidden: never counted
//! 7                    ---                          750,000 (normal), of another branch and manager
//! 8                300,000 (doubtful)             written off on 11-15
//! open           4,650,000                        4,500,000
//! ```

use std::sync::Arc;

use oversight::Oversight;
use platform::access::{Actor, Origin, Scope};
use platform::args;
use platform::capability::Capability;
use platform::db::{Db, Migration, Tx, Value};
use platform::testbed::{ALL, House, packs, settings};
use platform::work::Work;

/// The tables of customers and loans as they stand, without their owners' code.
struct Tables(&'static str, &'static [Migration]);

impl Capability for Tables {
    fn name(&self) -> &'static str {
        self.0
    }
    fn migrations(&self) -> &'static [Migration] {
        self.1
    }
    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }
    fn permissions(&self) -> &'static [&'static str] {
        if self.0 == "servicing" { &["loan.view", "loan.export"] } else { &[] }
    }
    fn policy_facts(&self) -> &'static str {
        if self.0 == "servicing" { include_str!("../../../policy/tests/facts.csv") } else { "" }
    }
}

const CUSTOMERS: &[Migration] = &[
    Migration { version: 1, name: "customers", sql: include_str!("../../../customers/migrations/001_customers.sql") },
    Migration { version: 2, name: "lead", sql: include_str!("../../../customers/migrations/016_lead.sql") },
    Migration { version: 3, name: "campaign", sql: include_str!("../../../customers/migrations/017_campaign.sql") },
    Migration { version: 4, name: "merge", sql: include_str!("../../../customers/migrations/010_merge.sql") },
];
const SERVICING: &[Migration] = &[
    Migration { version: 1, name: "servicing", sql: include_str!("../../../servicing/migrations/001_servicing.sql") },
    Migration {
        version: 2,
        name: "total change",
        sql: include_str!("../../../servicing/migrations/003_total_change.sql"),
    },
    Migration { version: 3, name: "total now", sql: include_str!("../../../servicing/migrations/010_total_now.sql") },
    Migration { version: 4, name: "dated", sql: include_str!("../../../servicing/migrations/018_dated.sql") },
];

/// The program with the packs of the repository, the policy for micro-lenders in force, and users:
/// `boss` sees all, `branch` the head office, `officer` own loans, `board` only sums.
pub async fn house(db: Db) -> House {
    let far = |scope| [("dashboard.view", scope), ("loan.view", scope), ("loan.export", scope)];
    let (all, branch, own) = (far(Scope::Institution), far(Scope::Branch), far(Scope::Own));
    let board = [("dashboard.view", Scope::Institution)];
    let mut settings = settings(&[("chief", &all), ("branch", &branch), ("own", &own), ("board", &board)]);
    settings.packs = Arc::new(packs());
    let capabilities: Vec<Arc<dyn Capability>> =
        vec![Arc::new(Tables("customers", CUSTOMERS)), Arc::new(Tables("servicing", SERVICING)), Arc::new(Oversight)];
    let users: [(&str, &[&str]); 4] =
        [("boss", &[ALL, "chief"]), ("branch", &["branch"]), ("officer", &["own"]), ("board", &["board"])];
    let house = House::with(db, capabilities, settings, &users).await;
    let mut work = Work::begin(&house.app, Actor::system(Origin::Setup)).await.expect("a transaction");
    platform::policies::install(&mut work, "microloan").await.expect("the shipped pack installs");
    work.commit().await.expect("the pack is kept");
    house
}

/// Where a loan stands from a day on.
#[derive(Clone, Copy)]
pub struct Stand<'a> {
    pub loan: i64,
    pub from: &'a str,
    pub to: Option<&'a str>,
    pub recorded: &'a str,
    pub superseded: Option<&'a str>,
    pub status: &'a str,
    pub principal: i64,
    pub overdue: i64,
    pub oldest: Option<&'a str>,
    pub bucket: &'a str,
    pub class: &'a str,
}

/// A loan with its customer.
pub async fn loan(tx: &mut Tx, id: i64, branch: i64, manager: i64, state: &str) {
    let at = "2026-01-05T02:00:00.000Z";
    let name = format!("客户{id}");
    let number = format!("JJ-{id:06}");
    for (sql, values) in [
        (
            "insert into customer (customer_id, person_id, number, kind, name, pinyin, initials, identity_kind, identity_masked, \
             nationality, branch_id, manager_id, state, opened_on, recorded_at, recorded_by, source, source_detail) \
             values ($1, $2, $3, 'person', $4, '', '', 'id', '99****', 'CN', $5, $6, 'active', '2026-01-05', $7, 1, 'setup', '')",
            args![id, id, number, name, branch, manager, at],
        ),
        (
            "insert into contract (customer_id, id, number, product, amount_fen, signed_on, recorded_at, recorded_by, source, \
             source_detail) values ($1, $2, $3, 'credit', 1, '2026-01-05', $4, 1, 'setup', '')",
            args![id, id, number, at],
        ),
        (
            "insert into loan (customer_id, id, number, contract_id, product, purpose, security, principal_fen, start_on, branch_id, \
             manager_id, state, recorded_at, recorded_by, source, source_detail) \
             values ($1, $2, $3, $4, 'credit', '', 'credit', 1, '2026-01-05', $5, $6, $7, $8, 1, 'setup', '')",
            args![id, id, number, id, branch, manager, state, at],
        ),
    ] {
        tx.execute(sql, values).await.unwrap();
    }
}

/// A row of the history; a row that still stands is the position too.
pub async fn stand(tx: &mut Tx, s: Stand<'_>) {
    let maturity = if s.loan == 1 { "2026-12-15" } else { "2027-06-30" };
    let shared: Vec<Value> =
        args![s.loan, s.loan, s.status, s.principal, s.overdue, s.oldest, maturity, s.bucket, s.class, s.recorded];
    let mut values = shared.clone();
    values.extend(args![s.from, s.to, s.superseded]);
    tx.execute(
        "insert into loan_position_history (customer_id, loan_id, status, principal_fen, overdue_principal_fen, oldest_due_on, \
         maturity_on, bucket, class, recorded_at, from_on, to_on, superseded_at, overdue_interest_fen, penalty_fen, compound_fen, \
         fee_fen, cost_fen, credit_fen, next_due_fen, yearly_e9, written_off_fen, accruals_json, as_of) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, 0, 0, 0, 0, 120000000, 0, '', '2026-11-20')",
        values,
    )
    .await
    .unwrap();
    if s.to.is_none() && s.superseded.is_none() {
        tx.execute(
            "insert into loan_position (customer_id, loan_id, status, principal_fen, overdue_principal_fen, oldest_due_on, \
             maturity_on, bucket, class, recorded_at, as_of, disbursed_fen, overdue_interest_fen, penalty_fen, compound_fen, fee_fen, \
             cost_fen, credit_fen, next_due_fen, yearly_e9, written_off_fen, provisional, accruals_json, fingerprint, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '2026-11-20', 0, 0, 0, 0, 0, 0, 0, 0, 120000000, 0, 0, '', '', 1)",
            shared,
        )
        .await
        .unwrap();
    }
}

/// A transaction; a reversal names its target.
#[expect(clippy::too_many_arguments, reason = "one argument a column of the table that the test reads")]
pub async fn money(
    tx: &mut Tx,
    id: i64,
    loan: i64,
    kind: &str,
    on: &str,
    fen: i64,
    recorded: &str,
    reverses: Option<i64>,
) {
    tx.execute(
        "insert into loan_transaction (customer_id, loan_id, id, number, kind, effective_on, ordinal, amount_fen, body_json, \
         reverses_id, channel, recorded_at, recorded_by, source, source_detail) \
         values ($1, $2, $3, $4, $5, $6, 1, $7, '{}', $8, 'cash', $9, 1, 'setup', '')",
        args![loan, loan, id, format!("T{id}"), kind, on, fen, reverses, recorded],
    )
    .await
    .unwrap();
}

/// An instalment of principal.
pub async fn instalment(tx: &mut Tx, loan: i64, no: i64, on: &str, due: i64, paid: i64) {
    tx.execute(
        "insert into loan_instalment (customer_id, loan_id, no, from_on, to_on, nominal_due_on, due_on, principal_due_fen, \
         principal_paid_fen, outstanding_fen, principal_waived_fen, principal_moved_fen, interest_due_fen, interest_paid_fen, \
         interest_waived_fen, interest_moved_fen, provisional) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0, 0, 0, 0)",
        args![loan, loan, no, on, on, on, on, due, paid, due - paid],
    )
    .await
    .unwrap();
}

/// Writes the book of the table above.
pub async fn book(house: &House) {
    let officer = house.user_id("officer").await.0;
    let mut tx = house.app.db.write().await.unwrap();
    for id in 1..=8 {
        let (branch, manager) = if id == 7 { (2, 77) } else { (1, if id == 2 { officer } else { 5 }) };
        loan(&mut tx, id, branch, manager, if id == 6 { "hidden" } else { "active" }).await;
    }
    positions(&mut tx).await;
    moneys(&mut tx).await;
    for (bucket, class, status, loans, principal) in [
        ("current", "normal", "current", 3, 3_600_000_i64),
        ("d61_90", "special_mention", "overdue", 1, 500_000),
        ("d91_up", "doubtful", "overdue", 2, 550_000),
    ] {
        tx.execute(
            "insert into loan_total (business_date, branch_id, product, bucket, class, status, loans, principal_fen, \
             overdue_principal_fen, overdue_interest_fen) values ('2026-10-31', 1, 'credit', $1, $2, $3, $4, $5, 0, 0)",
            args![bucket, class, status, loans, principal],
        )
        .await
        .unwrap();
    }
    // What the close of the day before wrote.
    tx.execute(
        "insert into loan_total (business_date, branch_id, product, bucket, class, status, loans, principal_fen, \
         overdue_principal_fen, overdue_interest_fen) \
         select '2026-11-19', l.branch_id, l.product, p.bucket, p.class, p.status, count(*), sum(p.principal_fen), \
         sum(p.overdue_principal_fen), sum(p.overdue_interest_fen) from loan_position p \
         join loan l on l.customer_id = p.customer_id and l.id = p.loan_id where l.state = 'active' \
         group by l.branch_id, l.product, p.bucket, p.class, p.status",
        args![],
    )
    .await
    .unwrap();
    // What was noted with the transactions and the positions.
    for sql in [
        "insert into loan_received (effective_on, branch_id, kind, entries, amount_fen) \
         select t.effective_on, l.branch_id, t.kind, count(*), sum(t.amount_fen) from loan_transaction t \
         join loan l on l.customer_id = t.customer_id and l.id = t.loan_id \
         left join loan_transaction r on r.customer_id = t.customer_id and r.reverses_id = t.id \
         where t.kind in ('repay', 'recover') and l.state = 'active' and r.id is null \
         group by t.effective_on, l.branch_id, t.kind",
        "insert into loan_maturing (maturity_on, branch_id, loans, principal_fen) \
         select p.maturity_on, l.branch_id, count(*), sum(p.principal_fen) from loan_position p \
         join loan l on l.customer_id = p.customer_id and l.id = p.loan_id \
         where l.state = 'active' and p.status in ('undrawn', 'current', 'overdue') group by p.maturity_on, l.branch_id",
    ] {
        tx.execute(sql, args![]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn positions(tx: &mut Tx) {
    let s = Stand {
        loan: 1,
        from: "2026-01-05",
        to: None,
        recorded: "2026-01-05T02:00:00.000Z",
        superseded: None,
        status: "current",
        principal: 0,
        overdue: 0,
        oldest: None,
        bucket: "current",
        class: "normal",
    };
    let late = Stand { status: "overdue", bucket: "d91_up", ..s };
    let mended = "2026-11-12T02:00:00.000Z";
    let third = Stand { loan: 3, oldest: Some("2026-08-15"), bucket: "d61_90", class: "special_mention", ..late };
    let rows = [
        Stand { to: Some("2026-11-10"), principal: 1_200_000, ..s },
        Stand { from: "2026-11-10", recorded: "2026-11-10T02:00:00.000Z", principal: 1_000_000, ..s },
        Stand { loan: 2, to: Some("2026-11-20"), principal: 2_000_000, ..s },
        Stand {
            loan: 2,
            from: "2026-11-20",
            recorded: "2026-11-19T14:00:00.000Z",
            status: "overdue",
            principal: 2_000_000,
            overdue: 110_000,
            oldest: Some("2026-11-19"),
            bucket: "d1_30",
            class: "special_mention",
            ..s
        },
        Stand { to: Some("2026-11-14"), superseded: Some(mended), principal: 600_000, overdue: 400_000, ..third },
        Stand { to: Some("2026-10-20"), recorded: mended, principal: 600_000, overdue: 400_000, ..third },
        Stand {
            from: "2026-10-20",
            to: Some("2026-11-14"),
            recorded: mended,
            principal: 500_000,
            overdue: 320_000,
            ..third
        },
        Stand {
            from: "2026-11-14",
            recorded: "2026-11-13T14:00:00.000Z",
            principal: 500_000,
            overdue: 320_000,
            bucket: "d91_up",
            class: "substandard",
            ..third
        },
        Stand {
            loan: 4,
            to: Some("2026-11-01"),
            principal: 250_000,
            overdue: 250_000,
            oldest: Some("2025-11-01"),
            class: "doubtful",
            ..late
        },
        Stand {
            loan: 4,
            from: "2026-11-01",
            recorded: "2026-10-31T14:00:00.000Z",
            principal: 250_000,
            overdue: 250_000,
            oldest: Some("2025-11-01"),
            class: "loss",
            ..late
        },
        Stand { loan: 5, to: Some("2026-11-05"), principal: 400_000, ..s },
        Stand { loan: 5, from: "2026-11-05", recorded: "2026-11-05T02:00:00.000Z", status: "settled", ..s },
        Stand { loan: 6, principal: 9_999_999, ..s },
        Stand { loan: 7, from: "2026-11-10", recorded: "2026-11-10T02:00:00.000Z", principal: 750_000, ..s },
        Stand {
            loan: 8,
            to: Some("2026-11-15"),
            principal: 300_000,
            overdue: 300_000,
            oldest: Some("2026-01-15"),
            class: "doubtful",
            ..late
        },
        Stand {
            loan: 8,
            from: "2026-11-15",
            recorded: "2026-11-15T02:00:00.000Z",
            status: "written-off-tracked",
            class: "loss",
            bucket: "d91_up",
            ..s
        },
    ];
    for row in rows {
        stand(tx, row).await;
    }
}

/// November: 210,000 + 404,000 + 20,000 recovered = 634,000; 50,000 of 11-08 was taken back on 11-09.
/// October: 100,000, known since 11-12. Due on 11-20: 200,000 with 130,000 paid; in the week 60,000 more.
async fn moneys(tx: &mut Tx) {
    let day = |on: &str| format!("{on}T02:00:00.000Z");
    money(tx, 11, 1, "repay", "2026-11-10", 210_000, &day("2026-11-10"), None).await;
    money(tx, 12, 1, "repay", "2026-11-08", 50_000, &day("2026-11-08"), None).await;
    money(tx, 13, 1, "reverse", "2026-11-09", 0, &day("2026-11-09"), Some(12)).await;
    money(tx, 51, 5, "repay", "2026-11-05", 404_000, &day("2026-11-05"), None).await;
    money(tx, 31, 3, "repay", "2026-10-20", 100_000, &day("2026-11-12"), None).await;
    money(tx, 81, 8, "recover", "2026-11-18", 20_000, &day("2026-11-18"), None).await;
    money(tx, 61, 6, "repay", "2026-11-18", 7_777, &day("2026-11-18"), None).await;
    instalment(tx, 1, 1, "2026-11-20", 90_000, 90_000).await;
    instalment(tx, 2, 1, "2026-11-20", 110_000, 40_000).await;
    instalment(tx, 7, 1, "2026-11-22", 60_000, 0).await;
    instalment(tx, 6, 1, "2026-11-20", 55_555, 0).await;
    instalment(tx, 1, 2, "2026-11-23", 90_000, 0).await;
}
