//! Small workbooks with other headings, positions and units than the two fixtures, and hostile ones.

use std::io::Write as _;

use finance::Fen;
use jiff::civil::date;
use platform::sheets::{self, Limits, SheetError, Workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Writer};

use super::*;

fn conventions() -> Conventions {
    Conventions::proposed(date(2026, 6, 30))
}

/// A sheet of texts, one row a line, cells parted by `|`; a cell `#12.5` is a number.
fn sheet(writer: &mut Writer, name: &str, rows: &[&str]) {
    let page = writer.add_worksheet();
    page.set_name(name).unwrap();
    for (row, line) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(line.split('|')) {
            match cell.strip_prefix('#').and_then(|n| n.parse::<f64>().ok()) {
                Some(number) => drop(page.write_number(row, column, number).unwrap()),
                None if cell.is_empty() => {}
                None => drop(page.write_string(row, column, cell).unwrap()),
            }
        }
    }
}

fn workbook(rows: &[(&str, &[&str])]) -> Workbook {
    let mut writer = Writer::new();
    for (name, rows) in rows {
        sheet(&mut writer, name, rows);
    }
    sheets::read("t.xlsx", &writer.save_to_buffer().unwrap(), &Limits::default()).unwrap()
}

fn draft_of(book: &Workbook) -> BookDraft {
    read(book, &recognise(book, &[]), &conventions(), &mut |_| {})
}

fn codes(draft: &BookDraft) -> Vec<(u32, Option<u32>, &'static str)> {
    draft.refused.iter().map(|r| (r.row, r.column, r.code.code())).collect()
}

const LOANS: &str = "贷款编号|户名|身份证号码|发放金额|利率|结息方式|贷款起始日|贷款到期日";

#[test]
fn a_book_with_other_headings_positions_and_units_is_read() {
    let book = workbook(&[
        (
            "台账A",
            &[
                "某某互助社",
                "单位：万元|||",
                "",
                "|客户名称|证件号|贷款编号|借款金额|月息|还本付息方式|起始日期|期限|贷款方式|担保人|担保人身份证号|账面余额",
                "|柳庆琴|991716199204066459|D-001|#12.345|1分2厘|先息后本|24.3.5|1年|担保|魏兰萍|991125196012092361|0",
                "|孔磊|990725198102196923|D-002|5万元|8厘|等额本金|20240601|12个月|信用|",
                "|本年小计||||",
            ],
        ),
        (
            "收回情况",
            &[
                "收款日期|业务编号|实收金额(元)|收回本金|收息",
                "2025/3/5|D-001|#124931.4|#123450|#1481.4",
                "2024年7月1日|D-002|4,566.67||",
            ],
        ),
    ]);
    let draft = draft_of(&book);
    assert_eq!(codes(&draft), vec![]);
    assert_eq!(draft.layouts.iter().map(|l| l.role).collect::<Vec<_>>(), [Role::Loans, Role::Repayments]);
    let loan = &draft.loans[0];
    assert_eq!((loan.principal, loan.annual_rate_e9, loan.periods), (Fen(12_345_000), 144_000_000, 12));
    assert_eq!((loan.disbursed_on, loan.maturity_on), (date(2024, 3, 5), date(2025, 3, 5)));
    assert_eq!(draft.loans[1].principal, Fen(5_000_000));
    assert_eq!(draft.loans[1].annual_rate_e9, 96_000_000);
    assert_eq!(draft.guarantees.len(), 1);
    assert_eq!(draft.transactions[1].stated.unwrap().principal, Fen(12_345_000));
    assert_eq!(draft.transactions[3].on, date(2024, 7, 1));
}

#[test]
fn a_header_of_two_rows_is_read_by_its_groups() {
    let mut writer = Writer::new();
    let page = writer.add_worksheet();
    let plain = Format::new();
    for (column, text) in [(0u16, "借据号"), (1, "还款日期"), (2, "还款金额")] {
        page.merge_range(0, column, 1, column, text, &plain).unwrap();
    }
    page.merge_range(0, 3, 0, 4, "其中", &plain).unwrap();
    page.write_string(1, 3, "本金").unwrap();
    page.write_string(1, 4, "利息").unwrap();
    page.write_string(2, 0, "D-001").unwrap();
    let book = sheets::read("t.xlsx", &writer.save_to_buffer().unwrap(), &Limits::default()).unwrap();
    let layout = &recognise(&book, &[])[0];
    assert_eq!((layout.role, layout.header_rows.as_slice()), (Role::Repayments, [1, 2].as_slice()));
    assert_eq!(layout.column(Field::PaidPrincipal).unwrap().column, 4);
    assert_eq!(layout.column(Field::PaidInterest).unwrap().column, 5);
}

