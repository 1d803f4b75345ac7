//! The whole book out, in and out again (整本往返): a small demo book, made by the actions of all capabilities, moves from
//! SQLite to PostgreSQL and back; facts, positions and totals stay what they were.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::date;
use platform::access::actions::{FirstUser, SetUp, set_up};
use platform::app::{App, Settings};
use platform::attachment::{self, NewAttachment, travel};
use platform::book::{self, Brought, Manifest, Wanted};
use platform::clock::{Clock, civil_moment};
use platform::db::Db;
use platform::id::CustomerId;
use platform::locale::{Lang, Locale};
use platform::testbed;
use platform::vault::Vault;
use platform::work::Work;
use policy::Pack;

use crate::{demo, house, import, policies, serve, shipped};

mod filling;

/// The sheets that are matched with who is here already: another house has other people besides.
const PEOPLE: [&str; 3] = ["branches", "teams", "users"];

/// A program over this database with a key of its own.
async fn program(db: Db, seed: u8) -> App {
    let files = shipped::packs();
    let pack = Pack::load(&files, "microloan", &policies::dictionary().unwrap()).unwrap();
    let settings = Settings { packs: Arc::new(files), vault: Some(Vault::for_tests(seed)), ..Settings::default() };
    let mut settings = settings.under_pack(&pack, date(2026, 11, 20)).unwrap();
    settings.access.hashing = platform::access::Hashing::weak_for_tests();
    let clock = Clock::simulated(civil_moment(date(2026, 8, 3).at(8, 0, 0, 0)).unwrap());
    App::assemble_with(db, clock, u16::from(seed), house::capabilities(), settings).await.unwrap()
}

/// An institution that was set up and has nobody but its administrator.
async fn empty(db: Db, seed: u8) -> App {
    let app = program(db, seed).await;
    let admin = FirstUser {
        login: "admin".to_owned(),
        name: "系统管理员".to_owned(),
        roles: vec!["system_admin".to_owned()],
        password: Some("a long enough word 7".to_owned()),
        must_change: false,
        lang: Lang::ZhCn,
    };
    let wish = SetUp {
        institution: "往返测试".to_owned(),
        head_office: "新总部".to_owned(),
        opens_on: date(2026, 8, 3),
        users: vec![admin],
    };
    set_up(&app, &wish).await.unwrap();
    serve::install(&app, "microloan").await.unwrap();
    app
}

/// Who may take the book out and bring it in: the administrator of the demo, or of the empty house.
async fn administrator(app: &App) -> platform::access::Actor {
    match import::actor(app, "ma").await {
        Ok(actor) if actor.roles.iter().any(|role| role == "system_admin") => actor,
        Ok(_) | Err(_) => import::actor(app, "admin").await.unwrap(),
    }
}

async fn out(app: &App, wanted: &Wanted) -> (PathBuf, Manifest) {
    let path = testbed::scratch("xlsx");
    let actor = administrator(app).await;
    let mut work = Work::begin(app, actor.clone()).await.unwrap();
    book::ask(&mut work, wanted).await.unwrap();
    work.commit().await.unwrap();
    let mut work = Work::read(app, actor).await.unwrap();
    let made = book::write(&mut work, wanted, std::fs::File::create(&path).unwrap(), &|_| {}).await.unwrap();
    (path, made)
}

/// Brings a file in, or tries it out; answers what was found.
async fn bring(app: &App, path: &Path, dry_run: bool) -> Brought {
    let digest = book::digest_of(path).await.unwrap();
    let mut work = Work::begin(app, administrator(app).await).await.unwrap();
    let brought = book::bring(&mut work, path, &digest, &|_| {}).await.unwrap();
    if !brought.findings.bar() && !dry_run {
        work.commit().await.unwrap();
    }
    brought
}

fn said(app: &App, brought: &Brought) -> Vec<String> {
    let locale = Locale::new(Arc::clone(&app.catalogue), Lang::En);
    let line = |f: &book::Finding| format!("{} {:?} {} {}", f.sheet, f.row, f.column, f.say(&locale));
    brought.findings.kept.iter().filter(|f| f.refuses).map(line).collect()
}

fn digests(manifest: &Manifest) -> BTreeMap<&str, &str> {
    let all = manifest.totals.iter().filter(|(sheet, _)| !PEOPLE.contains(&sheet.as_str()));
    all.map(|(sheet, totals)| (sheet.as_str(), totals.digest.as_str())).collect()
}

