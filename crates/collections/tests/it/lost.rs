//! Lost debtors: set after the tries, traced step by step, found again; on both databases.

use axum::http::StatusCode;
use collections::case::model::CaseId;
use collections::contact::actions::{NewOutcome, record};
use collections::contact::model::ContactResult;
use collections::guard::actions::{log_ground, register_line};
use collections::guard::model::{AllowanceId, Ground};
use collections::guard::{Ask, reserve};
use collections::lost::actions::{judge, set, take_back};
use collections::lost::model::{End, Found, LostId, LostKind, NewTrace, Quality, Searched};
use collections::lost::store;
use collections::lost::trace::{Logged, log};
use customers::contact_point::actions as points;
use customers::contact_point::model::{ContactKind, ContactPointId, NewContactPoint, SourceRoute};
use customers::credit::actions as credit;
use customers::credit::model::{About, NewQuery, Origin, Record};
use customers::datum::model::Route;
use customers::document::actions as documents;
use customers::document::model::{DocumentId, NewDocument};
use customers::relation::actions as relations;
use customers::relation::model::{NewRelation, RelationKind};
use finance::Fen;
use jiff::civil::{Date, date};
use platform::clock::civil_moment;
use platform::contact_gate::{CallingLine, Channel, Manner, Purpose, Shown};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::institution::{self, Institution};
use platform::web::UploadedFile;
use platform::work::Work;

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};
use crate::one_person::merged;

const DAY: Date = date(2026, 11, 24);

fn code(error: &ActionError) -> String {
    match error.refusal() {
        Some(refused) if refused.fields.is_empty() => refused.code.to_owned(),
        Some(refused) => refused.fields.iter().map(|field| field.code).collect::<Vec<_>>().join(","),
        None => error.to_string(),
    }
}

async fn debtor(lender: &Lender) -> (CustomerId, CaseId) {
    let customer = lender.customer("甲").await;
    lender.loan(customer, plain(date(2026, 4, 20), 3)).await;
    lender.close_until(DAY).await;
    let mut work = lender.at("boss").await;
    let case = collections::case::store::all_of(&mut work.tx, customer).await.unwrap()[0].key.case;
    (customer, case)
}

async fn contact(lender: &Lender, customer: CustomerId, manner: Manner, result: ContactResult) {
    let mut work = lender.at("boss").await;
    let all = points::list(&mut work, customer).await.unwrap();
    let point = all.iter().find(|point| point.kind == ContactKind::Phone).unwrap().id;
    let ask = Ask { customer, point, purpose: Purpose::Collect, manner, reason: "催收".to_owned() };
    let Shown::Number(_, pass) = reserve(&mut work, &ask).await.unwrap() else { panic!("refused") };
    let mut outcome = NewOutcome::of(customer, AllowanceId(pass.allowance.unwrap()), result);
    outcome.response = "答复".to_owned();
    record(&mut work, &outcome).await.unwrap();
    work.commit().await.unwrap();
}

/// Three lines, three bands, three calls and a message in vain.
async fn tried_in_vain(lender: &Lender, customer: CustomerId) {
    let mut work = lender.at("boss").await;
    let mut lines = Vec::new();
    for number in ["0591-1001", "0591-1002", "0591-1003"] {
        lines.push(register_line(&mut work, number, "线").await.unwrap());
    }
    work.commit().await.unwrap();
    for (line, hour) in lines.into_iter().zip([9, 15, 19]) {
        lender.app().clock.set(civil_moment(DAY.at(hour, 0, 0, 0)).unwrap());
        let manner = Manner { line: CallingLine::Registered(line), ..Manner::by(Channel::Phone) };
        contact(lender, customer, manner, ContactResult::PoweredOff).await;
    }
    let sms = Manner { text: Some("请回电0591-1001，谢谢".to_owned()), ..Manner::by(Channel::Sms) };
    contact(lender, customer, sms, ContactResult::Sent).await;
}

