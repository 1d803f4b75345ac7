//! Reversals: asked for by one, booked when another agreed, by the people and the chain of the shipped pack.

use axum::http::StatusCode;
use finance::{Fen, RepaymentMode};
use jiff::civil::date;
use platform::approval::{self, ApprovalId, ApprovalState, Verdict};
use platform::error::ActionError;
use platform::locale::missing_in;
use servicing::loan::model::{Channel, LoanKey, TransactionId};
use servicing::repayment::actions::{NewRepayment, record};
use servicing::{reversal, write_off};

use crate::changes::{agree, by, lenders, loan, seen, stands};
use crate::house::{Lender, TODAY};

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> String {
    let error = result.unwrap_err();
    error.refusal().map_or_else(|| error.to_string(), |refused| refused.code.to_owned())
}

async fn paid(lender: &Lender, key: LoanKey, fen: i64) -> TransactionId {
    let mut work = by(lender, "cash").await;
    let new = NewRepayment {
        on: TODAY,
        amount: Fen(fen),
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::Cash,
        note: None,
        business_key: None,
    };
    let applied = record(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
    applied.id
}

async fn ask(lender: &Lender, login: &str, key: LoanKey, id: TransactionId) -> Result<ApprovalId, ActionError> {
    let mut work = by(lender, login).await;
    let asked = reversal::actions::request(&mut work, key, id, "记错借据").await?;
    work.commit().await?;
    Ok(asked)
}

#[tokio::test]
async fn a_reversal_becomes_true_when_a_second_person_agrees_and_not_before() {
    // X-02 approval.reversal reversal.payments
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let (_, before) = stands(&lender, key).await;
        let id = paid(&lender, key, 888_488).await;
        let (_, after) = stands(&lender, key).await;
        assert_ne!(before.outstanding, after.outstanding);
        let asked = ask(&lender, "cash", key, id).await.unwrap();
        assert_eq!(stands(&lender, key).await.1, after, "asking changes nothing");
        assert_eq!(code(ask(&lender, "finance", key, id).await), "approval-waits", "once is enough");
        // Whoever asked never agrees, nor does a role that the chain does not name.
        assert_eq!(code(agree(&lender, "cash", key, asked).await), "approval-own");
        assert_eq!(code(agree(&lender, "chief", key, asked).await), "approval-step");
        assert!(matches!(agree(&lender, "finance", key, asked).await, Ok(ApprovalState::Approved { .. })));
        let (file, back) = stands(&lender, key).await;
        assert_eq!(back.outstanding, before.outstanding, "a reversal undoes every fen");
        let reversed = file.reversed_by(id).unwrap();
        assert_eq!((reversed.note.as_deref(), reversed.fact.on), (Some("记错借据"), TODAY));
        assert_eq!(code(ask(&lender, "cash", key, id).await), "already-reversed");
        assert_eq!(code(ask(&lender, "cash", key, reversed.id).await), "not-reversible");
        let disbursed = file.transactions[0].id;
        assert_eq!(code(ask(&lender, "cash", key, disbursed).await), "not-reversible");
        assert_eq!(code(ask(&lender, "cash", key, TransactionId(7)).await), "transaction-not-found");
    }
}

#[tokio::test]
async fn the_own_entry_of_a_checker_needs_another_one() {
    // X-02 approval.maker_checker
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let id = paid(&lender, key, 100_000).await;
        let asked = ask(&lender, "finance", key, id).await.unwrap();
        assert_eq!(code(agree(&lender, "finance", key, asked).await), "approval-own");
        assert!(agree(&lender, "finance2", key, asked).await.is_ok());
    }
}

