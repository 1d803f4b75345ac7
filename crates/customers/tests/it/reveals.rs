//! Personal data: sealed in the database, masked on pages, shown against a reason that is kept.

use axum::http::StatusCode;
use customers::contact_point::actions as contacts;
use customers::{open, open_many};
use platform::db::Db;

use crate::lender::{Lender, identity, lenders};

const PHONE: &str = "13900001234";

async fn one(lender: &Lender) -> (String, String) {
    let new = lender.person("梁文博", Some(&identity(1)), Some(PHONE), "lin").await;
    let mut work = lender.work("lin").await;
    let id = open(&mut work, &new).await.unwrap().id;
    let phone = contacts::list(&mut work, id).await.unwrap()[0].id;
    work.commit().await.unwrap();
    (format!("/customers/{id}"), format!("/customers/{id}/contacts/{phone}/phone"))
}

#[tokio::test]
async fn an_identity_number_is_shown_against_a_reason_that_is_kept() {
    //
    for lender in lenders().await {
        let (page, _) = one(&lender).await;
        let mut browser = lender.browser("lin").await;
        let reveal = format!("{page}/reveal");
        let without = browser.post_from(&reveal, &reveal, &[("reason", "  ")]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!without.text.contains(&identity(1)) && without.text.contains("请写明理由"), "{}", without.text);
        let shown = browser.post_from(&reveal, &reveal, &[("reason", "核对合同")]).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.text.contains(&identity(1)));
        assert_eq!(shown.headers.get("cache-control").unwrap(), "no-store");
        let kept =
            "select count(*) as n from audit_entry where action = 'personal.reveal.identity' and reason = '核对合同'";
        assert_eq!(lender.count(kept).await, 1);
        let back = browser.get(&page).await;
        assert!(
            back.text.contains("查看证件号码 990***********") && !back.text.contains(&identity(1)),
            "on the timeline, masked"
        );
    }
}

#[tokio::test]
async fn a_phone_is_shown_through_the_gate_only_and_its_refusals_are_kept() {
    //
    for lender in lenders().await {
        let (_, phone) = one(&lender).await;
        let mut browser = lender.browser("lin").await;
        let refused = browser.post_from(&phone, &phone, &[("purpose", "collect"), ("reason", "催款")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(!refused.text.contains(PHONE) && refused.text.contains("contact.no-guard"), "{}", refused.text);
        let shown = browser.post_from(&phone, &phone, &[("purpose", "verify"), ("reason", "核实地址")]).await;
        assert!(shown.text.contains(PHONE), "{}", shown.text);
        assert_eq!(lender.count("select count(*) as n from contact_check where allowed = 0").await, 1);
        assert_eq!(lender.count("select count(*) as n from contact_check where allowed = 1").await, 1);
        let kept =
            "select count(*) as n from audit_entry where action = 'personal.reveal.phone' and reason = '核实地址'";
        assert_eq!(lender.count(kept).await, 1);
        let other_way = phone.replace("/phone", "/reveal");
        let around = browser.post_from(&other_way, &other_way, &[("reason", "绕行")]).await;
        assert!(around.status == StatusCode::CONFLICT && !around.text.contains(PHONE), "a phone has no other way");
        let bad = browser.post_from(&phone, &phone, &[("purpose", "gossip"), ("reason", "x")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn nothing_personal_stands_in_clear_in_the_database_or_on_pages() {
    //
    for lender in lenders().await {
        let (page, _) = one(&lender).await;
        let mut work = lender.system().await;
        let second = lender.person("马国强", Some(&identity(2)), Some("13900009876"), "lin").await;
        open_many(&mut work, "import.run", &[second]).await.unwrap();
        work.commit().await.unwrap();
        let mut browser = lender.browser("chief").await;
        for path in [
            "/customers",
            "/search?q=1234",
            &format!("/search?q={}", identity(1)),
            &page,
            &format!("{page}?tab=contacts"),
            &format!("{page}?tab=file"),
            &format!("{page}?tab=timeline"),
        ] {
            let shown = browser.get(path).await;
            assert_eq!(shown.status, StatusCode::OK, "{path}");
            let asked = path.contains("/search");
            assert!(asked || !shown.text.contains(&identity(1)), "{path}");
            assert!(!shown.text.contains(PHONE), "{path}");
        }
        if let Db::Sqlite(file) = &lender.house.app.db {
            lender.house.app.db.close().await;
            for ending in ["", "-wal"] {
                let Ok(bytes) = std::fs::read(format!("{}{ending}", file.path().display())) else { continue };
                for clear in [identity(1), identity(2), PHONE.to_owned(), "13900009876".to_owned()] {
                    assert!(
                        !bytes.windows(clear.len()).any(|window| window == clear.as_bytes()),
                        "{clear} in the file{ending}"
                    );
                }
            }
        }
    }
}
