//! Visits: planned, issued by another, set out on through the guard, recorded as a contact; on both databases.

use axum::http::StatusCode;
use collections::case::model::CaseId;
use collections::contact::actions::NewOutcome;
use collections::contact::model::ContactResult;
use collections::lost::model::LostKind;
use collections::visit::actions::{self, SetOut};
use collections::visit::model::{Band, Conclusion, Entry, NewOrder, NewRecord, OrderId, VisitState, Visitor};
use collections::visit::record::{self, Promised};
use collections::visit::store;
use customers::contact_point::actions as points;
use customers::contact_point::model::{ContactKind, ContactPointId, NewContactPoint, SourceRoute};
use customers::relation::actions as relations;
use customers::relation::model::{NewRelation, RelationKind};
use finance::Fen;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use platform::clock::civil_moment;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::testbed;
use serde_json::json;

use crate::guard_pages::{address, in_both_languages};
use crate::lender::{Lender, plain};

const DAY: Date = date(2026, 11, 24);
const PLACE: &str = "苏州市虎丘区狮山路一百号三幢二〇一室";

fn code(error: &ActionError) -> String {
    match error.refusal() {
        Some(refused) if refused.fields.is_empty() => refused.code.to_owned(),
        Some(refused) => refused.fields.iter().map(|field| field.code).collect::<Vec<_>>().join(","),
        None => error.to_string(),
    }
}

fn at(hour: i8, minute: i8) -> Timestamp {
    civil_moment(DAY.at(hour, minute, 0, 0)).unwrap()
}

/// A debtor with a case and an address, on the day of the visits.
pub async fn debtor(lender: &Lender) -> (CustomerId, CaseId, ContactPointId) {
    let customer = lender.customer("甲").await;
    lender.loan(customer, plain(date(2026, 4, 20), 3)).await;
    lender.close_until(DAY).await;
    let point = place(lender, customer, None, PLACE).await;
    let mut work = lender.at("boss").await;
    let case = collections::case::store::all_of(&mut work.tx, customer).await.unwrap()[0].key.case;
    (customer, case, point)
}

async fn place(
    lender: &Lender,
    customer: CustomerId,
    relation: Option<customers::relation::model::RelationId>,
    value: &str,
) -> ContactPointId {
    let mut work = lender.at("boss").await;
    let new = NewContactPoint {
        relation,
        kind: ContactKind::Address,
        value: value.to_owned(),
        route: SourceRoute::Papers,
        consented: true,
        main: true,
    };
    let point = points::add(&mut work, customer, &new).await.unwrap();
    work.commit().await.unwrap();
    point
}

async fn visitor(lender: &Lender, login: &str, credential: &str, valid_until: Date) -> Visitor {
    Visitor {
        user: Some(lender.house.user_id(login).await),
        name: String::new(),
        agency: String::new(),
        credential: credential.to_owned(),
        valid_until,
    }
}

async fn order(lender: &Lender, point: Option<ContactPointId>) -> NewOrder {
    NewOrder {
        point,
        district: "虎丘区".to_owned(),
        on: DAY,
        band: Band { from: 600, until: 690 },
        purpose: "核实还款能力".to_owned(),
        documents: "合同复印件、逾期明细".to_owned(),
        visitors: vec![visitor(lender, "boss", "W001", DAY).await, visitor(lender, "collector", "W002", DAY).await],
    }
}

async fn planned(lender: &Lender, case: CaseId, new: &NewOrder) -> Result<OrderId, String> {
    let mut work = lender.at("boss").await;
    match actions::plan(&mut work, case, new).await {
        Ok(id) => {
            work.commit().await.unwrap();
            Ok(id)
        }
        Err(error) => Err(code(&error)),
    }
}

async fn issued(lender: &Lender, login: &str, id: OrderId) -> Result<(), String> {
    let mut work = lender.at(login).await;
    actions::issue(&mut work, &id.to_string()).await.map_err(|error| code(&error))?;
    work.commit().await.unwrap();
    Ok(())
}

