//! What channels, campaigns and partners brought, worked out by hand, on every database.

use axum::http::StatusCode;
use finance::Fen;
use jiff::civil::date;
use oversight::acquisition::model::{By, Line};
use oversight::acquisition::store;
use platform::access::DataScope;
use platform::args;
use platform::db::Tx;
use platform::locale::missing_in;
use platform::testbed::{House, databases};

use crate::fixture;

const AT: &str = "2026-01-05T02:00:00.000Z";

async fn run(tx: &mut Tx, sql: &'static str, values: Vec<platform::db::Value>) {
    tx.execute(sql, values).await.unwrap();
}

/// Three walked in, one came by a campaign that cost 300 yuan; two were lent to.
async fn won(house: &House) {
    let officer = house.user_id("officer").await.0;
    let mut tx = house.app.db.write().await.unwrap();
    run(&mut tx, "update loan_position set disbursed_fen = 1000000 where loan_id = 1", args![]).await;
    run(&mut tx, "update loan_position set disbursed_fen = 1500000 where loan_id = 2", args![]).await;
    let campaign = "insert into campaign (id, number, title, channel, aim, target_axis, target_outcome, starts_on, ends_on, \
         budget_fen, target_leads, review, effective_on, recorded_at, recorded_by) values (9, 'HD1', '商户走访', \
         'marketing_event', '走访', '', '', '2026-01-01', '2026-12-31', 50000, 10, '', '2026-01-01', $1, 1)";
    run(&mut tx, campaign, args![AT]).await;
    let cost = "insert into campaign_cost (id, campaign_id, amount_fen, spent_on, purpose, effective_on, recorded_at, \
         recorded_by) values ($1, 9, $2, $3, '场地', '2026-01-01', $4, 1)";
    run(&mut tx, cost, args![1_i64, 30_000_i64, "2026-10-01", AT]).await;
    run(&mut tx, cost, args![2_i64, 70_000_i64, "2025-01-01", AT]).await;
    let partner = "insert into partner (id, number, name, kind, note, effective_on, recorded_at, recorded_by) \
         values (4, 'HZ1', '东湖商会', 'chamber', '', '2026-01-01', $1, 1)";
    run(&mut tx, partner, args![AT]).await;
    for (id, channel, owner) in
        [(1_i64, "walk_in", 5), (2, "walk_in", 5), (3, "walk_in", officer), (4, "marketing_event", officer)]
    {
        let lead = "insert into lead (id, number, kind, name, phone_masked, channel, campaign_id, ground, ground_note, \
             interest, owner_id, branch_id, state, seen_on, turn, effective_on, recorded_at, recorded_by) \
             values ($1, $2, 'person', '某人', '', $3, $4, 'consent', 'x', '', $5, 1, 'new', '2026-01-05', 0, \
             '2026-01-05', $6, 1)";
        // The lead of the campaign became a customer, those of the others did not yet.
        let of = (channel == "marketing_event").then_some(9_i64);
        run(&mut tx, lead, args![id, format!("XS{id}"), channel, of, owner, AT]).await;
    }
    let became = "update lead set state = 'customer', customer_id = 2, won_on = '2026-01-05' where id = 4";
    run(&mut tx, became, args![]).await;
    for (customer, channel, on) in [
        (1_i64, "walk_in", "2026-01-05"),
        (2, "walk_in", "2025-12-01"),
        (2, "marketing_event", "2026-01-04"),
        (3, "walk_in", "2026-01-06"),
    ] {
        let source = "insert into customer_source (customer_id, id, opening, channel, campaign_id, effective_on, \
             recorded_at, recorded_by) values ($1, $2, 0, $3, $4, $5, $6, 1)";
        let campaign = channel == "marketing_event";
        let id = customer * 10 + i64::from(campaign);
        run(&mut tx, source, args![customer, id, channel, campaign.then_some(9_i64), on, AT]).await;
    }
    tx.commit().await.unwrap();
}

