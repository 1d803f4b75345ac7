//! A draft of the rules compared on the customers: who would be graded otherwise, and what stays as it is.

use customers::standing::subjects::CustomersOf;
use customers::{CustomerKind, NewCustomer};
use jiff::ToSpan as _;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::policies::compare::{Asked, PolicySubjects};
use platform::work::Work;
use policy::Value;

use crate::data::{from, record};
use crate::lender::{Lender, identity, lenders};

/// A person with a score, recorded some days ago.
async fn scored(lender: &Lender, name: &str, serial: u32, score: &str, ago: i64) -> CustomerId {
    let new: NewCustomer = lender.person(name, Some(&identity(serial)), None, "lin").await;
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    let since = work.business_date.checked_sub(ago.days()).unwrap();
    record(&mut work, id, &[("composite_score_centi", score)], &from(since, customers::datum::model::Basis::Contract))
        .await
        .unwrap();
    work.commit().await.unwrap();
    id
}

async fn asked(work: &mut Work, ago: i64, facts: Vec<&'static str>) -> Asked {
    Asked { on: work.business_date.checked_sub(ago.days()).unwrap(), facts }
}

// Rule standing.compare: what would be graded otherwise is counted, listed and left as it is.
#[tokio::test]
async fn a_changed_threshold_names_the_customers_whose_grade_would_change() {
    for lender in lenders().await {
        let near = scored(&lender, "梁近", 1, "82", 0).await;
        scored(&lender, "宋高", 2, "95", 0).await;
        scored(&lender, "许低", 3, "50", 0).await;
        let nobody = lender.person("唐空", Some(&identity(4)), None, "lin").await;
        let mut work = lender.work("lin").await;
        customers::open(&mut work, &nobody).await.unwrap();
        work.commit().await.unwrap();
        let mut drafter = lender.browser("drafter").await;
        drafter.get("/me?lang=zh-CN").await;
        let draft = drafter.post_from("/policies", "/policies/drafts", &[("title", "提高良好起点")]).await;
        let draft = draft.location().to_owned();
        let place = format!("{draft}/parameters/grade_min_good");
        let fields = [("value", "8500"), ("article", "grade.table")];
        let kept = drafter.post_from(&place, &format!("{place}?seen=1"), &fields).await;
        assert_eq!(kept.status, axum::http::StatusCode::SEE_OTHER, "{}", kept.text);
        let compared = drafter.post_from(&draft, &format!("{draft}/compare"), &[("months", "0")]).await;
        let report = compared.location().to_owned();
        let mut page = drafter.get(&report).await;
        while page.text.contains("/progress") {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            page = drafter.get(&report).await;
        }
        assert_eq!(missing_in(&page.text), Vec::<String>::new());
        assert!(page.text.contains("4 位个人客户") && page.text.contains("信用等级"), "{}", page.text);
        let rows = drafter.get(&format!("{report}/rows?decision=credit_grade")).await.text;
        assert!(rows.contains(&format!("/customers/{near}?tab=standing")), "{rows}");
        let (moved, stood) = (rows.matches("?tab=standing").count(), lender.count(GOOD).await);
        assert_eq!((moved, stood), (1, 1), "one would move, and still stands where it stood");
    }
}

/// Who stands at good.
const GOOD: &str = "select count(*) as n from customer_standing where axis = 'credit_grade' and outcome = 'good'";

// The kept row says what the file says; a past date is read from the files as they stood.
#[tokio::test]
async fn customers_are_told_from_their_last_look_and_from_their_files_of_a_past_date() {
    const FACTS: [&str; 2] = ["composite_score_centi", "customer_age"];
    for lender in lenders().await {
        let old = scored(&lender, "梁早", 1, "82", 20).await;
        let mut work = lender.system().await;
        let sql = "update customer set opened_on = '2020-01-01'";
        work.tx.execute(sql, platform::args![]).await.unwrap();
        work.commit().await.unwrap();
        let young = scored(&lender, "宋新", 2, "91", 0).await;
        let persons = CustomersOf(CustomerKind::Person);
        let mut work = lender.system().await;
        let today = asked(&mut work, 0, FACTS.to_vec()).await;
        let groups = persons.groups(&mut work, &today).await.unwrap();
        assert_eq!((groups.len(), groups.iter().map(|one| one.count).sum::<i64>()), (2, 2));
        let score = |facts: &[Option<Value>]| facts[0].as_ref().and_then(Value::as_integer);
        let chosen: Vec<_> = groups.iter().filter(|one| score(&one.facts) == Some(9_100)).cloned().collect();
        let members = persons.members(&mut work, &today, &chosen, (i64::MIN, i64::MIN), 10).await.unwrap();
        assert_eq!(members.iter().map(|one| one.customer).collect::<Vec<_>>(), [young.0]);
        let behind = persons.members(&mut work, &today, &chosen, (young.0, young.0), 10).await.unwrap();
        assert_eq!(behind, Vec::new(), "and no more");
        // Without the kept row it is read from the file, and the answer is the same.
        let sort = |mut groups: Vec<platform::policies::compare::Group>| {
            groups.sort_by_key(|one| format!("{:?}", one.facts));
            groups
        };
        work.tx.execute("delete from customer_known", platform::args![]).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.system().await;
        assert_eq!(sort(persons.groups(&mut work, &today).await.unwrap()), sort(groups));
        // Ten days ago only one of them was a customer, with its score already.
        let past = asked(&mut work, 10, FACTS.to_vec()).await;
        let groups = persons.groups(&mut work, &past).await.unwrap();
        assert_eq!(groups.iter().map(|one| (score(&one.facts), one.count)).collect::<Vec<_>>(), [(Some(8_200), 1)]);
        let before = asked(&mut work, 30, FACTS.to_vec()).await;
        let groups = persons.groups(&mut work, &before).await.unwrap();
        assert_eq!(groups.iter().map(|one| (score(&one.facts), one.count)).collect::<Vec<_>>(), [(None, 1)]);
        assert!(persons.concerns(edition(&mut work).await.edition(today.on), "credit_grade"));
        assert!(!persons.concerns(edition(&mut work).await.edition(today.on), "asset_class"), "loans have that one");
        let companies = CustomersOf(CustomerKind::Company);
        assert_eq!(companies.groups(&mut work, &today).await.unwrap(), Vec::new(), "{old} is a person");
    }
}

async fn edition(work: &mut Work) -> std::sync::Arc<platform::policies::InForce> {
    let on = work.business_date;
    platform::policies::in_force(work, on).await.unwrap()
}

// Every fact that a look finds can be asked for: none is forgotten in the list that is offered.
#[tokio::test]
async fn every_fact_that_a_look_keeps_is_offered() {
    for lender in lenders().await {
        scored(&lender, "梁文", 1, "82", 0).await;
        let mut work = lender.system().await;
        let kept = work.tx.fetch_all("select facts from customer_known", platform::args![]).await.unwrap();
        let facts: String = kept[0].get("facts").unwrap();
        let offered = CustomersOf(CustomerKind::Person).facts();
        for line in facts.lines() {
            let name = line.split('=').next().unwrap();
            assert!(offered.contains(&name), "{name} is not offered");
        }
        assert!(facts.lines().count() > 2, "{facts}");
    }
}
