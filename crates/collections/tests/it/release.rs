//! Papers of security: given back against a signature once the loan is paid off, before its file is closed.

use collections::release::actions as papers;
use collections::release::model::Receipt;
use finance::{Fen, RepaymentMode, TransactionKind};
use jiff::civil::date;
use platform::error::ActionError;
use servicing::loan::actions::{Applied, apply};
use servicing::loan::model::{Channel, LoanKey, NewTransaction};
use servicing::position::engine::Engine;
use servicing::repayment::actions::{NewRepayment, record as repay};
use servicing::security::model::{CollateralKind, NewSecurity};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

fn code<T>(result: Result<T, ActionError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let refused = error.refusal().unwrap_or_else(|| panic!("{error}"));
            refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
        }
    }
}

/// Pays all that is owed today.
async fn settle(lender: &Lender, loan: LoanKey) -> Applied {
    let mut work = lender.work().await;
    let on = work.business_date;
    let held = servicing::loan::store::load_file(&mut work.tx, loan).await.unwrap().unwrap();
    let owed = Engine::load(&mut work, on).await.unwrap().replay(&held, on, None).unwrap().outstanding;
    let new = NewRepayment {
        on,
        amount: owed.total().unwrap(),
        mode: RepaymentMode::Settle,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: None,
        business_key: None,
    };
    let paid = repay(&mut work, loan, None, &new).await.unwrap();
    work.commit().await.unwrap();
    paid
}

// S2.2-04. Rules `release.paid`, `release.receipt`, `release.close`, `duty.collateral_return`
#[tokio::test]
async fn papers_go_back_against_a_signature_before_the_file_is_closed() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let loan = lender.loan(customer, plain(date(2026, 11, 20), 12)).await.file.loan.key;
        let mut work = lender.work().await;
        let thing = "沪房权证 1 号".to_owned();
        let new = NewSecurity::Collateral {
            kind: CollateralKind::Mortgage,
            thing,
            owner: None,
            value: Some(Fen(20_000_000)),
        };
        servicing::security::actions::add(&mut work, loan, None, new).await.unwrap();
        work.commit().await.unwrap();
        lender.close_until(date(2026, 11, 25)).await;
        let mut work = lender.at("clerk").await;
        let here = papers::look(&mut work, loan, "loan.view").await.unwrap();
        let receipt = Receipt {
            collateral: here.things[0].0.id,
            by: "程一诺".to_owned(),
            on: date(2026, 11, 25),
            place: "档案盒 3".to_owned(),
        };
        assert_eq!(code(papers::give_back(&mut work, loan, &receipt).await), "release-owed");
        drop(work);

        let paid = settle(&lender, loan).await;
        lender.close_until(date(2026, 11, 26)).await;
        let asked = "select count(*) as n from duty where kind = 'collateral_return' and state = 'open'";
        assert_eq!(lender.count(asked).await, 1);
        let mut work = lender.work().await;
        let kind = TransactionKind::Reverse { target: u64::try_from(paid.id.0).unwrap() };
        let new = NewTransaction::new(work.business_date, kind, Channel::Book);
        apply(&mut work, loan, None, &new, "loan.reverse", "transaction_reversed").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(asked).await, 0, "owed again");
        settle(&lender, loan).await;
        lender.close_until(date(2026, 11, 27)).await;
        assert_eq!(lender.count(asked).await, 1, "paid off again");
        let page = format!("/loans/{}/papers", loan.loan);
        let mut browser = lender.house.user("boss").await;
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("沪房权证 1 号") && shown.text.contains("未归还"), "{}", shown.text);

        let mut work = lender.at("clerk").await;
        assert_eq!(code(papers::close(&mut work, loan, "结清").await), "release-papers");
        let other = Receipt { collateral: 0, ..receipt.clone() };
        assert_eq!(code(papers::give_back(&mut work, loan, &other).await), "choice-invalid");
        papers::give_back(&mut work, loan, &receipt).await.unwrap();
        assert_eq!(code(papers::give_back(&mut work, loan, &receipt).await), "release-given-back");
        papers::close(&mut work, loan, "本息结清，权证已签收").await.unwrap();
        assert_eq!(code(papers::close(&mut work, loan, "再次").await), "release-closed");
        work.commit().await.unwrap();
        assert_eq!(lender.count(asked).await, 0, "given back is done");
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("档案盒 3") && shown.text.contains("结档"), "{}", shown.text);
    }
}
