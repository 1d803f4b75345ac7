//! Dossiers and obligors: dated facts under seal, every reading in the trail; who owes, and heirs never beyond their cap.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use collections::agreement::actions as agreements;
use collections::agreement::model::{AgreementId, Every, Parts, Plan, Signature, Split, Way, Wish};
use collections::case::model::CaseId;
use collections::cause::actions as causes;
use collections::cause::model::{NewDiagnosis, Talk};
use collections::dossier::model::{Block, EntryId, NewEntry, standing};
use collections::dossier::{actions as dossiers, store};
use collections::letter::actions::{Order, Recorded, issue, preview, step};
use collections::letter::model::{LetterKind, LetterState, Step};
use collections::obligor::actions as obligors;
use collections::obligor::model::Obligor;
use customers::relation::model::{NewRelation, RelationId, RelationKind};
use finance::{Fen, RepaymentMode};
use jiff::civil::{Date, date};
use platform::access::{Actor, Origin, Scope};
use platform::approval::{self, Verdict};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::institution::{self, Institution};
use platform::work::Work;
use servicing::loan::model::{Channel, LoanKey};
use servicing::repayment::actions::{NewRepayment, record as repay};
use servicing::security::model::{GuaranteeKind, NewSecurity};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// 31 days overdue: the first instalment fell due on 2026-11-20.
const TODAY: Date = date(2026, 12, 21);

async fn overdue(lender: &Lender) -> (CustomerId, CaseId, LoanKey) {
    let (customer, case, loans) = overdue_with(lender, 1).await;
    (customer, case, loans[0])
}

async fn overdue_with(lender: &Lender, count: usize) -> (CustomerId, CaseId, Vec<LoanKey>) {
    let customer = lender.customer("程一诺").await;
    let mut loans = Vec::new();
    for _ in 0..count {
        loans.push(lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key);
    }
    lender.close_until(TODAY).await;
    let mut work = lender.at("clerk").await;
    let (known, version) = institution::load(&mut work.tx).await.unwrap();
    let reached = Institution { contact: "衡川市东湖路 1 号".to_owned(), ..known };
    institution::change(&mut work, version, &reached).await.unwrap();
    let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap().key.case;
    work.commit().await.unwrap();
    (customer, case, loans)
}

async fn related(lender: &Lender, customer: CustomerId, kind: RelationKind, name: &str) -> RelationId {
    let mut work = lender.at("clerk").await;
    let new = NewRelation {
        kind,
        name: name.to_owned(),
        identity: None,
        share_ppm: None,
        since: date(2026, 10, 20),
        consented_on: None,
        note: None,
    };
    let id = customers::relation::actions::add(&mut work, customer, &new).await.unwrap();
    work.commit().await.unwrap();
    id
}

fn typed(pairs: &[(&str, &str)]) -> NewEntry {
    let typed: BTreeMap<String, String> =
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    NewEntry { typed, ..NewEntry::default() }
}

async fn record(lender: &Lender, case: CaseId, block: Block, new: &NewEntry) -> Result<EntryId, ActionError> {
    let mut work = lender.at("clerk").await;
    let id = dossiers::record(&mut work, case, block, new, None).await?;
    work.commit().await?;
    Ok(id)
}

fn code<T>(result: Result<T, ActionError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let refused = error.refusal().unwrap_or_else(|| panic!("{error}"));
            refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
        }
    }
}

fn asset<'a>(what: &'a str, moved: &'a str) -> NewEntry {
    typed(&[("what", what), ("value", "820000"), ("pledged", "no"), ("preserved", "no"), ("moved", moved)])
}

fn analysis() -> NewEntry {
    typed(&[
        ("key_problem", "货款被拖欠"),
        ("begin_with", "先谈应收账款"),
        ("persons", "借款人、保证人"),
        ("evasions", "称货款未到"),
        ("arguments", "借款与货款相互独立"),
    ])
}

