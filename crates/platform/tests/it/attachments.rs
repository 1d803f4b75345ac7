//! Kept files on every database: sealed, found again as they were, replaced and withdrawn, watched for damage.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use axum::http::{StatusCode, header};
use platform::attachment::travel::{self, Carried};
use platform::attachment::{self, Attachment, AttachmentId, Media, NewAttachment};
use platform::book::Findings;
use platform::db::Db;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::testbed::{self, Browser, House};
use platform::work::Work;
use platform::{args, rebuild};

use crate::institution::{Lending, by, over};

const CUSTOMER: CustomerId = CustomerId(7);

/// A PDF of this many bytes.
fn pdf(bytes: usize) -> Vec<u8> {
    let mut content = b"%PDF-1.7 residence 3001".to_vec();
    content.resize(bytes.max(content.len()), b'x');
    content
}

fn code<T>(result: Result<T, ActionError>) -> String {
    let error = result.err().unwrap();
    let refused = error.refusal().unwrap();
    refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
}

async fn house(db: Db) -> House {
    over(db, Lending::default()).await
}

async fn keep(house: &House, name: &str, bytes: &[u8], replaces: Option<AttachmentId>) -> AttachmentId {
    let mut work = by(house, "rules").await;
    let new = NewAttachment { customer: CUSTOMER, subject: "customer:7", name, bytes, replaces };
    let id = attachment::keep(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    id
}

// S1-45, X-04. Rules attachment.content, attachment.kinds, attachment.name
#[tokio::test]
async fn a_file_is_sealed_comes_back_as_it_was_and_every_look_is_in_the_trail() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let content = pdf(700_000);
        let id = keep(&house, "../身份证 990101199003071230.PDF", &content, None).await;
        let mut tx = house.app.db.read().await.unwrap();
        let rows = tx.fetch_all("select sealed from attachment_piece order by no", args![]).await.unwrap();
        assert_eq!(rows.len(), 3, "pieces of 256 KiB");
        for row in &rows {
            let sealed: Vec<u8> = row.get("sealed").unwrap();
            assert!(!sealed.windows(9).any(|part| part == b"residence"), "nothing lies in clear");
        }
        drop(tx);
        let mut work = by(&house, "chief").await;
        let opened = attachment::open(&mut work, CUSTOMER, id).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(opened.bytes, content);
        assert_eq!(opened.attachment.name, "身份证 ***.pdf");
        let answer = attachment::response(opened);
        let head = |name| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert!(head(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\"file.pdf\""));
        assert_eq!(head(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(head(header::CACHE_CONTROL), "no-store");
        let mut tx = house.app.db.read().await.unwrap();
        let seen = "select user_id, customer_id from audit_entry where action = 'attachment.open'";
        let seen = tx.fetch_one(seen, args![]).await.unwrap();
        assert_eq!(seen.get::<i64>("customer_id").unwrap(), 7);
        assert_eq!(seen.get::<i64>("user_id").unwrap(), house.user_id("chief").await.0);
        drop(tx);
        let mut work = by(&house, "rules").await;
        let mut try_out = async |bytes: &[u8]| {
            let new = NewAttachment { customer: CUSTOMER, subject: "customer:7", name: "a.pdf", bytes, replaces: None };
            code(attachment::keep(&mut work, &new).await)
        };
        assert_eq!(try_out(b"<svg onload=alert(1)>").await, "attachment-kind");
        assert_eq!(try_out(b"").await, "attachment-empty");
        assert_eq!(try_out(&pdf((20 << 20) + 1)).await, "attachment-too-large");
    }
}

// Rule attachment.final
#[tokio::test]
async fn a_file_is_replaced_once_or_withdrawn_with_a_reason_and_never_changed() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let first = keep(&house, "a.pdf", &pdf(100), None).await;
        let second = keep(&house, "b.pdf", &pdf(200), Some(first)).await;
        let mut work = by(&house, "rules").await;
        let again = NewAttachment {
            customer: CUSTOMER,
            subject: "customer:7",
            name: "c.pdf",
            bytes: &pdf(300),
            replaces: Some(first),
        };
        assert_eq!(code(attachment::keep(&mut work, &again).await), "attachment-not-current");
        assert_eq!(code(attachment::withdraw(&mut work, CUSTOMER, second, " ").await), "reason-empty");
        assert_eq!(code(attachment::withdraw(&mut work, CustomerId(8), second, "x").await), "attachment-not-found");
        attachment::withdraw(&mut work, CUSTOMER, second, "传错客户").await.unwrap();
        assert_eq!(code(attachment::withdraw(&mut work, CUSTOMER, second, "x").await), "attachment-not-current");
        assert_eq!(code(attachment::open(&mut work, CUSTOMER, second).await), "attachment-withdrawn");
        assert!(attachment::open(&mut work, CUSTOMER, first).await.is_ok(), "what was replaced is history");
        let all = attachment::of_customer(&mut work.tx, CUSTOMER).await.unwrap();
        assert!(all.iter().all(|file| !file.is_current()));
        assert_eq!(all[0].withdrawn.as_ref().unwrap().reason, "传错客户");
        assert_eq!(all[1].replaced_by, Some(second));
    }
}

