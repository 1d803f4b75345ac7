//! Pages through HTTP: both languages complete, forms with all complaints, double submits, hostile texts, export.

use axum::http::StatusCode;
use platform::locale::missing_in;
use platform::testbed::Browser;

use crate::lender::{Lender, identity, lenders};

const HOSTILE: &str = "<script>alert(1)</script>' or 1=1 --";

async fn open_by_form(lender: &Lender, browser: &mut Browser, name: &str, serial: u32) -> String {
    let manager = lender.user("lin").await.to_string();
    let number = identity(serial);
    let fields = [
        ("kind", "person"),
        ("name", name),
        ("identity_kind", "resident-id"),
        ("identity", number.as_str()),
        ("phone", "139 0000 1234"),
        ("manager", manager.as_str()),
        ("aliases", "小梁、老梁"),
        ("address", HOSTILE),
        ("note", ""),
        // Everybody in these tests has one phone and one birth date.
        ("somebody_else", "on"),
    ];
    let done = browser.post_from("/customers/new", "/customers/new", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    done.location().to_owned()
}

#[tokio::test]
async fn a_file_is_opened_through_the_form_and_a_second_submit_does_nothing() {
    for lender in lenders().await {
        let mut browser = lender.browser("lin").await;
        let form = browser.get("/customers/new").await;
        let (csrf, once) = (form.hidden("_csrf").unwrap(), form.hidden("_once").unwrap());
        let manager = lender.user("lin").await.to_string();
        let fields = [
            ("_csrf", csrf.as_str()),
            ("_once", once.as_str()),
            ("kind", "company"),
            ("name", "衡川博远五金制品有限公司"),
            ("identity_kind", "social-credit-code"),
            ("identity", "91350100M000100Y43"),
            ("manager", manager.as_str()),
        ];
        let first = browser.post_raw("/customers/new", &fields).await;
        let second = browser.post_raw("/customers/new", &fields).await;
        assert_eq!((first.status, first.location()), (StatusCode::SEE_OTHER, second.location()));
        assert_eq!(lender.count("select count(*) as n from customer").await, 1);
        let page = browser.get(first.location()).await;
        assert!(page.text.contains("913***********0Y43") && page.text.contains("C00000001"), "{}", page.text);
    }
}

#[tokio::test]
async fn a_form_comes_back_with_everything_typed_and_all_complaints() {
    for lender in lenders().await {
        let mut browser = lender.browser("lin").await;
        let fields = [
            ("kind", "person"),
            ("name", ""),
            ("identity_kind", "resident-id"),
            ("identity", "990101199003071230"),
            ("phone", "12"),
            ("manager", "5"),
            ("address", HOSTILE),
        ];
        let back = browser.post_from("/customers/new", "/customers/new", &fields).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        for complaint in ["有 4 处要改", "校验码不符", "请填 11 位手机号", "请选择在用的客户经理"]
        {
            assert!(back.text.contains(complaint), "{complaint}: {}", back.text);
        }
        assert!(back.text.contains("&lt;script&gt;") && !back.text.contains("<script>alert"));
        assert!(back.text.contains("value=\"12\""), "what was typed is kept");
        assert_eq!(lender.count("select count(*) as n from customer").await, 0);
    }
}

#[tokio::test]
async fn every_page_is_complete_in_both_languages_and_escapes_what_was_typed() {
    for lender in lenders().await {
        let mut browser = lender.browser("lin").await;
        let page = open_by_form(&lender, &mut browser, HOSTILE, 1).await;
        let other = open_by_form(&lender, &mut browser, "何雨", 2).await;
        let id = identity(2);
        let relation = [
            ("kind", "shareholder"),
            ("name", HOSTILE),
            ("identity_kind", "resident-id"),
            ("identity", id.as_str()),
            ("since", "2026-11-01"),
            ("share", "33.3333"),
        ];
        let path = format!("{page}/relations/new");
        let added = browser.post_from(&path, &path, &relation).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let shown = browser.get(&page).await;
        let one = part(&shown.text, "/relations/");
        let contact = part(&shown.text, "/contacts/");
        assert!(shown.text.contains(&format!("href=\"{other}\"")), "a related party with a visible file is linked");
        let mut paths: Vec<String> = [
            "",
            "?tab=file",
            "?tab=relations",
            "?tab=contacts",
            "?tab=timeline",
            "/edit",
            "/reveal",
            "/relations/new",
            "/contacts/new",
        ]
        .iter()
        .map(|end| format!("{page}{end}"))
        .collect();
        paths.extend(["/customers".into(), "/customers?q=xyz".into(), "/customers/new".into(), "/search?q=he".into()]);
        paths.extend([format!("{page}/relations/{one}"), format!("{page}/relations/{one}/reveal")]);
        paths.extend(["phone", "end"].map(|verb| format!("{page}/contacts/{contact}/{verb}")));
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            for path in &paths {
                let shown = browser.get(path).await;
                assert_eq!(shown.status, StatusCode::OK, "{path}");
                assert_eq!(missing_in(&shown.text), Vec::<String>::new(), "{lang} {path}");
                assert!(!shown.text.contains("<script>alert"), "{path}");
            }
        }
    }
}

