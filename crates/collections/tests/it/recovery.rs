//! How a debt is talked about, which way it is recovered, and what both say of a case.

use axum::http::StatusCode;
use collections::case::model::CaseId;
use collections::case::store;
use collections::cause::actions as causes;
use collections::cause::model::{NewDiagnosis, Talk};
use collections::inflow::actions as inflows;
use collections::rescue::actions as rescues;
use collections::rescue::model::{Findings, NewRescue};
use collections::route::actions as routes;
use collections::talk::actions as talks;
use collections::talk::model::{Attitude, Incident, NewTalk, Way};
use customers::relation::model::RelationId;
use finance::{Fen, RepaymentMode};
use jiff::civil::{Date, date};
use platform::args;
use platform::error::ActionError;
use platform::id::CustomerId;
use serde_json::json;
use servicing::loan::model::{Channel, LoanKey, Security};
use servicing::opening::actions::open;
use servicing::opening::model::Opening;
use servicing::repayment::actions::{NewRepayment, record as repay};
use servicing::security::model::{CollateralKind, GuaranteeKind, NewSecurity};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// The first day overdue.
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

/// A debtor with a case and its loan.
async fn overdue(lender: &Lender) -> (CustomerId, CaseId, LoanKey) {
    let customer = lender.customer("程一诺").await;
    let key = lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key;
    lender.close_until(FIRST).await;
    let mut tx = lender.app().db.read().await.unwrap();
    let case = store::open_of(&mut tx, customer).await.unwrap().unwrap().key.case;
    (customer, case, key)
}

fn diagnosis(cause: &str, talk: Talk) -> NewDiagnosis {
    NewDiagnosis { causes: vec![cause.to_owned()], evidence: "流水与走访".to_owned(), talk }
}

fn heated() -> NewTalk {
    NewTalk {
        on: FIRST,
        way: Way::Office,
        relation: None,
        attitude: Attitude { willing: true, able: false, temper: "hot_tempered".to_owned() },
        points: vec!["penalty_interest".to_owned()],
        words: "说明罚息，商量筹款办法".to_owned(),
        answer: "情绪激动，愿意想办法".to_owned(),
        incident: Incident::Heated,
    }
}

// S2.3-23, S2.3-24, S2.3-27. Rules `talk.style`, `talk.attitude`, `talk.obligors`, `talk.record`, `talk.contact`, `talk.incident`: the stance
// by will and means, the emphasis by cause, the tone by temper; only who owes is talked with, and heated words are reviewed.
#[tokio::test]
async fn a_talk_follows_cause_will_and_temper_and_heated_words_go_to_a_supervisor() {
    for lender in Lender::everywhere().await {
        let (_, case, _) = overdue(&lender).await;
        let mut work = lender.at("clerk").await;
        causes::diagnose(&mut work, case, &diagnosis("c9", Talk::NotYet)).await.unwrap();
        let key = store::find(&mut work.tx, case).await.unwrap().unwrap().key;
        let lines = |tips: Vec<collections::card::rules::Tip>| tips.into_iter().map(|tip| tip.id).collect::<Vec<_>>();
        let (none, before) = talks::look(&mut work, key).await.unwrap();
        assert_eq!((none.len(), lines(before)), (0, ["TS2", "TS17", "TS30", "TS31"].map(str::to_owned).to_vec()));
        assert_eq!(code(causes::plan_allowed(&mut work, key).await), "cause-talk-needed");
        let stranger = NewTalk { relation: Some(RelationId(7)), ..heated() };
        assert_eq!(code(talks::record(&mut work, case, &stranger).await), "talk-no-obligor");
        let tomorrow = NewTalk { on: date(2026, 11, 22), ..heated() };
        assert_eq!(code(talks::record(&mut work, case, &tomorrow).await), "limitation-future");
        talks::record(&mut work, case, &heated()).await.unwrap();
        let (held, after) = talks::look(&mut work, key).await.unwrap();
        let told = ["TS1", "TS17", "TS24", "TS30", "TS31"].map(str::to_owned).to_vec();
        assert_eq!((held.len(), lines(after)), (1, told), "as willing, unable and hot-tempered as the debtor was met");
        causes::plan_allowed(&mut work, key).await.unwrap();
        assert!(!talks::full_held(&mut work, key).await.unwrap(), "damages and the cost of a suit were left out");
        work.commit().await.unwrap();
        let found = "select rule || ':' || kind as text from conduct_finding order by id";
        assert_eq!(texts(&lender, found).await, ["talk.incident:flagged"]);

        let mut browser = lender.house.user("clerk").await;
        let conduct = in_both_languages(&mut browser, "/collections/conduct?view=all").await;
        assert!(conduct.text.contains("谈话中出现过激言辞"), "{}", conduct.text);
        let page = format!("/collections/cases/{case}/talks");
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("易激动") && shown.text.contains("站在帮助者立场"), "{}", shown.text);
        let bad = [("talk_on", "昨天"), ("talk_with", "<b>"), ("talk_willing", "maybe")];
        assert_eq!(browser.post_from(&page, &page, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let before = NewTalk { on: date(2026, 11, 19), ..heated() };
        let mut work = lender.at("clerk").await;
        assert_eq!(code(talks::record(&mut work, case, &before).await), "talk-before-case");
        for way in [Way::Phone, Way::Visit] {
            let unheard = NewTalk { way, ..heated() };
            assert_eq!(code(talks::record(&mut work, case, &unheard).await), "talk-no-contact", "past the guard");
        }
        drop(work);
        let mut good = vec![("talk_on", "2026-11-21"), ("talk_way", "office"), ("talk_with", "debtor")];
        good.extend([
            ("talk_willing", "no"),
            ("talk_able", "yes"),
            ("talk_temper", "evasive"),
            ("talk_incident", "none"),
        ]);
        good.extend([("talk_points", "penalty_interest"), ("talk_points", "damages"), ("talk_points", "suit_cost")]);
        good.extend([("talk_words", "说明罚息、违约金与诉讼费用"), ("talk_answer", "不愿归还")]);
        let saved = browser.post_from(&page, &page, &good).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let mut work = lender.at("clerk").await;
        assert!(talks::full_held(&mut work, key).await.unwrap());
        drop(work);
        in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.post_from(&page, &page, &good).await.status, StatusCode::FORBIDDEN);
    }
}