/// Every table, with how many rows it has.
async fn rows(app: &App, tables: &[&'static str]) -> Vec<i64> {
    let mut tx = app.db.read().await.unwrap();
    let mut all = Vec::new();
    for table in tables {
        let sql = platform::db::AssertSqlSafe(format!("select count(*) as n from {table}"));
        all.push(tx.fetch_one(sql, vec![]).await.unwrap().get("n").unwrap());
    }
    all
}

async fn demo_book() -> App {
    let app = program(testbed::sqlite().await, 7).await;
    demo::small(&app).await.unwrap();
    app
}

// Rule `book.round-trip`
#[tokio::test]
async fn a_book_goes_out_comes_in_elsewhere_and_goes_out_equal() {
    let source = demo_book().await;
    filling::with_registers(&source).await;
    filling::with_merges(&source).await;
    filling::with_meeting(&source).await;
    let clear = Wanted::new(true, "搬到另一数据库");
    let (file, first) = out(&source, &clear).await;
    assert!(first.totals["transactions"].rows > 20, "{:?}", first.totals["transactions"]);
    let newest = [
        "pay_days",
        "overdue_ratings",
        "agencies",
        "agency_contracts",
        "agency_users",
        "talk_records",
        "recovery_routes",
        "inflows",
    ];
    for sheet in ["collection_costs", "merits", "recovery_reports"].into_iter().chain(newest) {
        assert!(first.totals[sheet].rows > 0, "{sheet}");
    }
    let applied = [("admissions", 1), ("admission_steps", 1)];
    let registers = [("guarantee_entries", 1), ("guarantee_steps", 1), ("complaints", 1), ("complaint_steps", 2)];
    for (sheet, rows) in registers.into_iter().chain(applied) {
        assert_eq!(first.totals[sheet].rows, rows, "{sheet}");
    }
    for sheet in ["group_meetings", "group_resolutions", "group_task_outcomes"] {
        assert_eq!(first.totals[sheet].rows, 1, "{sheet}");
    }
    for (sheet, rows) in [("customer_merges", 1), ("customer_merge_steps", 2), ("duplicate_judgements", 2)] {
        assert_eq!(first.totals[sheet].rows, rows, "{sheet}");
    }
    let mut file = file;
    let elsewhere = [testbed::postgres().await, Some(testbed::sqlite().await)];
    for (db, seed) in elsewhere.into_iter().flatten().zip([8, 9]) {
        let target = empty(db, seed).await;
        let tried = bring(&target, &file, true).await;
        assert_eq!(said(&target, &tried), Vec::<String>::new());
        assert_eq!(rows(&target, &["customer", "loan", "loan_position"]).await, [0, 0, 0], "a dry run writes nothing");
        let brought = bring(&target, &file, false).await;
        assert_eq!(said(&target, &brought), Vec::<String>::new());
        assert!(!brought.findings.kept.iter().any(|f| f.code == "changed"), "what is read is what was written");
        let (next, second) = out(&target, &clear).await;
        assert_eq!(digests(&first), digests(&second), "facts, positions and totals are equal");
        assert_eq!(first.business_date, second.business_date);
        let mut named = Vec::new();
        let found = platform::rebuild::verify(&target, &mut |p| named.extend(p.differences.to_vec())).await.unwrap();
        assert_eq!((found.differing, named), (0, Vec::new()), "the caches are what the facts say");
        assert_eq!(platform::audit::verify(&target.db).await.unwrap().broken, None);
        let again = bring(&target, &file, false).await;
        let codes: Vec<&str> = again.findings.kept.iter().map(|f| f.code.as_str()).collect();
        assert!(codes.contains(&"not-empty") && codes.contains(&"already"), "a book comes in once: {codes:?}");
        file = next;
    }
}

// Rule `book.round-trip`, rule `attachment.travel`
#[tokio::test]
async fn the_content_of_kept_files_follows_the_book() {
    let source = demo_book().await;
    let mut work = Work::begin(&source, administrator(&source).await).await.unwrap();
    let one = "select customer_id from customer_view order by customer_id limit 1";
    let customer = CustomerId(work.tx.fetch_one(one, vec![]).await.unwrap().get("customer_id").unwrap());
    let subject = format!("customer:{customer}");
    let bytes = b"%PDF-1.7 a residence permit";
    let new = NewAttachment { customer, subject: &subject, name: "居住证.pdf", bytes, replaces: None };
    attachment::keep(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    let (file, first) = out(&source, &Wanted::new(true, "搬到另一数据库")).await;
    let listed = first.totals["attachments"].rows;
    assert!(listed > 0, "there is something to carry");
    let path = testbed::scratch("zip");
    let mut work = Work::read(&source, administrator(&source).await).await.unwrap();
    let went = travel::write(&mut work, std::fs::File::create(&path).unwrap(), &|_| {}).await.unwrap();
    assert_eq!((went.files, went.missing), (listed, 0));
    let targets = [testbed::postgres().await, Some(testbed::sqlite().await)];
    for (db, seed) in targets.into_iter().flatten().zip([8, 9]) {
        let target = empty(db, seed).await;
        let brought = bring(&target, &file, false).await;
        assert!(brought.findings.kept.iter().any(|f| f.code == "files-elsewhere"), "what is missing is said");
        let mut work = Work::begin(&target, administrator(&target).await).await.unwrap();
        let (came, findings) = travel::bring(&mut work, &path, "digest", &|_| {}).await.unwrap();
        assert!(!findings.bar() && findings.kept.is_empty(), "{:?}", findings.kept);
        work.commit().await.unwrap();
        assert_eq!((came.files, came.missing), (listed, 0));
        let found = platform::rebuild::verify(&target, &mut |_| {}).await.unwrap();
        assert_eq!(found.differing, 0, "sealed with the key of this house");
    }
}

// Rule `book.round-trip`: what belongs to no single customer, and what names people, moves too.
#[tokio::test]
async fn a_sorting_project_moves_with_the_book() {
    let source = demo_book().await;
    filling::sort(&source).await;
    let clear = Wanted::new(true, "搬到另一数据库");
    let (file, first) = out(&source, &clear).await;
    let sheets = [
        ("sorting_projects", 1),
        ("sorting_members", 1),
        ("sorting_steps", 6),
        ("sorting_trainings", 1),
        ("sorting_surveys", 1),
        ("sorting_problems", 1),
        ("sorting_industries", 1),
        ("sorting_reports", 1),
    ];
    for (sheet, rows) in sheets {
        assert_eq!(first.totals[sheet].rows, rows, "{sheet}");
    }
    assert!(first.totals["sorting_items"].rows > 1 && first.totals["sorting_findings"].rows > 2);
    let targets = [testbed::postgres().await, Some(testbed::sqlite().await)];
    for (db, seed) in targets.into_iter().flatten().zip([8, 9]) {
        let target = empty(db, seed).await;
        let brought = bring(&target, &file, false).await;
        assert_eq!(said(&target, &brought), Vec::<String>::new());
        let (_, second) = out(&target, &clear).await;
        assert_eq!(digests(&first), digests(&second), "equal on the other side");
    }
}

/// The same workbook with one part changed; the part of a tab where a tab is named.
fn changed(file: &Path, part: &str, change: &dyn Fn(String) -> String) -> PathBuf {
    let path = testbed::scratch("xlsx");
    let mut from = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut to = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let text = |from: &mut zip::ZipArchive<std::fs::File>, name: &str| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut from.by_name(name).unwrap(), &mut text).unwrap();
        text
    };
    let book = text(&mut from, "xl/workbook.xml");
    let wanted = match book.split_once(&format!("<sheet name=\"{part}\" sheetId=\"")) {
        Some((_, rest)) => format!("xl/worksheets/sheet{}.xml", rest.split('"').next().unwrap()),
        None => part.to_owned(),
    };
    for name in from.file_names().map(|name| name.unwrap().into_owned()).collect::<Vec<_>>() {
        let content = text(&mut from, &name);
        to.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        let content = if name == wanted { change(content) } else { content };
        std::io::Write::write_all(&mut to, content.as_bytes()).unwrap();
    }
    to.finish().unwrap();
    path
}