// S2.3-19, S2.3-21, S2.3-22, S2.3-16, S4-25. Rules `dossier.stands`, `dossier.read`, `dossier.sealed`
#[tokio::test]
async fn a_newer_fact_stands_and_older_ones_stay_readable_under_seal() {
    for lender in Lender::everywhere().await {
        let (customer, case, _) = overdue(&lender).await;
        let shop = record(&lender, case, Block::Asset, &asset("东湖路商铺", "no")).await.unwrap();
        record(&lender, case, Block::Asset, &asset("货车", "no")).await.unwrap();
        let moved = NewEntry { of: Some(shop), ..asset("东湖路商铺", "yes") };
        record(&lender, case, Block::Asset, &moved).await.unwrap();
        let mut work = lender.at("clerk").await;
        let (_, entries) = dossiers::open(&mut work, case, "dossier.view").await.unwrap();
        work.commit().await.unwrap();
        let stand: Vec<(String, String)> = standing(&entries)
            .iter()
            .map(|one| (one.content.get("what").to_owned(), one.content.get("moved").to_owned()))
            .collect();
        assert_eq!(entries.len(), 3);
        let pair = |what: &str, moved: &str| (what.to_owned(), moved.to_owned());
        assert_eq!(stand, [pair("东湖路商铺", "yes"), pair("货车", "no")]);
        let back = NewEntry { of: Some(shop), void: true, ..NewEntry::default() };
        record(&lender, case, Block::Asset, &back).await.unwrap();
        let mut work = lender.at("clerk").await;
        let entries = store::of_customer(&mut work, customer).await.unwrap();
        assert_eq!((standing(&entries).len(), entries.len()), (1, 4), "taken back, and still readable");
        let looks = "select count(*) as n from audit_entry where action = 'dossier.view'";
        assert_eq!(lender.count(looks).await, 1);
        let clear = "select count(*) as n from audit_entry where after_json like '%商铺%' or reason like '%商铺%'";
        assert_eq!(lender.count(clear).await, 0, "the trail says nothing of what was entered");
        let masked = "select count(*) as n from dossier_entry where content_masked <> '***'";
        assert_eq!(lender.count(masked).await, 0);
    }
}

// X-07, S2.5-37, S2.5-12. Rules `dossier.words`, `dossier.fields`
#[tokio::test]
async fn hostile_and_forbidden_texts_are_refused_with_what_to_do() {
    let lender = Lender::everywhere().await.remove(0);
    let (_, case, _) = overdue(&lender).await;
    let hard = |factors: &str| typed(&[("kind", "hospital"), ("factors", factors)]);
    assert_eq!(code(record(&lender, case, Block::Hardship, &hard("")).await), "field-empty");
    let word = forbidden_word(&lender).await;
    assert_eq!(code(record(&lender, case, Block::Hardship, &hard(&format!("可以{word}他"))).await), "dossier-word");
    assert_eq!(code(record(&lender, case, Block::Hardship, &hard("<script>住院</script>")).await), "done");
    let stranger = NewEntry { of: Some(EntryId(7)), ..hard("住院") };
    assert_eq!(code(record(&lender, case, Block::Hardship, &stranger).await), "dossier-not-found");
    let nothing = NewEntry { void: true, ..NewEntry::default() };
    assert_eq!(code(record(&lender, case, Block::Hardship, &nothing).await), "dossier-void-nothing");
    let mut browser = lender.house.user("clerk").await;
    let page = in_both_languages(&mut browser, &format!("/collections/cases/{case}/dossier")).await;
    assert!(page.text.contains("住院") && !page.text.contains("<script>住院"), "{}", page.text);
}

async fn forbidden_word(lender: &Lender) -> String {
    let mut work = lender.at("clerk").await;
    let policy = platform::policies::in_force(&mut work, TODAY).await.unwrap();
    let edition = policy.edition(TODAY);
    edition.texts("forbidden_words_threat").unwrap().remove(0)
}

// S4-20. Rules `asset.moved`, `duty.asset_warning`, `duty.case_preservation`
#[tokio::test]
async fn an_asset_that_is_moved_away_warns_the_risk_department_and_asks_for_preservation_at_once() {
    for lender in Lender::everywhere().await {
        let (_, case, _) = overdue(&lender).await;
        let shop = record(&lender, case, Block::Asset, &asset("东湖路商铺", "no")).await.unwrap();
        record(&lender, case, Block::Asset, &asset("货车", "unknown")).await.unwrap();
        let open =
            "select count(*) as n from duty where kind in ('asset_warning', 'case_preservation') and state = 'open'";
        assert_eq!(lender.count(open).await, 0, "nothing is moved yet");
        let moved = NewEntry { of: Some(shop), ..asset("东湖路商铺", "yes") };
        record(&lender, case, Block::Asset, &moved).await.unwrap();
        assert_eq!(lender.count(open).await, 2, "one for the risk department, one for legal");
        let roles = "select count(*) as n from duty where (kind = 'asset_warning' and owner_role = 'risk_dept') \
             or (kind = 'case_preservation' and owner_role = 'legal')";
        assert_eq!(lender.count(roles).await, 2);
        let urgent = "select count(*) as n from duty where kind = 'asset_warning' and due_on = '2026-12-22'";
        assert_eq!(lender.count(urgent).await, 1, "by the next working day");
        record(&lender, case, Block::Asset, &moved).await.unwrap();
        assert_eq!(lender.count(open).await, 2, "the same asset warns once");
        let mut work = lender.at("boss").await;
        collections::risk::actions::rate(&mut work, case, "商铺已过户他人，建议保全货车").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, 1, "legal still has to preserve what is left");
    }
}

