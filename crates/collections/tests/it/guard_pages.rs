//! The pages of the guard in a browser: both languages, every refusal in words, nothing shown that may not be.

use axum::http::StatusCode;
use collections::conduct;
use collections::conduct::model::{FindingId, Opinion};
use collections::stop_flag::model::{NewStopFlag, StopKind};
use jiff::SignedDuration;
use jiff::civil::date;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::testbed::{Answer, Browser};

use crate::lender::{Lender, plain};

const PHONE: &str = "19900000001";

async fn debtor(lender: &Lender) -> CustomerId {
    let customer = lender.customer("甲").await;
    lender.loan(customer, plain(date(2026, 8, 20), 12)).await;
    customer
}

pub async fn in_both_languages(browser: &mut Browser, path: &str) -> Answer {
    let join = if path.contains('?') { '&' } else { '?' };
    let mut last = None;
    for lang in ["en", "zh-CN"] {
        let page = browser.get(&format!("{path}{join}lang={lang}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        assert!(missing_in(&page.text).is_empty(), "{path}: {:?}", missing_in(&page.text));
        assert!(!page.text.contains(PHONE), "{path}");
        last = Some(page);
    }
    last.unwrap()
}

/// The first address on a page that begins so.
pub fn address(page: &Answer, start: &str) -> String {
    let (_, rest) =
        page.text.split_once(&format!("href=\"{start}")).unwrap_or_else(|| panic!("no {start}: {}", page.text));
    format!("{start}{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn a_collector_asks_dials_and_says_what_came_of_it() {
    // X-05 S4-14 S2.5-04, rule `conduct.call`
    for lender in Lender::everywhere().await {
        let customer = debtor(&lender).await;
        let mut browser = lender.house.user("boss").await;
        let reach = format!("/customers/{customer}?tab=reach");
        let page = in_both_languages(&mut browser, &reach).await;
        assert!(page.text.contains("可联系") && page.text.contains("199****0001"), "{}", page.text);
        let ask = address(&page, &format!("/customers/{customer}/reach/"));
        in_both_languages(&mut browser, &ask).await;
        let without = browser.post_from(&ask, &ask, &[("channel", "phone"), ("reason", " ")]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let shown = browser.post_from(&ask, &ask, &[("channel", "phone"), ("reason", "提醒还款")]).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert!(shown.text.contains(PHONE) && missing_in(&shown.text).is_empty());
        assert_eq!(shown.headers.get("cache-control").unwrap(), "no-store");
        let outcome = address(&shown, &format!("/customers/{customer}/outcomes/"));
        let again = browser.post_from(&ask, &ask, &[("channel", "phone"), ("reason", "再提醒")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.text.contains("contact.outcome-first") && !again.text.contains(PHONE), "{}", again.text);
        assert!(again.text.contains("href=\"/collections/outcomes\""), "the way out leads to what is owed");
        let owed = in_both_languages(&mut browser, "/collections/outcomes").await;
        assert!(owed.text.contains(&outcome), "{}", owed.text);
        in_both_languages(&mut browser, &outcome).await;
        let empty = browser.post_from(&outcome, &outcome, &[("result", "promised"), ("response", "")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = [("result", "promised"), ("response", "周一还"), ("seconds", "65")];
        let saved = browser.post_from(&outcome, &outcome, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        judged(&lender, customer, &outcome).await;
        let twice = browser.post(&outcome, &fields).await;
        assert!(twice.status == StatusCode::CONFLICT && missing_in(&twice.text).is_empty(), "{}", twice.text);
        let after = in_both_languages(&mut browser, &reach).await;
        assert!(after.text.contains("接通 1 / 3"), "{}", after.text);
        let night = "2026-11-20T15:00:00Z".parse().unwrap();
        lender.app().clock.set(night);
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, &reach).await;
        assert!(page.text.contains("此刻不可") && page.text.contains("11-21 08:00"), "{}", page.text);
        let refused = browser.post_from(&ask, &ask, &[("channel", "phone"), ("reason", "夜间")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("contact.quiet-hours") && refused.text.contains("11-21 08:00"));
        // The file's own page of the number goes the same way.
        let contacts = browser.get(&format!("/customers/{customer}?tab=contacts")).await;
        let phone = address(&contacts, &format!("/customers/{customer}/contacts/"));
        if phone.ends_with("/phone") {
            let side = browser.post_from(&phone, &phone, &[("purpose", "verify"), ("reason", "核实")]).await;
            assert!(side.status == StatusCode::CONFLICT && side.text.contains("contact.quiet-hours"), "{}", side.text);
        }
    }
}

/// How the call was held is judged by somebody else, once, and what it was not is a finding.
async fn judged(lender: &Lender, customer: CustomerId, outcome: &str) {
    let calls = format!("/customers/{customer}/calls");
    let own = lender.house.user("boss").await.get(&calls).await;
    assert!(
        own.text.contains("承诺还款") && !own.text.contains(&format!("href=\"{calls}/")),
        "the own call: {}",
        own.text
    );
    let mut clerk = lender.house.user("clerk").await;
    let page = in_both_languages(&mut clerk, &calls).await;
    let judge = address(&page, &format!("{calls}/"));
    assert_eq!(judge.rsplit('/').next(), outcome.rsplit('/').next(), "the same contact");
    in_both_languages(&mut clerk, &judge).await;
    let open = clerk.post_from(&judge, &judge, &[("polite", "no")]).await;
    assert_eq!(open.status, StatusCode::UNPROCESSABLE_ENTITY, "every question is answered");
    let said = |verdict: &'static str| {
        let all = [("reasonable", "yes"), ("lawful", "yes"), ("polite", "no"), ("firm", "yes")];
        [&all[..], &[("verdict", verdict), ("opinion", "语气生硬，已提醒")]].concat()
    };
    let soft = clerk.post_from(&judge, &judge, &said("justified")).await;
    assert!(soft.status == StatusCode::UNPROCESSABLE_ENTITY && missing_in(&soft.text).is_empty(), "{}", soft.text);
    assert_eq!(clerk.post_from(&judge, &judge, &said("warned")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(clerk.post_from(&judge, &judge, &said("warned")).await.status, StatusCode::CONFLICT, "once");
    let after = in_both_languages(&mut clerk, &calls).await;
    assert!(after.text.contains("有礼不足") && after.text.contains("已提醒"), "{}", after.text);
    let report = in_both_languages(&mut clerk, "/collections/conduct?view=flagged").await;
    assert!(report.text.contains("不足：有礼"), "{}", report.text);
}

#[tokio::test]
async fn a_stop_flag_stands_in_the_head_and_is_lifted_by_somebody_else() {
    //
    for lender in Lender::everywhere().await {
        let customer = debtor(&lender).await;
        let mut browser = lender.house.user("boss").await;
        let new = format!("/customers/{customer}/stop-flags/new");
        in_both_languages(&mut browser, &new).await;
        let empty = browser.post_from(&new, &new, &[("kind", "dispute")]).await;
        assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && missing_in(&empty.text).is_empty());
        let fields = [("kind", "dispute"), ("reason", "金额有异议"), ("evidence", "投诉单7")];
        assert_eq!(browser.post_from(&new, &new, &fields).await.status, StatusCode::SEE_OTHER);
        let page = in_both_languages(&mut browser, &format!("/customers/{customer}")).await;
        assert!(page.text.contains("停催：争议或投诉办理中"), "{}", page.text);
        in_both_languages(&mut browser, &format!("/customers/{customer}?tab=stop-flags")).await;
        let lift = address(&page, &format!("/customers/{customer}/stop-flags/"));
        let lift = if lift.ends_with("/lift") { lift } else { lift_of(&page, customer) };
        let own = browser.post_from(&lift, &lift, &[("reason", "已答复")]).await;
        assert!(own.status == StatusCode::CONFLICT && own.text.contains("stop-flag.second-person"), "{}", own.text);
        let mut other = lender.house.user("clerk").await;
        assert_eq!(other.post_from(&lift, &lift, &[("reason", "已答复")]).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_contact_about_a_case_proposes_its_reason_and_leads_back_to_the_desk() {
    // X-05 S4-14
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        lender.loan(customer, plain(date(2026, 10, 20), 12)).await;
        lender.close_until(date(2026, 11, 23)).await;
        let mut tx = lender.app().db.read().await.unwrap();
        let case = collections::case::store::open_of(&mut tx, customer).await.unwrap().unwrap();
        drop(tx);
        let mut browser = lender.house.user("boss").await;
        let page = browser.get(&format!("/customers/{customer}?tab=reach")).await;
        let ask = address(&page, &format!("/customers/{customer}/reach/"));
        let form = in_both_languages(&mut browser, &ask).await;
        assert!(form.text.contains(&format!("案件 {}，逾期 3 天", case.number)), "{}", form.text);
        let shown = browser.post_from(&ask, &ask, &[("channel", "phone"), ("reason", "提醒还款")]).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains(PHONE), "{}", shown.text);
        let mine = case.state.owner() == Some(lender.house.user_id("boss").await);
        let desk = format!("href=\"/collections/work?case={}\"", case.key.case);
        assert_eq!(shown.text.contains(&desk), mine, "{}", shown.text);
    }
}

#[tokio::test]
async fn a_collector_reaches_a_customer_whom_somebody_else_manages() {
    // X-05 X-10
    for lender in Lender::everywhere().await {
        let customer = debtor(&lender).await;
        let mut browser = lender.house.user("collector").await;
        let page = in_both_languages(&mut browser, &format!("/customers/{customer}?tab=reach")).await;
        let ask = address(&page, &format!("/customers/{customer}/reach/"));
        let shown = browser.post_from(&ask, &ask, &[("channel", "phone"), ("reason", "提醒还款")]).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains(PHONE), "{}", shown.text);
        let outcome = address(&shown, &format!("/customers/{customer}/outcomes/"));
        let saved = browser.post_from(&outcome, &outcome, &[("result", "no-answer")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let new = format!("/customers/{customer}/stop-flags/new");
        let fields = [("kind", "illness"), ("reason", "住院"), ("evidence", "诊断证明")];
        assert_eq!(browser.post_from(&new, &new, &fields).await.status, StatusCode::SEE_OTHER);
        in_both_languages(&mut browser, "/collections/conduct?view=all").await;
    }
}

fn lift_of(page: &Answer, customer: CustomerId) -> String {
    let start = format!("/customers/{customer}/stop-flags/");
    let all = page.text.split("href=\"").filter_map(|rest| rest.split('"').next());
    all.filter(|href| href.starts_with(&start)).find(|href| href.ends_with("/lift")).unwrap().to_owned()
}

#[tokio::test]
async fn the_conduct_report_lists_totals_exports_and_is_reviewed_by_another() {
    // S2.5-38 S4-17, rule `conduct.review`
    for lender in Lender::everywhere().await {
        let customer = debtor(&lender).await;
        let mut browser = lender.house.user("boss").await;
        let outside = format!("/customers/{customer}/outside-contact");
        in_both_languages(&mut browser, &outside).await;
        let bad = browser.post_from(&outside, &outside, &[("person", ""), ("at", ""), ("channel", "x")]).await;
        assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && missing_in(&bad.text).is_empty());
        let mut work = lender.work().await;
        let person = customers::load(&mut work.tx, customer).await.unwrap().unwrap().person.to_string();
        drop(work);
        let fields = [
            ("person", person.as_str()),
            ("at", "2026-11-19T23:30"),
            ("channel", "phone"),
            ("result", "refused"),
            ("response", "太晚了"),
        ];
        assert_eq!(browser.post_from(&outside, &outside, &fields).await.status, StatusCode::SEE_OTHER);
        let report = in_both_languages(&mut browser, "/collections/conduct").await;
        assert!(report.text.contains("静默时段不得联系") && report.text.contains("用户boss"), "{}", report.text);
        for view in ["refused", "flagged", "unlawful", "all"] {
            in_both_languages(&mut browser, &format!("/collections/conduct?view={view}")).await;
        }
        let filtered = browser.get("/collections/conduct?view=all&on.from=2026-11-20").await;
        assert!(filtered.status == StatusCode::OK && !filtered.text.contains("静默时段不得联系"), "{}", filtered.text);
        let export = browser.get("/collections/conduct/export.xlsx?view=all").await;
        assert_eq!(export.status, StatusCode::OK);
        let review = address(&report, &format!("/collections/conduct/{customer}/"));
        in_both_languages(&mut browser, &review).await;
        let said = [("verdict", "violation"), ("opinion", "夜间致电，责令改正")];
        let own = browser.post_from(&review, &review, &said).await;
        assert!(own.status == StatusCode::CONFLICT && own.text.contains("conduct.review"), "{}", own.text);
        // rule service.no-second-person: a program that comes with a token reviews nobody.
        let mut work = lender.at("clerk").await;
        work.actor.service = true;
        let finding = FindingId(review.rsplit('/').next().unwrap().parse().unwrap());
        let reviewed = conduct::actions::review(&mut work, customer, finding, Opinion::Violation, "责令改正").await;
        assert!(matches!(reviewed, Err(ActionError::Refused(refused)) if refused.code == "service-account"));
        drop(work);
        let mut other = lender.house.user("clerk").await;
        assert_eq!(other.post_from(&review, &review, &said).await.status, StatusCode::SEE_OTHER);
        let twice = other.post(&review, &said).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        let after = in_both_languages(&mut other, "/collections/conduct?view=all").await;
        assert!(after.text.contains("构成违规"), "{}", after.text);
    }
}

#[tokio::test]
async fn what_stands_around_the_numbers_has_its_forms() {
    // X-06 S2.4-10
    for lender in Lender::everywhere().await {
        let customer = debtor(&lender).await;
        let mut browser = lender.house.user("boss").await;
        let lines = "/collections/lines";
        in_both_languages(&mut browser, lines).await;
        let added = browser.post_from(lines, lines, &[("number", "0591-10010"), ("label", "一线")]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER);
        assert!(in_both_languages(&mut browser, lines).await.text.contains("059110010"));
        let ground = format!("/customers/{customer}/ground");
        in_both_languages(&mut browser, &ground).await;
        let early = browser.post_from(&ground, &ground, &[("ground", "unreachable"), ("evidence", "未通")]).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        assert!(early.text.contains("还差线路 3 条") && missing_in(&early.text).is_empty(), "{}", early.text);
        let hours = format!("/customers/{customer}/hours");
        in_both_languages(&mut browser, &hours).await;
        let odd = browser.post_from(&hours, &hours, &[("hours", "night"), ("evidence", "函")]).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        let good = [("time_zone", "Asia/Urumqi"), ("hours", "22:00-23:00"), ("evidence", "书面同意")];
        assert_eq!(browser.post_from(&hours, &hours, &good).await.status, StatusCode::SEE_OTHER);
        let mut work = lender.at("boss").await;
        let flag = NewStopFlag { kind: StopKind::Illness, reason: "住院".to_owned(), evidence: "诊断".to_owned() };
        collections::stop_flag::set(&mut work, customer, &flag).await.unwrap();
        work.commit().await.unwrap();
        let page = in_both_languages(&mut browser, &format!("/customers/{customer}?tab=reach")).await;
        assert!(page.text.contains("contact.stop-flag"), "{}", page.text);
        let open =
            page.text.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|href| href.ends_with("/open"));
        let open = open.unwrap().to_owned();
        in_both_languages(&mut browser, &open).await;
        let law = browser.post_from(&open, &open, &[("reason", "急")]).await;
        assert!(law.status == StatusCode::CONFLICT && law.text.contains("contact.stop-flag"), "{}", law.text);
        lender.app().clock.advance(SignedDuration::from_secs(1));
        let mut viewer = lender.house.user("viewer").await;
        for path in [&ground, &hours, &open, &format!("/customers/{customer}/stop-flags/new")] {
            assert_eq!(viewer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}
