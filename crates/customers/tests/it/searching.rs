//! Search: every way of finding, hostile texts, scope.

use customers::customer::search::find_customers;
use customers::open;

use crate::lender::{identity, lenders};

#[tokio::test]
async fn a_customer_is_found_every_way_people_look() {
    for lender in lenders().await {
        let mut work = lender.system().await;
        let mut one = lender.person("单雄信", Some(&identity(1)), Some("13900001234"), "lin").await;
        one.aliases = vec!["单雄".to_owned(), "大个子".to_owned()];
        open(&mut work, &one).await.unwrap();
        let two = lender.person("丹凤", Some(&identity(2)), Some("13900005678"), "lin").await;
        open(&mut work, &two).await.unwrap();
        let rows: [(&str, &[&str]); 17] = [
            ("单雄", &["单雄信"]),
            ("雄信", &["单雄信"]),
            ("shanxiong", &["单雄信"]),
            ("Shan Xiong", &["单雄信"]),
            ("sxx", &["单雄信"]),
            ("dan", &["丹凤"]),
            ("大个", &["单雄信"]),
            ("1234", &["单雄信"]),
            ("139 0000 5678", &["丹凤"]),
            ("C00000002", &["丹凤"]),
            ("c0000000", &["丹凤", "单雄信"]),
            (&identity(1), &["单雄信"]),
            ("9999", &[]),
            ("%", &[]),
            ("_", &[]),
            ("' or 1=1 --", &[]),
            ("\u{0}\u{10FFFF}", &[]),
        ];
        for (asked, names) in rows {
            let mut found: Vec<String> =
                find_customers(&mut work, asked, 20).await.unwrap().into_iter().map(|c| c.name).collect();
            found.sort();
            let mut names = names.to_vec();
            names.sort();
            assert_eq!(found, names, "{asked:?}");
        }
        assert_eq!(find_customers(&mut work, "c0000", 1).await.unwrap().len(), 1, "limited");
    }
}