// S2.3-28. Rule `duty.case_analysis`
#[tokio::test]
async fn the_analysis_is_a_duty_of_the_case_and_ends_it() {
    for lender in Lender::everywhere().await {
        let (_, case, _) = overdue(&lender).await;
        let open = "select count(*) as n from duty where kind = 'case_analysis' and state = 'open'";
        assert_eq!(lender.count(open).await, 1);
        record(&lender, case, Block::Analysis, &analysis()).await.unwrap();
        assert_eq!(lender.count(open).await, 0);
    }
}

// S2.5-24, S2.3-15, S2.5-23. Rules `template.letter_heir`, `obligor.heir`, `obligor.estate`, `obligor.cap`, `obligor.guard`, `letter.obligor`
#[tokio::test]
async fn heirs_owe_what_they_inherit_and_no_letter_or_agreement_exceeds_it() {
    for lender in Lender::everywhere().await {
        let (customer, case, loan) = overdue(&lender).await;
        let heir = related(&lender, customer, RelationKind::Heir, "程小禾").await;
        let inherits = |inherited: &str| NewEntry {
            relation: Some(heir),
            ..typed(&[("role", "heir"), ("renounced", "no"), ("inherited", inherited), ("willing", "yes")])
        };
        assert_eq!(code(record(&lender, case, Block::Heir, &inherits("3000")).await), "dossier-no-death");
        let died = typed(&[("died_on", "2026-12-15"), ("proof", "死亡证明 0917"), ("estate", "5000")]);
        record(&lender, case, Block::Death, &died).await.unwrap();
        let flags = "select count(*) as n from stop_flag where kind = 'death' and lifted_at is null";
        assert_eq!(lender.count(flags).await, 1, "nobody presses the dead");
        let mut work = lender.at("clerk").await;
        let to = Order { kind: LetterKind::Heir, guarantee: None, relation: Some(heir) };
        assert_eq!(code(preview(&mut work, loan, to).await), "letter-wrong-addressee", "nothing decided yet");
        drop(work);
        assert_eq!(code(record(&lender, case, Block::Heir, &inherits("9000")).await), "dossier-over-estate");
        record(&lender, case, Block::Heir, &inherits("3000")).await.unwrap();
        let mut work = lender.at("clerk").await;
        let content = preview(&mut work, loan, to).await.unwrap();
        let total = Fen::checked_sum(content.items.iter().map(|(_, amount, _)| *amount)).unwrap();
        assert_eq!((content.addressee.as_str(), total), ("程小禾", Fen(300_000)));
        assert!(content.opening.join("").contains("程一诺") && content.items.last().unwrap().1 < Fen::ZERO);
        assert_eq!(
            code(preview(&mut work, loan, Order { kind: LetterKind::Dunning, ..to }).await),
            "letter-wrong-addressee"
        );
        let letter = issue(&mut work, loan, to).await.unwrap();
        let kept = collections::letter::store::find(&mut work.tx, letter).await.unwrap().unwrap();
        assert_eq!((kept.total, kept.relation), (Fen(300_000), Some(heir)));
        let sent = Step { to: LetterState::Sent, on: TODAY, signer: None, detail: "EMS 1".to_owned(), agrees: false };
        let gone = step(&mut work, &letter.to_string(), None, &sent).await.unwrap();
        assert_eq!(gone, Recorded::Done, "the guard knows the heir as somebody who owes");
        let found = NewDiagnosis { causes: vec!["c7a".to_owned()], evidence: "讣告".to_owned(), talk: Talk::Dead };
        causes::diagnose(&mut work, case, &found).await.unwrap();
        let parts = |total| Parts::Equal(Split { total, count: 1, first_on: date(2026, 12, 28), every: Every::Month });
        let wish = |total| Wish {
            loan,
            also: Vec::new(),
            plan: Plan::Instalments(parts(total)),
            way: Way::Transfer,
            signer: None,
            reason: "以所得遗产清偿".to_owned(),
        };
        let over = collections::agreement::actions::propose(&mut work, case, &wish(Fen(300_001))).await;
        assert_eq!(code(over), "agreement-over-estate");
        let within = collections::agreement::actions::propose(&mut work, case, &wish(Fen(300_000))).await;
        assert_eq!(code(within), "done");
        let all = obligors::of(&mut work, customer).await.unwrap();
        let told: Vec<(&str, &str)> = all.iter().map(|one| (one.role.as_str(), one.owes.as_str())).collect();
        assert_eq!(told, [("debtor", "dead"), ("heir", "owes")]);
        work.commit().await.unwrap();
        let gone =
            NewEntry { relation: Some(heir), ..typed(&[("role", "heir"), ("renounced", "yes"), ("willing", "no")]) };
        record(&lender, case, Block::Heir, &gone).await.unwrap();
        let mut work = lender.at("clerk").await;
        assert_eq!(code(preview(&mut work, loan, to).await), "letter-wrong-addressee", "who renounced owes nothing");
    }
}