/// The rows of a sheet's XML, the headings included.
fn lines(xml: &str) -> Vec<&str> {
    xml.split_inclusive("</row>").collect()
}

/// Puts `to` in the place of the first `from` in the third row: the first row of data.
fn in_data(xml: &str, from: &str, to: &str) -> String {
    let mut all: Vec<String> = lines(xml).into_iter().map(str::to_owned).collect();
    assert!(all[2].contains(from), "{}", all[2]);
    all[2] = all[2].replacen(from, to, 1);
    all.concat()
}

/// Puts some letters before the text of a cell.
fn in_cell(xml: &str, cell: &str, letters: &str) -> String {
    let (head, rest) = xml.split_once(&format!("<c r=\"{cell}\"")).unwrap();
    let (attributes, rest) = rest.split_once("<is><t>").unwrap();
    format!("{head}<c r=\"{cell}\"{attributes}<is><t>{letters}{rest}")
}

/// Spoilt workbooks, each with what must be found in it.
fn spoilt(file: &Path, masked: PathBuf) -> Vec<(&'static str, PathBuf)> {
    let bytes = std::fs::read(file).unwrap();
    let half = testbed::scratch("xlsx");
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let text = testbed::scratch("xlsx");
    std::fs::write(&text, "no workbook").unwrap();
    vec![
        ("no-workbook", half),
        ("no-workbook", text),
        ("masked", masked),
        ("no-first-page", changed(file, "xl/workbook.xml", &|xml| xml.replace("name=\"说明\"", "name=\"首页\""))),
        ("first-page", changed(file, "说明", &|xml| xml.replace(">loanward-book<", ">other<"))),
        ("no-tab", changed(file, "xl/workbook.xml", &|xml| xml.replace("name=\"借据状况\"", "name=\"状况\""))),
        ("columns", changed(file, "客户", &|xml| xml.replace(">nationality<", ">nation<"))),
        ("derived-differs", changed(file, "借据状况", &|xml| in_data(&xml, "<v>", "<v>1"))),
        (
            "derived-lacking",
            changed(file, "还款计划", &|xml| {
                let mut all = lines(&xml);
                all.remove(all.len() - 2);
                all.concat()
            }),
        ),
        (
            "rows-differ",
            changed(file, "流水", &|xml| {
                let mut all = lines(&xml);
                all.remove(all.len() - 2);
                all.concat()
            }),
        ),
        ("sum-differs", changed(file, "合同", &|xml| in_data(&xml, "<v>", "<v>1"))),
        ("formula", changed(file, "借据", &|xml| in_data(&xml, "</row>", "<c r=\"O3\"><f>A1+1</f></c></row>"))),
        (
            "too-many-columns",
            changed(file, "借据", &|xml| in_data(&xml, "</row>", "<c r=\"BDWGN3\"><v>1</v></c></row>")),
        ),
        ("surplus-cell", changed(file, "借据", &|xml| in_data(&xml, "</row>", "<c r=\"AZ3\"><v>1</v></c></row>"))),
        ("no-such-row", changed(file, "关系人", &|xml| in_data(&xml, "<is><t>", "<is><t>1"))),
        ("unknown-name", changed(file, "借据", &|xml| in_cell(&xml, "L3", "x"))),
        ("no-kind", changed(file, "人员", &|xml| in_data(&xml, ">person<", ">robot<"))),
        ("no-money", changed(file, "合同", &|xml| in_data(&xml, "<v>", "<v>0.001"))),
        (
            "too-large",
            changed(file, "借据", &|xml| in_data(&xml, "</row>", &format!("<x>{}</x></row>", " ".repeat(2 << 20)))),
        ),
        (
            "too-large",
            changed(file, "借据", &|xml| in_data(&xml, "</row>", &format!("{}</row>", "<x/>".repeat(48 << 20)))),
        ),
    ]
}

