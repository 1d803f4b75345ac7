//! What a collector works with: pay days, cards, the stage of a case, what contacts say of the cause, degrees of a loss,
//! risk ratings, who does what.

use axum::http::StatusCode;
use collections::case::model::{Case, CaseId};
use collections::case::store;
use collections::cause::actions as causes;
use collections::cause::model::{Capacity, Loss, NewDiagnosis, Talk};
use collections::contact::actions::{NewOutcome, OutsideContact, record, record_outside};
use collections::contact::model::ContactResult;
use collections::disposal::actions as disposals;
use collections::disposal::model::{NewStep, Step};
use collections::guard::model::AllowanceId;
use collections::guard::{Ask, reserve};
use collections::payday::actions as paydays;
use collections::payday::model::{Near, NewPayDay, Source};
use collections::risk::actions as risks;
use collections::worklist::model::Why;
use collections::worklist::queue;
use customers::contact_point::actions as points;
use customers::customer::model::{CustomerKind, NewCustomer};
use finance::Fen;
use jiff::civil::{Date, date};
use platform::args;
use platform::contact_gate::{Channel, Manner, Purpose, Shown};
use platform::error::ActionError;
use platform::id::{BranchId, CustomerId, UserId};
use servicing::loan::model::{NewLoan, Security};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// The first instalment falls due on 2026-11-20: the first day overdue is 11-21.
const START: Date = date(2026, 10, 20);
const FIRST: Date = date(2026, 11, 21);

fn code<T>(result: Result<T, ActionError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let refused = error.refusal().unwrap_or_else(|| panic!("{error}"));
            refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
        }
    }
}

async fn texts(lender: &Lender, sql: &'static str) -> Vec<String> {
    let mut tx = lender.app().db.read().await.unwrap();
    let rows = tx.fetch_all(sql, args![]).await.unwrap();
    rows.iter().map(|row| row.get("text").unwrap()).collect()
}

/// Somebody who collects while the credit department does: the first step of the ladder asks for its role.
async fn collector(lender: &Lender) -> UserId {
    let user = lender.house.user_id("clerk").await;
    let mut work = lender.work().await;
    let now = work.now;
    let sql = "insert into user_role (user_id, role, granted_at, granted_by) values ($1, $2, $3, 0)";
    work.tx.execute(sql, args![user, "credit_dept", now]).await.unwrap();
    work.commit().await.unwrap();
    user
}

async fn case_of(lender: &Lender, customer: CustomerId) -> Case {
    let mut tx = lender.app().db.read().await.unwrap();
    store::open_of(&mut tx, customer).await.unwrap().unwrap()
}

/// A debtor with a case on a day.
async fn overdue_on(lender: &Lender, on: Date) -> (CustomerId, CaseId) {
    let customer = lender.customer("程一诺").await;
    lender.loan(customer, plain(START, 12)).await;
    lender.close_until(on).await;
    (customer, case_of(lender, customer).await.key.case)
}

async fn why(lender: &Lender, owner: UserId) -> Why {
    let mut work = lender.at("clerk").await;
    let (queue, _) = queue::of(&mut work, owner.0).await.unwrap();
    queue.into_iter().next().unwrap().why
}

async fn on_the_call_list(lender: &Lender) -> bool {
    let mut browser = lender.house.user("clerk").await;
    let list = browser.get("/collections/cases?view=pay-day").await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.text);
    list.text.contains("程一诺")
}

async fn paid_on(lender: &Lender, case: CaseId, day: Option<i64>) {
    let mut work = lender.at("clerk").await;
    paydays::record(&mut work, case, NewPayDay { day, source: Source::Payslip }).await.unwrap();
    work.commit().await.unwrap();
}

// S2.5-31. Rules `payday.around`, `payday.known`, `case.order`
#[tokio::test]
async fn whoever_is_paid_these_days_stands_in_the_call_list_with_the_reason() {
    for lender in Lender::everywhere().await {
        let clerk = collector(&lender).await;
        let (_, case) = overdue_on(&lender, FIRST).await;
        assert_eq!(why(&lender, clerk).await, Why::Amount, "nothing is known, and the 21st is no usual pay day");
        assert!(!on_the_call_list(&lender).await);

        paid_on(&lender, case, Some(22)).await;
        let tomorrow = Near { on: date(2026, 11, 22), known: true };
        assert_eq!(why(&lender, clerk).await, Why::PayDay(tomorrow), "from the day before");
        assert!(on_the_call_list(&lender).await);
        paid_on(&lender, case, Some(24)).await;
        assert_eq!(why(&lender, clerk).await, Why::Amount, "the newest record holds");
        assert!(!on_the_call_list(&lender).await);

        // The 28th is a usual pay day: whose own day is known waits for it, whose is not is called.
        lender.close_until(date(2026, 11, 28)).await;
        assert!(!on_the_call_list(&lender).await);
        paid_on(&lender, case, None).await;
        assert!(on_the_call_list(&lender).await);
        lender.close_until(date(2026, 11, 29)).await;
        assert!(!on_the_call_list(&lender).await);
    }
}