fn died(estate: &str) -> NewEntry {
    typed(&[("died_on", "2026-12-15"), ("proof", "死亡证明 0917"), ("estate", estate)])
}

fn inherits(heir: RelationId, amount: &str) -> NewEntry {
    let pairs = [("role", "heir"), ("renounced", "no"), ("inherited", amount), ("willing", "yes")];
    NewEntry { relation: Some(heir), ..typed(&pairs) }
}

fn one_payment(loan: LoanKey, total: Fen) -> Wish {
    let split = Split { total, count: 1, first_on: date(2026, 12, 28), every: Every::Month };
    let plan = Plan::Instalments(Parts::Equal(split));
    Wish { loan, also: Vec::new(), plan, way: Way::Transfer, signer: None, reason: "以所得遗产清偿".to_owned() }
}

async fn found_dead(lender: &Lender, case: CaseId) {
    let mut work = lender.at("clerk").await;
    let found = NewDiagnosis { causes: vec!["c7a".to_owned()], evidence: "讣告".to_owned(), talk: Talk::Dead };
    causes::diagnose(&mut work, case, &found).await.unwrap();
    work.commit().await.unwrap();
}

// S2.5-24. Rule `obligor.cap`: what an heir received bounds all letters and all agreements together.
#[tokio::test]
async fn an_heir_of_two_loans_is_asked_once_for_what_was_inherited() {
    for lender in Lender::everywhere().await {
        let (customer, case, loans) = overdue_with(&lender, 2).await;
        let heir = related(&lender, customer, RelationKind::Heir, "程小禾").await;
        record(&lender, case, Block::Death, &died("5000")).await.unwrap();
        record(&lender, case, Block::Heir, &inherits(heir, "3000")).await.unwrap();
        found_dead(&lender, case).await;
        let mut work = lender.at("clerk").await;
        let to = Order { kind: LetterKind::Heir, guarantee: None, relation: Some(heir) };
        issue(&mut work, loans[0], to).await.unwrap();
        assert_eq!(code(preview(&mut work, loans[1], to).await), "letter-estate-claimed");
        assert_eq!(code(preview(&mut work, loans[0], to).await), "done", "the same claim may be put again");
        let propose = collections::agreement::actions::propose;
        assert_eq!(code(propose(&mut work, case, &one_payment(loans[0], Fen(200_000))).await), "done");
        let second = propose(&mut work, case, &one_payment(loans[1], Fen(100_001))).await;
        assert_eq!(code(second), "agreement-over-estate");
        assert_eq!(code(propose(&mut work, case, &one_payment(loans[1], Fen(100_000))).await), "done");
    }
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

// S2.5-24. Rule `obligor.cap`: what came in since the death is claimed from no heir again.
#[tokio::test]
async fn what_came_in_since_a_death_is_not_claimed_again() {
    for lender in Lender::everywhere().await {
        let (customer, case, loans) = overdue_with(&lender, 2).await;
        let heir = related(&lender, customer, RelationKind::Heir, "程小禾").await;
        let other = related(&lender, customer, RelationKind::Heir, "程小麦").await;
        record(&lender, case, Block::Death, &died("5000")).await.unwrap();
        record(&lender, case, Block::Heir, &inherits(heir, "3000")).await.unwrap();
        record(&lender, case, Block::Heir, &inherits(other, "1000")).await.unwrap();
        found_dead(&lender, case).await;
        pay(&lender, loans[1], Fen(30_000)).await;
        pay(&lender, loans[0], Fen(20_000)).await;
        let mut work = lender.at("clerk").await;
        for (one, left) in [(heir, 250_000), (other, 50_000)] {
            let to = Order { kind: LetterKind::Heir, guarantee: None, relation: Some(one) };
            let content = preview(&mut work, loans[0], to).await.unwrap();
            let total = Fen::checked_sum(content.items.iter().map(|(_, amount, _)| *amount)).unwrap();
            assert_eq!(total, Fen(left));
        }
        let propose = collections::agreement::actions::propose;
        let over = propose(&mut work, case, &one_payment(loans[0], Fen(350_001))).await;
        assert_eq!(code(over), "agreement-over-estate");
        assert_eq!(code(propose(&mut work, case, &one_payment(loans[0], Fen(350_000))).await), "done");
    }
}

// S2.5-24, S2.3-15. Rules `agreement.signer`, `obligor.cap`, `template.debt_assumption`: an heir who signs alone is bound by the
// own share, and what that heir pays counts for that heir alone; the paper is the debt-assumption agreement.
#[tokio::test]
async fn what_an_heir_pays_by_an_own_agreement_counts_for_that_heir_alone() {
    for lender in Lender::everywhere().await {
        let (customer, case, loans) = overdue_with(&lender, 2).await;
        let heir = related(&lender, customer, RelationKind::Heir, "程小禾").await;
        let other = related(&lender, customer, RelationKind::Heir, "程小麦").await;
        let friend = related(&lender, customer, RelationKind::ListedContact, "友人").await;
        record(&lender, case, Block::Death, &died("5000")).await.unwrap();
        record(&lender, case, Block::Heir, &inherits(heir, "3000")).await.unwrap();
        record(&lender, case, Block::Heir, &inherits(other, "1000")).await.unwrap();
        found_dead(&lender, case).await;
        let propose = agreements::propose;
        let by = |signer, loan, fen| Wish { signer: Some(signer), ..one_payment(loan, Fen(fen)) };
        let mut work = lender.at("clerk").await;
        assert_eq!(code(propose(&mut work, case, &by(friend, loans[0], 100)).await), "agreement-not-obligor");
        assert_eq!(code(propose(&mut work, case, &by(other, loans[0], 100_001)).await), "agreement-over-estate");
        let made = propose(&mut work, case, &by(heir, loans[0], 200_000)).await.unwrap();
        work.commit().await.unwrap();
        agree_and_sign(&lender, made).await;
        pay(&lender, loans[0], Fen(150_000)).await;
        let mut work = lender.at("clerk").await;
        let signed = collections::agreement::store::find(&mut work.tx, made).await.unwrap().unwrap();
        let signer = signed.terms.signer.clone().unwrap();
        assert_eq!((signer.relation, signer.cap, signed.paid), (heir, Some(Fen(300_000)), Fen(150_000)));
        // Of the heir's 3,000.00 half is paid; the other heir has paid nothing.
        for (one, left) in [(heir, 150_000), (other, 100_000)] {
            let to = Order { kind: LetterKind::Heir, guarantee: None, relation: Some(one) };
            let content = preview(&mut work, loans[1], to).await.unwrap();
            let total = Fen::checked_sum(content.items.iter().map(|(_, amount, _)| *amount)).unwrap();
            assert_eq!(total, Fen(left));
        }
        // The heir agreed to 2,000.00 of it.
        for (one, over) in [(heir, 100_001), (other, 100_001)] {
            assert_eq!(code(propose(&mut work, case, &by(one, loans[1], over)).await), "agreement-over-estate");
        }
        assert_eq!(code(propose(&mut work, case, &by(other, loans[1], 100_000)).await), "done");
        drop(work);
        let mut browser = lender.house.user("clerk").await;
        let address = format!("/collections/agreements/{made}");
        let page = in_both_languages(&mut browser, &address).await;
        assert!(page.text.contains("程小禾"), "{}", page.text);
        let paper = browser.get(&format!("{address}/print.pdf")).await;
        assert_eq!(paper.status, StatusCode::OK, "{}", paper.text);
        let form = in_both_languages(&mut browser, &format!("/collections/cases/{case}/agreements/new")).await;
        assert!(form.text.contains("程小麦") && !form.text.contains("友人 ·"), "{}", form.text);
        let mut program = lender.house.program("clerk", &["case.view", "loan.view"]).await;
        let told = program.get(&address).await.json();
        assert_eq!(told["signer"], heir.to_string());
    }
}

/// Agreed to by a supervisor, signed by the heir.
async fn agree_and_sign(lender: &Lender, id: AgreementId) {
    let mut work = lender.at("boss").await;
    work.actor.roles = vec!["credit_supervisor".to_owned()];
    let made = collections::agreement::store::find(&mut work.tx, id).await.unwrap().unwrap();
    let (customer, key) = (made.case.customer, made.approval.unwrap());
    let seen = approval::store::load(&mut work.tx, customer, key).await.unwrap().unwrap().version;
    let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, customer, key, &verdict).await.unwrap();
    work.commit().await.unwrap();
    let mut work = lender.at("clerk").await;
    let signature = Signature { on: TODAY, by: "程小禾".to_owned(), place: "档案盒 12".to_owned() };
    agreements::sign(&mut work, &id.to_string(), &signature).await.unwrap();
    work.commit().await.unwrap();
}

