//! 待办: five counts, duties late first, promises, warnings, the month.

use askama::Template;
use jiff::civil::date;
use platform::locale::Lang;
use platform::page::{Button, DutyRow, Icon, Look, Page, Tile, Tone, Ui};

use crate::sample::{frame, say};

#[derive(Template)]
#[template(path = "gallery/home.html")]
struct Home<'a> {
    ui: &'a Ui,
    tiles: Vec<Tile>,
    duties: Vec<DutyRow>,
    promises: Vec<Promise>,
    warnings: Vec<Warning>,
    month: Vec<MonthFigure>,
}

/// A promise of today.
struct Promise {
    time: &'static str,
    name: String,
    fen: i64,
    tone: Tone,
    icon: Icon,
    word: String,
}

/// An open warning.
struct Warning {
    tone: Tone,
    icon: Icon,
    level: String,
    text: String,
    name: String,
    left: String,
}

/// A figure of the month with its target.
struct MonthFigure {
    label: String,
    figure: &'static str,
    unit: &'static str,
    permille: u32,
    target: u32,
    note: String,
}

impl Home<'_> {
    fn say(&self, chinese: &str, english: &str) -> String {
        say(self.ui.lang(), chinese, english)
    }
}

/// The page.
pub fn page(lang: Lang) -> Result<String, askama::Error> {
    let frame = frame(lang);
    let say = |chinese, english| say(lang, chinese, english);
    let actions = frame.ui.buttons([
        Button::link(Look::Secondary, say("工作日志", "Work log"), "/log").icon(Icon::Notebook),
        Button::link(Look::Secondary, say("登记还款", "Record repayment"), "/repay").icon(Icon::Cash).key("R"),
        Button::link(Look::Primary, say("新进件", "New application"), "/new").icon(Icon::Plus),
    ]);
    let subtitle = say("林静怡 · 128 笔在贷 · 3,412.60 万元", "Lin Jingyi · 128 loans · CNY 34.13 m");
    let page = Page::new(say("待办", "My day"), "home").subtitle(subtitle).actions(actions);
    let body = Home {
        ui: &frame.ui,
        tiles: tiles(lang),
        duties: duties(lang),
        promises: promises(lang),
        warnings: warnings(lang),
        month: month(lang),
    };
    Ok(frame.render(&page, &body)?.0)
}

fn tiles(lang: Lang) -> Vec<Tile> {
    let tile = |icon, zh: &str, en: &str, figure: &str, tone, note_zh: &str, note_en: &str| Tile {
        icon: Some(icon),
        label: say(lang, zh, en),
        figure: figure.into(),
        note: Some((tone, say(lang, note_zh, note_en))),
        href: Some("/zh/ledger".into()),
        ..Tile::default()
    };
    vec![
        tile(Icon::WritingSign, "待我审批", "For my approval", "3", Tone::Sub, "1 件被退回", "1 returned to me"),
        tile(Icon::Checklist, "今日到期任务", "Duties due today", "6", Tone::Doubt, "另有 2 项已迟", "plus 2 late"),
        tile(
            Icon::BellExclamation,
            "未处置预警",
            "Open warnings",
            "4",
            Tone::Sub,
            "红 1 · 橙 1 · 黄 2",
            "red 1 · orange 1 · yellow 2",
        ),
        tile(Icon::CalendarDollar, "今日承诺还款", "Promises today", "5", Tone::Neutral, "83,200.00 元", "¥ 83,200.00"),
        tile(Icon::Clock, "七日内到期", "Falling due in 7 days", "12", Tone::Neutral, "286,415.30 元", "¥ 286,415.30"),
    ]
}

