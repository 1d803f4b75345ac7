//! What stands behind a new loan: the admission review, the lowest rate, the pledge of the salary account; on every database.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use customers::admission::model::{AdmissionId, Application, Assessment, Conclusion};
use customers::admission::{actions as admissions, store};
use customers::bank_account::actions as accounts;
use customers::bank_account::model::{BankAccountId, NewBankAccount, Purpose};
use customers::datum::model::{Basis, Route};
use customers::datum::rules::Provenance;
use customers::datum::{actions as data, item};
use customers::{CustomerKind, NewCustomer};
use finance::{Fen, Rate, RateTerms, Terms};
use platform::approval::{self, Verdict};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::policies::decision;
use platform::testbed::packs;
use servicing::loan::actions::Applied;
use servicing::loan::model::{LoanKey, Security};
use servicing::opening::actions as opening;
use servicing::opening::ground::store as grounds;
use servicing::opening::model::Opening;
use servicing::security::account::{self, NewPledge};

use crate::changes::{by, code, lenders_under};
use crate::house::{Lender, TODAY, person, plain};

/// The micro-loan rules of a house that asks for an admission review, and checks nothing of companies.
fn asking() -> BTreeMap<String, String> {
    let mut files = packs();
    let parameters = files.get_mut("common/parameters.csv").unwrap();
    *parameters = parameters.replace("required|on_paper|by_bank,on_paper,", "required|on_paper|by_bank,required,");
    for table in ["common/tables/admission_check.csv", "common/tables/admission_item.csv"] {
        let text = files.get_mut(table).unwrap();
        *text = text.lines().filter(|line| !line.contains("\"company\"")).map(|line| format!("{line}\n")).collect();
    }
    files
}

async fn company(lender: &Lender) -> CustomerId {
    let manager = lender.house.user_id("boss").await;
    let new = NewCustomer {
        kind: CustomerKind::Company, name: "某某贸易有限公司".to_owned(), ..person("甲", manager)
    };
    let mut work = lender.work().await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    id
}

/// An admission review that was decided: 80,000 for 12 months at 12 %.
async fn decided(lender: &Lender, id: CustomerId) -> AdmissionId {
    let asked = Application {
        product: "business_equal".to_owned(),
        amount: Fen(10_000_000),
        months: 12,
        purpose: "进货".to_owned(),
        repayment_source: "经营收入".to_owned(),
        method: "credit".to_owned(),
        preliminary: "资料合规齐全".to_owned(),
    };
    let mut work = by(lender, "boss").await;
    let key = admissions::begin(&mut work, id, &asked).await.unwrap();
    work.commit().await.unwrap();
    let said = Assessment {
        answers: BTreeMap::new(),
        documents: BTreeMap::new(),
        notes: BTreeMap::new(),
        mitigants: String::new(),
        amount: Fen(8_000_000),
        months: 12,
        rate_e9: 120_000_000,
        conclusion: Conclusion::Fit,
        reason: String::new(),
        opinion: "经营稳定".to_owned(),
    };
    let mut work = by(lender, "assess").await;
    admissions::submit(&mut work, &key.to_string(), &said).await.unwrap();
    work.commit().await.unwrap();
    let mut work = by(lender, "risk").await;
    let approval = store::find(&mut work.tx, key).await.unwrap().unwrap().approval.unwrap();
    let waiting = approval::store::load(&mut work.tx, id, approval).await.unwrap().unwrap();
    let verdict = Verdict { seen: waiting.version, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, id, approval, &verdict).await.unwrap();
    work.commit().await.unwrap();
    key
}

fn wish(product: &str, terms: Terms) -> Opening {
    Opening {
        product: product.to_owned(),
        contract: None,
        contract_number: None,
        contract_amount: terms.principal,
        signed_on: terms.start_on,
        number: None,
        drawn: terms.principal,
        terms,
        purpose: "进货周转".to_owned(),
        security: Security::Credit,
        note: None,
        rescue: None,
        securities: Vec::new(),
    }
}

