//! Proofs of assets on every database: a sum counts with its paper, verified by another, its kind listed or agreed to.

use axum::http::StatusCode;
use customers::asset_proof::actions;
use customers::asset_proof::model::{Counts, NewProof, ProofId};
use customers::datum::facts;
use customers::datum::model::Way;
use customers::document::model::DocumentId;
use finance::Fen;
use jiff::civil::{Date, date};
use platform::approval::{self, ApprovalId, Verdict};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::{policies, testbed};
use policy::Value;

use crate::lender::{Lender, identity};

const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

async fn lenders() -> Vec<Lender> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        all.push(Lender::under(db, "consumer-finance").await);
    }
    all
}

/// Hands in a paper; its key.
async fn paper(lender: &Lender, id: CustomerId, kind: &str, expires_on: &str) -> DocumentId {
    let mut browser = lender.browser("lin").await;
    let path = format!("/customers/{id}/documents/new");
    let fields = [("kind", kind), ("expires_on", expires_on)];
    let done = browser.upload_from(&path, &path, &fields, ("file", "证明.pdf", PDF)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    DocumentId(lender.count("select max(id) as n from customer_document").await)
}

async fn enter(lender: &Lender, id: CustomerId, document: DocumentId, kind: &str) -> Result<ProofId, ActionError> {
    let mut work = lender.work("lin").await;
    let new = NewProof { document, kind: kind.to_owned(), face: Fen(1_000_000), note: "一年期".to_owned() };
    let key = actions::enter(&mut work, id, &new).await?;
    work.commit().await?;
    Ok(key)
}

async fn verify(lender: &Lender, who: &str, key: (CustomerId, ProofId), so: bool) -> Result<(), ActionError> {
    let mut work = lender.work(who).await;
    actions::verify(&mut work, key, (Way::Document, so), "核对原件").await?;
    work.commit().await?;
    Ok(())
}

/// What counts on a day, as decisions read it, and how each proof stands.
async fn counted(lender: &Lender, id: CustomerId, on: Date) -> (Option<i64>, Vec<Counts>) {
    let mut work = lender.work("lin").await;
    let customer = customers::load(&mut work.tx, id).await.unwrap().unwrap();
    let rules = policies::in_force(&mut work, on).await.unwrap();
    let known = facts::known(&mut work, &customer, &rules, on).await.unwrap();
    let judged = actions::judged(&mut work, id, &rules, on).await.unwrap();
    let sum = known.facts.get("asset_proof_fen").and_then(Value::as_integer);
    (sum, judged.into_iter().map(|(_, counts)| counts).collect())
}

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> &'static str {
    result.unwrap_err().refusal().unwrap().code
}

// S5.6-09. Rules asset_proof.entry, asset_proof.verify, asset_proof.counts, approval.asset_proof
#[tokio::test]
async fn a_sum_counts_with_its_paper_on_file_verified_and_in_force_and_other_kinds_with_consent() {
    for lender in lenders().await {
        let new = lender.person("梁文", Some(&identity(3)), None, "lin").await;
        let mut work = lender.work("lin").await;
        let id = customers::open(&mut work, &new).await.unwrap().id;
        work.commit().await.unwrap();
        let today = date(2026, 11, 20);
        assert_eq!(counted(&lender, id, today).await.0, None, "nothing was proved");
        let slip = paper(&lender, id, "asset_proof", "2027-01-31").await;
        let licence = paper(&lender, id, "identity", "2030-01-31").await;
        let wrong = enter(&lender, id, licence, "deposit_slip").await.unwrap_err();
        assert_eq!(wrong.refusal().unwrap().fields[0].code, "asset-proof-no-paper");
        let key = enter(&lender, id, slip, "deposit_slip").await.unwrap();
        let twice = enter(&lender, id, slip, "bond").await.unwrap_err();
        assert_eq!(twice.refusal().unwrap().fields[0].code, "asset-proof-twice");
        assert_eq!(counted(&lender, id, today).await, (Some(0), vec![Counts::Unverified]));
        assert_eq!(code(verify(&lender, "lin", (id, key), true).await), "asset-proof-own");
        verify(&lender, "head", (id, key), true).await.unwrap();
        let until = Some(date(2027, 1, 31));
        assert_eq!(counted(&lender, id, today).await, (Some(1_000_000), vec![Counts::Yes(until)]));
        let over = date(2027, 2, 1);
        assert_eq!(counted(&lender, id, over).await.1, vec![Counts::Expired(date(2027, 1, 31))]);
        // A kind that the list does not name counts once the approver consented.
        let other = paper(&lender, id, "asset_proof", "2027-06-30").await;
        let second = enter(&lender, id, other, "other").await.unwrap();
        verify(&lender, "head", (id, second), true).await.unwrap();
        let (sum, stand) = counted(&lender, id, today).await;
        assert_eq!((sum, stand[1]), (Some(1_000_000), Counts::NoConsent));
        let waiting = lender.count("select id as n from approval where kind = 'asset_proof'").await;
        let mut work = lender.work("feng").await;
        let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
        approval::approve(&mut work, id, ApprovalId(waiting), &verdict).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(counted(&lender, id, today).await.0, Some(2_000_000));
        // Contradicted or taken back, it counts no more.
        verify(&lender, "head", (id, second), false).await.unwrap();
        assert_eq!(counted(&lender, id, today).await.1[1], Counts::Contradicted);
        let mut work = lender.work("lin").await;
        actions::withdraw(&mut work, (id, key), "客户取回").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(counted(&lender, id, today).await, (Some(0), vec![Counts::Withdrawn, Counts::Contradicted]));
        let mut browser = lender.browser("head").await;
        for lang in ["en", "zh-CN"] {
            browser.get(&format!("/me?lang={lang}")).await;
            let parts = [String::new(), "/new".to_owned(), format!("/{second}/verify"), format!("/{second}/withdraw")];
            for part in parts {
                let shown = browser.get(&format!("/customers/{id}/asset-proofs{part}")).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {part}");
            }
        }
        let mut far = lender.browser("far").await;
        assert_eq!(far.get(&format!("/customers/{id}/asset-proofs")).await.status, StatusCode::NOT_FOUND);
    }
}
