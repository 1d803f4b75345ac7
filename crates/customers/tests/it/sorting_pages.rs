//! Pages of sorting projects, in both languages, with their files; on every database.

use axum::http::StatusCode;
use customers::guarantee::model::{NewGuarantee, Side};
use finance::Fen;
use jiff::civil::date;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::Lender;
use crate::sortings::{agree, agree_to_report, all, company, guarantors, project, record, running, verify};

async fn filled(lender: &Lender) -> customers::sorting::model::ProjectId {
    let good = company(lender, "示例甲", "85", "贷款 逾期0天").await;
    record(lender, good, &[("industry_code", "C3351")]).await;
    running(lender, &crate::sortings::plan(lender).await).await
}

/// A guarantee for a company, in force and covered twice.
async fn guarantee(lender: &Lender, id: CustomerId) {
    let mut work = lender.work("lin").await;
    let new = NewGuarantee {
        side: Side::ForCustomer,
        kind: "loan".to_owned(),
        number: "保2026-009".to_owned(),
        beneficiary: "示例银行".to_owned(),
        debtor: String::new(),
        amount: Fen(100_000),
        cover: Fen(200_000),
        from: date(2026, 1, 5),
        until: date(2027, 1, 4),
        project: "厂房扩建".to_owned(),
        purpose: "流动资金".to_owned(),
    };
    customers::guarantee::actions::enter(&mut work, id, &new).await.unwrap();
    work.commit().await.unwrap();
}

