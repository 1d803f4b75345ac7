//! 元件与状态: every component and state in one picture.

use askama::Template;
use platform::locale::Lang;
use platform::page::{
    Button, DutyRow, Empty, Field, FieldError, Guard, Html, Icon, Input, LoanClass, Look, Page, Refusal, Side,
    StampLook, Table, Tone, Ui,
};

use crate::sample::{TODAY, demo_banner, frame};

#[derive(Template)]
#[template(path = "gallery/parts.html")]
struct Parts<'a> {
    ui: &'a Ui,
    guard: Guard,
    wrong: Vec<Field>,
    refusal: Refusal,
    empty: Empty,
    totals: Table,
    duty: Vec<DutyRow>,
}

/// The page.
pub fn page(lang: Lang) -> Result<String, askama::Error> {
    let mut frame = frame(lang);
    frame.banner = Some(demo_banner(lang));
    let page = Page::new("元件与状态", "parts").subtitle("墨 · 纸 · 一色靛；风险用字 + 形 + 色三样同说");
    let ui = &frame.ui;
    let error = FieldError {
        text: "比应还合计 43,770.86 多 6,229.14 元。改小，或选“多余部分提前还本”。".into(),
        article: Some(("/zh/parts".into(), "借款合同 第 5.6 条".into())),
    };
    let body = Parts {
        ui,
        guard: Guard { csrf: "sample".into(), once: "sample".into() },
        wrong: vec![
            Field::new("amount", "还款金额（元）", Input::Money).value("50,000.00").required().error(Some(error)),
        ],
        refusal: refusal(),
        empty: nothing(),
        totals: totals(ui),
        duty: vec![DutyRow {
            due_on: TODAY,
            what: "首次检查（15 日内）".into(),
            whom: ("顾春燕".into(), "/zh/customer".into()),
            number: "JJ-2026-01132".into(),
            balance: Some(18_000_000),
            article: ("/zh/parts".into(), "贷后管理细则 第十三条".into()),
            verb: ("开始检查".into(), "/zh/loan".into()),
        }],
    };
    Ok(frame.render(&page, &body)?.0)
}

/// A page with nothing on it.
pub fn empty(lang: Lang) -> Result<String, askama::Error> {
    let frame = frame(lang);
    let mut body = Html::new();
    body.raw("<section class=\"panel\">").push(&frame.ui.empty(nothing())).raw("</section>");
    Ok(frame.render_html(&Page::new("预警", "warnings"), &body)?.0)
}

fn nothing() -> Empty {
    Empty {
        icon: Some(Icon::BellCheck),
        title: "今天没有预警".into(),
        text: "指标越线、逾期、涉诉时，这里出现一条，写明规则与期限。".into(),
        step: Some(Button::link(Look::Small, "看预警规则", "/zh/parts").icon(Icon::Scale)),
    }
}

fn refusal() -> Refusal {
    Refusal {
        title: "未放款：审查人与调查人是同一人".into(),
        way_out: Html::of_text("请换一位审查人（周敏、沈启明可选），再提交。"),
        rule: Some("segregation.investigate_review".into()),
        articles: vec![("/zh/parts".into(), "信贷操作流程 第六条".into())],
        recorded_at: "16:42".into(),
    }
}

fn totals(ui: &Ui) -> Table {
    let mut table = Table::new("逾期合计", [("项目".into(), Side::Left), ("金额（元）".into(), Side::Right)]);
    for (name, fen) in [("逾期本金", 4_211_606_i64), ("逾期利息", 129_366), ("罚息", 36_114)] {
        table.row([Html::of_text(name), ui.money(fen)]);
    }
    table.total([Html::of_text("合计 3 项"), ui.money(4_377_086_i64)]);
    table
}
