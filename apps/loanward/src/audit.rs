//! `loanward audit` (审计链): verify it, print the roots to be kept outside.

use std::path::PathBuf;

use platform::audit::{self, Anchor, Broken};

use crate::command::Place;
use crate::failure::Failure;
use crate::{house, output};

/// Reads every chain and every root, and compares the roots kept outside; ends with 1 and the first link that does
/// not hold.
pub async fn verify(place: Place, anchor: Option<PathBuf>) -> Result<(), Failure> {
    let kept = match &anchor {
        None => Vec::new(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::Input(format!("the anchors {}: {error}", path.display())))?;
            Anchor::parse_all(&text)
                .map_err(|error| Failure::Input(format!("the anchors {}: {error}", path.display())))?
        }
    };
    let app = house::open_book(&place).await?;
    let found = audit::verify(&app.db).await?;
    let outside = audit::compare(&app.db, &kept).await?;
    app.db.close().await;
    println!("{} chains, {} entries, {} daily roots", found.chains, found.entries, found.roots);
    match found.broken.or(outside) {
        None => {
            println!("every link holds");
            if anchor.is_some() {
                println!("{} roots kept outside are the same", kept.len());
            }
            Ok(())
        }
        Some(broken) => Err(Failure::No(say(&broken))),
    }
}

/// Prints the roots of all sealed days, to be kept outside: on paper, in a letter, on another machine.
pub async fn anchor(place: Place) -> Result<(), Failure> {
    let app = house::open_book(&place).await?;
    let roots = audit::anchors(&app.db).await?;
    app.db.close().await;
    let lines: Vec<String> = roots.iter().map(ToString::to_string).collect();
    output::print(&lines.join("\n"))
}

/// A broken link in words.
pub fn say(broken: &Broken) -> String {
    let chain = |chain: &i64| {
        if *chain == 0 { "the institution's chain".to_owned() } else { format!("the chain of customer {chain}") }
    };
    match broken {
        Broken::Content { chain: of, seq } => {
            format!("broken: entry {seq} of {} was changed after it was written", chain(of))
        }
        Broken::Order { chain: of, seq } => {
            format!(
                "broken: entry {seq} of {} does not continue the one before: one is missing, added or moved",
                chain(of)
            )
        }
        Broken::Head { chain: of, seq } => format!("broken: the end of {} behind entry {seq} was cut off", chain(of)),
        Broken::Root { on } => format!("broken: the root of {on} is not that of its heads"),
        Broken::Anchor { on } => format!(
            "broken: the root of {on} is not the one kept outside, or is missing: what was recorded up to that day \
             was written anew"
        ),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::{Date, date};
    use platform::access::{Actor, Origin};
    use platform::args;
    use platform::audit::Entry;
    use platform::db::Db;
    use platform::testbed;

    use super::*;
    use crate::command::First;
    use crate::house::Build;
    use crate::serve;

    const DAYS: [Date; 2] = [date(2026, 11, 20), date(2026, 11, 21)];

    /// An act on each day, and its seal.
    async fn write(db: &Db, reason: &str) {
        let mut tx = db.write().await.unwrap();
        let at: Timestamp = "2026-11-20T08:30:00.125678Z".parse().unwrap();
        for day in DAYS {
            let entry = Entry::new(None, "test.write", "thing:0").reason(reason);
            audit::append(&mut tx, &Actor::system(Origin::Console), at, day, &entry).await.unwrap();
            audit::seal_day(&mut tx, day, at).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_trail_written_anew_from_its_beginning_is_named_by_any_root_kept_outside() {
        //
        let databases = [Some(None), testbed::postgres_url().await.map(Some)];
        for database_url in databases.into_iter().flatten() {
            let folder = tempfile::tempdir().unwrap();
            let place = || Place { data: folder.path().to_owned(), database_url: database_url.clone() };
            let opened = house::open(&place(), Build::plain()).await.unwrap();
            let institution = Some("示例小额贷款有限公司".to_owned());
            let first = First { institution, opens_on: Some(DAYS[0]), ..First::default() };
            serve::first_start(&opened, &first).await.unwrap();
            write(&opened.app.db, "as it was").await;
            let roots = audit::anchors(&opened.app.db).await.unwrap();
            opened.app.db.close().await;
            let kept: Vec<PathBuf> = roots.iter().map(|root| folder.path().join(format!("{}.txt", root.on))).collect();
            for (path, root) in kept.iter().zip(&roots) {
                std::fs::write(path, format!("# 外部保存\n{root}\n")).unwrap();
            }
            assert_eq!(kept.len(), 2);
            for anchor in [None, Some(kept[0].clone()), Some(kept[1].clone())] {
                verify(place(), anchor).await.unwrap();
            }

            // Whoever owns the database writes everything anew, every link and every root in order.
            let db = house::open_database(&place()).await.unwrap();
            let mut tx = db.write().await.unwrap();
            for table in ["delete from audit_root", "delete from audit_entry", "delete from audit_head"] {
                assert!(tx.execute(table, args![]).await.unwrap() > 0, "{table}");
            }
            tx.commit().await.unwrap();
            write(&db, "all is well").await;
            db.close().await;
            verify(place(), None).await.unwrap();
            for (path, root) in kept.iter().zip(&roots) {
                let found = verify(place(), Some(path.clone())).await.unwrap_err();
                let said = found.to_string();
                assert_eq!(found.code(), 1, "{said}");
                assert!(said.contains(&root.on.to_string()) && said.contains("kept outside"), "{said}");
            }

            let spoilt = folder.path().join("spoilt.txt");
            std::fs::write(&spoilt, "2026-11-20 abc\n").unwrap();
            let refused = verify(place(), Some(spoilt)).await.unwrap_err();
            assert!(refused.code() == 2 && refused.to_string().contains("line 1"), "{refused}");
        }
    }
}