// S2.5-23, S2.5-24. Rule `obligor.cap`: whoever lives and owes the whole is asked for the whole.
#[tokio::test]
async fn a_co_borrower_agrees_to_the_whole_after_a_death() {
    let lender = Lender::everywhere().await.remove(0);
    let (customer, case, loan) = overdue(&lender).await;
    record(&lender, case, Block::Death, &died("5000")).await.unwrap();
    found_dead(&lender, case).await;
    let propose = collections::agreement::actions::propose;
    let mut work = lender.at("clerk").await;
    assert_eq!(code(propose(&mut work, case, &one_payment(loan, Fen(700_000))).await), "agreement-over-estate");
    drop(work);
    related(&lender, customer, RelationKind::CoBorrower, "程一言").await;
    let mut work = lender.at("clerk").await;
    assert_eq!(code(propose(&mut work, case, &one_payment(loan, Fen(700_000))).await), "done");
}

// S2.5-24. Rules `obligor.estate`, `obligor.heir`, `dossier.stands`
#[tokio::test]
async fn the_estate_and_the_end_of_a_death_are_for_legal() {
    for lender in Lender::everywhere().await {
        let (customer, case, loan) = overdue(&lender).await;
        let heir = related(&lender, customer, RelationKind::Heir, "程小禾").await;
        let other = related(&lender, customer, RelationKind::Heir, "程小麦").await;
        let mut actor = Actor::system(Origin::Console);
        actor.user = Some(lender.house.user_id("collector").await);
        actor.grants.insert(collections::dossier::DOSSIER_RECORD.to_owned(), Scope::Institution);
        let as_collector = || Work::begin(lender.app(), actor.clone());
        let mut work = as_collector().await.unwrap();
        assert!(dossiers::record(&mut work, case, Block::Death, &died("5000"), None).await.is_err());
        drop(work);
        let death = record(&lender, case, Block::Death, &died("5000")).await.unwrap();
        record(&lender, case, Block::Heir, &inherits(heir, "3000")).await.unwrap();
        let second = record(&lender, case, Block::Heir, &inherits(other, "1000")).await.unwrap();
        assert_eq!(code(record(&lender, case, Block::Death, &died("3999")).await), "dossier-over-estate");
        let of_other = NewEntry { of: Some(second), ..inherits(heir, "2000") };
        assert_eq!(code(record(&lender, case, Block::Heir, &of_other).await), "dossier-not-found");
        let back = NewEntry { of: Some(death), void: true, ..NewEntry::default() };
        let mut work = as_collector().await.unwrap();
        assert!(dossiers::record(&mut work, case, Block::Death, &back, None).await.is_err());
        drop(work);
        record(&lender, case, Block::Death, &back).await.unwrap();
        let mut work = lender.at("clerk").await;
        let to = Order { kind: LetterKind::Heir, guarantee: None, relation: Some(heir) };
        assert_eq!(code(preview(&mut work, loan, to).await), "letter-wrong-addressee", "the debtor lives");
        let all = obligors::of(&mut work, customer).await.unwrap();
        let told: Vec<(&str, &str)> = all.iter().map(|one| (one.role.as_str(), one.owes.as_str())).collect();
        assert_eq!(told, [("debtor", "owes")]);
    }
}

