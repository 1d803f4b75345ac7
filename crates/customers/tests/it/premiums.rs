//! The list of premium enterprises on every database: entered by one, agreed to by another, read by number in the classes.

use axum::http::StatusCode;
use customers::datum::facts;
use customers::premium::model::{Content, Entry, PremiumId, PremiumState};
use customers::premium::{actions, store};
use jiff::civil::Date;
use platform::approval::{self, Verdict};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::testbed;
use policy::Value;

use crate::lender::{Lender, identity};
use crate::records::record;

const PARENT: &str = "91350100M000100Y43";
/// A central enterprise, a subsidiary, a trade of item 5: invented numbers with valid check characters.
const GROUP: &str = "91350100000000001U";

/// A lender with the five classes on every database.
async fn lenders() -> Vec<Lender> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        all.push(Lender::under(db, "consumer-finance").await);
    }
    all
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn content(name: &str, uscc: &str, item: &str) -> Content {
    Content {
        name: name.to_owned(),
        uscc: uscc.to_owned(),
        item: item.to_owned(),
        industry: "none".to_owned(),
        board: None,
        good_years: None,
        parent_uscc: None,
        parent_share_ppm: None,
        proof: "国资委央企名录2026年版".to_owned(),
        starts_on: day("2026-11-20"),
        until: None,
    }
}

async fn submit(lender: &Lender, content: &Content) -> Result<PremiumId, ActionError> {
    let mut work = lender.work("lin").await;
    let id = actions::submit(&mut work, content, None).await?;
    work.commit().await?;
    Ok(id)
}

async fn entry(lender: &Lender, id: PremiumId) -> Entry {
    let mut tx = lender.house.app.db.read().await.unwrap();
    store::find(&mut tx, id).await.unwrap().unwrap()
}

async fn agree(lender: &Lender, id: PremiumId, who: &str) -> Result<(), ActionError> {
    let one = entry(lender, id).await;
    let mut work = lender.work(who).await;
    let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, CustomerId(0), one.approval.unwrap(), &verdict).await?;
    work.commit().await?;
    Ok(())
}

/// The item that the classes read of a customer's employer on a day, and where it comes from.
async fn told(lender: &Lender, id: CustomerId, on: Date) -> (Option<String>, Option<facts::Origin>) {
    let mut work = lender.work("lin").await;
    let customer = customers::load(&mut work.tx, id).await.unwrap().unwrap();
    let rules = platform::policies::in_force(&mut work, on).await.unwrap();
    let known = facts::known(&mut work, &customer, &rules, on).await.unwrap();
    let item = known.facts.get("premium_list_item").and_then(Value::as_text).map(str::to_owned);
    (item, known.origins.get("premium_list_item").cloned())
}

async fn employee(lender: &Lender, uscc: &str) -> CustomerId {
    let new = lender.person("梁文", Some(&identity(3)), None, "lin").await;
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    let work_data = [("employer_name", "示例集团有限公司"), ("employer_uscc", uscc), ("employer_kind", "enterprise")];
    record(lender, id, "在职证明", &work_data).await;
    id
}

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> &'static str {
    result.unwrap_err().refusal().unwrap().code
}

// S5.8-08. Rules premium.items, premium.entry, premium.employer, premium.force, approval.premium_enterprise
#[tokio::test]
async fn an_employer_is_premium_by_its_number_while_an_entry_that_another_agreed_to_stands() {
    for lender in lenders().await {
        let id = employee(&lender, "91350100m000100y43").await;
        let today = day("2026-11-20");
        assert_eq!(told(&lender, id, today).await.0.as_deref(), Some("none"), "the name alone makes nothing premium");
        let key = submit(&lender, &content("示例集团有限公司", PARENT, "sasac")).await.unwrap();
        assert_eq!(told(&lender, id, today).await.0.as_deref(), Some("none"), "it waits");
        assert_eq!(code(submit(&lender, &content("示例集团", PARENT, "sasac")).await), "premium-waits");
        assert!(agree(&lender, key, "lin").await.is_err(), "never the maker");
        agree(&lender, key, "zong").await.unwrap();
        let one = entry(&lender, key).await;
        assert_eq!((one.state, one.approved_on), (PremiumState::Approved, Some(today)));
        let (item, origin) = told(&lender, id, today).await;
        assert_eq!(item.as_deref(), Some("sasac"));
        assert_eq!(origin, Some(facts::Origin::PremiumList(Some((key, one.number.clone())))), "the entry is named");
        let due = "select count(distinct customer_id) as n from customer_standing where review_on <= '2026-11-20'";
        assert_eq!(lender.count(due).await, 1, "who works there is looked at by the next close");
        // Taken off, it counts until the day before; the reason is asked for.
        let mut work = lender.work("lin").await;
        let refused = actions::end(&mut work, &key.to_string(), Some(day("2026-12-01")), " ").await.unwrap_err();
        assert_eq!(refused.refusal().unwrap().fields[0].field, "reason");
        actions::end(&mut work, &key.to_string(), Some(day("2026-12-01")), "不再列入央企名录").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(told(&lender, id, day("2026-11-30")).await.0.as_deref(), Some("sasac"));
        assert_eq!(told(&lender, id, day("2026-12-01")).await.0.as_deref(), Some("none"));
        // A later entry takes the place of an earlier one; both stay in the history.
        let again = Content { starts_on: day("2026-11-25"), ..content("示例集团有限公司", PARENT, "item_1") };
        let next = submit(&lender, &again).await.unwrap();
        agree(&lender, next, "zong").await.unwrap();
        let old = entry(&lender, key).await;
        assert_eq!((old.ended_on, old.superseded_by), (Some(day("2026-11-25")), Some(next)));
        assert_eq!(told(&lender, id, day("2026-11-26")).await.0.as_deref(), Some("item_1"));
        let mut tx = lender.house.app.db.read().await.unwrap();
        assert_eq!(store::of_enterprise(&mut tx, PARENT).await.unwrap().len(), 2);
    }
}

