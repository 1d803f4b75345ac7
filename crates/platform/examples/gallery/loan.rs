//! 借据: two clocks, a schedule that foots, the drawer that proves one figure.

use jiff::civil::{Date, date};
use platform::locale::Lang;
use platform::page::{
    Clocks, Derivation, FactLine, Html, Icon, KeyFigure, LoanClass, Page, RuleLine, Side, StepLine, Subject, Tab,
    Table, TableRow, Tone, Ui,
};

use crate::sample::{TODAY, frame};

/// The page, with or without the open drawer.
pub fn page(lang: Lang, open: bool) -> Result<String, askama::Error> {
    let frame = frame(lang);
    let ui = &frame.ui;
    let mut page = Page::new("JJ-2026-00418", "ledger").rail().head(ui.subject(head(ui)));
    if open {
        page = page.drawer(derivation(ui));
    }
    let mut body = Html::new();
    body.raw("<section class=\"panel\">").push(&ui.table(schedule(ui, open))).raw("</section>");
    body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>最近交易</h2></header>");
    body.push(&ui.table(transactions(ui))).raw("</section>");
    Ok(frame.render_html(&page, &body)?.0)
}

fn head(ui: &Ui) -> Subject {
    let figure = |label: &str, fen: i64, why: bool| KeyFigure {
        label: label.into(),
        value: ui.money(fen),
        why: why.then(|| "/why/1".to_owned()),
        ..KeyFigure::default()
    };
    let tab =
        |text: &str, count, active| Tab { text: text.into(), href: "/zh/loan".into(), count, active, shared: false };
    let mut badges = ui.class_badge(LoanClass::SpecialMention);
    badges.push(&ui.bucket(39_i64));
    Subject {
        belongs_to: Html::of_text("梁文博 999***********3317"),
        name: "JJ-2026-00418".into(),
        badges,
        note: "经营贷 · 等额本息 12 期 · 年化 12.00%（单利）".into(),
        clocks: Some(Clocks { path: "/zh/loan".into(), as_of: TODAY, known_at: String::new() }),
        figures: vec![
            figure("贷款本金", 30_000_000, false),
            figure("本金余额", 14_612_150, false),
            figure("逾期本金", 4_211_606, false),
            figure("逾期利息", 129_366, false),
            figure("未收罚息", 36_114, true),
            KeyFigure { overdue: true, ..figure("逾期合计", 4_377_086, true) },
        ],
        tabs: vec![
            tab("还款计划", None, true),
            tab("交易", Some(8), false),
            tab("合同与担保", None, false),
            tab("分类历史", Some(3), false),
            tab("凭证", Some(17), false),
            tab("函件", Some(2), false),
        ],
        ..Subject::default()
    }
}

