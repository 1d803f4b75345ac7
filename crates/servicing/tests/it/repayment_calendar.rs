//! The repayment calendar and the unpaid list of a day.

use axum::http::StatusCode;
use finance::{Fen, RepaymentMode};
use jiff::civil::date;
use platform::access::DataScope;
use platform::locale::missing_in;
use servicing::loan::model::Channel;
use servicing::repayment::actions::{NewRepayment, record};
use servicing::repayment_calendar::model::DaySum;
use servicing::repayment_calendar::store::sums;

use crate::house::{Lender, plain};

async fn pay(lender: &Lender, key: servicing::loan::model::LoanKey, fen: i64) {
    let mut work = lender.work().await;
    let new = NewRepayment {
        on: date(2026, 11, 20),
        amount: Fen(fen),
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: None,
        business_key: None,
    };
    record(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn every_day_says_what_is_due_paid_and_unpaid_and_opens_its_rows() {
    // S2.19-02
    for lender in Lender::everywhere().await {
        // Two loans fall due today, on their first instalment; one pays it, one a part of it.
        let one = lender.loan(lender.customer("甲").await, plain(date(2026, 10, 20))).await.file.loan;
        let two = lender.loan(lender.customer("乙").await, plain(date(2026, 10, 20))).await.file.loan;
        pay(&lender, one.key, 888_488).await;
        pay(&lender, two.key, 300_000).await;
        let mut tx = lender.app().db.read().await.unwrap();
        let all = DataScope::everything();
        let month = sums(&mut tx, date(2026, 11, 1), date(2026, 11, 30), all).await.unwrap();
        let day = DaySum { instalments: 2, open: 1, due: Fen(1_776_976), paid: Fen(1_188_488), unpaid: Fen(588_488) };
        assert_eq!(month.into_iter().collect::<Vec<_>>(), vec![(date(2026, 11, 20), day)]);
        let mut boss = lender.house.user("boss").await;
        let page = boss.get("/repayments/calendar?lang=zh-CN").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for words in ["2026-11", "17,769.76", "11,884.88", "5,884.88", "2 笔"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let rows = "/repayments/unpaid?view=unpaid&due.from=2026-11-20&due.to=2026-11-20";
        assert!(page.text.contains(&rows.replace('&', "&amp;")), "{}", page.text);
        let list = boss.get(rows).await;
        assert_eq!(list.status, StatusCode::OK, "{}", list.text);
        assert!(list.text.contains(&two.number) && !list.text.contains(&one.number), "{}", list.text);
        assert!(list.text.contains("5,884.88"));
        let paid = boss.get("/repayments/unpaid?view=paid").await;
        assert!(
            paid.text.contains(&one.number) && !paid.text.contains(&two.number),
            "without dates it is the business date"
        );
        let week = boss.get("/repayments/calendar?span=week&on=2026-11-18").await;
        assert!(week.text.contains("17,769.76") && week.text.contains("2026-11-16"), "{}", week.text);
        let before = boss.get("/repayments/calendar?on=2026-10-01").await;
        assert!(!before.text.contains("17,769.76"));
        let wrong = boss.get("/repayments/calendar?on=2026-13-01").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn the_unpaid_list_is_filtered_summed_and_exported() {
    // S2.19-02
    for lender in Lender::everywhere().await {
        let first = lender.loan(lender.customer("甲某").await, plain(date(2026, 10, 19))).await.file.loan;
        let second = lender.loan(lender.customer("乙某").await, plain(date(2026, 10, 19))).await.file.loan;
        let mut boss = lender.house.user("boss").await;
        let day = "due.from=2026-11-19&due.to=2026-11-19";
        let list = boss.get(&format!("/repayments/unpaid?{day}")).await;
        assert!(list.text.contains(&first.number) && list.text.contains(&second.number), "{}", list.text);
        assert!(list.text.contains("17,769.76"), "the sum of the whole result: {}", list.text);
        let only = boss.get(&format!("/repayments/unpaid?{day}&q={}", second.number)).await;
        assert!(!only.text.contains(&first.number) && only.text.contains("8,884.88"));
        let more = boss.get(&format!("/repayments/unpaid?{day}&unpaid.from=9000")).await;
        assert!(!more.text.contains(&second.number), "an amount above all of them");
        let export = boss.get(&format!("/repayments/unpaid/export.xlsx?{day}")).await;
        assert_eq!(export.status, StatusCode::OK);
        assert!(export.text.starts_with("PK"), "a workbook");
        for lang in ["zh-CN", "en"] {
            for path in ["/repayments/calendar", "/repayments/calendar?span=week", "/repayments/unpaid"] {
                let joint = if path.contains('?') { '&' } else { '?' };
                let page = boss.get(&format!("{path}{joint}lang={lang}")).await;
                assert_eq!(missing_in(&page.text), Vec::<String>::new(), "{path} {lang}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_sees_sums_of_loans_that_are_not_his() {
    //
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 10, 20))).await.file.loan;
        let mut own = lender.house.user("own").await;
        let page = own.get("/repayments/calendar").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text.contains("8,884.88"), "{}", page.text);
        let list = own.get("/repayments/unpaid").await;
        assert!(!list.text.contains(&loan.number));
        assert_eq!(own.get("/repayments/unpaid/export.xlsx").await.status, StatusCode::FORBIDDEN);
        let everything = DataScope::everything();
        let narrow = DataScope { manager: lender.house.user_id("boss").await.0, ..everything };
        let mut tx = lender.app().db.read().await.unwrap();
        let (first, last) = (date(2026, 11, 1), date(2027, 12, 1));
        let (wide, mine) =
            (sums(&mut tx, first, last, everything).await.unwrap(), sums(&mut tx, first, last, narrow).await.unwrap());
        assert_eq!(wide, mine, "the joined sums of all loans are the plain ones");
        assert_eq!(wide.len(), 12);
    }
}

#[tokio::test]
async fn hidden_and_written_off_loans_do_not_count() {
    // S1-38
    for lender in Lender::everywhere().await {
        let hidden = lender.loan(lender.customer("甲").await, plain(date(2026, 10, 20))).await.file.loan.key;
        let gone = lender.loan(lender.customer("乙").await, plain(date(2026, 10, 20))).await.file.loan.key;
        let everything = DataScope::everything();
        let mut work = lender.work().await;
        let (first, last) = (date(2026, 11, 20), date(2026, 11, 20));
        assert_eq!(sums(&mut work.tx, first, last, everything).await.unwrap()[&first].instalments, 2);
        let hide = "update loan set state = 'hidden' where customer_id = $1";
        work.tx.execute(hide, platform::args![hidden.customer]).await.unwrap();
        let off = "update loan_position set status = 'written-off-tracked' where customer_id = $1";
        work.tx.execute(off, platform::args![gone.customer]).await.unwrap();
        assert!(sums(&mut work.tx, first, last, everything).await.unwrap().is_empty());
    }
}