async fn mark(lender: &Lender, case: CaseId, kind: LostKind) -> Result<LostId, String> {
    let mut work = lender.at("boss").await;
    let id = set(&mut work, case, kind, "三线三时段未通").await.map_err(|error| code(&error))?;
    work.commit().await.unwrap();
    Ok(id)
}

fn step(name: &str) -> NewTrace {
    NewTrace {
        step: name.to_owned(),
        on: DAY,
        searched: Searched::Name,
        query: "姓名与单位".to_owned(),
        authority: String::new(),
        result: Found::Clue,
        finding: "原单位仍在经营".to_owned(),
        cost: Fen(1_500),
        next_step: "核对登记地址".to_owned(),
    }
}

// S2.4-01 S2.4-03 S2.5-27. Rules lost.set, lost.one, lost.reached, lost.quality, duty.lost_quality
#[tokio::test]
async fn somebody_is_lost_only_after_the_tries_and_found_by_a_contact() {
    for lender in Lender::everywhere().await {
        let (customer, case) = debtor(&lender).await;
        assert_eq!(mark(&lender, case, LostKind::Avoidance).await, Err("not-unreachable".to_owned()));
        mark(&lender, case, LostKind::Half).await.unwrap();
        assert_eq!(mark(&lender, case, LostKind::Half).await, Err("lost-stands".to_owned()));
        assert_eq!(mark(&lender, case, LostKind::Fraud).await, Err("not-unreachable".to_owned()));
        tried_in_vain(&lender, customer).await;
        let id = mark(&lender, case, LostKind::Objective).await.unwrap();
        let open = "select count(*) as n from duty where kind = 'lost_quality' and state = 'open'";
        assert_eq!(lender.count(open).await, 1, "the supervisor is asked");
        let mut work = lender.at("boss").await;
        let key = collections::case::store::find(&mut work.tx, case).await.unwrap().unwrap().key;
        let all = store::of_case(&mut work.tx, key).await.unwrap();
        assert_eq!(all.iter().map(|one| one.kind).collect::<Vec<_>>(), [LostKind::Objective, LostKind::Half]);
        assert_eq!(all[1].ended.map(|(_, end)| end), Some(End::Replaced));
        let boss = lender.house.user_id("boss").await;
        let mut found = Quality { officer: boss, finding: "放款后未回访".to_owned(), measure: " ".to_owned() };
        let key = id.to_string();
        assert_eq!(code(&judge(&mut work, &key, &found).await.unwrap_err()), "field-empty");
        found.measure = "纳入考核".to_owned();
        assert_eq!(code(&judge(&mut work, &key, &found).await.unwrap_err()), "lost-own-work");
        drop(work);
        let mut work = lender.at("clerk").await;
        judge(&mut work, &key, &found).await.unwrap();
        assert_eq!(code(&judge(&mut work, &key, &found).await.unwrap_err()), "lost-no-finding");
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, 0, "the finding ends the duty");
        contact(&lender, customer, Manner::by(Channel::Phone), ContactResult::Unable).await;
        let mut work = lender.at("boss").await;
        assert_eq!(store::standing(&mut work.tx, customer).await.unwrap(), None, "reached again");
        let taken = take_back(&mut work, case, "登记有误").await.unwrap_err();
        assert_eq!(code(&taken), "lost-none-stands");
        drop(work);
        let found = "select count(*) as n from lost_contact where ended_by = 'contact'";
        assert_eq!(lender.count(found).await, 1);
    }
}

