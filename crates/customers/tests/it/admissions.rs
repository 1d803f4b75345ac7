//! Admission reviews: begun, sent back, checked with evidence, decided by another, printed; on every database.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use customers::admission::model::{
    Admission, AdmissionId, AdmissionState, Application, Assessment, Conclusion, Verdict as Came,
};
use customers::admission::{actions, store};
use customers::datum::actions::NewVerification;
use customers::datum::model::{Basis, Finding, Route, Way};
use customers::datum::rules::Provenance;
use customers::datum::{actions as data, item};
use customers::document::store as documents;
use customers::{CustomerKind, NewCustomer};
use finance::Fen;
use platform::approval::{self, ApprovalState, Missing, Verdict};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::{Lender, identity, lenders};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n";
/// What an assessor answers of a company, each with a document.
const COMPANY: [&str; 6] = [
    "lawfully_established",
    "lawful_operation",
    "good_prospects",
    "finances_sound",
    "structure_reasonable",
    "cash_flow_sufficient",
];

pub async fn record(lender: &Lender, id: CustomerId, route: Route, facts: &[(&str, &str)]) {
    let mut work = lender.work("lin").await;
    let on = work.business_date;
    let from = Provenance {
        effective_on: on,
        route,
        source_note: "征信中心、银行流水".to_owned(),
        basis: Basis::Consent,
        consented_on: Some(on),
    };
    let given: Vec<_> = facts.iter().map(|(name, value)| (item::find(name).unwrap(), (*value).to_owned())).collect();
    data::record(&mut work, id, &given, &from).await.unwrap();
    work.commit().await.unwrap();
}