#[tokio::test]
async fn a_workbook_that_is_not_whole_is_named_and_writes_nothing() {
    let source = demo_book().await;
    let (file, _) = out(&source, &Wanted::new(true, "试验")).await;
    let (masked, _) = out(&source, &Wanted::new(false, "试验")).await;
    let target = empty(testbed::sqlite().await, 8).await;
    for (code, path) in spoilt(&file, masked) {
        let brought = bring(&target, &path, false).await;
        let codes: Vec<&str> = brought.findings.kept.iter().map(|f| f.code.as_str()).collect();
        assert!(
            brought.findings.bar() && codes.contains(&code),
            "{code} expected, found {:?}",
            said(&target, &brought)
        );
        let locale = Locale::new(Arc::clone(&target.catalogue), Lang::ZhCn);
        for finding in &brought.findings.kept {
            let words = finding.say(&locale);
            assert_eq!(platform::locale::missing_in(&words), Vec::<String>::new(), "{words}");
        }
        assert_eq!(rows(&target, &["customer", "loan", "loan_transaction", "app_user"]).await, [0, 0, 0, 1], "{code}");
    }
    assert_eq!(said(&target, &bring(&target, &file, false).await), Vec::<String>::new(), "the untouched file comes in");
}

/// Tables that are no part of the book, each for its reason.
const LEFT_OUT: &[(&str, &str)] = &[
    ("app_user", "people come by name, on their own sheet"),
    ("attachment_piece", "pictures are no cells: the content of files lies in backups"),
    ("contact_number_lock", "a lock"),
    ("contact_person_lock", "a lock"),
    ("contact_recording_piece", "sound is no cell: the content of recordings lies in backups"),
    (
        "delivered_call",
        "what a telephone system told: number and sound stay in the house, contact and recording are the book",
    ),
    ("delivered_call_match", "the same"),
    ("delivered_call_piece", "the same"),
    ("customer_known", "written by every look at a customer"),
    ("identity_lookup", "computed from the customers"),
    ("limitation_clock", "computed by the close"),
    ("loan_position_history", "computed from the facts; begins with the import"),
    ("loan_maturing", "noted with the positions"),
    ("loan_received", "noted with the transactions"),
    ("loan_total", "written by closes"),
    ("loan_total_change", "noted with the positions"),
    ("loan_total_seal", "written with the totals"),
    ("number_lookup", "written with what is numbered"),
    ("proof_share", "chosen by the close"),
];
/// Rooms that are work, rules or traces of the house and no facts of the book.
const OF_THE_HOUSE: &[&str] = &[
    "api_request",
    "api_token",
    "audit_entry",
    "audit_head",
    "audit_root",
    "backup_copy",
    "batch_job",
    "batch_piece",
    "batch_report",
    "book_piece",
    "book_run",
    "business_day",
    "calendar_day",
    "calendar_stamp",
    "calendar_year",
    "close_isolated",
    "close_lease",
    "close_proof",
    "close_run",
    "close_step_mark",
    "delegation",
    "duty",
    "duty_member",
    "event",
    "export_job",
    "export_piece",
    "first_run",
    "idempotency_key",
    "import_file",
    "import_finding",
    "import_lease",
    "import_mapping",
    "import_record",
    "import_relation",
    "import_run",
    "import_undo",
    "import_voided",
    "kept_form",
    "key_rotation",
    "known_device",
    "login_step",
    "lpr_rate",
    "message_gateway",
    "notice",
    "outbox_attempt",
    "outbox_message",
    "password_history",
    "policy_comparison",
    "policy_comparison_row",
    "policy_draft",
    "policy_reading",
    "policy_version",
    "rebuild_mark",
    "recovery_code",
    "webhook",
    "repayment_batch",
    "repayment_batch_row",
    "role_grant",
    "saved_view",
    "scorecard_fit",
    "schema_migration",
    "server_node",
    "session",
    "setting",
    "totp",
    "user_role",
];

