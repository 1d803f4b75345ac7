//! Bundles for court: one PDF as of a day, whole, sealed, listed, and every look at it in the trail.

use std::process::{Command, Stdio};

use axum::http::StatusCode;
use collections::agreement::model::{Every, Parts, Plan, Split, Way, Wish};
use collections::bundle::model::{Bundle, Order, Purpose};
use collections::bundle::{actions as bundles, store};
use collections::case::model::CaseId;
use collections::cause::actions as causes;
use collections::cause::model::{NewDiagnosis, Talk};
use collections::dossier::actions as dossiers;
use collections::dossier::model::{Block, NewEntry};
use collections::letter::actions::{Order as LetterOrder, issue};
use collections::letter::model::LetterKind;
use finance::Fen;
use jiff::civil::{Date, date};
use platform::attachment::{self, NewAttachment};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::institution::{self, Institution};
use servicing::loan::model::LoanKey;

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// 31 days overdue: the first instalment fell due on 2026-11-20.
pub const TODAY: Date = date(2026, 12, 21);
/// Two grey points.
const PNG: [u8; 68] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0, 209, 73, 32,
    86, 0, 0, 0, 11, 73, 68, 65, 84, 120, 156, 99, 48, 184, 0, 0, 1, 51, 1, 1, 240, 107, 55, 51, 0, 0, 0, 0, 73, 69,
    78, 68, 174, 66, 96, 130,
];

/// A case with a cause, a letter, an agreement that is proposed, and three files of which one is damaged.
pub async fn pursued(lender: &Lender) -> (CustomerId, CaseId, LoanKey) {
    let customer = lender.customer("程一诺").await;
    let loan = lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key;
    lender.close_until(TODAY).await;
    let mut work = lender.at("clerk").await;
    let (known, version) = institution::load(&mut work.tx).await.unwrap();
    let reached = Institution { contact: "衡川市东湖路 1 号".to_owned(), ..known };
    institution::change(&mut work, version, &reached).await.unwrap();
    let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap().key.case;
    let found = NewDiagnosis { causes: vec!["c3".to_owned()], evidence: "门店流水".to_owned(), talk: Talk::Held };
    causes::diagnose(&mut work, case, &found).await.unwrap();
    issue(&mut work, loan, LetterOrder::to_debtor(LetterKind::Reminder)).await.unwrap();
    let plan = Plan::Instalments(Parts::Equal(Split {
        total: Fen(1_000_000),
        count: 2,
        first_on: date(2026, 12, 28),
        every: Every::Week,
    }));
    let wish =
        Wish {
            loan, also: Vec::new(), plan, way: Way::Transfer, signer: None, reason: "货款分两次到账".to_owned()
        };
    collections::agreement::actions::propose(&mut work, case, &wish).await.unwrap();
    let subject = format!("customer:{customer}");
    for (name, bytes) in
        [("回执.png", &PNG[..]), ("坏件.pdf", b"%PDF-1.4 nothing follows"), ("说明.txt", "情况说明".as_bytes())]
    {
        let new = NewAttachment { customer, subject: &subject, name, bytes, replaces: None };
        attachment::keep(&mut work, &new).await.unwrap();
    }
    work.commit().await.unwrap();
    (customer, case, loan)
}

pub fn order(as_of: Date) -> Order {
    Order { purpose: Purpose::Suit, as_of, enclose: true }
}

