//! 贷款台账: the list component with everything on it.

use jiff::civil::{Date, date};
use platform::locale::Lang;
use platform::page::list::{
    Batch, BatchVerb, Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, Sort, View,
};
use platform::page::{Button, Choice, Empty, Guard, Icon, LoanClass, Look, Page};

use crate::sample::{frame, say};

fn spec(lang: Lang) -> ListSpec {
    let say = |chinese, english| say(lang, chinese, english);
    let view = |id: &str, text, count, shared| View { id: id.into(), text, count: Some(count), shared };
    let security = vec![
        Choice::new("guarantee", say("保证", "Guarantee")),
        Choice::new("mortgage", say("抵押", "Mortgage")),
        Choice::new("credit", say("信用", "Credit")),
    ];
    let verb = |action: &str, text, icon| BatchVerb { action: action.into(), text, icon };
    ListSpec {
        path: format!("/{}/ledger", lang.tag()),
        columns: vec![
            Column::new("no", "g-no", ColumnKind::Text).sortable(),
            Column::new("customer", "g-customer", ColumnKind::Text),
            Column::new("identity", "g-identity", ColumnKind::Text),
            Column::new("balance", "g-balance", ColumnKind::Money).sortable(),
            Column::new("owed", "g-owed", ColumnKind::Money),
            Column::new("overdue", "g-overdue", ColumnKind::State).sortable(),
            Column::new("class", "g-class", ColumnKind::State),
            Column::new("rate", "g-rate", ColumnKind::Rate),
            Column::new("oldest", "g-oldest", ColumnKind::Date),
            Column::new("officer", "g-officer", ColumnKind::Text),
            Column::new("branch", "g-branch", ColumnKind::Text).hidden(),
        ],
        filters: vec![
            Filter::new("overdue", "g-days", FilterKind::Range),
            Filter::new("security", "g-security", FilterKind::Choice(security)),
            Filter::new("balance", "g-balance", FilterKind::Money),
            Filter::new("due", "g-due", FilterKind::Dates),
            Filter::new("name", "g-customer", FilterKind::Text).more(),
        ],
        views: vec![
            view("all", say("全部在贷", "All loans"), 1286, false),
            view("mine", say("我的", "Mine"), 128, false),
            view("overdue", say("逾期 1–60 天", "Overdue 1–60 d"), 46, false),
            view("week", say("本周到期", "Due this week"), 63, false),
            view("review", say("周会复核（共享）", "Weekly review (shared)"), 22, true),
        ],
        default_sort: Some(Sort { column: "overdue", descending: true }),
        export: Some("/ledger/export.xlsx".into()),
        batch: Some(Batch {
            verbs: vec![
                verb("/assign", say("转派", "Assign"), Icon::UserShare),
                verb("/letters", say("生成催收函", "Letters"), Icon::Mail),
                verb("/export", say("导出所选", "Export"), Icon::FileExport),
            ],
            guard: Guard { csrf: "sample".into(), once: "sample".into() },
        }),
        counted: "g-loans",
        ..ListSpec::default()
    }
}

/// The page.
pub fn page(lang: Lang, query: &str) -> Result<String, askama::Error> {
    let frame = frame(lang);
    let spec = spec(lang);
    let query = if query.is_empty() { "view=overdue&overdue.from=1&overdue.to=60&unit=wan" } else { query };
    let asked = match ListQuery::parse(&spec, query) {
        Ok(asked) => asked,
        Err(error) => {
            let (id, arguments) = error.message();
            return Ok(frame.ui.tn(id, &arguments));
        }
    };
    let rows: Vec<Row> = LOANS.iter().map(|loan| row(loan, lang)).collect();
    let result = ListPage {
        rows,
        page_totals: vec![("balance", 687_950_000), ("owed", 45_170_000)],
        totals: vec![("balance", 1_300_400_000), ("owed", 118_360_000)],
        count: 46,
        empty: None,
    };
    let repay = Button::link(Look::Primary, say(lang, "登记还款", "Record repayment"), "/repay").icon(Icon::Cash);
    let mut actions = frame.ui.list_tools(&spec, &asked, result.count);
    actions.push(&frame.ui.button(repay));
    let page = Page::new(say(lang, "贷款台账", "Loan ledger"), "ledger")
        .subtitle(say(lang, "截至 2026-11-20 营业日", "as of business date 2026-11-20"))
        .actions(actions);
    Ok(frame.render_html(&page, &frame.ui.list(&spec, &asked, &result))?.0)
}

