//! Processes on one database: each has a number of its own, and each notices what another one changed.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use platform::app::App;
use platform::args;
use platform::server::{self, Node, NodeError};
use platform::testbed::{self, House};

use crate::institution::{Lending, over};

const NOW: &str = "2026-11-20T01:00:00Z";

#[tokio::test]
async fn no_two_living_processes_have_one_number_and_the_last_is_refused() {
    for db in testbed::databases().await {
        App::assemble(db.clone(), platform::clock::Clock::System, 1, Vec::new()).await.unwrap();
        let now: Timestamp = NOW.parse().unwrap();
        let racing: Vec<_> = (0..12)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move { Node::take_at(&db, "serve", now).await.unwrap().number })
            })
            .collect();
        let mut numbers = BTreeSet::new();
        for taken in racing {
            numbers.insert(taken.await.unwrap());
        }
        assert_eq!(numbers, (0..12).collect());

        let end = |at: SignedDuration| (now + at).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        let mut tx = db.write().await.unwrap();
        let rows = (12..1_024_i64)
            .map(|node| args![node, "x", "m:1", "command", NOW, NOW, end(SignedDuration::from_secs(node))])
            .collect();
        let head = "insert into server_node (node, holder, machine, work, started_at, seen_at, expires_at)";
        tx.write_rows(head, "", rows).await.unwrap();
        tx.commit().await.unwrap();
        let full = Node::take_at(&db, "serve", now).await.unwrap_err();
        assert!(matches!(full, NodeError::Exhausted), "{full}");
        // Whoever was silent longest loses the number.
        let later = now + SignedDuration::from_secs(14);
        assert_eq!(Node::take_at(&db, "serve", later).await.unwrap().number, 12);
    }
}

#[tokio::test]
async fn a_process_whose_number_was_taken_goes_on_under_another() {
    for db in testbed::databases().await {
        let house = House::over(db.clone(), Vec::new()).await;
        let node = Node::take(&db, "serve").await.unwrap();
        house.app.take_node(node.clone());
        server::beat(&house.app).await.unwrap();
        assert_eq!(house.app.node().unwrap(), node, "a sign of life keeps the number");
        let mut tx = db.write().await.unwrap();
        tx.execute("update server_node set holder = 'another'", args![]).await.unwrap();
        tx.commit().await.unwrap();
        server::beat(&house.app).await.unwrap();
        let other = house.app.node().unwrap();
        assert_ne!(other.number, node.number);
        let key = house.app.ids.next(house.app.clock.now());
        assert_eq!((key >> 12) & 0x3ff, i64::from(other.number));
        server::give_back(&house.app).await.unwrap();
        assert!(server::without_key(&db, "").await.unwrap().len() == 1, "only the stranger's number is still held");
    }
}

#[tokio::test]
async fn access_parameters_and_roles_of_a_new_version_hold_without_a_restart() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let on = jiff::civil::date(2026, 11, 20);
        assert!(server::notice(&house.app).await.unwrap());
        assert!(!server::notice(&house.app).await.unwrap(), "nothing changed since");
        assert!(house.app.roles().get("system_admin").is_some());
        let before = house.app.access().password_min_chars;

        // Another server approves a version with longer passwords, in force from today.
        let mut tx = house.app.db.write().await.unwrap();
        let row = tx.fetch_one("select id, files_json from policy_version", args![]).await.unwrap();
        let (id, files): (i64, String) = (row.get("id").unwrap(), row.get("files_json").unwrap());
        let old = format!("password_min_length,count 8..,{before}");
        assert!(files.contains(&old), "{}", &files[..200]);
        let files = files.replace(&old, "password_min_length,count 8..,19");
        tx.execute(
            "insert into policy_version (id, pack, version, digest, effective_from, files_json, state, note, \
             drafted_by, drafted_at, approved_by, approved_at) select id + 1, pack, 'next', 'other', $1, $2, state, \
             note, drafted_by, drafted_at, approved_by, approved_at from policy_version where id = $3",
            args![on, files, id],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert!(server::notice(&house.app).await.unwrap());
        assert_eq!(house.app.access().password_min_chars, 19);
    }
}