/// The first key that follows `/relations/` or `/contacts/` in an address.
fn part(text: &str, before: &str) -> String {
    text.split(before)
        .skip(1)
        .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>())
        .find(|key| !key.is_empty())
        .unwrap()
}

#[tokio::test]
async fn the_verbs_of_a_related_party_and_a_contact_point_work_without_scripts() {
    for lender in lenders().await {
        let mut browser = lender.browser("lin").await;
        let page = open_by_form(&lender, &mut browser, "梁文博", 1).await;
        let path = format!("{page}/contacts/new");
        let fields = [
            ("whose", ""),
            ("kind", "email"),
            ("value", "liang@example.test"),
            ("route", "papers"),
            ("consented", "on"),
        ];
        assert_eq!(browser.post_from(&path, &path, &fields).await.status, StatusCode::SEE_OTHER);
        let wrong = [("whose", ""), ("kind", "email"), ("value", ""), ("route", "nowhere")];
        assert_eq!(browser.post_from(&path, &path, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let path = format!("{page}/relations/new");
        let fields = [("kind", "spouse"), ("name", "何雨晴"), ("identity_kind", "none"), ("since", "2026-11-21")];
        let late = browser.post_from(&path, &path, &fields).await;
        assert!(late.text.contains("不能晚于营业日 2026-11-20"), "{}", late.text);
        let fields = [("kind", "spouse"), ("name", "何雨晴"), ("identity_kind", "none"), ("since", "2026-11-20")];
        assert_eq!(browser.post_from(&path, &path, &fields).await.status, StatusCode::SEE_OTHER);
        let shown = browser.get(&format!("{page}?tab=relations")).await;
        let one = format!("{page}/relations/{}", part(&shown.text, "/relations/"));
        assert_eq!(
            browser.post_from(&one, &one, &[("verb", "object"), ("reason", "来电")]).await.status,
            StatusCode::SEE_OTHER
        );
        let conflict = browser.post_from(&one, &one, &[("verb", "consent"), ("reason", "")]).await;
        assert_eq!(conflict.status, StatusCode::CONFLICT);
        assert!(conflict.text.contains("relation.objection.final"));
        let timeline = browser.get(&format!("{page}?tab=timeline")).await;
        assert!(
            timeline.text.contains("新增电子邮箱 l***@example.test") && timeline.text.contains("何雨晴（配偶）"),
            "{}",
            timeline.text
        );
    }
}

#[tokio::test]
async fn the_list_filters_sorts_pages_and_exports_what_it_shows() {
    for lender in lenders().await {
        let mut work = lender.system().await;
        let mut news = Vec::new();
        for serial in 0..40 {
            news.push(lender.person(&format!("王{}", ["安", "博", "成", "达"][serial % 4]), None, None, "lin").await);
        }
        customers::open_many(&mut work, "import.run", &news).await.unwrap();
        work.commit().await.unwrap();
        let mut browser = lender.browser("chief").await;
        let rows = |text: &str| text.matches("data-href=\"/customers/").count();
        let all = browser.get("/customers").await;
        assert_eq!(rows(&all.text), 15);
        assert!(all.text.contains("共 40"), "{}", all.text);
        assert_eq!(rows(&browser.get("/customers?page=3").await.text), 10);
        assert_eq!(rows(&browser.get("/customers?q=wangbo").await.text), 10);
        assert_eq!(rows(&browser.get("/customers?q=C00000007").await.text), 1);
        assert_eq!(rows(&browser.get("/customers?kind=company").await.text), 0);
        let sorted = browser.get("/customers?sort=number&size=50").await.text;
        assert!(sorted.find("C00000001").unwrap() < sorted.find("C00000040").unwrap());
        assert_eq!(browser.get("/customers?sort=password").await.status, StatusCode::BAD_REQUEST);
        let file = browser.get("/customers/export.xlsx?q=wangbo").await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.headers.get("content-type").unwrap().to_str().unwrap().contains("spreadsheetml"));
        let kept = "select count(*) as n from audit_entry where action = 'customer.export' and after_json like '%\"rows\":10%'";
        assert_eq!(lender.count(kept).await, 1);
    }
}