// Rule `book.round-trip`: whatever is recorded is in the book, or is named here.
#[tokio::test]
async fn every_table_and_every_field_is_in_the_book_or_left_out_for_a_reason() {
    let app = program(testbed::sqlite().await, 7).await;
    let sheets = book::sheets_of(&app);
    let mut tx = app.db.read().await.unwrap();
    let sql = "select m.name as tab, c.name as field from sqlite_master m join pragma_table_info(m.name) c \
         where m.type = 'table' and substr(m.name, 1, 7) <> 'sqlite_' order by m.name, c.cid";
    let mut lost = Vec::new();
    for row in tx.fetch_all(sql, vec![]).await.unwrap() {
        let (table, field): (String, String) = (row.get("tab").unwrap(), row.get("field").unwrap());
        let of_house = OF_THE_HOUSE.contains(&table.as_str());
        if of_house || LEFT_OUT.iter().any(|(left, _)| *left == table) {
            continue;
        }
        match sheets.iter().find(|sheet| sheet.table == table) {
            None => lost.push(format!("{table} has no sheet")),
            Some(sheet) if !sheet.holds(&field) => lost.push(format!("{table}.{field} is on no column")),
            Some(_) => {}
        }
    }
    lost.dedup();
    let what_to_do = "describe it in a sheet of its capability, or name it above with its reason";
    assert_eq!(lost, Vec::<String>::new(), "{what_to_do}");
}

// Rule `book.round-trip`: whoever reads the file of another house finds each of its sheets described.
#[tokio::test]
async fn every_sheet_is_described_where_the_format_is() {
    let app = program(testbed::sqlite().await, 7).await;
    let described = include_str!("../../../docs/formats.md");
    let whole = described.split_once("## The whole book").unwrap().1;
    let missing: Vec<String> = book::sheets_of(&app)
        .iter()
        .filter(|sheet| !whole.contains(&format!("`{}`", sheet.key)) || !whole.contains(sheet.title))
        .map(|sheet| format!("{} ({})", sheet.title, sheet.key))
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "name it in docs/formats.md");
}
