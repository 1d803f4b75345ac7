//! Collection agencies: appointed, given cases, watched by the guard, recalled, paid and evaluated; on both databases.

use axum::http::StatusCode;
use collections::agency::gate::{Reach, reach};
use collections::agency::model::{
    ContractId, Decision, NewAgency, NewEvaluation, NewPlacement, Occasion, PlacementId, Terms,
};
use collections::agency::{actions, commission, contract, evaluation, placing, store};
use collections::case::actions as cases;
use collections::case::model::CaseId;
use collections::contact::actions::{NewOutcome, OutsideContact, record, record_outside};
use collections::contact::model::ContactResult;
use collections::guard::model::AllowanceId;
use collections::guard::{Ask, reserve};
use collections::stop_flag::model::{NewStopFlag, StopKind};
use collections::visit::actions::{self as visits, SetOut};
use collections::visit::model::{Band, Conclusion, Entry, NewOrder, NewRecord, Visitor};
use collections::visit::record as visit_record;
use customers::contact_point::actions as points;
use customers::contact_point::model::{ContactKind, NewContactPoint, SourceRoute};
use finance::{Fen, RepaymentMode, TransactionKind};
use jiff::civil::{Date, date};
use platform::access::delegation::{self, Wish};
use platform::access::{Actor, Origin, actions as people};
use platform::approval::{self, ApprovalId, Verdict};
use platform::args;
use platform::clock::civil_moment;
use platform::contact_gate::{AgencyId, CallingLine, Channel, LineId, Manner, Purpose, Shown};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::testbed;
use platform::work::Work;
use servicing::loan::actions::{Applied, apply};
use servicing::loan::model::{Channel as Way, LoanKey, NewTransaction};
use servicing::position::engine::Engine;
use servicing::repayment::actions::{NewRepayment, record as repay};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// Overdue since 2026-05-20.
const START: Date = date(2026, 4, 20);
const DAY: Date = date(2026, 11, 24);
const END: Date = date(2027, 11, 23);

fn code<T>(result: Result<T, ActionError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let refused = error.refusal().unwrap_or_else(|| panic!("{error}"));
            refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
        }
    }
}

/// Two debtors with cases, and an agency that is registered and nothing more.
struct Book {
    lender: Lender,
    debtors: [(CustomerId, LoanKey, CaseId); 2],
    agency: AgencyId,
}

impl Book {
    async fn everywhere() -> Vec<Self> {
        let mut all = Vec::new();
        for db in testbed::databases().await {
            // Another role of agencies before the one that `agent` holds.
            let mut texts = testbed::packs();
            let numbers = texts.get_mut("common/parameters.csv").unwrap();
            *numbers = numbers.replace("agency_user_roles,texts,", "agency_user_roles,texts,field_visitor|");
            let lender = Lender::with_packs(db, texts).await;
            let mut debtors = Vec::new();
            for name in ["程一诺", "魏二"] {
                let customer = lender.customer(name).await;
                debtors.push((customer, lender.loan(customer, plain(START, 3)).await.file.loan.key));
            }
            lender.close_until(DAY).await;
            let mut work = lender.at("clerk").await;
            let mut known = Vec::new();
            for (customer, loan) in debtors {
                let case = collections::case::store::all_of(&mut work.tx, customer).await.unwrap()[0].key.case;
                known.push((customer, loan, case));
            }
            let new = NewAgency {
                name: "信和催收服务有限公司".to_owned(),
                registration: "91320500MA1".to_owned(),
                note: String::new(),
            };
            let agency = actions::register(&mut work, &new).await.unwrap();
            assert_eq!(code(actions::register(&mut work, &new).await), "agency-known");
            work.commit().await.unwrap();
            all.push(Self { lender, debtors: known.try_into().unwrap(), agency });
        }
        all
    }

    /// With a contract in force, on the published list, `agent` working for it and a line of its own.
    async fn appointed() -> Vec<(Self, LineId)> {
        let mut all = Vec::new();
        for book in Self::everywhere().await {
            let appointed = book.propose(terms(DAY, END)).await.unwrap();
            book.decide("boss", book.approval_of(appointed).await).await.unwrap();
            let agent = book.lender.house.user_id("agent").await;
            let mut work = book.lender.at("clerk").await;
            let id = book.agency.to_string();
            actions::publish(&mut work, &id, true, "https://example.test/agencies").await.unwrap();
            actions::add_member(&mut work, &id, agent).await.unwrap();
            let line = actions::add_line(&mut work, &id, "051288880001", "信和外呼").await.unwrap();
            work.commit().await.unwrap();
            all.push((book, line));
        }
        all
    }

