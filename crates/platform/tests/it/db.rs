//! One SQL text on both databases.

use jiff::Timestamp;
use jiff::civil::date;
use platform::args;
use platform::db::{Migration, StoreError, migrate};
use platform::testbed;

const STEPS: &[Migration] = &[Migration {
    version: 1,
    name: "sample",
    sql: "create table sample (id bigint not null primary key, name text, on_day date_text, at moment_text, raw bytea, amount_fen bigint);",
}];

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    for db in testbed::databases().await {
        migrate(&db, &[("test", STEPS)]).await.unwrap();
        let mut tx = db.write().await.unwrap();
        let at: Timestamp = "2026-11-20T08:30:00.125Z".parse().unwrap();
        tx.execute(
            "insert into sample (id, name, on_day, at, raw, amount_fen) values ($1, $2, $3, $4, $5, $6)",
            args![1_i64 << 62, "梁文", date(2026, 11, 20), at, vec![0_u8, 255], None::<i64>],
        )
        .await
        .unwrap();
        let row = tx
            .fetch_one(
                "select * from sample where on_day >= $1 and on_day < $2",
                args![date(2026, 11, 20), date(2026, 11, 21)],
            )
            .await
            .unwrap();
        assert_eq!(row.get::<i64>("id").unwrap(), 1 << 62);
        assert_eq!(row.get::<String>("name").unwrap(), "梁文");
        assert_eq!(row.get::<jiff::civil::Date>("on_day").unwrap(), date(2026, 11, 20));
        assert_eq!(row.get::<Timestamp>("at").unwrap(), at);
        assert_eq!(row.get::<Vec<u8>>("raw").unwrap(), vec![0, 255]);
        assert_eq!(row.get::<Option<i64>>("amount_fen").unwrap(), None);
        assert!(
            matches!(row.get::<i64>("name"), Err(StoreError::Corrupt { .. })),
            "a text is never taken for a number"
        );
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn many_rows_are_written_and_rewritten_in_bulk() {
    for db in testbed::databases().await {
        migrate(&db, &[("test", STEPS)]).await.unwrap();
        for round in 1..=2_i64 {
            let mut tx = db.write().await.unwrap();
            let rows = (1..=1_234_i64).map(|id| args![id, format!("n{id}"), id * round]).collect();
            tx.write_rows(
                "insert into sample (id, name, amount_fen)",
                "on conflict (id) do update set amount_fen = excluded.amount_fen",
                rows,
            )
            .await
            .unwrap();
            let row = tx
                .fetch_one("select count(*) as n, cast(sum(amount_fen) as bigint) as total from sample", args![])
                .await
                .unwrap();
            assert_eq!(row.get::<i64>("n").unwrap(), 1_234);
            assert_eq!(row.get::<i64>("total").unwrap(), 1_234 * 1_235 / 2 * round);
            tx.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_edited_or_newer_schema_is_refused() {
    const EDITED: &[Migration] = &[Migration { version: 1, name: "sample", sql: "create table other (id bigint);" }];
    for db in testbed::databases().await {
        assert_eq!(migrate(&db, &[("test", STEPS)]).await.unwrap(), 1);
        assert_eq!(migrate(&db, &[("test", STEPS)]).await.unwrap(), 0, "repeating changes nothing");
        let edited = migrate(&db, &[("test", EDITED)]).await.unwrap_err();
        assert!(edited.to_string().contains("differs"), "{edited}");
        let newer = migrate(&db, &[("test", &[])]).await.unwrap_err();
        assert!(newer.to_string().contains("newer"), "{newer}");
    }
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    for db in testbed::databases().await {
        migrate(&db, &[("test", STEPS)]).await.unwrap();
        let mut tx = db.write().await.unwrap();
        tx.execute("insert into sample (id) values ($1)", args![1_i64]).await.unwrap();
        drop(tx);
        let mut tx = db.read().await.unwrap();
        assert_eq!(
            tx.fetch_one("select count(*) as n from sample", args![]).await.unwrap().get::<i64>("n").unwrap(),
            0
        );
    }
}