/// Sets out; the rule that keeps back where the guard does.
async fn gone(lender: &Lender, login: &str, id: OrderId) -> Result<(), String> {
    let mut work = lender.at(login).await;
    let done = actions::set_out(&mut work, &id.to_string()).await.map_err(|error| code(&error))?;
    work.commit().await.unwrap();
    match done {
        SetOut::Gone => Ok(()),
        SetOut::Refused(refused) => Err(refused.rule.unwrap()),
    }
}

fn met_debtor(result: ContactResult) -> NewRecord {
    NewRecord {
        result,
        arrived_at: at(10, 20),
        identified: true,
        entry: Entry::Consented,
        met: "本人".to_owned(),
        debt_kept: false,
        said: "先谈一次结清".to_owned(),
        response: "月底前还一部分".to_owned(),
        seen: "自住房，小超市在营业".to_owned(),
        lump_sum: true,
        conclusion: Conclusion::Plan,
        next_step: "次日报调整方案".to_owned(),
    }
}

// S4-16. Rules visit.crew, visit.address, visit.plan, visit.by-visitors, visit.agency
#[tokio::test]
async fn an_order_needs_two_people_with_credentials_and_an_address_that_may_be_visited() {
    for lender in Lender::everywhere().await {
        let (customer, case, point) = debtor(&lender).await;
        let whole = order(&lender, Some(point)).await;
        let alone = NewOrder { visitors: whole.visitors[..1].to_vec(), ..whole.clone() };
        assert_eq!(planned(&lender, case, &alone).await, Err("visit-too-few".to_owned()));
        let twice = NewOrder { visitors: vec![whole.visitors[0].clone(); 2], ..whole.clone() };
        assert_eq!(planned(&lender, case, &twice).await, Err("visit-too-few".to_owned()));
        let mut without = whole.clone();
        without.visitors[1].credential = " ".to_owned();
        assert_eq!(planned(&lender, case, &without).await, Err("visit-credential".to_owned()));
        let mut expired = whole.clone();
        expired.visitors[1].valid_until = date(2026, 11, 23);
        assert_eq!(planned(&lender, case, &expired).await, Err("visit-credential".to_owned()));
        let bare = NewOrder { point: None, ..whole.clone() };
        assert_eq!(planned(&lender, case, &bare).await, Err("visit-address".to_owned()), "the file has no address");
        let other = NewOrder { point: Some(ContactPointId(7)), ..whole.clone() };
        assert_eq!(planned(&lender, case, &other).await, Err("visit-address".to_owned()));
        let mut work = lender.at("boss").await;
        let tie = |kind, name: &str| NewRelation {
            kind,
            name: name.to_owned(),
            identity: None,
            share_ppm: None,
            since: DAY,
            consented_on: None,
            note: None,
        };
        let friend = relations::add(&mut work, customer, &tie(RelationKind::ListedContact, "友")).await.unwrap();
        let guarantor = relations::add(&mut work, customer, &tie(RelationKind::Guarantor, "保")).await.unwrap();
        work.commit().await.unwrap();
        let beside = place(&lender, customer, Some(friend), "苏州市姑苏区平江路一号").await;
        let of_friend = NewOrder { point: Some(beside), ..whole.clone() };
        assert_eq!(planned(&lender, case, &of_friend).await, Err("visit-address".to_owned()));
        let answers = place(&lender, customer, Some(guarantor), "苏州市姑苏区平江路二号").await;
        let of_guarantor = NewOrder { point: Some(answers), ..whole.clone() };
        assert!(planned(&lender, case, &of_guarantor).await.is_ok());
        let wrong = NewOrder {
            district: " ".to_owned(),
            purpose: "长".repeat(2_001),
            on: date(2026, 11, 23),
            band: Band { from: 700, until: 600 },
            ..whole.clone()
        };
        let all = planned(&lender, case, &wrong).await.unwrap_err();
        assert_eq!(all, "field-empty,contact-too-long,visit-past,hours-invalid");
        let late = NewOrder { on: date(2027, 1, 24), ..whole.clone() };
        assert_eq!(planned(&lender, case, &late).await, Err("visit-too-late".to_owned()));
        // Staff of an agency go by name.
        let agency = Visitor {
            user: None,
            name: "受托人员乙".to_owned(),
            agency: "某催收服务公司".to_owned(),
            credential: "A9".to_owned(),
            valid_until: DAY,
        };
        let colleague = Visitor { name: "受托人员丙".to_owned(), credential: "A10".to_owned(), ..agency.clone() };
        let theirs = NewOrder { visitors: vec![agency.clone(), colleague], ..whole.clone() };
        let unknown = planned(&lender, case, &theirs).await;
        assert_eq!(unknown, Err("visit-agency-unknown".to_owned()), "nothing is placed with it");
        crate::agency::placed_with(&lender, &agency.agency, case).await;
        let out = planned(&lender, case, &theirs).await.unwrap();
        issued(&lender, "clerk", out).await.unwrap();
        let mixed = NewOrder { visitors: vec![whole.visitors[0].clone(), agency], ..whole };
        let id = planned(&lender, case, &mixed).await.unwrap();
        issued(&lender, "clerk", id).await.unwrap();
        lender.app().clock.set(at(10, 0));
        // Rule visit.by-visitors: who planned it has the way in for staff of an agency, and nobody else has.
        for (login, way) in [("boss", true), ("clerk", false)] {
            let mut browser = lender.house.user(login).await;
            let mine = in_both_languages(&mut browser, "/visits/mine").await;
            assert_eq!(mine.text.contains(&format!("/visits/{out}/set-out")), way, "{login}: {}", mine.text);
            let own = in_both_languages(&mut browser, &format!("/visits/{out}")).await;
            assert_eq!(own.text.contains(&format!("/visits/{out}/set-out")), way, "{login}: {}", own.text);
        }
        gone(&lender, "boss", id).await.unwrap();
        let kept = "select count(*) as n from contact_allowance where channel = 'visit' and visitors not like '%-%'";
        assert_eq!(lender.count(kept).await, 1, "only people of the house stand there by key");
        // Rules visit.agency, agency.recall: what waits is called off with the case, who set out is on the way.
        let standing = lender.count("select id as n from agency_placement where ended_on is null").await;
        let mut work = lender.at("clerk").await;
        collections::agency::placing::recall(&mut work, &standing.to_string(), "收回自催").await.unwrap();
        for (order, state) in [(out, VisitState::CalledOff), (id, VisitState::OnTheWay)] {
            assert_eq!(actions::load(&mut work, &order.to_string(), "case.view").await.unwrap().0.state, state);
        }
        work.commit().await.unwrap();
    }
}