// S2.3-04. Rules `cause.route`, `route.security`, `route.debtor-first`: the way follows the security and is kept with it.
#[tokio::test]
async fn the_route_follows_the_security_and_is_kept_with_it() {
    for lender in Lender::everywhere().await {
        let (_, case, key) = overdue(&lender).await;
        let mut work = lender.at("clerk").await;
        let of = store::find(&mut work.tx, case).await.unwrap().unwrap().key;
        let credit = routes::ways(&mut work, of).await.unwrap().remove(0);
        assert_eq!((credit.route.as_str(), credit.security), ("by_cause", None));
        assert_eq!(code(routes::keep(&mut work, case, &credit.key(), "分期归还").await), "cause-none");
        causes::diagnose(&mut work, case, &diagnosis("c3", Talk::Held)).await.unwrap();
        assert_eq!(code(routes::keep(&mut work, case, &credit.key(), " ").await), "field-empty");
        routes::keep(&mut work, case, &credit.key(), "分期归还").await.unwrap();
        work.commit().await.unwrap();

        let guarantor = NewSecurity::Guarantee {
            kind: GuaranteeKind::General,
            guarantor: "保证人甲".to_owned(),
            amount: None,
            until: None,
        };
        let shop = NewSecurity::Collateral {
            kind: CollateralKind::Mortgage,
            thing: "东湖路商铺".to_owned(),
            owner: None,
            value: None,
        };
        for new in [guarantor, shop] {
            let mut work = lender.work().await;
            servicing::security::actions::add(&mut work, key, None, new).await.unwrap();
            work.commit().await.unwrap();
        }
        let mut work = lender.at("clerk").await;
        let mut ways = routes::ways(&mut work, of).await.unwrap();
        ways.sort_by(|one, other| one.route.cmp(&other.route));
        let told: Vec<(&str, &str)> = ways.iter().map(|way| (way.route.as_str(), way.waits.as_str())).collect();
        assert_eq!(told, [("debtor_first", "suit"), ("realise_mortgage", "nothing")]);
        assert_eq!(
            code(routes::keep(&mut work, case, &credit.key(), "再分期").await),
            "route-none",
            "it is secured now"
        );
        drop(work);

        let mut browser = lender.house.user("clerk").await;
        let page = format!("/collections/cases/{case}/routes");
        let mortgage = ways[1].key();
        let fields = [("route_way", mortgage.as_str()), ("route_words", "申请实现担保物权")];
        let saved = browser.post_from(&page, &page, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let kept = "select route || ':' || security_kind || ':' || security as text from recovery_route order by id";
        assert_eq!(texts(&lender, kept).await, ["by_cause:credit:", "realise_mortgage:mortgage:东湖路商铺"]);
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("先起诉或仲裁债务人") && shown.text.contains("申请实现担保物权"), "{}", shown.text);
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.post_from(&page, &page, &fields).await.status, StatusCode::FORBIDDEN);
    }
}