fn of(principal: i64) -> Terms {
    let mut terms = plain(TODAY);
    terms.principal = Fen(principal);
    terms
}

async fn open(lender: &Lender, id: CustomerId, wish: &Opening) -> Result<Applied, ActionError> {
    let mut work = by(lender, "boss").await;
    let applied = opening::open(&mut work, id, wish).await?;
    work.commit().await?;
    Ok(applied)
}

// S1-20, X-01. Rule loan.admission
#[tokio::test]
async fn a_loan_stands_on_a_decided_review_within_its_amount_term_and_rate_until_it_is_used_up() {
    for lender in lenders_under("microloan", &asking()).await {
        let id = company(&lender).await;
        let wish = |terms: Terms| wish("business_equal", terms);
        assert_eq!(code(open(&lender, id, &wish(of(5_000_000))).await), "admission-missing");
        let review = decided(&lender, id).await;
        assert_eq!(code(open(&lender, id, &wish(of(8_000_001))).await), "admission-unfit-amount");
        let longer = Terms { periods: Some(13), ..of(5_000_000) };
        assert_eq!(code(open(&lender, id, &wish(longer)).await), "admission-unfit-term");
        let cheaper = Terms { rate: RateTerms::Fixed(Rate::per_year(110_000_000)), ..of(5_000_000) };
        assert_eq!(code(open(&lender, id, &wish(cheaper)).await), "admission-unfit-rate");
        let larger = Opening { contract_amount: Fen(9_000_000), ..wish(of(5_000_000)) };
        assert_eq!(code(open(&lender, id, &larger).await), "admission-unfit-amount", "the contract promises more");
        let key = open(&lender, id, &wish(of(5_000_000))).await.unwrap().file.loan.key;
        assert_eq!(code(open(&lender, id, &wish(of(3_000_001))).await), "admission-unfit-amount");
        open(&lender, id, &wish(of(3_000_000))).await.unwrap();
        assert_eq!(code(open(&lender, id, &wish(of(1_000_000))).await), "admission-unfit-used-up");
        cited(&lender, key, review).await;
        shown(&lender, id, key, review).await;
    }
}

/// The decision of the opening cites the review.
async fn cited(lender: &Lender, key: LoanKey, review: AdmissionId) {
    let mut work = lender.work().await;
    let kept = grounds::of_loan(&mut work.tx, key).await.unwrap().unwrap();
    assert_eq!((kept.admission, kept.chain.as_str(), kept.share_ppm), (Some(review), "normal", 1_000_000));
    let made = decision::latest(&mut work.tx, key.customer, &key.subject(), "opening_ground", TODAY).await.unwrap();
    let made = made.unwrap();
    let number = store::find(&mut work.tx, review).await.unwrap().unwrap().number;
    assert_eq!((made.outcome.as_str(), kept.decision), ("allowed", Some(made.id)));
    assert!(made.inputs.to_string().contains(&number) && made.articles == ["house.opening"], "{made:?}");
}

/// The loan's page names the review, the form says what is left of it.
async fn shown(lender: &Lender, id: CustomerId, key: LoanKey, review: AdmissionId) {
    let mut work = lender.work().await;
    let number = store::find(&mut work.tx, review).await.unwrap().unwrap().number;
    drop(work);
    let mut browser = lender.house.user("boss").await;
    for lang in ["zh-CN", "en"] {
        let page = browser.get(&format!("/loans/{}?tab=terms&lang={lang}", key.loan)).await;
        assert!(page.text.contains(&number), "{}", page.text);
        assert_eq!(missing_in(&page.text), Vec::<String>::new());
        let file = browser.get(&format!("/customers/{id}?lang={lang}")).await;
        assert_eq!(file.status, StatusCode::OK);
    }
}

