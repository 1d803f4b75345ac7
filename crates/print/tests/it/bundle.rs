//! Bundles: an index that tells the true page, pictures and PDFs as pages, and the files that stay outside.

use print::{Align, Bundle, Chapter, Column, EnclosedKind, Enclosure, Lang, ReportTable, Section};

use crate::{assert_holds, print, samples, text_of};

/// Two grey points.
const PNG: [u8; 68] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0, 209, 73, 32,
    86, 0, 0, 0, 11, 73, 68, 65, 84, 120, 156, 99, 48, 184, 0, 0, 1, 51, 1, 1, 240, 107, 55, 51, 0, 0, 0, 0, 73, 69,
    78, 68, 174, 66, 96, 130,
];

fn bundle(enclosures: Vec<Enclosure>) -> Bundle {
    let column = |title: &str, align, share| Column { title: title.into(), align, share };
    let rows = (1..=90).map(|no| vec![format!("T{no:04}"), "还款 #panic()".into(), "1,234.56".into()]).collect();
    let table = ReportTable {
        columns: vec![
            column("流水号", Align::Left, 0),
            column("种类", Align::Left, 1),
            column("金额", Align::Right, 0),
        ],
        rows,
    };
    Bundle {
        frame: samples::frame(Lang::Zh, "SJ2026000003", "bundle", "民法典第六百七十四条"),
        title: "诉讼卷宗".into(),
        subtitle: vec!["用于起诉".into()],
        facts: vec![("借款人".into(), "梁文博".into()), ("截至".into(), "2026-03-12".into())],
        index_title: "目录".into(),
        chapters: vec![
            Chapter {
                title: "一、当事人".into(), sections: vec![Section::words("", "出借人：衡川小额贷款有限公司")]
            },
            Chapter {
                title: "二、借据流水".into(),
                sections: vec![Section { title: "JJ-2026-00418".into(), paragraphs: Vec::new(), table: Some(table) }],
            },
            Chapter { title: "三、证据清单".into(), sections: vec![Section::words("", "见附件")] },
        ],
        enclosures,
        signatures: vec!["编制人：".into()],
    }
}

// S4-24. Rule `bundle.paper`
#[test]
fn a_bundle_has_an_index_and_its_enclosures_as_pages() {
    let inner = print("bundle-inner", &samples::schedule(Lang::Zh)).pdf;
    let open = |title: &str, kind, bytes: Vec<u8>| {
        Enclosure::open(title.to_owned(), "sha-256 0123456789abcdef".to_owned(), kind, bytes).unwrap()
    };
    let enclosures = vec![
        open("附件 1 签收回执", EnclosedKind::Png, PNG.to_vec()),
        open("附件 2 还款计划表", EnclosedKind::Pdf, inner),
    ];
    assert_eq!(enclosures[1].pages(), 1);
    let printed = print("bundle-zh", &bundle(enclosures));
    let text = text_of(&printed);
    assert_holds(
        &text,
        &["诉讼卷宗", "编号 SJ2026000003 · 用于起诉", "二、借据流水", "还款 #panic()", "T0090", "sha-256"],
    );
    let last = printed.pages;
    let index = text.split('\u{c}').next().unwrap();
    let line = |what: &str| index.lines().find(|line| line.contains(what)).unwrap().to_owned();
    assert!(line("一、当事人").trim_end().ends_with(" 2") || line("一、当事人").trim_end().ends_with(".2"), "{index}");
    assert!(line("附件 2 还款计划表").trim_end().ends_with(&last.to_string()), "{index}");
    let pages: Vec<&str> = text.split('\u{c}').collect();
    assert!(pages[last - 1].contains("附件 2") && pages[last - 1].contains("319,855.63"), "the page is taken over");
}

#[test]
fn a_bundle_without_enclosures_prints_too() {
    let printed = print("bundle-bare", &bundle(Vec::new()));
    assert_holds(&text_of(&printed), &["三、证据清单", "编制人："]);
}
