//! Batches of repayments: a bank file is looked at row by row, recorded once, and reported.

use axum::http::StatusCode;
use finance::Fen;
use jiff::civil::date;
use platform::access::Scope;
use platform::locale::missing_in;
use platform::testbed::{Answer, Browser};
use servicing::loan::model::LoanKey;
use servicing::repayment::actions::record_many;

use crate::house::{Lender, TODAY, new_loan, plain, send_file};
use crate::repayments::money;

const BATCHES: &str = "/repayments/batches";
const HEAD: &str = "借据号,户名,还款日期,还款金额\n";

/// Two customers with a loan each; the numbers of the loans.
async fn two_loans(lender: &Lender) -> [(LoanKey, String); 2] {
    let mut loans = Vec::new();
    for name in ["甲", "乙"] {
        let loan = lender.loan(lender.customer(name).await, plain(date(2026, 8, 20))).await.file.loan;
        loans.push((loan.key, loan.number));
    }
    loans.try_into().unwrap()
}

async fn upload(browser: &mut Browser, name: &str, content: &[u8]) -> Answer {
    send_file(browser, BATCHES, &[("channel", "direct-debit")], ("file", name, content)).await
}

/// Sends a file that can be read; where its dry run is.
async fn tried(browser: &mut Browser, content: &[u8]) -> String {
    let sent = upload(browser, "回盘.csv", content).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    sent.location().to_owned()
}

async fn record(browser: &mut Browser, batch: &str, fields: &[(&str, &str)]) -> Answer {
    let seen = browser.get(batch).await.hidden("seen").unwrap();
    let mut all = vec![("seen", seen.as_str())];
    all.extend_from_slice(fields);
    browser.post_from(batch, &format!("{batch}/record"), &all).await
}

async fn transactions(lender: &Lender, key: LoanKey) -> usize {
    let mut tx = lender.app().db.read().await.unwrap();
    servicing::loan::store::load_file(&mut tx, key).await.unwrap().unwrap().transactions.len() - 1
}

#[tokio::test]
async fn a_bank_file_is_tried_row_by_row_and_only_its_good_rows_are_recorded_on_request() {
    // `repayment-batch.partial`
    // S2.10-06 S1-34 S2.19-02: what the bank reports of a day stands in the ledger on that day
    for lender in Lender::everywhere().await {
        let [(one, first), (two, second)] = two_loans(&lender).await;
        let mut clerk = lender.house.user("clerk").await;
        clerk.get("/loans?lang=zh-CN").await;
        let file = format!(
            "{HEAD}{first},甲,2026-09-20,8884.88\n{first},甲,2026-10-20,\"8,884.88\"\n{second},丙,2026-11-20,100.00\n\
             {second},乙,2026-11-20,100.00\n{second},乙,2026-11-21,100.00\nNOPE,甲,2026-11-20,100.00\n\
             {second},乙,2026-11-20,壹佰\n{second},乙,2026-08-19,100\n合计,,,18369.76\n"
        );
        let batch = tried(&mut clerk, file.as_bytes()).await;
        let page = clerk.get(&batch).await;
        assert_eq!(missing_in(&page.text), Vec::<String>::new());
        for told in [
            "付款人“丙”不是借款人“乙”",
            "与第 4 行的借据、日期、金额相同",
            "晚于营业日",
            "台账中没有这个借据号",
            "应是大于零的金额",
            "比当日应还少",
            "利息 1,000.00 · 本金 7,884.88",
            "17,969.76",
        ] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        assert_eq!(
            (transactions(&lender, one).await, transactions(&lender, two).await),
            (0, 0),
            "a dry run writes nothing"
        );
        let all = record(&mut clerk, &batch, &[("what", "all")]).await;
        assert_eq!(all.status, StatusCode::CONFLICT, "{}", all.text);
        assert!(all.text.contains("有 4 行不能入账"), "{}", all.text);
        assert_eq!(transactions(&lender, one).await, 0);
        let good = record(&mut clerk, &batch, &[("what", "good")]).await;
        assert_eq!(good.status, StatusCode::SEE_OTHER, "{}", good.text);
        assert_eq!(
            (transactions(&lender, one).await, transactions(&lender, two).await),
            (2, 2),
            "equal rows are both in"
        );
        assert_eq!(lender.kept(one).await.days_overdue(TODAY), 0);
        let report = clerk.get(&batch).await;
        assert!(report.text.contains("4 行未入账"), "{}", report.text);
        assert_eq!(report.text.matches("/receipt.pdf").count(), 4);
        let receipt = report.text.find("/receipt.pdf").unwrap();
        let start = report.text[..receipt].rfind("href=\"").unwrap() + 6;
        let address = report.text[start..receipt].to_owned();
        assert!(clerk.get(&address).await.text.contains("8,884.88"));
        assert!(clerk.get(&format!("{batch}?lang=en")).await.text.contains("Recorded now"));
        let sheet = clerk.get(&format!("{batch}/rows.xlsx")).await;
        assert_eq!(sheet.status, StatusCode::OK);
        let again = record_again(&mut clerk, &batch).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "a recorded batch is done");
    }
}