/// Consumer-finance rules in which the credit record stands for the class, and no admission review is asked for.
fn by_record() -> BTreeMap<String, String> {
    let mut files = packs();
    let parameters = files.get_mut("consumer-finance/parameters.csv").unwrap();
    *parameters = parameters.replace("required|on_paper|by_bank,required,", "required|on_paper|by_bank,on_paper,");
    let quota = files.get_mut("customer-class/tables/quota_loan.csv").unwrap();
    *quota = quota
        .replace(",customer_class,", ",credit_record,")
        .replace("\"\"\"class_5\"\",\"\"none\"\"\"", ">= \"\"ordinary\"\"")
        .replace("<= \"\"class_3\"\"", "<= \"\"good\"\"")
        .replace("class_4", "fairly_good")
        .replace(">= \"\"ordinary\"\"", "\">= \"\"ordinary\"\"\"");
    files
}

async fn borrower(lender: &Lender, record: &str) -> (CustomerId, BankAccountId) {
    let id = lender.customer("程一诺").await;
    let mut work = by(lender, "boss").await;
    let on = work.business_date;
    let from = |route| Provenance {
        effective_on: on,
        route,
        source_note: "征信报告、代发清单".to_owned(),
        basis: Basis::Consent,
        consented_on: Some(on),
    };
    for (route, name, value) in
        [(Route::Bureau, "credit_record", record), (Route::Verification, "payroll_customer", "true")]
    {
        data::record(&mut work, id, &[(item::find(name).unwrap(), value.to_owned())], &from(route)).await.unwrap();
    }
    let new = NewBankAccount {
        holder: "程一诺".to_owned(),
        bank: "本行营业部".to_owned(),
        purpose: Purpose::Repay,
        number: "6222020200112230019".to_owned(),
    };
    let account = accounts::add(&mut work, id, &new).await.unwrap();
    work.commit().await.unwrap();
    (id, account)
}

// S5.8-17. Rules loan.quota, security.account-pledge
#[tokio::test]
async fn a_fourth_class_pledges_the_salary_account_before_anything_is_paid_out() {
    for lender in lenders_under("consumer-finance", &by_record()).await {
        let wish = || {
            let mut wish = wish("quota_consumption", of(5_000_000));
            wish.terms.method = finance::Method::InterestOnly;
            wish.purpose = "装修".to_owned();
            wish
        };
        let (fifth, _) = borrower(&lender, "poor").await;
        assert_eq!(code(open(&lender, fifth, &wish()).await), "quota-refused");
        let (fourth, account) = borrower(&lender, "fairly_good").await;
        let key = open(&lender, fourth, &wish()).await.unwrap().file.loan.key;
        let pay = |amount| {
            let lender = &lender;
            async move {
                let mut work = by(lender, "finance").await;
                opening::draw(&mut work, key, None, TODAY, amount).await?;
                work.commit().await?;
                Ok::<(), ActionError>(())
            }
        };
        assert_eq!(code(pay(Fen(5_000_000)).await), "pledge-missing");
        let new = NewPledge { account, contract: "ZY-2026-1".to_owned(), signed_on: TODAY };
        let mut work = by(&lender, "boss").await;
        let foreign = NewPledge { account: BankAccountId(account.0 + 1), ..new.clone() };
        assert!(account::add(&mut work, key, None, &foreign).await.is_err(), "an account of the file only");
        account::add(&mut work, key, None, &new).await.unwrap();
        work.commit().await.unwrap();
        pay(Fen(5_000_000)).await.unwrap();
        let mut browser = lender.house.user("boss").await;
        let page = browser.get(&format!("/loans/{}?tab=terms&lang=zh-CN", key.loan)).await;
        assert!(page.text.contains("本行营业部"), "{}", page.text);
        let form = browser.get(&format!("/loans/{}/account-pledges/new", key.loan)).await;
        assert_eq!((form.status, missing_in(&form.text)), (StatusCode::OK, Vec::new()));
        let (third, _) = borrower(&lender, "good").await;
        assert!(open(&lender, third, &wish()).await.is_ok(), "better classes pledge nothing");
    }
}
