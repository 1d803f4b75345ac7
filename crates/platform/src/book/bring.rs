//! A whole book in (整本导入): into an empty institution, all of it or nothing.
//!
//! One pass over the file: every line is read, checked against what came before, and written while nothing is wrong.
//! Then the capabilities compute their caches, and the derived sheets are compared with them. Whoever calls commits
//! the transaction when nothing refuses; a dry run is the same work, rolled back.
//! Rule `book.round-trip`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use tokio::sync::mpsc;

use super::compare::Comparing;
use super::finding::{Finding, Findings};
use super::manifest::{Manifest, Tab, Tally, basis};
use super::measure::{Bounds, measure};
use super::out::Reading;
use super::people::{Came, People};
use super::reading::{Book, Line, Read, tabs_by_sheet};
use super::row_in::{Known, Taking};
use super::sheet::{Nature, Sheet};
use super::{Progress, Tell, sheets_of};
use crate::args;
use crate::audit::Entry;
use crate::calendar;
use crate::db::{StoreError, Value};
use crate::error::ActionError;
use crate::work::Work;

/// What came of it (导入结果).
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// What the file says of itself, where it could be read.
    pub manifest: Option<Manifest>,
    /// What is wrong with it.
    pub findings: Findings,
    /// Rows of facts written.
    pub rows: u64,
    /// People who were not here: written down, without any right.
    pub new_users: Vec<String>,
}

impl Brought {
    fn refused(finding: Finding) -> Self {
        let mut brought = Self::default();
        brought.findings.push(finding);
        brought
    }
}

/// The sheets that are matched with what is here instead of being written as they are.
const PEOPLE: [&str; 3] = ["branches", "teams", "users"];
/// Series of numbers go on from the higher end.
const SERIES: &str = "number_series";

/// Brings the workbook in under `digest`, its name in the trail; the caller commits when nothing refuses.
///
/// # Errors
/// No permission, no key to personal data; the store's. What is wrong with the file is in the answer.
pub async fn bring(work: &mut Work, path: &Path, digest: &str, tell: Tell<'_>) -> Result<Brought, ActionError> {
    work.authorise(super::IMPORT)?;
    work.app.vault()?;
    let file = path.to_owned();
    tell(&Progress { phase: "checking", sheet: "", done: 0, expected: 0 });
    let opened = tokio::task::spawn_blocking(move || {
        measure(&file, &Bounds::default())?;
        Book::open(&file)
    });
    let opened = opened.await.map_err(|error| ActionError::Internal(error.to_string()))?;
    let book = match opened {
        Ok(book) => book,
        Err(finding) => return Ok(Brought::refused(finding)),
    };
    let manifest = book.manifest.clone();
    let sheets = sheets_of(&work.app);
    let mut findings = Findings::default();
    before(work, &manifest, &sheets, &mut findings).await?;
    already(work, digest, &mut findings).await?;
    if findings.bar() {
        return Ok(Brought { manifest: Some(manifest), findings, ..Brought::default() });
    }
    let tabs = tabs_by_sheet(&manifest);
    let order: Vec<Tab> = sheets.iter().filter_map(|sheet| tabs.get(sheet.key)).flatten().cloned().collect();
    let people = People::load(&mut work.tx).await?;
    let mut bringing = Bringing {
        manifest: &manifest,
        known: Known::new(work, people, digest.chars().take(16).collect())?,
        findings,
        new_users: Vec::new(),
        rows: 0,
        done: 0,
        tell,
    };
    bringing.all(work, &sheets, book.read(order)).await?;
    let Bringing { mut findings, new_users, rows, .. } = bringing;
    if !findings.bar() {
        remarks(&manifest, &new_users, &mut findings);
        let sheets: BTreeMap<&str, u64> =
            manifest.totals.iter().map(|(key, totals)| (key.as_str(), totals.rows)).collect();
        let after = json!({
            "digest": digest, "business_date": manifest.business_date, "institution": manifest.institution,
            "made_at": manifest.made_at, "rows": rows, "sheets": sheets, "new_users": new_users.len(),
        });
        work.audit(Entry::new(None, "book.import", "book").after(after)).await?;
    }
    Ok(Brought { manifest: Some(manifest), findings, rows, new_users })
}

/// Logins that are named; the page of people has all of them.
const NAMED: usize = 50;