#[test]
fn months_without_a_year_take_it_from_the_title_and_run_on() {
    let book = workbook(&[
        ("借据", &[LOANS, "W-1|柳庆琴|991716199204066459|#60000|12%|等额本息|2025-10-15|2026-10-15"]),
        ("回款", &["2025年回款表", "借据号|户名|11月|12月|1月|2月", "W-1|柳庆琴|5330.93|未还|#5330.93|－"]),
    ]);
    let draft = draft_of(&book);
    assert_eq!(codes(&draft), vec![]);
    let dates: Vec<_> = draft.transactions.iter().map(|t| t.on).collect();
    assert_eq!(dates, [date(2025, 10, 15), date(2025, 11, 15), date(2026, 1, 15)]);
}

#[test]
fn an_answer_given_once_is_remembered_for_the_same_headings() {
    let rows: &[&str] = &[
        "编号甲|户名|身份证号|金额|利率|还款方式|放款日|到期日|期末数",
        "Z-1|柳庆琴|991716199204066459|#100|12%|利随本清|2025-1-1|2025-7-1|#100",
    ];
    let book = workbook(&[("甲", rows)]);
    let mut layouts = recognise(&book, &[]);
    assert!(!layouts[0].has(Field::LoanNo));
    assert_eq!(codes(&read(&book, &layouts, &conventions(), &mut |_| {}))[0].2, "loan_no_missing");
    for (heading, field) in [("编号甲", Field::LoanNo), ("期末数", Field::Balance)] {
        layouts[0].columns.iter_mut().find(|c| c.heading == heading).unwrap().field = Some(field);
    }
    let remembered = [layouts[0].mapping()];
    let again = recognise(&workbook(&[("别的名字", rows)]), &remembered);
    assert_eq!(again[0].column(Field::LoanNo).unwrap().confidence, 100);
    let renamed = workbook(&[("别的名字", rows)]);
    let draft = read(&renamed, &again, &conventions(), &mut |_| {});
    assert_eq!((draft.loans[0].no.as_str(), draft.loans[0].balance), ("Z-1", Some(Fen(10_000))));
}

#[test]
fn every_wrong_cell_of_a_row_is_named_at_once() {
    let book = workbook(&[(
        "借据",
        &[
            LOANS,
            "E-1|甲|991716199204066459|待定|面议|见合同|2024-02-30|2025-1-1",
            "E-2|乙|991125196012092361|-5|12%|利随本清|2024-1-1|2023-1-1",
            "E-3|丙||999999999999999999|12%|利随本清|2024-1-1|2025-1-1",
            "|丁||100|12%|利随本清|2024-1-1|2025-1-1",
            "E-5|戊||100|12%|利随本清|1|2025-1-1",
            "E-6|己||100|12%|利随本清|2024-1-1|2199-1-1",
            "E-7|庚||0|12%|利随本清|2024-1-1|2025-1-1",
            "E-8|辛||10000000000000|12%|利随本清|2024-1-1|2025-1-1",
            "E-9|壬||100|12%|等额本息|2024-1-1|2124-1-1",
        ],
    )]);
    let expected = vec![
        (2, Some(4), "amount_unreadable"),
        (2, Some(5), "rate_unreadable"),
        (2, Some(6), "method_unknown"),
        (2, Some(7), "date_impossible"),
        (3, Some(4), "amount_unreadable"),
        (3, Some(8), "maturity_before_start"),
        (4, Some(4), "amount_unreadable"),
        (5, Some(1), "loan_no_missing"),
        (6, Some(7), "date_unreadable"),
        (7, Some(8), "terms_absurd"),
        (8, Some(4), "amount_unreadable"),
        (9, Some(4), "terms_absurd"),
        (10, Some(8), "terms_absurd"),
    ];
    let draft = draft_of(&book);
    assert_eq!(codes(&draft), expected);
    assert_eq!((draft.loans.len(), draft.customers.len()), (0, 0), "a refused row leaves nothing behind");
}

