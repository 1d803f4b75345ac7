//! Complaints through HTTP, on every database: given to the department of their kind, passed on, answered, told.

use axum::http::StatusCode;
use customers::complaint::store;
use jiff::civil::date;
use platform::locale::missing_in;

use crate::lender::{Lender, identity, lenders};

/// To whom the open duties of complaints belong, with their last days.
async fn duties(lender: &Lender) -> Vec<String> {
    let mut tx = lender.house.app.db.read().await.unwrap();
    let sql = "select kind, owner_role, due_on from duty where kind in ('complaint', 'complaint_warning') \
               and state = 'open' order by kind, owner_role";
    let rows = tx.fetch_all(sql, Vec::new()).await.unwrap();
    let said = |row: &platform::db::Row| {
        let (kind, role): (String, String) = (row.get("kind").unwrap(), row.get("owner_role").unwrap());
        let due: jiff::civil::Date = row.get("due_on").unwrap();
        format!("{kind} {role} {due}")
    };
    rows.iter().map(said).collect()
}

// S1-24, S3-11. Rules complaint.kinds, complaint.register, complaint.route, complaint.deadline, complaint.answer,
// duty.complaint, duty.complaint_warning
#[tokio::test]
async fn a_complaint_goes_to_its_department_and_ends_with_the_customer_told() {
    for lender in lenders().await {
        let new = lender.person("梁文", Some(&identity(3)), None, "lin").await;
        let mut work = lender.work("lin").await;
        let id = customers::open(&mut work, &new).await.unwrap().id;
        work.commit().await.unwrap();
        let mut browser = lender.browser("lin").await;
        let form = format!("/customers/{id}/complaints/new");
        let mut typed = [
            ("kind", "charges"),
            ("received_way", "phone"),
            ("matter", ""),
            ("wish", "退还多收的手续费"),
            ("received_on", "2026-11-19"),
        ];
        assert_eq!(browser.post_from(&form, &form, &typed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        typed[2].1 = "提前还款时多收手续费";
        let done = browser.post_from(&form, &form, &typed).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        // Five working days after Thursday the nineteenth; the desk looks after it from the third on.
        let both = |role: &str| {
            [format!("complaint {role} 2026-11-26"), "complaint_warning customer_service 2026-11-26".to_owned()]
        };
        assert_eq!(duties(&lender).await, both("finance_dept"));
        let mut work = lender.work("lin").await;
        let one = store::of_customer(&mut work.tx, id).await.unwrap().remove(0);
        drop(work);
        assert_eq!((one.dept(), one.due_on), ("finance_dept", date(2026, 11, 26)));
        let own = format!("/customers/{id}/complaints/{}", one.id);
        let pass = format!("{own}/pass");
        let there = [("dept", "finance_dept"), ("note", "再核")];
        assert!(browser.post_from(&pass, &pass, &there).await.text.contains("现在就由这个部门办理"));
        let on = [("dept", "customer_dept"), ("note", "系解释不清，由客户部门答复")];
        assert_eq!(browser.post_from(&pass, &pass, &on).await.status, StatusCode::SEE_OTHER);
        assert_eq!(duties(&lender).await, both("customer_dept"), "the term stays");
        let answer = format!("{own}/answer");
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            let tab = format!("/customers/{id}?tab=complaints");
            for page in ["/complaints", "/complaints?view=late", &tab, &form, &pass, &answer] {
                let shown = browser.get(page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        browser.get("/me?lang=zh-CN").await;
        assert!(browser.get("/complaints").await.text.contains(&one.number));
        let mut said = [
            ("outcome", "upheld"),
            ("note", "核实系统多计，已退还"),
            ("improvement", "提前还款试算单列示手续费"),
            ("told_on", "2026-11-15"),
            ("told_way", "phone"),
        ];
        let early = browser.post_from(&answer, &answer, &said).await;
        assert!(early.text.contains("告知日期不能早于受理日期"), "{}", early.text);
        said[3].1 = "2026-11-20";
        assert_eq!(browser.post_from(&answer, &answer, &said).await.status, StatusCode::SEE_OTHER);
        assert_eq!(duties(&lender).await, Vec::<String>::new(), "the answer itself ended them");
        let again = browser.post_from(&answer, &answer, &said).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "answered once");
        let tab = browser.get(&format!("/customers/{id}?tab=complaints")).await.text;
        for words in ["交客户部门办理", "属实", "2026-11-20 以电话告知客户", "改进：提前还款试算单列示手续费"]
        {
            assert!(tab.contains(words), "{words}: {tab}");
        }
        let mut far = lender.browser("far").await;
        assert!(!far.get("/complaints?view=all").await.text.contains(&one.number), "another branch's");
        assert_eq!(far.get(&answer).await.status, StatusCode::NOT_FOUND);
    }
}
