//! 客户 360: the sticky head, what is owed, what to do, what happened.

use askama::Template;
use platform::locale::Lang;
use platform::page::{Button, Html, Icon, KeyFigure, LoanClass, Look, Page, Side, Subject, Tab, Table, Tone, Ui};

use crate::sample::frame;

#[derive(Template)]
#[template(path = "gallery/customer.html")]
struct Customer<'a> {
    ui: &'a Ui,
    loans: Table,
    events: Vec<(Tone, Icon, &'static str, &'static str, &'static str, &'static str)>,
}

/// The page.
pub fn page(lang: Lang) -> Result<String, askama::Error> {
    let frame = frame(lang);
    let ui = &frame.ui;
    let page = Page::new("梁文博", "customer").head(ui.subject(head(ui)));
    Ok(frame.render(&page, &Customer { ui, loans: loans(ui), events: events() })?.0)
}

fn head(ui: &Ui) -> Subject {
    let why = || Some("/why/1".to_owned());
    let figure = |label: &str, value: Html| KeyFigure { label: label.into(), value, ..KeyFigure::default() };
    let tab = |text: &str, count, active| Tab {
        text: text.into(),
        href: "/zh/customer".into(),
        count,
        active,
        shared: false,
    };
    Subject {
        monogram: true,
        name: "梁文博".into(),
        masked: "999***********3317".into(),
        reveal: Some("/reveal".into()),
        flags: Html::join([
            ui.badge(Tone::Sub, Icon::AlertTriangle, "失约 1 次"),
            ui.badge(Tone::Watch, Icon::Flag, "重点关注"),
            ui.badge(Tone::Info, Icon::BuildingStore, "经营户"),
            ui.badge(Tone::Neutral, Icon::Hash, "KH-000932"),
        ]),
        actions: ui.buttons([
            Button::link(Look::Secondary, "登记还款", "/repay").icon(Icon::Cash),
            Button::link(Look::Secondary, "联系", "/contact").icon(Icon::Phone),
            Button::link(Look::Primary, "发起检查", "/inspect").icon(Icon::ClipboardCheck),
        ]),
        figures: vec![
            KeyFigure { why: why(), ..figure("五级分类", ui.class_badge(LoanClass::SpecialMention)) },
            KeyFigure { why: why(), note: Html::of_text("68 分"), ..figure("信用等级", Html::of_text("一般")) },
            KeyFigure { why: why(), ..figure("逾期", ui.bucket(39_i64)) },
            figure("贷款余额（元）", ui.money(64_612_150_i64)),
            KeyFigure { why: why(), overdue: true, ..figure("其中逾期本息罚", ui.money(4_377_086_i64)) },
            KeyFigure {
                note: ui.money(50_450_000_i64), ..figure("下次应还", ui.date(jiff::civil::date(2026, 12, 5)))
            },
        ],
        tabs: vec![
            tab("概览", None, true),
            tab("资料", None, false),
            tab("授信", Some(1), false),
            tab("贷款", Some(2), false),
            tab("担保押品", Some(2), false),
            tab("检查", Some(7), false),
            tab("预警", Some(1), false),
            tab("催收", Some(9), false),
            tab("往来", Some(23), false),
            tab("档案", Some(31), false),
            tab("时间线", None, false),
        ],
        ..Subject::default()
    }
}

fn loans(ui: &Ui) -> Table {
    let left = ["借据号", "产品", "担保"].map(|head| (head.to_owned(), Side::Left));
    let right = ["本金", "余额", "年化 %", "到期日"].map(|head| (head.to_owned(), Side::Right));
    let state = ["账龄", "分类"].map(|head| (head.to_owned(), Side::Left));
    let mut table = Table::new("贷款", left.into_iter().chain(right).chain(state));
    let link = |no: &str| {
        let mut out = Html::new();
        out.raw("<a").href("/zh/loan").raw(">").text(no).raw("</a>");
        out
    };
    table.row([
        link("JJ-2026-00418"),
        Html::of_text("经营贷 · 等额本息"),
        Html::of_text("保证"),
        ui.money(30_000_000_i64),
        ui.money(14_612_150_i64),
        ui.rate(120_000_000_i64),
        ui.date(jiff::civil::date(2027, 3, 12)),
        ui.bucket(39_i64),
        ui.class_badge(LoanClass::SpecialMention),
    ]);
    table.row([
        link("JJ-2025-00297"),
        Html::of_text("抵押贷 · 先息后本"),
        Html::of_text("抵押"),
        ui.money(50_000_000_i64),
        ui.money(50_000_000_i64),
        ui.rate(108_000_000_i64),
        ui.date(jiff::civil::date(2026, 12, 5)),
        ui.bucket(0_i64),
        ui.class_badge(LoanClass::Pass),
    ]);
    let none = Html::new;
    let (principal, balance) = (ui.money(80_000_000_i64), ui.money(64_612_150_i64));
    table.total([Html::of_text("合计"), none(), none(), principal, balance, none(), none(), none(), none()]);
    table
}

fn events() -> Vec<(Tone, Icon, &'static str, &'static str, &'static str, &'static str)> {
    vec![
        (Tone::Sub, Icon::BellExclamation, "预警", "橙", "11-20", "逾期 31–60 天，须追加担保"),
        (Tone::Accent, Icon::Phone, "催收", "接通 4 分 12 秒", "11-18", "承诺 11-20 还 30,000.00"),
        (Tone::Accent, Icon::ClipboardCheck, "检查", "现场检查", "11-17", "开工 6/9 台，存货上升"),
        (Tone::Sub, Icon::AlertTriangle, "欠款", "第 8 期未还", "11-12", "26,654.64 到期未还"),
        (Tone::Ok, Icon::Cash, "还款", "利息 4,500.00", "11-05", "JJ-2025-00297 第 11 期"),
        (Tone::Doubt, Icon::X, "失约", "承诺 11-01 还 16,000.00", "11-02", "未到账"),
        (Tone::Ok, Icon::Cash, "还款", "部分还款 10,000.00", "10-20", "JJ-2026-00418 第 7 期"),
    ]
}
