//! A disk that is really full: a page, an import, a day close and a backup each say so, leave nothing half-written, and
//! go on when there is room.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use platform::args;
use platform::db::{DatabaseUrl, Db};
use tempfile::TempDir;

use crate::visitor::{Answer, PROGRAM, Server, Visitor};

/// A small disk of its own; unmounted when dropped.
struct Disk {
    folder: TempDir,
}

impl Disk {
    /// Nothing where this machine lets nobody mount one.
    fn of(mebibytes: u32) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let size = format!("size={mebibytes}m");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        mount.is_ok_and(|ended| ended.status.success()).then_some(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.ballast()).unwrap();
        // Large pieces first, then the rest to the last byte.
        for size in [1 << 20, 1 << 12, 1] {
            let piece = vec![b'x'; size];
            while file.write_all(&piece).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}

fn run(command: &str, data: &Path, more: &[&str]) -> Output {
    Command::new(PROGRAM).args(command.split(' ')).args(more).arg("--data").arg(data).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Counts rows, as the database stands for whoever opens it next.
async fn count(data: &Path, sql: &'static str) -> i64 {
    let db = Db::open(&DatabaseUrl::Sqlite(data.join("loanward.db"))).await.unwrap();
    let n = db.read().await.unwrap().fetch_one(sql, args![]).await.unwrap().get("n").unwrap();
    db.close().await;
    n
}

/// Set for the copy of this test that runs where it may mount.
const OWN_NAMESPACE: &str = "LOANWARD_TEST_OWN_NAMESPACE";
/// How that copy says that even there nothing can be mounted.
const NO_MOUNT: i32 = 77;

/// Runs this test once more where an ordinary user may mount: as root of a namespace of its own.
/// Only where the system forbids that too, a full disk can't be tried.
fn as_root_of_an_own_namespace() {
    if std::env::var_os(OWN_NAMESPACE).is_some() {
        std::process::exit(NO_MOUNT);
    }
    let test = "full_disk::a_full_disk_is_told_nothing_is_half_written_and_all_goes_on_when_there_is_room";
    let ran = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(OWN_NAMESPACE, "1")
        .output();
    match ran {
        Ok(ran) if ran.status.success() => assert!(said(&ran).contains("1 passed"), "it ran: {}", said(&ran)),
        Ok(ran) if ran.status.code() != Some(NO_MOUNT) && !said(&ran).contains("unshare:") => panic!("{}", said(&ran)),
        _ => eprintln!("this system lets nobody mount a disk: a full one was not tried"),
    }
}

const BRANCHES: &str = "select count(*) as n from branch";
const LOANS: &str = "select count(*) as n from loan";
const SEALED: &str = "select count(*) as n from close_run where state = 'sealed'";

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_nothing_is_half_written_and_all_goes_on_when_there_is_room() {
    let Some(disk) = Disk::of(64) else {
        as_root_of_an_own_namespace();
        return;
    };
    let data = disk.path().join("data");
    let opens = ["--institution", "满盘测试", "--opens-on", "2026-11-20"];
    let server = Server::start(&data, &opens, &[]);
    Visitor::first_log_in(&server);
    // Stopped in order, so that the log of the database holds no room of its own.
    server.stop();
    a_page(&disk, &data).await;
    an_import(&disk, &data).await;
    a_close(&disk, &data).await;
    a_backup(&disk, &data).await;
    let audited = run("audit verify", &data, &[]);
    assert!(audited.status.success(), "the chains hold: {}", said(&audited));
    let proved = run("rebuild --verify", &data, &[]);
    assert!(proved.status.success(), "what is derived follows from the facts: {}", said(&proved));
}

/// A form that cannot be kept is refused with what to do; the page that lists still opens; the same form is done once
/// when there is room.
async fn a_page(disk: &Disk, data: &Path) {
    let server = Server::start(data, &[], &[]);
    let mut admin = Visitor::log_in(&server);
    let at = server.address.clone();
    let page = admin.get(&at, "/branches");
    disk.fill();
    let name = "城东".repeat(8);
    let found = send_until_refused(&mut admin, &at, &name);
    assert_eq!(found.status, 503, "{}", found.text);
    assert!(found.text.contains("磁盘已满") && found.text.contains("没有写入任何内容"), "{}", found.text);
    let id = found.text.split("x-request-id: ").nth(1).unwrap().lines().next().unwrap().trim();
    assert!(server.log().contains(id), "the log knows the id {id}");
    assert_eq!(admin.get(&at, "/branches").status, 200, "what only reads goes on");
    let form = Answer { status: 200, text: page.text };
    let fields = [("branch", "1"), ("name", "河西支行")];
    assert_eq!(admin.post(&at, &form, "/branches/new", &fields).status, 503);
    disk.make_room();
    assert_eq!(admin.post(&at, &form, "/branches/new", &fields).status, 303, "the same form, when there is room");
    assert_eq!(admin.post(&at, &form, "/branches/new", &fields).status, 303, "and once more by a second click");
    server.stop();
    assert_eq!(count(data, "select count(*) as n from branch where name = '河西支行'").await, 1);
}

/// What is free inside the files of the database is used up first.
fn send_until_refused(admin: &mut Visitor, at: &str, name: &str) -> Answer {
    for no in 0..500 {
        let page = admin.get(at, "/branches");
        let fields = [("branch", "1"), ("name", &format!("{name}{no}"))];
        let answer = admin.post(at, &page, "/branches/new", &fields);
        if answer.status != 303 {
            return answer;
        }
    }
    panic!("the disk is not full");
}

async fn an_import(disk: &Disk, data: &Path) {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/servicing/tests/books/ledger-by-year.xlsx");
    let answers = TempDir::new().unwrap();
    let answers = answers.path().join("answers.json");
    std::fs::write(&answers, r#"{"as_of": "2026-06-30", "product": "business_equal"}"#).unwrap();
    let more = [book.to_str().unwrap(), "--user", "admin", "--partial", "--conventions", answers.to_str().unwrap()];
    let (branches, before) = (count(data, BRANCHES).await, count(data, LOANS).await);
    disk.fill();
    let refused = run("import", data, &more);
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    assert!(said(&refused).contains("the disk is full"), "{}", said(&refused));
    disk.make_room();
    let half = "select count(*) as n from loan l where not exists (select 1 from loan_position p \
                where p.customer_id = l.customer_id and p.loan_id = l.id)";
    assert_eq!(count(data, half).await, 0, "a loan is there with all that belongs to it, or not at all");
    assert_eq!((count(data, BRANCHES).await, before), (branches, 0));
    let brought = run("import", data, &more);
    assert!(brought.status.success(), "{}", said(&brought));
    assert_eq!(count(data, LOANS).await, 147);
}

async fn a_close(disk: &Disk, data: &Path) {
    disk.fill();
    let until = ["--until", "2026-11-21"];
    let broken = run("close", data, &until);
    assert_eq!(broken.status.code(), Some(3), "{}", said(&broken));
    assert!(said(&broken).contains("the disk is full"), "{}", said(&broken));
    disk.make_room();
    let sealed = count(data, SEALED).await;
    assert!(sealed < 2, "what was not kept is not sealed");
    let closed = run("close", data, &until);
    assert!(closed.status.success(), "it goes on where it was: {}", said(&closed));
    assert_eq!(count(data, SEALED).await, 2);
}

async fn a_backup(disk: &Disk, data: &Path) {
    let words = TempDir::new().unwrap();
    let words = words.path().join("words");
    File::create(&words).unwrap().write_all(b"three bells at night").unwrap();
    let copy = disk.path().join("copy.loanward");
    let more = ["--to", copy.to_str().unwrap(), "--passphrase-file", words.to_str().unwrap()];
    disk.fill();
    let refused = run("backup", data, &more);
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    assert!(said(&refused).contains("No space left") || said(&refused).contains("disk is full"), "{}", said(&refused));
    assert!(!copy.exists() && !copy.with_added_extension("part").exists(), "no half copy stays");
    disk.make_room();
    let made = run("backup", data, &more);
    assert!(made.status.success(), "{}", said(&made));
    let whole = Command::new(PROGRAM).args(["restore", "--check", "--passphrase-file"]).arg(&words).arg(&copy).output();
    assert!(said(&whole.unwrap()).contains("the backup is whole"));
}
