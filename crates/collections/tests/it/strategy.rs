//! Strategies of collecting: kept on the case with the arm of a trial, told apart by the measures.

use finance::RepaymentMode;
use jiff::civil::date;
use platform::args;
use platform::testbed::{self, packs};
use servicing::loan::model::Channel;
use servicing::position::engine::Engine;
use servicing::repayment::actions::{NewRepayment, record as repay};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

// Rules `strategy.split`, `strategy.kept`, `measure.frequency`
#[tokio::test]
async fn a_case_keeps_the_arm_of_its_trial_and_the_measures_tell_the_arms_apart() {
    for db in testbed::databases().await {
        let mut texts = packs();
        let table = texts.get_mut("common/tables/collection_strategy.csv").unwrap();
        *table = table.replace("message_first,none,0,", "message_first,offer_first,1000000,");
        let lender = Lender::with_packs(db, texts).await;
        let customer = lender.customer("程一诺").await;
        let loan = lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key;
        // Two days overdue, and a Monday: a week of contacts is asked for.
        lender.close_until(date(2026, 11, 23)).await;
        let mut work = lender.at("boss").await;
        let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap().key;
        let kept = collections::strategy::store::of_case(&mut work.tx, case).await.unwrap();
        let told: Vec<(String, i64)> = kept.iter().map(|one| (one.group(), one.ppm)).collect();
        assert_eq!(told, [("offer_first:challenger".to_owned(), 1_000_000)]);
        drop(work);
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, &format!("/collections/cases/{}", case.case)).await;
        assert!(page.text.contains("先谈减免与分期") && page.text.contains("试行"), "{}", page.text);

        lender.close_until(date(2026, 11, 25)).await;
        let mut work = lender.work().await;
        let on = work.business_date;
        let held = servicing::loan::store::load_file(&mut work.tx, loan).await.unwrap().unwrap();
        let due = Engine::load(&mut work, on).await.unwrap().replay(&held, on, None).unwrap().due;
        let new = NewRepayment {
            on,
            amount: due.total().unwrap(),
            mode: RepaymentMode::Regular,
            allocation: Vec::new(),
            channel: Channel::BankTransfer,
            note: None,
            business_key: None,
        };
        repay(&mut work, loan, None, &new).await.unwrap();
        work.commit().await.unwrap();
        lender.close_until(date(2026, 12, 1)).await;
        // Days later the session is over: logged in anew.
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, "/measures?from=2026-11-20&to=2026-11-30&by=strategy").await;
        assert!(page.text.contains("先谈减免与分期 · 试行"), "{}", page.text);
        let mut tx = lender.app().db.read().await.unwrap();
        let sql = "select outcome as text from contact_requirement where until_on = '2026-11-29'";
        let ended: String = tx.fetch_one(sql, args![]).await.unwrap().get("text").unwrap();
        assert_eq!(ended, "excused");
        drop(tx);
        // What was asked of the case ends after the case does: it belongs to its branch all the same.
        let page = in_both_languages(&mut browser, "/measures?from=2026-11-27&to=2026-11-30").await;
        assert!(!page.text.contains("未知机构"), "{}", page.text);
    }
}
