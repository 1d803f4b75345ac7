//! Group exposure on every database: who stands together, circles of guarantees, what all of them owe, and only what
//! the reader may see.

use axum::http::StatusCode;
use customers::identity::{IdentityKind, IdentityNo};
use customers::relation::actions::add;
use customers::relation::model::{NewRelation, RelationKind};
use customers::{NewCustomer, OpenedFile};
use finance::Fen;
use jiff::civil::date;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::house::{Lender, TODAY, person, plain};

/// A valid resident number of an impossible division, by its serial.
fn identity(serial: u32) -> IdentityNo {
    let base = format!("99000119900307{serial:03}");
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = base.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap();
    IdentityNo::parse(IdentityKind::ResidentId, &format!("{base}{check}")).unwrap()
}

async fn file(lender: &Lender, name: &str, serial: u32, manager: &str) -> CustomerId {
    let manager = lender.house.user_id(manager).await;
    let mut work = lender.work().await;
    let new = NewCustomer { identity: Some(identity(serial)), ..person(name, manager) };
    let OpenedFile { id, .. } = customers::open(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    id
}

async fn names(lender: &Lender, of: CustomerId, name: &str, serial: u32, kind: RelationKind) {
    let mut work = lender.work().await;
    let new = NewRelation {
        kind,
        name: name.to_owned(),
        identity: Some(identity(serial)),
        share_ppm: None,
        since: TODAY,
        consented_on: None,
        note: None,
    };
    add(&mut work, of, &new).await.unwrap();
    work.commit().await.unwrap();
}

// S3-15. Rules group.reach, group.circle, group.chain.
#[tokio::test]
async fn a_group_is_followed_over_files_with_its_circle_and_adds_up_to_the_fen() {
    for lender in Lender::everywhere().await {
        let liang = file(&lender, "梁甲", 1, "boss").await;
        let he = file(&lender, "何乙", 2, "boss").await;
        let song = file(&lender, "宋丙", 3, "own").await;
        names(&lender, liang, "何乙", 2, RelationKind::Guarantor).await;
        names(&lender, he, "梁甲", 1, RelationKind::Guarantor).await;
        names(&lender, he, "宋丙", 3, RelationKind::Shareholder).await;
        names(&lender, song, "外人", 9, RelationKind::ListedContact).await;
        let mut owed = Fen::ZERO;
        for customer in [liang, he] {
            let terms = plain(date(2026, 11, 1));
            let applied = lender.loan(customer, terms).await;
            owed = owed.checked_add(lender.kept(applied.file.loan.key).await.principal).unwrap();
        }
        let mut boss = lender.house.user("boss").await;
        for lang in ["en", "zh-CN"] {
            boss.get(&format!("/me?lang={lang}")).await;
            let shown = boss.get(&format!("/customers/{liang}/group")).await;
            assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang}");
            for words in ["梁甲", "何乙", "宋丙", &platform::locale::money(owed)] {
                assert!(shown.text.contains(words), "{words}: {}", shown.text);
            }
            assert!(!shown.text.contains("外人"), "a listed contact is no member");
        }
        let page = boss.get(&format!("/customers/{song}/group")).await.text;
        assert!(page.contains("梁甲 ⇄ 何乙") || page.contains("何乙 ⇄ 梁甲"), "{page}");
        let alone = file(&lender, "独户", 7, "boss").await;
        let shown = boss.get(&format!("/customers/{alone}/group")).await.text;
        assert!(shown.contains("没有登记关联方"), "{shown}");
        let mut prepare = lender.house.user("prepare").await;
        assert_eq!(prepare.get(&format!("/customers/{liang}/group")).await.status, StatusCode::NOT_FOUND);
    }
}

// Rule group.reach: files outside the reader's scope are counted, not named.
#[tokio::test]
async fn who_may_not_see_a_file_is_told_only_that_there_is_one() {
    for lender in Lender::everywhere().await {
        let own = file(&lender, "梁甲", 1, "prepare").await;
        let foreign = file(&lender, "何乙", 2, "boss").await;
        // The relation stands in the foreign file: nothing in the own one names it.
        names(&lender, foreign, "梁甲", 1, RelationKind::Guarantor).await;
        lender.loan(foreign, plain(date(2026, 11, 1))).await;
        let mut prepare = lender.house.user("prepare").await;
        prepare.get("/me?lang=zh-CN").await;
        let shown = prepare.get(&format!("/customers/{own}/group")).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert!(!shown.text.contains("何乙") && shown.text.contains("另有 1 户不在您的数据权限内"), "{}", shown.text);
    }
}