// S4-16 S4-18 S2.5-27 X-02. Rules visit.issue, visit.guarded, visit.by-visitors, visit.life, visit.record,
// duty.visit_record
#[tokio::test]
async fn an_order_is_issued_by_another_set_out_on_and_recorded_as_a_contact() {
    for lender in Lender::everywhere().await {
        let (customer, case, point) = debtor(&lender).await;
        let id = planned(&lender, case, &order(&lender, Some(point)).await).await.unwrap();
        assert_eq!(gone(&lender, "boss", id).await, Err("visit-not-now".to_owned()));
        assert_eq!(issued(&lender, "boss", id).await, Err("visit-own-plan".to_owned()));
        issued(&lender, "clerk", id).await.unwrap();
        assert_eq!(issued(&lender, "clerk", id).await, Err("visit-not-now".to_owned()));
        assert_eq!(gone(&lender, "clerk", id).await, Err("visit-not-visitor".to_owned()));
        let open = "select count(*) as n from duty where kind = 'visit_record' and state = 'open'";
        assert_eq!(lender.count(open).await, 0);
        lender.app().clock.set(at(9, 50));
        gone(&lender, "boss", id).await.unwrap();
        assert_eq!(lender.count(open).await, 1, "the record is owed from now on");
        let due = "select count(*) as n from duty where kind = 'visit_record' and due_on = '2026-11-24'";
        assert_eq!(lender.count(due).await, 1, "the same working day");
        let key = id.to_string();
        let mut work = lender.at("boss").await;
        let off = actions::call_off(&mut work, &key, "下雨").await.unwrap_err();
        assert_eq!(code(&off), "visit-not-now", "who set out writes the record");
        drop(work);
        lender.app().clock.set(at(11, 0));
        let mut work = lender.at("boss").await;
        let (order, _) = actions::load(&mut work, &key, "case.view").await.unwrap();
        let outcome = NewOutcome::of(customer, order.allowance.unwrap(), ContactResult::NoAnswer);
        let elsewhere = collections::contact::actions::record(&mut work, &outcome).await.unwrap_err();
        assert_eq!(code(&elsewhere), "visit-record-there", "what came of a visit is entered with its order");
        let before = NewRecord { arrived_at: at(9, 0), ..met_debtor(ContactResult::Unable) };
        assert_eq!(code(&record::keep(&mut work, &key, &before, None).await.unwrap_err()), "visit-before-set-out");
        let bare = NewRecord {
            arrived_at: at(12, 0),
            met: String::new(),
            response: String::new(),
            next_step: " ".to_owned(),
            ..met_debtor(ContactResult::Sent)
        };
        let all = code(&record::keep(&mut work, &key, &bare, None).await.unwrap_err());
        assert_eq!(all, "contact-future,visit-next,result-of-other-channel");
        let unpromised = record::keep(&mut work, &key, &met_debtor(ContactResult::Promised), None).await.unwrap_err();
        assert_eq!(code(&unpromised), "work-promise-needed");
        let promised =
            Promised { amount: Fen(100_000), due_at: civil_moment(date(2026, 11, 26).at(23, 59, 0, 0)).unwrap() };
        let new = met_debtor(ContactResult::Promised);
        record::keep(&mut work, &key, &new, Some(promised)).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.at("boss").await;
        let (done, _) = actions::load(&mut work, &key, "case.view").await.unwrap();
        assert_eq!(done.state, VisitState::Done);
        let kept = store::record_of(&mut work.tx, &done).await.unwrap().unwrap();
        assert_eq!(kept.content, new);
        let again = record::keep(&mut work, &key, &new, Some(promised)).await.unwrap_err();
        assert_eq!(code(&again), "visit-not-now", "one record an order");
        let steps = store::steps(&mut work.tx, &done).await.unwrap();
        assert_eq!(
            steps.iter().map(|one| one.step.as_str()).collect::<Vec<_>>(),
            ["planned", "issued", "on-the-way", "done"]
        );
        drop(work);
        assert_eq!(lender.count(open).await, 0, "the record ends the duty");
        let contact = "select count(*) as n from contact_outcome where result = 'promised'";
        let promise = "select count(*) as n from promise where amount_fen = 100000 and state = 'open'";
        let findings = "select count(*) as n from conduct_finding";
        assert_eq!([lender.count(contact).await, lender.count(promise).await, lender.count(findings).await], [1, 1, 0]);
    }
}