// X-05, S4-14, S2.5-01, S2.5-18. Rule `case.call-in-place`
#[tokio::test]
async fn a_call_is_asked_for_made_and_entered_on_the_desk() {
    const PHONE: &str = "19900000001";
    for lender in Lender::everywhere().await {
        collector(&lender).await;
        let (customer, case) = overdue_on(&lender, FIRST).await;
        paid_on(&lender, case, Some(22)).await;
        let number = case_of(&lender, customer).await.number;
        let mut browser = lender.house.user("clerk").await;
        let (page, call) = (format!("/collections/work?case={case}"), format!("/collections/cases/{case}/call"));
        let desk = in_both_languages(&mut browser, &page).await;
        assert!(desk.text.contains(&format!("（案件 {number}，逾期 1 天）")), "why it is in the queue: {}", desk.text);
        let (_, button) =
            desk.text.split_once("form=\"call\" name=\"point\" value=\"").expect("a press beside the number");
        let point = button.split('"').next().unwrap().to_owned();
        let without = browser.post_from(&page, &call, &[("point", &point), ("reason", " ")]).await;
        assert!(without.status == StatusCode::UNPROCESSABLE_ENTITY && !without.text.contains(PHONE));

        let asked = [("point", point.as_str()), ("reason", "发薪日临近，提醒还款"), ("line", "")];
        let shown = browser.post_from(&page, &call, &asked).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains(PHONE), "{}", shown.text);
        assert_eq!(shown.headers.get("cache-control").unwrap(), "no-store");
        for beside in ["话术", "逾期合计", "联系记录", "data-key=\"1\"", "开场先表明机构与工号"] {
            assert!(shown.text.contains(beside), "{beside}: {}", shown.text);
        }
        assert!(!shown.text.contains("form=\"call\""), "the outcome comes first");

        let again = browser.post_from(&page, &call, &asked).await;
        assert!(again.status == StatusCode::CONFLICT && !again.text.contains(PHONE), "{}", again.text);
        assert!(again.text.contains("contact.outcome-first"), "{}", again.text);
        assert!(again.text.contains("href=\"/collections/outcomes\""), "the way to what is owed: {}", again.text);
        let outcome = format!("/collections/cases/{case}/outcome");
        let said = [("result", "unable"), ("response", "工资未发")];
        assert_eq!(browser.post_from(&page, &outcome, &said).await.status, StatusCode::SEE_OTHER);
        let after = in_both_languages(&mut browser, &page).await;
        assert!(after.text.contains("form=\"call\"") && after.text.contains("工资未发"), "{}", after.text);

        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.post(&call, &asked).await.status, StatusCode::FORBIDDEN);
    }
}