/// A second person who still has the dry run on the screen.
async fn record_again(browser: &mut Browser, batch: &str) -> Answer {
    browser.post_from(BATCHES, &format!("{batch}/record"), &[("seen", "x"), ("what", "all")]).await
}

#[tokio::test]
async fn the_same_file_sent_twice_records_nothing_twice_in_any_encoding() {
    // `repayment-batch.key`
    for lender in Lender::everywhere().await {
        let [(one, first), (two, second)] = two_loans(&lender).await;
        let mut clerk = lender.house.user("clerk").await;
        clerk.get("/loans?lang=zh-CN").await;
        let text =
            format!("{HEAD}{first},甲,2026-09-20,8884.88\n{second},乙,2026-11-20,500\n{second},乙,2026-11-20,500\n");
        let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
        let batch = tried(&mut clerk, &gbk).await;
        let done = record(&mut clerk, &batch, &[("what", "all")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let counts = (transactions(&lender, one).await, transactions(&lender, two).await);
        assert_eq!(counts, (1, 2));
        // The same rows as a workbook, with one new among them.
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let rows = [
            ("2026-09-20", 8884.88, &first),
            ("2026-11-20", 500.0, &second),
            ("2026-11-20", 500.0, &second),
            ("2026-11-20", 500.0, &second),
        ];
        for (at, head) in ["借据号", "还款日期", "还款金额"].into_iter().enumerate() {
            sheet.write(0, u16::try_from(at).unwrap(), head).unwrap();
        }
        for (at, (on, amount, loan)) in rows.into_iter().enumerate() {
            let row = u32::try_from(at).unwrap() + 1;
            sheet.write(row, 0, loan.as_str()).unwrap();
            sheet.write(row, 1, on).unwrap();
            sheet.write(row, 2, amount).unwrap();
        }
        let sent = upload(&mut clerk, "again.xlsx", &book.save_to_buffer().unwrap()).await;
        let again = sent.location().to_owned();
        let page = clerk.get(&again).await;
        assert_eq!(page.text.matches("已按流水").count(), 3, "{}", page.text);
        assert_eq!(record(&mut clerk, &again, &[("what", "all")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!((transactions(&lender, one).await, transactions(&lender, two).await), (1, 3), "only the new row");
        let third = tried(&mut clerk, text.as_bytes()).await;
        assert!(clerk.get(&third).await.text.contains("没有可入账的新还款"));
        let nothing = record(&mut clerk, &third, &[("what", "all")]).await;
        assert_eq!(nothing.status, StatusCode::CONFLICT);
    }
}

#[tokio::test]
async fn money_entered_by_hand_is_doubted_and_recorded_again_only_when_somebody_says_so() {
    // `repayment-batch.doubtful`
    for lender in Lender::everywhere().await {
        let [(one, first), _] = two_loans(&lender).await;
        let mut clerk = lender.house.user("clerk").await;
        clerk.get("/loans?lang=zh-CN").await;
        let text = format!("{HEAD}{first},甲,2026-11-20,700\n{first},甲,2026-11-20,800\n");
        let batch = tried(&mut clerk, text.as_bytes()).await;
        let stale = clerk.get(&batch).await.hidden("seen").unwrap();
        let mut work = lender.work().await;
        servicing::repayment::actions::record(&mut work, one, None, &money(TODAY, 70_000)).await.unwrap();
        work.commit().await.unwrap();
        let target = format!("{batch}/record");
        let changed = clerk.post_from(&batch, &target, &[("seen", &stale), ("what", "all")]).await;
        assert_eq!(changed.status, StatusCode::CONFLICT);
        assert!(changed.text.contains("试算之后台账有了变化"), "{}", changed.text);
        let page = clerk.get(&batch).await;
        assert!(
            page.text.contains("同日同额的还款已由人工登记") && page.text.contains("name=\"chosen\""),
            "{}",
            page.text
        );
        let unsaid = record(&mut clerk, &batch, &[("what", "good")]).await;
        assert_eq!(unsaid.status, StatusCode::SEE_OTHER, "{}", unsaid.text);
        assert_eq!(transactions(&lender, one).await, 2, "by hand, and the other row");
        let once_more = tried(&mut clerk, text.as_bytes()).await;
        let chosen = record(&mut clerk, &once_more, &[("what", "good"), ("chosen", "0")]).await;
        assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.text);
        assert_eq!(transactions(&lender, one).await, 3);
    }
}

#[tokio::test]
async fn files_without_repayments_are_refused_with_what_to_do() {
    let lender = Lender::over(platform::testbed::sqlite().await).await;
    let mut clerk = lender.house.user("clerk").await;
    clerk.get("/loans?lang=zh-CN").await;
    let cases: [(&[u8], &str); 3] = [
        ("姓名,电话\n甲,199\n".as_bytes(), "没有找到还款表"),
        (b"\x89PNG\r\n\x1a\n", "f-file-error"),
        (b"", "f-file-error"),
    ];
    for (content, words) in cases {
        let answer = upload(&mut clerk, "a.csv", content).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
        assert_eq!(missing_in(&answer.text), Vec::<String>::new());
    }
    let template = clerk.get(&format!("{BATCHES}/template.xlsx")).await;
    assert_eq!(template.status, StatusCode::OK);
    assert!(clerk.get("/repayments/calendar").await.text.contains(BATCHES), "the way in is on the calendar");
}

#[tokio::test]
async fn loans_of_others_are_unknown_to_a_batch_and_refused_by_the_action() {
    //
    for lender in Lender::everywhere().await {
        let [(theirs, first), _] = two_loans(&lender).await;
        let own_id = lender.house.user_id("own").await;
        let customer = lender.customer("丙").await;
        let mut work = lender.work().await;
        let mine =
            servicing::loan::actions::open(&mut work, &new_loan(customer, own_id, plain(date(2026, 8, 20)))).await;
        let mine = mine.unwrap().file.loan;
        work.commit().await.unwrap();
        let mut own = lender.house.user("own").await;
        own.get("/loans?lang=zh-CN").await;
        let text = format!("{HEAD}{first},甲,2026-11-20,100\n{},丙,2026-11-20,100\n", mine.number);
        let batch = tried(&mut own, text.as_bytes()).await;
        let page = own.get(&batch).await;
        assert!(page.text.contains("台账中没有这个借据号") && !page.text.contains("“甲”"), "{}", page.text);
        assert_eq!(record(&mut own, &batch, &[("what", "good")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!((transactions(&lender, theirs).await, transactions(&lender, mine.key).await), (0, 1));
        let mut boss = lender.house.user("boss").await;
        let of_boss = tried(&mut boss, text.as_bytes()).await;
        assert_eq!(
            own.get(&of_boss).await.status,
            StatusCode::NOT_FOUND,
            "a batch is seen by its branch, not by anybody"
        );
        let mut work = lender.work().await;
        (work.actor.user, work.actor.grants) = (Some(own_id), [("loan.repay".to_owned(), Scope::Own)].into());
        let refused = record_many(&mut work, &[(mine.key, money(TODAY, 100)), (theirs, money(TODAY, 100))]).await;
        assert_eq!(refused.unwrap_err().refusal().unwrap().code, "loan-not-found");
    }
}

#[tokio::test]
async fn a_batch_refuses_what_a_single_repayment_refuses() {
    let lender = Lender::over(platform::testbed::sqlite().await).await;
    let [(one, _), _] = two_loans(&lender).await;
    let mut work = lender.work().await;
    let settle =
        servicing::repayment::actions::NewRepayment { mode: finance::RepaymentMode::Settle, ..money(TODAY, 0) };
    let mut tx = lender.app().db.read().await.unwrap();
    let file = servicing::loan::store::load_file(&mut tx, one).await.unwrap().unwrap();
    drop(tx);
    let engine = servicing::position::engine::Engine::load(&mut work, TODAY).await.unwrap();
    let quote = finance::quote_settlement(&file.terms, &engine.context(), &file.facts(None), TODAY).unwrap();
    let settle = servicing::repayment::actions::NewRepayment { amount: quote.total, ..settle };
    let late = money(TODAY, 100);
    let refused = record_many(&mut work, &[(one, settle.clone()), (one, late)]).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().code, "loan-settled", "the second comes when nothing is owed any more");
    drop(work);
    let mut work = lender.work().await;
    record_many(&mut work, &[(one, settle)]).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(lender.kept(one).await.principal, Fen::ZERO);
}