    async fn propose(&self, terms: Terms) -> Result<ContractId, ActionError> {
        let mut work = self.lender.at("clerk").await;
        let done = contract::propose(&mut work, &self.agency.to_string(), &terms).await;
        match &done {
            Ok(_) => work.commit().await.unwrap(),
            Err(_) => work.tx.rollback().await.unwrap(),
        }
        done
    }

    async fn approval_of(&self, id: ContractId) -> ApprovalId {
        let mut work = self.lender.at("boss").await;
        store::find_contract(&mut work.tx, id).await.unwrap().unwrap().approval.unwrap()
    }

    /// Approves, as the general manager.
    async fn decide(&self, login: &str, id: ApprovalId) -> Result<(), ActionError> {
        let mut work = self.lender.at(login).await;
        work.actor.roles = vec!["general_manager".to_owned()];
        let seen = approval::store::load(&mut work.tx, CustomerId(0), id).await.unwrap().unwrap().version;
        let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
        let done = approval::approve(&mut work, CustomerId(0), id, &verdict).await;
        match &done {
            Ok(_) => work.commit().await.unwrap(),
            Err(_) => work.tx.rollback().await.unwrap(),
        }
        done.map(drop)
    }

    /// A transaction of the agency's person, with the rights of that role only.
    async fn agent(&self) -> Work {
        self.of_agency("agent").await
    }

    async fn of_agency(&self, login: &str) -> Work {
        let app = self.lender.app();
        let user = self.lender.house.user_id(login).await;
        let grants = app.settings.roles.grants(["provider_user"]);
        let origin = Origin::Screen { address: "192.0.2.9".to_owned() };
        Work::begin(app, Actor { user: Some(user), grants, ..Actor::system(origin) }).await.unwrap()
    }

    async fn new_placement(&self, to: Date) -> NewPlacement {
        NewPlacement {
            worker: self.lender.house.user_id("agent").await,
            contact: self.lender.house.user_id("clerk").await,
            to,
            note: "多次联系未还".to_owned(),
        }
    }

    async fn place(&self, debtor: usize) -> Result<PlacementId, ActionError> {
        let new = self.new_placement(date(2027, 1, 31)).await;
        let mut work = self.lender.at("clerk").await;
        let done = placing::place(&mut work, self.debtors[debtor].2, &new).await;
        match &done {
            Ok(_) => work.commit().await.unwrap(),
            Err(_) => work.tx.rollback().await.unwrap(),
        }
        done
    }

    async fn pay(&self, debtor: usize, fen: i64) -> Applied {
        self.repaid(debtor, Fen(fen), RepaymentMode::Regular).await
    }

    /// Pays all that is owed.
    async fn settle(&self, debtor: usize) -> Applied {
        let mut work = self.lender.work().await;
        let on = work.business_date;
        let file = servicing::loan::store::load_file(&mut work.tx, self.debtors[debtor].1).await.unwrap().unwrap();
        let owed = Engine::load(&mut work, on).await.unwrap().replay(&file, on, None).unwrap();
        work.tx.rollback().await.unwrap();
        self.repaid(debtor, owed.outstanding.total().unwrap(), RepaymentMode::Settle).await
    }

    async fn repaid(&self, debtor: usize, amount: Fen, mode: RepaymentMode) -> Applied {
        let mut work = self.lender.work().await;
        let new = NewRepayment {
            on: work.business_date,
            amount,
            mode,
            allocation: Vec::new(),
            channel: Way::BankTransfer,
            note: None,
            business_key: None,
        };
        let paid = repay(&mut work, self.debtors[debtor].1, None, &new).await.unwrap();
        work.commit().await.unwrap();
        paid
    }

    /// The agent asks for the debtor's phone: the allowance, or the rule that refuses, or the refusal.
    async fn call(&self, debtor: usize, line: CallingLine) -> Result<AllowanceId, String> {
        let customer = self.debtors[debtor].0;
        let mut work = self.lender.work().await;
        let point = points::list(&mut work, customer).await.unwrap()[0].id;
        work.tx.rollback().await.unwrap();
        let mut work = self.agent().await;
        let manner = Manner { line, ..Manner::by(Channel::Phone) };
        let ask = Ask { customer, point, purpose: Purpose::Collect, manner, reason: "催收到期款项".to_owned() };
        match reserve(&mut work, &ask).await {
            Ok(shown) => {
                work.commit().await.unwrap();
                match shown {
                    Shown::Number(_, pass) => Ok(AllowanceId(pass.allowance.unwrap())),
                    Shown::Refused { rule, .. } => Err(rule),
                }
            }
            Err(error) => Err(code::<()>(Err(error))),
        }
    }
}

fn terms(from: Date, to: Date) -> Terms {
    Terms {
        from,
        to,
        purpose: "逾期贷款电话催收；姓名、电话、逾期金额".to_owned(),
        data: "合同终止后十日内删除并出具证明".to_owned(),
        delegation: "未经同意不得转委托".to_owned(),
        commission_bp: 1_250,
    }
}