// S4-16. Rules visit.guarded, visit.arrival, visit.identify, visit.entry, visit.third-party
#[tokio::test]
async fn the_guard_is_asked_at_issue_and_again_and_what_was_not_right_is_found() {
    for lender in Lender::everywhere().await {
        let (customer, case, point) = debtor(&lender).await;
        let night = NewOrder { band: Band { from: 1_260, until: 1_380 }, ..order(&lender, Some(point)).await };
        let id = planned(&lender, case, &night).await.unwrap();
        assert_eq!(
            issued(&lender, "clerk", id).await,
            Err("visit-guarded".to_owned()),
            "its end is in the quiet hours"
        );
        let mut work = lender.at("boss").await;
        actions::call_off(&mut work, &id.to_string(), "改期").await.unwrap();
        work.commit().await.unwrap();
        let id = planned(&lender, case, &order(&lender, Some(point)).await).await.unwrap();
        issued(&lender, "clerk", id).await.unwrap();
        lender.app().clock.set(at(7, 30));
        assert_eq!(gone(&lender, "boss", id).await, Err("contact.quiet-hours".to_owned()));
        let refused = "select count(*) as n from conduct_finding where kind = 'refused' and channel = 'visit'";
        assert_eq!(lender.count(refused).await, 1, "the refusal is kept");
        lender.app().clock.set(at(9, 50));
        let flag = collections::stop_flag::model::NewStopFlag {
            kind: collections::stop_flag::model::StopKind::Dispute,
            reason: "有异议".to_owned(),
            evidence: "投诉单".to_owned(),
        };
        let mut work = lender.at("boss").await;
        let flag = collections::stop_flag::actions::set(&mut work, customer, &flag).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(gone(&lender, "boss", id).await, Err("contact.stop-flag".to_owned()));
        let mut work = lender.at("clerk").await;
        collections::stop_flag::actions::lift(&mut work, customer, flag, "已答复").await.unwrap();
        work.commit().await.unwrap();
        gone(&lender, "collector", id).await.unwrap();
        // Nobody was let in; a neighbour heard more than he should, late in the evening.
        lender.app().clock.set(at(23, 0));
        let wrong = NewRecord {
            arrived_at: at(22, 30),
            identified: false,
            entry: Entry::Uninvited,
            met: "邻居".to_owned(),
            debt_kept: false,
            said: "罚息还不够多，先不起诉".to_owned(),
            ..met_debtor(ContactResult::AnsweredByOther)
        };
        // An address that is ended before the record is written takes nothing away from what happened.
        let mut work = lender.at("boss").await;
        customers::contact_point::actions::end(&mut work, customer, point, "已搬走").await.unwrap();
        // Nor does a flag that was set after the visit make it unlawful: only its hour was.
        let later = collections::stop_flag::model::NewStopFlag {
            kind: collections::stop_flag::model::StopKind::Dispute,
            reason: "事后提出异议".to_owned(),
            evidence: "投诉单二".to_owned(),
        };
        collections::stop_flag::actions::set(&mut work, customer, &later).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.at("collector").await;
        record::keep(&mut work, &id.to_string(), &wrong, None).await.unwrap();
        work.commit().await.unwrap();
        let mut tx = lender.app().db.read().await.unwrap();
        let row =
            tx.fetch_one("select contacted_at from contact_record where channel = 'visit'", platform::args![]).await;
        assert_eq!(row.unwrap().get::<Timestamp>("contacted_at").unwrap(), at(22, 30), "when they arrived");
        let sql = "select count(*) as n from conduct_finding where rule = 'contact.words' and happened_at = $1";
        let n: i64 = tx.fetch_one(sql, platform::args![at(22, 30)]).await.unwrap().get("n").unwrap();
        assert!(n > 0, "what was said was said then");
        drop(tx);
        for rule in ["visit.identify", "visit.entry", "visit.third-party", "contact.quiet-hours"] {
            let mut tx = lender.app().db.read().await.unwrap();
            let sql = "select count(*) as n from conduct_finding where rule = $1 and kind <> 'refused'";
            let n: i64 = tx.fetch_one(sql, platform::args![rule]).await.unwrap().get("n").unwrap();
            assert_eq!(n, 1, "{rule}");
        }
        let mut browser = lender.house.user("boss").await;
        in_both_languages(&mut browser, "/collections/conduct").await;
    }
}

