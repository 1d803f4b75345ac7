//! Merges: asked for, agreed to, read as one, undone; what forbids them; on every database.

use axum::http::StatusCode;
use customers::contact_point::actions as contacts;
use customers::contact_point::model::{ContactKind, NewContactPoint, SourceRoute};
use customers::customer::search::find_customers;
use customers::datum::model::{Basis, Route};
use customers::datum::rules::Provenance;
use customers::datum::{actions as data, facts, item};
use customers::duplicate::actions as duplicates;
use customers::merge::actions::{self, Wish};
use customers::merge::model::{Merge, MergeState};
use customers::merge::{self, store};
use customers::relation::actions as relations;
use customers::relation::model::{NewRelation, RelationKind};
use customers::standing;
use customers::{CustomerKind, NewCustomer};
use platform::approval::{self, ApprovalId, Verdict};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::policies;

use crate::duplicates::{PHONE, code, opened, person};
use crate::lender::{Lender, identity, lenders};

/// Two files of one person: the older one without number, and one with.
pub async fn two(lender: &Lender) -> ((CustomerId, String), (CustomerId, String)) {
    let old = person(lender, "梁文", Some(PHONE)).await;
    let new = lender.person("梁雯", Some(&identity(1)), Some("13900005678"), "lin").await;
    (old, opened(lender, "lin", &new).await)
}

fn wish(gone: CustomerId, into: CustomerId) -> Wish {
    Wish { gone, into, reason: "面谈核实为同一人".to_owned() }
}

pub async fn asked(lender: &Lender, login: &str, gone: CustomerId, into: CustomerId) -> Result<Merge, String> {
    let mut work = lender.work(login).await;
    let one = actions::request(&mut work, &wish(gone, into)).await.map_err(code)?;
    work.commit().await.unwrap();
    Ok(one)
}

async fn decide(
    lender: &Lender,
    login: &str,
    whose: CustomerId,
    id: ApprovalId,
    agrees: bool,
) -> Result<(), ActionError> {
    let mut work = lender.work(login).await;
    let waiting = approval::store::load(&mut work.tx, whose, id).await?.unwrap();
    let verdict = Verdict { seen: waiting.version, opinion: "已核".to_owned(), missing: Vec::new() };
    if agrees {
        approval::approve(&mut work, whose, id, &verdict).await?;
    } else {
        approval::reject(&mut work, whose, id, &verdict).await?;
    }
    Ok(work.commit().await?)
}

/// Merged, agreed to by the risk department.
pub async fn merged(lender: &Lender, gone: CustomerId, into: CustomerId) -> Merge {
    let one = asked(lender, "lin", gone, into).await.unwrap();
    decide(lender, "feng", gone, one.approval.unwrap(), true).await.unwrap();
    one
}

async fn undone(lender: &Lender, gone: CustomerId) {
    let mut work = lender.work("lin").await;
    let one = actions::request_undo(&mut work, gone, "经查为两人").await.unwrap();
    work.commit().await.unwrap();
    decide(lender, "feng", gone, one.undo_approval.unwrap(), true).await.unwrap();
}

async fn record(lender: &Lender, id: CustomerId, name: &'static str, value: &str) -> Result<(), String> {
    let mut work = lender.work("lin").await;
    let on = work.business_date;
    let from = Provenance {
        effective_on: on,
        route: Route::Customer,
        source_note: "申请表".to_owned(),
        basis: Basis::Consent,
        consented_on: Some(on),
    };
    let given = [(item::find(name).unwrap(), value.to_owned())];
    data::record(&mut work, id, &given, &from).await.map_err(code)?;
    work.commit().await.unwrap();
    Ok(())
}

/// What policies know of a fact of a customer.
async fn known(lender: &Lender, id: CustomerId, name: &str) -> Option<String> {
    let mut work = lender.work("lin").await;
    let file = customers::load(&mut work.tx, id).await.unwrap().unwrap();
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await.unwrap();
    let known = facts::known(&mut work, &file, &rules, on).await.unwrap();
    known.facts.get(name).map(policy::Value::to_text)
}

