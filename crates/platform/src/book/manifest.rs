//! The first sheet: what the workbook is, and what stands on the others.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::cell::{Out, yuan};
use super::sheet::{Cell, Nature, Sheet};
use crate::args;
use crate::db::{StoreError, Tx};
use crate::hex::hex;

/// The tab of the first sheet.
pub(super) const TAB: &str = "说明";
/// The tab of texts that no cell holds.
pub(super) const LONG_TAB: &str = "长文本";
/// The layout of the workbook; another one is another number.
pub(super) const LAYOUT: i64 = 1;
/// Headings and keys of the first sheet.
pub(super) const HEADINGS: [&str; 6] = ["项目", "内容", "页签", "行数", "合计(元)", "摘要"];
pub(super) const KEYS: [&str; 6] = ["item", "value", "tab", "rows", "sums", "digest"];

/// What a workbook says of itself (首页说明).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The institution.
    pub institution: String,
    /// The business date of everything in it.
    pub business_date: Date,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom: log-in name.
    pub made_by: String,
    /// The program that made it.
    pub program: String,
    /// Why.
    pub reason: String,
    /// Whether personal data stands in clear; only then the workbook can come in again.
    pub clear: bool,
    /// Calendar, rates and policy that the derived sheets rest on, as digests.
    pub basis: BTreeMap<String, String>,
    /// The tabs in order.
    pub tabs: Vec<Tab>,
    /// Control totals by sheet.
    pub totals: BTreeMap<String, Totals>,
}

/// One tab (页签).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// The stable name of its sheet.
    pub sheet: String,
    /// The name on the tab.
    pub name: String,
    /// Rows of data.
    pub rows: u64,
}

/// Control totals of a sheet (控制总数).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Rows of data.
    pub rows: u64,
    /// Sums by column, in yuan.
    pub sums: BTreeMap<String, String>,
    /// A digest over all values.
    pub digest: String,
}

impl Manifest {
    /// Head of a workbook that is being made.
    pub(super) async fn begin(tx: &mut Tx, clear: bool, reason: &str) -> Result<Self, StoreError> {
        Ok(Self {
            institution: crate::access::store::institution(tx).await?,
            business_date: crate::calendar::business_date(tx).await?,
            made_at: Timestamp::UNIX_EPOCH,
            made_by: String::new(),
            program: format!("loanward {}", env!("CARGO_PKG_VERSION")),
            reason: reason.to_owned(),
            clear,
            basis: basis(tx).await?,
            tabs: Vec::new(),
            totals: BTreeMap::new(),
        })
    }

    /// The rows of the first sheet.
    pub(super) fn rows(&self) -> Vec<[String; 6]> {
        let line = |item: &str, value: String| {
            [item.to_owned(), value, String::new(), String::new(), String::new(), String::new()]
        };
        let mut all = vec![
            line("format", "loanward-book".to_owned()),
            line("layout", LAYOUT.to_string()),
            line("what", WHAT.to_owned()),
            line("program", self.program.clone()),
            line("institution", self.institution.clone()),
            line("business_date", self.business_date.to_string()),
            line("made_at", self.made_at.to_string()),
            line("made_by", self.made_by.clone()),
            line("reason", self.reason.clone()),
            line("personal_data", if self.clear { "clear" } else { "masked" }.to_owned()),
        ];
        all.extend(self.basis.iter().map(|(name, digest)| line(&format!("basis.{name}"), digest.clone())));
        let empty = String::new;
        all.extend(self.tabs.iter().map(|tab| {
            ["tab".to_owned(), tab.sheet.clone(), tab.name.clone(), tab.rows.to_string(), empty(), empty()]
        }));
        all.extend(self.totals.iter().map(|(sheet, totals)| {
            let sums = totals.sums.iter().map(|(column, sum)| format!("{column}={sum}")).collect::<Vec<_>>().join("; ");
            ["total".to_owned(), sheet.clone(), empty(), totals.rows.to_string(), sums, totals.digest.clone()]
        }));
        all
    }

