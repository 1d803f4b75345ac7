//! Many files at once.

use customers::{find_by_identity, find_by_number, hide, open_many};

use crate::lender::{identity, lenders};

#[tokio::test]
async fn many_are_opened_in_order_and_known_ones_are_kept() {
    for lender in lenders().await {
        let known = lender.person("梁文博", Some(&identity(1)), Some("13900001234"), "lin").await;
        let mut work = lender.system().await;
        let first = open_many(&mut work, "import.run", std::slice::from_ref(&known)).await.unwrap();
        let mut news = Vec::new();
        for serial in 0..700 {
            let mut new = known.clone();
            new.name = format!("客户{serial}");
            new.number = (serial % 2 == 0).then(|| format!("OLD-{serial:04}"));
            // Number 1 has a file; number 699 comes twice; every tenth has none.
            let number = if serial == 1 { Some(1) } else { (serial % 10 != 0).then_some(1000 + serial.min(698)) };
            new.identity = number.map(known_number);
            news.push(new);
        }
        let opened = open_many(&mut work, "import.run", &news).await.unwrap();
        assert_eq!(opened.len(), 700);
        assert_eq!((opened[1].id, opened[1].existed), (first[0].id, true));
        assert_eq!((opened[699].id, opened[699].existed), (opened[698].id, true));
        assert_eq!(opened.iter().filter(|one| one.existed).count(), 2);
        let found = find_by_number(&mut work.tx, "OLD-0002").await.unwrap().unwrap();
        assert_eq!((found.id, found.name.as_str()), (opened[2].id, "客户2"));
        let by_identity = find_by_identity(&mut work, &known_number(1003)).await.unwrap();
        assert_eq!(by_identity, Some(opened[3].id));
        work.commit().await.unwrap();
        let entries = "select count(*) as n from audit_entry where action = 'customer.open_many' and customer_id = 0";
        assert_eq!(lender.count(entries).await, 2, "one entry a batch");
        let kept = "select count(*) as n from contact_point where source_route = 'import' and consented = 0";
        assert_eq!(lender.count(kept).await, 699);
    }
}

fn known_number(serial: u32) -> customers::identity::IdentityNo {
    customers::identity::IdentityNo::parse(customers::identity::IdentityKind::ResidentId, &identity(serial)).unwrap()
}

#[tokio::test]
async fn a_batch_is_all_or_nothing_and_stays_in_scope() {
    //
    for lender in lenders().await {
        let near = lender.person("近", None, None, "lin").await;
        let far = lender.person("远", None, None, "far").await;
        let mut work = lender.work("head").await;
        assert!(open_many(&mut work, "import.run", &[near.clone(), far]).await.is_err(), "another branch");
        drop(work);
        let mut work = lender.work("head").await;
        let mut twice = vec![near.clone(), near];
        twice.iter_mut().for_each(|new| new.number = Some("K-1".to_owned()));
        let error = open_many(&mut work, "import.run", &twice).await.unwrap_err();
        assert_eq!(error.refusal().unwrap().code, "number-taken");
        drop(work);
        assert_eq!(lender.count("select count(*) as n from customer").await, 0);
    }
}

#[tokio::test]
async fn a_hidden_file_frees_its_numbers() {
    for lender in lenders().await {
        let mut new = lender.person("梁文博", Some(&identity(1)), None, "lin").await;
        new.number = Some("K-1".to_owned());
        let mut work = lender.system().await;
        let one = open_many(&mut work, "import.run", std::slice::from_ref(&new)).await.unwrap()[0];
        hide(&mut work, &[one.id], "导入撤销").await.unwrap();
        assert_eq!(find_by_number(&mut work.tx, "K-1").await.unwrap(), None);
        let again = open_many(&mut work, "import.run", &[new]).await.unwrap()[0];
        assert!(!again.existed && again.id != one.id);
    }
}