#[test]
fn a_repeated_row_is_a_notice_and_a_taken_number_an_error() {
    let one = "K-1|甲|991716199204066459|#100|12%|利随本清|2025-1-1|2025-7-1";
    let other = "K-1|甲|991716199204066459|#200|12%|利随本清|2025-1-1|2025-7-1";
    let two_names = "K-2|乙|991716199204066459|#100|12%|利随本清|2025-1-1|2025-7-1";
    let draft = draft_of(&workbook(&[("借据", &[LOANS, one, one, other, two_names])]));
    assert_eq!(
        codes(&draft),
        [(3, Some(1), "duplicate_row"), (4, Some(1), "loan_no_taken"), (5, Some(2), "id_two_names")]
    );
    assert_eq!(draft.refused[0].facts[1], ("first-row".to_owned(), "2".to_owned()));
}

#[test]
fn equal_repayments_are_all_kept_with_an_ordinal_and_a_repeated_voucher_is_not() {
    let loans: &[&str] = &[LOANS, "R-1|甲|991716199204066459|#10000|12%|利随本清|2025-1-1|2026-1-1"];
    let paid: &[&str] = &[
        "凭证号|借据号|还款日期|还款金额",
        "A1|R-1|2025-3-1|#100",
        "A2|R-1|2025-3-1|#100",
        "A2|R-1|2025-3-1|#100",
        "A3|R-1|2024-12-1|#100",
        "A4|R-1|2026-7-1|#100",
    ];
    let draft = draft_of(&workbook(&[("借据", loans), ("还款", paid)]));
    let ordinals: Vec<_> = draft.transactions.iter().skip(1).map(|t| (t.ordinal, t.key.as_str())).collect();
    assert_eq!(ordinals, [(1, "repayment|R-1|2025-03-01|10000|1"), (2, "repayment|R-1|2025-03-01|10000|2")]);
    assert_eq!(
        codes(&draft),
        [(4, Some(1), "duplicate_row"), (5, Some(3), "date_before_disbursement"), (6, Some(3), "date_in_future")]
    );
    assert_eq!(draft.warnings.iter().map(|w| w.code.code()).collect::<Vec<_>>(), ["equal_rows"]);
}

#[test]
fn dates_as_numbers_and_formulas_with_empty_results_are_read_or_named() {
    let mut writer = Writer::new();
    sheet(
        &mut writer,
        "借据",
        &[
            LOANS,
            "F-1|甲|991716199204066459||12%|利随本清|#45658|#20260101",
            "F-2|乙|991125196012092361||#0.12|利随本清||",
        ],
    );
    let page = writer.worksheet_from_index(0).unwrap();
    page.write_formula(1, 3, Formula::new("8*10000").set_result("80000")).unwrap();
    page.write_formula(2, 3, Formula::new("Z1*10000").set_result("")).unwrap();
    let day = Format::new().set_num_format("yyyy年m月d日");
    page.write_datetime_with_format(2, 6, ExcelDateTime::from_ymd(2025, 2, 28).unwrap(), &day).unwrap();
    page.write_datetime_with_format(2, 7, ExcelDateTime::from_ymd(2026, 2, 28).unwrap(), &day).unwrap();
    let book = sheets::read("t.xlsx", &writer.save_to_buffer().unwrap(), &Limits::default()).unwrap();
    let draft = draft_of(&book);
    let loan = &draft.loans[0];
    assert_eq!(
        (loan.principal, loan.disbursed_on, loan.maturity_on),
        (Fen(8_000_000), date(2025, 1, 1), date(2026, 1, 1))
    );
    // An empty text is a result; a formula without any is in `ledger-by-year`, 2025年!G23.
    assert_eq!(codes(&draft), [(3, Some(4), "amount_unreadable")]);
}

#[test]
fn the_same_book_as_gbk_text_gives_the_same_records() {
    let rows = [LOANS, "C-1|甲|991716199204066459|60,000.00|12%|等额本息|2025-10-15|2026-10-15"];
    let csv: String =
        rows.iter().map(|r| r.split('|').map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(",") + "\r\n").collect();
    let gbk = encoding_rs::GBK.encode(&csv).0.into_owned();
    assert_ne!(gbk, csv.as_bytes());
    let from_excel = workbook(&[("借据", &rows)]);
    let b = draft_of(&from_excel);
    assert_eq!(b.loans.len(), 1);
    for bytes in [csv.into_bytes(), gbk] {
        let a = draft_of(&sheets::read("借据.csv", &bytes, &Limits::default()).unwrap());
        assert_eq!((&a.loans, &a.customers, &a.transactions), (&b.loans, &b.customers, &b.transactions));
    }
}