/// A contact who consented, with a number, and the logged ground to ask for a message.
async fn consented(lender: &Lender, customer: CustomerId) -> ContactPointId {
    let mut work = lender.work().await;
    let (known, version) = institution::load(&mut work.tx).await.unwrap();
    let reached = Institution { contact: "0512-0000-0000".to_owned(), ..known };
    institution::change(&mut work, version, &reached).await.unwrap();
    work.commit().await.unwrap();
    let mut work = lender.at("boss").await;
    let tie = NewRelation {
        kind: RelationKind::ListedContact,
        name: "友人".to_owned(),
        identity: None,
        share_ppm: None,
        since: DAY,
        consented_on: Some(DAY),
        note: None,
    };
    let relation = relations::add(&mut work, customer, &tie).await.unwrap();
    let point = NewContactPoint {
        relation: Some(relation),
        kind: ContactKind::Phone,
        value: "13900003333".to_owned(),
        route: SourceRoute::Papers,
        consented: true,
        main: true,
    };
    let id = points::add(&mut work, customer, &point).await.unwrap();
    log_ground(&mut work, customer, Ground::Unreachable, "三线三时段未通").await.unwrap();
    work.commit().await.unwrap();
    id
}

/// Files the debtor's written authorisation, signed in January, valid until a day.
async fn authorise(work: &mut Work, customer: CustomerId, until: Option<Date>) -> DocumentId {
    let new = NewDocument {
        kind: "credit_authorisation".to_owned(),
        number: None,
        issued_on: Some(date(2026, 1, 5)),
        expires_on: until,
        route: Route::Customer,
        source_note: String::new(),
        replaces: None,
    };
    let bytes = b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n".to_vec();
    let file = UploadedFile { field: "file".to_owned(), name: "授权书.pdf".to_owned(), bytes };
    documents::hand_in(work, customer, &new, Some(&file)).await.unwrap()
}

/// Logs a query of the debtor in the credit room.
async fn query(work: &mut Work, customer: CustomerId, authorisation: DocumentId, purpose: &str, origin: Origin) {
    let new = NewQuery {
        about: About::Own,
        purpose: purpose.to_owned(),
        origin,
        queried_on: DAY,
        report_on: DAY,
        authorisation,
        report: None,
        level: None,
        record: Some(Record::Ordinary),
        arrears: None,
        debts: Vec::new(),
        note: "社保缴纳单位".to_owned(),
    };
    credit::record(work, customer, &new).await.unwrap();
}

// S2.4-04 S2.4-05 S2.4-06 S2.4-07 S2.4-08 S2.4-09. Rules trace.steps, trace.order, trace.no-abuse, trace.authority,
// trace.of-lost, trace.no-numbers, trace.query
#[tokio::test]
async fn a_trace_goes_by_the_policy_and_abuse_is_refused_and_kept() {
    for lender in Lender::everywhere().await {
        let (customer, case) = debtor(&lender).await;
        let mut work = lender.at("boss").await;
        let early = log(&mut work, case, &step("own_data")).await.unwrap_err();
        assert_eq!(code(&early), "lost-none-stands");
        drop(work);
        mark(&lender, case, LostKind::Half).await.unwrap();
        let mut work = lender.at("boss").await;
        assert_eq!(code(&log(&mut work, case, &step("public_search")).await.unwrap_err()), "trace-order");
        for name in ["own_data", "registered_address", "public_search"] {
            assert!(matches!(log(&mut work, case, &step(name)).await.unwrap(), Logged::Done(_)), "{name}");
        }
        assert_eq!(code(&log(&mut work, case, &step("authorised_data")).await.unwrap_err()), "trace-authority");
        let with = NewTrace { authority: "征信授权书 2026-01".to_owned(), ..step("authorised_data") };
        assert_eq!(
            code(&log(&mut work, case, &with).await.unwrap_err()),
            "trace-not-authorised",
            "a word is no consent"
        );
        authorise(&mut work, customer, Some(date(2026, 6, 30))).await;
        assert_eq!(code(&log(&mut work, case, &with).await.unwrap_err()), "credit-authorisation-over");
        let consent = authorise(&mut work, customer, None).await;
        assert_eq!(code(&log(&mut work, case, &with).await.unwrap_err()), "trace-not-queried", "nothing was asked");
        query(&mut work, customer, consent, "loan_review", Origin::Pboc).await;
        assert_eq!(code(&log(&mut work, case, &with).await.unwrap_err()), "trace-not-queried", "for another purpose");
        query(&mut work, customer, consent, "post_loan", Origin::Other).await;
        assert!(matches!(log(&mut work, case, &with).await.unwrap(), Logged::Done(_)));
        let numbers = NewTrace { query: "138 0000 0001".to_owned(), finding: String::new(), ..step("own_data") };
        assert_eq!(code(&log(&mut work, case, &numbers).await.unwrap_err()), "trace-number,field-empty");
        let tomorrow = NewTrace { on: date(2026, 11, 25), ..step("own_data") };
        assert_eq!(code(&log(&mut work, case, &tomorrow).await.unwrap_err()), "trace-day");
        // S2.5-22: passport and police data are nobody's to obtain.
        let Logged::Forbidden(police) = log(&mut work, case, &step("police_data")).await.unwrap() else {
            panic!("police")
        };
        assert_eq!(police.article.as_deref(), Some("tracing.official"));
        for name in ["village_office", "pretext", "public_posting"] {
            let Logged::Forbidden(refused) = log(&mut work, case, &step(name)).await.unwrap() else { panic!("{name}") };
            assert_eq!(
                (refused.rule.as_deref(), refused.article.as_deref()),
                (Some("trace.no-abuse"), Some("tracing.third-parties"))
            );
        }
        work.commit().await.unwrap();
        let kept = "select count(*) as n from conduct_finding where rule = 'trace.no-abuse' and kind = 'refused'";
        assert_eq!(lender.count(kept).await, 4, "each try is on record");
        assert_eq!(lender.count("select count(*) as n from trace_step").await, 4);
        assert_eq!(lender.count("select count(*) as n from trace_step where cost_fen = 1500").await, 4);
    }
}