/// Period, due date, shifted date, principal, interest, penalty, paid.
type Line = (u32, Date, &'static str, i64, i64, Option<i64>, Option<i64>);

const LINES: [Line; 12] = [
    (1, date(2026, 4, 12), "04-13 顺延", 2_365_464, 300_000, None, Some(2_665_464)),
    (2, date(2026, 5, 12), "", 2_389_119, 276_345, None, Some(2_665_464)),
    (3, date(2026, 6, 12), "", 2_413_010, 252_454, None, Some(2_665_464)),
    (4, date(2026, 7, 12), "07-13 顺延", 2_437_140, 228_324, None, Some(2_665_464)),
    (5, date(2026, 8, 12), "", 2_461_511, 203_953, None, Some(2_665_464)),
    (6, date(2026, 9, 12), "09-14 顺延", 2_486_126, 179_338, None, Some(2_665_464)),
    (7, date(2026, 10, 12), "", 2_510_988, 154_476, Some(36_014), Some(1_000_000)),
    (8, date(2026, 11, 12), "", 2_536_098, 129_366, Some(10_144), None),
    (9, date(2026, 12, 12), "", 2_561_459, 104_005, None, None),
    (10, date(2027, 1, 12), "", 2_587_073, 78_391, None, None),
    (11, date(2027, 2, 12), "", 2_612_944, 52_520, None, None),
    (12, date(2027, 3, 12), "", 2_639_068, 26_391, None, None),
];

fn schedule(ui: &Ui, open: bool) -> Table {
    let heads = ["期", "到期日", "应还本金", "应还利息", "应收罚息", "应还合计", "已还", "未还", "状态"];
    let side = |head: &str| if matches!(head, "期" | "到期日" | "状态") { Side::Left } else { Side::Right };
    let mut table = Table::new("还款计划", heads.map(|head| (head.to_owned(), side(head))));
    let mut sums = [0_i64; 6];
    for (period, due_on, shifted, principal, interest, penalty, paid) in LINES {
        let due = principal + interest + penalty.unwrap_or(0);
        let open_fen = due - paid.unwrap_or(0);
        for (sum, fen) in
            sums.iter_mut().zip([principal, interest, penalty.unwrap_or(0), due, paid.unwrap_or(0), open_fen])
        {
            *sum += fen;
        }
        let mut on = ui.date(due_on);
        on.raw(" <span class=\"note\">").text(shifted).raw("</span>");
        let mut fine = ui.money_or_dash(penalty);
        fine.push(&if penalty.is_some() { ui.why("/why/1") } else { ui.no_why() });
        let cells = vec![
            Html::of_text(period.to_string()),
            on,
            ui.money(principal),
            ui.money(interest),
            fine,
            ui.money(due),
            ui.money_or_dash(paid),
            ui.money(open_fen),
            state(ui, due_on, open_fen),
        ];
        table.rows.push(TableRow { cells, href: None, lit: open && period == 7 });
    }
    let mut total = vec![Html::new(), Html::of_text("合计 12 期")];
    total.extend(sums.iter().map(|fen| ui.money(*fen)));
    if let Some(fine) = total.get_mut(4) {
        fine.push(&ui.no_why());
    }
    total.push(Html::new());
    table.total(total);
    table
}

fn state(ui: &Ui, due_on: Date, open: i64) -> Html {
    if open == 0 {
        return ui.badge(Tone::Ok, Icon::CircleCheck, "已结清");
    }
    let days = (TODAY - due_on).get_days();
    if days > 0 {
        return ui.badge(Tone::Sub, Icon::AlertTriangle, format!("逾期 {days} 天"));
    }
    ui.badge(Tone::Neutral, Icon::CalendarEvent, "未到期")
}

fn transactions(ui: &Ui) -> Table {
    let heads = [
        ("生效日", Side::Left),
        ("类型", Side::Left),
        ("流水号", Side::Left),
        ("金额", Side::Right),
        ("冲抵", Side::Left),
    ];
    let mut table = Table::new("最近交易", heads.map(|(head, side)| (head.to_owned(), side)));
    let rows = [
        (date(2026, 10, 20), "TX-118204", 1_000_000_i64, "罚息 100.44 · 利息 1,544.76 · 本金 8,354.80"),
        (date(2026, 9, 14), "TX-117091", 2_665_464, "利息 1,793.38 · 本金 24,861.26"),
        (date(2026, 8, 12), "TX-116377", 2_665_464, "利息 2,039.53 · 本金 24,615.11"),
    ];
    for (on, no, fen, split) in rows {
        table.row([ui.date(on), Html::of_text("还款"), Html::of_text(no), ui.money(fen), Html::of_text(split)]);
    }
    table
}

/// Why 360.14.
pub fn derivation(ui: &Ui) -> Html {
    let fact = |text: &str, value: &str, href: Option<&str>| FactLine {
        text: text.into(),
        value: value.into(),
        href: href.map(str::to_owned),
    };
    let rule = |text: &str, value: &str, id: &str, article: &str| RuleLine {
        text: text.into(),
        value: value.into(),
        id: id.into(),
        articles: vec![("/zh/parts".into(), article.into())],
    };
    let step = |text: &str, product: &str, value: &str| StepLine {
        text: text.into(),
        product: product.into(),
        value: value.into(),
    };
    ui.derivation(Derivation {
        title: "为什么：第 7 期应收罚息".into(),
        subtitle: "JJ-2026-00418 · 业务日 11-20 · 所知至 16:42".into(),
        figure: ui.money(36_014_i64),
        figure_note: "元　已收 100.44，未收 259.70".into(),
        facts: vec![
            fact("第 7 期应还本金，2026-10-12 到期", "25,109.88", None),
            fact("2026-10-20 收款 中冲抵本金", "8,354.80", Some("/zh/loan")),
            fact("逾期本金余额（1 − 2），自 2026-10-20 起", "16,755.08", None),
        ],
        rules: vec![
            rule("罚息利率 = 合同年利率 12.00% × (1 + 50%)", "18.00%", "interest.penalty.rate", "借款合同 第 6.2 条"),
            rule("日利率 = 年利率 ÷ 360，算头不算尾", "0.0500%", "interest.daycount.act360", "借款合同 第 5.3 条"),
            rule("基数只计逾期本金，不计复利", "", "interest.penalty.base", "借款合同 第 6.3 条"),
        ],
        missed: Vec::new(),
        steps: vec![
            step("10-12 → 10-20，8 天", "25,109.88 × 0.0500% × 8　= 100.43952", "100.44"),
            step("10-20 → 11-20，31 天", "16,755.08 × 0.0500% × 31　= 259.70374", "259.70"),
        ],
        result: Some(("每段四舍五入到分后相加（a + b）".into(), "360.14".into())),
        ceiling: Some((
            Tone::Ok,
            "未越上限　年化 12.00% + 罚息折算后 18.00% ≤ 24.00%".into(),
            vec![(String::new(), "law-cn 利率上限（小贷）".into())],
        )),
        pack: "策略包 小贷-江苏 v14，2026-07-01 生效 · 指纹 8f3c…21a7".into(),
        print: Some("/print".into()),
    })
}