// S4-16 S4-18. Rules visit.route, visit.draft, visit.photos
#[tokio::test]
async fn the_pages_plan_issue_and_record_a_visit_from_a_phone() {
    for lender in Lender::everywhere().await {
        let (customer, case, point) = debtor(&lender).await;
        let (boss, collector) = (lender.house.user_id("boss").await, lender.house.user_id("collector").await);
        let mut browser = lender.house.user("boss").await;
        let form = format!("/collections/cases/{case}/visits/new");
        let shown = in_both_languages(&mut browser, &form).await;
        assert!(shown.text.contains("苏州市虎丘区") && !shown.text.contains(PLACE), "the address stays masked");
        assert_eq!(shown.text.matches("class=\"field full\"").count(), 4, "each visitor begins a row");
        let (boss, collector, point) = (boss.to_string(), collector.to_string(), point.to_string());
        let fields = [
            ("point", point.as_str()),
            ("district", "<b>虎丘区"),
            ("on", "2026-11-24"),
            ("hours", "10:00-11:30"),
            ("purpose", "核实还款能力"),
            ("documents", "合同复印件"),
            ("visitor1", boss.as_str()),
            ("credential1", "W001"),
            ("valid1", "2026-12-31"),
            ("visitor2", collector.as_str()),
            ("credential2", "W002"),
            ("valid2", "2026-12-31"),
        ];
        let alone = browser.post_from(&form, &form, &fields[..9]).await;
        assert!(alone.status == StatusCode::CONFLICT && alone.text.contains("visit.crew"), "{}", alone.text);
        let bad = browser.post_from(&form, &form, &[("hours", "x"), ("on", "y"), ("visitor1", "z")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let made = browser.post_from(&form, &form, &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let own = made.location().to_owned();
        let page = in_both_languages(&mut browser, &own).await;
        assert!(!page.text.contains("<b>虎丘区") && !page.text.contains(PLACE), "{}", page.text);
        let refused = browser.post(&format!("{own}/issue"), &[]).await;
        assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("visit.issue"), "{}", refused.text);
        let mut clerk = lender.house.user("clerk").await;
        assert_eq!(clerk.post(&format!("{own}/issue"), &[]).await.status, StatusCode::SEE_OTHER);
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.post(&format!("{own}/set-out"), &[]).await.status, StatusCode::FORBIDDEN);
        lender.app().clock.set(at(9, 50));
        // Log-ins run out while the clock leaps.
        let mut clerk = lender.house.user("clerk").await;
        let mut phone = lender.house.user("collector").await;
        let mine = in_both_languages(&mut phone, "/visits/mine").await;
        assert!(mine.text.contains("&lt;b&gt;虎丘区") && !mine.text.contains(PLACE), "{}", mine.text);
        let shown = phone.post(&format!("{own}/address"), &[]).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains(PLACE), "{}", shown.text);
        assert_eq!(shown.headers.get("cache-control").unwrap(), "no-store");
        let stranger = clerk.post(&format!("{own}/address"), &[]).await;
        assert!(stranger.status == StatusCode::CONFLICT && !stranger.text.contains(PLACE));
        let record = format!("{own}/record");
        assert_eq!(phone.get(&record).await.status, StatusCode::CONFLICT, "nobody set out yet");
        assert_eq!(phone.post(&format!("{own}/set-out"), &[]).await.location(), "/visits/mine");
        lender.app().clock.set(at(11, 0));
        let mut phone = lender.house.user("collector").await;
        let mut browser = lender.house.user("boss").await;
        let typed = in_both_languages(&mut phone, &record).await;
        assert!(typed.text.contains("data-draft=\"") && typed.text.contains("loanward.js"), "{}", typed.text);
        let empty = phone.post_from(&record, &record, &[("result", "unable")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.text);
        let once = platform::web::once_key();
        let csrf = phone.get("/me").await.hidden("_csrf").unwrap();
        let fields = [
            ("_csrf", csrf.as_str()),
            ("_once", once.as_str()),
            ("result", "unable"),
            ("arrived_at", "2026-11-24T10:20"),
            ("identified", "on"),
            ("entry", "consented"),
            ("met", "本人"),
            ("response", "<script>没钱"),
            ("seen", "门店已关"),
            ("conclusion", "plan"),
            ("next_step", "报方案"),
        ];
        let saved = phone.post_raw(&record, &fields).await;
        assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, own.as_str()), "{}", saved.text);
        // The connection broke before the answer came: the same key again records nothing twice.
        let again = phone.post_raw(&record, &fields).await;
        assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, own.as_str()), "{}", again.text);
        assert_eq!(lender.count("select count(*) as n from visit_record").await, 1);
        let photos = format!("{own}/photos");
        let png: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
        let kept = phone.upload_from(&own, &photos, &[("note", "门店")], ("file", "门店.png", png)).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        let virus = phone.upload_from(&own, &photos, &[("note", "")], ("file", "a.png", b"MZ\x90\0")).await;
        assert!(virus.status == StatusCode::CONFLICT || virus.status == StatusCode::UNPROCESSABLE_ENTITY);
        let page = in_both_languages(&mut browser, &own).await;
        assert!(page.text.contains("&lt;script&gt;没钱") && page.text.contains("门店已关"), "{}", page.text);
        let photo = address(&page, &photos);
        assert_eq!(browser.file(&photo).await, (StatusCode::OK, png.to_vec()));
        let case_page = in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
        assert!(case_page.text.contains(&own), "{}", case_page.text);
        for view in ["open", "route", "done", "all"] {
            in_both_languages(&mut browser, &format!("/collections/visits?view={view}")).await;
        }
        assert_eq!(browser.get("/collections/visits/export.xlsx?view=all").await.status, StatusCode::OK);
        let timeline = in_both_languages(&mut browser, &format!("/customers/{customer}?tab=timeline")).await;
        assert!(!timeline.text.contains(PLACE));
    }
}