// S2.5-23. Rule `obligor.security`: a guarantor answers for the loan of its contract; the relation alone obliges nobody.
#[tokio::test]
async fn a_guarantor_answers_for_the_loan_that_it_guaranteed_alone() {
    for lender in Lender::everywhere().await {
        let (customer, _, loan) = overdue(&lender).await;
        related(&lender, customer, RelationKind::Guarantor, "程保中").await;
        let told = |all: &[Obligor]| -> Vec<(String, String, String)> {
            let text =
                |one: &Obligor| (one.role.as_str().to_owned(), one.owes.as_str().to_owned(), one.article.clone());
            all.iter().map(text).collect()
        };
        let expected = |owes: &str, article: &str| {
            [("debtor", "owes", "civil-code.675"), ("guarantor", owes, article)]
                .map(|(role, owes, article)| (role.to_owned(), owes.to_owned(), article.to_owned()))
        };
        let guarantees = async |key: LoanKey| {
            let guarantor = "程保中".to_owned();
            let new = NewSecurity::Guarantee { kind: GuaranteeKind::Joint, guarantor, amount: None, until: None };
            let mut work = lender.work().await;
            servicing::security::actions::add(&mut work, key, None, new).await.unwrap();
            work.commit().await.unwrap();
        };
        let unclear = expected("unclear", "civil-code.685");
        let owes = expected("owes", "civil-code.681");
        let mut work = lender.at("clerk").await;
        assert_eq!(told(&obligors::of(&mut work, customer).await.unwrap()), unclear, "no contract");
        drop(work);
        // Another loan, which is not overdue, is guaranteed: that says nothing about this one.
        let other = lender.loan(customer, plain(date(2026, 12, 20), 12)).await.file.loan.key;
        guarantees(other).await;
        let mut work = lender.at("clerk").await;
        assert_eq!(told(&obligors::of(&mut work, customer).await.unwrap()), unclear, "of another loan");
        assert_eq!(told(&obligors::of_loan(&mut work, loan).await.unwrap()), unclear);
        assert_eq!(told(&obligors::of_loan(&mut work, other).await.unwrap()), owes);
        drop(work);
        guarantees(loan).await;
        let mut work = lender.at("clerk").await;
        assert_eq!(told(&obligors::of(&mut work, customer).await.unwrap()), owes);
        drop(work);
        let ids = ["civil-code.386", "civil-code.675", "civil-code.681", "civil-code.685"];
        let mut work = lender.work().await;
        let policy = platform::policies::in_force(&mut work, TODAY).await.unwrap();
        assert!(ids.iter().all(|id| policy.article_title(id, false).starts_with("《民法典》")));
    }
}

