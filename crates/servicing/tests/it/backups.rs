//! A lender's book backed up on one database and restored on the other: the same positions, totals and proofs.

use std::sync::Arc;

use customers::Customers;
use jiff::civil::date;
use platform::app::App;
use platform::backup::{self, BackupKey};
use platform::capability::Capability;
use platform::clock::Clock;
use platform::close::{self, Closed};
use platform::db::Migration;
use platform::{rebuild, testbed};
use servicing::Servicing;

use crate::house::Lender;
use crate::rebuilding::lived;

fn steps() -> Vec<(&'static str, &'static [Migration])> {
    let own = ("platform", platform::MIGRATIONS);
    vec![own, ("customers", Customers.migrations()), ("servicing", Servicing.migrations())]
}

#[tokio::test]
async fn a_restored_book_is_equal_to_its_facts_and_closes_on() {
    for lender in Lender::everywhere().await {
        let keys = lived(&lender).await;
        let sealed = BackupKey::create_file(&testbed::scratch("key")).unwrap();
        let file = testbed::scratch("backup");
        let now = lender.app().clock.now();
        let made = backup::make(&lender.app().db, now, &sealed, &file).await.unwrap();
        assert!(made.totals["loan_position"].rows >= keys.len() as u64);
        assert!(made.totals["loan_transaction"].fen.values().all(|sum| sum.parse::<i128>().is_ok()));
        for target in testbed::databases().await {
            let restored = backup::restore(&target, &steps(), &file, &sealed).await.unwrap();
            assert_eq!((&restored.totals, restored.audit.broken), (&made.totals, None));
            let capabilities: Vec<Arc<dyn Capability>> = vec![Arc::new(Customers), Arc::new(Servicing)];
            let mut settings = testbed::settings(&[]);
            settings.packs = Arc::new(platform::testbed::packs());
            let app = App::assemble_with(target, Clock::simulated(now), 1, capabilities, settings).await.unwrap();
            let found = rebuild::verify(&app, &mut |_| {}).await.unwrap();
            assert_eq!(found.differing, 0, "every cache is what the restored facts say");
            let closed = close::run(&app, date(2027, 1, 5), 0, &mut |_| {}).await.unwrap();
            assert!(matches!(closed, Closed::Through { .. }), "{closed:?}");
        }
    }
}
