//! The list of documents through HTTP, on every database: what is wanted, there, ending, over and missing.

use axum::http::{StatusCode, header};
use customers::document::model::DocumentId;
use customers::document::store;
use jiff::civil::date;
use platform::audit;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::testbed::{Answer, Browser};

use crate::lender::{Lender, identity, lenders};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n";

async fn person(lender: &Lender) -> CustomerId {
    let new = lender.person("梁文", Some(&identity(3)), None, "lin").await;
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    id
}

async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)], bytes: &[u8]) -> Answer {
    browser.upload_from(path, path, fields, ("file", "扫描件.pdf", bytes)).await
}

async fn newest(lender: &Lender, id: CustomerId) -> DocumentId {
    let mut work = lender.work("lin").await;
    store::of_customer(&mut work.tx, id).await.unwrap()[0].id
}

const OPEN_DUTIES: &str = "select count(*) as n from duty where kind = 'document_update' and state = 'open'";

// S1-14, S1-40, X-04. Rules document.list, document.refresh, duty.document_update, attachment.content.
#[tokio::test]
async fn the_tab_says_what_is_there_and_missing_and_the_duty_ends_with_the_last_paper() {
    for lender in lenders().await {
        let id = person(&lender).await;
        let mut browser = lender.browser("lin").await;
        let tab = format!("/customers/{id}?tab=documents");
        let empty = browser.get(&tab).await.text;
        assert!(empty.contains("必备 4 份，有效 0 份，0%"), "{empty}");
        let path = format!("/customers/{id}/documents/new");
        let licence = [("kind", "identity"), ("number", "990101199003071234"), ("expires_on", "2026-12-10")];
        let done = send(&mut browser, &path, &licence, PDF).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, tab.as_str()), "{}", done.text);
        assert_eq!(lender.count(OPEN_DUTIES).await, 1, "what is missing is a duty once collecting has begun");
        let mut work = lender.work("lin").await;
        let customer = customers::load(&mut work.tx, id).await.unwrap().unwrap();
        for later in [date(2026, 11, 23), date(2026, 11, 24)] {
            customers::standing::actions::assess(&mut work, &customer, later).await.unwrap();
        }
        work.commit().await.unwrap();
        assert_eq!(lender.count(OPEN_DUTIES).await, 1, "one duty, however often it is looked at");
        let shown = browser.get(&tab).await.text;
        for words in ["必备 4 份，有效 1 份，25%", "将到期", "***1234", "2026-12-10", "扫描件.pdf"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(!shown.contains("990101199003071234"), "the number is sealed");
        for kind in ["income_proof", "bank_statement", "credit_authorisation"] {
            assert_eq!(send(&mut browser, &path, &[("kind", kind)], PDF).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(lender.count(OPEN_DUTIES).await, 1, "the identity card ends within thirty days");
        let old = newest_of(&lender, id, "identity").await;
        let replace = format!("/customers/{id}/documents/{old}/replace");
        let other = [("kind", "income_proof")];
        let refused = send(&mut browser, &replace, &other, PDF).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let longer = [("kind", "identity"), ("expires_on", "2036-12-10")];
        assert_eq!(send(&mut browser, &replace, &longer, PDF).await.status, StatusCode::SEE_OTHER);
        assert_eq!(lender.count(OPEN_DUTIES).await, 0, "the last paper is the evidence");
        let shown = browser.get(&tab).await.text;
        assert!(shown.contains("必备资料齐全有效") && shown.contains("已替换"), "{shown}");
        let again = send(&mut browser, &replace, &longer, PDF).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "what was replaced is replaced no more");
        let seen = lender.count("select count(*) as n from audit_entry where action = 'attachment.open'").await;
        let (status, bytes) = browser.file(&format!("/customers/{id}/documents/{old}/file")).await;
        assert_eq!((status, bytes.as_slice()), (StatusCode::OK, PDF));
        assert_eq!(
            lender.count("select count(*) as n from audit_entry where action = 'attachment.open'").await,
            seen + 1
        );
        assert_eq!(audit::verify(&lender.house.app.db).await.unwrap().broken, None);
    }
}

async fn newest_of(lender: &Lender, id: CustomerId, kind: &str) -> DocumentId {
    let mut work = lender.work("lin").await;
    let all = store::of_customer(&mut work.tx, id).await.unwrap();
    all.into_iter().find(|one| one.kind == kind).unwrap().id
}