async fn lines(house: &House, scope: DataScope, by: By) -> Vec<Line> {
    let mut tx = house.app.db.read().await.unwrap();
    store::lines(&mut tx, scope, by, (date(2025, 11, 20), date(2026, 11, 20))).await.unwrap()
}

async fn together(house: &House, by: By) -> i64 {
    let mut tx = house.app.db.read().await.unwrap();
    let days = (date(2025, 11, 20), date(2026, 11, 20));
    store::won(&mut tx, DataScope::everything(), by, days).await.unwrap()
}

// S1-04, S1-05, S5.8-14. Rules acquisition.loans, acquisition.conversion, acquisition.cost-per-customer
#[tokio::test]
async fn a_channel_is_judged_by_leads_customers_loans_costs_and_what_is_overdue() {
    for db in databases().await {
        let house = fixture::house(db).await;
        fixture::book(&house).await;
        won(&house).await;
        let event = Line {
            key: "marketing_event".to_owned(),
            leads: 1,
            won: 1,
            customers: 1,
            loans: 1,
            disbursed: Fen(1_500_000),
            outstanding: Fen(2_000_000),
            overdue: Fen(2_000_000),
            cost: Some(Fen(30_000)),
            ..Line::default()
        };
        let walk_in = Line {
            key: "walk_in".to_owned(),
            leads: 3,
            customers: 3,
            loans: 1,
            disbursed: Fen(1_000_000),
            outstanding: Fen(1_000_000),
            cost: Some(Fen::ZERO),
            ..Line::default()
        };
        let everything = DataScope::everything();
        assert_eq!(lines(&house, everything, By::Channel).await, [event.clone(), walk_in]);
        let campaign = Line { key: "9".to_owned(), ..event.clone() };
        assert_eq!(lines(&house, everything, By::Campaign).await, [campaign]);
        assert_eq!(lines(&house, everything, By::Partner).await, Vec::new());
        let own = DataScope { manager: house.user_id("officer").await.0, ..everything };
        let seen = lines(&house, own, By::Channel).await;
        let of = |line: &Line| (line.leads, line.customers, line.loans);
        assert_eq!(seen.iter().map(of).collect::<Vec<_>>(), [(1, 1, 1), (1, 1, 0)], "own leads and files only");
        assert_eq!(seen[0].cost, None, "what the house spent is not shown, nor passed for nothing");
        let branch = DataScope { branch: 1, ..everything };
        assert!(lines(&house, branch, By::Channel).await.iter().all(|line| line.cost.is_none()));
        assert_eq!(together(&house, By::Channel).await, 3, "who was won twice is one customer");
        let mut tx = house.app.db.write().await.unwrap();
        let merged = "insert into customer_merge (customer_id, id, into_id, reason, state, merged_on, effective_on, \
             recorded_at, recorded_by) values (3, 1, 1, '同一人', 'merged', '2026-02-01', '2026-02-01', $1, 1)";
        run(&mut tx, merged, args![AT]).await;
        tx.commit().await.unwrap();
        assert_eq!(together(&house, By::Channel).await, 2, "files that were merged are one customer");
        // The file that went into another was won by the campaign before that customer was lent to.
        let mut tx = house.app.db.write().await.unwrap();
        let source = "insert into customer_source (customer_id, id, opening, channel, campaign_id, effective_on, \
             recorded_at, recorded_by) values (3, 31, 0, 'marketing_event', 9, '2026-01-05', $1, 1)";
        run(&mut tx, source, args![AT]).await;
        let days = (date(2025, 11, 20), date(2026, 11, 20));
        let found = store::lines(&mut tx, everything, By::Channel, days).await.unwrap();
        let lent = |line: &Line| (line.key.clone(), line.loans, line.disbursed.0);
        let all = [("marketing_event".to_owned(), 2, 2_500_000), ("walk_in".to_owned(), 0, 0)];
        assert_eq!(found.iter().map(lent).collect::<Vec<_>>(), all, "the last to win either file");
        tx.rollback().await.unwrap();
        let mut boss = house.user("boss").await;
        for lang in ["zh-CN", "en"] {
            boss.get(&format!("/me?lang={lang}")).await;
            for by in ["channel", "campaign", "partner"] {
                let shown = boss.get(&format!("/acquisition?by={by}")).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {by}");
            }
        }
        let shown = boss.get("/acquisition?by=channel").await.text;
        assert!(shown.contains("300.00") && shown.contains("200.00") && shown.contains("100.00"), "{shown}");
        let (status, book) = boss.file("/acquisition/export.xlsx?by=campaign").await;
        assert_eq!((status, &book[..2]), (StatusCode::OK, b"PK".as_slice()));
        assert_eq!(boss.get("/acquisition?by=poem").await.status, StatusCode::NOT_FOUND);
        assert_eq!(boss.get("/acquisition?from=poem").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let backwards = boss.get("/acquisition?from=2026-11-02&until=2026-11-01").await;
        assert_eq!((backwards.status, missing_in(&backwards.text)), (StatusCode::UNPROCESSABLE_ENTITY, Vec::new()));
    }
}

/// Customers 3, 5 and 7 came by the partner; 3 came by it again after its loan was paid out.
async fn referred(house: &House) {
    let mut tx = house.app.db.write().await.unwrap();
    run(&mut tx, "update loan_position set disbursed_fen = 1000000 where loan_id in (3, 5, 7)", args![]).await;
    let partner = "insert into partner (id, number, name, kind, note, effective_on, recorded_at, recorded_by) \
         values (4, 'HZ1', '东湖商会', 'chamber', '', '2026-01-01', $1, 1)";
    run(&mut tx, partner, args![AT]).await;
    for (customer, id, on) in
        [(3_i64, 1_i64, "2026-01-02"), (5, 2, "2026-01-05"), (7, 3, "2026-01-05"), (3, 4, "2026-06-01")]
    {
        let source = "insert into customer_source (customer_id, id, opening, channel, partner_id, effective_on, \
             recorded_at, recorded_by) values ($1, $2, 0, 'partner', 4, $3, $4, 1)";
        run(&mut tx, source, args![customer, id, on, AT]).await;
    }
    tx.commit().await.unwrap();
}

// S1-05. Rule acquisition.loans
#[tokio::test]
async fn the_loans_of_a_partners_customers_are_listed_by_what_became_of_them_within_the_scope() {
    for db in databases().await {
        let house = fixture::house(db).await;
        fixture::book(&house).await;
        referred(&house).await;
        let list = |view: &str, partner: &str| format!("/acquisition/loans?view={view}&partner={partner}");
        let mut boss = house.user("boss").await;
        for lang in ["en", "zh-CN"] {
            boss.get(&format!("/me?lang={lang}")).await;
            for view in ["all", "current", "overdue", "settled", "written_off"] {
                let shown = boss.get(&list(view, "HZ1")).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {view}");
            }
        }
        let listed = async |browser: &mut platform::testbed::Browser, view: &str, partner: &str| {
            let text = browser.get(&list(view, partner)).await.text;
            (1..=8).filter(|loan| text.contains(&format!("JJ-{loan:06}"))).collect::<Vec<i32>>()
        };
        assert_eq!(listed(&mut boss, "all", "HZ1").await, [3, 5, 7], "each once");
        assert_eq!(listed(&mut boss, "overdue", "HZ1").await, [3]);
        assert_eq!(listed(&mut boss, "settled", "HZ1").await, [5]);
        assert_eq!(listed(&mut boss, "current", "HZ1").await, [7]);
        assert_eq!(listed(&mut boss, "all", "HZ2").await, Vec::<i32>::new(), "another partner");
        assert_eq!(listed(&mut house.user("branch").await, "all", "HZ1").await, [3, 5], "7 is another branch's");
        let sums = house.user("board").await.get(&list("all", "HZ1")).await;
        assert_eq!(sums.status, StatusCode::FORBIDDEN, "whoever sees sums sees no names");
    }
}