// S2.5-31. Rule `payday.known`: the form, its refusals, its page; a company has no pay day.
#[tokio::test]
async fn a_pay_day_is_recorded_on_the_page_of_the_case() {
    for lender in Lender::everywhere().await {
        let (_, case) = overdue_on(&lender, FIRST).await;
        let mut browser = lender.house.user("clerk").await;
        let page = format!("/collections/cases/{case}");
        let form = format!("{page}/pay-day");
        for bad in ["32", "<b>1</b>"] {
            let refused = browser.post_from(&page, &form, &[("day", bad), ("source", "payslip")]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }
        let saved = browser.post_from(&page, &form, &[("day", "22"), ("source", "statement")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("每月 22 日") && shown.text.contains("2026-11-22"), "{}", shown.text);
        assert_eq!(texts(&lender, "select source as text from pay_day").await, ["statement"]);
        let desk = in_both_languages(&mut browser, &format!("/collections/work?case={case}")).await;
        assert!(desk.text.contains("程一诺"));
        let mut viewer = lender.house.user("viewer").await;
        let denied = viewer.post_from(&page, &form, &[("day", "1"), ("source", "debtor")]).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN);

        let company = company(&lender).await;
        lender.loan(company, plain(date(2026, 10, 21), 12)).await;
        lender.close_until(date(2026, 11, 22)).await;
        let theirs = case_of(&lender, company).await.key.case;
        let mut work = lender.at("clerk").await;
        let new = NewPayDay { day: Some(15), source: Source::Debtor };
        assert_eq!(code(paydays::record(&mut work, theirs, new).await), "payday-company");
    }
}

async fn company(lender: &Lender) -> CustomerId {
    let manager = lender.house.user_id("boss").await;
    let mut work = lender.work().await;
    let new = NewCustomer {
        kind: CustomerKind::Company,
        name: "衡川五金有限公司".to_owned(),
        aliases: Vec::new(),
        identity: None,
        nationality: None,
        phone: Some("19900000002".to_owned()),
        address: None,
        note: None,
        branch: BranchId(1),
        team: None,
        manager,
        number: None,
    };
    let opened = customers::customer::actions::open(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    opened.id
}

// S2.5-04, S2.5-06, S2.5-07, S2.5-28. Rules `call.checklist`, `case.life_stage`: before and during a call, on the desk and
// beside the outcome.
#[tokio::test]
async fn the_checklist_of_a_call_and_the_stage_of_the_case_stand_where_the_call_is_made() {
    for lender in Lender::everywhere().await {
        let (customer, case) = overdue_on(&lender, FIRST).await;
        let mut browser = lender.house.user("clerk").await;
        let desk = in_both_languages(&mut browser, &format!("/collections/work?case={case}")).await;
        let (before, during) = desk.text.split_once(">通话中</p>").unwrap();
        assert!(before.contains(">通话前</p>") && before.contains("望：先读档案"), "{before}");
        assert!(before.contains("不因民族、地域、性别、疾病区别对待"), "{before}");
        for said in ["闻：让对方说完", "问：一次只问一点", "切：确认问题所在"] {
            assert!(during.contains(said) && !before.contains(said), "{said}");
        }
        assert!(desk.text.contains("不卑不亢") && desk.text.contains("不说绝话"), "{}", desk.text);
        assert!(desk.text.contains("成长期") && desk.text.contains("债务人多有歉意"), "{}", desk.text);

        let allowance = called(&lender, customer).await;
        let outcome = format!("/customers/{customer}/outcomes/{allowance}");
        let mut browser = lender.house.user("boss").await;
        let beside = in_both_languages(&mut browser, &outcome).await;
        assert!(beside.text.contains("切：确认问题所在"), "{}", beside.text);

        lender.close_until(date(2026, 12, 21)).await;
        let mut browser = lender.house.user("clerk").await;
        let page = in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
        assert!(page.text.contains("成熟期") && !page.text.contains("成长期"), "{}", page.text);
        let mut program = lender.house.program("boss", &["case.view"]).await;
        let told = program.get(&format!("/collections/cases/{case}")).await.json();
        assert_eq!((&told["life_stage"], &told["pay_day"]), (&"maturity".into(), &serde_json::Value::Null), "{told}");
    }
}

// S2.5-10, S2.5-33, S2.5-34, S2.5-35, S2.5-36. Rules pattern.answers, pattern.segments
#[tokio::test]
async fn the_card_of_a_pattern_or_segment_says_what_may_be_said_and_what_never() {
    for lender in Lender::everywhere().await {
        let (_, case) = overdue_on(&lender, FIRST).await;
        let mut browser = lender.house.user("clerk").await;
        let card = in_both_languages(&mut browser, "/collections/cards?pattern=p5").await;
        let (may, never) = card.text.split_once(">不得</p>").unwrap();
        assert!(may.contains("请其提供困难证明") && never.contains("以刑事相威胁"), "{}", card.text);
        assert!(!card.text.contains("了解全部收入来源"), "that is the card of another pattern");
        let (sign, may) = may.split_once(">可以</p>").unwrap();
        assert!(sign.contains("哭诉贫困") && may.contains("家属提出代还的，先核实困难属实"), "{}", card.text);
        let segments = [
            ("white_collar", "经不起意外变故；懂法", "以礼相待，了解收入，说明法律后果", "告知单位或同事"),
            ("retiree", "收入稳定，因健康或子女而脆弱", "已同意被联系且守卫放行", "向非义务人的子女施压"),
            ("micro_owner", "多头负债、借新还旧，可能资不抵债", "了解进账、地址与存货", "翻查通话记录"),
            ("worker", "收入不稳定，家庭负担重", "先谈意愿，再谈来源：工资与房屋", "告知工友或雇主"),
        ];
        for (segment, sign, permitted, prohibited) in segments {
            let card = in_both_languages(&mut browser, &format!("/collections/cards?segment={segment}")).await;
            let (known, rest) = card.text.split_once(">可以</p>").unwrap();
            let (may, never) = rest.split_once(">不得</p>").unwrap();
            assert!(known.contains(sign) && may.contains(permitted), "{segment}: {}", card.text);
            assert!(never.contains(prohibited), "{segment}: {}", card.text);
        }
        // Each of the fourteen says by what it is recognised.
        let all = browser.get("/collections/cards").await;
        assert_eq!(all.text.matches(">识别</p>").count(), 18, "14 patterns and 4 segments");
        // On the desk each of the fourteen opens when it is picked.
        let desk = browser.get(&format!("/collections/work?case={case}")).await;
        assert_eq!(desk.text.matches("<details name=\"card\">").count(), 18, "14 patterns and 4 segments");
        let mut program = lender.house.program("boss", &["case.view"]).await;
        let cards = program.get("/collections/cards?pattern=p8").await.json();
        assert_eq!((&cards[0]["of"], cards.as_array().unwrap().len()), (&"p8".into(), 1), "{cards}");
    }
}

async fn outside(lender: &Lender, customer: CustomerId, at: &str, result: ContactResult) {
    let mut work = lender.at("boss").await;
    let person = customers::load_within(&mut work, customer, customers::VIEW).await.unwrap().person;
    let new = OutsideContact {
        customer,
        person,
        contacted: "本人".to_owned(),
        number_index: String::new(),
        at: at.parse().unwrap(),
        manner: Manner::by(Channel::Phone),
        result,
        response: "说不还".to_owned(),
    };
    record_outside(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
}

/// A call let through to the debtor, its outcome still owed.
async fn called(lender: &Lender, customer: CustomerId) -> AllowanceId {
    let mut work = lender.at("boss").await;
    let point = points::list(&mut work, customer).await.unwrap()[0].id;
    let ask = Ask {
        customer,
        point,
        purpose: Purpose::Collect,
        manner: Manner::by(Channel::Phone),
        reason: "催收到期款项".to_owned(),
    };
    let shown = reserve(&mut work, &ask).await.unwrap();
    work.commit().await.unwrap();
    match shown {
        Shown::Number(_, pass) => AllowanceId(pass.allowance.unwrap()),
        Shown::Refused { rule, .. } => panic!("{rule}"),
    }
}

fn diagnosis(causes: &[&str]) -> NewDiagnosis {
    NewDiagnosis {
        causes: causes.iter().map(|code| (*code).to_owned()).collect(),
        evidence: "流水与谈话".to_owned(),
        talk: Talk::Held,
    }
}

// S2.5-09. Rule `cause.hint`
#[tokio::test]
async fn what_contacts_came_to_speaks_for_a_cause_until_one_is_found() {
    for lender in Lender::everywhere().await {
        let (customer, case) = overdue_on(&lender, date(2026, 12, 21)).await;
        outside(&lender, customer, "2026-12-16T02:00:00Z", ContactResult::NoAnswer).await;
        let mut browser = lender.house.user("clerk").await;
        let page = format!("/collections/cases/{case}");
        assert!(!browser.get(&page).await.text.contains("联系中显示的原因"), "silence says nothing of the cause");
        outside(&lender, customer, "2026-12-17T02:00:00Z", ContactResult::Refused).await;
        outside(&lender, customer, "2026-12-18T02:00:00Z", ContactResult::Refused).await;
        let allowance = called(&lender, customer).await;
        let mut work = lender.at("boss").await;
        let new = NewOutcome {
            pattern: Some("p3".to_owned()),
            response: "多处欠款".to_owned(),
            ..NewOutcome::of(customer, allowance, ContactResult::Unable)
        };
        record(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();

        let known = case_of(&lender, customer).await;
        let mut work = lender.at("clerk").await;
        let hints = causes::hinted(&mut work, &known).await.unwrap();
        let told: Vec<(&str, i64)> = hints.iter().map(|hint| (hint.cause.as_str(), hint.contacts)).collect();
        assert_eq!(told, [("c6", 1), ("c3", 1), ("c9", 2)], "the most severe first");
        drop(work);
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("明确拒绝偿还") && shown.text.contains("2 次联系"), "{}", shown.text);
        for (cause, ticked) in [("c6", true), ("c9", true), ("c1", false)] {
            assert_eq!(shown.text.contains(&format!("value=\"{cause}\" checked")), ticked, "{cause}");
        }
        let mut work = lender.at("clerk").await;
        causes::diagnose(&mut work, case, &diagnosis(&["c3"])).await.unwrap();
        work.commit().await.unwrap();
        let after = browser.get(&page).await;
        assert!(!after.text.contains("value=\"c6\" checked"), "somebody has found the cause");
    }
}

// S2.3-12, DT-S2.3. Rule `cause.loss`: each degree of a loss is a cause with measures of its own.
#[tokio::test]
async fn a_loss_by_disaster_is_graded_and_each_degree_has_its_own_measures() {
    for lender in Lender::everywhere().await {
        let (_, case) = overdue_on(&lender, date(2026, 12, 21)).await;
        let mut work = lender.at("clerk").await;
        causes::diagnose(&mut work, case, &diagnosis(&["c3"])).await.unwrap();
        let lost = Loss { continues: false, intact: false };
        assert_eq!(causes::assess_loss(&mut work, case, lost, &diagnosis(&[])).await.unwrap(), "c4a");
        work.commit().await.unwrap();
        let mut browser = lender.house.user("clerk").await;
        let page = format!("/collections/cases/{case}");
        let form = format!("{page}/loss");
        let answer = |continues: &'static str, intact: &'static str| {
            [
                ("continues", continues),
                ("intact", intact),
                ("loss_evidence", "消防证明与现场查看"),
                ("loss_talk", "held"),
            ]
        };
        let refused = browser.post_from(&page, &form, &answer("perhaps", "")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for given in [answer("no", "yes"), answer("yes", "yes")] {
            let saved = browser.post_from(&page, &form, &given).await;
            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        }
        // The degrees replace each other; what was found besides stays, and the gravest counts.
        let kept = "select cause || ':' || also as text from default_cause order by id";
        assert_eq!(texts(&lender, kept).await, ["c3:", "c4a:c3", "c3:c4c", "c3:c4b"]);

        let mut work = lender.at("clerk").await;
        let on = work.business_date;
        let policy = platform::policies::in_force(&mut work, on).await.unwrap();
        let measures = ["c4a", "c4b", "c4c"].map(|cause| {
            let found = causes::measures(policy.edition(on), cause).unwrap();
            found.into_iter().map(|one| one.measure).collect::<Vec<_>>()
        });
        assert_eq!(measures[0], ["dispose_assets", "insurance_to_loan"]);
        assert_eq!(measures[1], ["extend_or_restructure"]);
        assert_eq!(measures[2], ["rescue_loan", "grace_first_loan"]);
    }
}

// S2.3-07: whoever can pay and forgets is told before each instalment, also while an older one is overdue.
#[tokio::test]
async fn a_forgetful_payer_is_told_before_the_next_instalment_too() {
    for lender in Lender::everywhere().await {
        let (_, case) = overdue_on(&lender, FIRST).await;
        let mut work = lender.at("clerk").await;
        causes::diagnose(&mut work, case, &diagnosis(&["c1"])).await.unwrap();
        let on = work.business_date;
        let policy = platform::policies::in_force(&mut work, on).await.unwrap();
        let first = causes::measures(policy.edition(on), "c1").unwrap().remove(0);
        assert_eq!(first.measure, "pre_due_notice");
        work.commit().await.unwrap();
        // The next instalment falls due on 2026-12-20; the policy reminds seven, three and one days before.
        lender.close_until(date(2026, 12, 19)).await;
        let told = "select d.due_on as text from duty_member m join duty d on d.id = m.duty_id \
             where d.kind = 'repayment_reminder' order by d.due_on";
        assert_eq!(texts(&lender, told).await, ["2026-12-13", "2026-12-17", "2026-12-19"]);
    }
}

// S4-04. Rules `risk.expected-loss`, `duty.loss_warning`
#[tokio::test]
async fn the_expected_loss_is_computed_with_each_rating_and_its_change_warns() {
    for lender in Lender::everywhere().await {
        let (_, case) = overdue_on(&lender, FIRST).await;
        let mut work = lender.at("boss").await;
        let key = collections::case::store::find(&mut work.tx, case).await.unwrap().unwrap().key;
        let estimate = risks::estimate(&mut work, &[key]).await.unwrap().remove(&key).unwrap();
        let [loan] = estimate.loans.as_slice() else { panic!("{estimate:?}") };
        assert!(loan.of.exposure > Fen(10_000_000), "the principal and the interest overdue: {loan:?}");
        assert_eq!((loan.of.security.as_str(), loan.lgd_ppm), ("credit", 750_000));
        assert_eq!(loan.pd_article, "house.expected-loss");
        let product = i128::from(loan.of.exposure.0) * i128::from(loan.pd_ppm) * i128::from(loan.lgd_ppm);
        let whole = (product + 500_000_000_000) / 1_000_000_000_000;
        assert_eq!(i128::from(loan.loss.0), whole, "exact, a half up");
        risks::rate(&mut work, case, "刚逾期，联系正常").await.unwrap();
        work.commit().await.unwrap();

        // 31 days: another probability. Nobody rated anew, so the close warns, once.
        let open = "select count(*) as n from duty where kind = 'loss_warning' and state = 'open'";
        assert_eq!(lender.count(open).await, 0);
        lender.close_until(date(2026, 12, 21)).await;
        assert_eq!(lender.count(open).await, 1, "it lies far from the last rating");
        lender.close_until(date(2026, 12, 22)).await;
        assert_eq!(lender.count(open).await, 1, "what stands is not asked for again");
        let mut work = lender.at("boss").await;
        risks::rate(&mut work, case, "逾期满一个月").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, 0, "rated anew");

        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
        assert!(page.text.contains("预期损失") && page.text.contains("75%"), "{}", page.text);
        let kept = "select count(*) as n from expected_loss";
        assert_eq!(lender.count(kept).await, 2, "each rating keeps on what it rests");
        let mut program = lender.house.program("boss", &["case.view", "measure.view"]).await;
        let told = program.get(&format!("/collections/cases/{case}")).await.json();
        let loss = told["expected_loss_fen"].as_i64().unwrap();
        assert_eq!(told["expected_losses"][0]["loss_fen"].as_i64(), Some(loss), "{told}");
        let list = program.get("/collections/cases").await.json();
        assert_eq!(list["totals"]["expected_loss_fen"].as_i64(), Some(loss), "{list}");
        let measures = program.get("/measures").await.json();
        assert_eq!(measures["expected_loss_fen"].as_i64(), Some(loss), "{measures}");
    }
}

// S4-19. Rules `risk.rating`, `duty.risk_rating`
#[tokio::test]
async fn an_overdue_customer_is_rated_at_each_step_and_again_a_month_later() {
    for lender in Lender::everywhere().await {
        let (_, case) = overdue_on(&lender, FIRST).await;
        let asked = "select m.opens_on || ':' || m.state as text from duty_member m join duty d on d.id = m.duty_id \
             where d.kind = 'risk_rating' order by m.opens_on, m.state";
        assert_eq!(texts(&lender, asked).await, ["2026-11-21:open"]);
        let mut work = lender.at("boss").await;
        assert_eq!(code(risks::rate(&mut work, case, "  ").await), "field-empty");
        assert_eq!(code(risks::rate(&mut work, case, &"长".repeat(2_001)).await), "risk-words-long");
        assert_eq!(risks::rate(&mut work, case, "刚逾期，联系正常").await.unwrap(), "low");
        work.commit().await.unwrap();
        assert_eq!(texts(&lender, asked).await, ["2026-11-21:done", "2026-12-21:open"], "again after thirty days");

        // 31 days: the step of the ladder asks too. Time, capacity and credit each raise the rating.
        lender.close_until(date(2026, 12, 21)).await;
        assert_eq!(texts(&lender, asked).await, ["2026-11-21:done", "2026-12-21:open", "2026-12-21:open"]);
        let mut work = lender.at("boss").await;
        assert_eq!(risks::rate(&mut work, case, "逾期满一个月").await.unwrap(), "medium");
        let nothing = Capacity { income: Fen(300_000), living: Fen(350_000), evidence: "工资流水".to_owned() };
        causes::assess(&mut work, case, &nothing).await.unwrap();
        assert_eq!(risks::rate(&mut work, case, "收入不足以生活").await.unwrap(), "high");
        causes::diagnose(&mut work, case, &diagnosis(&["c9"])).await.unwrap();
        assert_eq!(risks::rate(&mut work, case, "明确拒绝").await.unwrap(), "severe");
        work.commit().await.unwrap();
        let open = texts(&lender, asked).await.into_iter().filter(|one| one.ends_with("open")).collect::<Vec<_>>();
        assert_eq!(open, ["2027-01-20:open"], "one duty for the next month, however often it was rated");

        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
        assert!(page.text.contains("极高") && page.text.contains("收入不足以生活"), "{}", page.text);
        let mut viewer = lender.house.user("viewer").await;
        let form = format!("/collections/cases/{case}/risk");
        let denied = viewer.post_from(&format!("/collections/cases/{case}"), &form, &[("risk_words", "低")]).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN);
    }
}

// S2.2-06, S2.3-27. Rules `disposal.bad`, `disposal.order`, `disposal.step`, `disposal.second`, `disposal.handover`, `duty.disposal_step`
#[tokio::test]
async fn a_bad_loan_is_handed_over_its_responsibility_found_and_its_plan_decided_by_another() {
    for lender in Lender::everywhere().await {
        let (customer, case) = overdue_on(&lender, date(2026, 12, 21)).await;
        let boss = lender.house.user_id("boss").await;
        let step = |step, words: &str| NewStep { step, person: None, accepted: None, words: words.to_owned() };
        let handover =
            NewStep { person: Some(boss.0), ..step(Step::Handover, "移交清单一份，合同与凭证齐全") };
        let mut work = lender.at("clerk").await;
        assert_eq!(code(disposals::record(&mut work, case, &handover).await), "disposal-not-bad", "31 days");
        drop(work);

        // 91 days overdue on 2027-02-19: its class asks for the handover.
        lender.close_until(date(2027, 2, 20)).await;
        let open = "select kind as text from duty where kind like 'disposal%' and state = 'open' order by kind";
        assert_eq!(texts(&lender, open).await, ["disposal_handover"]);
        let mut work = lender.at("clerk").await;
        assert_eq!(code(disposals::record(&mut work, case, &step(Step::Plan, "起诉")).await), "disposal-order");
        let nobody = NewStep { person: None, ..handover.clone() };
        assert_eq!(code(disposals::record(&mut work, case, &nobody).await), "choice-invalid");
        let unable = NewStep { person: Some(lender.house.user_id("viewer").await.0), ..handover.clone() };
        assert_eq!(code(disposals::record(&mut work, case, &unable).await), "case-cannot-work");
        disposals::record(&mut work, case, &handover).await.unwrap();
        work.commit().await.unwrap();
        let taken = case_of(&lender, customer).await;
        assert_eq!(taken.state.owner(), Some(boss), "the case goes with the handover");
        let mut work = lender.at("clerk").await;
        let viewer = lender.house.user_id("viewer").await;
        let found = NewStep {
            person: Some(viewer.0), ..step(Step::Responsibility, "贷前核实不足，认定经办人责任")
        };
        disposals::record(&mut work, case, &found).await.unwrap();
        // A plan of a case needs its cause, and the talk that the cause asks for.
        assert_eq!(code(disposals::record(&mut work, case, &step(Step::Plan, "起诉")).await), "cause-none");
        let silent = NewDiagnosis { talk: Talk::NotYet, ..diagnosis(&["c9"]) };
        causes::diagnose(&mut work, case, &silent).await.unwrap();
        let untold = disposals::record(&mut work, case, &step(Step::Plan, "起诉")).await;
        assert_eq!(code(untold), "cause-talk-needed");
        causes::diagnose(&mut work, case, &diagnosis(&["c9"])).await.unwrap();
        disposals::record(&mut work, case, &step(Step::Plan, "起诉并申请保全")).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(texts(&lender, open).await, ["disposal_decision"]);

        // S4-02, S4-03, S4-05. Rule `case-paper.post`: plan, opinion and minutes are records of their own.
        let mut browser = lender.house.user("boss").await;
        let page = format!("/collections/cases/{case}");
        let person = boss.to_string();
        let plan = [("paper_person", person.as_str()), ("paper_due", "2027-06-30"), ("paper_words", "先保全后起诉")];
        let bare = browser.post_from(&page, &format!("{page}/papers/plan"), &plan[1..]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bare.text);
        let (opinion, minutes) = ([("paper_words", "证据齐全，可以起诉")], [("paper_words", "议定由法务牵头")]);
        for (kind, fields) in [("plan", &plan[..]), ("opinion", &opinion[..]), ("minutes", &minutes[..])] {
            let done = browser.post_from(&page, &format!("{page}/papers/{kind}"), fields).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{kind}: {}", done.text);
        }
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("先保全后起诉") && shown.text.contains("议定由法务牵头"), "{}", shown.text);
        let mut viewer = lender.house.user("viewer").await;
        let denied = viewer.post_from(&page, &format!("{page}/papers/opinion"), &plan[2..]).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN);

        let verdict = |accepted| NewStep { accepted: Some(accepted), ..step(Step::Decision, "已审阅") };
        let mut work = lender.at("clerk").await;
        assert_eq!(code(disposals::record(&mut work, case, &verdict(true)).await), "disposal-own");
        drop(work);
        let mut browser = lender.house.user("boss").await;
        let page = format!("/collections/cases/{case}");
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("认定经办人责任") && shown.text.contains("方案审定"), "{}", shown.text);
        let decide = format!("{page}/disposal/decide");
        let vague =
            browser.post_from(&page, &decide, &[("disposal_accepted", "perhaps"), ("disposal_words", "?")]).await;
        assert_eq!(vague.status, StatusCode::UNPROCESSABLE_ENTITY);
        let yes = [("disposal_accepted", "yes"), ("disposal_words", "同意，先保全")];
        let done = browser.post_from(&page, &decide, &yes).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let last = [("disposal_step", "recovery"), ("disposal_words", "执行回款三万元，余额继续追偿")];
        let done = browser.post_from(&page, &format!("{page}/disposal"), &last).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let kept = "select step as text from disposal_step order by id";
        assert_eq!(texts(&lender, kept).await, ["handover", "responsibility", "plan", "decision", "recovery"]);
        assert_eq!(texts(&lender, open).await, Vec::<String>::new());
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.post_from(&page, &decide, &yes).await.status, StatusCode::FORBIDDEN);
    }
}