/// Appoints an agency of this name, for which `agent` works, and places a case with it.
pub async fn placed_with(lender: &Lender, name: &str, case: CaseId) {
    let mut work = lender.at("clerk").await;
    let today = work.business_date;
    let (agent, clerk) = (lender.house.user_id("agent").await, lender.house.user_id("clerk").await);
    let new = NewAgency { name: name.to_owned(), registration: "91320500MA2".to_owned(), note: String::new() };
    let id = actions::register(&mut work, &new).await.unwrap().to_string();
    let signed = contract::propose(&mut work, &id, &terms(today, END)).await.unwrap();
    let approval = store::find_contract(&mut work.tx, signed).await.unwrap().unwrap().approval.unwrap();
    work.commit().await.unwrap();
    let mut work = lender.at("boss").await;
    work.actor.roles = vec!["general_manager".to_owned()];
    let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, CustomerId(0), approval, &verdict).await.unwrap();
    work.commit().await.unwrap();
    let mut work = lender.at("clerk").await;
    actions::publish(&mut work, &id, true, "网站").await.unwrap();
    actions::add_member(&mut work, &id, agent).await.unwrap();
    let new = NewPlacement { worker: agent, contact: clerk, to: today, note: String::new() };
    placing::place(&mut work, case, &new).await.unwrap();
    work.commit().await.unwrap();
}

fn scored(points: i64, decision: Decision) -> NewEvaluation {
    let items = ["compliance", "complaints", "data", "records", "results"];
    NewEvaluation {
        occasion: Occasion::Yearly,
        points: items.map(|item| (item.to_owned(), Some(points))).to_vec(),
        findings: "抽听录音二十条".to_owned(),
        decision,
    }
}

// S2.6-09. Rules agency.register, agency.contract, agency.appoint, agency.publish, agency.staff, approval.agency_contract
#[tokio::test]
async fn an_agency_is_appointed_by_a_contract_that_somebody_else_approves() {
    for book in Book::everywhere().await {
        let id = book.agency.to_string();
        let mut work = book.lender.at("clerk").await;
        assert_eq!(code(actions::publish(&mut work, &id, true, "网站").await), "agency-no-contract");
        work.tx.rollback().await.unwrap();
        assert_eq!(code(book.propose(Terms { purpose: " ".to_owned(), ..terms(DAY, END) }).await), "field-empty");
        let appointed = book.propose(terms(DAY, END)).await.unwrap();
        assert_eq!(code(book.propose(terms(DAY, END)).await), "agency-contract-overlaps");
        let approval = book.approval_of(appointed).await;
        assert!(book.decide("clerk", approval).await.is_err(), "never the maker");
        assert_eq!(code(book.place(0).await), "choice-invalid", "nobody works for the agency yet");
        book.decide("boss", approval).await.unwrap();
        let mut work = book.lender.at("clerk").await;
        let collector = book.lender.house.user_id("collector").await;
        let agent = book.lender.house.user_id("agent").await;
        assert_eq!(code(actions::add_member(&mut work, &id, collector).await), "agency-staff-roles");
        actions::add_member(&mut work, &id, agent).await.unwrap();
        assert_eq!(code(actions::add_member(&mut work, &id, agent).await), "agency-staff-elsewhere");
        work.commit().await.unwrap();
        // Rule access.role-bar: no role of the house from here on, neither for good nor in somebody's place.
        let mut work = book.lender.at("boss").await;
        assert_eq!(code(people::ask_role(&mut work, agent, "collection_officer").await), "agency-house-role");
        assert_eq!(code(people::ask_role(&mut work, agent, "provider_user").await), "already-granted");
        let reason = "休假".to_owned();
        let wish = Wish { absent: collector, delegate: agent, role: String::new(), from: DAY, until: DAY, reason };
        assert_eq!(code(delegation::ask(&mut work, &wish).await), "agency-house-role");
        work.tx.rollback().await.unwrap();
        // Rule agency.scores: an item too many is refused, not left out.
        let facts = platform::policies::dictionary(&book.lender.app().capabilities).unwrap();
        let mut texts = testbed::packs();
        let items = texts.get_mut("common/tables/agency_score.csv").unwrap();
        let more: Vec<String> = (6..=21).map(|no| format!("AS{no},-,results,1,house.agencies,,\n")).collect();
        *items = format!("{}\n{}", items.trim_end(), more.concat());
        let pack = policy::Pack::load(&texts, "microloan", &facts).unwrap();
        assert_eq!(code(evaluation::items(pack.on(DAY))), "agency-many-items");
        assert_eq!(code(book.place(0).await), "agency-unpublished");
        let mut work = book.lender.at("clerk").await;
        actions::publish(&mut work, &id, true, "网站").await.unwrap();
        work.commit().await.unwrap();
        let mut work = book.lender.at("clerk").await;
        assert_eq!(store::published(&mut work.tx, DAY).await.unwrap().len(), 1);
        assert_eq!(store::published(&mut work.tx, END.tomorrow().unwrap()).await.unwrap().len(), 0);
        work.tx.rollback().await.unwrap();
        book.place(0).await.unwrap();
    }
}