async fn found(lender: &Lender, text: &str) -> Vec<CustomerId> {
    let mut work = lender.work("lin").await;
    find_customers(&mut work, text, 10).await.unwrap().into_iter().map(|file| file.id).collect()
}

fn phone(value: &str) -> NewContactPoint {
    NewContactPoint {
        relation: None,
        kind: ContactKind::Phone,
        value: value.to_owned(),
        route: SourceRoute::Customer,
        consented: true,
        main: false,
    }
}

// Rules customer.merge.gone, customer.merge.known, customer.merge.undo, approval.customer_merge
#[tokio::test]
async fn two_files_become_one_by_another_persons_word_and_two_again_as_they_were() {
    for lender in lenders().await {
        let (old, new) = two(&lender).await;
        record(&lender, old.0, "marital_status", "married").await.unwrap();
        record(&lender, old.0, "income_stable", "false").await.unwrap();
        record(&lender, old.0, "portrait_consent", "true").await.unwrap();
        record(&lender, new.0, "income_stable", "true").await.unwrap();
        let before = lender.count("select count(*) as n from customer_standing").await;
        let one = asked(&lender, "lin", old.0, new.0).await.unwrap();
        let key = one.approval.unwrap();
        assert!(decide(&lender, "lin", old.0, key, true).await.is_err(), "the maker never approves");
        assert_eq!(known(&lender, new.0, "marital_status").await, None, "what nobody agreed to unites nothing");
        decide(&lender, "feng", old.0, key, true).await.unwrap();
        assert_eq!(known(&lender, new.0, "marital_status").await.as_deref(), Some("married"), "lacking: the other's");
        assert_eq!(known(&lender, new.0, "income_stable").await.as_deref(), Some("true"), "the surviving file's first");
        for text in ["梁文", "梁雯", old.1.as_str(), PHONE, "13900005678", "lw"] {
            assert_eq!(found(&lender, text).await, [new.0], "{text}");
        }
        assert_eq!(record(&lender, old.0, "income_stable", "true").await, Err("merge-gone".to_owned()));
        let mut work = lender.work("lin").await;
        let refused = contacts::add(&mut work, old.0, &phone("13900007777")).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!(
            (refused.details[0].1.as_str(), refused.rule.as_deref()),
            (new.1.as_str(), Some("customer.merge.gone"))
        );
        let own = contacts::list(&mut work, old.0).await.unwrap()[0].id;
        contacts::end(&mut work, old.0, own, "空号").await.unwrap();
        drop(work);
        assert_eq!(lender.count("select count(*) as n from customer_standing").await, before, "no row moved or went");
        // Rule portrait.consent
        assert_eq!(known(&lender, new.0, "portrait_consent").await, None, "consent is not lent");
        record(&lender, new.0, "portrait_consent", "true").await.unwrap();
        assert_eq!(known(&lender, new.0, "portrait_consent").await.as_deref(), Some("true"));
        let mut work = lender.work("lin").await;
        data::withdraw(&mut work, old.0, item::find("portrait_consent").unwrap(), "客户撤回同意").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(known(&lender, new.0, "portrait_consent").await, None, "taken back in one, taken back");
        record(&lender, new.0, "education", "bachelor").await.ok();
        undone(&lender, old.0).await;
        assert_eq!(known(&lender, new.0, "marital_status").await, None);
        assert_eq!(found(&lender, PHONE).await, [old.0]);
        record(&lender, old.0, "income_stable", "true").await.unwrap();
        let resting = "select count(*) as n from customer_standing where review_on > '9000-01-01'";
        assert_eq!(lender.count(resting).await, 0, "both are looked at again");
        let told = "select count(*) as n from event where kind in ('customer_merged', 'customer_merge_ended')";
        assert_eq!(lender.count(told).await, 4, "both files tell both");
    }
}

