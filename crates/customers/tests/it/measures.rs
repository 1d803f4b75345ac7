//! What a sorting brings, measured, on every database: the key list, exposure month by month, what the figures say of goals,
//! the analysis.

use axum::http::StatusCode;
use customers::sorting::rules::{Least, reached};
use customers::sorting::{exposure, report};
use customers::statement::actions as statements;
use customers::statement::model::{Form, NewStatement};
use finance::Fen;
use jiff::civil::date;
use platform::close::CloseDay;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::Lender;
use crate::sortings::{all, close, code, company, guarantors, later, plan, record, running, verify};

const GREW: &str = "select count(*) as n from duty where kind = 'sorting_exposure' and state = 'open'";

/// What the book of loans tells of a borrower from now on.
async fn tells(lender: &Lender, id: CustomerId, note: &str) {
    let mut work = lender.system().await;
    let sql = "update customer set note = $1 where customer_id = $2";
    work.tx.execute(sql, platform::args![note, id]).await.unwrap();
    work.commit().await.unwrap();
}

/// The close of the day on which the exposure is measured for the so manieth time.
async fn month(lender: &Lender, months: i64) {
    let today = lender.system().await.business_date;
    let to = today.checked_add(jiff::Span::new().months(months)).unwrap();
    close(lender, CloseDay::of(to.yesterday().unwrap()).unwrap()).await;
}

// S3-14, S3-18, S3-20, S3-21. Rules sorting.key, sorting.exposure, sorting.exposure_target, sorting.measured, sorting.served,
// duty.sorting_exposure
#[tokio::test]
async fn high_risk_is_verified_first_and_its_exposure_is_followed_until_it_comes_down() {
    for lender in guarantors().await {
        let good = company(&lender, "示例甲", "85", "贷款 逾期0天 余额9000元").await;
        let risky = company(&lender, "示例丁", "50", "贷款 逾期0天 违约 余额5000元 利息80元 准备10元").await;
        let id = running(&lender, &plan(&lender).await).await;
        let today = lender.system().await.business_date;
        let items = all(&lender, id).await;
        let of = |customer: CustomerId| items.iter().find(|item| item.customer == customer).unwrap();
        assert!(of(risky).key && !of(good).key);
        assert_eq!((of(risky).due_on, of(good).due_on), (later(today, 15), later(today, 45)), "the worst first");
        let list = lender.browser("lin").await.get("/sorting/items?view=key").await.text;
        assert!(list.contains("示例丁") && !list.contains("示例甲"), "{list}");
        verify(&lender, "lin", of(risky).id).await.unwrap();
        tells(&lender, risky, "贷款 逾期0天 违约 余额6000元 利息120元 准备20元").await;
        assert_eq!(lender.count(GREW).await, 0);
        month(&lender, 1).await;
        assert_eq!(lender.count(GREW).await, 1, "it is to come down and grew");
        let key = id.to_string();
        let mut work = lender.work("gui").await;
        let class = ("guarantee_risk_grade", "high");
        assert_eq!(code(exposure::answer(&mut work, &key, class, " ").await), "field-empty");
        let low = ("guarantee_risk_grade", "low");
        assert_eq!(code(exposure::answer(&mut work, &key, low, "无").await), "choice-unknown", "not to be reduced");
        exposure::answer(&mut work, &key, class, "续作一笔，已停止新增").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(GREW).await, 0, "the answer ended it");
        tells(&lender, risky, "贷款 逾期0天 违约 余额3000元 利息200元 准备20元").await;
        month(&lender, 2).await;
        assert_eq!(lender.count(GREW).await, 0);
        let mut work = lender.work("gui").await;
        let (_, content) = report::preview(&mut work, &key).await.unwrap();
        let high = content.measured.classes.iter().find(|one| one.outcome == "high").unwrap();
        assert_eq!((high.customers, high.start, high.now), (1, Some(Fen(500_000)), Fen(300_000)));
        assert_eq!((high.target, high.grew()), (Some(Fen(400_000)), false));
        assert_eq!((high.interest, high.provision, high.profit()), (Fen(12_000), Fen(2_000), Fen(10_000)));
        let low = content.measured.classes.iter().find(|one| one.outcome == "low").unwrap();
        assert_eq!((low.now, low.target), (Fen(900_000), None), "a better class is not reduced");
        assert_eq!((content.measured.key_first.part, content.measured.key_first.whole), (1, 1));
        assert_eq!(reached("exposure", &content, &Least::default()), Some(true));
        let strict = Least { completeness: Some(90), ..Least::default() };
        assert_eq!(reached("completeness", &content, &strict), Some(false), "words alone make no file complete");
        assert_eq!(reached("service", &content, &Least { served: Some(95), ..Least::default() }), None, "no complaint");
        let points = exposure::of_project(&mut work.tx, id).await.unwrap();
        assert_eq!(points.iter().filter(|point| point.outcome == "high").count(), 3, "begun, and two months");
        drop(work);
        pages(&lender, &key).await;
    }
}