// S2.6-09, X-05, X-06, X-07, X-10. Rules agency.place, agency.scope, agency.lines, agency.recall, agency.other, contact.agency
#[tokio::test]
async fn an_agency_sees_and_calls_what_is_placed_with_it_and_nothing_else() {
    for (book, line) in Book::appointed().await {
        let (customer, _, case) = book.debtors[0];
        assert_eq!(book.call(0, CallingLine::Registered(line)).await, Err("customer-not-found".to_owned()));
        let placement = book.place(0).await.unwrap();
        assert_eq!(code(book.place(0).await), "agency-case-placed");
        let boss = book.lender.house.user_id("boss").await;
        let mut work = book.lender.at("boss").await;
        assert_eq!(code(cases::transfer(&mut work, case, boss, "hard_case", "").await), "case-placed");
        work.tx.rollback().await.unwrap();
        let mut work = book.agent().await;
        let placed = cases::load(&mut work, case, "case.view").await.unwrap();
        assert_eq!(
            (placed.key.customer, placed.owner_role.as_str()),
            (customer, "provider_user"),
            "the worker's own role"
        );
        assert_eq!(code(cases::load(&mut work, book.debtors[1].2, "case.view").await), "case-not-found");
        assert_eq!(code(placing::recall(&mut work, &placement.to_string(), "x").await), "denied");
        // Whatever else the roles would show.
        work.actor.grants = book.lender.app().settings.roles.grants([testbed::ALL]);
        assert_eq!(code(cases::load(&mut work, book.debtors[1].2, "case.view").await), "case-not-found");
        assert_eq!(code(placing::recall(&mut work, &placement.to_string(), "x").await), "agency-own");
        work.tx.rollback().await.unwrap();
        // From a line of the agency only, and the ledger is the debtor's one.
        assert_eq!(book.call(0, CallingLine::Unnamed).await, Err("contact.registered-line".to_owned()));
        assert_eq!(book.call(0, CallingLine::Private).await, Err("contact.registered-line".to_owned()));
        assert_eq!(book.call(0, CallingLine::Registered(LineId(1))).await, Err("choice-invalid".to_owned()));
        let allowance = book.call(0, CallingLine::Registered(line)).await.unwrap();
        let kept = "select count(*) as n from contact_allowance where agency_id is not null and asked_by > 0";
        assert_eq!(book.lender.count(kept).await, 1);
        let found = "select count(*) as n from conduct_finding where agency_id is not null and kind = 'refused'";
        assert_eq!(book.lender.count(found).await, 2);
        let mut work = book.agent().await;
        let mut outcome = NewOutcome::of(customer, allowance, ContactResult::Refused);
        outcome.response = "拒绝".to_owned();
        record(&mut work, &outcome).await.unwrap();
        work.commit().await.unwrap();
        // A stop flag holds for the agency too.
        let mut work = book.lender.at("boss").await;
        let flag =
            NewStopFlag {
                kind: StopKind::Dispute, reason: "对金额有异议".to_owned(), evidence: "来信".to_owned()
            };
        collections::stop_flag::set(&mut work, customer, &flag).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(book.call(0, CallingLine::Registered(line)).await, Err("contact.stop-flag".to_owned()));
        let mut work = book.lender.at("clerk").await;
        let conduct = evaluation::conduct(&mut work, book.agency, (DAY, DAY)).await.unwrap();
        assert_eq!((conduct.placed, conduct.contacts, conduct.refused, conduct.complaints), (1, 1, 3, 1));
        assert_eq!(code(placing::recall(&mut work, &placement.to_string(), " ").await), "field-empty");
        placing::recall(&mut work, &placement.to_string(), "客户投诉").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(book.call(0, CallingLine::Registered(line)).await, Err("customer-not-found".to_owned()), "at once");
        let mut work = book.agent().await;
        assert_eq!(code(cases::load(&mut work, case, "case.view").await), "case-not-found");
        work.tx.rollback().await.unwrap();
        assert_eq!(code(book.place(0).await), "agency-case-flag");
    }
}