// Rules customer.merge.kinds, customer.merge.chain, customer.merge.one, customer.merge.related
#[tokio::test]
async fn what_must_not_be_one_is_refused_with_its_rule() {
    for lender in lenders().await {
        let (old, new) = two(&lender).await;
        let third = person(&lender, "梁闻", None).await;
        let firm =
            NewCustomer { kind: CustomerKind::Company, ..lender.person("梁文商行", None, None, "lin").await };
        let firm = opened(&lender, "lin", &firm).await;
        assert_eq!(asked(&lender, "lin", old.0, old.0).await, Err("merge-itself".to_owned()));
        assert_eq!(asked(&lender, "lin", old.0, firm.0).await, Err("merge-kinds".to_owned()));
        assert_eq!(asked(&lender, "qian", old.0, new.0).await, Err("customer-not-found".to_owned()), "not his files");
        let far = lender.person("梁文", None, None, "far").await;
        let far = opened(&lender, "far", &far).await;
        assert_eq!(asked(&lender, "lin", far.0, new.0).await, Err("merge-no-such-other".to_owned()), "another branch");
        assert_eq!(asked(&lender, "lin", new.0, far.0).await, Err("customer-not-found".to_owned()), "another branch");
        let mut work = lender.work("lin").await;
        let empty = Wish { reason: "  ".to_owned(), ..wish(old.0, new.0) };
        assert_eq!(code(actions::request(&mut work, &empty).await.unwrap_err()), "reason-empty");
        duplicates::judge(&mut work, old.0, new.0, "面谈核实为两人").await.unwrap();
        let apart = actions::request(&mut work, &wish(old.0, new.0)).await.unwrap_err();
        assert_eq!(code(apart), "merge-judged-apart");
        drop(work);
        // The guarantor is the customer himself, under his other file.
        let mut work = lender.work("lin").await;
        let on = work.business_date;
        let guarantor = NewRelation {
            kind: RelationKind::Guarantor,
            name: "梁雯".to_owned(),
            identity: lender.person("", Some(&identity(1)), None, "lin").await.identity,
            share_ppm: None,
            since: on,
            consented_on: None,
            note: None,
        };
        let tie = relations::add(&mut work, old.0, &guarantor).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.work("lin").await;
        let related = actions::request(&mut work, &wish(old.0, new.0)).await.unwrap_err();
        let related = related.refusal().unwrap();
        assert_eq!((related.code, related.details[0].1.as_str()), ("merge-related", old.1.as_str()));
        assert!(related.article.as_deref().is_some_and(|article| article.contains("第六百八十一条")), "{related:?}");
        relations::end(&mut work, old.0, tie, "误登").await.unwrap();
        work.commit().await.unwrap();
        let waiting = asked(&lender, "lin", old.0, new.0).await.unwrap();
        assert_eq!(asked(&lender, "lin", new.0, old.0).await, Err("merge-waits".to_owned()), "the other way round");
        assert_eq!(asked(&lender, "lin", old.0, third.0).await, Err("merge-waits".to_owned()));
        assert_eq!(asked(&lender, "lin", new.0, third.0).await, Err("merge-waits".to_owned()));
        decide(&lender, "feng", old.0, waiting.approval.unwrap(), true).await.unwrap();
        assert_eq!(asked(&lender, "lin", old.0, third.0).await, Err("merge-gone".to_owned()));
        assert_eq!(asked(&lender, "lin", third.0, old.0).await, Err("merge-gone".to_owned()), "into one that went");
        assert_eq!(asked(&lender, "lin", new.0, third.0).await, Err("merge-holds-others".to_owned()));
        merged(&lender, third.0, new.0).await;
        let mut work = lender.work("lin").await;
        assert_eq!(merge::united(&mut work.tx, new.0).await.unwrap(), [new.0, old.0, third.0]);
        assert_eq!(merge::same(&mut work.tx, third.0).await.unwrap(), [new.0, old.0, third.0]);
        assert_eq!(merge::united(&mut work.tx, old.0).await.unwrap(), [old.0]);
        let people = merge::persons(&mut work.tx, platform::contact_gate::PersonId(old.0.0)).await.unwrap();
        assert_eq!(people.len(), 3, "three files, one human being");
    }
}

