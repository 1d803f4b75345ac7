//! Standards of classes through HTTP, on every database: the axes of the rules in force, one with its measures, on paper.

use axum::http::StatusCode;
use platform::locale::missing_in;

use crate::lender::Lender;

// S5.5-06. Rules standing.standard, rating.measures, rating.category_measures
#[tokio::test]
async fn the_standard_and_the_measures_of_each_class_are_written_down_and_printed() {
    for db in platform::testbed::databases().await {
        let lender = Lender::under(db, "rural-bank").await;
        let mut browser = lender.browser("lin").await;
        for lang in ["en", "zh-CN"] {
            browser.get(&format!("/me?lang={lang}")).await;
            for page in ["/standards", "/standards/letter_rating", "/standards/subject_category"] {
                let shown = browser.get(page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let list = browser.get("/standards").await.text;
        assert!(list.contains("/standards/letter_rating") && list.contains("高净值个人"), "{list}");
        let ratings = browser.get("/standards/letter_rating").await.text;
        for words in ["AA+", "违约", "优先受理、专人服务", "停止新增授信、清收压降"] {
            assert!(ratings.contains(words), "{words}: {ratings}");
        }
        assert!(!ratings.contains("param."), "parameters by their values: {ratings}");
        let categories = browser.get("/standards/subject_category").await.text;
        for words in ["年收入", "专属客户经理与财富建议", "小额分散、核实还款来源", "集团与关联合并管控"]
        {
            assert!(categories.contains(words), "{words}: {categories}");
        }
        let printed = browser.get("/standards/letter_rating/standard.pdf").await;
        assert_eq!(printed.status, StatusCode::OK);
        assert!(printed.text.starts_with("%PDF"));
        assert_eq!(lender.count("select count(*) as n from audit_entry where action = 'standard.print'").await, 1);
        assert_eq!(browser.get("/standards/poem").await.status, StatusCode::NOT_FOUND);
    }
}
