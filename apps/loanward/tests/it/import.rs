//! `loanward import` on a book of a lender, into a house that was set up a moment ago.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use platform::args;
use platform::db::{DatabaseUrl, Db};
use platform::testbed;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_loanward");

fn book(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/servicing/tests/books").join(name)
}

/// A house on its first day: the program is started once and ended when it listens.
fn house() -> TempDir {
    house_on(&[])
}

/// The same on a database of one's own.
fn house_on(place: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut serve = Command::new(PROGRAM)
        .args(["serve", "--port", "0", "--opens-on", "2026-11-20", "--data"])
        .arg(folder.path())
        .args(place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(serve.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("listening on")), "the program serves");
    serve.kill().unwrap();
    serve.wait().unwrap();
    folder
}

fn import(folder: &Path, file: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.arg("import").arg(file).args(["--user", "admin", "--data"]).arg(folder).args(more);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The count and the number already there of a noun.
fn total(output: &Output, noun: &str) -> (String, String) {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with(&format!("{noun}\t"))).expect("the noun has a line");
    let fields: Vec<&str> = line.split('\t').collect();
    (fields[1].to_owned(), fields[2].to_owned())
}

#[test]
fn a_book_is_tried_out_written_and_written_only_once() {
    // import.partial import.business-key
    let folder = house();
    let (data, file) = (folder.path(), book("ledger-by-year.xlsx"));
    let answers = data.join("answers.json");
    std::fs::write(&answers, r#"{"as_of": "2026-06-30", "product": "business_equal"}"#).unwrap();
    let checked = data.join("checked.xlsx");
    let given = ["--conventions", answers.to_str().unwrap()];
    let with = |more: &[&str]| import(data, &file, &[&given[..], more].concat());

    let tried = with(&["--dry-run", "--findings", checked.to_str().unwrap()]);
    assert_eq!(tried.status.code(), Some(1), "refused rows are an answer: {}", said(&tried));
    assert!(said(&tried).contains("--partial"), "{}", said(&tried));
    assert_eq!(total(&tried, "loans"), ("147".to_owned(), "0".to_owned()));
    assert!(std::fs::read(&checked).unwrap().starts_with(b"PK"), "the own file comes back");
    let again = with(&["--dry-run", "--findings", checked.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2), "no file is overwritten: {}", said(&again));

    assert_eq!(with(&[]).status.code(), Some(1), "refused rows block the whole file");
    let written = with(&["--partial"]);
    assert_eq!(written.status.code(), Some(0), "{}", said(&written));
    assert!(
        said(&written).contains("147 of       147 loans") || said(&written).contains("147 of 147 loans"),
        "{}",
        said(&written)
    );
    assert_eq!(total(&written, "loans"), ("147".to_owned(), "0".to_owned()), "nothing was written before");
    let twice = with(&["--partial"]);
    assert_eq!(twice.status.code(), Some(0), "{}", said(&twice));
    assert_eq!(total(&twice, "loans"), ("147".to_owned(), "147".to_owned()), "nothing comes twice");
}

#[test]
fn what_cannot_be_used_is_named_with_exit_code_2() {
    let folder = house();
    let data = folder.path();
    let none = import(data, &data.join("none.xlsx"), &[]);
    assert!(none.status.code() == Some(2) && said(&none).contains("none.xlsx"), "{}", said(&none));
    let photo = data.join("photo.xlsx");
    std::fs::write(&photo, b"\x89PNG\r\n\x1a\n").unwrap();
    let refused = import(data, &photo, &[]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("import-file"), "{}", said(&refused));
    let mut command = Command::new(PROGRAM);
    command.arg("import").arg(book("ledger-by-year.xlsx")).args(["--user", "nobody", "--data"]).arg(data);
    let nobody = command.output().unwrap();
    assert!(nobody.status.code() == Some(2) && said(&nobody).contains("--user"), "{}", said(&nobody));
    let answers = data.join("answers.json");
    std::fs::write(&answers, r#"{"produkt": "business_equal"}"#).unwrap();
    let unknown = import(data, &book("ledger-by-year.xlsx"), &["--conventions", answers.to_str().unwrap()]);
    assert!(unknown.status.code() == Some(2) && said(&unknown).contains("produkt"), "{}", said(&unknown));
}

#[tokio::test]
async fn of_two_processes_on_one_postgres_one_writes_and_the_other_says_who() {
    // import.one-writer
    let Some(url) = testbed::postgres_url().await else { return };
    let place = ["--database-url", url.as_str()];
    let folder = house_on(&place);
    let answers = folder.path().join("answers.json");
    std::fs::write(&answers, r#"{"as_of": "2026-06-30", "product": "business_equal"}"#).unwrap();
    let start = || {
        let mut command = Command::new(PROGRAM);
        command.arg("import").arg(book("ledger-by-year.xlsx")).args(["--user", "admin", "--partial", "--conventions"]);
        command.arg(&answers).arg("--data").arg(folder.path()).args(place);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    // Two processes of the operating system that know nothing of each other.
    let (one, two) = (start(), start());
    let ended = [one.wait_with_output().unwrap(), two.wait_with_output().unwrap()];
    let codes: Vec<Option<i32>> = ended.iter().map(|end| end.status.code()).collect();
    assert!(
        codes.contains(&Some(0)) && codes.contains(&Some(1)),
        "{codes:?}: {}\n{}",
        said(&ended[0]),
        said(&ended[1])
    );
    let loser = ended.iter().find(|end| end.status.code() == Some(1)).unwrap();
    assert!(said(loser).contains("import-busy") && said(loser).contains("ledger-by-year.xlsx"), "{}", said(loser));
    let db = Db::open(&DatabaseUrl::Postgres(url.clone())).await.unwrap();
    let mut tx = db.read().await.unwrap();
    for (sql, expected) in [
        ("select count(*) as n from loan", 147),
        ("select count(*) as n from (select number from loan group by number having count(*) > 1) t", 0),
        ("select count(*) as n from import_lease", 0),
    ] {
        assert_eq!(tx.fetch_one(sql, args![]).await.unwrap().get::<i64>("n").unwrap(), expected, "{sql}");
    }
    let before = "select count(*) as n from loan_transaction";
    let written: i64 = tx.fetch_one(before, args![]).await.unwrap().get("n").unwrap();
    drop(tx);
    // The loser tries again and finds everything there.
    let again = start().wait_with_output().unwrap();
    assert_eq!(total(&again, "loans"), ("147".to_owned(), "147".to_owned()), "{}", said(&again));
    let mut tx = db.read().await.unwrap();
    assert_eq!(tx.fetch_one(before, args![]).await.unwrap().get::<i64>("n").unwrap(), written, "nothing doubled");
}