/// What is left to do by hand once the book is in: people to let in, files that lie elsewhere.
fn remarks(manifest: &Manifest, new_users: &[String], findings: &mut Findings) {
    if !new_users.is_empty() {
        let mut people = new_users.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        if new_users.len() > NAMED {
            people.push_str(", …");
        }
        findings.push(Finding::file("new-people").with("count", new_users.len()).with("people", people).warning());
    }
    let files = manifest.totals.get("attachments").map_or(0, |totals| totals.rows);
    if files > 0 {
        findings.push(Finding::file("files-elsewhere").with("files", files).warning());
    }
}

/// What must hold before a row is read.
async fn before(
    work: &mut Work,
    manifest: &Manifest,
    sheets: &[Sheet],
    findings: &mut Findings,
) -> Result<(), ActionError> {
    if !manifest.clear {
        findings.push(Finding::file("masked"));
    }
    for sheet in sheets {
        match (manifest.totals.contains_key(sheet.key), manifest.tabs.iter().any(|tab| tab.sheet == sheet.key)) {
            (true, true) => {}
            _ => findings.push(Finding::file("no-sheet").with("sheet", sheet.title)),
        }
        let open = PEOPLE.contains(&sheet.key) || sheet.key == SERIES || sheet.nature == Nature::Derived;
        let there = if open { 0 } else { Reading::of(sheet, false).count(work).await? };
        if there > 0 {
            findings.push(Finding::file("not-empty").with("sheet", sheet.title).with("rows", there));
        }
    }
    for key in manifest.totals.keys().filter(|key| !sheets.iter().any(|sheet| sheet.key == key.as_str())) {
        findings.push(Finding::file("unknown-sheet").with("sheet", key));
    }
    for (name, digest) in basis(&mut work.tx).await? {
        if manifest.basis.get(&name) != Some(&digest) {
            findings.push(Finding::file(&format!("other-{name}")).warning());
        }
    }
    business_date(work, manifest, findings).await
}

/// The same file came in before: said beside the rows that are there for it.
async fn already(work: &mut Work, digest: &str, findings: &mut Findings) -> Result<(), StoreError> {
    if !findings.bar() {
        return Ok(());
    }
    let sql = "select at, after_json from audit_entry where action = 'book.import' order by at desc limit $1";
    for row in work.tx.fetch_all(sql, args![20_i64]).await? {
        let after: Option<serde_json::Value> =
            row.get::<Option<String>>("after_json")?.and_then(|text| serde_json::from_str(&text).ok());
        if after.is_some_and(|after| after["digest"] == digest) {
            findings.push(Finding::file("already").with("at", crate::clock::civil_minute(row.get("at")?)));
            break;
        }
    }
    Ok(())
}

/// The book stands on its own business date. An institution that never closed a day takes it over: setting a date is
/// part of setting up, and nothing here is dated yet.
async fn business_date(work: &mut Work, manifest: &Manifest, findings: &mut Findings) -> Result<(), ActionError> {
    if manifest.business_date == work.business_date || findings.bar() {
        return Ok(());
    }
    if calendar::store::sealed_on(&mut work.tx).await?.is_some() {
        let wrong = Finding::file("business-date").with("book", manifest.business_date);
        findings.push(wrong.with("here", work.business_date));
        return Ok(());
    }
    calendar::store::move_business_date(&mut work.tx, work.business_date, manifest.business_date, work.now).await?;
    work.business_date = manifest.business_date;
    Ok(())
}

struct Bringing<'a> {
    manifest: &'a Manifest,
    known: Known,
    findings: Findings,
    new_users: Vec<String>,
    rows: u64,
    /// Rows of the sheet under way.
    done: u64,
    tell: Tell<'a>,
}

