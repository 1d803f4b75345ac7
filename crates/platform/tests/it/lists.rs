//! Every list of the platform is taken away as it is shown, or says why it is not; on every database.

use std::collections::BTreeSet;

use platform::access::Scope;
use platform::args;
use platform::house::Platform;
use platform::outbox::{self, Outgoing};
use platform::testbed::{self, ALL, House, ListCase, lists_without_export};

use crate::desk::desk;
use crate::institution::system;

/// The lists that make no sense in a file of their own, each with its reason.
const WITHOUT: [(&str, &str); 5] = [
    ("/batches", "one's own batches; the report of each is exported from its page"),
    ("/exports", "the files themselves are taken here"),
    ("/notices", "one's own bell; what a notice names stands in a list of its own"),
    ("/permissions/review", "it is a sheet of the workbook of permissions, /permissions/export.xlsx"),
    ("/webhooks", "a handful of subscriptions of technicians; what they sent is the outbox, which is exported"),
];

const fn case(list: &'static str, query: &'static str, field: &'static str, column: u32) -> ListCase {
    ListCase { list, query, field, column }
}

#[test]
fn every_list_can_be_taken_away_or_says_why_not() {
    let without: BTreeSet<&str> = lists_without_export(&Platform).into_iter().collect();
    assert_eq!(without, WITHOUT.iter().map(|(list, _)| *list).collect());
}

// Rule export.both-scopes
#[tokio::test]
async fn duties_and_approvals_are_taken_away_within_the_data_scope() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let duties = case("/duties", "view=open", "what", 3);
        let all = duties.agrees(&house, &mut house.both("boss", &["duty.view"]).await).await;
        let own = duties.narrower(&house, &mut house.both("manager", &["duty.view"]).await, &all).await;
        assert!(own < all.len(), "{own} of {all:?}");
        let approvals = case("/approvals", "view=all", "title", 1);
        let all = approvals.agrees(&house, &mut house.both("head", &["waiver.approve", "self"]).await).await;
        assert_eq!(all.len(), 1);
        // Whoever decides on nothing sees one's own requests, and takes no others.
        assert_eq!(approvals.narrower(&house, &mut house.both("credit", &["self"]).await, &all).await, 0);
        assert_eq!(approvals.narrower(&house, &mut house.both("manager", &["self"]).await, &all).await, 1);
    }
}

#[tokio::test]
async fn users_outbox_and_audit_trail_are_taken_away_within_the_data_scope() {
    for db in testbed::databases().await {
        let local: &[(&str, Scope)] = &[("user.view", Scope::Branch), ("audit.view", Scope::Branch)];
        let mut settings = testbed::settings(&[("local", local)]);
        let all = ["user.view", "audit.view", "outbox.manage"].map(|action| (action, Scope::Institution));
        settings.roles = settings.roles.with(ALL, &all);
        let house = House::with(db, Vec::new(), settings, &[("boss", &[ALL]), ("far", &["local"])]).await;
        let mut work = system(&house.app).await;
        let branch = "insert into branch (id, name, parent_id, opened_on) values (2, '城东支行', 1, '2026-11-20')";
        work.tx.execute(branch, args![]).await.unwrap();
        work.tx.execute("update app_user set branch_id = 2 where login = 'far'", args![]).await.unwrap();
        let paper = |name: &str| Outgoing {
            kind: outbox::FileGateway::KIND,
            receiver: name.to_owned(),
            about: format!("anchor {name}"),
            send_key: name.to_owned(),
            body: "x".to_owned(),
        };
        outbox::put(&mut work, vec![paper("one.txt"), paper("two.txt")]).await.unwrap();
        work.commit().await.unwrap();
        let mut boss = house.both("boss", &["user.view", "audit.view", "outbox.manage"]).await;
        let mut far = house.both("far", &["user.view", "audit.view"]).await;
        let users = case("/users", "", "login", 1);
        let found = users.agrees(&house, &mut boss).await;
        assert_eq!(users.narrower(&house, &mut far, &found).await, 1, "of the own branch");
        // All columns leave with the audit trail, those too that the page hides.
        let trail = case("/audit", "action=user.role", "link", 9);
        let found = trail.agrees(&house, &mut boss).await;
        assert_eq!(trail.narrower(&house, &mut far, &found).await, 0, "nothing was done in that branch");
        let outbox = case("/outbox", "view=all", "about", 1);
        assert_eq!(outbox.agrees(&house, &mut boss).await.len(), 2);
    }
}