// S4-01. Rule `case.open`: every overdue customer of every product has a case, and the principles are there to be read.
#[tokio::test]
async fn every_overdue_customer_of_every_product_has_a_case() {
    const NAMES: [&str; 8] = ["程一诺", "钱二宁", "孙三和", "李四平", "周五安", "吴六顺", "郑七明", "王八方"];
    for lender in Lender::everywhere().await {
        let manager = lender.house.user_id("boss").await;
        let mut work = lender.work().await;
        let on = work.business_date;
        let policy = platform::policies::in_force(&mut work, on).await.unwrap();
        drop(work);
        let products: Vec<String> = policy.pack().products().iter().map(|one| one.id.clone()).collect();
        assert!((2..=NAMES.len()).contains(&products.len()), "{products:?}");
        for (name, product) in NAMES.into_iter().zip(&products) {
            let customer = lender.customer(name).await;
            let mut work = lender.work().await;
            let new = NewLoan {
                customer,
                number: None,
                contract_number: None,
                product: product.clone(),
                purpose: "周转".to_owned(),
                security: Security::Credit,
                signed_on: START,
                terms: plain(START, 12),
                branch: BranchId(1),
                team: None,
                manager,
                note: None,
            };
            servicing::loan::actions::open(&mut work, &new).await.unwrap();
            work.commit().await.unwrap();
        }
        lender.close_until(FIRST).await;
        let cases = lender.count("select count(*) as n from collection_case where closed_on is null").await;
        assert_eq!(cases, i64::try_from(products.len()).unwrap());
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, "/collections/posts").await;
        for principle in [
            "防范信贷风险、保障资金安全、维护金融秩序",
            "依法合规",
            "风险可控",
            "分类管理（按时间、金额、能力、信用）",
            "及时清收",
        ] {
            assert!(page.text.contains(principle), "{principle}");
        }
    }
}