// Rule visit.route
#[tokio::test]
async fn a_route_goes_by_district_then_by_hour_and_is_printed_with_its_addresses() {
    for lender in Lender::everywhere().await {
        let (_, case, point) = debtor(&lender).await;
        let mut numbers = Vec::new();
        for (district, from) in [("吴中区", 600), ("虎丘区", 840), ("虎丘区", 540)] {
            let base = order(&lender, Some(point)).await;
            let band = Band { from, until: from + 60 };
            let new = NewOrder { district: district.to_owned(), band, ..base };
            let id = planned(&lender, case, &new).await.unwrap();
            issued(&lender, "clerk", id).await.unwrap();
            let mut work = lender.at("boss").await;
            numbers.push(actions::load(&mut work, &id.to_string(), "case.view").await.unwrap().0.number);
        }
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, "/collections/visits?view=route").await;
        let mut places: Vec<_> =
            numbers.iter().map(|number| (page.text.find(number.as_str()).unwrap(), number)).collect();
        places.sort();
        let order: Vec<&String> = places.into_iter().map(|(_, number)| number).collect();
        assert!(
            order == [&numbers[0], &numbers[2], &numbers[1]] || order == [&numbers[2], &numbers[1], &numbers[0]],
            "the districts stand together, each by hour: {order:?}"
        );
        let print = browser.get("/collections/visits/route.pdf?view=route").await;
        assert!(print.status == StatusCode::OK && print.text.starts_with("%PDF"), "{}", print.text);
        let seen = "select count(*) as n from audit_entry where action = 'visit.route'";
        assert_eq!(lender.count(seen).await, 1);
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.get("/collections/visits/route.pdf").await.status, StatusCode::FORBIDDEN);
    }
}