/// A file as a workbook of the whole book brings it in: without content.
async fn keep_brought(work: &mut Work) -> AttachmentId {
    let id = AttachmentId(work.next_id());
    let sql = "insert into attachment (customer_id, id, subject, name, media, size_bytes, digest, effective_on, \
               recorded_at, recorded_by, source, source_detail, book_origin) \
               values ($1, $2, 'customer:7', 'a.pdf', 'pdf', 10, 'x', $3, $4, 1, 'book', '', '{}')";
    work.tx.execute(sql, args![CUSTOMER, id, work.business_date, work.now]).await.unwrap();
    id
}

// Rule attachment.content
#[tokio::test]
async fn damage_is_found_by_whoever_opens_the_file_and_by_the_verification() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let whole = keep(&house, "a.pdf", &pdf(300_000), None).await;
        let found = rebuild::verify(&house.app, &mut |_| {}).await.unwrap();
        assert_eq!((found.considered, found.differing), (1, 0));
        let cut = keep(&house, "b.pdf", &pdf(300_000), None).await;
        let gone = keep(&house, "c.pdf", &pdf(100), None).await;
        let mut work = by(&house, "rules").await;
        for (file, no) in [(cut, 1_i64), (gone, 0)] {
            let sql = "delete from attachment_piece where attachment_id = $1 and no = $2";
            work.tx.execute(sql, args![file, no]).await.unwrap();
        }
        let brought = keep_brought(&mut work).await;
        work.commit().await.unwrap();
        let mut named = Vec::new();
        let found = rebuild::verify(&house.app, &mut |p| named.extend(p.differences.to_vec())).await.unwrap();
        assert_eq!((found.considered, found.differing, found.unjudged), (4, 2, 1));
        assert_eq!([&named[0].row, &named[1].row], [&format!("7:{cut}"), &format!("7:{gone}")]);
        let mut work = by(&house, "rules").await;
        assert_eq!(code(attachment::open(&mut work, CUSTOMER, cut).await), "attachment-damaged");
        assert_eq!(code(attachment::open(&mut work, CUSTOMER, gone).await), "attachment-damaged");
        assert_eq!(code(attachment::open(&mut work, CUSTOMER, brought).await), "attachment-elsewhere");
        assert!(attachment::open(&mut work, CUSTOMER, whole).await.is_ok());
    }
}

/// The archive of a house's files, and what the files are.
async fn taken_out(house: &House) -> (PathBuf, Carried, Vec<Attachment>) {
    let mut work = by(house, "boss").await;
    travel::ask(&mut work, "搬到另一机构").await.unwrap();
    work.commit().await.unwrap();
    let mut work = by(house, "boss").await;
    let path = testbed::scratch("zip");
    let carried = travel::write(&mut work, std::fs::File::create(&path).unwrap(), &|_| {}).await.unwrap();
    let files = attachment::of_customer(&mut work.tx, CUSTOMER).await.unwrap();
    (path, carried, files)
}

/// Writes down what a workbook says of files, as it comes in.
async fn list(house: &House, files: &[Attachment]) {
    let mut work = by(house, "boss").await;
    for file in files {
        let sql = "insert into attachment (customer_id, id, subject, name, media, size_bytes, digest, effective_on, \
                   recorded_at, recorded_by, source, source_detail, book_origin) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 'book', '', '{}')";
        let now = work.now;
        let values = args![
            file.customer,
            file.id,
            file.subject,
            file.name,
            file.media,
            file.bytes,
            file.digest,
            file.effective_on,
            now
        ];
        work.tx.execute(sql, values).await.unwrap();
    }
    work.commit().await.unwrap();
}

async fn brought(house: &House, path: &Path) -> (Carried, Findings) {
    let mut work = by(house, "boss").await;
    let found = travel::bring(&mut work, path, "digest", &|_| {}).await.unwrap();
    if !found.1.bar() {
        work.commit().await.unwrap();
    }
    found
}

