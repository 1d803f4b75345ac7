//! Approvals: chain by policy, maker and checker, what agreement brings about.

use platform::approval::store::{self, Shelf};
use platform::approval::{self, ApprovalId, ApprovalKind, ApprovalState, Missing, Request, Verdict};
use platform::args;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::testbed::{self, House};
use serde_json::json;

use crate::institution::{self, Lending, by, everything, over};

/// What a waiver does here: writes a setting, so that the test sees that it happened, and once.
fn kinds() -> Vec<ApprovalKind> {
    vec![ApprovalKind {
        kind: "waiver",
        title: "approval-waiver",
        action: "waiver.approve",
        mend: |approval| format!("/things/{}", approval.subject),
        approved: |work, approval| {
            Box::pin(async move {
                let amount = approval.payload["amount_fen"].to_string();
                work.tx.execute("insert into setting (name, value) values ('waived', $1)", args![amount]).await?;
                Ok(())
            })
        },
        refused: |_, _| Box::pin(async { Ok(()) }),
    }]
}

async fn submitted(house: &House, fen: i64) -> ApprovalId {
    let mut work = by(house, "manager").await;
    let request =
        Request::new("waiver", CustomerId(11), "loan:11".to_owned(), "减免".to_owned(), json!({"amount_fen": fen}));
    let id = approval::submit(&mut work, request.amount(finance::Fen(fen))).await.unwrap();
    work.commit().await.unwrap();
    id
}

async fn agree(house: &House, login: &str, id: ApprovalId, seen: i64) -> Result<ApprovalState, ActionError> {
    let mut work = by(house, login).await;
    let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
    let done = approval::approve(&mut work, CustomerId(11), id, &verdict).await?;
    work.commit().await?;
    Ok(done.state)
}

async fn waived(house: &House) -> Option<String> {
    let mut tx = house.app.db.read().await.unwrap();
    platform::policies::store::setting(&mut tx, "waived").await.unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> String {
    let error = result.unwrap_err();
    error.refusal().map_or_else(|| error.to_string(), |refused| refused.code.to_owned())
}

#[tokio::test]
async fn a_large_waiver_needs_two_people_and_becomes_true_with_the_second() {
    //
    for db in testbed::databases().await {
        let house = over(db, Lending { approvals: kinds(), ..Lending::default() }).await;
        let id = submitted(&house, 500_000).await;
        assert_eq!(code(agree(&house, "chief", id, 1).await), "approval-step", "the supervisor comes first");
        assert_eq!(agree(&house, "head", id, 1).await.unwrap(), ApprovalState::Pending { step: 1 });
        assert_eq!(waived(&house).await, None);
        assert_eq!(code(agree(&house, "head", id, 2).await), "approval-decided-before");
        assert!(code(agree(&house, "chief", id, 1).await).contains("changed meanwhile"), "an old page decides nothing");
        assert!(matches!(agree(&house, "chief", id, 2).await.unwrap(), ApprovalState::Approved { .. }));
        assert_eq!(waived(&house).await.as_deref(), Some("500000"));
        assert_eq!(code(agree(&house, "chief", id, 3).await), "approval-state");
    }
}

#[tokio::test]
async fn a_small_waiver_needs_one_and_the_maker_never() {
    // approval.maker_checker
    //
    for db in testbed::databases().await {
        let house = over(db, Lending { approvals: kinds(), ..Lending::default() }).await;
        let mut work = by(&house, "head").await;
        let request =
            Request::new("waiver", CustomerId(11), "loan:11".to_owned(), "减免".to_owned(), json!({"amount_fen": 5}));
        let own = approval::submit(&mut work, request.clone().amount(finance::Fen(5))).await.unwrap();
        assert_eq!(code(approval::submit(&mut work, request).await), "approval-waits");
        work.commit().await.unwrap();
        assert_eq!(code(agree(&house, "head", own, 1).await), "approval-own");
        assert_eq!(code(agree(&house, "credit", own, 1).await), "approval-step");
        let mut work = by(&house, "head").await;
        let taken = approval::withdraw(&mut work, CustomerId(11), own).await.unwrap();
        assert!(matches!(taken.state, ApprovalState::Withdrawn { .. }));
        work.commit().await.unwrap();
        let id = submitted(&house, 5).await;
        assert!(matches!(agree(&house, "head", id, 1).await.unwrap(), ApprovalState::Approved { .. }));
    }
}

#[tokio::test]
async fn a_one_person_institution_records_but_does_not_approve() {
    //
    for db in testbed::databases().await {
        let house = over(db, Lending { approvals: kinds(), ..Lending::default() }).await;
        let mut work = by(&house, "head").await;
        let request = Request::new("waiver", CustomerId(11), "loan:11".to_owned(), "减免".to_owned(), json!({}));
        let own = approval::submit(&mut work, request).await.unwrap();
        let me = work.actor.recorded_by();
        work.tx.execute("update app_user set state = 'disabled' where id <> $1", args![me]).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(code(agree(&house, "head", own, 1).await), "approval-one-person");
    }
}

#[tokio::test]
async fn a_returned_thing_is_mended_and_goes_on_where_it_was() {
    for db in testbed::databases().await {
        let house = over(db, Lending { approvals: kinds(), ..Lending::default() }).await;
        let id = submitted(&house, 5).await;
        let mut work = by(&house, "head").await;
        let waiting = store::list(&mut work.tx, &work.actor.clone(), everything(), Shelf::ForMe, 10).await.unwrap();
        assert_eq!(waiting.len(), 1);
        let missing = vec![Missing { field: "收入证明".to_owned(), note: "缺近三个月".to_owned() }];
        let verdict = Verdict { seen: 1, opinion: String::new(), missing: missing.clone() };
        approval::return_to_maker(&mut work, CustomerId(11), id, &verdict).await.unwrap();
        work.commit().await.unwrap();
        let mut work = by(&house, "manager").await;
        let actor = work.actor.clone();
        assert_eq!(store::count(&mut work.tx, &actor, everything(), Shelf::Returned).await.unwrap(), 1);
        let it = store::load(&mut work.tx, CustomerId(11), id).await.unwrap().unwrap();
        assert_eq!(it.state, ApprovalState::Returned { step: 0, missing });
        approval::resubmit(&mut work, CustomerId(11), id, json!({"amount_fen": 6}), "已补").await.unwrap();
        work.commit().await.unwrap();
        assert!(matches!(agree(&house, "head", id, 3).await.unwrap(), ApprovalState::Approved { .. }));
        assert_eq!(waived(&house).await.as_deref(), Some("6"), "the mended payload becomes true");
        let mut work = institution::system(&house.app).await;
        let said = store::opinions(&mut work.tx, CustomerId(11), id).await.unwrap();
        assert_eq!(said.iter().map(|o| o.verdict.as_str()).collect::<Vec<_>>(), ["return", "resubmit", "approve"]);
    }
}