pub async fn made(lender: &Lender, case: CaseId, order: Order) -> Result<Bundle, ActionError> {
    let ready = bundles::prepare(lender.at("clerk").await, case, order).await?;
    let mut work = lender.at("clerk").await;
    let id = bundles::keep(&mut work, &ready).await?;
    let (_, bundle) = bundles::load(&mut work, case, &id.to_string(), collections::bundle::BUNDLE_MAKE).await?;
    work.commit().await?;
    Ok(bundle)
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

/// The text of a PDF, page by page.
fn pages(pdf: &[u8]) -> Vec<String> {
    let path = platform::testbed::scratch("pdf");
    std::fs::write(&path, pdf).unwrap();
    if let Some(kept) = std::env::var_os("BUNDLE_SAMPLE") {
        std::fs::write(kept, pdf).unwrap();
    }
    let out = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").stdout(Stdio::piped()).output().unwrap();
    String::from_utf8(out.stdout).unwrap().split('\u{c}').map(str::to_owned).collect()
}

// S4-24, S2.3-15. Rules `bundle.contents`, `bundle.enclosed`, `bundle.kept`, `bundle.trail`, `bundle.paper`
#[tokio::test]
async fn a_bundle_holds_the_whole_case_and_is_kept_sealed() {
    for lender in Lender::everywhere().await {
        let (customer, case, _) = pursued(&lender).await;
        let bundle = made(&lender, case, order(TODAY)).await.unwrap();
        assert_eq!((bundle.enclosed, bundle.listed), (1, 3), "a damaged file and a text are listed only");
        assert!(bundle.number.ends_with("-J01"), "{}", bundle.number);
        let mut work = lender.at("clerk").await;
        let opened = bundles::open(&mut work, case, &bundle.id.to_string()).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(opened.attachment.digest, bundle.digest);
        let pages = pages(&opened.bytes);
        assert_eq!(i64::try_from(pages.len() - 1).unwrap(), bundle.pages);
        let all = pages.join("\n");
        let chapters = [
            "一、",
            "当事人与债务关系人",
            "合同与借款条件",
            "借据流水",
            "债权金额与计算依据",
            "拖欠原因与还款能力",
            "催收联系与拦截记录",
            "函件、消息与送达证明",
            "还款承诺与还款协议",
            "诉讼时效与保证期间",
            "法律手段与证据",
            "附件清单",
            "记录完整性证明",
            "程一诺",
            "门店流水",
            "逾期催收通知书",
            "坏件.pdf",
            "完整，无断链",
        ];
        for chapter in &chapters[1..] {
            assert!(all.replace('\u{200b}', "").contains(chapter), "{chapter}: {all}");
        }
        assert!(all.contains(&bundle.trail_hash[..20]) || all.replace(['\n', ' '], "").contains(&bundle.trail_hash));
        assert!(pages[usize::try_from(bundle.pages).unwrap() - 1].contains("附件 1"), "the picture is the last page");
        let looks =
            lender.count("select count(*) as n from audit_entry where action in ('bundle.make', 'attachment.open')");
        assert_eq!(looks.await, 4, "made; the picture and the damaged file looked into; the bundle opened");
        let sealed = lender.count("select count(*) as n from attachment where subject like 'bundle:%'").await;
        assert_eq!((sealed, bundle.case.customer), (1, customer));
        assert_eq!(platform::audit::verify(&lender.app().db).await.unwrap().broken, None);
        let second = made(&lender, case, Order { enclose: false, ..order(date(2026, 12, 1)) }).await.unwrap();
        assert_eq!((second.enclosed, second.listed), (0, 0), "as of a day on which no file was there");
        assert_eq!((second.volume, second.volumes, second.files), (1, 1, 1));
        assert!(second.number.ends_with("-J02"));
    }
}

// Rule `bundle.as-of`
#[tokio::test]
async fn what_came_later_is_not_in_it_and_impossible_days_are_refused() {
    let lender = Lender::everywhere().await.remove(0);
    let (_, case, _) = pursued(&lender).await;
    let early = made(&lender, case, order(date(2026, 12, 1))).await.unwrap();
    let mut work = lender.at("clerk").await;
    let opened = bundles::open(&mut work, case, &early.id.to_string()).await.unwrap();
    drop(work);
    let all = pages(&opened.bytes).join("\n");
    assert!(!all.contains("门店流水") && !all.contains("逾期催收通知书"), "{all}");
    for (on, expected) in [(date(2026, 12, 22), "bundle-future"), (date(2026, 11, 1), "bundle-before-case")] {
        assert_eq!(code(made(&lender, case, order(on)).await), expected);
    }
    let twice = bundles::prepare(lender.at("clerk").await, case, order(TODAY)).await.unwrap();
    made(&lender, case, order(TODAY)).await.unwrap();
    let mut work = lender.at("clerk").await;
    assert_eq!(code(bundles::keep(&mut work, &twice).await), "bundle-meanwhile");
}

// Rule `bundle.trail`: on a trail that does not hold nothing is proved.
#[tokio::test]
async fn a_broken_trail_makes_no_bundle() {
    let lender = Lender::everywhere().await.remove(0);
    let (customer, case, _) = pursued(&lender).await;
    let mut work = lender.work().await;
    let sql = "update audit_entry set reason = 'x' where customer_id = $1 and seq = 2";
    work.tx.execute(sql, platform::args![customer]).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(code(made(&lender, case, order(TODAY)).await), "bundle-trail-broken");
}

pub async fn text_of(lender: &Lender, case: CaseId, bundle: &Bundle) -> String {
    let mut work = lender.at("clerk").await;
    let opened = bundles::open(&mut work, case, &bundle.id.to_string()).await.unwrap();
    work.commit().await.unwrap();
    pages(&opened.bytes).join("\n").replace(['\u{200b}', ' ', '\n'], "")
}

// S4-24, S4-25. Rules `bundle.private`, `dossier.read`
#[tokio::test]
async fn a_bundle_encloses_what_its_maker_may_open_and_a_complaint_tells_of_no_referral() {
    for lender in Lender::everywhere().await {
        let (_, case, _) = pursued(&lender).await;
        let mut work = lender.at("clerk").await;
        let fraud =
            NewDiagnosis { causes: vec!["c8".to_owned()], evidence: "转移设备".to_owned(), talk: Talk::NotYet };
        causes::diagnose(&mut work, case, &fraud).await.unwrap();
        let pairs = [
            ("signs", "assets_moved"),
            ("assets_checked", "yes"),
            ("route", "police"),
            ("referred_on", "2026-12-21"),
            ("receipt", "衡公受案"),
        ];
        let typed = pairs.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        let referral = NewEntry { typed, ..NewEntry::default() };
        dossiers::record(&mut work, case, Block::Fraud, &referral, None).await.unwrap();
        work.commit().await.unwrap();
        let suit = made(&lender, case, order(TODAY)).await.unwrap();
        assert!(text_of(&lender, case, &suit).await.contains("衡公受案"));
        let complaint = made(&lender, case, Order { purpose: Purpose::Complaint, ..order(TODAY) }).await.unwrap();
        let answer = text_of(&lender, case, &complaint).await;
        assert!(!answer.contains("衡公受案") && !answer.contains("转移设备") && !answer.contains("拖欠原因与还款能力"));
        let reads = "select count(*) as n from audit_entry where action = 'dossier.bundle'";
        assert_eq!(lender.count(reads).await, 2, "who makes a bundle reads the dossier");
        let mut work = lender.at("clerk").await;
        work.actor.grants.remove(customers::DOCUMENT_VIEW);
        let ready = bundles::prepare(work, case, order(TODAY)).await.unwrap();
        let mut work = lender.at("clerk").await;
        let id = bundles::keep(&mut work, &ready).await.unwrap();
        let all = store::find(&mut work.tx, suit.case, id).await.unwrap().unwrap();
        assert_eq!((all.enclosed, all.listed), (0, suit.listed), "documents are listed only");
        assert_eq!((suit.documents, all.documents), (true, false));
        work.commit().await.unwrap();
        for (lacks, bundle, opens) in [
            (customers::DOCUMENT_VIEW, &suit, false),
            (customers::DOCUMENT_VIEW, &all, true),
            (collections::dossier::DOSSIER_VIEW, &all, false),
        ] {
            let mut work = lender.at("clerk").await;
            work.actor.grants.remove(lacks);
            let opened = bundles::open(&mut work, case, &bundle.id.to_string()).await;
            assert_eq!(opened.is_ok(), opens, "{lacks}");
        }
        let mut work = lender.at("clerk").await;
        work.actor.grants.remove(collections::dossier::DOSSIER_VIEW);
        assert!(bundles::prepare(work, case, order(TODAY)).await.is_err());
    }
}

#[tokio::test]
async fn the_pages_make_list_and_give_a_bundle_to_those_who_may() {
    for lender in Lender::everywhere().await {
        let (_, case, _) = pursued(&lender).await;
        let mut browser = lender.house.user("clerk").await;
        let path = format!("/collections/cases/{case}/bundles");
        in_both_languages(&mut browser, &path).await;
        let wrong = [("purpose", "war"), ("as_of", "yesterday"), ("enclose", "<b>")];
        let refused = browser.post_from(&path, &path, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!refused.text.contains("<b>\""), "{}", refused.text);
        let fields = [("purpose", "complaint"), ("as_of", "2026-12-21"), ("enclose", "files")];
        let done = browser.post_from(&path, &path, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let shown = in_both_languages(&mut browser, &path).await;
        in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
        let file = crate::guard_pages::address(&shown, &format!("{path}/"));
        let (status, bytes) = browser.file(&file).await;
        assert!(status == StatusCode::OK && bytes.starts_with(b"%PDF-"));
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.get(&path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(viewer.get(&file).await.status, StatusCode::FORBIDDEN);
        let mut work = lender.at("viewer").await;
        let key = collections::case::store::find(&mut work.tx, case).await.unwrap().unwrap().key;
        assert_eq!(store::of_case(&mut work.tx, key).await.unwrap().len(), 1);
    }
}
