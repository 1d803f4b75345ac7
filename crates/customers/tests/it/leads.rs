//! Leads through HTTP and through the use cases, on every database: taken in, followed up, made customers, refused, erased.

use axum::http::StatusCode;
use customers::lead::actions::{self, Said};
use customers::lead::convert::{self, Conversion};
use customers::lead::model::{Lead, LeadId, LeadState, NewLead, Origin, StepKind};
use customers::lead::{Acquisition, source, store};
use jiff::civil::date;
use platform::close::{CloseDay, CloseStep as _};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::{BRANCH, Lender, identity, lenders};

const PHONE: &str = "13900000007";

/// A walk-in lead of this person.
pub async fn lead(lender: &Lender, name: &str, owner: &str) -> NewLead {
    NewLead {
        kind: customers::CustomerKind::Person,
        name: name.to_owned(),
        phone: Some(PHONE.to_owned()),
        origin: Origin { channel: "walk_in".to_owned(), ..Origin::default() },
        ground: "own_request".to_owned(),
        ground_note: "本人到店咨询".to_owned(),
        interest: "经营周转".to_owned(),
        customer: None,
        owner: lender.user(owner).await,
    }
}

/// Takes a lead in.
pub async fn taken(lender: &Lender, by: &str, new: &NewLead) -> Result<LeadId, ActionError> {
    let mut work = lender.work(by).await;
    let id = actions::take(&mut work, new).await?;
    work.commit().await.unwrap();
    Ok(id)
}

async fn read(lender: &Lender, id: LeadId) -> Lead {
    let mut tx = lender.house.app.db.read().await.unwrap();
    store::find(&mut tx, id).await.unwrap().unwrap()
}

async fn step(lender: &Lender, by: &str, id: LeadId, kind: StepKind, reason: &str) -> Result<(), ActionError> {
    let mut work = lender.work(by).await;
    let said = Said { note: "谈了额度".to_owned(), next_on: None, reason: reason.to_owned() };
    actions::step(&mut work, &id.to_string(), kind, &said).await?;
    work.commit().await.unwrap();
    Ok(())
}

fn code(refused: Result<impl std::fmt::Debug, ActionError>) -> String {
    refused.unwrap_err().refusal().unwrap().code.to_owned()
}

const OPEN: &str = "select count(*) as n from duty where kind = 'lead_contact' and state = 'open'";
const DUE: &str =
    "select count(*) as n from duty where kind = 'lead_contact' and state = 'open' and due_on < '2026-11-25'";