// Rule api.twins
#[tokio::test]
async fn programs_plan_set_out_and_record() {
    let lender = Lender::over(testbed::sqlite().await).await;
    let (_, case, point) = debtor(&lender).await;
    let (boss, collector) = (lender.house.user_id("boss").await, lender.house.user_id("collector").await);
    let mut program = lender
        .house
        .program("boss", &["case.view", "case.work", "contact.record", "contact.reveal", "visit.issue"])
        .await;
    let body = json!({"point": point.to_string(), "district": "虎丘区", "on": "2026-11-24", "hours": "10:00-11:30",
        "purpose": "核实", "documents": "合同", "visitor1": boss.to_string(), "credential1": "W1",
        "valid1": "2026-12-31", "visitor2": collector.to_string(), "credential2": "W2", "valid2": "2026-12-31"});
    let made = program.post(&format!("/collections/cases/{case}/visits/new"), &body).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let own = made.json()["page"].as_str().unwrap().to_owned();
    let refused = program.post(&format!("{own}/issue"), &json!({})).await;
    assert_eq!((refused.status, refused.json()["rule"].as_str()), (StatusCode::CONFLICT, Some("visit.issue")));
    let mut clerk = lender.house.program("clerk", &["case.view", "visit.issue"]).await;
    assert_eq!(clerk.post(&format!("{own}/issue"), &json!({})).await.status, StatusCode::OK);
    lender.app().clock.set(at(9, 50));
    assert_eq!(program.post(&format!("{own}/set-out"), &json!({})).await.status, StatusCode::OK);
    let mine = program.get("/visits/mine").await.json();
    assert_eq!(mine[0]["state"], "on-the-way");
    let place = program.post(&format!("{own}/address"), &json!({})).await;
    assert_eq!(place.json()["value"], PLACE);
    lender.app().clock.set(at(11, 0));
    let record = json!({"result": "no-answer", "arrived_at": "2026-11-24T10:30", "entry": "outside",
        "next_step": "改日再访"});
    assert_eq!(program.post(&format!("{own}/record"), &record).await.status, StatusCode::OK);
    let detail = program.get(&own).await.json();
    assert_eq!(detail["record"]["result"], "no-answer");
    assert_eq!(detail["order"]["state"], "done");
}