fn codes(findings: &Findings) -> Vec<&str> {
    findings.kept.iter().map(|one| one.code.as_str()).collect()
}

fn archive(parts: &[(&str, &[u8])]) -> PathBuf {
    let path = testbed::scratch("zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
    path
}

// S1-45, X-04. Rule attachment.travel
#[tokio::test]
async fn the_content_of_files_follows_a_book_into_another_house() {
    for db in testbed::databases().await {
        let source = house(db).await;
        let content = pdf(700_000);
        let first = keep(&source, "a.pdf", &content, None).await;
        keep(&source, "again.pdf", &content, None).await;
        keep(&source, "b.pdf", &pdf(100), Some(first)).await;
        let (path, out, files) = taken_out(&source).await;
        assert_eq!(out, Carried { files: 3, bytes: 700_100, missing: 0 }, "what is there twice is written once");
        let bytes = std::fs::read(&path).unwrap();
        assert!(bytes.windows(64).any(|part| part == files[0].digest.as_bytes()), "by its digest");
        let mut tx = source.app.db.read().await.unwrap();
        let noted = "select count(*) as n from audit_entry where action = 'book.files_export'";
        assert_eq!(tx.fetch_one(noted, args![]).await.unwrap().get::<i64>("n").unwrap(), 1);
        drop(tx);

        let target = house(testbed::sqlite().await).await;
        let early = brought(&target, &path).await;
        assert_eq!((early.0, codes(&early.1)), (Carried::default(), vec!["files-none"]), "first the book");
        list(&target, &files).await;
        let (carried, findings) = brought(&target, &path).await;
        assert_eq!((carried.files, carried.missing, codes(&findings)), (3, 0, Vec::<&str>::new()));
        let mut work = by(&target, "boss").await;
        for file in &files {
            let opened = attachment::open(&mut work, CUSTOMER, file.id).await.unwrap();
            assert!(opened.attachment.brought_in && opened.bytes.starts_with(b"%PDF-1.7"));
            assert_eq!(i64::try_from(opened.bytes.len()).unwrap(), file.bytes);
        }
        drop(work);
        let found = rebuild::verify(&target.app, &mut |_| {}).await.unwrap();
        assert_eq!((found.considered, found.differing, found.unjudged), (3, 0, 0));
        let twice = brought(&target, &path).await;
        assert_eq!(codes(&twice.1), ["files-none"], "nothing comes in twice");
    }
}

async fn number(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.app.db.read().await.unwrap();
    tx.fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

/// The page of a run once it is over.
async fn ended(browser: &mut Browser, run: &str) -> String {
    for _ in 0..2_000 {
        let page = browser.get(run).await.text;
        if !page.contains("hx-get") {
            assert!(platform::locale::missing_in(&page).is_empty(), "{page}");
            return page;
        }
        tokio::task::yield_now().await;
    }
    panic!("{run} did not end");
}

// S1-45, X-04. Rules attachment.travel, book.kept
#[tokio::test]
async fn the_archive_goes_out_and_comes_in_by_the_page_of_the_whole_book() {
    for db in testbed::databases().await {
        let source = house(db).await;
        keep(&source, "a.pdf", &pdf(700_000), None).await;
        let mut boss = source.user("boss").await;
        boss.get("/me?lang=zh-CN").await;
        let silent = boss.post("/book/files/export", &[("reason", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is asked for");
        let asked = boss.post("/book/files/export", &[("reason", "搬到新服务器")]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
        let run = asked.location().to_owned();
        let page = ended(&mut boss, &run).await;
        assert!(page.contains("搬到新服务器") && page.contains(&format!("{run}/files.zip")), "{page}");
        let (status, bytes) = boss.file(&format!("{run}/files.zip")).await;
        assert!(status == StatusCode::OK && bytes.starts_with(b"PK"), "{status}");
        assert_eq!(boss.get(&format!("{run}/book.xlsx")).await.status, StatusCode::NOT_FOUND, "it is no workbook");
        let taken = "select count(*) as n from audit_entry where action in ('book.files_export', 'book.download')";
        assert_eq!(number(&source, taken).await, 2, "asking and taking stand in the trail");
        let mut tx = source.app.db.read().await.unwrap();
        let piece: Vec<u8> =
            tx.fetch_one("select sealed from book_piece", args![]).await.unwrap().get("sealed").unwrap();
        assert!(!piece.windows(4).any(|four| four == b"PK\x03\x04"), "it is kept sealed");
        drop(tx);
        let mut chief = source.user("chief").await;
        assert_eq!(chief.get(&format!("{run}/files.zip")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(chief.post("/book/files/export", &[("reason", "x")]).await.status, StatusCode::FORBIDDEN);

        let mut work = by(&source, "boss").await;
        let files = attachment::of_customer(&mut work.tx, CUSTOMER).await.unwrap();
        drop(work);
        let target = house(testbed::sqlite().await).await;
        list(&target, &files).await;
        let mut boss = target.user("boss").await;
        boss.get("/me?lang=zh-CN").await;
        for (what, said, pieces) in
            [("try", "附件可以导入", 0), ("write", "附件已导入", 3), ("write", "没有等待补内容", 3)]
        {
            let archive = ("book", "files.zip", bytes.as_slice());
            let sent = boss.upload_from("/book", "/book/files/import", &[("what", what)], archive).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{what}: {}", sent.text);
            let page = ended(&mut boss, sent.location()).await;
            assert!(page.contains(said), "{what}: {page}");
            assert_eq!(number(&target, "select count(*) as n from attachment_piece").await, pieces, "{what}");
        }
        let mut work = by(&target, "boss").await;
        let opened = attachment::open(&mut work, CUSTOMER, files[0].id).await.unwrap();
        assert_eq!(opened.bytes.len(), 700_000);
    }
}

// Rule attachment.travel
#[tokio::test]
async fn an_archive_that_is_not_what_the_book_lists_writes_nothing() {
    for db in testbed::databases().await {
        let source = house(testbed::sqlite().await).await;
        keep(&source, "a.pdf", &pdf(300), None).await;
        keep(&source, "b.pdf", &pdf(400), None).await;
        let (_, _, files) = taken_out(&source).await;
        let named = |file: &Attachment| format!("files/{}.pdf", file.digest);
        let (one, other) = (named(&files[0]), named(&files[1]));
        let whole = |file: &Attachment| pdf(usize::try_from(file.bytes).unwrap());
        let (right, wrong) = (whole(&files[0]), vec![b'x'; usize::try_from(files[1].bytes).unwrap()]);
        let long = pdf(90_000);
        let target = house(db).await;
        list(&target, &files).await;
        let text = testbed::scratch("zip");
        std::fs::write(&text, "no archive").unwrap();
        for (path, code) in [
            (text, "files-no-archive"),
            (archive(&[(one.as_str(), right.as_slice()), (other.as_str(), wrong.as_slice())]), "files-damaged"),
            (archive(&[(one.as_str(), right.as_slice()), (other.as_str(), long.as_slice())]), "files-damaged"),
            (archive(&[(other.as_str(), &[])]), "files-damaged"),
        ] {
            let (_, findings) = brought(&target, &path).await;
            assert!(findings.bar() && codes(&findings).contains(&code), "{code}: {:?}", findings.kept);
            let mut tx = target.app.db.read().await.unwrap();
            let kept = "select count(*) as n from attachment_piece";
            assert_eq!(tx.fetch_one(kept, args![]).await.unwrap().get::<i64>("n").unwrap(), 0, "{code}");
        }
        // Only a part of it, beside what belongs to nobody: the rest may follow.
        let part = archive(&[
            (one.as_str(), right.as_slice()),
            ("../../etc/passwd", b"x".as_slice()),
            ("files/00.pdf", b"x".as_slice()),
            ("README.txt", b"x".as_slice()),
        ]);
        let (carried, findings) = brought(&target, &part).await;
        assert_eq!((carried.files, carried.missing), (1, 1));
        assert_eq!(codes(&findings), ["files-unknown", "files-missing"]);

        // A book that calls a web page a picture does not make it one.
        let page = b"<html><script>alert(7)</script></html>";
        let liar = house(testbed::sqlite().await).await;
        let source = house(testbed::sqlite().await).await;
        let mut work = by(&source, "rules").await;
        let new =
            NewAttachment { customer: CUSTOMER, subject: "customer:7", name: "x.pdf", bytes: page, replaces: None };
        attachment::keep_made(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        let (path, _, mut files) = taken_out(&source).await;
        files.iter_mut().for_each(|file| file.media = Media::Png);
        list(&liar, &files).await;
        assert_eq!(codes(&brought(&liar, &path).await.1), ["files-kind"]);

        // Who may not take numbers out in clear, or bring a book in, may not do so with files.
        let mut work = by(&target, "chief").await;
        assert_eq!(code(travel::ask(&mut work, "x").await), "denied");
        assert_eq!(code(travel::bring(&mut work, &part, "digest", &|_| {}).await), "denied");
        drop(work);
        let mut work = by(&target, "boss").await;
        assert_eq!(code(travel::ask(&mut work, " ").await), "reason-empty");
    }
}