// S5.8-08, S5.8-T19. Rule premium.subsidiary
#[tokio::test]
async fn a_subsidiary_is_checked_by_board_years_share_and_a_parent_on_the_list() {
    for lender in lenders().await {
        let own = group_number();
        let subsidiary = |board: &str, years, share| Content {
            board: Some(board.to_owned()),
            good_years: Some(years),
            parent_uscc: Some(PARENT.to_owned()),
            parent_share_ppm: Some(share),
            proof: "年报".to_owned(),
            ..content("示例股份有限公司", &own, "subsidiary")
        };
        for (board, years, share) in [("main", 3, 249_900), ("chinext", 3, 250_000), ("main", 2, 250_000)] {
            let found = code(submit(&lender, &subsidiary(board, years, share)).await);
            assert_eq!(found, "premium-conditions", "{board} {years} {share}");
        }
        let good = subsidiary("main", 3, 250_000);
        let orphan = submit(&lender, &good).await.unwrap_err();
        assert_eq!(orphan.refusal().unwrap().fields[0].code, "premium-parent-not-listed");
        let parent = submit(&lender, &content("示例集团有限公司", PARENT, "sasac")).await.unwrap();
        agree(&lender, parent, "zong").await.unwrap();
        let key = submit(&lender, &good).await.unwrap();
        agree(&lender, key, "zong").await.unwrap();
        let id = employee(&lender, &own).await;
        assert_eq!(told(&lender, id, day("2026-11-20")).await.0.as_deref(), Some("subsidiary"));
        // The parent gone, the subsidiary counts no more.
        let mut work = lender.work("lin").await;
        actions::end(&mut work, &parent.to_string(), None, "移出央企名录").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(told(&lender, id, day("2026-11-20")).await.0.as_deref(), Some("none"));
    }
}

/// The number of the subsidiary with its check character (GB 32100-2015).
fn group_number() -> String {
    let base = &GROUP[..17];
    (b'0'..=b'9')
        .chain(b'A'..=b'Z')
        .map(|last| format!("{base}{}", char::from(last)))
        .find(|number| {
            customers::identity::IdentityNo::parse(customers::identity::IdentityKind::SocialCreditCode, number).is_ok()
        })
        .unwrap()
}

// S5.8-08. Rule premium.file
#[tokio::test]
async fn the_list_comes_in_and_goes_out_as_a_file_and_is_found_by_number() {
    for lender in lenders().await {
        let mut browser = lender.browser("lin").await;
        let path = "/premium-enterprises/import";
        let file = |rows: &str| format!("企业名称,统一社会信用代码,名单项目,行业,依据,生效日期\n{rows}").into_bytes();
        let bad = file(&format!(
            "示例集团有限公司,{PARENT},国资委央企名录,,名录,2026-11-20\n示例盐业,1,列名行业企业,盐业,执照,2026-11-20\n"
        ));
        let back = browser.upload_from(path, path, &[], ("file", "名单.csv", bad.as_slice())).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", back.text);
        assert!(back.text.contains("第 3 行有误") && back.text.contains("统一社会信用代码"), "{}", back.text);
        assert_eq!(lender.count("select count(*) as n from premium_enterprise").await, 0, "all or nothing");
        let good = file(&format!(
            "示例集团有限公司,{PARENT},国资委央企名录,,名录,2026-11-20\n示例盐业有限公司,{},列名行业企业,盐业,执照,2026-11-20\n",
            group_number()
        ));
        let sent = browser.upload_from(path, path, &[], ("file", "名单.csv", good.as_slice())).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let waiting = "select count(*) as n from approval where kind = 'premium_enterprise'";
        assert_eq!(lender.count(waiting).await, 2);
        let found = browser.get(&format!("/premium-enterprises?view=all&q={PARENT}")).await.text;
        assert!(found.contains("示例集团有限公司") && !found.contains("示例盐业"), "{found}");
        let key = lender.count("select min(id) as n from premium_enterprise").await;
        for lang in ["en", "zh-CN"] {
            browser.get(&format!("/me?lang={lang}")).await;
            for page in [
                "/premium-enterprises?view=all".to_owned(),
                "/premium-enterprises/new".to_owned(),
                path.to_owned(),
                format!("/premium-enterprises/{key}"),
                format!("/premium-enterprises/{key}/edit"),
            ] {
                let shown = browser.get(&page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let mut head = lender.browser("head").await;
        let out = head.get("/premium-enterprises/export.xlsx?view=all").await;
        assert_eq!(out.status, StatusCode::OK);
        // Who may only look finds the list, and no form.
        let mut reader = lender.browser("reader").await;
        assert_eq!(reader.get("/premium-enterprises").await.status, StatusCode::OK);
        assert_eq!(reader.get("/premium-enterprises/new").await.status, StatusCode::FORBIDDEN);
    }
}