// S4-02, S4-03, S4-04, S4-05, S4-06, S2.2-01. Rule `post.tasks`
#[tokio::test]
async fn who_does_what_is_on_one_page_with_permission_and_duties() {
    for lender in Lender::everywhere().await {
        let clerk = collector(&lender).await;
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, "/collections/posts").await;
        let said = [
            "统筹协调，分派疑难案件",
            "核实并更新客户与贷款资料",
            "评估风险，提出参考意见",
            "协助起诉，申请财产保全",
            "按计划以电话、短信、上门方式催收",
            "收回客户签收的催收通知书并归档",
        ];
        for task in said {
            assert!(page.text.contains(task), "{task}");
        }
        assert!(!page.text.contains("未授权"), "every post may do what it has to do");
        let mut program = lender.house.program("boss", &["case.view"]).await;
        let posts = program.get("/collections/posts").await.json();
        let rules = |role: &str| {
            let post = posts.as_array().unwrap().iter().find(|post| post["role"] == role).unwrap();
            let duties = post["duties"].as_array().unwrap().iter();
            duties.map(|duty| duty["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let has = |role: &str, rule: &str| rules(role).iter().any(|known| known == rule);
        assert!(has("credit_dept", "duty.early_reminder") && has("risk_dept", "duty.risk_rating"), "{posts}");
        assert!(has("legal", "duty.case_preservation") && has("collection_officer", "duty.case_letter"), "{posts}");
        let name = texts(&lender, "select name as text from app_user where login = 'clerk'").await.remove(0);
        assert!(page.text.contains(&name), "{clerk:?} holds the post of the credit department");
    }
}