// S2.6-09, S4-18. Rules visit.recalled, agency.scope, contact.agency
#[tokio::test]
async fn who_set_out_before_a_recall_still_says_what_came_of_it_and_nobody_else_does() {
    for (book, line) in Book::appointed().await {
        let (customer, _, case) = book.debtors[0];
        let placement = book.place(0).await.unwrap();
        let (agent, viewer) = (book.lender.house.user_id("agent").await, book.lender.house.user_id("viewer").await);
        let mut work = book.lender.at("clerk").await;
        let last = book.new_placement(DAY).await;
        placing::place(&mut work, book.debtors[1].2, &last).await.unwrap();
        // A colleague at the agency.
        let (now, sql) = (
            work.now,
            "insert into agency_user (id, agency_id, user_id, effective_on, recorded_at, \
             recorded_by) values (1, $1, $2, $3, $4, 0)",
        );
        work.tx.execute(sql, args![book.agency, viewer, DAY, now]).await.unwrap();
        let address = NewContactPoint {
            relation: None,
            kind: ContactKind::Address,
            value: "苏州市虎丘区狮山路一百号".to_owned(),
            route: SourceRoute::Papers,
            consented: true,
            main: true,
        };
        let point = points::add(&mut work, customer, &address).await.unwrap();
        let visitor = |user, credential: &str| Visitor {
            user: Some(user),
            name: String::new(),
            agency: String::new(),
            credential: credential.to_owned(),
            valid_until: DAY,
        };
        let plan = NewOrder {
            point: Some(point),
            district: "虎丘区".to_owned(),
            on: DAY,
            band: Band { from: 600, until: 690 },
            purpose: "核实还款能力".to_owned(),
            documents: "合同复印件".to_owned(),
            visitors: vec![visitor(agent, "A1"), visitor(viewer, "A2")],
        };
        let order = visits::plan(&mut work, case, &plan).await.unwrap().to_string();
        work.commit().await.unwrap();
        let mut work = book.lender.at("boss").await;
        visits::issue(&mut work, &order).await.unwrap();
        work.commit().await.unwrap();
        let clock = &book.lender.app().clock;
        clock.set(civil_moment(DAY.at(10, 0, 0, 0)).unwrap());
        let mut work = book.agent().await;
        assert_eq!(visits::set_out(&mut work, &order).await.unwrap(), SetOut::Gone);
        work.commit().await.unwrap();
        let mut work = book.lender.at("clerk").await;
        placing::recall(&mut work, &placement.to_string(), "收回自催").await.unwrap();
        work.commit().await.unwrap();
        clock.set(civil_moment(DAY.at(11, 0, 0, 0)).unwrap());
        let new = NewRecord {
            result: ContactResult::Unable,
            arrived_at: civil_moment(DAY.at(10, 20, 0, 0)).unwrap(),
            identified: true,
            entry: Entry::Consented,
            met: "本人".to_owned(),
            debt_kept: false,
            said: String::new(),
            response: "没钱".to_owned(),
            seen: "门店已关".to_owned(),
            lump_sum: true,
            conclusion: Conclusion::Plan,
            next_step: "报方案".to_owned(),
        };
        let mut work = book.of_agency("viewer").await;
        assert_eq!(code(visit_record::keep(&mut work, &order, &new, None).await), "visit-not-found", "a colleague");
        work.tx.rollback().await.unwrap();
        let mut browser = book.lender.house.user("agent").await;
        let (page, record) = (format!("/visits/{order}"), format!("/visits/{order}/record"));
        assert_eq!(browser.get(&page).await.status, StatusCode::NOT_FOUND, "no more of it than its record");
        assert!(browser.get("/visits/mine").await.text.contains(&record));
        let fields = [
            ("result", "unable"),
            ("arrived_at", "2026-11-24T10:20"),
            ("identified", "on"),
            ("entry", "consented"),
            ("met", "本人"),
            ("response", "没钱"),
            ("seen", "门店已关"),
            ("conclusion", "plan"),
            ("next_step", "报方案"),
        ];
        let saved = browser.post_from(&record, &record, &fields).await;
        assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/visits/mine"), "{}", saved.text);
        assert_eq!(browser.get(&record).await.status, StatusCode::NOT_FOUND, "once");
        let mine = browser.get("/visits/mine").await.text;
        assert!(!mine.contains(&record) && mine.contains(&format!("data-draft-done=\"{agent}:{order}\"")), "{mine}");
        assert_eq!(book.lender.count("select count(*) as n from visit_record").await, 1);
        // What is over by the calendar opens nothing, wherever the business date stands.
        let call = CallingLine::Registered(line);
        clock.set(civil_moment(DAY.tomorrow().unwrap().at(10, 0, 0, 0)).unwrap());
        assert_eq!(book.call(1, call).await, Err("contact.agency".to_owned()));
    }
}