/// The pages of exposure and analysis in both languages.
async fn pages(lender: &Lender, key: &str) {
    let mut planner = lender.browser("gui").await;
    for lang in ["zh-CN", "en"] {
        planner.get(&format!("/me?lang={lang}")).await;
        for part in ["", "/exposure", "/exposure/answer", "/analysis", "/report"] {
            let page = format!("/sorting/{key}{part}");
            let shown = planner.get(&page).await;
            assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
        }
    }
    let shown = planner.get(&format!("/sorting/{key}/exposure")).await.text;
    assert!(shown.contains("5,000.00") && shown.contains("续作一笔"), "{shown}");
    // A manager sees the project, but not what concerns everybody.
    let mut manager = lender.browser("lin").await;
    assert_eq!(manager.get(&format!("/sorting/{key}/analysis")).await.status, StatusCode::NOT_FOUND);
}

// S3-28. Rule sorting.analysis
#[tokio::test]
async fn a_project_is_analysed_from_the_books_own_data() {
    for lender in guarantors().await {
        let one = company(&lender, "示例甲", "85", "贷款 逾期0天 余额9000元").await;
        let two = company(&lender, "示例乙", "70", "贷款 逾期0天 余额1000元").await;
        record(&lender, one, &[("industry_code", "C3351"), ("credit_risk", "low"), ("project_risk", "high")]).await;
        for (id, year, revenue, profit) in [(one, 2024, 1_000, 100), (one, 2025, 2_000, 100), (two, 2025, 2_000, 300)] {
            let mut work = lender.work("lin").await;
            let amounts = [
                ("revenue", revenue),
                ("cost_of_sales", revenue - profit),
                ("cash", 4_000),
                ("payables", 1_000),
                ("paid_in_capital", 3_000),
            ];
            let new = NewStatement {
                period_end: date(year, 12, 31),
                months: 12,
                audited: true,
                form: Form::Original,
                source_note: "企业提供".to_owned(),
                amounts: amounts.into_iter().map(|(line, fen)| (line, Fen(fen))).collect(),
            };
            statements::enter(&mut work, id, &new).await.unwrap();
            work.commit().await.unwrap();
        }
        let id = running(&lender, &plan(&lender).await).await;
        let mut work = lender.work("gui").await;
        let (_, content) = report::preview(&mut work, &id.to_string()).await.unwrap();
        let found = content.measured.analysis;
        let industries: Vec<_> =
            found.industries.iter().map(|one| (one.title.1.is_empty(), one.customers, one.exposure)).collect();
        assert_eq!(industries, [(false, 1, Fen(900_000)), (true, 1, Fen(100_000))], "the unknown come last");
        let years: Vec<_> =
            found.years.iter().map(|year| (year.year, year.companies, year.margin_bp(), year.debt_bp())).collect();
        assert_eq!(years, [(2024, 1, Some(1_000), Some(2_500)), (2025, 2, Some(1_000), Some(2_500))]);
        let risks: Vec<_> = found.risks.iter().map(|risk| (risk.risk.as_str(), risk.customers)).collect();
        assert_eq!(
            risks,
            [("credit_risk", (1, 0, 0, 1)), ("industry_risk", (0, 0, 0, 2)), ("project_risk", (0, 0, 1, 1))]
        );
        assert_eq!(found.risks[2].high_exposure, Fen(900_000));
        let (title, grades) = &found.grades[0];
        assert_eq!((title.1.as_str(), grades.len()), ("Risk grade of a guarantee customer", 2));
    }
}