// S3-12, S3-15, S3-23, S3-26, S3-27, S3-29: the whole walk by forms.
#[tokio::test]
async fn a_project_goes_its_way_by_forms() {
    for lender in guarantors().await {
        let firm = company(&lender, "示例甲", "85", "贷款 逾期0天").await;
        let more = [("commercial_credit_fen", "500000"), ("litigation_record", "买卖合同纠纷一件，已调解")];
        record(&lender, firm, &more).await;
        guarantee(&lender, firm).await;
        let gui = lender.user("gui").await.to_string();
        let mut planner = lender.browser("gui").await;
        let path = "/sorting/new";
        let shown = planner.get(path).await;
        assert!(shown.text.contains("制定方案与培训 2026-11-28"), "the policy proposes: {}", shown.text);
        // Offered to lead is whoever would be taken: not the manager of some files.
        let (_, leads) = shown.text.split_once("name=\"lead\"").unwrap();
        let leads = leads.split("</select>").next().unwrap();
        let manager = lender.user("lin").await;
        assert!(leads.contains(&format!("value=\"{gui}\"")), "{leads}");
        assert!(!leads.contains(&format!("value=\"{manager}\"")), "{leads}");
        let steps = "制定方案与培训 2026-11-27\ncarry_out 2026-12-20\n复核汇总 2026-12-25\n梳理报告 2026-12-28\n\
                     制定策略 2026-12-29\nDynamic management 2026-12-30";
        let mut typed = vec![
            ("title", "年末客户梳理"),
            ("aim", "摸清底数"),
            ("scheme", "plan1"),
            ("starts_on", "2026-11-20"),
            ("ends_on", "2026-11-01"),
            ("kind", "company"),
            ("lead", gui.as_str()),
            ("members", "lin 逐户核实"),
            ("steps", steps),
        ];
        let back = planner.post_from(path, path, &typed).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.text.contains("不得早于 2026-11-20"), "{}", back.text);
        typed[4].1 = "2026-12-31";
        assert_eq!(planner.post_from(path, path, &typed).await.status, StatusCode::SEE_OTHER);
        let mut work = lender.system().await;
        let row = work.tx.fetch_one("select id from sorting_project", Vec::new()).await.unwrap();
        let id: customers::sorting::model::ProjectId = row.get("id").unwrap();
        drop(work);
        agree(&lender, "feng", project(&lender, id).await.approval.unwrap()).await.unwrap();
        let page = format!("/sorting/{id}");
        assert_eq!(planner.post_from(&page, &format!("{page}/start"), &[]).await.status, StatusCode::SEE_OTHER);
        let item = all(&lender, id).await.remove(0).id;
        // Given to somebody else and back again, by the verb on a selection: the duty goes with it.
        let (key, list) = (item.to_string(), "/sorting/items?view=all");
        let rows = planner.get(list).await.text;
        assert!(rows.contains(&format!("<a href=\"/sorting/items/{item}\"")), "each row is a link: {rows}");
        for login in ["head", "lin"] {
            let to = lender.user(login).await.to_string();
            let picked = [("key", key.as_str()), ("to", to.as_str()), ("step", "do")];
            let done = planner.post_from(list, "/sorting/items/assign", &picked).await;
            assert!(done.location().starts_with("/batches/"), "{} {}", done.status, done.text);
            assert_eq!(all(&lender, id).await.remove(0).assignee.to_string(), to);
        }
        let open = "select count(*) as n from duty_member where subject like 'sorting_item:%' and state = 'open'";
        assert_eq!(lender.count(open).await, 1);
        let mut manager = lender.browser("lin").await;
        let shown = manager.get(&format!("/sorting/items/{item}")).await.text;
        assert!(shown.contains("缺少的资料项") && shown.contains("适度放宽"), "{shown}");
        for words in ["在保余额", "商业信用余额", "涉诉情况", "已调解", "担保损失率"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let form = format!("/sorting/items/{item}/verify");
        let said = [("on", "2026-11-20"), ("method", "visit"), ("result", "与档案相符")];
        assert_eq!(manager.post_from(&form, &form, &said).await.status, StatusCode::SEE_OTHER);
        let mut supervisor = lender.browser("shen").await;
        let form = format!("/sorting/items/{item}/review");
        let none = supervisor.post_from(&form, &form, &[("note", "")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = [("verdict", "accept"), ("note", "")];
        assert_eq!(supervisor.post_from(&form, &form, &said).await.status, StatusCode::SEE_OTHER);
        let form = format!("{page}/report");
        let mut judged = vec![("opinion", "底数已清")];
        let back = planner.post_from(&form, &form, &judged).await;
        assert!(back.text.contains("客户资料库完整、准确、及时"), "what is not judged is named: {}", back.text);
        for goal in ["goal_database", "goal_classification", "goal_warning", "goal_satisfaction"] {
            judged.push((goal, "met"));
        }
        for words in ["words_database", "words_classification", "words_warning", "words_satisfaction"] {
            judged.push((words, "见数据"));
        }
        assert_eq!(planner.post_from(&form, &form, &judged).await.status, StatusCode::SEE_OTHER);
        agree_to_report(&lender, id).await;
        assert!(planner.get(&page).await.text.contains("已结项"));
    }
}

// S3-13, S3-29, S3-30: the report on a page, on paper and as a workbook.
#[tokio::test]
async fn every_page_stands_in_both_languages() {
    for lender in guarantors().await {
        let id = filled(&lender).await;
        let item = all(&lender, id).await.remove(0).id;
        let mut manager = lender.browser("lin").await;
        let form = format!("/sorting/items/{item}/problems/new");
        let lin = lender.user("lin").await.to_string();
        let new = [("kind", "risk"), ("detail", "对外担保未披露"), ("owner", lin.as_str()), ("due_on", "2026-12-01")];
        let made = manager.post_from(&form, &form, &new).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let mut work = lender.system().await;
        let row = work.tx.fetch_one("select id from sorting_problem", Vec::new()).await.unwrap();
        let problem: i64 = row.get("id").unwrap();
        drop(work);
        let mut planner = lender.browser("gui").await;
        let form = "/sorting/industries/new";
        let sheet = [
            ("code", "C33"),
            ("risk", "high"),
            ("trend", "下行"),
            ("policy", "产能置换"),
            ("competition", "中小厂多"),
            ("strategy", "控新增"),
            ("until", "2027-06-30"),
        ];
        assert_eq!(planner.post_from(form, form, &sheet).await.status, StatusCode::SEE_OTHER);
        let shown = manager.get(&format!("/sorting/items/{item}")).await.text;
        assert!(shown.contains("控新增"), "the industry stands beside its customers (S3-24): {shown}");
        let page = format!("/sorting/{id}");
        for (part, fields) in [
            ("trainings", vec![("topic", "风险识别"), ("on", "2026-11-20"), ("hours", "4"), ("attended", "林、桂")]),
            ("surveys", vec![("on", "2026-11-20"), ("answers", "12"), ("score", "91.5")]),
        ] {
            let form = format!("{page}/{part}/new");
            let made = planner.post_from(&form, &form, &fields).await;
            assert_eq!(made.status, StatusCode::SEE_OTHER, "{part} {}", made.text);
        }
        verify(&lender, "lin", item).await.unwrap();
        let mut work = lender.work("shen").await;
        customers::sorting::work::review(&mut work, &item.to_string(), true, "").await.unwrap();
        work.commit().await.unwrap();
        crate::sortings::make(&lender, id, &crate::sortings::judged()).await.unwrap();
        let report = agree_to_report(&lender, id).await;
        let own = format!("/sorting/items/{item}");
        let pages = [
            "/sorting".to_owned(),
            "/sorting?view=mine".to_owned(),
            "/sorting?view=due".to_owned(),
            "/sorting?view=all".to_owned(),
            "/sorting/items?view=all".to_owned(),
            "/sorting/items?view=to-review".to_owned(),
            "/sorting/problems?view=all".to_owned(),
            "/sorting/industries".to_owned(),
            "/sorting/industries/new".to_owned(),
            "/sorting/new".to_owned(),
            page.clone(),
            format!("{page}/edit"),
            format!("{page}/stop"),
            format!("{page}/steps/report"),
            format!("{page}/trainings/new"),
            format!("{page}/surveys/new"),
            format!("{page}/report"),
            format!("{page}/reports/{report}"),
            own.clone(),
            format!("/sorting/problems/{problem}"),
        ];
        let of_manager =
            [format!("{own}/verify"), format!("{own}/problems/new"), format!("/sorting/problems/{problem}/rectify")];
        let of_supervisor = [format!("{own}/review"), format!("/sorting/problems/{problem}/confirm")];
        let mut supervisor = lender.browser("shen").await;
        for lang in ["zh-CN", "en"] {
            for (browser, pages) in
                [(&mut planner, &pages[..]), (&mut manager, &of_manager[..]), (&mut supervisor, &of_supervisor[..])]
            {
                assert!(browser.get(&format!("/me?lang={lang}")).await.status.is_success());
                for page in pages {
                    let shown = browser.get(page).await;
                    assert_eq!(shown.status, StatusCode::OK, "{page} {}", shown.text);
                    assert_eq!(missing_in(&shown.text), Vec::<String>::new(), "{lang} {page}");
                }
            }
        }
        let shown = planner.get(&format!("{page}/reports/{report}")).await.text;
        assert!(shown.contains("no data") && shown.contains("91.50; no survey before"), "{shown}");
        let (status, pdf) = planner.file(&format!("{page}/reports/{report}/report.pdf")).await;
        assert!(status == StatusCode::OK && pdf.starts_with(b"%PDF"));
        let (status, book) = planner.file(&format!("{page}/reports/{report}/report.xlsx")).await;
        assert!(status == StatusCode::OK && book.starts_with(b"PK"));
        let traces = "select count(*) as n from audit_entry where action in ('sorting.print', 'sorting.export')";
        assert_eq!(lender.count(traces).await, 2);
        let mut far = lender.browser("far").await;
        for page in [&page, &own, &format!("/sorting/problems/{problem}"), &format!("{page}/reports/{report}")] {
            assert_eq!(far.get(page).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        // A manager sees the project, but not the report about everybody.
        assert_eq!(manager.get(&page).await.status, StatusCode::OK);
        assert_eq!(manager.get(&format!("{page}/reports/{report}")).await.status, StatusCode::NOT_FOUND);
    }
}