#[tokio::test]
async fn a_refused_reversal_leaves_the_payment() {
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let id = paid(&lender, key, 100_000).await;
        let (_, with) = stands(&lender, key).await;
        let asked = ask(&lender, "cash", key, id).await.unwrap();
        let mut work = by(&lender, "finance").await;
        let version = seen(&mut work, key, asked).await;
        let verdict = Verdict { seen: version, opinion: "入账无误".to_owned(), missing: Vec::new() };
        approval::reject(&mut work, key.customer, asked, &verdict).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(stands(&lender, key).await.1, with);
        assert!(ask(&lender, "cash", key, id).await.is_ok(), "it may be asked for again");
    }
}

#[tokio::test]
async fn the_page_of_a_payment_asks_and_then_shows_what_waits() {
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let id = paid(&lender, key, 100_000).await;
        let page = format!("/loans/{}/transactions/{id}", key.loan);
        let target = format!("{page}/reversal");
        let mut clerk = lender.house.user("cash").await;
        let blank = clerk.post_from(&page, &target, &[("reason", " ")]).await;
        assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", blank.text);
        let sent = clerk.post_from(&page, &target, &[("reason", "记错借据")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        for lang in ["zh-CN", "en"] {
            let shown = clerk.get(&format!("{page}?lang={lang}")).await;
            assert!(shown.text.contains(&format!("/approvals/{}/", key.customer)), "the way to what waits");
            assert!(!shown.text.contains(&target), "nothing more to ask for");
            assert_eq!(missing_in(&shown.text), Vec::<String>::new());
        }
        let mut work = lender.work().await;
        let (waiting, maker) = reversal::actions::waiting(&mut work, key, id).await.unwrap().unwrap();
        assert_eq!((maker.as_str(), waiting.amount), ("用户cash", Some(Fen(100_000))));
        drop(work);
        let decide = format!("/approvals/{}/{}", key.customer, waiting.id);
        let mut checker = lender.house.user("head").await;
        for lang in ["zh-CN", "en"] {
            let material = checker.get(&format!("{decide}?lang={lang}")).await;
            assert_eq!(missing_in(&material.text), Vec::<String>::new());
            assert!(material.text.contains("记错借据") && material.text.contains("1,000.00"), "{}", material.text);
        }
        let version = waiting.version.to_string();
        let agreed = [("verdict", "approve"), ("seen", version.as_str()), ("opinion", "同意")];
        let answer = checker.post_from(&decide, &decide, &agreed).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert!(stands(&lender, key).await.0.reversed_by(id).is_some());
        // Money that was taken back has no receipt.
        let receipt = format!("{page}/receipt.pdf");
        for shown in [page.clone(), format!("/loans/{}?tab=transactions", key.loan)] {
            assert!(!clerk.get(&shown).await.text.contains(&receipt), "{shown}");
        }
        let none = clerk.get(&format!("{receipt}?lang=zh-CN")).await;
        assert!(none.status == StatusCode::CONFLICT && none.text.contains("没有回单"), "{}", none.text);
        // Who may not ask is not shown the form, and is refused at its address.
        let mut other = lender.house.user("risk").await;
        let refused = other.post(&target, &[("reason", "x")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn what_was_agreed_is_booked_only_while_it_still_makes_sense() {
    for lender in lenders().await {
        let key = loan(&lender, date(2025, 6, 20)).await;
        let id = paid(&lender, key, 100_000).await;
        let asked = ask(&lender, "cash", key, id).await.unwrap();
        let mut work = by(&lender, "finance").await;
        let off = write_off::actions::request(&mut work, key, "下落不明").await.unwrap();
        work.commit().await.unwrap();
        for login in ["finance2", "risk", "chief"] {
            agree(&lender, login, key, off).await.unwrap();
        }
        // The payment came before the write-off: taking it back makes the claim larger, no more.
        let before = stands(&lender, key).await.1.written_off.unwrap().amounts.total().unwrap();
        agree(&lender, "finance", key, asked).await.unwrap();
        let after = stands(&lender, key).await.1.written_off.unwrap().amounts.total().unwrap();
        assert!(after > before, "{before} {after}");
    }
}