/// Day, duty, customer, loan, balance, article, verb; texts in both languages.
type Duty = (i8, [&'static str; 2], [&'static str; 2], &'static str, i64, [&'static str; 2], [&'static str; 2]);

const DUTIES: [Duty; 10] = [
    (
        15,
        ["到期前 20 日回收走访", "Recovery visit, 20 d to maturity"],
        ["梁文博", "Liang Wenbo"],
        "JJ-2025-00297",
        50_000_000,
        ["贷后管理细则 第二十一条", "Post-loan 21"],
        ["登记走访", "Log visit"],
    ),
    (
        19,
        ["检查表（2 个工作日内）", "Inspection sheet (2 working days)"],
        ["博远五金", "Boyuan"],
        "JJ-2026-00418",
        14_612_150,
        ["贷后管理细则 第十六条", "Post-loan 16"],
        ["填检查表", "Fill sheet"],
    ),
    (
        20,
        ["首次检查（15 日内）", "First inspection (15 days)"],
        ["顾春燕", "Gu Chunyan"],
        "JJ-2026-01132",
        18_000_000,
        ["贷后管理细则 第十三条", "Post-loan 13"],
        ["开始检查", "Inspect"],
    ),
    (
        20,
        ["逾期 3 个工作日内提醒", "Overdue reminder (3 working days)"],
        ["许国栋", "Xu Guodong"],
        "JJ-2026-00655",
        9_640_000,
        ["逾期管理办法 第九条", "Overdue 9"],
        ["提醒", "Remind"],
    ),
    (
        20,
        ["本周第 2 次催收联系", "2nd contact this week (31–60 d)"],
        ["梁文博", "Liang Wenbo"],
        "JJ-2026-00418",
        14_612_150,
        ["逾期管理办法 第十三条", "Overdue 13"],
        ["联系", "Contact"],
    ),
    (
        20,
        ["每月电话回访", "Monthly phone call"],
        ["蒋丽华", "Jiang Lihua"],
        "JJ-2025-00764",
        6_520_833,
        ["客户管理制度 第十四条", "Customer 14"],
        ["回访", "Call"],
    ),
    (
        20,
        ["季度现场检查", "Quarterly on-site inspection"],
        ["锦程包装", "Jincheng"],
        "JJ-2026-00207",
        82_000_000,
        ["贷后管理细则 第十四条", "Post-loan 14"],
        ["开始检查", "Inspect"],
    ),
    (
        20,
        ["工作日志（2 个工作日内）", "Work log (2 working days)"],
        ["宋建平", "Song Jianping"],
        "JJ-2026-00531",
        21_276_050,
        ["贷后管理细则 第十八条", "Post-loan 18"],
        ["写日志", "Write log"],
    ),
    (
        21,
        ["展期申请（到期前 15 日）", "Extension request (15 days)"],
        ["源野食品", "Yuanye"],
        "JJ-2025-00318",
        120_000_000,
        ["贷后管理细则 第二十二条", "Post-loan 22"],
        ["申请", "Apply"],
    ),
    (
        23,
        ["保证人代偿能力复核", "Guarantor capacity review"],
        ["马国强", "Ma Guoqiang"],
        "JJ-2026-00418",
        14_612_150,
        ["担保管理办法 第八条", "Guarantee 8"],
        ["复核", "Review"],
    ),
];

fn duties(lang: Lang) -> Vec<DutyRow> {
    let say = |words: [&str; 2]| say(lang, words[0], words[1]);
    let row = |(day, what, whom, number, fen, article, verb): Duty| DutyRow {
        due_on: date(2026, 11, day),
        what: say(what),
        whom: (say(whom), "/zh/customer".into()),
        number: number.into(),
        balance: Some(fen),
        article: ("/zh/parts".into(), say(article)),
        verb: (say(verb), "/zh/loan".into()),
    };
    DUTIES.into_iter().map(row).collect()
}

fn promises(lang: Lang) -> Vec<Promise> {
    let promise = |time, zh: &str, en: &str, fen, tone, icon, word: (&str, &str)| Promise {
        time,
        name: say(lang, zh, en),
        fen,
        tone,
        icon,
        word: say(lang, word.0, word.1),
    };
    let open = ("未到账", "Not yet");
    vec![
        promise("09:30", "宋建平", "Song Jianping", 1_200_000, Tone::Ok, Icon::CircleCheck, ("已到账", "Received")),
        promise("12:00", "许国栋", "Xu Guodong", 920_000, Tone::Watch, Icon::Clock, open),
        promise("15:00", "唐海燕", "Tang Haiyan", 2_000_000, Tone::Watch, Icon::Clock, open),
        promise(
            "18:00",
            "梁文博",
            "Liang Wenbo",
            3_000_000,
            Tone::Sub,
            Icon::AlertTriangle,
            ("曾失约 1 次", "Broke 1 before"),
        ),
        promise("18:00", "蒋丽华", "Jiang Lihua", 1_200_000, Tone::Watch, Icon::Clock, open),
    ]
}

fn warnings(lang: Lang) -> Vec<Warning> {
    let warning =
        |tone, icon, level: (&str, &str), text: (&str, &str), name: (&str, &str), left: (&str, &str)| Warning {
            tone,
            icon,
            level: say(lang, level.0, level.1),
            text: say(lang, text.0, text.1),
            name: say(lang, name.0, name.1),
            left: say(lang, left.0, left.1),
        };
    vec![
        warning(
            Tone::Doubt,
            Icon::AlertCircle,
            ("红", "Red"),
            ("涉诉：被列为被执行人", "Litigation: listed as enforced"),
            ("杭州源野食品", "Yuanye Foods"),
            ("今日须处置", "Act today"),
        ),
        warning(
            Tone::Sub,
            Icon::AlertTriangle,
            ("橙", "Orange"),
            ("逾期 31–60 天，须追加担保", "31–60 d overdue: more security"),
            ("梁文博", "Liang Wenbo"),
            ("还剩 2 天", "2 d left"),
        ),
        warning(
            Tone::Watch,
            Icon::AlertCircle,
            ("黄", "Yellow"),
            ("用电量环比 −38%", "Power use −38% on month"),
            ("无锡锦程包装", "Jincheng Packaging"),
            ("还剩 4 天", "4 d left"),
        ),
        warning(
            Tone::Watch,
            Icon::AlertCircle,
            ("黄", "Yellow"),
            ("保证人征信新增查询 5 次", "Guarantor: 5 new bureau queries"),
            ("宋建平", "Song Jianping"),
            ("还剩 5 天", "5 d left"),
        ),
    ]
}

fn month(lang: Lang) -> Vec<MonthFigure> {
    let figure = |zh: &str, en: &str, figure, unit, permille, target, note: (&str, &str)| MonthFigure {
        label: say(lang, zh, en),
        figure,
        unit,
        permille,
        target,
        note: say(lang, note.0, note.1),
    };
    vec![
        figure(
            "本月收回率",
            "Recovery rate, month",
            "84.44",
            "%",
            844,
            900,
            ("收 241.85 / 应收 286.40 万元", "CNY 2.42 m of 2.86 m"),
        ),
        figure(
            "逾期率",
            "Overdue rate",
            "5.46",
            "%",
            546,
            500,
            ("逾期 186.20 / 在贷 3,412.60 万元", "CNY 1.86 m of 34.13 m"),
        ),
        figure(
            "检查完成",
            "Inspections done",
            "27",
            "/ 31",
            871,
            1000,
            ("87.10% · 月底前还 4 户", "87.10% · 4 left this month"),
        ),
        figure("月度回访", "Monthly contacts", "64", "/ 82", 781, 1000, ("78.05% · 迟 0 户", "78.05% · none late")),
    ]
}