    /// Reads the first sheet; names the item that is missing or cannot be read.
    pub(super) fn parse(rows: &[[String; 6]]) -> Result<Self, String> {
        let items: BTreeMap<&str, &str> =
            rows.iter().filter(|r| r[0] != "tab" && r[0] != "total").map(|r| (r[0].as_str(), r[1].as_str())).collect();
        let item = |name: &str| items.get(name).copied().ok_or_else(|| name.to_owned());
        if item("format")? != "loanward-book" {
            return Err("format".to_owned());
        }
        if item("layout")? != LAYOUT.to_string() {
            return Err("layout".to_owned());
        }
        let clear = match item("personal_data")? {
            "clear" => true,
            "masked" => false,
            _ => return Err("personal_data".to_owned()),
        };
        let count = |text: &str, name: &str| text.parse::<u64>().map_err(|_| name.to_owned());
        let mut tabs = Vec::new();
        let mut totals = BTreeMap::new();
        for row in rows {
            match row[0].as_str() {
                "tab" => {
                    tabs.push(Tab { sheet: row[1].clone(), name: row[2].clone(), rows: count(&row[3], "tab")? });
                }
                "total" => {
                    let sums = row[4].split("; ").filter_map(|part| part.split_once('='));
                    let sums = sums.map(|(column, sum)| (column.to_owned(), sum.to_owned())).collect();
                    let of = Totals { rows: count(&row[3], "total")?, sums, digest: row[5].clone() };
                    totals.insert(row[1].clone(), of);
                }
                _ => {}
            }
        }
        let basis = items
            .iter()
            .filter_map(|(name, digest)| Some((name.strip_prefix("basis.")?.to_owned(), (*digest).to_owned())));
        Ok(Self {
            institution: item("institution")?.to_owned(),
            business_date: item("business_date")?.parse().map_err(|_| "business_date".to_owned())?,
            made_at: item("made_at")?.parse().map_err(|_| "made_at".to_owned())?,
            made_by: item("made_by")?.to_owned(),
            program: item("program")?.to_owned(),
            reason: item("reason")?.to_owned(),
            clear,
            basis: basis.collect(),
            tabs,
            totals,
        })
    }

    /// Rows on all sheets.
    #[must_use]
    pub fn rows_in_all(&self) -> u64 {
        self.totals.values().map(|totals| totals.rows).sum()
    }
}

const WHAT: &str = "整本台账：每类一张表，第一行中文表头，第二行固定英文键，编号均为文本，金额单位元。事实表可重新导入，\
    推导表仅供查看，导入时重算并核对。请勿改动本页。 / The whole book: one sheet a noun, Chinese headings, stable keys \
    in the second row, keys of rows as text, money in yuan. Sheets of facts come in again; derived ones are for reading \
    and are computed anew and compared. Leave this page as it is.";

/// Calendar, rates and policy as digests.
pub(super) async fn basis(tx: &mut Tx) -> Result<BTreeMap<String, String>, StoreError> {
    let mut all = BTreeMap::new();
    let parts = [
        ("calendar", "select day_on, cast(rests as text) as rests from calendar_day order by day_on limit $1"),
        (
            "lpr",
            "select published_on, cast(one_year_e9 as text) as one, cast(five_years_e9 as text) as five \
             from lpr_rate order by published_on limit $1",
        ),
        (
            "policy",
            "select effective_from, digest from policy_version where state = 'approved' \
             order by effective_from, digest limit $1",
        ),
    ];
    for (name, sql) in parts {
        let mut digest = Sha256::new();
        for row in tx.fetch_all(sql, args![50_000_i64]).await? {
            for value in row.values() {
                if let crate::db::Value::Text(text) = value {
                    digest.update(text.as_bytes());
                }
                digest.update(b"\x1f");
            }
        }
        all.insert(name.to_owned(), hex(&digest.finalize()[..8]));
    }
    Ok(all)
}

/// Adds up a sheet while it passes.
pub(super) struct Tally {
    money: Vec<(usize, &'static str, i128)>,
    rows: u64,
    digest: Sha256,
}

impl Tally {
    pub(super) fn of(sheet: &Sheet) -> Self {
        let columns = sheet.in_file().enumerate().filter(|(_, column)| matches!(column.cell, Cell::Money));
        let money = columns.map(|(place, column)| (place, column.key(), 0)).collect();
        Self { money, rows: 0, digest: Sha256::new() }
    }

    pub(super) fn add(&mut self, row: &[Out]) {
        self.rows += 1;
        for value in row {
            self.digest.update(value.canonical().as_bytes());
            self.digest.update(b"\x1f");
        }
        self.digest.update(b"\n");
        for (place, _, sum) in &mut self.money {
            if let Some(Out::Money(fen)) = row.get(*place) {
                *sum += i128::from(*fen);
            }
        }
    }

    pub(super) fn end(self) -> Totals {
        Totals {
            rows: self.rows,
            sums: self.money.into_iter().map(|(_, column, sum)| (column.to_owned(), yuan(sum))).collect(),
            digest: hex(&self.digest.finalize()),
        }
    }
}

/// The heading of a tab says what kind of sheet it is.
pub(super) fn colour(nature: Nature) -> &'static str {
    match nature {
        Nature::Fact => "#2F6FED",
        Nature::Derived => "#9AA3AF",
    }
}