async fn owner(lender: &Lender) {
    let user = lender.house.user_id("clerk").await;
    let mut work = lender.work().await;
    let now = work.now;
    let sql = "insert into user_role (user_id, role, granted_at, granted_by) values ($1, $2, $3, 0)";
    work.tx.execute(sql, args![user, "credit_dept", now]).await.unwrap();
    work.commit().await.unwrap();
}

async fn pay(lender: &Lender, key: LoanKey, amount: Fen) {
    let mut work = lender.work().await;
    let new = NewRepayment {
        on: work.business_date,
        amount,
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: None,
        business_key: None,
    };
    repay(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
}

// S2.3-01, A-30. Rule `case.start`: a loan that matured starts a collection of another kind than a part that is overdue.
#[tokio::test]
async fn a_case_keeps_what_started_it() {
    for lender in Lender::everywhere().await {
        let parts = lender.customer("程一诺").await;
        lender.loan(parts, plain(date(2026, 10, 20), 12)).await;
        let whole = lender.customer("钱二宁").await;
        lender.loan(whole, plain(date(2026, 10, 20), 1)).await;
        lender.close_until(FIRST).await;
        let why = "select e.reason || ':' || k.name as text from collection_case_event e \
             join customer_view k on k.customer_id = e.customer_id where e.kind = 'opened' order by e.reason";
        assert_eq!(texts(&lender, why).await, ["matured:钱二宁", "overdue:程一诺"]);
        let mut tx = lender.app().db.read().await.unwrap();
        let case = store::open_of(&mut tx, whole).await.unwrap().unwrap().key.case;
        drop(tx);
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
        assert!(page.text.contains("到期未还"), "{}", page.text);
        // A program finds causes as a person does, all that apply.
        let mut program = lender.house.program("clerk", &["case.view", "case.work"]).await;
        let found = json!({"causes": ["c1", "c3"], "evidence": "到期未还，收入下降", "talk": "held"});
        let told = program.post(&format!("/collections/cases/{case}/cause"), &found).await;
        assert!(told.status.is_success(), "{}", told.text);
        assert_eq!(texts(&lender, "select cause || ':' || also as text from default_cause").await, ["c3:c1"]);
    }
}

// S2.3-06, S2.3-09, S2.3-13. Rules `cause.prerequisites`, `inflow.alert`, `inflow.lawful`, `inflow.release`, `inflow.second`, `duty.inflow_demand`: money that
// comes in is a duty of who owns the case; proceeds go elsewhere only after security was added, decided by another.
#[tokio::test]
async fn money_that_comes_in_is_demanded_at_once_and_proceeds_go_first_to_the_loan() {
    for lender in Lender::everywhere().await {
        owner(&lender).await;
        let (_, case, key) = overdue(&lender).await;
        let open = "select u.login || ':' || d.state as text from duty d join app_user u on u.id = d.owner_id \
             where d.kind = 'inflow_demand' order by d.id";
        pay(&lender, key, Fen(10_000)).await;
        assert_eq!(texts(&lender, open).await, [""; 0], "no cause asks to watch the money");
        let mut work = lender.at("clerk").await;
        causes::diagnose(&mut work, case, &diagnosis("c2", Talk::Held)).await.unwrap();
        work.commit().await.unwrap();
        let met = format!("/collections/cases/{case}");
        let mut program = lender.house.program("boss", &["case.view"]).await;
        let told = program.get(&met).await.json();
        assert_eq!(told["measures"][0]["measure"], "watch_funds");
        assert_eq!(told["measures"][0]["prerequisite"], "no", "no account is lawfully known");
        pay(&lender, key, Fen(10_000)).await;
        assert_eq!(texts(&lender, open).await, ["clerk:open"], "it showed that money comes in, and more is overdue");

        let mut browser = lender.house.user("clerk").await;
        let page = format!("/collections/cases/{case}/inflows");
        let bad = [("inflow_kind", "rumour"), ("inflow_amount", "许多"), ("inflow_on", "")];
        assert_eq!(browser.post_from(&page, &page, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let own = [
            ("inflow_kind", "account"),
            ("inflow_amount", "2000.00"),
            ("inflow_on", "2026-11-21"),
            ("inflow_basis", "本行账户，合同约定监管"),
        ];
        assert_eq!(browser.post_from(&page, &page, &own).await.status, StatusCode::SEE_OTHER);
        let told = program.get(&met).await.json();
        assert_eq!(told["measures"][0]["prerequisite"], "yes", "S2.3-06: the basis is on record");
        let sold = [
            ("inflow_kind", "proceeds"),
            ("inflow_amount", "30000.00"),
            ("inflow_on", "2026-11-21"),
            ("inflow_basis", "拍卖成交确认书"),
        ];
        let saved = browser.post_from(&page, &page, &sold).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        assert_eq!(texts(&lender, open).await, ["clerk:open"], "one at a time");
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("拍卖成交确认书") && shown.text.contains("处置所得"), "{}", shown.text);

        let mut work = lender.at("clerk").await;
        let of = store::find(&mut work.tx, case).await.unwrap().unwrap().key;
        let proceeds = collections::inflow::store::of_case(&mut work.tx, of).await.unwrap().remove(0).id;
        assert_eq!(code(inflows::release(&mut work, case, proceeds, "投入新店").await), "inflow-own");
        drop(work);
        let mut work = lender.at("boss").await;
        assert_eq!(code(inflows::release(&mut work, case, proceeds, " ").await), "field-empty");
        assert_eq!(code(inflows::release(&mut work, case, proceeds, "投入新店").await), "inflow-no-security");
        drop(work);
        let shop = NewSecurity::Collateral {
            kind: CollateralKind::Mortgage,
            thing: "新店设备".to_owned(),
            owner: None,
            value: None,
        };
        let mut work = lender.work().await;
        servicing::security::actions::add(&mut work, key, None, shop).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.at("boss").await;
        inflows::release(&mut work, case, proceeds, "投入新店，设备已抵押").await.unwrap();
        assert_eq!(code(inflows::release(&mut work, case, proceeds, "再次").await), "inflow-no-proceeds");
        work.commit().await.unwrap();
        assert_eq!(texts(&lender, open).await, ["clerk:open"], "what came into the account is still to be demanded");
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.post_from(&page, &page, &sold).await.status, StatusCode::FORBIDDEN);
    }
}

// S2.3-11. Rules `rescue.cause`, `rescue.order`, `rescue.evaluation`, `rescue.second`, `rescue.use`, `duty.rescue_decision`,
// `duty.rescue_use`
#[tokio::test]
async fn rescue_money_is_evaluated_decided_by_another_and_its_use_supervised() {
    for lender in Lender::everywhere().await {
        let (_, case, _) = overdue(&lender).await;
        let open = "select kind as text from duty where kind like 'rescue%' and state = 'open' order by kind";
        let all = Findings { operation: true, capacity: true, controlled: true };
        let evaluation =
            |findings| NewRescue::Evaluation {
                amount: Fen(3_000_000), findings, words: "补货，受托支付".to_owned()
            };
        let yes = NewRescue::Decision { accepted: true, words: "同意".to_owned() };
        let used = |fen| NewRescue::Use { amount: Fen(fen), words: "购货发票两张".to_owned() };
        let mut work = lender.at("clerk").await;
        assert_eq!(code(rescues::record(&mut work, case, &evaluation(all)).await), "rescue-cause", "no cause yet");
        causes::diagnose(&mut work, case, &diagnosis("c2", Talk::Held)).await.unwrap();
        assert_eq!(code(rescues::record(&mut work, case, &evaluation(all)).await), "rescue-cause");
        causes::diagnose(&mut work, case, &diagnosis("c3", Talk::Held)).await.unwrap();
        assert_eq!(code(rescues::record(&mut work, case, &used(1)).await), "rescue-order");
        rescues::record(&mut work, case, &evaluation(Findings { controlled: false, ..all })).await.unwrap();
        assert_eq!(code(rescues::record(&mut work, case, &yes).await), "rescue-own");
        work.commit().await.unwrap();
        assert_eq!(texts(&lender, open).await, ["rescue_decision"]);
        let mut work = lender.at("boss").await;
        assert_eq!(code(rescues::record(&mut work, case, &yes).await), "rescue-not-permitted");
        let no = NewRescue::Decision { accepted: false, words: "风险不可控".to_owned() };
        rescues::record(&mut work, case, &no).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(texts(&lender, open).await, [""; 0]);

        let mut browser = lender.house.user("clerk").await;
        let page = format!("/collections/cases/{case}/rescue");
        let form = [
            ("rescue_amount", "30000.00"),
            ("operation", "yes"),
            ("capacity", "yes"),
            ("controlled", "yes"),
            ("rescue_words", "补货，受托支付，按月核对流水"),
        ];
        let unread = browser.post_from(&page, &page, &[("rescue_amount", "很多"), ("operation", "?")]).await;
        assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
        let saved = browser.post_from(&page, &page, &form).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        assert_eq!(texts(&lender, open).await, ["rescue_decision"], "asked for again on the day of the first");
        let mut work = lender.at("boss").await;
        rescues::record(&mut work, case, &yes).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(texts(&lender, open).await, ["rescue_use"]);
        let mut work = lender.at("clerk").await;
        assert_eq!(code(rescues::record(&mut work, case, &used(3_000_001)).await), "rescue-too-much");
        rescues::record(&mut work, case, &used(3_000_000)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(texts(&lender, open).await, [""; 0], "used up");
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains("受托支付") && shown.text.contains("购货发票"), "{}", shown.text);
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.post_from(&page, &page, &form).await.status, StatusCode::FORBIDDEN);
    }
}