// S1-03, S5.8-10, S5.8-11. Rules lead.take, lead.steps, lead.next, lead.convert, duty.lead_contact, lead.channels,
// lead.grounds, lead.lost_reasons
#[tokio::test]
async fn a_lead_is_taken_in_followed_up_and_becomes_a_customer_who_keeps_the_channel() {
    for lender in lenders().await {
        let mut browser = lender.browser("lin").await;
        let lin = lender.user("lin").await.to_string();
        let wrong = [("kind", "person"), ("name", ""), ("channel", "poem"), ("ground", ""), ("owner", lin.as_str())];
        let back = browser.post_from("/leads/new", "/leads/new", &wrong).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", back.text);
        let fields = [
            ("kind", "person"),
            ("name", "梁文"),
            ("phone", PHONE),
            ("channel", "advertising_online"),
            ("ground", "consent"),
            ("ground_note", "网页留资勾选同意"),
            ("interest", "装修"),
            ("owner", lin.as_str()),
        ];
        let done = browser.post_from("/leads/new", "/leads/new", &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let own = done.location().to_owned();
        assert_eq!(lender.count(OPEN).await, 1, "whoever is taken in is contacted");
        let listed = browser.get("/leads").await.text;
        assert!(listed.contains("梁文") && listed.contains("线上广告") && !listed.contains(PHONE), "{listed}");
        let past = [("note", "谈了额度"), ("next_on", "2026-11-20")];
        let contacted = format!("{own}/steps/contacted");
        let refused = browser.post_from(&contacted, &contacted, &past).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = [("note", "谈了额度"), ("next_on", "2026-12-01")];
        assert_eq!(browser.post_from(&contacted, &contacted, &said).await.status, StatusCode::SEE_OTHER);
        assert_eq!(lender.count(OPEN).await, 1, "one is done, the next stands");
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            for part in ["", "/steps/visited", "/steps/lost", "/steps/refused", "/convert", "/phone", "/erase"] {
                let shown = browser.get(&format!("{own}{part}")).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {part}");
            }
            for page in ["/leads", "/leads/new", "/leads?view=erase"] {
                let shown = browser.get(page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
            assert_eq!(browser.get(&format!("{own}/steps/poem")).await.status, StatusCode::NOT_FOUND);
        }
        browser.get("/me?lang=zh-CN").await;
        let convert = format!("{own}/convert");
        let number = identity(3);
        let form = [("identity_kind", "resident-id"), ("identity", number.as_str()), ("manager", lin.as_str())];
        let done = browser.post_from(&convert, &convert, &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let page = browser.get(&format!("{}?tab=source", done.location())).await.text;
        assert!(page.contains("线上广告") && page.contains("XS2026"), "{page}");
        let customer: CustomerId = done.location().rsplit('/').next().unwrap().parse().map(CustomerId).unwrap();
        let mut work = lender.work("lin").await;
        let sources = source::of_customer(&mut work.tx, customer).await.unwrap();
        assert_eq!((sources.len(), sources[0].opening), (1, true));
        assert_eq!(sources[0].origin.channel, "advertising_online");
        drop(work);
        assert_eq!(lender.count("select count(*) as n from contact_point").await, 1, "the number came along");
        assert_eq!(lender.count(OPEN).await, 0);
        let again = browser.post_from(&convert, &own, &form).await;
        assert_ne!(again.status, StatusCode::SEE_OTHER, "once");
    }
}

// S5.8-13. Rules lead.convert, lead.source
#[tokio::test]
async fn a_lead_may_stand_on_a_file_or_be_taken_up_by_one_and_likeness_is_warned_of() {
    for lender in lenders().await {
        let mut work = lender.work("lin").await;
        let known = lender.person("梁文", Some(&identity(3)), Some(PHONE), "lin").await;
        let file = customers::open(&mut work, &known).await.unwrap();
        work.commit().await.unwrap();
        let mut standing = lead(&lender, "梁文", "lin").await;
        standing.customer = Some(file.id);
        standing.origin.channel = "existing_customer".to_owned();
        standing.ground = "existing_contract".to_owned();
        let id = taken(&lender, "lin", &standing).await.unwrap();
        let wish = Conversion { identity: None, manager: None, existing: None, somebody_else: false };
        let mut work = lender.work("lin").await;
        assert_eq!(convert::convert(&mut work, &id.to_string(), &wish).await.unwrap(), file.id);
        let sources = source::of_customer(&mut work.tx, file.id).await.unwrap();
        assert_eq!(sources.iter().map(|one| one.opening).collect::<Vec<_>>(), [false], "won anew");
        work.commit().await.unwrap();
        let id = taken(&lender, "lin", &lead(&lender, "梁文", "lin").await).await.unwrap();
        let mut work = lender.work("lin").await;
        let warned = convert::convert(&mut work, &id.to_string(), &wish).await.unwrap_err();
        assert_eq!(warned.refusal().unwrap().fields[0].field, "somebody_else", "{warned:?}");
        drop(work);
        let wish = Conversion { existing: Some(file.number.clone()), ..wish };
        let mut work = lender.work("lin").await;
        assert_eq!(convert::convert(&mut work, &id.to_string(), &wish).await.unwrap(), file.id);
        work.commit().await.unwrap();
        assert_eq!(lender.count("select count(*) as n from customer").await, 1);
        // From where the file itself came can be said once.
        let origin = Origin { channel: "walk_in".to_owned(), ..Origin::default() };
        let mut work = lender.work("lin").await;
        source::record(&mut work, file.id, &origin).await.unwrap();
        assert!(source::record(&mut work, file.id, &origin).await.is_err());
        let itself = Origin { channel: "word_of_mouth".to_owned(), referrer: Some(file.id), ..origin };
        assert!(source::record(&mut work, file.id, &itself).await.is_err());
        drop(work);
        // Nobody refers oneself: not on the own file, nor by becoming a customer on it.
        let mut work = lender.work("lin").await;
        let refused = source::record(&mut work, file.id, &itself).await.unwrap_err();
        assert_eq!(refused.refusal().unwrap().fields[0].code, "lead-refers-itself");
        drop(work);
        let mut selfish = lead(&lender, "梁文", "lin").await;
        selfish.origin = itself;
        let id = taken(&lender, "lin", &selfish).await.unwrap();
        let mut work = lender.work("lin").await;
        assert_eq!(code(convert::convert(&mut work, &id.to_string(), &wish).await), "lead-refers-itself");
        drop(work);
        selfish.customer = Some(file.id);
        let refused = taken(&lender, "lin", &selfish).await.unwrap_err();
        let wrong = &refused.refusal().unwrap().fields[0];
        assert_eq!((wrong.field, wrong.code), ("referrer", "lead-refers-itself"));
    }
}

// Rules lead.refusal, lead.ground
#[tokio::test]
async fn who_said_no_is_not_contacted_until_the_person_comes_of_its_own_accord() {
    for lender in lenders().await {
        let first = taken(&lender, "lin", &lead(&lender, "梁文", "lin").await).await.unwrap();
        let other = taken(&lender, "lin", &lead(&lender, "梁文", "lin").await).await.unwrap();
        step(&lender, "lin", first, StepKind::Refused, "").await.unwrap();
        let refused = read(&lender, first).await;
        assert_eq!((refused.state, refused.refused_on), (LeadState::Lost, Some(date(2026, 11, 20))));
        assert_eq!(code(step(&lender, "lin", first, StepKind::Reopened, "").await), "lead-refused");
        let mut browser = lender.browser("lin").await;
        let lost = browser.get(&format!("/leads/{first}")).await.text;
        assert!(lost.contains("/steps/refused") && !lost.contains("/steps/reopened"), "{lost}");
        let living = browser.get(&format!("/leads/{other}")).await.text;
        assert!(living.contains("/steps/applied") && !living.contains(&format!("/leads/{other}/convert")), "{living}");
        assert_eq!(code(step(&lender, "lin", other, StepKind::Contacted, "").await), "lead-refused", "the same number");
        let mut work = lender.work("lin").await;
        let shown = actions::reveal(&mut work, &other.to_string(), "联系").await.unwrap_err();
        let shown = shown.refusal().unwrap().clone();
        assert_eq!(shown.code, "lead-refused");
        assert!(shown.article.unwrap().contains("个人信息保护法"), "the refusal names its article");
        drop(work);
        assert_eq!(lender.count(OPEN).await, 0, "no duty to call stands for any of them");
        let mut work = lender.work("lin").await;
        let wish = Conversion { identity: None, manager: None, existing: None, somebody_else: true };
        assert_eq!(code(convert::convert(&mut work, &other.to_string(), &wish).await), "lead-refused");
        drop(work);
        // The house may not come back on a ground of its own, nor on a consent of which it only says so.
        let mut on_a_list = lead(&lender, "梁文", "lin").await;
        on_a_list.ground = "consent".to_owned();
        assert_eq!(code(taken(&lender, "lin", &on_a_list).await), "lead-refused");
        let again = lead(&lender, "梁文", "lin").await;
        let mut work = lender.work("lin").await;
        work.actor.grants.remove("lead.assign");
        let alone = actions::take(&mut work, &again).await;
        assert_eq!(code(alone), "lead-own-refusal", "not by the word of whoever recorded it");
        drop(work);
        let came = taken(&lender, "head", &lead(&lender, "梁文", "lin").await).await.unwrap();
        step(&lender, "lin", came, StepKind::Contacted, "").await.unwrap();
        // A ground that allows no call.
        let mut passed_on = lead(&lender, "何雨", "lin").await;
        (passed_on.ground, passed_on.phone) = ("passed_on".to_owned(), Some("13900000008".to_owned()));
        let open = lender.count(OPEN).await;
        let id = taken(&lender, "lin", &passed_on).await.unwrap();
        assert_eq!(lender.count(OPEN).await, open, "nobody is asked to call");
        assert_eq!(code(step(&lender, "lin", id, StepKind::Contacted, "").await), "lead-no-ground");
        let mut work = lender.work("lin").await;
        let (_, shown) = actions::reveal(&mut work, &came.to_string(), "回访").await.unwrap();
        assert!(matches!(shown, platform::contact_gate::Shown::Number(..)), "{shown:?}");
        work.commit().await.unwrap();
    }
}

// Rules lead.refusal, lead.grounds
#[tokio::test]
async fn a_customer_who_said_no_is_left_alone_by_every_lead_on_the_file() {
    for lender in lenders().await {
        let mut work = lender.work("lin").await;
        let known = lender.person("梁文", Some(&identity(3)), None, "lin").await;
        let file = customers::open(&mut work, &known).await.unwrap();
        work.commit().await.unwrap();
        let mut contract = lead(&lender, "梁文", "lin").await;
        (contract.ground, contract.phone) = ("existing_contract".to_owned(), None);
        let lacking = taken(&lender, "lin", &contract).await.unwrap_err();
        assert_eq!(lacking.refusal().unwrap().fields[0].field, "customer", "whose contract");
        contract.customer = Some(file.id);
        let first = taken(&lender, "lin", &contract).await.unwrap();
        let other = taken(&lender, "lin", &contract).await.unwrap();
        let wish = Conversion { identity: None, manager: None, existing: None, somebody_else: false };
        let mut work = lender.work("lin").await;
        convert::convert(&mut work, &first.to_string(), &wish).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(OPEN).await, 1);
        let mut browser = lender.browser("lin").await;
        let own = browser.get(&format!("/leads/{first}")).await.text;
        assert!(own.contains("/steps/refused") && !own.contains("/steps/contacted"), "a customer may say no: {own}");
        step(&lender, "lin", first, StepKind::Refused, "").await.unwrap();
        let refused = read(&lender, first).await;
        assert_eq!((refused.state, refused.refused_on), (LeadState::Customer, Some(date(2026, 11, 20))));
        assert_eq!(lender.count(OPEN).await, 0);
        assert_eq!(code(step(&lender, "lin", other, StepKind::Contacted, "").await), "lead-refused");
        step(&lender, "lin", other, StepKind::Applied, "").await.unwrap();
        assert_eq!(lender.count(OPEN).await, 0, "what comes in is kept, nobody is asked to call");
        assert_eq!(code(taken(&lender, "lin", &contract).await), "lead-refused", "no number is needed to know");
    }
}

// S5.8-09, S5.8-12. Rules lead.scope, lead.assign
#[tokio::test]
async fn a_colleague_in_the_lobby_finds_a_lead_and_a_manager_works_on_it() {
    for lender in lenders().await {
        let mut found = lead(&lender, "梁文", "lin").await;
        found.origin =
            Origin { channel: "colleague".to_owned(), colleague: Some(lender.user("tang").await), ..Origin::default() };
        let id = taken(&lender, "tang", &found).await.unwrap();
        let mut work = lender.work("tang").await;
        assert!(actions::seen(&mut work, &id.to_string(), "lead.view").await.is_ok(), "sees what becomes of it");
        let said = Said { note: "x".to_owned(), ..Said::default() };
        assert!(actions::step(&mut work, &id.to_string(), StepKind::Contacted, &said).await.is_err(), "finds only");
        drop(work);
        let mut work = lender.work("qian").await;
        assert_eq!(code(actions::seen(&mut work, &id.to_string(), "lead.view").await), "customer-no-such-part");
        drop(work);
        let mut work = lender.work("far").await;
        assert!(actions::seen(&mut work, &id.to_string(), "lead.view").await.is_err(), "another branch");
        drop(work);
        assert_eq!(lender.count(DUE).await, 1);
        let (mut work, qian) = (lender.work("head").await, lender.user("qian").await);
        work.business_date = date(2026, 11, 23);
        actions::assign(&mut work, &id.to_string(), qian).await.unwrap();
        let far = lender.user("far").await;
        assert!(actions::assign(&mut work, &id.to_string(), far).await.is_err(), "not out of the branch");
        work.commit().await.unwrap();
        assert_eq!(lender.count(OPEN).await, 1, "the duty went along");
        assert_eq!(lender.count(DUE).await, 1, "and keeps its day");
        let one = read(&lender, id).await;
        assert_eq!((one.owner, one.branch != BRANCH), (qian, true));
        let mut browser = lender.browser("head").await;
        let picked = id.to_string();
        let lin = lender.user("lin").await.to_string();
        let form = [("key", picked.as_str()), ("to", lin.as_str()), ("step", "do")];
        let ran = browser.post_from("/leads?view=all", "/leads/assign", &form).await;
        assert!(ran.status.is_success() || ran.status == StatusCode::SEE_OTHER, "{}", ran.text);
        let taken = browser.get("/leads/export.xlsx?view=all").await;
        assert_eq!(taken.status, StatusCode::OK);
    }
}

// Rules lead.retention, duty.lead_erase
#[tokio::test]
async fn what_came_to_nothing_is_erased_with_a_trail_and_a_refusal_is_remembered() {
    for lender in lenders().await {
        let lost = taken(&lender, "lin", &lead(&lender, "梁文", "lin").await).await.unwrap();
        let mut quiet = lead(&lender, "何雨", "lin").await;
        quiet.phone = Some("13900000008".to_owned());
        let idle = taken(&lender, "lin", &quiet).await.unwrap();
        step(&lender, "lin", lost, StepKind::Lost, "price").await.unwrap();
        step(&lender, "lin", lost, StepKind::Refused, "").await.unwrap();
        let mut work = lender.work("head").await;
        assert_eq!(code(actions::erase(&mut work, &idle.to_string(), "太早").await), "lead-not-due");
        drop(work);
        let asked = "select count(*) as n from duty_member where subject like 'lead_erase:%' and state = 'open'";
        let on = date(2027, 11, 23);
        for day in [date(2027, 11, 19), on, date(2027, 11, 24)] {
            let mut work = lender.system().await;
            work.business_date = day;
            let day = CloseDay::of(day).unwrap();
            Acquisition.batch(&mut work, day, CustomerId(-1)).await.unwrap();
            work.commit().await.unwrap();
        }
        assert_eq!(lender.count(asked).await, 2, "both lie idle, each is asked for once");
        for id in [lost, idle] {
            let mut work = lender.work("head").await;
            work.business_date = on;
            assert!(actions::erase(&mut work, &id.to_string(), " ").await.is_err(), "with a reason");
            actions::erase(&mut work, &id.to_string(), "保存期满").await.unwrap();
            work.commit().await.unwrap();
        }
        assert_eq!(lender.count(asked).await, 0);
        let (lost, idle) = (read(&lender, lost).await, read(&lender, idle).await);
        assert_eq!((lost.name.as_str(), lost.interest.as_str(), lost.erased_on), ("", "", Some(on)));
        assert!(lost.phone_index.is_some(), "kept so that it is not called again");
        assert_eq!(lost.phone_masked, "");
        assert_eq!(lender.count("select count(*) as n from lead where phone_sealed is not null").await, 0);
        assert_eq!((idle.phone_index, idle.phone_masked.as_str(), idle.state), (None, "", LeadState::Lost));
        assert_eq!(lender.count("select count(*) as n from lead_step where note <> ''").await, 0);
        let trail = "select count(*) as n from audit_entry where action = 'lead.erase'";
        assert_eq!(lender.count(trail).await, 2);
        let mut again = lead(&lender, "梁文", "lin").await;
        again.ground = "consent".to_owned();
        assert_eq!(code(taken(&lender, "lin", &again).await), "lead-refused", "remembered");
    }
}

// Rules lead.retention, lead.next, duty.lead_erase
#[tokio::test]
async fn a_lead_that_was_followed_up_is_asked_for_when_it_may_be_erased() {
    for lender in lenders().await {
        let id = taken(&lender, "lin", &lead(&lender, "梁文", "lin").await).await.unwrap();
        step(&lender, "lin", id, StepKind::Contacted, "").await.unwrap();
        // Two weeks until the next contact, a year from then on.
        let asked = "select count(*) as n from duty_member where subject like 'lead_erase:%' and state = 'open'";
        for (day, open) in [(date(2027, 11, 22), 0), (date(2027, 12, 4), 1)] {
            let mut work = lender.system().await;
            work.business_date = day;
            Acquisition.batch(&mut work, CloseDay::of(day).unwrap(), CustomerId(-1)).await.unwrap();
            work.commit().await.unwrap();
            assert_eq!(lender.count(asked).await, open, "{day}");
        }
        let mut work = lender.work("head").await;
        work.business_date = date(2027, 12, 4);
        actions::erase(&mut work, &id.to_string(), "保存期满").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(asked).await, 0);
    }
}