// S2.4-01 S2.4-04. Rules lost.one, trace.of-lost, customer.merge.person
#[tokio::test]
async fn over_merged_files_the_status_of_one_stands_in_the_other() {
    for lender in Lender::everywhere().await {
        let (one, other) = (lender.customer("甲").await, lender.customer("甲又名").await);
        for customer in [one, other] {
            lender.loan(customer, plain(date(2026, 4, 20), 3)).await;
        }
        lender.close_until(DAY).await;
        let mut cases = Vec::new();
        for customer in [one, other] {
            let mut work = lender.at("boss").await;
            cases.push(collections::case::store::all_of(&mut work.tx, customer).await.unwrap()[0].key.case);
        }
        mark(&lender, cases[0], LostKind::Half).await.unwrap();
        let mut work = lender.at("boss").await;
        assert_eq!(code(&log(&mut work, cases[1], &step("own_data")).await.unwrap_err()), "lost-none-stands");
        drop(work);
        merged(&lender, one, other).await;
        assert_eq!(mark(&lender, cases[1], LostKind::Half).await, Err("lost-stands".to_owned()));
        let mut work = lender.at("boss").await;
        assert!(matches!(log(&mut work, cases[1], &step("own_data")).await.unwrap(), Logged::Done(_)));
        take_back(&mut work, cases[1], "登记有误").await.unwrap();
        assert_eq!(code(&take_back(&mut work, cases[0], "登记有误").await.unwrap_err()), "lost-none-stands");
        work.commit().await.unwrap();
        let ended = "select count(*) as n from lost_contact where ended_by = 'mistake'";
        assert_eq!(lender.count(ended).await, 1);
    }
}