// S2.5-27. Rule visit.half-lost
#[tokio::test]
async fn a_half_lost_debtor_hears_of_payment_at_once_first_and_the_visit_ends_in_a_plan_or_a_suit() {
    for lender in Lender::everywhere().await {
        let (_, case, point) = debtor(&lender).await;
        let mut work = lender.at("boss").await;
        collections::lost::actions::set(&mut work, case, LostKind::Half, "只有妻子接听").await.unwrap();
        work.commit().await.unwrap();
        let id = planned(&lender, case, &order(&lender, Some(point)).await).await.unwrap();
        issued(&lender, "clerk", id).await.unwrap();
        lender.app().clock.set(at(9, 50));
        gone(&lender, "boss", id).await.unwrap();
        lender.app().clock.set(at(11, 0));
        let mut browser = lender.house.user("boss").await;
        let form = in_both_languages(&mut browser, &format!("/visits/{id}/record")).await;
        assert!(form.text.contains("先谈一次性还清，再看资产与收入"), "{}", form.text);
        let mut work = lender.at("boss").await;
        let key = id.to_string();
        let whole = NewRecord { lump_sum: false, ..met_debtor(ContactResult::Unable) };
        let bare = NewRecord { seen: " ".to_owned(), conclusion: Conclusion::GoOn, ..whole.clone() };
        let refused = record::keep(&mut work, &key, &bare, None).await.unwrap_err();
        assert_eq!(code(&refused), "visit-half-seen,visit-half-conclusion");
        record::keep(&mut work, &key, &whole, None).await.unwrap();
        work.commit().await.unwrap();
        let found = "select count(*) as n from conduct_finding where rule = 'visit.half-lost' and kind = 'flagged'";
        assert_eq!(lender.count(found).await, 1, "what was not said first is on record");
    }
}