#[test]
fn hidden_sheets_rows_and_columns_are_data_and_told() {
    let mut writer = Writer::new();
    sheet(&mut writer, "说明", &["无"]);
    sheet(&mut writer, "借据", &[LOANS, "H-1|甲|991716199204066459|#100|12%|利随本清|2025-1-1|2026-1-1"]);
    let page = writer.worksheet_from_index(1).unwrap();
    page.set_row_hidden(1).unwrap();
    page.set_column_hidden(2).unwrap();
    page.set_hidden(true);
    let book = sheets::read("t.xlsx", &writer.save_to_buffer().unwrap(), &Limits::default()).unwrap();
    let draft = draft_of(&book);
    assert_eq!(draft.loans.len(), 1);
    let told: Vec<_> = draft.warnings.iter().map(|w| w.code.code()).collect();
    assert_eq!(told, ["hidden_sheet", "hidden_column", "hidden_row"]);
}

/// An .xlsx of one sheet with this XML.
fn xlsx_with(sheet_xml: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                r#"{head}<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"{head}<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!(r#"{head}<worksheet xmlns="{main}">{sheet_xml}</worksheet>"#)),
    ];
    for (name, xml) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(xml.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_declared_million_of_columns_costs_nothing() {
    let xml = r#"<dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" hidden="1"/></cols><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="B1048576"><v>2</v></c></row></sheetData>"#;
    let book = sheets::read("t.xlsx", &xlsx_with(xml), &Limits::default()).unwrap();
    assert_eq!((book.sheets[0].rows.len(), book.sheets[0].last_row()), (2, 1_048_576));
    assert!(draft_of(&book).loans.is_empty());
    let far = r#"<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>"#;
    assert_eq!(sheets::read("t.xlsx", &xlsx_with(far), &Limits::default()).unwrap_err().code(), "too_many_columns");
}

#[test]
fn a_bomb_is_not_unpacked() {
    let blank = " ".repeat(3_000_000);
    let bytes = xlsx_with(&format!("<sheetData>{blank}</sheetData>"));
    assert!(bytes.len() < 20_000, "it is small on disk");
    let limits = Limits { unzipped_bytes: 1_000_000, ..Limits::default() };
    assert_eq!(sheets::read("t.xlsx", &bytes, &limits).unwrap_err(), SheetError::UnpacksTooLarge { limit: 1_000_000 });
}

#[test]
fn deep_formulas_and_broken_references_do_no_harm() {
    let deep = format!("{}1{}", "(".repeat(50_000), ")".repeat(50_000));
    let xml = format!(
        r#"<sheetData><row r="1"><c r="A1"><f>{deep}</f><v>7</v></c><c r="B1"><f t="shared" si="4294967295"/><v>8</v></c></row></sheetData>"#
    );
    let book = sheets::read("t.xlsx", &xlsx_with(&xml), &Limits::default()).unwrap();
    let cell = book.sheets[0].cell(1, 1).unwrap();
    assert_eq!((cell.shown().as_str(), cell.formula.as_deref().unwrap().len() <= 200), ("7", true));
    for broken in [
        r#"<sheetData><row r="99999999999"><c r="A1"><v>1</v></c></row></sheetData>"#,
        r#"<sheetData><row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row></sheetData>"#,
        r#"<sheetData><row r="1"><c r="A1" t="s"><v>999999</v></c></row></sheetData>"#,
        r#"<sheetData><row r="1"><c r="A1"><v>1</v>"#,
    ] {
        // Refused or read, but never a crash.
        drop(sheets::read("t.xlsx", &xlsx_with(broken), &Limits::default()));
    }
    for rubbish in [&b"PK\x03\x04 no archive"[..], b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 no book", b"", b"\0\0\0\0"] {
        assert!(sheets::read("t.xlsx", rubbish, &Limits::default()).is_err());
    }
}

#[test]
fn findings_go_back_into_the_users_own_file() {
    let mut writer = Writer::new();
    sheet(&mut writer, "借据", &["标题", LOANS, "N-1|甲|991716199204066459|待定|12%|利随本清|2025-1-1|2026-1-1"]);
    let bytes = writer.save_to_buffer().unwrap();
    let book = sheets::read("t.xlsx", &bytes, &Limits::default()).unwrap();
    let notes = notes(&draft_of(&book), &|id, facts| match facts.iter().find(|(name, _)| name == "text") {
        Some((_, text)) => text.clone(),
        None => id.to_owned(),
    });
    let out = sheets::annotate("t.xlsx", &bytes, &notes, &Limits::default()).unwrap();
    let out = sheets::read("t.xlsx", &out, &Limits::default()).unwrap();
    assert_eq!(out.sheets[0].cell(2, 9).unwrap().text(), Some("book-check-heading"));
    assert_eq!(out.sheets[0].cell(3, 9).unwrap().text(), Some("[D] book-refused-amount-unreadable"));
    assert_eq!(out.sheets[0].cell(3, 4).unwrap().text(), Some("待定"));
}

#[test]
fn every_code_field_and_role_has_its_message_in_both_languages() {
    let mut ids: Vec<String> = Vec::new();
    ids.extend(RefusalCode::ALL.iter().map(|c| format!("book-refused-{}", c.code().replace('_', "-"))));
    ids.extend(WarningCode::ALL.iter().map(|c| format!("book-warning-{}", c.code().replace('_', "-"))));
    ids.extend(Field::ALL.iter().map(|f| format!("book-field-{}", f.code().replace('_', "-"))));
    ids.extend(Role::DATA.iter().chain([&Role::None]).map(|r| format!("book-role-{}", r.code())));
    for ftl in [include_str!("../../locales/zh-CN/book.ftl"), include_str!("../../locales/en/book.ftl")] {
        for id in &ids {
            assert!(ftl.lines().any(|line| line.starts_with(&format!("{id} ="))), "{id}");
        }
    }
}

/// A message of a locale file, for what has no variables.
fn message(ftl: &str, id: &str) -> String {
    let line = ftl.lines().find_map(|line| line.strip_prefix(&format!("{id} = ")));
    line.unwrap_or_else(|| panic!("{id}")).to_owned()
}

#[test]
fn our_template_is_recognised_in_both_languages_and_its_rules_and_sample_are_not_data() {
    for ftl in [include_str!("../../locales/zh-CN/book.ftl"), include_str!("../../locales/en/book.ftl")] {
        let template = template(&|id, _| message(ftl, id));
        let bytes = sheets::write_template(&template).unwrap();
        let book = sheets::read("t.xlsx", &bytes, &Limits::default()).unwrap();
        let layouts = recognise(&book, &[]);
        let roles: Vec<_> = layouts.iter().map(|l| l.role).collect();
        assert_eq!(roles, [Role::Customers, Role::Loans, Role::Repayments, Role::Security]);
        for (layout, sheet) in layouts.iter().zip(&template) {
            let mapped = layout.columns.iter().filter(|c| c.field.is_some() && c.confidence == 100).count();
            assert_eq!(mapped, sheet.columns.len(), "{layout:#?}");
        }
        let draft = read(&book, &layouts, &conventions(), &mut |_| {});
        assert_eq!((draft.totals(), draft.refused), (Totals::default(), vec![]));
    }
}

#[test]
fn a_full_row_is_data_whatever_it_begins_with_and_progress_reaches_the_end() {
    let rows: Vec<String> =
        (0..1_200).map(|n| format!("负责人{n}|P-{n}||#100|12%|利随本清|2025-1-1|2026-1-1")).collect();
    let mut lines = vec!["户名|借据号|身份证号|金额|利率|还款方式|放款日|到期日"];
    lines.extend(rows.iter().map(String::as_str));
    let book = workbook(&[("借据", &lines)]);
    let mut seen = Vec::new();
    let draft = read(&book, &recognise(&book, &[]), &conventions(), &mut |progress| seen.push(progress));
    assert_eq!((draft.loans.len(), draft.refused.len()), (1_200, 0));
    assert!(seen.len() >= 3 && seen.windows(2).all(|w| w[0].rows_done < w[1].rows_done), "{seen:?}");
    assert_eq!(seen.last().map(|p| (p.rows_done, p.rows_all)), Some((1_201, 1_201)));
}