// S2.4-02 S2.4-13. Rules lost.share, lost.found
#[tokio::test]
async fn the_pages_set_trace_print_and_report() {
    for lender in Lender::everywhere().await {
        let (customer, case) = debtor(&lender).await;
        let mut browser = lender.house.user("boss").await;
        let own = format!("/collections/cases/{case}");
        let form = format!("{own}/lost");
        in_both_languages(&mut browser, &form).await;
        let none = browser.post_from(&form, &form, &[("ground", "x")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let early = browser.post_from(&form, &form, &[("kind", "fraud"), ("ground", "卷款")]).await;
        assert!(early.status == StatusCode::CONFLICT && early.text.contains("contact.unreachable"), "{}", early.text);
        tried_in_vain(&lender, customer).await;
        // The log-in ran out meanwhile.
        let mut browser = lender.house.user("boss").await;
        let set = browser.post_from(&form, &form, &[("kind", "fraud"), ("ground", "<b>卷款")]).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
        let page = in_both_languages(&mut browser, &own).await;
        assert!(page.text.contains("骗贷后藏匿") && page.text.contains("&lt;b&gt;卷款"), "{}", page.text);
        let list = in_both_languages(&mut browser, "/collections/lost").await;
        assert!(list.text.contains("骗贷后藏匿"), "{}", list.text);
        let trace = format!("{own}/trace");
        let shown = in_both_languages(&mut browser, &trace).await;
        assert!(shown.text.contains("自有资料") && shown.text.contains("禁止"), "{}", shown.text);
        let abuse = [("step", "village_office"), ("on", "2026-11-24"), ("searched", "name"), ("result", "clue")];
        let refused = browser.post_from(&trace, &trace, &abuse).await;
        assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("trace.no-abuse"), "{}", refused.text);
        // S2.4-06. Rule `template.script_neutral`: instead, somebody who consented passes a message on, and hears of no debt.
        assert!(refused.text.contains("请已同意被联系的联系人转达口信"), "{}", refused.text);
        assert!(refused.text.contains(&format!("/customers/{customer}?tab=reach")), "{}", refused.text);
        let friend = consented(&lender, customer).await;
        let call = format!("/collections/cases/{case}/call");
        let asked = [("point", friend.to_string()), ("reason", "请转告回电".to_owned())];
        let asked = asked.each_ref().map(|(name, value)| (*name, value.as_str()));
        let passed = browser.post_from(&trace, &call, &asked).await;
        assert!(passed.status == StatusCode::OK && passed.text.contains("麻烦您方便时请甲回电"), "{}", passed.text);
        assert!(!passed.text.contains("请问是甲本人吗"), "the words about the debt stay away: {}", passed.text);
        let fields = [
            ("step", "own_data"),
            ("on", "2026-11-24"),
            ("searched", "mobile"),
            ("query", "服务记录"),
            ("result", "clue"),
            ("finding", "<i>换过单位"),
            ("cost", "12.50"),
            ("next_step", "查登记地址"),
        ];
        let done = browser.post_from(&trace, &trace, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let shown = in_both_languages(&mut browser, &trace).await;
        assert!(shown.text.contains("&lt;i&gt;换过单位") && shown.text.contains("12.50"), "{}", shown.text);
        let print = browser.get(&format!("{trace}/report.pdf")).await;
        assert!(print.status == StatusCode::OK && print.text.starts_with("%PDF"), "{}", print.text);
        let report = in_both_languages(&mut browser, "/collections/lost/report").await;
        assert!(report.text.contains("100") && report.text.contains("70"), "{}", report.text);
        assert_eq!(browser.get("/collections/lost/report.xlsx").await.status, StatusCode::OK);
        in_both_languages(&mut browser, "/collections/conduct").await;
        let back = format!("{own}/lost/take-back");
        in_both_languages(&mut browser, &back).await;
        assert_eq!(browser.post_from(&back, &back, &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = browser.post_from(&back, &back, &[("reason", "登记有误")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.post_from(&trace, &trace, &fields).await.status, StatusCode::FORBIDDEN);
        let mut program = lender.house.program("boss", &["case.view", "case.work"]).await;
        let traced = program.get(&trace).await.json();
        assert_eq!((traced[0]["step"].as_str(), traced[0]["cost_fen"].as_i64()), (Some("own_data"), Some(1_250)));
        assert_eq!(program.get(&form).await.json()[0]["ended_by"], "mistake");
    }
}