impl Bringing<'_> {
    async fn all(
        &mut self,
        work: &mut Work,
        sheets: &[Sheet],
        mut lines: mpsc::Receiver<Read>,
    ) -> Result<(), ActionError> {
        let mut settled = false;
        let mut waiting = None;
        for sheet in sheets {
            if sheet.nature == Nature::Derived {
                if !settled && !self.findings.bar() {
                    self.settle(work).await?;
                }
                settled = true;
            }
            self.done = 0;
            let end = match sheet.nature {
                Nature::Fact => self.facts(work, sheet, &mut lines, &mut waiting).await?,
                Nature::Derived => self.derived(work, sheet, &mut lines, &mut waiting).await?,
            };
            if end == End::Broken {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads the tabs of one sheet and writes their rows.
    async fn facts(
        &mut self,
        work: &mut Work,
        sheet: &Sheet,
        lines: &mut mpsc::Receiver<Read>,
        waiting: &mut Option<Read>,
    ) -> Result<End, ActionError> {
        let taking = Taking::of(sheet);
        let mut tally = Tally::of(sheet);
        let mut tab = String::new();
        while let Some(read) = self.next(sheet, lines, waiting).await {
            match read {
                Read::Tab { name, keys } => {
                    if !self.keys(&taking, &name, &keys) {
                        return Ok(End::Broken);
                    }
                    tab = name;
                }
                Read::Lines(some) => {
                    if !self.write(work, &taking, &tab, some, &mut tally).await? {
                        return Ok(End::Broken);
                    }
                }
                Read::Wrong(finding) => {
                    self.findings.push(finding);
                    return Ok(End::Broken);
                }
            }
        }
        self.totals(sheet, tally);
        Ok(End::Through)
    }

    async fn derived(
        &mut self,
        work: &mut Work,
        sheet: &Sheet,
        lines: &mut mpsc::Receiver<Read>,
        waiting: &mut Option<Read>,
    ) -> Result<End, ActionError> {
        let taking = Taking::of(sheet);
        let mut comparing = (!self.findings.bar()).then(|| Comparing::of(sheet));
        let (mut tab, mut rows) = (String::new(), 0_u64);
        while let Some(read) = self.next(sheet, lines, waiting).await {
            match read {
                Read::Tab { name, keys } => {
                    if !self.keys(&taking, &name, &keys) {
                        return Ok(End::Broken);
                    }
                    tab = name;
                }
                Read::Lines(some) => {
                    rows += some.len() as u64;
                    self.told("comparing", sheet, some.len());
                    for line in some {
                        let number = line.number;
                        let (cells, good) = taking.cells(&tab, line, &mut self.findings);
                        if let Some(comparing) = comparing.as_mut().filter(|_| good) {
                            comparing.row(work, &self.known.people, &tab, number, &cells, &mut self.findings).await?;
                        }
                    }
                }
                Read::Wrong(finding) => {
                    self.findings.push(finding);
                    return Ok(End::Broken);
                }
            }
        }
        if let Some(comparing) = comparing.as_mut() {
            comparing.end(work, &self.known.people, &mut self.findings).await?;
        }
        let said = self.manifest.totals.get(sheet.key).map_or(0, |totals| totals.rows);
        if rows != said {
            let wrong = Finding::sheet("rows-differ", sheet.title).with("said", said).with("found", rows);
            self.findings.push(wrong);
        }
        Ok(End::Through)
    }

    /// The next piece of this sheet; the first piece of another one waits.
    async fn next(&self, sheet: &Sheet, lines: &mut mpsc::Receiver<Read>, waiting: &mut Option<Read>) -> Option<Read> {
        let read = match waiting.take() {
            Some(read) => read,
            None => lines.recv().await?,
        };
        let other = match &read {
            Read::Tab { name, .. } => !self.manifest.tabs.iter().any(|tab| tab.name == *name && tab.sheet == sheet.key),
            Read::Lines(_) | Read::Wrong(_) => false,
        };
        if other {
            *waiting = Some(read);
            return None;
        }
        Some(read)
    }

    fn keys(&mut self, taking: &Taking<'_>, tab: &str, keys: &[String]) -> bool {
        let wanted: Vec<&str> = taking.columns.iter().map(super::sheet::Column::key).collect();
        let same = keys.len() == wanted.len() && keys.iter().zip(&wanted).all(|(left, right)| left == right);
        if !same {
            let lacking = wanted.iter().find(|key| !keys.iter().any(|k| k == *key));
            let surplus = keys.iter().find(|key| !wanted.contains(&key.as_str()));
            let name = lacking.map(|k| (*k).to_owned()).or_else(|| surplus.cloned()).unwrap_or_default();
            self.findings.push(Finding::sheet("columns", tab).at(2).with("key", name));
        }
        same
    }

    /// Checks and writes some lines; false where nothing more can be written.
    async fn write(
        &mut self,
        work: &mut Work,
        taking: &Taking<'_>,
        tab: &str,
        lines: Vec<Line>,
        tally: &mut Tally,
    ) -> Result<bool, ActionError> {
        self.told("in", taking.sheet, lines.len());
        let (first, last) = (lines.first().map_or(0, |l| l.number), lines.last().map_or(0, |l| l.number));
        if PEOPLE.contains(&taking.sheet.key) {
            for line in lines {
                let number = line.number;
                let (cells, good) = taking.cells(tab, line, &mut self.findings);
                tally.add(&cells);
                if good {
                    let came = self.known.people.take(work, taking.sheet.key, &cells).await?;
                    self.came(came, tab, number);
                }
            }
            return Ok(true);
        }
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            if let Some(row) = taking.take(&mut self.known, tab, line, &mut self.findings) {
                tally.add(&row.cells);
                rows.push(row.values);
            }
        }
        if self.findings.bar() {
            return Ok(true);
        }
        self.rows += rows.len() as u64;
        match insert(work, taking, rows).await {
            Ok(()) => Ok(true),
            Err(error) if error.is_constraint_violation() => {
                tracing::warn!(sheet = taking.sheet.key, first, last, "the database refuses rows of a book");
                self.findings.push(Finding::sheet("refused-rows", tab).with("first", first).with("last", last));
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Notes what became of a line about branches, teams and people.
    fn came(&mut self, came: Came, tab: &str, line: u32) {
        let about = |code: &str| Finding::sheet(code, tab).at(line);
        match came {
            Came::Settled => {}
            Came::Person(login) => self.new_users.push(login),
            Came::OtherKind(login) => {
                self.findings.push(about("other-kind").column("类别").with("login", login).warning());
            }
            Came::NoKind(found) => self.findings.push(about("no-kind").column("类别").with("found", found)),
        }
    }

    /// Compares what was read with what the first page says.
    fn totals(&mut self, sheet: &Sheet, tally: Tally) {
        let Some(said) = self.manifest.totals.get(sheet.key) else { return };
        if self.findings.bar() {
            // Rows that could not be read are missing from the sums: one cause, one finding.
            return;
        }
        let found = tally.end();
        if found.rows != said.rows {
            let wrong = Finding::sheet("rows-differ", sheet.title).with("said", said.rows).with("found", found.rows);
            self.findings.push(wrong);
        }
        for (column, sum) in &found.sums {
            let wanted = said.sums.get(column).map_or("", String::as_str);
            if wanted != sum {
                let wrong = Finding::sheet("sum-differs", sheet.title).column(column);
                self.findings.push(wrong.with("said", wanted).with("found", sum));
            }
        }
        if found.digest != said.digest {
            self.findings.push(Finding::sheet("changed", sheet.title).warning());
        }
    }

    /// Computes the caches of all capabilities.
    async fn settle(&mut self, work: &mut Work) -> Result<(), ActionError> {
        let app = work.app.clone();
        let expected = self.manifest.totals.get("loans").map_or(0, |totals| totals.rows);
        let tell = self.tell;
        let say = move |done: u64| tell(&Progress { phase: "settling", sheet: "", done, expected });
        for settle in app.capabilities.iter().filter_map(|one| one.book().settle) {
            for one in settle(work, &say).await? {
                let wrong = Finding::sheet("unsettled", one.sheet);
                self.findings.push(wrong.with("number", one.number).with("why", one.why));
            }
        }
        Ok(())
    }

    fn told(&mut self, phase: &'static str, sheet: &Sheet, rows: usize) {
        self.done += rows as u64;
        let expected = self.manifest.totals.get(sheet.key).map_or(0, |totals| totals.rows);
        (self.tell)(&Progress { phase, sheet: sheet.title, done: self.done, expected });
    }
}

/// How reading a sheet ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Its rows are read; another sheet follows.
    Through,
    /// Nothing more can be read or written.
    Broken,
}

/// Writes rows, and the look-up of their numbers.
async fn insert(work: &mut Work, taking: &Taking<'_>, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    let sheet = taking.sheet;
    let fields = taking.fields();
    if let Some((kind, leads_to)) = sheet.numbered {
        let place = |field: &str| fields.iter().position(|name| *name == field);
        if let (Some(number), Some(customer), Some(id)) = (place("number"), place("customer_id"), place(leads_to)) {
            let of = |row: &Vec<Value>| {
                vec![Value::Text(kind.to_owned()), row[number].clone(), row[customer].clone(), row[id].clone()]
            };
            let numbers = rows.iter().map(of).collect();
            let head = "insert into number_lookup (kind, number, customer_id, id)";
            work.tx.write_rows(head, "", numbers).await?;
        }
    }
    let tail = match sheet.key {
        SERIES => {
            "on conflict (kind, period) do update set last = case when excluded.last > number_sequence.last \
             then excluded.last else number_sequence.last end"
        }
        _ => "",
    };
    // Table and fields are the capabilities' own constants.
    let head = format!("insert into {} ({})", sheet.table, fields.join(", "));
    work.tx.write_rows_into(&head, tail, rows).await.map(drop)
}