/// A paper in the file; its key.
pub async fn paper(lender: &Lender, id: CustomerId, fields: &[(&str, &str)]) -> i64 {
    let path = format!("/customers/{id}/documents/new");
    let mut browser = lender.browser("lin").await;
    let done = browser.upload_from(&path, &path, fields, ("file", "流水.pdf", PDF)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let mut work = lender.work("lin").await;
    documents::of_customer(&mut work.tx, id).await.unwrap()[0].id.0
}

/// A person whose income, assets and debts were told by the bank and held against papers.
pub async fn person(lender: &Lender, credit: &str) -> CustomerId {
    let new = lender.person("梁文", Some(&identity(1)), None, "lin").await;
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    record(lender, id, Route::Bureau, &[("credit_record", credit), ("credit_query_authorised", "true")]).await;
    record(lender, id, Route::Customer, &[("full_capacity", "true"), ("repayment_capacity", "sufficient")]).await;
    let sums = [("own_income_fen", "12000"), ("assets_total_fen", "500000"), ("card_overdraft_fen", "0")];
    record(lender, id, Route::Verification, &sums).await;
    id
}

/// Holds the sums of a person against papers: the second of the means.
pub async fn verify(lender: &Lender, id: CustomerId) {
    let mut work = lender.work("lin").await;
    let seen = ["own_income_fen", "assets_total_fen", "card_overdraft_fen"];
    let new = NewVerification {
        way: Way::Document,
        on: work.business_date,
        note: "核对流水与产权证原件".to_owned(),
        found: seen.map(|name| (name, Finding::Confirmed)).into(),
    };
    data::verify(&mut work, id, &new).await.unwrap();
    work.commit().await.unwrap();
}

pub fn asked(product: &str) -> Application {
    Application {
        product: product.to_owned(),
        amount: Fen(10_000_000),
        months: 12,
        purpose: "进货".to_owned(),
        repayment_source: "店面经营收入".to_owned(),
        method: "credit".to_owned(),
        preliminary: "资料合规齐全".to_owned(),
    }
}

pub fn said(conclusion: Conclusion) -> Assessment {
    Assessment {
        answers: BTreeMap::new(),
        documents: BTreeMap::new(),
        notes: BTreeMap::new(),
        mitigants: String::new(),
        amount: Fen(8_000_000),
        months: 12,
        rate_e9: 120_000_000,
        conclusion,
        reason: String::new(),
        opinion: "收入稳定".to_owned(),
    }
}

/// What is said of a person's items: the income by a paper, the others in words.
pub fn of_person(conclusion: Conclusion, paper: i64) -> Assessment {
    let mut said = said(conclusion);
    said.answers.insert("income_stable".to_owned(), "true".to_owned());
    said.documents.insert("income_stable".to_owned(), paper);
    for fact in ["full_capacity", "repayment_capacity"] {
        said.notes.insert(fact.to_owned(), "面谈并核对证件".to_owned());
    }
    said
}

pub async fn begin(lender: &Lender, id: CustomerId, product: &str) -> AdmissionId {
    let mut work = lender.work("lin").await;
    let key = actions::begin(&mut work, id, &asked(product)).await.unwrap();
    work.commit().await.unwrap();
    key
}

pub async fn submit(lender: &Lender, id: AdmissionId, said: &Assessment) -> Result<AdmissionId, ActionError> {
    let mut work = lender.work("ping").await;
    let done = actions::submit(&mut work, &id.to_string(), said).await?;
    work.commit().await?;
    Ok(done)
}

pub async fn code(lender: &Lender, id: AdmissionId, said: &Assessment) -> (String, String) {
    let refused = submit(lender, id, said).await.unwrap_err();
    let refused = refused.refusal().unwrap();
    let named = refused.details.first().map(|(_, text)| text.clone()).unwrap_or_default();
    (refused.code.to_owned(), named)
}

pub async fn one(lender: &Lender, id: AdmissionId) -> Admission {
    let mut work = lender.work("feng").await;
    store::find(&mut work.tx, id).await.unwrap().unwrap()
}

/// As if this person had begun every review.
async fn begun_by(lender: &Lender, login: &str) {
    let user = lender.user(login).await;
    let mut work = lender.system().await;
    work.tx.execute("update admission set recorded_by = $1", platform::args![user]).await.unwrap();
    work.commit().await.unwrap();
}

/// Decides the waiting step of a review's approval.
pub async fn decide(lender: &Lender, login: &str, id: AdmissionId, verb: &str) -> Result<ApprovalState, ActionError> {
    let known = one(lender, id).await;
    let mut work = lender.work(login).await;
    let key = known.approval.unwrap();
    let waiting = approval::store::load(&mut work.tx, known.customer, key).await?.unwrap();
    let verdict = Verdict { seen: waiting.version, opinion: "已核".to_owned(), missing: Vec::new() };
    let decided = match verb {
        "approve" => approval::approve(&mut work, known.customer, key, &verdict).await?,
        "return" => {
            let missing = vec![Missing { field: "收入".to_owned(), note: "补流水".to_owned() }];
            let verdict = Verdict { missing, ..verdict };
            approval::return_to_maker(&mut work, known.customer, key, &verdict).await?
        }
        _ => approval::reject(&mut work, known.customer, key, &verdict).await?,
    };
    work.commit().await?;
    Ok(decided.state)
}

// S1-07, S1-08, S1-20, S5.2-03. Rules admission.begin, admission.items, admission.means, admission.steps, admission.decide,
// approval.admission
#[tokio::test]
async fn an_application_goes_from_preliminary_review_over_the_check_sheet_to_a_decision_and_back_where_it_must() {
    for lender in lenders().await {
        let id = person(&lender, "good").await;
        let paper = paper(&lender, id, &[("kind", "bank_statement")]).await;
        let key = begin(&lender, id, "consumer_equal").await;
        let mut work = lender.work("lin").await;
        let again = actions::begin(&mut work, id, &asked("consumer_equal")).await.unwrap_err();
        assert_eq!(again.refusal().unwrap().code, "admission-open");
        drop(work);
        let mut work = lender.work("ping").await;
        actions::send_back(&mut work, &key.to_string(), "用途写明").await.unwrap();
        work.commit().await.unwrap();
        let whole = of_person(Conclusion::Fit, paper);
        assert_eq!(code(&lender, key, &whole).await.0, "admission-state", "it is back at who began it");
        let mut work = lender.work("lin").await;
        let preliminary = "资料合规齐全\n用途已写明".to_owned();
        let better = Application { purpose: "春节前进货".to_owned(), preliminary, ..asked("consumer_equal") };
        actions::amend(&mut work, &key.to_string(), &better).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(code(&lender, key, &said(Conclusion::Fit)).await.0, "admission-lacking");
        let mut bare = whole.clone();
        bare.documents.clear();
        assert_eq!(code(&lender, key, &bare).await, ("admission-lacking".to_owned(), "收入稳定".to_owned()));
        let open = code(&lender, key, &whole).await;
        assert_eq!(open, ("admission-unchecked".to_owned(), "3".to_owned()), "one means each is too few");
        verify(&lender, id).await;
        submit(&lender, key, &whole).await.unwrap();
        let sheet = one(&lender, key).await.sheet.unwrap();
        assert_eq!(sheet.checks.len(), 2, "{:?}", sheet.checks);
        assert!(
            sheet.checks.iter().all(|check| check.verdict == Came::Passed.as_str() && check.rule == "admission.person")
        );
        assert_eq!((sheet.checks[0].row.as_str(), sheet.risky), ("A81", false));
        // By hand: 80,000 over 12 months at 1 % a month: 7,107.90.
        assert_eq!((sheet.terms.amount, sheet.terms.payment), (Fen(8_000_000), Fen(710_790)));
        assert!(decide(&lender, "ping", key, "approve").await.is_err(), "the assessor never decides");
        decide(&lender, "feng", key, "return").await.unwrap();
        submit(&lender, key, &whole).await.unwrap();
        let done = decide(&lender, "feng", key, "approve").await.unwrap();
        assert!(matches!(done, ApprovalState::Approved { .. }), "{done:?}");
        let made = one(&lender, key).await;
        assert_eq!((made.state, made.sheet.as_ref()), (AdmissionState::Fit, Some(&sheet)), "frozen as submitted");
        let mut work = lender.work("lin").await;
        let steps = store::steps(&mut work.tx, &made).await.unwrap();
        let told: Vec<&str> = steps.iter().map(|step| step.step.as_str()).collect();
        assert_eq!(told, ["begun", "returned", "mended", "submitted", "resubmitted", "fit"]);
        assert!(steps.iter().all(|step| !step.by.is_empty()));
        drop(work);
        assert_eq!(lender.count("select count(*) as n from event where kind = 'admission_decided'").await, 1);
    }
}

// S1-07, S1-10, S5.2-03. Rules admission.checks, approval.admission
#[tokio::test]
async fn a_weak_credit_needs_mitigants_and_the_longer_chain_and_without_them_is_refused_with_the_reason() {
    for lender in lenders().await {
        let id = person(&lender, "blemished").await;
        verify(&lender, id).await;
        let paper = paper(&lender, id, &[("kind", "bank_statement")]).await;
        let key = begin(&lender, id, "consumer_equal").await;
        let bare = of_person(Conclusion::Fit, paper);
        assert_eq!(code(&lender, key, &bare).await, ("admission-failed".to_owned(), "个人准入".to_owned()));
        let mitigated = Assessment { mitigants: "王五连带保证".to_owned(), ..bare };
        submit(&lender, key, &mitigated).await.unwrap();
        let sheet = one(&lender, key).await.sheet.unwrap();
        assert_eq!(sheet.checks[0].value.as_deref(), Some("admitted_with_mitigants"));
        assert!(sheet.risky && sheet.mitigants == "王五连带保证");
        begun_by(&lender, "feng").await;
        let own = decide(&lender, "feng", key, "approve").await.unwrap_err();
        assert_eq!(own.refusal().unwrap().code, "admission-own", "no step of the chain, the first neither");
        begun_by(&lender, "lin").await;
        let state = decide(&lender, "feng", key, "approve").await.unwrap();
        assert_eq!(state, ApprovalState::Pending { step: 1 }, "the general manager decides too");
        decide(&lender, "zong", key, "approve").await.unwrap();
        assert_eq!(one(&lender, key).await.state, AdmissionState::Fit);
        // Another product: not fit, with the reason.
        let next = begin(&lender, id, "business_equal").await;
        let silent = of_person(Conclusion::NotFit, paper);
        let refused = submit(&lender, next, &silent).await.unwrap_err();
        assert_eq!(refused.refusal().unwrap().fields[0].code, "reason-empty");
        submit(&lender, next, &Assessment { reason: "信用较差且无缓释".to_owned(), ..silent }).await.unwrap();
        decide(&lender, "feng", next, "approve").await.unwrap();
        let made = one(&lender, next).await;
        assert_eq!((made.state, made.sheet.unwrap().reason.as_str()), (AdmissionState::NotFit, "信用较差且无缓释"));
    }
}

// S1-07, S1-11. Rule admission.items
#[tokio::test]
async fn every_item_of_a_company_stands_with_a_document_of_its_file() {
    for lender in lenders().await {
        let new = NewCustomer { kind: CustomerKind::Company, ..lender.person("梁文商行", None, None, "lin").await };
        let mut work = lender.work("lin").await;
        let id = customers::open(&mut work, &new).await.unwrap().id;
        work.commit().await.unwrap();
        let paper = paper(&lender, id, &[("kind", "licence"), ("expires_on", "2027-12-31")]).await;
        let key = begin(&lender, id, "business_equal").await;
        let mut told = said(Conclusion::Fit);
        for fact in COMPANY {
            told.answers.insert(fact.to_owned(), "true".to_owned());
            told.documents.insert(fact.to_owned(), paper);
        }
        let more =
            [("repayment_capacity", "sufficient"), ("credit_query_authorised", "true"), ("credit_record", "good")];
        for (fact, answer) in more {
            told.answers.insert(fact.to_owned(), answer.to_owned());
            told.notes.insert(fact.to_owned(), "见报表与征信".to_owned());
        }
        let mut bare = told.clone();
        bare.documents.remove("good_prospects");
        let lacking = code(&lender, key, &bare).await;
        assert_eq!(lacking.0, "admission-lacking");
        let mut foreign = told.clone();
        foreign.documents.insert("good_prospects".to_owned(), 1);
        let refused = submit(&lender, key, &foreign).await.unwrap_err();
        assert_eq!(refused.refusal().unwrap().fields[0].code, "admission-no-document");
        let mut unsound = told.clone();
        unsound.answers.insert("finances_sound".to_owned(), "false".to_owned());
        assert_eq!(code(&lender, key, &unsound).await, ("admission-failed".to_owned(), "企业准入".to_owned()));
        submit(&lender, key, &told).await.unwrap();
        let sheet = one(&lender, key).await.sheet.unwrap();
        let proved = |fact: &&str| sheet.items.iter().any(|one| one.fact == **fact && one.document == Some(paper));
        assert!(COMPANY.iter().all(proved), "{:?}", sheet.items);
    }
}

// S5.7-02, S5.7-06, S5.6-03. Rule admission.checks
#[tokio::test]
async fn a_consumer_loan_is_checked_against_its_borrower_and_who_is_stopped_is_not_even_begun() {
    for db in platform::testbed::databases().await {
        let lender = Lender::under(db, "bank-personal").await;
        let id = person(&lender, "good").await;
        verify(&lender, id).await;
        let paper = paper(&lender, id, &[("kind", "bank_statement")]).await;
        let key = begin(&lender, id, "consumer_comprehensive").await;
        let mut told = of_person(Conclusion::Fit, paper);
        let answers = [
            ("nationality", "citizen"),
            ("fixed_residence", "false"),
            ("local_registration", "true"),
            ("lawful_occupation", "true"),
            ("settlement_account", "true"),
        ];
        for (fact, answer) in answers {
            told.answers.insert(fact.to_owned(), answer.to_owned());
            told.notes.insert(fact.to_owned(), "核对证件".to_owned());
        }
        let (failed, named) = code(&lender, key, &told).await;
        assert!(failed == "admission-failed" && named.contains("综合消费贷款借款人条件"), "{failed}: {named}");
        // A residence, but no account of the bank: the other half of the conditions.
        told.answers.insert("fixed_residence".to_owned(), "true".to_owned());
        let (_, named) = code(&lender, key, &told).await;
        assert!(!named.contains("综合消费贷款借款人条件"), "{named}");
        told.answers.insert("settlement_account".to_owned(), "false".to_owned());
        let (_, named) = code(&lender, key, &told).await;
        assert!(named.contains("综合消费贷款借款人条件"), "{named}");
        record(&lender, id, Route::Public, &[("dishonest_list", "true")]).await;
        let mut work = lender.work("lin").await;
        let stopped = actions::begin(&mut work, id, &asked("personal_equal")).await.unwrap_err();
        assert_eq!(stopped.refusal().unwrap().code, "lending-stopped-dishonest");
    }
}

// S1-20, X-02. Rule admission.decide
#[tokio::test]
async fn who_began_a_review_does_not_decide_it_and_what_is_taken_back_is_over() {
    for lender in lenders().await {
        let id = person(&lender, "good").await;
        verify(&lender, id).await;
        let paper = paper(&lender, id, &[("kind", "bank_statement")]).await;
        let key = begin(&lender, id, "consumer_equal").await;
        submit(&lender, key, &of_person(Conclusion::Fit, paper)).await.unwrap();
        begun_by(&lender, "feng").await;
        for verb in ["approve", "reject"] {
            let own = decide(&lender, "feng", key, verb).await.unwrap_err();
            assert_eq!(own.refusal().unwrap().code, "admission-own", "{verb}");
        }
        let mut work = lender.work("ping").await;
        actions::retract(&mut work, &key.to_string()).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(one(&lender, key).await.state, AdmissionState::Withdrawn);
        let next = begin(&lender, id, "consumer_equal").await;
        // Who began it has left: another who takes applications of the customer ends it.
        begun_by(&lender, "feng").await;
        let mut work = lender.work("lin").await;
        actions::withdraw(&mut work, &next.to_string()).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(one(&lender, next).await.state, AdmissionState::Withdrawn);
    }
}

// S1-07, S1-20: the forms, the page, the tab, the list, the printed sheet.
#[tokio::test]
async fn a_review_is_made_on_pages_in_both_languages_and_printed() {
    for lender in lenders().await {
        let id = person(&lender, "good").await;
        verify(&lender, id).await;
        let paper = paper(&lender, id, &[("kind", "bank_statement")]).await.to_string();
        let mut lin = lender.browser("lin").await;
        let new = format!("/customers/{id}/admissions/new");
        let mut typed = vec![
            ("product", "consumer_equal"),
            ("amount", "0"),
            ("months", "12"),
            ("method", "credit"),
            ("purpose", "进货"),
            ("repayment_source", "经营收入"),
            ("preliminary", "资料齐全"),
        ];
        let back = lin.post_from(&new, &new, &typed).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.text.contains("金额须大于零"), "{}", back.text);
        typed[1].1 = "100000";
        assert_eq!(lin.post_from(&new, &new, &typed).await.status, StatusCode::SEE_OTHER);
        let mut work = lender.work("feng").await;
        let key = store::of_customer(&mut work.tx, id).await.unwrap()[0].id;
        drop(work);
        let mut ping = lender.browser("ping").await;
        let sheet = format!("/admissions/{key}/assess");
        let shown = ping.get(&sheet).await;
        assert!(shown.text.contains("收入稳定") && shown.text.contains("个人准入"), "{}", shown.text);
        let said = [
            ("income_stable", "true"),
            ("file_income_stable", paper.as_str()),
            ("note_full_capacity", "面谈"),
            ("note_repayment_capacity", "见流水"),
            ("granted", "80000"),
            ("granted_months", "12"),
            ("rate", "12"),
            ("conclusion", "fit"),
            ("opinion", "建议准入"),
        ];
        let tried: Vec<(&str, &str)> = said.iter().copied().chain([("do", "preview")]).collect();
        let shown = ping.post_from(&sheet, &sheet, &tried).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert_eq!(lender.count("select count(*) as n from admission where content_json is not null").await, 0);
        assert_eq!(ping.post_from(&sheet, &sheet, &said).await.status, StatusCode::SEE_OTHER);
        for lang in ["zh-CN", "en"] {
            assert!(ping.get(&format!("/me?lang={lang}")).await.status.is_success());
            let pages = [
                format!("/customers/{id}?tab=admissions"),
                "/admissions".to_owned(),
                "/admissions?view=waiting".to_owned(),
                "/admissions?view=decided".to_owned(),
                format!("/admissions/{key}"),
                sheet.clone(),
            ];
            for page in &pages {
                let shown = ping.get(page).await;
                assert_eq!(shown.status, StatusCode::OK, "{page}");
                assert_eq!(missing_in(&shown.text), Vec::<String>::new(), "{lang} {page}");
            }
            assert!(lin.get(&format!("/me?lang={lang}")).await.status.is_success());
            let shown = lin.get(&new).await;
            assert_eq!(missing_in(&shown.text), Vec::<String>::new(), "{lang} {new}");
        }
        let shown = ping.get(&format!("/admissions/{key}")).await.text;
        assert!(shown.contains("Admission of a person") && shown.contains("A81"), "{shown}");
        let printed = ping.get(&format!("/admissions/{key}/sheet.pdf")).await;
        assert_eq!(printed.status, StatusCode::OK);
        assert_eq!(lender.count("select count(*) as n from audit_entry where action = 'admission.print'").await, 1);
        let mut far = lender.browser("far").await;
        assert_eq!(far.get(&format!("/admissions/{key}")).await.status, StatusCode::NOT_FOUND);
    }
}