/// The same list without rows.
pub fn nothing(lang: Lang) -> Result<String, askama::Error> {
    let frame = frame(lang);
    let spec = spec(lang);
    let asked = ListQuery::of(&spec);
    let empty = Empty {
        icon: Some(Icon::Notebook),
        title: say(lang, "还没有借据", "No loans yet"),
        text: say(
            lang,
            "导入现有台账，或登记第一笔放款后，这里按账龄列出每一笔。",
            "Import the book you keep today, or record the first drawdown; each loan then stands here.",
        ),
        step: Some(
            Button::link(Look::Secondary, say(lang, "导入台账", "Import a book"), "/import").icon(Icon::TableImport),
        ),
    };
    let result = ListPage { empty: Some(empty), ..ListPage::default() };
    let page = Page::new(say(lang, "贷款台账", "Loan ledger"), "ledger");
    Ok(frame.render_html(&page, &frame.ui.list(&spec, &asked, &result))?.0)
}

type Loan = (&'static str, &'static str, &'static str, i64, i64, i64, LoanClass, i64, Date);

const LOANS: [Loan; 15] = [
    (
        "JJ-2025-00931",
        "杨志远",
        "999***********0514",
        46_200_000,
        6_210_000,
        57,
        LoanClass::SpecialMention,
        120_000_000,
        date(2026, 9, 24),
    ),
    (
        "JJ-2025-00590",
        "郭振华",
        "999***********7715",
        36_800_000,
        5_020_000,
        52,
        LoanClass::SpecialMention,
        120_000_000,
        date(2026, 9, 29),
    ),
    (
        "JJ-2025-00612",
        "泰和纺织有限公司",
        "99999*********4TQ7",
        120_000_000,
        5_870_000,
        44,
        LoanClass::SpecialMention,
        102_000_000,
        date(2026, 10, 7),
    ),
    (
        "JJ-2026-00502",
        "陆建新",
        "999***********3935",
        27_900_000,
        3_180_000,
        41,
        LoanClass::SpecialMention,
        120_000_000,
        date(2026, 10, 10),
    ),
    (
        "JJ-2026-00418",
        "梁文博",
        "999***********3317",
        14_610_000,
        4_380_000,
        39,
        LoanClass::SpecialMention,
        120_000_000,
        date(2026, 10, 12),
    ),
    (
        "JJ-2026-00340",
        "沈国平",
        "999***********1156",
        58_400_000,
        4_050_000,
        33,
        LoanClass::SpecialMention,
        120_000_000,
        date(2026, 10, 18),
    ),
    (
        "JJ-2026-00113",
        "曹丽萍",
        "999***********482X",
        18_200_000,
        1_770_000,
        29,
        LoanClass::Pass,
        120_000_000,
        date(2026, 10, 22),
    ),
    (
        "JJ-2026-00719",
        "唐海燕",
        "999***********664X",
        31_750_000,
        2_300_000,
        26,
        LoanClass::Pass,
        120_000_000,
        date(2026, 10, 25),
    ),
    (
        "JJ-2025-00795",
        "禾木家具有限公司",
        "99999*********2WB6",
        70_000_000,
        2_860_000,
        22,
        LoanClass::Pass,
        108_000_000,
        date(2026, 10, 29),
    ),
    (
        "JJ-2025-00866",
        "永固建材有限公司",
        "99999*********9R2L",
        95_000_000,
        3_420_000,
        19,
        LoanClass::Pass,
        108_000_000,
        date(2026, 11, 1),
    ),
    (
        "JJ-2025-00744",
        "启明模具有限公司",
        "99999*********H58D",
        64_500_000,
        2_110_000,
        15,
        LoanClass::Pass,
        108_000_000,
        date(2026, 11, 5),
    ),
    (
        "JJ-2026-00207",
        "锦程包装有限公司",
        "99999*********K43X",
        82_000_000,
        1_940_000,
        12,
        LoanClass::Pass,
        108_000_000,
        date(2026, 11, 8),
    ),
    (
        "JJ-2026-00488",
        "吴晓梅",
        "999***********0027",
        7_350_000,
        660_000,
        8,
        LoanClass::SpecialMention,
        144_000_000,
        date(2026, 11, 12),
    ),
    (
        "JJ-2026-00861",
        "邵伟",
        "999***********9019",
        5_600_000,
        480_000,
        6,
        LoanClass::SpecialMention,
        144_000_000,
        date(2026, 11, 14),
    ),
    (
        "JJ-2026-00655",
        "许国栋",
        "999***********2298",
        9_640_000,
        920_000,
        3,
        LoanClass::SpecialMention,
        144_000_000,
        date(2026, 11, 17),
    ),
];

fn row(loan: &Loan, lang: Lang) -> Row {
    let (no, name, identity, balance, owed, days, class, rate, oldest) = *loan;
    Row {
        key: no.into(),
        href: format!("/{}/loan", lang.tag()),
        cells: vec![
            Cell::Link(no.into(), format!("/{}/loan", lang.tag())),
            Cell::Strong(name.into()),
            Cell::Muted(identity.into()),
            Cell::Money(balance),
            Cell::Money(owed),
            Cell::Bucket(days),
            Cell::Class(class),
            Cell::Rate(rate),
            Cell::Date(oldest),
            Cell::Text(say(lang, "林静怡", "Lin Jingyi")),
            Cell::Text(say(lang, "本部", "HQ")),
        ],
    }
}