/// A loan of rescue money as the desk opens it.
fn rescue(on: Date, principal: i64, decision: Option<i64>) -> Opening {
    let mut terms = plain(on, 6);
    terms.principal = Fen(principal);
    Opening {
        product: "business_equal".to_owned(),
        contract: None,
        contract_number: None,
        contract_amount: Fen(principal),
        signed_on: on,
        number: None,
        terms,
        drawn: Fen(principal),
        purpose: "救助资金，补货".to_owned(),
        security: Security::Credit,
        note: None,
        securities: Vec::new(),
        rescue: decision,
    }
}

// S2.3-11. Rules `loan.rescue`, `rescue.loan`, `duty.rescue_use`
#[tokio::test]
async fn a_loan_of_rescue_money_carries_out_one_decision_once_and_its_use_is_supervised() {
    for lender in Lender::everywhere().await {
        let (customer, case, _) = overdue(&lender).await;
        let supervised = "select count(*) as n from duty where kind = 'rescue_use' and state = 'open'";
        let findings = Findings { operation: true, capacity: true, controlled: true };
        let mut work = lender.at("clerk").await;
        causes::diagnose(&mut work, case, &diagnosis("c3", Talk::Held)).await.unwrap();
        let asked =
            NewRescue::Evaluation { amount: Fen(3_000_000), findings, words: "补货，受托支付".to_owned() };
        let evaluation = rescues::record(&mut work, case, &asked).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.at("boss").await;
        let early = rescue(FIRST, 3_000_000, Some(evaluation.0));
        assert_eq!(code(open(&mut work, customer, &early).await), "rescue-decision-unknown", "nobody agreed yet");
        drop(work);
        let mut work = lender.at("boss").await;
        let yes = NewRescue::Decision { accepted: true, words: "同意".to_owned() };
        let decision = rescues::record(&mut work, case, &yes).await.unwrap().0;
        work.commit().await.unwrap();

        for (principal, of, wanted) in [
            (3_000_000, None, "rescue-decision-missing"),
            (3_000_000, Some(7), "rescue-decision-unknown"),
            (3_000_001, Some(decision), "rescue-loan-too-much"),
        ] {
            let mut work = lender.at("boss").await;
            assert_eq!(code(open(&mut work, customer, &rescue(FIRST, principal, of)).await), wanted);
        }
        let other = lender.customer("乙").await;
        let mut work = lender.at("boss").await;
        let theirs = rescue(FIRST, 3_000_000, Some(decision));
        assert_eq!(code(open(&mut work, other, &theirs).await), "rescue-decision-unknown", "another's decision");
        drop(work);

        let mut browser = lender.house.user("boss").await;
        let page = format!("/collections/cases/{case}/rescue");
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains(&format!("rescue={decision}")), "{}", shown.text);
        let mut work = lender.at("boss").await;
        let opened = open(&mut work, customer, &rescue(FIRST, 3_000_000, Some(decision))).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(supervised).await, 1, "paid out, and looked at");
        let mut work = lender.at("boss").await;
        let again = rescue(FIRST, 1_000_000, Some(decision));
        assert_eq!(code(open(&mut work, customer, &again).await), "rescue-decision-used");
        drop(work);
        let tied = "select count(*) as n from rescue_loan";
        assert_eq!(lender.count(tied).await, 1);
        let shown = in_both_languages(&mut browser, &page).await;
        assert!(shown.text.contains(&opened.file.loan.number) && !shown.text.contains("rescue="), "{}", shown.text);
    }
}