// S1-15: licence and articles of association of a company are asked for. Rule document.list.
#[tokio::test]
async fn a_company_is_asked_for_licence_and_articles_and_a_guarantor_for_more() {
    for (pack, lines) in [("microloan", 14), ("guarantee", 16)] {
        let lender = Lender::under(platform::testbed::sqlite().await, pack).await;
        let new = lender.person("示例博远五金有限公司", None, None, "lin").await;
        let new = customers::NewCustomer { kind: customers::CustomerKind::Company, ..new };
        let mut work = lender.work("lin").await;
        let id = customers::open(&mut work, &new).await.unwrap().id;
        let on = work.business_date;
        let policy = platform::policies::in_force(&mut work, on).await.unwrap();
        let list = customers::document::actions::list(&policy, on, customers::CustomerKind::Company).unwrap();
        work.commit().await.unwrap();
        assert_eq!(list.len(), lines, "{pack}");
        let mut browser = lender.browser("lin").await;
        let shown = browser.get(&format!("/customers/{id}?tab=documents")).await.text;
        for words in ["营业执照", "公司章程", "财务报表", "经营情况说明"] {
            assert!(shown.contains(words), "{pack} {words}");
        }
        assert_eq!(shown.contains("担保申请书"), pack == "guarantee");
    }
}

// Rules document.dates, document.source, attachment.kinds.
#[tokio::test]
async fn a_wrong_document_comes_back_with_every_complaint_and_nothing_is_kept() {
    for lender in lenders().await {
        let id = person(&lender).await;
        let mut browser = lender.browser("lin").await;
        let path = format!("/customers/{id}/documents/new");
        let wrong = [
            ("kind", "poem"),
            ("issued_on", "2026-11-21"),
            ("expires_on", "2026-11-01"),
            ("route", "public"),
            ("number", "12345678"),
        ];
        let back = send(&mut browser, &path, &wrong, b"<html><script>alert(1)</script>").await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in ["日期不能晚于营业日", "有效期不能早于签发日期", "请写明来自哪份材料", "不属于可保存的类型"]
        {
            assert!(back.text.contains(words), "{words}: {}", back.text);
        }
        assert!(back.text.contains("value=\"12345678\"") && !back.text.contains("<script>alert"));
        let none = browser.post_from(&path, &path, &[("kind", "identity")]).await;
        assert!(none.status.is_client_error(), "a form without its file");
        assert_eq!(lender.count("select count(*) as n from attachment").await, 0);
    }
}

// S1-43: who may not see the file may not see its papers; who may see the file needs more to open them.
#[tokio::test]
async fn papers_are_opened_by_scope_and_permission_and_withdrawn_with_a_reason() {
    for lender in lenders().await {
        let id = person(&lender).await;
        let mut browser = lender.browser("lin").await;
        let path = format!("/customers/{id}/documents/new");
        let fields = [("kind", "identity"), ("number", "990101199003071234")];
        assert_eq!(send(&mut browser, &path, &fields, PDF).await.status, StatusCode::SEE_OTHER);
        let own = format!("/customers/{id}/documents/{}", newest(&lender, id).await);
        let (mut far, mut reader) = (lender.browser("far").await, lender.browser("reader").await);
        for end in ["", "/file", "/replace", "/withdraw", "/reveal"] {
            assert_eq!(far.get(&format!("{own}{end}")).await.status, StatusCode::NOT_FOUND, "{end}");
        }
        assert_eq!(reader.get(&own).await.status, StatusCode::OK);
        assert_eq!(reader.get(&format!("{own}/file")).await.status, StatusCode::FORBIDDEN);
        let file = browser.get(&format!("{own}/file")).await;
        assert_eq!(file.headers.get(header::X_CONTENT_TYPE_OPTIONS).unwrap(), "nosniff");
        let shown =
            browser.post_from(&format!("{own}/reveal"), &format!("{own}/reveal"), &[("reason", "核对原件")]).await;
        assert!(shown.text.contains("990101199003071234"), "{}", shown.text);
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            for page in [
                path.clone(),
                own.clone(),
                format!("{own}/replace"),
                format!("{own}/withdraw"),
                format!("/customers/{id}?tab=documents"),
            ] {
                let shown = browser.get(&page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let withdraw = format!("{own}/withdraw");
        let empty = browser.post_from(&withdraw, &withdraw, &[("reason", "")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = browser.post_from(&withdraw, &withdraw, &[("reason", "传错客户")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(browser.get(&format!("{own}/file")).await.status, StatusCode::CONFLICT);
        browser.get("/me?lang=zh-CN").await;
        let tab = browser.get(&format!("/customers/{id}?tab=documents")).await.text;
        assert!(tab.contains("必备 4 份，有效 0 份") && tab.contains("传错客户"), "{tab}");
    }
}