// S2.5-25, S2.5-23. Rules `obligor.spouse`, `obligor.joint`
#[tokio::test]
async fn a_spouse_owes_what_legal_found_and_a_co_borrower_the_whole() {
    let lender = Lender::everywhere().await.remove(0);
    let (customer, case, loan) = overdue(&lender).await;
    let spouse = related(&lender, customer, RelationKind::Spouse, "苏云").await;
    let joint = related(&lender, customer, RelationKind::CoBorrower, "程一言").await;
    let mut work = lender.at("clerk").await;
    let to = |relation| Order { kind: LetterKind::Reminder, guarantee: None, relation: Some(relation) };
    assert_eq!(preview(&mut work, loan, to(joint)).await.unwrap().addressee, "程一言");
    assert_eq!(code(preview(&mut work, loan, to(spouse)).await), "letter-wrong-addressee", "for legal to decide");
    drop(work);
    let finding = |finding: &str| NewEntry {
        relation: Some(spouse),
        ..typed(&[
            ("cosigned", "no"),
            ("used_by_both", "yes"),
            ("married_on", "2020-05-01"),
            ("signed_on", "2026-10-20"),
            ("allocation", "none"),
            ("finding", finding),
            ("ground", "用于共同装修"),
        ])
    };
    let of_joint = NewEntry { relation: Some(joint), ..finding("liable") };
    assert_eq!(code(record(&lender, case, Block::Spouse, &of_joint).await), "dossier-relation");
    record(&lender, case, Block::Spouse, &finding("liable")).await.unwrap();
    let mut work = lender.at("clerk").await;
    let entries = store::of_customer(&mut work, customer).await.unwrap();
    assert_eq!(
        dossiers::spouse_word(&mut work, &entries[0].content, TODAY).await.unwrap(),
        "yes",
        "used by both, married"
    );
    assert_eq!(preview(&mut work, loan, to(spouse)).await.unwrap().addressee, "苏云");
    drop(work);
    // Each contract has its own finding: about another one legal decides otherwise, and this one stands.
    let mut elsewhere = finding("not_liable");
    elsewhere.typed.insert("signed_on".to_owned(), "2024-03-01".to_owned());
    let other = record(&lender, case, Block::Spouse, &elsewhere).await.unwrap();
    let mut work = lender.at("clerk").await;
    assert_eq!(preview(&mut work, loan, to(spouse)).await.unwrap().addressee, "苏云");
    let entries = store::of_customer(&mut work, customer).await.unwrap();
    assert_eq!(collections::dossier::model::standing(&entries).len(), 2, "one a contract");
    drop(work);
    // The newest of a contract stands, entered behind the other finding or behind none.
    for of in [None, Some(other)] {
        let free = NewEntry { of, ..finding("not_liable") };
        record(&lender, case, Block::Spouse, &free).await.unwrap();
        let mut work = lender.at("clerk").await;
        assert_eq!(code(preview(&mut work, loan, to(spouse)).await), "letter-wrong-addressee");
        let owing = store::owing(&mut work, customer).await.unwrap();
        assert_eq!(owing.iter().map(|one| one.outcome.as_str()).collect::<Vec<_>>(), ["free", "free"]);
        drop(work);
        record(&lender, case, Block::Spouse, &finding("liable")).await.unwrap();
    }
    // Liable by one contract, the other is taken back: what was found about this one is untouched.
    let back = NewEntry { relation: Some(spouse), of: Some(other), void: true, ..NewEntry::default() };
    record(&lender, case, Block::Spouse, &back).await.unwrap();
    let mut work = lender.at("clerk").await;
    assert_eq!(preview(&mut work, loan, to(spouse)).await.unwrap().addressee, "苏云");
    let owing = store::owing(&mut work, customer).await.unwrap();
    assert_eq!(owing.iter().map(|one| one.outcome.as_str()).collect::<Vec<_>>(), ["owes"]);
    drop(work);
    // A contract that legal said nothing about is for legal to decide.
    let third = lender.loan(customer, plain(date(2026, 12, 20), 12)).await.file.loan.key;
    let mut work = lender.at("clerk").await;
    let told = obligors::of_loan(&mut work, third).await.unwrap();
    let spouse_of = told.iter().find(|one| one.role == collections::obligor::model::Role::Spouse).unwrap();
    assert_eq!(spouse_of.owes, collections::obligor::model::Owes::Unclear);
    drop(work);
    // A collector without the rights of legal decides nothing about a spouse.
    let mut actor = Actor::system(Origin::Console);
    actor.user = Some(lender.house.user_id("collector").await);
    actor.grants.insert(collections::dossier::DOSSIER_RECORD.to_owned(), Scope::Institution);
    let mut work = Work::begin(lender.app(), actor).await.unwrap();
    let denied = dossiers::record(&mut work, case, Block::Spouse, &finding("liable"), None).await;
    assert!(denied.is_err());
}

