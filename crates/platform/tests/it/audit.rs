//! The audit chain: whole, and broken in every way.

use jiff::Timestamp;
use jiff::civil::date;
use platform::access::{Actor, Origin};
use platform::args;
use platform::audit::{self, Broken, Entry};
use platform::db::{Db, migrate};
use platform::id::CustomerId;
use platform::testbed;
use serde_json::json;

async fn book_with_entries() -> Vec<Db> {
    let all = testbed::databases().await;
    for db in &all {
        migrate(db, &[("platform", platform::MIGRATIONS)]).await.unwrap();
        let mut tx = db.write().await.unwrap();
        let at: Timestamp = "2026-11-20T08:30:00.125678Z".parse().unwrap();
        let actor = Actor::system(Origin::Console);
        for n in 0..4 {
            let entry = Entry::new((n % 2 == 0).then_some(CustomerId(77)), "test.write", format!("thing:{n}"))
                .before(json!({"n": n}))
                .reason("因为");
            audit::append(&mut tx, &actor, at, date(2026, 11, 20), &entry).await.unwrap();
        }
        audit::seal_day(&mut tx, date(2026, 11, 20), at).await.unwrap();
        tx.commit().await.unwrap();
    }
    all
}

async fn after(db: &Db, damage: &'static str) -> Option<Broken> {
    let mut tx = db.write().await.unwrap();
    assert!(tx.execute(damage, args![]).await.unwrap() > 0, "the damage is done");
    tx.commit().await.unwrap();
    audit::verify(db).await.unwrap().broken
}

#[tokio::test]
async fn a_whole_trail_verifies() {
    //
    for db in book_with_entries().await {
        let found = audit::verify(&db).await.unwrap();
        assert_eq!((found.chains, found.entries, found.roots, found.broken), (2, 4, 1, None));
    }
}

#[tokio::test]
async fn an_edited_entry_is_named() {
    //
    for db in book_with_entries().await {
        let broken = after(&db, "update audit_entry set reason = 'other' where customer_id = 77 and seq = 2").await;
        assert_eq!(broken, Some(Broken::Content { chain: 77, seq: 2 }));
    }
}

#[tokio::test]
async fn a_removed_entry_is_named() {
    //
    for db in book_with_entries().await {
        let broken = after(&db, "delete from audit_entry where customer_id = 0 and seq = 1").await;
        assert_eq!(broken, Some(Broken::Order { chain: 0, seq: 2 }));
    }
}

#[tokio::test]
async fn a_cut_off_end_is_named() {
    //
    for db in book_with_entries().await {
        let broken = after(&db, "delete from audit_entry where customer_id = 77 and seq = 2").await;
        assert_eq!(broken, Some(Broken::Head { chain: 77, seq: 1 }));
    }
}

#[tokio::test]
async fn a_changed_root_is_named() {
    //
    for db in book_with_entries().await {
        let broken = after(&db, "update audit_root set root = 'x'").await;
        assert_eq!(broken, Some(Broken::Root { on: "2026-11-20".to_owned() }));
    }
}

#[tokio::test]
async fn a_trail_written_anew_is_found_by_the_root_kept_outside() {
    //
    for db in book_with_entries().await {
        let kept = audit::anchors(&db).await.unwrap();
        assert_eq!((kept.len(), audit::compare(&db, &kept).await.unwrap()), (1, None));
        // Whoever owns the database writes everything anew, every link in order.
        let mut tx = db.write().await.unwrap();
        for table in ["delete from audit_root", "delete from audit_entry", "delete from audit_head"] {
            tx.execute(table, args![]).await.unwrap();
        }
        let at: Timestamp = "2026-11-20T08:30:00.125678Z".parse().unwrap();
        let entry = Entry::new(None, "test.write", "thing:0").reason("all is well");
        audit::append(&mut tx, &Actor::system(Origin::Console), at, date(2026, 11, 20), &entry).await.unwrap();
        audit::seal_day(&mut tx, date(2026, 11, 20), at).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(audit::verify(&db).await.unwrap().broken, None, "inside, all holds");
        let broken = Some(Broken::Anchor { on: "2026-11-20".to_owned() });
        assert_eq!(audit::compare(&db, &kept).await.unwrap(), broken);
        let gone = [audit::Anchor { on: date(2026, 11, 19), ..kept[0].clone() }];
        assert!(audit::compare(&db, &gone).await.unwrap().is_some(), "a day that is missing");
    }
}

#[tokio::test]
async fn each_root_fixes_all_that_came_before_it_and_nothing_that_came_after() {
    //
    for db in book_with_entries().await {
        let at: Timestamp = "2026-11-20T08:30:00.125678Z".parse().unwrap();
        let days = [date(2026, 11, 21), date(2026, 11, 22)];
        // What the forger writes from the second day on: the first time as it was, then otherwise.
        let mut kept = Vec::new();
        for reason in ["as it was", "all is well"] {
            let mut tx = db.write().await.unwrap();
            if !kept.is_empty() {
                for damage in [
                    "delete from audit_root where business_date >= '2026-11-21'",
                    "delete from audit_entry where customer_id = 0 and seq > 2",
                    "update audit_head set seq = 2, hash = (select e.hash from audit_entry e where e.customer_id = 0 \
                     and e.seq = 2) where customer_id = 0",
                ] {
                    assert!(tx.execute(damage, args![]).await.unwrap() > 0, "{damage}");
                }
            }
            for day in days {
                let entry = Entry::new(None, "test.write", "thing:9").reason(reason);
                audit::append(&mut tx, &Actor::system(Origin::Console), at, day, &entry).await.unwrap();
                audit::seal_day(&mut tx, day, at).await.unwrap();
            }
            tx.commit().await.unwrap();
            assert_eq!(audit::verify(&db).await.unwrap().broken, None, "inside, all holds");
            if kept.is_empty() {
                kept = audit::anchors(&db).await.unwrap();
            }
        }
        assert_eq!(kept.len(), 3);
        assert_eq!(audit::compare(&db, &kept[..1]).await.unwrap(), None, "the first day is as it was");
        for one in &kept[1..] {
            let broken = Some(Broken::Anchor { on: one.on.to_string() });
            assert_eq!(audit::compare(&db, std::slice::from_ref(one)).await.unwrap(), broken, "any later root tells");
        }
    }
}