// Rule customer.merge.identity
#[tokio::test]
async fn two_proven_identity_numbers_are_two_people_and_the_proven_one_is_proposed_to_stay() {
    for lender in lenders().await {
        let old = lender.person("梁文", Some(&identity(1)), None, "lin").await;
        let old = opened(&lender, "lin", &old).await;
        let new = lender.person("梁文", Some(&identity(2)), None, "lin").await;
        let new = opened(&lender, "lin", &new).await;
        let mut browser = lender.browser("lin").await;
        let page = browser.get(&format!("/customers/{}/merge?with={}", old.0, new.1)).await;
        assert!(page.text.contains("两份档案的证件号码不同"), "{}", page.text);
        let paper = ("file", "身份证.pdf", &b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n"[..]);
        let fields = [("kind", "identity"), ("number", ""), ("expires_on", "2036-12-10")];
        let hand_in = |id: CustomerId| format!("/customers/{id}/documents/new");
        let done = browser.upload_from(&hand_in(new.0), &hand_in(new.0), &fields, paper).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let mut work = lender.work("lin").await;
        let files = [
            customers::load(&mut work.tx, old.0).await.unwrap().unwrap(),
            customers::load(&mut work.tx, new.0).await.unwrap().unwrap(),
        ];
        assert!(!actions::keeps_first(&mut work, &files[0], &files[1]).await.unwrap(), "the paper goes before the age");
        actions::request(&mut work, &wish(old.0, new.0)).await.unwrap();
        drop(work);
        let done = browser.upload_from(&hand_in(old.0), &hand_in(old.0), &fields, paper).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(asked(&lender, "lin", old.0, new.0).await, Err("merge-two-identities".to_owned()));
        let mut work = lender.work("lin").await;
        assert!(actions::keeps_first(&mut work, &files[0], &files[1]).await.unwrap(), "both proven: the older");
        drop(work);
        // Nor do they meet in a third file, and the one that went guarantees for the one it went into no more.
        let third = person(&lender, "梁文", None).await;
        merged(&lender, new.0, third.0).await;
        assert_eq!(asked(&lender, "lin", old.0, third.0).await, Err("merge-two-identities".to_owned()));
        let mut work = lender.work("lin").await;
        let himself = NewRelation {
            kind: RelationKind::Spouse,
            name: "梁文".to_owned(),
            identity: lender.person("", Some(&identity(2)), None, "lin").await.identity,
            share_ppm: None,
            since: work.business_date,
            consented_on: None,
            note: None,
        };
        let refused = relations::add(&mut work, third.0, &himself).await.unwrap_err();
        assert_eq!(code(refused), "relation-to-itself");
    }
}

//
#[tokio::test]
async fn of_two_who_merge_at_once_one_succeeds_and_a_merge_that_became_impossible_is_not_agreed_to() {
    for lender in lenders().await {
        let (old, new) = two(&lender).await;
        let third = person(&lender, "梁闻", None).await;
        let (one, other) = tokio::join!(asked(&lender, "lin", old.0, new.0), asked(&lender, "lin", new.0, third.0));
        let done = [one.is_ok(), other.is_ok()];
        assert!(done == [true, false] || done == [false, true], "{one:?} {other:?}");
        let (gone, waiting) = match (one, other) {
            (Ok(one), _) => (old.0, one),
            (_, Ok(other)) => (new.0, other),
            (Err(one), Err(other)) => panic!("{one} {other}"),
        };
        decide(&lender, "feng", gone, waiting.approval.unwrap(), false).await.unwrap();
        let mut work = lender.work("lin").await;
        let kept = store::find(&mut work.tx, gone, waiting.id).await.unwrap().unwrap();
        assert_eq!(kept.state, MergeState::Refused);
        drop(work);
        // While this one waits, a guarantee is registered that forbids it.
        let waiting = asked(&lender, "lin", old.0, new.0).await.unwrap();
        let mut work = lender.work("lin").await;
        let on = work.business_date;
        let spouse = NewRelation {
            kind: RelationKind::Spouse,
            name: "梁雯".to_owned(),
            identity: lender.person("", Some(&identity(1)), None, "lin").await.identity,
            share_ppm: None,
            since: on,
            consented_on: None,
            note: None,
        };
        relations::add(&mut work, old.0, &spouse).await.unwrap();
        work.commit().await.unwrap();
        let refused = decide(&lender, "feng", old.0, waiting.approval.unwrap(), true).await.unwrap_err();
        assert_eq!(code(refused), "merge-related");
        let mut work = lender.work("lin").await;
        assert_eq!(merge::root(&mut work.tx, old.0).await.unwrap(), old.0, "nothing was merged");
        actions::withdraw(&mut work, old.0).await.unwrap();
        work.commit().await.unwrap();
        let open = "select count(*) as n from customer_merge where state in ('requested', 'merged')";
        assert_eq!(lender.count(open).await, 0);
    }
}

// Rule customer.merge.undo
#[tokio::test]
async fn an_undo_waits_once_may_be_refused_and_leaves_what_came_meanwhile_where_it_is() {
    for lender in lenders().await {
        let (old, new) = two(&lender).await;
        let mut work = lender.work("lin").await;
        assert_eq!(code(actions::request_undo(&mut work, old.0, "x").await.unwrap_err()), "merge-not-merged");
        drop(work);
        merged(&lender, old.0, new.0).await;
        record(&lender, new.0, "income_stable", "true").await.unwrap();
        let mut work = lender.work("lin").await;
        assert_eq!(code(actions::request_undo(&mut work, old.0, " ").await.unwrap_err()), "reason-empty");
        let one = actions::request_undo(&mut work, old.0, "经查为两人").await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.work("lin").await;
        assert_eq!(code(actions::request_undo(&mut work, old.0, "又一次").await.unwrap_err()), "merge-undo-waits");
        drop(work);
        assert!(decide(&lender, "lin", old.0, one.undo_approval.unwrap(), true).await.is_err(), "not the own request");
        decide(&lender, "feng", old.0, one.undo_approval.unwrap(), false).await.unwrap();
        let mut work = lender.work("lin").await;
        assert_eq!(merge::root(&mut work.tx, old.0).await.unwrap(), new.0, "it stands");
        drop(work);
        undone(&lender, old.0).await;
        assert_eq!(
            known(&lender, new.0, "income_stable").await.as_deref(),
            Some("true"),
            "recorded there, stays there"
        );
        assert_eq!(known(&lender, old.0, "income_stable").await, None);
        let mut work = lender.work("lin").await;
        let file = customers::load(&mut work.tx, old.0).await.unwrap().unwrap();
        let today = work.business_date;
        standing::actions::assess(&mut work, &file, today).await.unwrap();
        drop(work);
        merged(&lender, old.0, new.0).await;
        assert_eq!(
            lender.count("select count(*) as n from customer_merge").await,
            2,
            "each merge is a fact of its own"
        );
    }
}

// Rule customer.merge.keep
#[tokio::test]
async fn the_pages_compare_ask_lead_on_and_undo_in_both_languages() {
    for lender in lenders().await {
        let (old, new) = two(&lender).await;
        let mut browser = lender.browser("lin").await;
        let compare = format!("/customers/{}/merge?with={}", old.0, new.1);
        for lang in ["zh-CN", "en"] {
            assert!(browser.get(&format!("/me?lang={lang}")).await.status.is_success());
            for path in [
                compare.clone(),
                format!("/customers/{}/merge", old.0),
                format!("/customers/{}/apart?with={}", old.0, new.1),
                format!("/customers/{}?tab=merged", old.0),
                "/customers/merges".to_owned(),
            ] {
                let page = browser.get(&path).await;
                assert_eq!((page.status, missing_in(&page.text)), (StatusCode::OK, Vec::new()), "{path}");
            }
        }
        assert!(browser.get("/me?lang=zh-CN").await.status.is_success());
        let page = browser.get(&compare).await;
        assert!(page.text.contains(&format!("建议保留 {}", new.1)), "{}", page.text);
        assert!(!page.text.contains(&identity(1)) && !page.text.contains(PHONE), "numbers stay masked");
        assert!(!page.text.contains("两份档案的证件号码不同"), "one file has no number yet");
        let action = format!("/customers/{}/merge", old.0);
        let (old_key, new_key) = (old.0.to_string(), new.0.to_string());
        for (with, keep, reason, complaint) in [
            ("C99999999", new_key.as_str(), "同一人", "没有这个客户号"),
            (old.1.as_str(), new_key.as_str(), "同一人", "这是同一份档案"),
            (new.1.as_str(), "7' or 1=1 --", "同一人", "keep"),
            (new.1.as_str(), new_key.as_str(), "", "原因"),
        ] {
            let back =
                browser.post_from(&compare, &action, &[("with", with), ("keep", keep), ("reason", reason)]).await;
            assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{with} {keep} {}", back.text);
            assert!(back.text.contains(complaint) || complaint == "原因", "{complaint}: {}", back.text);
        }
        let fields = [("with", new.1.as_str()), ("keep", new_key.as_str()), ("reason", "<script>alert(1)</script>")];
        let done = browser.post_from(&compare, &action, &fields).await;
        assert_eq!(
            (done.status, done.location()),
            (StatusCode::SEE_OTHER, format!("/customers/{new_key}?tab=merged").as_str()),
            "{}",
            done.text
        );
        let tab = browser.get(done.location()).await;
        assert!(
            tab.text.contains("待审批") && tab.text.contains("&lt;script&gt;") && !tab.text.contains("<script>alert")
        );
        let mut work = lender.work("lin").await;
        let one = store::of_file(&mut work.tx, old.0).await.unwrap().remove(0);
        drop(work);
        decide(&lender, "feng", old.0, one.approval.unwrap(), true).await.unwrap();
        let gone = browser.get(&format!("/customers/{old_key}")).await;
        assert!(gone.text.contains("并入") && gone.text.contains(&format!("/customers/{new_key}")), "{}", gone.text);
        let stays = browser.get(&format!("/customers/{new_key}")).await;
        assert!(stays.text.contains(&format!("并入的档案：{}", old.1)), "{}", stays.text);
        let list = browser.get("/customers").await;
        assert!(list.text.contains(&new.1) && !list.text.contains(&old.1), "the list holds surviving files");
        let by_old_phone = browser.get(&format!("/customers?q={PHONE}")).await;
        assert!(by_old_phone.text.contains(&new.1), "found by the phone of the file that went: {}", by_old_phone.text);
        let adding = browser.get(&format!("/customers/{old_key}/edit")).await;
        assert_eq!(adding.status, StatusCode::CONFLICT);
        assert!(adding.text.contains(&format!("已并入 {}", new.1)), "{}", adding.text);
        let form = format!("/customers/{old_key}/unmerge");
        let done = browser.post_from(&form, &form, &[("reason", "经查为两人")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let tab = browser.get(done.location()).await;
        assert!(tab.text.contains("撤销待审批"), "{}", tab.text);
        let back = format!("/customers/{old_key}/merge/withdraw");
        let done = browser.post_from(&format!("/customers/{new_key}?tab=merged"), &back, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let mut far = lender.browser("far").await;
        for path in [compare, form, format!("/customers/{old_key}/apart?with={}", new.1)] {
            assert_eq!(far.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