// S2.5-26, S2.3-17. Rules `pattern.custody`, `dossier.fraud`
#[tokio::test]
async fn custody_is_advised_by_policy_and_fraud_needs_its_cause() {
    let lender = Lender::everywhere().await.remove(0);
    let (customer, case, _) = overdue(&lender).await;
    let held =
        |cause: &str, days: &str| typed(&[("cause", cause), ("from", "2026-12-10"), ("days", days), ("misuse", "no")]);
    for (cause, days, advice) in
        [("fighting", "15", "wait_release"), ("gambling", "15", "check_misuse"), ("fighting", "16", "to_legal")]
    {
        record(&lender, case, Block::Custody, &held(cause, days)).await.unwrap();
        let mut work = lender.at("clerk").await;
        let entries = store::of_customer(&mut work, customer).await.unwrap();
        assert_eq!(entries.last().unwrap().outcome, advice);
    }
    let referral = typed(&[
        ("signs", "assets_moved\nover_indebted"),
        ("assets_checked", "yes"),
        ("assets_found", "账户冻结 20,000 元"),
        ("route", "police"),
        ("referred_on", "2026-12-21"),
        ("receipt", "受案回执 衡公经 2026-117"),
    ]);
    assert_eq!(code(record(&lender, case, Block::Fraud, &referral).await), "dossier-no-fraud-cause");
    let mut work = lender.at("clerk").await;
    let found = NewDiagnosis { causes: vec!["c8".to_owned()], evidence: "转移设备".to_owned(), talk: Talk::NotYet };
    causes::diagnose(&mut work, case, &found).await.unwrap();
    work.commit().await.unwrap();
    let mut unchecked = referral.clone();
    unchecked.typed.insert("assets_checked".to_owned(), "no".to_owned());
    assert_eq!(code(record(&lender, case, Block::Fraud, &unchecked).await), "dossier-assets-first");
    assert_eq!(code(record(&lender, case, Block::Fraud, &referral).await), "done");
}

// S4-25, S2.5-12. The pages, forms, files and prints of a dossier.
#[tokio::test]
async fn the_pages_record_show_print_and_keep_others_out() {
    for lender in Lender::everywhere().await {
        let (_, case, _) = overdue(&lender).await;
        let mut browser = lender.house.user("clerk").await;
        let home = format!("/collections/cases/{case}/dossier");
        for block in Block::ALL {
            in_both_languages(&mut browser, &format!("{home}/{}/new", block.as_str())).await;
        }
        assert_eq!(browser.get(&format!("{home}/weakness/new")).await.status, StatusCode::NOT_FOUND);
        let form = format!("{home}/hardship/new");
        let proof = ("file", "住院证明.txt", "住院证明".as_bytes());
        let bad = browser.upload_from(&form, &form, &[("kind", "hospital")], proof).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.text);
        let done = browser.upload_from(&form, &form, &[("kind", "hospital"), ("factors", "住院三周")], proof).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let shown = in_both_languages(&mut browser, &home).await;
        assert!(shown.text.contains("住院三周"));
        let (before, _) = shown.text.split_once("/file\"").unwrap();
        let file = format!("{}/file", before.rsplit("href=\"").next().unwrap());
        let (status, bytes) = browser.file(&file).await;
        assert_eq!((status, bytes.as_slice()), (StatusCode::OK, "住院证明".as_bytes()));
        let (status, pdf) = browser.file(&format!("{home}.pdf")).await;
        assert!(status == StatusCode::OK && pdf.starts_with(b"%PDF-"));
        in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
        in_both_languages(&mut browser, &format!("/collections/cases/{case}/obligors")).await;
        let mut viewer = lender.house.user("viewer").await;
        for path in [&home, &form, &file, &format!("{home}.pdf")] {
            assert_eq!(viewer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let prints = lender.count("select count(*) as n from audit_entry where action = 'dossier.print'").await;
        assert_eq!(prints, 1);
    }
}