// S2.6-09, S2.5-38. Rules agency.recall, agency.scope, agency.staff, agency.conduct
#[tokio::test]
async fn what_was_paid_or_taken_back_is_in_no_list_of_the_agency() {
    for (book, _) in Book::appointed().await {
        book.place(0).await.unwrap();
        book.place(1).await.unwrap();
        let mut agent = book.lender.house.user("agent").await;
        let mut boss = book.lender.house.user("boss").await;
        let seen = agent.get("/collections/cases?view=open").await;
        assert!(seen.text.contains("程一诺") && seen.text.contains("魏二"), "{}", seen.text);
        // What was done at night, outside the system, counts for the agency too.
        let mut work = book.agent().await;
        let customer = book.debtors[0].0;
        let new = OutsideContact {
            customer,
            person: customers::load(&mut work.tx, customer).await.unwrap().unwrap().person,
            contacted: "本人".to_owned(),
            number_index: String::new(),
            at: "2026-11-23T15:30:00Z".parse().unwrap(),
            manner: Manner::by(Channel::Phone),
            result: ContactResult::Refused,
            response: "拒绝".to_owned(),
        };
        record_outside(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        let found = "select count(*) as n from conduct_finding where agency_id is not null and kind = 'unlawful'";
        assert_eq!(book.lender.count(found).await, 1);
        book.settle(0).await;
        let ended = "select count(*) as n from agency_placement where end_reason = 'closed'";
        assert_eq!(book.lender.count(ended).await, 1);
        assert!(boss.get("/collections/cases?view=closed").await.text.contains("程一诺"), "the house has it still");
        let seen = agent.get("/collections/cases?view=closed").await;
        assert_eq!(seen.status, StatusCode::OK);
        assert!(!seen.text.contains("程一诺"), "{}", seen.text);
        // Who left the agency, and is nobody of the house, reaches nothing by what was asked for before.
        let id = book.agency.to_string();
        let mut work = book.lender.at("clerk").await;
        let row = store::members(&mut work.tx, book.agency).await.unwrap()[0].id;
        actions::end_member(&mut work, &id, row).await.unwrap();
        work.commit().await.unwrap();
        let standing = "select count(*) as n from agency_placement where ended_on is null";
        assert_eq!(book.lender.count(standing).await, 0);
        assert!(!agent.get("/collections/cases?view=open").await.text.contains("魏二"));
        let mut work = book.agent().await;
        assert_eq!(reach(&mut work, book.debtors[1].0).await.unwrap(), Reach::Barred);
        work.actor.roles = vec!["collection_officer".to_owned()];
        assert_eq!(reach(&mut work, book.debtors[1].0).await.unwrap(), Reach::House, "employed since");
    }
}

// S2.6-09. Rules agency.place, agency.recall, agency.evaluation-due, agency.renewal, agency.evaluation, duty.agency_evaluation,
// approval.agency_end
#[tokio::test]
async fn the_close_asks_for_evaluations_and_takes_back_what_is_over() {
    for book in Book::everywhere().await {
        let appointed = book.propose(terms(DAY, date(2026, 12, 10))).await.unwrap();
        book.decide("boss", book.approval_of(appointed).await).await.unwrap();
        let id = book.agency.to_string();
        let agent = book.lender.house.user_id("agent").await;
        let mut work = book.lender.at("clerk").await;
        actions::publish(&mut work, &id, true, "网站").await.unwrap();
        actions::add_member(&mut work, &id, agent).await.unwrap();
        let long = NewPlacement { to: date(2026, 12, 11), ..book.new_placement(DAY).await };
        assert_eq!(code(placing::place(&mut work, book.debtors[0].2, &long).await), "agency-term");
        let new = NewPlacement { to: date(2026, 12, 10), ..long };
        placing::place(&mut work, book.debtors[0].2, &new).await.unwrap();
        let short = NewPlacement { to: date(2026, 11, 25), ..new };
        placing::place(&mut work, book.debtors[1].2, &short).await.unwrap();
        work.commit().await.unwrap();
        book.lender.close_until(date(2026, 11, 26)).await;
        let over = "select count(*) as n from agency_placement where end_reason = 'term' and ended_on = '2026-11-26'";
        assert_eq!(book.lender.count(over).await, 1);
        let asked = "select count(*) as n from duty where kind = 'agency_evaluation' and state = 'open' \
             and due_on = '2026-12-10'";
        assert_eq!(book.lender.count(asked).await, 1, "once, before the contract ends");
        let next = terms(date(2026, 12, 11), date(2027, 12, 10));
        assert_eq!(code(book.propose(next.clone()).await), "agency-not-evaluated");
        let mut work = book.lender.at("clerk").await;
        assert_eq!(code(evaluation::evaluate(&mut work, &id, &scored(59, Decision::Continue)).await), "agency-below");
        let done = evaluation::evaluate(&mut work, &id, &scored(80, Decision::Continue)).await.unwrap().to_string();
        assert_eq!(code(evaluation::publish(&mut work, &done).await), "agency-own-evaluation");
        work.commit().await.unwrap();
        let closed = "select count(*) as n from duty where kind = 'agency_evaluation' and state = 'done'";
        assert_eq!(book.lender.count(closed).await, 1);
        let mut work = book.lender.at("boss").await;
        evaluation::publish(&mut work, &done).await.unwrap();
        assert_eq!(code(evaluation::publish(&mut work, &done).await), "agency-state-now");
        work.commit().await.unwrap();
        book.lender.close_until(date(2026, 12, 11)).await;
        let over = "select count(*) as n from agency_placement where end_reason in ('contract', 'term') and ended_on is not null";
        assert_eq!(book.lender.count(over).await, 2, "the contract is over");
        let renewed = book.propose(next).await.unwrap();
        book.decide("boss", book.approval_of(renewed).await).await.unwrap();
        book.place(0).await.unwrap();
        let mut work = book.lender.at("clerk").await;
        let running = renewed.to_string();
        assert_eq!(code(contract::ask_end(&mut work, &running, "").await), "field-empty");
        contract::ask_end(&mut work, &running, "违规催收").await.unwrap();
        assert_eq!(code(contract::ask_end(&mut work, &running, "再次").await), "agency-end-waits");
        let ending = store::find_contract(&mut work.tx, renewed).await.unwrap().unwrap().ending.unwrap();
        work.commit().await.unwrap();
        book.decide("boss", ending).await.unwrap();
        let over = "select count(*) as n from agency_placement where end_reason = 'contract'";
        assert!(book.lender.count(over).await >= 1, "everything comes back at once");
        assert_eq!(book.lender.count("select count(*) as n from agency_placement where ended_on is null").await, 0);
        assert_eq!(code(book.place(0).await), "agency-no-contract");
    }
}

// S2.6-09. Rules agency.commission, approval.agency_commission
#[tokio::test]
async fn commission_is_paid_once_for_what_came_in_and_taken_back_with_it() {
    for (book, _) in Book::appointed().await {
        book.pay(0, 100_000).await;
        book.lender.app().clock.advance(jiff::SignedDuration::from_secs(5));
        book.place(0).await.unwrap();
        book.lender.app().clock.advance(jiff::SignedDuration::from_secs(5));
        let paid = book.pay(0, 200_000).await;
        book.pay(1, 300_000).await;
        let id = book.agency.to_string();
        let mut work = book.lender.at("clerk").await;
        assert_eq!(code(commission::make(&mut work, &id, DAY.tomorrow().unwrap()).await), "agency-commission-day");
        let made = commission::make(&mut work, &id, DAY).await.unwrap().to_string();
        assert_eq!(code(commission::make(&mut work, &id, DAY).await), "agency-commission-waits");
        let (one, rows) = commission::load(&mut work, &made, "agency.view").await.unwrap();
        assert_eq!((one.base, one.amount, rows.len()), (Fen(200_000), Fen(25_000), 1), "12.5 % of what came in since");
        work.commit().await.unwrap();
        assert!(book.decide("clerk", one.approval.unwrap()).await.is_err(), "never the maker");
        book.decide("boss", one.approval.unwrap()).await.unwrap();
        let mut work = book.lender.at("clerk").await;
        let (one, _) = commission::load(&mut work, &made, "agency.view").await.unwrap();
        assert_eq!(one.state.as_str(), "approved");
        work.tx.rollback().await.unwrap();
        book.lender.close_until(date(2026, 11, 25)).await;
        let mut work = book.lender.at("clerk").await;
        assert_eq!(code(commission::make(&mut work, &id, date(2026, 11, 25)).await), "agency-nothing-came");
        work.tx.rollback().await.unwrap();
        let key = book.debtors[0].1;
        let mut work = book.lender.work().await;
        let kind = TransactionKind::Reverse { target: u64::try_from(paid.id.0).unwrap() };
        let new = NewTransaction::new(date(2026, 11, 25), kind, Way::Book);
        apply(&mut work, key, None, &new, "loan.reverse", "transaction_reversed").await.unwrap();
        work.commit().await.unwrap();
        let mut work = book.lender.at("clerk").await;
        let back = commission::make(&mut work, &id, date(2026, 11, 25)).await.unwrap().to_string();
        let (one, rows) = commission::load(&mut work, &back, "agency.view").await.unwrap();
        assert_eq!((one.base, one.amount, rows[0].back), (Fen(-200_000), Fen(-25_000), true));
        work.commit().await.unwrap();
        let mut work = book.lender.at("clerk").await;
        commission::withdraw(&mut work, &back).await.unwrap();
        work.commit().await.unwrap();
        let mut work = book.lender.at("clerk").await;
        let again = commission::make(&mut work, &id, date(2026, 11, 25)).await;
        assert_eq!(code(again), "done", "what was taken back is free for the next");
    }
}

/// A handover of the first debtor's bad loan.
async fn disposed(book: &Book) {
    let mut work = book.lender.work().await;
    let now = work.now;
    let sql = "insert into disposal_step (customer_id, id, case_id, step, words, effective_on, recorded_at, recorded_by) \
         values ($1, 1, $2, 'handover', '移交清单一份', $3, $4, 0)";
    work.tx.execute(sql, args![book.debtors[0].0, book.debtors[0].2, DAY, now]).await.unwrap();
    work.commit().await.unwrap();
}

// S2.5-38, S2.6-09. Rules agency.scope, agency.conduct, agency.scores, agency.evaluation
#[tokio::test]
async fn the_pages_speak_both_languages_and_the_agent_is_kept_to_the_desk() {
    for (book, _) in Book::appointed().await {
        let placement = book.place(0).await.unwrap();
        let (agency, case) = (book.agency, book.debtors[0].2);
        let mut clerk = book.lender.house.user("clerk").await;
        let own = format!("/collections/agencies/{agency}");
        for path in [
            "/collections/agencies".to_owned(),
            "/collections/agencies/new".to_owned(),
            "/collections/agencies/published".to_owned(),
            own.clone(),
            format!("{own}/contracts/new"),
            format!("{own}/publish"),
            format!("{own}/staff/new"),
            format!("{own}/lines/new"),
            format!("{own}/evaluations/new"),
            format!("{own}/commissions/new"),
            format!("/collections/conduct?view=all&agency={agency}"),
            "/collections/placements".to_owned(),
            "/collections/placements?view=all".to_owned(),
            format!("/collections/placements/{placement}"),
            format!("/collections/placements/{placement}/recall"),
            format!("/collections/cases/{case}"),
            format!("/collections/cases/{case}/placements/new"),
        ] {
            in_both_languages(&mut clerk, &path).await;
        }
        for list in ["/collections/placements", "/collections/agencies"] {
            let (status, file) = clerk.file(&format!("{list}/export.xlsx")).await;
            assert_eq!(status, StatusCode::OK, "{list}");
            let book = platform::sheets::read("x.xlsx", &file, &platform::sheets::Limits::default()).unwrap();
            let texts: Vec<&str> = book.sheets[0].row(4).unwrap().cells.iter().filter_map(|cell| cell.text()).collect();
            assert!(texts.contains(&"信和催收服务有限公司"), "{list}: {texts:?}");
        }
        disposed(&book).await;
        let page = format!("/collections/cases/{case}");
        assert!(clerk.get(&page).await.text.contains("移交清单一份"), "the house reads how a bad loan is disposed of");
        let mut agent = book.lender.house.user("agent").await;
        let theirs = agent.get(&page).await;
        assert!(!theirs.text.contains("移交清单一份"), "an agency does not: {}", theirs.text);
        assert!(!theirs.text.contains("id=\"inflows\""), "nor what money came in: {}", theirs.text);
        for room in ["routes", "inflows", "rescue"] {
            let room = format!("{page}/{room}");
            assert_eq!(clerk.get(&room).await.status, StatusCode::OK, "{room}");
            assert_eq!(agent.get(&room).await.status, StatusCode::NOT_FOUND, "{room}");
        }
        let new = format!("{own}/evaluations/new");
        let bad = [("occasion", "yearly"), ("points1", "x"), ("findings", ""), ("conclusion", "continue")];
        assert_eq!(clerk.post_from(&new, &new, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let good = [
            ("occasion", "yearly"),
            ("points1", "90"),
            ("points2", "80"),
            ("points3", "80"),
            ("points4", "80"),
            ("points5", "70"),
            ("findings", "<b>抽听录音</b>"),
            ("conclusion", "stop"),
        ];
        let made = clerk.post_from(&new, &new, &good).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let page = made.location().to_owned();
        let shown = in_both_languages(&mut clerk, &page).await;
        assert!(!shown.text.contains("<b>抽听录音") && shown.text.contains("81"), "{}", shown.text);
        let over = "select count(*) as n from agency_placement where end_reason = 'evaluation'";
        assert_eq!(book.lender.count(over).await, 1, "a stop recalls every case");
        let mut boss = book.lender.house.user("boss").await;
        let published = boss.post_from(&page, &format!("{page}/publish"), &[]).await;
        assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.text);
        let mut agent = book.lender.house.user("agent").await;
        for path in ["/collections/agencies", "/collections/placements"] {
            assert_eq!(agent.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(agent.get(&format!("/collections/cases/{case}")).await.status, StatusCode::NOT_FOUND);
    }
}
